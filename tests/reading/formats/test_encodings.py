"""Encodings: guessed, named, mixed and wrong ones, the same for a table and for a text."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

import newskit as nk
from newskit.errors import ArticleError
from newskit.reading.formats import encodings
from newskit.reading.formats.encodings import decoded, guess_encoding, lines_of
from tests.reading import layouts
from tests.reading.layouts import BODIES, TITLES
from tests.reading.scans import scan

TEXT = "“We can’t wait,” said Zoë – and left. " * 8


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "mac_roman"])
def test_encodings_are_guessed(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_bytes(f'id,text\n1,"{TEXT}"\n2,"{TEXT}"\n'.encode(encoding))
    articles, _, report = scan(tmp_path / "rows.csv")
    assert [a.text for a in articles] == [TEXT, TEXT]
    assert report.totals()["garbled"] == 0
    assert report.files["encoding"].tolist() == [encoding]
    (tmp_path / "one.txt").write_bytes(TEXT.encode(encoding))
    assert nk.read_article(tmp_path / "one.txt").text == TEXT


def test_a_character_cut_at_the_end_of_the_head_is_still_utf_8() -> None:
    whole = ("Zoë " * 40).encode()
    assert {guess_encoding(whole[:end]) for end in range(20, len(whole))} == {"utf-8"}
    assert guess_encoding("Zoë and others left.".encode("cp1252")) == "cp1252"


@pytest.mark.parametrize("text", ["The mayor of CÓRDOBA said so. ", "Cuív Ó Briain left. ", "ÑANDÚ’s owner, FALLECÓ. "])
def test_capitals_of_windows_are_not_marks_of_a_mac(text: str, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_bytes((text * 9).encode("cp1252"))
    assert nk.read_article(tmp_path / "one.txt", language="en").text == text * 9
    (tmp_path / "rows.csv").write_bytes(f'id,text\n1,"{text * 9}"\n'.encode("cp1252"))
    assert [a.text for a in scan(tmp_path / "rows.csv")[0]] == [text * 9]


@pytest.mark.parametrize(
    "text", ["We can’t wait. ", "He said “no.” ", "He left – and she – at noon. ", "They left “soon”. "]
)
def test_each_mark_of_a_mac_is_enough(text: str) -> None:
    assert guess_encoding((text * 9).encode("mac_roman")) == "mac_roman"
    assert guess_encoding((text * 9).encode("cp1252")) == "cp1252"


def test_a_line_of_another_encoding(tmp_path: Path) -> None:
    data = f'id,text\n1,"{TEXT}"\n'.encode() + f'2,"{TEXT}"\n'.encode("cp1252")
    (tmp_path / "rows.csv").write_bytes(data)
    articles, _, _ = scan(tmp_path / "rows.csv")
    assert [a.text for a in articles] == [TEXT, TEXT]
    (tmp_path / "one.txt").write_bytes(f"{TEXT}\n".encode() + TEXT.encode("cp1252") + f"\n{TEXT}".encode())
    assert nk.read_article(tmp_path / "one.txt").text == "\n".join([TEXT] * 3)


def test_a_named_encoding_is_taken_at_its_word(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_bytes(f'id,text\n1,"{TEXT}"\n'.encode())
    _, _, report = scan(tmp_path / "rows.csv", encoding="latin-1")
    assert report.totals()["garbled"] == 1
    with pytest.raises(ArticleError, match="ascii"):
        list(nk.scan_articles(tmp_path / "rows.csv", encoding="ascii"))
    (tmp_path / "wide.csv").write_bytes(f'id,text\n1,"{TEXT}"\n'.encode("utf-16") + b"\n")
    with pytest.raises(ArticleError, match=r"not utf-16 text.*encoding="):
        list(nk.scan_articles(tmp_path / "wide.csv", encoding="utf-16"))
    for name, text in (("list.json", [{"text": TEXT}]), ("object.json", {"articles": [{"text": TEXT}]})):
        (tmp_path / name).write_bytes(json.dumps(text, ensure_ascii=False).encode("cp1250", "replace"))
        articles, _, report = scan(tmp_path / name, encoding="cp1250")
        assert "“We can’t wait,”" in articles[0].text
        assert report.files["encoding"].tolist() == ["cp1250"]
        articles, _, _ = scan(tmp_path / name, encoding="latin-1")
        assert "“" not in articles[0].text, name


@pytest.mark.parametrize("name", ["rows.csv", "list.json", "one.txt", "page.html"])
def test_an_unknown_encoding(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("[")
    with pytest.raises(ArticleError, match=r"unknown encoding: utf-9\. Pass a Python codec"):
        list(nk.scan_articles(tmp_path / name, encoding="utf-9"))


def test_the_byte_order_mark_is_not_text(tmp_path: Path) -> None:
    assert decoded(b"\xef\xbb\xbftext", "utf-8") == "text"
    assert decoded("\ufefftext".encode("utf-16-le"), "utf-16-le") == "text"
    assert list(lines_of(io.BytesIO(b"\xef\xbb\xbfa\nb"), "utf-8")) == ["a\n", "b"]
    assert list(lines_of(io.BytesIO(b"\xef\xbb\xbfa\nb"), "utf-8", strict=True)) == ["a\n", "b"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "mac_roman"])
def test_a_line_longer_than_the_limit_is_none(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encodings, "MAX_LINE", 10)
    lines = ["short\n", "0123456789 and so on, and on\n", "012345678\n", "end"]
    found = list(lines_of(io.BytesIO("".join(lines).encode(encoding)), encoding))
    assert found == ["short\n", None, "012345678\n", "end"]


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-8-sig", None), ("utf-16", None), ("cp1252", None), ("mac_roman", None), ("utf-16-le", "utf-16-le")],
)
def test_factiva_in_any_encoding(encoding: str, named: str | None, tmp_path: Path) -> None:
    page = layouts.factiva().replace("Talks about", f"{TEXT}Talks about")
    (tmp_path / "factiva.html").write_bytes(page.encode(encoding))
    articles, refused, _ = scan(tmp_path / "factiva.html", encoding=named)
    assert [a.title for a in articles] == list(TITLES)
    assert not refused
    assert f"{TEXT}{BODIES[0]}" in articles[0].text


def test_a_block_of_nul_bytes_is_no_utf_16() -> None:
    assert guess_encoding(b"id,text\n" + b"\0" * 3_000 + b"\n2,Oslo agreed.\n" * 80) == "utf-8"
    assert guess_encoding("1,北京 Oslo\n".encode("utf-16-be") * 9) == "utf-16-be"
