"""The files of a shipped model, and the temperature that calibrates it."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from newskit.resources.onnx import softmax


def best_temperature(logits: NDArray[np.floating], gold: NDArray[np.int64]) -> float:
    """The temperature with the least negative log-likelihood (Guo et al. 2017)."""

    def loss(temperature: float) -> float:
        return -float(np.log(softmax(logits / temperature)[np.arange(len(gold)), gold] + 1e-12).mean())

    return float(minimize_scalar(loss, bounds=(0.3, 5), method="bounded").x)


def write_folder(folder: Path, model: onnx.ModelProto, work: Path, card: Mapping[str, object]) -> Path:
    """The files of a model: ONNX, MiniLM's tokenizer without limits, card. Returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(model, folder / "model.onnx")
    tokenizer = json.loads((work / "minilm" / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer |= {"truncation": None, "padding": None}
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False), encoding="utf-8")
    (folder / "card.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    return folder


def weights_of(path: Path, longest: int) -> dict[str, NDArray[np.float32]]:
    """Trained weights, with as many positions as the model reads."""
    weights = {k: v.float().numpy() for k, v in torch.load(path, map_location="cpu").items()}
    weights["positions.weight"] = weights["positions.weight"][:longest]
    return weights
