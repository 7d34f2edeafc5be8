"""Codebooks: frames with terms and examples as versioned data, read, tried, imported and compared."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from newskit.resources.files import FileChecker, find_file, line_of, read_toml

if TYPE_CHECKING:
    import pandas as pd

Overlap = Literal["longest", "all"]
OVERLAPS: Final = ("longest", "all")
CONTEXT_WINDOW: Final = 15
_HEAD_KEYS: Final = frozenset({"name", "version", "language", "title", "source", "description", "overlap"})
_FRAME_KEYS: Final = frozenset(
    {"name", "label", "definition", "include", "exclude", "context", "window", "negation", "parent", "examples"}
)
_SCOPE_KEYS: Final = frozenset({"description", "include", "exclude", "context"})


class CodebookError(ValueError):
    """A mistake in a codebook; the message names the file, the line and the way out."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame of a codebook: what it means, the terms that point to it, and examples.

    A hit of an `include` term counts unless it lies inside a hit of an `exclude` term; if there are `context`
    terms, only with one of them at most `window` words away; with `negation` n, not if one of the n words
    before it negates. `matches` are sentences that must be coded with the frame, `misses` such that must not:
    `load_codebook` tries them. `parent` is the frame that this one is a part of.
    """

    name: str
    label: str
    definition: str
    include: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    matches: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    window: int = CONTEXT_WINDOW
    negation: int = 0
    parent: str | None = None


class Recodable(Protocol):
    """What `Codebook.diff` needs of a corpus."""

    @property
    def sentences(self) -> pd.DataFrame: ...  # noqa: D102
    @property
    def frames(self) -> pd.DataFrame: ...  # noqa: D102
    def recode(self, codebooks: Codebook) -> Recodable: ...  # noqa: D102


@dataclass(frozen=True)
class Codebook:
    """A codebook: named, versioned frames, and the passages they apply to.

    With `scope` terms, only passages with a scope term are coded, those that belong to the debate: a
    paragraph, the first of a section together with its heading. Without, every passage is. With `scope_context`
    terms, only articles are coded that have one of them anywhere. Of overlapping hits of one frame the
    longest counts, or with `overlap="all"` each.
    """

    name: str
    version: str
    language: str
    title: str
    source: str
    frames: tuple[Frame, ...]
    scope: tuple[str, ...] = ()
    scope_exclude: tuple[str, ...] = ()
    scope_context: tuple[str, ...] = ()
    overlap: Overlap = "longest"
    description: str = ""

    def __repr__(self) -> str:
        return f"Codebook({self.name!r} {self.version}, {len(self.frames)} frames)"

    def labels(self) -> dict[str, str]:
        """Label of each frame by name, in the order of the codebook."""
        return {frame.name: frame.label for frame in self.frames}

    def with_parents(self, frames: Iterable[str]) -> set[str]:
        """Names of frames and of all the frames they are a part of."""
        parents = {frame.name: frame.parent for frame in self.frames}
        found: set[str] = set()
        for name in frames:
            at: str | None = name
            while at is not None and at not in found:
                found.add(at)
                at = parents.get(at)
        return found

    def top_frames(self) -> dict[str, str]:
        """For each frame the topmost one that it is a part of: itself, if it has no parent."""
        parents = {frame.name: frame.parent for frame in self.frames}
        top = {}
        for name in parents:
            at = name
            while parents[at] is not None:
                at = str(parents[at])
            top[name] = at
        return top

    def diff(self, old: Codebook, corpus: Recodable) -> pd.DataFrame:
        """The codings of a corpus that differ between an old version of the codebook and this one.

        Both are applied to the texts of the corpus, which keeps its own codings. One row a coding, with
        `change` (added, dropped), `frame`, `article_id`, `sentence_id`, `start`, `end`, `text`, `sentence`, and
        the versions `old` and `new`. A hit that a longer or shorter term now makes is dropped and added.

        Raises `ValueError` if the two have one version but other frames: an edit needs a new version.
        """

        if old.version == self.version and old.frames != self.frames:
            raise ValueError(
                f"both codebooks are version {self.version} but differ; raise the version of the edited one, so that "
                "old codings keep theirs"
            )
        keys = ["article_id", "sentence_id", "start", "end", "text", "frame"]
        # One name for both, so that a corpus tells apart nothing but the versions.
        sides = [corpus.recode(replace(book, name=self.name)).frames[keys] for book in (old, self)]
        both = sides[0].merge(sides[1], on=keys, how="outer", indicator="change")
        both = both[both["change"] != "both"]
        changes = both["change"].astype("str").map({"left_only": "dropped", "right_only": "added"})
        table = both.assign(change=changes, old=old.version, new=self.version)
        texts = corpus.sentences[["article_id", "sentence_id", "text"]].rename(columns={"text": "sentence"})
        table = table.merge(texts, on=["article_id", "sentence_id"], how="left")
        order = ["change", "frame", *keys[:-1], "sentence", "old", "new"]
        result: pd.DataFrame = table[order].sort_values(["frame", "change", *keys[:3]], ignore_index=True)
        return result

    def save(self, path: str | Path) -> Path:
        """Write the codebook as a TOML file, which `load_codebook` reads; returns its path."""
        lines = ["[codebook]"]
        head = {key: getattr(self, key) for key in ("name", "version", "language", "title", "source", "description")}
        lines += [f"{key} = {_toml(value)}" for key, value in head.items() if value]
        if self.overlap != "longest":
            lines.append(f"overlap = {_toml(self.overlap)}")
        if self.scope:
            lines += ["", "[scope]", f"include = {_toml(self.scope)}", f"exclude = {_toml(self.scope_exclude)}"]
            lines.append(f"context = {_toml(self.scope_context)}")
        for frame in self.frames:
            lines += ["", "[[frame]]"]
            default = Frame("", "", "", ())
            for key in ("name", "label", "definition", "parent", "include", "exclude", "context", "window", "negation"):
                if getattr(frame, key) != getattr(default, key):
                    lines.append(f"{key} = {_toml(getattr(frame, key))}")
            if frame.matches or frame.misses:
                lines += ["", "[frame.examples]", f"match = {_toml(frame.matches)}", f"miss = {_toml(frame.misses)}"]
        target = Path(path)
        target.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return target


def _toml(value: object) -> str:
    """A string, number or list of strings in TOML; its basic strings are escaped as in JSON."""
    if isinstance(value, tuple):
        return "[" + "".join(f"\n  {_toml(one)}," for one in value) + ("\n" if value else "") + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


# --- reading ----------------------------------------------------------------------------------------------


def load_codebook(source: str | Path) -> Codebook:
    """Load a codebook, by the name of a shipped one or the path of a file, and try its examples.

    Shipped are "news_frames" (Semetko and Valkenburg 2000), "policy_frames" (Boydstun et al. 2014),
    "moral_foundations" (Graham et al. 2013) and "missile_debate". A TOML file has a table `[codebook]` (name,
    version, language, title, source; overlap), if wanted a `[scope]` (include, exclude, context), and one
    `[[frame]]` per frame (name, label, definition, include; exclude, context, window, negation, parent, examples.match,
    examples.miss). A frame of which others are parts needs no terms. Dictionaries of quanteda (.yml, .yaml) and
    LIWC (.dic) are read too: keys become frames, keys under keys parts of them, the version is 0.0.0.

    Raises `CodebookError` (a `ValueError`) with file and line: unknown or missing keys, a frame given
    twice, a version that is not MAJOR.MINOR.PATCH, a parent that is none, a term that cannot be read or would
    match nearly everything, an example that fails.
    """
    if Path(source).suffix in {".yml", ".yaml", ".dic"}:
        from newskit.annotation.frames.codebook_files import read_dictionary

        return read_dictionary(Path(source))
    path = find_file(source, folder="codebooks", what="codebook", error=CodebookError)
    return _load(path.resolve(), path.stat().st_mtime_ns)


@functools.lru_cache(maxsize=32)
def _load(path: Path, _changed: int) -> Codebook:
    text, data = read_toml(path, error=CodebookError)
    codebook = _Parser(path, text, CodebookError).codebook(data)
    _try_examples(codebook, path, text)
    return codebook


class _Parser(FileChecker):
    """Turns the TOML data into a Codebook, or says in which line it cannot."""

    def codebook(self, data: Mapping[str, Any]) -> Codebook:
        head, scope = data.get("codebook", {}), data.get("scope", {})
        self.known(data, frozenset({"codebook", "scope", "frame"}))
        self.known(head, _HEAD_KEYS)
        self.known(scope, _SCOPE_KEYS)
        self.complete(head, ("name", "version", "language", "title", "source"), "[codebook]", "[codebook]")
        self.version(head["version"])
        overlap = head.get("overlap", "longest")
        if overlap not in OVERLAPS:
            raise self.error(f"overlap {overlap!r} is none of {', '.join(OVERLAPS)}", "overlap")
        raw = data.get("frame", [])
        parents = {one.get("parent") for one in raw if isinstance(one, Mapping)}
        frames = tuple(self.frame(one, is_parent=one.get("name") in parents) for one in raw)
        if not frames:
            raise self.error("no [[frame]] in it")
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

    def frame(self, raw: Mapping[str, Any], *, is_parent: bool) -> Frame:
        name = str(raw.get("name", ""))
        here = f'name = "{name}"' if name else "[[frame]]"
        self.known(raw, _FRAME_KEYS)
        needed = ("name", "label", "definition") if is_parent else ("name", "label", "definition", "include")
        self.complete(raw, needed, f"frame {name!r}", here)
        examples = raw.get("examples", {})
        self.known(examples, frozenset({"match", "miss"}))
        for key, highest in (("window", 1000), ("negation", 20)):
            number = raw.get(key, 0)
            if not isinstance(number, int) or not 0 <= number <= highest:
                raise self.error(f"{name}: {key} is a number of words from 0 to {highest}, got {number!r}", key)
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
        """Every name once, every parent a frame, and nobody his own ancestor."""
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
                    raise self.error(f"parent {at!r} of {frame.name!r} is no frame; known: {', '.join(names)}", line)
                if at in seen:
                    raise self.error(f"frame {frame.name!r} is a part of itself by its parent {frame.parent!r}", line)
                seen.add(at)
                at = parents[at]


def _try_examples(codebook: Codebook, path: Path, text: str) -> None:
    """Code every example by the lexicon; one that fails is a mistake of the codebook."""
    from newskit.annotation.frames.lexicon import LexiconCoder, tagger

    examples = [(frame, e, True) for frame in codebook.frames for e in frame.matches]
    examples += [(frame, e, False) for frame in codebook.frames for e in frame.misses]
    if not examples:
        return
    coder = LexiconCoder(replace(codebook, scope=(), scope_exclude=(), scope_context=()))
    docs = tagger().pipe([example for _, example, _ in examples])
    for (frame, example, wanted), doc in zip(examples, docs, strict=True):
        hits = [hit for hit in coder(doc) if frame.name in codebook.with_parents([hit.frame])]
        if bool(hits) != wanted:
            what = f"is matched by {hits[0].term!r}" if hits else "is matched by no include term"
            raise CodebookError(
                f"{path}:{line_of(text, example[:40])}: frame {frame.name!r}: the example {example!r} {what}; "
                "mend the terms or the example"
            )
