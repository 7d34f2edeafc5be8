"""Documents, archives and workbooks that are long, wide or swollen: read whole or refused, and never without end."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from newskit.errors import ArticleError, CodingsError
from newskit.reading import file_reader
from newskit.validation import sheet_reading
from tests.reading.scans import scan

STORY = "Envoy Tuva Lie said in Bergen on Friday that the ferry would run again after the storm, as planned."
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def document(path: Path, n: int, *, indent: int) -> None:
    text = " " * indent + STORY
    body = f'<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>' * n
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>')


def test_a_long_document_is_read_whole_or_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_reader, "MAX_CHARACTERS", 20_000)
    document(tmp_path / "a.docx", 150, indent=900)
    articles, refused, _ = scan(tmp_path / "a.docx")
    assert [article.text.count(STORY) for article in articles] == [150]
    assert not refused
    document(tmp_path / "b.docx", 20_000 // len(STORY) + 1, indent=0)
    with pytest.raises(ArticleError, match="more than 20,000 characters"):
        scan(tmp_path / "b.docx")


def test_an_archive_is_opened_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for i in range(40):
            archive.writestr(f"{i:02}.txt", f"{STORY} It is ferry {i}.")
        archive.writestr("rows.csv", f'id,text\n1,"{STORY}"\n')
    opened: list[str | None] = []
    directory = zipfile.ZipFile._RealGetContents  # type: ignore[attr-defined]

    def counted(self: zipfile.ZipFile) -> None:
        opened.append(self.filename)
        directory(self)

    monkeypatch.setattr(zipfile.ZipFile, "_RealGetContents", counted)
    articles, refused, _ = scan(tmp_path / "all.zip")
    assert len(articles) == 41
    assert not refused
    assert len(opened) == 1


def rewritten(path: Path, part: str, change: Callable[[bytes], bytes]) -> None:
    """Change a part of a workbook, or add one."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts.get(part, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def workbook(path: Path, cells: dict[str, str]) -> None:
    book = openpyxl.Workbook()
    for place, value in cells.items():
        book.active[place] = value
    book.save(path)


@pytest.mark.parametrize("stated", [b"A1:XFD1048576", b"A1:B1", b"A1"])
def test_what_a_sheet_says_of_its_size_is_not_believed(tmp_path: Path, stated: bytes) -> None:
    path = tmp_path / "a.xlsx"
    workbook(path, {"A1": "id", "B1": "text", "A2": "x", "B2": STORY, "A1048576": "y", "B1048576": f"{STORY} Twice."})
    rewritten(path, "xl/worksheets/sheet1.xml", lambda sheet: sheet.replace(b'"A1:B1048576"', b'"' + stated + b'"'))
    articles, refused, _ = scan(path)
    assert [article.article_id for article in articles] == ["x", "y"]
    assert not refused


def test_a_header_that_reaches_to_the_end_of_the_sheet(tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx", {"A1": "id", "B1": "text", "XFD1": " ", "A2": "x", "B2": STORY, "XFD2": "far off"})
    articles, _, _ = scan(tmp_path / "a.xlsx")
    assert [article.text for article in articles] == [STORY]


def test_a_workbook_that_swells(tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx", {"A1": "id", "B1": "text", "A2": "x", "B2": STORY})
    rewritten(tmp_path / "a.xlsx", "xl/sharedStrings.xml", lambda _: b"<si><t>ab</t></si>" * 2_000_000)
    with pytest.raises(ArticleError, match=r"sharedStrings.xml unpacks to more than 100 times its size.*CSV"):
        scan(tmp_path / "a.xlsx")


def test_a_sheet_of_codes_that_swells(tmp_path: Path) -> None:
    workbook(tmp_path / "codes.xlsx", {"A1": "row_id", "A2": "r1"})
    rewritten(tmp_path / "codes.xlsx", "xl/sharedStrings.xml", lambda _: b"<si><t>ab</t></si>" * 2_000_000)
    with pytest.raises(CodingsError, match="more than 100 times its size"):
        list(sheet_reading._excel(tmp_path / "codes.xlsx"))
