"""The lines of DOCX and RTF documents, and the pages of WARC files."""

from __future__ import annotations

import html
import zipfile
from collections.abc import Iterator
from typing import IO, Any, Final

from newskit.errors import ArticleError
from newskit.reading.formats.files import DAMAGED, MAX_WHOLE, Input
from newskit.reading.formats.tables import seekable

# --- documents of office programs ------------------------------------------------------------------------

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def docx_lines(source: Input) -> Iterator[str]:
    """The paragraphs of a DOCX file, one after the other, each with a line end; deleted text is left out."""
    from lxml import etree

    with source.open() as stream, zipfile.ZipFile(seekable(stream)) as archive:
        try:
            info = archive.getinfo("word/document.xml")
        except KeyError:
            raise ArticleError("it is no Word document") from None
        if info.file_size > max(MAX_WHOLE, 100 * info.compress_size):
            raise ArticleError("it unpacks to more than 100 times its size, as no text does")
        with archive.open(info) as document:
            yield from _docx_paragraphs(document, etree)


def _docx_paragraphs(document: IO[bytes], etree: Any) -> Iterator[str]:
    try:
        for _, paragraph in etree.iterparse(document, tag=f"{_W}p", resolve_entities=False, no_network=True):
            if any(parent.tag == f"{_W}p" for parent in paragraph.iterancestors()):
                continue  # a text box: read with the paragraph that holds it
            yield "".join(_docx_text(paragraph)) + "\n"
            paragraph.clear()
    except etree.XMLSyntaxError as error:
        raise ArticleError(f"the Word document is damaged: {error}") from error


def _docx_text(paragraph: Any) -> Iterator[str]:
    for element in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}noBreakHyphen"):
        kind = element.tag.removeprefix(_W)
        if kind == "t":
            yield element.text or ""
        elif kind == "tab":
            yield "\t"
        elif kind == "noBreakHyphen":
            yield "-"
        else:
            yield "\n"


def rtf_lines(source: Input) -> Iterator[str]:
    """The lines of an RTF file."""
    try:
        from striprtf.striprtf import rtf_to_text
    except ImportError as error:
        raise ArticleError("RTF files need striprtf: pip install 'newskit[import]'; or save it as text") from error
    text = source.whole(MAX_WHOLE).decode("latin-1")
    plain: str = rtf_to_text(text, encoding="cp1252", errors="replace")  # type: ignore[no-untyped-call]
    yield from plain.splitlines(keepends=True)


# --- WARC ------------------------------------------------------------------------------------------------


def warc_pages(source: Input) -> Iterator[tuple[str, str, bytes | str]]:
    """The HTML pages of a web archive: (place, address, the page or why it cannot be read)."""
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError as error:
        raise ArticleError("web archives need warcio: pip install 'newskit[import]'") from error
    number = 0
    with source.open() as stream:
        try:
            for record in ArchiveIterator(stream):
                if record.rec_type != "response" or record.http_headers is None:
                    continue
                kind = record.http_headers.get_header("Content-Type") or "text/html"
                if "html" not in kind.lower():
                    continue
                number += 1
                address = record.rec_headers.get_header("WARC-Target-URI") or f"page {number}"
                status = record.http_headers.get_statuscode()
                page: bytes | str
                if status != "200":
                    page = f"the server answered {status} and no page"
                else:
                    page = record.content_stream().read(MAX_WHOLE // 8 + 1)
                    if len(page) > MAX_WHOLE // 8:
                        page = "the page has more than 8 MB"
                    elif getattr(record.raw_stream, "limit", 0) > 0:  # bytes announced and not there
                        page = "the file is cut off here"
                yield f"page {number}", address, page
        except (ArchiveLoadFailed, AttributeError, ValueError, *DAMAGED) as error:  # warcio stumbles over a cut header
            raise ArticleError(f"the web archive is damaged here: {html.unescape(str(error))}") from error
