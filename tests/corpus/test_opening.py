"""Opening a corpus on disk, and what is read of it."""

from __future__ import annotations

from pathlib import Path

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
