"""Mentions: the seed article against its gold labels, and names that are not what they seem."""

from __future__ import annotations

import pandas as pd
from spacy.language import Language

import newskit as nk
from newskit.schema import ACTING
from tests.annotation.actors.texts import who_is
from tests.conftest import ROOT

GOLD = ROOT / "data" / "gold" / "trump-putin-budapest.mentions.csv"


def spans(table: pd.DataFrame, kinds: list[str]) -> dict[tuple[int, int], str]:
    chosen = table[table["kind"].isin(kinds)]
    return {(row["start"], row["end"]): row["actor_id"] for row in chosen.to_dict("records")}


def scores(corpus: nk.Corpus, kinds: list[str]) -> tuple[float, float]:
    gold, mine = spans(pd.read_csv(GOLD), kinds), spans(corpus.mentions, kinds)
    right = sum(mine.get(span) == actor for span, actor in gold.items())
    return right / len(mine), right / len(gold)


def test_gold_labels_are_of_this_text(article: nk.Article) -> None:
    gold = pd.read_csv(GOLD)
    assert [article.text[row["start"] : row["end"]] for row in gold.to_dict("records")] == gold["text"].tolist()


def test_seed_article_against_gold(corpus: nk.Corpus) -> None:
    precision, recall = scores(corpus, ["name"])
    assert precision >= 0.95
    assert recall >= 0.95
    precision, recall = scores(corpus, ["name", "pronoun"])
    assert precision >= 0.95
    assert recall >= 0.9


def test_every_actor_of_the_seed_is_one(corpus: nk.Corpus) -> None:
    gold = pd.read_csv(GOLD)["actor_id"]
    actors = corpus.actors[corpus.actors["type"] != "place"]
    assert set(actors["actor_id"]) == {actor for actor in gold if " " not in actor}
    assert "Zelensky" in corpus.actors.set_index("actor_id")["aliases"]["volodymyr-zelenskyy"].split(" | ")
    named = corpus.mentions[corpus.mentions["kind"] != "place"]
    assert set(named["text"]).isdisjoint({"Budapest", "Tomahawk", "Truth Social", "Oval Office"})


def test_rules_of_the_seed_say_why(corpus: nk.Corpus) -> None:
    rules = corpus.mentions.groupby("text")["rule"].first()
    assert rules["Kremlin"].startswith("metonym: Kremlin stands for the government of Russia")
    assert rules["Moscow"].startswith("metonym: Moscow stands for the government of Russia")
    assert rules["Zelensky"].startswith("spelling variant of Zelenskyy")
    assert rules["Russian"].startswith("demonym of Russia")
    assert rules["he"].startswith("pronoun: ")


def test_name_inside_a_longer_name_is_not_the_state(nlp: Language) -> None:
    text = "Shares of the Bank of America fell on Monday, the New Mexico State Police said in a statement on Tuesday."
    mentions = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).mentions
    assert set(mentions.loc[mentions["kind"].isin(ACTING), "actor_id"]).isdisjoint({"united-states", "mexico"})
    assert "Mexico" not in set(mentions["text"])


def test_place_in_the_name_of_an_organization_is_a_place(nlp: Language) -> None:
    text = (
        "Officials of the University of Texas met in Austin, Texas. The Ukraine Defense Fund paid for the trip to Kyiv."
    )
    corpus = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp)
    nested = corpus.mentions[corpus.mentions["rule"].str.startswith("place: in the name")]
    assert nested["kind"].eq("place").all()
    assert nested["text"].tolist() == ["Texas", "Ukraine"]
    assert "ukraine" not in set(nk.actor_frequency(corpus)["actor_id"])
    assert set(nested["mention_id"]).isdisjoint(corpus.stances["mention_id"])


def test_state_in_a_title_is_marked_and_not_evaluated(corpus: nk.Corpus) -> None:
    titled = corpus.mentions[corpus.mentions["rule"].str.contains("in the title of")]
    assert titled["text"].tolist() == ["U.S.", "Russian", "Ukrainian"]
    assert set(titled["mention_id"]).isdisjoint(corpus.stances["mention_id"])


def test_us_state_is_not_the_country(nlp: Language) -> None:
    text = "Anna Novak spoke in Atlanta, Georgia, on Monday and left the city by train in the evening."
    actors = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).actors
    assert actors.loc[actors["type"] != "place", "actor_id"].tolist() == ["anna-novak"]


def test_a_court_with_a_longer_name_is_not_the_catalogued_one(nlp: Language) -> None:
    text = "The Italian Supreme Court of Cassation met on Monday. The Supreme Court rejected the plan."
    assert who_is(nlp, text)[-1] == ("Supreme Court", "Italian Supreme Court of Cassation")
