"""Resolves the pronouns of an article: the third person by salience, "I" in a quotation to whoever speaks."""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from newskit.annotation.actors.antecedents import SUBJECTS, Noun, Option, Rivals
from newskit.annotation.actors.candidates import Candidate, head_token
from newskit.annotation.actors.ranker import Chooser, shipped_ranker
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
_SENTENCES_BACK: Final = {"m": 5, "f": 5, "thing": 2, "group": 2}
"""How many earlier sentences are searched for a name; fewer for "it" and "they", which often mean nobody."""


def link_pronouns(
    doc: Doc,
    text: str,
    blocks: Sequence[tuple[int, int]],
    named: Sequence[Candidate],
    genders: Mapping[str, str],
    quotes: Sequence[Quote],
    chooser: Chooser | None = None,
) -> tuple[list[Candidate], dict[str, str]]:
    """Link each pronoun of an article to its actor; a third-person one without a clear actor is unresolved.

    An antecedent may be an actor or, as a rival to the actors, any other person, thing or group described, in the
    same sentence or a few before it. It must agree in gender and number, and syntax must allow it: it is not the other
    argument of the pronoun's own verb ("Putin had congratulated him"), nor a name whose phrase the pronoun is part of;
    inside quotation marks it is not the speaker. Of those, the `chooser` takes one or nobody: by default the ranker
    that ships with newskit, whose features are salience by grammatical role (Lappin and Leass 1994), distance,
    frequency, agreement and kind (`antecedents.py`). An "it" that stands for nothing is left out. "I" inside quotation
    marks is whoever speaks there, and "we" a state or an organisation that does; `quotes` say who speaks.

    Returns the pronouns, and `genders` with what "he" and "she" add about the people they stand for.
    """
    resolver = _PronounResolver(doc, text, blocks, named, genders, quotes)
    resolver.chooser = chooser or shipped_ranker()
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
        self.chooser: Chooser
        self.genders = dict(genders)
        self.starts = [sentence.start for sentence in doc.sents]
        pairs, _ = pair_marks(text, blocks)
        self.marked = {i: number for number, (start, end) in enumerate(pairs) for i in range(start, end)}
        self.nouns: dict[int, list[Noun]] = defaultdict(list)
        self.places: dict[Hashable, list[int]] = defaultdict(list)
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
        self.first = min(named, key=lambda candidate: candidate.start).entity if named else None

    def _add(self, token: Token, entity: Hashable, what: str, candidate: Candidate | None) -> None:
        sentence = self._sentence(token)
        noun = Noun(token, sentence, entity, what, self.marked.get(token.idx), candidate)
        self.nouns[sentence].append(noun)
        bisect.insort(self.places[entity], token.i)

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
        choice = self._choose(token, form, speaker)
        end = token.idx + len(token)
        if choice is None or choice.noun.candidate is None:
            if form == "thing":  # most of them mean no actor
                return None
            return Candidate(token.idx, end, None, "pronoun: nobody stands out", "none", 4, kind="unresolved")
        known = choice.noun.candidate
        if form in {"m", "f"}:
            self.genders[str(known.entity)] = form
        rule = f"pronoun: {_why(choice)}"
        linked = replace(
            known, start=token.idx, end=end, rule=rule, order=4, kind="pronoun", label=None, in_title=False
        )
        self.entities.update(dict.fromkeys(range(token.idx, end), known.entity))
        self._add(token, known.entity, _noun_kind(known), linked)
        self.nouns[self._sentence(token)].sort(key=lambda noun: noun.token.i)
        return linked

    def _choose(self, token: Token, form: str, speaker: Hashable) -> Option | None:
        """The antecedent of a pronoun among the nouns that agree with it; inside quotation marks not the speaker."""
        mark = self.marked.get(token.idx)
        rivals = Rivals(token, mark, is_blind=mark is not None and speaker is None)
        number = self._sentence(token)
        for back in range(min(number, _SENTENCES_BACK[form]) + 1):
            for noun in self.nouns.get(number - back, ()):
                same_voice = mark is None or noun.mark in {None, mark}
                if same_voice and self._agrees(noun, form) and not (mark is not None and noun.entity == speaker):
                    rivals.add(noun, back)
        known = {e: form for e in rivals.options if self.genders.get(str(e)) == form} if form in {"m", "f"} else {}
        counts = {entity: bisect.bisect_left(self.places[entity], token.i) for entity in rivals.options}
        return self.chooser.choose(token, form, rivals.choices(known, counts, self.first))

    def _agrees(self, noun: Noun, form: str) -> bool:
        what = noun.what
        if form in {"m", "f"}:
            if what == "person":
                return self.genders.get(str(noun.entity), "") in {"", form}
            return what == form
        if what == "institution":
            return noun.token.dep_ not in {"amod", "compound", "nmod"}
        return what == form


def _why(option: Option) -> str:
    """Why a pronoun stands for an option, in words."""
    if option.governs:
        return f"subject of “{option.governs}”"
    where = "in the same sentence" if option.back == 0 else f"{option.back} sentences back"
    return f"likeliest antecedent, {where.replace('1 sentences', 'a sentence')}"


def _noun_kind(candidate: Candidate) -> str:
    return "person" if candidate.type == "person" else "institution"


def _stands_for_nothing(token: Token) -> bool:
    """Whether "it" is a mere placeholder: "it is clear that", "it seems", "it rained", "make it hard to"."""
    if token.lower_ != "it":
        return False
    verb = token.head
    if token.dep_ == "expl" or verb.lemma_.lower() in word_lists("name_words")["impersonal_verbs"]:
        return True
    if token.dep_ in SUBJECTS and verb.lemma_.lower() == "be":
        predicate = any(t.dep_ in {"acomp", "attr", "oprd"} for t in verb.children)
        clause = any(t.dep_ in {"ccomp", "xcomp", "advcl", "relcl", "csubj", "acl"} for t in verb.subtree)
        return predicate and clause
    if token.dep_ in SUBJECTS and verb.dep_ != "relcl":
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
