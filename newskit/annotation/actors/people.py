"""The people of an article: who is introduced, and which names are one person's."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from newskit.annotation.actors.alike import AlikeNames
from newskit.annotation.actors.candidates import gender_told
from newskit.annotation.actors.catalog import ActorCatalog
from newskit.annotation.actors.introductions import find_introductions
from newskit.annotation.actors.name_parts import (
    family_first,
    family_of,
    is_first_name,
    is_full,
    is_initials,
    last_words,
    parse_name,
    surname,
    without_article,
)
from newskit.annotation.actors.names import gender_of, is_same_name, is_transliteration, slug
from newskit.resources.language import known_words
from newskit.resources.lexicons import titles, word_lists

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

_BESIDE: Final = 25
"""Characters before and after a name in which a word such as "wife" is said of it."""


@dataclass(slots=True)
class People:
    """The people of an article by full name (or single name), with what the article tells where it introduces them."""

    all: dict[str, Counter[str]] = field(default_factory=dict)
    """The genders that their titles imply."""
    titles: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The titles before their names."""
    spellings: dict[str, str] = field(default_factory=dict)
    """Other spellings of a full name, with the one in `all`."""
    inner: dict[str, str] = field(default_factory=dict)
    """Words by which somebody may be named besides the first and the last name, with the only one who has them."""

    def add(self, name: str, gender: str, before: Iterable[str] = ()) -> None:
        """Count an introduction under this name; gender is "m", "f" or ""."""
        self.all.setdefault(name, Counter())[gender] += 1
        self.titles[name].update(before)

    def take(self, other: str, name: str) -> None:
        """Count what is told of one name with another."""
        self.all.setdefault(name, Counter()).update(self.all.pop(other))
        self.titles[name] |= self.titles.pop(other, set())

    def gender(self, name: str) -> str:
        """The gender that most introductions imply, else that of the first name; "" if unknown."""
        known = self.all.get(name, Counter())
        return "m" if known["m"] > known["f"] else "f" if known["f"] else gender_of(name)

    def genders(self) -> dict[str, str]:
        """The gender of each person, as `gender` gives it."""
        return {name: self.gender(name) for name in self.all}

    def slugs(self) -> set[str]:
        """The full names, surnames and first names, as ids."""
        parts = {slug(part) for name in self.all for part in (name, *_ends(name), *last_words(name)) if part}
        return parts | {slug(form) for form in (*self.spellings, *self.inner)}


def find_people(doc: Doc, body: Sequence[Span], catalog: ActorCatalog, headings: Set[int]) -> People:
    """The people introduced in the running text, without their titles.

    `find_introductions` tells who is introduced. Spellings of one full name are one person, as are its last words
    ("López Obrador"); a name of one word that is a part of a full name is that person. Somebody of rank is known by it
    and a given name ("Prince Harry"), unless a full name with this rank has that given name.
    """
    full, single = People(), People()
    written: dict[str, str] = {}
    for found in find_introductions(doc, body, catalog, headings):
        if is_full(found.name):
            full.add(found.name, gender_told(found.titles), found.titles)
            written[found.written] = found.name
        elif found.stands_alone:
            single.add(found.name, gender_told(found.titles), found.titles)
    people = _joined_people(doc.text, full, single)
    for form, name in written.items():
        if form != name and not parse_name(name).title:
            people.spellings.setdefault(form, people.spellings.get(name, name))
    people.spellings = {form: name for form, name in people.spellings.items() if name in people.all}
    return people


def _ends(name: str) -> Iterator[str]:
    """The family name, with and without an article, and the given name."""
    parts = parse_name(name)
    yield from (parts.family, parts.core, parts.given)
    if not parts.title and parts.given:
        yield name.split()[0]


def _joined_people(text: str, full: People, single: People) -> People:
    """People by full name, spellings merged, with those single names that are not part of a full one."""
    joined = _merge_spellings(_without_debris(full, single), text)
    _join_last_words(joined)
    _join_ranks(joined)
    known: dict[str, set[str]] = defaultdict(set)
    for name in joined.all:
        for part in _ends(name):
            known[slug(part)].add(name)
    joined.inner = _inner_words(joined)
    inner = {slug(word) for word in joined.inner}
    for name, genders in single.all.items():
        key = slug(without_article(name))
        if key in known or slug(name) in known or key in inner:
            continue
        same = [n for n in joined.all if is_full(n) and is_transliteration(name, family_of(n))]
        if len(same) == 1:
            joined.spellings[name] = same[0]
            continue
        joined.all[name] = genders
        joined.titles[name] |= single.titles[name]
    _lend_titles(joined, single, text)
    return joined


def _inner_words(people: People) -> dict[str, str]:
    """The word before the family name, and the last given name behind one: Lula, Sheinbaum, Trong.

    A word that two people have, or somebody has as a first or family name, is left out.
    """
    inner: dict[str, set[str]] = defaultdict(set)
    for name in people.all:
        parts = parse_name(name)
        word = (parts.given.split() if family_first(name) else parts.middle)[-1:]
        if word and len(word[0]) > 3 and not parts.title:
            inner[word[0]].add(name)
    ends = {part for name in people.all for part in _ends(name)}
    return {word: min(names) for word, names in inner.items() if len(names) == 1 and word not in ends}


def _without_debris(people: People, single: People) -> People:
    """The people without names to which a word clings: "Donald Trump Warns", "Clinton Emails", "Crooked Hillary"."""
    families = {surname(name) for name in people.all if not parse_name(name).title}
    clean = People(titles=people.titles)
    common = known_words().is_common
    parts = {slug(part) for name in (*people.all, *single.all) for part in _ends(name) if part}
    for name, genders in people.all.items():
        words = name.split()
        plain = not parse_name(name).title and not parse_name(name).generation
        longer = any(
            " ".join(words[:n]) in people.all and any(common(w.lower()) or w.lower() in titles() for w in words[n:])
            for n in range(2, len(words))
        )
        surname_first = len(words) == 2 and words[0] in families and len(people.all) > 1 and not family_first(name)
        nicknamed = len(words) == 2 and not is_first_name(words[0]) and common(words[0].lower())
        if nicknamed and plain and sum(genders.values()) == 1 and _is_known(slug(words[1]), name, people, parts):
            single.add(words[1], "")
        elif not (plain and (longer or surname_first)):
            clean.all[name] = genders
    return clean


def _is_known(part: str, name: str, people: People, parts: Set[str]) -> bool:
    """Whether a word is a part of another name than this one."""
    others = {slug(p) for other in people.all if other != name for p in _ends(other) if p}
    return part in others or (part in parts and part not in {slug(p) for p in _ends(name)})


def _join_last_words(people: People) -> None:
    """Join a name that is the last words of a longer one with it: "López Obrador", "Suu Kyi", "De Croo"."""
    keys = {name: [slug(without_article(w)) for w in name.split()] for name in people.all if not parse_name(name).title}
    for name, words in keys.items():
        longer = [o for o, theirs in keys.items() if len(theirs) > len(words) and theirs[-len(words) :] == words]
        if len(words) < 2 or not longer:
            continue
        if len(longer) == 1 and longer[0] in people.all:
            people.take(name, longer[0])
            people.spellings[name] = longer[0]
        elif all(slug(family_of(other)) == "-".join(words) for other in longer):
            del people.all[name]  # a surname of several people: who is meant is decided where it stands


def _join_ranks(people: People) -> None:
    """Join "Prince Mohammed" with the full name of a Mohammed who has that rank."""
    for name in list(people.all):
        parts = parse_name(name)
        if not parts.title:
            continue
        bearers = [
            other
            for other in people.all
            if parts.title in people.titles[other]
            and not parse_name(other).title
            and slug(other.split()[0]) == slug(parts.given)
        ]
        if len(bearers) == 1:
            people.take(name, bearers[0])
            people.spellings[name] = bearers[0]


def is_called_kin(text: str, name: str) -> bool:
    """Whether somebody is called a relative just before or just after the full name, where it stands first."""
    at = text.find(name)
    if at < 0:
        return False
    end = at + len(name)
    words = re.findall(r"[a-z]+", f"{text[max(0, at - _BESIDE) : at]} {text[end : end + _BESIDE]}".lower())
    return bool({*words} & word_lists("roles")["kin"]) or "first lady" in " ".join(words)


def _lend_titles(people: People, single: People, text: str) -> None:
    """Give the titles of "Mr. Kim", and the gender they imply, to the only person with that surname.

    An office is not given to somebody who is called a relative.
    """
    families: dict[str, list[str]] = defaultdict(list)
    for person in people.all:
        families[slug(family_of(person))].append(person)
    for name, genders in single.all.items():
        same = families.get(slug(without_article(name)), [])
        if len(same) == 1 and same[0] != name:
            own = gender_of(same[0])
            people.all[same[0]].update({g: n for g, n in genders.items() if not own or g == own})
            if not is_called_kin(text, same[0]) and not ({g for g in genders if g} - {own or "m", own or "f"}):
                people.titles[same[0]] |= single.titles[name]


def _merge_spellings(people: People, text: str) -> People:
    """The people with full names that differ only in spelling ("Volodymyr Zelensky/Zelenskyy") as the most frequent."""
    merged = People(titles=people.titles)
    kept = AlikeNames(lambda name: [slug(family_of(name))[:3]])
    for name in sorted(people.all, key=lambda n: (is_initials(parse_name(n).given), -sum(people.all[n].values()))):
        near = kept.near(name)
        same = next((old for old in near if is_same_name(name, old) or _is_same_junior(name, old, text)), name)
        if same == name:
            kept.add(name)
        else:
            merged.spellings[name] = same
            merged.titles[same] |= merged.titles[name]
        merged.all.setdefault(same, Counter()).update(people.all[name])
    return merged


def _is_same_junior(a: str, b: str, text: str) -> bool:
    """Whether a name with "Jr." and the same one without are one person: nothing in the article tells of two.

    They are two if the name without "Jr." comes first, if "Jr." comes again after it, or if a father or a son is spoken
    of; otherwise "Jr." was left out later on.
    """
    younger, plain = (a, b) if parse_name(a).generation else (b, a)
    one, other = parse_name(younger), parse_name(plain)
    if one.generation != "jr" or other.generation or not is_same_name(re.sub(r"[ ,]+\S+$", "", younger), plain):
        return False
    juniors = [m.start() for m in re.finditer(re.escape(younger), text)]
    alone = [m.start() for m in re.finditer(rf"{re.escape(plain)}\b(?!,? [JS]r\b|,? (?:Juni|Seni)or\b)", text)]
    if not juniors or not alone or alone[0] < juniors[0] or any(at > alone[0] for at in juniors):
        return False
    return not re.search(r"\b(?:fathers?|sons?|dad|elder|younger|namesake)\b", text)
