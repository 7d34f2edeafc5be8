"""Who holds a position: the subject of a verb, found from part-of-speech tags, without a parse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from newskit.annotation.frames.issues import Cue, IssueReading
from newskit.resources.lexicons import word_lists

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token


_CHAIN: Final = frozenset({"AUX", "PART", "ADV"})
_FIRST_PERSON: Final = frozenset({"i", "we"})


@dataclass(frozen=True, slots=True)
class Holder:
    """An actor with a position, and whether it is held now or was held earlier."""

    actor_id: str
    position: str
    when: str = "now"


@dataclass(frozen=True, slots=True)
class _Subject:
    """The subject of a verb: its actors and the words before the verb; if none, whether it may be the speaker."""

    actors: tuple[str, ...]
    words: frozenset[str]
    may_speak: bool = False


class Clause:
    """Finds subjects of verbs in a tagged sentence from the words in between, since a corpus keeps no syntax."""

    def __init__(
        self, doc: Doc, found: IssueReading, actors: Sequence[tuple[tuple[int, int], Mapping[Any, Any]]]
    ) -> None:
        self.doc, self.found = doc, found
        self.words = word_lists("positions")
        self.offices = word_lists("reporting_verbs")["offices"]
        self.actor_at: dict[int, tuple[int, int, str]] = {}
        for (start, end), mention in actors:
            tokens = [t.i for t in doc if t.idx < end and start < t.idx + len(t)]
            for i in tokens:
                self.actor_at[i] = (tokens[0], tokens[-1], str(mention["actor_id"]))

    def holders(self, cue: Cue, *, first: int, speaker: str | None) -> list[Holder]:
        """Who holds the position of a cue: an actor from token `first` on, else perhaps the speaker."""
        if cue.kind == "claim":
            return [Holder(actor, cue.position) for actor in self._claimants(cue, first, speaker)]
        place = self.found.object_of(cue)
        if place is None and (self.found.topic or self.found.refer):
            return []
        subject = self._subject(cue.start, first)
        passive = "be" in subject.words and any(t.tag_ == "VBN" for t in self.doc[cue.start : cue.end])
        actors = self._agents(cue) or (
            () if passive else subject.actors or ([speaker] if speaker and subject.may_speak else [])
        )
        position = self._turned(cue, subject, place)
        if position is None or subject.words & self.words["possible"]:
            return []
        when = "earlier" if subject.words & self.words["earlier"] else "now"
        return [Holder(actor, position, when) for actor in actors]

    def _turned(self, cue: Cue, subject: _Subject, place: tuple[int, int] | None) -> str | None:
        """The position of an act: reversed if support is refused or the issue undone; None if any other is negated."""
        position = cue.position
        if subject.words & (self.words["negations"] | self.words["refusing"]):
            if position != "support":
                return None
            position = "opposition"
        between = self.doc[cue.end : place[0]] if place is not None and place[0] > cue.end else ()
        if any(t.lemma_.lower() in self.words["undoing"] for t in between):
            position = {"support": "opposition", "opposition": "support"}.get(position, position)
        return position

    def _claimants(self, cue: Cue, first: int, speaker: str | None) -> Sequence[str]:
        """The subject of the last verb of judging before a claim, or else the speaker."""
        if any(t.lower_ in self.words["negations"] for t in self.doc[max(first, cue.start - 3) : cue.start]):
            return []
        verbs = [t.i for t in self.doc[first : cue.start] if t.lemma_.lower() in self.words["judging"]]
        actors = self._subject(verbs[-1], first).actors if verbs else ()
        return actors or ([speaker] if speaker else [])

    def _agents(self, cue: Cue) -> tuple[str, ...]:
        """The actor after the "by" of a passive."""
        after = cue.end
        if after + 1 < len(self.doc) and self.doc[after].lower_ == "by":
            for i in range(after + 1, min(after + 6, len(self.doc))):
                if i in self.actor_at:
                    return (self.actor_at[i][2],)
        return ()

    def _subject(self, verb: int, first: int) -> _Subject:
        """The subject of the verb at a token, looked for back to token `first`."""
        between: set[str] = set()
        i, loose = verb - 1, False
        if i >= first and self.doc[i].text == "-":
            return _Subject((), frozenset())  # "Russian-backed"
        while i >= first:
            token = self.doc[i]
            if i in self.actor_at:
                start, end, _ = self.actor_at[i]
                if self._is_subject(start, end, verb):
                    return _Subject(self._joined(i, first), frozenset(between))
                i, loose = start - 1, True
            elif loose or self._links(token):
                between |= set() if loose else {token.lower_, token.lemma_.lower()}
                i -= 1
            elif token.lower_ in _FIRST_PERSON:
                return _Subject((), frozenset(between), may_speak=True)
            elif token.pos_ == "NOUN":
                return _Subject(self._office(token, first), frozenset(between))
            elif token.pos_ in {"PUNCT", "CCONJ", "SCONJ"} or token.tag_ in {"WP", "WDT", "WRB"}:
                i, loose = i - 1, True
            else:
                return _Subject((), frozenset(between))
        return _Subject((), frozenset(between), may_speak=not loose)

    def _joined(self, at: int, first: int) -> tuple[str, ...]:
        """The actor at a token and those joined to it: "Hungary and Slovakia", "Poland, Latvia and Norway"."""
        found: list[str] = []
        while at in self.actor_at:
            start, _, actor = self.actor_at[at]
            found.append(actor)
            at = start - 1
            joints = set()
            while at >= first and self.doc[at].lower_ in {"and", ",", "or"}:
                joints.add(self.doc[at].lower_)
                at -= 1
            if not joints or (len(found) == 1 and joints == {","}):
                break
        return tuple(reversed(found))

    def _links(self, token: Token) -> bool:
        """Whether a token can stand between a subject and its verb: "is expected to", "will again", "has vowed to"."""
        if token.pos_ in _CHAIN:
            return True
        after = self.doc[token.i + 1].lower_ if token.i + 1 < len(self.doc) else ""
        return token.pos_ in {"VERB", "ADJ"} and after in {"to", "not", "n't"}

    def _is_subject(self, start: int, end: int, verb: int) -> bool:
        """Whether an actor can be a subject, rather than an attribute ("the U.S. sale"), an object or in a phrase."""
        doc = self.doc
        after = doc[end + 1] if end + 1 < len(doc) else None
        if end + 1 == verb:
            return True
        if after is not None and (after.lower_ in {"'s", "’s", "'", "’"} or after.pos_ in {"NOUN", "PROPN", "ADJ"}):
            return False
        if doc[start].tag_ == "PRP$":
            return False
        before = start - 1
        while before >= 0 and doc[before].pos_ in {"DET", "ADJ", "PROPN", "NOUN"} and before not in self.actor_at:
            before -= 1
        if before < 0:
            return True
        if doc[before].pos_ == "ADP":
            return False
        return not (doc[before].pos_ == "VERB" and after is not None and after.lower_ in {"to", "not"})

    def _office(self, token: Token, first: int) -> tuple[str, ...]:
        """The actor for whom a noun of office speaks: "Russian officials"."""
        noun = token.lower_
        if not {noun, noun.removesuffix("s")} & self.offices:
            return ()
        near = [self.actor_at[i] for i in range(max(first, token.i - 3), token.i) if i in self.actor_at]
        return (near[-1][2],) if near else ()
