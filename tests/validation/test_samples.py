from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import newskit as nk


def test_a_sample_is_the_same_after_saving(debates: nk.Corpus, tmp_path: Path) -> None:
    sample = nk.draw_sample(debates, "stances", n=20, by=["outlet", "month"], allocation="neyman")
    again = nk.load_sample(sample.save(tmp_path / "new" / "sample.json"))
    pd.testing.assert_frame_equal(again.rows, sample.rows)
    pd.testing.assert_frame_equal(again.predictions, sample.predictions)
    assert (again.variables, again.design, again.codebook) == (sample.variables, sample.design, sample.codebook)
    assert again.id == sample.id


def test_what_is_no_sample_is_refused(debates: nk.Corpus, tmp_path: Path) -> None:
    path = nk.draw_sample(debates, "stances", n=5).save(tmp_path / "sample.json")
    told = json.loads(path.read_text(encoding="utf-8"))
    told["design"]["seed"] = 7
    path.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(nk.errors.SampleError, match="was changed since it was saved"):
        nk.load_sample(path)
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(nk.errors.SampleError, match="is no sample"):
        nk.load_sample(path)
    with pytest.raises(nk.errors.SampleError, match="cannot be read"):
        nk.load_sample(tmp_path / "nowhere.json")
