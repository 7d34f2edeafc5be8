"""Whom descriptions mean: "the president", "the Ukrainian president", "the company"."""

from __future__ import annotations

import bisect
import functools
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from newskit.annotation.actors.candidates import Candidate, head_token, is_title
from newskit.resources.lexicons import titles, word_lists

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

_GROUPS: Final = ("leaders", "heads", "lawmakers", "speakers", "candidates", "lawyers")
_DEFINITE: Final = frozenset({"the", "this", "that", "our"})
_BEFORE: Final = frozenset({"compound", "amod", "nmod", "poss", "nummod", "punct", "det", "case", "npadvmod"})


_ABBREVIATED: Final = {
    "capt": "captain", "col": "colonel", "gen": "general", "gov": "governor", "lt": "lieutenant", "prof": "professor",
    "rep": "representative", "sec": "secretary", "sen": "senator",
}  # fmt: skip
"""Titles that stand before a name in short, and the noun by which an article comes back to it."""


@functools.cache
def role_nouns() -> dict[str, str]:
    """Role nouns with their group; one that nothing can stand for is its own group."""
    lists = word_lists("roles")
    return {noun: group for group in _GROUPS for noun in lists[group]} | {noun: noun for noun in lists["others"]}


@dataclass(slots=True)
class _Role:
    """A role of a person as the article gives it: the noun, whom it is of, and its other words."""

    noun: str
    of: frozenset[Hashable]
    words: frozenset[str]


@dataclass(slots=True)
class _Bearer:
    """A person of the article: the roles with their counts, and the sentences with a mention."""

    candidate: Candidate
    roles: list[_Role] = field(default_factory=list)
    heads: list[Token] = field(default_factory=list)
    places: list[int] = field(default_factory=list)


def link_roles(
    doc: Doc, text: str, sentences: Sequence[Span], named: Sequence[Candidate]
) -> tuple[list[Candidate], list[Candidate], list[Candidate]]:
    """Descriptions with the article's own person or organisation that they mean: on their own, and beside the name.

    A person has the roles that stand before the name ("French President Emmanuel Macron"), beside it
    ("James Comey, the former F.B.I. director") or are said of him. A definite description means the one
    whose role has its noun, or another of its group (`roles.toml`), belongs to the same state or
    organisation if it names one, and has no other words; of several the one who bears the bare role most
    often, then the one named last. "The company" means the one organisation of the last sentences.

    Those beside a name ("North Korean dictator Kim Jong Un"; "Steve Whitmore, a representative of the
    sheriff") are of the kind apposition: they say how the article labels somebody, and are counted with the
    name, not beside it.
    """
    reader = _Reader(doc, text, sentences, named)
    described = [*reader.people(), *reader.organizations()]
    beside = list(reader.appositions())
    return described, beside, list(reader.unnamed([*described, *beside]))


class _Reader:
    def __init__(self, doc: Doc, text: str, sentences: Sequence[Span], named: Sequence[Candidate]) -> None:
        self.doc, self.text, self.named = doc, text, named
        self.starts = [sentence.start for sentence in sentences]
        self.at: dict[int, Candidate] = {i: c for c in named for i in range(c.start, c.end)}
        self.head_of = {id(c): head_token(doc, c.start, c.end) for c in named}
        self.bearers: dict[Hashable, _Bearer] = {}
        for candidate in sorted(named, key=lambda c: self.head_of[id(c)].i):
            if candidate.type != "person":
                continue
            bearer = self.bearers.setdefault(candidate.entity, _Bearer(candidate))
            head = self.head_of[id(candidate)]
            bearer.heads.append(head)
            bearer.places.append(head.i)
            bearer.roles += self._roles(candidate, head)

    def _sentence(self, token: Token) -> int:
        return bisect.bisect_right(self.starts, token.i) - 1

    def _role(self, noun: Token, stop: int | None = None) -> _Role:
        """The role that a noun heads, from its modifiers and its "of"."""
        of: set[Hashable] = set()
        words: set[str] = set()
        for child in noun.children:
            phrase = child.dep_ in _BEFORE or (child.dep_ == "prep" and child.lower_ in {"of", "for", "to", "at"})
            if not phrase or (stop is not None and child.i >= stop and child.dep_ != "prep"):
                continue
            for token in child.subtree:
                owner = self.at.get(token.idx)
                if owner is not None and owner.type != "person":
                    of.add(owner.entity)
                elif token.pos_ in {"NOUN", "ADJ", "PROPN"} and child.dep_ != "prep":
                    words.add(token.lower_)
        loose = word_lists("roles")["loose"]
        return _Role(noun.lemma_.lower(), frozenset(of), frozenset(words - loose - {noun.lower_}))

    def _roles(self, candidate: Candidate, head: Token) -> Iterator[_Role]:
        nouns = role_nouns()
        first = self._first(candidate)
        titles: list[Token] = []
        at = first.i - 1
        while at >= 0 and (self.doc[at].dep_ in _BEFORE or self.doc[at].lower_ in nouns or self.doc[at].lower_ == "of"):
            if self.doc[at].dep_ in {"det", "punct"} and self.doc[at].text != "-":
                break
            titles.append(self.doc[at])
            at -= 1
        named = {*nouns, *_ABBREVIATED}
        noun = next((t for t in titles if t.lemma_.lower() in nouns or t.lower_.rstrip(".") in named), None)
        if noun is not None:
            of = frozenset(c.entity for t in titles if (c := self.at.get(t.idx)) is not None and c.type != "person")
            words = {t.lower_ for t in titles if t.idx not in self.at and t != noun and t.pos_ != "PUNCT"}
            word = noun.lower_.rstrip(".")
            yield _Role(
                _ABBREVIATED.get(word, word), of, frozenset(words - word_lists("roles")["loose"] - {"of", "'s", "’s"})
            )
        beside = [child for child in head.children if child.dep_ == "appos"]
        if head.dep_ == "appos":
            beside.append(head.head)
        if head.dep_ == "nsubj" and head.head.lemma_ == "be":
            beside += [child for child in head.head.children if child.dep_ == "attr"]
        for token in beside:
            if token.lemma_.lower() in nouns and token.idx not in self.at:
                yield self._role(token)

    # --- people ---

    def people(self) -> Iterator[Candidate]:
        """Definite descriptions by a role noun."""
        for token in self.doc:
            lemma = token.lemma_.lower()
            if lemma not in role_nouns() or not self._may_mean(token):
                continue
            role = self._role(token)
            bearer = self._bearer(token, role)
            if bearer is None:
                continue
            known = bearer.candidate
            rule = f"description: {role.noun} is a role that the article gives with {known.name}"
            start, end = self._start(token), self._end(token)
            yield Candidate(start, end, known.entity, rule, "person", 5, kind="nominal", name=known.name)

    def _may_mean(self, token: Token) -> bool:
        """Whether the noun heads a definite description of one person that stands for itself."""
        if token.tag_ not in {"NN", "NNP"} or token.idx in self.at:
            return False
        if token.dep_ in {"compound", "amod", "nmod", "attr", "appos", "oprd", "npadvmod"}:
            return False
        if any(child.dep_ == "appos" and child.idx in self.at for child in token.children):
            return False
        following = self.doc[token.i + 1] if token.i + 1 < len(self.doc) else None
        if following is not None and (following.idx in self.at or following.pos_ == "PROPN"):
            owner = self.at.get(following.idx)
            if owner is None or owner.type == "person":
                return False
        lefts = [child for child in token.lefts if child.dep_ in {"det", "poss"}]
        owned = any(self._owner(child) for child in token.lefts)
        return owned or any(child.lower_ in _DEFINITE for child in lefts)

    def _owner(self, token: Token) -> bool:
        owner = self.at.get(token.idx)
        return owner is not None and owner.type != "person"

    def _bearer(self, token: Token, role: _Role) -> _Bearer | None:
        group = role_nouns()[role.noun]
        sentence = self._sentence(token)
        ranked: list[tuple[float, int, _Bearer]] = []
        for bearer in self.bearers.values():
            at = bisect.bisect_left(bearer.places, token.i) - 1
            if at < 0 or bearer.heads[at].head == token.head:
                continue
            fits = [r for r in bearer.roles if role_nouns().get(r.noun, r.noun) == group and self._fits(role, r)]
            if not fits:
                continue
            same = sum(r.noun == role.noun for r in fits)
            bare = sum(r.noun == role.noun and not r.of for r in fits) if not role.of else 0
            near = 1.0 if sentence - self._sentence(bearer.heads[at]) <= _NEAR else 0.0
            if not same and not near and not role.of:
                continue
            ranked.append((10 * (bare > 0) + 2 * (same > 0) + near + bare / 100, bearer.places[at], bearer))
        ranked.sort(key=lambda item: (-item[0], -item[1]))
        return ranked[0][2] if ranked else None

    @staticmethod
    def _fits(wanted: _Role, given: _Role) -> bool:
        """Whether a description can mean the bearer of a role: of the same, and no word that the role lacks."""
        if wanted.of and not wanted.of & given.of:
            return False
        lower = word_lists("roles")["deputies"]
        return wanted.words <= given.words | {given.noun} and wanted.words & lower == given.words & lower

    def _start(self, token: Token) -> int:
        """First character of the description, without article: its modifiers that stand just before it."""
        first = token.i
        while first > 0:
            before = self.doc[first - 1]
            if before.dep_ in {"det", "punct"} and before.text != "-":
                break
            head = before.head.head if before.dep_ == "case" else before.head
            inside = head.i in range(first, token.i + 1)
            if not inside or before.dep_ not in _BEFORE or before.lower_ in _DEFINITE:
                break
            first -= 1
        if self.doc[first].text == "-" and first < token.i:
            first += 1
        return self.doc[first].idx

    def _end(self, token: Token) -> int:
        """One past the last character of the description: that of its "of" or "for" phrase, if one follows."""
        last = token.i
        for child in token.rights:
            if child.dep_ != "prep" or child.lower_ not in {"of", "for", "at", "to"} or child.i != last + 1:
                break
            edge = child.right_edge.i
            if edge - child.i > _LONGEST or any(t.is_space or t.text == "," for t in self.doc[child.i : edge + 1]):
                break
            if any((c := self.at.get(t.idx)) is not None and c.type == "person" for t in self.doc[child.i : edge + 1]):
                break
            last = edge
        return self.doc[last].idx + len(self.doc[last])

    # --- descriptions beside a name ---

    def appositions(self) -> Iterator[Candidate]:
        """What stands before a name as a title or label of it, and beside it between commas."""
        taken: set[int] = set()
        for candidate in self.named:
            if candidate.type != "person":
                continue
            spans = [
                (self._label_before(candidate), "before"),
                *((s, "beside") for s in self._labels_beside(candidate)),
            ]
            for span, where in spans:
                if span is None or taken & {*range(*span)} or self._crosses(span, candidate):
                    continue
                taken.update(range(*span))
                rule = f"apposition: stands {where} {self.text[candidate.start : candidate.end]}"
                yield Candidate(*span, candidate.entity, rule, "person", 5, kind="apposition", name=candidate.name)

    def _label_before(self, candidate: Candidate) -> tuple[int, int] | None:
        """The words from a title or a noun that belongs to the name, up to the name: "then-U.S. President"."""
        first = self._first(candidate)
        phrase = {token.i for token in self.head_of[id(candidate)].subtree}
        at = first.i
        while at > 0 and self._in_label(self.doc[at - 1], phrase):
            at -= 1
            phrase.add(at)
        while at < first.i and (self.doc[at].pos_ in {"ADP", "PART", "PUNCT"} or self.doc[at].dep_ == "punct"):
            at += 1
        label = self.doc[at : first.i]
        while len(label) and label[-1].text in {"-", "."}:
            label = label[:-1]
        honorifics = word_lists("roles")["honorifics"]
        if not len(label) or all(t.lower_.rstrip(".") in honorifics for t in label):
            return None
        last = next((t for t in reversed(label) if t.lower_.rstrip(".") not in honorifics), label[-1])
        heads = [last, *(t for t in label if t.i < last.i and self.doc[t.i + 1].lower_ == "of")]
        return (label[0].idx, last.idx + len(last)) if any(map(self._is_person_noun, heads)) else None

    def _first(self, candidate: Candidate) -> Token:
        first = self.head_of[id(candidate)]
        while first.i > 0 and self.at.get(self.doc[first.i - 1].idx) is candidate:
            first = self.doc[first.i - 1]
        return first

    def _in_label(self, token: Token, phrase: Set[int]) -> bool:
        if token.is_space or token.dep_ == "det" or (token.dep_ == "punct" and token.text != "-"):
            return False
        if token.lower_.rstrip(".") in titles() or token.lower_ == "of":
            return True
        inside = token.i in phrase or token.head.i in phrase
        return inside and (token.dep_ in _BEFORE or token.dep_ == "advmod")

    def _is_person_noun(self, token: Token) -> bool:
        """Whether it names what somebody is."""
        if token.idx in self.at or token.pos_ not in {"NOUN", "PROPN"} or token.tag_ in {"NNS", "NNPS"}:
            return False
        words = {token.lower_.rstrip("."), token.lemma_.lower()}
        return is_title(token) or bool(
            words & (role_nouns().keys() | word_lists("roles")["persons"] | word_lists("roles")["kin"])
        )

    def _labels_beside(self, candidate: Candidate) -> Iterator[tuple[int, int]]:
        head = self.head_of[id(candidate)]
        beside = [child for child in head.rights if child.dep_ == "appos"]
        if head.dep_ == "appos":
            beside.append(head.head)
        first = self._first(candidate)
        if first.i > 1 and self.doc[first.i - 1].text == "," and head.dep_ != "conj":
            before = self.doc[first.i - 2]
            if before.dep_ != "conj" and any(
                self._owner(child) for child in before.lefts
            ):  # "Malaysia's prime minister, …"
                beside.append(before)
        for token in beside:
            if self._is_person_noun(token):
                yield self._start(token), self._end(token)

    def _crosses(self, span: tuple[int, int], candidate: Candidate) -> bool:
        """Whether it would cut through a name, or hold the very name that it stands beside."""
        for i in (span[0], span[1] - 1):
            known = self.at.get(i)
            if known is not None and not (span[0] <= known.start and known.end <= span[1]):
                return True
        return span[0] < candidate.end and candidate.start < span[1]

    # --- people without a name ---

    def unnamed(self, known: Sequence[Candidate]) -> Iterator[Candidate]:
        """Descriptions with a name in them, of people whom nobody named stands out for: "U.S. officials"."""
        taken = {i for c in known for i in range(c.start, c.end)}
        for token in self.doc:
            if token.idx in taken or token.idx in self.at or token.pos_ != "NOUN" or not self._tells_people(token):
                continue
            if token.dep_ in {"compound", "amod", "nmod", "npadvmod"}:
                continue
            start, end = self._start(token), self._end(token)
            inside = [c for i in range(start, end) if (c := self.at.get(i)) is not None]
            if not inside or any(c.start < start or c.end > end for c in inside):
                continue
            rule = "description: nobody whom the article names stands out for it"
            yield Candidate(start, end, None, rule, "none", 5, kind="unresolved")

    @staticmethod
    def _tells_people(token: Token) -> bool:
        lemma, lists = token.lemma_.lower(), word_lists("roles")
        return lemma in role_nouns() or lemma in lists["persons"] or lemma in lists["kin"]

    # --- organisations ---

    def organizations(self) -> Iterator[Candidate]:
        """ "The company", of the one organisation named in the same sentence or the two before it."""
        nouns = word_lists("roles")["organizations"]
        seen: dict[int, dict[Hashable, Candidate]] = defaultdict(dict)
        heads: Counter[int] = Counter()
        for candidate in self.named:
            if candidate.type == "organization" or self._is_group(candidate):
                head = self.head_of[id(candidate)]
                seen[self._sentence(head)][candidate.entity] = candidate
                heads[head.i] += 1
        for token in self.doc:
            if token.lemma_.lower() not in nouns or token.tag_ != "NN" or token.idx in self.at:
                continue
            lefts = list(token.lefts)
            if [child.lower_ for child in lefts] != ["the"] or token.dep_ in {"compound", "attr", "appos", "amod"}:
                continue
            if any(child.dep_ in {"prep", "relcl", "acl", "appos"} for child in token.rights):
                continue
            number = self._sentence(token)
            near: dict[Hashable, Candidate] = {}
            for back in range(_NEAR + 1):
                near = {e: c for e, c in seen.get(number - back, {}).items() if c.start < token.idx}
                if near:
                    break
            if len(near) == 1:
                (known,) = near.values()
                rule = f"description: the only organization just named is {known.name}"
                yield Candidate(
                    token.idx,
                    token.idx + len(token),
                    known.entity,
                    rule,
                    known.type,
                    5,
                    kind="nominal",
                    name=known.name,
                )

    @staticmethod
    def _is_group(candidate: Candidate) -> bool:
        return candidate.type == "catalog" and candidate.group


_NEAR: Final = 3
_LONGEST: Final = 8
"""Tokens of an "of" phrase that a description takes along."""
