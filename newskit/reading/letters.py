"""Paragraphs that are all in capitals or all in small letters, as they would usually be written."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from newskit.resources.files import RESOURCES, read_toml
from newskit.resources.language import known_words
from newskit.resources.lexicons import titles, word_table

if TYPE_CHECKING:
    from newskit.reading.article import Block

_TOKEN: Final = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_]+(?:['’][^\W\d_]+)*")
_INSIDE_SENTENCE: Final = re.compile(
    r"(?<=[a-z,;’'] )[A-Z][^\W\d_]*(?:['’-][^\W\d_]+)*|(?<=[a-z] [A-Z]\. )[A-Z][^\W\d_]+"
)
_SMALL: Final = re.compile(r"\b[a-z][^\W\d_]*")
_SENTENCE_START: Final = re.compile(r"(?:^|[!?][\"”’')]*\s+|(\w*)\.[\"”’')]*\s+)[\"“‘'(]*$")
_CIVIL: Final = frozenset({"mr", "mrs", "ms", "miss", "dr", "sir", "lord", "lady", "dame", "st"})
_SMALL_ABBREVIATIONS: Final = frozenset({"a.m.", "p.m.", "e.g.", "i.e."})
_CALENDAR: Final = frozenset(
    {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "april"}
    | {"june", "july", "august", "september", "october", "november", "december"}
)
_FEWEST_WORDS: Final = {"capitals": 2, "small": 8}

_Edit = tuple[int, int, str]


def letter_case(text: str) -> str | None:
    """Whether a paragraph is all in "capitals" or in "small" letters; None if it is written as usual, or too short.

    >>> letter_case("BIDEN MEETS XI IN LIMA"), letter_case("Biden meets Xi"), letter_case("NATO")
    ('capitals', None, None)
    """
    case = "capitals" if text.isupper() else "small" if text.islower() else None
    return case if case and len(_TOKEN.findall(text)) >= _FEWEST_WORDS[case] else None


def case_edits(text: str, blocks: Sequence[Block]) -> list[_Edit]:
    """The edits (start, end, new) that write the paragraphs as usual that are all in capitals or in small letters.

    A word is written as the rest of the text writes it, as the catalogue of states and organizations does, with a
    capital if it is a name, and small if it is a word of the language. Edits never change the length of the text.

    >>> from newskit.reading.article import Block
    >>> text = "MR. NOVAK MET ANNA WEISS IN THE UNITED STATES."
    >>> for start, end, new in case_edits(text, [Block(0, len(text))]):
    ...     text = text[:start] + new + text[end:]
    >>> text
    'Mr. Novak met Anna Weiss in the United States.'
    """
    odd = [(block, case) for block in blocks if (case := letter_case(text[block.start : block.end]))]
    if odd and all(text[block.start : block.end].islower() for block in blocks):
        odd = [(block, "small") for block in blocks]
    if not odd:
        return []
    spans = {(block.start, block.end) for block, _ in odd}
    usual = [text[block.start : block.end] for block in blocks if (block.start, block.end) not in spans]
    writer = _Writer(usual, [text[block.start : block.end] for block, _ in odd])
    edits = []
    for block, case in odd:
        for start, end, new in writer.written(text[block.start : block.end], case):
            if text[block.start + start : block.start + end] != new:
                edits.append((block.start + start, block.start + end, new))
    return edits


class _Writer:
    """Writes the words of one text, which it has seen in its other paragraphs."""

    def __init__(self, usual: Iterable[str], odd: Iterable[str]) -> None:
        small: set[str] = set()
        self.seen: dict[str, str] = {}
        for paragraph in usual:
            small.update(_SMALL.findall(paragraph))
            self.seen.update({word.lower(): word for word in _INSIDE_SENTENCE.findall(paragraph)})
            first = _TOKEN.match(paragraph)
            if first and not known_words().is_common(first.group().lower()):
                self.seen.setdefault(first.group().lower(), first.group())
        for word in small:
            self.seen[word] = word
        self.surnames: set[str] = set()
        for paragraph in odd:
            words = [token.group().lower() for token in _TOKEN.finditer(paragraph)]
            self.surnames.update(b for a, b in zip(words, [*words[1:], ""], strict=True) if b and _is_surname(a, b))

    def written(self, text: str, case: str) -> list[_Edit]:
        """The words of a paragraph as they are usually written: start, end and form."""
        tokens = [(token.start(), token.end(), token.group().lower()) for token in _TOKEN.finditer(text)]
        edits: list[_Edit] = []
        at = 0
        while at < len(tokens):
            name, n = _known_name([word for _, _, word in tokens[at : at + _longest_name()]], case)
            if name is not None and text[tokens[at][0] : tokens[at + n - 1][1]].count(" ") == n - 1:
                pieces = name.split(" ")
                edits += [(*tokens[at + i][:2], piece) for i, piece in enumerate(pieces)]
                at += n
                continue
            start, end, word = tokens[at]
            following = tokens[at + 1][2] if at + 1 < len(tokens) else ""
            new = self._form(word, following, case)
            if new.islower() and _begins_sentence(text[max(start - 21, 0) : start]):
                new = new[0].upper() + new[1:]
            edits.append((start, end, new))
            at += 1
        return [edit for edit in edits if edit[1] - edit[0] == len(edit[2])]

    def _form(self, word: str, following: str, case: str) -> str:
        bare = re.sub(r"['’]s?$", "", word)
        tail = word[len(bare) :]
        if bare in self.seen:
            return self.seen[bare] + tail
        words = known_words()
        if "." in word:
            return word if word in _SMALL_ABBREVIATIONS else word.upper()
        if bare in self.surnames or bare in _CALENDAR or bare.rstrip(".") in _CIVIL:
            return _capital(bare) + tail
        if bare in titles() and following and _is_surname(bare, following):
            return _capital(bare) + tail
        if words.is_function(bare):
            return "I" + word[1:] if word.split("’")[0].split("'")[0] == "i" else word
        if bare in word_table("first_names") and (not words.is_common(bare) or self._is_name(following)):
            return _capital(bare) + tail
        if len(bare) <= 2:
            return (_capital(bare) if following and not words.is_common(following) else bare.upper()) + tail
        return word if words.is_common(bare) else _capital(bare) + tail

    def _is_name(self, word: str) -> bool:
        """Whether a word behind a first name that is also a common word ("grace", "anna") makes it a name."""
        return word in self.surnames or bool(word and not known_words().is_common(word))


def _begins_sentence(before: str) -> bool:
    """Whether a sentence begins behind some words: not behind an abbreviation such as "U.S." or "Mr."."""
    start = _SENTENCE_START.search(before[-20:] if len(before) > 20 else before)
    if start is None or (start.start() == 0 and len(before) > 20 and not start.group(1)):
        return False
    word = (start.group(1) or "").lower()
    return not (word in _CIVIL or word in titles() or (start.group(1) is not None and len(word) == 1))


def _is_surname(before: str, word: str) -> bool:
    """Whether a word stands behind a first name or a title as a surname does."""
    words = known_words()
    word = re.sub(r"['’]s?$", "", word)
    if words.is_function(word) or len(word) < 2:
        return False
    if before in _CIVIL:
        return True
    if before in word_table("first_names") and not words.is_common(before):
        return not words.is_inflected(word)
    # A singular title cannot be the subject of a plain form: "president trump".
    if before not in titles() or before.endswith("s") or words.is_adjective(before):
        return False
    return word not in titles() and not words.is_modifier(word) and not (word.endswith("s") and words.is_common(word))


def _capital(word: str) -> str:
    return "-".join(part[:1].upper() + part[1:] for part in word.split("-"))


@functools.cache
def _names() -> dict[tuple[str, ...], str]:
    """The names of the shipped catalogue by their words in small letters, as they are written."""
    _, data = read_toml(RESOURCES / "catalogs" / "world.toml", error=ValueError)
    names: dict[tuple[str, ...], str] = {}
    for actor in data["actor"]:
        for kind in ("aliases", "demonyms", "capitals", "seats"):
            for name in actor.get(kind, ()):
                words = tuple(token.group().lower() for token in _TOKEN.finditer(name))
                if len(words) == len(name.split(" ")) and all(_TOKEN.fullmatch(word) for word in name.split(" ")):
                    names.setdefault(words, name)
    return names


@functools.cache
def _longest_name() -> int:
    return max(map(len, _names()))


def _known_name(words: Sequence[str], case: str) -> tuple[str | None, int]:
    """The longest name of the catalogue with which some words begin, and the number of its words."""
    for n in range(len(words), 0, -1):
        name = _names().get(tuple(words[:n]))
        if name is None:
            continue
        if n > 1 or not (name.isupper() and known_words().is_function(words[0])):
            return name, n
        if words[0] == "us" and case == "capitals" and len(words) > 1 and not known_words().is_function(words[1]):
            return name, n
    return None, 0
