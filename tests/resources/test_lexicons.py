"""The word lists."""

from __future__ import annotations

import tomllib

from newskit.resources.lexicons import titles
from tests.conftest import ROOT


def test_titles_have_no_duplicates() -> None:
    data = tomllib.loads((ROOT / "newskit/resources/lexicons/titles.toml").read_text())
    assert sum(map(len, data.values())) == len(titles())
