"""The bootstrap behind every interval: resampling articles, also thousands of them and as many groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from newskit.schema import LABELS

RESAMPLES: Final = 2000
MIN_UNITS: Final = 5
"""Fewest articles (or sentences) from which an interval is given: fewer say too little about their spread."""
_BLOCK: Final = 250
_CELLS: Final = 2_000_000
"""Draws held at once for each measure: with more groups they are worked out some at a time."""
_KEPT: Final = 64_000_000

Whole = NDArray[np.integer[Any]]
Numbers = NDArray[np.floating[Any]] | Whole
Interval = tuple[NDArray[np.float64], NDArray[np.float64]]


class Weights:
    """How often each of `n_units` units is in each of `RESAMPLES` resamples; the same whenever it is asked."""

    def __init__(self, n_units: int, seed: int = 0) -> None:
        self.n_units, self.seed = n_units, seed
        self._kept: list[NDArray[np.uint8]] | None = [] if n_units * RESAMPLES <= _KEPT else None

    def blocks(self) -> Iterator[tuple[slice, NDArray[np.float64]]]:
        """Some resamples at a time: which they are, and the weights (units, resamples)."""
        if self._kept:
            kept: Iterator[NDArray[np.uint8]] = iter(self._kept)
        else:
            kept = self._drawn()
        for number, weights in enumerate(kept):
            first = number * _BLOCK
            yield slice(first, first + len(weights)), weights.T.astype(np.float64, order="C")

    def _drawn(self) -> Iterator[NDArray[np.uint8]]:
        rng = np.random.default_rng(self.seed)
        n = self.n_units
        few = max(1, 250_000 // n)  # as many resamples at once as the counts stay in the processor's cache
        for first in range(0, RESAMPLES, _BLOCK):
            size = min(_BLOCK, RESAMPLES - first)
            block = np.empty((size, n), dtype=np.uint8)
            for at in range(0, size, few):
                some = min(few, size - at)
                drawn = rng.integers(0, n, size=(some, n)) + n * np.arange(some)[:, None]
                counts = np.bincount(drawn.ravel(), minlength=some * n)
                block[at : at + some] = np.minimum(counts, 255).reshape(some, n)
            if self._kept is not None:
                self._kept.append(block)
            yield block


def percentiles(draws: NDArray[np.float64], enough: NDArray[np.bool_]) -> Interval:
    """The 2.5th and 97.5th percentile of each group's draws (resamples, groups); NaN where not `enough`."""
    low, high = np.full(draws.shape[1], np.nan), np.full(draws.shape[1], np.nan)
    gaps = np.isnan(draws)
    whole = enough & ~gaps.any(axis=0)
    if whole.any():
        low[whole], high[whole] = np.percentile(draws[:, whole].T, [2.5, 97.5], axis=1)
    for column in np.flatnonzero(enough & gaps.any(axis=0) & ~gaps.all(axis=0)):
        low[column], high[column] = np.nanpercentile(draws[:, column], [2.5, 97.5])
    return low, high


def units_seen(units: Whole, groups: Whole, n_groups: int) -> Whole:
    """How many units have rows in each group."""
    n_units = int(units.max()) + 1 if len(units) else 1
    return np.bincount(np.unique(groups.astype(np.int64) * n_units + units) // n_units, minlength=n_groups)


def _matrix(values: Numbers, rows: Whole, columns: Whole, shape: tuple[int, int]) -> sparse.csr_matrix:
    return sparse.csr_matrix((np.asarray(values, dtype=float), (rows, columns)), shape=shape)


def _unlike(matrix: sparse.csr_matrix, rng: np.random.Generator) -> tuple[Whole, Whole]:
    """Rows of which no two are alike, and for each row the number of its like among them.

    Two rows are taken for alike if a random projection of 2 × 53 bits is the same. The many actors that one article
    names once are drawn once.
    """
    mark = matrix @ rng.random((matrix.shape[1], 2))
    _, first, like = np.unique(mark, axis=0, return_index=True, return_inverse=True)
    return first, like.ravel()


def ratio_intervals(
    numerator: Numbers,
    denominator: Numbers,
    *,
    units: Whole,
    n_units: int,
    groups: Whole,
    n_groups: int,
    shared_denominator: bool = False,
    weights: Weights | None = None,
) -> Interval:
    """95 % percentile bootstrap intervals of sum(numerator)/sum(denominator) per group, resampling units.

    All groups share the resamples. With a shared denominator, that of a group is everybody's. Fewer
    than `MIN_UNITS` units with rows give NaN.
    """
    low, high = np.full(n_groups, np.nan), np.full(n_groups, np.nan)
    if not n_units:
        return low, high
    weights = weights or Weights(n_units)
    above = _matrix(numerator, groups, units, (n_groups, n_units))
    if shared_denominator:
        below = sparse.csr_matrix(np.bincount(units, weights=denominator, minlength=n_units))
        enough = np.full(n_groups, len(np.unique(units)) >= MIN_UNITS)
        first, like = _unlike(above, np.random.default_rng(1))
    else:
        below = _matrix(denominator, groups, units, (n_groups, n_units))
        enough = units_seen(units, groups, n_groups) >= MIN_UNITS
        first, like = np.arange(n_groups), np.arange(n_groups)
    ends = np.full((2, len(first)), np.nan)
    chunk = max(1, _CELLS // RESAMPLES)
    wanted = np.flatnonzero(enough[first])
    for at in range(0, len(wanted), chunk):
        some = wanted[at : at + chunk]
        draws = np.empty((len(some), RESAMPLES))
        chosen = above[first[some]]
        under = below if shared_denominator else below[first[some]]
        for which, block in weights.blocks():
            with np.errstate(invalid="ignore", divide="ignore"):
                draws[:, which] = (chosen @ block) / (under @ block)
        ends[:, some] = percentiles(draws.T, np.full(len(some), True))
    return ends[0][like], ends[1][like]


def tone_intervals(
    rows: pd.DataFrame,
    *,
    units: Whole,
    n_units: int,
    groups: Whole,
    n_groups: int,
    confusion: Numbers | None,
    seed: int = 0,
) -> dict[str, Interval]:
    """95 % intervals of the mean score and of the share of each label, per group.

    `rows` have `score` and the labels; with a column `n`, they are sums over so many observations. Each resample of
    the units also draws what the classifier may have got wrong: the true labels behind each
    predicted one, Dirichlet from `confusion` (true label, predicted label; counts on labelled sentences),
    which moves all observations with that label together, and the luck of the single observations.
    Without a confusion matrix the intervals are those of the resampling alone.
    """
    names = ("mean", *LABELS)
    found = {name: (np.full(n_groups, np.nan), np.full(n_groups, np.nan)) for name in names}
    wanted = np.flatnonzero(units_seen(units, groups, n_groups) >= MIN_UNITS)
    if not len(wanted):
        return found
    shape = (n_groups, n_units)
    measures = [_matrix(rows[m].to_numpy(), groups, units, shape) for m in ("score", *LABELS)]
    size = _matrix(rows["n"].to_numpy() if "n" in rows else np.ones(len(rows)), groups, units, shape)
    weights = Weights(n_units, seed)
    rng = np.random.default_rng(seed + 1)
    misread = None if confusion is None else _Misreading(confusion, rng)
    chunk = max(1, _CELLS // (4 * RESAMPLES))
    for at in range(0, len(wanted), chunk):
        some = wanted[at : at + chunk]
        draws = np.empty((4, RESAMPLES, len(some)))
        n = np.empty((RESAMPLES, len(some)))
        chosen = sparse.vstack([matrix[some] for matrix in (size, *measures)], format="csr")
        for which, block in weights.blocks():
            sums = (chosen @ block).reshape(5, len(some), -1).transpose(0, 2, 1)
            n[which] = sums[0]
            with np.errstate(invalid="ignore", divide="ignore"):
                draws[:, which] = sums[1:] / sums[0]
        if misread is not None:
            with np.errstate(invalid="ignore", divide="ignore"):
                draws += misread.draw(draws[1:], n)
        np.clip(draws[0], -1, 1, out=draws[0])
        np.clip(draws[1:], 0, 1, out=draws[1:])
        for number, name in enumerate(names):
            low, high = percentiles(draws[number], np.full(len(some), True))
            found[name][0][some], found[name][1][some] = low, high
    return found


class _Misreading:
    """What misread labels may add to a mean score and to the share of each label."""

    def __init__(self, confusion: Numbers, rng: np.random.Generator) -> None:
        counts = confusion.T + 0.5  # predicted label, true label; Jeffreys prior
        self.rng = rng
        self.expected = counts / counts.sum(axis=1, keepdims=True)
        drawn = np.stack([rng.dirichlet(row, size=RESAMPLES) for row in counts])  # predicted, resample, true
        self.off = drawn - self.expected[:, None, :]

    def draw(self, shares: NDArray[np.float64], n: NDArray[np.float64]) -> NDArray[np.float64]:
        """To be added, (4, resamples, groups): `shares` (3, resamples, groups) are those of the predicted labels,
        `n` the observations."""
        values = np.array([-1.0, 0.0, 1.0])
        expected = self.expected
        of_score = expected @ values**2 - (expected @ values) ** 2
        variance = np.concatenate([of_score[:, None], expected * (1 - expected)], axis=1)  # predicted, measure
        added = np.empty((4, *n.shape))
        for measure in range(4):
            moves = self.off @ values if measure == 0 else self.off[:, :, measure - 1]  # predicted, resample
            moved = np.zeros(n.shape)
            spread = np.zeros(n.shape)
            for predicted in range(3):
                moved += shares[predicted] * moves[predicted][:, None]
                spread += shares[predicted] * variance[predicted, measure]
            luck = np.sqrt(np.maximum(spread, 0) / n)
            luck *= self.rng.standard_normal(n.shape)
            added[measure] = moved + luck
        return added
