"""Annotating into a folder: whole shards, whatever happens."""

from __future__ import annotations

import errno
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from spacy.language import Language

import newskit as nk
from newskit.annotation.limits import Limits
from newskit.annotation.rows import annotate_article
from newskit.corpus.engines import annotate_into
from newskit.corpus.folder import Folder
from newskit.errors import CorpusChangedError, CorpusFolderError, DuplicateArticleError
from newskit.reading.article import Refused
from tests.conftest import SEED
from tests.corpus.samples import articles, assert_same, content
from tests.corpus.test_engines import _job


@pytest.mark.parametrize("size", [1, 4, 9, 100])
def test_shards_of_any_size_give_the_tables_of_memory(
    size: int, whole: nk.Corpus, nlp: Language, tmp_path: Path
) -> None:
    corpus = nk.annotate(articles(), nlp=nlp, out=tmp_path / "c", shard_size=size)
    assert_same(corpus, whole)
    assert len(list((tmp_path / "c" / "mentions").iterdir())) == -(-9 // size)
    assert corpus.manifest["articles"] == {"in": 9, "annotated": 7, "skipped": 2, "failed": 0}
    assert "9 articles in" in repr(corpus)


def test_a_generator_and_an_empty_input(whole: nk.Corpus, nlp: Language, tmp_path: Path) -> None:
    assert_same(nk.annotate(iter(articles()), nlp=nlp, out=tmp_path / "c", shard_size=2), whole)
    assert_same(nk.annotate([], nlp=nlp, out=tmp_path / "none"), nk.annotate([], nlp=nlp))


def test_columns_that_are_named_and_rows_that_are_refused(nlp: Language, tmp_path: Path) -> None:
    table = tmp_path / "rows.csv"
    table.write_text("key,story\na,Anna Novak praised Russia.\nb,\nc,Moscow rejected the plan.\n")
    columns = {"article_id": "key", "text": "story"}
    kept = nk.annotate(table, columns=columns, nlp=nlp)
    assert list(kept.articles["status"]) == ["annotated", "failed", "annotated"]
    for source in (table, nk.scan_articles(table, columns=columns), list(nk.scan_articles(table, columns=columns))):
        choice = columns if source is table else None
        out = tmp_path / type(source).__name__
        for _ in range(2 if not isinstance(source, Iterator) else 1):
            stored = nk.annotate(source, columns=choice, nlp=nlp, out=out, shard_size=2)
        pd.testing.assert_frame_equal(stored.articles, kept.articles)
        pd.testing.assert_frame_equal(stored.mentions, kept.mentions)
    with pytest.raises(ValueError, match="the fields are article_id, text"):
        nk.annotate(table, columns={"story": "text"}, nlp=nlp)


def test_a_full_disk_at_any_write(nlp: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever write fails, the same call goes on from the shards that are there and ends with the same bytes."""
    given_ = [nk.Article(article_id=text, text=text) for text in ("Russia left.", "Anna Novak left.")]
    nk.annotate(given_, nlp=nlp, out=tmp_path / "undisturbed", shard_size=1)
    want = content(tmp_path / "undisturbed")
    assert len(want) == 18
    write, left = Folder.write, [0]

    def full(self: Folder, name: str, data: bytes) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(self, name, data)

    for writes in range(len(want) + 1):
        out = tmp_path / f"c{writes}"
        left[0] = writes
        monkeypatch.setattr(Folder, "write", full)
        with pytest.raises(OSError, match="No space left"):
            nk.annotate(given_, nlp=nlp, out=out, shard_size=1)
        monkeypatch.setattr(Folder, "write", write)
        if writes > 0:
            with pytest.raises(CorpusFolderError, match="not finished: give the same call"):
                nk.open_corpus(out)
        nk.annotate(given_, nlp=nlp, out=out, shard_size=1)
        assert content(out) == want, writes


def test_only_what_is_missing_is_annotated(nlp: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "c"
    nk.annotate(articles(), nlp=nlp, out=out, shard_size=4)
    before = content(out)
    (out / "shards" / "000001.json").unlink()
    (out / "mentions" / ".000001.parquet.12345678.part").write_text("half")
    seen = []

    def one(item: nk.Article | Refused, nlp: Language, limits: Limits) -> dict[str, list[dict[str, object]]]:
        seen.append(item.article_id)
        return annotate_article(item, nlp, limits)

    monkeypatch.setattr("newskit.corpus.shards.annotate_article", one)
    nk.annotate(articles(), nlp=nlp, out=out)
    assert seen == ["a4", "a5", "a6", "a7"]
    assert content(out) == before


SCRIPT = """
import sys
import newskit as nk
from tests.corpus.samples import articles
nk.annotate(articles(24), codebooks=["news_frames", "missile_debate"], out=sys.argv[1], shard_size=2)
"""


def test_killed_and_called_again(nlp: Language, tmp_path: Path) -> None:
    """SIGKILL between two shards; the finished files are those of a run that nobody disturbed."""
    out = tmp_path / "c"
    process = subprocess.Popen([sys.executable, "-c", SCRIPT, out], cwd=SEED.parent.parent.parent)
    while process.poll() is None and len(list(out.glob("shards/*.json"))) < 3:
        time.sleep(0.01)
    process.kill()
    process.wait()
    n_done = len(list(out.glob("shards/*.json")))
    assert 3 <= n_done < 12
    marked = {path.name: path.stat().st_mtime_ns for path in out.glob("shards/*.json")}
    nk.annotate(articles(24), nlp=nlp, out=out, shard_size=2)
    assert {path.name: path.stat().st_mtime_ns for path in out.glob("shards/*.json") if path.name in marked} == marked
    nk.annotate(articles(24), nlp=nlp, out=tmp_path / "undisturbed", shard_size=2)
    assert content(out) == content(tmp_path / "undisturbed")


def test_what_is_changed_is_noticed(nlp: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, given_ = tmp_path / "c", articles(5)
    whole = nk.annotate(given_, nlp=nlp, out=out, shard_size=2)
    before = content(out)
    with pytest.raises(CorpusChangedError, match=r"codebooks was .* missile_debate .* and is \[news_frames"):
        nk.annotate(given_, out=out, codebooks=["news_frames"])
    with pytest.raises(CorpusChangedError, match=r"catalog was world .* and is none 0"):
        nk.annotate(given_, out=out, catalog=nk.ActorCatalog([], name="none"), codebooks=["news_frames"])
    with pytest.raises(CorpusChangedError, match="shard_size was 2 and is 3"):
        nk.annotate(given_, nlp=nlp, out=out, shard_size=3)
    with pytest.raises(CorpusChangedError, match=r"not those that .* from shard 000001 on, which begins with 'other'"):
        nk.annotate([*given_[:2], nk.Article(article_id="other", text="Russia left."), *given_[3:]], nlp=nlp, out=out)
    with pytest.raises(CorpusChangedError, match="differ from shard 000000"):
        nk.annotate([replace(given_[0], outlet="Another"), *given_[1:]], nlp=nlp, out=out)
    with pytest.raises(CorpusChangedError, match="fewer articles came in"):
        nk.annotate(given_[:4], nlp=nlp, out=out)
    with pytest.raises(CorpusChangedError, match="fewer articles came in"):
        nk.annotate(iter(given_[:4]), nlp=nlp, out=out)
    # A generator is not looked through beforehand, so that the last call has begun; the same articles mend it.
    assert_same(nk.annotate(given_, nlp=nlp, out=out), whole)
    assert content(out) == before
    monkeypatch.setattr("newskit.annotation.notes.version", lambda name: "9.9")
    with pytest.raises(CorpusChangedError, match=r"versions was .* and is .*newskit 9.9"):
        nk.annotate(given_, nlp=nlp, out=out)


def test_overwrite_keeps_the_shards_that_are_the_same(nlp: Language, tmp_path: Path) -> None:
    out = tmp_path / "c"
    nk.annotate(articles(9), nlp=nlp, out=out, shard_size=2)
    first = (out / "shards" / "000000.json").stat().st_mtime_ns
    changed = [replace(article, outlet="Another") if article.article_id == "a3" else article for article in articles(6)]
    corpus = nk.annotate(changed, nlp=nlp, out=out, overwrite=True)
    assert_same(corpus, nk.annotate(changed, nlp=nlp))
    assert (out / "shards" / "000000.json").stat().st_mtime_ns == first
    assert len(list((out / "quotes").iterdir())) == 3
    nk.annotate(changed, nlp=nlp, out=tmp_path / "new", shard_size=2)
    assert content(out) == content(tmp_path / "new")
    other = nk.annotate(changed, codebooks=["news_frames"], out=out, overwrite=True, shard_size=5)
    assert_same(other, nk.annotate(changed, codebooks=["news_frames"]))


def test_ids_that_come_again(nlp: Language, tmp_path: Path) -> None:
    with pytest.raises(DuplicateArticleError, match="'a1'"):
        nk.annotate([*articles(5), *articles(2)[1:]], nlp=nlp, out=tmp_path / "c", shard_size=2)
    assert not (tmp_path / "c").exists(), "noticed before any work"
    with pytest.raises(DuplicateArticleError, match="'a1'"):
        annotate_into(
            _job(tmp_path / "c"), iter([*articles(9), *articles(2)[1:]]), engine="process", n_jobs=2, shard_size=1
        )


def test_half_a_character_costs_one_article(nlp: Language, tmp_path: Path) -> None:
    bad = [nk.Article(article_id="b\udc80", text="x"), nk.Article(article_id="c", text="Russia \ud800.")]
    corpus = nk.annotate([*articles(1), *bad], nlp=nlp, out=tmp_path / "c")
    assert corpus.articles["status"].tolist() == ["annotated", "failed", "failed"]
    assert corpus.articles["article_id"].tolist() == ["a0", "b\\udc80", "c"]
    assert "surrogates" in corpus.articles["reason"][2]
    assert_same(corpus, nk.annotate([*articles(1), *bad], nlp=nlp))
