"""Tone toward a target in a sentence: `target_tone`, by the model or by TextBlob."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from newskit.annotation.tone.accurate import load_accurate_model
from newskit.annotation.tone.model import HeadsModel, load_tone_model
from newskit.annotation.tone.textblob import label_of, sentiment
from newskit.resources.language import checked_texts
from newskit.schema import result_table, returns_columns

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


ToneMethod = Literal["model", "accurate", "newsmtsc", "textblob"]
TONE_METHODS: Final = ("model", "accurate", "newsmtsc", "textblob")
ToneSize = Literal["fast", "accurate"]
TONE_SIZES: Final[tuple[ToneSize, ...]] = ("fast", "accurate")


class Tone(NamedTuple):
    """Tone toward a target: the probabilities of the three labels, which add up to 1."""

    negative: float
    neutral: float
    positive: float

    @property
    def score(self) -> float:
        """p_positive - p_negative, -1 to 1."""
        return self.positive - self.negative


class Reading(NamedTuple):
    """What the model says of a target in a sentence, by the codebook of tone."""

    tone: Tone
    label: str
    """negative, neutral or positive."""
    fate: str
    """What happens to the target: harmed, none or benefits."""
    speaks: bool
    """Whether the target is the one who speaks, writes or believes."""


@returns_columns("target_tone")
def target_tone(
    texts: Sequence[str], spans: Sequence[tuple[int, int]], *, method: ToneMethod = "model"
) -> pd.DataFrame:
    """Measure the tone of sentences, each toward a target in it.

    Parameters
    ----------
    texts : sequence of str
        Sentences.
    spans : sequence of (int, int)
        The target of each sentence: its first character and one past its last.
    method : {"model", "accurate", "newsmtsc", "textblob"}
        "model" is a small transformer that reads the target and codes by newskit's codebook: how the words of the
        sentence evaluate the target, whoever speaks. "accurate" is a larger one that codes by the same codebook, reads
        one target at a time and is much slower; it needs the package newskit-accurate. "newsmtsc" is the small
        transformer by the convention of NewsMTSC, whose readers said how the target comes off, for comparison with
        other work. "textblob" is the baseline: the polarity of the whole sentence, the same for every target in it.

    Returns
    -------
    pandas.DataFrame
        One row per text, in their order, with the columns

        {columns}

    Raises
    ------
    ValueError
        For another method, for texts and spans that differ in number, and for a span that is empty or outside its text.
    ModuleNotFoundError
        For "accurate", if its package is not installed.
    TypeError
        For a single string instead of several texts, and for a text that is not a string.

    Notes
    -----
    The model learned from rows of US news coded by the codebook and from NewsMTSC (Hamborg and Donnay 2021). Its
    probabilities are calibrated at the shares of news as it comes, where about one target in five is evaluated at all.
    The label is not always the likeliest code: rare ones get a bonus, with which their shares are about right. Its
    scores and known failures are in its card (`newskit/resources/models/tone-en/README.md`). In a text longer than its
    window it reads what is around the target. It runs on one thread.

    With "textblob" the label is the sign of the polarity, and there are no probabilities.

    Examples
    --------
    >>> text = "Critics accused Johnson of corruption, but praised Sunak for his honesty."
    >>> target_tone([text, text], [(16, 23), (51, 56)])["label"].tolist()
    ['negative', 'positive']
    """
    if method not in TONE_METHODS:
        raise ValueError(f"method {method!r} is not one of {', '.join(TONE_METHODS)}")
    texts, spans = checked_texts(texts, "target_tone"), list(spans)
    if len(texts) != len(spans):
        raise ValueError(f"expected one span per text: got {len(texts)} texts and {len(spans)} spans")
    for i, (text, span) in enumerate(zip(texts, spans, strict=True)):
        check_span(span, text, i)
    if method == "textblob":
        scores = [sentiment(text).polarity for text in texts]
        unknown = float("nan")
        return result_table("target_tone", [(label_of(score), score, unknown, unknown, unknown) for score in scores])
    model: HeadsModel
    if method == "accurate":
        model = larger = load_accurate_model()
        head, chances = "tone", larger.probabilities(texts, spans)[:, larger.columns["tone"]]
    else:
        head, model = "newsmtsc" if method == "newsmtsc" else "tone", (small := load_tone_model())
        chances = np.concatenate([np.empty((0, 3)), *small.probabilities(texts, [[span] for span in spans], head=head)])
    labels = zip(model.decided(chances, head), _tones(chances), strict=True)
    return result_table("target_tone", [(label, tone.score, *tone) for label, tone in labels])


def check_span(span: tuple[int, int], text: str, number: int) -> None:
    """Refuse a span that is empty or not inside its text."""
    start, end = span
    if not 0 <= start < end <= len(text):
        raise ValueError(f"span {(start, end)} of text {number} is not inside its {len(text)} characters")


def checked_size(size: str) -> ToneSize:
    """The size of a model of tone; refuse another."""
    for known in TONE_SIZES:
        if size == known:
            return known
    raise ValueError(f"tone {size!r} is not one of {', '.join(TONE_SIZES)}")


def read_toward(
    sentences: Sequence[tuple[str, Sequence[tuple[int, int]]]], *, size: ToneSize = "fast"
) -> list[list[Reading]]:
    """What the model says of each target of each sentence; one pass per sentence serves all its targets.

    With the size "accurate" the larger model is asked about the targets of whose tone the small one is not sure.
    """
    model = load_tone_model()
    found = model.all_probabilities([text for text, _ in sentences], [spans for _, spans in sentences])
    readings = [_readings(model, of_text) for of_text in found]
    if size == "accurate":
        larger = load_accurate_model()
        doubtful = [
            (n, row)
            for n, of_text in enumerate(found)
            for row in np.flatnonzero(model.sureness(of_text) < larger.card["doubt"]).tolist()
        ]
        chances = larger.probabilities(
            [sentences[n][0] for n, _ in doubtful], [sentences[n][1][row] for n, row in doubtful]
        )
        for (n, row), reading in zip(doubtful, _readings(larger, chances), strict=True):
            readings[n][row] = reading
    return readings


def _readings(model: HeadsModel, chances: NDArray[np.float64]) -> list[Reading]:
    """Probabilities of all heads, (targets, codes), as readings."""
    codes = {head: model.decided(chances[:, model.columns[head]], head) for head in ("tone", "fate", "speaks")}
    tones = _tones(chances[:, model.columns["tone"]])
    each = zip(tones, codes["tone"], codes["fate"], codes["speaks"], strict=True)
    return [Reading(tone, label, fate, speaks == "yes") for tone, label, fate, speaks in each]


def _tones(chances: NDArray[np.float64]) -> list[Tone]:
    return [Tone(*row) for row in chances.tolist()]
