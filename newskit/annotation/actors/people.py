"""Finds the people that the running text of an article introduces."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newskit.annotation.actors.candidates import acts, is_title, skip_titles, title_gender
from newskit.annotation.actors.catalog import ActorCatalog
from newskit.annotation.actors.names import (
    PARTICLES,
    family_first,
    gender_of,
    is_first_name,
    is_same_name,
    slug,
    surname,
)
from newskit.resources.lexicons import titles, word_lists

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token


@dataclass(slots=True)
class People:
    """The people of an article by full name (or single name), with the genders implied where they are introduced."""

    all: dict[str, Counter[str]] = field(default_factory=dict)
    spellings: dict[str, str] = field(default_factory=dict)
    """Other spellings of a full name, with the one in `all`."""

    def add(self, name: str, gender: str) -> None:
        """Count an introduction under this name; gender is "m", "f" or ""."""
        self.all.setdefault(name, Counter())[gender] += 1

    def gender(self, name: str) -> str:
        """The gender that most introductions imply, else that of the first name; "" if unknown."""
        known = self.all.get(name, Counter())
        return "m" if known["m"] > known["f"] else "f" if known["f"] else gender_of(name)

    def genders(self) -> dict[str, str]:
        """The gender of each person, as `gender` gives it."""
        return {name: self.gender(name) for name in self.all}


def find_people(doc: Doc, body: Sequence[Span], catalog: ActorCatalog, headings: Set[int]) -> People:
    """The people introduced in the running text, without their titles.

    They are PERSON entities, extended to the first name before them and the end of a hyphenated or "von der"
    surname; names after a title; and runs of capitalised words that begin with a known first name, since the
    recogniser takes many a person for an organisation or overlooks them ("Olaf Scholz"). A name of one word
    counts if it follows a title or is a subject, object or owner somewhere; if it is the surname or first name of
    a full name, it is that person.
    """
    full, single = People(), People()
    text = doc.text  # rebuilt by spaCy on every access
    labelled = {i: ent.label_ for ent in body for i in range(ent.start, ent.end)}
    seen: set[int] = set()
    for ent in body:
        tokens, gender, is_titled = _introduced(doc, ent, labelled)
        if not tokens:
            continue
        name = _written(text, tokens)
        if _is_thing(tokens) and not (ent.label_ == "PERSON" and _is_surname(tokens[-1]) and gender_of(name)):
            continue
        seen.update(token.i for token in tokens)
        if (catalog.lookup(name) and not (is_titled and len(tokens) > 1)) or _ends_in_institution(name, catalog):
            continue
        gender = gender or title_gender(doc, tokens[0].i)
        if len(tokens) > 1:
            full.add(name, gender)
        elif is_titled or acts(tokens[0]) or tokens[0].dep_ in {"poss", "pobj", "dobj"}:
            single.add(name, gender)
    for tokens in _first_name_runs(doc, body, seen, labelled, catalog, headings):
        full.add(_written(text, tokens), title_gender(doc, tokens[0].i))
    for token in _words_after_titles(doc, catalog):
        single.add(token.text, title_gender(doc, token.i))
    return _joined_people(full, single)


def _written(text: str, tokens: Sequence[Token]) -> str:
    """The tokens as they stand in the text."""
    return text[tokens[0].idx : tokens[-1].idx + len(tokens[-1])]


def _introduced(doc: Doc, ent: Span, labelled: dict[int, str]) -> tuple[list[Token], str, bool]:
    """The name of the person in an entity, the gender its titles imply, and whether it has one; no tokens if nobody."""
    first, gender = skip_titles(doc, ent.start, ent.end)
    is_titled = first > ent.start or (ent.start > 0 and doc[ent.start - 1].lower_.rstrip(".") in titles())
    is_mislabelled = ent.label_ in {"ORG", "GPE", "PRODUCT"} and any(is_title(t) for t in doc[ent.start : first])
    if ent.label_ != "PERSON" and not is_mislabelled:
        return [], gender, is_titled
    while first < ent.end - 1 and doc[first].pos_ in {"PRON", "DET", "ADV", "ADP", "CCONJ", "SCONJ", "VERB"}:
        first += 1  # "Anything Obama did"
    tokens = _grown(doc, _name_tokens(doc, first, ent.end), labelled)
    is_only_title = len(tokens) == 1 and tokens[0].lower_ in titles()
    return [] if is_only_title else tokens, gender, is_titled


def _words_after_titles(doc: Doc, catalog: ActorCatalog) -> Iterator[Token]:
    """Single names after a title that the recogniser does not call a person: "President Novak"."""
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
            yield following


def _joined_people(full: People, single: People) -> People:
    """People by full name, spellings merged, with those single names that are not part of a full one."""
    joined = _merge_spellings(_without_debris(full))
    known = {slug(part) for name in joined.all for part in (surname(name), name.split()[0])}
    joined.all |= {name: genders for name, genders in single.all.items() if slug(name) not in known}
    _lend_genders(joined, single.all)
    return joined


def _grown(doc: Doc, tokens: list[Token], labelled: dict[int, str]) -> list[Token]:
    """The tokens of a name with a first name before them ("Dean" Kamen) and the rest of the surname ("Jae-in")."""
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
    """Whether a token is a first name that the recogniser left out before a surname."""
    return (
        token.pos_ == "PROPN"
        and token.is_title
        and bool(token.whitespace_)
        and labelled.get(token.i, "") in {"", "ORG", "PRODUCT", "PERSON"}
        and token.lower_ not in titles()
        and is_first_name(token.text)
    )


def _may_follow(first: Token, token: Token, labelled: dict[int, str]) -> bool:
    """Whether a token is a surname that the recogniser left out after a first name."""
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
    """Whether a word for a place is also a surname, so that "Jonah Hill" can be a person."""
    return token.lower_ in word_lists("name_words")["place_surnames"]


def _is_thing(tokens: Sequence[Token]) -> bool:
    """Whether the last word shows that this is not the name of a person: "Nobel Prize", "Obama Foundation"."""
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
    """Whether the last words are no surname, but a seat or longer name of the catalogue: "Obama White House"."""
    words = name.split()
    endings = (catalog.lookup(" ".join(words[i:])) for i in range(1, len(words)))
    return any(
        entry is not None and entry.actor.type != "person" and (entry.how == "seat" or i < len(words) - 1)
        for i, entry in enumerate(endings, 1)
    )


def _without_debris(people: People) -> People:
    """The people without "Donald Trump Warns" and "Clinton Emails": a known name, or surname, and a word after it."""
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
    """Give the gender that "Mr. Kim" implies to the only person with that surname."""
    families: dict[str, list[str]] = defaultdict(list)
    for person in people.all:
        families[slug(surname(person))].append(person)
    for name, genders in singles.items():
        same = families.get(slug(name), [])
        if len(same) == 1 and same[0] != name:
            own = gender_of(same[0])
            people.all[same[0]].update({g: n for g, n in genders.items() if not own or g == own})


def _merge_spellings(people: People) -> People:
    """The people with full names that differ only in spelling ("Volodymyr Zelensky/Zelenskyy") as the most frequent."""
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
    """The run of capitalised words, with particles and initials, at the start of a span."""
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
    """Whether the last word is the title of somebody named after it: "Louisiana Gov." is not a person."""
    last = tokens[-1]
    return len(tokens) > 1 and last.lower_.rstrip(".") in titles() and not is_first_name(last.text)


def _is_name_word(token: Token) -> bool:
    return token.text[0].isupper() and any(c.isalpha() for c in token.text)
