"""What to group rows by, and which articles count."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from spacy.language import Language

import newskit as nk
from newskit.corpus.views import articles_by, articles_with, check_count, one_per_story
from newskit.schema import make_table
from tests.corpus.samples import articles


@pytest.mark.parametrize("n", [9, 2])
def test_summaries_out_of_core(n: int, nlp: Language, tmp_path: Path) -> None:
    """Equal to the last bit, whether articles or (of the one annotated) sentences are resampled."""
    given_ = articles(9) if n == 9 else [replace(article, language="de") for article in articles(2)[1:]] + articles(1)
    memory = nk.annotate(given_, nlp=nlp)
    stored = nk.annotate(given_, nlp=nlp, out=tmp_path / "c", shard_size=2)
    for by in ([], "outlet", ["month", "kind"], "week"):
        for sides in (False, True):
            mine, same = (nk.actor_frequency(corpus, by=by, sides=sides) for corpus in (stored, memory))
            pd.testing.assert_frame_equal(mine, same, check_exact=True)
            assert len(mine) > 0
    for by in ([], "voice", ["outlet", "year"]):
        for method in ("model", "textblob"):
            mine, same = (nk.stance_summary(corpus, by=by, method=method) for corpus in (stored, memory))
            pd.testing.assert_frame_equal(mine, same, check_exact=True)
    assert not {"mentions", "stances", "articles"} & {*vars(stored.tables)["_whole"]}, "summaries read no whole table"
    pd.testing.assert_frame_equal(nk.voice_matrix(stored), nk.voice_matrix(memory))
    pd.testing.assert_frame_equal(
        nk.frame_summary(stored, codebook="news_frames"), nk.frame_summary(memory, codebook="news_frames")
    )
    with pytest.raises(ValueError, match=r"cannot group by 'colour'; known: .*outlet"):
        nk.actor_frequency(stored, by="colour")


def test_what_was_added_to_a_table_counts(nlp: Language, tmp_path: Path) -> None:
    corpus = nk.annotate(articles(), nlp=nlp, out=tmp_path / "c")
    corpus.articles["camp"] = ["left", "right", "left"] * 3
    assert set(nk.actor_frequency(corpus, by="camp")["camp"]) == {"left", "right"}


def placed(*given: tuple[str, str | None, str | None, str]) -> nk.Corpus:
    """A corpus of articles given by id, story, day of publication and outlet."""
    rows = [
        {"article_id": i, "text": "T", "n_tokens": 1, "story_id": story, "outlet": outlet, "status": "annotated"}
        | {"published": pd.Timestamp(day) if day else None}
        for i, story, day, outlet in given
    ]
    return nk.Corpus({"articles": make_table("articles", rows)})


def test_periods() -> None:
    corpus = placed(("a", None, "2024-12-31 23:59", "O"), ("b", None, "2025-01-06", "O"), ("c", None, None, "O"))
    by = articles_by(corpus.tables, ["year", "month", "week", "day", "outlet"])
    assert by.iloc[0].tolist() == ["a", "2024", "2024-12", "2024-12-30/2025-01-05", "2024-12-31", "O"]
    assert by.iloc[1].tolist() == ["b", "2025", "2025-01", "2025-01-06/2025-01-12", "2025-01-06", "O"]
    assert by[["year", "month", "week", "day"]].iloc[2].isna().all()
    assert articles_with(corpus.tables, {"month": "2024-12", "outlet": "O"}) == ["a"]
    assert articles_with(corpus.tables, {"month": None}) == ["c"]


def test_a_period_goes_before_a_column_of_that_name() -> None:
    corpus = placed(("a", None, "2024-12-31", "O"))
    corpus.articles["month"] = "December"
    assert articles_by(corpus.tables, ["month"])["month"].tolist() == ["2024-12"]


def test_the_first_of_a_story_counts() -> None:
    corpus = placed(
        ("late", "s", "2025-02-01", "One"),
        ("early", "s", "2025-01-01", "Two"),
        ("undated", "s", None, "Two"),
        ("alone", None, "2025-03-01", "One"),
        ("alone too", None, "2025-03-01", "One"),
    )
    assert one_per_story(corpus.tables)["article_id"].tolist() == ["early", "alone", "alone too"]
    assert one_per_story(corpus.tables, "outlet")["article_id"].tolist() == ["late", "early", "alone", "alone too"]
    assert one_per_story(corpus.tables, ["month"])["article_id"].tolist() == [
        "late",
        "early",
        "undated",
        "alone",
        "alone too",
    ]
    failed = corpus.articles.assign(status=["annotated", "failed", "annotated", "annotated", "annotated"])
    assert one_per_story(corpus.with_tables(articles=failed).tables)["article_id"].tolist()[0] == "late"
    with pytest.raises(ValueError, match="knows no stories yet"):
        one_per_story(placed(("a", None, None, "O")).tables)


def test_what_is_counted() -> None:
    assert check_count("stories")
    assert not check_count("placements")
    with pytest.raises(ValueError, match="not 'story'"):
        check_count("story")


@pytest.mark.parametrize("name", ['with "quotes"', "it's", "a; drop table articles", "Über %s", "select", "?"])
def test_columns_of_articles_may_have_any_name(name: str, either: nk.Corpus) -> None:
    corpus = either.with_tables(articles=either.articles.assign(**{name: pd.Series(["left", None, name] * 3)}))
    found = nk.actor_frequency(corpus, by=name)
    assert {*found[name].dropna()} == {"left", name}
    row = found.iloc[0]
    assert len(corpus.table("articles", **{name: name})) == 3
    assert len(corpus.evidence("mentions", actor_id=row["actor_id"])) >= row["n_mentions"]


def test_rows_without_a_value_are_in_no_group(here: nk.Corpus) -> None:
    corpus = here.with_tables(articles=here.articles.assign(camp=pd.Series([None] * 9, dtype="str")))
    assert nk.actor_frequency(corpus, by="camp").empty
    assert "camp" in nk.actor_frequency(corpus, by="camp").columns
