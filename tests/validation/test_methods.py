from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest

import newskit as nk
from newskit.validation.methods import MethodsText
from tests.corpus.byhand import debate, in_memory
from tests.validation.test_analysis import answers, coded


@pytest.fixture(scope="module")
def codings(debates: nk.Corpus) -> nk.Codings:
    """Sixty rows by one coder, fifteen by a second who sees one tone differently, one row settled."""
    sample = nk.draw_sample(debates, "stances", n=60, by="outlet", allocation="equal", seed=8, target_id="russia")
    said = sample.predictions[["tone", "speaks"] if "speaks" in sample.predictions else ["tone", "voice"]]
    long = said.rename_axis("row_id").reset_index().melt("row_id", var_name="variable", value_name="code")
    second = long[long["row_id"].isin(sample.rows.loc[sample.rows["second"], "row_id"])].copy()
    at = second.index[second["variable"] == "tone"][0]
    second.loc[at, "code"] = "positive" if second.loc[at, "code"] != "positive" else "negative"
    settled = second.loc[[at]]
    return nk.load_codings(
        [long.assign(coder="ann"), second.assign(coder="ben", unsure="yes"), settled.assign(coder="settled")],
        sample=sample,
    )


@pytest.fixture(scope="module")
def text(debates: nk.Corpus, codings: nk.Codings) -> MethodsText:
    return nk.methods_text(debates, codings)


def test_it_says_what_happened(debates: nk.Corpus, codings: nk.Codings, text: MethodsText) -> None:
    design = codings.sample.design
    n = len(codings.sample.rows)
    for said in (
        "The corpus has 38 articles of 2 outlets, published from 2025-01-28 to 2025-04-28.",
        "Of 40 articles that came in, 1 was skipped and 1 could not be read or annotated.",
        f"{n} of {design['population']} observations of an actor in a sentence in one voice (actor: Russia) were drawn",
        "stratified by outlet (3 strata), with as many rows in each group.",
        f"The seed was 8; the sample has the id {codings.sample.id}.",
        f"Two coders together coded all {n} of them by the codebook “tone toward a target” (version",
        f"{codings.sample.rows['second'].sum()} rows were coded by more than one coder independently.",
        "Disagreements on 1 row were settled by a further look.",
        "unsure.",
        "(Krippendorff 2019) was",
        "prediction-powered inference",
        "clustered by article.",
    ):
        assert said in text.markdown, said
    assert f"They coded {n} and {codings.sample.rows['second'].sum()} rows; " in text.markdown
    alpha = nk.agreement(codings, coders=["ann", "ben"]).iloc[0]
    assert f"{alpha['alpha']:.2f}" in text.markdown
    right = nk.accuracy(debates, codings).scores.set_index("code").loc["all"].iloc[0]
    assert f"On tone, the software agreed with the coders in a share of {right['precision']:.2f} [" in text.markdown
    assert "precision and recall were: negative" in text.markdown
    assert "[@" not in text.markdown
    assert str(text) == text.markdown == text._repr_markdown_()


def test_latex_cites_what_the_bibliography_has(text: MethodsText) -> None:
    cited = {key for keys in re.findall(r"\\citep\{([^}]+)\}", text.latex) for key in keys.split(",")}
    entries = set(re.findall(r"^@\w+\{(\w+),$", text.bibtex, re.MULTILINE))
    assert cited == entries
    assert {"newskit", "krippendorff2019", "angelopoulos2023", "egami2023", "horvitz1952"} <= entries
    assert text.bibtex.count("{") == text.bibtex.count("}")
    assert f"version = {{{nk.__version__}}}" in text.bibtex
    assert not re.search(r"(?<!\\)[%&#$]", text.latex)
    assert "``tone toward a target''" in text.latex


@pytest.mark.parametrize("value", ["a_b & 100 % of {C}", "\\input{x}", "[@nobody]", "~^#"])
def test_odd_names_do_not_run(debates: nk.Corpus, value: str) -> None:
    articles = debates.articles.assign(outlet=value)
    corpus = debates.with_tables(articles=articles)
    text = nk.methods_text(corpus, coded(corpus, n=20, outlet=value))
    assert value.replace("[@", "[ @") in text.markdown
    assert "\\input" not in text.latex
    assert not re.search(r"(?<!\\)[%&#$_]", text.latex)


def test_without_codings_it_says_so(debates: nk.Corpus) -> None:
    text = nk.methods_text(debates)
    assert "not validated on this corpus" in text.markdown
    assert "Estimates are corrected" not in text.markdown


def test_one_coder_neyman_and_lost_rows(debates: nk.Corpus) -> None:
    codings = coded(debates, "frames", n=50, codebook="words")
    fewer = debates.select(
        [one for one in debates.articles["article_id"] if one != codings.sample.rows["article_id"][0]]
    )
    text = nk.methods_text(fewer, codings).markdown
    assert "stratified by whether there is a frame (2 strata), with more rows where the model was less certain" in text
    assert re.search(r"Inclusion probabilities are from 0\.\d{3} to \d\.\d{3}\.", text)
    assert "One coder coded all 50 of them" in text
    assert "No row was coded by two coders" in text
    lost = len(codings.lost(fewer))
    assert lost > 0
    assert "On attack, the software agreed" in text
    assert "precision and recall were: yes" in text
    assert f"{lost} row{'s' if lost > 1 else ''} of the sample did not hold for the corpus" in text


def test_what_a_manifest_tells(debates: nk.Corpus) -> None:
    notes: dict[str, Any] = {
        "versions": {"newskit": "9.9.9", "spacy": "3.8.0"},
        "model": {"name": "en_small", "version": "3.8.0"},
        "tone": {"name": "tone-en", "version": "1.4.0"},
        "catalog": {"name": "world", "version": "2.0.0"},
        "codebooks": {"news_frames": {"version": "1.0.0", "frames": {}}, "mine": {"version": "0.1.0", "frames": {}}},
    }
    corpus = nk.Corpus(debates.tables, manifest=notes)
    text = nk.methods_text(corpus)
    for said in (
        "annotated with newskit 9.9.9 (The newskit authors) and spaCy 3.8.0, model en_small 3.8.0 (Honnibal et al.",
        "Tone toward actors is that of the model tone-en 1.4.0.",
        "Actors were linked by the catalogue world 2.0.0.",
        "Frames were coded with the codebooks news_frames 1.0.0 and mine 0.1.0.",
    ):
        assert said in text.markdown, said
    assert "version = {9.9.9}" in text.bibtex


def test_a_corpus_without_dates_and_outlets() -> None:
    corpus = in_memory([one for one in debate(3) if isinstance(one, nk.Article)])
    articles = corpus.articles.assign(
        outlet=pd.array([None] * len(corpus.articles), dtype="str"), published=None, status="annotated"
    )
    text = nk.methods_text(corpus.with_tables(articles=articles)).markdown
    assert text.startswith(f"The corpus has {len(articles)} articles. It was annotated")


def test_without_tone_nothing_is_judged(debates: nk.Corpus) -> None:
    sample = nk.draw_sample(debates, "stances", n=20)
    codings = answers(sample, sample.predictions[["target_ok"]])
    assert "software agreed" not in nk.methods_text(debates, codings).markdown


def some_coded(corpus: nk.Corpus, n: int, *, unit: str = "stances", target_ok: str = "yes", **options: Any) -> str:
    """The text with the first n rows coded."""
    sample = nk.draw_sample(corpus, unit, n=30, **options)
    codes = sample.predictions[[one.name for one in sample.variables if one.name in sample.predictions]].head(n)
    codes = codes.assign(target_ok=target_ok) if unit == "stances" else codes
    return nk.methods_text(corpus, answers(sample, codes)).markdown


def test_no_correction_is_claimed_that_no_summary_makes(debates: nk.Corpus) -> None:
    sample = nk.draw_sample(debates, "stances", n=30)
    everything = coded(debates, n=30)
    uncoded = nk.methods_text(debates, nk.Codings(sample, everything.table.head(0))).markdown
    only = answers(sample, pd.DataFrame({"target_ok": "no"}, index=sample.predictions.index))
    for text, said in (
        (uncoded, "No row of the sample was coded, so that the measures are not validated"),
        (some_coded(debates, 4), "Only 4 rows have a coded tone toward the actor: too few"),
        (some_coded(debates, 30, target_ok="no"), "No row has a coded tone toward the actor: too few"),
        (nk.methods_text(debates, only).markdown, "No row has a coded tone toward the actor: too few"),
        (some_coded(debates, 30, unit="quotes"), "The numbers of quotations are those of the software; they are not"),
    ):
        assert said in text
        assert "Estimates are corrected" not in text
    assert "hese shares" not in some_coded(debates, 30, target_ok="no")
    assert "variables: )" not in uncoded
    for text in (some_coded(debates, 5), some_coded(debates, 30, unit="mentions")):
        assert "Estimates are corrected with these codings in groups with at least five coded rows" in text


def test_a_census_is_not_drawn_and_has_no_intervals(debates: nk.Corpus) -> None:
    codings = coded(debates, n=10**6)
    n = len(codings.sample.rows)
    text = nk.methods_text(debates, codings).markdown
    assert f"in one voice were taken for coding (N = {n}), so that nothing was drawn at random" in text
    assert f"One coder coded all {n} of them" in text
    assert "All rows were coded, so that there are no intervals." in text
    assert not re.search(r"\d \[\d", text)


def test_one_of_each_is_in_the_singular(debates: nk.Corpus) -> None:
    codings = coded(debates, n=1, min_per_stratum=1)
    text = nk.methods_text(debates, codings).markdown
    assert "in one voice was drawn at random" in text
    assert "One coder coded it by" in text
    articles = debates.articles[debates.articles["status"] == "annotated"].head(1).assign(status="skipped")
    assert "Of 1 article that came in, 1 was" in nk.methods_text(debates.with_tables(articles=articles)).markdown
    same = debates.articles.assign(published=pd.Timestamp("2031-02-03"))
    assert ", published on 2031-02-03." in nk.methods_text(debates.with_tables(articles=same)).markdown


def test_variables_are_in_words(debates: nk.Corpus) -> None:
    text = some_coded(debates, 30, unit="mentions")
    assert "(variable: whether the passage is about the actor)" in text
    assert "On whether the passage is about the actor, the software agreed" in text
