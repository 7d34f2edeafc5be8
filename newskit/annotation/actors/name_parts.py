"""The parts of a person's name: title, given names, particle, family name, generation."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Final

from anyascii import anyascii

from newskit.resources.lexicons import titles_of_rank, word_lists, word_table

PARTICLES: Final = frozenset(
    "abu al bin da de del della den der di dos du el ibn la le ten ter van von y".split()  # noqa: SIM905
)
_CACHED_NAMES: Final = 1 << 18
"""Names whose parts are cached: a corpus asks for the same ones again and again."""
_GENERATIONS: Final = {
    "jr": "jr", "junior": "jr", "júnior": "jr", "sr": "sr", "senior": "sr", "ii": "ii", "iii": "iii", "iv": "iv",
}  # fmt: skip
_NUMERAL = re.compile(r"[IVX]+\.?$")
_ARTICLE = re.compile(r"(?:al|el|ul|as|ash|ar|ad|az|at)[-‐‑ ](?=\w)", re.IGNORECASE)
"""The Arabic article before a family name, as it is transliterated."""
_INITIAL = re.compile(r"(?:[A-Z]\.)+|[A-Z]{1,2}")
"""Initials as a word: "J.", "J.D.", "JD"."""


@dataclass(frozen=True, slots=True)
class NameParts:
    """The parts of a name; "" or () for those that it lacks.

    `title` is the rank of somebody who is known by it and a given name ("Pope Francis"); other titles are no part of a
    name. `family` includes its particle.
    """

    title: str
    given: str
    middle: tuple[str, ...]
    particle: str
    family: str
    generation: str

    @property
    def core(self) -> str:
        """The family name as it may stand without the Arabic article: "Assad" of "al-Assad"."""
        return without_article(self.family)


@functools.lru_cache(maxsize=_CACHED_NAMES)
def parse_name(name: str) -> NameParts:
    """The parts of a full or single name, in western order or with the family name first.

    A single word is a family name. Initials are joined ("J. D." is "JD").

    >>> parse_name("Ursula von der Leyen").particle, parse_name("Joseph R. Biden Jr.").generation
    ('von der', 'jr')
    >>> parse_name("J. D. Vance").given, parse_name("Pope John Paul II").title
    ('JD', 'pope')
    """
    words = name.replace(",", " ").split()
    title = words[0].lower() if len(words) > 1 and words[0].lower() in titles_of_rank() else ""
    words = words[1:] if title else words
    generation = ""
    if len(words) > 1 and (last := words[-1].rstrip(".").lower()) in _GENERATIONS:
        generation = _GENERATIONS[last]
        words = words[:-1]
    elif title and len(words) > 1 and _NUMERAL.match(words[-1]):
        generation = words[-1].rstrip(".").lower()
        words = words[:-1]
    if title:
        return NameParts(title, " ".join(words), (), "", "", generation)
    if len(words) == 1:
        return NameParts("", "", (), "", words[0], generation)
    if family_first(" ".join(words)):
        return NameParts("", " ".join(words[1:]), (), "", words[0], generation)
    first = 0 if is_particle(words[0]) else 1
    first = next((i for i, word in enumerate(words[first:-1], first) if word.lower() in PARTICLES), len(words) - 1)
    particle = " ".join(words[first:-1])
    given, middle = _joined_initials(words[:first])
    return NameParts("", given, middle, particle, " ".join(words[first:]), generation)


def _joined_initials(words: list[str]) -> tuple[str, tuple[str, ...]]:
    """The given name and the middle names; initials at the beginning are one given name."""
    if not words:
        return "", ()
    n = 0
    while n < len(words) and _INITIAL.fullmatch(words[n]):
        n += 1
    if n < 2 and not (n and len(words[0].replace(".", "")) > 1):
        return words[0], tuple(words[1:])
    return "".join(words[:n]).replace(".", ""), tuple(words[n:])


def is_initials(given: str) -> bool:
    """Whether a given name is only initials.

    >>> is_initials("JD"), is_initials("Jo")
    (True, False)
    """
    return bool(_INITIAL.fullmatch(given))


def without_article(family: str) -> str:
    """A family name without the Arabic article.

    >>> without_article("al-Assad"), without_article("Alito")
    ('Assad', 'Alito')
    """
    return _ARTICLE.sub("", family, count=1) if _ARTICLE.match(family) else family


@functools.lru_cache(maxsize=_CACHED_NAMES)
def family_first(name: str) -> bool:
    """Whether the family name comes first: a Chinese, Korean or Vietnamese name in its own order.

    >>> family_first("Kim Jong-un"), family_first("Xi Jinping"), family_first("Kim Kardashian")
    (True, True, False)
    """
    words = name.split()
    if (
        len(words) < 2
        or words[0].lower() not in word_lists("name_words")["family_first"]
        or any("." in word for word in words)
    ):
        return False
    given = words[1:]
    if len(given) == 2 and all(len(word) <= 5 for word in given):
        return not (is_first_name(given[0]) and len(given[0]) > 4)
    return len(given) == 1 and ("-" in given[0] or not is_first_name(words[0]))


def surname(name: str) -> str:
    """The family name of a full name, with its particles and without "Jr."; the given name of somebody of rank.

    >>> surname("Ursula von der Leyen"), surname("Joseph R. Biden Jr."), surname("Moon Jae-in"), surname("Pope Francis")
    ('von der Leyen', 'Biden', 'Moon', 'Francis')
    """
    parts = parse_name(name)
    return parts.family or parts.given


def family_of(name: str) -> str:
    """The surname without the Arabic article, by which spellings of a name are compared.

    >>> family_of("Bashar al-Assad"), family_of("Ursula von der Leyen")
    ('Assad', 'von der Leyen')
    """
    parts = parse_name(name)
    return parts.core or parts.given


def given_name(name: str) -> str:
    """The given name of a full name, without middle names; "" if there is only one word.

    >>> given_name("Joseph R. Biden Jr."), given_name("Moon Jae-in"), given_name("Putin")
    ('Joseph', 'Jae-in', '')
    """
    return parse_name(name).given


def middle_names(name: str) -> list[str]:
    """The words between the first name and the family name, in lower case and without full stops.

    >>> middle_names("George H. W. Bush"), middle_names("Kim Jong Un")
    (['h', 'w'], [])
    """
    return [part for word in parse_name(name).middle for part in re.findall(r"\w+", anyascii(word).lower())]


def last_words(name: str) -> list[str]:
    """The last words of a long name by which somebody may be named: the two surnames of Spanish names, Burmese names.

    >>> last_words("Andrés Manuel López Obrador"), last_words("Kim Jong Un"), last_words("John F. Kennedy")
    (['Manuel López Obrador', 'López Obrador'], [], [])
    """
    words = name.split()
    parts = parse_name(name)
    if parts.title or family_first(name) or parts.generation:
        return []
    ends = (words[i:] for i in range(1, len(words) - 1))
    return [" ".join(end) for end in ends if not _INITIAL.fullmatch(end[0]) and end[0].lower() not in PARTICLES]


def is_full(name: str) -> bool:
    """Whether a name has more than a family name or a given name.

    >>> is_full("Chris Van Hollen"), is_full("De Croo"), is_full("Putin")
    (True, False, False)
    """
    words = name.split()
    return len(words) > 1 and bool(parse_name(name).given)


def is_particle(word: str) -> bool:
    """Whether a word can only begin a family name, not a full one: "bin", "De"; but not "Al" or "Van".

    >>> is_particle("De"), is_particle("al"), is_particle("Al")
    (True, True, False)
    """
    small = word.lower()
    return small in PARTICLES and (word == small or not (small in {"al", "el"} or is_first_name(word)))


def is_first_name(word: str) -> bool:
    """Whether a word is in the list of first names.

    >>> is_first_name("Olaf"), is_first_name("Kremlin")
    (True, False)
    """
    return anyascii(word).lower() in word_table("first_names")
