"""Titles and labels beside a name."""

from __future__ import annotations

import pytest
from spacy.language import Language

import newskit as nk
from tests.annotation.actors.texts import mentions_of


def labels(nlp: Language, text: str) -> dict[str, str]:
    """The appositions of a text with the name of the person that each labels."""
    mentions = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).mentions
    beside = mentions[mentions["kind"] == "apposition"]
    return dict(zip(beside["text"], beside["name"], strict=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "North Korean dictator Kim Jong Un met U.S. President Donald Trump on Monday. Mr. Kim smiled.",
            {"North Korean dictator": "Kim Jong Un", "U.S. President": "Donald Trump"},
        ),
        ("Secretary of State Mike Pompeo left on Monday.", {"Secretary of State": "Mike Pompeo"}),
        (
            "Anna Novak, a spokeswoman for the Northern Transport Union, said on Monday that it would strike.",
            {"spokeswoman for the Northern Transport Union": "Anna Novak"},
        ),
        (
            "The president of the Lombardy region, Roberto Maroni, said on Monday that he would go.",
            {"president of the Lombardy region": "Roberto Maroni"},
        ),
        ("Mr. Boris Weiss met Dr. Anna Novak on Monday in the capital.", {}),
        ("Boris Weiss, Anna Novak and several aides met the president on Monday.", {}),
    ],
)
def test_titles_and_labels_beside_names(nlp: Language, text: str, expected: dict[str, str]) -> None:
    assert labels(nlp, text) == expected


def test_a_label_is_counted_with_its_name_and_not_evaluated(nlp: Language) -> None:
    text = "North Korean dictator Kim Jong Un smiled. President Boris Weiss said that Kim Jong Un was a brilliant man."
    corpus = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp)
    counts = nk.actor_frequency(corpus).set_index("actor_id")["n_mentions"]
    assert counts["kim-jong-un"] == 2
    assert corpus.actors.set_index("actor_id")["n_mentions"]["kim-jong-un"] == 2
    assert corpus.merges().set_index("name")["n_mentions"]["Kim Jong Un"] == 2
    beside = corpus.mentions[corpus.mentions["kind"] == "apposition"]
    assert set(beside["mention_id"]).isdisjoint(corpus.stances["mention_id"])
    assert "north-korea" not in set(corpus.stances["target_id"])
    assert nk.actor_frequency(corpus, kinds="apposition")["n_mentions"].sum() == 2


def spans_of_labels(nlp: Language, text: str) -> list[tuple[str, str]]:
    return [(text[m.start : m.end], m.name) for m in mentions_of(nlp, text) if m.kind == "apposition"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "North Korean dictator Kim Jong Un met Boris Weiss, the dictator Kim Jong Un, on Monday.",
            [("North Korean dictator", "Kim Jong Un"), ("dictator", "Boris Weiss")],
        ),
        ("Boris Weiss, a lawyer for Anna Novak, left.", [("lawyer", "Boris Weiss")]),
        (
            "Anna Novak, the director of the centre for the study of the long history of the old towns of the far "
            "north, left.",
            [("director of the centre", "Anna Novak")],
        ),
    ],
    ids=["labels once", "not another person", "not a long phrase"],
)
def test_how_far_a_label_goes(nlp: Language, text: str, expected: list[tuple[str, str]]) -> None:
    assert spans_of_labels(nlp, text) == expected
