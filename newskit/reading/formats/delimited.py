"""The rows of CSV and TSV files: damage costs the rows that it lies in, and no others."""

from __future__ import annotations

import csv
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, Final

from newskit.errors import ArticleError
from newskit.reading.formats.column_names import is_text_name
from newskit.reading.formats.encodings import MAX_LINE
from newskit.reading.formats.files import MAX_CHARACTERS
from newskit.reading.formats.records import Record, header_of
from newskit.reading.formats.row_shapes import RowShapes
from newskit.resources.spreadsheets import from_text
from newskit.schema import columns

Fields = list[str] | str
"""The fields of a row, or why it cannot be read."""
Dialect = Mapping[str, Any]
"""Keywords of `csv.reader`; `escapechar` too, which is undone here: the reader drops marks that are out of place."""
_MAX_ROW: Final = 2 * MAX_CHARACTERS
_QUOTE: Final = "a quotation mark is out of place, or is not closed"
_ENDS_EARLY: Final = "the file is cut off here, or a quotation mark is not closed"
_SWALLOWS: Final = "a quotation mark is not closed, so that it takes in the rows below"
_NULS: Final = "it is damaged: it has NUL bytes"


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
        dialect, head, begun = _dialect(head[1:2], head, stated[1]), head[1:], 1
    else:
        dialect, begun = _dialect(head[:1], head, "\t" if tabs else None), 0
    rows = _Rows(chain(head, ahead), dialect, begun)
    first = rows.read()
    while first == []:
        first = rows.read()
    if first is None:
        raise ArticleError("it is empty")
    if isinstance(first, str):
        raise ArticleError(f"the file has no header: its first line should name the columns, but {first}")
    names, is_row = header_of(first)
    if is_row:
        rows.put_back()
    elif len(names) < 2 and not is_text_name(names[0]):
        raise ArticleError(f"the first line has one column, {names[0][:60]!r}: it is not a table with a header")
    if names[: len(columns("articles"))] != columns("articles"):
        yield from _checked_rows(rows, names)
        return
    for place, row in _checked_rows(rows, names):  # newskit's own export, which a spreadsheet does not run
        yield place, row if isinstance(row, str) else {name: from_text(cell) for name, cell in row.items()}


# --- How the file is written -----------------------------------------------------------------------------


def _dialect(header: list[str | None], head: list[str | None], separator: str | None) -> Dialect:
    line = (header[0] if header else "") or ""
    if separator is None:
        separator = max(",;\t|", key=lambda mark: _width(line, mark))
    sample = "".join(text for text in head if text)
    if separator != "," and _is_unquoted([text for text in head if text], separator):
        return {"delimiter": separator, "quoting": csv.QUOTE_NONE}
    escaped = len(re.findall(rf'\\"(?![{re.escape(separator)}\r\n])', sample))
    doubled = len(re.findall(r'[^",\s]""[^",\s]|""[\w ]', sample))
    return _escaping(separator) if escaped > max(1, doubled) else {"delimiter": separator}


def _escaping(separator: str) -> Dialect:
    return {"delimiter": separator, "escapechar": "\\"}


def _width(line: str, separator: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=separator), []))
    except csv.Error:
        return 0


def _is_unquoted(lines: list[str], separator: str) -> bool:
    """Whether lines are rows as they stand, and most quotation marks at the start of a field do not enclose it."""
    rows = [line.rstrip("\r\n").split(separator) for line in lines if line.strip()]
    (width, n), *_ = Counter(map(len, rows)).most_common(1) or [(0, 0)]
    begun = [field for row in rows for field in row if field.startswith('"')]
    closed = [field for field in begun if _is_enclosed(field)]
    doubled = any('""' in field[1:-1] for field in closed)
    return width > 1 and n > 0.9 * len(rows) and len(begun) > 2 * len(closed) and not doubled


def _is_enclosed(field: str) -> bool:
    return len(field) > 1 and field.endswith('"') and '"' not in field[1:-1].replace('""', "")


# --- From lines to rows ----------------------------------------------------------------------------------


class _TooLong(Exception):
    """A row that is too long, or never ends."""


class _Rows:
    """The rows of a file, read off its lines; the lines of the latest row can be put back, to be read otherwise.

    What is put back in vain is bounded: four times what the file has, and a little more. Beyond that, a row has to
    end in its line.
    """

    def __init__(self, lines: Iterable[str | None], dialect: Dialect, begun: int = 0) -> None:
        self._lines = iter(lines)
        self._dialect = dialect
        self._back: deque[str | None] = deque()
        self._used: list[str | None] = []
        self._before = begun  # lines before the latest row
        self._spare, self._size = 16 * _MAX_ROW, 0  # in characters
        self._is_quoted = False  # whether quotation marks have enclosed a field

    @property
    def place(self) -> tuple[int, int]:
        """First and last line of the latest row, from 1."""
        return self._before + 1, self._before + max(len(self._used), 1)

    def within(self, width: int) -> list[tuple[list[str], bool]]:
        """The lines of the latest row that are rows of so many fields by themselves, each with whether it is the last.

        The first line is left out.
        """
        if len(self._used) < 2:
            return []
        separator, last = self._dialect["delimiter"], len(self._used) - 1
        like = [i for i, line in enumerate(self._used) if i and line and line.count(separator) >= width - 1]
        found = [(self._row_of(self._used[i] or ""), i == last) for i in like]
        return [(row, is_last) for row, is_last in found if len(row) == width]

    def read(self) -> Fields | None:
        """The next row; None at the end. Empty lines are rows without fields."""
        self._before += len(self._used)
        self._spare += 4 * self._size
        return self._read(self._dialect)

    def put_back(self, first: int = 0) -> None:
        """Have the lines of the latest row, from its line number `first`, read again."""
        self._back.extendleft(reversed(self._used[first:]))
        self._spare -= sum(len(line or "") for line in self._used[first:])
        del self._used[first:]

    def otherwise(self, width: int) -> list[str] | None:
        """The latest row in another dialect, if it has so many fields there; else the row stays as it is."""
        used = list(self._used)
        line = used[0] or ""
        separator = self._dialect["delimiter"]
        if '\\"' in line and self._dialect.get("quoting") != csv.QUOTE_NONE:
            self.put_back()
            fields = self._read({"delimiter": separator} if "escapechar" in self._dialect else _escaping(separator))
            if isinstance(fields, list) and len(fields) == width:
                return fields
            self.put_back()
            self._used = [self._back.popleft() for _ in used]
        plain = line.rstrip("\r\n").split(separator)
        if separator == "," or len(plain) != width or self._is_quoted or any(map(_is_enclosed, plain)):
            return None
        if any(field.startswith('"') and field.count('"') % 2 for field in plain):  # what it opens is cut off
            return None
        self.put_back(1)
        return plain

    def _row_of(self, line: str) -> list[str]:
        """The fields of a line by itself; none if its quotation marks are out of place."""
        try:
            return next(csv.reader([line], strict=True, **self._dialect), [])
        except csv.Error:
            return []

    def _read(self, dialect: Dialect) -> Fields | None:
        self._used = []
        escapes = "escapechar" in dialect
        plain = {name: value for name, value in dialect.items() if name != "escapechar"}
        reader = csv.reader(self._feed(escapes), strict=True, **plain)
        try:
            fields = next(reader)
        except StopIteration:
            return None
        except _TooLong as error:
            return str(error)
        except csv.Error as error:
            return _ENDS_EARLY if "unexpected end" in str(error) else f"{_QUOTE} ({error})"
        if not self._is_quoted and (line := self._used[0]) and '"' in line:
            self._is_quoted = any(map(_is_enclosed, line.rstrip("\r\n").split(dialect["delimiter"])))
        return [field.replace(_MARK, '"') for field in fields] if escapes else fields

    def _feed(self, escapes: bool) -> Iterator[str]:
        self._size = 0
        while True:
            if self._used and self._spare <= 0:
                raise _TooLong(_QUOTE)
            line = self._back.popleft() if self._back else next(self._lines, "")
            if line == "":
                return
            self._used.append(line)
            if line is None:
                raise _TooLong(f"a line of more than {MAX_LINE // 1_000_000} MB")
            self._size += len(line)
            if self._size > _MAX_ROW:
                raise _TooLong("a quotation mark opens and is not closed, or the row is too long for an article")
            yield _ESCAPE.sub(_unescaped, line) if escapes else line


_ESCAPE: Final = re.compile(r'\\(["\\]|(?=\r?\n))')
_MARK: Final = "\ufdd0"  # stands for an escaped quotation mark; Unicode has no such character


def _unescaped(escape: re.Match[str]) -> str:
    return _MARK if escape[1] == '"' else escape[1]


# --- Which rows are good ---------------------------------------------------------------------------------


def _checked_rows(rows: _Rows, names: list[str]) -> Iterator[Record]:
    """Rows as records; a bad stretch, up to the next clear row, is one refused record."""
    shapes = RowShapes(names)
    n, bad = 0, None  # bad: first line, last line, why
    while (read := rows.read()) is not None:
        if read == []:
            continue
        why = _fault(read, rows, shapes, after=bad is not None)
        if why is not None and why != _SWALLOWS and (other := rows.otherwise(len(names))) is not None:
            read, why = other, _fault(other, rows, shapes, after=bad is not None)
        if why is not None:
            rows.put_back(1)
            first, last = rows.place
            bad = (first, last, why) if bad is None else (bad[0], last, bad[2])
            continue
        if bad is not None:
            n += 1
            yield _stretch(n, *bad)
            bad = None
        n += 1
        if any("\0" in field for field in read):
            yield _stretch(n, *rows.place, _NULS)
            continue
        assert isinstance(read, list)
        shapes.learn(read)
        yield f"row {n}", dict(zip(names, read, strict=False))
    if bad is not None:
        yield _stretch(n + 1, *bad)


def _fault(fields: Fields, rows: _Rows, shapes: RowShapes, *, after: bool) -> str | None:
    """Why something is no row; `after` a bad one it must look like those before, since it may be a line of text."""
    if isinstance(fields, str):
        return fields
    if len(fields) > shapes.width:
        return f"it has {len(fields)} columns, but the header has {shapes.width}"
    if len(fields) < shapes.width and (after or not shapes.is_short(fields)):
        return f"it has {len(fields)} of {shapes.width} columns: cut off?"
    if after and not shapes.fits(fields):
        return _QUOTE
    return _SWALLOWS if _swallows(fields, rows, shapes) else None


def _swallows(fields: list[str], rows: _Rows, shapes: RowShapes) -> bool:
    """Whether one of the lines in a field is a row of its own."""
    if not (found := rows.within(shapes.width)):
        return False
    column = next((i for i, field in enumerate(fields) if "\n" in field), 0)
    # What an open mark took in ends in the last line: only the columns before it tell a row from the end of a text.
    return any(shapes.is_row(row, column if is_last else None) for row, is_last in found)


def _stretch(row: int, first: int, last: int, why: str) -> Record:
    lines = f"line {first}" if first == last else f"lines {first} to {last}"
    return f"row {row} ({lines})", why
