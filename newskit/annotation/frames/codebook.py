"""A codebook as data: its frames, their terms, its scope."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from newskit.schema import AnyCorpus

if TYPE_CHECKING:
    import pandas as pd


Overlap = Literal["longest", "all"]
OVERLAPS: Final = ("longest", "all")
CONTEXT_WINDOW: Final = 15


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

    def diff(self, old: Codebook, corpus: AnyCorpus) -> pd.DataFrame:
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
        scope = {"include": self.scope, "exclude": self.scope_exclude, "context": self.scope_context}
        if any(scope.values()):
            lines += ["", "[scope]", *(f"{key} = {_toml(terms)}" for key, terms in scope.items() if terms)]
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


def codebook_from(data: Mapping[str, Any]) -> Codebook:
    """The codebook whose `dataclasses.asdict` went through JSON, which turns tuples into lists."""
    frames = [Frame(**{key: _tuple(value) for key, value in frame.items()}) for frame in data["frames"]]
    rest: dict[str, Any] = {key: _tuple(value) for key, value in data.items() if key != "frames"}
    return Codebook(**rest, frames=tuple(frames))


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _toml(value: object) -> str:
    """A string, number or list of strings in TOML; its basic strings are escaped as in JSON."""
    if isinstance(value, tuple):
        return "[" + "".join(f"\n  {_toml(one)}," for one in value) + ("\n" if value else "") + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
