"""A save that fails half-way leaves the older file as it was, and nothing beside it."""

from __future__ import annotations

import os
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from openpyxl import load_workbook

import newskit as nk
from newskit.annotation.components import MentionsComponent
from newskit.corpus.folder import Folder
from newskit.resources.files import whole_file
from newskit.resources.spreadsheets import cell_text

if TYPE_CHECKING:
    from spacy.language import Language

COUNTS = {"support": 1, "opposition": 0, "condition": 0, "ambivalence": 0, "n": 1, "n_articles": 1, "agreement": 1.0}
NETWORK = pd.DataFrame([{"actor_id": "eu\ufffe", "actor": "EU\uffff", "issue": "toll", **COUNTS}])


@pytest.fixture(scope="module")
def corpus(nlp: Language) -> nk.Corpus:
    text = "President Aino Koskela praised Norway\ufffe on Monday\uffff, and Sweden agreed with Norway."
    return nk.annotate([nk.Article("n1", text, outlet="The \ufffe Bay")], nlp=nlp, progress=False)


@pytest.fixture(scope="module")
def sample(corpus: nk.Corpus) -> nk.Sample:
    return nk.draw_sample(corpus, "stances", n=2)


Saver = Callable[[nk.Corpus, nk.Sample, Path], object]
SAVERS: dict[str, Saver] = {
    "book.toml": lambda corpus, sample, path: nk.load_codebook("missile_debate").save(path),
    "sample.json": lambda corpus, sample, path: sample.save(path),
    "sheet.xlsx": lambda corpus, sample, path: sample.to_excel(path, coder="eva"),
    "sheet.csv": lambda corpus, sample, path: sample.to_csv(path, coder="eva"),
    "corpus.xlsx": lambda corpus, sample, path: nk.export_corpus(corpus, path),
    "corpus.graphml": lambda corpus, sample, path: nk.export_corpus(corpus, path),
    "corpus.spacy": lambda corpus, sample, path: nk.export_corpus(corpus, path),
    "tables/mentions.csv": lambda corpus, sample, path: nk.export_corpus(corpus, path.parent),
    "net.graphml": lambda corpus, sample, path: nk.save_discourse_network(NETWORK, path),
    "net.csv": lambda corpus, sample, path: nk.save_discourse_network(NETWORK[["issue", *COUNTS, "actor_id"]], path),
    "component": lambda corpus, sample, path: MentionsComponent(nk.load_actors("world")).to_disk(path),
    "shard.parquet": lambda corpus, sample, path: Folder(path.parent).write(path.name, b"new"),
}


@pytest.mark.parametrize("name", SAVERS)
def test_a_failed_save_leaves_what_was_there(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, corpus: nk.Corpus, sample: nk.Sample
) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"older")
    path.chmod(0o640)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            SAVERS[name](corpus, sample, path)
    assert path.read_bytes() == b"older"
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [path]
    SAVERS[name](corpus, sample, path)
    assert path.read_bytes() != b"older"
    assert path.stat().st_mode & 0o777 == 0o640
    assert not list(tmp_path.rglob("*.part"))


def test_characters_that_xml_does_not_know(tmp_path: Path, corpus: nk.Corpus) -> None:
    root = ET.parse(nk.export_corpus(corpus, tmp_path / "corpus.graphml")).getroot()
    assert {"norway", "sweden"} <= {node.get("id") for node in root.iter() if node.tag.endswith("}node")}
    ET.parse(nk.save_discourse_network(NETWORK, tmp_path / "net.graphml"))
    sheet = load_workbook(nk.export_corpus(corpus, tmp_path / "corpus.xlsx"))["evidence"]
    assert "The   Bay" in [cell.value for cell in sheet[2]]
    assert cell_text("a\ud800b") == "a b"


def half(path: Path) -> None:
    with whole_file(path) as part:
        part.write_text("half", encoding="utf-8")
        raise KeyError


def test_an_error_in_the_middle(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        half(tmp_path / "new/file.txt")
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="links and devices of Unix")
def test_links_and_devices_stay_what_they_are(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("older", encoding="utf-8")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    with whole_file(tmp_path / "link.txt") as part:
        part.write_text("new", encoding="utf-8")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text(encoding="utf-8") == "new"
    with whole_file("/dev/null") as part:
        part.write_text("new", encoding="utf-8")
    with pytest.raises(IsADirectoryError, match="is a folder"), whole_file(tmp_path):
        pass
