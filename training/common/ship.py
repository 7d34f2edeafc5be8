"""The files of a shipped model, and the temperature that calibrates it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from newskit.resources.onnx import softmax
from training.common.vectors import write_model

if TYPE_CHECKING:
    import onnx


def best_temperature(logits: NDArray[np.floating], gold: NDArray[np.int64]) -> float:
    """The temperature with the least negative log-likelihood (Guo et al. 2017)."""

    def loss(temperature: float) -> float:
        return -float(np.log(softmax(logits / temperature)[np.arange(len(gold)), gold] + 1e-12).mean())

    return float(minimize_scalar(loss, bounds=(0.3, 5), method="bounded").x)


def as_logits(chances: NDArray[np.floating]) -> NDArray[np.float64]:
    """Log-probabilities, which serve as logits where a model gives probabilities at temperature 1."""
    logits: NDArray[np.float64] = np.log(np.maximum(chances, 1e-12))
    return logits


def weights_of(path: Path, longest: int) -> dict[str, NDArray[np.float32]]:
    """Trained weights, with as many positions as the model reads."""
    import torch

    weights = {k: v.float().numpy() for k, v in torch.load(path, map_location="cpu").items()}
    weights["positions.weight"] = weights["positions.weight"][:longest]
    return weights


def sha256_of(path: Path) -> str:
    """The checksum of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_folder(folder: Path, model: onnx.ModelProto, work: Path, card: Mapping[str, object]) -> Path:
    """Write the files of a model: ONNX and card, and beside the folder what models share. Returns the folder."""
    write_model(folder, model, card, (work / "minilm" / "tokenizer.json").read_bytes())
    return folder


def write_readme(folder: Path, template: Path, card: Mapping[str, Any], **more: object) -> None:
    """Write the model card: the template with the plain values of `card`, and `more`, filled in; print the size."""
    numbers = {key: value for key, value in card.items() if not isinstance(value, dict | list)}
    text = Template(template.read_text(encoding="utf-8")).substitute(numbers, **more)
    (folder / "README.md").write_text(text, encoding="utf-8")
    print(f"{sum(file.stat().st_size for file in folder.iterdir()) / 1e6:.1f} MB in {folder}")
