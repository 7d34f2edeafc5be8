"""Folders on disk and elsewhere, and files that are whole."""

from __future__ import annotations

from spacy.language import Language

import newskit as nk
from tests.corpus.samples import articles, assert_same


def test_object_storage(whole: nk.Corpus, nlp: Language) -> None:
    """The same through fsspec, as for s3:// or gs://."""
    corpus = nk.annotate(articles(), nlp=nlp, out="memory://bucket/corpus", shard_size=4)
    assert_same(corpus, whole)
    again = nk.open_corpus("memory://bucket/corpus")
    assert again.sql("select count(*) as n from mentions")["n"].tolist() == [len(whole.mentions)]
    assert_same(nk.annotate(articles(), nlp=nlp, out="memory://bucket/corpus"), whole)
