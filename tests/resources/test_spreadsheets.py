from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newskit.resources.spreadsheets import as_text, cell_text, from_text, runs


@given(st.text(st.sampled_from("'=+-@ a\t\r1＝")))
@example("'=1")
@example("''")
def test_texts_come_back_and_none_runs(text: str) -> None:
    cell = as_text(text)
    assert from_text(cell) == text
    assert cell.lstrip()[:1] not in {"=", "+", "-", "@", "＝"}
    assert cell[:1] not in {"\t", "\r"} or not runs(cell)


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-5", "@SUM(A1)", "\t=1", "  =1", "\rx", "＝cmd"])
def test_what_would_run(text: str) -> None:
    assert as_text(text) == "'" + text


def test_what_a_cell_cannot_hold() -> None:
    assert cell_text("a\x00b\x0bc\nd") == "a b c\nd"
    assert len(cell_text("x" * 40_000)) == 32_767
