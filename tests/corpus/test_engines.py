"""The same tables in one process or several, and workers that are lost."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.lang.en import English
from spacy.language import Language

import newskit as nk
from newskit.corpus.engines import annotate_into
from newskit.corpus.folder import Folder
from newskit.corpus.shards import Job
from newskit.errors import LostWorkersError
from newskit.reading.article import Refused
from tests.corpus.samples import articles, assert_same


@settings(max_examples=5)
@given(size=st.integers(1, 10), n=st.integers(0, 9), workers=st.sampled_from([2, 2, 2, 1]))
def test_processes_give_the_tables_of_memory(size: int, n: int, workers: int, whole: nk.Corpus, nlp: Language) -> None:
    books = ["news_frames", "missile_debate"]
    corpus = nk.annotate(articles(n), codebooks=books, engine="process", n_jobs=workers, shard_size=size)
    assert_same(corpus, whole if n == 9 else nk.annotate(articles(n), nlp=nlp))


def test_engines_that_cannot_be_used(nlp: Language) -> None:
    with pytest.raises(ValueError, match="engine 'spark' is not one of serial, process, dask"):
        nk.annotate(articles(1), engine="spark")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="give model, catalog, codebooks, not nlp"):
        nk.annotate(articles(1), nlp=nlp, engine="process")
    with pytest.raises(ValueError, match="not shared by processes"):
        nk.annotate(articles(1), engine="process", out="memory://c")
    with pytest.raises(ValueError, match="at least 1, got 0"):
        nk.annotate(articles(1), nlp=nlp, out="memory://c", shard_size=0)


def _dies_once(item: nk.Article | Refused, nlp: Language) -> dict[str, list[dict[str, object]]]:
    """Kill the process at the first article that asks for it, once or always."""
    note = Path(item.text)
    if note.suffix == ".once" and not note.exists():
        note.write_text("died")
        os.kill(os.getpid(), signal.SIGKILL)
    if note.suffix == ".always":
        os.kill(os.getpid(), signal.SIGKILL)
    return {"articles": [dict(article_id=item.article_id, text=item.text, n_tokens=0, status="annotated")]}


class DyingJob(Job):
    """A job of a process that dies over one article."""

    def pipeline(self) -> Language:
        return English()

    def annotate(self, item: nk.Article | Refused, nlp: Language) -> dict[str, list[dict[str, object]]]:
        return _dies_once(item, nlp)

    def notes(self, nlp: Language) -> dict[str, object]:
        return {"made": "here"}


def _job(out: Path) -> Job:
    return DyingJob(Folder(out), {})


def _many(note: Path) -> Iterator[nk.Article]:
    for i in range(12):
        yield nk.Article(article_id=str(i), text=str(note) if i == 7 else "x")


def test_a_lost_process_costs_nothing(tmp_path: Path) -> None:
    note = tmp_path / "note.once"
    manifest, _ = annotate_into(_job(tmp_path / "c"), _many(note), engine="process", n_jobs=2, shard_size=2)
    assert note.read_text() == "died"
    assert manifest["articles"] == {"in": 12, "annotated": 12, "skipped": 0, "failed": 0}


def test_processes_that_are_lost_again_and_again(tmp_path: Path) -> None:
    with pytest.raises(LostWorkersError, match="the same call goes on from there"):
        annotate_into(_job(tmp_path / "c"), _many(tmp_path / "note.always"), engine="process", n_jobs=2, shard_size=2)
