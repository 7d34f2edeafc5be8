"""Tables of articles: the rows of CSV, JSON, Excel and Parquet files."""

from __future__ import annotations

import codecs
import csv
import json
import re
import zipfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, Final

from newskit.errors import ArticleError
from newskit.reading.formats.column_names import is_text_name
from newskit.reading.formats.dates import parse_date
from newskit.reading.formats.encodings import MAX_LINE
from newskit.reading.formats.files import MAX_CHARACTERS, MAX_WHOLE, Input, seekable
from newskit.reading.formats.records import Record
from newskit.resources.spreadsheets import from_text
from newskit.schema import columns

_MAX_ROW: Final = 2 * MAX_CHARACTERS
_LONGEST_NAME: Final = 120
_QUOTE: Final = "a quotation mark is out of place, or is not closed"
_ENDS_EARLY: Final = "the file is cut off here, or a quotation mark is not closed"


# --- CSV and TSV -----------------------------------------------------------------------------------------


def csv_records(lines: Iterable[str | None], *, tabs: bool = False) -> Iterator[Record]:
    """The rows of a CSV file, or of a TSV file with `tabs`; the lines are those of `lines_of`.

    The separator (comma, semicolon, tab, bar) and the escaping of quotation marks are found in the first lines. A row
    that does not have the columns of the header is refused, with everything that follows up to the next clear row;
    such a stretch is one record.
    """
    csv.field_size_limit(max(csv.field_size_limit(), _MAX_ROW))
    ahead = iter(lines)
    head = list(islice(ahead, 50))
    if head and head[0] is not None and (stated := re.match(r"(?i)\ufeff?sep=(.)\r?\n?$", head[0])):
        dialect = _dialect(head[1:2], head, stated[1])
        head = head[1:]
    else:
        dialect = _dialect(head[:1], head, "\t" if tabs else None)
    rows = _split(chain(head, ahead), dialect)
    first = next(rows, None)
    if first is None or isinstance(first[2], str):
        raise ArticleError("the file has no header: its first line should name the columns" if first else "it is empty")
    names, is_row = _header(first[2])
    if is_row:
        rows = chain([first], rows)
    elif len(names) < 2 and not is_text_name(names[0]):
        raise ArticleError(f"the first line has one column, {names[0][:60]!r}: it is not a table with a header")
    if names != columns("articles"):
        yield from _checked_rows(rows, names)
        return
    for place, row in _checked_rows(rows, names):  # newskit's own export, which a spreadsheet does not run
        yield place, row if isinstance(row, str) else {name: from_text(cell) for name, cell in row.items()}


def _header(cells: Sequence[Any]) -> tuple[list[str], bool]:
    """The names of the columns, and whether there is no header and these cells are an article already."""
    words = ["" if cell is None else str(cell).strip().lstrip("\ufeff") for cell in cells]
    is_row = any(len(word) > _LONGEST_NAME or "\n" in word for word in words)
    return _unique(["" for _ in words] if is_row else words), is_row


def _dialect(header: list[str | None], head: list[str | None], separator: str | None) -> dict[str, Any]:
    line = (header[0] if header else "") or ""
    if separator is None:
        separator = max(",;\t|", key=lambda mark: _width(line, mark))
    sample = "".join(text for text in head if text)
    if separator != "," and _is_unquoted([text for text in head if text], separator):
        return {"delimiter": separator, "quoting": csv.QUOTE_NONE}
    escaped = len(re.findall(rf'\\"(?![{re.escape(separator)}\r\n])', sample))
    doubled = len(re.findall(r'[^",\s]""[^",\s]|""[\w ]', sample))
    if escaped > 1 and not doubled:
        return {"delimiter": separator, "escapechar": "\\", "doublequote": False}
    return {"delimiter": separator}


def _is_unquoted(lines: list[str], separator: str) -> bool:
    """Whether each line is a row as it stands, and quotation marks are characters like others."""
    widths = {line.count(separator) for line in lines if line.strip()}
    return len(widths) == 1 and widths != {0} and any(_breaks(line, separator) for line in lines if '"' in line)


def _breaks(line: str, separator: str) -> bool:
    """Whether the quotation marks of a line do not close where its fields end."""
    try:
        list(csv.reader([line], delimiter=separator, strict=True))
    except csv.Error:
        return True
    return False


def _width(line: str, separator: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=separator), []))
    except csv.Error:
        return 0


class _TooLong(Exception):
    """A row that is too long, or never ends."""


def _split(lines: Iterator[str | None], dialect: Mapping[str, Any]) -> Iterator[tuple[int, int, list[str] | str]]:
    """(first line, last line, the fields or why there are none); all but the first line of a bad row is read again."""
    pending: deque[str | None] = deque()
    number = width = 0
    while True:
        used: list[str | None] = []
        reader = csv.reader(_feed(pending, lines, used), strict=True, **dialect)
        fields: list[str] | str
        try:
            fields = next(reader)
        except StopIteration:
            return
        except _TooLong as error:
            fields = str(error)
        except csv.Error as error:
            fields = _ENDS_EARLY if "unexpected end" in str(error) else f"{_QUOTE} ({error})"
            if len(used) == 1 and used[0] and dialect["delimiter"] != "," and "unexpected end" not in str(error):
                plain = used[0].rstrip("\r\n").split(dialect["delimiter"])
                fields = plain if len(plain) == width else fields
        width = width or (0 if isinstance(fields, str) else len(fields))
        if isinstance(fields, str):
            pending.extendleft(reversed(used[1:]))
            used = used[:1]
        elif any("\0" in field for field in fields):
            fields = "it is damaged: it has NUL bytes"
        yield number + 1, number + len(used), fields
        number += len(used)


def _feed(pending: deque[str | None], lines: Iterator[str | None], used: list[str | None]) -> Iterator[str]:
    size = 0
    while True:
        line = pending.popleft() if pending else next(lines, "")
        if line == "":
            return
        used.append(line)
        if line is None:
            raise _TooLong(f"a line of more than {MAX_LINE // 1_000_000} MB")
        size += len(line)
        if size > _MAX_ROW:
            raise _TooLong("a quotation mark opens and is not closed, or the row is too long for an article")
        yield line


def _checked_rows(rows: Iterator[tuple[int, int, list[str] | str]], names: list[str]) -> Iterator[Record]:
    """Rows as records; a bad stretch, up to the next clear row, is one refused record."""
    shapes = _Shapes(len(names))
    n, bad, free = 0, None, True  # bad: first line, last line, why; free: only the number of columns was wrong
    for first, last, fields in rows:
        if fields == []:
            continue
        if isinstance(fields, str):
            why = fields
        elif len(fields) > len(names):
            why = f"it has {len(fields)} columns, but the header has {len(names)}"
        elif len(fields) < len(names) and not (bad is None and shapes.short(fields)):
            why = f"it has {len(fields)} of {len(names)} columns: cut off?"
        elif bad is not None and not shapes.fits(fields, unless=free):
            why = bad[2]
        else:
            if bad is not None:
                n += 1
                yield _stretch(n, *bad)
                bad = None
            shapes.learn(fields)
            n += 1
            yield f"row {n}", dict(zip(names, fields, strict=False))
            continue
        free = not isinstance(fields, str) and (bad is None or free)
        bad = (first, last, why) if bad is None else (bad[0], last, bad[2])
    if bad is not None:
        yield _stretch(n + 1, *bad)


def _stretch(row: int, first: int, last: int, why: str) -> Record:
    lines = f"line {first}" if first == last else f"lines {first} to {last}"
    return f"row {row} ({lines})", why


def _unique(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    found = []
    for i, name in enumerate(names):
        name = name or f"column {i + 1}"
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name}.{seen[name]}")
    return found


_KINDS: Final[tuple[Callable[[str], Any], ...]] = (
    re.compile(r"-?\d+$").match,
    re.compile(r"https?://\S+$").match,
    lambda value: len(value) >= 6 and parse_date(value) is not None,
    re.compile(r"[\w-]{8,40}$").match,
)


class _Shapes:
    """What the columns of good rows look like: after a damaged row, a line of text must not pass for a row."""

    def __init__(self, n: int) -> None:
        self._kinds = [set(range(len(_KINDS))) for _ in range(n)]
        self._seen = 0
        self._long: list[float] = [0.0] * n

    def learn(self, fields: list[str]) -> None:
        if self._seen >= 200:
            return
        self._seen += 1
        for kinds, field in zip(self._kinds, fields, strict=False):
            if field:
                kinds.intersection_update([k for k in kinds if _KINDS[k](field)])
        for i, field in enumerate(fields):
            self._long[i] += len(field)

    def fits(self, fields: list[str], *, unless: bool) -> bool:
        """Whether each column that has held only numbers, dates, URLs or ids still does; `unless` if there is none."""
        typed = [(kinds, field) for kinds, field in zip(self._kinds, fields, strict=False) if kinds]
        if not self._seen or not typed:
            return unless
        return all(any(_KINDS[k](field) for k in kinds) for kinds, field in typed if field) and any(f for _, f in typed)

    def short(self, fields: list[str]) -> bool:
        """Whether a row with too few fields may lack only empty ones: its last field is not in the longest column."""
        if not self._seen or len(fields) < 2:
            return False
        longest = max(range(len(self._long)), key=lambda i: self._long[i])
        return longest < len(fields) - 1


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


def excel_records(source: Input) -> Iterator[Record]:
    """The rows of an .xlsx workbook, from its first sheet with a header."""
    import openpyxl

    with source.open() as stream:
        whole = seekable(stream)
        with zipfile.ZipFile(whole) as archive:
            size = sum(info.file_size for info in archive.infolist())
            if size > 8 * MAX_WHOLE:
                raise ArticleError(f"it unpacks to {size // 1_000_000:,} MB: save it as CSV")
        book = openpyxl.load_workbook(whole, read_only=True, data_only=True)
        try:
            for sheet in book.worksheets:
                rows = sheet.iter_rows(values_only=True)
                header = next((row for row in rows if sum(cell not in (None, "") for cell in row) > 1), None)
                if header is None:
                    continue
                names, is_row = _header(header)
                number = 0
                for row in chain([header] * is_row, rows):
                    if all(cell in (None, "") for cell in row):
                        continue
                    number += 1
                    yield f"row {number}", dict(zip(names, row, strict=False))
                return
        finally:
            book.close()
    raise ArticleError("no sheet of the workbook has a header with at least two columns")


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
