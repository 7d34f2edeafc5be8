"""Exports of ProQuest and Factiva, and telling the databases apart."""

from __future__ import annotations

import re
from itertools import permutations

import pytest

from newskit.errors import ArticleError
from newskit.reading.formats import records
from newskit.reading.formats.databases import export_records, layout_of
from newskit.reading.formats.dates import parse_date
from newskit.reading.formats.factiva import factiva_records, is_factiva
from newskit.reading.formats.factiva_text import factiva_articles
from newskit.reading.formats.proquest import proquest_articles
from tests.reading import layouts
from tests.reading.layouts import AUTHORS, BODIES, DATES, OUTLETS, PARAGRAPHS, TITLES


def lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


@pytest.mark.parametrize(
    ("text", "layout"),
    [
        (layouts.nexis(), "Nexis"),
        (layouts.nexis(cover=False), "Nexis"),
        ("\n".join(layouts.nexis_uni_lines()), "Nexis Uni"),
        ("\n".join(layouts.nexis_uni_lines()).replace("End of Document", ""), "Nexis Uni"),
        (layouts.proquest(), "ProQuest"),
        (layouts.factiva_text(), "Factiva"),
        ("\n".join(layouts.factiva_coded()), "Factiva"),
        (f"{layouts.proquest()}{layouts.nexis()}", "ProQuest"),
        (f"{layouts.factiva_text()}{layouts.nexis()}", "Factiva"),
        ("\n".join(BODIES), None),
        ("Section: A\nBody\nSection B\n", None),
        ("1 of 3 documents were lost\n", None),
    ],
)
def test_the_database_is_recognised(text: str, layout: str | None) -> None:
    assert layout_of([None, *lines(text)]) == layout


def fields_of(text: str) -> list[object]:
    return [values for _, values in proquest_articles(lines(text), print)]


def test_proquest_keeps_a_sentence_that_looks_like_a_field() -> None:
    text = layouts.proquest().replace(PARAGRAPHS[0][2], f"Source: the company said so.\n\n{PARAGRAPHS[0][2]}")
    found = fields_of(text)
    assert isinstance(found[0], dict)
    assert "Source: the company said so." in found[0]["body"]
    assert found[0]["body"].endswith(PARAGRAPHS[0][2])


def test_proquest_without_a_text_says_which_part_is_missing() -> None:
    text = layouts.proquest()
    for body in BODIES[:2]:
        text = text.replace(body, "")
    found = fields_of(text.replace("Abstract: Three words only.", "", 1))
    assert found[0] == "it has no text: export it from ProQuest with the full text"
    assert found[1] == "it has only an abstract: export it from ProQuest with the full text"
    assert isinstance(found[2], dict)


def test_proquest_takes_outlet_and_date_from_the_publication_info_where_it_must() -> None:
    text = layouts.proquest()
    for i in range(3):
        text = text.replace(f"Publication title: {OUTLETS[i]}; Tarn\n\n", "")
    text = "".join(line for line in lines(text) if not line.startswith("Publication date"))
    found = fields_of(text)[0]
    assert isinstance(found, dict)
    assert (found["outlet"], found["published"]) == (OUTLETS[0], "04 Mar 2024")


@pytest.mark.parametrize("layout", ["ProQuest", "Nexis", "Nexis Uni"])
def test_documents_that_are_announced_and_missing(layout: str) -> None:
    remarks: list[str] = []
    text = {
        "ProQuest": layouts.proquest().replace("of 3", "of 5"),
        "Nexis": layouts.nexis().replace("of 3 DOC", "of 5 DOC"),
        "Nexis Uni": "\n".join(layouts.nexis_uni_lines()).replace("Documents (3)", "Documents (5)"),
    }[layout]
    assert len(list(export_records(lines(text), layout, remarks.append))) == 3
    assert remarks == ["announces 5 documents, has 3"]


@pytest.mark.parametrize("layout", ["ProQuest", "Nexis", "Nexis Uni"])
def test_a_document_that_does_not_end_is_refused_and_not_kept(layout: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MAX_CHARACTERS", 5_000)
    text = {
        "ProQuest": layouts.proquest(),
        "Nexis": layouts.nexis(),
        "Nexis Uni": "\n".join(layouts.nexis_uni_lines()),
    }[layout].replace(PARAGRAPHS[1][2], f"{PARAGRAPHS[1][2]}\n" * 400)
    found = [values for _, values in export_records(lines(text), layout, print)]
    assert [isinstance(values, str) for values in found] == [False, True, False]
    assert "more than 5,000 characters" in str(found[1])
    document: list[str | None] = []
    size = 0
    for _ in range(1000):
        size = records.kept_lines(document, "x" * 100, size)
    assert len(document) == 51
    assert size == 100_000
    broken: list[str | None] = ["a line\n", None]
    assert "a line that is too long" in str(records.too_long(broken))


def test_factiva() -> None:
    page = layouts.factiva()
    assert is_factiva(page)
    assert not is_factiva(layouts.page(0))
    found = [values for _, values in factiva_records(page)]
    for i, values in enumerate(found):
        assert isinstance(values, dict)
        assert values["body"] == BODIES[i]
        assert values["_words"] == len(BODIES[i].split())
        assert (values["title"], values["outlet"], values["language"]) == (TITLES[i], OUTLETS[i], "English")
    without_time = page.replace("<div>22:15 GMT</div>", "")
    assert [values["outlet"] for _, values in factiva_records(without_time)] == list(OUTLETS)  # type: ignore[index]
    for indexed in (False, True):
        empty = layouts.factiva(indexed=indexed)
        for paragraphs in PARAGRAPHS:
            for paragraph in paragraphs:
                empty = empty.replace(paragraph, "")
        assert [values for _, values in factiva_records(empty)] == ["it has no text"] * 3
    with pytest.raises(ArticleError, match="it has no articles"):
        list(factiva_records(layouts.page(0)))


TEXTS = {
    "Nexis": layouts.nexis(),
    "Nexis Uni": "\n".join(layouts.nexis_uni_lines()),
    "Factiva": layouts.factiva_text(),
    "ProQuest": layouts.proquest(),
}


@pytest.mark.parametrize("order", list(permutations(TEXTS)), ids=", ".join)
def test_exports_of_several_layouts_in_one_file(order: tuple[str, ...]) -> None:
    text = "\n\n".join(TEXTS[layout] for layout in order)
    assert layout_of(lines(text)) == order[0]
    remarks: list[str] = []
    found = [values for _, values in export_records(lines(text), order[0], remarks.append)]
    for i, values in enumerate(found):
        assert isinstance(values, dict)
        told = (values["title"], values["outlet"], values["author"], " ".join(values["body"].split()))
        assert told == (TITLES[i % 3], OUTLETS[i % 3], AUTHORS[i % 3], " ".join(BODIES[i % 3].split()))
        assert str(parse_date(values["published"]))[:10] == DATES[i % 3]
    assert len(found) == 12
    assert remarks == [f"has articles of {', '.join(order[1:])} too"]


def test_two_exports_of_one_layout_in_one_file() -> None:
    for layout, text in TEXTS.items():
        found = [values for _, values in export_records(lines(f"{text}\n{text}"), layout, print)]
        assert [values["title"] for values in found if isinstance(values, dict)] == [*TITLES, *TITLES]
        bodies = [" ".join(values["body"].split()) for values in found if isinstance(values, dict)]
        assert bodies == [" ".join(body.split()) for body in BODIES] * 2


def test_words_of_another_layout_in_a_text_change_nothing() -> None:
    more = "\n\nEnd of Document\n\nDocument TARN00002020240304ek340011x\n\nProQuest document ID: 7\n\n"
    text = layouts.nexis().replace("\n\nThe company called", f"{more}The company called", 1)
    found = [values for _, values in export_records(lines(text), "Nexis", print)]
    assert len(found) == 3
    assert isinstance(found[0], dict)
    assert "ProQuest document ID: 7" in found[0]["body"]
    assert found[0]["body"].endswith("wait for the\ncouncil.")


@pytest.mark.parametrize(
    "headline", ["Storm Cuts Power", "A long headline that goes on and on\nover two lines of the file"]
)
@pytest.mark.parametrize("byline", ["", "By Ada Quist\n", "\nAda Quist\n"])
def test_the_headline_of_a_factiva_text(headline: str, byline: str) -> None:
    above = f"{headline}\n{byline}"
    if byline.startswith("\n") and len(headline.split()) < 4:
        above = f"{headline} in three counties\n{byline}"
    text = f"{above}12 words\n4 March 2024\nThe Tarn Courier\nTARN\nEnglish\n(c) 2024\n\n{BODIES[0]}\n\n"
    document = f"{text}Document TARN000020240304ek340011x\n"
    for before in ("", "Dow Jones Factiva\n\n", "News\n"):
        (values,) = [values for _, values in factiva_articles(lines(before + document), print)]
        assert isinstance(values, dict)
        assert values["title"] == " ".join(above.removesuffix(byline).split())
        assert values["author"] == ("Ada Quist" if byline else None)


def test_a_factiva_text_without_a_text_and_one_that_is_cut() -> None:
    text = layouts.factiva_text().replace(BODIES[0], "")
    found = [values for _, values in factiva_articles(lines(text[: text.rindex("\n\nThe last ferry")]), print)]
    assert found[0] == "it has no text"
    assert isinstance(found[2], dict)
    assert found[2]["_cut"]


def test_the_section_above_a_headline_of_factiva_is_no_author() -> None:
    page = layouts.factiva()
    for author in AUTHORS:
        page = page.replace(f"<div>{author}</div>", "")
    page = page.replace('<div id="hd">', '<div>News</div><div id="hd">')
    assert [(v["title"], v["author"]) for _, v in factiva_records(page) if isinstance(v, dict)] == [
        (t, None) for t in TITLES
    ]


@pytest.mark.parametrize(
    "paragraph",
    ["Location: a hall that holds forty, in which two hundred stood.", "People: there were many, and none was asked."],
)
def test_proquest_keeps_a_last_paragraph_that_looks_like_a_field(paragraph: str) -> None:
    text = layouts.proquest()
    for more in ("", "Location: Tarn\n\nPeople: Brask, Lena; Orel, Pavel\n\n"):
        given = text.replace(f"{BODIES[0]}\n\n", f"{BODIES[0]}\n\n{paragraph}\n\n{more}")
        found = fields_of(given)[0]
        assert isinstance(found, dict)
        assert found["body"] == f"{BODIES[0]}\n\n{paragraph}"


def test_the_day_on_which_a_database_was_changed_is_not_that_of_the_paper() -> None:
    text = re.sub(r"(?m)^Publication date.*$", "", layouts.proquest())
    weeks = iter(["Spring 2024", "04 Mar 2024-10 Mar 2024", "(Mar 9-Mar 16, 2024)"])
    text = re.sub(r"\d\d [A-Z][a-z]{2} 2024(?=: A)", lambda _: next(weeks), text)
    assert [values["published"] for values in fields_of(text) if isinstance(values, dict)] == [None] * 3
    for layout in ("Nexis", "Nexis Uni"):
        given = TEXTS[layout]
        for long in layouts.LONG:
            given = given.replace(f"{long} 9:20 AM GMT", "").replace(f"{long:^70}\n", "")
        found = [values for _, values in export_records(lines(given), layout, print)]
        assert [values["published"] for values in found if isinstance(values, dict)] == [None] * 3


def test_credit_and_copyright_below_a_text_are_no_part_of_it() -> None:
    below = "CREDIT: Ada Quist; Staff Writer\n\nCopyright Tarn Press Mar 4, 2024"
    found = fields_of(layouts.proquest().replace(BODIES[0], f"{BODIES[0]}\n\n{below}"))[0]
    assert isinstance(found, dict)
    assert found["body"] == BODIES[0]
    text = layouts.factiva_text().replace(". All rights reserved.\n\n", "\nAll rights reserved.\n\n")
    assert [v["body"] for _, v in factiva_articles(lines(text), print) if isinstance(v, dict)] == list(BODIES)
