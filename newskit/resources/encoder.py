"""Sentence vectors: the small ONNX encoder that ships with newskit."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from newskit.resources.files import model_folder
from newskit.resources.onnx import FolderModel

MODEL: Final = "sentences-en"
WIDTH: Final = 384
MAX_TOKENS: Final = 256
_FOLDER: Final = model_folder(MODEL)


class Encoder(FolderModel):
    """Turns texts into vectors of length 1 (`WIDTH` numbers each); the cosine of two is how alike they are.

    A text longer than `MAX_TOKENS` word pieces is cut: give sentences, or `chunks`. Each text is a call of
    its own, so that its vector does not depend on the texts beside it; use several processes for more speed.
    The model is all-MiniLM-L6-v2 in 8 bits; its card is `newskit/resources/models/sentences-en/README.md`.
    """

    what = "the sentence encoder"

    def __init__(self, folder: Path = _FOLDER, *, threads: int = 1) -> None:
        super().__init__(folder, threads=threads)

    def token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        """The numbers of the word pieces of each text, as the model reads them: no more than `MAX_TOKENS`."""
        found = [encoding.ids for encoding in self.tokenizer.encode_batch(list(texts))]
        return [ids if len(ids) <= MAX_TOKENS else [*ids[: MAX_TOKENS - 1], ids[-1]] for ids in found]

    def encode(self, texts: Iterable[str]) -> np.ndarray:
        """Vectors of texts, one a row (texts × `WIDTH`, float32), each of length 1; equal texts are read once."""
        texts = list(texts)
        row = {text: i for i, text in enumerate(dict.fromkeys(texts))}
        vectors = np.empty((len(row), WIDTH), dtype=np.float32)
        for i, ids in enumerate(self.token_ids(list(row))):
            vectors[i] = self.run({"input_ids": np.array([ids], dtype=np.int64)})[0]
        return vectors[[row[text] for text in texts]]


@functools.cache
def sentence_encoder() -> Encoder:
    """The shipped encoder, loaded when it is first needed."""
    return Encoder()


@functools.cache
def background() -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of the vectors of sentences of ordinary news, as measured when the encoder was made."""
    with np.load(_FOLDER / "background.npz") as stored:
        return stored["mean"].astype(np.float32), stored["covariance"].astype(np.float32)
