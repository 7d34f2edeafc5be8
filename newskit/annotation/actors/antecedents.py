"""What a pronoun may stand for: the options in an article, with the features by which the ranker chooses."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from newskit.annotation.actors.candidates import Candidate

if TYPE_CHECKING:
    from spacy.tokens import Token

SUBJECTS: Final = frozenset({"nsubj", "nsubjpass"})
FEATURES: Final = (
    "salience share", "salience", "most salient", "governs", "behind", "same sentence", "one back", "two back",
    "distance", "nearest", "subject", "both subjects", "owner", "after a preposition", "a pronoun", "a near pronoun",
    "mentions", "share of mentions", "gender known", "person", "place", "described", "state", "group", "same marks",
    "times near", "in a title", "first of all", "subject of its verb",
)  # fmt: skip
"""The features of an option, in the order of the weights."""
NOBODY: Final = (
    "always", "options", "in quotation marks", "subject", "owner", "runner-up", "no actor", "several back",
    "unknown speaker",
)  # fmt: skip
"""The features of the answer that nobody is meant, in the order of the weights."""
_WEIGHTS: Final = {"nsubj": 8.0, "nsubjpass": 8.0, "dobj": 5.0, "agent": 5.0, "dative": 4.5, "pobj": 4.0, "poss": 4.0}
"""How salient each grammatical role makes its bearer, after the factors of Lappin and Leass (1994)."""
_OTHER_ROLE: Final = 2.0
_GOVERNS: Final = 7.0
"""Added for the subject of a clause that contains the clause of the pronoun."""


@dataclass(slots=True)
class Noun:
    """Somebody or something named or described at a token; `what` is m, f, person, institution, thing or group."""

    token: Token
    sentence: int
    entity: Hashable
    what: str
    mark: int | None
    candidate: Candidate | None = None

    @property
    def weight(self) -> float:
        """How salient its grammatical role makes it."""
        at = self.token
        while at.dep_ in {"conj", "appos"} and at.head != at:
            at = at.head
        return _WEIGHTS.get(at.dep_, _OTHER_ROLE)


@dataclass(slots=True)
class Option:
    """Somebody whom a pronoun may stand for: the latest mention, and what tells for and against."""

    noun: Noun
    back: int
    salience: float = 0.0
    times: int = 0
    governs: str = ""
    """The verb of a clause around the pronoun's whose subject it is."""
    is_known: bool = False
    """Whether its gender is known to be the pronoun's."""
    features: list[float] = field(default_factory=list)


class Choices(NamedTuple):
    """The options of one pronoun, and the features of the answer that nobody is meant."""

    options: list[Option]
    nobody: list[float]
    mark: int | None = None
    """The pair of quotation marks around the pronoun."""


class Rivals:
    """Gathers what one pronoun may stand for."""

    def __init__(self, pronoun: Token, mark: int | None, *, is_blind: bool = False) -> None:
        self.pronoun, self.mark, self.is_blind = pronoun, mark, is_blind
        self.governing = {above.i for above in pronoun.ancestors if above.pos_ in {"VERB", "AUX"}}
        self.is_reflexive = pronoun.lower_.endswith(("self", "selves"))
        self.options: dict[Hashable, Option] = {}
        self.barred: set[Hashable] = set()

    def add(self, noun: Noun, back: int) -> None:
        """Count a noun that stands `back` sentences before the pronoun."""
        salience, governs = noun.weight * 0.5**back, ""
        if back == 0:
            if not self._is_possible(noun):
                return
            after = noun.token.i > self.pronoun.i
            salience = noun.weight * (0.6 if after else 1.5)
            if noun.token.dep_ in SUBJECTS and noun.token.head.i in self.governing:
                salience += _GOVERNS
                governs = noun.token.head.text
        elif self.pronoun.dep_ in SUBJECTS and noun.token.dep_ in SUBJECTS:
            salience += 2 * 0.5**back
        option = self.options.setdefault(noun.entity, Option(noun, back))
        if back < option.back or (back == option.back and noun.token.i > option.noun.token.i):
            option.noun, option.back = noun, back
        option.salience += salience
        option.times += 1
        option.governs = governs or option.governs

    def _is_possible(self, noun: Noun) -> bool:
        """Whether syntax lets the pronoun stand for a noun of its own sentence."""
        after = noun.token.i > self.pronoun.i
        if noun.token.i == self.pronoun.i or (after and not _is_fronted(self.pronoun, noun.token)):
            return False
        if _shares_verb(self.pronoun, noun.token) and not self.is_reflexive:
            self.barred.add(noun.entity)
            return False
        return not _is_part_of(self.pronoun, noun.token)

    def choices(self, known: Mapping[Hashable, str], counts: Mapping[Hashable, int], first: Hashable) -> Choices:
        """The options that are not barred, with their features.

        `known` are the genders told otherwise, `counts` the mentions of each before the pronoun, `first` whoever is
        named first.
        """
        options = [option for entity, option in self.options.items() if entity not in self.barred]
        if not options:
            return Choices([], [])
        most = max(option.salience for option in options)
        nearest = max(option.noun.token.i for option in options)
        total = sum(counts.values())
        for option in options:
            option.is_known = option.noun.entity in known
            option.features = [
                option.salience / most, math.log1p(option.salience), float(option.salience == most),
                *self._of_place(option, nearest),
                *_of_mentions(option, counts, total),
                float(option.is_known),
                *_of_kind(option.noun, self.mark),
                math.log1p(option.times),
                float(option.noun.candidate is not None and option.noun.candidate.in_title),
                float(option.noun.entity == first),
                float(self.pronoun.dep_ == "poss" and option.noun.token.head.i in self.governing),
            ]  # fmt: skip
        return Choices(options, self._nobody(options, most), self.mark)

    def _of_place(self, option: Option, nearest: int) -> list[float]:
        token, back = option.noun.token, option.back
        is_subject = token.dep_ in SUBJECTS
        is_pronoun = option.noun.candidate is not None and option.noun.candidate.kind == "pronoun"
        return [
            float(bool(option.governs)), float(token.i > self.pronoun.i),
            float(back == 0), float(back == 1), float(back == 2),
            math.log1p(abs(self.pronoun.i - token.i)), float(token.i == nearest),
            float(is_subject), float(is_subject and self.pronoun.dep_ in SUBJECTS),
            float(token.dep_ == "poss"), float(token.dep_ == "pobj"), float(is_pronoun), float(is_pronoun and back < 2),
        ]  # fmt: skip

    def _nobody(self, options: Sequence[Option], most: float) -> list[float]:
        ranked = sorted((option.salience for option in options), reverse=True)
        return [
            1.0, math.log(len(options)), float(self.mark is not None), float(self.pronoun.dep_ in SUBJECTS),
            float(self.pronoun.dep_ == "poss"), ranked[1] / most if len(ranked) > 1 else 0.0,
            float(all(option.noun.candidate is None for option in options)), float(min(o.back for o in options) > 1),
            float(self.is_blind),
        ]  # fmt: skip


def _of_mentions(option: Option, counts: Mapping[Hashable, int], total: int) -> list[float]:
    """How often it was mentioned before."""
    n = counts.get(option.noun.entity, 0)
    return [math.log1p(n), n / max(total, 1)]


def _of_kind(noun: Noun, mark: int | None) -> list[float]:
    """What it is."""
    known = noun.candidate
    is_place = known is not None and (known.kind == "place" or known.type == "place")
    is_state = known is not None and known.type == "catalog" and not known.group
    is_group = known is not None and (known.group or known.type in {"organization", "people"})
    return [
        float(noun.what == "person"), float(is_place), float(known is None), float(is_state), float(is_group),
        float(mark is not None and noun.mark == mark),
    ]  # fmt: skip


def _is_fronted(pronoun: Token, subject: Token) -> bool:
    """Whether the pronoun stands in a phrase before the subject: "In his speech, Trump said"."""
    verb = subject.head
    if subject.dep_ not in SUBJECTS or pronoun.head == subject:
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
    return name.head == verb and bool({pronoun.dep_, name.dep_} & SUBJECTS)


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
