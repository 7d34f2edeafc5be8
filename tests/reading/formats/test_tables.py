"""Tables: every row is read whole or refused."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import newskit as nk
from newskit.errors import ArticleError
from newskit.reading.formats import tables
from newskit.reading.formats.delimited import csv_records
from newskit.reading.formats.markup import has_markup
from tests.reading import layouts
from tests.reading.layouts import BODIES, DATES, PARAGRAPHS, TITLES
from tests.reading.scans import scan

FEW = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def is_plain(text: str) -> bool:
    """Whether it has no HTML, which is read as text."""
    return not has_markup(text)


@FEW
@given(
    texts=st.lists(
        st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")).filter(is_plain),
        min_size=1,
        max_size=6,
    )
)
@example(texts=['a "quoted" word', "two\nlines", "three\r\n\r\nlines", ";,\t|", "last"])
def test_rows_come_back_as_they_were(texts: list[str], tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["id", "text", "n"])
        writer.writerows([f"id{i}", text, i] for i, text in enumerate(texts))
    articles, refused, _ = scan(path, columns={"text": "text", "article_id": "id"})
    assert [a.text for a in articles] == [text for text in texts if text.strip()]
    assert len(refused) == sum(not text.strip() for text in texts)


def test_a_stray_quotation_mark_costs_its_row_alone(tmp_path: Path) -> None:
    lines = layouts.csv_text().replace("\r\n", "\n").split("\n\n")
    assert len(lines) > 3
    rows = [f'id{i},2024-03-{i % 28 + 1:02},"{PARAGRAPHS[i % 3][0]}"' for i in range(300)]
    rows[7] = 'id7,2024-03-08,"This one opens and does not close'
    rows[100] = "id100,2024-03-08,Commas, and more, commas"
    rows[200] = "id200"
    path = tmp_path / "rows.csv"
    path.write_text("id,date,text\n" + "\n".join(rows) + "\n")
    articles, refused, report = scan(path)
    found = [a.article_id for a in articles]
    assert found == [f"id{i}" for i in range(300) if i not in (7, 100, 200)]
    assert [r.place for r in refused] == ["row 8 (line 9)", "row 101 (line 102)", "row 201 (line 202)"]
    assert "quotation mark" in refused[0].reason
    assert report.totals()["found"] == 300


def test_after_a_damaged_row_a_line_of_text_is_no_row(tmp_path: Path) -> None:
    rows = [f'{i},"{PARAGRAPHS[i % 3][0]}"' for i in range(20)]
    path = tmp_path / "rows.csv"
    path.write_text("id,text\n" + "\n".join(rows) + '\n20,"A last one\nwith a line, that looks like a row\nand is cut')
    articles, refused, _ = scan(path)
    assert len(articles) == 20
    assert [r.place for r in refused] == ["row 21 (lines 22 to 24)"]


def test_nul_bytes_and_embedded_lines(tmp_path: Path) -> None:
    rows = ['1,"line one\nline two, and ""more""\n\nline four"', '2,"with a NUL \0 in it"', f'3,"{BODIES[2]}"']
    (tmp_path / "rows.csv").write_text("id,text\n" + "\n".join(rows) + "\n")
    articles, refused, _ = scan(tmp_path / "rows.csv")
    assert [a.article_id for a in articles] == ["1", "3"]
    assert articles[0].text == 'line one\nline two, and "more"\n\nline four'
    assert "NUL" in refused[0].reason


def test_a_table_without_a_header_keeps_its_first_article(tmp_path: Path) -> None:
    with (tmp_path / "rows.csv").open("w", newline="") as out:
        csv.writer(out).writerows([i, DATES[i], BODIES[i]] for i in range(3))
    pd.DataFrame({"nr": range(3), "body": BODIES}).to_excel(tmp_path / "rows.xlsx", header=False, index=False)
    for name in ("rows.csv", "rows.xlsx"):
        articles, _, report = scan(tmp_path / name)
        assert [a.text for a in articles] == list(BODIES), name
        assert "column 3" in str(report) or "column 2" in str(report)
    articles, _, _ = scan(tmp_path / "rows.csv", columns={"published": "column 2"})
    assert [str(a.published)[:10] for a in articles] == list(DATES)


def test_nested_json_of_the_guardian_and_of_newsapi(tmp_path: Path) -> None:
    guardian = {"response": {"results": [{"id": "a", "webTitle": TITLES[0], "fields": {"bodyText": BODIES[0]}}]}}
    news = {"articles": [{"source": {"id": None, "name": "The Tarn Courier"}, "author": None, "content": BODIES[1]}]}
    (tmp_path / "a.json").write_text(json.dumps(guardian))
    (tmp_path / "b.json").write_text(json.dumps(news))
    articles, _, _ = scan(tmp_path)
    assert [a.text for a in articles] == list(BODIES[:2])
    assert articles[0].title == TITLES[0]
    assert articles[1].outlet == "The Tarn Courier"


def records(text: str, **choices: bool) -> list[object]:
    return [values for _, values in csv_records(io.StringIO(text, newline=""), **choices)]


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\nid;text\n1;a b\n",
        "id|text\n1|a b\n",
        "id\ttext\n1\ta b\n",
        "\ufeffid,text\n1,a b\n",
        "id;text\n\n1;a b\n\n",
    ],
)
def test_the_separator_is_found(text: str) -> None:
    assert records(text) == [{"id": "1", "text": "a b"}]


def test_tabs_separate_a_tsv_file_whatever_its_header_has() -> None:
    assert records("id,x\ttext\n1\ta b\n", tabs=True) == [{"id,x": "1", "text": "a b"}]


def test_quotation_marks_escaped_by_a_backslash() -> None:
    text = 'id,text\n1,"He said \\"no\\", and \\"never\\" again"\n2,"She, too"\n'
    assert records(text) == [
        {"id": "1", "text": 'He said "no", and "never" again'},
        {"id": "2", "text": "She, too"},
    ]


def test_columns_without_a_name_or_with_one_name() -> None:
    assert records("id,,text,text\n1,2,3,4\n") == [{"id": "1", "column 2": "2", "text": "3", "text.2": "4"}]


def test_a_first_line_with_a_text_is_not_a_header() -> None:
    long = "word " * 30
    assert records(f"1,{long}\n2,some words\n") == [
        {"column 1": "1", "column 2": long},
        {"column 1": "2", "column 2": "some words"},
    ]


def test_a_row_without_its_last_fields() -> None:
    long = "A text that is longer than the others."
    assert records(f"id,text,page,note\n1,{long},7,x\n2,{long},8\n") == [
        {"id": "1", "text": long, "page": "7", "note": "x"},
        {"id": "2", "text": long, "page": "8"},
    ]
    assert records(f"id,text,note\n1,{long},x\n2,{long}\n")[1] == "it has 2 of 3 columns: cut off?"
    assert records(f"id,note,text\n1,x,{long}\n2,x\n")[1] == "it has 2 of 3 columns: cut off?"
    assert records(f"id,text\n1,{long}\n2,{long},x\n")[1] == "it has 3 columns, but the header has 2"


@pytest.mark.parametrize(("text", "message"), [("", "is empty"), ("number\n1\n", "not a table with a header")])
def test_what_is_not_a_table(text: str, message: str) -> None:
    with pytest.raises(ArticleError, match=message):
        records(text)


def test_a_table_without_rows_says_so(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("id,text\n")
    articles, refused, report = scan(tmp_path / "rows.csv")
    assert articles == []
    assert refused == []
    assert report.files["note"].tolist() == ["it has no rows"]


def test_lines_that_are_not_objects(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(f'{{"text": "{TITLES[0]}"}}\n\n[1]\n{{"te\n')
    _, refused, _ = scan(tmp_path / "a.jsonl")
    assert [(r.place, r.reason.partition(":")[0]) for r in refused] == [
        ("line 3", "it is not a JSON object"),
        ("line 4", "it is not JSON"),
    ]
    (tmp_path / "b.jsonl").write_text("[1]\n[2]\n")
    _, refused, _ = scan(tmp_path / "b.jsonl")
    assert [(r.article_id, r.place) for r in refused] == [("b#1", "line 1"), ("b#2", "line 2")]


def test_json_lines_under_another_name(tmp_path: Path) -> None:
    (tmp_path / "rows.json").write_text("\n".join(map(json.dumps, layouts.rows())))
    assert [a.text for a in scan(tmp_path / "rows.json")[0]] == list(BODIES)


def test_a_json_list_that_is_cut_or_has_other_things(tmp_path: Path) -> None:
    rows = [json.dumps(row) for row in layouts.rows()]
    (tmp_path / "cut.json").write_text("[" + ",".join(rows)[:-9])
    articles, refused, _ = scan(tmp_path / "cut.json")
    assert [a.article_id for a in articles] == ["t0", "t1"]
    assert refused[0].place == "item 3"
    assert "cut off or damaged here" in refused[0].reason
    (tmp_path / "mixed.json").write_text(f"[{rows[0]}, 7, {rows[1]},")
    articles, refused, _ = scan(tmp_path / "mixed.json")
    assert [a.article_id for a in articles] == ["t0", "t1"]
    assert [r.reason.partition(":")[0] for r in refused] == ["it is not a JSON object", "the file is cut off here"]
    (tmp_path / "none.json").write_text("[]")
    assert scan(tmp_path / "none.json")[0] == []
    for name, text in (("numbers", '{"a": [1, 2], "b": {"c": []}}'), ("half", '{"a": ')):
        (tmp_path / f"{name}.json").write_text(text)
        with pytest.raises(ArticleError, match=r"no list of articles|is the file complete"):
            list(nk.scan_articles(tmp_path / f"{name}.json"))


def test_excel_with_lines_above_the_header_and_empty_rows(tmp_path: Path) -> None:
    rows = [["Export of May", None], [None, None], ["id", "text"], [1, BODIES[0]], [None, ""], [2, BODIES[1]]]
    pd.DataFrame(rows).to_excel(tmp_path / "rows.xlsx", header=False, index=False)
    articles, refused, report = scan(tmp_path / "rows.xlsx")
    assert [a.article_id for a in articles] == ["1", "2"]
    assert not refused
    assert report.totals()["found"] == 2
    pd.DataFrame([["alone"]]).to_excel(tmp_path / "one.xlsx", header=False, index=False)
    with pytest.raises(ArticleError, match="a header with at least two columns"):
        list(nk.scan_articles(tmp_path / "one.xlsx"))


def test_an_item_of_a_json_list_that_does_not_end_is_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MAX_LINE", 1000)
    (tmp_path / "rows.json").write_text(json.dumps([layouts.rows()[0], {"text": "word " * 500_000}]))
    articles, refused, _ = scan(tmp_path / "rows.json")
    assert [a.article_id for a in articles] == ["t0"]
    assert [r.place for r in refused] == ["item 2"]
    assert "too long for an article, and cannot be read further" in refused[0].reason
