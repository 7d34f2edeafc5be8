"""The pages of web archives (WARC)."""

from __future__ import annotations

import html
from collections.abc import Iterator

from newskit.errors import ArticleError
from newskit.reading.formats.files import DAMAGED, MAX_WHOLE, Input


def warc_pages(source: Input) -> Iterator[tuple[str, str, bytes | str]]:
    """The HTML pages of a web archive: (place, URL, the page or why it cannot be read)."""
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
                    page = f"the server answered {status} instead of a page"
                else:
                    page = record.content_stream().read(MAX_WHOLE // 8 + 1)
                    if len(page) > MAX_WHOLE // 8:
                        page = "the page has more than 8 MB"
                    elif getattr(record.raw_stream, "limit", 0) > 0:  # fewer bytes than announced
                        page = "the file is cut off here"
                yield f"page {number}", address, page
        except (ArchiveLoadFailed, AttributeError, ValueError, *DAMAGED) as error:  # warcio fails on a truncated header
            raise ArticleError(f"the web archive is damaged here: {html.unescape(str(error))}") from error
