"""The quotation model: its windows, and how spans are read off its scores."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from newskit.annotation.quotes.model import (
    QUOTE_WINDOW,
    FoundQuote,
    QuoteModel,
    best_spans,
    cues_of,
    load_quote_model,
    quote_windows,
    without_doubles,
)
from newskit.reading.article import find_blocks


@pytest.fixture(scope="module")
def model() -> QuoteModel:
    return load_quote_model()


WORDS = st.sampled_from([*"“”\"'’()—.,\n🙂", "\n\n", "said", "Trump", "talks", "x" * 300, "He left. ", "unbelievably"])


@given(text=st.lists(WORDS, max_size=400).map(" ".join))
def test_windows_hold_every_piece_once(model: QuoteModel, text: str) -> None:
    blocks = [(block.start, block.end) for block in find_blocks(text)]
    cut = list(quote_windows(model.tokenizer, text, blocks))
    assert all(len(window.ids) <= QUOTE_WINDOW and len(window.ids) == len(window.spans) for window in cut)
    pieces = [i for window in cut for i, (a, b) in zip(window.ids, window.spans, strict=True) if a < b]
    whole = [i for a, b in blocks for i in model.tokenizer.encode(text[a:b], add_special_tokens=False).ids]
    assert pieces == whole


def test_long_paragraphs_are_cut_at_sentences(model: QuoteModel) -> None:
    text = "The talks went on for many hours in the old town. " * 40
    cut = list(quote_windows(model.tokenizer, text, [(0, len(text))]))
    assert len(cut) > 2
    assert {text[window.spans[1][0] : window.spans[2][1]] for window in cut} == {"The talks"}


SCORES = arrays.arrays(np.float64, (3, 2, 6), elements=st.integers(-5, 5).map(float))


@given(scores=SCORES, weight=st.sampled_from([0.0, 0.5, 1.0]))
def test_best_spans_are_the_best(scores: np.ndarray, weight: float) -> None:
    start, end, inside = scores
    first, last = best_spans(start, end, inside, weight)
    for row in range(2):

        def value(a: int, b: int, row: int = row) -> float:
            return float(start[row, a] + end[row, b] + weight * inside[row, a : b + 1].sum())

        best = max(value(a, b) for a in range(6) for b in range(a, 6))
        assert first[row] <= last[row]
        assert value(int(first[row]), int(last[row])) == pytest.approx(best)


def test_neighbouring_pieces_are_one_cue() -> None:
    chances = np.array(
        [[1, 0, 0], [0.1, 0.9, 0], [0.3, 0.1, 0.6], [0.9, 0.1, 0], [0.4, 0.6, 0], [0.2, 0.7, 0.1], [1, 0, 0]]
    )
    assert cues_of(chances, 0.5) == [(1, 2, 1), (4, 4, 4), (5, 5, 5)]
    assert cues_of(chances, 0.7) == [(1, 2, 1), (5, 5, 5)]


def test_of_doubles_the_surest_stays() -> None:
    weak, sure = FoundQuote((0, 2), (5, 20), None, 0.6), FoundQuote((2, 4), (6, 30), None, 0.9)
    apart = FoundQuote((40, 44), (50, 60), None, 0.5)
    assert without_doubles([weak, sure, apart], 0.5) == [sure, apart]
    assert without_doubles([weak, sure, apart], 1.1) == [weak, sure, apart]


def test_an_incomplete_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"the quotation model is incomplete: .*model\.onnx is missing"):
        QuoteModel(tmp_path)


@given(text=st.lists(WORDS, max_size=60).map(" ".join))
def test_what_it_finds_lies_in_the_text(model: QuoteModel, text: str) -> None:
    for found in model.find(text, [(block.start, block.end) for block in find_blocks(text)]):
        for start, end in (found.cue, found.content, found.source or found.cue):
            assert 0 <= start <= end <= len(text)
