"""The catalogue of actors: what it knows, what two make together, and what a corpus would become with it."""

from __future__ import annotations

import pytest

import newskit as nk
from newskit.annotation.actors.catalog import Actor, ActorCatalog, Corrections, Split
from newskit.errors import CatalogError
from newskit.schema import RESULTS


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
    ("name", "found"),
    [
        ("Mali", True),
        ("MALI", True),
        ("mali", False),
        ("Chad", True),
        ("Iraq’s House", True),
        ("Iraq's  House", True),
        ("Ulm", True),
        ("ULM", False),
    ],
)
def test_lookup_minds_the_case_but_not_capitals_apostrophes_or_spaces(name: str, found: bool) -> None:
    aliases = ("Mali", "Chad", "Iraq's House", "Ulm")
    assert (ActorCatalog([Actor("x", "X", "state", aliases=aliases)]).lookup(name) is not None) is found


def test_ambiguous_names_are_marked() -> None:
    georgia = nk.load_actors().lookup("Georgia")
    tbilisi = nk.load_actors().lookup("Tbilisi")
    assert georgia is not None
    assert georgia.ambiguous
    assert tbilisi is not None
    assert not tbilisi.ambiguous


def test_a_name_belongs_to_one_actor() -> None:
    alike = [Actor("a", "A", "state", aliases=("A-land",)), Actor("b", "B", "state", capitals=("A-land",))]
    with pytest.raises(CatalogError, match="'A-land' is given to both 'a' and 'b'"):
        ActorCatalog(alike)


def test_extended_catalogue_gives_the_strings_to_the_newer_one() -> None:
    mine = ActorCatalog([Actor("kremlin", "Kremlin", "organization", aliases=("Kremlin",))], name="mine", version="1")
    both = nk.load_actors().extended(mine)
    kremlin, moscow = both.lookup("Kremlin"), both.lookup("Moscow")
    assert kremlin is not None
    assert kremlin.actor.actor_id == "kremlin"
    assert moscow is not None
    assert moscow.actor.actor_id == "russia"
    assert (both.name, both.version) == ("world+mine", "1.0.0+1")
    assert "Kremlin" not in both.actors["russia"].seats


def test_extended_catalogue_takes_actors_and_corrections_of_the_newer_one() -> None:
    old = ActorCatalog(
        [Actor("a", "Old", "state", aliases=("A-land",)), Actor("b", "B", "state", aliases=("B-land",))],
        corrections=Corrections(
            merge={"x": "a"}, split=(Split("a", "A", "b"),), rename={"x": "old"}, group={"a": "old"}
        ),
    )
    new = ActorCatalog(
        [Actor("a", "New", "state", aliases=("A-state",))],
        corrections=Corrections(
            merge={"x": "b"}, split=(Split("a", "A", "c"),), rename={"y": "new"}, wikidata={"a": "Q2"}
        ),
    )
    both = old.extended(new)
    assert {identity: actor.label for identity, actor in both.actors.items()} == {"b": "B", "a": "New"}
    assert both.lookup("A-land") is None
    assert both.corrections == Corrections(
        merge={"x": "b"},
        split=(Split("a", "A", "c"),),
        rename={"x": "old", "y": "new"},
        group={"a": "old"},
        wikidata={"a": "Q2"},
    )


def test_merges_are_followed_to_the_end() -> None:
    corrections = Corrections(merge={"a": "b", "b": "c"})
    assert [corrections.target(one) for one in "abcd"] == ["c", "c", "c", "d"]
    assert corrections.circle() == []
    assert Corrections(merge={"z": "a", "a": "b", "b": "a"}).circle() == ["a", "b", "a"]


def test_merges_of_two_catalogues_that_go_in_a_circle() -> None:
    first, second = (ActorCatalog([], corrections=Corrections(merge=merge)) for merge in ({"b": "a"}, {"a": "b"}))
    with pytest.raises(CatalogError, match="merges in a circle: b → a → b"):
        first.extended(second)


def test_a_corrected_wikidata_item_comes_first() -> None:
    known = [Actor("a", "A", "state", wikidata="Q1"), Actor("b", "B", "state", wikidata="Q3")]
    catalog = ActorCatalog(known, corrections=Corrections(wikidata={"a": "Q2"}))
    assert [catalog.wikidata(one) for one in "abc"] == ["Q2", "Q3", None]


def test_diff_says_what_relinking_would_change(small: nk.Corpus) -> None:
    merged = ActorCatalog([], corrections=Corrections(merge={"anna-novak": "boris-weiss"}))
    actors = small.actors.copy()
    catalog = nk.load_actors().extended(merged)
    changes = catalog.diff(small)
    assert changes.dtypes.astype("str").to_dict() == {c.name: c.dtype for c in RESULTS["ActorCatalog.diff"]}
    counts = actors.set_index("actor_id")
    anna, boris = counts.loc["anna-novak"], counts.loc["boris-weiss"]
    assert changes.set_index("actor_id")[["before", "after", "change"]].to_dict("index") == {
        "anna-novak": {"before": anna["n_mentions"], "after": 0, "change": -anna["n_mentions"]},
        "boris-weiss": {
            "before": boris["n_mentions"],
            "after": boris["n_mentions"] + anna["n_mentions"],
            "change": anna["n_mentions"],
        },
    }
    assert changes["actor"].tolist() == ["Anna Novak", "Boris Weiss"]
    assert changes["articles_before"].tolist() == [anna["n_articles"], boris["n_articles"]]
    assert changes["articles_after"].tolist() == [0, 6]
    assert small.actors.equals(actors), "the corpus is as it was"


def test_diff_puts_the_largest_change_first_and_leaves_out_what_stays(small: nk.Corpus) -> None:
    changes = nk.ActorCatalog([]).diff(small)
    sizes = changes["change"].abs().tolist()
    assert len(sizes) > 1
    assert sizes == sorted(sizes, reverse=True)
    assert 0 not in sizes
    assert nk.load_actors().diff(small).empty
