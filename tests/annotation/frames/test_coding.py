"""code_frames: by terms, by meaning, and what it refuses."""

from __future__ import annotations

import pytest

import newskit as nk
from tests.annotation.frames.samples import book


def test_bad_calls() -> None:
    with pytest.raises(TypeError, match="pass a list"):
        nk.code_frames("one text", "news_frames")
    with pytest.raises(ValueError, match="not one of lexicon, definition, embedding"):
        nk.code_frames([], "news_frames", method="guess")  # type: ignore[arg-type]
    assert nk.code_frames([], "news_frames") == []


def test_by_meaning() -> None:
    coded = nk.code_frames(
        ["Inflation and layoffs hit household budgets.", "The cat sat on the mat."], "news_frames", method="embedding"
    )
    assert coded == [{"economic"}, set()]
    with pytest.raises(ValueError, match="no frame has examples"):
        nk.code_frames(["x"], book("war"), method="embedding")
