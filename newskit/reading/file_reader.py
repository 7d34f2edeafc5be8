"""How one file is read: by its name and first bytes, as a table, an export of a database, a page or a text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from pathlib import Path, PurePosixPath
from typing import Any, Final

from newskit.errors import ArticleError
from newskit.reading.article import Article, Refused
from newskit.reading.columns import article_of, guess_columns, present, whole_article
from newskit.reading.formats.databases import export_records, layout_of
from newskit.reading.formats.dates import DateReader
from newskit.reading.formats.delimited import csv_records
from newskit.reading.formats.documents import docx_lines, rtf_lines
from newskit.reading.formats.encodings import chosen_encoding, lines_of, page_encoding, with_line_feeds
from newskit.reading.formats.factiva import factiva_records, is_factiva
from newskit.reading.formats.files import (
    DAMAGED,
    MAX_CHARACTERS,
    MAX_WHOLE,
    Input,
    inner_suffix,
    plain_input,
    zip_inputs,
)
from newskit.reading.formats.records import Record
from newskit.reading.formats.tables import (
    excel_records,
    json_lines_records,
    json_records,
    parquet_records,
)
from newskit.reading.formats.warc import warc_pages
from newskit.reading.ledger import Ledger
from newskit.reading.pages import article_from
from newskit.reading.report import FileNote
from newskit.resources.shown import shown_name

FORMATS: Final = {
    **dict.fromkeys((".txt", ".text"), "text"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "HTML"),
    **dict.fromkeys((".csv",), "CSV"),
    **dict.fromkeys((".tsv", ".tab"), "TSV"),
    **dict.fromkeys((".jsonl", ".ndjson", ".jl"), "JSON Lines"),
    **dict.fromkeys((".json",), "JSON"),
    **dict.fromkeys((".xlsx", ".xlsm"), "Excel"),
    **dict.fromkeys((".parquet", ".pq"), "Parquet"),
    **dict.fromkeys((".docx",), "DOCX"),
    **dict.fromkeys((".rtf",), "RTF"),
    **dict.fromkeys((".warc",), "WARC"),
}
NOT_READ: Final = {
    ".pdf": "a PDF: convert it to text first (for example with pdftotext)",
    ".doc": "an old Word file: save it as DOCX or text",
    ".xls": "an old Excel file: save it as XLSX or CSV",
    ".ods": "an OpenDocument table: save it as CSV",
    ".odt": "an OpenDocument text: save it as DOCX or text",
    ".epub": "an e-book: convert it to text first",
    ".mht": "a web page saved as an archive: save it as HTML",
    ".xml": "XML, which newskit does not read: convert it to JSON Lines or CSV",
    ".tar": "an archive: unpack it and read the folder",
    ".tgz": "an archive: unpack it and read the folder",
    ".7z": "an archive: unpack it and read the folder",
    ".rar": "an archive: unpack it and read the folder",
}
SKIPPED: Final = "skipped: newskit does not read files of this type"
_SNIFFED: Final = 1 << 18
"""How many bytes, or characters, at the beginning of a file show its format and encoding."""
_EXPORT_FIELDS: Final = {field: field for field in ("title", "outlet", "published", "author", "url", "language")}


def is_known(name: str) -> bool:
    """Whether newskit reads files of that name, or can say how to convert them."""
    return format_of(name) is not None or inner_suffix(name) in NOT_READ


def format_of(name: str) -> str | None:
    """The format that the name of a file shows; None if newskit does not read such files.

    >>> format_of("May.CSV.gz"), format_of("may.zip"), format_of("may.pdf")
    ('CSV', 'ZIP', None)
    """
    suffix = PurePosixPath(name).suffix.lower()
    return "ZIP" if suffix == ".zip" else FORMATS.get(inner_suffix(name))


class FileReader:
    """Reads files with the choices of one scan: which column is what, and the encoding if the user named one."""

    def __init__(self, columns: Mapping[str, str | None] | None, encoding: str | None, ledger: Ledger) -> None:
        self._columns, self._encoding, self._ledger = columns, encoding, ledger

    def read(self, path: Path, name: str) -> Iterator[Article | Refused]:
        """The articles of a file, or of the files in a ZIP archive; whatever goes wrong is refused and counted."""
        try:
            if path.suffix.lower() == ".zip":
                yield from self._archive(path)
            else:
                yield from self._input(plain_input(path), name)
        except ImportError:
            raise
        except Exception as error:  # as in _input
            note = self._ledger.begin(path.as_posix())
            yield self._ledger.refuse(note, name, f"{path} cannot be opened: {_reason_of(error)}")

    def _archive(self, path: Path) -> Iterator[Article | Refused]:
        empty = True
        for source in zip_inputs(path):
            empty = False
            if isinstance(source, tuple):
                yield self._ledger.refuse(self._ledger.begin(source[0]), *source)
            elif is_known(source.path):
                yield from self._input(source, shown_name(source.path.removeprefix(path.as_posix() + "/")))
            else:
                self._ledger.begin(source.path).note = SKIPPED
        if empty:
            note = self._ledger.begin(path.as_posix())
            yield self._ledger.refuse(note, path.stem, f"{path} is an empty archive")

    def _input(self, source: Input, name: str) -> Iterator[Article | Refused]:
        note = self._ledger.begin(source.path)
        try:
            for item in self._articles(source, name, note):
                yield self._ledger.admit(note, item)
        except ImportError as error:  # no file is at fault
            raise ImportError(
                f"newskit is not completely installed, so that {source.path} cannot be read: {error}. "
                "Install it again (pip install --force-reinstall newskit)."
            ) from error
        except Exception as error:  # a damaged file breaks its reader in many ways; it must not cost the others
            reason = _reason_of(error)
            reason = reason if shown_name(source.path) in shown_name(reason) else f"{source.path}: {reason}"
            if note.found:
                after = f"{reason} after {note.found} articles"
                yield self._ledger.refuse(note, f"{name}#{note.found + 1}", after, "the end")
            else:
                yield self._ledger.refuse(note, name, reason)
        self._ledger.close(note)

    def _articles(self, source: Input, name: str, note: FileNote) -> Iterator[Article | Refused]:
        """The articles of an input; what is known of the file goes into its note."""
        note.format = format_of(source.path) or "text"
        head = source.head(_SNIFFED)
        kind = note.format = _format_in(source, head, note)
        if kind in {"text", "CSV", "TSV", "JSON Lines", "JSON", "HTML"}:
            named = page_encoding(head, self._encoding) if kind == "HTML" else self._encoding
            note.encoding = chosen_encoding(head, named)
        if kind == "WARC":
            yield from _pages(source, note)
        elif kind in {"text", "DOCX", "RTF"}:
            yield from self._prose(source, name, note)
        elif kind == "HTML":
            yield from self._page(source, name, note, head)
        else:
            yield from self._table(self._records(source, kind, note.encoding), name, note)

    def _records(self, source: Input, kind: str, encoding: str) -> Callable[[], Iterator[Record]]:
        """A function that reads the rows of a table from the start: for the articles, and once more for the dates."""
        if kind in {"Excel", "Parquet"}:
            return partial({"Excel": excel_records, "Parquet": parquet_records}[kind], source)
        if kind == "JSON":
            return partial(json_records, source, encoding)
        read = json_lines_records if kind == "JSON Lines" else partial(csv_records, tabs=kind == "TSV")
        return lambda: read(self._lines(source, encoding))

    def _lines(self, source: Input, encoding: str) -> Iterator[str | None]:
        head = source.head(_SNIFFED)
        with source.open() as stream:
            lone = b"\r" in head and b"\n" not in head and not encoding.startswith(("utf-16", "utf-32"))
            yield from lines_of(
                with_line_feeds(stream) if lone else stream, encoding, strict=self._encoding is not None
            )

    def _prose(self, source: Input, name: str, note: FileNote) -> Iterator[Article | Refused]:
        """Text, DOCX and RTF: the export of a database if it looks like one, else one article."""
        kind = note.format
        read: Callable[[], Iterator[str | None]] = {
            "text": lambda: self._lines(source, note.encoding),
            "DOCX": lambda: docx_lines(source),
            "RTF": lambda: rtf_lines(source),
        }[kind]
        layout = layout_of(list(islice(_up_to(read(), _SNIFFED), 20_000)))
        if layout is not None:
            note.format = f"{layout} {'TXT' if kind == 'text' else kind}"
            yield from _documents(lambda: export_records(read(), layout, note.remark), name, note)
        elif kind == "text":
            yield self._single(source, 4 * MAX_CHARACTERS, name, note)
        else:
            text = "\n\n".join(_paragraphs(read()))
            if not text:
                note.empty += 1
                raise ArticleError(f"{source.path} is empty: it has no text")
            yield whole_article(Article(article_id=name, text=text), note)

    def _page(self, source: Input, name: str, note: FileNote, head: bytes) -> Iterator[Article | Refused]:
        """HTML: an export of Factiva if it looks like one, else one article."""
        if is_factiva(head.decode(note.encoding, "replace")):
            note.format = "Factiva HTML"
            page = source.whole(MAX_WHOLE // 2).decode(note.encoding, "replace")
            yield from _documents(lambda: factiva_records(page), name, note)
        else:
            yield self._single(source, MAX_WHOLE // 4, name, note)

    def _single(self, source: Input, limit: int, name: str, note: FileNote) -> Article:
        data = source.whole(limit)
        return whole_article(article_from(data, name=source.path, article_id=name, encoding=self._encoding), note)

    def _table(self, records: Callable[[], Iterator[Record]], name: str, note: FileNote) -> Iterator[Article | Refused]:
        """The articles of the rows of a table."""
        head, rest, damage = _begun(records)
        values = [row for _, row in head if isinstance(row, dict)]
        names = list(dict.fromkeys(key for row in values for key in row))
        if not values and damage is not None:
            raise damage
        if not names:
            if not head:
                note.remark("it has no rows")
            yield from _without_columns(head, name, note)
            return
        mapping = guess_columns(names, values, self._columns)
        note.columns = mapping
        note.unused = tuple(n for n in names if n not in mapping.values())[:50]
        if mapping["text"].lower() == "title":
            note.remark("it has no column of texts: the headlines are read as texts")
        yield from _articles_of(chain(head, rest), mapping, records, name, note)
        if damage is not None:
            raise damage


def _format_in(source: Input, head: bytes, note: FileNote) -> str:
    """The format of a file; `ArticleError` for one that is empty or must be converted first."""
    if inner_suffix(source.path) == ".doc" and head.startswith(b"{\\rtf"):
        return "RTF"
    if (what := NOT_READ.get(inner_suffix(source.path))) is not None:
        note.format = ""
        raise ArticleError(f"{source.path} is {what}")
    if not head:
        note.empty += 1
        raise ArticleError(f"{source.path} is empty: it has no text. Check that it was saved or exported completely.")
    return note.format


def _pages(source: Input, note: FileNote) -> Iterator[Article | Refused]:
    """The articles of a web archive."""
    for place, address, page in warc_pages(source):
        if isinstance(page, str):
            yield Refused(address, page, "", note.path, place)
            continue
        try:
            article = article_from(page, name=f"{address}.html", article_id=address)
        except ArticleError as error:
            yield Refused(address, str(error), "", note.path, place)
            continue
        yield whole_article(replace(article, url=article.url or address), note)


def _documents(records: Callable[[], Iterator[Record]], name: str, note: FileNote) -> Iterator[Article | Refused]:
    """The articles of an export of a database; its records use the field names of an Article."""
    head, rest, damage = _begun(records)
    yield from _articles_of(chain(head, rest), _EXPORT_FIELDS, records, name, note)
    if damage is not None:
        raise damage


def _begun(records: Callable[[], Iterator[Record]]) -> tuple[list[Record], Iterator[Record], Exception | None]:
    """The first fifty records, the others, and the error that ended reading within the fifty, if there was one."""
    rest = records()
    head: list[Record] = []
    try:
        head += islice(rest, 50)
    except (ArticleError, OSError, *DAMAGED) as error:  # what came before is still there
        return head, rest, error
    return head, rest, None


def _without_columns(head: Sequence[Record], name: str, note: FileNote) -> Iterator[Refused]:
    for number, (place, why) in enumerate(head, start=1):
        yield Refused(f"{name}#{number}", str(why), "", note.path, place)


def _articles_of(
    rows: Iterator[Record],
    mapping: Mapping[str, str],
    records: Callable[[], Iterator[Record]],
    name: str,
    note: FileNote,
) -> Iterator[Article | Refused]:
    """The articles of rows or documents; `records` reads them once more if a date is ambiguous."""
    column = mapping.get("published")
    dates = DateReader(lambda: _values_of(column, records()) if column else iter(()))
    for number, (place, row) in enumerate(rows, start=1):
        if isinstance(row, str):
            note.empty += row == "it has no text"
            yield Refused(f"{name}#{number}", row, "", note.path, place)
        else:
            yield article_of(present(row), mapping, f"{name}#{number}", dates, note, place)
        note.date_order, note.dates_assumed = dates.order, dates.assumed
    if note.markup:
        note.remark(f"HTML in {note.markup:,} texts was read as text")


def _values_of(column: str, records: Iterator[Record]) -> Iterator[Any]:
    """The values of a column, up to where the file is damaged."""
    try:
        yield from (row.get(column) for _, row in records if isinstance(row, dict))
    except (ArticleError, OSError, *DAMAGED):
        return


def _paragraphs(lines: Iterator[str | None]) -> list[str]:
    """The lines that are not empty; `ArticleError` if they are too many for an article."""
    found: list[str] = []
    size = 0
    for line in lines:
        if words := (line or "").strip():
            found.append(words)
            size += len(words) + 2
        if line is None or size > MAX_CHARACTERS + 2:
            raise ArticleError(
                f"it has more than {MAX_CHARACTERS:,} characters, too many for a single article: split it"
            )
    return found


def _up_to(lines: Iterator[str | None], size: int) -> Iterator[str | None]:
    """Lines up to a number of characters."""
    for line in lines:
        yield line
        size -= len(line or "")
        if size <= 0:
            return


def _reason_of(error: BaseException) -> str:
    """An error in words, for the report."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if isinstance(error, ArticleError):
        return str(error)
    return f"the file is cut off or damaged ({str(error) or type(error).__name__})"
