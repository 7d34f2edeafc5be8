"""The catalogue, names in texts, and identity across articles."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import newskit as nk
from newskit.annotation.actors.identity import link_names
from newskit.annotation.actors.names import NameIndex, is_same_person, is_spelling_variant, slug, surname
from newskit.errors import CatalogError

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
        (actor("a", "A-land", kind="planet"), 6, "type 'planet' is not one of"),
        (actor("a", " "), 6, "non-empty strings"),
        (actor("a", "A-land", more='seats = "A-city"'), 6, "seats of 'a' must be a list of non-empty strings"),
        (actor("a", "l'A-land") + actor("b", "l'A-land"), 15, "given to both"),
        ('[actor]\nid = "a"\n', 5, r"actor must be a list of tables; write \[\[actor\]\]"),
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


def test_merges_of_two_catalogues_that_go_in_a_circle(tmp_path: Path) -> None:
    first, second = tmp_path / "first.toml", tmp_path / "second.toml"
    first.write_text('[[merge]]\ninto = "a"\nactors = ["b"]\n', encoding="utf-8")
    second.write_text('[[merge]]\ninto = "b"\nactors = ["a"]\n', encoding="utf-8")
    with pytest.raises(CatalogError, match="merges in a circle: b → a → b"):
        nk.load_actors(first).extended(nk.load_actors(second))


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


# --- corrections of the catalogue --------------------------------------------------------------------

CORRECTED = """
[[merge]]
into = "donald-trump"
actors = ["the-donald"]

[[split]]
actor = "donald-trump"
names = ["Trump"]
into = "melania-trump"

[[group]]
name = "Russia"
members = ["russia", "vladimir-putin"]

[rename]
donald-trump = "Trump"

[wikidata]
vladimir-putin = "Q7747"
"""


def load(tmp_path: Path, text: str) -> nk.ActorCatalog:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return nk.load_actors(path)


def test_corrections_merge_split_rename(tmp_path: Path) -> None:
    catalog = load(tmp_path, '[catalog]\nname = "mine"\nextends = "world"\n' + CORRECTED)
    names = [("Donald Trump", "person", 5), ("Trump", "person", 3), ("The Donald", "organization", 1)]
    names += [("Melania Trump", "person", 1), ("Kremlin", "catalog", 1)]
    links = link_names(pd.DataFrame(names, columns=["name", "type", "n"]), catalog)
    by_name = {name: one for (name, _, _), one in zip(names, links, strict=True)}
    assert by_name["The Donald"].actor_id == by_name["Donald Trump"].actor_id == "donald-trump"
    assert by_name["Donald Trump"].label == "Trump"
    assert by_name["Trump"].actor_id == "melania-trump"
    assert by_name["Trump"].rule == "split from donald-trump by the catalogue"
    assert by_name["The Donald"].rule.endswith("the-donald merged by the catalogue")
    assert by_name["Kremlin"].actor_id == "russia", "a catalogue that extends the world has its actors"
    assert catalog.wikidata("vladimir-putin") == "Q7747"


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        ('[[merge]]\ninto = "a"\nactors = ["b"]\n[[merge]]\ninto = "b"\nactors = ["a"]\n', 5, "in a circle: b → a → b"),
        ('[[merge]]\ninto = "a"\nactors = ["a"]\n', 3, "merges in a circle"),
        ('[[merge]]\ninto = "a"\nactors = ["b"]\n[[merge]]\ninto = "c"\nactors = ["b"]\n', 6, "both 'a' and 'c'"),
        ('[[group]]\nname = "x"\nmembers = ["b"]\n[[group]]\nname = "y"\nmembers = ["b"]\n', 6, "both 'x' and 'y'"),
        ('[[group]]\nname = "x"\nmember = ["b"]\n', 2, "unknown key 'member' in"),
        ('[[merge]]\ninto = "a"\n', 2, "'actors' is missing"),
        ('[[merge]]\ninto = "a"\nactors = "b"\n', 2, "actors of .* must be a list of non-empty strings"),
        ('[[merge]]\ninto = 3\nactors = ["b"]\n', 1, "into of .* must be a non-empty string, got 3"),
        ('rename = "a"\n', 1, r"rename must be a table; write \[rename\]"),
        ('[[merge]]\ninto = "a"\nactors = [1]\n', 2, "must be a list of non-empty strings"),
        ('[[split]]\nactor = "a"\nnames = ["x", "x"]\ninto = "b"\n', 3, "split from 'a' twice"),
        ('[[merges]]\ninto = "a"\n', 1, "unknown key 'merges'"),
        ('[rename]\na = 3\n', 2, "rename of 'a' must be a non-empty string"),
    ],
)  # fmt: skip
def test_mistakes_in_corrections_name_file_and_line(tmp_path: Path, body: str, line: int, message: str) -> None:
    with pytest.raises(CatalogError, match=message) as caught:
        load(tmp_path, body)
    assert f"mine.toml:{line}:" in str(caught.value)


# --- identity across articles: what must always hold ----------------------------------------------------

FIRST = ["Anna", "Ann", "Joe", "Joseph", "Volodymyr", "Vladimir", "Boris", "Jong-un"]
LAST = ["Zelensky", "Zelenskyy", "Novak", "Biden", "Kim", "Nowak", "Petrov", "Petrova"]
names_of_people = st.one_of(
    st.sampled_from(LAST),
    st.builds("{} {}".format, st.sampled_from(FIRST), st.sampled_from(LAST)),
    st.builds("{} {}. {}".format, st.sampled_from(FIRST), st.sampled_from("RQ"), st.sampled_from(LAST)),
)
rows = st.lists(
    st.tuples(names_of_people, st.just("person"), st.integers(1, 9), st.sampled_from(["m", "f", None])),
    min_size=1,
    max_size=14,
    unique_by=lambda row: (row[0], row[3]),
)


def linked(names: list[tuple[str, str, int, str | None]]) -> dict[tuple[str, str | None], tuple[str, str]]:
    table = pd.DataFrame(names, columns=["name", "type", "n", "gender"])
    links = link_names(table, nk.ActorCatalog([]))
    return {(row[0], row[3]): (one.actor_id, one.rule) for row, one in zip(names, links, strict=True)}


@given(rows, st.randoms())
def test_identity_and_its_reasons_do_not_depend_on_order(
    names: list[tuple[str, str, int, str | None]], shuffle: random.Random
) -> None:
    mixed = list(names)
    shuffle.shuffle(mixed)
    assert linked(names) == linked(mixed)


@given(rows)
def test_full_names_that_differ_are_never_one_actor(names: list[tuple[str, str, int, str | None]]) -> None:
    actors: dict[str, set[str]] = {}
    for (name, _), (actor, _) in linked(names).items():
        if " " in name:
            actors.setdefault(actor, set()).add(name)
    for members in actors.values():
        assert all(is_same_person(a, b) for a in members for b in members)


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
    ],
)
def test_who_is_the_same_person(a: str, b: str, same: bool) -> None:
    assert is_same_person(a, b) is same
    assert is_same_person(b, a) is same


def test_gender_told_in_an_article_chooses_among_bearers() -> None:
    names: list[tuple[str, str, int, str | None]] = [
        ("Anna Novak", "person", 3, "f"),
        ("Boris Novak", "person", 3, "m"),
        ("Novak", "person", 2, "m"),
        ("Novak", "person", 2, None),
    ]
    found = linked(names)
    assert found["Novak", "m"][0] == "boris-novak"
    assert found["Novak", None][0] == "novak", "nobody stands out"


def test_a_third_middle_name_keeps_two_bushes_apart() -> None:
    names: list[tuple[str, str, int, str | None]] = [
        ("George Bush", "person", 9, None),
        ("George W. Bush", "person", 5, None),
        ("George H. W. Bush", "person", 2, None),
    ]
    found = linked(names)
    assert found["George W. Bush", None][0] == "george-bush"
    assert found["George H. W. Bush", None][0] == "george-h-w-bush"
    assert "kept apart" in found["George H. W. Bush", None][1]


def test_an_acronym_is_the_one_organization_with_these_initials() -> None:
    names = [("Northern Transport Union", "organization", 2), ("NTU", "organization", 5)]
    links = link_names(pd.DataFrame(names, columns=["name", "type", "n"]), nk.ActorCatalog([]))
    assert {one.actor_id for one in links} == {"northern-transport-union"}


@pytest.mark.parametrize(
    "names",
    [
        [("Volodymyr Zelenskyy", 5), ("Volodymyr Zelensky", 3), ("Volodymyr Zelenskiy", 2), ("Zelenskiy", 1)],
        [("Kim Jong-un", 5), ("Kim Jong Un", 3), ("Kim", 9)],
        [("Dmitry Medvedev", 5), ("Dmitri Medvedev", 3), ("Medvedev", 1)],
    ],
)
def test_spellings_and_bare_surnames_are_one_actor(names: list[tuple[str, int]]) -> None:
    rows: list[tuple[str, str, int, str | None]] = [(name, "person", n, None) for name, n in names]
    assert len({actor for actor, _ in linked(rows).values()}) == 1
