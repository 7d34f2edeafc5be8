"""Dictionaries of other tools as codebooks: quanteda (YAML) and LIWC (.dic)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from newskit.annotation.frames.codebook import Codebook, CodebookError, Frame
from newskit.annotation.frames.terms import check_term
from newskit.resources.files import line_of

_VERSION: Final = "0.0.0"


def read_dictionary(path: Path) -> Codebook:
    """Read a quanteda dictionary (.yml, .yaml) or a LIWC one (.dic) as a codebook of version 0.0.0.

    Keys become frames, keys under keys parts of them ("economy.taxes" is a part of "economy"). Terms find
    lemmas too, so they match a little more than in quanteda and LIWC, which compare forms. Raises `CodebookError`
    with file and line for what is no dictionary and for a term that newskit cannot read.
    """
    if not path.is_file():
        raise CodebookError(f"{path}: no such dictionary file")
    text = path.read_text(encoding="utf-8-sig")
    found = list(_liwc(path, text) if path.suffix == ".dic" else _quanteda(path, text))
    if not found:
        raise CodebookError(f"{path}:1: no dictionary keys in it")
    frames = []
    names: set[str] = set()
    for name, parent, terms in found:
        if name in names:
            raise CodebookError(
                f"{path}:{line_of(text, name.rpartition('.')[2], last=True)}: the key {name!r} is given twice; "
                "give the second another name"
            )
        names.add(name)
        for term in terms:
            problem = check_term(term)
            if problem:
                raise CodebookError(f"{path}:{line_of(text, term) if term else line_of(text, name)}: {name}: {problem}")
        label = name.rpartition(".")[2].replace("_", " ")
        frames.append(
            Frame(name, label, f"Terms of {name} in {path.name}.", tuple(dict.fromkeys(terms)), parent=parent)
        )
    return Codebook(path.stem, _VERSION, "en", f"Dictionary {path.name}", f"imported from {path.name}", tuple(frames))


def _quanteda(path: Path, text: str) -> Iterator[tuple[str, str | None, list[str]]]:
    import yaml

    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        raise CodebookError(f"{path}:{mark.line + 1 if mark else 1}: {problem}") from problem
    if not isinstance(data, Mapping):
        raise CodebookError(f"{path}:1: a dictionary has keys with lists of terms, such as 'economy: [tax, budget*]'")
    yield from _keys(path, text, data, None)


def _keys(
    path: Path, text: str, data: Mapping[object, object], parent: str | None
) -> Iterator[tuple[str, str | None, list[str]]]:
    for key, value in data.items():
        name = f"{parent}.{key}" if parent else str(key)
        line = line_of(text, str(key))
        # quanteda also writes a list with terms and keys mixed.
        parts = value if isinstance(value, list) else [value]
        terms = [str(part) for part in parts if isinstance(part, str | int | float) and not isinstance(part, bool)]
        nested = [part for part in parts if isinstance(part, Mapping)]
        if len(terms) + len(nested) < len(parts) or not parts:
            raise CodebookError(
                f"{path}:{line}: the key {name!r} needs terms or keys, found {value!r}; quote the terms"
            )
        yield name, parent, terms
        for part in nested:
            yield from _keys(path, text, part, name)


def _liwc(path: Path, text: str) -> Iterator[tuple[str, str | None, list[str]]]:
    lines = text.splitlines()
    bars = [number for number, line in enumerate(lines) if line.strip() == "%"]
    if len(bars) < 2:
        raise CodebookError(f"{path}:1: a LIWC dictionary begins with its categories between two lines of '%'")
    names: dict[str, str] = {}
    for number in range(bars[0] + 1, bars[1]):
        match = re.match(r"\s*(\d+)\s+(\S+)", lines[number])
        if match:
            names[match[1]] = match[2]
        elif lines[number].strip():
            raise CodebookError(f"{path}:{number + 1}: {lines[number]!r} is no category: a number and a name")
    terms: dict[str, list[str]] = {number: [] for number in names}
    for at in range(bars[1] + 1, len(lines)):
        fields = lines[at].rstrip().split("\t")
        categories = [field for field in fields[1:] if field]
        if not any(fields):
            continue
        unknown = [category for category in categories if category not in names]
        if unknown or not categories:
            what = f"the category {unknown[0]!r} is not in the head" if unknown else "no category after the word"
            raise CodebookError(f"{path}:{at + 1}: {what}; a line is a word and its categories, tabs between them")
        problem = check_term(fields[0])
        if problem:
            raise CodebookError(f"{path}:{at + 1}: {problem}")
        for category in categories:
            terms[category].append(fields[0])
    for category, name in names.items():
        yield name, None, terms[category]
