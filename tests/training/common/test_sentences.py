"""Reading the data of training, and names swapped in it."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
from pathlib import Path

import pytest

from training.common.sentences import (
    Sentence,
    article_texts,
    fingerprint,
    names_of,
    names_swapped,
    read_dse,
    read_newsmtsc,
    read_unlabelled,
    single_targets,
    sometimes_swapped,
    swap_one_name,
)

TEXT = "Ann praised Ben, and he thanked Ann."
ANN, BEN, HE = (0, 3), (12, 15), (21, 23)


def said(sentence: Sentence) -> list[str]:
    return [sentence.text[a:b] for a, b in sentence.spans]


def test_newsmtsc(tmp_path: Path) -> None:
    targets = [{"from": 0, "to": 3, "polarity": 6.0}, {"from": 12, "to": 15, "polarity": 2.0}]
    path = tmp_path / "train.jsonl"
    path.write_text(json.dumps({"sentence_normalized": TEXT, "targets": targets}) + "\n", encoding="utf-8")
    assert read_newsmtsc(path) == [Sentence(TEXT, (ANN, BEN), (2, 0))]


def test_dse_without_its_brackets_and_without_rows_that_lack_a_pair(tmp_path: Path) -> None:
    path = tmp_path / "train.tsv"
    rows = ["[Ann] praised the [UN]s chief.\tAnn\tthe UN\t1", "[Ann] spoke.\tAnn\t\t0", "“[Ö]” and [B]\tÖ\tB\t4"]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    one, two = read_dse(path)
    assert one == Sentence("Ann praised the UNs chief.", ((0, 3), (16, 18)), (1,))
    assert said(two) == ["Ö", "B"]
    assert two.labels == (4,)


def test_the_first_unlabelled_sentences(tmp_path: Path) -> None:
    path = tmp_path / "unlabelled.jsonl"
    path.write_text(
        '{"text": "Ann met Ben.", "spans": [[0, 3], [8, 11]]}\n' * 2 + '{"text": "half a l', encoding="utf-8"
    )
    found = read_unlabelled(path, 2)
    assert found == [Sentence("Ann met Ben.", ((0, 3), (8, 11)), (-1, -1))] * 2


@pytest.mark.parametrize(("count", "texts"), [(None, ["a", "b", "c"]), (2, ["a", "b"])])
def test_texts_of_articles(tmp_path: Path, count: int | None, texts: list[str]) -> None:
    path = tmp_path / "articles.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps({"id": n, "text": text}) + "\n" for n, text in enumerate("abc"))
    assert list(article_texts(path, count)) == texts


def test_fingerprint_ignores_case_and_white_space() -> None:
    assert fingerprint("Ann  met\nBen ") == fingerprint("ann met ben") == hashlib.sha1(b"ann met ben").hexdigest()
    assert fingerprint("Ann met Ben.") != fingerprint("Ann met Ben")


def test_one_sentence_per_target() -> None:
    assert single_targets([Sentence(TEXT, (ANN, BEN), (2, 0))]) == [
        Sentence(TEXT, (ANN,), (2,)),
        Sentence(TEXT, (BEN,), (0,)),
    ]


def test_names_are_neither_pronouns_nor_roles() -> None:
    text = "They said the mayor met Ben."
    assert names_of([Sentence(text, ((0, 4), (14, 19), (24, 27)), (1, 1, 1))]) == ["Ben"]


def test_a_swapped_name_moves_the_targets_behind_it() -> None:
    sentence = Sentence(TEXT, (ANN, BEN, HE), (2, 0, 1))
    for seed in range(30):
        swapped = swap_one_name(sentence, ["Christine"], random.Random(seed))
        assert swapped.labels == sentence.labels
        assert said(swapped) in (["Christine", "Ben", "he"], ["Ann", "Christine", "he"], ["Ann", "Ben", "he"])
        assert len(swapped.text) - len(TEXT) in (0, 6)


def test_roles_pronouns_and_overlapped_names_stay() -> None:
    for text, spans in (("the mayor spoke", ((0, 9),)), ("He spoke", ((0, 2),)), ("Ann Lee", ((0, 7), (4, 7)))):
        sentence = Sentence(text, spans, (1,) * len(spans))
        assert {swap_one_name(sentence, ["Ben"], random.Random(seed)) for seed in range(20)} == {sentence}


def test_names_are_swapped_in_a_share_of_the_sentences() -> None:
    sentence, rng = Sentence(TEXT, (ANN,), (2,)), random.Random(1)
    swapped = sum(sometimes_swapped(sentence, ["Ben"], 0.25, rng) is not sentence for _ in range(1000))
    assert 200 < swapped < 300


def test_the_swaps_of_a_list_are_always_the_same() -> None:
    sentences = [Sentence(TEXT, (ANN,), (2,)), Sentence(TEXT, (BEN,), (0,))] * 10
    assert names_swapped(sentences) == names_swapped(sentences)
    assert {name for s in names_swapped(sentences) for name in said(s)} == {"Ann", "Ben"}
