"""The passages of a debate: which sentences `about` keeps, and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import newskit as nk
from newskit.annotation.frames.codebook import Codebook, Frame
from newskit.schema import make_table


def test_about_counts_the_actors_that_are_left(whole: nk.Corpus) -> None:
    debate = nk.about(whole, "Moscow")
    left = debate.mentions[debate.mentions["kind"] != "apposition"]["actor_id"].dropna()
    assert debate.actors.set_index("actor_id")["n_mentions"].to_dict() == left.value_counts().to_dict()
    assert debate.manifest["articles"]["in"] == len(debate.articles)


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


@pytest.fixture
def passages() -> nk.Corpus:
    texts = ["Moscow left.", "A missile flew.", "Then it rained.", "Nothing else.", "The end."]
    sections = [None, "War", "War", None, None]
    at = [" ".join(texts[:i]) for i in range(5)]
    usual: dict[str, Any] = {"part": "body", "polarity": 0.0, "subjectivity": 0.0}
    found = [
        {**usual, "article_id": a, "sentence_id": i, "start": len(at[i]), "end": len(at[i]) + len(text), "text": text}
        for a in ("a", "b")
        for i, text in enumerate(texts)
        if a == "a" or i != 1
    ]
    found = [{**row, "section": sections[row["sentence_id"]]} for row in found]
    articles = [
        {"article_id": a, "text": " ".join(row["text"] for row in found if row["article_id"] == a)}
        | {"n_tokens": 9, "status": "annotated"}
        for a in ("a", "b")
    ]
    return nk.Corpus({"articles": make_table("articles", articles), "sentences": make_table("sentences", found)})


def told(corpus: nk.Corpus) -> list[tuple[str, int]]:
    return list(corpus.sentences[["article_id", "sentence_id"]].itertuples(index=False, name=None))


def test_the_sentences_around_a_hit(passages: nk.Corpus) -> None:
    assert told(nk.about(passages, "missile")) == [("a", 1)]
    assert told(nk.about(passages, "missile", window=1)) == [("a", 0), ("a", 1), ("a", 2)]
    assert nk.about(passages, "missile").articles["article_id"].tolist() == ["a"]
    assert nk.about(passages, "missile").manifest["articles"]["in"] == 1
    assert told(nk.about(passages, "helicopter")) == []


def test_the_section_of_a_hit(passages: nk.Corpus) -> None:
    assert told(nk.about(passages, "missile", section=True)) == [("a", 1), ("a", 2)]
    assert told(nk.about(passages, "end", section=True)) == [("a", 4), ("b", 4)], "without a heading, no section"


def test_the_scope_of_a_codebook(passages: nk.Corpus) -> None:
    frame = Frame("war", "War", "War.", ("war",))
    war = Codebook("war", "1.0.0", "en", "War", "none", (frame,), scope=("rained",))
    assert told(nk.about(passages, war)) == [("a", 2), ("b", 2)]
    assert told(nk.about(passages, replace(war, scope_context=("missile",)))) == [("a", 2)]
