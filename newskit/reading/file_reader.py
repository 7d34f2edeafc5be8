"""TODO"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any, Final

from newskit.errors import ArticleError
from newskit.reading.formats.files import DAMAGED, inner_suffix
from newskit.reading.formats.tables import Record

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
    ".mht": "a web archive of a browser: save the page as HTML",
    ".xml": "XML, of which newskit knows no layout: convert it to JSON Lines or CSV",
    ".tar": "an archive: unpack it and read the folder",
    ".tgz": "an archive: unpack it and read the folder",
    ".7z": "an archive: unpack it and read the folder",
    ".rar": "an archive: unpack it and read the folder",
}
SNIFF: Final = 1 << 18


def format_of(name: str) -> str | None:
    """The format that the name of a file tells, None for no format of articles."""
    suffix = PurePosixPath(name).suffix.lower()
    return "ZIP" if suffix == ".zip" else FORMATS.get(inner_suffix(name))


def up_to(lines: Iterator[str | None], size: int) -> Iterator[str | None]:
    """Lines up to so many characters."""
    for line in lines:
        yield line
        size -= len(line or "")
        if size <= 0:
            return


def reason_of(error: BaseException) -> str:
    """An error in words, for the report."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if isinstance(error, ArticleError):
        return str(error)
    return f"the file is cut off or damaged ({str(error) or type(error).__name__})"


def read_again(records: Callable[[], Iterator[Record]], column: str) -> Iterator[Any]:
    """The dates of a file, read once more; what cannot be read is passed over."""
    try:
        yield from (row.get(column) for _, row in records() if isinstance(row, dict))
    except (ArticleError, OSError, *DAMAGED):
        return
