"""What a source of articles is: files, folders, globs, tables, Articles; and what is not one."""

from __future__ import annotations

import gzip
import io
import runpy
import zipfile
from pathlib import Path

import pandas as pd
import pytest

import newskit as nk
from newskit.errors import ArticleError
from newskit.reading.sources import ArticleSource
from tests.conftest import ROOT
from tests.reading import layouts
from tests.reading.layouts import BODIES, FILES, TITLES
from tests.reading.scans import folded, scan


def test_a_mixed_folder_reconciles_in_a_fixed_order(tmp_path: Path) -> None:
    for name, (_, write) in FILES.items():
        write(tmp_path / name)
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    (tmp_path / ".DS_Store").write_bytes(b"\0\0")
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "broken.docx").write_bytes(b"PK\x03\x04 and no more")
    (tmp_path / "one.txt").write_text(f"{TITLES[0]}\n\n{BODIES[0]}")
    articles, refused, report = scan(tmp_path)
    again, _, _ = scan(tmp_path)
    assert [a.article_id for a in again] == [a.article_id for a in articles]
    assert list(report.files["path"]) == sorted(report.files["path"])
    reasons = dict(zip(report.refused["path"].str.rpartition("/")[2], report.refused["reason"], strict=True))
    assert "pdftotext" in reasons["scan.pdf"]
    assert "empty" in reasons["empty.csv"]
    assert "broken.docx" in reasons["broken.docx"]
    passed = report.files[report.files["path"].str.endswith("photo.jpg")].iloc[0]
    assert passed["found"] == 0
    assert "passed over" in passed["note"]
    # Fifteen tables have the same three ids with the same texts: the first has them, the others are told apart.
    tables = sum(kind in {"CSV", "TSV", "JSON", "JSON Lines", "Excel", "Parquet"} for kind, _ in FILES.values())
    assert sum("the same article" in r.reason for r in refused) == 3 * (tables - 1)
    assert "found" in str(report)
    assert "scan.pdf" in report._repr_html_()


def test_what_cannot_be_read_at_all_is_an_error_that_names_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "numbers.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ArticleError, match=r"numbers\.csv: no column looks like the text.*'a', 'b'.*columns="):
        list(nk.scan_articles(tmp_path / "numbers.csv"))
    with pytest.raises(ArticleError, match=r"no column 'body'"):
        list(nk.scan_articles(tmp_path / "numbers.csv", columns={"text": "body"}))
    with pytest.raises(ValueError, match="the fields are article_id, text"):
        nk.scan_articles(tmp_path / "numbers.csv", columns={"texts": "a"})
    with pytest.raises(ValueError, match="no such file"):
        nk.scan_articles(tmp_path / "gone.csv")
    with pytest.raises(ValueError, match=r"looked for files ending in \.csv"):
        nk.scan_articles(str(tmp_path / "*.nothing"))
    report = nk.import_report(tmp_path / "numbers.csv")
    assert report.totals()["refused"] == 1


def test_a_data_frame_and_a_list(tmp_path: Path) -> None:
    articles, refused, report = scan(pd.DataFrame(layouts.rows()))
    assert [a.title for a in articles] == list(TITLES)
    assert report.files["format"].tolist() == ["DataFrame"]
    (tmp_path / "rows.csv").write_text(layouts.csv_text())
    articles, refused, _ = scan([nk.Article(article_id="mine", text=BODIES[0]), tmp_path / "rows.csv"])
    assert [a.article_id for a in articles] == ["mine", "t0", "t1", "t2"]
    assert not refused


def test_the_synthetic_corpus_is_what_its_script_writes(tmp_path: Path) -> None:
    folder = ROOT / "data" / "synthetic"
    script = runpy.run_path(str(folder / "make.py"))
    script["main"](tmp_path)
    for made in tmp_path.iterdir():
        kept = (folder / made.name).read_bytes()
        if made.suffix == ".gz":
            assert gzip.decompress(made.read_bytes()) == gzip.decompress(kept)
        elif made.suffix == ".docx":
            assert zipfile.ZipFile(made).read("word/document.xml") == zipfile.ZipFile(io.BytesIO(kept)).read(
                "word/document.xml"
            )
        else:
            assert made.read_bytes() == kept
    articles, refused, report = scan(folder)
    printed = [report for reports in script["reports"]().values() for report in reports]
    ends = sorted(folded(a.text).replace(" – who", ", who")[-60:] for a in articles)  # the CSV file has dashes
    assert ends == sorted(folded(r.text)[-60:] for r in printed)
    assert len(refused) == 3
    assert nk.story_ids(articles).nunique() == 40  # 29 own reports of the outlets, 11 of the agency
    assert len(printed) == report.totals()["read"]


def test_an_article_source_is_read_anew_unless_it_is_an_iterator(tmp_path: Path) -> None:
    pd.DataFrame({"nr": ["x"], "Titel": TITLES[:1], "Inhalt": BODIES[:1]}).to_csv(tmp_path / "a.csv", index=False)
    choices = {"columns": {"text": "Titel", "article_id": "nr"}, "encoding": "utf-8"}
    again = ArticleSource(tmp_path / "a.csv", **choices)  # type: ignore[arg-type]
    assert not again.is_once
    for _ in range(2):
        assert [(item.article_id, item.text) for item in again] == [("x", TITLES[0])]
    once = ArticleSource(iter([tmp_path / "a.csv"]), **choices)  # type: ignore[arg-type]
    assert once.is_once
    assert [item.text for item in once] == [TITLES[0]]
    assert list(once) == []
    with pytest.raises(ValueError, match="the fields are article_id, text"):
        ArticleSource([], columns={"texts": "a"})
