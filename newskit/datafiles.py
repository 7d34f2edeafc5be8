"""The TOML files that ship inside the package or come from a user: finding them, reading them, naming their lines."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any, Final

_PACKAGE: Final = Path(__file__).parent


def find_file(source: str | Path, *, folder: str, what: str, error: type[ValueError]) -> Path:
    """Path of a shipped file, by its name without extension, or of the user's own, by a path ending in .toml.

    Raises `error`, naming the shipped ones, if there is no such file; `what` is what it is called there.
    """
    path = Path(source)
    if path.suffix != ".toml":
        path = _PACKAGE / folder / f"{source}.toml"
        if not path.exists():
            shipped = ", ".join(sorted(p.stem for p in path.parent.glob("*.toml")))
            raise error(f"no {what} {str(source)!r}; shipped: {shipped}; or give the path of a .toml file")
    if not path.is_file():
        raise error(f"{path}: no such {what} file")
    return path


def read_toml(path: Path, *, error: type[ValueError]) -> tuple[str, dict[str, Any]]:
    """Text and data of a TOML file; raises `error`, naming the file, if it is none."""
    text = path.read_text(encoding="utf-8")
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise error(f"{path}: {problem}") from problem


def line_of(text: str, string: str, *, last: bool = False) -> int:
    """Line, from 1, of the first (or last) place of a string in a text; 1 if it is nowhere."""
    at = text.rfind(string) if last else text.find(string)
    return text.count("\n", 0, max(at, 0)) + 1 if string else 1


@functools.cache
def word_lists(name: str) -> dict[str, frozenset[str]]:
    """The word lists of a shipped lexicon, by name.

    >>> "m" in word_lists("titles"), "mr" in word_lists("titles")["male"]
    (False, True)
    """
    _, data = read_toml(_PACKAGE / "lexicons" / f"{name}.toml", error=ValueError)
    return {key: frozenset(words) for key, words in data.items()}


@functools.cache
def word_table(name: str) -> dict[str, tuple[str, ...]]:
    """The lines of a shipped lexicon in plain text: the first word of each, with the words after it.

    >>> word_table("nicknames")["bernie"]
    ('bernard',)
    """
    lines = (_PACKAGE / "lexicons" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return {words[0]: tuple(words[1:]) for words in map(str.split, lines)}
