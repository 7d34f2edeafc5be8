"""Organisations, their acronyms and short forms."""

from __future__ import annotations

import pytest
from spacy.language import Language

from tests.annotation.actors.texts import mentions_of, read


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They wrote for Fooblatt on Monday.", []),
        ("They left for Zyntec on Monday. Novak was seen near Zyntec.", []),
        ("Irving Police Department Sgt. Boris Weiss left on Monday.", ["Irving Police Department"]),
        ("The Civic Department Boris Weiss led was closed.", ["Civic Department"]),
        (
            "The Northern Transport Union and the National Trade Union met. The NTU left.",
            ["Northern Transport Union", "National Trade Union", "NTU"],
        ),
    ],
    ids=["named once", "does not act", "officer after it", "person after it", "initials of two"],
)
def test_what_is_an_organization(nlp: Language, text: str, expected: list[str]) -> None:
    assert [m.name for m in mentions_of(nlp, text) if m.type == "organization"] == expected
