"""Texts from outside (names of files and columns, reasons) as people may see them: nothing that a terminal obeys."""

from __future__ import annotations

import re
from typing import Final

_OBEYED: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, marks that turn the direction of writing, and what stands for bytes that are no UTF-8."""
_BYTES: Final = 0xDC00
"""Python reads the byte 0xE9 of a file name that is no UTF-8 as this plus 0xE9."""


def shown(text: str) -> str:
    r"""A text with escapes for characters that a terminal obeys or that UTF-8 lacks; tabs and line feeds stay.

    >>> shown("a\x1b[2Jb"), shown("caf\udce9.txt"), shown("Kyiv – Київ")
    ('a\\x1b[2Jb', 'caf\\xe9.txt', 'Kyiv – Київ')
    """
    return _OBEYED.sub(_escape, text)


def storable(text: str) -> str:
    r"""A text with escapes for halves of characters, which no table or file can store.

    >>> storable("a\ud800")
    'a\\ud800'
    """
    return text.encode("utf-8", "backslashreplace").decode()


def shown_name(name: str) -> str:
    r"""The name of a file or column, or another text of one line: as `shown`, without tabs and line feeds.

    >>> shown_name("a\nb")
    'a\\nb'
    """
    return shown(name).replace("\n", "\\n").replace("\t", "\\t")


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    code -= _BYTES if _BYTES + 0x80 <= code <= _BYTES + 0xFF else 0
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
