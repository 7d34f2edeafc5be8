"""The quotation model: its windows, how spans are read off its scores, and how its quotations join the rules'."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from spacy.language import Language
from spacy.tokens import Doc

import newskit as nk
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
from newskit.annotation.quotes.rules import find_quotes
from newskit.annotation.quotes.tagging import tagged_quotes
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


def test_contents_nest_or_lie_apart(corpus: nk.Corpus, small: nk.Corpus) -> None:
    for quotes in (corpus.quotes, *(rows for _, rows in small.quotes.groupby("article_id"))):
        spans = sorted(zip(quotes["content_start"], -quotes["content_end"], strict=True))
        assert len(set(spans)) == len(spans)
        assert all(b >= -end or -last <= -end for (_, end), (b, last) in pairwise(spans))


def test_what_crosses_begins_behind(nlp: Language) -> None:
    doc = nlp.make_doc("Novak said the talks had failed and Weiss said nothing was lost")
    found = [FoundQuote((6, 10), (11, 41), (0, 5), 0.9), FoundQuote((42, 46), (20, 63), (36, 41), 0.8)]
    for token in doc:
        token.is_sent_start = token.i == 0
    doc = Doc(nlp.vocab, words=[t.text for t in doc], heads=[0] * len(doc), deps=["dep"] * len(doc))
    contents = [doc.text[q.content_start : q.content_end] for q in tagged_quotes(doc, [(0, 63)], [], found)]
    assert contents == ["the talks had failed and Weiss", "said nothing was lost"]


def told(nlp: Language, text: str, *found: tuple[str, str, str, float]) -> list[tuple[str, str | None, str]]:
    """Cue, source and content of the quotations made of (cue, content, source, chance) that a model found."""

    def place(words: str) -> tuple[int, int]:
        return text.index(words), text.index(words) + len(words)

    given = [FoundQuote(place(cue), place(content), place(source), chance) for cue, content, source, chance in found]
    quotes = tagged_quotes(nlp(text), [(0, len(text))], [], given)
    return [(q.cue, text[q.source_start : q.source_end], text[q.content_start : q.content_end]) for q in quotes]


def test_a_second_cue_of_the_speaker_begins_another(nlp: Language) -> None:
    content = "that he had a long talk with Weiss, describing it as a “good discussion.”"
    assert told(nlp, f"Novak said on Monday {content}", ("said", content, "Novak", 0.99)) == [
        ("said", "Novak", "that he had a long talk with Weiss"),
        ("describing", "Novak", "it as a “good discussion.”"),
    ]
    content = "that Weiss had a long talk with her, describing it as a “good discussion.”"
    assert len(told(nlp, f"Novak said on Monday {content}", ("said", content, "Novak", 0.99))) == 1


def test_what_the_outlet_explains_is_no_quotation(nlp: Language) -> None:
    text = "Novak called it “a fatal mistake,” referring to the deal of May. Weiss was referring to the deal of June."
    found = [("called", "“a fatal mistake,”", "Novak", 0.99), ("referring to", "the deal of May", "Novak", 0.9)]
    assert [content for *_, content in told(nlp, text, *found)] == ["“a fatal mistake,”"]
    assert told(nlp, text, ("was referring to", "the deal of June", "Weiss", 0.9))


def test_a_cue_without_a_verb_of_the_lists_must_be_surer(nlp: Language) -> None:
    text = "Novak is preparing for a long winter and Weiss said nothing of it."
    assert told(nlp, text, ("is preparing for", "a long winter", "Novak", 0.6)) == []
    assert told(nlp, text, ("is preparing for", "a long winter", "Novak", 0.7))
    assert told(nlp, text, ("said", "nothing of it", "Weiss", 0.6))


def chain(nlp: Language, n: int) -> Doc:
    """ "He said he said he said …" in one sentence, each clause under the one before."""
    words = ["he", "said"] * n
    heads = [i + 1 if i % 2 == 0 else max(i - 2, 1) for i in range(2 * n)]
    deps = ["nsubj" if i % 2 == 0 else "ROOT" if i == 1 else "ccomp" for i in range(2 * n)]
    pos = ["PRON", "VERB"] * n
    return Doc(
        nlp.vocab, words=words, heads=heads, deps=deps, pos=pos, tags=["PRP", "VBD"] * n, lemmas=["he", "say"] * n
    )


def test_time_of_the_rules_is_linear(nlp: Language) -> None:
    def seconds(n: int) -> float:
        doc = chain(nlp, n)
        began = time.process_time()
        assert find_quotes(doc, [(0, len(doc.text))])
        return time.process_time() - began

    seconds(200)
    assert seconds(2400) < 4 * seconds(1200)
