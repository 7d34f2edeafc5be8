"""Coefficients of agreement between coders, and their bootstrap, on plain arrays."""

from __future__ import annotations

from itertools import combinations
from typing import Final, Literal, NamedTuple

import krippendorff
import numpy as np
from numpy.typing import NDArray

RESAMPLES: Final = 2000
MIN_CLUSTERS: Final = 5
"""Fewest articles (or rows) from which an interval is given."""
MEASURES: Final = ("observed", "alpha", "alpha_ordinal", "kappa", "ac1")
Ratings = NDArray[np.int64]
"""What each coder gave each row, (rows, coders): the number of the code, -1 where there is none."""
Floats = NDArray[np.float64]


def coefficients(ratings: Ratings, n_codes: int, *, ordered: bool) -> dict[str, float]:
    """The measures of agreement; NaN where they are not defined."""
    sums = Sums.of(ratings, n_codes).added(np.ones((1, len(ratings))))
    found = {name: float(values[0]) for name, values in sums.measures(ordered=ordered).items()}
    counts = counts_of(ratings, n_codes)
    levels: list[tuple[str, Literal["nominal", "ordinal"]]] = [("alpha", "nominal"), ("alpha_ordinal", "ordinal")]
    for name, level in levels:
        if not np.isnan(found[name]):
            found[name] = alpha(counts, level)
    return found


def counts_of(ratings: Ratings, n_codes: int) -> NDArray[np.int64]:
    """How many coders gave each row each code, (rows, codes)."""
    counts: NDArray[np.int64] = (ratings[:, :, None] == np.arange(n_codes)).sum(axis=1)
    return counts


def alpha(counts: NDArray[np.int64], level: Literal["nominal", "ordinal", "interval"]) -> float:
    """Krippendorff's alpha of rows with how many coders gave each code."""
    return float(krippendorff.alpha(value_counts=counts, level_of_measurement=level))


def bootstrap(
    ratings: Ratings, clusters: NDArray[np.int64], n_codes: int, *, ordered: bool, seed: int
) -> dict[str, tuple[float, float]]:
    """95 % percentile intervals of the measures, resampling clusters of rows.

    There are none for fewer than `MIN_CLUSTERS` clusters with a row that two coders coded, nor where nobody disagrees:
    every resample is the same then.
    """
    _, cluster = np.unique(clusters, return_inverse=True)
    n_clusters = int(cluster.max()) + 1
    whole = Sums.of(ratings, n_codes)
    observed = whole.added(np.ones((1, len(ratings)))).measures(ordered=False)["observed"]
    by_cluster = whole.added((cluster == np.arange(n_clusters)[:, None]).astype(float))
    compared = by_cluster.coded_twice > 0
    if np.count_nonzero(compared) < MIN_CLUSTERS or observed[0] == 1:
        return dict.fromkeys(MEASURES, (np.nan, np.nan))
    rng = np.random.default_rng(seed)
    drawn = np.zeros((RESAMPLES, n_clusters))
    for some in (compared, ~compared):  # apart: rows of one coder alone count in nothing but the chance of AC1
        if n := np.count_nonzero(some):
            drawn[:, some] = rng.multinomial(n, np.full(n, 1 / n), size=RESAMPLES)
    found = {}
    for name, values in by_cluster.added(drawn).measures(ordered=ordered).items():
        known = values[~np.isnan(values)]
        low, high = np.quantile(known, [0.025, 0.975]) if len(known) else (np.nan, np.nan)
        found[name] = (float(low), float(high))
    return found


class Sums(NamedTuple):
    """What the measures are made of, added up over rows; arrays have an element per set of rows.

    The bootstrap adds up what the rows of a cluster add, thousands of times, and works all measures out at once. Its
    alpha is therefore not that of the library, which takes one set of rows at a time; the tests hold the two together.
    """

    coincidences: Floats
    """Pairs of codes given to one row, (sets, codes, codes), each row with weight 1 / (coders - 1)."""
    agreeing: Floats
    """Share of agreeing pairs of coders, of the rows that two or more coded."""
    coded_twice: Floats
    shares: Floats
    """Share of coders who gave a code, (sets, codes), of the rows that anybody coded."""
    coded: Floats
    tables: Floats
    """What the one and the other of a pair of coders gave, (sets, pairs, codes, codes)."""

    @classmethod
    def of(cls, ratings: Ratings, n_codes: int) -> Sums:
        """What each row adds."""
        counts = counts_of(ratings, n_codes).astype(float)
        n = counts.sum(axis=1)
        twice, once = n >= 2, n >= 1
        less = np.maximum(n - 1, 1)
        both = counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(n_codes)
        given = ratings[:, :, None] == np.arange(n_codes)
        pairs = [given[:, a, :, None] & given[:, b, None, :] for a, b in combinations(range(ratings.shape[1]), 2)]
        return cls(
            coincidences=np.where(twice[:, None, None], both / less[:, None, None], 0),
            agreeing=np.where(twice, np.trace(both, axis1=1, axis2=2) / (np.maximum(n, 1) * less), 0),
            coded_twice=twice.astype(float),
            shares=counts / np.maximum(n, 1)[:, None],
            coded=once.astype(float),
            tables=np.stack(pairs, axis=1).astype(float),
        )

    def added(self, weights: Floats) -> Sums:
        """The sums of rows (or sets) with weights, (sets, rows)."""
        return Sums(*(np.tensordot(weights, values, axes=1) for values in self))

    def measures(self, *, ordered: bool) -> dict[str, Floats]:
        """The measures of each set; NaN where only one code was given, or no row was coded twice."""
        with np.errstate(divide="ignore", invalid="ignore"):
            observed = self.agreeing / self.coded_twice
            unordered = np.full(len(observed), np.nan)
            return {
                "observed": observed,
                "alpha": self._alpha(self._apart(ordered=False)),
                "alpha_ordinal": self._alpha(self._apart(ordered=True)) if ordered else unordered,
                "kappa": self._kappa(),
                "ac1": self._ac1(observed),
            }

    def _alpha(self, apart: Floats) -> Floats:
        """Krippendorff's alpha, from how far codes are apart, (sets, codes, codes)."""
        given = self.coincidences.sum(axis=2)
        n = given.sum(axis=1)[:, None, None]
        expected = (given[:, :, None] * given[:, None, :] - given[:, :, None] * np.eye(given.shape[1])) / (n - 1)
        disagreeing = (expected * apart).sum(axis=(1, 2))
        found = 1 - (self.coincidences * apart).sum(axis=(1, 2)) / disagreeing
        return np.where(disagreeing > 0, found, np.nan)

    def _apart(self, *, ordered: bool) -> Floats:
        """The squared distances of codes: 1, or by how many codings lie between them."""
        given = self.coincidences.sum(axis=2)
        if not ordered:
            return np.broadcast_to(1 - np.eye(given.shape[1]), self.coincidences.shape)
        middle = np.cumsum(given, axis=1) - given / 2
        distances: Floats = (middle[:, :, None] - middle[:, None, :]) ** 2
        return distances

    def _kappa(self) -> Floats:
        """Cohen's kappa, the mean over the pairs of coders that have rows in common (Light)."""
        tables = self.tables / self.tables.sum(axis=(2, 3), keepdims=True)
        expected = (tables.sum(axis=2) * tables.sum(axis=3)).sum(axis=2)
        agreeing = np.trace(tables, axis1=2, axis2=3)
        found = np.where(expected < 1, (agreeing - expected) / (1 - expected), np.nan)
        common = self.tables.sum(axis=(2, 3)) > 0
        mean: Floats = np.where(common, found, 0).sum(axis=1) / common.sum(axis=1)
        return mean

    def _ac1(self, observed: Floats) -> Floats:
        """Gwet's AC1; what one coder coded alone counts in the chance, but makes nothing to measure."""
        shares = self.shares / self.coded[:, None]
        by_chance = (shares * (1 - shares)).sum(axis=1) / (shares.shape[1] - 1)
        several = np.count_nonzero(self.coincidences.sum(axis=2), axis=1) > 1
        return np.where(several, (observed - by_chance) / (1 - by_chance), np.nan)
