"""The quotation model: a small transformer in ONNX that finds cues and, for each, its content and its source."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from newskit.resources.files import model_folder
from newskit.resources.onnx import FolderModel, Span, softmax

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

QUOTE_WINDOW: Final = 160
"""Most word pieces in a window, including the marks at both ends."""
ROLES: Final = ("content_start", "content_end", "content_inside", "source_start", "source_end", "source_inside")
PART: Final = 64
"""Width of the vectors of each role."""
MAX_DISTANCE: Final = 48
"""Largest distance between cue and word piece, in word pieces either way; all above it count as this one."""
_CLS, _SEP = 101, 102
_END_OF_SENTENCE: Final = re.compile(r"[.!?…][\"”’')\]]*\s+")


class QuoteWindow(NamedTuple):
    """Some paragraphs, or a part of a long one: the ids of its word pieces and the characters of each.

    Paragraphs are separated by a mark; it and the marks at both ends have an empty span.
    """

    ids: list[int]
    spans: list[Span]


class FoundQuote(NamedTuple):
    """A quotation in characters of its text: cue, content, source (None: nobody), and the probability of the cue."""

    cue: Span
    content: Span
    source: Span | None
    chance: float


def quote_windows(tokenizer: Tokenizer, text: str, blocks: Sequence[Span]) -> Iterator[QuoteWindow]:
    """The windows of a text: as many whole paragraphs as fit; one that is too long is cut at the ends of sentences."""
    room = QUOTE_WINDOW - 2
    ids: list[int] = []
    spans: list[Span] = []
    encoded = tokenizer.encode_batch([text[start:end] for start, end in blocks], add_special_tokens=False)
    for (start, end), block in zip(blocks, encoded, strict=True):
        for first, last in _cuts(block, text[start:end], room):
            if ids and len(ids) + 1 + last - first > room:
                yield _window(ids, spans)
                ids, spans = [], []
            if ids:
                ids.append(_SEP)
                spans.append((start, start))
            ids += block.ids[first:last]
            spans += [(a + start, b + start) for a, b in block.offsets[first:last]]
    if ids:
        yield _window(ids, spans)


def _window(ids: list[int], spans: list[Span]) -> QuoteWindow:
    edge = [(spans[0][0],) * 2, (spans[-1][1],) * 2]
    return QuoteWindow([_CLS, *ids, _SEP], [edge[0], *spans, edge[1]])


def _cuts(block: Any, text: str, room: int) -> Iterator[Span]:
    """Ranges of word pieces of a paragraph that fit: all of it, or some sentences, or as much as there is room for."""
    total = len(block.ids)
    if total <= room:
        if total:
            yield 0, total
        return
    starts = np.array([a for a, _ in block.offsets])
    ends = [match.end() for match in _END_OF_SENTENCE.finditer(text)]
    cuts = np.unique(np.searchsorted(starts, ends))
    first = 0
    while total - first > room:
        at = int(np.searchsorted(cuts, first + room, side="right")) - 1
        last = int(cuts[at]) if at >= 0 and cuts[at] > first else first + room
        yield first, last
        first = last
    yield first, total


def cues_of(chances: NDArray[np.floating], least: float) -> list[tuple[int, int, int]]:
    """Cues (first, last and surest piece) from the probabilities (pieces, 3) of outside, first and further piece.

    Neighbouring pieces that are more likely part of a cue than not are one cue; it counts if one of them reaches
    `least`.
    """
    inside = 1 - chances[:, 0]
    inside[0] = inside[-1] = 0
    floor = min(least, 0.5)
    found = []
    at = 0
    while at < len(inside):
        if inside[at] < floor:
            at += 1
            continue
        first = at
        at += 1
        while at < len(inside) and inside[at] >= floor and not chances[at, 1] > max(0.5, chances[at, 2]):
            at += 1
        best = first + int(inside[first:at].argmax())
        if inside[best] >= least:
            found.append((first, at - 1, best))
    return found


def best_spans(
    start: NDArray[np.floating], end: NDArray[np.floating], inside: NDArray[np.floating], weight: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The best first and last piece of each row, by start + end + `weight` times the sum of what is inside."""
    sums = np.concatenate([np.zeros_like(inside[:, :1]), inside.cumsum(axis=1)], axis=1) * weight
    opening = start - sums[:, :-1]
    best = np.maximum.accumulate(opening, axis=1)
    last = (best + end + sums[:, 1:]).argmax(axis=1)
    place = np.arange(start.shape[1])
    masked = np.where(place[None] <= last[:, None], opening, -np.inf)
    return masked.argmax(axis=1), last


class QuoteModel(FolderModel):
    """The model in a folder; its card has the thresholds.

    It reads one window per call, so that what it finds in a text does not depend on other texts.
    """

    what = "the quotation model"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.distance = np.array(self.card["distance"], dtype=np.float32)

    def find(self, text: str, blocks: Sequence[Span]) -> list[FoundQuote]:
        """The quotations of a text in the order of their cues; `blocks` are its paragraphs as (start, end)."""
        return [
            found
            for window in quote_windows(self.tokenizer, text, blocks)
            for found in without_doubles(list(self._read(window)), self.card["shared"])
        ]

    def _read(self, window: QuoteWindow) -> Iterator[FoundQuote]:
        tags, asking, asked, alone = self.run({"ids": np.array([window.ids], dtype=np.int64)})
        chances = softmax(tags[0])
        cues = cues_of(chances, self.card["least"])
        scores = pair_scores(asking[0], asked[0], alone[0], self.distance, [best for _, _, best in cues])
        places = decode(scores, self.card["weight"], self.card["source_weight"], self.card["nobody"])
        for (first, last, best), (content, source) in zip(cues, places, strict=True):
            yield FoundQuote(
                cue=_characters(window, first, last),
                content=_characters(window, *content),
                source=None if source is None else _characters(window, *source),
                chance=float(1 - chances[best, 0]),
            )


def without_doubles(found: Sequence[FoundQuote], shared: float) -> list[FoundQuote]:
    """Keep the surest of quotations whose contents share that part of the shorter one; in the order of their cues."""
    kept: list[FoundQuote] = []
    for one in sorted(found, key=lambda f: -f.chance):
        start, end = one.content
        spans = (other.content for other in kept)
        if all(min(end, b) - max(start, a) < shared * min(end - start, b - a) for a, b in spans):
            kept.append(one)
    return sorted(kept)


def _characters(window: QuoteWindow, first: int, last: int) -> Span:
    return window.spans[first][0], window.spans[last][1]


def pair_scores(
    asking: NDArray[np.floating],
    asked: NDArray[np.floating],
    alone: NDArray[np.floating],
    distance: NDArray[np.floating],
    cues: Sequence[int],
) -> NDArray[np.floating]:
    """How well each piece of a window fits each role for each cue: (cues, roles, pieces)."""
    length, roles = len(asked), len(ROLES)
    questions = asking[list(cues)].reshape(len(cues), roles, PART).transpose(1, 0, 2)
    answers = asked.reshape(length, roles, PART).transpose(1, 2, 0)
    scores = (questions @ answers).transpose(1, 0, 2) / PART**0.5 + alone.T
    far = (
        np.clip(np.arange(length) - np.array(cues, dtype=np.int64)[:, None], -MAX_DISTANCE, MAX_DISTANCE) + MAX_DISTANCE
    )
    joined: NDArray[np.floating] = scores + distance[far].transpose(0, 2, 1)
    return joined


def decode(
    scores: NDArray[np.floating], weight: float, source_weight: float, nobody: float
) -> list[tuple[Span, Span | None]]:
    """The best content and the best source (None: nobody) of each cue, as first and last piece.

    The marks at both ends of a window are not content. As a source, the first one stands for nobody; `nobody` is added
    to its score.
    """
    if not len(scores):
        return []
    inner = scores[:, :, 1:-1]
    content = best_spans(inner[:, 0], inner[:, 1], inner[:, 2], weight)
    source = best_spans(inner[:, 3], inner[:, 4], inner[:, 5], source_weight)
    row = np.arange(len(scores))
    somebody = inner[row, 3, source[0]] + inner[row, 4, source[1]]
    named = somebody > scores[:, 3, 0] + scores[:, 4, 0] + nobody
    ends = np.stack([*content, *source], axis=1) + 1
    return [((a, b), (c, d) if there else None) for (a, b, c, d), there in zip(ends.tolist(), named, strict=True)]


@functools.cache
def load_quote_model() -> QuoteModel:
    """The shipped English model, loaded once per process."""
    return QuoteModel(model_folder("quotes-en"))
