"""The tone model: its files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from newskit.annotation.tone.model import ToneModel, load_tone_model
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
