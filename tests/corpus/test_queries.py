"""Values that rows must have, alike in pandas and in SQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import newskit as nk
from newskit.corpus.queries import condition, matching, wanted

VALUES = st.one_of(
    st.none(),
    st.sampled_from(["russia", "name", "a1", "outlet", "", "2025"]),
    st.integers(-2, 60),
    st.floats(allow_nan=True, width=32),
    st.booleans(),
    st.just(pd.Timestamp(2025, 3, 1)),
)


@settings(max_examples=40)
@given(
    asked=st.dictionaries(
        st.sampled_from(["actor_id", "kind", "start", "entity_id", "article_id"]),
        st.one_of(VALUES, st.lists(VALUES, max_size=4)),
        max_size=2,
    )
)
def test_any_value_is_looked_up_alike_in_memory_and_on_disk(
    asked: dict[str, Any], stored: nk.Corpus, whole: nk.Corpus
) -> None:
    pd.testing.assert_frame_equal(stored.table("mentions", **asked), whole.table("mentions", **asked))


def test_what_is_wanted() -> None:
    frame = pd.DataFrame({"name": pd.array(["a", None, "b"], dtype="str"), "n": [1, 2, 3]})
    assert matching(frame, {"name": ["a", None]})["n"].tolist() == [1, 2]
    assert matching(frame, {"name": None})["n"].tolist() == [2]
    assert matching(frame, {"name": 1})["n"].tolist() == []
    assert matching(frame, {"n": [2.0, "3"]})["n"].tolist() == [2]
    assert matching(frame, {"name": []})["n"].tolist() == []
    assert condition("n", wanted([], "int64")) == ("false", [])
    assert condition("n", wanted([1, None], "int64")) == ('("n" in (?) or "n" is null)', [1])


@pytest.mark.parametrize("kind", [list, tuple, set, frozenset, pd.Series, pd.Index])
def test_several_values_come_in_any_container(kind: Callable[[list[str]], Any]) -> None:
    assert sorted(wanted(kind(["a", "b"]), "str").values) == ["a", "b"]
    assert not wanted(kind(["a", "b"]), "str").missing


def test_a_column_is_asked_for_what_it_can_hold() -> None:
    moment = pd.Timestamp(2025, 3, 1)
    assert (
        wanted([moment, "2025-03-01", "no date", moment.tz_localize("UTC")], "datetime64[us]").values
        == [moment.to_pydatetime()] * 2
    )
    assert wanted([1, "1", 2.5, None, float("nan")], "Int64") == ([1, 2.5], True)
    assert wanted([1, "1", None], "str") == (["1"], True)
    assert wanted([pd.NaT], "datetime64[us]") == ([], True)
