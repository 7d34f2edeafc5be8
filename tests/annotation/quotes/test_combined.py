"""Quotations of the model and of the rules together."""

from __future__ import annotations

from itertools import pairwise

from spacy.language import Language
from spacy.tokens import Doc

import newskit as nk
from newskit.annotation.quotes.combined import tagged_quotes
from newskit.annotation.quotes.model import (
    FoundQuote,
)
from newskit.annotation.quotes.rules import find_quotes


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


def test_of_what_only_the_rules_find_sentences_are_added_and_titles_are_not(nlp: Language) -> None:
    for quoted, added in [("“War and Peace”", []), ("“a book that nobody should have to read”", [1])]:
        text = f"Novak called it {quoted} on Monday."
        blocks = [(0, len(text))]
        doc = nlp(text)
        assert [text[q.content_start : q.content_end] for q in find_quotes(doc, blocks)] == [quoted]
        assert [1 for _ in tagged_quotes(doc, blocks, [], [])] == added
