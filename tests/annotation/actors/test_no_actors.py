"""Names that are no actors."""

from __future__ import annotations

import pytest
from spacy.language import Language

from newskit.annotation.actors.no_actors import is_no_actor
from newskit.resources.lexicons import word_lists
from tests.annotation.actors.texts import mentions_of


@pytest.mark.parametrize("name", ["Obamacare", "DACA", "Ebola", "the State of the Union", "ICU"])
def test_laws_programmes_illnesses_and_events(name: str) -> None:
    assert is_no_actor(name)


def test_no_name_is_of_two_classes() -> None:
    lists = list(word_lists("no_actors").values())
    assert sum(map(len, lists)) == len(frozenset().union(*lists))


def test_a_law_does_nothing_and_a_medium_may_be_a_channel(nlp: Language) -> None:
    text = (
        "Obamacare failed, and Obamacare rose again. Twitter fired its chief in March, and Twitter apologised. The "
        "chief wrote so on Twitter. Pressure on Twitter grew."
    )
    words = [text[m.start : m.end + 12] for m in mentions_of(nlp, text) if m.kind == "name"]
    assert not any(word.startswith("Obamacare") for word in words)
    assert not any(word.startswith("Twitter. Pre") for word in words)
