"""Codebooks for tests: as a file, and as data."""

from __future__ import annotations

from newskit.annotation.frames.codebook import Codebook, Frame

HEAD = '[codebook]\nname = "mine"\nversion = "1.0.0"\nlanguage = "en"\ntitle = "Mine"\nsource = "me"\n\n'


FRAME = '[[frame]]\nname = "{name}"\nlabel = "A frame"\ndefinition = "It is one."\ninclude = [{include}]\n{more}\n'


def frame(name: str = "a", include: str = '"escalat*"', more: str = "") -> str:
    return FRAME.format(name=name, include=include, more=more)


def book(*terms: str, exclude: tuple[str, ...] = (), scope: tuple[str, ...] = ()) -> Codebook:
    one = Frame("a", "A", "a frame", include=terms, exclude=exclude)
    return Codebook("test", "1.0.0", "en", "Test", "tests", (one,), scope=scope)
