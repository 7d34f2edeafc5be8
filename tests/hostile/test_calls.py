"""Calls that go wrong easily: nothing is read unasked, and no number is made of none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import newskit as nk
from newskit.errors import ArticleError, CatalogError
from newskit.resources.onnx import softmax


@pytest.mark.parametrize("empty", ["", " ", "\t"])
def test_an_empty_path_is_not_the_current_folder(empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.txt").write_text("Envoy Tuva Lie left for Bergen on Friday.", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for call in (nk.read_article, nk.scan_articles, nk.import_report, nk.read_articles):
        with pytest.raises(ArticleError, match="the path is empty"):
            call(empty)
    assert [article.article_id for article in nk.read_articles(".")] == ["mine"]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_model_that_gives_no_number_decides_nothing(bad: float) -> None:
    with pytest.raises(ValueError, match="no number"):
        softmax(np.array([[0.1, 0.2, 0.3], [0.1, bad, 0.3]]))


def catalogue(path: Path, extends: str) -> None:
    path.write_text(
        f'[catalog]\nname = "{path.stem}"\nversion = "1.0.0"\nextends = {extends}\n\n'
        f'[[actor]]\nid = "{path.stem}"\nlabel = "{path.stem}"\ntype = "people"\naliases = ["{path.stem}ers"]\n',
        encoding="utf-8",
    )


def test_a_catalogue_that_extends_itself(tmp_path: Path) -> None:
    one, two, three = (tmp_path / f"{name}.toml" for name in ("one", "two", "three"))
    catalogue(one, f'"{one}"')
    with pytest.raises(CatalogError, match=r"one.toml:4: the catalogue extends itself \(one.toml → one.toml\)"):
        nk.load_actors(one)
    catalogue(one, f'"{two}"')
    catalogue(two, f'"{three}"')
    catalogue(three, f'"{two}"')
    with pytest.raises(CatalogError, match=r"extends itself \(two.toml → three.toml → two.toml\): take one"):
        nk.load_actors(one)
    catalogue(two, '["world"]')
    with pytest.raises(CatalogError, match=r"two.toml:4: extends is the name of one catalogue"):
        nk.load_actors(one)
    catalogue(two, '"world"')
    assert {"one", "two", "russia"} <= set(nk.load_actors(one).actors)
