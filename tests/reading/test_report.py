"""The report says what was found, and what was not read and why."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import newskit as nk
from tests.reading import layouts


def test_read_articles_and_report_by_name(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text("\n".join([*map(json.dumps, layouts.rows()), '{"id": "cut", "te']))
    with pytest.warns(UserWarning, match=r"1 of 4 could not be read.*line 4"):
        articles = nk.read_articles(tmp_path / "rows.jsonl")
    assert [a.article_id for a in articles] == ["t0", "t1", "t2"]
    report = nk.import_report(tmp_path / "rows.jsonl")
    assert report.stories["placements"].sum() == 3
    assert "4 articles found in 1 file = 3 read + 1 refused" in str(report)
    columns = report.columns.set_index("column")["field"]
    assert columns["headline"] == "title"
    assert pd.isna(columns["words"])
