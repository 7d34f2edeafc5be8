"""Candidate mentions, and what titles and syntax tell about each."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from newskit.resources.lexicons import titles, word_lists

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token


Kind = Literal["name", "nominal", "pronoun", "apposition", "place", "unresolved"]


@dataclass(slots=True)
class Candidate:
    """A mention in the making; `entity` is any key that is equal for all mentions of one actor."""

    start: int
    end: int
    entity: Hashable
    rule: str
    type: str
    order: int
    kind: Kind = "name"
    label: str | None = None
    in_title: bool = False
    first_person: bool = False
    """Whether it is the "I" of a quotation, which does not evaluate its own speaker."""
    group: bool = False
    """Whether the catalogue has it as an organisation, party, movement or alliance, which "the group" can mean."""
    name: str = ""
    """The name that identifies the actor across articles: of a person the fullest, of a catalogue actor as written."""


def is_title(token: Token) -> bool:
    """Whether the word is a title by itself, as "Secretary" is, rather than only part of one, as "State" is."""
    word = token.lower_.rstrip(".")
    return word in titles() and word not in word_lists("roles")["modifiers"]


def head_token(doc: Doc, start: int, end: int) -> Token:
    """The head of the tokens that cover the characters."""
    span = doc.char_span(start, end, alignment_mode="expand")
    assert span is not None
    return span.root


def acts(token: Token) -> bool:
    """Whether the name does something: it is the subject of a verb or the agent of a passive."""
    while token.dep_ in {"conj", "appos"} and token.head != token:
        token = token.head
    if token.dep_ == "pobj":
        return token.head.dep_ == "agent"
    return token.dep_ == "nsubj" and token.head.pos_ in {"VERB", "AUX"}


def skip_titles(doc: Doc, start: int, end: int) -> int:
    """The first token of the name after leading titles."""
    while start < end - 1 and _is_title_word(doc[start]):
        start += 1
        if doc[start].lower_ == "of" and start < end - 2:
            start += 2
    return start


def titles_before(doc: Doc, first: int) -> tuple[str, ...]:
    """The titles just before a name, in small letters and without full stops, the nearest one first."""
    found: list[str] = []
    at = first - 1
    while at >= 0:
        token = doc[at]
        if _is_title_word(token):
            found.append(token.lower_.rstrip("."))
        elif not (found and token.lower_ in {"-", "of", "in", "co"} and at and _is_title_word(doc[at - 1])):
            break
        at -= 1
    return tuple(found)


def _is_title_word(token: Token) -> bool:
    """Whether the word is, or is part of, a title: not a first name that is one too, in "Stephen King said"."""
    return token.lower_.rstrip(".") in titles()


def gender_told(titles_of: Iterable[str]) -> str:
    """The gender that titles imply, the first that does; "" if none does."""
    return next((titles()[word] for word in titles_of if titles()[word]), "")
