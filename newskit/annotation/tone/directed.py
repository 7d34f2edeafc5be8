"""The trained model of directed tone: who evaluates whom, of two actors in a sentence.

How it is made, and its scores: `training/directed/` and `newskit/models/directed-en/README.md`.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from newskit.annotation.tone.model import LONGEST
from newskit.resources.files import model_folder
from newskit.resources.onnx import FolderModel, Span, batch_of, softmax, token_ends

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

BATCH: Final = 8
"""Pairs a call of the model. It changes the speed only: each token is scaled by itself."""
CLASSES: Final = (
    ("none", "neutral"),
    ("first_to_second", "positive"),
    ("second_to_first", "positive"),
    ("first_to_second", "negative"),
    ("second_to_first", "negative"),
)
"""Direction and label of each of the model's classes."""
TURNED: Final = (0, 2, 1, 4, 3)
"""The class of a pair when its two actors change places."""


class PairWindow(NamedTuple):
    """What the model reads at once: token ids, and the first and last token of each of the two actors."""

    ids: list[int]
    ends: list[int]


def pair_window(tokenizer: Tokenizer, text: str, pair: Sequence[Span]) -> PairWindow:
    """The tokens of a text, or those around the pair if it is too long; the ends of an actor outside are cut off."""
    encoding = tokenizer.encode(text)
    ids, offsets = encoding.ids, encoding.offsets
    ends = [end for span in pair for end in token_ends(offsets, span)]
    return cut_around(ids, ends, LONGEST)


def cut_around(ids: list[int], ends: list[int], longest: int) -> PairWindow:
    """The first and the last token and as many around the pair as fit; all, if there are not more."""
    room = longest - 2
    if len(ids) > longest:
        begin = max(1, min((min(ends) + max(ends) - room) // 2, len(ids) - 1 - room))
        ids = [ids[0], *ids[begin : begin + room], ids[-1]]
        ends = [max(0, min(end - begin + 1, room)) for end in ends]
    return PairWindow(ids, ends)


class DirectedModel(FolderModel):
    """The model in a folder; its card has the temperature."""

    what = "the model of directed tone"

    def note(self) -> dict[str, Any]:
        """What a corpus keeps of the model: name and version."""
        return {key: self.card[key] for key in ("name", "version")}

    def probabilities(self, texts: Sequence[str], pairs: Sequence[tuple[Span, Span]]) -> NDArray[np.float64]:
        """Probabilities of `CLASSES` for each text and its pair of actors, (pairs, 5).

        The model reads each pair in the order of the text, so that what is said of it does not depend on which actor
        is given first, nor on the other pairs.
        """
        found = np.zeros((len(texts), len(CLASSES)))
        windows = [pair_window(self.tokenizer, text, sorted(pair)) for text, pair in zip(texts, pairs, strict=True)]
        order = sorted(range(len(windows)), key=lambda n: len(windows[n].ids))
        for first in range(0, len(order), BATCH):
            rows = order[first : first + BATCH]
            logits = self.logits([windows[n] for n in rows]) / self.card["temperature"]
            found[rows] = softmax(logits)
        turned = [n for n, (one, other) in enumerate(pairs) if one > other]
        found[turned] = found[turned][:, list(TURNED)]
        return found

    def logits(self, batch: Sequence[PairWindow]) -> NDArray[np.float64]:
        """Logits of the pairs as they are given, (pairs, 5)."""
        given = batch_of([window.ids for window in batch]) | {"ends": np.array([window.ends for window in batch])}
        (logits,) = self._session.run(None, given)
        return np.asarray(logits, dtype=np.float64)


@functools.cache
def load_directed_model() -> DirectedModel:
    """The shipped English model, loaded once a process."""
    return DirectedModel(model_folder("directed-en"))
