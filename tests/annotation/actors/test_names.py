"""Names: their parts, their spellings, and where a text has them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newskit.annotation.actors.name_parts import surname
from newskit.annotation.actors.names import NameIndex, is_same_person, is_spelling_variant, slug


def test_name_index_takes_the_longest_name_at_word_boundaries() -> None:
    index = NameIndex([("Korea", 1), ("South Korea", 2), ("U.S.", 3), ("Côte d'Ivoire", 4), ("US", 5)])
    text = "South Korea, Koreatown, U.S.-Korea talks in Côte d’Ivoire. SOUTH KOREA AND THE US tell us: us, @US"
    found = [(text[a:b], n) for a, b, n in index.find(text)]
    assert found == [
        ("South Korea", 2),
        ("U.S.", 3),
        ("Korea", 1),
        ("Côte d’Ivoire", 4),
        ("SOUTH KOREA", 2),
        ("US", 5),
    ]


@given(st.text(alphabet="ab. ’'-\n", max_size=60))
def test_name_index_gives_what_the_text_holds(text: str) -> None:
    at = 0
    for start, end, name in NameIndex([("ab", "ab"), ("a b", "a b"), ("b'a", "b'a")]).find(text):
        assert at <= start < end
        assert text[start:end].replace("’", "'") in {name, name.upper()}
        at = end


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("Zelensky", "Zelenskyy", True),
        ("Zelenskiy", "Zelenskyy", True),
        ("Erdoğan", "Erdogan", True),
        ("Trump", "Trumps", True),
        ("Putin", "Pushkin", False),
        ("Kim", "Kin", False),
        ("", "x", False),
    ],
)
def test_spelling_variants(a: str, b: str, same: bool) -> None:
    assert is_spelling_variant(a, b) is same
    assert is_spelling_variant(b, a) is same


def test_parts_of_names() -> None:
    assert surname("Ursula von der Leyen") == "von der Leyen"
    assert surname("Putin") == "Putin"
    assert [surname(name) for name in ("Kim Jong Un", "Kim Sarah Lee")] == ["Kim", "Lee"]
    assert slug("Władysław Kosiniak-Kamysz") == "wladyslaw-kosiniak-kamysz"
    assert slug("…") == "unnamed"


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("Kim Jong-un", "Kim Jong Un", True),
        ("Moon Jae-in", "Moon Jae", True),
        ("Joe Biden", "Joseph R. Biden Jr.", True),
        ("Dmitry Medvedev", "Dmitri Medvedev", True),
        ("Aleksandr Lukashenko", "Alexander Lukashenka", False),
        ("Kim Jong-un", "Kim Yo-jong", False),
        ("Donald Trump", "Melania Trump", False),
        ("David Johnson", "David Johnston", False),
        ("Carla Rossi", "Carlo Rossi", False),
        ("George W. Bush", "George H. W. Bush", False),
        ("John Roe II", "John Roe III", False),
        ("Simon Weiss", "Simone Weiss", False),
    ],
)
def test_who_is_the_same_person(a: str, b: str, same: bool) -> None:
    assert is_same_person(a, b) is same
    assert is_same_person(b, a) is same
