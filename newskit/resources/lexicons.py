"""The word lists that ship with newskit."""

from __future__ import annotations

import functools

from newskit.resources.files import RESOURCES, read_toml


@functools.cache
def titles() -> dict[str, str]:
    """Title words in lower case, with the gender they imply: "m", "f" or ""."""
    genders = {"neutral": "", "male": "m", "female": "f"}
    lists = word_lists("titles")
    return {word: gender for key, gender in genders.items() for word in lists[key]}


@functools.cache
def titles_of_rank() -> dict[str, str]:
    """Titles by which somebody is known with a given name alone ("Pope Francis"), with the gender they imply."""
    return {word: titles()[word] for word in word_lists("titles")["of_rank"]}


@functools.cache
def word_lists(name: str) -> dict[str, frozenset[str]]:
    """The word lists of a shipped TOML lexicon, by key.

    >>> "m" in word_lists("titles"), "mr" in word_lists("titles")["male"]
    (False, True)
    """
    _, data = read_toml(RESOURCES / "lexicons" / f"{name}.toml", error=ValueError)
    return {key: frozenset(words) for key, words in data.items()}


@functools.cache
def word_table(name: str) -> dict[str, tuple[str, ...]]:
    """The lines of a shipped plain-text lexicon: the first word of each, with the words that follow it.

    >>> word_table("nicknames")["bernie"]
    ('bernard',)
    """
    lines = (RESOURCES / "lexicons" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return {words[0]: tuple(words[1:]) for words in map(str.split, lines)}
