"""Finds where the people of an article are named: in full, by surname or first name, or in another spelling."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from typing import TYPE_CHECKING, Final

from newskit.annotation.actors.alike import MOST_ALIKE
from newskit.annotation.actors.candidates import Candidate, gender_told, titles_before
from newskit.annotation.actors.catalog import ActorCatalog
from newskit.annotation.actors.conflicts import Conflicts
from newskit.annotation.actors.name_parts import family_first, is_full, last_words, parse_name, surname
from newskit.annotation.actors.names import NameIndex, is_spelling_variant, slug
from newskit.annotation.actors.people import People, is_called_kin
from newskit.resources.lexicons import titles_of_rank, word_lists

if TYPE_CHECKING:
    from spacy.tokens import Doc

_CIVIL: Final = {"m": "Mr.", "f": "Ms."}
_GENERATIONS: Final = {"jr": ("Jr.", "Jr", "Junior"), "sr": ("Sr.", "Sr", "Senior")}


def people_candidates(doc: Doc, people: People, headings: Set[int], catalog: ActorCatalog) -> list[Candidate]:
    """Where the people are named: by full name, surname, first name or a spelling variant of the surname.

    Who is meant by a name that several share is decided at each place, by the titles before it. `headings` are the
    characters of headline and headings, where capitals prove nothing. The bearer of a surname who is only named after
    a title ("Mr. Trump" beside Melania Trump) is added to `people`.
    """
    finder = _PeopleFinder(doc, people, catalog)
    found = list(finder.found())
    return [*found, *_variants(doc, people, finder.taken, headings, catalog)]


class _PeopleFinder:
    """Finds the people of one article by the forms of their names."""

    def __init__(self, doc: Doc, people: People, catalog: ActorCatalog) -> None:
        self.doc, self.text, self.people = doc, doc.text, people
        self.conflicts = Conflicts(doc, self.text, catalog)
        self.forms = _forms(people, catalog)
        self.tokens = {token.idx: token.i for token in doc}
        self.introduced = {name: self._first_place(name) for name in people.all}
        self.fathers: set[str] = set()
        self.in_office: set[str] = set()
        self.strangers: dict[str, set[str]] = defaultdict(set)
        """Surnames of those who are only named after a title, with their genders."""
        self.taken: set[int] = set()
        """The characters of all forms, including those that mean nobody where they stand."""

    def _first_place(self, name: str) -> int:
        """Where somebody is named in full for the first time; -1 if nowhere."""
        spelt = [form for form, same in self.people.spellings.items() if same == name]
        places = [at for form in (name, *spelt) if is_full(form) and (at := self.text.find(form)) >= 0]
        return min(places, default=-1)

    def found(self) -> Iterator[Candidate]:
        """The places where people are named, with whoever is meant there."""
        hits = [(start, end, form) for start, end, form in NameIndex((f, f) for f in self.forms).find(self.text)]
        places = [(start, end, form, self._titles(start)) for start, end, form in hits]
        self.fathers = {
            form
            for start, _, form, before in places
            if before and (self._is_fathers(form, start) or self._is_relatives(form, before))
        }
        civil = word_lists("roles")["honorifics"]
        self.in_office = {form for _, _, form, before in places if set(before) - civil}
        for _, _, form, before in places:
            self._note_stranger(form, before)
        for start, end, form, before in places:
            self.taken.update(range(start, end))
            meant = self._meant(start, end, form, before)
            if meant is not None:
                person, name, rule = meant
                yield Candidate(start, end, person, rule, "person", 0, name=name)

    def _titles(self, start: int) -> tuple[str, ...]:
        """The titles just before a name."""
        at = self.tokens.get(start)
        return () if at is None else titles_before(self.doc, at)

    def _bearers(self, form: str) -> list[str]:
        """Those who have a form as their surname; if nobody has, those who have it otherwise."""
        options = self.forms[form]
        return [name for name, how in options.items() if how.startswith(("surname", "name seen"))] or list(options)

    def _note_stranger(self, form: str, before: Sequence[str]) -> None:
        """Note that a form follows a title that none of its bearers can have."""
        gender = self._foreign_gender(form, before)
        if gender:
            self.strangers[form].add(gender)

    def _foreign_gender(self, form: str, before: Sequence[str]) -> str:
        """The gender of somebody else than the bearers of a surname whom the titles before it imply; "" if nobody.

        A neutral title ("President") means somebody else beside women who have titles of women, or beside a son alone.
        """
        bearers = self._bearers(form)
        if not before or not any(how.startswith(("surname", "name seen")) for how in self.forms[form].values()):
            return ""
        told = gender_told(before)
        genders = {self.people.gender(name) for name in bearers}
        if told:
            return told if genders and told not in genders and "" not in genders else ""
        are_women = genders == {"f"} and any(self.people.all[name]["f"] for name in bearers)
        known = any(set(before) & self.people.titles[name] for name in bearers)
        is_stranger = form in self.fathers or (are_women and not known)
        return "m" if is_stranger and "m" in self.strangers.get(form, {"m"}) else ""

    def _meant(self, start: int, end: int, form: str, before: Sequence[str]) -> tuple[str, str, str] | None:
        """Who is meant at a place, the name of that person, and the rule; None if nobody is."""
        options = self.forms[form]
        first, last = self._span(start, end)
        gender = self._foreign_gender(form, before)
        if gender or (not before and self.strangers.get(form) and self._is_strangers(form)):
            gender = gender or next(iter(sorted(self.strangers[form])))
            return self._stranger(form, gender)
        person, rule = self._chosen(form, before, start)
        is_own = form == person or options[person].startswith("full")
        if not self.conflicts.is_person(first, last, form, self.introduced.get(person, -1), is_own=is_own):
            return None
        return person, person, rule or options[person]

    def _span(self, start: int, end: int) -> tuple[int, int]:
        """The first and the last token of a place."""
        if start in self.tokens:
            first = last = self.tokens[start]
            while last + 1 < len(self.doc) and self.doc[last + 1].idx < end:
                last += 1
            return first, last
        span = self.doc.char_span(start, end, alignment_mode="expand")
        assert span is not None
        return span.start, span.end - 1

    def _is_strangers(self, form: str) -> bool:
        """Whether a bare surname is that of somebody else: beside a first lady, but not beside a man or a candidate."""
        return form in self.fathers or all("lady" in self.people.titles[name] for name in self._bearers(form))

    def _is_fathers(self, form: str, start: int) -> bool:
        """Whether a surname behind a title is a father's: it stands before its only bearers, who all have "Jr."."""
        bearers = self._bearers(form)
        return all(parse_name(name).generation == "jr" and start < self.introduced[name] for name in bearers)

    def _is_relatives(self, form: str, before: Sequence[str]) -> bool:
        """Whether a surname behind an office is that of a relative of its bearers: "President Novak, his son Petr".

        They all are called somebody's wife, son and the like beside their full names, and none has that office.
        """
        offices = set(before) - word_lists("roles")["honorifics"]
        bearers = self._bearers(form)
        if not offices or any(offices & self.people.titles[name] for name in bearers):
            return False
        return all(is_full(name) and is_called_kin(self.text, name) for name in bearers)

    def _stranger(self, form: str, gender: str) -> tuple[str, str, str]:
        """Somebody who is only named after a title, beside others with that surname."""
        person = f"{_CIVIL[gender]} {form}"
        if person not in self.people.all:
            self.people.all[person] = Counter({gender: 1})
        others = " and ".join(self._bearers(form))
        return person, form, f"title and surname, of somebody else than {others}"

    def _chosen(self, form: str, before: Sequence[str], start: int) -> tuple[str, str]:
        """Of those who share a form, the one meant at a place, and the rule if it is more than the form's own."""
        options = self.forms[form]
        if len(options) == 1:
            return next(iter(options)), ""
        full = [name for name, how in options.items() if how.startswith("full")]
        if full:
            return full[0], ""
        rank = before[0] if before and before[0] in titles_of_rank() else ""
        ranked = [n for n in options if parse_name(n).title or titles_of_rank().keys() & self.people.titles[n]]
        if rank and (same := [n for n in ranked if rank in {parse_name(n).title, *self.people.titles[n]}]):
            return same[0], f"{options[same[0]]}, by the title"
        known = [n for n in ranked if parse_name(n).title]
        if known and not before:
            return known[-1], ""
        return self._of_bearers(form, [n for n in self._bearers(form) if not (before and n in known)], before, start)

    def _of_bearers(self, form: str, bearers: list[str], before: Sequence[str], start: int) -> tuple[str, str]:
        """Of several with one surname, the one with the title or its gender, else the one named first."""
        how = self.forms[form]
        bearers = bearers or self._bearers(form)
        gender = gender_told(before)
        if gender:
            same = [n for n in bearers if self.people.gender(n) == gender]
            bearers = same or [n for n in bearers if not self.people.gender(n)] or bearers
        offices = set(before) - word_lists("roles")["honorifics"]
        with_title = [n for n in bearers if offices & self.people.titles[n]]
        if before and len(with_title) == 1:
            return with_title[0], f"{how[with_title[0]]}, by the title"
        bearers = with_title or bearers
        if len(bearers) == 1:
            return bearers[0], f"{how[bearers[0]]}, by the title" if before else ""
        if len({slug(parse_name(n).given) for n in bearers}) == 1:
            person = self._of_generations(form, bearers, start)
            return person, f"{how[person]}, the one with the title or named in full last"
        person = min(bearers, key=lambda n: (at if (at := self.introduced.get(n, -1)) >= 0 else len(self.text), n))
        return person, f"{how[person]}, first named of {len(bearers)} who share it"

    def _of_generations(self, form: str, bearers: list[str], start: int) -> str:
        """Of a father and a son, the one who has a title, else the one introduced last.

        A title before the bare surname that nobody has in full is the father's: "President Trump".
        """
        honorifics = word_lists("roles")["honorifics"]
        titled = [n for n in bearers if self.people.titles[n] - honorifics]
        if len(titled) == 1:
            return titled[0]
        fathers = [n for n in bearers if parse_name(n).generation not in {"jr", "ii", "iii"}]
        if not titled and form in self.in_office and len(fathers) == 1:
            return fathers[0]
        earlier = [n for n in bearers if 0 <= self.introduced.get(n, -1) < start]
        return max(earlier or bearers, key=lambda n: (self.introduced.get(n, -1), n))


def _forms(people: People, catalog: ActorCatalog) -> dict[str, dict[str, str]]:
    """The forms by which people are named, each with those who have it, and how it is theirs."""
    forms: dict[str, dict[str, str]] = defaultdict(dict)
    for name in people.all:
        for form, how in _own_forms(name):
            if how == "first name" and catalog.lookup(form):
                continue
            if len(form) > 1:
                forms[form].setdefault(name, how if form == name else f"{how} of {name}")
    for spelt, name in people.spellings.items():
        if parse_name(spelt).title:
            for form, _ in _own_forms(spelt):
                forms[form].setdefault(name, f"given name of {name}")
        else:
            forms[spelt].setdefault(name, f"full name, another spelling of {name}")
    for word, name in people.inner.items():
        if not catalog.lookup(word):
            forms[word].setdefault(name, f"surname among the names of {name}")
    return forms


def _own_forms(name: str) -> Iterator[tuple[str, str]]:
    """The forms of a name, and what each is: the full name, the surname in its spellings, the first name."""
    parts = parse_name(name)
    if parts.title:
        yield parts.given, "given name"
        if parts.generation:
            yield f"{parts.given} {parts.generation.upper()}", "full name"
        return
    yield name, "full name" if is_full(name) else "name seen alone"
    family = parts.family
    spelt = dict.fromkeys((family, parts.core, family[0].upper() + family[1:]))
    if parts.particle:
        spelt[family[0].lower() + family[1:]] = None
    if not is_full(name):
        for form in spelt:
            yield form, "name seen alone"
        return
    tails = _GENERATIONS.get(parts.generation, (parts.generation.upper(),)) if parts.generation else ()
    for tail in tails:
        base = name.rsplit(" ", 1)[0]
        for form in (f"{base} {tail}", f"{base}, {tail}"):
            yield form, "full name"
        for form in spelt:
            yield f"{form} {tail}", "surname"
    for form in spelt:
        yield form, "surname"
        if parts.middle:
            yield f"{name.split()[0]} {form}", "first name and surname"
    yield from ((form, "last words") for form in last_words(name))
    yield name.split()[-1] if family_first(name) and parts.given.count(" ") else parts.given, "first name"
    yield name.split()[0], "first name"


def _variants(
    doc: Doc,
    people: People,
    taken: Set[int],
    headings: Set[int],
    catalog: ActorCatalog,
) -> list[Candidate]:
    """Single capitalised words that spell a surname differently: "Zelensky" for Zelenskyy."""
    families: dict[str, list[str]] = defaultdict(list)
    for name in people.all:
        alike = families[slug(surname(name))[:3]]
        if len(alike) < MOST_ALIKE:
            alike.append(name)
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
