"""The statistics behind `FrameCoder`: features, regressions, thresholds and learning curves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from scipy.sparse import csr_matrix


_MOST_SPANNED: Final = 4000
REGRESSIONS: Final = {"meaning": ("dense",), "words": ("words",), "all": ("dense", "words", "letters")}


@dataclass(frozen=True)
class Linear:
    """A linear model of several frames: features · weights + offsets."""

    weights: np.ndarray
    offsets: np.ndarray

    def __call__(self, features: np.ndarray | csr_matrix) -> np.ndarray:
        """The score of each frame (columns) in each text (rows)."""
        scores: np.ndarray = features @ self.weights + self.offsets
        return scores


def unit_vector(vector: np.ndarray) -> np.ndarray:
    """A vector scaled to length 1."""
    unit: np.ndarray = vector / max(float(np.linalg.norm(vector)), 1e-12)
    return unit


def inverse_frequencies(counts: csr_matrix) -> np.ndarray:
    """Inverse document frequency, smoothed as if one more text had every word once."""
    found = np.bincount(counts.indices, minlength=counts.shape[1])
    inverse: np.ndarray = np.log((1 + counts.shape[0]) / (1 + found)) + 1
    return inverse


def weighted_counts(counts: csr_matrix, idf: np.ndarray) -> csr_matrix:
    """1 + log of the counts, times the inverse document frequency, each row of length 1."""
    table = counts.astype(float)
    table.data = (1 + np.log(table.data)) * idf[table.indices]
    lengths = np.sqrt(table.power(2).sum(axis=1))
    table.data /= np.repeat(np.maximum(np.asarray(lengths).ravel(), 1e-12), np.diff(table.indptr))
    return table


def joined_features(parts: dict[str, Any], name: str) -> Any:
    """The features that a regression reads, side by side."""
    from scipy import sparse

    chosen = [parts[part] for part in REGRESSIONS[name] if part in parts]
    return chosen[0] if len(chosen) == 1 else sparse.hstack(chosen, format="csr")


def regression(features: Any, coded: np.ndarray, closeness: float) -> Linear:
    """A logistic regression for each frame, with L2 penalty and both classes of equal weight.

    With more features than texts, the solution lies in the span of the texts and is looked for there: it is the same,
    and with word and letter features about a hundred times faster.
    """
    from sklearn.linear_model import LogisticRegression

    weights, offsets = [], []
    back = None
    if features.shape[0] < min(features.shape[1], _MOST_SPANNED):
        gram = features @ features.T
        values, vectors = np.linalg.eigh(gram.toarray() if hasattr(gram, "toarray") else gram)
        kept = values > 1e-9 * values[-1]
        scale = np.sqrt(values[kept])
        whole, features = features, vectors[:, kept] * scale
        back = whole.T @ (vectors[:, kept] / scale)
    for column in coded.T:
        if column.all() or not column.any():  # in a small fold: nothing to distinguish
            weights.append(np.zeros(features.shape[1]))
            offsets.append(20.0 if column.all() else -20.0)
            continue
        model = LogisticRegression(C=closeness, class_weight="balanced", max_iter=2000).fit(features, column)
        weights.append(model.coef_[0])
        offsets.append(float(model.intercept_[0]))
    matrix = np.array(weights).T
    return Linear(matrix if back is None else back @ matrix, np.array(offsets))


def folds_of(coded: np.ndarray, folds: int, seed: int = 0) -> list[tuple[np.ndarray, np.ndarray]]:
    """Random folds among which each frame is spread as evenly as possible, the rarest first."""
    rng = np.random.default_rng(seed)
    fold = np.full(len(coded), -1)
    for frame in np.argsort(coded.sum(axis=0)):
        members = rng.permutation(np.flatnonzero(coded[:, frame] & (fold < 0)))
        fold[members] = (np.arange(len(members)) + rng.integers(folds)) % folds
    rest = rng.permutation(np.flatnonzero(fold < 0))
    fold[rest] = (np.arange(len(rest)) + rng.integers(folds)) % folds
    return [(np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in range(folds) if (fold == k).any()]


def probability(scores: np.ndarray) -> np.ndarray:
    """Scores as probabilities, by the logistic function."""
    from scipy.special import expit

    probabilities: np.ndarray = expit(scores)
    return probabilities


def calibrated(scores: np.ndarray, coded: np.ndarray) -> tuple[float, float, float]:
    """Slope and offset that make held-out scores probabilities (Platt 1999), and the threshold best for F1.

    With calibrated probabilities, the expected F1 is highest at a threshold of half its value (Lipton et al. 2014).
    Expectations vary less from sample to sample than counts of hits.
    """
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1e3).fit(scores[:, None], coded)
    slope, offset = float(model.coef_[0, 0]), float(model.intercept_[0])
    sorted_ = np.sort(probability(slope * scores + offset))[::-1]
    expected = 2 * np.cumsum(sorted_) / (np.arange(1, len(sorted_) + 1) + sorted_.sum())
    return slope, offset, float(expected.max()) / 2


def chosen_frames(probabilities: np.ndarray, threshold: np.ndarray, always: bool) -> np.ndarray:
    """Which frames each text gets: those that reach their threshold, and with `always` at least the nearest to it."""
    chosen: np.ndarray = probabilities >= threshold
    if always and len(chosen):
        likely = np.log(np.maximum(probabilities, 1e-9)) - np.log(threshold)
        chosen[np.arange(len(chosen)), likely.argmax(axis=1)] = True
    return chosen


def f1_score(coded: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """F1 of each frame; 0 for one that is neither coded nor chosen."""
    scores: np.ndarray = 2 * (coded & chosen).sum(axis=0) / np.maximum(coded.sum(axis=0) + chosen.sum(axis=0), 1)
    return scores


def scored(frames: list[str], coded: np.ndarray, chosen: np.ndarray, *, resamples: int = 1000) -> pd.DataFrame:
    """Precision, recall and F1 of each frame, with bootstrap intervals."""
    import pandas as pd

    hits = (coded & chosen).sum(axis=0)
    rng = np.random.default_rng(0)
    draws = []
    for _ in range(resamples):
        rows = rng.integers(len(coded), size=len(coded))
        draws.append(f1_score(coded[rows], chosen[rows]))
    spread = np.column_stack([np.array(draws), np.mean(draws, axis=1)])
    low, high = np.percentile(spread, [2.5, 97.5], axis=0)
    precision = hits / np.maximum(chosen.sum(axis=0), 1)
    recall = hits / np.maximum(coded.sum(axis=0), 1)
    columns: dict[str, Any] = {
        "frame": [*frames, "macro"],
        "n": [*coded.sum(axis=0), len(coded)],
        "precision": [*precision, precision.mean()],
        "recall": [*recall, recall.mean()],
        "f1": [*f1_score(coded, chosen), f1_score(coded, chosen).mean()],
        "low": low,
        "high": high,
    }
    return pd.DataFrame(columns)


def power_law(sizes: np.ndarray, scores: np.ndarray) -> Callable[[float], float]:
    """The curve a − b·n^−c that is nearest to the scores, clipped to 0 and 1."""
    from scipy.optimize import least_squares

    def off(values: np.ndarray) -> np.ndarray:
        difference: np.ndarray = values[0] - values[1] * sizes ** -values[2] - scores
        return difference

    start = [min(0.99, float(scores.max()) + 0.02), 1.0, 0.5]
    a, b, c = least_squares(off, start, bounds=([0, 0, 0.05], [1, 20, 2])).x
    return lambda n: float(np.clip(a - b * n**-c, 0, 1))
