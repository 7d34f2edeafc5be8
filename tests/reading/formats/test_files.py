"""Files and archives: what is in them, what is left out, and the bounds."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from itertools import chain
from pathlib import Path

import pytest

from newskit.errors import ArticleError
from newskit.reading.formats import files
from newskit.reading.formats.files import Input, is_hidden, plain_input, seekable, zip_inputs
from tests.reading import layouts
from tests.reading.layouts import BODIES
from tests.reading.scans import scan


@pytest.mark.parametrize(("suffix", "pack"), [(".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress)])
def test_compressed_files(suffix: str, pack: object, tmp_path: Path) -> None:
    (tmp_path / f"rows.csv{suffix}").write_bytes(pack(layouts.csv_text().encode()))  # type: ignore[operator]
    source = plain_input(tmp_path / f"rows.csv{suffix}")
    assert source.suffix == ".csv"
    assert source.head(9) == b"id,headli"
    assert source.whole() == layouts.csv_text().encode()
    assert [a.text for a in scan(tmp_path / f"rows.csv{suffix}")[0]] == list(BODIES)


def test_a_bomb_is_not_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_BOMB_FROM", 10_000)
    (tmp_path / "bomb.csv.gz").write_bytes(gzip.compress(bytes(1_000_000)))
    (tmp_path / "text.csv.gz").write_bytes(gzip.compress(b"The talks went on. " * 500))
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.csv", bytes(1_000_000))
    for source in chain([plain_input(tmp_path / "bomb.csv.gz")], zip_inputs(tmp_path / "bomb.zip")):
        assert isinstance(source, Input)
        with pytest.raises(ArticleError, match="more than 100 times its size"):
            source.whole()
    assert len(plain_input(tmp_path / "text.csv.gz").whole()) == 9500


def test_what_is_too_large_for_one_piece(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(bytes(1_000_001))
    assert len(plain_input(tmp_path / "a.html").whole(1_000_001)) == 1_000_001
    with pytest.raises(ArticleError, match=r"a\.html has more than 1 MB"):
        plain_input(tmp_path / "a.html").whole(1_000_000)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *(
            (".DS_Store", True),
            ("~$a.docx", True),
            ("__MACOSX/a.csv", True),
            ("x/Thumbs.db", True),
            (".git/a.txt", True),
        ),
        *(("a.csv", False), ("x/a.b.csv", False), ("Thumbs.db.csv", False), ("a~$.csv", False)),
    ],
)
def test_hidden_files(name: str, expected: bool) -> None:
    assert is_hidden(name) is expected


def test_an_archive_with_archives_folders_and_hidden_files(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.mkdir("b")
        for name in ("z.txt", "b/a.txt", "b/inner.zip", "b/c.csv.gz", "photo.jpg", "__MACOSX/a.txt", "b/.hidden.txt"):
            archive.writestr(name, BODIES[0] if name.startswith("z") else BODIES[1])
    articles, refused, report = scan(tmp_path / "all.zip")
    assert [a.article_id for a in articles] == ["b/a.txt", "z.txt"]
    assert [r.path.rpartition("all.zip/")[2] for r in refused] == ["b/c.csv.gz", "b/inner.zip"]
    assert all("archive in an archive" in r.reason for r in refused)
    notes = dict(zip(report.files["path"], report.files["note"], strict=True))
    assert notes[f"{tmp_path}/all.zip/photo.jpg"].startswith("skipped")
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    with pytest.raises(ArticleError, match="is an empty archive"):
        scan(tmp_path / "empty.zip")


def test_an_archive_with_a_password(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "locked.zip", "w") as archive:
        archive.writestr("a.txt", BODIES[0])
        archive.writestr("b.txt", BODIES[1])
    data = bytearray((tmp_path / "locked.zip").read_bytes())
    at = data.rindex(b"PK\x01\x02")  # the entry of b.txt in the directory: bit 0 of its flags says that it is encrypted
    data[at + 8] |= 1
    (tmp_path / "locked.zip").write_bytes(data)
    articles, refused, _ = scan(tmp_path / "locked.zip")
    assert [a.text for a in articles] == [BODIES[0]]
    assert ["protected by a password" in r.reason for r in refused] == [True]


def test_a_stream_to_go_back_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    with (tmp_path / "a").open("rb") as plain:
        assert seekable(plain) is plain
    assert seekable(gzip.GzipFile(fileobj=io.BytesIO(gzip.compress(b"12345")))).read() == b"12345"  # type: ignore[arg-type]
    monkeypatch.setattr(files, "MAX_WHOLE", 4)
    with pytest.raises(ArticleError, match="unpack it first"):
        seekable(io.BytesIO(b"12345"))
