"""Exports of LexisNexis and Nexis Uni."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from newskit.reading.formats.nexis import uni_articles
from tests.reading import layouts
from tests.reading.layouts import AUTHORS, BODIES, DATES, OUTLETS, PARAGRAPHS, TITLES
from tests.reading.scans import folded, scan

LONG_DATE = "May 1, 2024 Wednesday"


def test_nexis_that_announces_more_than_it_has(tmp_path: Path) -> None:
    (tmp_path / "nexis.txt").write_text(layouts.nexis(2))
    articles, _, report = scan(tmp_path / "nexis.txt")
    assert len(articles) == 2
    assert report.files["note"][0] == "announces 3 documents, has 2"


def test_nexis_without_length_and_with_a_document_without_text(tmp_path: Path) -> None:
    text = layouts.nexis()
    for i in range(3):
        text = text.replace(f"LENGTH: {len(BODIES[i].split())} words\n\n", "")
    text += f"\n\n{'4 of 4 DOCUMENTS':>40}\n\n{OUTLETS[0]:^70}\n\n{LONG_DATE:^70}\n\n"
    (tmp_path / "nexis.txt").write_text(text)
    articles, refused, report = scan(tmp_path / "nexis.txt")
    assert [a.title for a in articles] == list(TITLES)
    assert [folded(a.text) for a in articles] == [folded(f"{t} {b}") for t, b in zip(TITLES, BODIES, strict=True)]
    assert refused[0].place == "4 of 4 DOCUMENTS"
    assert report.totals()["empty"] == 1


def test_the_older_layout_of_lexisnexis(tmp_path: Path) -> None:
    parts = [
        f"{f'{i + 1} of 3 DOCUMENTS':>50}\n\n{'Copyright 2024 Tarn Press Company':^70}\n{OUTLETS[i]:^70}\n\n"
        f"{layouts.LONG[i].rpartition(' ')[0] + ', Late Edition - Final':^70}\n\nSECTION: Section A; Pg. 1\n\n"
        f"LENGTH: {len(BODIES[i].split())} words\n\nHEADLINE: {TITLES[i]}\n\nBYLINE:  By {AUTHORS[i]}\n\n"
        f"DATELINE: TARN BAY, March 4\n\nBODY:\n{BODIES[i]}\n\nPEOPLE: BO ROTH (92%); ADA LUND (71%)\n\nURL: http://www.example.org\n\n"
        "LOAD-DATE: May 1, 2024\n\n"
        for i in range(3)
    ]
    (tmp_path / "nexis.txt").write_text("".join(parts))
    articles, _, report = scan(tmp_path / "nexis.txt")
    assert [folded(a.text) for a in articles] == [folded(f"{t} {b}") for t, b in zip(TITLES, BODIES, strict=True)]
    assert [a.outlet for a in articles] == list(OUTLETS)
    assert [str(a.published)[:10] for a in articles] == list(DATES)
    assert [a.author for a in articles] == list(AUTHORS)
    assert report.totals()["truncated"] == 0


def test_nexis_uni_cut_in_its_last_article(tmp_path: Path) -> None:
    lines = layouts.nexis_uni_lines()
    at = max(i for i, line in enumerate(lines) if line == PARAGRAPHS[2][1])
    (tmp_path / "uni.docx").write_bytes(layouts.docx(lines[: at + 1]))
    articles, _, report = scan(tmp_path / "uni.docx")
    assert len(articles) == 3
    assert report.totals()["truncated"] == 1


def test_nexis_uni_with_a_graphic_and_words_of_the_layout_in_the_text(tmp_path: Path) -> None:
    lines = layouts.nexis_uni_lines()
    at = lines.index(PARAGRAPHS[0][2])
    more = ["Language: it was harsh, the mayor said.", "Notes", *["A paragraph below a heading of that name."] * 20]
    lines[at : at + 1] = [*more, PARAGRAPHS[0][2], "Graphic", "The harbour on Monday"]
    (tmp_path / "uni.rtf").write_text(layouts.rtf(lines))
    articles, _, _ = scan(tmp_path / "uni.rtf")
    assert folded(articles[0].text).endswith(folded(" ".join([*more, PARAGRAPHS[0][2]])))


def test_an_article_shorter_than_its_export_says_is_truncated(tmp_path: Path) -> None:
    text = layouts.nexis().replace(f"LENGTH: {len(BODIES[1].split())} words", "LENGTH: 1,200 words")
    (tmp_path / "nexis.txt").write_text(text)
    assert scan(tmp_path / "nexis.txt")[2].totals()["truncated"] == 1


def uni(lines: list[str]) -> list[object]:
    return [values for _, values in uni_articles([f"{line}\n" for line in lines], print)]


def test_the_fields_of_nexis_uni() -> None:
    for i, values in enumerate(uni(layouts.nexis_uni_lines())):
        assert isinstance(values, dict)
        assert (values["title"], values["outlet"], values["author"]) == (TITLES[i], OUTLETS[i], AUTHORS[i])
        assert values["body"] == BODIES[i]
        assert values["_words"] == len(BODIES[i].split())


@pytest.mark.parametrize(("n", "is_text"), [(11, False), (12, True)])
def test_a_long_section_called_notes_is_text(n: int, is_text: bool) -> None:
    lines = layouts.nexis_uni_lines(1)
    at = lines.index("Classification")
    lines[at:at] = ["Notes", *["A paragraph about the harbour."] * n]
    (values,) = uni([line for line in lines if line])
    assert isinstance(values, dict)
    assert ("A paragraph about the harbour." in values["body"]) is is_text


@pytest.mark.parametrize(("n", "found"), [(100, 1), (101, 2)])
def test_many_words_after_the_last_article_are_refused_and_few_are_a_footer(n: int, found: int) -> None:
    values = uni([*layouts.nexis_uni_lines(1), "word " * n])
    assert len(values) == found
    assert [value for value in values if isinstance(value, str)] == [
        "it has neither a date nor a heading 'Body', so it is not an article of Nexis Uni"
    ] * (found - 1)


def test_a_transcript_of_nexis(tmp_path: Path) -> None:
    (tmp_path / "n.txt").write_text(
        f"{'1 of 1 DOCUMENTS':>50}\n\n\n{'Copyright 2024 Tarn Television':^70}\n{'All Rights Reserved':^70}\n"
        f"{'Tarn Television':^70}\n\n{'SHOW: THE HARBOUR HOUR 21:00':^70}\n\n{'March 4, 2024 Monday':^70}\n\n"
        f"{'Transcript # 030400CN.V22':^70}\n\nSECTION: News; International\n\nLENGTH: 77 words\n\n"
        f"HEADLINE: {TITLES[0]}\n\nGUESTS: Lena Brask, Pavel Orel\n\nBYLINE: {AUTHORS[0]}\n\nHIGHLIGHT:\nThe talks.\n\n"
        f"BODY:\n{BODIES[0]}\n\nSOLEN: Good night.\n\nLOAD-DATE: March 5, 2024\n\nLANGUAGE: ENGLISH\n\n"
        "TRANSCRIPT: 030400CN.V22\n\nDOCUMENT-TYPE: SHOW\n\nPUBLICATION-TYPE: Transcript\n"
    )
    (article,), _, _ = scan(tmp_path / "n.txt")
    assert (article.title, article.outlet, article.author) == (TITLES[0], "Tarn Television", AUTHORS[0])
    assert str(article.published)[:10] == "2024-03-04"
    assert folded(article.text) == folded(f"{TITLES[0]} {BODIES[0]} SOLEN: Good night.")


def test_headlines_of_nexis_uni_over_several_lines() -> None:
    long = ["Talks about the harbour of Tarn Bay go on for", "another week, though nobody has anything new", "to say"]
    lines = layouts.nexis_uni_lines()
    for title in TITLES[:2]:
        at = max(i for i, line in enumerate(lines) if line == title)
        lines[at : at + 1] = long
    titles = [values["title"] for values in uni(lines) if isinstance(values, dict)]
    assert titles == [" ".join(long), " ".join(long), TITLES[2]]
    headed = [line for i, line in enumerate(layouts.nexis_uni_lines())]
    at = max(i for i, line in enumerate(headed) if line == TITLES[1])
    headed[at - 1 : at] = ["Page 3 of 5", TITLES[1], ""]  # the head of a page
    assert [values["title"] for values in uni(headed) if isinstance(values, dict)] == list(TITLES)


@pytest.mark.parametrize(
    "days", ["March 4, 2024 - March 10, 2024", "March 4-10, 2024", "Spring 2024", "March/April 2024"]
)
def test_a_week_or_a_season_in_nexis_is_no_day(days: str, tmp_path: Path) -> None:
    (tmp_path / "classic.txt").write_text(layouts.nexis().replace(f"{layouts.LONG[0]:^70}", f"{days:^70}"))
    lines = [days if line.startswith(layouts.LONG[0]) else line for line in layouts.nexis_uni_lines()]
    (tmp_path / "uni.txt").write_text("\n".join(lines))
    articles, _, _ = scan(tmp_path)
    for article in (articles[0], articles[3]):
        assert (article.title, article.outlet, article.published) == (TITLES[0], OUTLETS[0], None)
        assert folded(article.text) == folded(f"{TITLES[0]} {BODIES[0]}")
    assert [str(article.published)[:10] for article in (articles[1], articles[5])] == list(DATES[1:])


def test_nexis_without_blank_lines(tmp_path: Path) -> None:
    lines = (line for line in layouts.nexis(cover=False).splitlines() if line.strip())
    (tmp_path / "n.txt").write_text("\n".join(line.strip() for line in lines))
    articles, _, _ = scan(tmp_path / "n.txt")
    assert [(a.title, a.outlet, a.author) for a in articles] == list(zip(TITLES, OUTLETS, AUTHORS, strict=True))
    assert [str(a.published)[:10] for a in articles] == list(DATES)
    assert [folded(a.text) for a in articles] == [folded(f"{t} {b}") for t, b in zip(TITLES, BODIES, strict=True)]


@pytest.mark.parametrize(
    "title", ["Source: Envoy was told to wait", "Length: a matter of taste", "May 3, 2015, a year on"]
)
def test_a_headline_of_nexis_that_looks_like_a_field(title: str, tmp_path: Path) -> None:
    (tmp_path / "n.txt").write_text(layouts.nexis().replace(TITLES[0], title))
    articles, _, _ = scan(tmp_path / "n.txt")
    assert articles[0].title == title
    assert articles[0].author == AUTHORS[0]


def test_the_head_of_a_page_within_a_text_of_nexis_uni() -> None:
    lines = layouts.nexis_uni_lines()
    at = lines.index(PARAGRAPHS[1][1])
    lines[at:at] = ["Page 3 of 7", TITLES[1]]
    values = uni(lines)[1]
    assert isinstance(values, dict)
    assert values["body"] == BODIES[1]


def test_nexis_uni_without_a_date() -> None:
    lines = [line for line in layouts.nexis_uni_lines() if not line.startswith(layouts.LONG)]
    told = [(v["title"], v["outlet"], v["published"]) for v in uni(lines) if isinstance(v, dict)]
    assert told == [(title, outlet, None) for title, outlet in zip(TITLES, OUTLETS, strict=True)]


def test_nexis_uni_in_wrapped_lines(tmp_path: Path) -> None:
    lines = [wrapped for line in layouts.nexis_uni_lines() for wrapped in (textwrap.wrap(line, 76) or [""])]
    for paragraphs in PARAGRAPHS:
        for first in (textwrap.wrap(paragraph, 76)[0] for paragraph in paragraphs):
            lines.insert(lines.index(first), "")
    (tmp_path / "uni.txt").write_text("\n".join(lines))
    for i, article in enumerate(scan(tmp_path / "uni.txt")[0]):
        bodies = [folded(article.text[b.start : b.end]) for b in article.blocks if b.part == "body"]
        assert bodies == list(PARAGRAPHS[i])
