"""What a corpus consists of."""

from __future__ import annotations

import pandas as pd
import pytest

import newskit as nk


def test_groups_add_up_to_the_whole(small: nk.Corpus) -> None:
    (whole,) = nk.describe_corpus(small, by=()).to_dict("records")
    by_outlet = nk.describe_corpus(small)
    for name in ("n_articles", "n_words", "n_sentences", "undated", "not_annotated"):
        assert by_outlet[name].sum() == whole[name]
    assert whole["n_words"] == small.articles["n_tokens"].sum()
    assert whole["n_sentences"] == len(small.sentences)
    assert (whole["first"], whole["last"]) == (small.articles["published"].min(), small.articles["published"].max())
    assert whole["languages"] == "en 6"
    assert len(nk.describe_corpus(small, by=["outlet", "month"])) == 6


def test_copies_make_fewer_stories_and_a_smaller_effective_number(small: nk.Corpus) -> None:
    corpus = small.with_tables(articles=small.articles.assign(story_id=["a0", "a0", "a0", "a3", "a4", "a5"]))
    (row,) = nk.describe_corpus(corpus, by=()).to_dict("records")
    assert (row["n_articles"], row["n_stories"]) == (6, 4)
    assert row["n_effective"] == pytest.approx(6**2 / (3**2 + 1 + 1 + 1))
    text = "The port of Dakar was closed on Monday after a storm. " * 3
    agency = [nk.Article(article_id=str(i), text=text) for i in (1, 2)]
    (found,) = nk.describe_corpus(nk.annotate(agency), by=()).to_dict("records")
    assert (found["n_stories"], found["n_effective"]) == (1, 1.0), "found without find_stories"


def test_articles_without_a_value_are_a_group_and_those_not_annotated_are_counted() -> None:
    articles = [
        nk.Article(article_id="a", text="The minister met the mayor in Oslo on Monday.", outlet="Post"),
        nk.Article(article_id="b", text="The senator spoke to voters in Ohio on Tuesday."),
        nk.Article(article_id="c", text=" "),
    ]
    table = nk.describe_corpus(nk.annotate(articles)).set_index("outlet")
    assert table["n_articles"].to_dict() == {"Post": 1, "–": 1}
    assert table["not_annotated"].to_dict() == {"Post": 0, "–": 1}
    assert table["undated"].tolist() == [1, 1]
    assert pd.isna(table["first"]).all()


def test_a_comparison_of_periods_that_do_not_overlap_is_told(small: nk.Corpus) -> None:
    moved = small.articles.assign(outlet=["Old"] * 3 + ["New"] * 3)
    with pytest.warns(UserWarning, match=r"'New' \(2025-04-01 to 2025-06-01\) and 'Old' .* do not overlap in time"):
        nk.compare(small.with_tables(articles=moved), "mentions", between="outlet", min_n=1)
