"""Ids are given once."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

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
