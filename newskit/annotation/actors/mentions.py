"""Where actors are mentioned in an article, and which mentions are one actor."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from newskit.annotation.actors.candidates import Candidate, Kind, head_token
from newskit.annotation.actors.catalog import ActorCatalog, Entry
from newskit.annotation.actors.institutions import Institutions, find_organizations, find_peoples, find_places
from newskit.annotation.actors.names import slug
from newskit.annotation.actors.people import find_people, people_candidates
from newskit.annotation.actors.pronouns import link_pronouns
from newskit.annotation.actors.roles import link_roles
from newskit.reading.article import Block, dateline_end
from newskit.resources.lexicons import titles, word_lists
from newskit.schema import ACTING

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

_PLACE_LABELS: Final = frozenset({"GPE", "NORP", "LOC", "ORG"})
_COVERING_LABELS: Final = frozenset({"ORG", "FAC", "WORK_OF_ART", "PRODUCT", "LAW", "GPE", "LOC", "NORP"})
_BYLINE = re.compile(r"(?:(?:Reporting|Additional reporting|Writing|Editing|Written|Story) by|By|BY) [A-Z](?!.*[.!?]$)")
_APOSTROPHE_S = re.compile(r"(?:'s|’s|'|’)$")
_PARTS: Final = re.compile(r"\b(?:New|Latin|(?:North|South|East|West)(?:ern)?|British) $")
"""What makes a state's name the name of another place: New Mexico, Northern Ireland."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention of an actor, or of a place or person that is none here: `doc.text[start:end]`.

    `entity` numbers the identities inside the article from 0, in order of appearance; None if unresolved.
    `type` is catalog, person, organization, people, place or none, `name` the name for identity across
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
        """Whether a tone toward it is asked for: it is an actor, not only a part of somebody's title, and not "I"."""
        return self.kind in ACTING and not self.in_title and not self.first_person


def find_mentions(doc: Doc, blocks: Sequence[Block], catalog: ActorCatalog) -> list[Mention]:
    """Find the mentions of actors in a parsed Doc and tell which are the same actor.

    Names come from the catalogue (states, alliances, movements: by name, demonym, capital, seat) and
    from the text: people by full name, by title, then by surname and spelling variant; organisations by
    `find_organizations`, places by `find_places`. Headlines and headings introduce no names, since their
    capitals mislead the recogniser; known names are found in them. Descriptions are linked by
    `link_roles`, which also tells the titles and labels beside names, pronouns by `link_pronouns`. In order of
    appearance; a description or a label may hold other names, and the name of an organisation that of a place,
    otherwise there are no overlaps.
    """
    headings = {i for b in blocks if b.part != "body" for i in range(b.start, b.end)}
    bylines = _bylines(doc, blocks)
    body = [ent for ent in doc.ents if ent.start_char not in headings and ent.start_char not in bylines]
    labels = _labels(doc)
    people = find_people(doc, body, catalog, headings)
    text = doc.text  # spaCy puts it together anew each time
    organizations = find_organizations(doc, text, body, catalog, people, headings)
    places = find_places(doc, text, body, catalog, people, organizations, headings)
    peoples = find_peoples(body, catalog, people)
    candidates = [
        *people_candidates(doc, people, headings, catalog),
        *organizations.candidates(text, "organization", 1),
        *_catalog_candidates(doc, catalog, body, labels, organizations),
        *peoples.candidates(text, "people", 3),
        *_placed(doc, places.candidates(text, "place", 3)),
    ]
    chosen: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda c: (-(c.end - c.start), c.order, c.start)):
        candidate.label = labels.get(candidate.start) or labels.get(candidate.end - 1)
        if candidate.start not in bylines:
            chosen.append(candidate)
    named = _without_overlaps(chosen)
    _mark_titles(doc, named)
    sentences = list(doc.sents)
    described, beside, unnamed = link_roles(doc, text, sentences, named)
    _mark_described(named, [*described, *beside])
    named = [*named, *described]
    genders = {person: people.gender(person) for person in people.all}
    pronouns = link_pronouns(doc, text, [(b.start, b.end) for b in blocks], named, genders)
    nested = _nested_places(text, catalog, named, chosen)
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
        for c in sorted([*named, *beside, *unnamed, *pronouns, *nested], key=lambda c: (c.start, c.end))
    ]


def _bylines(doc: Doc, blocks: Sequence[Block]) -> set[int]:
    """The characters of bylines and datelines: who wrote the article, and where, is no actor in it."""
    text = doc.text
    found: set[int] = set()
    for block in blocks:
        if block.end - block.start < 120 and _BYLINE.match(text[block.start : block.end]):
            found.update(range(block.start, block.end))
        found.update(range(block.start, dateline_end(text, block)))
    return found


def _labels(doc: Doc) -> dict[int, str]:
    """The recogniser's label at each character of an entity."""
    return {i: ent.label_ for ent in doc.ents for i in range(ent.start_char, ent.end_char)}


def _without_overlaps(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates that overlap no earlier one, sorted by place."""
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
    """The places in the names of organisations, of the kind place: Texas in the "University of Texas"."""
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


# --- actors of the catalogue ---------------------------------------------------------------------------


def _catalog_candidates(
    doc: Doc, catalog: ActorCatalog, body: Sequence[Span], labels: dict[int, str], organizations: Institutions
) -> list[Candidate]:
    text = doc.text  # spaCy puts it together anew each time
    longer = [name for name in organizations.full() if name.count(" ") > 1]
    hits = list(catalog.index.find(text))
    covered = _covered_by_other_names(body, hits)
    found = []
    for start, end, entry in hits:
        doubtful = entry.ambiguous and (labels.get(start) not in _PLACE_LABELS or _after_city(text, start, labels))
        if (start, end) in covered or doubtful:
            continue
        rule = _catalog_rule(doc, text[start:end], start, end, entry)
        other = _short_for(text[start:end], entry, longer)
        if other:
            rule = f"organization: short form of {other}"
            found.append(Candidate(start, end, ("organization", slug(other)), rule, "organization", 1, name=other))
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
    """The one longer name in the article that a catalogued organisation's name is part of here.

    In an article on the "Italian Supreme Court of Cassation", "the Supreme Court" is not the American one.
    """
    if entry.actor.type != "organization" or " " not in name:
        return None
    around = [other for other in longer if f" {name}" in other and entry.actor.label not in other]
    return around[0] if len(around) == 1 else None


def _placed(doc: Doc, candidates: Iterable[Candidate]) -> list[Candidate]:
    """Places, of the kind name where they act, and else of the kind place."""
    found = []
    for candidate in candidates:
        role = _capital_role(head_token(doc, candidate.start, candidate.end))
        kind: Kind = "name" if role else "place"
        found.append(replace(candidate, kind=kind, rule=f"{candidate.rule} ({role})" if role else candidate.rule))
    return found


def _after_city(text: str, start: int, labels: dict[int, str]) -> bool:
    """Whether a place stands before it with a comma: in "Atlanta, Georgia" the state is not the country."""
    return text[start - 2 : start] == ", " and labels.get(start - 3) == "GPE"


def _covered_by_other_names(body: Iterable[Span], hits: Sequence[tuple[int, int, Entry]]) -> set[tuple[int, int]]:
    """Catalogue strings that are only part of another name: "Mexico" in "New Mexico"."""
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
    """Why the string is a mention of the actor; None where it is only a place."""
    label = entry.actor.label
    if entry.how == "name":
        return f"name of {label}"
    if entry.how == "demonym":
        return f"demonym of {label}"
    token = head_token(doc, start, end)
    role = _seat_role(token) if entry.how == "seat" else _capital_role(token)
    return role and f"metonym: {text} stands for the government of {label} ({role})"


def _seat_role(token: Token) -> str | None:
    """What makes a seat of government more than a building: as a capital, or its people, or any phrase but of place."""
    role = _capital_role(token)
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


def _capital_role(token: Token) -> str | None:
    """What a capital does in its sentence that makes it a government, in words; None if nothing does."""
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


def _mark_described(named: Sequence[Candidate], described: Sequence[Candidate]) -> None:
    """Mark states and organisations that only belong to a description: "the Ukrainian president"."""
    inside = {i: c for c in described for i in range(c.start, c.end)}
    for candidate in named:
        around = inside.get(candidate.start)
        if around is not None and not candidate.in_title:
            candidate.in_title = True
            candidate.rule += f", in a description of {around.name}"


def _mark_titles(doc: Doc, named: Sequence[Candidate]) -> None:
    """Mark states that only belong to a person's title: "U.S. President Donald Trump"."""
    text = doc.text
    for state, person in pairwise(named):
        if state.type != "catalog" or person.type != "person":
            continue
        between = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text[state.end : person.start])
        glue = re.sub(r"[\w\s.-]", "", text[state.end : person.start])
        if between and not glue and all(word.lower() in titles() or word == "of" for word in between):
            state.in_title = True
            state.rule += f", in the title of {text[person.start : person.end]}"
