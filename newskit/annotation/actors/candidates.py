"""Candidate mentions, and what titles and syntax tell about each."""

from __future__ import annotations

from collections.abc import Hashable
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


def skip_titles(doc: Doc, start: int, end: int) -> tuple[int, str]:
    """The first token of the name after leading titles, and the gender that the titles imply."""
    gender = ""
    while start < end - 1 and (word := doc[start].lower_.rstrip(".")) in titles():
        gender = titles()[word] or gender
        start += 1
        if doc[start].lower_ == "of" and start < end - 2:
            start += 2
    return start, gender


def title_gender(doc: Doc, first: int) -> str:
    """The gender implied by the titles just before a name."""
    i = first - 1
    while i >= 0 and (word := doc[i].lower_.rstrip(".")) in titles():
        if titles()[word]:
            return titles()[word]
        i -= 1
    return ""
