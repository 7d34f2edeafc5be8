"""Labels of a teacher, kept shard by shard, so that a killed run does not ask for them again."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from training.common.sentences import Sentence

SHARD = 2000


def in_shards(folder: Path, name: str, items: list[Sentence], label: Callable[[list[Sentence]], Any]) -> np.ndarray:
    """The labels of all items, a shard at a time; each shard's are kept in the folder, by what they label."""
    folder.mkdir(exist_ok=True)
    parts = []
    for first in range(0, len(items), SHARD):
        shard = items[first : first + SHARD]
        path = folder / f"{name}-{hashlib.sha256(repr(shard).encode()).hexdigest()[:12]}.npy"
        if not path.exists():
            np.save(path, np.asarray(label(shard)))
            print(folder.parent.name, name, first, "of", len(items), flush=True)
        parts.append(np.load(path))
    return np.concatenate(parts)


def folder_of(teacher: Path) -> Path:
    """Where a teacher's labels are kept: another training of it has another folder."""
    with teacher.open("rb") as file:
        return teacher.parent / f"logits-{hashlib.file_digest(file, 'sha256').hexdigest()[:12]}"
