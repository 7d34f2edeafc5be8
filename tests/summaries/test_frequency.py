"""How often actors are mentioned: counts by hand, groups, periods, sides and intervals."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest

import newskit as nk
from newskit.schema import ACTING
from tests.conftest import ROOT
from tests.summaries import made


def test_frequencies_are_those_counted_by_hand(corpus: nk.Corpus) -> None:
    gold = pd.read_csv(ROOT / "data" / "gold" / "trump-putin-budapest.mentions.csv")
    by_hand = gold.loc[gold["kind"] == "name", "actor_id"].value_counts().to_dict()
    table = nk.actor_frequency(corpus, kinds=["name"])
    assert table.set_index("actor_id")["n_mentions"].to_dict() == by_hand
    assert table["n_mentions"].is_monotonic_decreasing


def test_frequencies_count_every_mention_once(corpus: nk.Corpus) -> None:
    table = nk.actor_frequency(corpus).set_index("actor_id")
    mentions = corpus.mentions[corpus.mentions["kind"].isin(ACTING)]
    assert table["n_mentions"].to_dict() == mentions["actor_id"].value_counts().to_dict()
    assert table["share"].sum() == pytest.approx(1)
    trump = corpus.evidence("mentions", actor_id="donald-trump", kind=list(ACTING))
    assert table.loc["donald-trump", "n_sentences"] == trump["sentence_id"].nunique() < len(trump)
    assert table.loc["donald-trump", "share"] == pytest.approx(len(trump) / len(mentions))
    assert (table["low"] <= table["share"]).all()
    assert (table["share"] <= table["high"]).all()
    assert (table["low"] < table["high"]).all()


def test_kinds_add_up(corpus: nk.Corpus) -> None:
    both, names, pronouns = (
        nk.actor_frequency(corpus, kinds=kinds).set_index("actor_id")["n_mentions"]
        for kinds in (["name", "pronoun"], ["name"], ["pronoun"])
    )
    assert pronouns.to_dict() == {"donald-trump": 4, "volodymyr-zelenskyy": 3, "ukraine": 1}
    assert names.add(pronouns, fill_value=0).to_dict() == both.to_dict()
    with pytest.raises(ValueError, match="kind 'noun' is not one of name, nominal, pronoun"):
        nk.actor_frequency(corpus, kinds=["name", "noun"])


def test_frequency_by_outlet(small: nk.Corpus) -> None:
    table = nk.actor_frequency(small, by="outlet")
    assert table.columns[0] == "outlet"
    assert table.groupby("outlet")["share"].sum().tolist() == pytest.approx([1, 1])
    outlet = small.articles.set_index("article_id")["outlet"]
    mentions = small.mentions[small.mentions["kind"].isin(ACTING)]
    expected = Counter(zip(mentions["article_id"].map(outlet), mentions["actor_id"], strict=True))
    assert table.set_index(["outlet", "actor_id"])["n_mentions"].to_dict() == dict(expected)
    assert (table["n_articles"] == 3).all()


def test_frequency_by_period_and_by_two(small: nk.Corpus) -> None:
    months = nk.actor_frequency(small, by="month")
    assert months["month"].unique().tolist() == [f"2025-0{i}" for i in range(1, 7)]
    assert months["n_mentions"].sum() == small.mentions["kind"].isin(ACTING).sum()
    assert nk.actor_frequency(small, by="year")["year"].unique().tolist() == ["2025"]
    both = nk.actor_frequency(small, by=["outlet", "kind"])
    assert both.groupby(["outlet", "kind"]).ngroups == 4
    with pytest.raises(ValueError, match=r"cannot group by 'colour'; known: .*month"):
        nk.actor_frequency(small, by="colour")


def test_what_is_resampled(corpus: nk.Corpus, small: nk.Corpus) -> None:
    assert set(nk.actor_frequency(corpus)["resampled"]) == {"sentences"}
    assert set(nk.actor_frequency(small)["resampled"]) == {"articles"}
    table = nk.actor_frequency(small)
    # Every article names the actors equally often, so no resample of articles can change a share.
    assert table["low"].tolist() == pytest.approx(table["share"].tolist())
    assert table["high"].tolist() == pytest.approx(table["share"].tolist())


MENTIONS = [
    made.mention(0, 0, "ann"),
    made.mention(0, 0, "ann", "pronoun"),
    made.mention(0, 1, "bob"),
    made.mention(1, 0, "ann", "nominal"),
    made.mention(2, 0, "cid"),
    made.mention(5, 3, "cid"),
    made.mention(2, 0, "cid", "place"),
    made.mention(2, 0, "ann", "apposition"),
    made.mention(2, 0, None),
]


def test_mentions_sentences_and_articles_by_hand() -> None:
    corpus = made.corpus(mentions=MENTIONS)
    table = nk.actor_frequency(corpus)
    columns = ["actor_id", "actor", "type", "n_mentions", "n_sentences", "n_articles"]
    assert table[columns].to_numpy().tolist() == [
        ["ann", "Ann", "person", 3, 2, 2],
        ["cid", "Cid", "state", 2, 2, 2],
        ["bob", "Bob", "person", 1, 1, 1],
    ]
    assert table["share"].tolist() == pytest.approx([3 / 6, 2 / 6, 1 / 6])
    assert set(table["kinds"]) == {"name+nominal+pronoun"}
    both = nk.actor_frequency(corpus, kinds=["name", "place"]).set_index("actor_id")
    assert both["n_mentions"].to_dict() == {"cid": 3, "ann": 1, "bob": 1}
    assert nk.actor_frequency(corpus, kinds="apposition")["actor_id"].tolist() == ["ann"]


def test_sides_take_the_place_of_their_actors() -> None:
    table = nk.actor_frequency(made.corpus(mentions=MENTIONS), sides=True)
    assert table[["actor_id", "actor", "type", "n_mentions", "n_articles"]].to_numpy().tolist() == [
        ["Blue", "Blue", "group", 4, 2],
        ["cid", "Cid", "state", 2, 2],
    ]


@pytest.mark.parametrize(
    ("period", "names"),
    [
        ("year", ["2024", "2025", "2025", "2025", "2025"]),
        ("month", ["2024-12", "2025-01", "2025-01", "2025-01", "2025-02"]),
        ("day", ["2024-12-30", "2025-01-05", "2025-01-06", "2025-01-31", "2025-02-01"]),
        (
            "week",
            [
                "2024-12-30/2025-01-05",
                "2024-12-30/2025-01-05",
                "2025-01-06/2025-01-12",
                "2025-01-27/2025-02-02",
                "2025-01-27/2025-02-02",
            ],
        ),
    ],
)
def test_periods_have_names_that_sort_and_articles_without_a_date_are_in_none(period: str, names: list[str]) -> None:
    corpus = made.corpus(mentions=[made.mention(i, 0, "ann") for i in range(6)])
    table = nk.actor_frequency(corpus, by=period)
    assert dict(zip(table[period], table["n_mentions"], strict=True)) == Counter(names)
    assert table[period].is_monotonic_increasing


def test_articles_that_were_not_annotated_are_not_resampled() -> None:
    skipped = {**made.ARTICLES[1], "status": "skipped"}
    sentences = [{"article_id": "a0", "sentence_id": i} for i in range(6)]
    mentions = [made.mention(0, i, "ann" if i % 2 else "bob") for i in range(6)]
    corpus = made.corpus(articles=[made.ARTICLES[0], skipped], sentences=sentences, mentions=mentions)
    table = nk.actor_frequency(corpus)
    assert set(table["resampled"]) == {"sentences"}
    assert table["n_articles"].tolist() == [1, 1]
    assert table[["low", "high"]].notna().all(axis=None)


def test_the_interval_of_a_share_goes_by_all_mentions_of_the_resampled_articles() -> None:
    mentions = [made.mention(i, j, "ann" if j < i else "bob") for i in range(6) for j in range(6)]
    table = nk.actor_frequency(made.corpus(mentions=mentions)).set_index("actor_id")[["low", "high"]]
    # Six articles of six mentions, of which 0 to 5 are Ann's: the share is the mean of i/6 over resampled articles.
    draws = np.random.default_rng(1).integers(0, 6, size=(50_000, 6)).mean(axis=1) / 6
    expected = np.percentile(draws, [2.5, 97.5])
    assert table.to_numpy()[1].tolist() == pytest.approx(expected.tolist(), abs=0.02)
    assert table.to_numpy()[0].tolist() == pytest.approx((1 - expected[::-1]).tolist(), abs=0.02)


@pytest.mark.parametrize("given", [pd.DataFrame({"text": ["Talks."]}), "corpus/", [1]])
def test_what_is_no_corpus_is_told_the_way(given: object) -> None:
    with pytest.raises(
        TypeError, match=r"actor_frequency takes a Corpus, got \w+: make one with newskit\.(annotate|open)"
    ):
        nk.actor_frequency(given)  # type: ignore[arg-type]
