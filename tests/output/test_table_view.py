"""Tables for notebooks."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

import newskit as nk
from tests.conftest import ROOT

LIVE = "<img src=x onerror=alert(1)>"


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame({"text": [LIVE]}),
        pd.DataFrame({LIVE: [1]}),
        pd.DataFrame({"n": [1]}, index=pd.Index([LIVE], name=LIVE)),
        pd.DataFrame({"cells": [[LIVE]], "more": [{LIVE: LIVE}]}),
        pd.DataFrame({("a", LIVE): [1], (LIVE, "b"): [2]}),
        pd.Series([LIVE], name=LIVE).value_counts(),
        pd.DataFrame({"a": [LIVE], "b": [LIVE], "n": [1]}).pivot_table(index=["a", "b"], values="n"),
    ],
)
def test_texts_are_shown_and_never_run(table: pd.DataFrame) -> None:
    html = nk.format_table(table).html
    assert "<img" not in html
    assert "&lt;img src=x" in html


def test_evidence_of_a_hostile_article_is_safe_in_a_notebook(nlp: object) -> None:
    article = nk.Article("a", f"Moscow {LIVE} rejected the terrible plan.", title=LIVE, outlet=LIVE)
    corpus = nk.annotate(article, nlp=nlp)  # type: ignore[arg-type]
    for table in (corpus.evidence("stances"), corpus.articles, nk.stance_summary(corpus, by="outlet")):
        assert "<img" not in nk.format_table(table)._repr_html_()
    assert "<img" not in nk.format_table(corpus.articles, labels={"text": LIVE}).html


def test_numbers_are_rounded_and_what_is_missing_is_a_dash() -> None:
    table = pd.DataFrame(
        {
            "n_mentions": [12],
            "share": [1 / 3],
            "low": [float("nan")],
            "outlet": [None],
            "published": [pd.Timestamp("2025-10-17")],
        }
    )
    view = nk.format_table(table, digits=3, labels={"low": "95 % from"})
    assert str(view).split() == "n mentions share 95 % from outlet published 12 0.333 – – 2025-10-17".split()  # noqa: SIM905
    assert "<td>0.333</td>" in view.html
    assert nk.format_table(table, columns=["share"]).text.split() == ["share", "0.33"]


def test_an_index_is_shown_if_it_says_something() -> None:
    plain = pd.DataFrame({"n": [1, 2]}, index=[7, 3])
    assert nk.format_table(plain).text.split() == ["n", "1", "2"]
    named = plain.rename_axis("sentence_id")
    assert nk.format_table(named).text.split() == ["sentence", "id", "n", "7", "1", "3", "2"]
    assert "outlet" in nk.format_table(plain.set_axis(["outlet", "voice"])).text


def test_long_tables_and_texts_are_cut_and_say_so() -> None:
    view = nk.format_table(pd.DataFrame({"text": ["x" * 5000] * 300}), max_rows=3)
    assert "… 297 more rows" in view.html
    assert "297 more rows" in view.text
    assert len(view.html) < 5000
    assert "x…" in view.html
    assert nk.format_table(pd.DataFrame({"a": []})).html.count("<tr") == 1


def test_control_characters_stay_out_of_a_terminal() -> None:
    assert "\x1b" not in repr(nk.format_table(pd.DataFrame({"a\x1b[2J": ["b\x1b]0;x\x07"]})))


def test_mistakes_are_answered() -> None:
    table = pd.DataFrame({"n_mentions": [1]})
    with pytest.raises(ValueError, match="did you mean 'n_mentions'"):
        nk.format_table(table, columns=["n_mention"])
    with pytest.raises(TypeError, match="takes a table, got str"):
        nk.format_table("n_mentions")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="0 or more"):
        nk.format_table(table, digits=-1)


def test_no_notebook_puts_text_into_the_page_by_itself() -> None:
    for notebook in (ROOT / "notebooks").glob("*.ipynb"):
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        assert not re.search(r"\.style\b|\bHTML\(", code), notebook.name
