"""Tables of articles: the rows of JSON, Excel and Parquet files."""

from __future__ import annotations

import codecs
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, Final

from newskit.errors import ArticleError
from newskit.reading.formats.encodings import MAX_LINE
from newskit.reading.formats.files import MAX_WHOLE, Input, check_unpacked, seekable
from newskit.reading.formats.records import Record, header_of

# --- JSON -----------------------------------------------------------------------------------------------


def json_lines_records(lines: Iterable[str | None]) -> Iterator[Record]:
    """The objects of a file with one JSON object per line; empty lines are skipped."""
    for number, line in enumerate(lines, start=1):
        place = f"line {number}"
        if line is None:
            yield place, f"a line of more than {MAX_LINE // 1_000_000} MB"
            continue
        if not line.strip("\x00 \t\r\n\ufeff"):
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield place, f"it is not JSON: {str(error).splitlines()[0]}"
            continue
        yield place, _flat(value) if isinstance(value, dict) else "it is not a JSON object"


_SPACE_COMMA = re.compile(r"[\s,]*")


def json_records(source: Input, encoding: str) -> Iterator[Record]:
    """The objects of a JSON file: a list, read piece by piece; the longest list within an object; or columns."""
    head = source.head(4096).decode(encoding, "replace").lstrip("\ufeff \t\r\n")
    if head.startswith("["):
        yield from _json_list(source, encoding)
        return
    text = source.whole(MAX_WHOLE).decode(encoding, "replace")
    try:
        value = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        if head.startswith("{") and re.search(r"\}\s*\n\s*\{", text):  # JSON Lines under another name
            yield from json_lines_records(iter(text.splitlines(keepends=True)))
            return
        raise ArticleError(f"it is not JSON: {str(error).splitlines()[0]}; is the file complete?") from error
    found = max(_lists(value), key=len, default=None)
    if found is None:
        raise ArticleError("it has no list of articles; expected a list of objects, or one object per line")
    for number, item in enumerate(found, start=1):
        yield f"item {number}", _flat(item) if isinstance(item, dict) else "it is not a JSON object"


def _json_list(source: Input, encoding: str) -> Iterator[Record]:
    reader = codecs.getincrementaldecoder(encoding)(errors="replace")
    decoder, buffer, number, done = json.JSONDecoder(), "", 0, False
    with source.open() as stream:
        buffer = reader.decode(stream.read(1 << 20)).lstrip("\ufeff \t\r\n")[1:]
        while True:
            buffer = buffer[_SPACE_COMMA.match(buffer).end() :]  # type: ignore[union-attr]
            if buffer.startswith("]"):
                return
            try:
                value, end = decoder.raw_decode(buffer)
                if end == len(buffer) and not done:
                    raise ValueError("more may follow")
            except (ValueError, RecursionError) as error:
                more = "" if done else reader.decode(data := stream.read(1 << 20), final=not data)
                done = done or not more
                if done or len(buffer) > MAX_LINE:
                    if buffer:
                        why = "the file is cut off or damaged here" if done else "it is too long for an article"
                        yield f"item {number + 1}", f"{why}, and cannot be read further: {str(error).splitlines()[0]}"
                    else:
                        yield f"item {number + 1}", "the file is cut off here: its list does not end"
                    return
                buffer += more
                continue
            number += 1
            buffer = buffer[end:]
            yield f"item {number}", _flat(value) if isinstance(value, dict) else "it is not a JSON object"


def _lists(value: Any) -> Iterator[list[Any]]:
    """The lists of objects in a JSON value; an object of columns, as pandas writes it, becomes a list of its rows."""
    if isinstance(value, list):
        if any(isinstance(item, dict) for item in value):
            yield value
    elif isinstance(value, dict):
        columns = [v for v in value.values() if isinstance(v, dict)]
        if len(columns) == len(value) > 1 and len({tuple(c) for c in columns}) == 1 and len(columns[0]):
            yield [dict(zip(value, row, strict=True)) for row in zip(*(c.values() for c in columns), strict=True)]
            return
        for inner in value.values():
            yield from _lists(inner)
        if not any(isinstance(inner, list | dict) for inner in value.values()):
            yield [value]


def _flat(item: Mapping[str, Any]) -> dict[str, Any]:
    """An object with the fields of inner objects next to its own: {"source": {"name": "A"}} gets "source.name"."""
    found: dict[str, Any] = {}
    for key, value in item.items():
        if isinstance(value, dict):
            name = value.get("name", value.get("title"))
            if isinstance(name, str):
                found[key] = name
            found |= {f"{key}.{inner}": v for inner, v in value.items() if not isinstance(v, dict | list)}
        else:
            found[key] = value
    return found


# --- Excel and Parquet -----------------------------------------------------------------------------------


_WIDE: Final = 1_000
"""A header of more cells ends at its last name: a format may reach to the end of the sheet."""


def excel_records(source: Input) -> Iterator[Record]:
    """The rows of an .xlsx workbook, from its first sheet with a header."""
    import openpyxl

    with source.open() as stream:
        whole = seekable(stream)
        with zipfile.ZipFile(whole) as archive:
            check_unpacked(archive, 8 * MAX_WHOLE)
        book = openpyxl.load_workbook(whole, read_only=True, data_only=True)
        try:
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # what a sheet says of its size may be too little, or the whole sheet
                rows = (row for row in sheet.iter_rows(values_only=True) if _n_filled(row))
                header = next((row for row in rows if _n_filled(row) > 1), None)
                if header is None:
                    continue
                width = len(header) if len(header) <= _WIDE else _last_filled(header)
                names, is_row = header_of(header[:width])
                number = 0
                for row in chain([header] * is_row, rows):
                    if _n_filled(cells := row[:width]):
                        number += 1
                        yield f"row {number}", dict(zip(names, cells, strict=False))
                return
        finally:
            book.close()
    raise ArticleError("no sheet of the workbook has a header with at least two columns")


def _n_filled(row: tuple[Any, ...]) -> int:
    return len(row) - row.count(None) - row.count("")


def _last_filled(row: tuple[Any, ...]) -> int:
    return max(i for i, cell in enumerate(row, start=1) if cell not in (None, ""))


def parquet_records(source: Input) -> Iterator[Record]:
    """The rows of a Parquet file, a few at a time."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with source.open() as stream:
        try:
            table = pq.ParquetFile(seekable(stream), buffer_size=1 << 20, pre_buffer=False)
            number = 0
            for batch in table.iter_batches(batch_size=64, use_threads=False):
                for row in batch.to_pylist():
                    number += 1
                    yield f"row {number}", _flat(row)
        except (pa.ArrowException, OSError) as error:
            raise ArticleError(f"it is not a complete Parquet file: {str(error).splitlines()[0]}") from error
