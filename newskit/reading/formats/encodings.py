"""From bytes to text: the encoding of a file, the text of a whole one, and its lines within bounds."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable, Iterator
from typing import IO, Any, Final

from newskit.errors import ArticleError

MAX_LINE: Final = 8_000_000
"""The longest line in bytes; a longer one is skipped without being kept in memory, and refused."""
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_MIXED: Final = ("utf-8", "utf-8-sig", "cp1252")
"""Guesses that are checked line by line, since merged files have lines in UTF-8 and lines in Windows-1252."""

_MAC_MARKS: Final = re.compile(rb"\s[\xd0\xd1]\s|[a-z\d.,;:!?][\xd3\xd5](?![A-Za-z\x80-\xff])|[a-z][\xd0\xd1\xd5][a-z]")
"""Dashes, closing quotation marks and apostrophes in Mac Roman. In Windows-1252 the same bytes are capitals, which
hardly ever stand there; these are its marks:"""
_WINDOWS_MARKS: Final = re.compile(rb"\s[\x96\x97]\s|[a-z\d.,;:!?][\x92\x94](?![A-Za-z\x80-\xff])|[a-z][\x92\x97][a-z]")


def guess_encoding(head: bytes) -> str:
    """The encoding of a text, from its first bytes: by byte-order mark or NULs, else UTF-8 where it fits.

    Among eight-bit encodings only Windows-1252 and Mac Roman are told apart, by their curly quotation marks and dashes:
    in English, the few letters beyond ASCII are not enough evidence for a wider choice.

    >>> guess_encoding("Zoë left.".encode("utf-16")), guess_encoding("Zoë left.".encode("cp1252"))
    ('utf-16', 'cp1252')
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    sample = head[:4096]
    low, high = sorted((sample[::2].count(0), sample[1::2].count(0)))
    if low + high > 0.3 * len(sample) > 1 and 2 * low < high:  # NULs everywhere are damage
        return "utf-16-le" if sample[1::2].count(0) == high else "utf-16-be"
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:  # not just a character cut off at the end of the head
            return _eight_bit(head)
    return "utf-8"


def _eight_bit(head: bytes) -> str:
    mac, windows = len(_MAC_MARKS.findall(head)), len(_WINDOWS_MARKS.findall(head))
    return "mac_roman" if mac > windows else "cp1252"


def chosen_encoding(head: bytes, named: str | None) -> str:
    """The encoding that the user named, else the one guessed; `ArticleError` if Python does not know it."""
    try:
        " ".encode(named or "utf-8")
    except LookupError as error:
        raise ArticleError(f"{error}. Pass a Python codec such as encoding='utf-8'.") from error
    return named or guess_encoding(head)


_DECLARED = re.compile(rb"(?i)<(?:meta\b[^>]*?charset|\?xml\b[^>]*?encoding)\s*=\s*[\"']?\s*([\w.:-]+)")
_AS_BROWSERS_READ: Final = {
    **dict.fromkeys(("iso8859-1", "ascii"), "cp1252"),
    **{"iso8859-9": "cp1254", "tis-620": "cp874", "iso8859-11": "cp874", "shift_jis": "cp932", "euc_kr": "cp949"},
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
}
"""Encodings that pages declare, and the wider ones that browsers read them in (WHATWG Encoding Standard)."""


def page_encoding(head: bytes, named: str | None = None) -> str | None:
    """The encoding of a page: the one named, else the one it declares; None where UTF-8 fits or nothing is declared.

    >>> page_encoding("<meta charset='iso-8859-2'><p>Wałęsa spoke.".encode("iso-8859-2"))
    'iso8859-2'
    """
    declared = None if named else _DECLARED.search(head[:8192])
    if named or declared is None or guess_encoding(head) not in ("cp1252", "mac_roman"):
        return named
    name = {"x-sjis": "cp932", "ks_c_5601-1987": "cp949"}.get(declared[1].decode("ascii", "replace").lower())
    try:
        codec = codecs.lookup(name or declared[1].decode("ascii", "replace")).name
        chosen = _AS_BROWSERS_READ.get(codec, codec)
        head[:-8].decode(chosen)
    except (LookupError, UnicodeDecodeError):
        return None
    return (
        None if codec.startswith("utf") else chosen
    )  # of two bytes a letter it is not, as its declaration can be read


def decoded(data: bytes, encoding: str | None = None) -> str:
    """The text of a whole file, without its byte-order mark; in the encoding named, else in the one guessed.

    Raises `ArticleError` for an unknown encoding and for bytes that do not fit.

    >>> decoded("“Talks resume”".encode("utf-16-le"))
    '“Talks resume”'
    """
    chosen = chosen_encoding(data, encoding)
    try:
        text = _mixed(data) if encoding is None and chosen in _MIXED else data.decode(chosen)
    except UnicodeDecodeError as error:
        tried = encoding or ("UTF-8 or Windows-1252" if chosen in _MIXED else chosen)
        raise _wrong_encoding(tried, error) from error
    return text.removeprefix("\ufeff")


def _mixed(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return "".join(map(_utf8_or_cp1252, io.BytesIO(data)))


def with_line_feeds(stream: IO[bytes]) -> IO[bytes]:
    """A stream whose lines end in a lone carriage return, as on old Macs, with line feeds instead."""
    return io.BufferedReader(_Returns(stream))


def lines_of(stream: IO[bytes], encoding: str, *, strict: bool = False) -> Iterator[str | None]:
    """The lines of a stream with their ends; None for a line longer than `MAX_LINE`.

    Where UTF-8 or Windows-1252 was guessed, each line is read in whichever of the two fits. With `strict` (the user
    named the encoding) a line that does not fit raises `ArticleError`; without, what does not fit becomes U+FFFD.
    """
    try:
        if encoding.startswith(("utf-16", "utf-32")):
            yield from _wide_lines(stream, encoding, strict=strict)
        else:
            yield from _narrow_lines(stream, encoding, strict=strict)
    except UnicodeDecodeError as error:
        raise _wrong_encoding(encoding, error) from error


class _Returns(io.RawIOBase):
    """What `with_line_feeds` reads."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data.replace(b"\r", b"\n")
        return len(data)


def _wide_lines(stream: IO[bytes], encoding: str, *, strict: bool) -> Iterator[str | None]:
    text = io.TextIOWrapper(stream, encoding, errors="strict" if strict else "replace", newline="\n")
    try:
        yield from _bounded(text.readline, "\n", "")
    finally:
        text.detach()


def _narrow_lines(stream: IO[bytes], encoding: str, *, strict: bool) -> Iterator[str | None]:
    mark = b"\xef\xbb\xbf" if encoding.startswith("utf-8") else b""
    for raw in _bounded(stream.readline, b"\n", b""):
        if raw is None:
            yield None
        elif strict:
            yield raw.removeprefix(mark).decode(encoding)
        elif encoding in _MIXED:
            yield _utf8_or_cp1252(raw.removeprefix(mark), errors="replace")
        else:
            yield raw.decode(encoding, "replace")
        mark = b""


def _utf8_or_cp1252(line: bytes, errors: str = "strict") -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", errors)


def _bounded(readline: Callable[[int], Any], end: Any, nothing: Any) -> Iterator[Any]:
    """Lines up to `nothing`; None for one that is longer than `MAX_LINE`, which is skipped in pieces."""
    while (line := readline(MAX_LINE)) != nothing:
        if len(line) >= MAX_LINE and not line.endswith(end):
            while (rest := readline(MAX_LINE)) != nothing and not rest.endswith(end):
                pass
            yield None
        else:
            yield line


def _wrong_encoding(tried: str, error: UnicodeDecodeError) -> ArticleError:
    return ArticleError(f"it is not {tried} text ({error.reason}); if it is text, name its encoding: encoding='…'.")
