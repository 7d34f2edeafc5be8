"""Which column holds which field."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from newskit.reading.columns import guess_columns
from tests.reading import layouts
from tests.reading.layouts import BODIES, TITLES
from tests.reading.scans import scan


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (
            ["title", "maintext", "date_publish", "source_domain", "url", "authors"],
            {"text": "maintext", "outlet": "source_domain"},
        ),
        (["webTitle", "fields.bodyText", "webPublicationDate", "id"], {"text": "fields.bodyText", "title": "webTitle"}),
        (["Text", "text_id", "Newspaper"], {"text": "Text", "outlet": "Newspaper"}),
        (["Full Text", "Headline", "Byline"], {"text": "Full Text", "title": "Headline", "author": "Byline"}),
        (["article", "content", "source.name", "publishedAt"], {"text": "content", "outlet": "source.name"}),
    ],
)
def test_columns_are_guessed(names: list[str], expected: dict[str, str]) -> None:
    assert expected.items() <= guess_columns(names, []).items()


def test_the_text_is_known_by_its_length_where_no_name_tells(tmp_path: Path) -> None:
    frame = pd.DataFrame({"nr": [1, 2, 3], "Inhalt": BODIES, "Titel": TITLES})
    frame.to_csv(tmp_path / "rows.csv", index=False)
    assert [a.text for a in scan(tmp_path / "rows.csv")[0]] == list(BODIES)


def test_columns_can_be_named_or_left_out(tmp_path: Path) -> None:
    pd.DataFrame(layouts.rows()).to_csv(tmp_path / "rows.csv", index=False)
    articles, _, _ = scan(tmp_path / "rows.csv", columns={"text": "headline", "outlet": None, "article_id": None})
    assert [a.text for a in articles] == list(TITLES)
    assert {a.outlet for a in articles} == {None}
    assert [a.article_id for a in articles] == ["rows#1", "rows#2", "rows#3"]
