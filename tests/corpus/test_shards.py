"""Annotating into a folder: the same tables whatever the engine, and whole shards whatever happens."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.lang.en import English
from spacy.language import Language

import newskit as nk
from newskit.annotation.actors.catalog import Actor
from newskit.annotation.actors.catalog_files import catalog_from_json, catalog_to_json
from newskit.annotation.rows import annotate_article
from newskit.corpus.engines import annotate_into
from newskit.corpus.folder import Folder
from newskit.corpus.shards import Job
from newskit.corpus.tables import ParquetTables
from newskit.errors import CorpusChangedError, CorpusFolderError, DuplicateArticleError, LostWorkersError
from newskit.reading.article import Refused
from newskit.schema import TABLES
from tests.conftest import SEED

SAID = ["praised the excellent plan", "condemned the terrible attack", "rejected the offer", "left"]
WHO = ["Anna Novak", "Boris Weiss", "Clara Weiss", "Novak", "Moscow"]


def articles(n: int = 9) -> list[nk.Article]:
    """Short articles that share names, among them one that is empty and one in German."""
    found = [
        nk.Article(
            article_id=f"a{i}",
            text=f'{WHO[i % 5]} {SAID[i % 4]}. "We lose," said {WHO[(i + 2) % 5]}. President Anna Novak met Russia.',
            outlet="Daily Example" if i % 2 else "Evening Example",
            published=pd.Timestamp(2025, 1 + i % 12, 1).to_pydatetime(),
        )
        for i in range(n)
    ]
    if n > 4:
        found[2] = nk.Article(article_id="empty", text=" ")
        found[4] = replace(found[4], language="de")
    return found


@pytest.fixture(scope="module")
def whole(nlp: Language) -> nk.Corpus:
    return nk.annotate(articles(), nlp=nlp)


def assert_same(one: nk.Corpus, other: nk.Corpus) -> None:
    for table in TABLES:
        pd.testing.assert_frame_equal(getattr(one, table), getattr(other, table), obj=table)
    assert one.manifest == other.manifest


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("size", [1, 4, 9, 100])
def test_shards_of_any_size_give_the_tables_of_memory(
    size: int, whole: nk.Corpus, nlp: Language, tmp_path: Path
) -> None:
    corpus = nk.annotate(articles(), nlp=nlp, out=tmp_path / "c", shard_size=size)
    assert_same(corpus, whole)
    assert len(list((tmp_path / "c" / "mentions").iterdir())) == -(-9 // size)
    assert corpus.manifest["articles"] == {"in": 9, "annotated": 7, "skipped": 2, "failed": 0}
    assert "9 articles in" in repr(corpus)


@settings(max_examples=5)
@given(size=st.integers(1, 10), n=st.integers(0, 9), workers=st.sampled_from([2, 2, 2, 1]))
def test_processes_give_the_tables_of_memory(size: int, n: int, workers: int, whole: nk.Corpus, nlp: Language) -> None:
    books = ["news_frames", "missile_debate"]
    corpus = nk.annotate(articles(n), codebooks=books, engine="process", n_jobs=workers, shard_size=size)
    assert_same(corpus, whole if n == 9 else nk.annotate(articles(n), nlp=nlp))


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

    def one(item: nk.Article | Refused, nlp: Language) -> dict[str, list[dict[str, object]]]:
        seen.append(item.article_id)
        return annotate_article(item, nlp)

    monkeypatch.setattr("newskit.corpus.shards.annotate_article", one)
    nk.annotate(articles(), nlp=nlp, out=out)
    assert seen == ["a4", "a5", "a6", "a7"]
    assert content(out) == before


SCRIPT = """
import sys
import newskit as nk
from tests.corpus.test_shards import articles
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


def test_folders_that_are_none(nlp: Language, tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("precious")
    with pytest.raises(CorpusFolderError, match="holds other files"):
        nk.annotate(articles(1), nlp=nlp, out=tmp_path, overwrite=True)
    with pytest.raises(CorpusFolderError, match=r"no corpus in .*annotate\(…, out=…\)"):
        nk.open_corpus(tmp_path)
    out = tmp_path / "c"
    nk.annotate(articles(1), nlp=nlp, out=out)
    (out / "manifest.json").write_text((out / "manifest.json").read_text().replace('"format": 1', '"format": 99'))
    with pytest.raises(CorpusFolderError, match="written in format 99"):
        nk.open_corpus(out)


def test_engines_that_cannot_be_used(nlp: Language) -> None:
    with pytest.raises(ValueError, match="engine 'spark' is none of serial, process, dask"):
        nk.annotate(articles(1), engine="spark")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="give model, catalog, codebooks, not nlp"):
        nk.annotate(articles(1), nlp=nlp, engine="process")
    with pytest.raises(ValueError, match="not shared by processes"):
        nk.annotate(articles(1), engine="process", out="memory://c")
    with pytest.raises(ValueError, match="at least 1, got 0"):
        nk.annotate(articles(1), nlp=nlp, out="memory://c", shard_size=0)


def test_object_storage(whole: nk.Corpus, nlp: Language) -> None:
    """The same through fsspec, as for s3:// or gs://."""
    corpus = nk.annotate(articles(), nlp=nlp, out="memory://bucket/corpus", shard_size=4)
    assert_same(corpus, whole)
    again = nk.open_corpus("memory://bucket/corpus")
    assert again.sql("select count(*) as n from mentions")["n"].tolist() == [len(whole.mentions)]
    assert_same(nk.annotate(articles(), nlp=nlp, out="memory://bucket/corpus"), whole)


# --- reading ---------------------------------------------------------------------------------------------


def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tables that are read from files as wholes from now on, in order."""
    found: list[str] = []
    rows = ParquetTables.rows

    def noted(self: ParquetTables, table: str, columns: Sequence[str], where: Mapping[str, object]) -> pd.DataFrame:
        if not where and table not in self._instead:
            found.append(table)
        return rows(self, table, columns, where)

    monkeypatch.setattr(ParquetTables, "rows", noted)
    return found


@pytest.fixture(scope="module")
def stored(nlp: Language, tmp_path_factory: pytest.TempPathFactory) -> nk.Corpus:
    return nk.annotate(articles(), nlp=nlp, out=tmp_path_factory.mktemp("store") / "c", shard_size=2)


def test_nothing_is_read_before_it_is_asked_for(stored: nk.Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    read = reads(monkeypatch)
    corpus = nk.open_corpus(stored.tables.place)
    assert read == []
    assert corpus.quotes is corpus.quotes
    assert read == ["quotes"]


def test_columns_and_rows(stored: nk.Corpus, whole: nk.Corpus) -> None:
    asked: list[dict[str, object]] = [
        {"actor_id": "russia"},
        {"actor_id": ["russia", "anna-novak"], "kind": "name"},
        {"article_id": ["a8", "a0", "a5"]},
        {"ner_label": None},
        {"actor_id": "nobody"},
        {"article_id": []},
    ]
    for where in asked:
        rows = stored.table("mentions", columns=["article_id", "start", "actor_id"], **where)
        pd.testing.assert_frame_equal(
            rows, whole.table("mentions", columns=["article_id", "start", "actor_id"], **where)
        )
    voices = stored.table("stances", voice="outlet", target_id="russia")
    pd.testing.assert_frame_equal(voices, whole.table("stances", voice="outlet", target_id="russia"))
    assert len(voices) > 0
    pd.testing.assert_frame_equal(stored.table("actors", type="state"), whole.table("actors", type="state"))
    with pytest.raises(ValueError, match=r"mentions has no column \['colour'\]"):
        stored.table("mentions", colour="red")


def test_sql(stored: nk.Corpus, whole: nk.Corpus) -> None:
    query = """select a.outlet, m.actor_id, x.label, count(*) as n from mentions m join articles a using (article_id)
        left join actors x using (actor_id) group by all order by all"""
    pd.testing.assert_frame_equal(stored.sql(query), whole.sql(query))
    for table in TABLES:
        query = f"select * from {table} order by all"
        pd.testing.assert_frame_equal(stored.sql(query), whole.sql(query), obj=table)


def test_evidence_and_select(stored: nk.Corpus, whole: nk.Corpus) -> None:
    for row in [nk.actor_frequency(whole).iloc[0], nk.actor_frequency(whole, by=["outlet", "month"]).iloc[0]]:
        pd.testing.assert_frame_equal(stored.evidence("mentions", row), whole.evidence("mentions", row))
    row = nk.voice_matrix(whole).iloc[-1]
    pd.testing.assert_frame_equal(stored.evidence("stances", row), whole.evidence("stances", row))
    pd.testing.assert_frame_equal(stored.evidence("quotes"), whole.evidence("quotes"))
    assert_same(stored.select(["a3", "a1"]), whole.select(["a3", "a1"]))
    assert set(stored.select("a3").mentions["article_id"]) == {"a3"}


@pytest.mark.parametrize("n", [9, 2])
def test_summaries_out_of_core(n: int, nlp: Language, tmp_path: Path) -> None:
    """Equal to the last bit, whether articles or (of the one annotated) sentences are resampled."""
    given_ = articles(9) if n == 9 else [replace(article, language="de") for article in articles(2)[1:]] + articles(1)
    memory = nk.annotate(given_, nlp=nlp)
    stored = nk.annotate(given_, nlp=nlp, out=tmp_path / "c", shard_size=2)
    for by in ([], "outlet", ["month", "kind"], "week"):
        for sides in (False, True):
            mine, same = (nk.actor_frequency(corpus, by=by, sides=sides) for corpus in (stored, memory))
            pd.testing.assert_frame_equal(mine, same, check_exact=True)
            assert len(mine) > 0
    for by in ([], "voice", ["outlet", "year"]):
        for method in ("model", "textblob"):
            mine, same = (nk.stance_summary(corpus, by=by, method=method) for corpus in (stored, memory))
            pd.testing.assert_frame_equal(mine, same, check_exact=True)
    assert not {"mentions", "stances", "articles"} & {*stored.__dict__}, "summaries read no whole table"
    pd.testing.assert_frame_equal(nk.voice_matrix(stored), nk.voice_matrix(memory))
    pd.testing.assert_frame_equal(
        nk.frame_summary(stored, codebook="news_frames"), nk.frame_summary(memory, codebook="news_frames")
    )
    with pytest.raises(ValueError, match=r"cannot group by 'colour'; known: .*outlet"):
        nk.actor_frequency(stored, by="colour")


def test_what_was_added_to_a_table_counts(nlp: Language, tmp_path: Path) -> None:
    corpus = nk.annotate(articles(), nlp=nlp, out=tmp_path / "c")
    corpus.articles["camp"] = ["left", "right", "left"] * 3
    assert set(nk.actor_frequency(corpus, by="camp")["camp"]) == {"left", "right"}


def test_show_article_reads_one(stored: nk.Corpus, whole: nk.Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    read = reads(monkeypatch)
    corpus = nk.open_corpus(stored.tables.place)
    assert nk.show_article(corpus, "a3").html == nk.show_article(whole, "a3").html
    assert read == []
    with pytest.raises(ValueError, match="no article 'x' in the corpus; it has 'a0'"):
        nk.show_article(corpus, "x")


def test_relink_and_merges(stored: nk.Corpus, whole: nk.Corpus) -> None:
    before = content(Path(stored.tables.place))
    mine = nk.ActorCatalog([Actor("novak", "A. Novak", "person", ("Anna Novak",))], name="mine")
    assert_same(stored.relink(mine), whole.relink(mine))
    assert "novak" in set(stored.relink(mine).quotes["speaker_id"].dropna())
    pd.testing.assert_frame_equal(stored.merges(), whole.merges())
    pd.testing.assert_frame_equal(stored.relink(mine).merges(), whole.relink(mine).merges())
    assert content(Path(stored.tables.place)) == before


def test_catalogues_are_kept_whole() -> None:
    world = nk.load_actors()
    again = catalog_from_json(catalog_to_json(world))
    assert again.actors == world.actors
    assert again.corrections == world.corrections
    assert repr(again) == repr(world)


# --- lost workers ----------------------------------------------------------------------------------------


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


def test_stories_of_a_corpus_on_disk(stored: nk.Corpus, whole: nk.Corpus) -> None:
    there, here = stored.find_stories(), whole.find_stories()
    pd.testing.assert_series_equal(there.articles["story_id"], here.articles["story_id"])
    for summary in (nk.actor_frequency, nk.stance_summary):
        pd.testing.assert_frame_equal(summary(there, count="stories"), summary(here, count="stories"))
    assert there.sql("select count(distinct story_id) as n from articles")["n"].item() == here.manifest["stories"]["n"]
    pd.testing.assert_frame_equal(
        nk.actor_frequency(there.relink("world"), count="stories"),
        nk.actor_frequency(here.relink("world"), count="stories"),
    )
    assert stored.articles["story_id"].isna().all()
