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
    assert card["heads"].keys() == card["calibration"].keys() == {"tone", "fate", "speaks", "newsmtsc"}
    assert all(len(card["calibration"][head][1]) == len(codes) for head, codes in card["heads"].items())
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


def test_heads_stand_side_by_side_and_each_adds_up_to_one() -> None:
    model = load_tone_model()
    text = "Critics accused Johnson of corruption, but praised Sunak for his honesty."
    (found,) = model.all_probabilities([text], [[(16, 23), (51, 56)]])
    for head, at in model.columns.items():
        assert found[:, at].shape == (2, len(model.card["heads"][head]))
        np.testing.assert_allclose(found[:, at].sum(axis=1), 1)
        (alone,) = model.probabilities([text], [[(16, 23), (51, 56)]], head=head)
        if head != "newsmtsc":
            np.testing.assert_array_equal(alone, found[:, at])


def test_newsmtsc_is_read_by_all_layers() -> None:
    model = load_tone_model()
    text, spans = "Reporters asked about Sunak at the briefing.", [(22, 27)]
    (whole,) = model.all_probabilities([text], [spans], whole=True)
    (alone,) = model.probabilities([text], [spans], head="newsmtsc")
    np.testing.assert_array_equal(alone, whole[:, model.columns["newsmtsc"]])
