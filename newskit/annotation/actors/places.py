"""Finds the places and peoples that an article introduces."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from typing import TYPE_CHECKING, Final

from newskit.annotation.actors.catalog import ActorCatalog
from newskit.annotation.actors.name_parts import parse_name, surname
from newskit.annotation.actors.names import initials, slug
from newskit.annotation.actors.no_actors import is_no_actor
from newskit.annotation.actors.organizations import LONGEST_NAME, Introduced, is_name, is_proper, trimmed
from newskit.annotation.actors.people import People
from newskit.resources.lexicons import word_lists

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

_WITHIN: Final = frozenset(["across", "around", "in", "inside", "near", "outside", "throughout"])
"""Prepositions of place: an organisation named only after these is where something happens."""


def find_places(
    doc: Doc,
    text: str,
    body: Iterable[Span],
    catalog: ActorCatalog,
    people: People,
    organizations: Introduced,
    headings: Set[int],
) -> Introduced:
    """The places introduced in the running text, such as cities, regions and buildings, that the catalogue lacks.

    They are what the recogniser calls a place, organisations in a phrase of place that are not actors, and
    capitalised runs that end in a word such as "Airport".
    """
    found = Introduced()
    persons = _slugs(people)
    for ent in body:
        within = ent.label_ == "ORG" and ent.root.dep_ == "pobj" and ent.root.head.lower_ in _WITHIN
        if ent.label_ not in {"GPE", "LOC", "FAC"} and not within:
            continue
        name = trimmed(ent)
        if " " in name and name.split()[-1].lower() in word_lists("name_words")["thing"]:
            name = name.rsplit(" ", 1)[0]
        if (
            not is_name(ent, name)
            or is_no_actor(name)
            or slug(name) in persons
            or name in organizations.names
            or catalog.lookup(name)
        ):
            continue
        found.add(name, name, f"place: {name}")
    for name in _place_runs(doc, text, headings):
        if name not in organizations.names and not catalog.lookup(name) and slug(name) not in persons:
            found.add(name, name, f"place: {name}")
    by_initials: dict[str, list[str]] = defaultdict(list)
    for name in found.full():
        by_initials[initials(name)].append(name)
    for short in set(re.findall(r"\b(?:[A-Z]{2,3}\b|(?:[A-Z]\.){2,3})", text)):
        names = by_initials.get(short.replace(".", ""), [])
        if len(names) == 1 and " " in names[0] and not catalog.lookup(short) and short not in organizations.names:
            found.names[short] = (names[0], f"place: initials of {names[0]}")
    return found


def _slugs(people: People) -> set[str]:
    """The full names and surnames of the people, as ids."""
    return {slug(part) for name in people.all for part in (name, surname(name), parse_name(name).core) if part}


def _place_runs(doc: Doc, text: str, headings: Set[int]) -> Iterator[str]:
    """Capitalised runs of two or more words that end in a word for a place: "Grand Mosque", "Heathrow Airport"."""
    words = word_lists("name_words")["place"]
    for token in doc:
        if token.lower_ not in words or not is_proper(token) or token.idx in headings or token.ent_type_ == "PERSON":
            continue
        first = token.i
        while first > max(token.i - LONGEST_NAME, 0) and is_proper(doc[first - 1]) and doc[first - 1].whitespace_:
            first -= 1
        goes_on = token.i + 1 < len(doc) and is_proper(doc[token.i + 1]) and token.whitespace_
        if first < token.i and not goes_on:
            yield text[doc[first].idx : token.idx + len(token)]


def find_peoples(body: Iterable[Span], catalog: ActorCatalog, people: People) -> Introduced:
    """Peoples and followers that the running text names by a noun of their own: "Muslims", "Scientologists"."""
    found = Introduced()
    persons = _slugs(people)
    for ent in body:
        name = trimmed(ent)
        noun = ent.label_ == "NORP" and ent.root.pos_ in {"PROPN", "NOUN"} and name.endswith("s") and " " not in name
        if noun and is_name(ent, name) and not catalog.lookup(name) and slug(name) not in persons:
            found.add(name, name, f"people: {name}")
    return found
