"""Web archives: pages are read, the rest is left out or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from newskit.errors import ArticleError
from newskit.reading.formats import warc
from newskit.reading.formats.files import plain_input
from newskit.reading.formats.warc import warc_pages
from tests.reading import layouts


def test_pages_errors_and_other_things(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.warc.gz").write_bytes(layouts.warc())
    pages = list(warc_pages(plain_input(tmp_path / "a.warc.gz")))
    assert [(place, address) for place, address, _ in pages[:3]] == [
        (f"page {i + 1}", f"https://example.org/{i}") for i in range(3)
    ]
    assert [page for _, _, page in pages[:3]] == [layouts.page(i).encode() for i in range(3)]
    assert pages[3:] == [("page 4", "https://example.org/4", "the server answered 404 instead of a page")]
    monkeypatch.setattr(warc, "MAX_WHOLE", 800)
    assert [page for _, _, page in warc_pages(plain_input(tmp_path / "a.warc.gz"))][:3] == [
        "the page has more than 8 MB"
    ] * 3


def test_a_web_archive_that_is_cut_off(tmp_path: Path) -> None:
    record = layouts._warc_record("https://example.org/0", "200 OK", "text/html", layouts.page(0).encode())
    (tmp_path / "cut.warc").write_bytes(record + record[:-200])
    pages = [page for _, _, page in warc_pages(plain_input(tmp_path / "cut.warc"))]
    assert pages == [layouts.page(0).encode(), "the file is cut off here"]
    (tmp_path / "not.warc").write_bytes(b"no archive at all\r\n\r\n")
    with pytest.raises(ArticleError, match="web archive is damaged"):
        list(warc_pages(plain_input(tmp_path / "not.warc")))
