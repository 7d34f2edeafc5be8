"""Pairs of entities in sentences: the part of DSE held out, unlabelled pairs, and the scores."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from newskit.annotation.tone.directed import TURNED
from training.common.sentences import Sentence

CLASSES = ("none", "first positive", "second positive", "first negative", "second negative")
"""DSE's five classes; the entity named is the one that evaluates the other."""


def read_pairs(path: Path) -> list[Sentence]:
    """The pairs of a file by training.directed.unlabelled, labelled -1."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [Sentence(row["text"], tuple((a, b) for a, b in row["spans"]), (-1,)) for row in rows]


def distinct(sentences: Iterable[Sentence]) -> list[Sentence]:
    """Each pair and label once: the train part has 1,611 pairs twice, most of them with a direction."""
    return list(dict.fromkeys(sentences))


def folds(sentences: Iterable[Sentence], count: int, held: int) -> tuple[list[Sentence], list[Sentence]]:
    """Those to train on and those held out; all pairs of a sentence are on one side, and `held` -1 holds out none."""
    kept: list[Sentence] = []
    out: list[Sentence] = []
    for s in sentences:
        number = int(hashlib.sha1(s.text.encode()).hexdigest(), 16) % count
        (out if number == held else kept).append(s)
    return kept, out


def turned(s: Sentence) -> Sentence:
    """The same pair with its entities in the other order."""
    return Sentence(s.text, s.spans[::-1], tuple(TURNED[label] if label >= 0 else label for label in s.labels))


def report(scores: NDArray[np.floating], labels: Sequence[int]) -> dict[str, Any]:
    """Macro-F1, F1 per class and accuracy of logits or probabilities (n, 5)."""
    chosen = scores.argmax(1)
    each = f1_score(labels, chosen, average=None, labels=range(len(CLASSES)), zero_division=0)
    return {
        "macro_f1": round(float(each.mean()), 4),
        "per_class": [round(float(f), 3) for f in each],
        "accuracy": round(float((chosen == np.asarray(labels)).mean()), 4),
    }
