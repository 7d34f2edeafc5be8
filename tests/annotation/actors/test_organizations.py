"""Organisations, their acronyms and short forms."""

from __future__ import annotations

import pytest
from spacy.language import Language

from tests.annotation.actors.texts import read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Nunzio Galantino, secretary general of CEI (Italian Episcopal Conference), said that the Italian "
            "Episcopal Conference would go.",
            "italian-episcopal-conference",
        ),
        ("Officials of the Civic Institute left. The chairman, Civic Institute (CI) said.", "civic-institute"),
    ],
)
def test_acronyms_and_expansions_in_brackets(nlp: Language, text: str, expected: str) -> None:
    found = read(nlp, text)
    assert found["CEI" if "CEI" in text else "CI"] == expected


def test_an_organization_without_the_office_after_it(nlp: Language) -> None:
    text = (
        "Anna Novak, the Transport Department Spokesperson, said on Monday that the Transport Department would close."
    )
    assert read(nlp, text)["Transport Department"] == "transport-department"
    assert "transport-department-spokesperson" not in set(read(nlp, text).values())


def test_two_spaces_before_brackets(nlp: Language) -> None:
    assert read(nlp, "Moscow met the group  (UNX) on Monday.")["Moscow"] == "russia"
