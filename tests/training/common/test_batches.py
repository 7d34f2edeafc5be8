"""Batches of similar lengths."""

from __future__ import annotations

import random

from training.common.batches import batches_by_length


def test_without_chance_everything_is_sorted() -> None:
    assert batches_by_length([5, 1, 4, 1, 3], 2, None) == [[1, 3], [4, 2], [0]]
    assert batches_by_length([], 2, None) == []


def test_every_item_comes_once_beside_items_of_similar_length() -> None:
    lengths = [random.Random(n).randrange(10, 200) for n in range(1000)]
    batches = batches_by_length(lengths, 8, random.Random(1))
    assert sorted(i for batch in batches for i in batch) == list(range(1000))
    spread = [max(lengths[i] for i in batch) - min(lengths[i] for i in batch) for batch in batches]
    assert sum(spread) / len(spread) < 10
    assert batches != batches_by_length(lengths, 8, None)


def test_a_seed_gives_the_same_batches_and_another_seed_gives_others() -> None:
    lengths = list(range(100))
    one, again, other = (batches_by_length(lengths, 4, random.Random(seed)) for seed in (1, 1, 2))
    assert one == again
    assert one != other
