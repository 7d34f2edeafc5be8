"""Macro-F1, F1 per class, accuracy and expected calibration error of probabilities, and how sure a guess must be."""

from collections.abc import Sequence
from typing import Any

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


def report_weighted(
    probabilities: NDArray[np.floating],
    labels: Sequence[int],
    weights: NDArray[np.floating],
    codes: Sequence[str],
    predicted: NDArray[np.int64] | None = None,
) -> dict[str, Any]:
    """What a sample says of all rows: macro-F1 and, for each code, its F1, and as texts two or three shares.

    `weights` undo the drawing (inverse inclusion probabilities). `CODE_pr` is precision and recall, `CODE_shares` the
    share coded, the share predicted, and the mean probability. The likeliest codes are the predicted ones unless others
    are given.
    """
    gold = np.asarray(labels)
    predicted = probabilities.argmax(1) if predicted is None else predicted
    whole = weights.sum()
    found: dict[str, Any] = {"n": len(gold)}
    each = []
    for at, code in enumerate(codes):
        marked, named = gold == at, predicted == at
        both, said, coded = (float(weights[which].sum()) for which in (marked & named, named, marked))
        each.append(2 * both / (said + coded) if said + coded else 0.0)
        mean = float(weights @ probabilities[:, at]) / whole
        found[code] = round(each[-1], 4)
        found[f"{code}_pr"] = f"{both / max(said, 1e-12):.3f} / {both / max(coded, 1e-12):.3f}"
        found[f"{code}_shares"] = f"{coded / whole:.3f} / {said / whole:.3f} / {mean:.3f}"
    return {"macro_f1": round(float(np.mean(each)), 4), **found}


def class_errors(
    probabilities: NDArray[np.floating], labels: NDArray[np.int64], weights: NDArray[np.floating], codes: Sequence[str]
) -> dict[str, float]:
    """Calibration error of each code over ten bins of its probability, weighted (Nixon et al. 2019)."""
    found = {}
    for at, code in enumerate(codes):
        place = np.minimum((probabilities[:, at] * 10).astype(int), 9)
        off = weights * (probabilities[:, at] - (labels == at))
        sums = np.bincount(place, weights=off, minlength=10)
        found[code] = round(float(np.abs(sums).sum() / weights.sum()), 4)
    return found


def least_sure(chances: NDArray[np.floating], labels: NDArray[np.int64], agreement: float) -> float:
    """The lowest probability from which on at least that share of the guesses agree with `labels`; 1 if none is."""
    order = np.argsort(-chances.max(1))
    right = (chances.argmax(1) == labels)[order].cumsum() / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(right >= agreement)
    return float(chances.max(1)[order][enough[-1]]) if len(enough) else 1.0
