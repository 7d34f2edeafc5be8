"""The tables in memory and on disk: one interface, the same answers."""

from __future__ import annotations

import pickle
from pathlib import Path

import pandas as pd
import pytest

import newskit as nk
from newskit.corpus.folder import Folder
from newskit.corpus.tables import ParquetTables
from newskit.schema import TABLES, columns, make_table
from tests.corpus.byhand import debate, in_memory, on_disk


def test_make_table_refuses_unknown_columns() -> None:
    with pytest.raises(ValueError, match="are no columns of 'actors'"):
        make_table("actors", [{"colour": "red"}])
    with pytest.raises(ValueError, match="no table 'actor'"):
        columns("actor")


def test_columns_and_rows(stored: nk.Corpus, whole: nk.Corpus) -> None:
    asked: list[dict[str, object]] = [
        {"actor_id": "russia"},
        {"actor_id": ["russia", "anna-novak"], "kind": "name"},
        {"article_id": ["a8", "a0", "a5"]},
        {"ner_label": None},
        {"actor_id": "nobody"},
        {"article_id": []},
    ]
    for where in asked:
        rows = stored.table("mentions", columns=["article_id", "start", "actor_id"], **where)
        pd.testing.assert_frame_equal(
            rows, whole.table("mentions", columns=["article_id", "start", "actor_id"], **where)
        )
    voices = stored.table("stances", voice="outlet", target_id="russia")
    pd.testing.assert_frame_equal(voices, whole.table("stances", voice="outlet", target_id="russia"))
    assert len(voices) > 0
    pd.testing.assert_frame_equal(stored.table("actors", type="state"), whole.table("actors", type="state"))
    with pytest.raises(ValueError, match=r"mentions has no column \['colour'\]"):
        stored.table("mentions", colour="red")


def test_sql(stored: nk.Corpus, whole: nk.Corpus) -> None:
    query = """select a.outlet, m.actor_id, x.label, count(*) as n from mentions m join articles a using (article_id)
        left join actors x using (actor_id) group by all order by all"""
    pd.testing.assert_frame_equal(stored.sql(query), whole.sql(query))
    for table in TABLES:
        query = f"select * from {table} order by all"
        pd.testing.assert_frame_equal(stored.sql(query), whole.sql(query), obj=table)


def opened(stored: nk.Corpus) -> nk.Corpus:
    """The corpus as nobody has looked at it yet."""
    return nk.open_corpus(stored.tables.place)


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


def test_rows_are_found_by_actor_however_they_are_linked(here: nk.Corpus, there: nk.Corpus) -> None:
    for mine, same in ((here, there), (here.relink(nk.ActorCatalog([])), there.relink(nk.ActorCatalog([])))):
        for table, column in (("mentions", "actor_id"), ("stances", "voice"), ("quotes", "speaker_id")):
            for actor in (["russia", "anna-novak"], "moscow", ["outlet", "unnamed source"], None):
                rows = same.table(table, **{column: actor})
                pd.testing.assert_frame_equal(rows, mine.table(table, **{column: actor}))
    assert len(there.table("stances", voice="outlet")) > len(there.table("stances", voice="unnamed source")) > 0
    assert set(there.table("mentions", actor_id="russia")["name"]) == {"Russia", "Moscow"}


def test_a_long_list_keeps_the_order_of_rows(tmp_path: Path) -> None:
    there = on_disk(debate(40), tmp_path / "c", shard_size=7)
    ids = there.articles["article_id"].tolist()
    rows = there.table("mentions", columns=["article_id", "mention_id"], article_id=[*ids[::-1], *map(str, range(500))])
    pd.testing.assert_frame_equal(rows, there.mentions[["article_id", "mention_id"]])


def test_parts_are_those_of_the_corpus_as_it_is_now(there: nk.Corpus) -> None:
    camps = there.with_tables(articles=there.articles.assign(camp="left"))
    for corpus in (camps, camps.relink(nk.ActorCatalog([])), camps.find_stories()):
        parts = list(corpus.parts())
        assert all(part.articles["camp"].eq("left").all() and len(part.articles) <= 2 for part in parts)
        for table in ("mentions", "stances", "articles"):
            together = pd.concat([getattr(part, table) for part in parts], ignore_index=True)
            pd.testing.assert_frame_equal(together, getattr(corpus, table))


def test_what_stands_for_files_goes_on_doing_so(there: nk.Corpus) -> None:
    assert there.sql("select count(*) as n from articles")["n"].item() == 9
    there.articles["camp"] = "left"
    fewer = there.with_tables(actors=there.actors.head(2))
    for corpus in (there, fewer, there.relink(nk.ActorCatalog([])), there.with_tables()):
        assert corpus.articles["camp"].eq("left").all()
        assert corpus.sql("select count(*) as n from articles where camp = 'left'")["n"].item() == 9
    assert [len(fewer.actors), fewer.tables.sizes()["actors"], len(fewer.table("actors"))] == [2, 2, 2]
    assert fewer.sql("select * from actors")["actor_id"].tolist() == fewer.actors["actor_id"].tolist()
    linked = there.relink(nk.ActorCatalog([]))
    again = linked.with_tables(articles=there.articles.head(1))
    assert "moscow" in set(again.mentions["actor_id"].dropna())
    assert again.tables.sizes()["articles"] == 1


def test_queries_know_the_ids_of_actors(here: nk.Corpus, there: nk.Corpus) -> None:
    for table in TABLES:
        query = f"select * from {table} order by all"
        pd.testing.assert_frame_equal(there.sql(query), here.sql(query), obj=table)
    mentions = here.mentions.iloc[:5].reset_index(drop=True)
    query = "select actor_id, count(*) as n from mentions group by all order by all"
    replaced = there.with_tables(mentions=mentions)
    pd.testing.assert_frame_equal(replaced.sql(query), here.with_tables(mentions=mentions).sql(query))
    assert replaced.tables.place == ""


def test_linking_anew_leaves_the_tables_as_they_are(either: nk.Corpus) -> None:
    before = {table: getattr(either, table).copy() for table in TABLES}
    either.relink(nk.ActorCatalog([]))
    for table, frame in before.items():
        pd.testing.assert_frame_equal(getattr(either, table), frame)


def test_a_relinked_corpus_is_pickled_with_its_links(there: nk.Corpus) -> None:
    relinked = there.relink(nk.ActorCatalog([])).find_stories()
    assert relinked.sql("select count(distinct story_id) as n from articles")["n"].item() > 0
    again = pickle.loads(pickle.dumps(relinked))
    for table in TABLES:
        pd.testing.assert_frame_equal(getattr(again, table), getattr(relinked, table))


@pytest.mark.parametrize("articles", [[], debate(1), debate()[2:3], debate()[4:5], debate()[2:5:2]])
def test_corpora_with_nothing_or_little_in_them(articles: list[nk.Article], tmp_path: Path) -> None:
    here, there = in_memory(articles), on_disk(articles, tmp_path / "a::b [x] 'y' %20 c", shard_size=1)
    for corpus in (here, there, here.find_stories() if articles else here):
        assert repr(corpus).count(f"{len(articles)} articles") == 1
        assert len(nk.actor_frequency(corpus, by=["outlet", "month"])) == (3 if articles == debate(1) else 0)
        assert len(list(corpus.parts())) == (1 if corpus.tables.place == "" else len(articles))
    for table in TABLES:
        pd.testing.assert_frame_equal(getattr(there, table), getattr(here, table), obj=table)
    assert Folder(there.tables.place).names("shards") == [f"{i:06d}.json" for i in range(len(articles))]


def test_articles_in_reverse_and_quotations_without_an_article(stored: nk.Corpus, whole: nk.Corpus) -> None:
    for corpus in (stored, whole):
        backwards = corpus.with_tables(articles=corpus.articles[::-1].reset_index(drop=True))
        assert backwards.sql("select article_id from articles")["article_id"].tolist()[0] == "a8"
        fewer = corpus.with_tables(articles=corpus.articles.head(2))
        assert repr(fewer).startswith("Corpus(2 articles")
        assert "2 annotated, 0 skipped" in repr(fewer)
        quotes = fewer.evidence("quotes")
        assert quotes["content"].isna().tolist() == (~quotes["article_id"].isin(["a0", "a1"])).tolist()
