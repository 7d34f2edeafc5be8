"""Directed tone: which of two actors in a sentence evaluates the other, by a trained model.

How it is made, and its scores: `training/directed/` and `newskit/resources/models/directed-en/README.md`.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from newskit.annotation.tone.model import TONE_WINDOW
from newskit.annotation.tone.target import check_span
from newskit.resources.files import model_folder
from newskit.resources.language import checked_texts
from newskit.resources.onnx import FolderModel, Span, batch_of, softmax, token_ends
from newskit.schema import returns_columns

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from tokenizers import Tokenizer


PAIRS_PER_CALL: Final = 8
"""Pairs per call of the model. It changes the speed only: each token is scaled by itself."""
DIRECTED: Final = "newskit_directed"
"""The component of directed tone, which is only there on request."""
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
_DIRECTED: Final = ("none", "first_positive", "second_positive", "first_negative", "second_negative")


class PairWindow(NamedTuple):
    """What the model reads at once: token ids, and the first and last token of each of the two actors."""

    ids: list[int]
    ends: list[int]


def pair_window(tokenizer: Tokenizer, text: str, pair: Sequence[Span]) -> PairWindow:
    """The tokens of a text, or those around the pair if it is too long; actors that reach beyond them are cut off."""
    encoding = tokenizer.encode(text)
    ids, offsets = encoding.ids, encoding.offsets
    ends = [end for span in pair for end in token_ends(offsets, span)]
    return cut_around(ids, ends, TONE_WINDOW)


def cut_around(ids: list[int], ends: list[int], longest: int) -> PairWindow:
    """The first and the last token, and as many around the pair as fit; all tokens if there is room for them."""
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

        The model reads each pair in the order of the text, so that the result does not depend on which actor is given
        first, nor on the other pairs.
        """
        found = np.zeros((len(texts), len(CLASSES)))
        windows = [pair_window(self.tokenizer, text, sorted(pair)) for text, pair in zip(texts, pairs, strict=True)]
        order = sorted(range(len(windows)), key=lambda n: len(windows[n].ids))
        for first in range(0, len(order), PAIRS_PER_CALL):
            rows = order[first : first + PAIRS_PER_CALL]
            logits = self.logits([windows[n] for n in rows]) / self.card["temperature"]
            found[rows] = softmax(logits)
        turned = [n for n, (one, other) in enumerate(pairs) if one > other]
        found[turned] = found[turned][:, list(TURNED)]
        return found

    def logits(self, batch: Sequence[PairWindow]) -> NDArray[np.float64]:
        """Logits of the pairs in the order in which their actors are given, (pairs, 5)."""
        given = batch_of([window.ids for window in batch]) | {"ends": np.array([window.ends for window in batch])}
        (logits,) = self.run(given)
        return np.asarray(logits, dtype=np.float64)


@functools.cache
def load_directed_model() -> DirectedModel:
    """The shipped English model, loaded once per process."""
    return DirectedModel(model_folder("directed-en"))


@returns_columns("directed_tone")
def directed_tone(
    texts: Sequence[str], first_spans: Sequence[tuple[int, int]], second_spans: Sequence[tuple[int, int]]
) -> pd.DataFrame:
    """Find out who evaluates whom, of two actors in each sentence.

    Parameters
    ----------
    texts : sequence of str
        Sentences.
    first_spans, second_spans : sequence of (int, int)
        The two actors of each sentence: first character and one past the last. Which of the two is called first makes
        no difference to what is found.

    Returns
    -------
    pandas.DataFrame
        One row per text, in their order, with the columns

        {columns}

    Raises
    ------
    ValueError
        For texts and spans that differ in number, for a span that is empty or outside its text, and for two spans that
        overlap.
    TypeError
        For a single string instead of several texts, and for a text that is not a string.

    Notes
    -----
    A small transformer, trained on DSE (Park et al. 2021), whose labels are about what a sentence says or implies. Its
    scores and known failures are in its card (`newskit/resources/models/directed-en/README.md`). It runs on one thread.

    Examples
    --------
    >>> text = "The Kremlin condemned the decision of Berlin."
    >>> directed_tone([text], [(4, 11)], [(38, 44)])[["direction", "label"]].iloc[0].tolist()
    ['first_to_second', 'negative']
    """
    import pandas as pd

    texts = checked_texts(texts, "directed_tone")
    pairs = list(zip(first_spans, second_spans, strict=False))
    if not len(texts) == len(first_spans) == len(second_spans):
        raise ValueError(
            f"expected one pair of spans per text: got {len(texts)} texts, "
            f"{len(first_spans)} and {len(second_spans)} spans"
        )
    for i, (text, ((a, b), (c, d))) in enumerate(zip(texts, pairs, strict=True)):
        check_span((a, b), text, i)
        check_span((c, d), text, i)
        if a < d and c < b:
            where = f"the spans {(a, b)} and {(c, d)} of text {i}"
            raise ValueError(f"{where} overlap: directed tone takes two separate actors")
    chances = load_directed_model().probabilities(texts, pairs)
    chosen = [CLASSES[number] for number in chances.argmax(axis=1)]
    table = pd.DataFrame(chosen, columns=["direction", "label"]).astype("str")
    table["score"] = chances[:, 1:3].sum(axis=1) - chances[:, 3:].sum(axis=1)
    return table.join(pd.DataFrame(chances, columns=[f"p_{name}" for name in _DIRECTED]))
