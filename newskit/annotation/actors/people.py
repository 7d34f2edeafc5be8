"""The people of an article: how the text introduces them, how it names them again, and its pronouns."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newskit.annotation.actors.candidates import Candidate, acts, is_title, skip_titles, title_gender
from newskit.annotation.actors.catalog import ActorCatalog
from newskit.annotation.actors.names import (
    PARTICLES,
    NameIndex,
    family_first,
    gender_of,
    is_first_name,
    is_same_name,
    is_spelling_variant,
    slug,
    surname,
)
from newskit.resources.lexicons import titles, word_lists

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token


# --- people ------------------------------------------------------------------------------------------


@dataclass(slots=True)
class People:
    """The people of an article by full name (or single name), with how they were introduced."""

    all: dict[str, Counter[str]] = field(default_factory=dict)
    spellings: dict[str, str] = field(default_factory=dict)
    """Other spellings of a full name, with the one that stands in `all`."""

    def add(self, name: str, gender: str) -> None:
        """Count an introduction under this name; gender is "m", "f" or ""."""
        self.all.setdefault(name, Counter())[gender] += 1

    def gender(self, name: str) -> str:
        """The gender that most introductions tell, else that of the first name; "" if neither tells one."""
        known = self.all.get(name, Counter())
        return "m" if known["m"] > known["f"] else "f" if known["f"] else gender_of(name)

    def genders(self) -> dict[str, str]:
        """The gender of each person, as `gender` gives it."""
        return {name: self.gender(name) for name in self.all}


def find_people(doc: Doc, body: Sequence[Span], catalog: ActorCatalog, headings: Set[int]) -> People:
    """People the running text introduces, titles cut off.

    They are PERSON entities, grown to the first name before them and the end of a hyphenated or "von der"
    surname; names after a title; and runs of capitalised words that begin with a first name of the lists,
    since the recogniser takes many a person for an organisation or overlooks him ("Olaf Scholz"). A name of
    one word counts if it follows a title or acts as subject or owner somewhere; one that is the surname or
    first name of a full name is that person.
    """
    full, single = People(), People()
    text = doc.text  # spaCy puts it together anew each time
    labelled = {i: ent.label_ for ent in body for i in range(ent.start, ent.end)}
    seen: set[int] = set()
    for ent in body:
        first, gender = skip_titles(doc, ent.start, ent.end)
        titled = first > ent.start or (ent.start > 0 and doc[ent.start - 1].lower_.rstrip(".") in titles())
        introduced = ent.label_ in {"ORG", "GPE", "PRODUCT"} and any(is_title(t) for t in doc[ent.start : first])
        if ent.label_ != "PERSON" and not introduced:
            continue
        while first < ent.end - 1 and doc[first].pos_ in {"PRON", "DET", "ADV", "ADP", "CCONJ", "SCONJ", "VERB"}:
            first += 1  # "Anything Obama did"
        tokens = _grown(doc, _name_tokens(doc, first, ent.end), labelled)
        if not tokens or (len(tokens) == 1 and tokens[0].lower_ in titles()):
            continue
        name = text[tokens[0].idx : tokens[-1].idx + len(tokens[-1])]
        if _is_thing(tokens) and not (ent.label_ == "PERSON" and _is_surname(tokens[-1]) and gender_of(name)):
            continue
        seen.update(token.i for token in tokens)
        if (catalog.lookup(name) and not (titled and len(tokens) > 1)) or _ends_in_institution(name, catalog):
            continue
        gender = gender or title_gender(doc, tokens[0].i)
        if len(tokens) > 1:
            full.add(name, gender)
        elif titled or acts(tokens[0]) or tokens[0].dep_ in {"poss", "pobj", "dobj"}:
            single.add(name, gender)
    for tokens in _first_name_runs(doc, body, seen, labelled, catalog, headings):
        full.add(text[tokens[0].idx : tokens[-1].idx + len(tokens[-1])], title_gender(doc, tokens[0].i))
    for token in doc[:-1]:
        following = doc[token.i + 1]
        if (
            token.is_title
            and is_title(token)
            and _is_name_word(following)
            and following.pos_ == "PROPN"
            and following.ent_type_ in {"", "ORG", "GPE"}
            and len(following) > 2
            and following.lower_ not in titles()
            and not catalog.lookup(following.text)
        ):
            single.add(following.text, title_gender(doc, following.i))
    merged = _merge_spellings(_without_debris(full))
    known = {slug(part) for name in merged.all for part in (surname(name), name.split()[0])}
    merged.all |= {name: genders for name, genders in single.all.items() if slug(name) not in known}
    _lend_genders(merged, single.all)
    return merged


def _grown(doc: Doc, tokens: list[Token], labelled: dict[int, str]) -> list[Token]:
    """The tokens of a name with the first name before them ("Dean" Kamen) and what the surname lacks ("Jae-in")."""
    if not tokens:
        return tokens
    first, last = tokens[0].i, tokens[-1].i
    if len(tokens) == 1 and first > 0 and _may_precede(doc[first - 1], labelled):
        first -= 1
    elif len(tokens) == 1 and last + 1 < len(doc) and _may_follow(doc[last], doc[last + 1], labelled):
        last += 1
    while last + 2 < len(doc) and doc[last + 1].text == "-" and not doc[last].whitespace_:
        if doc[last + 1].whitespace_ or not doc[last + 2].is_alpha:
            break
        last += 2
    at = last + 1
    while at < len(doc) and doc[at].lower_ in PARTICLES and doc[at].is_lower:
        at += 1
    if last + 1 < at < len(doc) and doc[at].pos_ == "PROPN" and _is_name_word(doc[at]) and " " not in doc[last].text:
        last = at
    return list(doc[first : last + 1])


def _may_precede(token: Token, labelled: dict[int, str]) -> bool:
    """Whether a token is the first name that the recogniser left out before a surname."""
    return (
        token.pos_ == "PROPN"
        and token.is_title
        and bool(token.whitespace_)
        and labelled.get(token.i, "") in {"", "ORG", "PRODUCT", "PERSON"}
        and token.lower_ not in titles()
        and is_first_name(token.text)
    )


def _may_follow(first: Token, token: Token, labelled: dict[int, str]) -> bool:
    """Whether a token is the surname that the recogniser left out after a first name."""
    return (
        token.pos_ == "PROPN"
        and token.is_title
        and bool(first.whitespace_)
        and labelled.get(token.i, "") in {"", "ORG", "DATE", "PERSON"}
        and not first.is_sent_start
        and is_first_name(first.text)
        and not _is_thing([first, token])
    )


def _is_surname(token: Token) -> bool:
    """Whether a word for a place is a surname too, so that "Jonah Hill" can be somebody."""
    return token.lower_ in word_lists("name_words")["place_surnames"]


def _is_thing(tokens: Sequence[Token]) -> bool:
    """Whether the last word shows that the name is no person's: "Nobel Prize", "Obama Foundation"."""
    words = word_lists("name_words")
    last = tokens[-1].lower_
    return len(tokens) > 1 and any(last in words[kind] for kind in ("organization", "place", "thing"))


def _first_name_runs(
    doc: Doc,
    body: Sequence[Span],
    seen: Set[int],
    labelled: dict[int, str],
    catalog: ActorCatalog,
    headings: Set[int],
) -> Iterator[list[Token]]:
    """Runs of two to four capitalised words that begin with a first name, outside the PERSON entities."""
    at = 0
    inside = {
        i for ent in body if ent.label_ in {"FAC", "WORK_OF_ART", "LAW", "EVENT"} for i in range(ent.start, ent.end)
    }
    while at < len(doc) - 1:
        token = doc[at]
        at += 1
        if token.i in seen or token.i in inside or token.idx in headings or token.pos_ != "PROPN" or not token.is_title:
            continue
        before = doc[token.i - 1] if token.i else None
        if before is not None and before.pos_ == "PROPN" and before.is_title and before.lower_ not in titles():
            continue
        if token.lower_ in titles() or not is_first_name(token.text) or catalog.lookup(token.text):
            continue
        tokens = _name_tokens(doc, token.i, min(len(doc), token.i + 6))
        tokens = tokens[: next((n for n, t in enumerate(tokens) if n and t.i in seen), len(tokens))]
        while tokens and _ends_as_title(tokens):
            tokens.pop()
        spaced = all(t.whitespace_ or t.text == "-" or tokens[n + 1].text == "-" for n, t in enumerate(tokens[:-1]))
        words = [t for t in tokens if t.text != "-"]
        if (
            not 2 <= len(words) <= 4
            or not spaced
            or any(t.pos_ != "PROPN" and t.lower_ not in PARTICLES for t in words)
        ):
            continue
        at = tokens[-1].i + 1
        labels = {labelled.get(t.i, "") for t in tokens}
        known = catalog.lookup(doc[tokens[0].i : tokens[-1].i + 1].text)
        if known or _is_thing(tokens) or any(t.is_upper and len(t) > 3 for t in words):
            continue
        if "ORG" in labels and len(words) > 2 and not any(len(t.text.rstrip(".")) == 1 for t in words[1:-1]):
            continue
        yield tokens


def _ends_in_institution(name: str, catalog: ActorCatalog) -> bool:
    """Whether the last words are no surname but a seat or a longer name of the catalogue: "Obama White House"."""
    words = name.split()
    endings = (catalog.lookup(" ".join(words[i:])) for i in range(1, len(words)))
    return any(
        entry is not None and entry.actor.type != "person" and (entry.how == "seat" or i < len(words) - 1)
        for i, entry in enumerate(endings, 1)
    )


def _without_debris(people: People) -> People:
    """Leave out "Donald Trump Warns" and "Clinton Emails": a known name, or surname, with a word after it."""
    families = {surname(name) for name in people.all}
    clean = People()
    for name, genders in people.all.items():
        words = name.split()
        longer = any(" ".join(words[:n]) in people.all for n in range(2, len(words)))
        surname_first = len(words) == 2 and words[0] in families and len(people.all) > 1 and not family_first(name)
        if not longer and not surname_first:
            clean.all[name] = genders
    return clean


def _lend_genders(people: People, singles: dict[str, Counter[str]]) -> None:
    """What "Mr. Kim" says about gender goes to the one person of that surname."""
    families: dict[str, list[str]] = defaultdict(list)
    for person in people.all:
        families[slug(surname(person))].append(person)
    for name, genders in singles.items():
        same = families.get(slug(name), [])
        if len(same) == 1 and same[0] != name:
            own = gender_of(same[0])
            people.all[same[0]].update({g: n for g, n in genders.items() if not own or g == own})


def _merge_spellings(people: People) -> People:
    """Full names that differ only in spelling ("Volodymyr Zelensky/Zelenskyy") become the most frequent one."""
    merged = People()
    alike: dict[str, list[str]] = defaultdict(list)
    for name in sorted(people.all, key=lambda n: -sum(people.all[n].values())):
        block = alike[slug(surname(name))[:3]]
        same = next((old for old in block if is_same_name(name, old)), name)
        if same == name:
            block.append(name)
        else:
            merged.spellings[name] = same
        merged.all.setdefault(same, Counter()).update(people.all[name])
    return merged


def _name_tokens(doc: Doc, start: int, end: int) -> list[Token]:
    """The run of capitalised words (particles and initials allowed) that starts a span."""
    tokens: list[Token] = []
    for token in doc[start:end]:
        joined = bool(tokens) and (token.text == "-" or (tokens[-1].text == "-" and not tokens[-1].whitespace_))
        if not (_is_name_word(token) or joined or (tokens and token.lower_ in PARTICLES)):
            break
        tokens.append(token)
    while tokens and (tokens[-1].lower_ in PARTICLES or tokens[-1].text == "-" or _ends_as_title(tokens)):
        tokens.pop()
    return tokens


def _ends_as_title(tokens: Sequence[Token]) -> bool:
    """Whether the last word is the title of somebody who is named after it: "Louisiana Gov." is no person."""
    last = tokens[-1]
    return len(tokens) > 1 and last.lower_.rstrip(".") in titles() and not is_first_name(last.text)


def _is_name_word(token: Token) -> bool:
    return token.text[0].isupper() and any(c.isalpha() for c in token.text)


def people_candidates(doc: Doc, people: People, headings: Set[int], catalog: ActorCatalog) -> list[Candidate]:
    """Where the people are named: by full name, surname, first name or a spelling variant of the surname.

    `headings` are the characters of headline and headings, where capitals prove nothing.
    """
    text = doc.text  # spaCy puts it together anew each time
    forms: dict[str, tuple[str, str]] = {}
    owners: dict[str, list[str]] = defaultdict(list)
    for name in people.all:
        forms[name] = (name, "full name" if " " in name else "name seen alone")
        for part in {surname(name), name.split()[0]} - {name}:
            owners[part].append(name)
        if len(name.split()) > 2:
            forms.setdefault(f"{name.split()[0]} {surname(name)}", (name, f"first name and surname of {name}"))
    for name, same in people.spellings.items():
        forms.setdefault(name, (same, f"full name, another spelling of {same}"))
    titled = _titles_before(doc)
    for part, names in owners.items():
        by_surname = [n for n in names if surname(n) == part]
        bearers = by_surname or names
        if (
            by_surname
            and all(people.gender(n) == "f" for n in by_surname)
            and _titled_otherwise(titled.get(part, ()), part, people)
        ):
            people.all.setdefault(part, Counter())["m"] += 1  # neither of the women who bear it
            forms[part] = (part, f"title and surname, of somebody else than {' and '.join(by_surname)}")
            continue
        person = bearers[0] if len(bearers) == 1 else _main_bearer(text, bearers)
        how = "surname" if by_surname else "first name"
        shared = f", first named of {len(bearers)} who share it" if len(bearers) > 1 else ""
        if part not in forms and not (how == "first name" and catalog.lookup(part)) and len(part) > 1:
            forms[part] = (person, f"{how} of {person}{shared}")
    found = [
        Candidate(start, end, person, rule, "person", 0, name=person)
        for start, end, (person, rule) in NameIndex(forms.items()).find(text)
    ]
    return [*found, *_variants(doc, people, found, headings, catalog)]


def _titles_before(doc: Doc) -> dict[str, set[str]]:
    """The titles that stand before each word of the text."""
    found: dict[str, set[str]] = defaultdict(set)
    before = ""
    for token in doc:
        if before in titles():
            found[token.text].add(before)
        before = token.lower_.rstrip(".")
    return found


def _titled_otherwise(before: Iterable[str], family: str, people: People) -> bool:
    """Whether the bare surname is somebody else's than the women's who bear it: "Mr. Trump" beside Melania Trump.

    It is if it follows a man's title; or, where the women have a woman's title ("First Lady"), another one.
    """
    as_women = any(people.all[name]["f"] for name in people.all if surname(name) == family)
    genders = {titles()[word] for word in before}
    return "m" in genders or (as_women and "" in genders)


def _main_bearer(text: str, names: list[str]) -> str:
    """Of the people who share a surname, the one named in full first: papers mean them by the bare surname."""
    return min(names, key=lambda name: (at if (at := text.find(name)) >= 0 else len(text), name))


def _variants(
    doc: Doc,
    people: People,
    found: Iterable[Candidate],
    headings: Set[int],
    catalog: ActorCatalog,
) -> list[Candidate]:
    """Single capitalised words that are another spelling of a surname: "Zelensky" for Zelenskyy."""
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
