"""From a text to a Doc: pieces, sentences, passages."""

from __future__ import annotations

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from newskit.annotation import parsing
from newskit.annotation.parsing import BlocksComponent, passage_spans, pieces_of, sentence_spans
from newskit.reading.article import Block


def test_a_long_paragraph_is_cut_after_a_sentence_a_word_or_where_it_must(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "PIECE", 20)
    sentences, words, letters = "Ab cd. Ef gh ij. ", "Kl mn op qr st uvw ", "x" * 25
    text = f"Head\n{sentences}{words}{letters}\n"
    head, body = Block(0, 4, "headline"), Block(5, len(text) - 1)
    pieces = [(text[start:end], block) for start, end, block in pieces_of(text, [head, body])]
    assert pieces == [
        ("Head", head),
        ("\n", None),
        (sentences, body),
        (words, body),
        (letters[:20], body),
        (letters[20:], body),
        ("\n", None),
    ]


def test_sentences_have_no_white_space_around_them() -> None:
    doc = Doc(spacy.blank("en").vocab, words=["\n", "Talks", "failed", "\n\n", " ", "\n"], spaces=[False] * 6)
    for token in doc:
        token.is_sent_start = token.i in {0, 4}
    assert [span.text for span in sentence_spans(doc)] == ["Talksfailed"]


def test_a_heading_shares_its_passage_with_the_first_paragraph_below(nlp: Language) -> None:
    doc = spacy.blank("en")("Talks resume They met Then they left An end")
    first, last = Block(0, 12, "heading"), Block(37, 43, "heading")
    doc.user_data["newskit_blocks"] = [first, Block(13, 21), Block(22, 36), last]
    assert [span.text for span in passage_spans(doc)] == ["Talks resume They met", "Then they left", "An end"]


def test_blocks_come_before_the_parser(nlp: Language) -> None:
    with pytest.raises(ValueError, match="must come before the parser"):
        BlocksComponent()(nlp("They met."))
    known = (Block(0, 4, "heading"),)
    doc = spacy.blank("en").make_doc("They met.")
    doc.user_data["newskit_blocks"] = known
    assert BlocksComponent()(doc)._.newskit_blocks == known
