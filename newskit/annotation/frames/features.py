"""The input of `FrameCoder`: coded texts, and the features read from each beyond its words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from newskit.annotation.frames.codebook import Codebook
from newskit.annotation.frames.codebook_files import load_codebook
from newskit.annotation.frames.embedding import Likeness, likeness_to, split_sentences
from newskit.annotation.frames.learning import unit_vector
from newskit.annotation.frames.lexicon import word_hits
from newskit.resources.encoder import sentence_encoder
from newskit.resources.language import checked_texts

MIN_TEXTS: Final = 20
"""Fewest coded texts to learn from."""
_GENERIC: Final = "news_frames"
_GENERIC_WEIGHT: Final = 0.1
"""Weight of the likeness to the generic frames and of their terms, which vary more than the parts of a vector."""


@dataclass(frozen=True)
class TextReader:
    """Reads in a text what its words alone do not say: pooled sentence vectors, and the generic news frames in it."""

    likeness: Likeness
    codebook: Codebook

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        """The features of texts (rows)."""
        encoder = sentence_encoder()
        pieces = [split_sentences(text) or [""] for text in texts]
        flat = encoder.encode([piece for text in pieces for piece in text])
        ends = np.cumsum([len(text) for text in pieces])
        rows = []
        for end, text, hits in zip(ends, pieces, word_hits(texts, self.codebook), strict=True):
            vectors = flat[end - len(text) : end]
            near = self.likeness(vectors)
            generic = np.concatenate([near.max(axis=0), np.sort(near, axis=0)[-5:].mean(axis=0), 2 * np.log1p(hits)])
            mean, highest = unit_vector(vectors.mean(axis=0)), unit_vector(vectors.max(axis=0))
            rows.append(np.concatenate([mean, highest, _GENERIC_WEIGHT * generic]))
        return np.array(rows)


def text_reader() -> TextReader:
    """The reader of the generic news frames that ship with newskit."""
    codebook = load_codebook(_GENERIC)
    return TextReader(likeness_to(codebook), codebook)


def coded_texts(texts: Iterable[str], labels: Iterable[Collection[str]]) -> tuple[list[str], list[str], np.ndarray]:
    """The texts, the frames, and which text (row) has which frame (column); refuses what cannot be learned from."""
    texts, labels = checked_texts(texts, "FrameCoder"), list(labels)
    if any(isinstance(one, str) for one in labels):
        raise TypeError("labels are one set of frames per text, such as {'economic'}, not a string")
    if len(texts) != len(labels):
        raise ValueError(
            f"{len(texts)} texts but {len(labels)} label sets: give one set per text, an empty one for none"
        )
    if len(texts) < MIN_TEXTS:
        raise ValueError(f"{len(texts)} coded texts are too few to learn from: code at least {MIN_TEXTS}")
    frames = sorted({name for one in labels for name in one})
    coded = np.array([[name in one for name in frames] for one in labels], dtype=bool).reshape(len(texts), len(frames))
    counts = coded.sum(axis=0)
    for name, n in zip(frames, counts, strict=True):
        if n < 2 or n == len(texts):
            raise ValueError(
                f"frame {name!r} is in {n} of {len(texts)} texts: it must be in at least two and not in all; "
                "code more texts or leave it out"
            )
    if not frames:
        raise ValueError("no text has a frame: nothing to learn")
    return texts, frames, coded
