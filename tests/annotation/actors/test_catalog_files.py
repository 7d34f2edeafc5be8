"""Catalogues as files: what is wrong in one, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

import newskit as nk
from newskit.annotation.actors.catalog import Corrections, Split
from newskit.annotation.actors.catalog_files import catalog_from_json, catalog_to_json
from newskit.errors import CatalogError

HEAD = '[catalog]\nname = "mine"\nversion = "1"\n\n'


def actor(identity: str, *aliases: str, kind: str = "state", more: str = "") -> str:
    names = ", ".join(f'"{a}"' for a in aliases)
    return f'[[actor]]\nid = "{identity}"\nlabel = "{identity.title()}"\ntype = "{kind}"\naliases = [{names}]\n{more}\n'


def load(tmp_path: Path, text: str) -> nk.ActorCatalog:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return nk.load_actors(path)


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
    with pytest.raises(CatalogError, match=r"did you mean 'world'.*shipped: world"):
        nk.load_actors("wrold")
    with pytest.raises(CatalogError, match="no such catalogue file"):
        nk.load_actors(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        ('[[merge]]\ninto = "a"\nactors = ["b"]\n[[merge]]\ninto = "b"\nactors = ["a"]\n', 5, "in a circle: b → a → b"),
        ('[[merge]]\ninto = "a"\nactors = ["a"]\n', 3, "merges in a circle"),
        ('[[merge]]\ninto = "a"\nactors = ["b"]\n[[merge]]\ninto = "c"\nactors = ["b"]\n', 6, "both 'a' and 'c'"),
        ('[[ignore]]\nactors = "b"\n', 2, "actors of .* must be a list of non-empty strings"),
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


def test_a_file_gives_actors_and_corrections(tmp_path: Path) -> None:
    extra = (
        'demonyms = ["A-lander"]\ncapitals = ["A-city"]\nseats = ["A-house"]\nambiguous = ["A-city"]\nwikidata = "Q1"'
    )
    corrections = (
        '[[merge]]\ninto = "a"\nactors = ["b", "c"]\n[[split]]\nactor = "a"\nnames = ["A", "B"]\ninto = "d"\n'
        '[[group]]\nname = "us"\nmembers = ["a"]\n[rename]\na = "Land"\n[wikidata]\nb = "Q2"\n'
        '[[ignore]]\nactors = ["e", "f"]\n[[ignore]]\nactors = ["e"]\n'
    )
    catalog = load(tmp_path, HEAD + actor("a", "A-land", more=extra) + corrections)
    assert (catalog.name, catalog.version) == ("mine", "1")
    entries = {name: catalog.lookup(name) for name in ("A-land", "A-lander", "A-city", "A-house")}
    assert {name: entry and (entry.how, entry.ambiguous) for name, entry in entries.items()} == {
        "A-land": ("name", False),
        "A-lander": ("demonym", False),
        "A-city": ("capital", True),
        "A-house": ("seat", False),
    }
    assert catalog.wikidata("a") == "Q1"
    assert catalog.corrections == Corrections(
        merge={"b": "a", "c": "a"},
        split=(Split("a", "A", "d"), Split("a", "B", "d")),
        rename={"a": "Land"},
        group={"a": "us"},
        wikidata={"b": "Q2"},
        ignore=("e", "f"),
    )
    again = catalog_from_json(catalog_to_json(catalog))
    assert (again.name, again.version, again.actors, again.corrections) == (
        catalog.name,
        catalog.version,
        catalog.actors,
        catalog.corrections,
    )


def test_a_file_extends_another_only_if_it_says_so(tmp_path: Path) -> None:
    own = actor("a", "A-land")
    assert list(load(tmp_path, own).actors) == ["a"]
    extended = load(tmp_path, '[catalog]\nextends = "world"\n' + own)
    assert {"a", "russia"} <= set(extended.actors)
    assert extended.name == "world+mine"


def test_an_id_that_is_reserved_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('[[actor]]\nid = "outlet"\nlabel = "Outlet Ltd"\ntype = "organization"\n', encoding="utf-8")
    with pytest.raises(CatalogError, match=r"mine\.toml:2: the id 'outlet' is reserved for a voice"):
        nk.load_actors(path)


def test_a_file_extends_one_beside_it_wherever_python_runs(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text('[catalog]\nextends = "mine.toml"\n' + actor("b", "B-land"), encoding="utf-8")
    load(tmp_path, actor("a", "A-land"))
    assert {*nk.load_actors(tmp_path / "ours.toml").actors} == {"a", "b"}
