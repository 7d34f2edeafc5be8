"""Coding a corpus again."""

from __future__ import annotations

import pandas as pd
import pytest

import newskit as nk
from newskit.annotation.recoding import mostly_quoted


def test_recode_keeps_the_rest_and_agrees_with_annotate(corpus: nk.Corpus) -> None:
    again = corpus.recode(["news_frames", "missile_debate"])
    order = ["article_id", "start", "end", "codebook", "frame"]
    both = [one.frames.sort_values(order, ignore_index=True) for one in (corpus, again)]
    assert both[0].equals(both[1])
    by_meaning = corpus.recode("missile_debate", method="embedding")
    assert set(by_meaning.frames["method"]) == {"lexicon", "embedding"}
    rows = by_meaning.frames[by_meaning.frames["method"] == "embedding"]
    assert rows["score"].ge(2).all()
    with pytest.raises(ValueError, match="choose one, method='embedding' or 'lexicon'"):
        nk.frame_summary(by_meaning, codebook="missile_debate")
    table = nk.frame_comparison(by_meaning, codebook="missile_debate", between="voice")
    assert {"lexicon", "embedding", "changes_sign"} <= set(table.columns)
    with pytest.raises(ValueError, match="two methods"):
        nk.frame_comparison(corpus, codebook="missile_debate", between="voice")


def test_a_sentence_is_somebodys_if_most_of_it_is_quoted() -> None:
    quotes = pd.DataFrame({"content_start": [0, 30], "content_end": [10, 50], "quote_id": [0, 1], "act": "speech"})
    assert mostly_quoted(quotes, [(0, 20), (0, 21), (25, 45), (60, 70)]) == [0, None, 1, None]
    assert mostly_quoted(quotes.assign(act=["speech", "intention"]), [(0, 20), (25, 45)]) == [0, None]
    assert mostly_quoted(None, [(0, 5)]) == [None]


def test_recode_shows_a_progress_bar(corpus: nk.Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    corpus.recode("missile_debate", progress=True)
    assert "recode: 100%" in capsys.readouterr().err
    corpus.recode("missile_debate")
    corpus.recode("missile_debate", progress=False)
    assert capsys.readouterr().err == "", "not for what takes a moment"
