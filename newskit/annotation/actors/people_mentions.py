"""Finds where the people of an article are named: in full, by surname or first name, or in another spelling."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Set
from typing import TYPE_CHECKING

from newskit.annotation.actors.candidates import Candidate
from newskit.annotation.actors.catalog import ActorCatalog
from newskit.annotation.actors.names import NameIndex, is_spelling_variant, slug, surname
from newskit.annotation.actors.people import People
from newskit.resources.lexicons import titles

if TYPE_CHECKING:
    from spacy.tokens import Doc


def people_candidates(doc: Doc, people: People, headings: Set[int], catalog: ActorCatalog) -> list[Candidate]:
    """Where the people are named: by full name, surname, first name or a spelling variant of the surname.

    `headings` are the characters of headline and headings, where capitals prove nothing.
    """
    text = doc.text  # rebuilt by spaCy on every access
    forms = _forms(doc, text, people, catalog)
    found = [
        Candidate(start, end, person, rule, "person", 0, name=person)
        for start, end, (person, rule) in NameIndex(forms.items()).find(text)
    ]
    return [*found, *_variants(doc, people, found, headings, catalog)]


def _forms(doc: Doc, text: str, people: People, catalog: ActorCatalog) -> dict[str, tuple[str, str]]:
    """The forms by which people are named, each with the person and the rule.

    The bearer of a surname who is only named after a title ("Mr. Trump") is added to `people`.
    """
    forms: dict[str, tuple[str, str]] = {}
    owners: dict[str, list[str]] = defaultdict(list)
    for name in people.all:
        forms[name] = (name, "full name" if " " in name else "name seen alone")
        for part in dict.fromkeys((surname(name), name.split()[0])):
            if part != name:
                owners[part].append(name)
        if len(name.split()) > 2:
            forms.setdefault(f"{name.split()[0]} {surname(name)}", (name, f"first name and surname of {name}"))
    for name, same in people.spellings.items():
        forms.setdefault(name, (same, f"full name, another spelling of {same}"))
    titled = _titles_before(doc)
    for part, names in owners.items():
        by_surname = [n for n in names if surname(n) == part]
        bearers = by_surname or names
        are_women = bool(by_surname) and all(people.gender(n) == "f" for n in by_surname)
        if are_women and _titled_otherwise(titled.get(part, ()), part, people):
            people.all.setdefault(part, Counter())["m"] += 1
            forms[part] = (part, f"title and surname, of somebody else than {' and '.join(by_surname)}")
            continue
        person = bearers[0] if len(bearers) == 1 else _main_bearer(text, bearers)
        how = "surname" if by_surname else "first name"
        shared = f", first named of {len(bearers)} who share it" if len(bearers) > 1 else ""
        if part not in forms and not (how == "first name" and catalog.lookup(part)) and len(part) > 1:
            forms[part] = (person, f"{how} of {person}{shared}")
    return forms


def _titles_before(doc: Doc) -> dict[str, set[str]]:
    """The titles that occur just before each word of the text."""
    found: dict[str, set[str]] = defaultdict(set)
    before = ""
    for token in doc:
        if before in titles():
            found[token.text].add(before)
        before = token.lower_.rstrip(".")
    return found


def _titled_otherwise(before: Iterable[str], family: str, people: People) -> bool:
    """Whether a bare surname means somebody other than the women who bear it: "Mr. Trump" beside Melania Trump.

    It does if it follows a man's title, or, where the women have a woman's title ("First Lady"), a neutral one.
    """
    as_women = any(people.all[name]["f"] for name in people.all if surname(name) == family)
    genders = {titles()[word] for word in before}
    return "m" in genders or (as_women and "" in genders)


def _main_bearer(text: str, names: list[str]) -> str:
    """Of the people who share a surname, the one named in full first, whom papers mean by the bare surname."""
    return min(names, key=lambda name: (at if (at := text.find(name)) >= 0 else len(text), name))


def _variants(
    doc: Doc,
    people: People,
    found: Iterable[Candidate],
    headings: Set[int],
    catalog: ActorCatalog,
) -> list[Candidate]:
    """Single capitalised words that spell a surname differently: "Zelensky" for Zelenskyy."""
    taken = {i for c in found for i in range(c.start, c.end)}
    families: dict[str, list[str]] = defaultdict(list)
    for name in people.all:
        families[slug(surname(name))[:3]].append(name)
    lower = {token.text for token in doc if token.is_lower}
    variants = []
    for token in doc:
        if not token.text[0].isupper() or token.idx in taken or token.lower_ in lower or len(token) < 5:
            continue
        if token.pos_ != "PROPN" and token.idx not in headings:
            continue
        for name in families.get(slug(token.text)[:3], ()):
            family = surname(name)
            if is_spelling_variant(token.text, family) and not catalog.lookup(token.text):
                rule = (
                    f"spelling variant of {family}, surname of {name}" if " " in name else f"spelling variant of {name}"
                )
                variants.append(Candidate(token.idx, token.idx + len(token), name, rule, "person", 0, name=name))
                break
    return variants
