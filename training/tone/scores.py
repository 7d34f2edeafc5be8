"""Macro-F1, F1 a class, accuracy and expected calibration error of predicted probabilities."""

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
    predicted = probabilities.argmax(1)
    each = f1_score(labels, predicted, average=None, labels=[0, 1, 2])
    return {
        "macro_f1": round(float(each.mean()), 4),
        "accuracy": round(float((predicted == np.asarray(labels)).mean()), 4),
        "calibration_error": round(calibration_error(probabilities, labels), 4),
        **{name: round(float(f), 4) for name, f in zip(LABELS, each, strict=True)},
    }
