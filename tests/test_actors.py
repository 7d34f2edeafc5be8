"""The catalogue, names in texts, and identity across articles."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import newskit as nk
from newskit.actors import CatalogError, NameIndex
from newskit.identity import link_names
from newskit.names import is_spelling_variant, slug, surname

HEAD = '[catalog]\nname = "mine"\nversion = "1"\n\n'


def actor(identity: str, *aliases: str, kind: str = "state", more: str = "") -> str:
    names = ", ".join(f'"{a}"' for a in aliases)
    return f'[[actor]]\nid = "{identity}"\nlabel = "{identity.title()}"\ntype = "{kind}"\naliases = [{names}]\n{more}\n'


def test_world_knows_states_by_all_their_names() -> None:
    catalog = nk.load_actors()
    for name, identity, how in [
        ("U.S.", "united-states", "name"),
        ("Russian", "russia", "demonym"),
        ("Moscow", "russia", "capital"),
        ("Kremlin", "russia", "seat"),
        ("Kyiv", "ukraine", "capital"),
        ("Kiev", "ukraine", "capital"),
        ("NATO", "nato", "name"),
        ("Hamas", "hamas", "name"),
    ]:
        entry = catalog.lookup(name)
        assert entry is not None, name
        assert (entry.actor.actor_id, entry.how) == (identity, how)
    assert catalog.lookup("Tomahawk") is None
    assert catalog.lookup("us") is None


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        (actor("a", "A-land") + actor("b", "A-land"), 15, "given to both"),
        (actor("a", "A-land") + actor("a", "B-land"), 12, "given twice"),
        (actor("a", "A-land", more='alias = ["x"]'), 6, "unknown key 'alias'"),
        (actor("a", "A-land", kind="planet"), 6, "type 'planet' is none of"),
        (actor("a", " "), 6, "empty string"),
        (actor("a", "A-land", more='ambiguous = ["B"]'), 6, "in no other list"),
        ("", None, "no \\[\\[actor\\]\\]"),
        ("[[actor]\n", None, "mine.toml"),
    ],
)
def test_catalogue_mistakes_name_file_and_line(tmp_path: Path, body: str, line: int | None, message: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(HEAD + body, encoding="utf-8")
    with pytest.raises(CatalogError, match=message) as caught:
        nk.load_actors(path)
    assert f"mine.toml:{line}:" in str(caught.value) if line else "mine.toml" in str(caught.value)


def test_catalogues_that_do_not_exist(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="shipped: world"):
        nk.load_actors("wrold")
    with pytest.raises(CatalogError, match="no such catalogue file"):
        nk.load_actors(tmp_path / "none.toml")


def test_extended_catalogue_gives_the_strings_to_the_newer_one(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(HEAD + actor("kremlin", "Kremlin", kind="organization"), encoding="utf-8")
    both = nk.load_actors().extended(nk.load_actors(path))
    kremlin, moscow = both.lookup("Kremlin"), both.lookup("Moscow")
    assert kremlin is not None
    assert kremlin.actor.actor_id == "kremlin"
    assert moscow is not None
    assert moscow.actor.actor_id == "russia"


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
    assert slug("Władysław Kosiniak-Kamysz") == "wladyslaw-kosiniak-kamysz"
    assert slug("…") == "unnamed"


NAMES = [
    ("Volodymyr Zelenskyy", "person", 3),
    ("Volodymyr Zelensky", "person", 2),
    ("Zelenskyy", "person", 1),
    ("Donald Trump", "person", 9),
    ("Melania Trump", "person", 2),
    ("Trump", "person", 5),
    ("Ivan Petrov", "person", 1),
    ("Olga Petrov", "person", 1),
    ("Petrov", "person", 4),
    ("Acme", "organization", 1),
    ("Russia", "catalog", 7),
    ("Moscow", "catalog", 2),
]


def link(names: list[tuple[str, str, int]]) -> dict[str, str]:
    links = link_names(pd.DataFrame(names, columns=["name", "type", "n"]), nk.load_actors())
    return {name: one.actor_id for (name, _, _), one in zip(names, links, strict=True)}


def test_identity_across_articles() -> None:
    ids = link(NAMES)
    assert ids["Volodymyr Zelensky"] == ids["Volodymyr Zelenskyy"] == ids["Zelenskyy"] == "volodymyr-zelenskyy"
    assert ids["Trump"] == ids["Donald Trump"] == "donald-trump"
    assert ids["Melania Trump"] == "melania-trump"
    assert ids["Petrov"] == "petrov", "two bearers, none dominant: it stays apart"
    assert ids["Russia"] == ids["Moscow"] == "russia"


@given(st.permutations(NAMES))
def test_identity_does_not_depend_on_order(names: list[tuple[str, str, int]]) -> None:
    assert link(names) == link(NAMES)
