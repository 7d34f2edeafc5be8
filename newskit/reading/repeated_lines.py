"""Lines that stand in many articles of an outlet, and are no news therefore."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from newskit.reading.boilerplate import without_sections
from newskit.reading.boilerplate_rules import LONGEST_LINE
from newskit.schema import LEFT_OUT

if TYPE_CHECKING:
    from newskit.reading.article import Article, Block


_FIRST_LINES_ALIKE: Final = 3
"""So many lines, with a headline, and so many at the end, a third of all at most, are compared with other stories'."""
_LAST_LINES_ALIKE: Final = 5
_WORDS_ALIKE: Final = 8


class OutletLines:
    """The lines that stand in many articles of an outlet, told in one pass over the articles.

    A line is boilerplate if it stands in at least 3 different stories of its outlet and in at least 2 % of them; a line
    of more than 100 characters, which may be a statement that is quoted again, in at least 5, and one that ends like a
    sentence in at least 8. News seldom opens or ends in the same words twice: a line of 8 words or more among the first
    two or the last five needs 3 stories there and 1 % of them, and among the last the same first or last 8 words are
    enough ("Eva Rot covers farming. Sign up for her newsletter."). A story that comes again is counted once. Of each
    line 8 bytes are remembered; if there are too many, those seen once are forgotten. Articles without an outlet are
    left alone. Stories are the same if the longest of their lines is, or two of their three longest.
    """

    _LEAST: Final = 3
    _LEAST_SENTENCE: Final = 8
    """Of a line that ends like a sentence: "He denies the allegations." may well be news three times."""
    _SHARE: Final = 0.02
    _SHARE_AT_END: Final = 0.01
    _MOST_LINES: Final = 2_000_000

    def __init__(self, articles: Iterable[object] = ()) -> None:
        self._stories: dict[str, set[bytes]] = {}
        self._n_stories: Counter[str] = Counter()
        self._lines: dict[str, Counter[bytes]] = {}
        self._times: dict[str, Counter[bytes]] = {}
        self._n_lines = 0
        for article in articles:
            self.add(getattr(article, "outlet", None), getattr(article, "text", ""))

    def add(self, outlet: str | None, text: str) -> None:
        """Count the lines of an article."""
        if not outlet:
            return
        lines = [line for raw in text.splitlines() if (line := _folded(raw))]
        longest = [_hash(line) for line in sorted(set(lines), key=lambda line: (len(line), line))[:-4:-1]]
        stories = self._stories.setdefault(outlet, set())
        again = [line in stories for line in longest]
        if again[:1] == [True] or sum(again) > 1:
            return
        stories.update(longest)
        self._n_stories[outlet] += 1
        times = Counter(_hash(line) for line in lines if len(line) <= 2 * LONGEST_LINE)
        times.update(map(_hash, _keys_at_ends(lines)))
        known, all_times = self._lines.setdefault(outlet, Counter()), self._times.setdefault(outlet, Counter())
        before = len(known)
        known.update(times.keys())
        all_times.update({line: n - 1 for line, n in times.items() if n > 1})
        self._n_lines += len(known) - before
        if self._n_lines > self._MOST_LINES:
            self._forget()

    def _forget(self) -> None:
        for outlet, known in self._lines.items():
            self._lines[outlet] = Counter({line: n for line, n in known.items() if n > 1})
        self._n_lines = sum(map(len, self._lines.values()))

    def marked(self, article: Article) -> Article:
        """The article with the repeated lines of its outlet marked as boilerplate."""
        known = self._lines.get(article.outlet or "")
        if not known:
            return article
        n_stories = self._n_stories[article.outlet or ""]
        least, least_at_end = (
            max(self._LEAST, self._SHARE * n_stories),
            max(self._LEAST, self._SHARE_AT_END * n_stories),
        )
        lines = [_folded(article.text[block.start : block.end]) for block in article.blocks]
        whole = [n for n in _whole_blocks(article.blocks) if lines[n]]
        keys = _keys_at_ends([lines[n] for n in whole])
        at_ends = {whole[n] for key, n in keys.items() if known[_hash(key)] >= least_at_end}
        blocks = [
            replace(block, part="boilerplate", section=None)
            if block.part not in ("headline", *LEFT_OUT)  # a story that goes on may keep its headline
            and (n in at_ends or self._is_repeated(article.outlet or "", lines[n], least))
            else block
            for n, block in enumerate(article.blocks)
        ]
        found = without_sections(article.text, article.blocks, blocks)
        return article if found == article.blocks else replace(article, blocks=found)

    def _is_repeated(self, outlet: str, line: str, least: float) -> bool:
        least = max(least, self._LEAST_SENTENCE) if _is_sentence(line) else least
        key = _hash(line)
        n = self._lines[outlet][key]
        # A name that comes again and again in an article is that of a speaker in an interview.
        is_speaker = len(line.split()) <= 3 and self._times[outlet][key] >= n
        return n >= max(least, 5 if len(line) > 100 else 0) and not is_speaker


def _whole_blocks(blocks: Sequence[Block]) -> list[int]:
    """The numbers of the blocks that are no part of another."""
    numbers, end = [], 0
    for number, block in enumerate(blocks):
        if block.start >= end:
            numbers.append(number)
            end = block.end
    return numbers


def _keys_at_ends(lines: Sequence[str]) -> dict[str, int]:
    """What is counted of the first and last lines of a story, of three at least, and which line has it."""
    keys = {}
    n = len(lines)
    first, last = min(_FIRST_LINES_ALIKE, n // 3), n - min(_LAST_LINES_ALIKE, n // 3)
    for number, line in enumerate(lines):
        words = line.split() if number < first or number >= last else []
        if len(words) < _WORDS_ALIKE or len(line) > LONGEST_LINE:
            continue
        keys["at an end: " + " ".join(words)] = number
        if number >= last:
            keys["begins: " + " ".join(words[:_WORDS_ALIKE])] = number
            keys["ends: " + " ".join(words[-_WORDS_ALIKE:])] = number
    return keys


def _folded(line: str) -> str:
    """A line as it is compared: no case or white space, no numbers unless it is a sentence, nothing without letters."""
    folded = " ".join(line.casefold().split())
    folded = folded if _is_sentence(folded) else re.sub(r"\d+", "0", folded)
    return folded if any(map(str.isalpha, folded)) else ""


def _is_sentence(line: str) -> bool:
    return line.endswith((".", "!", "?", "”", '"', "’"))


def _hash(line: str) -> bytes:
    return hashlib.blake2b(line.encode("utf-8", "surrogatepass"), digest_size=8).digest()
