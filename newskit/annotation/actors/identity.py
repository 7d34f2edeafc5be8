"""Gives each name of a corpus its actor across articles, and a reason for every merge."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from newskit.annotation.actors.alike import MOST_ALIKE, AlikeNames
from newskit.annotation.actors.catalog import ActorCatalog
from newskit.annotation.actors.name_parts import (
    family_first,
    family_of,
    given_name,
    is_first_name,
    is_full,
    last_words,
    surname,
)
from newskit.annotation.actors.names import (
    consonants,
    gender_of,
    is_same_person,
    is_transliteration,
    slug,
)
from newskit.resources.lexicons import word_table
from newskit.schema import RESERVED_IDS, UNNAMED

if TYPE_CHECKING:
    import pandas as pd


class Name(NamedTuple):
    """A name in a corpus, what it names (catalog, person, organization, people, place), and the gender, if known."""

    name: str
    type: str
    gender: str


class Link(NamedTuple):
    """The actor that a name was linked to across articles, and why."""

    actor_id: str
    label: str
    type: str
    source: str
    rule: str


def link_names(names: pd.DataFrame, catalog: ActorCatalog) -> list[Link]:
    """Link each name of a corpus to its actor across articles.

    `names` has one row per distinct `name`, `type` (person, organization, people, place, or catalog for a name that
    the catalogue has) and, optionally, `gender` (m, f or missing), with its number of mentions `n`. In this order,

    1. names in the catalogue are its actors;
    2. full names of people are one person if family and given names agree, up to transliteration, short forms and
       middle initials, and no full name already merged differs;
    3. the last words of a long name ("López Obrador") are the only person whose name ends in them;
    4. a surname alone is the only person of the corpus with that surname whose gender does not differ, or the one
       with at least twice the mentions of any other; the same holds for organisations of one word, since
       recognisers often take a bare surname for one, if the person has at least their mentions; otherwise it is the
       only person with that first name;
    5. the catalogue's corrections are applied: split, merge, rename, ignore. A name that is ignored has the id
       "unnamed", which is no actor.

    Another spelling of a bare surname, initials and acronyms are resolved within an article only.

    Only names that share a key are compared (the consonants of the surname and of the given name or a long form of
    it), so the time grows about linearly with their number. The result, one link per row, does not depend on the
    order of the rows.
    """
    genders = names["gender"].fillna("") if "gender" in names else [""] * len(names)
    columns = zip(names["name"].astype(str), names["type"].astype(str), genders, strict=True)
    keys = [Name(name, kind, str(gender)) for name, kind, gender in columns]
    counts: Counter[Name] = Counter()
    for key, n in zip(keys, names["n"], strict=True):
        counts[key] += int(n)
    linker = _NameLinker(counts, catalog)
    links = _corrected(linker.links(), catalog)
    return [links[key] for key in keys]


class _NameLinker:
    """Links the distinct names of a corpus, the most frequent first."""

    def __init__(self, counts: Counter[Name], catalog: ActorCatalog) -> None:
        self.counts, self.catalog = counts, catalog
        self.distinct = sorted(counts, key=lambda key: (-counts[key], key))
        self.found: dict[Name, Link] = {}
        self.weights: Counter[str] = Counter()
        self.genders: dict[str, Counter[str]] = defaultdict(Counter)
        self.people: dict[str, Link] = {}

    def links(self) -> dict[Name, Link]:
        """The link of each name, before corrections."""
        self._catalogued()
        self._full_names()
        self._lone_names()
        self._others()
        return self.found

    def _catalogued(self) -> None:
        """Link names that the catalogue has."""
        for key in self.distinct:
            entry = self.catalog.lookup(key.name) if key.type != "place" else None
            if entry and (key.type == "catalog" or (entry.actor.type == "person") == (key.type == "person")):
                actor = entry.actor
                rule = f"{entry.how} in the catalogue" if entry.how != "name" else "name in the catalogue"
                self.found[key] = Link(actor.actor_id, actor.label, actor.type, "catalog", rule)

    def _full_names(self) -> None:
        """Link full names to the most frequent one that is the same name, unless another name of that actor differs."""
        totals: Counter[str] = Counter()
        for key in self.distinct:
            if key.type == "person" and is_full(key.name):
                totals[key.name] += self.counts[key]
        chosen = {key.name: link for key, link in self.found.items() if link.type == "person" and is_full(key.name)}
        members: dict[str, list[str]] = defaultdict(list)
        known = AlikeNames(_name_keys)
        ends = _long_names({*totals, *chosen})
        for name in sorted(
            {*totals, *chosen}, key=lambda name: (name not in chosen, name in ends, -totals[name], name)
        ):
            if name in ends and name not in chosen and ends[name] in chosen:
                chosen[name] = chosen[ends[name]]._replace(rule=f"last words of {ends[name]}")
            if name not in chosen:
                same = sorted(other for other in known.near(name) if is_same_person(other, name))
                actors = {chosen[o].actor_id for o in same}
                fitting = {a for a in actors if all(is_same_person(m, name) for m in members[a][:MOST_ALIKE])}
                agreed = [o for o in same if chosen[o].actor_id in fitting]
                if agreed:
                    other = max(agreed, key=lambda other: (totals[other], other))
                    chosen[name] = chosen[other]._replace(rule=_same_name_rule(name, other))
                else:
                    apart = f"; kept apart from {same[0]}: another name of that person differs" if same else ""
                    identity = self._id(name, "person")
                    chosen[name] = Link(identity, name, "person", "discovered", f"full name{apart}")
            members[chosen[name].actor_id].append(name)
            known.add(name)
        for key in self.distinct:
            if key.type == "person" and is_full(key.name) and key not in self.found:
                self.found[key] = chosen[key.name]
        for key, link in self.found.items():
            if link.type == "person":
                self.weights[link.actor_id] += self.counts[key]
                self.genders[link.actor_id][key.gender or gender_of(key.name)] += self.counts[key]
                self.people[link.actor_id] = link

    def _gender(self, actor_id: str) -> str:
        """The gender of most mentions of an actor; "" if unknown."""
        known = self.genders[actor_id]
        return "m" if known["m"] > known["f"] else "f" if known["f"] > known["m"] else ""

    def _lone_names(self) -> None:
        """Link surnames and first names that an article gives alone."""
        bearers: dict[str, set[str]] = defaultdict(set)
        first: dict[str, set[str]] = defaultdict(set)
        for key, link in self.found.items():
            if link.type == "person" and is_full(key.name):
                bearers[slug(family_of(key.name))].add(link.actor_id)
                first[slug(given_name(key.name))].add(link.actor_id)
        for key in self.distinct:
            if key in self.found or key.type not in {"person", "organization"} or is_full(key.name):
                continue
            family = slug(family_of(key.name))
            options, how = bearers.get(family, set()), "surname"
            if key.type == "organization":  # a company may have somebody's surname
                options = {actor for actor in options if self.weights[actor] >= self.counts[key]}
            if not options and key.type == "person" and is_first_name(key.name):
                options, how = first.get(family, set()), "first name"
                options = options if len(options) == 1 else set()
            meant = self._meant(options, key, how)
            if meant is not None:
                self.found[key] = meant

    def _meant(self, options: Iterable[str], key: Name, how: str) -> Link | None:
        """The only one whose gender does not differ, or the one with twice the mentions of any other; else None."""
        fitting = [a for a in options if not key.gender or self._gender(a) in {"", key.gender}]
        ranked = sorted(fitting, key=lambda actor: (-self.weights[actor], actor))
        if not ranked or (len(ranked) > 1 and self.weights[ranked[0]] < 2 * self.weights[ranked[1]]):
            return None
        person = self.people[ranked[0]]
        told = f", told to be {key.gender}" if key.gender else ""
        if len(ranked) == 1:
            rule = f"{how} of {person.label}, the only one of the corpus{told}"
        else:
            n, other = self.weights[ranked[0]], self.people[ranked[1]]
            rule = f"{how} of {person.label} ({n} mentions), not of {other.label} ({self.weights[ranked[1]]}){told}"
        return person._replace(rule=rule)

    def _others(self) -> None:
        """Make every other name an actor of its own."""
        taken = {link.actor_id for link in self.found.values()}
        organizations = [k.name for k in self.distinct if k.type == "organization" and k not in self.found]
        named = {slug(name): name for name in reversed(organizations)}
        for key in self.distinct:
            if key in self.found:
                continue
            name, rule = self._civil_name(key), f"{key.type} by this name"
            identity = self._id(name, key.type)
            if key.type != "person" and identity in taken and self.people.get(identity):
                identity = f"{identity}-{key.type}"
            label = named.get(slug(name), name) if key.type == "organization" else name
            self.found[key] = Link(identity, label, key.type, "discovered", rule)

    def _civil_name(self, key: Name) -> str:
        """A surname with "Mr." or "Ms." if the corpus gives it to a man and to a woman; any other name as it is."""
        both = all(Name(key.name, "person", gender) in self.counts for gender in "mf")
        if key.type != "person" or not key.gender or not both:
            return key.name
        return f"{'Mr.' if key.gender == 'm' else 'Ms.'} {key.name}"

    def _id(self, name: str, kind: str) -> str:
        """The id of an actor that the catalogue lacks, different from all of the catalogue's and those of voices."""
        identity = slug(name)
        if identity in self.catalog.actors or identity in RESERVED_IDS:
            return f"{identity}-{kind if kind == 'place' else 'discovered'}"
        return identity


def _corrected(links: Mapping[Name, Link], catalog: ActorCatalog) -> dict[Name, Link]:
    """The links with the catalogue's corrections: splits by name, then merges, renames and what is no actor, by id."""
    corrections = catalog.corrections
    splits = {(c.actor, c.name): c for c in corrections.split}
    labels = {link.actor_id: (link.label, link.type) for link in links.values()}
    labels |= {actor.actor_id: (actor.label, actor.type) for actor in catalog.actors.values()}
    ignored = {*corrections.ignore}
    corrected: dict[Name, Link] = {}
    for key, link in links.items():
        split = splits.get((link.actor_id, key.name))
        if split is not None:
            label, kind = labels.get(split.into, (key.name, link.type))
            link = Link(split.into, label, kind, link.source, f"split from {split.actor} by the catalogue")
        before, into = link.actor_id, corrections.target(link.actor_id)
        if into != link.actor_id:
            label, kind = labels.get(into, (into, link.type))
            link = Link(into, label, kind, link.source, f"{link.rule}; {link.actor_id} merged by the catalogue")
        label = corrections.rename.get(link.actor_id, link.label)
        corrected[key] = link._replace(label=label)
        if {link.actor_id, before} & ignored:
            corrected[key] = link._replace(actor_id=UNNAMED, rule=f"{link.actor_id} is ignored by the catalogue")
    return corrected


def _same_name_rule(name: str, other: str) -> str:
    """Why a full name is the same as another."""
    if not is_transliteration(given_name(name), given_name(other)) and not family_first(name):
        return f"short form of the first name of {other}"
    if slug(surname(name)) == slug(surname(other)) and slug(given_name(name)) == slug(given_name(other)):
        return f"same name as {other}, up to middle names and accents"
    return f"another spelling of {other}"


def _name_keys(name: str) -> list[tuple[str, str]]:
    """The keys by which full names are compared: consonants of the surname, and of the given name or a long form."""
    given = slug(given_name(name)).replace("-", "")
    family = consonants(family_of(name))
    if family_first(name):
        return [(family, given[:1])]
    return [(family, consonants(form)) for form in (given, *word_table("nicknames").get(given, ()))]


def _long_names(names: Iterable[str]) -> dict[str, str]:
    """Names that are the last words of only one longer name, with that name; none that begins with a first name."""
    long: dict[str, set[str]] = defaultdict(set)
    for name in names:
        for end in last_words(name):
            long[slug(end)].add(name)
    found = {name: long[slug(name)] for name in names if slug(name) in long and not is_first_name(name.split()[0])}
    return {name: min(whole) for name, whole in found.items() if len(whole) == 1}


def merges(links: Mapping[Name, Link], counts: Mapping[Name, tuple[int, int]]) -> list[dict[str, object]]:
    """The ledger of merges: one row per name with its actor, mentions, articles and the rule that links it."""
    rows: list[dict[str, object]] = [
        dict(
            actor_id=None if link.actor_id == UNNAMED else link.actor_id,
            name=key.name,
            name_type=key.type,
            gender=key.gender or None,
            n_mentions=counts[key][0],
            n_articles=counts[key][1],
            rule=link.rule,
        )
        for key, link in links.items()
    ]
    return sorted(rows, key=lambda row: (str(row["actor_id"]), -int(str(row["n_mentions"])), str(row["name"])))
