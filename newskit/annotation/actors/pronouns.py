"""Resolves the pronouns of an article: the third person by salience, "I" in a quotation to whoever speaks."""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from newskit.annotation.actors.candidates import Candidate, head_token
from newskit.annotation.quotes.quote import Quote, pair_marks
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
"""What a state or an organisation calls itself; when a person says it, nobody knows who else is meant."""
_SUBJECTS: Final = frozenset({"nsubj", "nsubjpass"})
_WEIGHTS: Final = {"nsubj": 8.0, "nsubjpass": 8.0, "dobj": 5.0, "agent": 5.0, "dative": 4.5, "pobj": 4.0, "poss": 4.0}
"""How salient each grammatical role makes its bearer, after the factors of Lappin and Leass (1994)."""
_OTHER_ROLE: Final = 2.0
_GOVERNS: Final = 7.0
"""Added for the subject of a clause that contains the clause of the pronoun."""
_SENTENCES_BACK: Final = {"m": 3, "f": 3, "thing": 1, "group": 1}
"""How many earlier sentences are searched for a name; fewer for "it" and "they", which often mean nobody."""
_KNOWN: Final = 1.5
"""How much likelier somebody is whose gender is known to agree than somebody whose gender is unknown."""
_MARGIN: Final = 1.2
"""How much more salient than the runner-up the antecedent must be."""


@dataclass(slots=True)
class _Noun:
    """Somebody or something named or described at a token; `what` is m, f, person, institution, thing or group."""

    token: Token
    sentence: int
    entity: Hashable
    what: str
    weight: float
    mark: int | None
    candidate: Candidate | None = None


class _Choice(NamedTuple):
    """The noun that a pronoun stands for, and why."""

    noun: _Noun
    why: str


def link_pronouns(
    doc: Doc,
    text: str,
    blocks: Sequence[tuple[int, int]],
    named: Sequence[Candidate],
    genders: Mapping[str, str],
    quotes: Sequence[Quote],
) -> tuple[list[Candidate], dict[str, str]]:
    """Link each pronoun of an article to its actor; a third-person one without a clear actor is unresolved.

    An antecedent may be an actor or, as a rival to the actors, any other person, thing or group described, in the
    same sentence or the three before it (for "it" and "they" the one before it). It must agree in gender and number,
    and syntax must allow it: it is not the other argument of the pronoun's own verb ("Putin had congratulated him"),
    nor a name whose phrase the pronoun is part of. Its salience is the sum over its grammatical roles, halved
    with each sentence (Lappin and Leass 1994); it is higher for the subject of a clause that contains the pronoun's,
    and higher by half if the gender is known to agree. The most salient is chosen if it leads by a fifth. Inside
    quotation marks, those named within the same marks come first, then anybody but the speaker; "it" and "they" are
    not linked there. An "it" that stands for nothing is left out. "I" inside quotation marks is whoever speaks
    there, and "we" a state or an organisation that does; `quotes` say who speaks.

    Returns the pronouns, and `genders` with what "he" and "she" add about the people they stand for.
    """
    resolver = _PronounResolver(doc, text, blocks, named, genders, quotes)
    return resolver.resolve(), resolver.genders


class _PronounResolver:
    """Resolves the pronouns of one article; each one resolved may be the antecedent of the next."""

    def __init__(
        self,
        doc: Doc,
        text: str,
        blocks: Sequence[tuple[int, int]],
        named: Sequence[Candidate],
        genders: Mapping[str, str],
        quotes: Sequence[Quote],
    ) -> None:
        self.doc, self.named, self.quotes = doc, named, quotes
        self.genders = dict(genders)
        self.starts = [sentence.start for sentence in doc.sents]
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
            self._add(head, candidate.entity, _noun_kind(candidate), candidate)
        for token, what in _described(doc):
            if token.i not in taken and token.idx not in self.entities:
                self._add(token, ("described", token.lemma_.lower()), what, None)
        for nouns in self.nouns.values():
            nouns.sort(key=lambda noun: noun.token.i)

    def _add(self, token: Token, entity: Hashable, what: str, candidate: Candidate | None) -> None:
        at = token
        while at.dep_ in {"conj", "appos"} and at.head != at:
            at = at.head
        weight = _WEIGHTS.get(at.dep_, _OTHER_ROLE)
        sentence = self._sentence(token)
        noun = _Noun(token, sentence, entity, what, weight, self.marked.get(token.idx), candidate)
        self.nouns[sentence].append(noun)

    def _sentence(self, token: Token) -> int:
        return bisect.bisect_right(self.starts, token.i) - 1

    def resolve(self) -> list[Candidate]:
        """The pronouns outside quotation marks first, since they tell who speaks; then those inside."""
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
        speakers = self._speakers()
        found += [self._resolve(token, speakers.get(token.idx)) for token in inside]
        found += self._first_persons(own, speakers)
        return [candidate for candidate in found if candidate is not None]

    def _speakers(self) -> dict[int, Hashable]:
        """The speaker of each quoted character, where one is known."""
        speakers: dict[int, Hashable] = {}
        for quote in self.quotes:
            if quote.source_head is not None and quote.source_head in self.entities:
                span = range(quote.content_start, quote.content_end)
                speakers.update(dict.fromkeys(span, self.entities[quote.source_head]))
        return speakers

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

    def _resolve(self, token: Token, speaker: Hashable) -> Candidate | None:
        """A third-person pronoun with its actor, or unresolved; None for an "it" that has no actor."""
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
        self._add(token, known.entity, _noun_kind(known), linked)
        self.nouns[self._sentence(token)].sort(key=lambda noun: noun.token.i)
        return linked

    def _choose(self, token: Token, form: str, allowed: Callable[[_Noun], bool]) -> _Choice | None:
        """The antecedent of a pronoun among the nouns that agree with it and are allowed."""
        rivals = _Rivals(token)
        number = self._sentence(token)
        for back in range(min(number, _SENTENCES_BACK[form]) + 1):
            for noun in self.nouns.get(number - back, ()):
                if self._agrees(noun, form) and allowed(noun):
                    rivals.add(noun, back)
        if form in {"m", "f"}:
            for entity, noun in rivals.latest.items():
                if noun.what == "person" and self.genders.get(str(entity)) == form:
                    rivals.salience[entity] *= _KNOWN
        return rivals.choice()

    def _agrees(self, noun: _Noun, form: str) -> bool:
        what = noun.what
        if form in {"m", "f"}:
            if what == "person":
                return self.genders.get(str(noun.entity), "") in {"", form}
            return what == form
        if what == "institution":
            return noun.token.dep_ not in {"amod", "compound", "nmod"}
        return what == form


class _Rivals:
    """What one pronoun may stand for, with the salience of each."""

    def __init__(self, pronoun: Token) -> None:
        self.pronoun = pronoun
        self.governing = {above.i for above in pronoun.ancestors if above.pos_ in {"VERB", "AUX"}}
        self.is_reflexive = pronoun.lower_.endswith(("self", "selves"))
        self.salience: dict[Hashable, float] = defaultdict(float)
        self.latest: dict[Hashable, _Noun] = {}
        self.governs: dict[Hashable, str] = {}
        """The verb of those that are the subject of a clause around the pronoun's."""
        self.barred: set[Hashable] = set()

    def add(self, noun: _Noun, back: int) -> None:
        """Count a noun that stands `back` sentences before the pronoun."""
        if back == 0:
            if not self._add_here(noun):
                return
        else:
            self.salience[noun.entity] += noun.weight * 0.5**back
            if self.pronoun.dep_ in _SUBJECTS and noun.token.dep_ in _SUBJECTS:
                self.salience[noun.entity] += 2 * 0.5**back
        if noun.entity not in self.latest or back == 0:
            self.latest[noun.entity] = noun

    def _add_here(self, noun: _Noun) -> bool:
        """Count a noun of the pronoun's own sentence, unless syntax rules it out."""
        after = noun.token.i > self.pronoun.i
        if noun.token.i == self.pronoun.i or (after and not _is_fronted(self.pronoun, noun.token)):
            return False
        if _shares_verb(self.pronoun, noun.token) and not self.is_reflexive:
            self.barred.add(noun.entity)
            return False
        if _is_part_of(self.pronoun, noun.token):
            return False
        if noun.token.dep_ in _SUBJECTS and noun.token.head.i in self.governing:
            self.salience[noun.entity] += _GOVERNS
            self.governs[noun.entity] = noun.token.head.text
        self.salience[noun.entity] += noun.weight * (0.6 if after else 1.5)
        return True

    def choice(self) -> _Choice | None:
        """The most salient one, if it leads by the margin."""
        allowed = [(value, entity) for entity, value in self.salience.items() if entity not in self.barred]
        ranked = sorted(allowed, key=lambda pair: -pair[0])
        if not ranked or (len(ranked) > 1 and ranked[0][0] < _MARGIN * ranked[1][0]):
            return None
        best = ranked[0][1]
        if best in self.governs:
            return _Choice(self.latest[best], f"subject of “{self.governs[best]}”")
        why = "only one it can mean" if len(ranked) == 1 else f"most salient of {len(ranked)} it can mean"
        return _Choice(self.latest[best], why)


def _noun_kind(candidate: Candidate) -> str:
    return "person" if candidate.type == "person" else "institution"


def _is_fronted(pronoun: Token, subject: Token) -> bool:
    """Whether the pronoun stands in a phrase before the subject: "In his speech, Trump said"."""
    verb = subject.head
    if subject.dep_ not in _SUBJECTS or pronoun.head == subject:
        return False
    for lower, upper in pairwise([pronoun, *pronoun.ancestors]):
        if upper == verb:
            return lower.dep_ in {"prep", "advcl", "npadvmod"} and lower.i < subject.i
    return False


def _shares_verb(pronoun: Token, name: Token) -> bool:
    """Whether both are arguments of one verb and so cannot be the same person ("he praised him")."""
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
    """Whether "it" is a mere placeholder: "it is clear that", "it seems", "it rained", "make it hard to"."""
    if token.lower_ != "it":
        return False
    verb = token.head
    if token.dep_ == "expl" or verb.lemma_.lower() in word_lists("name_words")["impersonal_verbs"]:
        return True
    if token.dep_ in _SUBJECTS and verb.lemma_.lower() == "be":
        predicate = any(t.dep_ in {"acomp", "attr", "oprd"} for t in verb.children)
        clause = any(t.dep_ in {"ccomp", "xcomp", "advcl", "relcl", "csubj", "acl"} for t in verb.subtree)
        return predicate and clause
    if token.dep_ in _SUBJECTS and verb.dep_ != "relcl":
        return token.dep_ == "nsubjpass" and any(t.dep_ == "ccomp" for t in verb.children)
    clause_after = any(t.dep_ in {"xcomp", "ccomp"} and t.i > token.i for t in verb.children)
    return clause_after and verb.lemma_ in {"make", "find"}


def _described(doc: Doc) -> Iterator[tuple[Token, str]]:
    """Nouns besides the actors that a pronoun might stand for: persons, with gender if known, things and groups."""
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
            if token.dep_ != "appos" and not any(child.dep_ == "appos" for child in token.children):
                yield token, "m"
                yield token, "f"
        elif token.dep_ in {"nsubj", "nsubjpass", "dobj", "pobj"}:
            yield token, "thing"
