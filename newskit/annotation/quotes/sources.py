"""What kind of source a quotation has: an actor, somebody who is not resolved, or nobody whom the text names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from newskit.annotation.quotes.quote import Quote
from newskit.resources.lexicons import word_lists

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

Sourcing = Literal["named", "unnamed", "unresolved"]
NOT_GIVEN: Final = "not given"
OTHERS: Final = "others"
_FAMILIAR: Final = re.compile(
    r"\b(?:familiar with|briefed on|knowledge of|close to|in the know|anonym|not authori[sz]ed"
    r"|declined to be (?:named|identified))"
)
_ANYBODY: Final = frozenset(
    ["some", "many", "others", "several", "most", "few", "one", "someone", "somebody", "anyone", "anybody", "everyone",
     "everybody", "those", "nobody", "none", "all", "more", "thousands", "hundreds", "dozens", "millions", "majority",
     "percent", "%", "number", "half", "lot", "any"]
)  # fmt: skip
"""Heads of sources that count people and name nobody."""
_PAIRED: Final = frozenset(["both", "two", "three", "pair"])
_DEFINITE: Final = frozenset(["the", "this", "that", "these", "those"])
_FACELESS: Final = frozenset(
    ["officials", "insiders", "documents", "polls", "media", "critics", "supporters", "witnesses"]
)
"""Kinds that name nobody even with "the": "the official", "the report"; "the senator" is somebody named."""
_NAMING: Final = frozenset(["documents", "polls", "media", "spokespeople"])
"""Kinds that are named by a name before the noun: "a Gallup poll"."""


class Source(NamedTuple):
    """What is known of a source: whether it is named, and, if the text names nobody, its kind."""

    sourcing: Sourcing
    kind: str | None = None


NAMED: Final = Source("named")


def source_of(doc: Doc, text: str, quote: Quote, *, named: bool = False) -> Source:
    """The source of a quotation in a Doc with that text, `named` if its speaker is an actor.

    Otherwise it is "unnamed", with its kind, if the text names nobody ("officials", "a poll", no source at all), and
    "unresolved" if it is a name, a pronoun or a description of somebody: "he", "the senator", "ICE".

    The kinds are the keys of `source_kinds.toml`, "others" for a noun of none of them, "not given" without a source.
    """
    if named:
        return NAMED
    if quote.source_start is None or quote.source_end is None or quote.source_head is None:
        return Source("unnamed", NOT_GIVEN)
    text = text[quote.source_start : quote.source_end]
    if text in ("Q", "A"):
        return Source("unnamed", "media") if text == "Q" else Source("unresolved")
    if _FAMILIAR.search(text):
        return Source("unnamed", "insiders")
    span = doc.char_span(quote.source_head, quote.source_head + 1, alignment_mode="expand")
    if span is None:
        return Source("unresolved")
    return _of_head(span[0], text)


def _of_head(head: Token, text: str) -> Source:
    """The source with this head word."""
    noun = head.lemma_.lower()
    kind = kind_of_source(noun) or kind_of_source(head.lower_)
    if head.lower_ in _ANYBODY or noun in _ANYBODY or head.text.endswith("%") or head.like_num:
        inner = re.search(r"\bof (?:\w+ )*?(\w+)$", text)
        return Source("unnamed", (inner and kind_of_source(inner[1].lower())) or OTHERS)
    if head.pos_ == "PROPN" and kind in (None, "politicians"):
        return Source("unresolved")
    if head.pos_ == "PRON":
        return Source("unresolved")
    words = text.lower().split()
    definite = words[0] in _DEFINITE or any(t.dep_ == "poss" for t in head.lefts)
    plural = head.tag_ in {"NNS", "NNPS"} or noun in {"people", "police", "media", "data"}
    if _PAIRED & {*words[:2]} and plural and definite:
        return Source("unresolved")
    if kind in _FACELESS or kind == "spokespeople":
        named = kind in _NAMING and any(
            t.pos_ == "PROPN" and t.dep_ in {"compound", "poss", "nmod"} for t in head.lefts
        )
        alone = kind == "spokespeople" and definite and not plural
        return Source("unresolved") if named or alone else Source("unnamed", kind)
    if definite and not plural:
        return Source("unresolved")
    if kind is None and (definite or (not plural and not _has_article(words))):
        return Source("unresolved")
    return Source("unnamed", kind or OTHERS)


def _has_article(words: list[str]) -> bool:
    return words[0] in {"a", "an", "another", "one", "no", "every", "each"}


def kind_of_source(noun: str) -> str | None:
    """The kind of an unnamed source by its head noun, in the singular or the plural; None if it is none of the lists.

    >>> kind_of_source("officials"), kind_of_source("poll"), kind_of_source("teapot")
    ('officials', 'polls', None)
    """
    forms = (noun, noun.removesuffix("s"), noun.removesuffix("es"), noun.removesuffix("ies") + "y")
    kinds = word_lists("source_kinds")
    return next((kind for form in forms for kind, nouns in kinds.items() if form in nouns), None)
