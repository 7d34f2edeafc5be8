"""The rows behind a number, with their sentences."""

from __future__ import annotations

import pandas as pd
import pytest

import newskit as nk
from newskit.schema import ACTING
from tests.corpus.samples import assert_same


def test_evidence_opens_a_summary_row(corpus: nk.Corpus) -> None:
    row = nk.stance_summary(corpus, by="voice").iloc[0]
    rows = corpus.evidence("stances", row)
    assert rows[["article_id", "sentence_id"]].drop_duplicates().shape[0] == row["n"]
    assert set(rows["voice"]) == {row["voice"]}
    assert all(row["text"] in row["sentence"] for row in rows.to_dict("records"))
    assert len(corpus.evidence("mentions", actor_id="nato")) == 1
    with pytest.raises(ValueError, match="no evidence in 'actors'"):
        corpus.evidence("actors")
    with pytest.raises(ValueError, match="no column"):
        corpus.evidence("mentions", colour="red")


def test_evidence_opens_rows_grouped_by_the_articles(small: nk.Corpus) -> None:
    row = nk.actor_frequency(small, by="outlet").iloc[0]
    assert len(small.evidence("mentions", row)) == row["n_mentions"]
    row = nk.actor_frequency(small, by=["outlet", "month", "language"]).iloc[-1]
    assert len(small.evidence("mentions", row)) == row["n_mentions"]


def test_evidence_refuses_the_row_of_another_summary(corpus: nk.Corpus) -> None:
    with pytest.raises(ValueError, match="nothing that tells rows of frames"):
        corpus.evidence("frames", nk.actor_frequency(corpus).iloc[0])
    row = nk.actor_frequency(corpus, kinds="name").iloc[0]
    assert len(corpus.evidence("mentions", row)) == row["n_mentions"]
    assert len(corpus.evidence("mentions", actor_id=["nato", "hamas"])) == 2


def test_evidence_and_select(stored: nk.Corpus, whole: nk.Corpus) -> None:
    for row in [nk.actor_frequency(whole).iloc[0], nk.actor_frequency(whole, by=["outlet", "month"]).iloc[0]]:
        pd.testing.assert_frame_equal(stored.evidence("mentions", row), whole.evidence("mentions", row))
    row = nk.voice_matrix(whole).iloc[-1]
    pd.testing.assert_frame_equal(stored.evidence("stances", row), whole.evidence("stances", row))
    pd.testing.assert_frame_equal(stored.evidence("quotes"), whole.evidence("quotes"))
    assert_same(stored.select(["a3", "a1"]), whole.select(["a3", "a1"]))
    assert set(stored.select("a3").mentions["article_id"]) == {"a3"}


def test_the_kinds_of_a_row_and_its_period(either: nk.Corpus) -> None:
    row = {"actor_id": "anna-novak", "kinds": "name+pronoun", "month": "2025-01"}
    rows = either.evidence("mentions", row)
    assert set(rows["kind"]) == {"name", "pronoun"}
    january = either.articles[either.articles["published"].dt.strftime("%Y-%m") == "2025-01"]["article_id"]
    assert set(rows["article_id"]) <= set(january)
    all_ = either.mentions[(either.mentions["actor_id"] == "anna-novak") & either.mentions["kind"].isin(ACTING)]
    assert len(rows) == all_["article_id"].isin(january).sum() < len(all_)
    assert len(either.evidence("mentions", {"actor_id": "anna-novak", "kinds": "apposition"})) > 0


@pytest.mark.parametrize(("by", "count"), [([], "stories"), (["month", "outlet"], "stories"), ("outlet", "placements")])
def test_as_many_rows_as_a_summary_counts(by: str | list[str], count: str, either: nk.Corpus) -> None:
    corpus = either.find_stories()
    for _, row in nk.actor_frequency(corpus, by=by, count=count).iloc[[0, -1]].iterrows():
        rows = corpus.evidence("mentions", row)
        assert len(rows) == row["n_mentions"]
        assert rows["article_id"].nunique() == row["n_articles"]
        assert all(part in whole for part, whole in rows[["text", "sentence"]].itertuples(index=False))


def test_quotations_with_source_and_content(either: nk.Corpus) -> None:
    quotes = either.evidence("quotes", speaker_id="boris-weiss")
    assert set(quotes["source"]) == {"Boris Weiss"}
    assert set(quotes["content"]) == {"Russia wants an attack,"}
    assert quotes["content"].dtype == "str"


def test_rows_without_a_sentence_stay(either: nk.Corpus) -> None:
    corpus = either.with_tables(sentences=either.sentences.head(1))
    rows = corpus.evidence("mentions")
    assert len(rows) == len(either.mentions)
    assert rows["sentence"].isna().any()


def test_a_row_tells_something_of_the_table(either: nk.Corpus) -> None:
    with pytest.raises(ValueError, match="nothing that tells rows of mentions"):
        either.evidence("mentions", {"kind": "name", "outlet": "Daily Example"})
    assert len(either.evidence("mentions", pd.Series({"voice": "outlet", "actor_id": "russia"}))) > 0


def test_a_row_alone_tells_its_table(corpus: nk.Corpus) -> None:
    for table, summary in {
        "mentions": nk.actor_frequency(corpus),
        "stances": nk.stance_summary(corpus),
        "frames": nk.frame_summary(corpus, codebook="news_frames"),
    }.items():
        row = summary.iloc[0]
        pd.testing.assert_frame_equal(corpus.evidence(row), corpus.evidence(table, row))
    pd.testing.assert_frame_equal(corpus.evidence(dict(row)), corpus.evidence("frames", row))
    with pytest.raises(TypeError, match=r"one row of a summary \(summary.iloc\[0\]\), got DataFrame"):
        corpus.evidence(summary)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="name it, as in"):
        corpus.evidence({"actor_id": "russia"})


def test_a_misspelled_id_or_outlet_without_rows_names_the_nearest(either: nk.Corpus) -> None:
    actor = either.actors["actor_id"].iloc[0]
    with pytest.warns(UserWarning, match=f"has actor_id '{actor}x' .did you mean '{actor}'"):
        assert either.table("mentions", actor_id=f"{actor}x").empty
    with pytest.raises(ValueError, match=f"has actor_id '{actor}x' .did you mean '{actor}'"):
        either.evidence("mentions", actor_id=f"{actor}x")
    outlet = either.articles["outlet"].dropna().iloc[0]
    with pytest.warns(UserWarning, match=f"did you mean {outlet!r}"):
        assert either.evidence("mentions", outlet=f"{outlet}z").empty
    assert either.table("mentions", actor_id="qqqqqq").empty, "nothing is like it, so nothing is said"
    assert either.table("mentions", actor_id=actor, kind="nothing").empty, "the id is right"


def test_tables_are_read_by_what_is_known_of_the_articles(either: nk.Corpus) -> None:
    outlet = either.articles["outlet"].dropna().iloc[0]
    ids = either.articles.loc[either.articles["outlet"] == outlet, "article_id"].tolist()
    for table in ("sentences", "mentions"):
        found = either.table(table, outlet=outlet)
        assert found.equals(either.table(table, article_id=ids))
        assert 0 < len(found) < len(either.table(table))
    assert either.table("mentions", columns=["text"], outlet=outlet).columns.tolist() == ["text"]
    assert either.table("actors", type="state")["type"].eq("state").all()
    with pytest.raises(ValueError, match=r"mentions has no column .'outlett'. .did you mean 'outlet'"):
        either.table("mentions", outlett=outlet)
    with pytest.raises(ValueError, match=r"no column .'outlet'."):
        either.table("mentions", columns=["outlet"])


GROUPS: tuple[list[str], ...] = ([], ["outlet"], ["month"], ["outlet", "month"], ["owner"], ["owner", "voice"])


def with_owner(corpus: nk.Corpus) -> nk.Corpus:
    """The corpus with a column of one's own."""
    ids = corpus.articles[["article_id"]]  # those that were skipped, too
    return corpus.with_metadata(ids.assign(owner=["state" if i % 2 else "private" for i in range(len(ids))]))


@pytest.mark.parametrize("by", GROUPS)
def test_the_receipt_of_every_row_has_as_many_rows_as_it_counts(by: list[str], either: nk.Corpus) -> None:
    corpus = with_owner(either).find_stories()
    plain = [name for name in by if name != "voice"]
    for count in ("placements", "stories"):
        for own_words in (True, False):
            for row in nk.stance_summary(corpus, by=by, count=count, own_words=own_words).to_dict("records"):
                rows = corpus.evidence(pd.Series(row))
                assert len(rows) == row["n"], row
                assert rows["score"].mean() == pytest.approx(row["mean"])
                assert rows["article_id"].nunique() == row["n_articles"] or row["resampled"] != "articles"
        for row in nk.actor_frequency(corpus, by=plain, count=count).to_dict("records"):
            assert len(corpus.evidence(pd.Series(row))) == row["n_mentions"], row
    for row in nk.voice_matrix(corpus).to_dict("records"):
        assert len(corpus.evidence(pd.Series(row))) == row["n"]
    for book in corpus.frames["codebook"].unique():
        for row in nk.frame_summary(corpus, codebook=book, by=by).query("n_hits > 0").to_dict("records"):
            assert len(corpus.evidence(pd.Series(row))) == row["n_hits"], row


def test_an_observation_is_shown_once_with_the_mean_of_its_mentions(either: nk.Corpus) -> None:
    twice = either.stances[either.stances["method"] == "model"].head(1)
    again = twice.assign(start=twice["start"] + 1, end=twice["end"] + 1, score=-1.0, label="negative")
    corpus = either.with_tables(stances=pd.concat([either.stances, again], ignore_index=True))
    (target,) = twice["target_id"]
    row = nk.stance_summary(corpus).set_index("target_id", drop=False).loc[target]
    rows = corpus.evidence(row)
    assert len(rows) == row["n"]
    (shown,) = rows[rows["n_mentions"] == 2].to_dict("records")
    assert shown["score"] == pytest.approx((float(twice["score"].iloc[0]) - 1) / 2)
    assert shown["start"] == twice["start"].iloc[0]
