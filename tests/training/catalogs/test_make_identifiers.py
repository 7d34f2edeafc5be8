"""Rows of identifiers: names that mean one alone, and terms in office."""

from __future__ import annotations

from pathlib import Path

from training.catalogs.make_identifiers import names_of, offices, people


def test_forms_of_a_name() -> None:
    name = {"first": "Robert", "last": "Roe", "nickname": "Bob", "official_full": "Robert J. Roe"}
    assert names_of(name) == ["Robert Roe", "Bob Roe", "Robert J. Roe"]
    assert names_of({"first": "J.", "last": "Roe", "official_full": "J. R. Roe"}) == ["J. R. Roe"]


def test_terms_that_follow_each_other_are_one() -> None:
    terms = [
        {"type": "rep", "state": "WA", "start": "1993-01-05", "end": "1995-01-03"},
        {"type": "rep", "state": "WA", "start": "1995-01-04", "end": "1997-01-03"},
        {"type": "sen", "state": "WA", "start": "2001-01-03", "end": "2007-01-03"},
    ]
    assert offices(terms) == "representative WA 1993-01-05/1997-01-03; senator WA 2001-01-03/2007-01-03"


def test_namesakes_are_left_out(tmp_path: Path) -> None:
    person = "- id: {{bioguide: {0}, wikidata: Q{0}}}\n  name: {{first: {1}, last: Roe}}\n  terms:\n" + (
        "  - {{type: sen, state: WA, start: '2001-01-03', end: '{2}-01-03', party: Democrat}}\n"
    )
    file = tmp_path / "people.yaml"
    told = [("1", "Ann", "2007"), ("2", "Ann", "2009"), ("3", "Bea", "2007"), ("4", "Cid", "1950")]
    file.write_text("".join(person.format(*one) for one in told), encoding="utf-8")
    assert [(row.name, row.wikidata, row.party) for row in people([file])] == [("Bea Roe", "Q3", "Democratic Party")]
