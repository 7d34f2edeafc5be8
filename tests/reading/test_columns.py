"""Which column holds which field."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from newskit.reading.article import Article, Refused
from newskit.reading.columns import article_of, guess_columns, present
from newskit.reading.formats.dates import DateReader
from newskit.reading.report import FileNote
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


@pytest.mark.parametrize(
    ("names", "row", "expected"),
    [
        (["text", "body"], {"text": "Nr17", "body": BODIES[0]}, {"text": "body"}),
        (["text", "body"], {"text": 17, "body": BODIES[0]}, {"text": "body"}),
        (["id", "text"], {"id": 0.5, "text": BODIES[0]}, {"text": "text"}),
        (["id", "text"], {"id": 7.0, "text": BODIES[0]}, {"article_id": "id", "text": "text"}),
        (["time", "date", "text"], {"time": 4, "date": "n/a", "text": BODIES[0]}, {"text": "text"}),
        (
            ["title", "head", "text"],
            {"title": 3, "head": "Talks", "text": BODIES[0]},
            {"title": "head", "text": "text"},
        ),
    ],
)
def test_a_column_whose_values_do_not_fit_is_not_taken(
    names: list[str], row: dict[str, object], expected: dict[str, str]
) -> None:
    assert guess_columns(names, [row]) == expected


def test_one_date_among_the_values_makes_a_column_of_dates() -> None:
    rows = [{"date": date, "text": BODIES[0]} for date in ("n/a", "2024-03-04")]
    assert guess_columns(["date", "text"], rows)["published"] == "date"


def article(values: dict[str, Any], **fields: str) -> tuple[Article | Refused, FileNote]:
    note = FileNote("a.csv")
    mapping = {name: name for name in values} | fields
    return article_of(values, mapping, "a#1", DateReader(), note, "row 1"), note


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "the text is missing"),
        (" \n", "the text is empty"),
        (17, r"the text is not a string \(got int\)"),
        ("x" * 1_000_001, "has 1,000,001 characters, more than the 1,000,000"),
        ("Talks\0", "NUL bytes"),
    ],
)
def test_why_a_row_is_not_an_article(text: object, reason: str) -> None:
    item, note = article({"text": text})
    assert isinstance(item, Refused)
    assert re.search(reason, item.reason)
    assert (item.article_id, item.path, item.place) == ("a#1", "a.csv", "row 1")
    assert note.empty == (text is None or text == " \n")


def test_values_as_people_write_them() -> None:
    item, note = article(
        {
            **{"article_id": 7.0, "text": BODIES[0], "language": "Deutsch", "published": "yesterday"},
            "author": [{"name": "Ada"}, "Jon", None],
        }
    )
    assert isinstance(item, Article)
    assert (item.article_id, item.language, item.author, item.published) == ("7", "de", "Ada; Jon", None)
    assert note.date == "unparsed"
    for value, code in (("en-GB", "en"), ("English (UK)", "en"), ("Klingon", None), ("", None)):
        item, _ = article({"text": BODIES[0], "language": value})
        assert isinstance(item, Article)
        assert item.language == code
    assert present({"a": float("nan"), "b": None, "c": pd.NaT, "d": 0}) == {"d": 0}


@pytest.mark.parametrize(
    ("text", "is_cut"),
    [
        (BODIES[0], False),
        ("The talks [+1200 chars]", True),
        ("The talks went on …", True),
        ("The talks. Continue reading", True),
        ("x" * 32_766 + ".", True),
        ("The talks ended. " + "and " * 30 + "the", True),
        ("The talks ended. " + "and " * 30 + "so.", False),
        ("The talks ended and nobody", False),
    ],
)
def test_an_article_that_ends_early(text: str, is_cut: bool) -> None:
    assert article({"text": text})[1].cut is is_cut


@pytest.mark.parametrize(("stated", "is_cut"), [(100, False), (128, False), (130, True), (None, False)])
def test_an_article_with_fewer_words_than_its_export_states(stated: int | None, is_cut: bool) -> None:
    note = FileNote("a.txt")
    values = {"body": "word " * 79 + "end.", "_words": stated}
    article_of(values, {"title": "title"}, "a#1", DateReader(), note, "document 1")
    assert note.cut is is_cut
