"""Issues that actors take positions on: what names an issue, and what counts as support or opposition."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from newskit.annotation.frames.terms import TermMatcher, TermsChecker, without_overlaps
from newskit.errors import IssueError
from newskit.resources.files import find_file, read_toml

if TYPE_CHECKING:
    from spacy.tokens import Doc


POSITIONS: Final = ("support", "opposition", "condition", "ambivalence")
"""What an actor's position can be, in the order in which every table and figure gives them."""
NEAR: Final = 8
"""Most words between what an actor does and the issue."""
_ISSUE_KEYS: Final = frozenset({"name", "version", "language", "title", "source", "description"})
_TOPIC_KEYS: Final = frozenset({"include", "exclude", "refer", "context"})
_POSITION_KEYS: Final = frozenset({"name", "acts", "claims", "examples"})


@dataclass(frozen=True, slots=True)
class Position:
    """What counts as one of `POSITIONS`.

    `acts` are terms whose subject holds the position ("urge <6> approve"), `claims` terms whose speaker holds it
    ("provocative"). `matches` are sentences that must have one of them, `misses` sentences that must not.
    """

    name: str
    acts: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    matches: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Issue:
    """An issue that actors take positions on: named, versioned, with terms for the issue and for each position.

    Load one with `load_issue`.

    Attributes
    ----------
    name, version, language, title, source : str
        What it is called, MAJOR.MINOR.PATCH, ISO 639-1 code, what it is about, and where it is from.
    positions : tuple of Position
        What counts as support, opposition, condition and ambivalence.
    topic, exclude : tuple of str
        Terms that name the issue; a hit inside a hit of an `exclude` term does not count.
    refer : tuple of str
        Terms that refer to the issue soon after a sentence that names it.
    context : tuple of str
        If there are any, only articles are read that have one of these terms anywhere.
    description : str
        Remarks.
    """

    name: str
    version: str
    language: str
    title: str
    source: str
    positions: tuple[Position, ...]
    topic: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    refer: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    description: str = ""

    def __repr__(self) -> str:
        return f"Issue({self.name!r} {self.version}, {', '.join(p.name for p in self.positions)})"


def load_issue(source: str | Path) -> Issue:
    """Load an issue, and try its examples.

    Parameters
    ----------
    source : str or Path
        The name of an issue that ships with newskit ("missile_transfer"), or the path of a TOML file.

    Returns
    -------
    Issue
        The issue.

    Raises
    ------
    newskit.errors.IssueError
        A `ValueError` that names file and line: for unknown or missing keys, a position that is unknown or given twice,
        a version that is not MAJOR.MINOR.PATCH, a term that cannot be read, and an example that fails.

    Notes
    -----
    A TOML file has a table `[issue]` (name, version, language, title, source; optionally description), a table
    `[topic]` (include; optionally exclude, refer, context), and a `[[position]]` for some or all of support,
    opposition, condition and ambivalence (name, acts or claims; optionally examples.match, examples.miss). `acts` are
    terms whose subject holds the position, `claims` terms whose speaker holds it. Terms are written as in codebooks,
    see `load_codebook`.

    Examples
    --------
    >>> load_issue("missile_transfer")
    Issue('missile_transfer' 1.0.0, support, opposition, condition, ambivalence)
    """
    path = find_file(source, folder="issues", what="issue", error=IssueError)
    return _load_issue(path.resolve(), path.stat().st_mtime_ns)


@functools.lru_cache(maxsize=32)
def _load_issue(path: Path, _changed: int) -> Issue:
    text, data = read_toml(path, error=IssueError)
    parser = _IssueParser(path, text, IssueError)
    issue = parser.issue(data)
    matcher = IssueMatcher(issue)
    parser.try_examples(
        [(position.name, example) for position in issue.positions for example in position.matches],
        [(position.name, example) for position in issue.positions for example in position.misses],
        lambda name, doc: [cue.term for cue in matcher(doc).cues if cue.position == name],
        what="position",
        unmatched="is matched by none of its terms, or by a longer one of another position",
    )
    return issue


class _IssueParser(TermsChecker):
    """Turns TOML data into an Issue, or says in which line the mistake is."""

    def issue(self, data: Mapping[str, Any]) -> Issue:
        head, topic = data.get("issue", {}), data.get("topic", {})
        self.known(data, frozenset({"issue", "topic", "position"}))
        self.known(head, _ISSUE_KEYS)
        self.known(topic, _TOPIC_KEYS)
        self.complete(head, ("name", "version", "language", "title", "source"), "[issue]", "[issue]")
        self.complete(topic, ("include",), "[topic]", "[topic]")
        self.version(head["version"])
        raw = data.get("position", [])
        if not raw:
            raise self.error(f"it has no [[position]]; known: {', '.join(POSITIONS)}")
        positions = tuple(map(self.position, raw))
        names = [position.name for position in positions]
        for name in names:
            if names.count(name) > 1:
                line = f'name = "{name}"'
                raise self.error(f"position {name!r} is given twice; put all its terms into one", line, last=True)
        return Issue(
            **head,
            positions=positions,
            topic=self.terms(topic["include"], "[topic]"),
            exclude=self.terms(topic.get("exclude", ()), "[topic]"),
            refer=self.terms(topic.get("refer", ()), "[topic]"),
            context=self.terms(topic.get("context", ()), "[topic]"),
        )

    def position(self, raw: Mapping[str, Any]) -> Position:
        name = str(raw.get("name", ""))
        here = f'name = "{name}"' if name else "[[position]]"
        self.known(raw, _POSITION_KEYS)
        if name not in POSITIONS:
            raise self.error(f"position {name!r} is not one of {', '.join(POSITIONS)}", here)
        if not raw.get("acts") and not raw.get("claims"):
            raise self.error(f"position {name!r} lacks terms: give acts or claims", here)
        examples = raw.get("examples", {})
        self.known(examples, frozenset({"match", "miss"}))
        return Position(
            name=name,
            acts=self.terms(raw.get("acts", ()), name),
            claims=self.terms(raw.get("claims", ()), name),
            matches=self.strings(examples.get("match", ()), name),
            misses=self.strings(examples.get("miss", ()), name),
        )


@dataclass(frozen=True, slots=True)
class Cue:
    """Words of a Doc, tokens `start` to `end`, that express a position: an act of its subject, or a claim."""

    start: int
    end: int
    position: str
    kind: str
    term: str


@dataclass(frozen=True, slots=True)
class IssueReading:
    """What a sentence says on an issue: where it names or refers to it (tokens), whether it has context, its cues."""

    topic: tuple[tuple[int, int], ...]
    refer: tuple[tuple[int, int], ...]
    context: bool
    cues: tuple[Cue, ...]

    def object_of(self, cue: Cue) -> tuple[int, int] | None:
        """The mention of the issue nearest to a cue, after it rather than before; None if none is near."""
        places = [*self.topic, *self.refer]
        near = [(max(start - cue.end, cue.start - end), start < cue.start, (start, end)) for start, end in places]
        far, _, place = min(near, default=(NEAR + 1, False, (0, 0)))
        return place if far <= NEAR else None


class IssueMatcher:
    """Finds the terms of an issue in tagged Docs, each a sentence."""

    def __init__(self, issue: Issue) -> None:
        topic = {"topic": issue.topic, "exclude": issue.exclude, "refer": issue.refer, "context": issue.context}
        terms = [(kind, term) for kind, of_kind in topic.items() for term in of_kind]
        for position in issue.positions:
            terms += [(f"act {position.name}", term) for term in position.acts]
            terms += [(f"claim {position.name}", term) for term in position.claims]
        self._matcher = TermMatcher(terms)

    def __call__(self, doc: Doc) -> IssueReading:
        """Read a sentence; of overlapping cues the longest counts."""
        hits = list(self._matcher(doc[:]))
        blocks = [(start, end) for kind, _, start, end in hits if kind == "exclude"]
        topic, refer, cues = [], [], []
        for what, term, start, end in hits:
            kind, _, position = what.partition(" ")
            if position:
                cues.append(Cue(start, end, position, kind, term))
            elif kind == "refer":
                refer.append((start, end))
            elif kind == "topic" and not any(a <= start and end <= b for a, b in blocks):
                topic.append((start, end))
        context = any(kind == "context" for kind, *_ in hits)
        cues.sort(key=lambda c: (c.start - c.end, c.start, POSITIONS.index(c.position), c.kind))
        longest = sorted(without_overlaps(cues, lambda c: (c.start, c.end)), key=lambda c: (c.start, c.end))
        return IssueReading(tuple(topic), tuple(refer), context, tuple(longest))
