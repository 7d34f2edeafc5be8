"""Decides whether a name that is also a state, a capital, a month, a word or a ship means the person at one place."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from newskit.annotation.actors.candidates import is_title
from newskit.annotation.actors.catalog import ActorCatalog, Entry
from newskit.resources.language import known_words
from newskit.resources.lexicons import titles, word_lists

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_MONTHS: Final = frozenset(["april", "august", "january", "june", "may", "march"])
_PLACE_LABELS: Final = frozenset({"GPE", "LOC", "FAC"})
_OF_TIME: Final = frozenset(["by", "during", "early", "in", "last", "late", "mid", "next", "since", "this", "until"])
_OF_PLACE: Final = frozenset(
    ["across", "around", "at", "from", "in", "inside", "into", "near", "outside", "through", "throughout"]
)
_WITHIN: Final = frozenset(["across", "around", "in", "inside", "near", "outside", "throughout"])
_NO_NOUN: Final = frozenset({"ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NUM", "PART", "SCONJ", "VERB"})
_PERSON_ROLES: Final = frozenset({"nsubj", "nsubjpass", "poss", "dobj", "pobj", "agent", "dative", "conj", "appos"})


class Conflicts:
    """The other things that the names of an article's people may mean.

    The person is meant after a title. Elsewhere a name that the catalogue has too is the person's only after the full
    name, where the recogniser sees a person or the article speaks of nothing else by that name.
    """

    def __init__(self, doc: Doc, text: str, catalog: ActorCatalog) -> None:
        self.doc, self.text, self.catalog = doc, text, catalog
        self._seen: dict[str, set[tuple[str, str]]] | None = None

    def is_person(self, first: int, last: int, form: str, introduced: int, *, is_own: bool) -> bool:
        """Whether tokens with a form of a name mean the person, whose full name first stands at a character.

        `is_own` says whether the form is the full name, or a single one, by which the article introduces the person.
        """
        token = self.doc[last]
        before = self.doc[first - 1] if first else None
        if before is not None and before.lower_ in word_lists("name_words")["ships"]:
            return False
        if " " in form or "-" in form:
            is_place = token.ent_type_ in _PLACE_LABELS and not is_own
            return not is_place and not self._has_article(first, last)
        if before is not None and before.lower_.rstrip(".") in titles() and (is_title(before) or before.is_title):
            return True
        entry = self.catalog.lookup(form)
        if entry is not None:
            return self._is_person_of(entry, token, form, introduced)
        if form.lower() in _MONTHS:
            return self._is_no_month(token, before)
        if token.ent_type_ in _PLACE_LABELS and token.dep_ == "pobj" and token.head.lower_ in _WITHIN:
            return False
        return not (self._is_plain_word(token) and known_words().is_common(form.lower()))

    def _has_article(self, first: int, last: int) -> bool:
        """Whether a full name has an article of its own, as that of a ship or a building: "the Gerald R. Ford"."""
        return (
            first > 0 and self.doc[first - 1].lower_ == "the" and self.doc[first - 1].head.i in range(first, last + 1)
        )

    def _is_plain_word(self, token: Token) -> bool:
        """Whether a capitalised word is used as a word here: "Cook the rice", "Young voters"."""
        if token.ent_type_ == "PERSON" or token.pos_ == "PROPN" or token.is_upper:
            return False
        if token.pos_ == "ADJ" and token.dep_ == "amod":
            return True
        in_name = token.dep_ in _PERSON_ROLES or token.dep_ in {"compound", "nmod", "npadvmod"}
        return bool(token.is_sent_start) and token.pos_ in _NO_NOUN and not in_name

    def _is_person_of(self, entry: Entry, token: Token, form: str, introduced: int) -> bool:
        """Whether a name of the catalogue means the person instead."""
        if token.idx <= introduced or introduced < 0:
            return False
        if token.ent_type_ == "PERSON":
            return token.dep_ in _PERSON_ROLES or token.dep_ == "ROOT"
        if self._is_named(entry, form) or token.pos_ == "ADJ":
            return False
        if entry.how == "name" and entry.actor.type == "state" and token.ent_type_ in _PLACE_LABELS:
            return False
        at_place = token.dep_ == "pobj" and token.head.lower_ in {*_OF_PLACE, "of"}
        return token.dep_ in _PERSON_ROLES and not at_place

    def _is_no_month(self, token: Token, before: Token | None) -> bool:
        """Whether "May" is no month here, nor a verb."""
        following = self.doc[token.i + 1] if token.i + 1 < len(self.doc) else None
        if before is not None and (before.lower_ in _OF_TIME or before.like_num):
            return False
        if following is not None and following.like_num:
            return False
        if token.ent_type_ == "PERSON" or token.dep_ in {"nsubj", "nsubjpass", "agent", "dative"}:
            return True
        if token.pos_ in {"AUX", "VERB"} or (token.ent_type_ in {"DATE", "TIME"} and token.dep_ != "poss"):
            return False
        return token.dep_ in _PERSON_ROLES

    def _is_named(self, entry: Entry, form: str) -> bool:
        """Whether the article names an actor of the catalogue by another name; of a capital, demonyms do not count."""
        if self._seen is None:
            self._seen = defaultdict(set)
            for start, end, seen in self.catalog.index.find(self.text):
                self._seen[seen.actor.actor_id].add((self.text[start:end], seen.how))
        names = self._seen.get(entry.actor.actor_id, set())
        return any(name != form and not (entry.how == "capital" and how == "demonym") for name, how in names)
