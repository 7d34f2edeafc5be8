"""Exports, tables and pages with the slips that real ones have."""

from __future__ import annotations

from pathlib import Path

import pytest

import newskit as nk
from newskit.reading import file_reader
from newskit.reading.formats.dates import parse_date
from tests.reading.scans import scan

BODY = "The council met in Harbourton on Monday. Nobody had expected a vote on the ferry before the summer."


@pytest.mark.parametrize(
    "edition",
    [
        "SECOND EDITION",
        "Late Edition - Final",
        "City Edition",
        "Edition 2;\n                Wales",
        "1 - All-round Country Edition",
        "Correction Appended",
        "Dublin Edition 2",
        "5 STAR",
        "Metro; Final",
        "Transcript # 030500CN.V22",
    ],
)
def test_edition_of_a_nexis_export_is_no_part_of_the_headline(tmp_path: Path, edition: str) -> None:
    centred = f"{'The Harbour Post':^70}\n\n{'May 4, 2016 Wednesday':^70}\n\n{edition:>40}\n\n"
    above = f"{'1 of 1 DOCUMENTS':>50}\n\n\n{centred}Council puts off\nvote on ferry\n\n"
    (tmp_path / "n.txt").write_text(
        f"{above}BYLINE: Ada Quist\n\nLENGTH: 18 words\n\n{BODY}\n\nLOAD-DATE: May 5, 2016\n"
    )
    (article,), _, _ = scan(tmp_path / "n.txt")
    assert (article.title, str(article.published)[:10]) == ("Council puts off vote on ferry", "2016-05-04")


def test_headline_of_a_nexis_export_that_speaks_of_an_edition(tmp_path: Path) -> None:
    centred = f"{'The Harbour Post':^70}\n\n{'May 4, 2016 Wednesday':^70}\n\n"
    above = f"{'1 of 1 DOCUMENTS':>50}\n\n\n{centred}A farewell to the evening edition\n\n"
    (tmp_path / "n.txt").write_text(
        f"{above}BYLINE: Ada Quist\n\nLENGTH: 18 words\n\n{BODY}\n\nLOAD-DATE: May 5, 2016\n"
    )
    (article,), _, _ = scan(tmp_path / "n.txt")
    assert article.title == "A farewell to the evening edition"


@pytest.mark.parametrize("field", ["Subject", "People", "Location", "Copyright", "Title"])
def test_paragraph_of_a_proquest_export_that_begins_like_a_field(tmp_path: Path, field: str) -> None:
    paragraph = f"{field}: what nobody in the hall wanted to speak of."
    below = "Subject: Ferries\n\nLocation: Harbourton\n\nPublication title: The Harbour Post\n\nSource type: Newspapers"
    (tmp_path / "p.txt").write_text(
        f"{'_' * 60}\n\nCouncil puts off vote\n\nAuthor: Ada Quist; And\n\nFull text: {BODY}\n\n{paragraph}\n\n"
        f"The vote is in June.\n\n{below}\n\nPublication date: May 4, 2016\n\nProQuest document ID: 12\n\n{'_' * 60}\n"
    )
    (article,), _, _ = scan(tmp_path / "p.txt")
    assert paragraph in article.text
    assert article.text.endswith("The vote is in June.")
    assert article.author == "Ada Quist"


def test_tabs_with_bare_quotation_marks(tmp_path: Path) -> None:
    rows = ['1\t"Never again," she wrote.\tPost', "2\tThe ferry left at noon.\tPost", '3\t"No," he said. "No."\tPost']
    (tmp_path / "t.tsv").write_text("id\ttext\toutlet\n" + "\n".join(rows) + "\n")
    articles, refused, _ = scan(tmp_path / "t.tsv")
    assert [article.text for article in articles] == [row.split("\t")[1] for row in rows]
    assert not refused


def test_bare_marks_in_a_table_that_quotes_elsewhere(tmp_path: Path) -> None:
    rows = ['1\t"Two\nlines."\tPost', '2\t"Never," she wrote.\tPost', "3\tThe ferry left.\tPost"]
    (tmp_path / "t.tsv").write_text("id\ttext\toutlet\n" + "\n".join(rows) + "\n")
    articles, refused, _ = scan(tmp_path / "t.tsv")
    assert [article.text for article in articles] == ["Two\nlines.", '"Never," she wrote.', "The ferry left."]
    assert not refused


def test_rows_that_end_in_a_carriage_return(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b'id,text\r1,"The ferry left, late."\r2,It came back.\r')
    articles, _, _ = scan(tmp_path / "t.csv")
    assert [article.text for article in articles] == ["The ferry left, late.", "It came back."]


@pytest.mark.parametrize(
    ("charset", "words"),
    [
        ("iso-8859-2", "Božena Němcová"),
        ("windows-1250", "Łódź"),
        ("windows-1254", "Iğdır"),
        ("koi8-r", "Москва"),
        ("shift_jis", "東京都"),
        ("utf-8", "Łódź"),
    ],
)
def test_page_in_the_encoding_it_declares(tmp_path: Path, charset: str, words: str) -> None:
    page = f"<html><head><meta charset='{charset}'></head><body><article><p>{words}. {BODY} {BODY}</p></article></body>"
    (tmp_path / "p.html").write_bytes(page.encode(charset))
    (article,), _, report = scan(tmp_path / "p.html")
    assert words in article.text
    assert report.files["garbled"][0] == 0


def test_a_week_or_a_range_is_no_day() -> None:
    assert [parse_date(text) for text in ("2020-W05", "May 2-3, 2020", "2020-05-01 to 2020-05-07")] == [None] * 3


def test_a_broken_install_is_no_damaged_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ImportError("No module named 'some_cleaner'")

    (tmp_path / "p.html").write_text(f"<html><body><p>{BODY}</p></body></html>")
    monkeypatch.setattr(file_reader, "article_from", broken)
    with pytest.raises(ImportError, match=r"not completely installed.*some_cleaner"):
        list(nk.scan_articles(tmp_path))
