"""Ids are given once."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from newskit.reading.article import Article, Refused
from newskit.reading.ledger import Ledger
from tests.reading.layouts import BODIES
from tests.reading.scans import scan


def test_the_same_id_with_another_text_is_no_reason_to_lose_it(tmp_path: Path) -> None:
    pd.DataFrame({"id": [1, 2], "text": BODIES[:2]}).to_csv(tmp_path / "a.csv", index=False)
    pd.DataFrame({"id": [1, 2], "text": BODIES[1:]}).to_csv(tmp_path / "b.csv", index=False)
    articles, refused, report = scan(tmp_path)
    assert [a.text for a in articles] == [BODIES[0], BODIES[1], BODIES[1], BODIES[2]]
    assert not refused
    assert articles[0].article_id == "1"
    assert report.totals()["renumbered"] == 2
    assert report.totals()["duplicates"] == 1


def test_no_two_items_have_one_id_however_often_it_comes() -> None:
    ledger = Ledger(report=None)
    note = ledger.begin("a.csv")
    texts = ["one", "two", "three", "two", "one"]
    items = [ledger.admit(note, Article("same", text)) for text in texts] + [ledger.refuse(note, "same", "one")]
    assert [item.article_id for item in items[:3]] == ["same", "a.csv#2", "a.csv#3"]
    assert [type(item) for item in items] == [Article] * 3 + [Refused] * 3
    assert len({item.article_id for item in items[:5]}) == 5
    assert "same id, 'same'" in items[3].reason  # type: ignore[union-attr]
    assert note.renumbered == 2
    assert note.found == 6


def test_a_place_that_is_an_id_already_is_given_once() -> None:
    ledger = Ledger(report=None)
    note = ledger.begin("a.csv")
    ids = [ledger.admit(note, Article(name, text)).article_id for name, text in (("x", "1"), ("x", "2"), ("x", "3"))]
    later = ledger.admit(ledger.begin("b.csv"), Article("a.csv#2", "4"))
    assert ids == ["x", "a.csv#2", "a.csv#3"]
    assert later.article_id == "b.csv#1"


def test_what_cannot_be_read_has_a_free_id_too() -> None:
    ledger = Ledger(report=None)
    ledger.admit(ledger.begin("a.txt"), Article("name", "text"))
    refused = ledger.refuse(ledger.begin("folder/name.txt"), "name", "the file is empty")
    assert refused.article_id == "folder/name.txt#1"
    assert (refused.path, refused.place) == ("folder/name.txt", "")
