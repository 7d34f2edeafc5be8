"""Tone toward a target, and the whole-sentence sentiment of TextBlob as its baseline."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from newskit.schema import LABELS

if TYPE_CHECKING:
    import pandas as pd

ToneMethod = Literal["model", "textblob"]
METHODS: Final = ("model", "textblob")


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


class Sentiment(NamedTuple):
    """TextBlob's reading of a text: polarity from -1 to 1, subjectivity from 0 to 1."""

    polarity: float
    subjectivity: float


def sentiment(text: str) -> Sentiment:
    """Polarity and subjectivity of one text, by TextBlob's pattern lexicon; no NLTK data is needed.

    >>> sentiment("What a great and honest plan.").polarity > 0
    True
    """
    polarity, subjectivity = _analyzer().analyze(text)[:2]
    return Sentiment(float(polarity), float(subjectivity))


def sentiment_words(text: str) -> dict[str, float]:
    """The words that made TextBlob's polarity of a text, each with its own: the receipt of the score.

    >>> sentiment_words("The move would be highly provocative.")
    {'highly': 0.16}
    """
    found = _analyzer().analyze(text, keep_assessments=True)[2]
    return {" ".join(words): round(float(polarity), 3) for words, polarity, *_ in found}


@functools.cache
def _analyzer() -> _Analyzer:
    from textblob.en.sentiments import PatternAnalyzer

    analyzer: _Analyzer = PatternAnalyzer()
    return analyzer


class _Analyzer:
    """What newskit uses of TextBlob's analyser."""

    def analyze(self, text: str, keep_assessments: bool = False) -> tuple[Any, ...]:
        """Polarity, subjectivity and, if kept, the words with their scores."""
        raise NotImplementedError


def label_of(score: float) -> str:
    """Label of a lexicon score: its sign, neutral at 0 (no word of the text is in the lexicon, or they cancel out)."""
    return "negative" if score < 0 else "positive" if score > 0 else "neutral"


def sentence_sentiment(texts: Iterable[str]) -> pd.DataFrame:
    """Sentiment of whole texts, one a row: `polarity` (-1 to 1) and `subjectivity` (0 to 1), by TextBlob.

    TextBlob averages the entries of a word list (De Smedt and Daelemans 2012) and turns them at "not";
    it does not know whom a sentence speaks of. Raises `TypeError` for a single string.

    >>> sentence_sentiment(["A terrible plan.", "They met on Monday."])["polarity"].tolist()
    [-1.0, 0.0]
    """
    import pandas as pd

    if isinstance(texts, str):
        raise TypeError("sentence_sentiment takes several texts: pass a list, even for one")
    return pd.DataFrame([sentiment(text) for text in texts], columns=list(Sentiment._fields), dtype="float64")


def target_tone(
    texts: Sequence[str], spans: Sequence[tuple[int, int]], *, method: ToneMethod = "model"
) -> pd.DataFrame:
    """Tone of each text, a sentence, toward the target at its span, one a row.

    `spans` are (start, end) characters, end exclusive, one per text. The columns are `label`
    (negative, neutral, positive), `score` (p_positive - p_negative, -1 to 1) and the calibrated probabilities
    `p_negative`, `p_neutral`, `p_positive`.

    `method="model"` is a small transformer, trained on NewsMTSC (Hamborg and Donnay 2021) and distilled from
    larger ones; its scores and known failures are in `newskit/models/tone-en/README.md`. Of a text longer
    than its window it reads what stands around the target. It runs on one thread. `method="textblob"` is the
    baseline: the polarity of the whole sentence, the same for every target in it, with its sign as label; it
    gives no probabilities (NaN). Raises `ValueError` for another method, for inputs of different length and
    for a span outside its text.

    >>> text = "Critics accused Johnson of corruption, but praised Sunak for his honesty."
    >>> target_tone([text, text], [(16, 23), (51, 56)])["label"].tolist()
    ['negative', 'positive']
    """
    if method not in METHODS:
        raise ValueError(f"method {method!r} is none of {', '.join(METHODS)}")
    if isinstance(texts, str):
        raise TypeError("target_tone takes several texts: pass a list, even for one")
    texts, spans = list(texts), list(spans)
    if len(texts) != len(spans):
        raise ValueError(f"one span a text, please: got {len(texts)} texts and {len(spans)} spans")
    for i, (text, span) in enumerate(zip(texts, spans, strict=True)):
        _check_span(span, text, i)
    if method == "textblob":
        scores = [sentiment(text).polarity for text in texts]
        unknown = float("nan")
        return _table([(label_of(score), score, unknown, unknown, unknown) for score in scores])
    tones = tone_toward([(text, [span]) for text, span in zip(texts, spans, strict=True)])
    return _table([(tone.label, tone.score, *tone) for (tone,) in tones])


def directed_tone(
    texts: Sequence[str], first_spans: Sequence[tuple[int, int]], second_spans: Sequence[tuple[int, int]]
) -> pd.DataFrame:
    """Who blames or endorses whom, of two actors in each text, a sentence: one row a pair.

    Spans are (start, end) characters, end exclusive, one of each kind per text; the order of the two does not matter.
    Columns: `direction` (none, first_to_second, second_to_first), `label` (negative, neutral, positive: how the one
    evaluates the other), `score` (positive - negative, of both directions, -1 to 1) and the probabilities `p_none`,
    `p_first_positive`, `p_second_positive`, `p_first_negative`, `p_second_negative`; "first" is that the first actor
    evaluates the second.

    A small transformer, trained on DSE (Park et al. 2021), whose labels are of what a sentence says or implies; its
    scores and known failures are in `newskit/models/directed-en/README.md`. It runs on one thread. Raises `ValueError`
    for inputs of different length, a span outside its text, and a pair that overlaps.

    >>> text = "The Kremlin condemned the decision of Berlin."
    >>> directed_tone([text], [(4, 11)], [(38, 44)])[["direction", "label"]].iloc[0].tolist()
    ['first_to_second', 'negative']
    """
    import pandas as pd

    from newskit.annotation.tone.directed import CLASSES, load_directed_model

    if isinstance(texts, str):
        raise TypeError("directed_tone takes several texts: pass a list, even for one")
    texts, pairs = list(texts), list(zip(first_spans, second_spans, strict=False))
    if not len(texts) == len(first_spans) == len(second_spans):
        raise ValueError(
            f"one pair of spans a text, please: {len(texts)} texts, {len(first_spans)} and {len(second_spans)} spans"
        )
    for i, (text, ((a, b), (c, d))) in enumerate(zip(texts, pairs, strict=True)):
        _check_span((a, b), text, i)
        _check_span((c, d), text, i)
        if a < d and c < b:
            raise ValueError(f"the spans {(a, b)} and {(c, d)} of text {i} overlap: directed tone is of two actors")
    chances = load_directed_model().probabilities(texts, pairs)
    chosen = [CLASSES[number] for number in chances.argmax(axis=1)]
    table = pd.DataFrame(chosen, columns=["direction", "label"]).astype("str")
    table["score"] = chances[:, 1:3].sum(axis=1) - chances[:, 3:].sum(axis=1)
    return table.join(pd.DataFrame(chances, columns=[f"p_{name}" for name in _DIRECTED]))


def _check_span(span: tuple[int, int], text: str, number: int) -> None:
    start, end = span
    if not 0 <= start < end <= len(text):
        raise ValueError(f"span {(start, end)} of text {number} is not inside its {len(text)} characters")


_DIRECTED: Final = ("none", "first_positive", "second_positive", "first_negative", "second_negative")


def tone_toward(sentences: Sequence[tuple[str, Sequence[tuple[int, int]]]]) -> list[list[Tone]]:
    """Tone toward each target of each sentence, by the model; one pass a sentence for all its targets."""
    from newskit.annotation.tone.model import load_tone_model

    found = load_tone_model().probabilities([text for text, _ in sentences], [spans for _, spans in sentences])
    return [[Tone(*map(float, row)) for row in rows] for rows in found]


def _table(rows: list[tuple[str, float, float, float, float]]) -> pd.DataFrame:
    import pandas as pd

    table = pd.DataFrame(rows, columns=["label", "score", "p_negative", "p_neutral", "p_positive"])
    return table.astype({"label": "str"} | dict.fromkeys(table.columns[1:], "float64"))
