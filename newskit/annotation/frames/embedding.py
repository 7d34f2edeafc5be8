"""Coding sentences by meaning: how similar they are to the definition and the examples of a frame."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from newskit.annotation.frames.codebook import Codebook, Frame
from newskit.resources.encoder import background, sentence_encoder

if TYPE_CHECKING:
    import numpy as np


_STANDS_OUT: Final = 1.0
"""Lowest z score, along what sets a frame apart from the others of its codebook, of a sentence that can have it."""
_SENTENCE_BREAK: Final = re.compile(r"(?<=[.!?])[\"”’']?\s+(?=[\"“‘']?[A-Z])|\n+")


class EmbeddingCoder:
    """Codes sentences by the meaning of a codebook's definitions and examples.

    Each frame has a direction: the mean vector of the sentences of its definition and of its matching examples, away
    from its misses. The score of a sentence is how far it points there, as a z score against sentences of ordinary news
    (the mean and covariance of their vectors ship with the encoder). A sentence has the frame if its score reaches
    `threshold` and it also stands out from the other frames of the codebook: otherwise the mere name of a debate would
    bring all the frames of that debate. Terms play no part, except that they still decide on the scope of a codebook.
    """

    def __init__(self, codebook: Codebook, *, threshold: float = 2.25) -> None:
        self.codebook, self.threshold = codebook, threshold
        self._encoder = sentence_encoder()
        self.names = [frame.name for frame in codebook.frames if frame.matches]
        if not self.names:
            raise ValueError(
                f"{codebook.name}: no frame has examples; the method 'embedding' needs some: examples.match"
            )
        directions = [self._direction(frame) for frame in codebook.frames if frame.matches]
        self._likeness = _standard(directions)
        middle = sum(directions) / len(directions)
        self._contrast = _standard([direction - middle for direction in directions]) if len(directions) > 1 else None

    def _direction(self, frame: Frame) -> np.ndarray:
        definition = self._encoder.encode(split_sentences(" ".join(frame.definition.split())))
        direction = definition.mean(axis=0) + 2 * self._encoder.encode(frame.matches).mean(axis=0)
        if frame.misses:
            direction = direction - 0.5 * self._encoder.encode(frame.misses).mean(axis=0)
        result: np.ndarray = direction
        return result

    def scores(self, sentences: Iterable[str]) -> np.ndarray:
        """z scores of sentences (rows) for the frames of `names` (columns)."""
        import numpy as np

        vectors = self._encoder.encode(sentences)
        scores = self._likeness(vectors)
        if self._contrast is not None:
            scores = np.where(self._contrast(vectors) >= _STANDS_OUT, scores, np.minimum(scores, 0))
        return scores


def _standard(directions: Sequence[np.ndarray]) -> Likeness:
    """Likeness to directions, whatever their length."""
    import numpy as np

    mean, covariance = background()
    columns = np.stack(directions, axis=1)
    columns = columns / np.linalg.norm(columns, axis=0)
    return Likeness(columns, mean @ columns, np.sqrt(np.einsum("if,ij,jf->f", columns, covariance, columns)))


@dataclass(frozen=True)
class Likeness:
    """How near sentence vectors (rows) come to directions (columns), as z scores against ordinary news."""

    directions: np.ndarray
    mean: np.ndarray
    spread: np.ndarray

    def __call__(self, vectors: np.ndarray) -> np.ndarray:
        """One row per vector, one column per direction."""
        scores: np.ndarray = (vectors @ self.directions - self.mean) / self.spread
        return scores


def likeness_to(codebook: Codebook) -> Likeness:
    """Likeness to two directions for each frame: its definition, and the mean of its matching examples."""
    import numpy as np

    encoder = sentence_encoder()
    directions = []
    for frame in codebook.frames:
        directions.append(encoder.encode([" ".join(frame.definition.split())])[0])
        if frame.matches:
            directions.append(np.mean(encoder.encode(frame.matches), axis=0))
    return _standard(directions)


def split_sentences(text: str) -> list[str]:
    """The sentences of a text by its punctuation, for when there is no parse.

    >>> split_sentences('He left. "No," she said.')
    ['He left.', '"No," she said.']
    """
    return [piece.strip() for piece in _SENTENCE_BREAK.split(text) if piece.strip()]
