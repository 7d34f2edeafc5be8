"""Coding by meaning: what a sentence must reach to have a frame."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import newskit as nk
from newskit.annotation.frames.embedding import EmbeddingCoder, Likeness, split_sentences


def test_the_name_of_a_debate_does_not_bring_all_its_frames() -> None:
    book = nk.load_codebook("missile_debate")
    sentence = "The United States may send Tomahawk missiles to Ukraine."
    coder = EmbeddingCoder(book)
    (scores,) = coder.scores([sentence])
    found = {name for name, score in zip(coder.names, scores, strict=True) if score >= coder.threshold}
    assert "capability" in found
    assert found.isdisjoint({"escalation", "leverage", "feasibility", "diplomacy"})
    alone = EmbeddingCoder(replace(book, frames=book.frames[:1]))
    assert alone.names == ["escalation"]
    assert alone.scores([sentence])[0, 0] >= alone.threshold, "with no other frame to stand out from"


def test_ordinary_news_near_a_frame_does_not_have_it() -> None:
    texts = ["Shares of the bank were traded in London.", "Inflation and layoffs hit household budgets."]
    assert nk.code_frames(texts, "news_frames", method="embedding") == [set(), {"economic"}]
    scores = EmbeddingCoder(nk.load_codebook("news_frames")).scores(texts)[:, 4]
    assert 1 < scores[0] < 2.25 < scores[1]


def test_likeness_is_a_z_score_against_the_background() -> None:
    likeness = Likeness(np.eye(2), np.array([1.0, 0.0]), np.array([2.0, 0.5]))
    assert likeness(np.array([[3.0, 1.0]])).tolist() == [[1.0, 2.0]]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ('He left. "No," she said.', ["He left.", '"No," she said.']),
        ("He said “no.” She left.", ["He said “no.", "She left."]),
        ("A line\nand another", ["A line", "and another"]),
        ("at 3 p.m. on Monday", ["at 3 p.m. on Monday"]),
        (" \n", []),
    ],
)
def test_sentences_without_a_parse(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences
