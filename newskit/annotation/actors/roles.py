"""The roles that an article gives its people: "French President Macron", "James Comey, the former F.B.I. director"."""

from __future__ import annotations

import functools
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from newskit.annotation.actors.candidates import Candidate
from newskit.annotation.actors.named_doc import MODIFIERS, NamedDoc
from newskit.resources.lexicons import word_lists

if TYPE_CHECKING:
    from spacy.tokens import Token

_GROUPS: Final = ("leaders", "heads", "lawmakers", "speakers", "candidates", "lawyers")
_BELONGS: Final = frozenset(["of", "for", "from", "to", "at"])
"""Prepositions of what an office is of: "the senator from Utah"."""
_ABBREVIATED: Final = {
    "capt": "captain", "col": "colonel", "gen": "general", "gov": "governor", "lt": "lieutenant", "prof": "professor",
    "rep": "representative", "sec": "secretary", "sen": "senator",
}  # fmt: skip
"""Titles abbreviated before a name, and the noun by which an article comes back to the person."""


@functools.cache
def role_nouns() -> dict[str, str]:
    """Role nouns with their group, whose nouns can stand for each other; other nouns are a group of their own."""
    lists = word_lists("roles")
    return {noun: group for group in _GROUPS for noun in lists[group]} | {noun: noun for noun in lists["others"]}


def is_one_office(a: str, b: str) -> bool:
    """Whether two nouns of one group can be the office of one person.

    >>> is_one_office("leader", "king"), is_one_office("president", "king"), is_one_office("premier", "minister")
    (True, False, True)
    """
    lists = word_lists("roles")
    if a == b or {a, b} & lists["any_office"] or role_nouns().get(a) not in {"leaders", "lawmakers"}:
        return True
    kinds = ("premiers", "representatives") if "monarch" not in {a, b} else ("sovereigns",)
    return any({a, b} - {"monarch"} <= lists[kind] for kind in kinds)


@dataclass(slots=True)
class Role:
    """A role as the article words it: the noun, the states or organisations it is of, and its other words."""

    noun: str
    of: frozenset[Hashable]
    words: frozenset[str]


@dataclass(slots=True)
class Bearer:
    """A person of the article, with every role given and the head of every mention, in order."""

    candidate: Candidate
    roles: list[Role] = field(default_factory=list)
    heads: list[Token] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    """The numbers of the tokens in `heads`."""


def find_bearers(names: NamedDoc) -> list[Bearer]:
    """The people of an article with their roles.

    A role stands before the name ("French President Emmanuel Macron"), beside it ("James Comey, the former F.B.I.
    director"), or is said of the person ("Comey was the director").
    """
    bearers: dict[Hashable, Bearer] = {}
    for candidate in sorted(names.named, key=lambda c: names.head(c).i):
        if candidate.type != "person":
            continue
        bearer = bearers.setdefault(candidate.entity, Bearer(candidate))
        head = names.head(candidate)
        bearer.heads.append(head)
        bearer.places.append(head.i)
        title = _title_before(names, candidate)
        if title is not None:
            bearer.roles.append(title)
        bearer.roles += _roles_beside(names, head)
    return list(bearers.values())


def read_role(names: NamedDoc, noun: Token) -> Role:
    """The role that a noun heads, from its modifiers and its "of"."""
    of: set[Hashable] = set()
    words: set[str] = set()
    for child in noun.children:
        if child.dep_ not in MODIFIERS and not (child.dep_ == "prep" and child.lower_ in _BELONGS):
            continue
        for token in child.subtree:
            owner = names.owner(token)
            if owner is not None:
                of.add(owner.entity)
            elif token.pos_ in {"NOUN", "ADJ", "PROPN"} and child.dep_ != "prep":
                words.add(token.lower_)
            elif child.lower_ in {"of", "from"} and token.pos_ == "PROPN" and token.idx not in names.at:
                of.add(("word", token.lower_))  # a place that nobody knows: another one all the same
    loose = word_lists("roles")["loose"]
    return Role(noun.lemma_.lower(), frozenset(of), frozenset(words - loose - {noun.lower_}))


def _title_before(names: NamedDoc, candidate: Candidate) -> Role | None:
    """The role in the words before a name: "then-U.S. President", "Gov."."""
    doc, nouns = names.doc, role_nouns()
    before: list[Token] = []
    at = names.first(candidate).i - 1
    while at >= 0 and (doc[at].dep_ in MODIFIERS or doc[at].lower_ in nouns or doc[at].lower_ == "of"):
        if doc[at].dep_ in {"det", "punct"} and doc[at].text != "-":
            break
        before.append(doc[at])
        at -= 1
    forms = {*nouns, *_ABBREVIATED}
    noun = next((t for t in before if t.lemma_.lower() in nouns or t.lower_.rstrip(".") in forms), None)
    if noun is None:
        return None
    behind = [t for child in names.head(candidate).rights if child.lower_ in {"of", "from"} for t in child.subtree]
    of = frozenset(owner.entity for t in (*before, *behind) if (owner := names.owner(t)) is not None)
    words = {t.lower_ for t in before if t.idx not in names.at and t != noun and t.pos_ != "PUNCT"}
    loose = word_lists("roles")["loose"] | {"of", "'s", "’s"}
    word = noun.lower_.rstrip(".")
    return Role(_ABBREVIATED.get(word, word), of, frozenset(words - loose))


def _roles_beside(names: NamedDoc, head: Token) -> Iterator[Role]:
    """The roles in apposition to a name, or said of it with a form of "be"."""
    beside = [child for child in head.children if child.dep_ == "appos"]
    if head.dep_ == "appos":
        beside.append(head.head)
    if head.dep_ == "nsubj" and head.head.lemma_ == "be":
        beside += [child for child in head.head.children if child.dep_ == "attr"]
    for token in beside:
        if token.lemma_.lower() in role_nouns() and token.idx not in names.at:
            yield read_role(names, token)
