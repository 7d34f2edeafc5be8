"""Coding sentences by the definitions of a codebook: a small model reads both."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from newskit.resources.files import model_folder
from newskit.resources.onnx import FolderModel, batch_of

if TYPE_CHECKING:
    from newskit.annotation.frames.codebook import Codebook

MODEL: Final = "definitions-en"
MAX_TOKENS: Final = 128
_BATCH: Final = 16
_FOLDER: Final = model_folder(MODEL)


class DefinitionReader(FolderModel):
    """Puts sentences and the definitions of frames into one space, where a sentence is near to what it expresses.

    The vector of a text is the same whatever the texts beside it. A text longer than `MAX_TOKENS` word pieces is cut.
    How the model came about, and how good it is on frames that it was not taught, is in its card,
    `newskit/resources/models/definitions-en/README.md`.
    """

    what = "the reader of definitions"

    def __init__(self, folder: Path = _FOLDER, *, threads: int = 1) -> None:
        super().__init__(folder, threads=threads)
        mixture = self.card["mixture"]
        self.weights, self.offset = np.array(mixture["weights"], dtype=np.float32), float(mixture["offset"])
        self.alone = np.array(mixture["alone"], dtype=np.float32)
        """What stands for the likeness to the other definitions where a codebook has one frame only."""
        self.threshold = float(self.card["threshold"])
        """The least probability with which a sentence is said to have a frame; chosen on articles apart."""
        self._last: tuple[tuple[str, ...], np.ndarray] = ((), np.empty((0, int(self.card["width"])), dtype=np.float32))

    def encode(self, texts: Iterable[str]) -> np.ndarray:
        """Vectors of texts, one a row (float32), each of length 1.

        Equal texts are read once, and so are those of the last call: several codebooks in turn ask for the same ones.
        """
        texts = tuple(texts)
        known, vectors = self._last
        if texts != known:
            vectors = self._read(texts)
            vectors.flags.writeable = False
            self._last = texts, vectors
        return vectors

    def _read(self, texts: Sequence[str]) -> np.ndarray:
        row = {text: i for i, text in enumerate(dict.fromkeys(texts))}
        found = [encoding.ids for encoding in self.tokenizer.encode_batch(list(row))]
        ids = [own if len(own) <= MAX_TOKENS else [*own[: MAX_TOKENS - 1], own[-1]] for own in found]
        vectors = np.empty((len(ids), int(self.card["width"])), dtype=np.float32)
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        for first in range(0, len(order), _BATCH):
            some = order[first : first + _BATCH]
            batch = batch_of([ids[i] for i in some])
            hidden = self.run(batch)[0]
            inside = (batch["bias"][:, 0, 0, :, None] == 0).astype(np.float32)
            sums = (hidden * inside).sum(axis=1)
            vectors[some] = sums / np.linalg.norm(sums, axis=1, keepdims=True)
        return vectors[[row[text] for text in texts]]


@functools.cache
def definition_reader() -> DefinitionReader:
    """The shipped model, loaded when it is first needed."""
    return DefinitionReader()


class DefinitionCoder:
    """Codes sentences by what the definitions and the examples of a codebook say.

    For each frame, a sentence gets the probability that it puts the definition into words, in whoever's voice and also
    where it is denied. It comes from five likenesses: to the definition, to the nearest of the examples
    (`examples.match`) and to their mean, for it; to the other definitions of the codebook, and to the nearest of them,
    against it: otherwise the topic of a codebook would bring all of its frames. Terms play no part, except that they
    still decide on the scope of a codebook.

    Parameters
    ----------
    codebook : Codebook
        The codebook; each frame has a definition, and some have examples.
    threshold : float, optional
        The least probability with which a sentence has a frame; by default that of the model.
    """

    def __init__(self, codebook: Codebook, *, threshold: float | None = None) -> None:
        self.codebook = codebook
        self._reader = definition_reader()
        self.threshold = self._reader.threshold if threshold is None else threshold
        self.names = [frame.name for frame in codebook.frames]
        self._definitions = self._reader.encode([" ".join(frame.definition.split()) for frame in codebook.frames])
        self._examples = [self._reader.encode(frame.matches) if frame.matches else None for frame in codebook.frames]

    def scores(self, sentences: Sequence[str]) -> np.ndarray:
        """Probabilities of sentences (rows) for the frames of `names` (columns)."""
        vectors = self._reader.encode(sentences)
        likeness = likenesses(vectors, self._definitions, self._examples, self._reader.alone)
        chances: np.ndarray = 1 / (1 + np.exp(-(likeness @ self._reader.weights + self._reader.offset)))
        return chances


def likenesses(
    vectors: np.ndarray, definitions: np.ndarray, examples: Sequence[np.ndarray | None], alone: np.ndarray
) -> np.ndarray:
    """What a probability comes from: sentences × frames × 5.

    To the definition, the nearest example and the mean of the examples (where there are none, the definition), the mean
    of the other definitions and the nearest of them (`alone` where there are none).
    """
    own = vectors @ definitions.T
    nearest, mean = own.copy(), own.copy()
    for column, given in enumerate(examples):
        if given is not None and len(given):
            alike = vectors @ given.T
            nearest[:, column], mean[:, column] = alike.max(axis=1), alike.mean(axis=1)
    others, rival = np.broadcast_to(alone[:, None, None], (2, *own.shape)).copy()
    if own.shape[1] > 1:
        others = (own.sum(axis=1, keepdims=True) - own) / (own.shape[1] - 1)
        first, second = np.sort(own, axis=1)[:, :-3:-1].T
        rival = np.where(own == first[:, None], second[:, None], first[:, None])
    return np.stack([own, nearest, mean, others, rival], axis=-1)
