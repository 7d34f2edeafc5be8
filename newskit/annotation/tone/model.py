"""The trained model of tone toward a target: one pass over a sentence gives the probabilities for all its targets.

How it is made, and its scores: `training/tone/` and `newskit/resources/models/tone-en/README.md`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from newskit.resources.files import model_folder
from newskit.resources.onnx import FolderModel, Span, batch_of, softmax, token_ends

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

TONE_WINDOW: Final = 128
"""Tokens that the model reads at once; in a longer text, a window around each target."""
SENTENCES_PER_CALL: Final = 8
"""Most sentences per call of the model. It changes the speed only: each token is scaled by itself."""
MOST_TOKENS: Final = 1024
"""Most tokens per call, a sentence counted once for each target, so that a list of names cannot exhaust the memory."""


class ToneWindow(NamedTuple):
    """What the model reads at once: token ids, the first and last token of each target, and which targets they are."""

    ids: list[int]
    places: list[Span]
    rows: list[int]


def tone_windows(tokenizer: Tokenizer, text: str, spans: Sequence[Span]) -> list[ToneWindow]:
    """Cut a text into what the model can read at once: all of it, or a window around each target if it is too long.

    A target's window depends only on the text and its span, not on the other targets.
    """
    encoding = tokenizer.encode(text)
    ids, offsets = encoding.ids, encoding.offsets
    places = [token_ends(offsets, span) for span in spans]
    if len(ids) <= TONE_WINDOW:
        return [ToneWindow(ids, places, list(range(len(spans))))]
    found = []
    room = TONE_WINDOW - 2
    for row, (first, last) in enumerate(places):
        begin = max(1, min((first + last - room) // 2, len(ids) - 1 - room))
        place = (max(first - begin + 1, 0), max(0, min(last - begin + 1, room)))
        found.append(ToneWindow([ids[0], *ids[begin : begin + room], ids[-1]], [place], [row]))
    return found


def inputs_of(batch: Sequence[ToneWindow]) -> dict[str, NDArray[Any]]:
    """Windows as the model takes them: the tokens, and for each target the row of its window and its two ends."""
    rows = [row for row, window in enumerate(batch) for _ in window.places]
    targets = [place for window in batch for place in window.places]
    return batch_of([window.ids for window in batch]) | {"rows": np.array(rows), "targets": np.array(targets)}


def batches_of(pieces: Sequence[tuple[int, ToneWindow]]) -> Iterator[list[tuple[int, ToneWindow]]]:
    """Windows within `SENTENCES_PER_CALL` and `MOST_TOKENS`; a single window may have more tokens."""
    batch: list[tuple[int, ToneWindow]] = []
    tokens = 0
    for piece in pieces:
        more = len(piece[1].ids) * len(piece[1].places)
        if batch and (len(batch) == SENTENCES_PER_CALL or tokens + more > MOST_TOKENS):
            yield batch
            batch, tokens = [], 0
        batch.append(piece)
        tokens += more
    if batch:
        yield batch


class HeadsModel:
    """What models of tone have in common: a card with the codes of each head, and what calibrates and decides them."""

    card: dict[str, Any]

    @functools.cached_property
    def columns(self) -> dict[str, slice]:
        """Where the probabilities of each head stand."""
        found, at = {}, 0
        for head, codes in self.card["heads"].items():
            found[head] = slice(at, at + len(codes))
            at += len(codes)
        return found

    @property
    def width(self) -> int:
        """How many codes all heads have together."""
        return sum(map(len, self.card["heads"].values()))

    def note(self) -> dict[str, Any]:
        """What a corpus keeps of the model: name, version, and the codebook that it codes by."""
        return {key: self.card[key] for key in ("name", "version", "codebook")}

    def decided(self, chances: NDArray[np.float64], head: str) -> list[str]:
        """The codes of a head for its probabilities (targets, codes).

        Not always the likeliest one: rare codes get a bonus, fitted on coded news, with which the shares of the codes
        are about right. With the likeliest alone, too many evaluations would be called neutral.
        """
        codes = self.card["heads"][head]
        best = (chances * np.asarray(self.card["bonus"][head])).argmax(axis=1)
        return [str(codes[at]) for at in best.tolist()]

    def sureness(self, chances: NDArray[np.float64]) -> NDArray[np.float64]:
        """How sure the model is of the tone, given the probabilities of all heads: (targets,).

        The share of the code decided on, once each probability is multiplied by its bonus: near half, another code was
        almost as good.
        """
        weighed = chances[:, self.columns["tone"]] * np.asarray(self.card["bonus"]["tone"])
        sure: NDArray[np.float64] = weighed.max(axis=1) / weighed.sum(axis=1)
        return sure

    def _calibrated(self, logits: NDArray[np.float64]) -> NDArray[np.float64]:
        """The probabilities of each head's codes, by its temperature and offsets."""
        parts = []
        for head, at in self.columns.items():
            temperature, offsets = self.card["calibration"][head]
            parts.append(softmax(logits[:, at] / temperature + np.asarray(offsets)))
        return np.concatenate(parts, axis=1)


class ToneModel(HeadsModel, FolderModel):
    """The model in a folder; its card has the codes of each head, and what calibrates them."""

    what = "the tone model"

    def probabilities(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]], *, head: str = "tone"
    ) -> list[NDArray[np.float64]]:
        """Probabilities of the codes of a head: for each text an array (targets of the text, codes).

        As `all_probabilities`, for one head; "newsmtsc" is read by all layers.
        """
        found = self.all_probabilities(texts, spans, whole=head == "newsmtsc")
        return [of_text[:, self.columns[head]] for of_text in found]

    def all_probabilities(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]], *, whole: bool = False
    ) -> list[NDArray[np.float64]]:
        """Probabilities of the codes of all heads, side by side: for each text an array (targets of the text, codes).

        `spans` gives the targets of each text as (start, end) characters. A target's numbers depend on its
        text and span only: not on the other targets, nor on the other texts. Unless `whole`, the layers above are
        spared for targets of which those below are sure; what "newsmtsc" says of these is a rough guess.
        """
        found = [np.full((len(targets), self.width), np.nan) for targets in spans]
        pieces = [
            (n, window)
            for n, (text, targets) in enumerate(zip(texts, spans, strict=True))
            if len(targets)
            for window in tone_windows(self.tokenizer, text, targets)
        ]
        pieces.sort(key=lambda piece: len(piece[1].ids))
        for batch in batches_of(pieces):
            chances = self._calibrated(self._logits([window for _, window in batch], whole))
            at = 0
            for n, window in batch:
                found[n][window.rows] = chances[at : at + len(window.rows)]
                at += len(window.rows)
        return found

    def _logits(self, batch: Sequence[ToneWindow], whole: bool) -> NDArray[np.float64]:
        """Logits of the targets of the windows, of all heads side by side."""
        given = inputs_of(batch)
        if self.card["exits"]:
            given["whole"] = np.array([whole])
        (logits,) = self.run(given)
        return np.asarray(logits, dtype=np.float64)


@functools.cache
def load_tone_model() -> ToneModel:
    """The shipped English model, loaded once per process."""
    return ToneModel(model_folder("tone-en"))
