"""TextBlob as the baseline, and what it must not need."""

from __future__ import annotations

import subprocess
import sys

import newskit as nk
from newskit.annotation.tone.textblob import label_of
from tests.conftest import declared, dtypes

TEXT = "Putin praised the great work of Melania Trump."


def test_sentence_sentiment() -> None:
    table = nk.sentence_sentiment([TEXT, "A terrible, cruel attack.", "They met on Monday.", ""])
    assert dtypes(table) == declared("sentence_sentiment")
    assert table["polarity"].iloc[0] > 0 > table["polarity"].iloc[1]
    assert table["polarity"].iloc[2:].tolist() == [0, 0]
    assert nk.sentence_sentiment([]).shape == (0, 2)


def test_labels_are_signs() -> None:
    assert [label_of(score) for score in (-0.1, 0.0, 0.1)] == ["negative", "neutral", "positive"]


def test_no_nltk_data_is_needed() -> None:
    code = (
        "import nltk.data, newskit as nk\n"
        "def refuse(*a, **k): raise LookupError('asked for NLTK data')\n"
        "nltk.data.find = nltk.data.load = refuse\n"
        "print(nk.sentence_sentiment(['A great plan.'])['polarity'][0])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(done.stdout) > 0
