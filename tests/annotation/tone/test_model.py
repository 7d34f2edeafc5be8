"""The tone model: its files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from newskit.annotation.tone.model import (
    MOST_TOKENS,
    SENTENCES_PER_CALL,
    ToneModel,
    ToneWindow,
    batches_of,
    load_tone_model,
)
from newskit.resources.files import model_folder
from newskit.resources.onnx import model_hash


def test_a_missing_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="reinstall newskit"):
        ToneModel(tmp_path)


def test_the_model_card_is_complete() -> None:
    card = load_tone_model().card
    folder = model_folder("tone-en")
    assert card["sha256"] == model_hash(folder)
    assert np.asarray(card["confusion"]).shape == (3, 3)
    assert sum(file.stat().st_size for file in folder.iterdir()) < 17e6
    assert card["version"] in (folder / "README.md").read_text(encoding="utf-8")


def test_batches_hold_few_sentences_and_few_tokens_read_for_targets() -> None:
    def window(length: int, targets: int) -> ToneWindow:
        return ToneWindow([0] * length, [(1, 1)] * targets, list(range(targets)))

    small = [(n, window(4, 1)) for n in range(SENTENCES_PER_CALL + 3)]
    assert [len(batch) for batch in batches_of(small)] == [SENTENCES_PER_CALL, 3]
    large = [(n, window(100, MOST_TOKENS // 250)) for n in range(5)]
    assert [len(batch) for batch in batches_of(large)] == [2, 2, 1]
    huge = (0, window(MOST_TOKENS, 50))
    assert list(batches_of([huge, huge])) == [[huge], [huge]]
