"""One file: every article in it is read or refused, the first and the last too, and none is invented."""

from __future__ import annotations

import contextlib
import gzip
import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newskit.errors import ArticleError
from newskit.reading.file_reader import format_of, is_known
from tests.reading import layouts
from tests.reading.layouts import AUTHORS, BODIES, DATES, FILES, OUTLETS, PARAGRAPHS, TITLES
from tests.reading.scans import folded, scan

CUT_IN_AN_ARTICLE = {"Nexis TXT", "Nexis Uni TXT", "Nexis Uni RTF", "ProQuest TXT", "Factiva HTML"}
CUT_IN_AN_ARTICLE |= {"Factiva TXT", "Factiva RTF"}


PAGES = {"pages.warc.gz", "pages.zip"}


FEW = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


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


def test_media_cloud_has_headlines_only_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "mediacloud.csv"
    path.write_text(
        "id,indexed_date,language,media_name,media_url,publish_date,title,url\n"
        f"a1,2024-05-01,en,tarncourier.example,tarncourier.example,2024-04-30,{TITLES[0]},https://example.org/1\n"
        f"a2,2024-05-01,en,tarncourier.example,tarncourier.example,2024-04-30,{TITLES[1]},https://example.org/2\n"
    )
    articles, _, report = scan(path)
    assert [a.text for a in articles] == [a.title for a in articles] == list(TITLES[:2])
    assert articles[0].outlet == "tarncourier.example"
    assert str(articles[0].published)[:10] == "2024-04-30"
    assert "headlines are read as texts" in report.files["note"][0]


def test_a_plain_word_document_is_one_article(tmp_path: Path) -> None:
    (tmp_path / "note.docx").write_bytes(layouts.docx([TITLES[0], *PARAGRAPHS[0]]))
    (tmp_path / "note.rtf").write_text(layouts.rtf([TITLES[1], *PARAGRAPHS[1]]))
    articles, _, _ = scan(tmp_path)
    assert [a.title for a in articles] == list(TITLES[:2])


def test_the_format_of_a_name() -> None:
    names = {
        "a.TXT": "text",
        "a.htm": "HTML",
        "a.tab.bz2": "TSV",
        "a.ndjson": "JSON Lines",
        "a.zip": "ZIP",
        "a.zip.gz": None,
    }
    assert {name: format_of(name) for name in names} == names
    assert [is_known(name) for name in ("a.pdf", "a.doc.gz", "a.jpg", "csv")] == [True, True, False, False]


def test_a_doc_file_is_read_if_it_is_rtf(tmp_path: Path) -> None:
    (tmp_path / "rich.doc").write_text(layouts.rtf([TITLES[0], *PARAGRAPHS[0]]))
    (tmp_path / "word.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    articles, refused, report = scan(tmp_path)
    assert [a.title for a in articles] == [TITLES[0]]
    assert report.files["format"].tolist() == ["RTF", ""]
    assert refused[0].reason == f"{tmp_path}/word.doc is an old Word file: save it as DOCX or text"


@pytest.mark.parametrize(("n", "width"), [(40, 2000), (1500, 40)])
def test_what_stands_before_the_damage_is_read_and_the_damage_is_refused(n: int, width: int, tmp_path: Path) -> None:
    rng = random.Random(0)  # digits, so that the compressed file is long and the decompressor not far ahead
    texts = [" ".join(str(rng.random()) for _ in range(width)) for _ in range(n)]
    data = gzip.compress("\n".join(json.dumps({"id": i, "text": text}) for i, text in enumerate(texts)).encode())
    (tmp_path / "rows.jsonl.gz").write_bytes(data[: len(data) * 3 // 4])
    articles, refused, _ = scan(tmp_path / "rows.jsonl.gz")
    assert n / 2 < len(articles) < n
    assert [a.text for a in articles] == texts[: len(articles)]
    assert refused[-1].place == "the end"
    assert refused[-1].reason.endswith(f"after {len(articles)} articles")


def test_a_document_without_words_and_one_that_is_too_long(tmp_path: Path) -> None:
    (tmp_path / "empty.docx").write_bytes(layouts.docx(["", " "]))
    (tmp_path / "long.txt").write_text("word " * 200_001)
    _, refused, report = scan(tmp_path)
    assert "empty: it has no text" in refused[0].reason
    assert "1,000,005 characters, more than the 1,000,000" in refused[1].reason
    assert report.totals()["empty"] == 1
