"""Tone: the TextBlob baseline and what it must not need."""

from __future__ import annotations

import subprocess
import sys

import pandas as pd
import pytest

import newskit as nk
from newskit.tone import label_of

TEXT = "Putin praised the great work of Melania Trump."


def test_sentence_sentiment() -> None:
    table = nk.sentence_sentiment([TEXT, "A terrible, cruel attack.", "They met on Monday.", ""])
    assert table.columns.tolist() == ["polarity", "subjectivity"]
    assert (table.dtypes == "float64").all()
    assert table["polarity"].iloc[0] > 0 > table["polarity"].iloc[1]
    assert table["polarity"].iloc[2:].tolist() == [0, 0]
    assert nk.sentence_sentiment([]).shape == (0, 2)


def test_textblob_is_blind_to_the_target() -> None:
    table = nk.target_tone([TEXT, TEXT], [(0, 5), (32, 45)], method="textblob")
    assert table["label"].tolist() == ["positive", "positive"]
    assert table["score"].nunique() == 1
    assert table[["p_negative", "p_neutral", "p_positive"]].isna().all(axis=None)


def test_empty_input_has_the_columns() -> None:
    table = nk.target_tone([], [])
    assert table.columns.tolist() == ["label", "score", "p_negative", "p_neutral", "p_positive"]
    assert table.empty


@pytest.mark.parametrize(
    ("texts", "spans", "message"),
    [
        ([TEXT], [(0, 500)], "not inside"),
        ([TEXT], [(5, 5)], "not inside"),
        ([TEXT], [(-1, 5)], "not inside"),
        ([TEXT], [], "one span a text"),
    ],
)
def test_bad_spans(texts: list[str], spans: list[tuple[int, int]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        nk.target_tone(texts, spans)


def test_bad_method_and_single_string() -> None:
    with pytest.raises(ValueError, match="none of textblob"):
        nk.target_tone([TEXT], [(0, 5)], method="vader")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="pass a list"):
        nk.sentence_sentiment(TEXT)


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


def test_stances_agree_with_target_tone(corpus: nk.Corpus) -> None:
    rows = corpus.evidence("stances")
    spans = [(0, 1)] * len(rows)
    again = nk.target_tone(rows["sentence"].tolist(), spans, method="textblob")
    pd.testing.assert_series_equal(rows["score"], again["score"])
    assert rows["label"].tolist() == again["label"].tolist()
