"""The bootstrap: intervals against SciPy, and where there is none."""

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


def test_labels_have_the_interval_of_their_share() -> None:
    labels = np.repeat(LABELS, [10, 20, 30])
    rows = pd.DataFrame({"score": 0.0} | {label: (labels == label) * 1.0 for label in LABELS})
    ends = tone_intervals(rows, units=np.arange(60), n_units=60, groups=np.zeros(60, dtype=int), n_groups=1)
    for label, n in zip(LABELS, (10, 20, 30), strict=True):
        expected = stats.binom(60, n / 60).ppf([0.025, 0.975]) / 60
        assert [end[0] for end in ends[label]] == pytest.approx(expected.tolist(), abs=0.02)


def test_a_share_that_no_resample_changes_has_no_interval() -> None:
    rows = pd.DataFrame({"score": np.linspace(-1, 1, 9), "negative": 1.0, "neutral": 0.0, "positive": 0.0})
    ends = tone_intervals(rows, units=np.arange(9), n_units=9, groups=np.zeros(9, dtype=int), n_groups=1)
    assert [bool(np.isnan(ends[name][0][0])) for name in ("mean", *LABELS)] == [False, True, True, True]


def test_five_articles_are_enough_and_four_are_not() -> None:
    for n in (4, 5):
        ones = np.ones(n)
        low, _ = ratio_intervals(ones, ones, units=np.arange(n), n_units=9, groups=np.zeros(n, dtype=int), n_groups=1)
        assert np.isnan(low[0]) == (n == 4)
