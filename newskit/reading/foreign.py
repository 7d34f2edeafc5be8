"""Paragraphs of an article that are in another language than English: told by their words, names left out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from newskit.reading.article import Block, language_of

_LEAST_WORDS: Final = 8
"""Fewer words, of those that begin small, tell no language."""
_ENGLISH: Final = frozenset(
    (
        *("the", "of", "and", "to", "in", "a", "that", "is", "was", "for", "on", "with", "as"),
        *("he", "she", "it", "his", "her", "at", "by", "from", "they", "we", "are", "were", "be"),
        *("been", "has", "have", "had", "not", "but", "who", "which", "this", "said", "will", "would", "their"),
        *("an", "or", "its", "about", "i", "you", "my", "our", "your"),
    )
)
_SHARE: Final = 0.15
"""So many of the words are English function words in English text, and in no other that was tried."""
_SURE: Final = 0.9
_OTHER_LETTERS: Final = re.compile(r"[^\W\d_a-zA-Z\u00aa-\u024f\u1e00-\u1eff\ua720-\ua7ff\ufb00-\ufb06]")


def mark_foreign(text: str, blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks of a text, the paragraphs in another language with the part "foreign".

    Parameters
    ----------
    text : str
        The text of an article in English.
    blocks : iterable of Block
        Its headline, headings and paragraphs, in order, with the boilerplate in them.

    Returns
    -------
    tuple of Block
        The blocks; those of boilerplate inside a paragraph in another language are left out.

    Examples
    --------
    >>> text = "She left.\\n\\nNous avons décidé de partir parce que le gouvernement ne voulait plus nous écouter."
    >>> from newskit.reading.article import find_blocks
    >>> [block.part for block in mark_foreign(text, find_blocks(text))]
    ['body', 'foreign']
    """
    marked: list[Block] = []
    end = -1
    for block in blocks:
        if block.start < end:
            continue
        if block.part == "body" and is_foreign(text[block.start : block.end]):
            block = replace(block, part="foreign", section=None)
            end = block.end
        marked.append(block)
    return tuple(marked)


def is_foreign(paragraph: str) -> bool:
    """Whether a paragraph is in another language than English.

    >>> is_foreign("Olaf Scholz, Friedrich Merz, Annalena Baerbock, Robert Habeck und Christian Lindner")
    False
    """
    letters = sum(map(str.isalpha, paragraph))
    if len(_OTHER_LETTERS.findall(paragraph)) > 0.5 * letters and letters > 2 * _LEAST_WORDS:
        return True
    words = [word.strip(".,;:!?()[]\"'“”‘’«»„–—") for word in paragraph.split()]
    small = [word for word in words if word and word[0].islower()]
    n_english = sum(word.lower() in _ENGLISH for word in words)
    if len(small) < _LEAST_WORDS or n_english >= _SHARE * len(words):
        return False
    return all(
        code != "en" and probability >= _SURE for code, probability in map(language_of, (paragraph, " ".join(small)))
    )
