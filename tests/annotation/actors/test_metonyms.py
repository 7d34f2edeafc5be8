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


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("A flood in Japan killed ten on Monday.", "place"),
        ("Protests spread across Georgia and Armenia on Monday.", "place"),
        ("The family fled to Jordan on Monday.", "place"),
        ("Lawmakers in Japan passed the bill on Monday.", "name"),
        ("Trust in Japan has grown since Monday.", "name"),
        ("The ambassador sent a letter to Japan on Monday.", "name"),
        ("Japan closed the port on Monday.", "name"),
        ("The Japanese economy grew on Monday.", "place"),
        ("U.S. carmakers closed their plants on Monday.", "place"),
        ("Japanese troops left the port on Monday.", "name"),
        ("U.S. sanctions hit the port on Monday.", "name"),
        ("The U.S.-backed rebels left the port on Monday.", "name"),
        ("Talks with the Russians went on until Monday.", "name"),
        ("He lied to millions of Americans on Monday.", "place"),
        ("Republican voters stayed at home on Monday.", "place"),
        ("Republican senators stayed at home on Monday.", "name"),
    ],
)
def test_where_a_state_is_only_a_place(nlp: Language, text: str, kind: str) -> None:
    found = [m for m in mentions_of(nlp, text) if m.type == "catalog"]
    assert {m.kind for m in found} == {kind}
    assert all(("is not the government here" in m.rule) == (kind == "place") for m in found)
