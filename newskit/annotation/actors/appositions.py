"""Titles and labels beside a name: "North Korean dictator Kim Jong Un"; "Anna Novak, a spokeswoman for the union"."""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import TYPE_CHECKING

from newskit.annotation.actors.candidates import Candidate, is_title
from newskit.annotation.actors.named_doc import MODIFIERS, NamedDoc
from newskit.annotation.actors.roles import role_nouns
from newskit.resources.lexicons import titles, word_lists

if TYPE_CHECKING:
    from spacy.tokens import Token


def find_appositions(names: NamedDoc) -> list[Candidate]:
    """The titles and labels before a person's name, and between commas beside it.

    They are of the kind apposition: they say how the article labels somebody, and are counted with the name, not in
    addition to it.
    """
    found: list[Candidate] = []
    taken: set[int] = set()
    for candidate in names.named:
        if candidate.type != "person":
            continue
        before = _label_before(names, candidate)
        spans = [(before, "before")] if before else []
        spans += [(span, "beside") for span in _labels_beside(names, candidate)]
        for span, where in spans:
            if taken & {*range(*span)} or _crosses(names, span, candidate):
                continue
            taken.update(range(*span))
            rule = f"apposition: stands {where} {names.text[candidate.start : candidate.end]}"
            found.append(Candidate(*span, candidate.entity, rule, "person", 5, kind="apposition", name=candidate.name))
    return found


def _label_before(names: NamedDoc, candidate: Candidate) -> tuple[int, int] | None:
    """The words from a title, or a noun that belongs to the name, up to the name: "then-U.S. President"."""
    doc, first = names.doc, names.first(candidate)
    phrase = {token.i for token in names.head(candidate).subtree}
    at = first.i
    while at > 0 and _is_in_label(doc[at - 1], phrase):
        at -= 1
        phrase.add(at)
    while at < first.i and (doc[at].pos_ in {"ADP", "PART", "PUNCT"} or doc[at].dep_ == "punct"):
        at += 1
    label = doc[at : first.i]
    while len(label) and label[-1].text in {"-", "."}:
        label = label[:-1]
    honorifics = word_lists("roles")["honorifics"]
    if not len(label) or all(t.lower_.rstrip(".") in honorifics for t in label):
        return None
    last = next((t for t in reversed(label) if t.lower_.rstrip(".") not in honorifics), label[-1])
    heads = [last, *(t for t in label if t.i < last.i and doc[t.i + 1].lower_ == "of")]
    is_label = any(_is_person_noun(names, token) for token in heads)
    return (label[0].idx, last.idx + len(last)) if is_label else None


def _is_in_label(token: Token, phrase: Set[int]) -> bool:
    if token.is_space or token.dep_ == "det" or (token.dep_ == "punct" and token.text != "-"):
        return False
    if token.lower_.rstrip(".") in titles() or token.lower_ == "of":
        return True
    inside = token.i in phrase or token.head.i in phrase
    return inside and (token.dep_ in MODIFIERS or token.dep_ == "advmod")


def _is_person_noun(names: NamedDoc, token: Token) -> bool:
    """Whether the word says what somebody is."""
    if token.idx in names.at or token.pos_ not in {"NOUN", "PROPN"} or token.tag_ in {"NNS", "NNPS"}:
        return False
    words, lists = {token.lower_.rstrip("."), token.lemma_.lower()}, word_lists("roles")
    return is_title(token) or bool(words & (role_nouns().keys() | lists["persons"] | lists["kin"]))


def _labels_beside(names: NamedDoc, candidate: Candidate) -> Iterator[tuple[int, int]]:
    """The spans of what stands in apposition to the name, or just before it with a comma."""
    head = names.head(candidate)
    beside = [child for child in head.rights if child.dep_ == "appos"]
    if head.dep_ == "appos":
        beside.append(head.head)
    first = names.first(candidate)
    if first.i > 1 and names.doc[first.i - 1].text == "," and head.dep_ != "conj":
        before = names.doc[first.i - 2]
        if before.dep_ != "conj" and any(names.owner(child) for child in before.lefts):
            beside.append(before)  # "Malaysia's prime minister, …"
    for token in beside:
        if _is_person_noun(names, token):
            yield names.start(token), names.end(token)


def _crosses(names: NamedDoc, span: tuple[int, int], candidate: Candidate) -> bool:
    """Whether the span would cut through a name, or contains the very name that it stands beside."""
    for i in (span[0], span[1] - 1):
        known = names.at.get(i)
        if known is not None and not (span[0] <= known.start and known.end <= span[1]):
            return True
    return span[0] < candidate.end and candidate.start < span[1]
