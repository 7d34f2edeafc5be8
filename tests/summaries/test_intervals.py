"""The bootstrap: intervals against SciPy, and those of a classifier that errs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from newskit.schema import LABELS
from newskit.summaries.intervals import (
    MIN_UNITS,
    RESAMPLES,
    Weights,
    percentiles,
    ratio_intervals,
    tone_intervals,
)


def test_intervals_agree_with_scipy() -> None:
    rng = np.random.default_rng(3)
    below = rng.integers(1, 9, size=40).astype(float)
    above = rng.binomial(below.astype(int), 0.3).astype(float)
    low, high = ratio_intervals(
        above, below, units=np.arange(40), n_units=40, groups=np.zeros(40, dtype=int), n_groups=1
    )
    expected = stats.bootstrap(
        (above, below),
        lambda a, b, axis: a.sum(axis=axis) / b.sum(axis=axis),
        paired=True,
        method="percentile",
        n_resamples=9999,
        rng=np.random.default_rng(4),
    ).confidence_interval
    assert low[0] == pytest.approx(expected.low, abs=0.02)
    assert high[0] == pytest.approx(expected.high, abs=0.02)
    assert high[0] - low[0] > 0.1


def test_intervals_of_shares_agree_with_scipy() -> None:
    """Three actors over thirty articles: the denominator of a share is all mentions of the resampled articles."""
    counts = np.random.default_rng(5).poisson([4, 2, 1], size=(30, 3)).astype(float)
    units, groups = (axis.ravel() for axis in np.indices(counts.shape))
    flat = counts.ravel()
    low, high = ratio_intervals(flat, flat, units=units, n_units=30, groups=groups, n_groups=3, shared_denominator=True)
    for group in range(3):
        expected = stats.bootstrap(
            (counts[:, group], counts.sum(axis=1)),
            lambda a, b, axis: a.sum(axis=axis) / b.sum(axis=axis),
            paired=True,
            method="percentile",
            n_resamples=9999,
            rng=np.random.default_rng(6),
        ).confidence_interval
        assert (low[group], high[group]) == pytest.approx((expected.low, expected.high), abs=0.02)


@pytest.mark.parametrize("shared", [False, True])
def test_too_few_units_give_no_interval(shared: bool) -> None:
    for n, missing in ((MIN_UNITS - 1, True), (MIN_UNITS, False)):
        low, high = ratio_intervals(
            np.arange(n, dtype=float),
            np.ones(n),
            units=np.arange(n),
            n_units=50,
            groups=np.zeros(n, dtype=int),
            n_groups=1,
            shared_denominator=shared,
        )
        assert np.isnan([low[0], high[0]]).tolist() == [missing, missing]


def misread(n: int, confusion: np.ndarray, seed: int, share: np.ndarray) -> tuple[pd.DataFrame, float]:
    """A table of predicted labels of one target, an article each, and the true mean score behind it."""
    rng = np.random.default_rng(seed)
    true = rng.choice(3, size=n, p=share)
    chances = confusion / confusion.sum(axis=1, keepdims=True)
    predicted = np.array([rng.choice(3, p=chances[t]) for t in true])
    joint = share[:, None] * chances  # calibrated scores: what the true label is worth, given the predicted one
    values = (np.array([-1.0, 0.0, 1.0]) @ joint) / joint.sum(axis=0)
    rows = pd.DataFrame({"score": values[predicted]} | {m: (predicted == i) * 1.0 for i, m in enumerate(LABELS)})
    return rows, float(share @ [-1, 0, 1])


def test_intervals_carry_the_errors_of_the_classifier() -> None:
    """They hold the true mean 95 times in 100, where those of the scores alone hold it far less often."""
    truth = np.array([[80, 15, 5], [20, 60, 20], [5, 15, 80]], dtype=float)
    share = np.array([0.5, 0.3, 0.2])
    held = {True: 0, False: 0}
    wide = {True: 0.0, False: 0.0}
    n, runs = 60, 120
    for seed in range(runs):
        rows, mean = misread(n, truth, seed, share)
        counts = np.random.default_rng(seed).multinomial(400, (share[:, None] * truth / 100).ravel()).reshape(3, 3)
        units, groups = np.arange(n), np.zeros(n, dtype=int)
        for carried in (True, False):
            low, high = tone_intervals(
                rows, units=units, n_units=n, groups=groups, n_groups=1, confusion=counts if carried else None
            )["mean"]
            held[carried] += int(low[0] <= mean <= high[0])
            wide[carried] += high[0] - low[0]
    assert 0.92 <= held[True] / runs <= 1
    assert held[False] < held[True]
    assert wide[False] < wide[True]


def test_a_classifier_without_errors_adds_nothing() -> None:
    rows, _ = misread(40, np.eye(3), 1, np.array([0.5, 0.3, 0.2]))
    options = dict(units=np.arange(40), n_units=40, groups=np.zeros(40, dtype=int), n_groups=1)
    exact = tone_intervals(rows, confusion=None, **options)  # type: ignore[arg-type]
    carried = tone_intervals(rows, confusion=np.eye(3) * 1e7, **options)  # type: ignore[arg-type]
    for name, (low, high) in exact.items():
        assert [low[0], high[0]] == pytest.approx([end[0] for end in carried[name]], abs=0.01)


def test_percentiles_leave_out_what_is_missing() -> None:
    draws = np.full((3, 41), np.nan)
    draws[0] = np.random.default_rng(2).permutation(41)
    draws[1, 7] = 3.0
    low, high = percentiles(draws)
    assert [low[0], high[0]] == np.percentile(np.arange(41), [2.5, 97.5]).tolist()
    assert (low[1], high[1]) == (3, 3)
    assert np.isnan([low[2], high[2]]).all()


def test_resamples_are_the_same_whenever_they_are_asked_for() -> None:
    weights = Weights(7)
    first, again, other = (
        np.hstack([block for _, block in some.blocks()]) for some in (weights, weights, Weights(7, seed=1))
    )
    assert first.shape == (7, RESAMPLES)
    assert (first == again).all()
    assert (first == np.hstack([block for _, block in Weights(7).blocks()])).all()
    assert (first != other).any()
    assert (first.sum(axis=0) == 7).all(), "a resample has as many units as the corpus"
    assert first.mean(axis=1) == pytest.approx(np.ones(7), abs=0.1)


def test_groups_that_are_alike_have_the_same_interval() -> None:
    """Actors that one article names once are drawn once; each still gets the interval of its own share."""
    counts = np.array([[3, 0, 3, 1], [0, 1, 0, 0], [2, 0, 2, 0], [1, 1, 1, 5], [4, 0, 4, 2], [0, 0, 0, 1]], dtype=float)
    units, groups = (axis.ravel() for axis in np.indices(counts.shape))
    flat = counts.ravel()
    options = dict(units=units, n_units=6, groups=groups, n_groups=4)
    low, high = ratio_intervals(flat, flat, shared_denominator=True, **options)  # type: ignore[arg-type]
    assert (low[0], high[0]) == (low[2], high[2])
    assert len({*high.tolist()}) == 3
    total = counts.sum(axis=1)[units]
    alone = ratio_intervals(flat, total, **options)  # type: ignore[arg-type]
    np.testing.assert_allclose([low, high], alone)


def test_what_may_be_misread_moves_the_shares_by_hand() -> None:
    """All sentences are called negative, by a classifier that is right in 80 of 100 such calls."""
    n = 40
    rows = pd.DataFrame({"score": -1.0, "negative": 1.0, "neutral": 0.0, "positive": 0.0}, index=range(n))
    confusion = np.array([[80, 0, 0], [10, 100, 0], [10, 0, 100]], dtype=float)
    ends = tone_intervals(
        rows, units=np.arange(n), n_units=n, groups=np.zeros(n, dtype=int), n_groups=1, confusion=confusion
    )
    right = np.array([80.5, 10.5, 10.5]) / 101.5  # half a sentence of prior for each label
    spread = 1.96 * np.sqrt(right * (1 - right) * (1 / (101.5 + 1) + 1 / n))
    (low,), (high,) = ends["negative"]
    assert (low, high) == pytest.approx((1 - spread[0], 1), abs=0.015)
    for label in ("neutral", "positive"):
        (low,), (high,) = ends[label]
        assert (low, high) == pytest.approx((0, spread[1]), abs=0.015)
    of_score = right[0] + right[2] - (right[2] - right[0]) ** 2
    (low,), (high,) = ends["mean"]
    assert (low, high) == pytest.approx((-1, -1 + 1.96 * np.sqrt(of_score * (1 / (101.5 + 1) + 1 / n))), abs=0.015)


def test_labels_that_are_not_misread_have_the_interval_of_their_share() -> None:
    labels = np.repeat(LABELS, [10, 20, 30])
    rows = pd.DataFrame({"score": 0.0} | {label: (labels == label) * 1.0 for label in LABELS})
    ends = tone_intervals(
        rows, units=np.arange(60), n_units=60, groups=np.zeros(60, dtype=int), n_groups=1, confusion=None
    )
    for label, n in zip(LABELS, (10, 20, 30), strict=True):
        expected = stats.binom(60, n / 60).ppf([0.025, 0.975]) / 60
        assert [end[0] for end in ends[label]] == pytest.approx(expected.tolist(), abs=0.02)


def test_five_articles_are_enough_and_four_are_not() -> None:
    for n in (4, 5):
        ones = np.ones(n)
        low, _ = ratio_intervals(ones, ones, units=np.arange(n), n_units=9, groups=np.zeros(n, dtype=int), n_groups=1)
        assert np.isnan(low[0]) == (n == 4)
