"""Opening a corpus on disk, and what is read of it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from spacy.language import Language

import newskit as nk
from newskit.annotation.actors.catalog_files import catalog_from_json, catalog_to_json
from newskit.errors import CorpusFolderError
from tests.corpus.samples import articles, reads


def test_folders_that_are_none(nlp: Language, tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("precious")
    with pytest.raises(CorpusFolderError, match="holds other files"):
        nk.annotate(articles(1), nlp=nlp, out=tmp_path, overwrite=True)
    with pytest.raises(CorpusFolderError, match=r"no corpus in .*annotate\(…, out=…\)"):
        nk.open_corpus(tmp_path)
    with pytest.raises(CorpusFolderError, match=r"thesis\.docx is a file: open the folder"):
        nk.open_corpus(tmp_path / "thesis.docx")
    with pytest.raises(CorpusFolderError, match="no corpus in"):
        nk.open_corpus(tmp_path / "thesis.docx" / "corpus")
    (tmp_path / "odd" / "manifest.json").mkdir(parents=True)
    with pytest.raises(CorpusFolderError, match=r"manifest\.json is a folder where newskit has a file"):
        nk.open_corpus(tmp_path / "odd")
    out = tmp_path / "c"
    nk.annotate(articles(1), nlp=nlp, out=out)
    (out / "manifest.json").write_text((out / "manifest.json").read_text().replace('"format": 1', '"format": 99'))
    with pytest.raises(CorpusFolderError, match="written in format 99"):
        nk.open_corpus(out)


def older(out: Path, table: str, columns: list[str]) -> None:
    """Make a corpus one that was written before its table had some columns."""
    manifest = json.loads((out / "manifest.json").read_bytes())
    for shard in manifest["shards"]:
        file = out / table / f"{shard['name']}.parquet"
        pq.write_table(pq.read_table(file).drop_columns(columns), file)
        shard["sha256"][table] = hashlib.sha256(file.read_bytes()).hexdigest()
        (out / "shards" / f"{shard['name']}.json").write_text(json.dumps(shard), encoding="utf-8")
    (out / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def test_a_corpus_of_an_older_newskit(nlp: Language, tmp_path: Path) -> None:
    """It is told when it is opened, not by an error of the database at the first summary, and can be annotated anew."""
    out = tmp_path / "c"
    there = nk.annotate(articles(3), nlp=nlp, out=out, shard_size=2).quotes
    older(out, "quotes", ["act", "source_kind"])
    with pytest.raises(CorpusFolderError, match=r"older newskit: its quotes lack act, source_kind\. Annotate .* again"):
        nk.open_corpus(out)
    mended = nk.annotate(articles(3), nlp=nlp, out=out, shard_size=2, overwrite=True)
    pd.testing.assert_frame_equal(mended.quotes, there)
    pd.testing.assert_frame_equal(nk.open_corpus(out).quotes, there)


def test_nothing_is_read_before_it_is_asked_for(stored: nk.Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    read = reads(monkeypatch)
    corpus = nk.open_corpus(stored.tables.place)
    assert read == []
    assert corpus.quotes is corpus.quotes
    assert read == ["quotes"]


def test_show_article_reads_one(stored: nk.Corpus, whole: nk.Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    read = reads(monkeypatch)
    corpus = nk.open_corpus(stored.tables.place)
    assert nk.show_article(corpus, "a3").html == nk.show_article(whole, "a3").html
    assert read == []
    with pytest.raises(ValueError, match="no article 'x' in the corpus; it has 'a0'"):
        nk.show_article(corpus, "x")


def test_catalogues_are_kept_whole() -> None:
    world = nk.load_actors()
    again = catalog_from_json(catalog_to_json(world))
    assert again.actors == world.actors
    assert again.corrections == world.corrections
    assert repr(again) == repr(world)
