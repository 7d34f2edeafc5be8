"""Importing: every article that is in a file is read or refused, the first and the last too, and none is invented."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import json
import runpy
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import newskit as nk
from newskit.errors import ArticleError
from newskit.reading.article import Refused
from newskit.reading.columns import guess_columns
from newskit.reading.formats.dates import DateReader, parse_date
from newskit.reading.sources import ArticleSource
from tests.conftest import ROOT
from tests.reading import layouts
from tests.reading.layouts import AUTHORS, BODIES, DATES, FILES, OUTLETS, PARAGRAPHS, TITLES

CUT_IN_AN_ARTICLE = {"Nexis TXT", "Nexis Uni TXT", "Nexis Uni RTF", "ProQuest TXT", "Factiva HTML"}
PAGES = {"pages.warc.gz", "pages.zip"}
FEW = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def scan(source: object, **choices: object) -> tuple[list[nk.Article], list[Refused], nk.ImportReport]:
    """Articles and refused of a source, once it is clear that the report reconciles with them."""
    report = nk.ImportReport()
    items = list(nk.scan_articles(source, report=report, **choices))  # type: ignore[arg-type]
    articles = [item for item in items if isinstance(item, nk.Article)]
    refused = [item for item in items if isinstance(item, Refused)]
    files = report.files
    assert (files["found"] == files["read"] + files["refused"]).all()
    assert files["read"].sum() == len(articles)
    assert files["refused"].sum() == len(refused) == len(report.refused)
    assert all(r.reason for r in refused)
    ids = [item.article_id for item in items]
    assert len(set(ids)) == len(ids)
    assert (files["dates_parsed"] + files["dates_missing"] + files["dates_unparsed"] == files["read"]).all()
    return articles, refused, report


def folded(text: str) -> str:
    return " ".join(text.split())


# --- every layout ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_first_and_last_of_every_layout_are_kept_whole(name: str, tmp_path: Path) -> None:
    kind, write = FILES[name]
    write(tmp_path / name)
    articles, refused, report = scan(tmp_path / name)
    assert [article.title for article in articles] == list(TITLES)
    assert len(refused) == (name == "pages.warc.gz")
    assert set(report.files["format"]) == {kind}
    for i, article in enumerate(articles):
        assert folded(article.text).endswith(folded(BODIES[i]))
        assert all(article.text[block.start : block.end].strip() for block in article.blocks)
        bodies = [article.text[b.start : b.end] for b in article.blocks if b.part == "body"]
        assert [folded(body) for body in bodies] == [folded(p) for p in PARAGRAPHS[i]]
        if name not in PAGES:
            assert article.outlet == OUTLETS[i]
            assert str(article.published)[:10] == DATES[i]
        if kind.startswith(("Nexis", "Factiva", "ProQuest")):
            assert article.author == AUTHORS[i]
            assert article.language == "en"
            assert article.blocks[0].part == "headline"
    assert report.totals()["truncated"] == report.totals()["garbled"] == 0


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


def test_the_same_id_with_another_text_is_no_reason_to_lose_it(tmp_path: Path) -> None:
    pd.DataFrame({"id": [1, 2], "text": BODIES[:2]}).to_csv(tmp_path / "a.csv", index=False)
    pd.DataFrame({"id": [1, 2], "text": BODIES[1:]}).to_csv(tmp_path / "b.csv", index=False)
    articles, refused, report = scan(tmp_path)
    assert [a.text for a in articles] == [BODIES[0], BODIES[1], BODIES[1], BODIES[2]]
    assert not refused
    assert articles[0].article_id == "1"
    assert report.totals()["renumbered"] == 2
    assert report.totals()["duplicates"] == 1


def test_read_articles_and_report_by_name(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text("\n".join([*map(json.dumps, layouts.rows()), '{"id": "cut", "te']))
    with pytest.warns(UserWarning, match=r"1 of 4 could not be read.*line 4"):
        articles = nk.read_articles(tmp_path / "rows.jsonl")
    assert [a.article_id for a in articles] == ["t0", "t1", "t2"]
    report = nk.import_report(tmp_path / "rows.jsonl")
    assert report.stories["placements"].sum() == 3
    assert "4 articles found in 1 file = 3 read + 1 refused" in str(report)
    columns = report.columns.set_index("column")["field"]
    assert columns["headline"] == "title"
    assert pd.isna(columns["words"])


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


def test_an_unreadable_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for i in range(3):
        (tmp_path / f"{i}.txt").write_text(BODIES[i])
    whole = Path.open

    def fails(self: Path, *args: object, **choices: object) -> object:
        if self.name == "1.txt":
            raise PermissionError(13, "Permission denied")
        return whole(self, *args, **choices)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", fails)
    articles, refused, _ = scan(tmp_path)
    assert [a.article_id for a in articles] == ["0", "2"]
    assert "Permission denied" in refused[0].reason


# --- cut, damaged, huge ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
@FEW
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_file_cut_anywhere_loses_and_invents_nothing(name: str, share: float, tmp_path: Path) -> None:
    path = tmp_path / name
    if not (tmp_path / "whole").exists():
        FILES[name][1](tmp_path / "whole")
    data = (tmp_path / "whole").read_bytes()
    cut = int(share * len(data))
    path.write_bytes(data[:cut])
    try:
        articles, _, _ = scan(path)
    except ArticleError:
        return
    whole = [folded(f"{title} {body}") for title, body in zip(TITLES, BODIES, strict=True)]
    for article in articles:
        words = folded(article.text)
        if FILES[name][0] in CUT_IN_AN_ARTICLE and article is articles[-1]:
            assert len(articles) <= 3
        else:  # what is read is whole
            assert any(text.endswith(words) for text in whole), (cut, words[-80:])


@pytest.mark.parametrize("name", FILES)
@FEW
@given(damage=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=9)), min_size=1, max_size=4))
def test_a_damaged_file_gives_an_error_or_refused_rows(
    name: str, damage: list[tuple[float, bytes]], tmp_path: Path
) -> None:
    if not (tmp_path / "whole").exists():
        FILES[name][1](tmp_path / "whole")
    data = bytearray((tmp_path / "whole").read_bytes())
    for share, block in damage:
        at = int(share * len(data))
        data[at : at + len(block)] = block
    (tmp_path / name).write_bytes(data)
    with contextlib.suppress(ArticleError):
        scan(tmp_path / name)


@FEW
@given(
    texts=st.lists(
        st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")), min_size=1, max_size=6
    )
)
@example(texts=['a "quoted" word', "two\nlines", "three\r\n\r\nlines", ";,\t|", "last"])
def test_rows_come_back_as_they_were(texts: list[str], tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["id", "text", "n"])
        writer.writerows([f"id{i}", text, i] for i, text in enumerate(texts))
    articles, refused, _ = scan(path, columns={"text": "text", "article_id": "id"})
    assert [a.text for a in articles] == [text for text in texts if text.strip()]
    assert len(refused) == sum(not text.strip() for text in texts)


def test_a_stray_quotation_mark_costs_its_row_alone(tmp_path: Path) -> None:
    lines = layouts.csv_text().replace("\r\n", "\n").split("\n\n")
    assert len(lines) > 3
    rows = [f'id{i},2024-03-{i % 28 + 1:02},"{PARAGRAPHS[i % 3][0]}"' for i in range(300)]
    rows[7] = 'id7,2024-03-08,"This one opens and does not close'
    rows[100] = "id100,2024-03-08,Commas, and more, commas"
    rows[200] = "id200"
    path = tmp_path / "rows.csv"
    path.write_text("id,date,text\n" + "\n".join(rows) + "\n")
    articles, refused, report = scan(path)
    found = [a.article_id for a in articles]
    assert found == [f"id{i}" for i in range(300) if i not in (7, 100, 200)]
    assert [r.place for r in refused] == ["row 8 (line 9)", "row 101 (line 102)", "row 201 (line 202)"]
    assert "quotation mark" in refused[0].reason
    assert report.totals()["found"] == 300


def test_after_a_damaged_row_a_line_of_text_is_no_row(tmp_path: Path) -> None:
    rows = [f'{i},"{PARAGRAPHS[i % 3][0]}"' for i in range(20)]
    path = tmp_path / "rows.csv"
    path.write_text("id,text\n" + "\n".join(rows) + '\n20,"A last one\nwith a line, that looks like a row\nand is cut')
    articles, refused, _ = scan(path)
    assert len(articles) == 20
    assert [r.place for r in refused] == ["row 21 (lines 22 to 24)"]


def test_nul_bytes_and_embedded_lines(tmp_path: Path) -> None:
    rows = ['1,"line one\nline two, and ""more""\n\nline four"', '2,"with a NUL \0 in it"', f'3,"{BODIES[2]}"']
    (tmp_path / "rows.csv").write_text("id,text\n" + "\n".join(rows) + "\n")
    articles, refused, _ = scan(tmp_path / "rows.csv")
    assert [a.article_id for a in articles] == ["1", "3"]
    assert articles[0].text == 'line one\nline two, and "more"\n\nline four'
    assert "NUL" in refused[0].reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "mac_roman"])
def test_encodings_are_told(encoding: str, tmp_path: Path) -> None:
    text = "“We can’t wait,” said Zoë – and left. " * 8
    (tmp_path / "rows.csv").write_bytes(f'id,text\n1,"{text}"\n2,"{text}"\n'.encode(encoding))
    articles, _, report = scan(tmp_path / "rows.csv")
    assert [a.text for a in articles] == [text, text]
    assert report.totals()["garbled"] == 0


def test_one_line_of_another_encoding_and_a_wrong_one_by_name(tmp_path: Path) -> None:
    text = "“We can’t wait,” said Zoë. " * 4
    data = f'id,text\n1,"{text}"\n'.encode() + f'2,"{text}"\n'.encode("cp1252")
    (tmp_path / "rows.csv").write_bytes(data)
    articles, _, _ = scan(tmp_path / "rows.csv")
    assert [a.text for a in articles] == [text, text]
    _, _, report = scan(tmp_path / "rows.csv", encoding="latin-1")
    assert report.totals()["garbled"] == 1
    with pytest.raises(ArticleError, match="ascii"):
        list(nk.scan_articles(tmp_path / "rows.csv", encoding="ascii"))
    with pytest.raises(ArticleError, match="unknown encoding"):
        list(nk.scan_articles(tmp_path / "rows.csv", encoding="utf-9"))


_MEASURE = """
import sys, newskit as nk
report = nk.ImportReport()
try:
    for item in nk.scan_articles(sys.argv[1], report=report): pass
except ValueError as error:
    print(error)
else:
    print(report)
with open("/proc/self/status") as status:
    print(next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) // 1024)
"""


LINUX = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells the peak of memory")


def measured(path: Path) -> tuple[str, int]:
    """What a scan in a process of its own says, and its peak memory in MB."""
    done = subprocess.run([sys.executable, "-c", _MEASURE, str(path)], capture_output=True, text=True, check=True)
    said, _, peak = done.stdout.rstrip().rpartition("\n")
    return said, int(peak)


@pytest.mark.parametrize(
    "name", ["big.csv", "big.jsonl", "big.json", "big.txt", "bomb.csv.gz", "bomb.zip", "bomb.docx"]
)
def test_memory_is_bounded(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    row = json.dumps({"id": "a", "text": BODIES[0]})
    if name.startswith("bomb"):
        zeros = b"0" * 1_000_000
        if name.endswith(".gz"):
            with gzip.open(path, "wb", compresslevel=1) as out:
                out.writelines(zeros for _ in range(400))
        else:
            member = "word/document.xml" if name.endswith(".docx") else "bomb.csv"
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(member, "w") as entry:
                for _ in range(400):
                    entry.write(zeros)
    else:
        head = {
            "big.csv": 'id,text\na,"',
            "big.jsonl": row + '\n{"id": "b", "text": "',
            "big.json": "[" + row + ', {"b": "',
        }
        with path.open("w") as out:
            out.write(head.get(name, ""))
            for _ in range(100):
                out.write("word " * 200_000)
            out.write(
                '"\n'
                if name == "big.csv"
                else '"}\n' + row.replace("Talks", "New talks")
                if name == "big.jsonl"
                else ""
            )
    said, peak = measured(path)
    assert peak < 300, said
    if name == "big.jsonl":
        assert "3 articles found in 1 file = 2 read + 1 refused" in said
    elif name == "big.json":
        assert "2 articles found in 1 file = 1 read + 1 refused" in said
    else:
        assert name in said
        assert "MB" in said or "100 times" in said or "characters" in said


@LINUX
def test_memory_does_not_grow_with_the_number_of_articles(tmp_path: Path) -> None:
    peaks = []
    for n in (1_000, 10_000):
        path = tmp_path / f"{n}.jsonl"
        with path.open("w") as out:
            rows = ({"id": i, "lang": "en", "text": f"{i} {BODIES[i % 3]} {BODIES[0]}"} for i in range(n))
            out.writelines(json.dumps(row) + "\n" for row in rows)
        said, peak = measured(path)
        assert f"{n:,} articles found in 1 file = {n:,} read" in said
        peaks.append(peak)
    assert peaks[1] < 1.1 * peaks[0]


# --- exports -------------------------------------------------------------------------------------------------


def test_nexis_that_announces_more_than_it_has(tmp_path: Path) -> None:
    (tmp_path / "nexis.txt").write_text(layouts.nexis(2))
    articles, _, report = scan(tmp_path / "nexis.txt")
    assert len(articles) == 2
    assert report.files["note"][0] == "announces 3 documents, has 2"


def test_nexis_without_length_and_with_a_document_without_text(tmp_path: Path) -> None:
    text = layouts.nexis()
    for i in range(3):
        text = text.replace(f"LENGTH: {len(BODIES[i].split())} words\n\n", "")
    text += f"\n\n{'4 of 4 DOCUMENTS':>40}\n\n{OUTLETS[0]:^70}\n\n{LONG_DATE:^70}\n\n"
    (tmp_path / "nexis.txt").write_text(text)
    articles, refused, report = scan(tmp_path / "nexis.txt")
    assert [a.title for a in articles] == list(TITLES)
    assert [folded(a.text) for a in articles] == [folded(f"{t} {b}") for t, b in zip(TITLES, BODIES, strict=True)]
    assert refused[0].place == "4 of 4 DOCUMENTS"
    assert report.totals()["empty"] == 1


LONG_DATE = "May 1, 2024 Wednesday"


def test_the_older_layout_of_lexisnexis(tmp_path: Path) -> None:
    parts = [
        f"{f'{i + 1} of 3 DOCUMENTS':>50}\n\n{'Copyright 2024 Tarn Press Company':^70}\n{OUTLETS[i]:^70}\n\n"
        f"{layouts.LONG[i].rpartition(' ')[0] + ', Late Edition - Final':^70}\n\nSECTION: Section A; Pg. 1\n\n"
        f"LENGTH: {len(BODIES[i].split())} words\n\nHEADLINE: {TITLES[i]}\n\nBYLINE:  By {AUTHORS[i]}\n\n"
        f"DATELINE: TARN BAY, March 4\n\nBODY:\n{BODIES[i]}\n\nURL: http://www.example.org\n\n"
        "LOAD-DATE: May 1, 2024\n\n"
        for i in range(3)
    ]
    (tmp_path / "nexis.txt").write_text("".join(parts))
    articles, _, report = scan(tmp_path / "nexis.txt")
    assert [folded(a.text) for a in articles] == [folded(f"{t} {b}") for t, b in zip(TITLES, BODIES, strict=True)]
    assert [a.outlet for a in articles] == list(OUTLETS)
    assert [str(a.published)[:10] for a in articles] == list(DATES)
    assert [a.author for a in articles] == list(AUTHORS)
    assert report.totals()["truncated"] == 0


def test_nexis_uni_cut_in_its_last_article(tmp_path: Path) -> None:
    lines = layouts.nexis_uni_lines()
    at = max(i for i, line in enumerate(lines) if line == PARAGRAPHS[2][1])
    (tmp_path / "uni.docx").write_bytes(layouts.docx(lines[: at + 1]))
    articles, _, report = scan(tmp_path / "uni.docx")
    assert len(articles) == 3
    assert report.totals()["truncated"] == 1


def test_nexis_uni_with_a_graphic_and_words_of_the_layout_in_the_text(tmp_path: Path) -> None:
    lines = layouts.nexis_uni_lines()
    at = lines.index(PARAGRAPHS[0][2])
    more = ["Language: it was harsh, the mayor said.", "Notes", *["A paragraph below a heading of that name."] * 20]
    lines[at : at + 1] = [*more, PARAGRAPHS[0][2], "Graphic", "The harbour on Monday"]
    (tmp_path / "uni.rtf").write_text(layouts.rtf(lines))
    articles, _, _ = scan(tmp_path / "uni.rtf")
    assert folded(articles[0].text).endswith(folded(" ".join([*more, PARAGRAPHS[0][2]])))


def test_an_article_shorter_than_its_export_says_is_truncated(tmp_path: Path) -> None:
    text = layouts.nexis().replace(f"LENGTH: {len(BODIES[1].split())} words", "LENGTH: 1,200 words")
    (tmp_path / "nexis.txt").write_text(text)
    assert scan(tmp_path / "nexis.txt")[2].totals()["truncated"] == 1


def test_media_cloud_has_headlines_only_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "mediacloud.csv"
    path.write_text(
        "id,indexed_date,language,media_name,media_url,publish_date,title,url\n"
        f"a1,2024-05-01,en,tarncourier.example,tarncourier.example,2024-04-30,{TITLES[0]},https://example.org/1\n"
        f"a2,2024-05-01,en,tarncourier.example,tarncourier.example,2024-04-30,{TITLES[1]},https://example.org/2\n"
    )
    articles, _, report = scan(path)
    assert [a.text for a in articles] == list(TITLES[:2])
    assert articles[0].outlet == "tarncourier.example"
    assert str(articles[0].published)[:10] == "2024-04-30"
    assert "headlines are read as texts" in report.files["note"][0]


def test_a_plain_word_document_is_one_article(tmp_path: Path) -> None:
    (tmp_path / "note.docx").write_bytes(layouts.docx([TITLES[0], *PARAGRAPHS[0]]))
    (tmp_path / "note.rtf").write_text(layouts.rtf([TITLES[1], *PARAGRAPHS[1]]))
    articles, _, _ = scan(tmp_path)
    assert [a.title for a in articles] == list(TITLES[:2])


# --- columns and dates -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (
            ["title", "maintext", "date_publish", "source_domain", "url", "authors"],
            {"text": "maintext", "outlet": "source_domain"},
        ),
        (["webTitle", "fields.bodyText", "webPublicationDate", "id"], {"text": "fields.bodyText", "title": "webTitle"}),
        (["Text", "text_id", "Newspaper"], {"text": "Text", "outlet": "Newspaper"}),
        (["Full Text", "Headline", "Byline"], {"text": "Full Text", "title": "Headline", "author": "Byline"}),
        (["article", "content", "source.name", "publishedAt"], {"text": "content", "outlet": "source.name"}),
    ],
)
def test_columns_are_guessed(names: list[str], expected: dict[str, str]) -> None:
    assert expected.items() <= guess_columns(names, []).items()


def test_the_text_is_known_by_its_length_where_no_name_tells(tmp_path: Path) -> None:
    frame = pd.DataFrame({"nr": [1, 2, 3], "Inhalt": BODIES, "Titel": TITLES})
    frame.to_csv(tmp_path / "rows.csv", index=False)
    assert [a.text for a in scan(tmp_path / "rows.csv")[0]] == list(BODIES)


def test_a_table_without_a_header_keeps_its_first_article(tmp_path: Path) -> None:
    with (tmp_path / "rows.csv").open("w", newline="") as out:
        csv.writer(out).writerows([i, DATES[i], BODIES[i]] for i in range(3))
    pd.DataFrame({"nr": range(3), "body": BODIES}).to_excel(tmp_path / "rows.xlsx", header=False, index=False)
    for name in ("rows.csv", "rows.xlsx"):
        articles, _, report = scan(tmp_path / name)
        assert [a.text for a in articles] == list(BODIES), name
        assert "column 3" in str(report) or "column 2" in str(report)
    articles, _, _ = scan(tmp_path / "rows.csv", columns={"published": "column 2"})
    assert [str(a.published)[:10] for a in articles] == list(DATES)


def test_columns_can_be_named_or_left_out(tmp_path: Path) -> None:
    pd.DataFrame(layouts.rows()).to_csv(tmp_path / "rows.csv", index=False)
    articles, _, _ = scan(tmp_path / "rows.csv", columns={"text": "headline", "outlet": None, "article_id": None})
    assert [a.text for a in articles] == list(TITLES)
    assert {a.outlet for a in articles} == {None}
    assert [a.article_id for a in articles] == ["rows#1", "rows#2", "rows#3"]


def test_nested_json_of_the_guardian_and_of_newsapi(tmp_path: Path) -> None:
    guardian = {"response": {"results": [{"id": "a", "webTitle": TITLES[0], "fields": {"bodyText": BODIES[0]}}]}}
    news = {"articles": [{"source": {"id": None, "name": "The Tarn Courier"}, "author": None, "content": BODIES[1]}]}
    (tmp_path / "a.json").write_text(json.dumps(guardian))
    (tmp_path / "b.json").write_text(json.dumps(news))
    articles, _, _ = scan(tmp_path)
    assert [a.text for a in articles] == list(BODIES[:2])
    assert articles[0].title == TITLES[0]
    assert articles[1].outlet == "The Tarn Courier"


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2024-03-04", "2024-03-04"),
        ("2024-03-04T10:30:00Z", "2024-03-04 10:30"),
        ("2024-03-04 10:30:00+02:00", "2024-03-04 10:30"),
        ("March 4, 2024 Monday 9:20 AM GMT", "2024-03-04 09:20"),
        ("Mon, 04 Mar 2024 10:00:00 +0000", "2024-03-04 10:00"),
        ("4 March 2024", "2024-03-04"),
        ("13/3/24", "2024-03-13"),
        ("3/13/99", "1999-03-13"),
        ("04.03.2024", "2024-03-04"),
        ("Montag, 4. März 2024", "2024-03-04"),
        ("March 2024", "2024-03-01"),
        ("20240304", "2024-03-04"),
        ("45355", "2024-03-04"),
        (1709548200, "2024-03-04 10:30"),
        (1709548200000.0, "2024-03-04 10:30"),
        ("2024", None),
        ("31/31/2024", None),
        ("n/a", None),
        ("yesterday", None),
        ("The Tarn Courier (London)", None),
        ("30 February 2024", None),
        (float("nan"), None),
        (True, None),
    ],
)
def test_dates(written: object, date: str | None) -> None:
    assert parse_date(written) == (None if date is None else pd.Timestamp(date))


def test_a_file_settles_which_number_is_the_month(tmp_path: Path) -> None:
    for name, last in (("day.csv", "25/12/2023"), ("month.csv", "12/25/2023"), ("open.csv", "")):
        frame = pd.DataFrame({"date": ["03/04/2024"] * 60 + [last], "text": [f"{i} {BODIES[0]}" for i in range(61)]})
        frame.to_csv(tmp_path / name, index=False)
    articles, _, report = scan(tmp_path)
    first = {a.article_id.partition("#")[0]: a.published for a in reversed(articles)}
    assert first == {
        "day": pd.Timestamp("2024-04-03"),
        "month": pd.Timestamp("2024-03-04"),
        "open": pd.Timestamp("2024-03-04"),
    }
    files = report.files.set_index(report.files["path"].str.rpartition("/")[2])
    assert files.loc["day.csv", "date_order"] == "day first, as in 25/12/2023"
    assert files.loc["open.csv", "dates_assumed"] == 60
    assert files.loc["open.csv", "dates_missing"] == 1
    assert "assumed" in str(report)


@given(
    dates=st.lists(st.datetimes(pd.Timestamp("1970-01-01"), pd.Timestamp("2060-01-01")), min_size=1), day=st.booleans()
)
def test_one_order_reads_all_dates_of_a_file_alike(dates: list[pd.Timestamp], day: bool) -> None:
    written = [d.strftime("%d/%m/%Y" if day else "%m/%d/%Y") for d in dates]
    reader = DateReader(lambda: written)
    read = [reader.read(value) for value in written]
    if reader.assumed == 0:
        assert [r and r.date() for r in read] == [d.date() for d in dates]
    else:
        assert all(d.day <= 12 for d in dates if d.day != d.month)


def test_excel_needs_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    FILES["rows.xlsx"][1](tmp_path / "rows.xlsx")
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(ArticleError, match=r"pip install 'newskit\[import\]'"):
        list(nk.scan_articles(tmp_path / "rows.xlsx"))


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
