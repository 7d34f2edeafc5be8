"""Identity across articles, its reasons, and the catalogue's corrections of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import newskit as nk
from newskit.annotation.actors.catalog import Actor, Corrections, Split
from newskit.annotation.actors.identity import link_names
from newskit.annotation.actors.names import is_same_person
from newskit.errors import CatalogError
from newskit.schema import OUTLET, UNNAMED

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


def test_corrections_merge_split_rename(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('[catalog]\nname = "mine"\nextends = "world"\n' + CORRECTED, encoding="utf-8")
    catalog = nk.load_actors(path)
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


def test_what_is_one_person_across_articles() -> None:
    found = linked(
        [
            ("Walid al-Masri", "person", 5, None),
            ("Walid Masri", "person", 2, None),
            ("Masri", "person", 1, None),
            ("Carlos Ruiz Soto", "person", 4, None),
            ("Ruiz Soto", "person", 2, None),
            ("Oscar Duarte", "person", 9, None),
            ("Oscar Duarte Jr.", "person", 3, None),
            ("Oscar Duarte Junior", "person", 1, None),
            ("Alexander De Boer", "person", 2, None),
            ("De Boer", "person", 1, None),
            ("Prince Felix", "person", 3, None),
            ("Felix Braun", "person", 3, None),
            ("Nowak", "person", 1, None),
            ("Anna Novak", "person", 3, None),
        ]
    )
    ids = {name: one for (name, _), (one, _) in found.items()}
    assert ids["Walid al-Masri"] == ids["Walid Masri"] == ids["Masri"]
    assert ids["Carlos Ruiz Soto"] == ids["Ruiz Soto"]
    assert ids["Alexander De Boer"] == ids["De Boer"]
    assert ids["Oscar Duarte Jr."] == ids["Oscar Duarte Junior"] != ids["Oscar Duarte"]
    assert ids["Prince Felix"] != ids["Felix Braun"]
    assert ids["Nowak"] == "nowak", "no other spelling for a bare surname"


def test_a_man_and_a_woman_who_are_only_mr_and_ms() -> None:
    found = linked([("Weiss", "person", 3, "m"), ("Weiss", "person", 2, "f"), ("Weiss", "person", 1, None)])
    assert {one for one, _ in found.values()} == {"mr-weiss", "ms-weiss", "weiss"}


def test_a_company_with_the_surname_of_somebody_rarely_named_stays_a_company() -> None:
    names = [("Anna Braun", "person", 1), ("Braun", "organization", 2), ("Boris Weiss", "person", 9)]
    names += [("Weiss", "organization", 1), ("National", "person", 2)]
    links = link_names(pd.DataFrame(names, columns=["name", "type", "n"]), nk.ActorCatalog([]))
    assert [one.actor_id for one in links] == ["anna-braun", "braun", "boris-weiss", "boris-weiss", "national"]


def test_an_acronym_tells_nothing_across_articles() -> None:
    names = [("Northern Transport Union", "organization", 2), ("NTU", "organization", 5)]
    links = link_names(pd.DataFrame(names, columns=["name", "type", "n"]), nk.ActorCatalog([]))
    assert [one.actor_id for one in links] == ["northern-transport-union", "ntu"]


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


def test_a_first_name_of_two_people_stays_apart() -> None:
    names: list[tuple[str, str, int, str | None]] = [("Anna Novak", "person", 9, None), ("Anna", "person", 1, None)]
    assert linked(names)["Anna", None][0] == "anna-novak"
    assert linked([*names, ("Anna Weiss", "person", 1, None)])["Anna", None][0] == "anna"


def test_an_organization_is_not_the_person_of_the_same_name() -> None:
    names = [("Anna Novak", "person", 2), ("Anna Novak", "organization", 1), ("Acme", "organization", 1)]
    links = link_names(pd.DataFrame(names, columns=["name", "type", "n"]), nk.ActorCatalog([]))
    assert [one.actor_id for one in links] == ["anna-novak", "anna-novak-organization", "acme"]


@pytest.mark.parametrize("kind", ["person", "organization", "place", "people"])
@pytest.mark.parametrize("name", ["Outlet", "OUTLET", "Óutlet", "Unnamed", "Unnamed Source", "…"])
def test_no_actor_gets_the_id_of_a_voice(name: str, kind: str) -> None:
    (one,) = link_names(pd.DataFrame([(name, kind, 3)], columns=["name", "type", "n"]), nk.ActorCatalog([]))
    assert one.actor_id not in {OUTLET, UNNAMED, "unnamed", "unnamed-source"}
    assert one.label == name


def test_a_surname_that_is_the_word_for_a_voice() -> None:
    names: list[tuple[str, str, int, str | None]] = [("Ida Outlet", "person", 2, None), ("Outlet", "person", 1, None)]
    assert linked(names)["Outlet", None][0] == "ida-outlet"


@pytest.mark.parametrize(
    "make",
    [
        lambda identity: nk.ActorCatalog([Actor(identity, "The Outlet", "organization")]),
        lambda identity: nk.ActorCatalog([], corrections=Corrections(merge={"acme": identity})),
        lambda identity: nk.ActorCatalog([], corrections=Corrections(split=(Split("acme", "Acme", identity),))),
    ],
)
@pytest.mark.parametrize("identity", [OUTLET, UNNAMED])
def test_a_catalogue_cannot_give_the_id_of_a_voice(make: Callable[[str], object], identity: str) -> None:
    with pytest.raises(CatalogError, match=f"the id '{identity}' is reserved for a voice"):
        make(identity)


def test_merges_are_followed_through() -> None:
    catalog = nk.ActorCatalog([], corrections=Corrections(merge={"acme": "zyntec", "zyntec": "holding"}))
    (one,) = link_names(pd.DataFrame([("Acme", "organization", 1)], columns=["name", "type", "n"]), catalog)
    assert (one.actor_id, one.rule) == ("holding", "organization by this name; acme merged by the catalogue")
