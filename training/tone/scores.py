"""Macro-F1, F1 per class, accuracy and expected calibration error of probabilities, and how sure a guess must be."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from training.common.sentences import LABELS


def calibration_error(probabilities: NDArray[np.floating], labels: Sequence[int], bins: int = 10) -> float:
    """Expected calibration error over `bins` equal-width bins of the winning probability (Guo et al. 2017)."""
    confidence, right = probabilities.max(1), probabilities.argmax(1) == np.asarray(labels)
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    return float(
        sum(
            (place == b).mean() * abs(right[place == b].mean() - confidence[place == b].mean())
            for b in range(bins)
            if (place == b).any()
        )
    )


def report(probabilities: NDArray[np.floating], labels: Sequence[int]) -> dict[str, float]:
    """Macro-F1, accuracy, calibration error and the F1 of each class of probabilities (n, 3)."""
    predicted = probabilities.argmax(1)
    each = f1_score(labels, predicted, average=None, labels=[0, 1, 2])
    return {
        "macro_f1": round(float(each.mean()), 4),
        "accuracy": round(float((predicted == np.asarray(labels)).mean()), 4),
        "calibration_error": round(calibration_error(probabilities, labels), 4),
        **{name: round(float(f), 4) for name, f in zip(LABELS, each, strict=True)},
    }


def least_sure(chances: NDArray[np.floating], labels: NDArray[np.int64], agreement: float) -> float:
    """The lowest probability from which on at least that share of the guesses agree with `labels`; 1 if none is."""
    order = np.argsort(-chances.max(1))
    right = (chances.argmax(1) == labels)[order].cumsum() / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(right >= agreement)
    return float(chances.max(1)[order][enough[-1]]) if len(enough) else 1.0
