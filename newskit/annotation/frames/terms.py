"""The terms of codebooks: how they are written, and finding many of them in a Doc in one pass."""

from __future__ import annotations

import itertools
import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf, prod
from typing import TYPE_CHECKING, Final, TypeVar

from newskit.reading.view import plain_words
from newskit.resources.files import FileChecker
from newskit.resources.language import blank_english, tagger

if TYPE_CHECKING:
    import numpy as np
    from spacy.tokens import Doc, Span

POS: Final = ("ADJ", "ADP", "ADV", "AUX", "DET", "INTJ", "NOUN", "NUM", "PRON", "PROPN", "VERB")
MOST_WORDS: Final = 50
"""Most words and gaps of a term."""
MOST_WAYS: Final = 500
"""Most ways in which a term can be read, by its alternatives of several words."""
_TERM_WORD: Final = re.compile(r"\*?[\w'’.-]+\*?(?:\|\*?[\w'’.-]+\*?)*")
_GAP: Final = re.compile(r"<(\d)>")
_NEARLY_EVERYWHERE: Final = frozenset(
    {"a", "an", "and", "are", "as", "at", "be", "been", "by", "for", "from", "had", "has", "have", "he", "her"}
    | {"his", "i", "in", "is", "it", "its", "of", "on", "or", "she", "that", "the", "their", "they", "this"}
    | {"to", "was", "we", "were", "which", "will", "with", "you"}
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a term: its alternatives, its part of speech if that matters, and the gap allowed before it."""

    options: tuple[str, ...]
    pos: str | None = None
    gap: int = 0


def check_term(term: object) -> str | None:
    """What is wrong with a term, and how to mend it; None if it can be read.

    >>> check_term("strike/NOUN"), check_term("a*")
    (None, "'a*' would match nearly everything; name more letters")
    """
    if not isinstance(term, str) or not term.strip():
        return "an empty term; remove it"
    pieces = term.split()
    if len(pieces) > MOST_WORDS:
        return f"the term {term[:40]!r}… has {len(pieces)} words and gaps, more than {MOST_WORDS}; shorten it"
    if any(_GAP.fullmatch(piece) for piece in (pieces[0], pieces[-1])):
        return f"the gap in {term!r} must stand between two words"
    for piece in pieces:
        word, _, pos = piece.partition("/")
        if _GAP.fullmatch(piece):
            continue
        if not word.strip("*|"):
            return f"{piece!r} would match nearly everything; name letters"
        if not _TERM_WORD.fullmatch(word):
            return f"cannot read {piece!r} in the term {term!r}: words, |, * and gaps such as <3> only"
        if pos and pos not in POS:
            return f"{pos!r} in the term {term!r} is not a part of speech; known: {', '.join(POS)}"
        alone = len(pieces) == 1
        for option in word.split("|"):
            if len(option.strip("*")) < 2 and ("*" in option or alone):
                return f"{piece!r} would match nearly everything; name more letters"
            if alone and option.lower() in _NEARLY_EVERYWHERE:
                return (
                    f"{piece!r} would match nearly everything: it is in nearly every sentence; make it part of a phrase"
                )
    ways = prod(map(len, _ways(term)))
    if ways > MOST_WAYS:
        return (
            f"the term {term[:40]!r}… can be read in {ways:,} ways, since it has many alternatives of several words, "
            f"more than {MOST_WAYS}; write it as several terms"
        )
    return None


def parse_term(term: str) -> list[Word]:
    """The words of a term, as the tokens that spaCy would make of them.

    >>> [word.options for word in parse_term("long-range missile|rocket*")]
    [('long',), ('-',), ('range',), ('missile', 'rocket*')]
    >>> parse_term("strike/NOUN <2> talk")[1]
    Word(options=('talk',), pos=None, gap=2)
    """
    words: list[Word] = []
    gap = 0
    for piece in plain_words(term).text.split():
        wide = _GAP.fullmatch(piece)
        if wide:
            gap = int(wide[1])
            continue
        form, _, pos = piece.partition("/")
        form = form.lower()
        if "|" in form:
            options = [tuple(form.split("|"))]
        elif "*" in form:
            options = [(part,) for part in re.findall(r"-|[^-]+", form)]
        else:
            options = [(token.text,) for token in blank_english().tokenizer(form)]
        words.append(Word(options[0], pos or None, gap))
        words += [Word(option, pos or None) for option in options[1:]]
        gap = 0
    return words


def spelled_out(term: str) -> list[str]:
    """The term, once for each of its alternatives if one of them is more than one token.

    >>> spelled_out("anti-war|peace rally|march")
    ['anti-war rally|march', 'peace rally|march']
    """
    return [" ".join(way) for way in itertools.product(*_ways(term))]


def _ways(term: str) -> list[list[str]]:
    """Each piece of a term, apart by its alternatives if one of them is more than one token."""
    return [
        [option + slash + pos for option in form.split("|")]
        if "|" in form and any(len(parse_term(option)) > 1 for option in form.split("|"))
        else [form + slash + pos]
        for form, slash, pos in (piece.partition("/") for piece in term.split())
    ]


_Steps = tuple[tuple[int, int], ...]
"""The rest of a term: of each word its number and the gap before it."""


class TermMatcher:
    """Finds many codebook terms in a Doc in one pass.

    A term is compared with the lemmas of the tokens and, if it does not match as a whole, with their lower-cased forms;
    "a|b" is either, "escalat*" or "*able" leaves the rest of the form open, "strike/NOUN" is the noun only, and
    "send <3> missile" lets up to three words stand between. Which words of the terms a form can be is looked up once
    per form, so that the cost hardly depends on the number of terms (spaCy's `Matcher` tries each).
    """

    _MAX_CACHE: Final = 200_000

    def __init__(self, terms: Iterable[tuple[str, str]]) -> None:
        self._numbers: dict[tuple[tuple[str, ...], str | None], int] = {}
        self._by_first: dict[int, list[tuple[_Steps, str, str]]] = {}
        for kind, term, words in ((k, t, parse_term(one)) for k, t in terms for one in spelled_out(t)):
            steps = tuple((self._numbers.setdefault((w.options, w.pos), len(self._numbers)), w.gap) for w in words)
            self._by_first.setdefault(steps[0][0], []).append((steps[1:], kind, term))
        self._exact: dict[str, list[tuple[int, str | None]]] = {}
        self._open: list[tuple[re.Pattern[str], int, str | None]] = []
        for (options, pos), number in self._numbers.items():
            for option in options:
                if "*" not in option:
                    self._exact.setdefault(option, []).append((number, pos))
            wild = [re.escape(o).replace(r"\*", r"[\w'’-]*") for o in options if "*" in o]
            if wild:
                self._open.append((re.compile("|".join(wild)), number, pos))
        self._cache: dict[tuple[int, int, int], tuple[frozenset[int], frozenset[int]]] = {}

    def __call__(self, span: Span) -> Iterator[tuple[str, str, int, int]]:
        """Yield every hit in a span as (kind, term, start, end), in token indices of its Doc; hits may overlap."""
        from spacy.attrs import LEMMA, LOWER, POS

        forms: np.ndarray = span.to_array([LOWER, LEMMA, POS])  # type: ignore[attr-defined]
        words = [self._words(span, *row) for row in forms.tolist()]
        tried: dict[tuple[_Steps, int], set[tuple[int, int]]] = defaultdict(set)
        for at, (by_form, by_lemma) in enumerate(words):
            if not by_form and not by_lemma:
                continue
            for first in by_form | by_lemma:
                for steps, kind, term in self._by_first.get(first, ()):
                    ends = [
                        end
                        for way, firsts in enumerate((by_form, by_lemma))
                        if first in firsts
                        and (end := _end(words, at + 1, steps, way, tried[steps, way] if steps else set())) is not None
                    ]
                    if ends:
                        yield kind, term, span.start + at, span.start + min(ends)

    def knows(self, word: str) -> bool:
        """Whether a lower-cased word is part of a term as it stands."""
        return word in self._exact

    def _words(self, span: Span, lower: int, lemma: int, pos: int) -> tuple[frozenset[int], frozenset[int]]:
        """Numbers of the term words that a token can be by its lower-cased form, and by its lemma."""
        known = self._cache.get((lower, lemma, pos))
        if known is None:
            if len(self._cache) > self._MAX_CACHE:
                self._cache.clear()
            strings = span.vocab.strings
            form, base, tag = strings[lower].replace("’", "'"), strings[lemma].lower(), strings[pos]
            wild = {number for pattern, number, want in self._open if want in (None, tag) and pattern.fullmatch(form)}
            by_form, by_base = (
                {number for number, want in self._exact.get(word, ()) if want in (None, tag)} for word in (form, base)
            )
            known = frozenset(by_form | wild), frozenset(by_base | wild)
            self._cache[lower, lemma, pos] = known
        return known


def _end(
    words: list[tuple[frozenset[int], frozenset[int]]],
    at: int,
    steps: _Steps,
    way: int,
    tried: set[tuple[int, int]],
) -> int | None:
    """Where the rest of a term ends if it follows at a place, as near as possible; None if it does not follow.

    `tried` are the places, each with how many steps are left, from which it does not: gaps lead to the same ones again.
    """
    if not steps:
        return at
    number, gap = steps[0]
    for place in range(at, min(at + gap + 1, len(words))):
        if number in words[place][way] and (place, len(steps)) not in tried:
            end = _end(words, place + 1, steps[1:], way, tried)
            if end is not None:
                return end
            tried.add((place, len(steps)))
    return None


Find = TypeVar("Find")


def without_overlaps(found: Iterable[Find], span: Callable[[Find], tuple[int, int]]) -> Iterator[Find]:
    """Of overlapping finds only the first; `found` has the preferred ones first, `span` gives their start and end."""
    kept: list[tuple[int, int]] = []  # in the order of the text
    for one in found:
        start, end = span(one)
        at = bisect(kept, (start, inf))
        if (at == 0 or kept[at - 1][1] <= start) and (at == len(kept) or end <= kept[at][0]):
            kept.insert(at, (start, end))
            yield one


class TermsChecker(FileChecker):
    """Checks the parts of a data file that has terms."""

    def terms(self, raw: object, owner: str) -> tuple[str, ...]:
        """The value as terms, each once; refuses one that cannot be read."""
        if isinstance(raw, str) or not isinstance(raw, Sequence):
            raise self.error(f"{owner}: expected a list of terms, got {raw!r}", owner)
        for term in raw:
            problem = check_term(term)
            if problem:
                at = f'"{term}"' if isinstance(term, str) and f'"{term}"' in self.text else owner
                raise self.error(f"{owner}: {problem}", at)
        return tuple(dict.fromkeys(raw))

    def try_examples(
        self,
        matches: Iterable[tuple[str, str]],
        misses: Iterable[tuple[str, str]],
        terms_in: Callable[[str, Doc], Sequence[str]],
        *,
        what: str,
        unmatched: str,
    ) -> None:
        """Refuse a file in which an example that must match does not, or one that must not match does.

        Examples are given with the name of their owner, a frame for instance. `terms_in` gives the terms of an owner in
        a tagged example; `what` is what owners are called in the message, `unmatched` how it says that none was found.
        """
        examples = [(*one, True) for one in matches] + [(*one, False) for one in misses]
        docs = tagger().pipe([example for _, example, _ in examples]) if examples else ()
        for (owner, example, wanted), doc in zip(examples, docs, strict=True):
            terms = terms_in(owner, doc)
            if bool(terms) != wanted:
                how = f"is matched by {terms[0]!r}" if terms else unmatched
                raise self.error(
                    f"{what} {owner!r}: the example {example!r} {how}; correct the terms or the example", example[:40]
                )
