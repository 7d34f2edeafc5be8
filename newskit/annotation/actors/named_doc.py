"""A Doc with the names found in it: which name is where, and how far the phrase around a noun extends."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from newskit.annotation.actors.candidates import Candidate, head_token

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

MODIFIERS: Final = frozenset({"compound", "amod", "nmod", "poss", "nummod", "punct", "det", "case", "npadvmod"})
"""Dependencies of what stands before a noun and belongs to it."""
DEFINITE: Final = frozenset({"the", "this", "that", "our"})
_LONGEST_PHRASE: Final = 8
"""Tokens of the longest "of" phrase that counts as part of a description."""


class NamedDoc:
    """A Doc with its names: `at` has the name at each character, `named` all of them in order."""

    def __init__(self, doc: Doc, text: str, sentences: Sequence[Span], named: Sequence[Candidate]) -> None:
        self.doc, self.text, self.named = doc, text, named
        self.at: dict[int, Candidate] = {i: c for c in named for i in range(c.start, c.end)}
        self._starts = [sentence.start for sentence in sentences]
        self._heads = {id(c): head_token(doc, c.start, c.end) for c in named}

    def sentence(self, token: Token) -> int:
        """The number of the token's sentence."""
        return bisect.bisect_right(self._starts, token.i) - 1

    def head(self, name: Candidate) -> Token:
        """The head of a name."""
        return self._heads[id(name)]

    def first(self, name: Candidate) -> Token:
        """The first token of a name."""
        first = self.head(name)
        while first.i > 0 and self.at.get(self.doc[first.i - 1].idx) is name:
            first = self.doc[first.i - 1]
        return first

    def owner(self, token: Token) -> Candidate | None:
        """The state, organisation or place whose name the token belongs to; None for a person or no name."""
        name = self.at.get(token.idx)
        return name if name is not None and name.type != "person" else None

    def start(self, noun: Token) -> int:
        """First character of the phrase of a noun, without its article: its modifiers just before it."""
        first = noun.i
        while first > 0:
            before = self.doc[first - 1]
            if before.dep_ in {"det", "punct"} and before.text != "-":
                break
            head = before.head.head if before.dep_ == "case" else before.head
            inside = head.i in range(first, noun.i + 1)
            if not inside or before.dep_ not in MODIFIERS or before.lower_ in DEFINITE:
                break
            first -= 1
        if self.doc[first].text == "-" and first < noun.i:
            first += 1
        return self.doc[first].idx

    def end(self, noun: Token) -> int:
        """One past the last character of the phrase of a noun, with short phrases of "of" or "for" after it."""
        last = noun.i
        for child in noun.rights:
            if child.dep_ != "prep" or child.lower_ not in {"of", "for", "at", "to"} or child.i != last + 1:
                break
            edge = child.right_edge.i
            phrase = self.doc[child.i : edge + 1]
            if edge - child.i > _LONGEST_PHRASE or any(t.is_space or t.text == "," for t in phrase):
                break
            if any((name := self.at.get(t.idx)) is not None and name.type == "person" for t in phrase):
                break
            last = edge
        return self.doc[last].idx + len(self.doc[last])
