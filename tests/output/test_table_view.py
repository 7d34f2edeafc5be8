"""Tables for notebooks."""

from __future__ import annotations

import json
import re
from pathlib import Path

import docx
import pandas as pd
import pytest
from spacy.language import Language

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


@pytest.fixture(scope="module")
def reports(nlp: Language) -> nk.Corpus:
    texts = [
        'Moscow rejected the plan of NATO. "The plan is terrible," said Anna Novak.',
        "NATO praised Anna Novak. Anna Novak met NATO again, and Moscow laughed.",
    ]
    return nk.annotate([nk.Article(f"a{i}", texts[i % 2], outlet="AB"[i % 3 == 0]) for i in range(18)], nlp=nlp)


def test_a_summary_is_shown_as_in_a_paper(reports: nk.Corpus) -> None:
    table = nk.actor_frequency(reports, by="outlet")
    view = nk.format_table(table, title="Table 1", notes="A note of my own.")
    lines = view.text.splitlines()
    first = table.iloc[0]
    assert lines[0] == "Table 1"
    assert lines[1].split() == "outlet actor n mentions n sentences n articles share [95 %]".split()  # noqa: SIM905
    assert f"{first['share']:.2f} [{first['low']:.2f}, {first['high']:.2f}]" in lines[2]
    notes = ["In brackets: 95 % intervals, bootstrap over articles.", "Not validated on this corpus."]
    assert [*notes, "A note of my own."] == [line for line in lines[2 + len(table) :] if not line.startswith("Without")]
    tone = nk.format_table(nk.stance_summary(reports)).text
    headings = tone.splitlines()[0].replace(" [95 %]", "").split()
    assert headings == ["target", "n", "n", "articles", "mean", "negative", "positive"]
    assert "Tone from -1 to 1, by the tone model." in tone
    chosen = nk.format_table(table, columns=["actor_id", "low"])
    assert chosen.text.splitlines()[0].split() == ["actor", "id", "low"], "columns that are asked for come as they are"


def test_differences_are_shown_with_their_p_values(reports: nk.Corpus) -> None:
    table = nk.compare(reports, "mentions", between="outlet", min_n=2)
    text = nk.format_table(table.assign(p=1e-9)).text
    assert text.count("<0.001") == len(table)
    assert "Differences of share of mentions between values of outlet." in text
    assert "clustered by article" in text


def test_evidence_has_the_sentence_first(reports: nk.Corpus) -> None:
    for kind in ("mentions", "quotes", "stances"):
        view = nk.format_table(reports.evidence(kind).head(3))
        headings = re.findall(r"<th>(.*?)</th>", view.html)
        assert headings[:2] == ["sentence", "text"], kind
        assert headings[-1] == "article id"
        assert not {"start", "mention id", "content start"} & {*headings}


def test_a_zero_has_no_sign() -> None:
    assert nk.format_table(pd.DataFrame({"mean": [-0.001, -0.2]})).text.split() == ["mean", "0.00", "-0.20"]


def test_a_table_is_saved_for_a_paper(reports: nk.Corpus, tmp_path: Path) -> None:
    table = nk.actor_frequency(reports).assign(actor=["50% & {x}_y", *nk.actor_frequency(reports)["actor"][1:]])
    view = nk.format_table(table, title="Actors & co")
    latex = view.save(tmp_path / "deep" / "t.tex").read_text(encoding="utf-8")
    assert r"50\% \& \{x\}\_y & " in latex
    assert r"\caption{Actors \& co}" in latex
    assert latex.count(r"\\") == len(table) + 1
    assert "actor & n mentions & n sentences & n articles & share {[}95 \\%] \\\\" in latex
    page = view.save(tmp_path / "t.html").read_text(encoding="utf-8")
    assert "50% &amp; {x}_y" in page
    document = docx.Document(str(view.save(tmp_path / "t.docx")))
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows[0][0] == "actor"
    assert [row[0] for row in rows[1:]] == table["actor"].tolist()
    assert next(p.text for p in document.paragraphs) == "Actors & co"
    assert "Not validated on this corpus." in [p.text for p in document.paragraphs]
    with pytest.raises(ValueError, match=r"end it in \.docx"):
        view.save(tmp_path / "t.pdf")
    nk.format_table(pd.DataFrame({"a\x00": ["b\ufffe"]})).save(tmp_path / "odd.docx")


def test_nothing_in_a_text_is_a_command_of_latex() -> None:
    latex = nk.format_table(pd.DataFrame({r"\input{x}": [r"\write18{rm} $x$ ^ ~ [1]"]})).latex
    body = latex[latex.index(r"\toprule") : latex.index(r"\bottomrule")]
    commands = set(re.findall(r"\\[a-zA-Z]+", body))
    assert commands == {r"\toprule", r"\midrule", r"\textbackslash", r"\textasciicircum", r"\textasciitilde"}


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
