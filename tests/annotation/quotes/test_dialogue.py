"""Several speakers in one paragraph, and words in marks of all kinds."""

from __future__ import annotations

import re

import pytest
from spacy.language import Language

import newskit as nk

PEOPLE = "Anna Novak met Petra Kral and Boris Weiss in Prague."


def said(nlp: Language, text: str) -> dict[str, set[tuple[str, str]]]:
    """Speakers and kinds of the quotations with each piece in quotation marks."""
    rows = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).quotes.to_dict("records")
    return {
        mark[1]: {
            (row["speaker_id"], row["kind"])
            for row in rows
            if row["content_start"] <= mark.start(1) and mark.end(1) <= row["content_end"]
        }
        for mark in re.finditer(r"“([^”]+)”", text)
    }


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("“The bridge is unsafe,” Novak warned. “Nonsense,” Kral replied. “It was mended in May.”", "akk"),
        ("“We pay too much,” Novak said. “We do not,” Kral said. “We pay late,” Weiss said.", "akb"),
        ("“Who will pay?” asked Kral. Novak said: “The city will pay for all of it in the end.”", "ka"),
        ("“The city,” Novak told reporters, “will pay for all of it in the end.”", "aa"),
        ("“We will go,” Novak said, and Kral added: “We will not come back before the summer.”", "ak"),
        (
            "“No!” shouted Weiss. “You must not,” Kral begged. “I must,” Novak answered. “There is no other way.”",
            "bkaa",
        ),
    ],
)
def test_speakers_share_no_content(nlp: Language, text: str, speakers: str) -> None:
    names = {"a": "anna-novak", "k": "petra-kral", "b": "boris-weiss"}
    expected = [{(names[letter], "direct")} for letter in speakers]
    assert list(said(nlp, f"{PEOPLE} {text}").values()) == expected


@pytest.mark.parametrize(
    ("text", "contents"),
    [
        (
            '"They said "later" and never came back to us," Novak said. "We waited for them all day," Kral said.',
            ['"They said "later" and never came back to us,"', '"We waited for them all day,"'],
        ),
        (
            'The door is 6\' 2" high. "It is far too low for my brother," Novak said on Monday.',
            ['"It is far too low for my brother,"'],
        ),
    ],
)
def test_marks_inside_marks_and_inches(nlp: Language, text: str, contents: list[str]) -> None:
    whole = f"{PEOPLE} {text}"
    rows = nk.annotate(nk.Article(article_id="x", text=whole), nlp=nlp).quotes
    assert [whole[a:b] for a, b in zip(rows["content_start"], rows["content_end"], strict=True)] == contents
    assert set(rows["kind"]) == {"direct"}


def test_a_paragraph_of_quoted_words_belongs_to_the_verb_that_leads_up_to_it(nlp: Language) -> None:
    text = f"{PEOPLE} On Friday Kral wrote:\n\n“The wards are full and the nurses are tired of it all.”"
    assert list(said(nlp, text).values()) == [{("petra-kral", "direct")}]
