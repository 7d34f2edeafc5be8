"""The passages of a debate: which sentences `about` keeps, and what it refuses."""

from __future__ import annotations

import pytest

import newskit as nk


def test_about_keeps_the_sentences_of_the_debate(small: nk.Corpus) -> None:
    part = nk.about(small, "lose")
    assert len(part.sentences) == 6
    assert part.sentences["text"].str.contains("lose").all()
    assert set(part.mentions["sentence_id"]) == {1}
    assert len(small.sentences) == 18, "the corpus itself stays"
    assert len(nk.about(small, ["lose"], window=1).sentences) == 18
    assert len(nk.about(small, "praise").articles) == 2
    with pytest.raises(ValueError, match="nearly everything"):
        nk.about(small, "*")
    with pytest.raises(ValueError, match="no scope"):
        nk.about(small, nk.load_codebook("news_frames"))
