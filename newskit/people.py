"""The people of an article: how the text introduces them, how it names them again, and its pronouns."""

from __future__ import annotations

import bisect
import functools
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from newskit.actors import PARTICLES, ActorCatalog, NameIndex, is_same_name, is_spelling_variant, slug, surname
from newskit.datafiles import word_lists
from newskit.quotes import pair_marks

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

Kind = Literal["name", "nominal", "pronoun"]


@dataclass(slots=True)
class Candidate:
    """A mention in the making; `entity` is any key that is equal for mentions of one actor."""

    start: int
    end: int
    entity: Hashable
    rule: str
    type: str
    order: int
    kind: Kind = "name"
    label: str | None = None
    in_title: bool = False


@functools.cache
def titles() -> dict[str, str]:
    """Title words, lower-cased, with the gender they tell: "m", "f" or ""."""
    genders = {"neutral": "", "male": "m", "female": "f"}
    return {word: genders[key] for key, words in word_lists("titles").items() for word in words}


def head_token(doc: Doc, start: int, end: int) -> Token:
    """The head of the tokens that cover the characters."""
    span = doc.char_span(start, end, alignment_mode="expand")
    assert span is not None
    return span.root


def acts(token: Token) -> bool:
    """Whether the name does something: subject of a verb, agent of a passive, or owner."""
    while token.dep_ in {"conj", "appos"} and token.head != token:
        token = token.head
    if token.dep_ == "pobj":
        return token.head.dep_ == "agent"
    return token.dep_ == "nsubj" and token.head.pos_ in {"VERB", "AUX"}


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
        """The gender that most introductions tell, "" if none does."""
        known = self.all.get(name, Counter())
        return "m" if known["m"] > known["f"] else "f" if known["f"] else ""


def find_people(doc: Doc, body: Sequence[Span], catalog: ActorCatalog) -> People:
    """People the running text introduces: PERSON entities and names after a title, titles cut off.

    A name of one word counts if it follows a title or acts as subject or owner somewhere; one that is
    the surname or first name of a full name is that person.
    """
    full, single = People(), People()
    text = doc.text  # spaCy puts it together anew each time
    for ent in body:
        first, gender = skip_titles(doc, ent.start, ent.end)
        titled = first > ent.start or (ent.start > 0 and doc[ent.start - 1].lower_.rstrip(".") in titles())
        if ent.label_ != "PERSON" and not (first > ent.start and ent.label_ in {"ORG", "GPE", "PRODUCT"}):
            continue
        tokens = _name_tokens(doc, first, ent.end)
        if not tokens or (len(tokens) == 1 and tokens[0].lower_ in titles()):
            continue
        name = text[tokens[0].idx : tokens[-1].idx + len(tokens[-1])]
        if (catalog.lookup(name) and not (titled and len(tokens) > 1)) or _ends_in_institution(name, catalog):
            continue
        gender = gender or _title_gender(doc, tokens[0].i)
        if len(tokens) > 1:
            full.add(name, gender)
        elif titled or acts(tokens[0]) or tokens[0].dep_ in {"poss", "pobj", "dobj"}:
            single.add(name, gender)
    for token in doc[:-1]:
        following = doc[token.i + 1]
        if (
            token.is_title
            and token.lower_.rstrip(".") in titles()
            and _is_name_word(following)
            and following.pos_ == "PROPN"
            and following.ent_type_ in {"", "ORG", "GPE"}
            and len(following) > 2
            and following.lower_ not in titles()
            and not catalog.lookup(following.text)
        ):
            single.add(following.text, _title_gender(doc, following.i))
    merged = _merge_spellings(_without_debris(full))
    known = {slug(part) for name in merged.all for part in (surname(name), name.split()[0])}
    merged.all |= {name: genders for name, genders in single.all.items() if slug(name) not in known}
    _lend_genders(merged, single.all)
    return merged


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
        if not longer and not (len(words) == 2 and words[0] in families and len(people.all) > 1):
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
            people.all[same[0]].update(genders)


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


def skip_titles(doc: Doc, start: int, end: int) -> tuple[int, str]:
    """First token of the name after leading titles, and the gender that they tell."""
    gender = ""
    while start < end - 1 and (word := doc[start].lower_.rstrip(".")) in titles():
        gender = titles()[word] or gender
        start += 1
        if doc[start].lower_ == "of" and start < end - 2:
            start += 2
    return start, gender


def _title_gender(doc: Doc, first: int) -> str:
    """Gender told by the titles just before a name."""
    i = first - 1
    while i >= 0 and (word := doc[i].lower_.rstrip(".")) in titles():
        if titles()[word]:
            return titles()[word]
        i -= 1
    return ""


def _name_tokens(doc: Doc, start: int, end: int) -> list[Token]:
    """The run of capitalised words (particles and initials allowed) that starts a span."""
    tokens: list[Token] = []
    for token in doc[start:end]:
        joined = bool(tokens) and (token.text == "-" or (tokens[-1].text == "-" and not tokens[-1].whitespace_))
        if not (_is_name_word(token) or joined or (tokens and token.lower_ in PARTICLES)):
            break
        tokens.append(token)
    while tokens and (tokens[-1].lower_ in PARTICLES or tokens[-1].text == "-"):
        tokens.pop()
    return tokens


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
    for part, names in owners.items():
        by_surname = [n for n in names if surname(n) == part]
        bearers = by_surname or names
        if by_surname and all(people.gender(n) == "f" for n in by_surname) and _titled_otherwise(doc, part):
            forms[part] = (part, f"title and surname, of somebody else than {' and '.join(by_surname)}")
            continue
        person = bearers[0] if len(bearers) == 1 else _main_bearer(text, bearers)
        how = "surname" if by_surname else "first name"
        shared = f", first named of {len(bearers)} who share it" if len(bearers) > 1 else ""
        if part not in forms and not (how == "first name" and catalog.lookup(part)) and len(part) > 1:
            forms[part] = (person, f"{how} of {person}{shared}")
    found = [
        Candidate(start, end, person, rule, "person", 0)
        for start, end, (person, rule) in NameIndex(forms.items()).find(text)
    ]
    return [*found, *_variants(doc, people, found, headings, catalog)]


def _titled_otherwise(doc: Doc, family: str) -> bool:
    """Whether the bare surname follows a title that is not a woman's: "President Trump" beside Melania Trump."""
    for token in doc[1:]:
        word = doc[token.i - 1].lower_.rstrip(".")
        if token.text == family and word in titles() and titles()[word] != "f":
            return True
    return False


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
                variants.append(Candidate(token.idx, token.idx + len(token), name, rule, "person", 0))
                break
    return variants


# --- pronouns --------------------------------------------------------------------------------------------

_PRONOUNS: Final = {
    "he": "m", "him": "m", "his": "m", "himself": "m",
    "she": "f", "her": "f", "hers": "f", "herself": "f",
}  # fmt: skip


class _Seen(NamedTuple):
    token: Token
    candidate: Candidate


def link_pronouns(
    doc: Doc, blocks: Sequence[tuple[int, int]], named: Sequence[Candidate], genders: dict[str, str]
) -> list[Candidate]:
    """Link he, she and their forms to a person where that is safe.

    Compatible are the people of the sentence named before the pronoun, or linked by an earlier one,
    whose known gender does not differ, and who are not the other argument of the pronoun's own verb
    ("Putin had congratulated him"). Linked is the only one; of several, the subject of the clause
    that governs the pronoun's. With none in the sentence, the same is asked of the last one before it
    that names people, at most two back. Inside quotation marks only people named in the same marks
    count, since the speaker calls others "he". After a pronoun that stayed unlinked, its like in the
    same sentence stay so too. "They" and "it" are never linked: too often they stand for several
    actors or none.
    """
    pairs, _ = pair_marks(doc.text, blocks)
    marked = {i: number for number, (start, end) in enumerate(pairs) for i in range(start, end)}
    sentences = list(doc.sents)
    starts = [sentence.start for sentence in sentences]
    by_sentence: dict[int, list[_Seen]] = defaultdict(list)
    for candidate in named:
        if candidate.type == "person":
            head = head_token(doc, candidate.start, candidate.end)
            by_sentence[bisect.bisect_right(starts, head.i) - 1].append(_Seen(head, candidate))
    linked: list[Candidate] = []
    before: list[_Seen] = []
    genders, age = dict(genders), 0
    for number, sentence in enumerate(sentences):
        here = by_sentence.get(number, [])
        unlinked: set[tuple[str, int | None]] = set()
        for token in sentence:
            gender = _PRONOUNS.get(token.lower_)
            if gender is None or token.pos_ not in {"PRON", "DET"}:
                continue
            mark = marked.get(token.idx)
            earlier = [s for s in here if s.token.i < token.i and (mark is None or marked.get(s.token.idx) == mark)]
            found = None if (gender, mark) in unlinked else _antecedent(token, earlier, gender, genders)
            where = "in the sentence"
            if found is None and not earlier and mark is None and (gender, mark) not in unlinked:
                found, where = _antecedent(token, before, gender, genders), "in the sentence before"
            if found is None:
                unlinked.add((gender, mark))
                continue
            name = str(found[0].candidate.entity)
            genders[name] = gender
            rule = f"pronoun: {found[1]} {where}"
            linked.append(Candidate(token.idx, token.idx + len(token), name, rule, "person", 3, kind="pronoun"))
            here = sorted([*here, _Seen(token, linked[-1])], key=lambda seen: seen.token.i)
        age = 0 if here else age + 1
        before = here or (before if age < 2 else [])
    return linked


def _antecedent(
    pronoun: Token, seen: Sequence[_Seen], gender: str, genders: dict[str, str]
) -> tuple[_Seen, str] | None:
    fitting = [
        s
        for s in seen
        if genders.get(str(s.candidate.entity), "") in {"", gender} and not _shares_verb(pronoun, s.token)
    ]
    entities = {s.candidate.entity for s in fitting}
    if not entities:
        return None
    if len(entities) == 1:
        return fitting[-1], "only person it can mean"
    ancestors = {token.i for token in pronoun.ancestors}
    subjects = [s for s in fitting if s.token.dep_ in {"nsubj", "nsubjpass"}]
    governing = [s for s in subjects if s.token.head.i in ancestors] or (
        [s for s in subjects if s.token.head.dep_ == "ROOT"]
    )
    if governing:
        return governing[-1], f"subject of “{governing[-1].token.head.text}”"
    return None


def _shares_verb(pronoun: Token, name: Token) -> bool:
    """Whether both are arguments of one verb, which then cannot be one person ("he praised him")."""
    if pronoun.dep_ == "poss" or pronoun.lower_.endswith("self"):
        return False
    verb = pronoun.head if pronoun.head.pos_ in {"VERB", "AUX"} else pronoun.head.head
    return name.head == verb and {pronoun.dep_, name.dep_} & {"nsubj", "nsubjpass"} != set()
