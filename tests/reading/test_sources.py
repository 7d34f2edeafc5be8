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
from tests.reading import layouts, scans
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
    assert "skipped" in passed["note"]
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


def test_files_with_one_stem_are_named_by_their_paths(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("may.txt", "b/may.txt", "june.txt.gz", "b/july.txt"):
        text = f"{BODIES[0]} {name}".encode()
        (tmp_path / name).write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    articles, _, _ = scan(tmp_path)
    assert [a.article_id for a in articles] == ["july", f"{tmp_path}/b/may.txt", "june", f"{tmp_path}/may.txt"]
    assert [a.article_id for a in scan(str(tmp_path / "*.txt"))[0]] == ["may"]
    assert [a.article_id for a in scan(str(tmp_path / "**" / "ju*"))[0]] == ["july", "june"]


def test_a_glob_takes_files_of_any_name_and_a_folder_only_known_ones(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text(BODIES[0])
    assert [a.text for a in scan(str(tmp_path / "no*"))[0]] == [BODIES[0]]
    with pytest.raises(ValueError, match="no article in"):
        scan(tmp_path)
    (tmp_path / "scan.pdf").write_bytes(b"%PDF")
    _, refused, report = scan(tmp_path)
    assert len(refused) == 1
    assert sorted(report.files["found"]) == [0, 1]


def test_a_single_file_with_one_bad_row_is_not_an_error(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("id,text\n1,\n")
    _, refused, _ = scan(tmp_path / "rows.csv")
    assert [(r.place, r.reason) for r in refused] == [("row 1", "the text is empty")]


def test_rows_of_a_frame_without_an_id_or_with_a_bad_date() -> None:
    frame = pd.DataFrame({"article_id": ["a", None, 7], "text": BODIES, "published": ["2024-03-04", "x", "soon"]})
    with pytest.warns(UserWarning, match="article '7': published 'soon' is not a date") as warned:
        articles, refused, report = scan(frame)
    assert [a.article_id for a in articles] == ["a", "7"]
    assert [w.filename for w in warned] == [scans.__file__], "the warning points to who reads the articles"
    assert [(r.article_id, r.reason) for r in refused] == [("row 1", "the article_id is missing")]
    assert report.totals()["dates_unparsed"] == 1
    articles, _, _ = scan(frame.drop(columns="published"), columns={"article_id": None})
    assert [a.article_id for a in articles] == ["row 0", "row 1", "row 2"]
    articles, _, _ = scan(frame.drop(columns=["published", "article_id"]))
    assert [a.article_id for a in articles] == ["row 0", "row 1", "row 2"]
    with pytest.raises(ValueError, match="no column 'text'"):
        scan(frame[["article_id"]])


def test_what_is_not_a_source() -> None:
    with pytest.raises(TypeError, match="a DataFrame or a path; got int"):
        nk.scan_articles(3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="what scan_articles yields; got dict"):
        list(nk.scan_articles([{}]))  # type: ignore[list-item]
    with pytest.raises(ArticleError, match="neither a path nor HTML"):
        nk.scan_articles("A text\nof two lines")


def test_a_data_frame_without_rows_and_a_text_in_the_place_of_a_path() -> None:
    frame = pd.DataFrame({"article_id": ["a"], "text": ["Talks resume."]})
    for read in (nk.annotate, nk.read_articles, nk.import_report):
        with pytest.raises(ValueError, match="DataFrame has no rows"):
            read(frame[:0])
    for text in ("The talks have failed again. Nobody knows why.", "The talks have failed again.\n\nNobody knows why."):
        with pytest.raises(ArticleError, match=r"use Article\(article_id=…, text=…\)") as told:
            nk.annotate(text)
        assert "talks" in str(told.value)
    with pytest.raises(ArticleError) as told:
        nk.annotate("reports of may.txt")
    assert "Article(" not in str(told.value)


def test_a_table_in_a_file_warns_of_ambiguous_dates_as_a_data_frame_does(tmp_path: Path) -> None:
    frame = pd.DataFrame({"text": ["Talks resume.", "Talks fail."], "published": ["03/04/2019", "05/04/2019"]})
    frame.to_csv(tmp_path / "a.csv", index=False)
    for source in (frame, tmp_path / "a.csv"):
        assert nk.import_report(source).files["dates_assumed"].sum() == 2
        with pytest.warns(UserWarning, match="in 2 dates either number may be the month.*month first"):
            nk.annotate(source)
