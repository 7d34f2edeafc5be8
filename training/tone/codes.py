"""What a model of tone is taught of a target: NewsMTSC's polarity, and the codes of newskit's own codebook.

A target's label is a tuple with a number for each head, -1 where it is not coded; its logits stand side by side.
"""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from newskit.resources.onnx import softmax
from training.common.sentences import LABELS, Sentence

HEADS: Final = {
    "tone": LABELS,
    "fate": ("harmed", "none", "benefits"),
    "speaks": ("no", "yes"),
    "newsmtsc": LABELS,
}
"""The codes of each head, in the order of its logits."""
ENDS: Final = np.cumsum([len(codes) for codes in HEADS.values()]).tolist()
LOGITS: Final = int(ENDS[-1])
COLUMNS: Final = {name: slice(end - len(codes), end) for (name, codes), end in zip(HEADS.items(), ENDS, strict=True)}
"""Where the logits of each head stand."""
SURE: Final = ("tone", "fate", "speaks")
"""The heads that must be sure before a target takes an early exit."""
Label = tuple[int, ...]
UNCODED: Final[Label] = (-1,) * len(HEADS)


def by_newsmtsc(sentences: Iterable[Sentence]) -> list[Sentence]:
    """Sentences of NewsMTSC with their polarities as labels of that head, and none of the others."""
    return [replace(s, labels=tuple((*UNCODED[:-1], label) for label in s.labels)) for s in sentences]


def uncoded(sentences: Iterable[Sentence]) -> list[Sentence]:
    """Sentences without any label."""
    return [replace(s, labels=(UNCODED,) * len(s.spans)) for s in sentences]


def label_of(row: dict[str, object]) -> Label:
    """The numbers of the codes of a coded row."""
    codes = (str(row["tone"]), str(row["fate"]), "yes" if row["speaks"] else "no")
    return (*(HEADS[head].index(code) for head, code in zip(HEADS, codes, strict=False)), -1)


def read_coded(path: Path, part: str) -> tuple[list[Sentence], NDArray[np.float64]]:
    """The coded rows of a part (train, dev, test or headlines) that are no junk, one target each, and their weights."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["part"] == part and not row["junk"]]
    sentences = [
        Sentence(row["sentence"], ((row["target_start"], row["target_end"]),), (label_of(row),)) for row in rows
    ]
    return sentences, np.array([row["weight"] for row in rows], dtype=float)


def chances_of(logits: NDArray[np.floating], head: str) -> NDArray[np.floating]:
    """The probabilities of a head's codes."""
    return softmax(logits[:, COLUMNS[head]].astype(np.float64))
