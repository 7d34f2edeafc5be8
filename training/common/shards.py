"""What teachers say, kept shard by shard, so that a killed run does not ask them again."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from training.common.sentences import Sentence

SHARD = 2000

Teacher = Callable[[list[Sentence]], Any]
"""Gives one row per sentence."""


def ask_each(
    paths: Iterable[Path], groups: Mapping[str, list[Sentence]], open_teacher: Callable[[Path], Teacher]
) -> dict[str, list[np.ndarray]]:
    """What each teacher, by the file of its weights, says of each group of sentences."""
    found: dict[str, list[np.ndarray]] = {name: [] for name in groups}
    for path in paths:
        folder, teacher = folder_of(path), open_teacher(path)
        for name, sentences in groups.items():
            found[name].append(in_shards(folder, name, sentences, teacher))
    return found


def in_shards(folder: Path, name: str, items: Sequence[Sentence], label: Teacher) -> np.ndarray:
    """The labels of all items, one shard at a time; each file in the folder is named after the items it labels."""
    folder.mkdir(exist_ok=True)
    parts = []
    for first in range(0, len(items), SHARD):
        shard = list(items[first : first + SHARD])
        path = folder / f"{name}-{hashlib.sha256(repr(shard).encode()).hexdigest()[:12]}.npy"
        if not path.exists():
            np.save(path, np.asarray(label(shard)))
            print(folder.parent.name, name, first, "of", len(items), flush=True)
        parts.append(np.load(path))
    return np.concatenate(parts)


def folder_of(teacher: Path) -> Path:
    """Where the labels of a teacher are kept; other weights have another folder."""
    with teacher.open("rb") as file:
        return teacher.parent / f"logits-{hashlib.file_digest(file, 'sha256').hexdigest()[:12]}"
