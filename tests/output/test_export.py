"""A corpus for other programs: what is read back from the files is what was in the tables."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import DocBin

import newskit as nk
from newskit.corpus.tables import ParquetTables
from newskit.output import workbooks
from newskit.resources import spreadsheets
from newskit.schema import TABLES


@pytest.fixture(scope="module", params=["memory", "disk"])
def corpus(request: pytest.FixtureRequest, nlp: Language, tmp_path_factory: pytest.TempPathFactory) -> nk.Corpus:
    texts = [
        'Anna Novak praised "the plan", Moscow said.',
        "=1+1 Novak condemned Russia. Russia met Ukraine and NATO. They left\x0b the talks.",
        "",
    ]
    articles = [nk.Article(article_id=f"a{i}", text=text, outlet="=Daily") for i, text in enumerate(texts)]
    out = tmp_path_factory.mktemp("exports") / "c" if request.param == "disk" else None
    return nk.annotate(articles, nlp=nlp, out=out, shard_size=1 if out else None)


def test_csv(corpus: nk.Corpus, tmp_path: Path) -> None:
    folder = nk.export_corpus(corpus, tmp_path / "tables")
    for table in TABLES:
        rows = pd.read_csv(folder / f"{table}.csv", keep_default_na=False, dtype=str)
        assert rows.columns.tolist() == nk.schema.columns(table)
        assert rows.shape == getattr(corpus, table).shape, table
    assert pd.read_csv(folder / "mentions.csv")["text"].tolist() == corpus.mentions["text"].tolist()


RUNS = ["=HYPERLINK(A1) said Novak.", "+1 for Russia.", "- Novak left.", "@novak met Russia.", "\t=1+1", "'=tis Novak."]
PLAIN = ["Novak = Russia.", "'Tis Novak."]


def test_csv_has_no_cell_that_a_spreadsheet_runs(nlp: Language, tmp_path: Path) -> None:
    texts = [*RUNS, *PLAIN]
    articles = [nk.Article(f"-{i}", text, title=text, outlet=text, author="@a") for i, text in enumerate(texts)]
    corpus = nk.annotate(articles, nlp=nlp, progress=False)
    folder = nk.export_corpus(corpus, tmp_path / "safe")
    for table in TABLES:
        rows = pd.read_csv(folder / f"{table}.csv", keep_default_na=False)
        for name in rows.select_dtypes(["object", "str"]):
            assert not [cell for cell in rows[name] if isinstance(cell, str) and cell.lstrip()[:1] in set("=+-@")], name
    assert pd.read_csv(folder / "stances.csv")["score"].dtype == "float64"
    cells = pd.read_csv(folder / "articles.csv")
    assert cells["title"].tolist() == ["'" + text for text in RUNS] + PLAIN
    back = list(nk.scan_articles(folder / "articles.csv"))
    assert [(one.article_id, one.text) for one in back] == [(one.article_id, one.text) for one in articles]
    plain = nk.export_corpus(corpus, tmp_path / "plain", escape_formulas=False)
    assert pd.read_csv(plain / "articles.csv")["text"].tolist() == texts


def test_excel(corpus: nk.Corpus, tmp_path: Path) -> None:
    path = nk.export_corpus(corpus, tmp_path / "deep" / "corpus.xlsx")
    book = openpyxl.load_workbook(path)
    frames = ["frames of news frames", "frames of missile debate"]
    assert book.sheetnames == ["actors", "stances", *frames, "evidence", "codebook", "manifest"]
    actors = pd.read_excel(path, sheet_name="actors")
    assert actors["n_mentions"].tolist() == nk.actor_frequency(corpus)["n_mentions"].tolist()
    evidence = pd.read_excel(path, sheet_name="evidence")
    wanted = corpus.evidence("stances", method="model")
    assert evidence["sentence"].tolist() == [text.replace("\x0b", " ") for text in wanted["sentence"]]
    assert evidence["score"].tolist() == pytest.approx(wanted["score"].tolist())
    assert {cell.data_type for cell in book["evidence"]["B"]} == {"s"}, "a text that begins with = is no formula"


def test_a_workbook_is_ready_to_be_read(corpus: nk.Corpus, tmp_path: Path) -> None:
    path = nk.export_corpus(corpus, tmp_path / "corpus.xlsx")
    book = openpyxl.load_workbook(path)
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert all(heading.font.bold for heading in sheet[1])
        widths = [sheet.column_dimensions[heading.column_letter].width for heading in sheet[1]]
        assert all(8 <= width <= 60 for width in widths), "neither one letter nor a whole article"
    assert book["evidence"]["A1"].value == "sentence"
    score = next(cell for cell in book["evidence"][1] if cell.value == "score").column_letter
    assert book["evidence"][f"{score}2"].number_format == "0.000"
    told = pd.read_excel(path, sheet_name="codebook")
    for title in ("actors", "stances", "evidence"):
        rows = told[told["of"] == title]
        assert rows["name"].tolist() == pd.read_excel(path, sheet_name=title).columns.tolist()
        assert rows["meaning"].notna().all()
    assert dict(zip(told["name"], told["meaning"], strict=True))["n_mentions"].startswith("mentions")
    notes = pd.read_excel(path, sheet_name="manifest").set_index("what")["value"]
    assert str(notes["versions newskit"]) == nk.__version__


def test_a_workbook_of_tables_of_ones_own(corpus: nk.Corpus, tmp_path: Path) -> None:
    by_outlet = nk.actor_frequency(corpus, by="outlet")
    wide = by_outlet.pivot(index="actor", columns="outlet", values="n_mentions")
    path = nk.export_corpus(corpus, tmp_path / "t.xlsx", tables={"by outlet": by_outlet, "wide": wide})
    assert openpyxl.load_workbook(path).sheetnames == ["by outlet", "wide", "evidence", "codebook", "manifest"]
    assert pd.read_excel(path, sheet_name="wide")["actor"].tolist() == wide.index.tolist()
    found = pd.read_excel(path, sheet_name="by outlet")
    assert found["share"].tolist() == pytest.approx(by_outlet["share"].tolist())
    assert found["outlet"].unique().tolist() == ["=Daily"]
    for title in ("a/b", "x" * 32, " ", "Evidence"):
        with pytest.raises(ValueError, match="title"):
            nk.export_corpus(corpus, tmp_path / "t.xlsx", tables={title: by_outlet})
    with pytest.raises(TypeError, match="takes DataFrames"):
        nk.export_corpus(corpus, tmp_path / "t.xlsx", tables={"a": "b"})  # type: ignore[dict-item]
    with pytest.raises(ValueError, match=r"end it in \.xlsx"):
        nk.export_corpus(corpus, tmp_path / "folder", tables={"a": by_outlet})


def test_graphml(corpus: nk.Corpus, tmp_path: Path) -> None:
    root = ET.parse(nk.export_corpus(corpus, tmp_path / "actors.graphml")).getroot()
    name = "{http://graphml.graphdrawing.org/xmlns}"
    nodes = {node.attrib["id"]: node for node in root.iter(f"{name}node")}
    assert set(nodes) == set(corpus.actors["actor_id"])
    named = corpus.mentions[corpus.mentions["kind"].isin(nk.schema.ACTING)]
    sentences = named.groupby(["article_id", "sentence_id"])["actor_id"].agg(set)
    edges = list(root.iter(f"{name}edge"))
    assert len(edges) > 1
    for edge in edges:
        ends = {edge.attrib["source"], edge.attrib["target"]}
        data = {item.attrib["key"]: item.text for item in edge}
        assert data["edge_n_sentences"] == str(sum(ends <= actors for actors in sentences))
    assert {key.attrib["attr.name"] for key in root.iter(f"{name}key")} >= {"label", "type", "n_articles"}


def test_docbin(corpus: nk.Corpus, tmp_path: Path) -> None:
    path = nk.export_corpus(corpus, tmp_path / "corpus.spacy")
    docs = {doc.user_data["article_id"]: doc for doc in DocBin().from_disk(path).get_docs(spacy.blank("en").vocab)}
    assert set(docs) == {"a0", "a1"}
    for identity, doc in docs.items():
        assert doc.text == corpus.articles.set_index("article_id")["text"][identity]
        rows = corpus.mentions[corpus.mentions["article_id"] == identity]
        spans = doc.spans["mentions"]
        assert [span.text for span in spans] == rows["text"].tolist()
        assert [span.id_ for span in spans] == rows["actor_id"].fillna("").tolist()
        assert len(list(doc.sents)) == (corpus.sentences["article_id"] == identity).sum()


def test_more_evidence_than_a_sheet_holds(corpus: nk.Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    n_model = int((corpus.stances["method"] == "model").sum())
    assert 1 < n_model < len(corpus.stances)
    monkeypatch.setattr(workbooks, "EXCEL_ROWS", n_model + 1)
    nk.export_corpus(corpus, tmp_path / "fits.xlsx")
    monkeypatch.setattr(workbooks, "EXCEL_ROWS", n_model)
    with pytest.raises(ValueError, match=rf"^{n_model} stances are more than an Excel sheet holds"):
        nk.export_corpus(corpus, tmp_path / "corpus.xlsx")


def test_a_long_text_is_cut_to_what_a_cell_holds(
    corpus: nk.Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheets, "EXCEL_CHARACTERS", 12)
    evidence = pd.read_excel(nk.export_corpus(corpus, tmp_path / "corpus.xlsx"), sheet_name="evidence")
    assert evidence["sentence"].str.len().max() == 12


@pytest.mark.parametrize("ending", ["", ".xlsx", ".spacy"])
def test_a_corpus_on_disk_is_read_shard_by_shard_whatever_was_looked_at(
    nlp: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    articles = [nk.Article(article_id=f"a{i}", text=f"Novak condemned Russia {i} times.") for i in range(3)]
    nk.annotate(articles, nlp=nlp, out=tmp_path / "c", shard_size=1, progress=False)
    stored = nk.open_corpus(tmp_path / "c")
    assert len(stored.mentions) > 0
    shards = Counter[int]()
    rows = ParquetTables.rows

    def counted(self: ParquetTables, table: str, *arguments: Any) -> pd.DataFrame:
        shards[len(self.manifest["shards"])] += 1
        return rows(self, table, *arguments)

    monkeypatch.setattr(ParquetTables, "rows", counted)
    nk.export_corpus(stored, tmp_path / f"exported{ending}")
    assert set(shards) == {1}, "never more than one shard at a time"
    assert shards[1] >= 3


def test_endings_that_are_unknown(corpus: nk.Corpus, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"cannot write 'corpus.dta': end it in .xlsx"):
        nk.export_corpus(corpus, tmp_path / "corpus.dta")
