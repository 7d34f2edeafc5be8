"""Finds the organisations that an article introduces: full names, acronyms, short forms."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from typing import TYPE_CHECKING, Final

from newskit.annotation.actors.candidates import Candidate, acts, is_title, skip_titles
from newskit.annotation.actors.catalog import ActorCatalog
from newskit.annotation.actors.names import SMALL_WORDS, NameIndex, initials, slug
from newskit.annotation.actors.no_actors import is_no_actor
from newskit.annotation.actors.people import People
from newskit.resources.lexicons import titles, word_lists

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

LONGEST_NAME: Final = 30
"""Most words of a name before or after the noun in it."""
_MOST_LOOKED: Final = 200
"""Most names of which the text is searched for a short form."""
_APOSTROPHE_S = re.compile(r"(?:'s|’s|'|’)$")
_LEGAL_FORM = re.compile(r",? (?:Inc|Corp|Co|Ltd|LLC|PLC|plc|Incorporated|Corporation|Limited|AG|SA)\.?$")
_BRACKETED = re.compile(r"\s?\((?:the )?([A-Z][A-Za-z&.]{0,8}[A-Z0-9][A-Za-z.]{0,3})\)")
_EXPANDED = re.compile(r"\b([A-Z][A-Z&.]{1,8}) \((?:the )?([A-Z][^()\n]{5,80})\)")


class Introduced:
    """What an article introduces, organisations or places: each form in the text, the full name it means, and why."""

    def __init__(self) -> None:
        self.names: dict[str, tuple[str, str]] = {}

    def add(self, form: str, name: str, rule: str) -> None:
        """Give a form in the text to the organisation or place of this name, unless it is taken."""
        self.names.setdefault(form, (name, rule))

    def full(self) -> list[str]:
        """The full names, without acronyms and short forms."""
        return [form for form, (name, _) in self.names.items() if form == name]

    def candidates(self, doc_text: str, kind: str, order: int) -> list[Candidate]:
        """Where the forms occur in the text."""
        return [
            Candidate(start, end, (kind, slug(name)), rule, kind, order, name=name)
            for start, end, (name, rule) in NameIndex(self.names.items()).find(doc_text)
        ]


def find_organizations(
    doc: Doc, text: str, body: Sequence[Span], catalog: ActorCatalog, people: People, headings: Set[int]
) -> Introduced:
    """The organisations introduced in the running text that are neither in the catalogue nor people.

    A name counts if the recogniser calls it ORG and it acts somewhere, is called so twice, or follows a noun of
    office ("a spokesman for Acme"); and so does any capitalised run around a word such as "Department" or
    "University". An organisation also goes by its acronym, in brackets or by its initials, by its name without the
    legal form and, if only one organisation has them, by its first words ("Comic Corps" of Canada) or by its noun
    with "the" ("the Church").
    """
    found = Introduced()
    persons = people.slugs()
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    reasons: dict[str, str] = {}
    for ent in body:
        name = without_office(trimmed(ent)) if ent.label_ == "ORG" else trimmed(ent)
        labels[name][ent.label_] += 1
        if ent.label_ == "ORG" and is_name(ent, name) and not _is_known_person(doc, ent, name, persons):
            why = "acts in the article" if acts(ent.root) or ent.root.dep_ == "poss" else ""
            why = why or ("an office in it" if _has_office(ent.root) else "")
            why = why or ("an acronym" if ent.root.is_upper and len(name) > 2 and len(ent) < 3 else "")
            if why:
                reasons[name] = why
            else:
                reasons.setdefault(name, "")
    for name, why in reasons.items():
        counts = labels[name]
        often = counts["ORG"] > 1 and counts["ORG"] * 2 > counts.total()
        if not catalog.lookup(name) and not _ends_as_other(name) and not is_no_actor(name) and (why or often):
            found.add(name, name, f"organization: {why or 'named more than once'}")
    persons_at = {ent.start for ent in body if ent.label_ == "PERSON"}
    for name in _institution_runs(doc, text, headings, persons_at):
        if not catalog.lookup(name) and slug(name) not in persons:
            found.add(name, name, "organization: by the noun in its name")
    _add_acronyms(found, text, catalog)
    _add_short_forms(found, text, labels, catalog, persons)
    return found


def trimmed(ent: Span) -> str:
    """The name in an entity, without its article and possessive."""
    return _APOSTROPHE_S.sub("", re.sub(r"(?i)^the\s+", "", ent.text.strip()))


def without_office(name: str) -> str:
    """A name without an office at its end: "State Department" for "State Department Spokesperson"."""
    words = name.split()
    nouns = word_lists("name_words")["organization"]
    last = next((i for i in range(len(words), 0, -1) if words[i - 1].lower() not in titles()), len(words))
    return " ".join(words[:last]) if last > 1 and words[last - 1].lower() in nouns else name


def is_name(ent: Span, name: str) -> bool:
    """Whether the text of an entity is a proper name, rather than a title, a bare noun or debris."""
    proper = any(token.pos_ == "PROPN" for token in ent)
    after = ent.doc[ent.end].text if ent.end < len(ent.doc) else ""
    return (
        proper and len(name) > 1 and name[0].isupper() and not re.search(r"['’]s|\n|[|@#]", name)
        and name.lower().rstrip(".") not in {*titles(), *word_lists("roles")["modifiers"]}
        and name.lower() not in word_lists("name_words")["organization"]
        and not (after == ":" and ent.end == ent.start + 1)
    )  # fmt: skip


def _is_known_person(doc: Doc, ent: Span, name: str, persons: Set[str]) -> bool:
    first = skip_titles(doc, ent.start, ent.end)
    return slug(name) in persons or slug(doc[first : ent.end].text) in persons


def _has_office(token: Token) -> bool:
    """Whether it follows a noun of office: "a spokeswoman for Acme", "members of the Sea Org"."""
    if token.dep_ in {"compound", "nmod"}:
        noun = token.head.lemma_.lower()
    elif token.dep_ == "pobj" and token.head.lower_ in {"of", "for", "at", "with"}:
        noun = token.head.head.lemma_.lower()
    else:
        return False
    return (
        noun in word_lists("reporting_verbs")["speakers"] or noun in titles() or noun in {"member", "founder", "head"}
    )


def _ends_as_other(name: str) -> bool:
    """Whether the last word shows that this is not the name of an organisation: "Grand Mosque", "Nobel Prize"."""
    last = name.split()[-1].lower()
    words = word_lists("name_words")
    return " " in name and (last in words["place"] or last in words["thing"])


def _institution_runs(doc: Doc, text: str, headings: Set[int], persons: Set[int]) -> Iterator[str]:
    """Capitalised runs with a word such as "Department": what is before it, and what is after its "of"."""
    words = word_lists("name_words")["organization"]
    for token in doc:
        if token.lower_ not in words or not token.is_title or token.idx in headings:
            continue
        first = last = token.i
        while (
            first > max(last - LONGEST_NAME, 0) and _joins(doc[first - 1]) and doc[first - 1].whitespace_ in {" ", ""}
        ):
            first -= 1
        while first < token.i and (doc[first].lower_ in SMALL_WORDS or doc[first].text in {"-", "The"}):
            first += 1
        goes_on = last + 1 < len(doc) and is_proper(doc[last + 1]) and bool(doc[last].whitespace_)
        goes_on = goes_on and last + 1 not in persons and not is_title(doc[last + 1])
        if goes_on and (first == token.i or doc[last + 1].lower_ not in words):
            continue
        if last + 2 < len(doc) and doc[last + 1].lower_ in {"of", "for"}:
            at = last + 2
            while at < min(len(doc), last + LONGEST_NAME) and (
                doc[at].lower_ in {"the", "and"} or (doc[at].is_title and doc[at].pos_ == "PROPN")
            ):
                if at in persons or (is_title(doc[at]) and at + 1 in persons):
                    break
                if doc[at].is_title:
                    last = at
                elif doc[at].lower_ == "and" and not (at + 1 < len(doc) and doc[at + 1].is_title):
                    break
                at += 1
        if last == first or "\n" in doc[first : last + 1].text:
            continue
        name = text[doc[first].idx : doc[last].idx + len(doc[last])]
        if not re.search(r"['’]s\b|\.\s", name):
            yield name


def is_proper(token: Token) -> bool:
    """Whether it is a capitalised word of a name."""
    return token.is_title and token.pos_ == "PROPN"


def _joins(token: Token) -> bool:
    """Whether a word can belong to the name that goes on after it."""
    capital = token.is_title or (token.is_upper and token.is_alpha)
    return (capital and token.pos_ in {"PROPN", "ADJ", "NOUN"} and not _starts_sentence(token)) or token.text == "&"


def _starts_sentence(token: Token) -> bool:
    return bool(token.is_sent_start) and token.pos_ not in {"PROPN", "ADJ"}


def _add_acronyms(found: Introduced, text: str, catalog: ActorCatalog) -> None:
    """Add acronyms: in brackets after the name, or anywhere if only one organisation has these initials."""
    by_initials: dict[str, list[str]] = defaultdict(list)
    for name in found.full():
        by_initials[initials(name)].append(name)
        short = _LEGAL_FORM.sub("", name)
        if short != name:
            found.add(short, name, f"organization: short form of {name}")
    for match in _BRACKETED.finditer(text):
        acronym, words = match[1], text[max(0, match.start() - 100) : match.start()].split(" ")
        for n in range(min(8, len(words)), 0, -1):
            name = " ".join(words[-n:])
            if (
                name
                and found.names.get(name, ("", ""))[0] == name
                and acronym[0] == name[0]
                and not catalog.lookup(acronym)
            ):
                found.names[acronym] = (name, f"organization: acronym of {name}, in brackets after it")
                break
    for match in _EXPANDED.finditer(text):
        acronym, name = match[1], match[2]
        if found.names.get(name, ("", ""))[0] == name and not catalog.lookup(acronym):
            found.names[acronym] = (name, f"organization: acronym of {name}, which follows in brackets")
    for acronym in set(re.findall(r"\b[A-Z]{2,6}\b", text)):
        names = by_initials.get(acronym, [])
        if len(names) == 1 and names[0] != acronym and not catalog.lookup(acronym) and len(names[0].split()) > 1:
            known = found.names.get(acronym)
            if known is None or known[0] == acronym:
                found.names[acronym] = (names[0], f"organization: initials of {names[0]}")


def _add_short_forms(
    found: Introduced, text: str, labels: dict[str, Counter[str]], catalog: ActorCatalog, persons: Set[str]
) -> None:
    """Add first words and nouns that only one organisation of the article has."""
    starts: dict[str, set[str]] = defaultdict(set)
    nouns: dict[str, set[str]] = defaultdict(set)
    words = word_lists("name_words")["organization"]
    looked = 0
    for name in found.full():
        parts = name.split()
        for n in range(1, len(parts)):
            starts[" ".join(parts[:n])].add(name)
        noun = next((p for p in parts if p.lower() in words), None)
        if noun is not None and len(parts) > 1:
            nouns[noun].add(name)
        if (
            len(parts) > 2
            and parts[1] == "of"
            and noun == parts[0]
            and noun.lower() not in word_lists("name_words")["of_places"]
        ):
            rest = name.split(" of ", 1)[1].removeprefix("the ")
            looked += 1
            alone = labels[rest] or (
                looked <= _MOST_LOOKED and len(re.findall(rf"(?<! of )(?<! of the )\b{re.escape(rest)}\b", text)) > 1
            )
            if alone and not labels[rest].keys() & {"GPE", "LOC", "PERSON"} and not catalog.lookup(rest):
                found.names[rest] = (name, f"organization: short form of {name}")
    for short, names in starts.items():
        known = found.names.get(short)
        seen = labels[short]["ORG"] and not catalog.lookup(short) and slug(short) not in persons
        if len(names) == 1 and seen and short.lower() not in words and (known is None or known[0] == short):
            (name,) = names
            found.names[short] = (name, f"organization: first words of {name}")
    for noun, names in nouns.items():
        own = found.names.get(noun, (noun, ""))[0] == noun
        if len(names) == 1 and own and re.search(rf"\b[tT]he {noun}\b(?! of| for| [A-Z])", text):
            (name,) = names
            found.names.pop(noun, None)
            found.add(f"the {noun}", name, f"organization: the noun of {name}")
            found.add(f"The {noun}", name, f"organization: the noun of {name}")
