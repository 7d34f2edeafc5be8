"""Tone toward a target in a sentence: `target_tone`, by the model or by TextBlob."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from newskit.annotation.tone.model import load_tone_model
from newskit.annotation.tone.textblob import label_of, sentiment
from newskit.resources.language import checked_texts
from newskit.schema import LABELS, result_table, returns_columns

if TYPE_CHECKING:
    import pandas as pd


ToneMethod = Literal["model", "textblob"]
TONE_METHODS: Final = ("model", "textblob")


class Tone(NamedTuple):
    """Tone toward a target: the probabilities of the three labels, which add up to 1."""

    negative: float
    neutral: float
    positive: float

    @property
    def label(self) -> str:
        """The most probable label."""
        return LABELS[max(range(3), key=self.__getitem__)]

    @property
    def score(self) -> float:
        """p_positive - p_negative, -1 to 1."""
        return self.positive - self.negative


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
    method : {"model", "textblob"}
        "model" is a small transformer that reads the target; "textblob" is the baseline: the polarity of the whole
        sentence, the same for every target in it.

    Returns
    -------
    pandas.DataFrame
        One row per text, in their order, with the columns

        {columns}

    Raises
    ------
    ValueError
        For another method, for texts and spans that differ in number, and for a span that is empty or outside its text.
    TypeError
        For a single string instead of several texts, and for a text that is not a string.

    Notes
    -----
    The model was trained on NewsMTSC (Hamborg and Donnay 2021) and distilled from larger ones; its probabilities are
    calibrated. Its scores and known failures are in its card (`newskit/resources/models/tone-en/README.md`). In a text
    longer than its window it reads what is around the target. It runs on one thread.

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
    tones = tone_toward([(text, [span]) for text, span in zip(texts, spans, strict=True)])
    return result_table("target_tone", [(tone.label, tone.score, *tone) for (tone,) in tones])


def check_span(span: tuple[int, int], text: str, number: int) -> None:
    """Refuse a span that is empty or not inside its text."""
    start, end = span
    if not 0 <= start < end <= len(text):
        raise ValueError(f"span {(start, end)} of text {number} is not inside its {len(text)} characters")


def tone_toward(sentences: Sequence[tuple[str, Sequence[tuple[int, int]]]]) -> list[list[Tone]]:
    """The model's tone toward each target of each sentence; one pass per sentence serves all its targets."""
    found = load_tone_model().probabilities([text for text, _ in sentences], [spans for _, spans in sentences])
    return [[Tone(*map(float, row)) for row in rows] for rows in found]
