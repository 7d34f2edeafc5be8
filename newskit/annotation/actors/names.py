"""How names are built, compared and found in a text."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Final, Generic, TypeVar

from anyascii import anyascii
from rapidfuzz.distance import Levenshtein

from newskit.annotation.actors.name_parts import (
    NameParts,
    family_first,
    given_name,
    is_initials,
    middle_names,
    parse_name,
)
from newskit.resources.lexicons import titles_of_rank, word_lists, word_table

_CACHED_NAMES: Final = 1 << 18
"""Names whose forms are cached: a corpus asks for the same ones again and again."""
SMALL_WORDS: Final = frozenset({"of", "for", "the", "and", "&", "on", "in", "to", "at", "de", "du"})
_STOPLESS = re.compile(r"(?:[A-Z]\.)+[A-Z]$")
"""An abbreviation without its last full stop: "U.S"."""
Payload = TypeVar("Payload", bound=Hashable)


@functools.lru_cache(maxsize=_CACHED_NAMES)
def slug(name: str) -> str:
    """An ASCII id of a name.

    >>> slug("Recep Tayyip Erdoğan")
    'recep-tayyip-erdogan'
    """
    return re.sub(r"[^a-z0-9]+", "-", anyascii(name).lower()).strip("-") or "unnamed"


@functools.lru_cache(maxsize=10_000)
def gender_of(name: str) -> str:
    """The gender that the first name of a full name implies, "m" or "f"; "" if it is unknown or given to both.

    From lists of first names by country and the US census (`training/names`). A name in Chinese, Korean or
    Vietnamese order implies nothing.

    >>> gender_of("Angela Merkel"), gender_of("Volodymyr Zelenskyy"), gender_of("Kim Jong-un"), gender_of("Merkel")
    ('f', 'm', '', '')
    """
    words = name.split()
    if len(words) < 2 or words[0].lower() in word_lists("name_words")["family_first"]:
        return ""
    if words[0].lower() in titles_of_rank():
        return titles_of_rank()[words[0].lower()]
    told = word_table("first_names").get(anyascii(words[0]).lower(), ())
    gender = told[0] if told else _gender_by_sound().get(_sound(words[0]), "u")
    return "" if gender == "u" else gender


@functools.cache
def _gender_by_sound() -> dict[str, str]:
    """The gender of first names in any transliteration; "u" for those given to both."""
    genders: dict[str, str] = {}
    for name, (gender, *_) in word_table("first_names").items():
        spoken = _sound(name)
        genders[spoken] = gender if genders.get(spoken, gender) == gender else "u"
    return genders


def is_spelling_variant(a: str, b: str) -> bool:
    """Whether two names are spellings of the same name: in ASCII they differ by an edit or two (Levenshtein).

    Two edits require seven letters, one requires five; the first three letters must be the same.

    >>> is_spelling_variant("Zelensky", "Zelenskyy"), is_spelling_variant("Erdoğan", "Erdogan")
    (True, True)
    >>> is_spelling_variant("Clinton", "Bannon")
    False
    """
    x, y = slug(a), slug(b)
    shorter = min(len(x), len(y))
    if x == y:
        return True
    if x[:3] != y[:3] or shorter < 5:
        return False
    return Levenshtein.distance(x, y, score_cutoff=2) <= (2 if shorter >= 7 else 1)


_SOUNDS: Final = (
    ("sch", "sh"), ("tch", "ch"), ("ph", "f"), ("kh", "k"), ("gh", "g"), ("ck", "k"), ("c", "k"), ("q", "k"),
    ("x", "ks"),
    ("w", "v"), ("f", "v"), ("z", "s"), ("y", "i"), ("j", "i"), ("h", ""), ("-", ""),
)  # fmt: skip


@functools.lru_cache(maxsize=_CACHED_NAMES)
def sound(name: str) -> str:
    """A name reduced to what its transliterations share: y, i and j are one, as are v, w and f, and double letters.

    >>> sound("Zelenskyy"), sound("Zelenskiy"), sound("Aleksandr")
    ('selenski', 'selenski', 'aleksandr')
    """
    return _sound(name)


def _sound(name: str) -> str:
    """`sound` without its cache, which the list of first names would fill."""
    word = slug(name)
    for written, spoken in _SOUNDS:
        word = word.replace(written, spoken)
    return re.sub(r"(.)\1+", r"\1", re.sub(r"ie\b|ii\b", "i", word))


@functools.lru_cache(maxsize=_CACHED_NAMES)
def consonants(name: str) -> str:
    """The first letter and the consonants of `sound`: equal for all transliterations of a name.

    >>> consonants("Mohammed") == consonants("Muhamad"), consonants("Johnson") == consonants("Johnston")
    (True, False)
    """
    word = sound(name)
    return word[:1] + re.sub("[aeiou]", "", word[1:])


def is_transliteration(a: str, b: str) -> bool:
    """Whether two names differ only as transliterations of one name do: in vowels, double letters, or v for w.

    Stricter than `is_spelling_variant`, for names from different articles: no consonant may differ; one vowel
    may (two in seven letters), but not a final "a", which makes a woman's name.

    >>> is_transliteration("Zelensky", "Zelenskiy"), is_transliteration("Johnson", "Johnston")
    (True, False)
    >>> is_transliteration("Petrov", "Petrova")
    False
    """
    x, y = sound(a), sound(b)
    if x == y:
        return True
    if consonants(a) != consonants(b) or len(consonants(a)) < 3 or min(len(x), len(y)) < 5:
        return False
    if (x[-1] == "a") != (y[-1] == "a"):
        return False
    return Levenshtein.distance(x, y, score_cutoff=2) <= (2 if min(len(x), len(y)) >= 7 else 1)


def is_same_given_name(a: str, b: str, *, variant: Callable[[str, str], bool] = is_spelling_variant) -> bool:
    """Whether one person can have both given names: they are equal, spelling variants, or one shortens the other.

    >>> is_same_given_name("Joe", "Joseph"), is_same_given_name("Jack", "Jill")
    (True, False)
    """
    x, y = slug(a).replace("-", ""), slug(b).replace("-", "")
    if x == y or variant(x, y):
        return True
    long = word_table("nicknames")
    return x in long.get(y, ()) or y in long.get(x, ()) or bool({*long.get(x, ())} & {*long.get(y, ())})


def is_same_name(a: str, b: str) -> bool:
    """Whether two full names are the same person's: family and given names agree, and no middle name differs.

    Family names may be spelling variants, given names also short forms, and middle names initials; a middle name
    that only one of the two has does not count as different.

    >>> is_same_name("Volodymyr Zelensky", "Volodymyr Zelenskyy"), is_same_name("Joe Biden", "Joseph R. Biden Jr.")
    (True, True)
    >>> is_same_name("Donald Trump", "Melania Trump"), is_same_name("George H. W. Bush", "George W. Bush")
    (False, False)
    """
    return _agree(a, b, is_spelling_variant)


def is_same_person(a: str, b: str) -> bool:
    """Like `is_same_name`, for names from different articles: names may differ only by transliteration.

    The first names of a man and of a woman never agree.

    >>> is_same_person("Volodymyr Zelensky", "Volodymyr Zelenskyy"), is_same_person("Carla Rossi", "Carlo Rossi")
    (True, False)
    """
    genders = {gender_of(a), gender_of(b)} - {""}
    return len(genders) < 2 and _agree(a, b, is_transliteration)


def _agree(a: str, b: str, variant: Callable[[str, str], bool]) -> bool:
    """Whether family, given and middle names and generation agree, where `variant` says which spellings do."""
    one, other = parse_name(a), parse_name(b)
    if one.title or other.title:
        return _same_rank(one, other, variant)
    if not (variant(one.family, other.family) or variant(one.core, other.core)):
        return False
    if family_first(a) and family_first(b):
        x, y = (slug(given_name(name)).replace("-", "") for name in (a, b))
        return x == y or variant(x, y) or (min(len(x), len(y)) > 2 and (x.startswith(y) or y.startswith(x)))
    in_article = variant is is_spelling_variant
    if not is_same_given_name(one.given, other.given, variant=variant) and not (in_article and _shortens(one, other)):
        return False
    p, q = middle_names(a), middle_names(b)
    pairs = zip(p, q, strict=False)
    agree = all(m[0] == n[0] and (len(m) == 1 or len(n) == 1 or is_spelling_variant(m, n)) for m, n in pairs)
    if is_initials(one.given) != is_initials(other.given):
        agree = True  # the middle names are among the initials
    return agree and (not p or not q or len(p) == len(q)) and _same_generation(one, other)


def _same_rank(one: NameParts, other: NameParts, variant: Callable[[str, str], bool]) -> bool:
    """Whether two names with a title are one person's: "King Paul" is "King Paul II", but not "Prince Paul"."""
    return (
        one.title == other.title
        and variant(one.given, other.given)
        and (one.generation == other.generation or not one.generation or not other.generation)
    )


def _shortens(one: NameParts, other: NameParts) -> bool:
    """Whether the given name of one is initials of the other: "J. Smith" of "John Smith", "JD" of "James David"."""
    for short, long in ((one, other), (other, one)):
        if is_initials(short.given) and not is_initials(long.given):
            letters = "".join(word[0] for word in (long.given, *long.middle) if word)
            return letters.upper().startswith(short.given.replace(".", ""))
    return False


def _same_generation(one: NameParts, other: NameParts) -> bool:
    """Whether two names can be of one generation: "Jr." may only be left out with a short form of the given name.

    "Joe Biden" is "Joseph R. Biden Jr.", but "Donald Trump" is not "Donald Trump Jr.".
    """
    if one.generation == other.generation:
        return True
    return {one.generation, other.generation} == {"", "jr"} and slug(one.given) != slug(other.given)


def initials(name: str) -> str:
    """The initials of a name in capitals, without those of small words.

    >>> initials("Federal Bureau of Investigation")
    'FBI'
    """
    return "".join(word[0] for word in re.split(r"[\s-]+", name) if word and word.lower() not in SMALL_WORDS).upper()


def is_dotted(name: str) -> bool:
    """Whether a name is an abbreviation with a full stop behind each of its letters, the last of which texts leave out.

    >>> is_dotted("U.S."), is_dotted("Inc.")
    (True, False)
    """
    return name.endswith(".") and bool(_STOPLESS.fullmatch(name[:-1]))


def with_last_stop(name: str) -> str:
    """An abbreviation with the last full stop that it lacks; any other name as it is.

    >>> with_last_stop("U.S"), with_last_stop("US")
    ('U.S.', 'US')
    """
    return f"{name}." if _STOPLESS.fullmatch(name) else name


class NameIndex(Generic[Payload]):
    """Finds many names in a text in one pass, the longest first, at word boundaries.

    A name matches as it is spelt, or all in capitals ("RUSSIA WARNS"). Typographic and plain apostrophes match
    each other, and an abbreviation may lack its last full stop ("the U.S is").
    """

    _WORD = re.compile(r"(?<![\w@#])[^\W_]+")

    def __init__(self, names: Iterable[tuple[str, Payload]]) -> None:
        self._by_first: dict[str, _Alike[Payload]] = defaultdict(_Alike)
        for name, payload in names:
            first = self._WORD.search(name)
            for form in (name, name[:-1]) if first and is_dotted(name) else (name,):
                if first:
                    self._by_first[first.group().casefold()].add(form.replace("’", "'"), payload)
        for alike in self._by_first.values():
            alike.lengths.sort(reverse=True)

    def find(self, text: str) -> Iterator[tuple[int, int, Payload]]:
        """Yield (start, end, payload) of the names in the text, in order, without overlaps."""
        plain = text.replace("’", "'")
        at = 0
        for word in self._WORD.finditer(plain):
            start = word.start()
            alike = self._by_first.get(word.group().casefold())
            if alike is None or start < at:
                continue
            for length in alike.lengths:
                end = start + length
                whole = end <= len(plain) and not plain[end : end + 1].isalnum()
                found = alike.known(plain[start:end]) if whole else None
                if found is not None:
                    at = end
                    yield start, end, found[1]
                    break


class _Alike(Generic[Payload]):
    """The names of a `NameIndex` that begin with the same word, by their spelling and by it in capitals."""

    def __init__(self) -> None:
        self.lengths: list[int] = []
        self._as_spelt: dict[str, tuple[int, Payload]] = {}
        self._in_capitals: dict[str, tuple[int, Payload]] = {}

    def add(self, name: str, payload: Payload) -> None:
        """Add a name; the first of those that are equal counts."""
        if name in self._as_spelt:
            return
        entry = (len(self._as_spelt), payload)
        self._as_spelt[name] = entry
        capitals = name.upper()
        if len(name) > 3 and len(capitals) == len(name):
            self._in_capitals.setdefault(capitals, entry)
        if len(name) not in self.lengths:
            self.lengths.append(len(name))

    def known(self, form: str) -> tuple[int, Payload] | None:
        """The first name that is spelt like this, or would be in capitals, with its number; None if none is."""
        found = [self._as_spelt.get(form), self._in_capitals.get(form) if form.isupper() else None]
        return min((entry for entry in found if entry is not None), key=lambda entry: entry[0], default=None)
