"""spaCy's tokenizer with a bound: its time grows with the cube of the length of what has no space in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

LONGEST_STRETCH: Final = 250
"""Most characters without a space that are told apart together; no word and hardly an address is longer."""
_TOO_LONG: Final = re.compile(rf"\S{{{2 * LONGEST_STRETCH},}}")


class BoundedTokenizer:
    """A tokenizer that reads what has no space in it a part at a time where it is very long, as "((((…".

    A part of nothing but marks is one token: it has no words to be told apart, and each mark would cost as much as one.
    Everything else about it is that of the tokenizer that it was made of, with which it is saved and loaded.
    """

    def __init__(self, whole: Any) -> None:
        self.whole = whole

    def __call__(self, text: str) -> Doc:
        """Tell the words of a text apart."""
        from spacy.tokens import Doc

        parts = _parts(text)
        if len(parts) < 2:
            whole: Doc = self.whole(text)
            return whole
        words: list[str] = []
        spaces: list[bool] = []
        for part in parts:
            if len(part) == LONGEST_STRETCH and not any(map(str.isalnum, part)):
                words.append(part)
                spaces.append(False)
                continue
            doc = self.whole(part)
            words += [token.text for token in doc]
            spaces += [bool(token.whitespace_) for token in doc]
        return Doc(self.whole.vocab, words=words, spaces=spaces)

    def __getattr__(self, name: str) -> Any:
        if name == "whole" or name.startswith("__"):  # not yet there while it is unpickled
            raise AttributeError(name)
        return getattr(self.whole, name)


def bounded(nlp: Language) -> Language:
    """Give a pipeline a tokenizer with a bound, if it has none yet; returns the pipeline itself."""
    if not isinstance(nlp.tokenizer, BoundedTokenizer):
        nlp.tokenizer = BoundedTokenizer(nlp.tokenizer)
    return nlp


def _parts(text: str) -> list[str]:
    """The text, cut within stretches that are too long."""
    cuts = [0]
    for stretch in _TOO_LONG.finditer(text):
        cuts += range(stretch.start() + LONGEST_STRETCH, stretch.end(), LONGEST_STRETCH)
    return [text[start:end] for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True)]
