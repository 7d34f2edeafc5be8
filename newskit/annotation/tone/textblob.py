"""TextBlob's sentiment of a sentence: the baseline beside the tone models."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from newskit.resources.language import checked_texts
from newskit.schema import returns_columns

if TYPE_CHECKING:
    import pandas as pd


class Sentiment(NamedTuple):
    """TextBlob's reading of a text: polarity from -1 to 1, subjectivity from 0 to 1."""

    polarity: float
    subjectivity: float


def sentiment(text: str) -> Sentiment:
    """Polarity and subjectivity of one text by TextBlob's pattern lexicon; no NLTK data is needed.

    >>> sentiment("What a great and honest plan.").polarity > 0
    True
    """
    polarity, subjectivity = _analyzer().analyze(text)[:2]
    return Sentiment(float(polarity), float(subjectivity))


def sentiment_words(text: str) -> dict[str, float]:
    """List the words behind TextBlob's polarity of a text: the receipt of the score.

    Parameters
    ----------
    text : str
        A sentence, or a text of any length.

    Returns
    -------
    dict of str to float
        The words, in the order of the text, each with its own polarity from -1 to 1, rounded to three digits. Empty if
        no word of the text is in the lexicon.

    Notes
    -----
    Entries of the pattern lexicon (De Smedt and Daelemans 2012), with its modifiers and negations. See
    `sentence_sentiment` for the score.

    Examples
    --------
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
    """The part of TextBlob's analyser that newskit uses, for type checkers."""

    def analyze(self, text: str, keep_assessments: bool = False) -> tuple[Any, ...]:
        """Polarity, subjectivity and, if kept, the words with their scores."""
        raise NotImplementedError


def label_of(score: float) -> str:
    """Label of a lexicon score: its sign; neutral at 0 (no word is in the lexicon, or they cancel each other out)."""
    return "negative" if score < 0 else "positive" if score > 0 else "neutral"


@returns_columns("sentence_sentiment")
def sentence_sentiment(texts: Iterable[str]) -> pd.DataFrame:
    """Measure the sentiment of whole sentences: the baseline beside `target_tone`.

    Parameters
    ----------
    texts : iterable of str
        Sentences, or texts of any length.

    Returns
    -------
    pandas.DataFrame
        One row per text, in their order, with the columns

        {columns}

    Raises
    ------
    TypeError
        For a single string instead of several texts, and for a text that is not a string.

    Notes
    -----
    TextBlob averages the entries of a word list (the pattern lexicon, De Smedt and Daelemans 2012) and reverses them
    after "not"; it does not know whom a sentence is about. `sentiment_words` lists the words behind a score.

    Examples
    --------
    >>> sentence_sentiment(["A terrible plan.", "They met on Monday."])["polarity"].tolist()
    [-1.0, 0.0]
    """
    import pandas as pd

    return pd.DataFrame(
        [sentiment(text) for text in checked_texts(texts, "sentence_sentiment")],
        columns=list(Sentiment._fields),
        dtype="float64",
    )
