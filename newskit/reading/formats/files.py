"""Files as they lie on a disk: packed or not, in whatever encoding, read piece by piece within bounds."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from newskit.errors import ArticleError

MAX_CHARACTERS: Final = 1_000_000
"""The longest text that is read as one article: what the spaCy models take, some 160,000 words."""
MAX_LINE: Final = 8_000_000
"""The longest line in bytes: a longer one is skipped without being kept, and refused."""
MAX_WHOLE: Final = 64_000_000
"""The largest file in bytes of a kind that cannot be read piece by piece (HTML, DOCX, RTF, JSON objects)."""
_BOMB_FROM, _BOMB_RATIO = 32_000_000, 100
DAMAGED: Final = (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, gzip.BadGzipFile)
_PACKED: Final[dict[str, Callable[..., IO[bytes]]]] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}  # type: ignore[dict-item]


@dataclass(frozen=True, slots=True)
class Input:
    """One file, or one file in an archive: `open()` starts it from its first byte, unpacked."""

    path: str
    """As it is told to people and kept in reports: `exports/2020.zip/may.csv`."""
    open: Callable[[], IO[bytes]]

    @property
    def suffix(self) -> str:
        """The ending that tells the format: `.csv` for `may.csv.gz`."""
        return inner_suffix(self.path)

    def whole(self, limit: int = MAX_WHOLE) -> bytes:
        """All its bytes; `ArticleError` if there are more than the limit."""
        with self.open() as stream:
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise ArticleError(f"{self.path} has more than {limit // 1_000_000} MB in one piece: split it")
        return data

    def head(self, size: int = 65_536) -> bytes:
        """Its first bytes."""
        with self.open() as stream:
            return stream.read(size)


def inner_suffix(name: str) -> str:
    """The ending of a file's name below that of its packing, in small letters.

    >>> inner_suffix("May.CSV.gz"), inner_suffix("a.txt"), inner_suffix("pages.warc.gz")
    ('.csv', '.txt', '.warc')
    """
    path = Path(name)
    if path.suffix.lower() in _PACKED:
        path = path.with_suffix("")
    return path.suffix.lower()


class _Unpacking(io.RawIOBase):
    """A stream of unpacked bytes that stops at what can only be a bomb: over 32 MB and over 100 times the packed."""

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
                f"{self._name} unpacks to more than {_BOMB_RATIO} times its size, as no text does: not read further. "
                "If it is right, unpack it yourself and read the file"
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


def plain_input(path: Path) -> Input:
    """A file of its own, unpacked if it ends in .gz, .bz2 or .xz."""
    unpack = _PACKED.get(path.suffix.lower())
    if unpack is None or inner_suffix(path.name) == ".warc":  # a WARC is packed record by record: its reader unpacks
        return Input(path.as_posix(), lambda: path.open("rb"))
    size = path.stat().st_size
    return Input(
        path.as_posix(), lambda: io.BufferedReader(_Unpacking(unpack(path, "rb"), size, path.as_posix()), 1 << 16)
    )


def zip_inputs(path: Path) -> Iterator[Input | tuple[str, str]]:
    """The files in a ZIP archive, by name, or (path, why not)."""
    with zipfile.ZipFile(path) as archive:
        for info in sorted(archive.infolist(), key=lambda info: info.filename):
            name = f"{path.as_posix()}/{info.filename}"
            if info.is_dir() or is_hidden(info.filename):
                continue
            if info.flag_bits & 1:
                yield name, f"{name} is locked with a password: unpack it yourself and read the files"
                continue
            if Path(info.filename).suffix.lower() in {".zip", *_PACKED}:
                yield name, f"{name} is packed inside an archive: unpack the outer one and read the folder"
                continue
            yield Input(name, lambda info=info: _member(path, info))  # type: ignore[misc]


def _member(path: Path, info: zipfile.ZipInfo) -> IO[bytes]:
    stream = zipfile.ZipFile(path).open(info)  # noqa: SIM115 - closed with the stream that is returned
    return io.BufferedReader(_Unpacking(stream, info.compress_size, f"{path.as_posix()}/{info.filename}"), 1 << 16)


def is_hidden(name: str) -> bool:
    """Whether a file is one that a system or an office program leaves behind: .DS_Store, ~$a.docx, __MACOSX/…"""
    parts = Path(name).parts
    return any(part.startswith((".", "~$", "__MACOSX")) for part in parts) or parts[-1:] == ("Thumbs.db",)


# --- lines of text -----------------------------------------------------------------------------------


def guess_encoding(head: bytes) -> str:
    """The encoding of the first bytes of a text: a byte-order mark or NULs tell, else UTF-8 where it fits.

    Of eight-bit encodings charset-normalizer chooses between Windows-1252 and Mac Roman; it is asked no more, since in
    English the few letters beyond ASCII tell too little.
    """
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if head.startswith(mark):
            return name
    sample = head[:4096]
    if sample.count(0) > 0.3 * len(sample) > 1:
        return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:
            return _eight_bit(head)
    return "utf-8"


def _eight_bit(head: bytes) -> str:
    from charset_normalizer import from_bytes

    # Curly quotation marks and dashes are 0xd0 to 0xd5 in Mac Roman; in Windows-1252 these are rare capitals.
    if not re.search(rb"[\xd0-\xd5]", head):
        return "cp1252"
    best = from_bytes(head, cp_isolation=["cp1252", "mac_roman"]).best()
    return best.encoding if best else "cp1252"


def lines_of(stream: IO[bytes], encoding: str, *, strict: bool = False) -> Iterator[str | None]:
    """The lines of a stream with their ends, None for one that is longer than `MAX_LINE`.

    In a file of UTF-8 a line that is none is taken for Windows-1252: merged files have such lines. With `strict` a
    line that does not fit the encoding raises `ArticleError`.
    """
    if encoding.startswith(("utf-16", "utf-32")):
        text = io.TextIOWrapper(stream, encoding, errors="strict" if strict else "replace", newline="\n")
        try:
            yield from _bounded(text.readline, "\n", "")
        finally:
            text.detach()
        return
    fallback = "cp1252" if encoding.startswith("utf-8") and not strict else encoding
    errors = "strict" if strict else "replace"
    first = True
    for raw in _bounded(stream.readline, b"\n", b""):
        if raw is None:
            yield None
            continue
        if first and raw.startswith(b"\xef\xbb\xbf") and encoding.startswith("utf-8"):
            raw = raw[3:]
        first = False
        try:
            yield raw.decode("utf-8" if fallback == "cp1252" and not strict else encoding)
        except UnicodeDecodeError as error:
            if strict:
                raise ArticleError(f"it is not {encoding} text ({error.reason}): name its encoding") from error
            yield raw.decode(fallback, errors)


def _bounded(readline: Callable[[int], Any], end: Any, nothing: Any) -> Iterator[Any]:
    while (line := readline(MAX_LINE)) != nothing:
        if len(line) >= MAX_LINE and not line.endswith(end):
            while (rest := readline(MAX_LINE)) != nothing and not rest.endswith(end):
                pass
            yield None
        else:
            yield line
