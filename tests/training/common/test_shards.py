"""What teachers say is kept and not asked for twice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from training.common import shards
from training.common.sentences import Sentence

ITEMS = [Sentence("x" * n, ((0, 1),), (-1,)) for n in range(1, 8)]


class Counting:
    """A teacher that knows the length of a text, and counts what it was asked."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def __call__(self, sentences: list[Sentence]) -> list[list[float]]:
        self.asked += [len(s.text) for s in sentences]
        return [[len(s.text), 0.5] for s in sentences]


@pytest.fixture(autouse=True)
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "SHARD", 3)


def test_shards_are_put_together_in_order_and_asked_for_once(tmp_path: Path) -> None:
    teacher = Counting()
    folder = tmp_path / "logits"
    for _ in range(2):
        labels = shards.in_shards(folder, "train", ITEMS, teacher)
        assert labels[:, 0].tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert teacher.asked == [1, 2, 3, 4, 5, 6, 7]
    assert len(list(folder.iterdir())) == 3


def test_after_a_kill_only_the_missing_shard_is_asked_for_again(tmp_path: Path) -> None:
    shards.in_shards(tmp_path, "train", ITEMS[:6], Counting())
    teacher = Counting()
    shards.in_shards(tmp_path, "train", ITEMS, teacher)
    assert teacher.asked == [7]


def test_other_sentences_are_other_shards(tmp_path: Path) -> None:
    shards.in_shards(tmp_path, "train", ITEMS[:3], Counting())
    labels = shards.in_shards(tmp_path, "train", ITEMS[1:4], Counting())
    assert labels[:, 0].tolist() == [2, 3, 4]


def test_other_weights_of_a_teacher_are_asked_anew(tmp_path: Path) -> None:
    weights = tmp_path / "model.pt"
    weights.write_bytes(b"one")
    folder = shards.folder_of(weights)
    assert folder.parent == tmp_path
    weights.write_bytes(b"two")
    assert shards.folder_of(weights) != folder


def test_each_teacher_is_asked_about_each_group(tmp_path: Path) -> None:
    paths = [tmp_path / name / "model.pt" for name in ("a", "b")]
    for path in paths:
        path.parent.mkdir()
        path.write_text(path.parent.name)
    opened: list[Path] = []

    def open_teacher(path: Path) -> Counting:
        opened.append(path)
        return Counting()

    groups = {"train": ITEMS, "dev": ITEMS[:1]}
    found = shards.ask_each(paths, groups, open_teacher)
    assert opened == paths
    assert {name: [np.shape(f) for f in of_group] for name, of_group in found.items()} == {
        "train": [(7, 2), (7, 2)],
        "dev": [(1, 2), (1, 2)],
    }
