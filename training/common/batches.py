"""The tokenizers of the encoders, and batches of sentences of similar length."""

import random
from pathlib import Path

from tokenizers import Tokenizer


def open_tokenizer(folder: Path) -> Tokenizer:
    """An encoder's tokenizer, without truncation or padding."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def batches_by_length(lengths: list[int], size: int, rng: random.Random | None) -> list[list[int]]:
    """Batches of similar lengths: shuffled, then sorted within chunks of 50 batches, then shuffled again.

    Without `rng` everything is sorted and nothing is shuffled.
    """
    order = list(range(len(lengths)))
    if rng:
        rng.shuffle(order)
    chunk = size * 50 if rng else max(len(order), 1)
    order = [i for c in range(0, len(order), chunk) for i in sorted(order[c : c + chunk], key=lengths.__getitem__)]
    batches = [order[b : b + size] for b in range(0, len(order), size)]
    if rng:
        rng.shuffle(batches)
    return batches
