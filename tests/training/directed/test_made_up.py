"""Made-up sentences: the words fit together, and the label fits the words."""

from __future__ import annotations

import random

import pytest

from training.directed.made_up import BOTH, DIRECTED, NEITHER, filled, made_up, signs_of, words_for

NAMES = ["Ann", "Ben", "Cid", "the United Nations"]
ENTITIES = {"s": "Ann", "t": "Ben", "o": "Cid"}


@pytest.mark.parametrize("template", [*DIRECTED, *NEITHER, BOTH])
@pytest.mark.parametrize("tail", ["", "in a speech"])
def test_every_slot_is_filled_and_every_entity_found(template: str, tail: str) -> None:
    text, spans = filled(template, ENTITIES, words_for(1, random.Random(1)) | {"tail": tail})
    assert "{" not in text
    assert not any(gap in text for gap in ("  ", " .", " ,"))
    assert {k: text[a:b] for k, (a, b) in spans.items()} == {
        k: n for k, n in ENTITIES.items() if f"{{{k}}}" in template
    }


def test_pairs_stand_in_the_order_of_the_text_and_name_two_entities() -> None:
    for sentence in made_up(500, NAMES, random.Random(1)):
        (a, b), (c, d) = sentence.spans
        assert a < b <= c < d
        assert {sentence.text[a:b], sentence.text[c:d]} <= set(NAMES)


def labels_of(start: str) -> set[int]:
    """The classes of the pair of Ann and Ben in made-up sentences that begin so."""
    found = made_up(20_000, ["Ann", "Ben", "Cid"], random.Random(1))
    ends = {"Ann", "Ben"}
    return {s.labels[0] for s in found if s.text.startswith(start) and {s.text[a:b] for a, b in s.spans} == ends}


@pytest.mark.parametrize(
    ("start", "label"),
    [
        ("Ann praised Ben", 1),
        ("Ann condemned Ben", 3),
        ("Ben was praised by Ann", 2),
        ("Ben was condemned by Ann", 4),
        ("Ann said Ben would travel", 0),
        ("Ann said Cid had praised Ben", 0),
        ("Ann called Ben a liar", 3),
    ],
)
def test_the_class_says_who_evaluates_whom(start: str, label: int) -> None:
    assert labels_of(start) == {label}


def test_praise_of_one_is_blame_of_the_other_where_a_sentence_has_both() -> None:
    assert signs_of(BOTH, 1) == {("s", "t"): 1, ("s", "o"): -1}
    assert signs_of(BOTH, -1) == {("s", "t"): -1, ("s", "o"): 1}
    assert signs_of(NEITHER[0], 1) == {}


def test_a_seed_gives_the_same_sentences() -> None:
    assert made_up(50, NAMES, random.Random(3)) == made_up(50, NAMES, random.Random(3))
    assert made_up(50, NAMES, random.Random(3)) != made_up(50, NAMES, random.Random(4))
