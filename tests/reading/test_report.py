"""The report says what was found, and what was not read and why."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import newskit as nk
from newskit.reading.article import Refused
from newskit.schema import RESULTS
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


def test_every_count_of_a_file() -> None:
    report = nk.ImportReport()
    note = report.begin("a.csv")
    for text, date, cut in (
        ("The talks in Geneva went on.", "parsed", False),
        ("The TALKS in Geneva  went on.", "missing", True),
        ("The talks in Zoâ€™s house", "unparsed", False),
        ("The talks in Zo\ufffds house", "", False),
        ("The talks ended at noon.", "unparsed", False),
        ("The talks began again.", "unparsed", False),
    ):
        note.date, note.cut = date, cut
        report.add(note, nk.Article("a", text, language="en"))
    report.add(note, Refused("b", "the text is empty", path="a.csv", place="row 5"))
    report.begin("photo.jpg").remark("skipped")
    row = report.files.iloc[0]
    counts = {"found": 7, "read": 6, "refused": 1, "dates_parsed": 1, "dates_missing": 2, "dates_unparsed": 3}
    counts |= {"truncated": 1, "garbled": 2, "duplicates": 1}
    assert {name: row[name] for name in counts} == counts
    assert report.totals() == {name: int(report.files[name].sum()) for name in report.totals()}
    assert str(report).splitlines() == [
        "7 articles found in 1 file = 6 read + 1 refused",
        "dates: 1 read, 2 missing, 3 not understood",
        "languages: en 6",
        "1 cut short; 2 with signs of a wrong encoding; 1 with the same words as an earlier one",
        "  a.csv (no format): 6 of 7 read",
        "  photo.jpg (no format): 0 of 0 read; skipped",
        "  refused, 1: the text is empty (a.csv, row 5)",
    ]
    assert "<td>row 5</td>" in report._repr_html_()
    assert "renumbered" not in report._repr_html_()


def test_boilerplate_and_letters_are_counted() -> None:
    report = nk.ImportReport()
    note = report.begin("a.csv")
    report.add(note, nk.Article("a", "Talks went on.\nREAD MORE: Rot leaves\nAdvertisement", language="en"))
    report.add(note, nk.Article("b", "THE TALKS WENT ON. NOBODY LEFT.", language="en"))
    assert [report.totals()[name] for name in ("boilerplate", "odd_case")] == [2, 1]
    assert "1 in capitals or in small letters" in str(report)
    assert "2 paragraphs that are boilerplate, which annotate leaves out" in str(report)


def test_the_tables_have_their_columns_even_when_empty() -> None:
    report = nk.ImportReport(stories=True)
    for name in ("files", "refused", "columns", "stories"):
        table = getattr(report, name)
        expected = RESULTS[f"ImportReport.{name}"]
        assert list(table.columns) == [column.name for column in expected]
        assert [str(dtype) for dtype in table.dtypes] == [column.dtype for column in expected]
        doc = getattr(nk.ImportReport, name).__doc__
        assert all(f"`{column.name}` ({column.dtype}): {column.meaning}" in doc for column in expected)


def test_reasons_that_differ_in_numbers_alone_are_told_once() -> None:
    report = nk.ImportReport()
    note = report.begin("a.csv")
    for n in range(30):
        report.add(note, Refused(str(n), f"it has {n} of 40 columns", path="a.csv", place=f"row {n}"))
    for n in range(25):
        report.begin(f"{n}.csv")
    lines = str(report).splitlines()
    assert lines[-1] == "  refused, 30: it has 0 of 40 columns (a.csv, row 0)"
    assert "  … and 6 more files: report.files" in lines


def test_stories_are_counted_by_outlet_if_asked_for() -> None:
    report = nk.ImportReport(stories=True)
    note = report.begin("a.csv")
    for name, outlet, text in (("a", "Courier", 0), ("b", "Courier", 0), ("c", None, 1), ("d", "Daily", 0)):
        report.add(note, nk.Article(name, layouts.BODIES[text], outlet=outlet, language="en"))
    assert report.story_ids.to_dict() == {"a": "a", "b": "a", "c": "c", "d": "a"}
    assert report.stories.fillna("").to_numpy().tolist() == [["Courier", 2, 1], ["Daily", 1, 1], ["", 1, 1]]
    assert "4 placements tell 2 stories (50% are repetitions)" in str(report)
    with pytest.raises(ValueError, match="stories were not counted"):
        nk.ImportReport().story_ids  # noqa: B018


def test_a_single_article_is_counted_too() -> None:
    report = nk.ImportReport()
    article = nk.Article("a", layouts.BODIES[0])
    assert list(nk.scan_articles(article, report=report)) == [article]
    assert report.totals()["read"] == 1
