"""Places, peoples, and what is neither."""

from __future__ import annotations

import pytest
from spacy.language import Language

from tests.annotation.actors.texts import mentions_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They met at Grand Hotel on Monday. The Airport was closed.", [("Grand Hotel", "place")]),
        (
            "Thousands of Muslims met in Bonn on Monday. They took the Olympics and the Alps by storm.",
            [("Muslims", "people"), ("Bonn", "place"), ("Alps", "place")],
        ),
        ("The University of New Mexico closed on Monday.", [("University of New Mexico", "organization")]),
        ("They signed the China Trade Act on Monday.", []),
    ],
    ids=["a word for places alone", "peoples are no events", "part of a longer place", "part of a law"],
)
def test_places_and_peoples(nlp: Language, text: str, expected: list[tuple[str, str]]) -> None:
    named = [m for m in mentions_of(nlp, text) if m.kind in {"name", "place"}]
    assert [(text[m.start : m.end], m.type) for m in named] == expected
