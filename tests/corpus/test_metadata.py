"""The user's own columns of articles: kept with their dtypes, in memory and on disk, and usable everywhere."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from spacy.language import Language

import newskit as nk

TEXT = "Moscow rejected the offer. President Anna Novak said Russia would lose. She met Boris Weiss in Geneva."


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "article_id": [f"a{i}" for i in range(4)],
            "text": [f"{TEXT} Number {i}." for i in range(3)] + [None],
            "outlet": ["Daily Example", "Evening Example"] * 2,
            "bias": ["left", "right", "left", "left"],
            "size": pd.array([3, None, 5, 7], dtype="Int64"),
            "state owned": [True, False, True, False],
            "arm": pd.Categorical(["control", "treated", "control", "treated"]),
            "weight": [0.5, 1.0, 2.0, 1.0],
            "coded_on": pd.to_datetime(["2025-01-02"] * 4),
            "voice": ["x"] * 4,
        }
    )


OWN = ["bias", "size", "state owned", "arm", "weight", "coded_on"]


@pytest.fixture(scope="module", params=["memory", "disk"])
def corpus(
    request: pytest.FixtureRequest, nlp: Language, frame: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory
) -> nk.Corpus:
    if request.param == "memory":
        with pytest.warns(UserWarning, match=r"left out the column\(s\) 'voice'.*'my_voice'"):
            return nk.annotate(frame, nlp=nlp)
    place = tmp_path_factory.mktemp("metadata") / "corpus"
    for _ in range(2):  # the second call finds all of it
        with pytest.warns(UserWarning, match="'voice'"):
            nk.annotate(frame, nlp=nlp, out=place, shard_size=2)
    opened = nk.open_corpus(place)
    opened.verify()
    return opened


def test_columns_keep_values_and_dtypes(corpus: nk.Corpus, frame: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(corpus.table("articles", columns=OWN), frame[OWN])
    pd.testing.assert_frame_equal(corpus.articles[OWN], frame[OWN])
    assert "voice" not in corpus.articles


@pytest.mark.parametrize(
    "change",
    [
        lambda corpus: corpus.relink("world"),
        lambda corpus: corpus.recode("news_frames"),
        lambda corpus: corpus.find_stories(),
        lambda corpus: corpus.select(["a0", "a1", "a2", "a3"]),
        lambda corpus: corpus.relink("world").find_stories().select(["a0", "a1", "a2", "a3"]),
    ],
)
def test_every_new_corpus_has_them(corpus: nk.Corpus, frame: pd.DataFrame, change) -> None:  # type: ignore[no-untyped-def]
    pd.testing.assert_frame_equal(change(corpus).articles[OWN], frame[OWN])


@pytest.mark.parametrize("name", OWN)
def test_rows_are_those_counted(corpus: nk.Corpus, name: str) -> None:
    table = nk.actor_frequency(corpus, by=name)
    assert table["n_mentions"].sum() > 0
    for _, row in table.iterrows():
        assert len(corpus.evidence("mentions", row)) == row["n_mentions"]


def test_filters_queries_samples_and_exports(corpus: nk.Corpus, tmp_path: Path) -> None:
    assert corpus.table("articles", bias="left", size=[3, 5])["article_id"].tolist() == ["a0", "a2"]
    assert corpus.table("articles", size=None)["article_id"].tolist() == ["a1"]
    assert corpus.table("articles", arm="treated")["article_id"].tolist() == ["a1", "a3"]
    assert corpus.sql("select sum(weight) as w from articles where bias = 'left'")["w"].item() == 3.5
    assert {*corpus.evidence("mentions", bias="right")["article_id"]} == {"a1"}
    sample = nk.draw_sample(corpus, "mentions", n=4, by="bias")
    assert len(sample.rows) >= 4
    nk.export_corpus(corpus, tmp_path / "tables")
    assert {*OWN} <= {*pd.read_csv(tmp_path / "tables" / "articles.csv").columns}


def test_parts_have_them(corpus: nk.Corpus, frame: pd.DataFrame) -> None:
    parts = pd.concat([part.articles for part in corpus.parts()], ignore_index=True)
    assert parts["bias"].tolist() == frame["bias"].tolist()


def test_more_is_joined_by_outlet(corpus: nk.Corpus) -> None:
    owners = pd.DataFrame({"outlet": ["Evening Example", "Daily Example"], "readers": [2, 1], "bias": ["r", "l"]})
    joined = corpus.with_metadata(owners, on="outlet")
    assert joined.articles["readers"].tolist()[:3] == [1, 2, 1]
    assert joined.articles["bias"].tolist()[:3] == ["l", "r", "l"]
    assert joined.table("articles", readers=2)["article_id"].tolist()[0] == "a1"
    assert "readers" not in corpus.articles


def test_what_does_not_match_is_told(small: nk.Corpus) -> None:
    table = pd.DataFrame({"outlet": ["Daily Example", "Evening Exmple"], "n_readers": [5, 6]})
    with pytest.warns(UserWarning, match="row") as told:
        joined = small.with_metadata(table, on="outlet")
    assert "did you mean 'Evening Example'" in str(told[0].message)
    assert "3 article(s) are in no row" in str(told[1].message)
    assert joined.articles["n_readers"].dtype == "Int64"
    with pytest.raises(ValueError, match="more than once"):
        small.with_metadata(pd.concat([table, table]), on="outlet")
    with pytest.raises(ValueError, match="did you mean 'outlet'"):
        small.with_metadata(table.rename(columns={"outlet": "outlt"}), on="outlt")
    with pytest.raises(ValueError, match="no article has a value"):
        small.with_metadata(table.assign(outlet=["x", "y"]), on="outlet")
    with pytest.raises(TypeError, match="DataFrame"):
        small.with_metadata("owners.csv", on="outlet")  # type: ignore[arg-type]


def test_a_misspelled_column_names_the_nearest(small: nk.Corpus) -> None:
    with pytest.raises(ValueError, match="did you mean 'outlet'"):
        nk.actor_frequency(small, by="outlett")
    with pytest.raises(ValueError, match="did you mean 'actor_id'"):
        small.table("mentions", actorid="russia")
    with pytest.raises(ValueError, match="did you mean 'outlet'"):
        small.evidence("mentions", outlt="Daily Example")


def test_tables_in_files(nlp: Language, tmp_path: Path) -> None:
    given = pd.DataFrame(
        {
            "article_id": ["p", "q", "r"],
            "text": [f"{TEXT} Day {day} was cold." for day in range(3)],
            "camp": ["red", "blue", "red"],
            "shares": [3, 1, 4],
            "code": ["007", "008", "009"],
        }
    )
    given.to_csv(tmp_path / "a.csv", index=False)
    given.to_json(tmp_path / "b.jsonl", orient="records", lines=True)
    for name in ("a.csv", "b.jsonl"):
        for place in (None, tmp_path / f"{name} corpus"):
            articles = nk.annotate(tmp_path / name, nlp=nlp, out=place).articles
            assert articles["camp"].tolist() == ["red", "blue", "red"]
            assert articles["shares"].tolist() == [3, 1, 4]
            assert pd.api.types.is_integer_dtype(articles["shares"].dtype)
            assert articles["code"].tolist() == ["007", "008", "009"]
    counts = nk.actor_frequency(nk.open_corpus(tmp_path / "a.csv corpus"), by="camp")
    assert set(counts["camp"]) == {"red", "blue"}


def test_a_change_of_metadata_annotates_nothing_again(nlp: Language, tmp_path: Path) -> None:
    written = []
    for camp in ("red", "green"):
        pd.DataFrame({"article_id": ["p"], "text": [TEXT], "camp": [camp]}).to_csv(tmp_path / "a.csv", index=False)
        found = nk.annotate(tmp_path / "a.csv", nlp=nlp, out=tmp_path / "corpus", progress=False)
        written.append((tmp_path / "corpus" / "mentions" / "000000.parquet").stat().st_mtime_ns)
        assert found.articles["camp"].tolist() == [camp]
        found.verify()
    assert written[0] == written[1]
