"""Texts in capitals and in small letters."""

from __future__ import annotations

import pytest
from spacy.language import Language

import newskit as nk
from newskit.reading.article import find_blocks
from newskit.reading.letters import letter_case
from newskit.reading.view import view_of
from tests.conftest import check_offsets


@pytest.mark.parametrize(
    ("text", "case"),
    [
        ("MINISTERS MEET IN BONN", "capitals"),
        ("NATO", None),
        ("Ministers meet", None),
        ("ministers meet in bonn to talk about grain today", "small"),
        ("grain and talks", None),
        ("2010 – 2011", None),
    ],
)
def test_what_a_paragraph_is_written_in(text: str, case: str | None) -> None:
    assert letter_case(text) == case


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (
            "CHANCELLOR ANNA NOVAK WENT TO SAUDI ARABIA ON FRIDAY. MRS. NOVAK'S AIDES SAID THAT THE U.S. WAS LATE.",
            "Chancellor Anna Novak went to Saudi Arabia on Friday. Mrs. Novak's aides said that the U.S. was late.",
        ),
        (
            "anna novak flew to north korea. the eu was silent, and novak said she'd go at 5 p.m. i agree.",
            "Anna Novak flew to North Korea. The EU was silent, and Novak said she'd go at 5 p.m. I agree.",
        ),
        (
            "ORBAX, LI AT ODDS OVER GRAIN\n\nThe firm Orbax told Premier Anna Li that the grain was hers.",
            "Orbax, Li at odds over grain\n\nThe firm Orbax told Premier Anna Li that the grain was hers.",
        ),
        ("SO TELL US. US TROOPS LEFT NATO.", "So tell us. US troops left NATO."),
        ("PRESIDENT TRUMP MET SENIOR OFFICIALS", "President Trump met senior officials"),
        ("The NATO summit. THE END", "The NATO summit. THE END"),
    ],
)
def test_how_it_would_be_written(text: str, seen: str) -> None:
    view = view_of(text, find_blocks(text))
    assert view.text == seen
    assert [view.span(i, i + 1) for i in range(len(seen))] == [(i, i + 1) for i in range(len(text))]


def test_actors_of_a_text_in_capitals_and_in_small_letters(nlp: Language) -> None:
    text = "President Anna Novak met Boris Weiss in Geneva on Monday. Mr. Weiss said the United States would not yield."
    forms = [nk.Article(name, form) for name, form in [("a", text), ("b", text.upper()), ("c", text.lower())]]
    corpus = nk.annotate(forms, nlp=nlp, progress=False)
    check_offsets(corpus)
    columns = ["start", "end", "actor_id", "kind"]
    acting = corpus.mentions[corpus.mentions["kind"].isin(["name", "nominal", "pronoun"])]
    found = {key: rows[columns].to_numpy().tolist() for key, rows in acting.groupby("article_id")}
    assert found["a"] == found["b"] == found["c"]
    assert {"anna-novak", "boris-weiss", "united-states"} <= {row[2] for row in found["a"]}
