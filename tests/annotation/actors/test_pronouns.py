"""Whom pronouns stand for."""

from __future__ import annotations

import pytest
from spacy.language import Language

import newskit as nk
from tests.annotation.actors.texts import read, who_is


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anna Novak said that she would not sign the agreement with the union.", {"she": "anna-novak"}),
        ("Anna Novak praised him after the talks in the capital on Monday evening.", {}),
        ("President Anna Novak met Boris Weiss. Later she praised his work.", {}),
        ("They said it would rain in the whole country until the end of the week.", {}),
    ],
)
def test_pronouns_are_linked_only_where_it_is_safe(nlp: Language, text: str, expected: dict[str, str]) -> None:
    mentions = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).mentions
    pronouns = mentions[mentions["kind"] == "pronoun"]
    found = dict(zip(pronouns["text"], pronouns["actor_id"], strict=True))
    assert expected.items() <= found.items()
    assert expected or "him" not in found


def test_he_is_not_the_first_lady(nlp: Language) -> None:
    text = "First Lady Melania Trump spoke in Berlin on Monday. Later he left the city by train for Hamburg."
    mentions = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).mentions
    assert mentions.set_index("text")["kind"]["he"] == "unresolved"


def test_pronoun_inside_quotation_marks_is_not_the_speaker(nlp: Language) -> None:
    text = "Boris Weiss noted the denial. “He totally denies it, and you have to listen to him,” Boris Weiss told us."
    mentions = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).mentions
    assert mentions.loc[mentions["text"].isin(["He", "him"]), "actor_id"].isna().all()


def test_it_that_stands_for_nothing_is_no_mention(nlp: Language) -> None:
    assert "It" not in read(
        nlp, "Russia signed the treaty on Monday. It is clear that nobody was pleased with the text."
    )


def test_i_inside_a_quotation_is_its_speaker(nlp: Language) -> None:
    text = (
        "“I know my job,” Boris Weiss said on Monday. “We will strike,” the Northern Transport Union said. "
        "“We won,” Boris Weiss added. I know better."
    )
    corpus = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp)
    spoken = corpus.mentions[corpus.mentions["rule"] == "pronoun: speaker of the quotation"]
    assert spoken[["text", "actor_id"]].to_numpy().tolist() == [
        ["I", "boris-weiss"],
        ["my", "boris-weiss"],
        ["We", "northern-transport-union"],
    ]
    assert set(spoken["mention_id"]).isdisjoint(corpus.stances["mention_id"]), "nobody is evaluated by his own words"


@pytest.mark.parametrize(
    ("text", "pronoun", "name"),
    [
        ("Ivan Petrov left on Monday. Boris Weiss told Ivan Petrov that he would lose.", "he", "Boris Weiss"),
        ("The talks with Boris Weiss and Ivan Petrov failed. He left early.", "He", ""),
        ("Anna Novak met Boris Weiss on Monday. He left early.", "He", "Boris Weiss"),
        ("Boris Weiss praised him on Monday.", "him", ""),
        ("Boris Weiss left the city on Monday. Ivan Petrov praised him on Tuesday.", "him", "Boris Weiss"),
        ("Boris Weiss spoke on Monday. The hall was full. The talks were long. He left early.", "He", "Boris Weiss"),
        ("Boris Weiss met Ivan Petrov. “He lost,” Boris Weiss said on Monday.", "He", "Ivan Petrov"),
    ],
    ids=[
        "subject above",
        "nobody leads",
        "known gender",
        "own verb",
        "own verb, another",
        "far back",
        "not the speaker",
    ],
)
def test_whom_he_means(nlp: Language, text: str, pronoun: str, name: str) -> None:
    assert dict(who_is(nlp, text))[pronoun] == name
