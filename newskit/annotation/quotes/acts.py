"""What the source of an attribution does: say something, believe it, intend it, or none of these."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from newskit.annotation.quotes.quote import Act, Quote
from newskit.resources.lexicons import word_lists

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

_QUOTED: Final = re.compile('[“„«"]([^”»"]+)[”»"]?')
_QUOTED_WORDS: Final = 4
"""Fewest words in quotation marks that are somebody's own under a verb that does not say so: fewer may be a title."""
_INFINITIVE: Final = re.compile(r"(?:not )?to \w")
_INFINITIVE_VERB: Final = re.compile(r"(?:not )?to (\w+)")
_SEEN_AS: Final = re.compile(r"(?:\S+ ){1,7}as ")
_PASSIVE: Final = frozenset(["be", "get"])


def with_acts(doc: Doc, quotes: Sequence[Quote]) -> list[Quote]:
    """The quotations, each with its act (see `act_of`)."""
    text = doc.text
    acts = []
    for quote in quotes:
        cue = doc.char_span(*quote.cue_span, alignment_mode="expand") if quote.cue_span else None
        acts.append(replace(quote, act=act_of(cue, text[quote.content_start : quote.content_end], _noun(quote, text))))
    return acts


def _noun(quote: Quote, text: str) -> str:
    """The head word of the source, in small letters; empty if there is no source."""
    if quote.source_start is None or quote.source_head is None:
        return ""
    word = re.search(r"\w+$", text[quote.source_start : quote.source_head + 1])
    return word.group().lower() if word else ""


def act_of(cue: Span | None, content: str, source: str = "") -> Act:
    """What the source of an attribution does in it, by the words of its cue.

    Parameters
    ----------
    cue : Span, optional
        The cue in a tagged Doc. Without one, the quotation marks alone make it a quotation: speech.
    content : str
        What is attributed.
    source : str
        The head word of the source: texts and polls state what they show.

    Returns
    -------
    {"speech", "belief", "intention", "other"}
        By the first word of the cue that is in a list of `acts.toml` or `reporting_verbs.toml`. Without such a word it
        is speech if the content is in quotation marks, otherwise "other": no quotation at all.
    """
    if cue is None:
        return "speech"
    lemmas = [token.lemma_.lower() for token in cue]
    act = _by_lists(lemmas, [token.tag_ for token in cue], content, source)
    return "speech" if act == "other" and _is_quoted(content) else act


def _by_lists(lemmas: Sequence[str], tags: Sequence[str], content: str, source: str) -> Act:
    """The act by the first word of a cue that is in a list."""
    lists, verbs = word_lists("acts"), word_lists("reporting_verbs")
    saying = verbs["speech"] | verbs["directive"] | verbs["judgement"] | lists["speech"] | {"accord"}
    saying -= lists["deeds"]
    infinitive = _INFINITIVE.match(content) is not None or lemmas[-1:] == ["to"]
    states = _is_text(source)
    for n, lemma in enumerate(lemmas):
        verb = tags[n].startswith("VB")
        if lemma == "expect":
            return "intention" if infinitive or _PASSIVE & {*lemmas[:n]} else "belief"
        if lemma == "consider":
            if re.match(r"\w+ing\b|whether\b", content):
                return "intention"
            return "other" if re.match(r"(?:an?|the|its|his|her|their)\b", content) else "belief"
        if lemma == "see" and verb and not states:
            return "belief" if "have" not in lemmas and _SEEN_AS.match(content) else "other"
        if states and lemma in lists["stating"]:
            return "speech"
        if lemma == "agree" and infinitive:
            return "intention"
        if lemma in lists["deeds_with_infinitive"] and infinitive:
            return "speech" if _answers(lemmas[n + 1 :], content) else "other"
        if lemma in lists["belief"] or (lemma == "approve" and ("of" in lemmas or content.startswith("of "))):
            return "belief"
        if lemma in lists["intention"]:
            return "intention"
        if lemma in saying and (verb or lemma in {"accord", "according"}):
            return "speech"
        if lemma in lists["speech_nouns"] or lemma in saying:
            return "speech"
        # A deed may be done with words: "made a statement that", "was forced to acknowledge".
        deed = lemma in lists["perceptions"] | lists["surveying"] | lists["deeds"]
        if deed and not (lists["speech_nouns"] | saying) & {*lemmas[n + 1 :]}:
            return "other"
    return "speech" if not any(lemma.isalpha() for lemma in lemmas) else "other"


def _answers(lemmas: Sequence[str], content: str) -> bool:
    """Whether an infinitive in or behind a cue is one of words: "declined to comment", "refused to say whether"."""
    answers = word_lists("acts")["answers"]
    verb = _INFINITIVE_VERB.match(content)
    return bool(answers & {*lemmas}) or (verb is not None and verb[1].lower() in answers)


def _is_text(noun: str) -> bool:
    """Whether the head word of a source is a text, a poll, or a court."""
    kinds = word_lists("source_kinds")
    return bool(
        {noun, noun.removesuffix("s"), noun.removesuffix("es")}
        & (kinds["documents"] | kinds["polls"] | kinds["courts"])
    )


def _is_quoted(content: str) -> bool:
    """Whether quotation marks show that a content is somebody's words, whatever its cue: all of it, or a good part."""
    quoted = [part for part in _QUOTED.findall(content) if re.search(r"\w", part)]
    words = sum(len(part.split()) for part in quoted)
    return words >= _QUOTED_WORDS and 3 * sum(map(len, quoted)) >= len(content)
