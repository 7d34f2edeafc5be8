"""The lines of DOCX and RTF documents."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import IO, Any, Final

from newskit.errors import ArticleError
from newskit.reading.formats.files import MAX_WHOLE, Input, seekable

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def docx_lines(source: Input) -> Iterator[str]:
    """The paragraphs of a DOCX file, each with a line end; deleted text is left out."""
    from lxml import etree

    with source.open() as stream, zipfile.ZipFile(seekable(stream)) as archive:
        try:
            info = archive.getinfo("word/document.xml")
        except KeyError:
            raise ArticleError("it is not a Word document") from None
        if info.file_size > max(MAX_WHOLE, 100 * info.compress_size):
            raise ArticleError("it unpacks to more than 100 times its size, which no text does")
        with archive.open(info) as document:
            yield from _docx_paragraphs(document, etree)


def _docx_paragraphs(document: IO[bytes], etree: Any) -> Iterator[str]:
    try:
        for _, paragraph in etree.iterparse(document, tag=f"{_W}p", resolve_entities=False, no_network=True):
            if any(parent.tag == f"{_W}p" for parent in paragraph.iterancestors()):
                continue  # a text box: read with the paragraph that holds it
            yield "".join(_docx_text(paragraph)) + "\n"
            paragraph.clear()
            while paragraph.getprevious() is not None:  # else millions of empty ones stay
                del paragraph.getparent()[0]
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
