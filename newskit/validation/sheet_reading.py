"""Reading codings back: sheets of Excel and CSV, and tables made elsewhere; whatever does not fit is an error."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from newskit.errors import CodingsError
from newskit.reading.formats.encodings import decoded
from newskit.reading.formats.files import MAX_WHOLE, check_unpacked
from newskit.resources.spreadsheets import from_text
from newskit.validation.checking import Checker, Decision
from newskit.validation.samples import Sample
from newskit.validation.sheets import SECOND, SHOWN, columns_of, sheet_rows

Place = tuple[str, Mapping[str, str]]
"""Where a row stands, for people to find it, and its cells by column, as texts."""
_MELT: Final = (
    "make it long with table.melt(['row_id', 'coder'], var_name='variable', value_name='code'); "
    "instead of row_id it may have article_id, start, end and text"
)
_KEYS: Final = ("article_id", "start", "end", "text")
_YES: Final = frozenset({"yes", "y", "x", "1", "true", "all"})
_NO: Final = frozenset({"", "no", "n", "0", "false", "nan", "none"})


def decisions(source: Path | pd.DataFrame, sample: Sample) -> Iterator[Decision]:
    """The decisions in a sheet, or in a table with a row per decision, all checked against the sample."""
    name = "the DataFrame" if isinstance(source, pd.DataFrame) else str(source)
    rows = list(_rows(source))
    if not rows:
        raise CodingsError(f"{name} has no rows: give a sheet that was coded")
    columns = [*rows[0][1]]
    long, marked = {"variable", "code"} & {*columns}, {"sample", "rows"} & {*columns}
    if len(long) == 2 or (long and not marked):
        yield from _long(rows, columns, sample, name)
    else:
        yield from _wide(rows, columns, sample, name)


def _rows(source: Path | pd.DataFrame) -> Iterator[Place]:
    if isinstance(source, pd.DataFrame):
        for at, row in zip(source.index, source.to_dict("records"), strict=True):
            yield f"the DataFrame, row {at}", {str(name): _text(value) for name, value in row.items()}
    elif source.suffix.lower() == ".xlsx":
        yield from _excel(source)
    else:
        yield from _csv(source)


def _text(value: Any) -> str:
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _excel(path: Path) -> Iterator[Place]:
    import openpyxl

    try:
        with zipfile.ZipFile(path) as archive:
            check_unpacked(archive, 8 * MAX_WHOLE)
        book = openpyxl.load_workbook(path, data_only=True)
    except Exception as problem:  # openpyxl raises what the zip or XML reader does
        raise CodingsError(f"{path} cannot be read as a workbook ({problem}): save it as .xlsx again") from problem
    sheet = book["coding"] if "coding" in book.sheetnames else book.worksheets[0]
    lines = sheet.iter_rows(values_only=True)
    header = [_text(cell) for cell in next(lines, ())]
    for number, cells in enumerate(lines, 2):
        if any(cell is not None for cell in cells):
            texts = map(_text, cells)
            yield f"{path}, row {number}", {name: text for name, text in zip(header, texts, strict=False) if name}


def _csv(path: Path) -> Iterator[Place]:
    """The rows of a CSV file, whichever separator a spreadsheet wrote it with."""
    text = decoded(path.read_bytes())
    head = text.split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    header = next(lines, [])
    for cells in lines:
        if any(cells):
            texts = map(from_text, cells)
            yield f"{path}, line {lines.line_num}", dict(zip(header, texts, strict=False))


def _wide(rows: list[Place], columns: list[str], sample: Sample, name: str) -> Iterator[Decision]:
    """The decisions of a sheet from `Sample.to_excel` or `Sample.to_csv`."""
    if missing := [column for column in columns_of(sample) if column not in columns and column != "number"]:
        if not {"sample", "rows"} & {*columns}:  # not from to_excel or to_csv: a table with a column for each variable
            raise CodingsError(f"{name} needs a row per decision, and has the columns {', '.join(columns)}: {_MELT}")
        raise CodingsError(f"{name} lacks the column {missing[0]!r}: export the sheet again, and copy the codes")
    shown = _sheet(rows, sample)
    checker = Checker(sample)
    seen: dict[str, str] = {}
    for place, cells in rows:
        row_id = cells["row_id"].strip()
        checker.row(place, row_id)
        if row_id not in shown:
            raise CodingsError(f"{place}: row {row_id} is not for a second coder: remove it, or export all rows")
        if row_id in seen:
            raise CodingsError(f"{place}: row {row_id} is there twice, first at {seen[row_id]}: delete one of them")
        seen[row_id] = place
        for column in SHOWN:
            if cells[column].split() != shown[row_id][column].split():
                raise CodingsError(
                    f"{place}: {column!r} was changed: it was {shown[row_id][column][:80]!r} when the sheet was made; "
                    "restore it, or export the sheet again and copy the codes"
                )
        yield from _decided(place, cells, sample, checker)
    if lost := [row for row in shown if row not in seen]:
        first = shown[lost[0]]
        raise CodingsError(
            f"{name} lacks {len(lost)} of {len(shown)} rows, such as number {first['number']}, {lost[0]} "
            f"({first['sentence'][:60]!r}): put them back from a new export, with empty codes if they are not coded"
        )


def _sheet(rows: list[Place], sample: Sample) -> dict[str, Mapping[str, str]]:
    """The rows as the sheet was made, by id; raises `CodingsError` if it was made from another sample."""
    place, cells = rows[0]
    for place, cells in rows:
        if cells["sample"] != sample.id:
            raise CodingsError(
                f"{place} is of the sample {cells['sample'] or '(none)'}, not of {sample.id}: load each sheet with its "
                "own sample"
            )
    made = sheet_rows(sample, coder=cells["coder"], second=cells["rows"] == SECOND)
    return {row["row_id"]: row for row in made}


def _decided(place: str, cells: Mapping[str, str], sample: Sample, checker: Checker) -> Iterator[Decision]:
    """The codes of a row of a sheet; a cell that is empty is not coded yet."""
    row_id, coder = cells["row_id"].strip(), cells["coder"].strip()
    asked = {one.name for one in sample.asked(row_id)}
    unsure = _unsure(place, cells["unsure"], sample)
    for variable in sample.variables:
        code = cells[variable.name].strip()
        if not code:
            continue
        if variable.name not in asked:
            raise CodingsError(f"{place}: {variable.name} is not asked of this row: empty the cell")
        code = checker.code(place, row_id, variable.name, code)
        yield Decision(row_id, coder, variable.name, code, variable.name in unsure, cells["note"], place)


def _unsure(place: str, cell: str, sample: Sample) -> set[str]:
    """The variables that a cell marks as unsure."""
    names = {one.name for one in sample.variables}
    told = cell.strip().casefold()
    if told in _NO:
        return set()
    if told in _YES:
        return names
    given = {part.strip() for part in told.replace(";", ",").split(",") if part.strip()}
    if unknown := given - names:
        raise CodingsError(f"{place}: unsure is all, or variables by name, not {sorted(unknown)[0]!r}")
    return given


def _long(rows: list[Place], columns: list[str], sample: Sample, name: str) -> Iterator[Decision]:
    """The decisions of a table with a row for each, its units by id or by article, offsets and text."""
    keys = ("row_id",) if "row_id" in columns else _KEYS
    if missing := [column for column in (*keys, "coder", "variable", "code") if column not in columns]:
        raise CodingsError(
            f"{name} lacks the column {missing[0]!r}: it needs row_id, or article_id, start, end and text; and coder, "
            "variable, code"
        )
    checker, places = Checker(sample), _places(sample)
    for place, cells in rows:
        if not cells["code"].strip():
            continue
        row_id = cells["row_id"].strip() if keys == ("row_id",) else _found(place, cells, places)
        variable = cells["variable"].strip()
        code = checker.code(place, row_id, variable, cells["code"])
        told = cells.get("unsure", "").strip()
        if (is_unsure := told.casefold() in _YES) is (told.casefold() in _NO):
            raise CodingsError(f"{place}: unsure is yes or no, not {told!r}")
        yield Decision(row_id, cells["coder"].strip(), variable, code, is_unsure, cells.get("note", ""), place)


def _places(sample: Sample) -> dict[tuple[str, str, str], list[Mapping[Any, Any]]]:
    """The rows of the sample that stand in each place."""
    found: dict[tuple[str, str, str], list[Mapping[Any, Any]]] = {}
    for row in sample.rows[["row_id", *_KEYS, "target_id"]].to_dict("records"):
        found.setdefault((str(row["article_id"]), str(row["start"]), str(row["end"])), []).append(row)
    return found


def _found(place: str, cells: Mapping[str, str], places: Mapping[tuple[str, str, str], list[Mapping[Any, Any]]]) -> str:
    """The row of the sample that stands where a row of a table says."""
    where = (cells["article_id"], cells["start"], cells["end"])
    there = places.get(where, [])
    if not there:
        raise CodingsError(
            f"{place}: the sample has no row in article {where[0]!r} from {where[1]} to {where[2]}: give the offsets "
            "of the sample's rows, in characters from 0, or leave the row out"
        )
    same = [row for row in there if str(row["text"]).split() == cells["text"].split()]
    if not same:
        raise CodingsError(
            f"{place}: the text is {cells['text'][:60]!r}, but in the sample {there[0]['text'][:60]!r}: copy it from "
            "sample.rows, or give row_id instead"
        )
    if len(same) > 1 and "target_id" in cells:
        same = [row for row in same if row["target_id"] == cells["target_id"]]
    if len(same) != 1:
        raise CodingsError(f"{place}: the sample has {len(there)} rows in this place: tell them apart by row_id")
    return str(same[0]["row_id"])
