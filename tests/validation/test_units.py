from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

import newskit as nk
from newskit.validation.unit_queries import Asked
from newskit.validation.units import population, row_id

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
KEY = st.tuples(st.sampled_from(["stances", "quotes"]), TEXT, st.integers(0, 99), st.integers(0, 99), TEXT, TEXT)


@given(KEY, KEY)
def test_one_id_per_place(one: tuple[str, str, int, int, str, str], two: tuple[str, str, int, int, str, str]) -> None:
    assert (row_id(*one) == row_id(*two)) == (one == two)


def test_the_database_hashes_as_python_does(debates: nk.Corpus) -> None:
    texts = debates.articles.set_index("article_id")["text"]
    for unit in population(debates, Asked("stances")).frame().to_dict("records"):
        text = texts[unit["article_id"]][unit["start"] : unit["end"]]
        assert unit["row_id"] == row_id("stances", unit["article_id"], unit["start"], unit["end"], text)
