"""Finds where actors are mentioned in an article, and which mentions are the same actor."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from newskit.annotation.actors.appositions import find_appositions
from newskit.annotation.actors.candidates import Candidate, Kind, head_token
from newskit.annotation.actors.catalog import ActorCatalog, Entry
from newskit.annotation.actors.descriptions import link_descriptions, unnamed_people
from newskit.annotation.actors.metonyms import capital_role, demonym_is_place, seat_role, state_is_place
from newskit.annotation.actors.named_doc import NamedDoc
from newskit.annotation.actors.names import slug
from newskit.annotation.actors.no_actors import is_channel
from newskit.annotation.actors.organizations import Introduced, find_organizations
from newskit.annotation.actors.people import People, find_people
from newskit.annotation.actors.people_mentions import people_candidates
from newskit.annotation.actors.places import find_peoples, find_places
from newskit.annotation.actors.pronouns import link_pronouns
from newskit.annotation.quotes.rules import find_quotes
from newskit.reading.article import Block, dateline_end
from newskit.resources.lexicons import titles
from newskit.schema import ACTING

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

_PLACE_LABELS: Final = frozenset({"GPE", "NORP", "LOC", "ORG"})
_COVERING_LABELS: Final = frozenset({"ORG", "FAC", "WORK_OF_ART", "PRODUCT", "LAW", "GPE", "LOC", "NORP"})
_BYLINE = re.compile(r"(?:(?:Reporting|Additional reporting|Writing|Editing|Written|Story) by|By|BY) [A-Z](?!.*[.!?]$)")
_PARTS: Final = re.compile(r"\b(?:New|Latin|(?:North|South|East|West)(?:ern)?|British) $")
"""What turns the name of a state into that of another place: New Mexico, Northern Ireland."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention of an actor, or of a place or person that is not one here: `doc.text[start:end]`.

    `entity` numbers the identities within the article from 0, in order of appearance; None if unresolved.
    `type` is catalog, person, organization, people, place or none, `name` the name that identifies the actor across
    articles, `gender` m, f or "". `in_title` marks a state named in somebody's title or description
    ("Russian President Vladimir Putin", "the Russian president"), `first_person` the "I" of a speaker.
    """

    start: int
    end: int
    entity: int | None
    kind: Kind
    type: str
    ner_label: str | None
    rule: str
    name: str
    gender: str = ""
    in_title: bool = False
    first_person: bool = False

    @property
    def is_target(self) -> bool:
        """Whether the tone toward it is measured: it is an actor, not just part of somebody's title, and not "I"."""
        return self.kind in ACTING and not self.in_title and not self.first_person


def find_mentions(doc: Doc, blocks: Sequence[Block], catalog: ActorCatalog) -> list[Mention]:
    """Find the mentions of actors in a parsed Doc, and which of them are the same actor.

    Names come from the catalogue (states, alliances, movements: by name, demonym, capital, seat) and from the text:
    people by `find_people`, organisations by `find_organizations`, places by `find_places`, peoples by `find_peoples`.
    Headlines and headings introduce no names, since their capitals mislead the recogniser, but names known otherwise
    are found in them. Descriptions are linked by `link_descriptions`, titles and labels beside names are found by
    `find_appositions`, and pronouns are linked by `link_pronouns`.

    The mentions are in order of appearance. A description or a label may contain other names, and the name of an
    organisation that of a place; otherwise there are no overlaps.
    """
    text = doc.text  # rebuilt by spaCy on every access
    people, found = _find_names(doc, text, blocks, catalog)
    named = _without_overlaps(found)
    _mark_titles(text, named)
    names = NamedDoc(doc, text, list(doc.sents), named)
    described, beside = link_descriptions(names), find_appositions(names)
    unnamed = unnamed_people(names, [*described, *beside])
    _mark_described(named, [*described, *beside])
    named = [*named, *described]
    spans = [(b.start, b.end) for b in blocks]
    # The quotes component runs the rules again, with the pronouns linked here among its actors: the result can differ.
    quotes = find_quotes(doc, spans, sorted({(c.start, c.end) for c in named}))
    pronouns, told = link_pronouns(doc, text, spans, named, people.genders(), quotes)
    known = {name: gender for name, gender in people.genders().items() if gender}  # no pronoun overrules a name
    nested = _nested_places(text, catalog, named, found)
    return _as_mentions([*named, *beside, *unnamed, *pronouns, *nested], told | known)


def _find_names(doc: Doc, text: str, blocks: Sequence[Block], catalog: ActorCatalog) -> tuple[People, list[Candidate]]:
    """The people of an article, and all names in it, the longest first; they may overlap."""
    headings = {i for b in blocks if b.part != "body" for i in range(b.start, b.end)}
    bylines = _bylines(text, blocks)
    body = [ent for ent in doc.ents if ent.start_char not in headings and ent.start_char not in bylines]
    labels = {i: ent.label_ for ent in doc.ents for i in range(ent.start_char, ent.end_char)}
    people = find_people(doc, body, catalog, headings)
    organizations = find_organizations(doc, text, body, catalog, people, headings)
    places = find_places(doc, text, body, catalog, people, organizations, headings)
    peoples = find_peoples(body, catalog, people)
    candidates = [
        *people_candidates(doc, people, headings, catalog),
        *organizations.candidates(text, "organization", 1),
        *_catalog_candidates(doc, text, catalog, body, labels, organizations),
        *peoples.candidates(text, "people", 3),
        *_placed(doc, places.candidates(text, "place", 3)),
    ]
    found: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda c: (-(c.end - c.start), c.order, c.start)):
        candidate.label = labels.get(candidate.start) or labels.get(candidate.end - 1)
        if candidate.start not in bylines and not is_channel(doc, candidate):
            found.append(candidate)
    return people, found


def _as_mentions(candidates: Iterable[Candidate], genders: Mapping[str, str]) -> list[Mention]:
    """The candidates as mentions in order of appearance, their entities numbered."""
    numbers: dict[Hashable, int] = {}
    return [
        Mention(
            start=c.start,
            end=c.end,
            entity=None if c.entity is None else numbers.setdefault(c.entity, len(numbers)),
            kind=c.kind,
            type=c.type,
            ner_label=c.label,
            rule=c.rule,
            name=c.name,
            gender=genders.get(str(c.entity), "") if c.type == "person" else "",
            in_title=c.in_title,
            first_person=c.first_person,
        )
        for c in sorted(candidates, key=lambda c: (c.start, c.end))
    ]


def _bylines(text: str, blocks: Sequence[Block]) -> set[int]:
    """The characters of bylines and datelines: who wrote the article, and where, is not an actor in it."""
    found: set[int] = set()
    for block in blocks:
        if block.end - block.start < 120 and _BYLINE.match(text[block.start : block.end]):
            found.update(range(block.start, block.end))
        found.update(range(block.start, dateline_end(text, block)))
    return found


def _without_overlaps(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates that do not overlap an earlier one, in order of appearance."""
    taken: set[int] = set()
    kept = []
    for candidate in candidates:
        if candidate.start not in taken and candidate.end - 1 not in taken:
            taken.update(range(candidate.start, candidate.end))
            kept.append(candidate)
    return sorted(kept, key=lambda c: c.start)


def _nested_places(
    text: str, catalog: ActorCatalog, named: Sequence[Candidate], candidates: Iterable[Candidate]
) -> list[Candidate]:
    """Places within the names of organisations, of the kind place: Texas in the "University of Texas"."""
    known = sorted((c for c in candidates if c.type == "place"), key=lambda c: c.start)
    starts = [c.start for c in known]
    found = []
    for around in named:
        if around.type != "organization":
            continue
        rule = f"place: in the name {around.name or text[around.start : around.end]}"
        inside = known[bisect_left(starts, around.start) : bisect_left(starts, around.end)]
        shorter = (p for p in inside if p.end <= around.end and p.end - p.start < around.end - around.start)
        found += [replace(place, kind="place", rule=rule) for place in shorter]
        for start, end, entry in catalog.index.find(text[around.start : around.end]):
            whole = end - start == around.end - around.start
            part = _PARTS.search(text[around.start : around.start + start])
            if entry.actor.type == "state" and entry.how == "name" and not whole and not part:
                start, end = around.start + start, around.start + end
                entity = ("catalog", entry.actor.actor_id)
                found.append(Candidate(start, end, entity, rule, "catalog", 4, kind="place", name=text[start:end]))
    return _without_overlaps(sorted(found, key=lambda c: (c.start - c.end, c.start)))


def _catalog_candidates(
    doc: Doc,
    text: str,
    catalog: ActorCatalog,
    body: Sequence[Span],
    labels: Mapping[int, str],
    organizations: Introduced,
) -> list[Candidate]:
    """Where the actors of the catalogue are named, and the places that bear their names."""
    longer = [name for name in organizations.full() if name.count(" ") > 1]

    @functools.cache
    def short_for(name: str, entry: Entry) -> str | None:
        return _short_for(name, entry, longer)

    hits = list(catalog.index.find(text))
    covered = _covered_by_other_names(body, hits)
    found = []
    for start, end, entry in hits:
        doubtful = entry.ambiguous and (labels.get(start) not in _PLACE_LABELS or _after_city(text, start, labels))
        if (start, end) in covered or doubtful:
            continue
        rule = _catalog_rule(doc, text[start:end], start, end, entry)
        other = short_for(text[start:end], entry)
        if other:
            rule = f"organization: short form of {other}"
            found.append(Candidate(start, end, ("organization", slug(other)), rule, "organization", 1, name=other))
        elif rule and (why := _only_a_place(doc, text[start:end], start, end, entry)):
            rule = f"place: {text[start:end]} is not the government here: {why}"
            entity = ("catalog", entry.actor.actor_id)
            found.append(Candidate(start, end, entity, rule, "catalog", 2, kind="place", name=text[start:end]))
        elif rule:
            entity = ("catalog", entry.actor.actor_id)
            group = entry.actor.type in {"organization", "party", "movement", "alliance"}
            found.append(Candidate(start, end, entity, rule, "catalog", 2, name=text[start:end], group=group))
        elif entry.how == "capital" or labels.get(start) in {"GPE", "FAC"}:
            name = text[start:end]
            why = f"place: {name}, not the government of {entry.actor.label} here"
            found.append(Candidate(start, end, ("place", slug(name)), why, "place", 3, kind="place", name=name))
    return found


def _short_for(name: str, entry: Entry, longer: Iterable[str]) -> str | None:
    """The only longer name in the article that contains the name of a catalogued organisation; None if there is none.

    In an article on the "Italian Supreme Court of Cassation", "the Supreme Court" is not the American one.
    """
    if entry.actor.type != "organization" or " " not in name:
        return None
    around = [other for other in longer if f" {name}" in other and entry.actor.label not in other]
    return around[0] if len(around) == 1 else None


def _placed(doc: Doc, candidates: Iterable[Candidate]) -> list[Candidate]:
    """Places: of the kind name where they act, otherwise of the kind place."""
    found = []
    for candidate in candidates:
        role = capital_role(head_token(doc, candidate.start, candidate.end))
        kind: Kind = "name" if role else "place"
        found.append(replace(candidate, kind=kind, rule=f"{candidate.rule} ({role})" if role else candidate.rule))
    return found


def _after_city(text: str, start: int, labels: Mapping[int, str]) -> bool:
    """Whether a place and a comma come before it: in "Atlanta, Georgia", Georgia is not the country."""
    return text[start - 2 : start] == ", " and labels.get(start - 3) == "GPE"


def _covered_by_other_names(body: Iterable[Span], hits: Sequence[tuple[int, int, Entry]]) -> set[tuple[int, int]]:
    """Names of the catalogue that are only part of another name: "Mexico" in "New Mexico"."""
    by_char = {i: (start, end) for start, end, _ in hits for i in range(start, end)}
    covered: set[tuple[int, int]] = set()
    for ent in body:
        if ent.label_ not in _COVERING_LABELS or "’s" in ent.text or "'s" in ent.text:
            continue
        inside = {by_char[i] for i in range(ent.start_char, ent.end_char) if i in by_char}
        rest = "".join(c if i not in by_char else " " for i, c in enumerate(ent.text, ent.start_char))
        words = [word for word in re.findall(r"[^\W\d_]+", rest) if word.lower() not in {"the", "and", "s"}]
        if words and all(word[0].isupper() or word in {"of", "for"} for word in words):
            covered |= inside
    return covered


def _catalog_rule(doc: Doc, text: str, start: int, end: int, entry: Entry) -> str | None:
    """Why the string is a mention of the actor; None if it is only a place here."""
    label = entry.actor.label
    if entry.how == "name":
        return f"name of {label}"
    if entry.how == "demonym":
        return f"demonym of {label}"
    token = head_token(doc, start, end)
    role = seat_role(token) if entry.how == "seat" else capital_role(token)
    return role and f"metonym: {text} stands for the government of {label} ({role})"


def _only_a_place(doc: Doc, text: str, start: int, end: int, entry: Entry) -> str | None:
    """Why a state's name or demonym is only a place here, or where somebody is from; None if it is the state."""
    token = head_token(doc, start, end)
    if entry.how == "demonym":
        return demonym_is_place(token, party=entry.actor.type != "state")
    is_state = entry.how == "name" and entry.actor.type == "state"
    return state_is_place(token, text) if is_state else None


def _mark_described(named: Sequence[Candidate], described: Sequence[Candidate]) -> None:
    """Mark states and organisations that are only part of a description: "the Ukrainian president"."""
    inside = {i: c for c in described for i in range(c.start, c.end)}
    for candidate in named:
        around = inside.get(candidate.start)
        if around is not None and not candidate.in_title:
            candidate.in_title = True
            candidate.rule += f", in a description of {around.name}"


def _mark_titles(text: str, named: Sequence[Candidate]) -> None:
    """Mark states that are only part of a person's title: "U.S. President Donald Trump"."""
    for state, person in pairwise(named):
        if state.type != "catalog" or person.type != "person":
            continue
        between = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text[state.end : person.start])
        glue = re.sub(r"[\w\s.-]", "", text[state.end : person.start])
        if between and not glue and all(word.lower() in titles() or word == "of" for word in between):
            state.in_title = True
            state.rule += f", in the title of {text[person.start : person.end]}"
