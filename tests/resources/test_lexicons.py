"""The word lists."""

from __future__ import annotations

import tomllib

from newskit.resources.lexicons import titles
from tests.conftest import ROOT


def test_titles_have_no_duplicates() -> None:
    data = tomllib.loads((ROOT / "newskit/resources/lexicons/titles.toml").read_text())
    of_rank = data.pop("of_rank")
    assert sum(map(len, data.values())) == len(titles())
    assert len(set(of_rank)) == len(of_rank)
    assert set(of_rank) <= titles().keys()
