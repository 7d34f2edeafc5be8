"""Links descriptions to the actors they refer to: "the president", "the Ukrainian president", "the company"."""

from __future__ import annotations

import bisect
import re
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from newskit.annotation.actors.candidates import Candidate
from newskit.annotation.actors.named_doc import DEFINITE, NamedDoc
from newskit.annotation.actors.roles import Bearer, Role, find_bearers, is_one_office, read_role, role_nouns
from newskit.resources.lexicons import word_lists

if TYPE_CHECKING:
    from spacy.tokens import Token

_NEARBY: Final = 3
"""Sentences before a description in which a name is near."""


def link_descriptions(names: NamedDoc) -> list[Candidate]:
    """Definite descriptions of the article's own people and organisations, each linked to the one it means.

    A description of a person means somebody with a role of the same noun, or another noun of its group (`roles.toml`),
    that belongs to the same state or organisation, if the description names one, and has all the words of the
    description; of several, the one given the bare role most often, then the one named last. "The committee" means
    the last organisation named with that noun at the head of its name; "the company" the only one named in the same
    sentence or, failing that, in the nearest of the three before it.
    """
    return [*_people(names), *_organizations(names)]


def unnamed_people(names: NamedDoc, linked: Sequence[Candidate]) -> list[Candidate]:
    """Descriptions of people, with a name in them, that mean nobody named: "U.S. officials"; without those `linked`."""
    found: list[Candidate] = []
    taken = {i for c in linked for i in range(c.start, c.end)}
    for token in names.doc:
        if token.idx in taken or token.idx in names.at or token.pos_ != "NOUN" or not _is_for_people(token):
            continue
        if token.dep_ in {"compound", "amod", "nmod", "npadvmod"}:
            continue
        start, end = names.start(token), names.end(token)
        inside = [c for i in range(start, end) if (c := names.at.get(i)) is not None]
        if not inside or any(c.start < start or c.end > end for c in inside):
            continue
        rule = "description: nobody whom the article names stands out for it"
        found.append(Candidate(start, end, None, rule, "none", 5, kind="unresolved"))
    return found


def _is_for_people(token: Token) -> bool:
    """Whether the noun is one for people."""
    lemma, lists = token.lemma_.lower(), word_lists("roles")
    return lemma in role_nouns() or lemma in lists["persons"] or lemma in lists["kin"]


def _people(names: NamedDoc) -> Iterator[Candidate]:
    """Definite descriptions by a role noun."""
    bearers = find_bearers(names)
    for token in names.doc:
        if token.lemma_.lower() not in role_nouns() or not _is_definite(names, token):
            continue
        role = read_role(names, token)
        bearer = _bearer(names, bearers, token, role)
        if bearer is None:
            continue
        known = bearer.candidate
        rule = f"description: {role.noun} is a role that the article gives with {known.name}"
        start, end = names.start(token), names.end(token)
        yield Candidate(start, end, known.entity, rule, "person", 5, kind="nominal", name=known.name)


def _is_definite(names: NamedDoc, token: Token) -> bool:
    """Whether the noun heads a definite description of one person that stands on its own."""
    if token.tag_ not in {"NN", "NNP"} or token.idx in names.at:
        return False
    if token.dep_ in {"compound", "amod", "nmod", "attr", "appos", "oprd", "npadvmod"}:
        return False
    if any(child.dep_ == "appos" and child.idx in names.at for child in token.children):
        return False
    following = names.doc[token.i + 1] if token.i + 1 < len(names.doc) else None
    if (
        following is not None
        and (following.idx in names.at or following.pos_ == "PROPN")
        and names.owner(following) is None
    ):
        return False
    return any(
        names.owner(child) is not None or (child.dep_ in {"det", "poss"} and child.lower_ in DEFINITE)
        for child in token.lefts
    )


def _bearer(names: NamedDoc, bearers: Sequence[Bearer], token: Token, role: Role) -> Bearer | None:
    """The person whom a description with this role means."""
    group = role_nouns()[role.noun]
    sentence = names.sentence(token)
    ranked: list[tuple[float, int, Bearer]] = []
    for bearer in bearers:
        at = bisect.bisect_left(bearer.places, token.i) - 1
        if at < 0 or bearer.heads[at].head == token.head:
            continue
        same_group = [r for r in bearer.roles if role_nouns().get(r.noun, r.noun) == group]
        fits = [r for r in same_group if is_one_office(role.noun, r.noun) and _fits(role, r)]
        if not fits:
            continue
        same = sum(r.noun == role.noun for r in fits)
        bare = sum(r.noun == role.noun and not r.of for r in fits) if not role.of else 0
        near = 1.0 if sentence - names.sentence(bearer.heads[at]) <= _NEARBY else 0.0
        if not same and not near and not role.of:
            continue
        ranked.append((10 * (bare > 0) + 2 * (same > 0) + near + bare / 100, bearer.places[at], bearer))
    ranked.sort(key=lambda item: (-item[0], -item[1]))
    return ranked[0][2] if ranked else None


def _fits(wanted: Role, given: Role) -> bool:
    """Whether a description can mean the bearer of a role: it is of the same, and has no word that the role lacks."""
    if wanted.of and not wanted.of & given.of:
        return False
    lower = word_lists("roles")["deputies"]
    return wanted.words <= given.words | {given.noun} and wanted.words & lower == given.words & lower


def _organizations(names: NamedDoc) -> Iterator[Candidate]:
    """ "The committee", of the last with that noun in its name; "the company", of the only one near."""
    nouns, bodies = word_lists("roles")["organizations"], word_lists("roles")["bodies"]
    seen: dict[int, dict[Hashable, Candidate]] = defaultdict(dict)
    by_head: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in names.named:
        if candidate.type == "organization" or (candidate.type == "catalog" and candidate.group):
            seen[names.sentence(names.head(candidate))][candidate.entity] = candidate
            by_head[_head_noun(candidate.name)].append(candidate)
    for token in names.doc:
        noun = token.lemma_.lower()
        if noun not in nouns | bodies or token.tag_ != "NN" or token.idx in names.at:
            continue
        is_bare = [child.lower_ for child in token.lefts] == ["the"]
        if not is_bare or token.dep_ in {"compound", "attr", "appos", "amod"}:
            continue
        if any(child.dep_ in {"prep", "relcl", "acl", "appos"} for child in token.rights):
            continue
        start, end = token.idx, token.idx + len(token)
        same = [c for c in by_head[noun] if c.end <= start] if noun in bodies else []
        if same:
            known = max(same, key=lambda c: c.start)
            rule = f"description: {known.name} is the last {noun} named"
            yield Candidate(start, end, known.entity, rule, known.type, 5, kind="nominal", name=known.name)
        if same or noun not in nouns:
            continue
        number = names.sentence(token)
        near: dict[Hashable, Candidate] = {}
        for back in range(_NEARBY + 1):
            near = {e: c for e, c in seen.get(number - back, {}).items() if c.start < token.idx}
            if near:
                break
        if len(near) == 1:
            (known,) = near.values()
            rule = f"description: the only organization just named is {known.name}"
            yield Candidate(start, end, known.entity, rule, known.type, 5, kind="nominal", name=known.name)


def _head_noun(name: str) -> str:
    """The noun at the head of the name of an organisation.

    >>> _head_noun("Committee on Ways and Means"), _head_noun("Federal Trade Commission")
    ('committee', 'commission')
    """
    words = re.split(r" (?:of|on|for|to|against) ", name.lower())[0].split()
    return words[-1] if words else ""
