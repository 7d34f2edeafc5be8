"""Capitals and seats of government: when they are the government, on Docs built by hand."""

from __future__ import annotations

import pytest
from spacy.language import Language

from tests.annotation.actors.texts import build, mentions_of


def test_capital_that_acts_is_a_government(nlp: Language) -> None:
    mentions = build(
        nlp, "Moscow rejected it .", heads=[1, 1, 1, 1], deps=["nsubj", "ROOT", "dobj", "punct"],
        pos=["PROPN", "VERB", "PRON", "PUNCT"], lemmas=["Moscow", "reject", "it", "."],
    )  # fmt: skip
    assert [m.rule for m in mentions] == ["metonym: Moscow stands for the government of Russia (subject of “rejected”)"]


def test_capital_where_things_happen_is_a_place(nlp: Language) -> None:
    (moscow,) = build(
        nlp, "Talks were in Moscow .", heads=[1, 1, 1, 2, 1], deps=["nsubj", "ROOT", "prep", "pobj", "punct"],
        pos=["NOUN", "VERB", "ADP", "PROPN", "PUNCT"], ents=[(3, 4, "GPE")],
    )  # fmt: skip
    assert (moscow.kind, moscow.rule) == ("place", "place: Moscow, not the government of Russia here")


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Kyiv fell silent on Monday.", ["place"]),
        ("Kyiv rejected the offer on Monday.", ["name"]),
        ("The hotel is by Moscow.", ["place"]),
        ("The offer was rejected by Moscow.", ["name"]),
        ("They had a dinner at the White House on Monday.", ["unresolved", "place"]),
        ("They were at odds with the White House on Monday.", ["unresolved", "name"]),
        ("Protesters surrounded the Kremlin on Monday.", []),
        ("Allies urged the Kremlin to sign on Monday.", ["name"]),
    ],
)
def test_what_makes_a_name_a_government(nlp: Language, text: str, kinds: list[str]) -> None:
    assert [mention.kind for mention in mentions_of(nlp, text)] == kinds
