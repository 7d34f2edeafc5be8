"""Reading codebooks: the TOML files of newskit, and dictionaries of other programs."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from newskit.annotation.frames.codebook import CONTEXT_WINDOW, OVERLAPS, Codebook, Frame
from newskit.annotation.frames.lexicon import LexiconCoder
from newskit.annotation.frames.terms import TermsChecker, check_term
from newskit.errors import CodebookError
from newskit.resources.files import find_file, line_of, read_toml

_VERSION: Final = "0.0.0"
_CODEBOOK_KEYS: Final = frozenset({"name", "version", "language", "title", "source", "description", "overlap"})
_FRAME_KEYS: Final = frozenset(
    {"name", "label", "definition", "include", "exclude", "context", "window", "negation", "parent", "examples"}
)
_SCOPE_KEYS: Final = frozenset({"description", "include", "exclude", "context"})


def read_dictionary(path: Path) -> Codebook:
    """Read a dictionary of quanteda (.yml, .yaml) or LIWC (.dic) as a codebook of version 0.0.0.

    Keys become frames, keys below them their parts ("economy.taxes" is a part of "economy"). Terms match lemmas as
    well, so they match a little more than in quanteda and LIWC, which compare forms. Raises `CodebookError` with file
    and line for a file that is not a dictionary and for a term that newskit cannot read.
    """
    if not path.is_file():
        raise CodebookError(f"{path}: no such dictionary file")
    text = path.read_text(encoding="utf-8-sig")
    found = list(_liwc(path, text) if path.suffix == ".dic" else _quanteda(path, text))
    if not found:
        raise CodebookError(f"{path}:1: it has no dictionary keys")
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
    yield from _dictionary_keys(path, text, data, None)


def _dictionary_keys(
    path: Path, text: str, data: Mapping[object, object], parent: str | None
) -> Iterator[tuple[str, str | None, list[str]]]:
    for key, value in data.items():
        name = f"{parent}.{key}" if parent else str(key)
        line = line_of(text, str(key))
        # quanteda also writes lists in which terms and keys are mixed.
        parts = value if isinstance(value, list) else [value]
        terms = [str(part) for part in parts if isinstance(part, str | int | float) and not isinstance(part, bool)]
        nested = [part for part in parts if isinstance(part, Mapping)]
        if len(terms) + len(nested) < len(parts) or not parts:
            raise CodebookError(
                f"{path}:{line}: the key {name!r} needs terms or keys, found {value!r}; quote the terms"
            )
        yield name, parent, terms
        for part in nested:
            yield from _dictionary_keys(path, text, part, name)


def _liwc(path: Path, text: str) -> Iterator[tuple[str, str | None, list[str]]]:
    lines = text.splitlines()
    bars = [number for number, line in enumerate(lines) if line.strip() == "%"]
    if len(bars) < 2:
        raise CodebookError(f"{path}:1: a LIWC dictionary begins with its categories between two lines with '%'")
    names: dict[str, str] = {}
    for number in range(bars[0] + 1, bars[1]):
        match = re.match(r"\s*(\d+)\s+(\S+)", lines[number])
        if match:
            names[match[1]] = match[2]
        elif lines[number].strip():
            raise CodebookError(f"{path}:{number + 1}: {lines[number]!r} is not a category: a number and a name")
    terms: dict[str, list[str]] = {number: [] for number in names}
    for at in range(bars[1] + 1, len(lines)):
        fields = lines[at].rstrip().split("\t")
        categories = [field for field in fields[1:] if field]
        if not any(fields):
            continue
        unknown = [category for category in categories if category not in names]
        if unknown or not categories:
            what = f"the category {unknown[0]!r} is not in the head" if unknown else "no category after the word"
            raise CodebookError(f"{path}:{at + 1}: {what}; a line is a word and its categories, separated by tabs")
        problem = check_term(fields[0])
        if problem:
            raise CodebookError(f"{path}:{at + 1}: {problem}")
        for category in categories:
            terms[category].append(fields[0])
    for category, name in names.items():
        yield name, None, terms[category]


def load_codebook(source: str | Path) -> Codebook:
    """Load a codebook, and try its examples.

    Parameters
    ----------
    source : str or Path
        The name of a codebook that ships with newskit ("news_frames", "policy_frames", "moral_foundations" or
        "missile_debate"), or the path of a TOML file or of a dictionary of quanteda (.yml, .yaml) or LIWC (.dic).

    Returns
    -------
    Codebook
        The codebook.

    Raises
    ------
    newskit.errors.CodebookError
        A `ValueError` that names file and line: for unknown or missing keys, a frame given twice, a version that is
        not MAJOR.MINOR.PATCH, a parent that is not a frame, a term that cannot be read or would match nearly
        everything, and an example that fails.

    Notes
    -----
    A TOML file has a table `[codebook]` (name, version, language, title, source; optionally description and overlap),
    optionally a table `[scope]` (include, exclude, context), and a `[[frame]]` for each frame (name, label, definition,
    include; optionally exclude, context, window, negation, parent, examples.match and examples.miss). See `Codebook`
    for what they mean. A frame that others are parts of needs no terms. If no frame has `include`, the codebook is to
    be read by its definitions: `code_frames(…, method="definition")`, `annotate(…, frames="definition")`.

    Terms are compared with the lemmas and the forms of words: "a|b" is either word, "escalat*" leaves the end open,
    "strike/NOUN" is the noun only, "send <3> missile" lets up to three words stand between.

    In a dictionary, keys become frames and keys below them their parts; the version is 0.0.0.

    The shipped codebooks follow Semetko and Valkenburg (2000), Boydstun et al. (2014) and Graham et al. (2013);
    "missile_debate" is newskit's own.

    Examples
    --------
    >>> load_codebook("moral_foundations").version
    '1.0.0'
    """
    if Path(source).suffix in {".yml", ".yaml", ".dic"}:
        return read_dictionary(Path(source))
    path = find_file(source, folder="codebooks", what="codebook", error=CodebookError)
    return _load_codebook(path.resolve(), path.stat().st_mtime_ns)


@functools.lru_cache(maxsize=32)
def _load_codebook(path: Path, _changed: int) -> Codebook:
    text, data = read_toml(path, error=CodebookError)
    parser = _CodebookParser(path, text, CodebookError)
    codebook = parser.codebook(data)
    coder = LexiconCoder(replace(codebook, scope=(), scope_exclude=(), scope_context=()))
    parser.try_examples(
        [(frame.name, example) for frame in codebook.frames for example in frame.matches if codebook.has_terms],
        [(frame.name, example) for frame in codebook.frames for example in frame.misses],
        lambda name, doc: [hit.term for hit in coder(doc) if name in codebook.with_parents([hit.frame])],
        what="frame",
        unmatched="is matched by no include term",
    )
    return codebook


class _CodebookParser(TermsChecker):
    """Turns TOML data into a Codebook, or says in which line the mistake is."""

    def codebook(self, data: Mapping[str, Any]) -> Codebook:
        head, scope = data.get("codebook", {}), data.get("scope", {})
        self.known(data, frozenset({"codebook", "scope", "frame"}))
        self.known(head, _CODEBOOK_KEYS)
        self.known(scope, _SCOPE_KEYS)
        self.complete(head, ("name", "version", "language", "title", "source"), "[codebook]", "[codebook]")
        self.version(head["version"])
        overlap = head.get("overlap", "longest")
        if overlap not in OVERLAPS:
            raise self.error(f"overlap {overlap!r} is not one of {', '.join(OVERLAPS)}", "overlap")
        raw = data.get("frame", [])
        if not isinstance(raw, list) or not all(isinstance(one, Mapping) for one in raw):
            raise self.error("a frame begins with [[frame]], in two pairs of brackets", "frame")
        parents = {str(one["parent"]) for one in raw if "parent" in one}
        no_terms = not any("include" in one for one in raw)
        frames = tuple(self.frame(one, needs_terms=not no_terms and str(one.get("name")) not in parents) for one in raw)
        if not frames:
            raise self.error("it has no [[frame]]")
        self.family(frames)
        return Codebook(
            name=head["name"],
            version=head["version"],
            language=head["language"],
            title=head["title"],
            source=head["source"],
            frames=frames,
            scope=self.terms(scope.get("include", ()), "[scope]"),
            scope_exclude=self.terms(scope.get("exclude", ()), "[scope]"),
            scope_context=self.terms(scope.get("context", ()), "[scope]"),
            overlap=overlap,
            description=head.get("description", ""),
        )

    def frame(self, raw: Mapping[str, Any], *, needs_terms: bool) -> Frame:
        name = str(raw.get("name", ""))
        here = f'name = "{name}"' if name else "[[frame]]"
        self.known(raw, _FRAME_KEYS)
        needed = ("name", "label", "definition", *(["include"] if needs_terms else []))
        self.complete(raw, needed, f"frame {name!r}", here)
        examples = raw.get("examples", {})
        self.known(examples, frozenset({"match", "miss"}))
        for key, highest in (("window", 1000), ("negation", 20)):
            number = raw.get(key, 0)
            if not isinstance(number, int) or not 0 <= number <= highest:
                raise self.error(f"{name}: {key} must be a number of words from 0 to {highest}, got {number!r}", key)
        return Frame(
            name=name,
            label=raw["label"],
            definition=raw["definition"],
            include=self.terms(raw.get("include", ()), name),
            exclude=self.terms(raw.get("exclude", ()), name),
            matches=self.strings(examples.get("match", ()), name),
            misses=self.strings(examples.get("miss", ()), name),
            context=self.terms(raw.get("context", ()), name),
            window=raw.get("window", CONTEXT_WINDOW),
            negation=raw.get("negation", 0),
            parent=raw.get("parent"),
        )

    def family(self, frames: Sequence[Frame]) -> None:
        """Refuse a name given twice, a parent that is not a frame, and a frame that is its own ancestor."""
        names = [frame.name for frame in frames]
        for name in names:
            if names.count(name) > 1:
                raise self.error(
                    f"frame {name!r} is given twice; give the second another name", f'name = "{name}"', last=True
                )
        parents = {frame.name: frame.parent for frame in frames}
        for frame in frames:
            line = f'parent = "{frame.parent}"'
            seen, at = {frame.name}, frame.parent
            while at is not None:
                if at not in parents:
                    raise self.error(f"parent {at!r} of {frame.name!r} is not a frame; known: {', '.join(names)}", line)
                if at in seen:
                    raise self.error(f"frame {frame.name!r} is a part of itself by its parent {frame.parent!r}", line)
                seen.add(at)
                at = parents[at]
