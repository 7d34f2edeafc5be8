"""Exports of ProQuest and Factiva, and telling the databases apart."""

from __future__ import annotations

import pytest

from newskit.errors import ArticleError
from newskit.reading.formats import records
from newskit.reading.formats.databases import export_records, layout_of
from newskit.reading.formats.factiva import factiva_records, is_factiva
from newskit.reading.formats.proquest import proquest_articles
from tests.reading import layouts
from tests.reading.layouts import BODIES, OUTLETS, PARAGRAPHS, TITLES


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
