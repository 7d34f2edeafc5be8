"""Where actors are mentioned in an article, and which mentions are one actor."""

from __future__ import annotations

import functools
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from newskit.actors import PARTICLES, ActorCatalog, Entry, NameIndex, is_spelling_variant, slug, surname
from newskit.articles import Block

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

Kind = Literal["name", "nominal", "pronoun"]
_LEXICONS: Final = Path(__file__).parent / "lexicons"
_PLACE_LABELS: Final = frozenset({"GPE", "NORP", "LOC", "ORG"})
_COVERING_LABELS: Final = frozenset({"ORG", "FAC", "WORK_OF_ART", "PRODUCT", "LAW", "GPE", "LOC", "NORP"})
_APOSTROPHE_S = re.compile(r"(?:'s|’s|'|’)$")


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention of an actor: `doc.text[start:end]`.

    `entity` numbers the identities inside the article from 0, in order of appearance. `type` is
    catalog, person or organization. `in_title` marks a state named in somebody's title ("Russian
    President Vladimir Putin").
    """

    start: int
    end: int
    entity: int
    kind: Kind
    type: str
    ner_label: str | None
    rule: str
    in_title: bool = False


@functools.cache
def titles() -> dict[str, str]:
    """Title words, lower-cased, with the gender they tell: "m", "f" or ""."""
    data = tomllib.loads((_LEXICONS / "titles.toml").read_text(encoding="utf-8"))
    return {word: gender for key, gender in (("neutral", ""), ("male", "m"), ("female", "f")) for word in data[key]}


@functools.cache
def metonym_words() -> dict[str, frozenset[str]]:
    """The word lists that tell a government from a place, by name."""
    data = tomllib.loads((_LEXICONS / "metonyms.toml").read_text(encoding="utf-8"))
    return {key: frozenset(words) for key, words in data.items()}


def find_mentions(doc: Doc, blocks: Sequence[Block], catalog: ActorCatalog) -> list[Mention]:
    """Find the mentions of actors in a parsed Doc and tell which are the same actor.

    Names come from the catalogue (states, alliances, movements: by name, demonym, capital, seat) and
    from the text: people by full name, by title, then by surname and spelling variant; organisations
    that the recogniser sees and that act somewhere in the article. Headlines and headings introduce
    no names, since their capitals mislead the recogniser; known names are found in them. Singular
    pronouns are linked where `link_pronouns` finds it safe. In order of appearance, no overlaps.
    """
    headings = {i for b in blocks if b.part != "body" for i in range(b.start, b.end)}
    body = [ent for ent in doc.ents if ent.start_char not in headings]
    labels = _labels(doc)
    people = _find_people(doc, body, catalog)
    organizations = _find_organizations(doc, body, catalog, people)
    candidates = [
        *_people_candidates(doc, people, headings, catalog),
        *_catalog_candidates(doc, catalog, body, labels),
        *_organization_candidates(doc, organizations),
    ]
    chosen: list[_Candidate] = []
    for candidate in sorted(candidates, key=lambda c: (-(c.end - c.start), c.order, c.start)):
        candidate.label = labels.get(candidate.start) or labels.get(candidate.end - 1)
        chosen.append(candidate)
    named = _without_overlaps(chosen)
    _mark_titles(doc, named)
    pronouns = link_pronouns(doc, named, {person: people.gender(person) for person in people.all})
    numbers: dict[Hashable, int] = {}
    return [
        Mention(
            start=c.start,
            end=c.end,
            entity=numbers.setdefault(c.entity, len(numbers)),
            kind=c.kind,
            type=c.type,
            ner_label=c.label,
            rule=c.rule,
            in_title=c.in_title,
        )
        for c in sorted([*named, *pronouns], key=lambda c: c.start)
    ]


@dataclass(slots=True)
class _Candidate:
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


def _labels(doc: Doc) -> dict[int, str]:
    """The recogniser's label at each character of an entity."""
    return {i: ent.label_ for ent in doc.ents for i in range(ent.start_char, ent.end_char)}


def _without_overlaps(candidates: Iterable[_Candidate]) -> list[_Candidate]:
    """The candidates that overlap no earlier one, sorted by place."""
    taken: set[int] = set()
    kept = []
    for candidate in candidates:
        if candidate.start not in taken and candidate.end - 1 not in taken:
            taken.update(range(candidate.start, candidate.end))
            kept.append(candidate)
    return sorted(kept, key=lambda c: c.start)


def _token_at(doc: Doc, start: int, end: int) -> Token:
    """The head of the tokens that cover the characters."""
    span = doc.char_span(start, end, alignment_mode="expand")
    assert span is not None
    return span.root


# --- people ------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _People:
    """The people of an article by full name (or single name), with how they were introduced."""

    all: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, name: str, gender: str) -> None:
        self.all.setdefault(name, Counter())[gender] += 1

    def gender(self, name: str) -> str:
        known = self.all.get(name, Counter())
        return "m" if known["m"] > known["f"] else "f" if known["f"] else ""


def _find_people(doc: Doc, body: Sequence[Span], catalog: ActorCatalog) -> _People:
    """People the running text introduces: PERSON entities and names after a title, titles cut off.

    A name of one word counts if it follows a title or acts as subject or owner somewhere; one that is
    the surname or first name of a full name is that person.
    """
    full, single = _People(), _People()
    for ent in body:
        first, gender = _skip_titles(doc, ent.start, ent.end)
        titled = first > ent.start or (ent.start > 0 and doc[ent.start - 1].lower_.rstrip(".") in titles())
        if ent.label_ != "PERSON" and not (first > ent.start and ent.label_ in {"ORG", "GPE", "PRODUCT"}):
            continue
        tokens = _name_tokens(doc, first, ent.end)
        if not tokens:
            continue
        name = doc.text[tokens[0].idx : tokens[-1].idx + len(tokens[-1])]
        if catalog.lookup(name) and not (titled and len(tokens) > 1):
            continue
        gender = gender or _title_gender(doc, tokens[0].i)
        if len(tokens) > 1:
            full.add(name, gender)
        elif titled or _acts(tokens[0]) or tokens[0].dep_ in {"poss", "pobj", "dobj"}:
            single.add(name, gender)
    for token in doc[:-1]:
        if token.lower_.rstrip(".") in titles() and token.is_title and not _is_name_word(token, titles()):
            tokens = _name_tokens(doc, token.i + 1, min(token.i + 5, len(doc)))
            tokens = tokens[:1] if tokens and tokens[0].ent_type_ in {"", "ORG", "GPE"} else []
            name = tokens[0].text if tokens else ""
            if name and tokens[0].pos_ == "PROPN" and len(name) > 2 and not catalog.lookup(name):
                single.add(name, _title_gender(doc, token.i + 1))
    merged = _merge_spellings(full)
    known = {slug(part) for name in merged.all for part in (surname(name), name.split()[0])}
    merged.all |= {name: genders for name, genders in single.all.items() if slug(name) not in known}
    _lend_genders(merged, single.all)
    return merged


def _lend_genders(people: _People, singles: dict[str, Counter[str]]) -> None:
    """What "Mr. Kim" says about gender goes to the one person of that surname."""
    families: dict[str, list[str]] = defaultdict(list)
    for person in people.all:
        families[slug(surname(person))].append(person)
    for name, genders in singles.items():
        same = families.get(slug(name), [])
        if len(same) == 1 and same[0] != name:
            people.all[same[0]].update(genders)


def _merge_spellings(people: _People) -> _People:
    """Full names that differ only in spelling ("Volodymyr Zelensky/Zelenskyy") become the most frequent one."""
    merged = _People()
    alike: dict[str, list[str]] = defaultdict(list)
    for name in sorted(people.all, key=lambda n: -sum(people.all[n].values())):
        given, family = name.split()[0], surname(name)
        block = alike[slug(family)[:3]]
        same = next(
            (
                old
                for old in block
                if is_spelling_variant(family, surname(old)) and is_spelling_variant(given, old.split()[0])
            ),
            name,
        )
        if same == name:
            block.append(name)
        merged.all.setdefault(same, Counter()).update(people.all[name])
    return merged


def _skip_titles(doc: Doc, start: int, end: int) -> tuple[int, str]:
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
        if not (_is_name_word(token) or (tokens and (token.lower_ in PARTICLES or token.text == "-"))):
            break
        tokens.append(token)
    while tokens and (tokens[-1].lower_ in PARTICLES or tokens[-1].text == "-"):
        tokens.pop()
    return tokens


def _is_name_word(token: Token, besides: Iterable[str] = ()) -> bool:
    word = token.text
    return word[0].isupper() and any(c.isalpha() for c in word) and word.lower().rstrip(".") not in besides


def _people_candidates(
    doc: Doc, people: _People, headings: Set[int], catalog: ActorCatalog
) -> list[_Candidate]:
    forms: dict[str, tuple[str, str]] = {}
    owners: dict[str, list[str]] = defaultdict(list)
    for name in people.all:
        forms[name] = (name, "full name" if " " in name else "name seen alone")
        for part in {surname(name), name.split()[0]} - {name}:
            owners[part].append(name)
    for part, names in owners.items():
        by_surname = [n for n in names if surname(n) == part]
        person = _main_bearer(doc, by_surname or names)
        how = "surname" if by_surname else "first name"
        shared = f", first named of {len(by_surname or names)} who share it" if len(by_surname or names) > 1 else ""
        if part not in forms and not (how == "first name" and catalog.lookup(part)) and len(part) > 1:
            forms[part] = (person, f"{how} of {person}{shared}")
    found = [
        _Candidate(start, end, person, f"{rule}", "person", 0)
        for start, end, (person, rule) in NameIndex(forms.items()).find(doc.text)
    ]
    return [*found, *_variants(doc, people, found, headings, catalog)]


def _main_bearer(doc: Doc, names: list[str]) -> str:
    """Of the people who share a surname, the one whom the text names in full first: as papers do, the bare surname is theirs."""
    return min(names, key=lambda name: (at if (at := doc.text.find(name)) >= 0 else len(doc.text), name))


def _variants(
    doc: Doc,
    people: _People,
    found: Iterable[_Candidate],
    headings: Set[int],
    catalog: ActorCatalog,
) -> list[_Candidate]:
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
                rule = f"spelling variant of {family}, surname of {name}" if " " in name else f"spelling variant of {name}"
                variants.append(_Candidate(token.idx, token.idx + len(token), name, rule, "person", 0))
                break
    return variants


# --- organisations the text introduces -----------------------------------------------------------------


def _find_organizations(
    doc: Doc, body: Sequence[Span], catalog: ActorCatalog, people: _People
) -> dict[str, None]:
    """Names of ORG entities that act somewhere in the running text and are neither catalogued nor people."""
    found: dict[str, None] = {}
    persons = {slug(part) for name in people.all for part in (name, surname(name), name.split()[0])}
    for ent in body:
        if ent.label_ != "ORG":
            continue
        name = _trimmed(ent)
        tokens = [token for token in ent if token.pos_ == "PROPN"]
        if not tokens or not name[0].isupper() or len(name) < 2 or "’s" in name or "'s" in name or "\n" in name:
            continue
        if slug(name) in persons or catalog.lookup(name) or name.lower().rstrip(".") in titles():
            continue
        first, _ = _skip_titles(doc, ent.start, ent.end)
        if _acts(ent.root) and slug(doc[first : ent.end].text) not in persons:
            found.setdefault(name)
    return found


def _trimmed(ent: Span) -> str:
    text = re.sub(r"(?i)^the\s+", "", ent.text.strip())
    return _APOSTROPHE_S.sub("", text)


def _organization_candidates(doc: Doc, names: Iterable[str]) -> list[_Candidate]:
    return [
        _Candidate(start, end, ("organization", slug(name)), "organization that acts in the article", "organization", 1)
        for start, end, name in NameIndex((name, name) for name in names).find(doc.text)
    ]


def _acts(token: Token) -> bool:
    """Whether the name does something: subject of a verb, agent of a passive, or owner."""
    while token.dep_ in {"conj", "appos"} and token.head != token:
        token = token.head
    if token.dep_ == "pobj":
        return token.head.dep_ == "agent"
    return token.dep_ == "nsubj" and token.head.pos_ in {"VERB", "AUX"}


# --- actors of the catalogue ---------------------------------------------------------------------------


def _catalog_candidates(
    doc: Doc, catalog: ActorCatalog, body: Sequence[Span], labels: dict[int, str]
) -> list[_Candidate]:
    hits = list(catalog.index.find(doc.text))
    covered = _covered_by_other_names(body, hits)
    found = []
    for start, end, entry in hits:
        if (start, end) in covered or (entry.ambiguous and labels.get(start) not in _PLACE_LABELS):
            continue
        rule = _catalog_rule(doc, start, end, entry)
        if rule:
            found.append(_Candidate(start, end, ("catalog", entry.actor.actor_id), rule, "catalog", 2))
    return found


def _covered_by_other_names(
    body: Iterable[Span], hits: Sequence[tuple[int, int, Entry]]
) -> set[tuple[int, int]]:
    """Catalogue strings that are only part of another name: "America" in "Bank of America", "Mexico" in "New Mexico"."""
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


def _catalog_rule(doc: Doc, start: int, end: int, entry: Entry) -> str | None:
    """Why the string is a mention of the actor; None where it is only a place."""
    text, label = doc.text[start:end], entry.actor.label
    if entry.how == "name":
        return f"name of {label}"
    if entry.how == "demonym":
        return f"demonym of {label}"
    token = _token_at(doc, start, end)
    role = _seat_role(token) if entry.how == "seat" else _capital_role(token)
    return role and f"metonym: {text} stands for the government of {label} ({role})"


def _seat_role(token: Token) -> str | None:
    """What makes a seat of government more than a building: as a capital, or its people, or any phrase but of place."""
    role = _capital_role(token)
    if role:
        return role
    words = metonym_words()
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
    words = metonym_words()
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
        return f"after “{governor.text} {word}”" if governor is not preposition else f"after “{word}”"
    return None


def _mark_titles(doc: Doc, named: Sequence[_Candidate]) -> None:
    """Mark states that only belong to a person's title: "U.S. President Donald Trump"."""
    for state, person in zip(named, named[1:], strict=False):
        if state.type != "catalog" or person.type != "person":
            continue
        between = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", doc.text[state.end : person.start])
        glue = re.sub(r"[\w\s.-]", "", doc.text[state.end : person.start])
        if between and not glue and all(word.lower() in titles() or word == "of" for word in between):
            state.in_title = True
            state.rule += f", in the title of {doc.text[person.start : person.end]}"


# --- pronouns --------------------------------------------------------------------------------------------

_PRONOUNS: Final = {
    "he": "m", "him": "m", "his": "m", "himself": "m",
    "she": "f", "her": "f", "hers": "f", "herself": "f",
}  # fmt: skip


class _Seen(NamedTuple):
    token: Token
    candidate: _Candidate


def link_pronouns(doc: Doc, named: Sequence[_Candidate], genders: dict[str, str]) -> list[_Candidate]:
    """Link he, she and their forms to a person where that is safe.

    Compatible are the people of the sentence named before the pronoun, or linked by an earlier one,
    whose known gender does not differ, and who are not the other argument of the pronoun's own verb
    ("Putin had congratulated him"). Linked is the only one; of several, the subject of the clause
    that governs the pronoun's. With none in the sentence, the same is asked of the sentence before
    it. Everything else stays unlinked: "they" and "it" always, since they stand for several actors
    or none too often.
    """
    people = [c for c in named if c.type == "person"]
    heads = [_Seen(_token_at(doc, c.start, c.end), c) for c in people]
    by_sentence: dict[int, list[_Seen]] = defaultdict(list)
    for seen in heads:
        by_sentence[seen.token.sent.start].append(seen)
    linked: list[_Candidate] = []
    before: list[_Seen] = []
    genders = dict(genders)
    for sentence in doc.sents:
        here = by_sentence.get(sentence.start, [])
        for token in sentence:
            gender = _PRONOUNS.get(token.lower_)
            if gender is None or token.pos_ not in {"PRON", "DET"}:
                continue
            earlier = [seen for seen in here if seen.token.i < token.i]
            found = _antecedent(token, earlier, gender, genders)
            where = "in the sentence"
            if found is None and not earlier:
                found = _antecedent(token, before, gender, genders)
                where = "in the sentence before"
            if found is None:
                continue
            seen, why = found
            name = str(seen.candidate.entity)
            genders[name] = gender
            linked.append(
                _Candidate(token.idx, token.idx + len(token), name, f"pronoun: {why} {where}", "person", 3, kind="pronoun")
            )
            here = sorted([*here, _Seen(token, linked[-1])], key=lambda s: s.token.i)
        if here or any(not token.is_space and not token.is_punct for token in sentence):
            before = here
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
