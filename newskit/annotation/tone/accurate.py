"""The accurate model of tone: MPNet, which reads a sentence once for each target, marked in its text.

It is a package of its own, newskit-accurate, made from `models/newskit-accurate/` in newskit's repository. How it is
made, and its scores: `training/tone/accurate.py` and the README beside the model.
"""

from __future__ import annotations

import functools
import importlib.util
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from newskit.annotation.tone.model import HeadsModel
from newskit.resources.onnx import Span, damaged, file_hash, open_session

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from onnxruntime import OrtValue
    from tokenizers import Tokenizer

PACKAGE: Final = "newskit_accurate"
OPEN, CLOSE = "[unused0]", "[unused1]"
"""The tokens before and after the target."""
WINDOW: Final = 160
"""Tokens that the model reads at once; of a longer text, those around the target."""
FILES: Final = ("model.onnx", "weights.npz", "tokenizer.json", "card.json")
SUMMED: Final = ("model.onnx", "weights.npz")
"""The files whose SHA-256 the card has, as `sha256_model` and `sha256_weights`."""


def marked_tokens(tokenizer: Tokenizer, text: str, span: Span) -> tuple[list[int], int, int]:
    """Token ids of a text with its target between two marks, and the places of the marks."""
    start, end = span
    ids: list[int] = tokenizer.encode(f"{text[:start]} {OPEN} {text[start:end]} {CLOSE} {text[end:]}").ids
    before, after = (int(tokenizer.token_to_id(mark) or 0) for mark in (OPEN, CLOSE))
    first, last = ids.index(before), ids.index(after)
    if len(ids) > WINDOW:
        spare = max(WINDOW - 2 - (last + 1 - first), 0)
        begin = min(max(1, first - spare // 2), len(ids) - 1 - (WINDOW - 2))
        ids = [ids[0], *ids[begin : begin + WINDOW - 2], ids[-1]]
        first, last = ids.index(before), ids.index(after) if after in ids else WINDOW - 2
    return ids, first, last


class AccurateModel(HeadsModel):
    """The model in a folder; its weights are stored in few bits, and read in eight.

    Raises `FileNotFoundError` if a file is missing and `ValueError` if one is not what the card was written for.
    """

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        for name in FILES:
            if not (folder / name).is_file():
                raise FileNotFoundError(
                    f"the accurate model of tone is incomplete: {folder / name} is missing; reinstall newskit-accurate"
                )
        self.card: dict[str, Any] = json.loads((folder / "card.json").read_text(encoding="utf-8"))
        for name in SUMMED:
            if file_hash(folder / name) != self.card.get(f"sha256_{Path(name).stem}"):
                raise damaged(folder / name, "newskit-accurate")
        self.tokenizer = _tokenizer(folder / "tokenizer.json")
        with np.load(folder / "weights.npz") as stored:
            self._words, self._scales = stored["words"], stored["words.scale"]
            weights = _eights(dict(stored))
        self._session = open_session(folder / "model.onnx", threads=threads, external=weights)

    def probabilities(self, texts: Sequence[str], spans: Sequence[Span]) -> NDArray[np.float64]:
        """Probabilities of the codes of all heads, side by side, for one target of each text: (texts, codes).

        Each target is read by itself, so that its numbers depend on its text and span only.
        """
        logits = [self._logits(text, span) for text, span in zip(texts, spans, strict=True)]
        return self._calibrated(np.array(logits, dtype=np.float64).reshape(-1, self.width))

    def _logits(self, text: str, span: Span) -> NDArray[np.float32]:
        ids, first, last = marked_tokens(self.tokenizer, text, span)
        blocks = self._words[ids].reshape(len(ids), self._scales.shape[1], -1) * self._scales[ids][..., None]
        target = np.zeros((1, len(ids)), np.float32)
        target[0, first : last + 1] = 1 / (last + 1 - first)
        words = blocks.reshape(len(ids), -1).astype(np.float32)
        (found,) = self._session.run(None, {"words": words, "target": target})
        logits: NDArray[np.float32] = found[0]
        return logits


def _tokenizer(path: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.add_special_tokens([OPEN, CLOSE])
    return tokenizer


def _eights(stored: dict[str, NDArray[Any]]) -> list[tuple[str, OrtValue]]:
    """The stored weights as the graph takes them: bytes with one scale for each output."""
    from onnxruntime import OrtValue

    found = []
    for name in sorted(n.removesuffix(".scale") for n in stored if n.endswith(".scale") and n != "words.scale"):
        codes, scales = stored[name], stored[f"{name}.scale"].astype(np.float32)
        weight = (codes.reshape(*scales.shape, -1) * scales[..., None]).reshape(codes.shape)
        top = np.maximum(np.abs(weight).max(1), 1e-12) / 127
        eight = np.ascontiguousarray(np.round(weight / top[:, None]).astype(np.int8).T)
        found += [(name, OrtValue.ortvalue_from_numpy(eight)), (f"{name}.scale", OrtValue.ortvalue_from_numpy(top))]
    return found


def accurate_folder() -> Path:
    """Where the package newskit-accurate keeps its model; raises `ModuleNotFoundError` if it is not installed."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(
            'tone="accurate" needs the package newskit-accurate: from a clone of newskit\'s repository, '
            '`pip install ./models/newskit-accurate`; or use the default, "fast"',
            name=PACKAGE,
        )
    return Path(found.origin).parent


@functools.cache
def load_accurate_model() -> AccurateModel:
    """The model of the installed package newskit-accurate, loaded once per process."""
    return AccurateModel(accurate_folder())
