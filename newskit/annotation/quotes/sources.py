"""What kind of source a quotation has: an actor, somebody who is not resolved, or nobody whom the text names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from newskit.annotation.quotes.quote import Quote, antecedent
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
_QUANTIFIERS: Final = frozenset(["some", "several", "few", "numerous", "other", "certain", "various"])
"""Before a plural these make it people of whom nobody is named: "some Republicans"; "many Republicans" is the party."""
_CROWDS: Final = frozenset(
    ["audience", "base", "community", "crowd", "electorate", "elite", "establishment", "industry", "internet", "left",
     "market", "mob", "public", "right", "world"]
)  # fmt: skip
"""Nouns for many people at once, in the singular: "the" before them names nobody."""
_ONLY_ONE: Final = frozenset(["attorney", "director", "inspector", "postmaster", "secretary", "solicitor", "surgeon"])
"""Before "general": an office that one person has, unlike "the general"."""
_FACELESS: Final = frozenset(
    ["officials", "insiders", "documents", "polls", "media", "critics", "supporters", "witnesses"]
)
"""Kinds that name nobody even with "the": "the official", "the report"; "the senator" is somebody named."""
_NAMING: Final = frozenset(["documents", "polls", "media", "spokespeople"])
"""Kinds that are named by a name before the noun: "a Gallup poll"."""
_TEXTS: Final = frozenset(["documents", "polls"])
"""Kinds that are named by who made them, too: "a report by the Novak Institute"."""
MADE_BY: Final = (
    r"(?:,?\s(?:authored|commissioned|compiled|conducted|drafted|issued|made|maintained|posted|prepared|produced|published"
    r"|put out|released|run|sent|signed|sponsored|tweeted|written))?\s(?:by|from)"
)
"""Between a text and who made it: not who got it ("obtained by") or tells of it ("cited by")."""
DESCRIBED: Final = r"(?:\s(?:the|an?))?(?:\s(?![a-z]+(?:s|ing)\b)[\w.&-]+){0,3}?"
"""Words before the name of a maker: "by the research company Novak", but not "from groups pressing Novak"."""
_MADE_BY: Final = re.compile(MADE_BY + DESCRIBED + r"\s([A-Z]\w*)")
_MAKERS: Final = 14
"""Tokens from a text on in which its makers are named."""
_GOT: Final = re.compile(r"\b(?:obtained|leaked|reviewed|seen|viewed|anonymous)\b")
"""Said of texts of which nobody tells whose they are."""
_NEAR: Final = 300
"""Most characters between a quotation and the next one of the same people."""
_BACK: Final = 400
"""Tokens before "the report" among which the report is looked for that it is."""


class Source(NamedTuple):
    """What is known of a source: whether it is named, and, if the text names nobody, its kind."""

    sourcing: Sourcing
    kind: str | None = None


NAMED: Final = Source("named")


def source_of(doc: Doc, text: str, quote: Quote, *, named: bool = False) -> Source:
    """The source of a quotation in a Doc with that text, `named` if its speaker is an actor.

    Otherwise it is "unnamed", with its kind, if the text names nobody ("officials", "a poll", "was accused of"), and
    "unresolved" if it is a name, a pronoun or a description of somebody: "he", "the senator", "ICE". Words that stand
    in quotation marks alone, without a cue, are unresolved too: whose they are is said elsewhere, as a rule.

    The kinds are the keys of `source_kinds.toml`, "others" for a noun of none of them, "not given" for a cue without a
    source.
    """
    if named:
        return NAMED
    if quote.source_start is None or quote.source_end is None or quote.source_head is None:
        return Source("unresolved") if quote.cue_span is None else Source("unnamed", NOT_GIVEN)
    text = text[quote.source_start : quote.source_end]
    if text in ("Q", "A"):
        return Source("unnamed", "media") if text == "Q" else Source("unresolved")
    if _FAMILIAR.search(text):
        return Source("unnamed", "insiders")
    span = doc.char_span(quote.source_head, quote.source_head + 1, alignment_mode="expand")
    if span is None:
        return Source("unresolved")
    return _of_head(span[0], text)


def same_source(source: Source, quote: Quote, before: Source, last: Quote, text: str) -> Source:
    """The source of a quotation, which is that of the last one before it where "they" are those who were quoted last.

    Only people whom nobody names are carried on so: "Economists say … They believe …".
    """
    if quote.source_start is None or quote.source_end is None or before.sourcing != "unnamed":
        return source
    they = source.sourcing == "unresolved" and text[quote.source_start : quote.source_end].lower() == "they"
    near = 0 <= quote.start - last.end <= _NEAR and last.source_start is not None
    return before if they and near else source


def _of_head(head: Token, text: str) -> Source:
    """The source with this head word."""
    noun = head.lemma_.lower()
    kind = kind_of_source(noun) or kind_of_source(head.lower_)
    words = text.lower().split()
    plural = head.tag_ in {"NNS", "NNPS"} or noun in {"people", "police", "media", "data"}
    counted = bool({head.lower_, noun} & _ANYBODY) and not _is_named(head)
    if counted or head.text.endswith("%") or head.like_num:
        inner = re.search(r"\bof (?:\w+ )*?(\w+)$", text)
        return Source("unnamed", (inner and kind_of_source(inner[1].lower())) or OTHERS)
    if is_some(text) and plural:
        return Source("unnamed", kind or OTHERS)
    if (head.pos_ == "PROPN" and kind in (None, "politicians")) or text.startswith("@"):
        return Source("unresolved")
    if head.pos_ == "PRON":
        return _of_pronoun(head)
    owned = any(t.dep_ == "poss" for t in head.lefts) and not _has_article(words)
    definite = words[0] in _DEFINITE or owned
    if _PAIRED & {*words[:2]} and plural and definite:
        return Source("unresolved")
    if kind in _FACELESS or kind == "spokespeople":
        named = kind in _NAMING and (_is_named(head) or (definite and not plural and _is_told(head, text)))
        one = kind == "spokespeople" or (noun == "general" and head.i > 0 and head.nbor(-1).lower_ in _ONLY_ONE)
        return Source("unresolved") if named or (one and definite and not plural) else Source("unnamed", kind)
    if noun in _CROWDS and words[0] == "the":
        return Source("unnamed", kind or OTHERS)
    if definite and not plural:
        return Source("unresolved")
    if kind is None and (definite or (not plural and not _has_article(words))):
        return Source("unresolved")
    return Source("unnamed", kind or OTHERS)


def is_some(text: str) -> bool:
    """Whether a source in the plural counts people of whom none is named: "some Republicans", "two of the Democrats".

    >>> is_some("Some Republicans"), is_some("House Republicans")
    (True, False)
    """
    return text.lower().split()[0] in _QUANTIFIERS


def _of_pronoun(head: Token) -> Source:
    """The source that a pronoun is: that of the noun before its relative clause, else somebody who is not resolved."""
    noun = antecedent(head)
    if noun.i == head.i or noun.pos_ == "PRON":
        return Source("unresolved")
    return _of_head(noun, noun.doc[noun.left_edge.i : noun.i + 1].text)


def _is_named(head: Token) -> bool:
    """Whether a text or poll is told by a name: "a Gallup poll", "a report by the Novak Institute"."""
    if any(t.pos_ == "PROPN" and t.dep_ in {"compound", "poss", "nmod"} for t in head.lefts):
        return True
    if kind_of_source(head.lemma_.lower()) not in _TEXTS:
        return False
    after = head.doc[head.i : head.i + _MAKERS]
    made = _MADE_BY.match(after.text, len(head.text))
    if made is None:
        return False
    makers = after.char_span(made.start(1), made.end(1), alignment_mode="expand")
    return makers is not None and any(t.pos_ == "PROPN" for t in makers)


def _is_told(head: Token, text: str) -> bool:
    """Whether "the report" is one that readers have been told of: not one that came in as "a report" of nobody's.

    The same noun before it tells, and of a poll any noun for one.
    """
    noun = head.lemma_.lower()
    kind = kind_of_source(noun)
    if kind not in _TEXTS or _GOT.search(text):
        return False
    polls = word_lists("source_kinds")["polls"]
    for token in reversed(head.doc[max(0, head.i - _BACK) : head.i]):
        other = token.lemma_.lower()
        if token.pos_ not in {"NOUN", "PROPN"} or (other != noun and not (noun in polls and other in polls)):
            continue
        if _is_named(token):
            return True
        if any(t.lower_ in {"a", "an", "another"} for t in token.lefts):
            return False
    return True


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
