"""Whom the pronouns of an article mean: third persons by salience, "I" inside a quotation its speaker."""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from newskit.annotation.actors.candidates import Candidate, head_token
from newskit.annotation.quotes.quote import pair_marks
from newskit.annotation.quotes.rules import find_quotes
from newskit.resources.lexicons import titles, word_lists

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_FORMS: Final = {
    "he": "m", "him": "m", "his": "m", "himself": "m",
    "she": "f", "her": "f", "hers": "f", "herself": "f",
    "it": "thing", "its": "thing", "itself": "thing",
    "they": "group", "them": "group", "their": "group", "theirs": "group", "themselves": "group",
}  # fmt: skip
_SPEAKER: Final = frozenset(["i", "me", "my", "mine", "myself"])
_SPEAKERS: Final = frozenset(["we", "us", "our", "ours", "ourselves"])
"""What a state or an organisation calls itself by; of a person nobody knows who else is meant."""
_SUBJECTS: Final = frozenset({"nsubj", "nsubjpass"})
_WEIGHTS: Final = {"nsubj": 8.0, "nsubjpass": 8.0, "dobj": 5.0, "agent": 5.0, "dative": 4.5, "pobj": 4.0, "poss": 4.0}
"""How salient a grammatical role makes its bearer, after the factors of Lappin and Leass (1994)."""
_OTHER_ROLE: Final = 2.0
_GOVERNS: Final = 7.0
"""Added for the subject of a clause that the pronoun's own is part of."""
_WINDOW: Final = 3
_NEAR: Final = 1
"""Sentences before its own in which a name is sought, for he and she, and for it and they: these often mean nobody."""
_KNOWN: Final = 1.5
"""How much more likely somebody is whose gender is known to agree than one whose gender is not known."""
_MARGIN: Final = 1.2
"""How much more salient than the next the antecedent must be."""


@dataclass(slots=True)
class _Noun:
    """Somebody or something named or described at a token; `what` is m, f, person, thing or group."""

    token: Token
    sentence: int
    entity: Hashable
    what: str
    weight: float
    mark: int | None
    candidate: Candidate | None = None


class _Choice(NamedTuple):
    noun: _Noun
    why: str


def link_pronouns(
    doc: Doc,
    text: str,
    blocks: Sequence[tuple[int, int]],
    named: Sequence[Candidate],
    genders: dict[str, str],
) -> list[Candidate]:
    """The pronouns of an article, each with its actor where one stands out, else, in the third person, unresolved.

    Possible are the actors, and as their rivals the other persons, things and groups described, of the
    sentence and the three before it (for "it" and "they" the one), which agree in gender and number and which
    syntax allows: not the other argument of the pronoun's own verb ("Putin had congratulated him"), and not a
    name that the pronoun is part of. Each has the salience of its grammatical roles, halved with each
    sentence (Lappin and Leass 1994), more as the subject of a clause that the pronoun's is part of, and half
    more if the gender is known to agree; the most salient is meant if it leads by a fifth. Inside quotation
    marks those named in the same marks come first, else anybody but the speaker; "it" and "they" are not
    linked there. "It" that stands for nothing is left out. What "he" and "she" tell is added to `genders`.
    "I" inside quotation marks is whoever speaks there, and "we" a state or an organisation that does.
    """
    resolver = _Resolver(doc, text, blocks, named, genders)
    found = resolver.resolve()
    genders.update(resolver.genders)
    return found


class _Resolver:
    """The state of resolving one article."""

    def __init__(
        self,
        doc: Doc,
        text: str,
        blocks: Sequence[tuple[int, int]],
        named: Sequence[Candidate],
        genders: Mapping[str, str],
    ) -> None:
        self.doc, self.blocks, self.named = doc, blocks, named
        self.genders = dict(genders)
        self.sentences = list(doc.sents)
        self.starts = [sentence.start for sentence in self.sentences]
        pairs, _ = pair_marks(text, blocks)
        self.marked = {i: number for number, (start, end) in enumerate(pairs) for i in range(start, end)}
        self.nouns: dict[int, list[_Noun]] = defaultdict(list)
        self.entities: dict[int, Hashable] = {}
        """The actor of each character that is part of a mention."""
        taken: set[int] = set()
        for candidate in named:
            self.entities.update(dict.fromkeys(range(candidate.start, candidate.end), candidate.entity))
            head = head_token(doc, candidate.start, candidate.end)
            taken.add(head.i)
            taken.update(token.i for token in head.lefts if token.dep_ in {"compound", "amod"})
            self._add(head, candidate.entity, self._kind_of(candidate), candidate)
        for token, what in _described(doc):
            if token.i not in taken and token.idx not in self.entities:
                self._add(token, ("described", token.lemma_.lower()), what, None)
        for nouns in self.nouns.values():
            nouns.sort(key=lambda noun: noun.token.i)

    def _kind_of(self, candidate: Candidate) -> str:
        if candidate.type == "person":
            return "person"
        return "institution"

    def _add(self, token: Token, entity: Hashable, what: str, candidate: Candidate | None) -> None:
        sentence = bisect.bisect_right(self.starts, token.i) - 1
        at = token
        while at.dep_ in {"conj", "appos"} and at.head != at:
            at = at.head
        weight = _WEIGHTS.get(at.dep_, _OTHER_ROLE)
        noun = _Noun(token, sentence, entity, what, weight, self.marked.get(token.idx), candidate)
        self.nouns[sentence].append(noun)

    def resolve(self) -> list[Candidate]:
        """Those outside quotation marks first, since they tell who speaks; then those inside."""
        outside: list[Token] = []
        inside: list[Token] = []
        own: list[Token] = []
        for token in self.doc:
            if token.lower_ in _SPEAKER or token.lower_ in _SPEAKERS:
                if self.marked.get(token.idx) is not None:
                    own.append(token)
            elif token.lower_ in _FORMS and token.pos_ in {"PRON", "DET"} and not _stands_for_nothing(token):
                (outside if self.marked.get(token.idx) is None else inside).append(token)
        found = [self._resolve(token, None) for token in outside]
        if inside or own:
            speakers = self._speakers()
            found += [self._resolve(token, speakers.get(token.idx)) for token in inside]
            found += self._first_persons(own, speakers)
        return [candidate for candidate in found if candidate is not None]

    def _first_persons(self, tokens: Sequence[Token], speakers: Mapping[int, Hashable]) -> Iterator[Candidate]:
        known = {candidate.entity: candidate for candidate in self.named}
        for token in tokens:
            speaker = known.get(speakers.get(token.idx))
            if speaker is None or (speaker.type == "person") != (token.lower_ in _SPEAKER):
                continue
            yield replace(
                speaker,
                start=token.idx,
                end=token.idx + len(token),
                kind="pronoun",
                rule="pronoun: speaker of the quotation",
                label=None,
                in_title=False,
                first_person=True,
                order=4,
            )

    def _speakers(self) -> dict[int, Hashable]:
        """The speaker of each character inside quotation marks, where one is known."""
        spans = sorted({(c.start, c.end) for c in self.named})
        speakers: dict[int, Hashable] = {}
        for quote in find_quotes(self.doc, self.blocks, spans):
            if quote.source_head is not None and quote.source_head in self.entities:
                span = range(quote.content_start, quote.content_end)
                speakers.update(dict.fromkeys(span, self.entities[quote.source_head]))
        return speakers

    def _resolve(self, token: Token, speaker: Hashable) -> Candidate | None:
        form = _FORMS[token.lower_]
        mark = self.marked.get(token.idx)
        choice = None
        if mark is not None and form in {"thing", "group"}:  # what speakers call "it" is seldom an actor
            speaker = None
        elif mark is not None:
            choice = self._choose(token, form, lambda noun: noun.mark == mark)
        if choice is None and (mark is None or speaker is not None):
            choice = self._choose(token, form, lambda noun: noun.mark in {None, mark} and noun.entity != speaker)
        end = token.idx + len(token)
        if choice is None or choice.noun.candidate is None:
            if form == "thing":  # most of them mean no actor
                return None
            return Candidate(token.idx, end, None, "pronoun: nobody stands out", "none", 4, kind="unresolved")
        known = choice.noun.candidate
        if form in {"m", "f"}:
            self.genders[str(known.entity)] = form
        rule = f"pronoun: {choice.why}"
        linked = Candidate(token.idx, end, known.entity, rule, known.type, 4, kind="pronoun", name=known.name)
        self.entities.update(dict.fromkeys(range(token.idx, end), known.entity))
        self._add(token, known.entity, self._kind_of(known), linked)
        self.nouns[self._sentence(token)].sort(key=lambda noun: noun.token.i)
        return linked

    def _sentence(self, token: Token) -> int:
        return bisect.bisect_right(self.starts, token.i) - 1

    def _choose(self, token: Token, form: str, allowed: object) -> _Choice | None:
        assert callable(allowed)
        number = self._sentence(token)
        ancestors = list(token.ancestors)
        governing = {a.i for a in ancestors if a.pos_ in {"VERB", "AUX"}}
        salience: dict[Hashable, float] = defaultdict(float)
        latest: dict[Hashable, _Noun] = {}
        governs: dict[Hashable, str] = {}
        barred: set[Hashable] = set()
        reflexive = token.lower_.endswith(("self", "selves"))
        for back in range((_WINDOW if form in {"m", "f"} else _NEAR) + 1):
            if number - back < 0:
                break
            for noun in self.nouns.get(number - back, ()):
                if not self._agrees(noun, form) or not allowed(noun):
                    continue
                if back == 0:
                    after = noun.token.i > token.i
                    if noun.token.i == token.i or (after and not self._is_fronted(token, noun.token)):
                        continue
                    if _shares_verb(token, noun.token) and not reflexive:
                        barred.add(noun.entity)
                        continue
                    if _is_part_of(token, noun.token):
                        continue
                    if noun.token.dep_ in _SUBJECTS and noun.token.head.i in governing:
                        salience[noun.entity] += _GOVERNS
                        governs[noun.entity] = noun.token.head.text
                    salience[noun.entity] += noun.weight * (0.6 if after else 1.5)
                else:
                    salience[noun.entity] += noun.weight * 0.5**back
                if token.dep_ in _SUBJECTS and noun.token.dep_ in _SUBJECTS and back:
                    salience[noun.entity] += 2 * 0.5**back
                if noun.entity not in latest or back == 0:
                    latest[noun.entity] = noun
        for entity, noun in latest.items():
            if form in {"m", "f"} and noun.what == "person" and self.genders.get(str(entity)) == form:
                salience[entity] *= _KNOWN
        ranked = sorted(
            ((value, entity) for entity, value in salience.items() if entity not in barred), key=lambda pair: -pair[0]
        )
        if not ranked or (len(ranked) > 1 and ranked[0][0] < _MARGIN * ranked[1][0]):
            return None
        best = ranked[0][1]
        if best in governs:
            return _Choice(latest[best], f"subject of “{governs[best]}”")
        why = "only one it can mean" if len(ranked) == 1 else f"most salient of {len(ranked)} it can mean"
        return _Choice(latest[best], why)

    def _agrees(self, noun: _Noun, form: str) -> bool:
        what = noun.what
        if form in {"m", "f"}:
            if what == "person":
                return self.genders.get(str(noun.entity), "") in {"", form}
            return what == form
        if what == "institution":
            return noun.token.dep_ not in {"amod", "compound", "nmod"}
        return what == form

    def _is_fronted(self, token: Token, subject: Token) -> bool:
        """Whether the pronoun stands in a phrase before the subject: "In his speech, Trump said"."""
        verb = subject.head
        if subject.dep_ not in _SUBJECTS or token.head == subject:
            return False
        above = [token, *token.ancestors]
        for lower, upper in pairwise(above):
            if upper == verb:
                return lower.dep_ in {"prep", "advcl", "npadvmod"} and lower.i < subject.i
        return False


def _shares_verb(pronoun: Token, name: Token) -> bool:
    """Whether both are arguments of one verb, which then cannot be one person ("he praised him")."""
    if pronoun.dep_ == "poss":
        return False
    verb = pronoun.head if pronoun.head.pos_ in {"VERB", "AUX"} else pronoun.head.head
    return name.head == verb and bool({pronoun.dep_, name.dep_} & _SUBJECTS)


def _is_part_of(pronoun: Token, name: Token) -> bool:
    """Whether the pronoun belongs to the phrase of the name: "his father Ahmed", "Ahmed, his father"."""
    for above in pronoun.ancestors:
        if above == name or (above.dep_ == "appos" and above.head == name):
            return True
        if name.dep_ in {"appos", "compound"} and name.head == above:
            return True
        if above.pos_ in {"VERB", "AUX"}:
            return False
    return False


def _stands_for_nothing(token: Token) -> bool:
    """Whether "it" is only the place of a subject: "it is clear that", "it seems", "it rained", "make it hard to"."""
    if token.lower_ != "it":
        return False
    words = word_lists("name_words")
    verb = token.head
    if token.dep_ == "expl" or verb.lemma_.lower() in words["impersonal_verbs"]:
        return True
    if token.dep_ in _SUBJECTS and verb.lemma_.lower() == "be":
        predicate = [t for t in verb.children if t.dep_ in {"acomp", "attr", "oprd"}]
        clause = [t for t in verb.subtree if t.dep_ in {"ccomp", "xcomp", "advcl", "relcl", "csubj", "acl"}]
        return bool(predicate) and bool(clause)
    if token.dep_ in _SUBJECTS and verb.dep_ != "relcl":
        return any(t.dep_ == "ccomp" for t in verb.children) and token.dep_ == "nsubjpass"
    return any(t.dep_ in {"xcomp", "ccomp"} and t.i > token.i for t in verb.children) and verb.lemma_ in {
        "make",
        "find",
    }


def _described(doc: Doc) -> Iterator[tuple[Token, str]]:
    """Nouns that a pronoun might mean beside the actors: persons, with gender where told, things and groups."""
    words = word_lists("name_words")
    persons = word_lists("reporting_verbs")["speakers"]
    for token in doc:
        if token.pos_ != "NOUN" or token.dep_ in {"compound", "npadvmod", "nmod", "amod", "attr"}:
            continue
        lemma = token.lemma_.lower()
        if token.tag_ == "NNS":
            yield token, "group"
        elif lemma in words["men"]:
            yield token, "m"
        elif lemma in words["women"]:
            yield token, "f"
        elif lemma in persons or lemma in titles():
            if token.dep_ not in {"appos"} and not any(child.dep_ == "appos" for child in token.children):
                yield token, "m"
                yield token, "f"
        elif token.dep_ in {"nsubj", "nsubjpass", "dobj", "pobj"}:
            yield token, "thing"
