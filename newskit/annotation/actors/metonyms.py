"""When a capital or a seat of government stands for the government, by its role in the sentence (`metonyms.toml`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newskit.resources.lexicons import word_lists

if TYPE_CHECKING:
    from spacy.tokens import Token


def seat_role(token: Token) -> str | None:
    """What makes a seat of government more than a building, in words; None if nothing does.

    It is the role of a capital, that of its people ("White House officials"), or any phrase other than one of place.
    """
    role = capital_role(token)
    if role:
        return role
    words = word_lists("metonyms")
    head = token.head
    if token.dep_ in {"compound", "nmod"}:
        return f"its “{head.text}”" if head.lemma_.lower() in words["office_nouns"] else None
    if token.dep_ == "pobj":
        if head.lower_ == "to" and head.head.lower_ == "according":
            return "after “according to”"
        return None if head.lower_ in words["place_prepositions"] else f"after “{head.text}”"
    return None if token.dep_ == "dobj" else "seat of government, not in a place phrase"


def capital_role(token: Token) -> str | None:
    """What makes a capital the government in its sentence, in words; None if nothing does."""
    words = word_lists("metonyms")
    while token.dep_ == "conj" and token.head != token:
        token = token.head
    head = token.head
    verb = head.lemma_.lower()
    if token.dep_ == "nsubj" and head.pos_ == "VERB" and verb not in words["place_verbs"]:
        return f"subject of “{head.text}”"
    if token.dep_ in {"dobj", "nsubjpass"} and verb in words["address_verbs"]:
        return f"object of “{head.text}”"
    if token.dep_ == "poss" and head.lemma_.lower() not in words["place_nouns"]:
        return f"owner of “{head.text}”"
    if token.dep_ == "dative" and verb in words["transfer_words"]:
        return f"recipient of “{head.text}”"
    if token.dep_ == "pobj":
        return _prepositional_role(head, words)
    return None


def _prepositional_role(preposition: Token, words: dict[str, frozenset[str]]) -> str | None:
    word = preposition.lower_
    governor = preposition.head
    lemma = governor.lemma_.lower()
    if (
        (word in words["partner_prepositions"] and (word != "by" or preposition.dep_ == "agent"))
        or (word == "to" and lemma in words["transfer_words"])
        or (word == "on" and lemma in words["pressure_words"])
        or (word == "from" and lemma in words["origin_words"])
    ):
        return f"after “{governor.text} {word}”" if governor != preposition else f"after “{word}”"
    return None
