"""Pairs of entities: which are held out, how they are turned, and their scores."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from training.common.sentences import Sentence
from training.directed.pairs import distinct, folds, read_pairs, report, turned

PAIRS = [Sentence(f"Ann met Ben {n // 2}.", ((0, 3), (8, 11)), (n % 5,)) for n in range(400)]


def test_unlabelled_pairs(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text('{"text": "Ann met Ben.", "spans": [[0, 3], [8, 11]]}\n', encoding="utf-8")
    assert read_pairs(path) == [Sentence("Ann met Ben.", ((0, 3), (8, 11)), (-1,))]


def test_a_pair_is_learned_once_per_label() -> None:
    one, other = PAIRS[:2]
    assert distinct([one, other, one]) == [one, other]


def test_a_tenth_of_the_sentences_is_held_out_with_all_their_pairs() -> None:
    kept, held = folds(PAIRS, 10, 0)
    assert sorted([*kept, *held], key=PAIRS.index) == PAIRS
    assert not {s.text for s in kept} & {s.text for s in held}
    assert 20 < len(held) < 60
    assert folds(PAIRS, 10, -1) == (PAIRS, [])
    every = [s for n in range(10) for s in folds(PAIRS, 10, n)[1]]
    assert sorted(every, key=PAIRS.index) == PAIRS


def test_a_turned_pair_changes_who_evaluates() -> None:
    pair = Sentence("Ann met Ben.", ((0, 3), (8, 11)), (1,))
    assert turned(pair) == Sentence("Ann met Ben.", ((8, 11), (0, 3)), (2,))
    assert [turned(Sentence("", (), (label,))).labels[0] for label in (0, 1, 2, 3, 4, -1)] == [0, 2, 1, 4, 3, -1]


def test_report() -> None:
    scores = np.eye(5)[[0, 0, 1, 3]]
    found = report(scores, [0, 2, 1, 3])
    assert found["accuracy"] == 0.75
    assert found["per_class"] == [0.667, 1.0, 0.0, 1.0, 0.0]
    assert found["macro_f1"] == 0.5333
