"""What the models that ship with newskit have in common: a folder with ONNX, tokenizer and card, and how it is read."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

_BLIND: Final = -10_000.0
"""Added to the attention to a token that is only there to fill the batch."""

Span = tuple[int, int]


def open_session(path: Path, *, threads: int = 1) -> InferenceSession:
    """The model in a file, on the processor and so many threads."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    # The arena would keep what the longest text once took; without it the models are as fast, unless the C library
    # gives memory back at once, as Dask tells its workers to: then they are half as fast.
    options.enable_cpu_mem_arena = "MALLOC_TRIM_THRESHOLD_" in os.environ
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


class FolderModel:
    """The model in a folder: `model.onnx`, `tokenizer.json` and `card.json` (name, version and what it needs).

    It runs on one thread, so that several processes can share a machine. Raises `FileNotFoundError` if a
    file is not there.
    """

    what: ClassVar[str]
    """What it is called in a message."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        missing = [name for name in ("model.onnx", "tokenizer.json", "card.json") if not (folder / name).is_file()]
        if missing:
            raise FileNotFoundError(f"{self.what} is incomplete: {folder / missing[0]} is missing; reinstall newskit")
        self._session = open_session(folder / "model.onnx")
        self.tokenizer: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.card: dict[str, Any] = json.loads((folder / "card.json").read_text(encoding="utf-8"))


def token_ends(offsets: Sequence[Span], span: Span) -> Span:
    """The first and last token of a span of characters, by the characters of each token.

    A span of nothing but unknown characters has no token: the text as a whole (0, 0) stands for it.
    """
    start, end = span
    inside = [i for i, (a, b) in enumerate(offsets) if a < end and start < b]
    return (inside[0], inside[-1]) if inside else (0, 0)


def batch_of(texts: Sequence[Sequence[int]]) -> dict[str, NDArray[Any]]:
    """Token ids of several texts as the models take them: `ids` (texts, length) and the `bias` of the attention."""
    length = max(map(len, texts))
    ids = np.zeros((len(texts), length), dtype=np.int64)
    bias = np.full((len(texts), 1, 1, length), _BLIND, dtype=np.float32)
    for row, text in enumerate(texts):
        ids[row, : len(text)] = text
        bias[row, 0, 0, : len(text)] = 0
    return {"ids": ids, "bias": bias}


def softmax(logits: NDArray[np.floating]) -> NDArray[np.floating]:
    """Probabilities of each row."""
    chances: NDArray[np.floating] = np.exp(logits - logits.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    return chances
