"""Names that also mean a state, a capital, a month, a word, a ship, or another person."""

from __future__ import annotations

import pytest
from spacy.language import Language

from tests.annotation.actors.texts import mentions_of


def named(nlp: Language, text: str) -> list[tuple[str, str]]:
    """The words of the names in a text, and the names they stand for."""
    return [(text[m.start : m.end], m.name) for m in mentions_of(nlp, text) if m.kind in {"name", "place"}]


@pytest.mark.parametrize(
    ("text", "person", "n"),
    [
        ("Ms. Jordan left. Ana Jordan spoke in Ohio. Jordan and Syria closed the border.", "Ana Jordan", 2),
        ("Ana London spoke in Ohio. Talks in London failed. Ms. London left.", "Ana London", 2),
        ("Paul August spoke in August. By August he had left. Mr. August laughed.", "Paul August", 2),
        ("Ana Paris was born in Ohio. Paris claims that she left. She met her friends in Paris.", "Ana Paris", 2),
    ],
)
def test_a_surname_that_means_something_else(nlp: Language, text: str, person: str, n: int) -> None:
    assert [name for _, name in named(nlp, text)].count(person) == n


def test_a_ship_is_not_the_person(nlp: Language) -> None:
    text = "The carrier Adam Weiss left port. The USS Adam Weiss returned. Adam Weiss, a senator, was glad."
    assert [(m.start, m.name) for m in mentions_of(nlp, text) if m.kind == "name"] == [(63, "Adam Weiss")]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "Prince Felix spoke. Felix Braun left. Prince Felix smiled.",
            ["Prince Felix", "Felix Braun", "Prince Felix"],
        ),
        ("Crown Prince Omar bin Said spoke. Prince Omar left.", ["Omar bin Said", "Omar bin Said"]),
        ("Anna Weiss met her husband, Boris Weiss. Mr. Weiss left. Mrs. Weiss did not.", ["Boris Weiss", "Anna Weiss"]),
        ("Mr. Weiss left. Mrs. Weiss did not. Mr. Weiss laughed.", ["Mr. Weiss", "Ms. Weiss", "Mr. Weiss"]),
        (
            "President Adam Weiss met Adam Weiss Jr. at home. Weiss said so. Adam Weiss Jr. agreed. Weiss Jr. left.",
            ["Adam Weiss", "Adam Weiss Jr.", "Adam Weiss", "Adam Weiss Jr.", "Adam Weiss Jr."],
        ),
        ("Adam Weiss Jr. spoke. Later on Adam Weiss left. Mr. Weiss was glad.", ["Adam Weiss Jr."] * 3),
    ],
)
def test_people_who_share_a_name(nlp: Language, text: str, names: list[str]) -> None:
    people = [m for m in mentions_of(nlp, text) if m.type == "person" and m.kind == "name"]
    entities = {m.entity: m.name for m in people}
    assert len(entities) == len(set(names))
    last = [m.name if m.name != "Weiss" else f"{'Mr.' if m.gender == 'm' else 'Ms.'} Weiss" for m in people]
    assert last[-len(names) :] == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Mayor Anna de Vries spoke. De Vries said so.", ["Anna de Vries"] * 2),
        ("Carlos Ruiz Soto spoke. Ruiz Soto said so. Critics of Ruiz Soto left.", ["Carlos Ruiz Soto"] * 3),
        ("Walid al-Masri spoke. Masri said so. Al-Masri left.", ["Walid al-Masri"] * 3),
        ("Officials undid Braun-era rules. Merkel-backed candidates lost.", ["Braun", "Merkel"]),
        ("Grand Ayatollah Ali Hosseini met Lt. Gov. Anna Novak.", ["Ali Hosseini", "Anna Novak"]),
    ],
)
def test_forms_of_a_name(nlp: Language, text: str, names: list[str]) -> None:
    assert [m.name for m in mentions_of(nlp, text) if m.type == "person" and m.kind == "name"] == names


def test_a_state_and_a_word_before_a_surname_are_no_first_names(nlp: Language) -> None:
    text = "The Texas GOP met. Animal Novak must go. Boris Novak spoke, and Novak left."
    names = {name for _, name in named(nlp, text)}
    assert "Boris Novak" in names
    assert not names & {"Texas GOP", "Animal Novak"}


def test_abbreviations_without_their_last_stop(nlp: Language) -> None:
    found = named(nlp, "The U.S is angry. The U.N agreed, and the U.K did not.")
    assert [words for words, _ in found] == ["U.S", "U.N", "U.K"]
    assert {m.type for m in mentions_of(nlp, "The U.S is angry. The U.N agreed.")} == {"catalog"}
