"""What the tests of summaries share: a corpus of no articles."""

from __future__ import annotations

import pytest
from spacy.language import Language

import newskit as nk


@pytest.fixture(scope="session")
def empty(nlp: Language) -> nk.Corpus:
    return nk.annotate([], nlp=nlp)
