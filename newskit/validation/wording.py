"""Words for texts: variables, lists and counts as one reads them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from newskit.validation.codings import Codings

_NAMED: Final = {
    "target_ok": "whether the passage is about the actor",
    "actor_ok": "whether the passage is about the actor",
    "speaker_ok": "whether the speaker is the right one",
    "fate": "what happens to the actor",
    "speaks": "whether the actor speaks",
    "voice": "whose account it is",
    "act": "the kind of speech act",
    "kind": "how much is in quotation marks",
    "missed": "whether a quotation was missed",
    "position": "the position on the issue",
    "quotation": "what is a quotation",
}
"""Variables of coders in words; others by their names."""


def named(codings: Codings, name: str) -> str:
    """A variable in words; a frame by its name."""
    words = name.replace("_", " ")
    return words if codings.sample.unit == "frames" else _NAMED.get(name, words)


def of_them(codings: Codings, n: int) -> str:
    """How many of the rows of the sample."""
    whole = codings.sample.design["n"]
    return f"{n:,} of them" if n < whole else "it" if n == 1 else f"all {n:,} of them"


def listed(names: Sequence[str]) -> str:
    """Names as a list to read.

    >>> listed(["tone", "fate", "voice"])
    'tone, fate and voice'
    """
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)


def has(n: int) -> str:
    """The verb for so many."""
    return "has" if n == 1 else "have"


def was(n: int) -> str:
    """The verb for so many, in the past."""
    return "was" if n == 1 else "were"


def count(n: int, one: str, several: str | None = None) -> str:
    """So many things."""
    return f"{n:,} {one if n == 1 else several or one + 's'}"


def number(n: int, one: str) -> str:
    """A small number in words."""
    words = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    return f"{words[n] if n < len(words) else n} {one if n == 1 else one + 's'}"


def plural(word: str, of: Sequence[object]) -> str:
    """The word for one thing or several."""
    return word if len(of) == 1 else word + "s"
