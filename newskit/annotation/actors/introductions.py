"""Finds where the running text of an article introduces a person: the tokens of the name, and the titles before it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from typing import TYPE_CHECKING, Final, NamedTuple

from newskit.annotation.actors.candidates import acts, is_title, skip_titles, titles_before
from newskit.annotation.actors.catalog import ActorCatalog
from newskit.annotation.actors.name_parts import PARTICLES, is_first_name
from newskit.annotation.actors.names import gender_of
from newskit.annotation.actors.no_actors import is_no_actor
from newskit.resources.language import known_words
from newskit.resources.lexicons import titles, titles_of_rank, word_lists

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

_GENERATION: Final = frozenset({"jr", "junior", "sr", "senior", "ii", "iii", "iv"})
_NUMERAL = re.compile(r"[IVX]+$")
_NO_NAME: Final = frozenset({"PRON", "DET", "ADV", "ADP", "CCONJ", "SCONJ", "VERB"})


class Introduction(NamedTuple):
    """A person introduced: the name, the titles before it (the nearest first), and whether it may stand alone.

    `written` is the name as it stands in the text, where `name` differs from it.
    """

    name: str
    titles: tuple[str, ...]
    stands_alone: bool
    written: str


def find_introductions(
    doc: Doc, body: Sequence[Span], catalog: ActorCatalog, headings: Set[int]
) -> Iterator[Introduction]:
    """The persons introduced in the running text.

    They are PERSON entities, extended to the first name before them and the end of a hyphenated or "von der"
    surname; names after a title; and runs of capitalised words that begin with a known first name, since the
    recogniser takes many a person for an organisation or overlooks them ("Olaf Scholz"). A name of one word
    counts if it follows a title, is a subject, object or owner somewhere, or stands before a hyphen ("Biden-era").
    """
    text = doc.text  # rebuilt by spaCy on every access
    labelled = {i: ent.label_ for ent in body for i in range(ent.start, ent.end)}
    seen: set[int] = set()
    for ent in body:
        tokens = _name_in(doc, ent, labelled)
        if not tokens:
            continue
        name = _written(text, tokens)
        if _is_thing(tokens) and not (ent.label_ == "PERSON" and _is_surname(tokens[-1]) and gender_of(name)):
            continue
        seen.update(token.i for token in tokens)
        before = titles_before(doc, tokens[0].i)
        known = catalog.lookup(name)
        if is_no_actor(name) and not before:
            continue
        if (known and not (before and (len(tokens) > 1 or _is_civil(before[0])))) or _ends_in_institution(
            name, catalog
        ):
            continue
        yield _introduction(text, tokens, before, stands_alone=bool(before) or _stands_alone(doc, tokens[-1]))
    for tokens in _first_name_runs(doc, body, seen, labelled, catalog, headings):
        yield _introduction(text, _grown(doc, tokens, labelled), titles_before(doc, tokens[0].i), stands_alone=True)
    for token in (*_words_after_titles(doc, catalog), *_words_before_hyphens(doc, headings, catalog)):
        yield _introduction(text, [token], titles_before(doc, token.i), stands_alone=True)


def _introduction(text: str, tokens: Sequence[Token], before: tuple[str, ...], *, stands_alone: bool) -> Introduction:
    """The introduction by some tokens and the titles before them; those of rank become part of the name."""
    written = _written(text, tokens)
    name = re.sub(r",? +", " ", written)
    rank = next((word for word in before[:1] if word in titles_of_rank()), "")
    given = [t for t in tokens if not _NUMERAL.match(t.text)]
    if rank and (len(given) == 1 or (rank == "pope" and len(given) == 2)):
        name = f"{rank.capitalize()} {name}"
    return Introduction(name, before, stands_alone, written)


def _is_civil(title: str) -> bool:
    """Whether a title shows that a word is a surname even if it is the name of a state: "Mr. Israel"."""
    return title in word_lists("roles")["honorifics"] or title in {"gen", "gov", "rep", "sen", "mister"}


def _stands_alone(doc: Doc, token: Token) -> bool:
    """Whether a name of one word has a part in its sentence, or before a hyphen: "Trump-backed"."""
    if acts(token) or token.dep_ in {"poss", "pobj", "dobj", "agent"}:
        return True
    return token.i + 2 < len(doc) and doc[token.i + 1].text == "-" and not token.whitespace_


def _written(text: str, tokens: Sequence[Token]) -> str:
    """The tokens as they stand in the text."""
    return text[tokens[0].idx : tokens[-1].idx + len(tokens[-1])]


def _name_in(doc: Doc, ent: Span, labelled: dict[int, str]) -> list[Token]:
    """The name of the person in an entity; no tokens if there is nobody."""
    first = skip_titles(doc, ent.start, ent.end)
    is_mislabelled = ent.label_ in {"ORG", "GPE", "PRODUCT"} and (
        any(is_title(t) for t in doc[ent.start : first]) or _is_person_after_title(doc, ent)
    )
    if ent.label_ != "PERSON" and not is_mislabelled:
        return []
    while first < ent.end - 1 and doc[first].pos_ in _NO_NAME and not is_first_name(doc[first].text):
        first += 1  # "Anything Obama did"
    within = [t.i for t in doc[first : ent.end - 1] if t.i > first and is_title(t) and not is_first_name(t.text)]
    first = within[-1] + 1 if within else first  # "Committee Chair Reince"
    tokens = _grown(doc, _name_tokens(doc, first, ent.end), labelled)
    is_only_title = len(tokens) == 1 and tokens[0].lower_.rstrip(".") in titles()
    return [] if is_only_title else tokens


def _is_person_after_title(doc: Doc, ent: Span) -> bool:
    """Whether two capitalised words behind a title are a person: "Chair Reince Priebus"."""
    if len(ent) != 2 or not ent.start or not is_title(doc[ent.start - 1]) or not doc[ent.start - 1].is_title:
        return False
    words = [t for t in ent if t.is_title and t.is_alpha and t.pos_ == "PROPN" and t.lower_ not in titles()]
    return len(words) == 2 and not _is_thing(words) and not any(_is_common(t) for t in words)


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


def _words_before_hyphens(doc: Doc, headings: Set[int], catalog: ActorCatalog) -> Iterator[Token]:
    """Names before a hyphen that the recogniser overlooks: "Trump-backed", "Merkel-style"."""
    behind, leaders = word_lists("name_words")["behind_hyphens"], word_lists("name_words")["leaders"]
    for token in doc[:-2]:
        hyphen, word = doc[token.i + 1], doc[token.i + 2]
        if (
            hyphen.text == "-" and word.lower_ in behind and not token.whitespace_
            and (token.pos_ == "PROPN" or token.lower_ in leaders or not _is_common(token))
            and token.is_title and token.idx not in headings and not token.ent_type_ and len(token) > 2
            and not is_title(token) and not catalog.lookup(token.text)
            and (token.i == 0 or doc[token.i - 1].pos_ != "PROPN")
        ):  # fmt: skip
            yield token


def _grown(doc: Doc, tokens: list[Token], labelled: dict[int, str]) -> list[Token]:
    """The tokens of a name with a first name before them ("Dean" Kamen) and the rest of the surname ("Jae-in")."""
    if not tokens:
        return tokens
    first, last = tokens[0].i, tokens[-1].i
    if first > 0 and _may_precede(doc[first - 1], labelled, alone=len(tokens) == 1):
        first -= 1
    elif len(tokens) == 1 and last + 1 < len(doc) and _may_follow(doc[last], doc[last + 1], labelled):
        last += 1
    while last + 2 < len(doc) and doc[last + 1].text == "-" and not doc[last].whitespace_:
        if doc[last + 1].whitespace_ or not _goes_on(doc, first, doc[last + 2]):
            break
        last += 2
    at = last + 1
    while at < len(doc) and doc[at].lower_ in PARTICLES and doc[at].is_lower:
        at += 1
    if last + 1 < at < len(doc) and doc[at].pos_ == "PROPN" and _is_name_word(doc[at]) and " " not in doc[last].text:
        last = at
        if last + 2 < len(doc) and doc[last + 1].text == "-" and doc[last + 2].is_title and not doc[last].whitespace_:
            last += 2
    return list(doc[first : _past_generation(doc, last)])


def _goes_on(doc: Doc, first: int, word: Token) -> bool:
    """Whether what stands behind a hyphen is part of a name: "Kosiniak-Kamysz", "Jae-in", but not "Biden-era"."""
    if not word.is_alpha:
        return False
    if word.text[0].isupper() or word.lower_ in PARTICLES:
        return True
    if doc[first].lower_ in word_lists("name_words")["family_first"]:
        return True
    if doc[word.i + 1 : word.i + 3].text[:1] == "-" and doc[word.i + 2].is_title:  # "Mar-a-Lago"
        return True
    is_second = word.i - first > 2 and len(word) <= 6
    return is_second and word.lower_ not in word_lists("name_words")["behind_hyphens"] and not _is_common(word)


def _past_generation(doc: Doc, last: int) -> int:
    """One past the last token of a name, with the "Jr." behind it, be it with a comma."""
    behind = [token.text.rstrip(".") for token in doc[last + 1 : last + 3]]
    if behind and behind[0].lower() in _GENERATION and behind[0][0].isupper():
        return last + 2
    return last + 3 if behind[:1] == [","] and behind[1:] in (["Jr"], ["Sr"]) else last + 1


def _may_precede(token: Token, labelled: dict[int, str], *, alone: bool) -> bool:
    """Whether a token is a first name that the recogniser left out before a surname, or before a longer name."""
    if not alone and (token.ent_type_ or token.lower_ in word_lists("name_words")["place_first_names"]):
        return False
    is_given = is_first_name(token.text)
    if not alone and not is_given:  # "Władysław" Kosiniak-Kamysz
        is_given = token.dep_ == "compound" and token.is_alpha and len(token) > 2 and not _is_common(token)
    return (
        token.pos_ == "PROPN"
        and token.is_title
        and bool(token.whitespace_)
        and labelled.get(token.i, "") in {"", "ORG", "PRODUCT", "PERSON"}
        and token.lower_ not in titles()
        and is_given
    )


def _is_common(token: Token) -> bool:
    """Whether it is a word of the language."""
    return known_words().is_common(token.lower_)


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
    places = word_lists("name_words")["place_first_names"]
    while at < len(doc) - 1:
        token = doc[at]
        at += 1
        if token.i in seen or token.i in inside or token.idx in headings or token.pos_ != "PROPN" or not token.is_title:
            continue
        before = doc[token.i - 1] if token.i else None
        if before is not None and before.pos_ == "PROPN" and before.is_title and before.lower_ not in titles():
            continue
        is_place = token.lower_ in places or catalog.lookup(token.text)
        if token.lower_ in titles() or not is_first_name(token.text) or is_place:
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
        name = doc[tokens[0].i : tokens[-1].i + 1].text
        known = catalog.lookup(name) or _ends_in_institution(name, catalog)
        if known or _is_thing(tokens) or any(t.is_upper and len(t) > 3 for t in words):
            continue
        if "ORG" in labels and len(words) > 2 and not any(len(t.text.rstrip(".")) == 1 for t in words[1:-1]):
            continue
        yield tokens


def _ends_in_institution(name: str, catalog: ActorCatalog) -> bool:
    """Whether the last words are no surname, but an institution of the catalogue: "Obama White House", "Texas GOP"."""
    words = name.split()
    endings = (catalog.lookup(" ".join(words[i:])) for i in range(1, len(words)))
    return any(
        entry is not None
        and entry.actor.type != "person"
        and (
            entry.how == "seat"
            or i < len(words) - 1
            or (entry.how == "name" and entry.actor.type not in {"state", "place"} and not entry.ambiguous)
        )
        for i, entry in enumerate(endings, 1)
    )


def _name_tokens(doc: Doc, start: int, end: int) -> list[Token]:
    """The run of capitalised words, with particles and initials, at the start of a span."""
    tokens: list[Token] = []
    for token in doc[start:end]:
        joined = bool(tokens) and (token.text == "-" or (tokens[-1].text == "-" and not tokens[-1].whitespace_))
        if joined and token.text != "-" and len(tokens) > 1 and tokens[-2].lower_ not in PARTICLES:
            joined = _goes_on(doc, tokens[0].i, token)
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
