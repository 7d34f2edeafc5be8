"""Sentences for the teachers, from a corpus built by hand."""

from __future__ import annotations

import random

import pandas as pd
import pytest

import newskit as nk
from newskit.schema import make_table
from training.common.sentences import Sentence
from training.tone import unlabelled

LONG = "Ann and Ben met Cid, Dan and Eve in the old town hall."


def corpus_of(text: str, targets: list[str], **more: object) -> nk.Corpus:
    """One article of a single sentence, with targets by each method."""
    start = 10
    sentences = [dict(article_id="a", sentence_id=0, start=start, end=start + len(text), text=text)]
    stances = [
        dict(article_id="a", sentence_id=0, start=start + text.index(t), end=start + text.index(t) + len(t), text=t)
        | dict(mention_id=n, method=method)
        for n, t in enumerate(targets)
        for method in ("model", "textblob")
    ]
    return nk.Corpus({"sentences": make_table("sentences", sentences), "stances": make_table("stances", stances)})


def found_in(corpus: nk.Corpus, held: tuple[str, ...] = (), seed: int = 1) -> list[Sentence]:
    return unlabelled.sentences_of(corpus, {*held}, random.Random(seed))


def test_targets_are_those_of_newskit_in_the_offsets_of_their_sentence() -> None:
    (found,) = found_in(corpus_of(LONG, ["Ben", "Ann"]))
    assert [found.text[a:b] for a, b in found.spans] == ["Ann", "Ben"]


def test_there_are_at_most_four_targets() -> None:
    corpus = corpus_of(LONG, ["Ann", "Ben", "Cid", "Dan", "Eve"])
    drawn = {found_in(corpus, seed=seed)[0].spans for seed in range(20)}
    assert {len(spans) for spans in drawn} == {unlabelled.MOST}
    assert len(drawn) > 1
    assert all(list(spans) == sorted(spans) for spans in drawn)


@pytest.mark.parametrize("text", ["Ann met Ben.", LONG.replace("old", "old " * 80)])
def test_short_and_long_sentences_are_left_out(text: str) -> None:
    assert found_in(corpus_of(text, ["Ann"])) == []


def test_articles_that_are_held_out_are_left_out() -> None:
    corpus = corpus_of(LONG, ["Ann"])
    assert found_in(corpus, ("a",)) == []
    assert len(found_in(corpus, ("b",))) == 1


def test_a_sentence_without_targets_is_no_sentence() -> None:
    corpus = corpus_of(LONG, [])
    assert isinstance(corpus.sentences, pd.DataFrame)
    assert found_in(corpus) == []
