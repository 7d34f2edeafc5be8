"""Corpora made by hand that the tests of validation share; no model is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

import newskit as nk
from tests.corpus.byhand import debate, in_memory, on_disk


@pytest.fixture(scope="session")
def debates() -> nk.Corpus:
    """Forty articles of three outlets in memory."""
    return in_memory(debate(40))


@pytest.fixture(scope="session")
def stored_debates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same on disk."""
    folder = tmp_path_factory.mktemp("validation") / "corpus"
    on_disk(debate(40), folder, shard_size=7)
    return folder
