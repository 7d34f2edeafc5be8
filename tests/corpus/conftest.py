"""The articles of `samples` as a corpus, in memory and on disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from spacy.language import Language

import newskit as nk
from tests.corpus.byhand import debate, in_memory, on_disk
from tests.corpus.samples import articles


@pytest.fixture(scope="session")
def whole(nlp: Language) -> nk.Corpus:
    return nk.annotate(articles(), nlp=nlp)


@pytest.fixture(scope="session")
def stored(nlp: Language, tmp_path_factory: pytest.TempPathFactory) -> nk.Corpus:
    return nk.annotate(articles(), nlp=nlp, out=tmp_path_factory.mktemp("store") / "c", shard_size=2)


@pytest.fixture(scope="session")
def here() -> nk.Corpus:
    """The corpus made by hand, in memory."""
    return in_memory(debate())


@pytest.fixture
def there(written: Path) -> nk.Corpus:
    """The same on disk, as nobody has looked at it yet."""
    return nk.open_corpus(written)


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("by hand") / "it's [a] *corpus*"
    on_disk(debate(), folder)
    return folder


@pytest.fixture(params=["memory", "disk"])
def either(request: pytest.FixtureRequest, here: nk.Corpus, there: nk.Corpus) -> nk.Corpus:
    """Both, one after the other."""
    return here if request.param == "memory" else there
