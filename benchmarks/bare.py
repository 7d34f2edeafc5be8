"""The baseline of the costs: the spaCy model as spaCy itself loads it, with nothing of newskit."""

import importlib

from spacy.language import Language

from newskit.resources.language import find_model


def bare_spacy() -> Language:
    """The small English model, its matrices multiplied as spaCy chooses (newskit chooses otherwise)."""
    nlp: Language = importlib.import_module(find_model()).load()
    return nlp
