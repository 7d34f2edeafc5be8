"""The rules of the world catalogue."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from training.catalogs import make_world
from training.catalogs.make_world import UN_MEMBERS, CatalogError, check, other_actor, render, spellings, with_plural

CODES = [*UN_MEMBERS, "TW", "VA", "XK"]


def actor(**given: Any) -> dict[str, Any]:
    return other_actor({"label": "Acme Front", "type": "movement", **given})


@pytest.mark.parametrize(
    ("string", "more"),
    [
        ("Côte d'Ivoire", ["Cote d'Ivoire"]),
        ("Saint Lucia", ["St. Lucia", "St Lucia"]),
        ("al-Shabaab", ["Al-Shabaab", "al Shabaab", "Al Shabaab"]),
        ("Chad", []),
    ],
)
def test_other_spellings(string: str, more: list[str]) -> None:
    assert spellings(string) == [string, *more]


def test_plurals_of_demonyms() -> None:
    assert [with_plural(d) for d in ("Russian", "Chinese", "Danish", "Swiss")] == [
        ["Russian", "Russians"],
        ["Chinese"],
        ["Danish"],
        ["Swiss"],
    ]


def test_an_actor_by_hand() -> None:
    found = actor(aliases=["Saint Front"], seats=["Acme House"])
    assert found["id"] == "acme-front"
    assert found["aliases"] == ["Acme Front", "Saint Front", "St. Front", "St Front"]
    with pytest.raises(CatalogError, match="unknown keys"):
        actor(nickname="AF")


def test_a_state_by_hand_alone() -> None:
    found = make_world.state("XK", {"label": "Kosovo", "demonyms": ["Kosovar"], "capitals": ["Pristina", "Kosovo"]})
    assert found["aliases"] == ["Kosovo"]
    assert found["capitals"] == ["Pristina"]
    with pytest.raises(CatalogError, match="no alias"):
        make_world.state("XK", {"label": "Kosovo", "not_aliases": ["Serbia"]})


@pytest.mark.parametrize(
    ("other", "fault"),
    [
        (actor(), "used 2 times"),
        (actor(label="Acme front", id="other"), "given to both"),
        (actor(label="Other", ambiguous=["Elsewhere"]), "in no list"),
        (actor(label="Other", aliases=["two  spaces"]), "stray space"),
        (actor(label="Other", aliases=["One, Two"]), "has a comma"),
        (actor(label="Other", type="company"), "unknown type"),
        (actor(label="Other", id="No Slug"), "is not a slug"),
    ],
)
def test_broken_rules_are_named(other: dict[str, Any], fault: str) -> None:
    check([actor()], CODES)
    with pytest.raises(CatalogError, match=fault):
        check([actor(), other], CODES)


def test_every_member_of_the_united_nations_must_be_there() -> None:
    with pytest.raises(CatalogError, match=r"states missing: \['ZW'\]"):
        check([actor()], [code for code in CODES if code != "ZW"])


def test_what_is_written_reads_back() -> None:
    written = tomllib.loads(render([actor(ambiguous=["Acme Front"], seats=['The "House"'])]))
    (found,) = written["actor"]
    assert found["seats"] == ['The "House"']
    assert found["ambiguous"] == ["Acme Front"]
    assert written["catalog"]["name"] == "world"


def test_the_additions_are_what_the_shipped_catalogue_has() -> None:
    """The states need the library; the actors by hand do not."""
    by_hand = tomllib.loads(make_world.ADDITIONS.read_text(encoding="utf-8"))["actor"]
    shipped = {a["id"]: a for a in tomllib.loads(make_world.TARGET.read_text(encoding="utf-8"))["actor"]}
    for entry in by_hand:
        expected = other_actor(entry)
        assert shipped[expected["id"]] == {key: value for key, value in expected.items() if key != "ambiguous"} | (
            {"ambiguous": entry["ambiguous"]} if entry.get("ambiguous") else {}
        )
