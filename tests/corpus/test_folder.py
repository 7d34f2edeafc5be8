"""Folders on disk and elsewhere, and files that are whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from spacy.language import Language

import newskit as nk
from newskit.corpus.folder import Folder
from tests.corpus.samples import articles, assert_same


def test_object_storage(whole: nk.Corpus, nlp: Language) -> None:
    """The same through fsspec, as for s3:// or gs://."""
    corpus = nk.annotate(articles(), nlp=nlp, out="memory://bucket/corpus", shard_size=4)
    assert_same(corpus, whole)
    again = nk.open_corpus("memory://bucket/corpus")
    assert again.sql("select count(*) as n from mentions")["n"].tolist() == [len(whole.mentions)]
    assert_same(nk.annotate(articles(), nlp=nlp, out="memory://bucket/corpus"), whole)


@pytest.mark.parametrize("name", ["a::b", "2024 US::Russia", "talks::one"])
def test_two_colons_are_part_of_a_name(tmp_path: Path, name: str) -> None:
    assert Path(Folder(tmp_path / name).root) == tmp_path / name
    assert Path(Folder(str(tmp_path / name)).root) == tmp_path / name
