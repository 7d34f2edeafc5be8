"""The coding sheet: what it shows, what it writes, and what is left after a crash. Its page is tested in Chromium."""

from __future__ import annotations

import builtins
import json
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import newskit as nk
from newskit.errors import CodingsError
from newskit.validation.coding import sheet
from newskit.validation.journal import Journal
from tests.validation.sheets import SPEAKS, TONE, sample


class Page:
    """Stands for the page: sends decisions and keeps the answers."""

    def __init__(self, widget: Any) -> None:
        self.widget, self.answers = widget, list[dict[str, Any]]()
        widget.send = self.answers.append

    def press(self, row: str, variable: str, code: str | None, **marks: Any) -> dict[str, Any]:
        number = len(self.answers) + 1
        self.widget._save(None, {"number": number, "row": row, "variable": variable, "code": code, **marks}, [])
        return self.answers[-1]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "codings" / "ann.jsonl"


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_the_sheet_shows_texts_and_nothing_that_newskit_said() -> None:
    rows = sheet(sample())
    assert len(rows) == 8
    assert rows[0] == {
        "id": "r000",
        "parts": ["Critics called ", "Velmar", " careless with the harbour."],
        "ask": ["tone", "speaks"],
        "hints": {},
        "before": "",
        "after": "Nobody answered.",
        "target": "Target: Velmar",
    }
    assert rows[3]["parts"][1] == "Ostrand", "behind a character that JavaScript counts twice"
    assert "Daily Example" not in json.dumps(rows)


def test_a_mark_stays_in_its_sentence_and_a_whole_sentence_has_none() -> None:
    drawn = sample(2)
    long, whole = drawn.rows.iloc[0].copy(), drawn.rows.iloc[1].copy()
    long["end"] += 500
    whole["start"], whole["end"], whole["shown"] = 40, 70, "sentence"
    for row in (long, whole):
        row["row_id"] = row["row_id"]
    changed = type(drawn)(pd.DataFrame([long, whole]), drawn.predictions, drawn.variables, drawn.design)
    rows = sheet(changed)
    assert rows[0]["parts"] == ["Critics called ", "Velmar careless with the harbour.", ""]
    assert rows[1]["parts"] == ["Ostrand opened its border on Monday.", "", ""]


def test_a_second_coder_gets_the_rows_for_a_second_coder(file: Path) -> None:
    assert [row["id"] for row in sheet(sample(), second=True)] == ["r000", "r002", "r004", "r006"]
    assert nk.code_sample(sample(), coder="ben", file=file, second=True).coded == 0


def test_some_variables_can_be_coded_alone() -> None:
    rows = sheet(sample(), variables=["speaks"])
    assert {tuple(row["ask"]) for row in rows} == {("speaks",)}
    assert sheet(sample(), variables="speaks") == rows
    with pytest.raises(ValueError, match="no variable 'size'; the sample has tone, speaks"):
        sheet(sample(), variables=["size"])


def test_each_decision_is_in_the_file_when_it_is_answered(file: Path) -> None:
    page = Page(nk.code_sample(sample(), coder="ann", file=file))
    assert lines(file) == [{"newskit_codings": 1, "sample": sample().id, "coder": "ann"}]
    decision = {"code": "negative", "unsure": True, "note": "irony? 🦊"}
    answer = page.press("r000", "tone", "negative", unsure=True, note="irony? 🦊")
    assert answer == {"number": 1, "row": "r000", "variable": "tone", "decision": decision}
    told = lines(file)[-1]
    assert told.pop("at").startswith("20")
    assert told == {
        "row_id": "r000",
        "coder": "ann",
        "variable": "tone",
        "code": "negative",
        "unsure": True,
        "note": "irony? 🦊",
    }
    page.press("r000", "tone", "neutral")
    page.press("r000", "speaks", "no")
    assert (page.widget.coded, len(lines(file))) == (1, 4)
    assert repr(page.widget).startswith("CodingWidget(1 of 8 rows coded by ann in ")
    table = nk.load_codings(file, sample=sample()).table
    assert table[["variable", "code"]].to_numpy().tolist() == [["tone", "neutral"], ["speaks", "no"]]


def test_coding_goes_on_where_it_stopped(file: Path) -> None:
    page = Page(nk.code_sample(sample(), coder="ann", file=file))
    for row in ("r000", "r001"):
        page.press(row, "tone", "neutral")
        page.press(row, "speaks", "no")
    page.press("r005", "tone", "positive")
    again = nk.code_sample(sample(), coder="ann", file=file)
    assert (again.at, again.coded) == (5, 2)
    assert again.codes["r005"] == {"tone": {"code": "positive", "unsure": False, "note": ""}}
    page.press("r005", "speaks", "no")
    assert nk.code_sample(sample(), coder="ann", file=file).at == 6
    for row in ("r006", "r007"):
        page.press(row, "tone", "neutral")
        page.press(row, "speaks", "no")
    assert nk.code_sample(sample(), coder="ann", file=file).at == 2, "what was passed over comes last"


def test_a_code_can_be_taken_back_and_a_note_stays_without_a_code(file: Path) -> None:
    page = Page(nk.code_sample(sample(), coder="ann", file=file))
    page.press("r000", "tone", "negative")
    page.press("r000", "tone", None, note="later")
    assert nk.load_codings(file, sample=sample()).table.empty
    again = nk.code_sample(sample(), coder="ann", file=file)
    assert again.codes["r000"]["tone"] == {"code": None, "unsure": False, "note": "later"}
    assert again.coded == 0


@pytest.mark.parametrize("cut", range(1, 130, 9))
def test_a_crash_costs_at_most_the_line_being_written(file: Path, cut: int) -> None:
    page = Page(nk.code_sample(sample(), coder="ann", file=file))
    page.press("r000", "tone", "negative")
    page.press("r000", "speaks", "no")
    file.write_bytes(file.read_bytes()[:-cut])
    again = Page(nk.code_sample(sample(), coder="ann", file=file))
    assert again.widget.codes["r000"]["tone"]["code"] == "negative"
    assert ("speaks" in again.widget.codes["r000"]) == (cut == 1), "cut 1 is only the end of the line"
    again.press("r001", "tone", "positive")
    codes = nk.load_codings(file, sample=sample()).values("tone")
    assert codes.to_dict() == {"r000": "negative", "r001": "positive"}


def test_a_crash_in_the_first_line_makes_the_file_anew(file: Path) -> None:
    nk.code_sample(sample(), coder="ann", file=file)
    whole = file.read_bytes()
    for cut in (len(whole), 5, 1):
        file.write_bytes(whole[:-cut])
        assert nk.code_sample(sample(), coder="ann", file=file).coded == 0
        assert file.read_bytes() == whole


@pytest.mark.parametrize("text", ["my notes", "my notes\n", '{"a": 1}\n', "[1]"])
def test_a_file_with_something_else_is_left_alone(file: Path, text: str) -> None:
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CodingsError, match=r"is no file of codings|has the codings of None"):
        nk.code_sample(sample(), coder="ann", file=file)
    assert file.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("row", "variable", "code"), [("r999", "tone", "neutral"), ("r000", "size", "big"), ("r000", "tone", "great")]
)
def test_what_does_not_fit_is_answered_with_an_error(file: Path, row: str, variable: str, code: str) -> None:
    page = Page(nk.code_sample(sample(), coder="ann", file=file))
    assert page.press(row, variable, code)["error"]
    assert len(lines(file)) == 1


def test_a_full_disk_is_answered_with_an_error(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page(nk.code_sample(sample(), coder="ann", file=file))

    def full(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(Journal, "add", full)
    assert page.press("r000", "tone", "neutral") == {"number": 1, "error": "no space left on device"}
    assert page.widget.coded == 0


def test_files_of_others_are_refused(file: Path) -> None:
    Page(nk.code_sample(sample(), coder="ann", file=file)).press("r000", "tone", "neutral")
    with pytest.raises(CodingsError, match="has the codings of ann: give ben a file of their own"):
        nk.code_sample(sample(), coder="ben", file=file)
    with pytest.raises(CodingsError, match="codings of the sample"):
        nk.code_sample(sample(6), coder="ann", file=file)


def test_disagreements_are_coded_again_with_what_was_said(file: Path) -> None:
    codings = pd.DataFrame(
        [
            {"row_id": row, "coder": coder, "variable": "tone", "code": code}
            for coder, codes in {"ann": ["negative", "neutral"], "ben": ["neutral", "neutral"]}.items()
            for row, code in zip(["r002", "r004"], codes, strict=True)
        ]
    )
    rows = sheet(sample(), only=nk.disagreements(codings))
    assert [(row["id"], row["ask"], row["hints"]) for row in rows] == [
        ("r002", ["tone"], {"tone": "ann: negative · ben: neutral"})
    ]
    page = Page(nk.code_sample(sample(), coder="settled", file=file, only=nk.disagreements(codings)))
    page.press("r002", "tone", "positive")
    assert page.widget.coded == 1
    assert nk.load_codings(file, sample=sample()).values("tone").to_dict() == {"r002": "positive"}


@pytest.mark.parametrize(
    ("only", "message"),
    [
        (pd.DataFrame({"row": ["r000"]}), "needs a column row_id"),
        (pd.DataFrame({"row_id": ["r999"]}), "the row 'r999'"),
        (pd.DataFrame({"row_id": ["r000"], "variable": ["size"]}), "'size' of row 'r000'; coded are tone, speaks"),
        (pd.DataFrame({"row_id": pd.Series(dtype="str")}), "nothing to code: there are no rows"),
    ],
)
def test_rows_that_cannot_be_coded_are_refused(only: pd.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sheet(sample(), only=only)


def test_the_same_codes_through_excel_are_the_same_codings(file: Path, tmp_path: Path) -> None:
    drawn = sample(100)
    page = Page(nk.code_sample(drawn, coder="ann", file=file))
    path = drawn.to_excel(tmp_path / "ann.xlsx", coder="ann")
    book = openpyxl.load_workbook(path)
    cells = book["coding"]
    at = {cell.value: cell.column for cell in cells[1]}
    for number, row in enumerate(cells.iter_rows(min_row=2, max_row=101), 1):
        row_id = str(row[at["row_id"] - 1].value)
        for variable, codes in (("tone", TONE.codes), ("speaks", SPEAKS.codes)):
            code = codes[number % len(codes)]
            cells.cell(number + 1, at[variable]).value = code
            page.press(row_id, variable, code)
    book.save(path)
    by_keys, by_excel = (nk.load_codings(one, sample=drawn) for one in (file, path))
    keys = ["row_id", "variable"]
    assert len(by_keys.table) == 200
    pd.testing.assert_frame_equal(
        by_keys.table.sort_values(keys, ignore_index=True), by_excel.table.sort_values(keys, ignore_index=True)
    )


def test_a_coder_needs_a_name(file: Path) -> None:
    with pytest.raises(ValueError, match="coder is empty"):
        nk.code_sample(sample(), coder=" ", file=file)
    for coder, message in {
        "newskit": "newskit's own codes",
        "text": "is a column",
        "SETTLED": "is not 'settled'",
    }.items():
        with pytest.raises(CodingsError, match=message):
            nk.code_sample(sample(), coder=coder, file=file)
    assert not file.exists()


def test_a_file_that_is_named_as_a_sheet_is_refused(file: Path) -> None:
    with pytest.raises(CodingsError, match=r"would be read back as a sheet: name it .*ann\.jsonl"):
        nk.code_sample(sample(), coder="ann", file=file.with_suffix(".csv"))


def test_without_anywidget_it_says_what_to_install(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "newskit.validation.widget":
            raise ModuleNotFoundError("No module named 'anywidget'", name="anywidget")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=r"pip install \"newskit\[notebooks\]\""):
        nk.code_sample(sample(), coder="ann", file=file)
    assert not file.exists()
