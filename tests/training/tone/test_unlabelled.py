"""Sentences for the teachers, from paragraphs and from Docs built by hand."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc, Span

from training.common.sentences import Sentence
from training.tone import unlabelled

VOCAB = spacy.blank("en").vocab
LONG = "A sentence that is long enough to be asked about"


@pytest.mark.parametrize("kind", ["train.tsv", "train.jsonl", "articles.jsonl.gz"])
def test_paragraphs_of_every_kind_of_source(tmp_path: Path, kind: str) -> None:
    path = tmp_path / kind
    texts = [f"{LONG} {n}" for n in range(9)]
    if kind == "train.tsv":
        path.write_text("\n".join(f"[A] and [B] {text}\tA\tB\t0" for text in texts), encoding="utf-8")
        texts = [f"A and B {text}" for text in texts]
    elif kind == "train.jsonl":
        path.write_text("\n".join(json.dumps({"sentence_normalized": t, "targets": []}) for t in texts))
    else:
        with gzip.open(path, "wt", encoding="utf-8") as file:
            file.write(json.dumps({"text": "\n".join([*texts, "Too short.", texts[0] + " "])}) + "\n")
    found = unlabelled.paragraphs_of(path, random.Random(1))
    assert sorted(found) == texts
    assert found != texts
    assert found == unlabelled.paragraphs_of(path, random.Random(1))


def sentence(words: list[str], ents: list[tuple[int, int, str]], start: int = 0) -> Span:
    """The words from `start` on as the second sentence of a Doc, with entities (first word, end, label)."""
    starts: list[bool | int | None] = [n in (0, start) for n in range(len(words))]
    doc = Doc(VOCAB, words, sent_starts=starts)
    doc.ents = [Span(doc, a, b, label) for a, b, label in ents]
    return list(doc.sents)[-1]


def targets(span: Span, seed: int) -> list[str]:
    return [span.text[a:b] for a, b in unlabelled.targets_of(span, random.Random(seed))]


def test_targets_are_names_in_the_offsets_of_their_sentence() -> None:
    words = ["Hello", ".", "Ann", "met", "Ben", "in", "May", "before", "Ann", "left"]
    span = sentence(words, [(2, 3, "PERSON"), (4, 5, "PERSON"), (6, 7, "DATE"), (8, 9, "PERSON")], start=2)
    assert targets(span, 1) == ["Ann", "Ben"]
    assert unlabelled.targets_of(span, random.Random(1))[0] == (0, 3)


def test_a_pronoun_is_a_target_now_and_then() -> None:
    span = sentence(["He", "met", "Ben"], [(2, 3, "PERSON")])
    found = [targets(span, seed) for seed in range(200)]
    assert all(of_seed in (["Ben"], ["He", "Ben"]) for of_seed in found)
    assert 30 < sum(len(of_seed) == 2 for of_seed in found) < 70


def test_there_are_at_most_four_targets() -> None:
    words = ["Ann", "Ben", "Cid", "Dan", "Eve", "Fay"]
    span = sentence(words, [(n, n + 1, "PERSON") for n in range(6)])
    found = targets(span, 1)
    assert len(found) == unlabelled.MOST
    assert found == sorted(found)


def test_divided_sentences_are_those_with_distributions_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    chances = [[[0.9, 0.1, 0.0], [0.3, 0.1, 0.6]], [[0.9, 0.1, 0.0], [0.7, 0.3, 0.0]], [[0.9, 0.1, 0.0]]]

    class Model:
        def probabilities(self, texts: Sequence[str], spans: object) -> list[np.ndarray]:
            return [np.array(of_text) for of_text in chances[: len(texts)]]

    monkeypatch.setattr(unlabelled, "load_tone_model", Model)
    sentences = [Sentence(text, (), ()) for text in ("apart", "alike", "alone")]
    assert [s.text for s in unlabelled.divided(sentences, 0.5)] == ["apart"]
    assert [s.text for s in unlabelled.divided(sentences, 0.1)] == ["apart", "alike"]
