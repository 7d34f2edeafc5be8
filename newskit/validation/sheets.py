"""Coding sheets for coders without Python: Excel and CSV, blind to what newskit said."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from newskit.errors import CodingsError
from newskit.resources.files import whole_file
from newskit.resources.spreadsheets import as_text, cell_text, runs

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from newskit.validation.samples import Sample

SHOWN: Final = ("target", "before", "sentence", "after")
"""The columns with texts, which coders must not change."""
MARKS: Final = ("row_id", "sample", "rows", "coder")
"""The columns by which a sheet is recognised: the row, the sample, which rows of it the sheet has, and who codes."""
ALL, SECOND = "all", "second"
_WIDTHS: Final = {"number": 8, "target": 20, "before": 45, "sentence": 70, "after": 45, "note": 40}
_PROMPT: Final = 255
"""Most characters of a message in Excel."""
_TITLE: Final = 32
"""Most characters of its title."""
_GREY: Final = "EEEEEE"


def sheet_rows(sample: Sample, *, coder: str, second: bool) -> Iterator[dict[str, str]]:
    """The rows of a sheet by column, without codes; the passage to code is in double square brackets.

    Raises `CodingsError` if there is no row.
    """
    rows = sample.rows[sample.rows["second"].astype(bool)] if second else sample.rows
    if rows.empty:
        raise CodingsError("nothing to code: the sample has no rows for a second coder; draw it with second=…")
    for number, row in enumerate(rows.to_dict("records"), 1):
        yield {
            "number": str(number),
            **{name: _plain(row[name]) for name in SHOWN},
            "sentence": _marked(row),
            "row_id": str(row["row_id"]),
            "sample": sample.id,
            "rows": SECOND if second else ALL,
            "coder": coder,
        }


def columns_of(sample: Sample) -> list[str]:
    """The columns of a sheet, in order."""
    return ["number", *SHOWN, *(one.name for one in sample.variables), "unsure", "note", *MARKS]


def _plain(value: Any) -> str:
    return "" if pd.isna(value) else cell_text(str(value))


def _marked(row: Any) -> str:
    """The sentence with the passage in brackets; a row that is a whole sentence has none."""
    sentence, at = str(row["sentence"]), int(row["sentence_start"])
    start, end = int(row["start"]) - at, int(row["end"]) - at
    if row["shown"] == "sentence" or not 0 <= start < end <= len(sentence):
        return cell_text(sentence)
    return cell_text(f"{sentence[:start]}[[{sentence[start:end]}]]{sentence[end:]}")


def write_csv(sample: Sample, path: Path, *, coder: str, second: bool) -> None:
    """Write a sheet as CSV in UTF-8, as Excel reads it; texts that would run as formulas have an apostrophe."""
    rows = list(sheet_rows(sample, coder=coder, second=second))
    with whole_file(path) as part, part.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns_of(sample), restval="")
        writer.writeheader()
        writer.writerows({name: as_text(value) for name, value in row.items()} for row in rows)


def write_excel(sample: Sample, path: Path, *, coder: str, second: bool) -> None:
    """Write a sheet as a workbook: lists of codes to choose from, texts locked, the codebook on a second sheet."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "coding"
    names = columns_of(sample)
    sheet.append(names)
    asked = {row_id: {one.name for one in sample.asked(row_id)} for row_id in sample.rows["row_id"]}
    n_rows = 1
    for n_rows, row in enumerate(sheet_rows(sample, coder=coder, second=second), 2):
        open_cells = {"unsure", "note", *asked[row["row_id"]]}
        for at, name in enumerate(names, 1):
            _fill(sheet.cell(n_rows, at), row.get(name, ""), is_open=name in open_cells)
    _choices(sheet, sample, names, n_rows)
    _look(sheet, names)
    _codebook(book.create_sheet("codebook"), sample)
    with whole_file(path) as part:
        book.save(part)


def _fill(cell: Any, text: str, *, is_open: bool) -> None:
    """Give a cell its text, which is never a formula; what coders fill in is open, all else locked and grey."""
    from openpyxl.styles import Alignment, PatternFill, Protection

    if text:
        cell.value = text
        cell.data_type = "s"
        cell.quotePrefix = runs(text)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.protection = Protection(locked=not is_open)
    if not is_open:
        cell.fill = PatternFill("solid", fgColor=_GREY)


def _choices(sheet: Worksheet, sample: Sample, names: list[str], last: int) -> None:
    """Lists of codes to choose from, with the question as a message; `unsure` proposes, and takes several."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    variables = {one.name: one for one in sample.variables}
    for name, codes in [*((n, v.codes) for n, v in variables.items()), ("unsure", ("all", *variables))]:
        told = variables[name].question if name in variables else "Which codes of the row? all, or variables by name"
        if sum(len(code) + 1 for code in codes) > _PROMPT:  # Excel refuses a longer list; codes are checked on reading
            continue
        rule = DataValidation("list", formula1=f'"{",".join(codes)}"', allow_blank=True)
        rule.errorTitle, rule.error = name[:_TITLE], f"one of {', '.join(codes)}"[:_PROMPT]
        rule.promptTitle, rule.prompt = name[:_TITLE], told[:_PROMPT]
        rule.showErrorMessage, rule.showInputMessage = name in variables, True
        letter = get_column_letter(names.index(name) + 1)
        rule.add(f"{letter}2:{letter}{max(last, 2)}")
        sheet.add_data_validation(rule)


def _look(sheet: Worksheet, names: list[str]) -> None:
    """Widths, a header that stays, and the lock (without a password, against slips)."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    for at, name in enumerate(names, 1):
        sheet.column_dimensions[get_column_letter(at)].width = _WIDTHS.get(name, 13)
        sheet.cell(1, at).font = Font(bold=True)
    sheet.freeze_panes = "C2"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False  # False: allowed


def _codebook(sheet: Worksheet, sample: Sample) -> None:
    """The variables with their codes, then the pages, a line per row."""
    from openpyxl.styles import Alignment, Font

    lines = [line for one in sample.variables for line in (f"{one.name}: {one.question}", *_codes(one), "")]
    bold = {f"{one.name}: {one.question}" for one in sample.variables}
    for number, line in enumerate([*lines, *sample.codebook.split("\n")], 1):
        cell = sheet.cell(number, 1)
        cell.value, cell.data_type = cell_text(line) or None, "s" if line else "n"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = Font(bold=line in bold or line.startswith("#"))
    sheet.column_dimensions["A"].width = 120


def _codes(variable: Any) -> list[str]:
    return [f"   {line}" for line in (variable.help or ", ".join(variable.codes)).split("\n")]
