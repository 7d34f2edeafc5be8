"""Scores of quotations, by hand."""

from __future__ import annotations

import pytest

from newskit.annotation.quotes.model import FoundQuote
from training.quotes.polnear import Article, Attribution
from training.quotes.scores import overlap, same_source, score

CUE = (40, 44)


def test_overlap() -> None:
    assert overlap((0, 10), [(0, 10)]) == 1
    assert overlap((0, 10), [(5, 15)]) == pytest.approx(1 / 3)
    assert overlap((0, 20), [(0, 5), (10, 15)]) == 0.5
    assert overlap((0, 10), [(10, 20)]) == 0


def test_a_source_may_be_longer_or_shorter() -> None:
    assert same_source((0, 10), (5, 10))
    assert same_source((0, 4), (2, 10))
    assert not same_source((0, 4), (3, 10))
    assert not same_source((0, 4), (4, 10))


def test_precision_recall_and_sources() -> None:
    article = Article(
        "a",
        "",
        [
            Attribution([CUE], [(0, 20)], [(45, 50)]),
            Attribution([CUE], [(60, 80)], [(85, 90)]),
            Attribution([CUE], [(100, 120)], []),
            Attribution([CUE], [(200, 220)], [(230, 240)]),
        ],
    )
    found = [
        FoundQuote(CUE, (0, 18), (45, 50), 0.9),  # right
        FoundQuote(CUE, (0, 20), None, 0.2),  # overlaps best, so that it is matched instead, without a source
        FoundQuote(CUE, (62, 80), (85, 90), 0.9),  # right
        FoundQuote(CUE, (100, 120), None, 0.9),  # right, nobody to name
        FoundQuote(CUE, (212, 232), (230, 240), 0.9),  # overlaps too little
    ]
    scores = score([article], [found])
    assert scores["precision"] == pytest.approx(3 / 5)
    assert scores["recall"] == pytest.approx(3 / 4)
    assert scores["f1"] == pytest.approx(2 / 3)
    assert scores["source_accuracy"] == pytest.approx(1 / 2)
    # Of four guesses beside the one that names nobody rightly, and of three sources, one is right.
    assert scores["f1_with_source"] == pytest.approx(2 * (1 / 4) * (1 / 3) / (1 / 4 + 1 / 3))


def test_nothing_found_scores_nothing() -> None:
    assert set(score([Article("a", "", [Attribution([CUE], [(0, 5)], [])])], [[]]).values()) == {0.0}
