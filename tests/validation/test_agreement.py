"""Agreement: against published examples, by hand, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

import newskit as nk
from newskit.validation.codings import Codings, codings_table
from newskit.validation.coefficients import Sums, alpha, bootstrap, coefficients, counts_of
from newskit.validation.journal import Journal
from tests.validation import sheets

FOUR_CODERS = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""
"""Krippendorff (2011), Computing Krippendorff's alpha-reliability: four observers, twelve units, five values."""
TWELVE_SUBJECTS = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . .
. 3 3 3 2 3 4 2 2 5 1 3
1 2 3 3 2 4 4 1 2 5 1 .
"""
"""Gwet (2014), Handbook of inter-rater reliability (4th ed.): twelve subjects, four raters."""
TWO_CODERS = (["a"] * 25 + ["b"] * 25, ["a"] * 20 + ["b"] * 5 + ["a"] * 10 + ["b"] * 15)
"""25 rows are a for the first and 20 of them for the second; of the other 25 he calls 10 a."""


def ratings(text: str) -> np.ndarray:
    lines = [line.split() for line in text.strip().splitlines()]
    return np.array([[-1 if value == "." else int(value) - 1 for value in line] for line in lines]).T


def table(**codes: Sequence[str | None]) -> pd.DataFrame:
    """Codings of one variable, by coder."""
    lines = [(f"r{at}", coder, "tone", code) for coder, given in codes.items() for at, code in enumerate(given)]
    return pd.DataFrame(lines, columns=["row_id", "coder", "variable", "code"]).dropna()


def test_alpha_is_that_of_krippendorff() -> None:
    counts = counts_of(ratings(FOUR_CODERS), 5)
    assert [alpha(counts, "nominal"), alpha(counts, "ordinal"), alpha(counts, "interval")] == pytest.approx(
        [0.743, 0.815, 0.849], abs=5e-4
    )


def test_agreement_gives_the_published_coefficients() -> None:
    grid = ratings(FOUR_CODERS)
    coders = {f"c{at}": [None if v < 0 else str(v) for v in grid[:, at]] for at in range(4)}
    whole = nk.agreement(table(**coders), ordered={"tone": list("01234")}).iloc[0]
    assert (round(whole["alpha"], 3), round(whole["alpha_ordinal"], 3)) == (0.743, 0.815)
    assert (whole["n"], whole["n_given"]) == (11, 40)


def test_ac1_is_that_of_gwet() -> None:
    found = coefficients(ratings(TWELVE_SUBJECTS), 5, ordered=False)
    assert [found["ac1"], found["observed"]] == pytest.approx([0.77544, 0.81818], abs=1e-5)


def test_kappa_by_hand() -> None:
    """35 of 50 alike is 0.7; by chance 0.5 x 0.6 + 0.5 x 0.4 = 0.5."""
    first, second = TWO_CODERS
    row = nk.agreement(table(ann=first, ben=second)).iloc[0]
    assert (row["observed"], row["kappa"], row["n"], row["n_given"]) == (0.7, pytest.approx(0.4), 50, 100)
    assert (row["coders"], row["variable"]) == ("ann, ben", "tone")
    assert pd.isna(row["alpha_ordinal"])


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=2, max_size=40))
def test_kappa_is_that_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    grid = np.array(pairs)
    ours = coefficients(grid, 3, ordered=True)["kappa"]
    if len({*grid.ravel().tolist()}) > 1:
        assert ours == pytest.approx(cohen_kappa_score(grid[:, 0], grid[:, 1]))
    else:
        assert np.isnan(ours)


def test_kappa_of_three_coders_is_the_mean_over_pairs() -> None:
    grid = np.random.default_rng(0).integers(0, 3, (30, 3))
    pairs = [cohen_kappa_score(grid[:, a], grid[:, b]) for a, b in ((0, 1), (0, 2), (1, 2))]
    assert coefficients(grid, 3, ordered=False)["kappa"] == pytest.approx(np.mean(pairs))


@given(st.lists(st.tuples(*[st.integers(-1, 3)] * 3), min_size=2, max_size=30))
def test_alpha_of_the_bootstrap_is_that_of_the_library(rows: list[tuple[int, int, int]]) -> None:
    grid = np.array(rows)
    sums = Sums.of(grid, 4).added(np.ones((1, len(grid))))
    found, counts = sums.measures(ordered=True), counts_of(grid, 4)
    pairable = counts[counts.sum(axis=1) >= 2]
    if np.count_nonzero(pairable.sum(axis=0)) < 2:
        assert np.isnan([found["alpha"][0], found["alpha_ordinal"][0]]).all()
    else:
        assert found["alpha"][0] == pytest.approx(alpha(counts, "nominal"))
        assert found["alpha_ordinal"][0] == pytest.approx(alpha(counts, "ordinal"))


def test_each_code_is_compared_with_all_others() -> None:
    ann = ["negative"] * 8 + ["neutral"] * 20 + ["positive"] * 2
    ben = ["negative"] * 6 + ["neutral"] * 22 + ["positive"] * 2
    found = nk.agreement(table(ann=ann, ben=ben)).set_index("code")
    assert [*found.index[1:]] == ["negative", "neutral", "positive"]
    assert found.loc["negative", "kappa"] == pytest.approx(
        cohen_kappa_score(np.array(ann) == "negative", np.array(ben) == "negative")
    )
    assert found.loc["negative", "n_given"] == 14
    assert found[["kappa", "alpha", "ac1", "observed"]].to_numpy()[3].tolist() == [1, 1, 1, 1]
    low, value, high = found[["kappa_low", "kappa", "kappa_high"]].to_numpy()[1]
    assert low < value < high
    assert np.isnan(found[["kappa_low", "alpha_high"]].to_numpy()[3]).all(), (
        "given four times: too rare for an interval"
    )
    assert found["alpha_ordinal"].notna().tolist() == [True, False, False, False]


def test_without_disagreement_there_is_no_interval() -> None:
    row = nk.agreement(table(ann=["a", "b"] * 10, ben=["a", "b"] * 10)).iloc[0]
    assert (row["alpha"], row["kappa"], row["ac1"]) == (1, 1, 1)
    assert row[["alpha_low", "alpha_high", "kappa_low", "observed_low"]].isna().all()


def test_a_single_code_has_nothing_to_measure() -> None:
    row = nk.agreement(table(ann=["neutral"] * 9, ben=["neutral"] * 9)).iloc[0]
    assert row["observed"] == 1
    assert row[["alpha", "kappa", "ac1", "alpha_ordinal"]].isna().all()


def test_rows_of_one_article_are_resampled_together() -> None:
    """Disagreement in one article of ten is all or nothing: the interval is wider than over single rows."""
    rng = np.random.default_rng(1)
    ann = rng.choice(["a", "b"], 100)
    ben = np.where(np.arange(100) < 20, np.where(ann == "a", "b", "a"), ann)
    codings = table(ann=[*ann], ben=[*ben])
    article = (codings["row_id"].str[1:].astype(int) // 20).astype(str)
    widths = [
        found["observed_high"].iloc[0] - found["observed_low"].iloc[0]
        for found in (nk.agreement(codings), nk.agreement(codings.assign(article_id=article)))
    ]
    assert widths[1] > 2 * widths[0]


def test_the_interval_is_the_same_each_time_and_holds_the_estimate() -> None:
    grid = np.random.default_rng(2).integers(0, 2, (60, 2))
    first, again = (bootstrap(grid, np.arange(60), 2, ordered=False, seed=5) for _ in range(2))
    assert str(first) == str(again)
    for name, value in coefficients(grid, 2, ordered=False).items():
        if name != "alpha_ordinal":
            assert first[name][0] < value < first[name][1]


def test_settled_codes_are_no_coding_of_their_own() -> None:
    codings = table(ann=["a", "b", "a"], ben=["a", "a", "b"], settled=["a", "a", "a"])
    assert nk.agreement(codings)["coders"].iloc[0] == "ann, ben"
    assert nk.agreement(codings, coders=["settled", "ann"])["coders"].iloc[0] == "settled, ann"
    assert nk.disagreements(codings).empty


def test_disagreements_are_listed_unsure_ones_first() -> None:
    codings = table(ann=["a", "b", "a"], ben=["a", "a", "b"])
    codings["unsure"] = (codings["row_id"] == "r2") & (codings["coder"] == "ben")
    codings["note"] = codings["unsure"].map({True: "irony?", False: None})
    found = nk.disagreements(codings)
    assert found["row_id"].tolist() == ["r2", "r1"]
    assert found[["ann", "ben"]].to_numpy().tolist() == [["a", "b"], ["b", "a"]]
    assert found["unsure"].tolist() == [True, False]
    assert found["note"].tolist()[0] == "ben: irony?"
    assert [*nk.disagreements(table(ann=["a"], ben=["a"])).columns[-2:]] == ["ann", "ben"]


def test_codings_of_a_sample_know_newskit_articles_and_sentences(tmp_path: Path) -> None:
    drawn = sheets.sample(8)
    ann = ["negative", "neutral", "positive", "neutral", "negative", "neutral", "positive", "neutral"]
    for coder, codes in (("ann", ann), ("ben", ["neutral", None] * 4), ("settled", ["negative"])):
        journal = Journal(tmp_path / coder, drawn, coder)
        for row, code in zip(drawn.rows["row_id"], codes, strict=False):
            if code is not None:
                journal.add(row, "tone", code, unsure=row == "r004", note="irony?" if row == "r004" else "")
    codings = nk.load_codings([tmp_path / coder for coder in ("ann", "ben", "settled")], sample=drawn)
    people = nk.agreement(codings)
    assert people["coders"].unique().tolist() == ["ann, ben"]
    assert people["n"].unique().tolist() == [4]
    assert people["observed"].iloc[0] == 0
    assert people["alpha_low"].isna().all(), "the rows are from two articles"
    with_newskit = nk.agreement(codings, coders=["ann", "newskit"])
    assert with_newskit["observed"].iloc[0] == 0.5, "newskit calls all neutral"
    assert with_newskit["variable"].unique().tolist() == ["tone"], "nobody coded whether the target speaks"
    listed = nk.disagreements(codings)
    assert listed["row_id"].tolist() == ["r004", "r002", "r006"], "the unsure one first, without that which is settled"
    assert listed[["ann", "ben"]].to_numpy().tolist() == [["negative", "neutral"]] + [["positive", "neutral"]] * 2
    assert listed["note"].tolist()[0] == "ann: irony? · ben: irony?"
    assert listed["sentence"].iloc[0] == "Critics called Velmar careless with the harbour."


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda t: nk.agreement(t, coders=["ann", "cem"]), "no codings by 'cem'; there are those of ann, ben"),
        (lambda t: nk.agreement(t, coders=["ann"]), "needs two coders, got ann"),
        (lambda t: nk.agreement(t.drop(columns="code")), "no column 'code'"),
        (lambda t: nk.agreement(pd.concat([t, t.head(1)])), "ann coded 'tone' of row 'r0' twice"),
        (lambda t: nk.agreement(t, ordered={"tone": ["a"]}), r"leaves out 'b'"),
        (lambda t: nk.agreement(t, ordered={"tune": ["a", "b"]}), r"no variable 'tune' \(did you mean 'tone'\?\)"),
        (lambda t: nk.agreement(t, coders="ann"), "needs two coders, got ann; there are codings by ann, ben"),
        (lambda t: nk.agreement(t[t["coder"] == "cem"]), "nobody has coded a row yet"),
        (lambda t: nk.disagreements(t.replace({"ann": "note"})), "a coder is called 'note', as a column is"),
        (
            lambda t: nk.agreement(t[(t["coder"] == "ann") == (t["row_id"] == "r0")]),
            "no row was coded by two of ann, ben",
        ),
    ],
)
def test_what_is_refused(call: Callable[[pd.DataFrame], pd.DataFrame], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call(table(ann=["a", "b"], ben=["a", "b"]))


def test_nobody_has_coded_yet() -> None:
    drawn = sheets.sample(4)
    uncoded = Codings(drawn, codings_table([]))
    with pytest.raises(ValueError, match="nobody has coded a row yet"):
        nk.agreement(uncoded)


def test_rows_of_one_coder_alone_make_no_interval() -> None:
    """Three rows are compared; five more, coded by ann alone, are no reason for an interval."""
    row = nk.agreement(table(ann=["a", "b", "a", *"babab"], ben=["a", "a", "b"])).iloc[0]
    assert (row["n"], row["observed"]) == (3, pytest.approx(1 / 3))
    assert row[["observed_low", "alpha_low", "kappa_low", "ac1_low"]].isna().all()


def test_rows_of_one_coder_alone_change_no_interval() -> None:
    ann, ben = ["a", "b"] * 10, ["a", "b"] * 6 + ["b", "a"] * 4
    few, more = (nk.agreement(table(ann=[*ann, *rest], ben=ben)).iloc[0] for rest in ([], ["a"] * 70))
    names = [f"{name}_{end}" for name in ("observed", "alpha", "kappa") for end in ("low", "high")]
    assert few[names].notna().all()
    assert few[names].tolist() == more[names].tolist()


def test_a_further_code_on_a_row_of_one_coder_is_nothing_to_measure() -> None:
    row = nk.agreement(table(ann=["a"] * 6 + ["b"], ben=["a"] * 6)).iloc[0]
    assert row["observed"] == 1
    assert row[["alpha", "kappa", "ac1"]].isna().all()
