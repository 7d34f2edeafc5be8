"""A finding under other choices, by hand: what each choice leaves out, and which conclusions flip."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import newskit as nk
from newskit.errors import CodingsError
from newskit.schema import LABELS
from newskit.validation.checking import Decision
from newskit.validation.codings import Codings, codings_table
from newskit.validation.units import row_id
from newskit.validation.variables import Variable
from tests.corpus import byhand
from tests.summaries import made

N = 12
"""Articles, of East and West in turn."""
VARIABLES = (Variable("tone", LABELS, "Which tone?"), Variable("target_ok", ("yes", "no"), "Is it the actor?"))


def corpus(told: list[dict[str, Any]] | None = None, *, stories: bool = False) -> nk.Corpus:
    """Two mentions of Ann in each article unless others are told: a name with 1 (East) or −0.5, a pronoun with 0."""
    articles = [
        {"article_id": f"a{i:02}", "outlet": ("East", "West")[i % 2], "status": "annotated", "text": "x" * 99}
        | ({"story_id": f"a{i // 4 * 4 + i % 2:02}"} if stories else {})
        for i in range(N)
    ]
    usual: list[dict[str, Any]] = [{"article": i, "score": (1.0, -0.5)[i % 2]} for i in range(N)]
    usual += [{"article": i, "sentence": 1, "score": 0.0, "kind": "pronoun"} for i in range(N)]
    rows: dict[str, Any] = {"mentions": [], "sentences": [], "stances": []}
    for number, one in enumerate(told if told is not None else usual):
        place = {"article_id": f"a{one['article']:02}", "sentence_id": one.get("sentence", 0)}
        span = {"start": number, "end": number + 1, "text": "x", "mention_id": number}
        rows["mentions"].append({**place, **span, "actor_id": "ann", "kind": one.get("kind", "name")})
        if place not in [{key: row[key] for key in place} for row in rows["sentences"]]:
            rows["sentences"].append({**place, "part": one.get("part", "body")})
        tone = {"target_id": "ann", "voice": one.get("voice", "outlet"), "score": one["score"], "label": "neutral"}
        rows["stances"].append({**place, **span, **tone, "method": one.get("method", "model")})
    return made.corpus(articles=articles, **rows)


def codings_of(corpus: nk.Corpus, codes: list[tuple[str, str]], **design: Any) -> Codings:
    """Codings of the first mention in each article: what newskit is asked there, and every row has probability 1."""
    first = corpus.stances.drop_duplicates("article_id")
    ids = [row_id("stances", *told) for told in first[["article_id", "start", "end", "text"]].itertuples(index=False)]
    rows = first[["article_id", "start", "end", "text", "target_id"]].assign(target="Ann", stratum=0, probability=1.0)
    rows = rows.assign(row_id=ids)
    design = {"unit": "stances", "method": None, "where": {}} | design
    sample = nk.Sample(rows, rows.set_index("row_id"), VARIABLES, design)
    told = [
        Decision(row, "cem", variable, code, unsure=False, note="", place="here")
        for row, codes_of_row in zip(ids, codes, strict=True)
        for variable, code in zip(("tone", "target_ok"), codes_of_row, strict=True)
    ]
    return Codings(sample, codings_table(told))


def test_each_choice_leaves_out_what_it_says() -> None:
    told: list[dict[str, Any]] = [
        {"article": 0, "score": 0.8, "part": "headline"},
        {"article": 0, "sentence": 1, "score": 0.4, "kind": "pronoun"},
        {"article": 1, "score": -0.2, "voice": "ann"},
        {"article": 1, "sentence": 1, "score": -0.6},
        {"article": 1, "sentence": 1, "score": 0.0, "kind": "pronoun"},
    ]
    table = nk.robustness(corpus(told), target="ann")
    assert len(table) == 2**4
    keys = ["headlines", "pronouns", "own_words", "min_score"]
    found = table.set_index(keys)[["estimate", "n"]].to_dict("index")

    def check(headlines: str, pronouns: str, own: str, least: float, *observations: float) -> None:
        row = found[headlines, pronouns, own, least]
        assert row == {"estimate": pytest.approx(np.mean(observations)), "n": len(observations)}

    check("with", "with", "with", 0.0, 0.8, 0.4, -0.2, -0.3)
    check("without", "with", "with", 0.0, 0.4, -0.2, -0.3)
    check("with", "without", "with", 0.0, 0.8, -0.2, -0.6)
    check("with", "with", "without", 0.0, 0.8, 0.4, -0.3)
    check("with", "with", "with", 0.5, 0.8, 0.0, 0.0, -0.3)
    check("without", "without", "without", 0.5, -0.6)
    assert table["estimate"].is_monotonic_increasing
    assert table["low"].isna().all(), "two articles are too few for an interval"
    assert (table["conclusion"] == "open").all()


def test_a_difference_is_the_first_group_less_the_second() -> None:
    table = nk.robustness(corpus(), target="ann", between="outlet")
    assert table["finding"].iloc[0] == "tone toward Ann, East less West"
    usual = table[table["usual"]].iloc[0]
    assert usual["estimate"] == pytest.approx((1 + 0) / 2 - (-0.5 + 0) / 2)
    assert (usual["n"], usual["n_articles"], usual["flips"]) == (24, 12, False)
    turned = nk.robustness(corpus(), target="ann", between="outlet", groups=["West", "East"])
    assert turned["estimate"].tolist() == pytest.approx([-value for value in reversed(table["estimate"].tolist())])
    assert {*turned["conclusion"]} == {"below 0"}


def test_the_usual_estimate_is_that_of_the_summary() -> None:
    one = corpus()
    table = nk.robustness(one, target="ann")
    assert table.loc[table["usual"], "estimate"].item() == pytest.approx(nk.stance_summary(one)["mean"].item())
    whole = {name: table[name].unique().tolist() for name in ("method", "count", "headlines", "own_words", "corrected")}
    assert whole == {
        "method": ["model"],
        "count": ["placements"],
        "headlines": ["with"],
        "own_words": ["with"],
        "corrected": ["no"],
    }


def test_a_conclusion_that_rests_on_one_choice_flips() -> None:
    """West is worse only by weak scores: with those taken as 0 nothing is left of it."""
    told = [{"article": i, "score": (0.3 + 0.01 * i, -0.3 - 0.01 * i)[i % 2]} for i in range(N)]
    table = nk.robustness(corpus(told), target="ann", between="outlet").set_index("min_score")
    assert table["conclusion"].to_dict() == {0.0: "above 0", 0.5: "open"}
    assert table["flips"].to_dict() == {0.0: False, 0.5: True}


def test_each_story_counts_once_in_each_group() -> None:
    table = nk.robustness(corpus(stories=True), target="ann", between="outlet", choices={"min_score": 0.0})
    by_count = table[table["pronouns"] == "with"].set_index("count")
    assert by_count["n"].to_dict() == {"placements": 24, "stories": 12}
    assert by_count.loc["stories", "n_articles"] == 6
    assert by_count["n_articles"].nunique() == 1, "stories are the clusters either way"


def test_other_methods_are_tried_but_not_who_judges_whom() -> None:
    told = [
        {"article": i, "sentence": 0, "score": score, "method": method}
        for i, (method, score) in product(range(N), [("model", 0.5), ("textblob", -0.5), ("directed", 1.0)])
    ]
    table = nk.robustness(corpus(told), target="ann", choices={"min_score": 0})
    assert table["estimate"].round(6).to_dict() == {0: -0.5, 1: 0.5}
    assert table.set_index("method")["usual"].to_dict() == {"textblob": False, "model": True}
    only = nk.robustness(corpus(told), target="ann", choices={"method": "textblob"})
    assert only.loc[only["usual"], "method"].tolist() == ["textblob"]


def test_codings_correct_what_the_model_says_by_any_method() -> None:
    """All rows are coded, so the corrected estimate is what coders say, whatever the model or its scores."""
    told: list[dict[str, Any]] = [{"article": i, "score": 0.9 - i / 100} for i in range(N)]
    told += [{"article": i, "score": -0.9 + i / 99, "method": "textblob"} for i in range(N)]
    one = corpus(told)
    codes = [(("negative", "neutral", "positive", "positive")[i % 4], "yes" if i else "no") for i in range(N)]
    table = nk.robustness(one, target="ann", codings=codings_of(one, codes))
    truth = np.mean([{"negative": -1, "neutral": 0, "positive": 1}[tone] for tone, ok in codes if ok == "yes"])
    yes = table[table["corrected"] == "yes"]
    assert len(yes) == 4
    assert yes["estimate"].tolist() == pytest.approx([truth] * 4, abs=0.02)
    summary = nk.stance_summary(one, codings=codings_of(one, codes))
    usual = table[table["usual"]]
    assert usual[["estimate", "low", "high"]].to_numpy().ravel() == pytest.approx(
        summary[["mean", "low", "high"]].to_numpy().ravel()
    )
    assert table.loc[table["usual"], ["method", "corrected"]].to_numpy().tolist() == [["model", "yes"]]


def test_codings_that_cannot_correct_are_refused() -> None:
    one = corpus()
    codes = [("neutral", "yes")] * N
    for design, message in (
        ({"unit": "quotes"}, "the codings are of quotes"),
        ({"where": {"part": "body"}}, r"the sample is of some rows only \(by part\)"),
    ):
        with pytest.raises(CodingsError, match=message):
            nk.robustness(one, target="ann", codings=codings_of(one, codes, **design))
    bob = one.with_tables(stances=one.stances.assign(target_id=["bob", *["ann"] * (2 * N - 1)]))
    one_row = codings_of(bob, codes)
    about_bob = Codings(one_row.sample, one_row.table[one_row.table["row_id"] == one_row.sample.rows["row_id"].iloc[0]])
    with pytest.raises(CodingsError, match="no coded row is about 'ann': code the 11 that the sample has"):
        nk.robustness(bob, target="ann", codings=about_bob)


def test_codings_that_tell_no_tone_are_refused() -> None:
    one = corpus()
    wrong = codings_of(one, [("neutral", "no")] * N)
    with pytest.raises(CodingsError, match="no row about 'ann': target_ok is no in all 12 coded rows"):
        nk.robustness(one, target="ann", codings=wrong)
    only = Codings(wrong.sample, wrong.table[wrong.table["variable"] == "target_ok"])
    with pytest.raises(CodingsError, match="no row has a code of tone"):
        nk.robustness(one, target="ann", codings=only)
    assert nk.stance_summary(one, codings=only)["estimate"].tolist() == ["model alone, not validated on this corpus"]
    of_west = codings_of(one, [("neutral", ("no", "yes")[i % 2]) for i in range(N)])
    with pytest.raises(CodingsError, match="no row about 'ann' in 'East': target_ok is no in all 6 coded rows"):
        nk.robustness(one, target="ann", between="outlet", codings=of_west)


def test_memory_and_disk_agree(tmp_path: Path) -> None:
    on_disk = byhand.on_disk(byhand.debate(12), tmp_path / "corpus")
    in_memory = byhand.in_memory(byhand.debate(12))
    asked: dict[str, Any] = {"target": "russia", "between": "outlet"}
    found = nk.robustness(in_memory, **asked, groups=["Daily Example", 'Evening\'s "Example"'])
    pd.testing.assert_frame_equal(
        found, nk.robustness(on_disk, **asked, groups=["Daily Example", 'Evening\'s "Example"'])
    )
    assert found["estimate"].notna().all()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"target": "anna"}, r"no tone toward an actor 'anna' \(did you mean 'ann'\?\)"),
        ({"groups": ["East"]}, "groups are values of a column"),
        ({"between": "outlet", "groups": ["East", "North"]}, "groups are two values of 'outlet'.*'East', 'West'"),
        ({"between": "outlet", "groups": ["East", "East"]}, "groups are two values"),
        ({"between": "colour"}, "cannot group by 'colour'"),
        ({"choices": {"methods": ["model"]}}, r"no choice 'methods' \(did you mean 'method'\?\)"),
        ({"choices": {"method": ["vader"]}}, "method can be 'model' in this corpus"),
        ({"choices": {"count": ["stories"]}}, "count can be 'placements' in this corpus"),
        ({"choices": {"min_score": [2]}}, "min_score can be"),
        ({"choices": {"corrected": ["yes"]}}, "corrected can be 'no' in this corpus"),
    ],
)
def test_what_is_refused(more: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        nk.robustness(corpus(), **{"target": "ann", **more})
