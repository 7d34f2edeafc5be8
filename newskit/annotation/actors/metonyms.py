"""When a capital, a seat of government, a state's name or its demonym means the government (`metonyms.toml`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from newskit.annotation.actors.roles import role_nouns
from newskit.resources.lexicons import word_lists

if TYPE_CHECKING:
    from spacy.tokens import Token

_ATTRIBUTIVE: Final = frozenset({"amod", "compound", "nmod", "npadvmod", "nummod"})
_HYPHENS: Final = frozenset({"-", "–", "‐", "‑"})
_LIKE_ADJECTIVES: Final = frozenset({"U.K.", "U.S.", "UK", "US"})
"""Names of states that are used as adjectives are: "U.S. stocks"."""


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


def state_is_place(token: Token, text: str) -> str | None:
    """Why the name of a state means only the place where something is or happens, in words; None if the state acts.

    It is a place after a preposition of place ("a flood in Japan", but neither "trust in Japan" nor "critics in Japan",
    who are the state's), and where people go ("fled to Japan"). "U.S." before a noun is read as a demonym is.
    """
    words = word_lists("metonyms")
    if text in _LIKE_ADJECTIVES and token.text == text and token.dep_ in _ATTRIBUTIVE:
        return demonym_is_place(token, party=False)
    at = _first_of_list(token)
    if at.dep_ != "pobj":
        return None
    preposition, governor = at.head.lower_, _first_of_list(at.head).head.lemma_.lower()
    is_of_state = governor in words["trust_words"] | word_lists("roles")["persons"] or governor in role_nouns()
    if preposition in words["state_place_prepositions"] and not is_of_state:
        return f"after “{at.head.text}”"
    if preposition in {"from", "to"} and governor in words["motion_words"]:
        return f"after “{at.head.head.text} {preposition}”"
    return None


def demonym_is_place(token: Token, *, party: bool) -> str | None:
    """Why a demonym only says where people or things are from, in words; None if it stands for the state.

    Before a noun it stands for the state if that is an office, a force, the land or an act of the state ("Russian
    troops", but not "the Russian economy"). As a noun it does with "the" ("talks with the Russians"). That of a party
    (`party`) stands for it except before words such as "voters".
    """
    words = word_lists("metonyms")
    at = _first_of_list(token)
    if any(0 <= i < len(token.doc) and token.doc[i].text in _HYPHENS for i in (token.i - 1, token.i + 1)):
        return None  # "anti-American", "the U.S.-supplied missiles"
    if at.dep_ in _ATTRIBUTIVE and at.head != at:
        noun = at.head
        if party:
            return f"of “{noun.text}”" if noun.lemma_.lower() in words["party_people"] else None
        of_state = noun.pos_ == "PROPN" or noun.lemma_.lower() in words["state_nouns"] or noun.text[0].isupper()
        return None if of_state else f"of “{noun.text}”"
    if party:
        return None
    several = token.tag_ in {"NNS", "NNPS"} or not token.text.endswith("n")
    if several and any(child.lower_ == "the" for child in (*token.lefts, *at.lefts)):
        return None
    return "people from there"


def _first_of_list(token: Token) -> Token:
    """The first member of a list that a name belongs to: the one whose role is that of all."""
    while token.dep_ == "conj" and token.head != token:
        token = token.head
    return token
