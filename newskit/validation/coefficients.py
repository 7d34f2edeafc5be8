"""Coefficients of agreement between coders, and their bootstrap, on plain arrays."""

from __future__ import annotations

from itertools import combinations
from typing import Final, Literal

import krippendorff
import numpy as np
from numpy.typing import NDArray

RESAMPLES: Final = 1000
MIN_CLUSTERS: Final = 5
"""Fewest articles (or rows) from which an interval is given."""
MEASURES: Final = ("observed", "alpha", "alpha_ordinal", "kappa", "ac1")
Ratings = NDArray[np.int64]
"""What each coder gave each row, (rows, coders): the number of the code, -1 where there is none."""


def coefficients(ratings: Ratings, n_codes: int, *, ordered: bool) -> dict[str, float]:
    """The measures of agreement; NaN where they are not defined."""
    counts = counts_of(ratings, n_codes)
    return {
        "observed": float(np.mean(_agreeing(counts))) if len(_agreeing(counts)) else np.nan,
        "alpha": alpha(counts, "nominal"),
        "alpha_ordinal": alpha(counts, "ordinal") if ordered else np.nan,
        "kappa": kappa(ratings, n_codes),
        "ac1": ac1(counts),
    }


def counts_of(ratings: Ratings, n_codes: int) -> NDArray[np.int64]:
    """How many coders gave each row each code, (rows, codes)."""
    counts: NDArray[np.int64] = (ratings[:, :, None] == np.arange(n_codes)).sum(axis=1)
    return counts


def alpha(counts: NDArray[np.int64], level: Literal["nominal", "ordinal", "interval"]) -> float:
    """Krippendorff's alpha; NaN if only one code was given, or no row has two codings."""
    pairable = counts[counts.sum(axis=1) >= 2]
    if np.count_nonzero(pairable.sum(axis=0)) < 2:
        return np.nan
    return float(krippendorff.alpha(value_counts=pairable, level_of_measurement=level))


def kappa(ratings: Ratings, n_codes: int) -> float:
    """Cohen's kappa, for more than two coders its mean over the pairs; NaN if a pair gave one code only."""
    pairs = [_kappa(ratings[:, list(pair)], n_codes) for pair in combinations(range(ratings.shape[1]), 2)]
    known = [value for value in pairs if value is not None]
    return float(np.mean(known)) if known else np.nan


def _kappa(pair: Ratings, n_codes: int) -> float | None:
    """Cohen's kappa of two coders; None if they have no row in common."""
    both = pair[(pair >= 0).all(axis=1)]
    if not len(both):
        return None
    table = np.bincount(both[:, 0] * n_codes + both[:, 1], minlength=n_codes**2).reshape(n_codes, n_codes) / len(both)
    expected = float(table.sum(axis=0) @ table.sum(axis=1))
    agreeing = float(np.trace(table))
    return (agreeing - expected) / (1 - expected) if expected < 1 else np.nan


def ac1(counts: NDArray[np.int64]) -> float:
    """Gwet's AC1 with any number of coders; NaN if only one code was given, or no row has two codings."""
    rated = counts[counts.sum(axis=1) >= 1]
    agreeing, n_codes = _agreeing(counts), counts.shape[1]
    if not len(agreeing) or np.count_nonzero(rated.sum(axis=0)) < 2:
        return np.nan
    shares = (rated / rated.sum(axis=1, keepdims=True)).mean(axis=0)
    by_chance = float(shares @ (1 - shares)) / (n_codes - 1)
    return float((np.mean(agreeing) - by_chance) / (1 - by_chance))


def _agreeing(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """The share of pairs of coders that agree, for each row that two or more coded."""
    n = counts.sum(axis=1)
    some, n = counts[n >= 2], n[n >= 2]
    agreeing: NDArray[np.float64] = (some * (some - 1)).sum(axis=1) / (n * (n - 1))
    return agreeing


def bootstrap(
    ratings: Ratings, clusters: NDArray[np.int64], n_codes: int, *, ordered: bool, seed: int
) -> dict[str, tuple[float, float]]:
    """95 % percentile intervals of the measures, resampling clusters of rows.

    There are none for fewer than `MIN_CLUSTERS` clusters, nor where nobody disagrees: every resample is the same then.
    """
    none = dict.fromkeys(MEASURES, (np.nan, np.nan))
    n_clusters = len(np.unique(clusters))
    if n_clusters < MIN_CLUSTERS or np.all(_agreeing(counts_of(ratings, n_codes)) == 1):
        return none
    by_cluster = [np.flatnonzero(clusters == one) for one in np.unique(clusters)]
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(RESAMPLES):
        rows = np.concatenate([by_cluster[at] for at in rng.integers(0, n_clusters, n_clusters)])
        drawn.append([*coefficients(ratings[rows], n_codes, ordered=ordered).values()])
    values = np.array(drawn)
    known = ~np.isnan(values).all(axis=0)
    ends = np.full((2, len(MEASURES)), np.nan)
    ends[:, known] = np.nanquantile(values[:, known], [0.025, 0.975], axis=0)
    return {name: (float(ends[0, at]), float(ends[1, at])) for at, name in enumerate(MEASURES)}
