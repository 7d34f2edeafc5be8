"""Word documents and RTF files, line by line."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from newskit.errors import ArticleError
from newskit.reading.formats import documents
from newskit.reading.formats.documents import docx_lines, rtf_lines
from newskit.reading.formats.files import Input, plain_input
from tests.reading import layouts

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(body: str) -> Input:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{NAMESPACE}"><w:body>{body}</w:body></w:document>')
    return Input("a.docx", lambda: io.BytesIO(out.getvalue()))


def test_the_text_of_a_paragraph() -> None:
    paragraph = (
        "<w:p><w:r><w:t>one</w:t><w:tab/><w:t>two</w:t><w:br/><w:t>three</w:t><w:noBreakHyphen/><w:t>four</w:t></w:r>"
        "<w:del><w:r><w:delText>deleted</w:delText></w:r></w:del></w:p>"
    )
    once = "one\ttwo\nthree-four\n"
    assert list(docx_lines(docx(f"{paragraph}<w:p/>{paragraph}"))) == [once, "\n", once]


def test_a_text_box_is_read_once_with_the_paragraph_around_it() -> None:
    box = "<w:p><w:r><w:t>around </w:t><w:txbx><w:p><w:r><w:t>inside</w:t></w:r></w:p></w:txbx></w:r></w:p>"
    assert list(docx_lines(docx(box))) == ["around inside\n"]


def test_what_is_not_a_whole_word_document(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ArticleError, match="is damaged"):
        list(docx_lines(docx("<w:p></w:r>")))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("content.xml", "<x/>")
    with pytest.raises(ArticleError, match="not a Word document"):
        list(docx_lines(Input("a.docx", lambda: io.BytesIO(out.getvalue()))))
    monkeypatch.setattr(documents, "MAX_WHOLE", 1000)
    with pytest.raises(ArticleError, match="100 times its size"):
        list(docx_lines(docx("<w:p><w:r><w:t>" + "0" * 500_000 + "</w:t></w:r></w:p>")))


def test_rtf(tmp_path: Path) -> None:
    (tmp_path / "a.rtf").write_text(layouts.rtf(["Zoë left.", "Then the rest."]))
    assert "".join(rtf_lines(plain_input(tmp_path / "a.rtf"))).split("\n")[:2] == ["Zoë left.", "Then the rest."]
