"""A corpus on disk that is cut, altered, shared or badly placed: mended, or refused with a way out."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import newskit as nk
from newskit.corpus import locking
from newskit.corpus.folder import Folder
from newskit.errors import CorpusFolderError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.language import Language

ARTICLES = [nk.Article(f"n{i}", f"President Aino Koskela praised Norway on day {i} in Turku.") for i in range(4)]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, nlp: Language) -> Path:
    """A corpus that no test writes to."""
    folder = tmp_path_factory.mktemp("finished") / "corpus"
    made(folder, nlp)
    return folder


@pytest.fixture
def place(tmp_path: Path, finished: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(finished, tmp_path / "corpus"))


def made(place: Path, nlp: Language) -> nk.Corpus:
    return nk.annotate(ARTICLES, out=place, nlp=nlp, shard_size=2, progress=False)


def test_the_same_call_mends_what_is_cut_missing_or_altered(place: Path, nlp: Language) -> None:
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    marker, missing, altered = place / "shards/000001.json", place / "mentions/000000.parquet", place / "links.parquet"
    marker.write_bytes(marker.read_bytes()[:60])
    missing.unlink()
    flipped = bytearray(before[altered])
    flipped[40] ^= 0x55
    altered.write_bytes(flipped)
    (place / "shards/.DS_Store").write_bytes(b"\0\0\0\1Bud1\xff")
    (place / "shards/notes (copy).json").write_text("{", encoding="utf-8")
    made(place, nlp).verify()
    assert all(path.read_bytes() == data for path, data in before.items())


@pytest.mark.parametrize(
    "name", ["stances/000001.parquet", "actors.parquet", "catalog.json", "sentences/000000.parquet"]
)
def test_a_flipped_byte_is_never_read_as_a_value(place: Path, name: str) -> None:
    path = place / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x21
    path.write_bytes(data)
    with pytest.raises(CorpusFolderError, match=r"damaged.*Give the call of annotate"):
        nk.open_corpus(place).verify()
    with pytest.raises(CorpusFolderError, match="damaged"):
        nk.open_corpus(place).tables.frame(
            Path(name).parts[0].removesuffix(".parquet").replace("catalog.json", "actors")
        )


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff\xfe", b'{"format": 1}'])
def test_a_damaged_manifest_is_told(place: Path, data: bytes) -> None:
    (place / "manifest.json").write_bytes(data)
    with pytest.raises(CorpusFolderError, match="damaged"):
        nk.open_corpus(place)


@pytest.mark.parametrize("name", ["c[1]", "c*", "what?", "a{b,c}", "it's", 'a"b', "c[!x]", "100%"])
def test_a_folder_is_read_from_itself_whatever_its_name(
    tmp_path: Path, finished: Path, nlp: Language, name: str
) -> None:
    shutil.copytree(finished, tmp_path / "c1")
    corpus = nk.annotate(ARTICLES[:1], out=tmp_path / name, nlp=nlp, progress=False)
    assert corpus.table("articles")["article_id"].tolist() == ["n0"]
    assert corpus.sql("select article_id from articles")["article_id"].tolist() == ["n0"]


@pytest.mark.parametrize("inside", ["corpus", "a/b/corpus", "."])
def test_no_corpus_inside_its_source(tmp_path: Path, nlp: Language, inside: str) -> None:
    (tmp_path / "one.txt").write_text(ARTICLES[0].text, encoding="utf-8")
    for source in (tmp_path, str(tmp_path), f"{tmp_path}/**/*.txt"):
        with pytest.raises(ValueError, match="lies inside"):
            nk.annotate(source, out=tmp_path / inside, nlp=nlp, progress=False)


def test_a_corpus_beside_what_a_pattern_finds(tmp_path: Path, nlp: Language) -> None:
    (tmp_path / "one.txt").write_text(ARTICLES[0].text, encoding="utf-8")
    corpus = nk.annotate(f"{tmp_path}/*.txt", out=tmp_path / "corpus", nlp=nlp, progress=False)
    assert corpus.articles["article_id"].tolist() == ["one"]
    with pytest.raises(ValueError, match="lies inside"):
        nk.annotate(f"{tmp_path}/*/*.json", out=tmp_path / "corpus", nlp=nlp, progress=False)


def held(place: Path, **owner: object) -> None:
    (place / locking.LOCK_FILE).write_text(json.dumps({"token": "x", "alive": 0, **owner}), encoding="utf-8")


@pytest.mark.parametrize("gone", ["manifest.json", "shards/000001.json", "links.parquet"])
def test_a_second_writer_is_refused_if_there_is_something_to_write(place: Path, nlp: Language, gone: str) -> None:
    with locking.locked(Folder(place)):
        assert len(made(place, nlp).articles) == 4
        (place / gone).unlink()
        before = sorted(place.rglob("*"))
        with pytest.raises(CorpusFolderError, match="is annotating into"):
            made(place, nlp)
        assert sorted(place.rglob("*")) == before


def old(place: Path) -> None:
    """Make the corpus one that was written before there were checksums."""
    manifest = json.loads((place / "manifest.json").read_bytes())
    del manifest["files"]
    for shard in manifest["shards"]:
        del shard["sha256"]
        (place / f"shards/{shard['name']}.json").write_text(json.dumps(shard), encoding="utf-8")
    (place / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


@pytest.mark.parametrize("is_old", [False, True])
def test_a_finished_corpus_in_a_folder_that_may_only_be_read(
    place: Path, nlp: Language, monkeypatch: pytest.MonkeyPatch, is_old: bool
) -> None:
    if is_old:
        old(place)

    def refuse(*_: object) -> None:  # modes of folders do not bind a superuser
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        for name in ("_create", "_take_over"):
            patch.setattr(locking.Lock, name, refuse)
        for name in ("write", "remove"):
            patch.setattr(Folder, name, refuse)
        made(place, nlp).verify()
        assert len(nk.open_corpus(place).mentions) == len(made(place, nlp).mentions)
        (place / "shards/000001.json").unlink()
        with pytest.raises(CorpusFolderError, match=r"cannot be written.*Permission denied"):
            made(place, nlp)
        with pytest.raises(PermissionError):
            made(place / "new", nlp)
    made(place, nlp).verify()


@pytest.mark.parametrize("dead", ["elsewhere", "here", "its number is another's", "cut"])
def test_the_lock_of_a_dead_writer_is_taken_over(place: Path, dead: str) -> None:
    me = locking.Lock(Folder(place)).owner
    if dead == "cut":
        (place / locking.LOCK_FILE).write_bytes(b"")
        os.utime(place / locking.LOCK_FILE, (0, 0))
    elif dead == "here":
        held(place, **{**me, "pid": 2**31 - 1, "alive": time.time()})
    else:
        held(place, **({"host": "elsewhere", "pid": 1} if dead == "elsewhere" else {**me, "token": "x"}))
    with locking.locked(Folder(place)) as lock:
        lock.check()
    assert not (place / locking.LOCK_FILE).exists()


@pytest.mark.parametrize("owner", [{"host": "elsewhere"}, {"pids": "another"}, {"pid": os.getpid()}])
def test_the_lock_of_a_living_writer_is_not(tmp_path: Path, owner: dict[str, object]) -> None:
    held(tmp_path, **{**locking.Lock(Folder(tmp_path)).owner, "pid": 2**31 - 1, "alive": time.time(), **owner})
    with pytest.raises(CorpusFolderError, match="is annotating into"), locking.locked(Folder(tmp_path)):
        pass


ODD = (
    *(b"null", b"[]", b"7", b"\xff\xfe", b"[" * 100_000, b'{"alive": "soon"}', b'{"alive": null}', b'{"alive": NaN}'),
    *(b'{"alive": 1e300}', b'{"alive": true, "pid": -1}', b'{"pid": 1e9}', b'{"pid": [], "host": {}}'),
    b'{"pid": 99999999999999999999, "alive": -1}',
)


@pytest.mark.parametrize("content", ODD, ids=range(len(ODD)))
@pytest.mark.parametrize("here", [True, False])
def test_a_lock_that_newskit_did_not_write(tmp_path: Path, content: bytes, here: bool) -> None:
    if here and content.startswith(b"{"):
        me = locking.Lock(Folder(tmp_path)).owner
        content = json.dumps({**me, "token": "x", **json.loads(content)}).encode()
    (tmp_path / locking.LOCK_FILE).write_bytes(content)
    with pytest.raises(CorpusFolderError, match="another process"), locking.locked(Folder(tmp_path)):
        pass
    os.utime(tmp_path / locking.LOCK_FILE, (0, 0))  # as old as it is, its writer is gone
    with locking.locked(Folder(tmp_path)) as lock:
        lock.check()


def test_a_folder_in_the_place_of_a_lock(tmp_path: Path) -> None:
    (tmp_path / locking.LOCK_FILE).mkdir()
    with pytest.raises(CorpusFolderError, match=r"\.lock is a folder"), locking.locked(Folder(tmp_path)):
        pass


def test_nothing_is_left_of_a_call_that_did_nothing(tmp_path: Path, nlp: Language) -> None:
    with pytest.raises(ValueError, match="shard_size"):
        nk.annotate(ARTICLES, out=tmp_path / "new", nlp=nlp, shard_size=0)
    assert not (tmp_path / "new").exists()


def test_who_lost_the_lock_writes_nothing_more(tmp_path: Path) -> None:
    with locking.locked(Folder(tmp_path)) as lock:
        held(tmp_path, host="elsewhere")
        with pytest.raises(CorpusFolderError, match="taken over"):
            lock.check()
        (tmp_path / locking.LOCK_FILE).unlink()
        with pytest.raises(CorpusFolderError, match="deleted"):
            lock.check()
        held(tmp_path, host="elsewhere")
    assert (tmp_path / locking.LOCK_FILE).exists()  # it is another's


def test_in_memory_folders_are_locked_too() -> None:
    folder = Folder("memory://hostile")
    with locking.locked(folder), pytest.raises(CorpusFolderError), locking.locked(Folder("memory://hostile")):
        pass
    with locking.locked(folder):
        pass


def test_one_corpus_serves_several_threads_and_pickles(place: Path) -> None:
    corpus = nk.open_corpus(place)
    start = threading.Barrier(4)

    def ask(_: int) -> list[int]:
        start.wait()
        return [
            int(corpus.sql("select count(*) as n from mentions", trusted=t)["n"].iloc[0]) for t in (True, False) * 5
        ]

    with ThreadPoolExecutor(4) as pool:
        found = {n for counts in pool.map(ask, range(4)) for n in counts}
    assert found == {len(corpus.mentions)}
    assert len(pickle.loads(pickle.dumps(corpus)).mentions) == len(corpus.mentions)


def test_a_missing_marker_of_a_shard_is_told(place: Path) -> None:
    corpus = nk.open_corpus(place)
    corpus.verify()
    next((place / "shards").glob("*.json")).unlink()
    with pytest.raises(CorpusFolderError, match=r"shards/\d+.json is missing. Give the call of annotate"):
        corpus.verify()


def test_one_pipeline_serves_several_threads(nlp: Language) -> None:
    articles = [
        nk.Article(f"t{i}", f"Envoy Aino Koskela of Finland blamed Norway on day {i}. She left.") for i in range(9)
    ]
    start = threading.Barrier(3)

    def part(number: int) -> nk.Corpus:
        start.wait()
        return nk.annotate(articles[number * 3 : number * 3 + 3], nlp=nlp)

    with ThreadPoolExecutor(3) as pool:
        parts = list(pool.map(part, range(3)))
    whole = nk.annotate(articles, nlp=nlp)
    for table in ("sentences", "mentions", "quotes", "stances"):
        together = pd.concat([getattr(one, table) for one in parts], ignore_index=True)
        pd.testing.assert_frame_equal(together, getattr(whole, table))


def test_a_folder_deleted_during_a_run_is_told(tmp_path: Path, nlp: Language) -> None:
    def articles() -> Iterator[nk.Article]:
        yield from ARTICLES
        shutil.rmtree(tmp_path / "corpus")
        yield from (nk.Article(f"later{i}", ARTICLES[0].text) for i in range(200))

    with pytest.raises(CorpusFolderError, match=r"somebody deleted .* give the same call again"):
        nk.annotate(articles(), nlp=nlp, out=tmp_path / "corpus", progress=False)
    assert len(nk.annotate(ARTICLES, nlp=nlp, out=tmp_path / "corpus").articles) == len(ARTICLES)


@pytest.mark.parametrize("on_disk", [True, False])
@pytest.mark.parametrize(
    "query",
    [
        "select content from read_text('{root}/secret.txt')",
        "select * from read_csv('{root}/secret.txt')",
        "select * from glob('{root}/*')",
        "select * from '{root}/secret.txt'",
        "copy (select 1) to '{root}/out.csv'",
        "attach '{root}/x.db' as x",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "select 1; copy (select 1) to '{root}/corpus/out.csv'",
        "explain analyze copy (select 1) to '{root}/corpus/out.csv'",
        "create table t as select 1",
        "copy (pivot articles on outlet using count(*)) to '{root}/corpus/out.csv'",
        "explain analyze copy (pivot articles on outlet using count(*)) to '{root}/corpus/out.csv'",
        "explain analyze /**/ copy (select 1) to '{root}/corpus/out.csv'",
        "pivot articles on outlet using count(*); copy (select 1) to '{root}/corpus/out.csv'",
        "pivot (select * from read_csv('{root}/secret.txt')) on a",
        "pragma enable_profiling",
    ],
)
def test_a_query_reads_the_corpus_and_nothing_else(place: Path, tmp_path: Path, query: str, on_disk: bool) -> None:
    import duckdb

    (tmp_path / "secret.txt").write_text("a\n1\n", encoding="utf-8")
    corpus = nk.open_corpus(place)
    if not on_disk:
        corpus = corpus.select([article.article_id for article in ARTICLES])
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises((ValueError, duckdb.Error)):
        corpus.sql(query.format(root=tmp_path))
    assert sorted(tmp_path.rglob("*")) == before
    assert corpus.sql("with n as (select count(*) as n from articles) select n from n")["n"].tolist() == [4]
    assert corpus.sql(f"select content from read_text('{tmp_path}/secret.txt')", trusted=True)["content"][0] == "a\n1\n"


@pytest.mark.parametrize("on_disk", [True, False])
def test_queries_that_only_read(place: Path, on_disk: bool) -> None:
    corpus = nk.open_corpus(place)
    if not on_disk:
        corpus = corpus.select([article.article_id for article in ARTICLES])
    assert corpus.sql("pivot articles on status using count(*) group by language")["annotated"].tolist() == [4]
    for query in (
        "select * from articles",
        "pivot articles on status using count(*)",
        "PIVOT articles ON status USING count(*) ORDER BY 1",
        "unpivot articles on article_id, status",
    ):
        for before in ("", "explain ", "EXPLAIN ANALYZE ", "explain (format json) "):
            assert len(corpus.sql(before + query))
    for query in ("describe articles", "summarize articles", "show tables", "table articles"):
        assert len(corpus.sql(query))
