"""How many rows of each stratum to code."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

ALLOCATIONS: Final = ("proportional", "equal", "neyman")
_Numbers = npt.NDArray[np.float64]


def allocate(n: int, sizes: npt.ArrayLike, *, weights: npt.ArrayLike, at_least: int = 0) -> npt.NDArray[np.int64]:
    """Divide `n` rows among strata in proportion to weights, at least some in each and at most all of it.

    Parameters
    ----------
    n : int
        Rows to draw; all are drawn if there are fewer.
    sizes : array of int, shape (strata,)
        Rows of each stratum.
    weights : array of float, shape (strata,)
        What the numbers are to be proportional to.
    at_least : int, default 0
        Rows of each stratum that are drawn in any case, or all of it if it has fewer.

    Returns
    -------
    array of int, shape (strata,)
        Rows to draw of each; their sum is `n`, or the sum of the sizes if that is less.

    Raises
    ------
    ValueError
        If `n` is too small for `at_least` rows of each stratum.

    Examples
    --------
    >>> allocate(10, [90, 10], weights=[90, 10], at_least=2).tolist()
    [8, 2]
    """
    most = np.asarray(sizes, dtype=float)
    least = np.minimum(most, at_least)
    n = min(n, int(most.sum()))
    if n < least.sum():
        few = ["fewer columns in by and strata"] if len(most) > 1 else []
        few += ["a smaller min_per_stratum"] if at_least > 1 and n >= np.minimum(most, 1).sum() else []
        strata = (
            f"{len(most)} strata with at least {at_least} rows each" if len(most) > 1 else f"min_per_stratum={at_least}"
        )
        raise ValueError(
            f"n={n} is too small for {strata}: draw at least n={int(least.sum())}, or give {' or '.join(few)}"
        )
    parts = np.maximum(np.asarray(weights, dtype=float), 1e-12)
    shares = _filled(n, parts / parts.sum(), least, most)
    counts = np.floor(shares + 1e-9)
    # What rounding leaves goes to those who lose most by it, never beyond what there is.
    order = np.argsort(-np.where(counts < most, shares - counts, -1.0), kind="stable")
    counts[order[: round(n - counts.sum())]] += 1
    return counts.astype(np.int64)


def _filled(n: int, weights: _Numbers, least: _Numbers, most: _Numbers) -> _Numbers:
    """Shares proportional to the weights within bounds, with the sum `n`: found by halving the factor's range."""
    low, high = 0.0, float((most / weights).max())
    for _ in range(200):
        middle = (low + high) / 2
        if np.clip(middle * weights, least, most).sum() < n:
            low = middle
        else:
            high = middle
    return np.clip(high * weights, least, most)


def weights_of(
    allocation: str, sizes: npt.NDArray[np.int64], groups: npt.NDArray[np.int64], doubt: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """What the numbers of rows are proportional to, by stratum.

    "proportional": the size; "equal": as many in each group, and in it by size; "neyman": the size times the standard
    deviation of the model's error (Neyman, J. (1934). On the two different aspects of the representative method.
    Journal of the Royal Statistical Society, 97(4), 558-625).
    """
    if allocation not in ALLOCATIONS:
        raise ValueError(f"allocation is {', '.join(ALLOCATIONS)}, not {allocation!r}")
    whole = sizes.astype(float)
    if allocation == "equal":
        return whole / np.bincount(groups, weights=whole)[groups]
    return whole * doubt if allocation == "neyman" else whole
