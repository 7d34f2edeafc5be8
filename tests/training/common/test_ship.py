"""The files of a shipped model, and its temperature."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from newskit.resources.onnx import softmax
from training.common.ship import as_logits, best_temperature, sha256_of, write_readme


def test_the_temperature_that_was_put_in_is_found() -> None:
    rng = np.random.default_rng(1)
    logits = rng.normal(size=(4000, 3)) * 2
    gold = np.array([rng.choice(3, p=row) for row in softmax(logits)])
    for temperature in (0.5, 1.0, 2.0):
        assert best_temperature(logits * temperature, gold) == pytest.approx(temperature, rel=0.1)


def test_probabilities_serve_as_logits() -> None:
    chances = np.array([[0.7, 0.3, 0.0], [0.2, 0.3, 0.5]])
    logits = as_logits(chances)
    assert np.isfinite(logits).all()
    np.testing.assert_allclose(softmax(logits), chances, atol=1e-9)


def test_a_model_card_is_filled_in(tmp_path: Path) -> None:
    template = tmp_path / "card.md"
    template.write_text("# tone-en $version\n\n$scores\n\nSeed $seed.\n", encoding="utf-8")
    folder = tmp_path / "tone-en"
    folder.mkdir()
    write_readme(folder, template, {"version": "1.4.0", "scores": {"rw": 1}}, scores="| 85.3 |", seed=14)
    assert (folder / "README.md").read_text(encoding="utf-8") == "# tone-en 1.4.0\n\n| 85.3 |\n\nSeed 14.\n"
    with pytest.raises(KeyError, match="seed"):
        write_readme(folder, template, {"version": "1.4.0"}, scores="")


def test_checksum(tmp_path: Path) -> None:
    path = tmp_path / "model.pt"
    path.write_bytes(b"abc")
    assert sha256_of(path).startswith("ba7816bf8f01cfea")
