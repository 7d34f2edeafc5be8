"""Files as they are on disk, compressed or not, read piece by piece within bounds."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from newskit.errors import ArticleError

MAX_CHARACTERS: Final = 1_000_000
"""The longest text that is read as one article: what the spaCy models accept, some 160,000 words."""
MAX_WHOLE: Final = 64_000_000
"""The largest file, in bytes, of a kind that cannot be read piece by piece (HTML, DOCX, RTF, JSON objects)."""
_BOMB_FROM, _BOMB_RATIO = 32_000_000, 100
DAMAGED: Final = (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, gzip.BadGzipFile)
_COMPRESSED: Final[dict[str, Callable[..., IO[bytes]]]] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}  # type: ignore[dict-item]


@dataclass(frozen=True, slots=True)
class Input:
    """A file, or a file in an archive; `open()` starts at its first byte, decompressed."""

    path: str
    """As messages and reports show it: `exports/2020.zip/may.csv`."""
    open: Callable[[], IO[bytes]]

    @property
    def suffix(self) -> str:
        """The extension that shows the format: `.csv` for `may.csv.gz`."""
        return inner_suffix(self.path)

    def whole(self, limit: int = MAX_WHOLE) -> bytes:
        """All its bytes; `ArticleError` if there are more than `limit`."""
        with self.open() as stream:
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise ArticleError(
                f"{self.path} has more than {limit // 1_000_000} MB and must be read in one piece: split it"
            )
        return data

    def head(self, size: int = 65_536) -> bytes:
        """Its first bytes."""
        with self.open() as stream:
            return stream.read(size)


def inner_suffix(name: str) -> str:
    """The extension of a file's name, in lower case, without that of its compression.

    >>> inner_suffix("May.CSV.gz"), inner_suffix("a.txt"), inner_suffix("pages.warc.gz")
    ('.csv', '.txt', '.warc')
    """
    path = Path(name)
    if path.suffix.lower() in _COMPRESSED:
        path = path.with_suffix("")
    return path.suffix.lower()


class _Unpacking(io.RawIOBase):
    """A decompressed stream that ends at what can only be a bomb: over 32 MB, and 100 times its compressed size."""

    def __init__(self, stream: IO[bytes], packed: int, name: str) -> None:
        self._stream, self._limit, self._name = stream, max(_BOMB_FROM, packed * _BOMB_RATIO), name
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        self._read += len(data)
        if self._read > self._limit:
            raise ArticleError(
                f"{self._name} unpacks to more than {_BOMB_RATIO} times its size, which no text does, and was not read "
                "further. If that is right, unpack it yourself and read the file"
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


def plain_input(path: Path) -> Input:
    """A file on disk, decompressed if it ends in .gz, .bz2 or .xz."""
    unpack = _COMPRESSED.get(path.suffix.lower())
    if unpack is None or inner_suffix(path.name) == ".warc":  # a WARC is compressed record by record, for its reader
        return Input(path.as_posix(), lambda: path.open("rb"))
    size = path.stat().st_size
    return Input(
        path.as_posix(), lambda: io.BufferedReader(_Unpacking(unpack(path, "rb"), size, path.as_posix()), 1 << 16)
    )


def zip_inputs(path: Path) -> Iterator[Input | tuple[str, str]]:
    """The files in a ZIP archive, by name; (path, reason) for one that cannot be read.

    Each can be opened until the next one is asked for: the archive is opened once.
    """
    with zipfile.ZipFile(path) as archive:
        for info in sorted(archive.infolist(), key=lambda info: info.filename):
            name = f"{path.as_posix()}/{info.filename}"
            if info.is_dir() or is_hidden(info.filename):
                continue
            if info.flag_bits & 1:
                yield name, f"{name} is protected by a password: unpack the archive yourself and read the folder"
                continue
            if Path(info.filename).suffix.lower() in {".zip", *_COMPRESSED}:
                yield name, f"{name} is an archive in an archive: unpack the outer one and read the folder"
                continue
            yield Input(name, lambda info=info, name=name: _member(archive, info, name))  # type: ignore[misc]


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> IO[bytes]:
    return io.BufferedReader(_Unpacking(archive.open(info), info.compress_size, name), 1 << 16)


def check_unpacked(archive: zipfile.ZipFile, limit: int) -> None:
    """Raise `ArticleError` if the parts of an Office file unpack to more than any table or text does."""
    size = sum(info.file_size for info in archive.infolist())
    if size > limit:
        raise ArticleError(f"it unpacks to {size // 1_000_000:,} MB: save it as CSV")
    for info in archive.infolist():
        if info.file_size > max(_BOMB_FROM, _BOMB_RATIO * info.compress_size):
            raise ArticleError(
                f"its part {info.filename} unpacks to more than {_BOMB_RATIO} times its size, which no table does: "
                "save it as CSV"
            )


def is_hidden(name: str) -> bool:
    """Whether a file is left behind by a system or an office program: .DS_Store, ~$a.docx, __MACOSX/…"""
    parts = Path(name).parts
    return any(part.startswith((".", "~$", "__MACOSX")) for part in parts) or parts[-1:] == ("Thumbs.db",)


def seekable(stream: IO[bytes]) -> IO[bytes]:
    """The stream itself if it is a plain file, else its bytes in memory."""
    if isinstance(stream, io.BufferedReader) and isinstance(stream.raw, io.FileIO):
        return stream
    data = stream.read(MAX_WHOLE + 1)
    if len(data) > MAX_WHOLE:
        raise ArticleError(f"it has more than {MAX_WHOLE // 1_000_000} MB: unpack it first, then read the file")
    return io.BytesIO(data)
