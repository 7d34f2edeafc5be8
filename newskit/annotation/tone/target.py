"""Tone toward a target in a sentence: `target_tone`, by the model or by TextBlob."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from newskit.annotation.tone.model import load_tone_model
from newskit.annotation.tone.textblob import label_of, sentiment
from newskit.schema import LABELS

if TYPE_CHECKING:
    import pandas as pd


ToneMethod = Literal["model", "textblob"]
TONE_METHODS: Final = ("model", "textblob")


class Tone(NamedTuple):
    """Tone toward a target: the probabilities of the three labels, which sum to 1."""

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


def target_tone(
    texts: Sequence[str], spans: Sequence[tuple[int, int]], *, method: ToneMethod = "model"
) -> pd.DataFrame:
    """Tone of each text, a sentence, toward the target at its span, one a row.

    `spans` are (start, end) characters, end exclusive, one per text. The columns are `label`
    (negative, neutral, positive), `score` (p_positive - p_negative, -1 to 1) and the calibrated probabilities
    `p_negative`, `p_neutral`, `p_positive`.

    `method="model"` is a small transformer, trained on NewsMTSC (Hamborg and Donnay 2021) and distilled from
    larger ones; its scores and known failures are in `newskit/resources/models/tone-en/README.md`. Of a text longer
    than its window it reads what stands around the target. It runs on one thread. `method="textblob"` is the
    baseline: the polarity of the whole sentence, the same for every target in it, with its sign as label; it
    gives no probabilities (NaN). Raises `ValueError` for another method, for inputs of different length and
    for a span outside its text.

    >>> text = "Critics accused Johnson of corruption, but praised Sunak for his honesty."
    >>> target_tone([text, text], [(16, 23), (51, 56)])["label"].tolist()
    ['negative', 'positive']
    """
    if method not in TONE_METHODS:
        raise ValueError(f"method {method!r} is none of {', '.join(TONE_METHODS)}")
    if isinstance(texts, str):
        raise TypeError("target_tone takes several texts: pass a list, even for one")
    texts, spans = list(texts), list(spans)
    if len(texts) != len(spans):
        raise ValueError(f"one span a text, please: got {len(texts)} texts and {len(spans)} spans")
    for i, (text, span) in enumerate(zip(texts, spans, strict=True)):
        check_span(span, text, i)
    if method == "textblob":
        scores = [sentiment(text).polarity for text in texts]
        unknown = float("nan")
        return _tone_table([(label_of(score), score, unknown, unknown, unknown) for score in scores])
    tones = tone_toward([(text, [span]) for text, span in zip(texts, spans, strict=True)])
    return _tone_table([(tone.label, tone.score, *tone) for (tone,) in tones])


def check_span(span: tuple[int, int], text: str, number: int) -> None:
    """Refuse a span that is empty or not inside its text."""
    start, end = span
    if not 0 <= start < end <= len(text):
        raise ValueError(f"span {(start, end)} of text {number} is not inside its {len(text)} characters")


def tone_toward(sentences: Sequence[tuple[str, Sequence[tuple[int, int]]]]) -> list[list[Tone]]:
    """Tone toward each target of each sentence, by the model; one pass a sentence for all its targets."""
    found = load_tone_model().probabilities([text for text, _ in sentences], [spans for _, spans in sentences])
    return [[Tone(*map(float, row)) for row in rows] for rows in found]


def _tone_table(rows: list[tuple[str, float, float, float, float]]) -> pd.DataFrame:
    import pandas as pd

    table = pd.DataFrame(rows, columns=["label", "score", "p_negative", "p_neutral", "p_positive"])
    return table.astype({"label": "str"} | dict.fromkeys(table.columns[1:], "float64"))
