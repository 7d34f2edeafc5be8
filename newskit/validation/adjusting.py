"""Outcomes adjusted by a coded sample, row by row: design-based supervised learning, on plain arrays."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_FOLDS: Final = 5
_FEWEST: Final = 20
"""Coded rows from which the model's values are calibrated."""
_PENALTY: Final = 1.0


class Adjusted(NamedTuple):
    """A value for every row."""

    prediction: Floats
    """What is expected of the row, from what the model says of it; never learned from rows of its own cluster."""
    outcome: Floats
    """The prediction, and for coded rows its error divided by the inclusion probability."""


def adjusted(
    codes: Floats, probabilities: Floats, features: Floats, clusters: NDArray[np.integer[Any]], model: Floats | None
) -> Adjusted:
    """Adjust what a model says of all rows by what coders say of some.

    Parameters
    ----------
    codes : array of float, shape (rows,)
        What coders say; NaN for rows that are not coded.
    probabilities : array of float, shape (rows,)
        Inclusion probabilities; read for coded rows only.
    features : array of float, shape (rows, features)
        What the model says.
    clusters : array of int, shape (rows,)
        The article, or story, of each row.
    model : array of float, shape (rows,), optional
        The model's own value of the outcome, which is the prediction where too few rows are coded to learn from.

    Returns
    -------
    Adjusted
        Its outcome has the expectation of the codes, whatever the model's errors are, so that a mean or a regression
        of it estimates that of the codes.

    Notes
    -----
    Egami, N., Hinck, M., Stewart, B. M., & Wei, H. (2023). Using imperfect surrogates for downstream inference:
    design-based supervised learning for social science applications of large language models. Advances in Neural
    Information Processing Systems, 36. The predictions are those of a weighted ridge regression of the codes on what
    the model says, fitted anew for each of five folds of clusters on the coded rows of the others.
    """
    coded = ~np.isnan(codes)
    weights = np.zeros(len(codes))
    weights[coded] = 1 / probabilities[coded]
    prediction = _predicted(codes, weights, features, clusters, coded, model)
    outcome = prediction.copy()
    outcome[coded] += weights[coded] * (codes[coded] - prediction[coded])
    return Adjusted(prediction, outcome)


def _predicted(
    codes: Floats,
    weights: Floats,
    features: Floats,
    clusters: NDArray[np.integer[Any]],
    coded: NDArray[np.bool_],
    model: Floats | None,
) -> Floats:
    """The expected code of each row."""
    own = np.unique(clusters[coded])
    if coded.sum() < _FEWEST or len(own) < _FOLDS:
        return np.zeros(len(codes)) if model is None else np.nan_to_num(model)
    folds = np.full(len(codes), -1)
    place = np.searchsorted(own, clusters).clip(max=len(own) - 1)
    inside = own[place] == clusters
    folds[inside] = place[inside] % _FOLDS
    x = np.nan_to_num(features)
    spread = x[coded].std(axis=0)
    x = (x - x[coded].mean(axis=0)) / np.where(spread > 0, spread, 1)
    found = np.empty((_FOLDS, len(codes)))
    for fold in range(_FOLDS):
        train = coded & (folds != fold)
        found[fold] = _ridge(x[train], codes[train], weights[train], x)
    prediction = np.where(folds >= 0, found[folds, np.arange(len(codes))], found.mean(axis=0))
    clipped: Floats = np.clip(prediction, codes[coded].min(), codes[coded].max())
    return clipped


def _ridge(x: Floats, y: Floats, weights: Floats, new: Floats) -> Floats:
    """Predictions of a weighted ridge regression; the intercept is not shrunk."""
    w = weights / weights.mean()
    middle = np.average(x, axis=0, weights=w), np.average(y, weights=w)
    z = (x - middle[0]) * w[:, None]
    slopes = np.linalg.solve(z.T @ (x - middle[0]) + _PENALTY * np.eye(x.shape[1]), z.T @ (y - middle[1]))
    return np.asarray(middle[1] + (new - middle[0]) @ slopes, dtype=np.float64)
