"""The tables in memory and on disk: one interface, the same answers."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

import newskit as nk
from newskit.corpus.queries import condition, matching, wanted
from newskit.corpus.tables import ParquetTables
from newskit.schema import TABLES, columns
from tests.corpus.test_shards import articles


@pytest.fixture(scope="module")
def whole(nlp: Language) -> nk.Corpus:
    return nk.annotate(articles(), nlp=nlp)


@pytest.fixture(scope="module")
def stored(nlp: Language, tmp_path_factory: pytest.TempPathFactory) -> nk.Corpus:
    return nk.annotate(articles(), nlp=nlp, out=tmp_path_factory.mktemp("tables") / "c", shard_size=2)


def opened(stored: nk.Corpus) -> nk.Corpus:
    """The corpus as nobody has looked at it yet."""
    return nk.open_corpus(stored.tables.place)


def test_a_corpus_equals_itself_alone(whole: nk.Corpus, stored: nk.Corpus) -> None:
    for corpus in (whole, stored):
        assert corpus == corpus
        assert corpus != corpus.with_tables()
        assert len({corpus, corpus}) == 1


def test_an_export_reads_shard_by_shard_whatever_was_looked_at(
    stored: nk.Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = opened(stored)
    assert len(corpus.mentions) + len(corpus.sentences) > 0
    longest: list[int] = []
    rows = ParquetTables.rows

    def noted(self: ParquetTables, table: str, *rest: object) -> pd.DataFrame:
        found = rows(self, table, *rest)  # type: ignore[arg-type]
        longest.append(found["article_id"].nunique() if "article_id" in found.columns else 0)
        return found

    monkeypatch.setattr(ParquetTables, "rows", noted)
    nk.export_corpus(corpus, tmp_path / "tables")
    assert max(longest) == 2
    exported = pd.read_csv(tmp_path / "tables" / "mentions.csv")
    assert len(exported) == len(corpus.mentions)


def test_parts_are_shards_with_the_actors_of_the_whole(stored: nk.Corpus, whole: nk.Corpus) -> None:
    assert [len(part.articles) for part in stored.parts()] == [2, 2, 2, 2, 1]
    assert [len(part.articles) for part in whole.parts()] == [9]
    for part in stored.find_stories().parts():
        assert part.articles["story_id"].notna().all()
        pd.testing.assert_frame_equal(part.actors, stored.actors)


@pytest.mark.parametrize("on_disk", [False, True])
def test_select_counts_the_actors_that_are_left(stored: nk.Corpus, whole: nk.Corpus, on_disk: bool) -> None:
    corpus = stored if on_disk else whole
    one = corpus.select(["a0", "not there"])
    assert one.articles["article_id"].tolist() == ["a0"]
    assert one.manifest["articles"] == {"in": 1, "annotated": 1, "skipped": 0, "failed": 0}
    there = one.mentions[one.mentions["kind"] != "apposition"]["actor_id"].dropna()
    assert one.actors.set_index("actor_id")["n_mentions"].to_dict() == there.value_counts().to_dict()
    assert (one.actors["n_articles"] == 1).all()
    assert list(one.actors.columns) == columns("actors")
    known = corpus.actors.set_index("actor_id")
    for row in one.actors.to_dict("records"):
        assert (row["label"], row["type"]) == tuple(known.loc[row["actor_id"], ["label", "type"]])
    assert len(one.actors) < len(corpus.actors)
    pd.testing.assert_frame_equal(corpus.select(corpus.articles["article_id"]).actors, corpus.actors)


def test_about_counts_the_actors_that_are_left(whole: nk.Corpus) -> None:
    debate = nk.about(whole, "Moscow")
    left = debate.mentions[debate.mentions["kind"] != "apposition"]["actor_id"].dropna()
    assert debate.actors.set_index("actor_id")["n_mentions"].to_dict() == left.value_counts().to_dict()
    assert debate.manifest["articles"]["in"] == len(debate.articles)


def test_a_corpus_is_pickled_after_a_query(stored: nk.Corpus) -> None:
    corpus = opened(stored)
    n = corpus.sql("select count(*) as n from mentions")["n"].item()
    again = pickle.loads(pickle.dumps(corpus))
    assert again.sql("select count(*) as n from mentions")["n"].item() == n


def test_only_known_tables_are_replaced(whole: nk.Corpus) -> None:
    with pytest.raises(ValueError, match="no table 'mention'; the tables are articles, sentences"):
        whole.with_tables(mention=whole.mentions)
    with pytest.raises(ValueError, match="no table 'mention'"):
        nk.Corpus({"mention": whole.mentions})
    empty = nk.Corpus({})
    assert all(list(getattr(empty, table).columns) == columns(table) for table in TABLES)
    assert repr(empty) == (
        "Corpus(0 articles: 0 annotated, 0 skipped, 0 failed; "
        "0 sentences, 0 mentions, 0 quotes, 0 stances, 0 frames, 0 actors)"
    )


def test_queries_see_replaced_articles(stored: nk.Corpus) -> None:
    corpus = opened(stored)
    assert corpus.sql("select count(*) as n from articles")["n"].item() == 9
    fewer = corpus.with_tables(articles=corpus.articles.head(3))
    assert fewer.sql("select count(*) as n from articles")["n"].item() == 3
    assert nk.actor_frequency(fewer)["n_articles"].max() <= 3
    mentions = corpus.mentions.head(2)
    assert corpus.with_tables(mentions=mentions).sql("select count(*) as n from mentions")["n"].item() == 2


VALUES = st.one_of(
    st.none(),
    st.sampled_from(["russia", "name", "a1", "outlet", "", "2025"]),
    st.integers(-2, 60),
    st.floats(allow_nan=True, width=32),
    st.booleans(),
    st.just(pd.Timestamp(2025, 3, 1)),
)


@given(
    asked=st.dictionaries(
        st.sampled_from(["actor_id", "kind", "start", "entity_id", "article_id"]),
        st.one_of(VALUES, st.lists(VALUES, max_size=4)),
        max_size=2,
    )
)
def test_any_value_is_looked_up_alike_in_memory_and_on_disk(
    asked: dict[str, Any], stored: nk.Corpus, whole: nk.Corpus
) -> None:
    pd.testing.assert_frame_equal(stored.table("mentions", **asked), whole.table("mentions", **asked))


def test_what_is_wanted() -> None:
    frame = pd.DataFrame({"name": pd.array(["a", None, "b"], dtype="str"), "n": [1, 2, 3]})
    assert matching(frame, {"name": ["a", None]})["n"].tolist() == [1, 2]
    assert matching(frame, {"name": None})["n"].tolist() == [2]
    assert matching(frame, {"name": 1})["n"].tolist() == []
    assert matching(frame, {"n": [2.0, "3"]})["n"].tolist() == [2]
    assert matching(frame, {"name": []})["n"].tolist() == []
    assert condition("n", wanted([], "int64")) == ("false", [])
    assert condition("n", wanted([1, None], "int64")) == ('("n" in (?) or "n" is null)', [1])
