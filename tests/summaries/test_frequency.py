"""How often actors are mentioned: counts by hand, groups, periods, sides and intervals."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest

import newskit as nk
from newskit.schema import ACTING
from tests.conftest import ROOT


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
    with pytest.raises(ValueError, match="kind 'noun' is none of name, nominal, pronoun"):
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
