"""Wikidata items, parties and countries of actors: who is identified, and who is left alone."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

import newskit as nk
from newskit.annotation.actors.identifiers import Identifiers, identify
from newskit.corpus.linking import link
from newskit.corpus.tables import FrameTables
from tests.corpus.byhand import rows

REPUBLICAN = Identifiers("Q22212", "Republican Party", "USA")
NOBODY = Identifiers()


@pytest.mark.parametrize(
    ("name", "titles", "until", "found"),
    [
        ("Lindsey Graham", ["Sen."], None, REPUBLICAN),
        ("Lindsey Graham", ["the South Carolina senator"], date(2018, 5, 1), REPUBLICAN),
        ("Lindsey Graham", ["actress"], None, NOBODY),
        ("Lindsey Graham", [], None, NOBODY),
        ("Lindsey Graham", ["Sen."], date(1990, 5, 1), NOBODY),
        ("Graham", ["Sen."], None, NOBODY),
    ],
    ids=["title", "office in words", "another trade", "no title", "before the office", "surname"],
)
def test_members_of_congress_need_a_title(name: str, titles: list[str], until: date | None, found: Identifiers) -> None:
    assert identify("x", [name], "person", titles, until) == found


def test_presidents_are_known_by_name() -> None:
    assert identify("barack-obama", ["Barack Obama"], "person", []).wikidata == "Q76"


def test_names_of_one_kind_identify_no_other() -> None:
    party = identify("x", ["Party of Regions"], "organization", [])
    assert (party.wikidata, party.country) == ("Q4266", "UKR")
    assert identify("x", ["Party of Regions"], "person", []) == NOBODY
    assert identify("x", ["Barack Obama"], "organization", []) == NOBODY
    assert identify("x", ["Socialist Party"], "organization", []) == NOBODY, "many countries have one"


def test_states_and_parties_of_the_catalogue_have_a_country() -> None:
    actors = nk.load_actors().actors.values()
    bare = [a.actor_id for a in actors if a.type == "state" and not identify(a.actor_id, [], "state", []).country]
    assert bare == []
    assert identify("likud", [], "party", []) == Identifiers("Q187009", "", "ISR")


def corpus_of(path: Path, extra: str) -> nk.Corpus:
    path.write_text('catalog = { extends = "world" }\n' + extra, encoding="utf-8")
    catalog = nk.load_actors(path)
    mentions = [
        {"article_id": "a", "mention_id": 0, "name": "Lindsey Graham", "text": "Lindsey Graham", "kind": "name"},
        {"article_id": "a", "mention_id": 1, "name": "Lindsey Graham", "text": "Sen.", "kind": "apposition"},
    ]
    tables = {
        "mentions": rows("mentions", *({**row, "name_type": "person"} for row in mentions)),
        "articles": rows("articles", {"article_id": "a", "published": datetime(2015, 3, 1)}),
    }
    return nk.Corpus(link(FrameTables(tables), catalog), catalog=catalog)


@pytest.mark.parametrize(
    ("extra", "found"),
    [
        ('[[ignore]]\nactors = ["zz"]\n', list(REPUBLICAN)),
        ('[wikidata]\nlindsey-graham = "Q1"\n', ["Q1", *REPUBLICAN[1:]]),
        (
            '[[actor]]\nid = "lg"\nlabel = "Graham"\ntype = "person"\naliases = ["Lindsey Graham"]\n'
            'party = "Whigs"\ncountry = "GBR"\n',
            [None, "Whigs", "GBR"],
        ),
    ],
    ids=["shipped", "a correction", "an actor of one's own"],
)
def test_the_table_of_actors_has_what_is_known(tmp_path: Path, extra: str, found: list[str | None]) -> None:
    actors = corpus_of(tmp_path / "mine.toml", extra).actors
    told = actors[["wikidata", "party", "country"]].astype(object).where(lambda table: table.notna(), None)
    assert told.iloc[0].tolist() == found
