"""What the tests of the room share: articles that are quickly annotated, and how corpora are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import newskit as nk
from newskit.corpus.tables import ParquetTables
from newskit.schema import TABLES

SAID = ["praised the excellent plan", "condemned the terrible attack", "rejected the offer", "left"]
WHO = ["Anna Novak", "Boris Weiss", "Clara Weiss", "Novak", "Moscow"]


def articles(n: int = 9) -> list[nk.Article]:
    """Short articles that share names, among them one that is empty and one in German."""
    found = [
        nk.Article(
            article_id=f"a{i}",
            text=f'{WHO[i % 5]} {SAID[i % 4]}. "We lose," said {WHO[(i + 2) % 5]}. President Anna Novak met Russia.',
            outlet="Daily Example" if i % 2 else "Evening Example",
            published=pd.Timestamp(2025, 1 + i % 12, 1).to_pydatetime(),
        )
        for i in range(n)
    ]
    if n > 4:
        found[2] = nk.Article(article_id="empty", text=" ")
        found[4] = replace(found[4], language="de")
    return found


def assert_same(one: nk.Corpus, other: nk.Corpus) -> None:
    for table in TABLES:
        pd.testing.assert_frame_equal(getattr(one, table), getattr(other, table), obj=table)
    assert one.manifest == other.manifest


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tables that are read from files as wholes from now on, in order."""
    found: list[str] = []
    rows = ParquetTables.rows

    def noted(self: ParquetTables, table: str, columns: Sequence[str], where: Mapping[str, object]) -> pd.DataFrame:
        if not where and table not in self._instead:
            found.append(table)
        return rows(self, table, columns, where)

    monkeypatch.setattr(ParquetTables, "rows", noted)
    return found
