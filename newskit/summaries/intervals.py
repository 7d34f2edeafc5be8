"""The bootstrap behind every interval of a mean or share; it scales to thousands of articles and of groups."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from newskit.schema import LABELS

RESAMPLES: Final = 2000
MIN_UNITS: Final = 5
"""Fewest articles (or sentences) from which an interval is given: fewer say too little about their spread."""
_BLOCK: Final = 125
_CHUNK: Final = 500
"""Groups worked out at once by a thread."""
_CACHED: Final = 50
"""Groups whose draws fit the processor's cache."""
_KEPT: Final = 64_000_000

Whole = NDArray[np.integer[Any]]
Numbers = NDArray[np.floating[Any]] | Whole
Result = TypeVar("Result")
Interval = tuple[NDArray[np.float64], NDArray[np.float64]]


class Weights:
    """How often each of `n_units` units is in each of `RESAMPLES` resamples; the same whenever it is asked."""

    def __init__(self, n_units: int, seed: int = 0) -> None:
        self.n_units, self.seed = n_units, seed
        self._kept: list[NDArray[np.uint8]] | None = [] if n_units * RESAMPLES <= _KEPT else None

    def ready(self) -> Weights:
        """Itself, with the weights drawn if they are kept: threads may then share it."""
        if self._kept == []:
            for _ in self._drawn():
                pass
        return self

    def blocks(self, units: Whole | None = None) -> Iterator[tuple[slice, NDArray[np.float64]]]:
        """Some resamples at a time: which they are, and the weights (units, resamples), of all units or of some."""
        if self._kept:
            kept: Iterator[NDArray[np.uint8]] = iter(self._kept)
        else:
            kept = self._drawn()
        for number, weights in enumerate(kept):
            first = number * _BLOCK
            some = weights if units is None else weights[:, units]
            yield slice(first, first + len(weights)), some.T.astype(np.float64, order="C")

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


def percentiles(draws: NDArray[np.float64]) -> Interval:
    """The 2.5th and 97.5th percentile of each row, interpolated, without its NaN; NaN where there is nothing else.

    The rows are sorted in place.
    """
    draws.sort(axis=1)  # NaN go last
    last = (~np.isnan(draws)).sum(axis=1) - 1
    rows = np.arange(len(draws))
    ends = []
    for part in (0.025, 0.975):
        at = np.maximum(last, 0) * part
        below = np.floor(at).astype(np.int64)
        above = np.minimum(below + 1, np.maximum(last, 0))
        first, second = draws[rows, below], draws[rows, above]
        ends.append(first + (second - first) * (at - below))
    return ends[0], ends[1]


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
    weights = (weights or Weights(n_units)).ready()
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
    # One group of many is in few of the units: the weights of the others count for nothing.
    used = np.unique(units)
    above, below = above[:, used], below[:, used]

    def work(some: Whole) -> Interval:
        draws = np.empty((len(some), RESAMPLES))
        chosen = above[first[some]]
        under = below if shared_denominator else below[first[some]]
        for which, block in weights.blocks(used):
            with np.errstate(invalid="ignore", divide="ignore"):
                draws[:, which] = (chosen @ block) / (under @ block)
        return percentiles(draws)

    for some, interval in _threaded(work, np.flatnonzero(enough[first])):
        ends[:, some] = interval
    return ends[0][like], ends[1][like]


def tone_intervals(
    rows: pd.DataFrame,
    *,
    units: Whole,
    n_units: int,
    groups: Whole,
    n_groups: int,
    seed: int = 0,
) -> dict[str, Interval]:
    """95 % intervals of the mean score and of the share of each label, per group.

    `rows` have `score` and the labels; with a column `n`, they are sums over so many observations. The units are
    resampled, and what was measured is taken as it is. A share that is the same in every resample, of a label that
    none or all observations have, has no interval.
    """
    names = ("mean", *LABELS)
    found = {name: (np.full(n_groups, np.nan), np.full(n_groups, np.nan)) for name in names}
    wanted = np.flatnonzero(units_seen(units, groups, n_groups) >= MIN_UNITS)
    if not len(wanted):
        return found
    # Of each group four rows that stand together: observations, score, negative, positive.
    sums = [rows["n"].to_numpy(dtype=float) if "n" in rows else np.ones(len(rows))]
    sums += [rows[name].to_numpy(dtype=float) for name in ("score", "negative", "positive")]
    places = np.concatenate([groups * 4 + measure for measure in range(4)])
    matrix = _matrix(np.concatenate(sums), places, np.tile(units, 4), (n_groups * 4, n_units))
    weights = Weights(n_units, seed).ready()

    def work(some: Whole) -> dict[str, Interval]:
        chosen = matrix[(some[:, None] * 4 + np.arange(4)).ravel()]
        draws = np.empty((len(some), 4, RESAMPLES))
        for which, block in weights.blocks():
            draws[:, :, which] = (chosen @ block).reshape(len(some), 4, -1)
        ends = {name: (np.empty(len(some)), np.empty(len(some))) for name in names}
        for first in range(0, len(some), _CACHED):
            few = slice(first, first + _CACHED)
            with np.errstate(invalid="ignore", divide="ignore"):
                drawn = _shares(draws[few])
            for name in names:
                low, high = percentiles(drawn[name])
                ends[name][0][few], ends[name][1][few] = np.where(low < high, (low, high), np.nan)
        return ends

    for some, ends in _threaded(work, wanted):
        for name in names:
            found[name][0][some], found[name][1][some] = ends[name]
    return found


def _threaded(work: Callable[[Whole], Result], wanted: Whole) -> Iterator[tuple[Whole, Result]]:
    """The result for some groups at a time; numpy and scipy leave the other threads free to run."""
    parts = [wanted[at : at + _CHUNK] for at in range(0, len(wanted), _CHUNK)]
    if len(parts) < 2:
        yield from ((part, work(part)) for part in parts)
        return
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        yield from zip(parts, pool.map(work, parts), strict=True)


def _shares(sums: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """The mean score and the share of each label, (groups, resamples), from the sums (groups, measures, resamples)."""
    n = sums[:, 0].copy()
    mean, negative, positive = (sums[:, measure] / n for measure in (1, 2, 3))
    neutral = 1 - negative - positive
    neutral[neutral < 1e-12] = 0  # none, but for rounding
    drawn = {"mean": mean, "negative": negative, "neutral": neutral, "positive": positive}
    np.clip(mean, -1, 1, out=mean)
    for label in LABELS:
        np.clip(drawn[label], 0, 1, out=drawn[label])
    return drawn
