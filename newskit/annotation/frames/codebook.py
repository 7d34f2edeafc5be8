"""A codebook as data: its frames, their terms, its scope."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from newskit.resources.files import whole_file
from newskit.schema import RESULTS, AnyCorpus, returns_columns

if TYPE_CHECKING:
    import pandas as pd


Overlap = Literal["longest", "all"]
OVERLAPS: Final = ("longest", "all")
CONTEXT_WINDOW: Final = 15


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame of a codebook: what it means, the terms that point to it, and examples.

    Attributes
    ----------
    name, label : str
        The name under which it is coded, and one for people to read.
    definition : str
        What it means, in a sentence or more.
    include, exclude : tuple of str
        The terms that point to it; a hit inside a hit of an `exclude` term does not count.
    matches, misses : tuple of str
        Sentences that must be coded with the frame, and sentences that must not: `load_codebook` tries them.
    context : tuple of str
        If there are any, a hit counts only with one of these terms at most `window` words away.
    window : int
        Words between a hit and its context, at most.
    negation : int
        A hit does not count if one of so many words before it is a negation.
    parent : str, optional
        Name of the frame that this one is a part of.
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
    """A codebook: named, versioned frames, and the passages that they apply to.

    Load one with `load_codebook`, or make one from `newskit.annotation.frames.codebook.Frame` objects.

    Attributes
    ----------
    name, version, language, title, source : str
        What it is called, MAJOR.MINOR.PATCH, ISO 639-1 code, what it is about, and where it is from.
    frames : tuple of Frame
        Its frames.
    scope, scope_exclude : tuple of str
        Terms of a debate. If there are any, only passages with a hit of `scope` outside the hits of `scope_exclude` are
        coded: paragraphs, the first of a section together with its heading.
    scope_context : tuple of str
        Terms of which an article must have at least one anywhere to be coded.
    overlap : {"longest", "all"}
        Which of overlapping hits of one frame count.
    description : str
        Remarks.

    Examples
    --------
    >>> import newskit as nk
    >>> book = nk.load_codebook("news_frames")
    >>> book
    Codebook('news_frames' 1.0.0, 5 frames)
    >>> list(book.labels())
    ['responsibility', 'human_interest', 'conflict', 'morality', 'economic']
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

    @property
    def has_terms(self) -> bool:
        """Whether a frame has terms; if none has, the codebook can only be read by its definitions."""
        return any(frame.include for frame in self.frames)

    def labels(self) -> dict[str, str]:
        """Give the label of each frame.

        Returns
        -------
        dict of str to str
            Labels by name of the frame, in the order of the codebook.
        """
        return {frame.name: frame.label for frame in self.frames}

    def with_parents(self, frames: Iterable[str]) -> set[str]:
        """Add to some frames those that they are parts of.

        Parameters
        ----------
        frames : iterable of str
            Names of frames.

        Returns
        -------
        set of str
            The names, and those of all their parents.
        """
        parents = {frame.name: frame.parent for frame in self.frames}
        found: set[str] = set()
        for name in frames:
            at: str | None = name
            while at is not None and at not in found:
                found.add(at)
                at = parents.get(at)
        return found

    def top_frames(self) -> dict[str, str]:
        """Find the whole that each frame is a part of.

        Returns
        -------
        dict of str to str
            By name of the frame, the topmost of its parents, or itself if it has none.
        """
        parents = {frame.name: frame.parent for frame in self.frames}
        top = {}
        for name in parents:
            at = name
            while parents[at] is not None:
                at = str(parents[at])
            top[name] = at
        return top

    @returns_columns("Codebook.diff")
    def diff(self, old: Codebook, corpus: AnyCorpus) -> pd.DataFrame:
        """List the codings of a corpus that differ between an older version of the codebook and this one.

        Parameters
        ----------
        old : Codebook
            The codebook to compare with.
        corpus : Corpus
            The corpus whose texts are coded with both. It is not changed, nor are its own codings looked at.

        Returns
        -------
        pandas.DataFrame
            One row per coding that only one of the two makes, ordered by frame, with the columns

            {columns}

            Where another, longer or shorter term now makes a hit, the old one is dropped and the new one added.

        Raises
        ------
        ValueError
            If both have the same version but different frames: an edited codebook needs a new version.

        Examples
        --------
        >>> new = nk.load_codebook("my_codebook.toml")  # doctest: +SKIP
        >>> new.diff(nk.load_codebook("my_codebook_1.0.0.toml"), corpus)  # doctest: +SKIP
        """
        if old.version == self.version and old.frames != self.frames:
            raise ValueError(
                f"both codebooks have version {self.version} but differ; raise the version of the edited one, so that "
                "old codings keep theirs"
            )
        keys = ["article_id", "sentence_id", "start", "end", "text", "frame"]
        # The same name for both, so that only their versions tell them apart.
        sides = [corpus.recode(replace(book, name=self.name)).frames[keys] for book in (old, self)]
        both = sides[0].merge(sides[1], on=keys, how="outer", indicator="change")
        both = both[both["change"] != "both"]
        changes = both["change"].astype("str").map({"left_only": "dropped", "right_only": "added"})
        table = both.assign(change=changes, old=old.version, new=self.version)
        texts = corpus.sentences[["article_id", "sentence_id", "text"]].rename(columns={"text": "sentence"})
        table = table.merge(texts, on=["article_id", "sentence_id"], how="left")
        order = [column.name for column in RESULTS["Codebook.diff"]]
        result: pd.DataFrame = table[order].sort_values(["frame", "change", *keys[:3]], ignore_index=True)
        return result

    def save(self, path: str | Path) -> Path:
        """Write the codebook as a TOML file.

        Parameters
        ----------
        path : str or Path
            The file, with the suffix .toml.

        Returns
        -------
        Path
            The file that was written; `load_codebook` reads it.
        """
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
        with whole_file(target) as part:
            part.write_text("\n".join(lines) + "\n", encoding="utf-8")
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
