"""The parts of people's names."""

from __future__ import annotations

import pytest

from newskit.annotation.actors.name_parts import family_of, is_full, last_words, parse_name, surname
from newskit.annotation.actors.names import is_same_name, is_same_person


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Jan Peter van der Meer", ("", "Jan", ("Peter",), "van der", "van der Meer", "")),
        ("De Boer", ("", "", (), "De", "De Boer", "")),
        ("Al Green", ("", "Al", (), "", "Green", "")),
        ("Walid al-Moallem", ("", "Walid", (), "", "al-Moallem", "")),
        ("T. S. Eliot", ("", "TS", (), "", "Eliot", "")),
        ("TS Eliot", ("", "TS", (), "", "Eliot", "")),
        ("G. Gordon Liddy", ("", "G.", ("Gordon",), "", "Liddy", "")),
        ("Oscar Duarte, Jr.", ("", "Oscar", (), "", "Duarte", "jr")),
        ("Oscar Duarte Senior", ("", "Oscar", (), "", "Duarte", "sr")),
        ("Pope John Paul II", ("pope", "John Paul", (), "", "", "ii")),
        ("Queen Margrethe", ("queen", "Margrethe", (), "", "", "")),
        ("Vo Van Kiet", ("", "Vo", (), "Van", "Van Kiet", "")),
        ("Novak", ("", "", (), "", "Novak", "")),
    ],
)
def test_parts(name: str, parts: tuple[object, ...]) -> None:
    found = parse_name(name)
    assert (found.title, found.given, found.middle, found.particle, found.family, found.generation) == parts


def test_what_stands_for_a_name() -> None:
    assert [family_of(name) for name in ("Ali el-Masri", "Pope Pius", "Alito")] == ["Masri", "Pius", "Alito"]
    assert [is_full(name) for name in ("Queen Sonja", "von Storch", "Van Jones", "Jones")] == [True, False, True, False]
    assert last_words("María José Ruiz Soto") == ["José Ruiz Soto", "Ruiz Soto"]
    assert last_words("Moon Jae In") == last_words("King Hussein Talal") == []
    assert surname("King Hussein") == "Hussein"


@pytest.mark.parametrize(
    ("a", "b", "in_article", "across"),
    [
        ("P. J. Harvey", "PJ Harvey", True, True),
        ("P. Harvey", "Polly Harvey", True, False),
        ("PJ Harvey", "Polly Jean Harvey", True, False),
        ("Ali al-Masri", "Ali Masri", True, True),
        ("Ali Al Masri", "Ali el-Masri", True, True),
        ("Oscar Duarte Jr.", "Oscar Duarte Junior", True, True),
        ("Oscar Duarte Jr.", "Oscar Duarte", False, False),
        ("Thomas R. Duarte Jr.", "Tom Duarte", True, True),
        ("Oscar Duarte Jr.", "Oscar Duarte Sr.", False, False),
        ("King Harald", "King Harald V", True, True),
        ("King Harald V", "King Harald IV", False, False),
        ("King Harald", "Prince Harald", False, False),
        ("Pope Pius", "Pius Okoro", False, False),
    ],
)
def test_one_person_within_an_article_and_across(a: str, b: str, in_article: bool, across: bool) -> None:
    assert is_same_name(a, b) is is_same_name(b, a) is in_article
    assert is_same_person(a, b) is is_same_person(b, a) is across
