"""Who is quoted how often: counts by hand, words, sourcing, gender, groups, intervals and receipts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from spacy.language import Language

import newskit as nk
from newskit.schema import RESULTS
from newskit.summaries.sources import EACH
from tests.summaries import made

TEXT = "Ann said: “I — we — won’t go.” “Yes,” officials said, “we will.” 🙂 Cid: naïve cafés"
CONTENTS = {
    "ann": ("“I — we — won’t go.”", None),  # 4 words
    "officials": ("“Yes,” officials said, “we will.”", "officials"),  # 3 words, without source and cue
    "cid": ("naïve cafés", None),  # 2 words
}


def quote(article: int, which: str, *, kind: str = "direct", act: str = "speech", sentence: int = 0) -> dict[str, Any]:
    content, source = CONTENTS[which]
    start = TEXT.index(content)
    inside = TEXT.index(source) if source else None
    sourcing = {"officials": "unnamed"}.get(which, "named")
    return {
        "article_id": f"a{article}",
        "sentence_id": sentence,
        "start": start,
        "end": start + len(content),
        "content_start": start,
        "content_end": start + len(content),
        "source_start": inside,
        "source_end": None if inside is None else inside + len(source or ""),
        "cue": "said",
        "kind": kind,
        "act": act,
        "sourcing": sourcing,
        "source_kind": "officials" if sourcing == "unnamed" else None,
        "speaker_id": which if sourcing == "named" else None,
    }


ARTICLES = [{**article, "text": TEXT} for article in made.ARTICLES]
QUOTES = [
    quote(0, "ann"),
    quote(0, "ann", kind="mixed"),
    quote(1, "ann", kind="indirect"),
    quote(1, "officials"),
    quote(2, "cid", kind="indirect"),
    quote(2, "ann", act="intention"),
    {**quote(3, "ann"), "sourcing": "unresolved", "speaker_id": None},
    quote(5, "officials", kind="indirect"),
]
MENTIONS = [
    {**made.mention(0, 0, "ann"), "gender": "f"},
    {**made.mention(1, 0, "ann"), "gender": "f"},
    {**made.mention(1, 0, "ann"), "gender": "m"},
    made.mention(2, 0, "cid"),
]


@pytest.fixture(scope="module")
def quoted() -> nk.Corpus:
    return made.corpus(articles=ARTICLES, quotes=QUOTES, mentions=MENTIONS)


def test_sources_counted_by_hand(quoted: nk.Corpus) -> None:
    table = nk.source_summary(quoted)
    columns = ["speaker", "n_quotes", "n_words", "n_articles", "n_sources", "n_all"]
    assert table[columns].to_numpy().tolist() == [
        ["Ann", 3, 12, 2, 1, 7],
        ["unnamed officials", 2, 6, 2, 0, 7],
        ["Cid", 1, 2, 1, 1, 7],
        ["unresolved sources", 1, 4, 1, 0, 7],
    ]
    assert table["share"].tolist() == pytest.approx([3 / 7, 2 / 7, 1 / 7, 1 / 7])
    assert table["share_words"].tolist() == pytest.approx([12 / 24, 6 / 24, 2 / 24, 4 / 24])
    assert table[["direct", "mixed", "indirect"]].to_numpy().tolist() == [
        pytest.approx([1 / 3, 1 / 3, 1 / 3]),
        pytest.approx([1 / 2, 0, 1 / 2]),
        pytest.approx([0, 0, 1]),
        pytest.approx([1, 0, 0]),
    ]
    told = table[["speaker_id", "sourcing", "source_kind", "type", "gender"]].astype("object")
    assert told.where(told.notna(), None).to_numpy().tolist() == [
        ["ann", "named", None, "person", "f"],
        [None, "unnamed", "officials", None, None],
        ["cid", "named", None, "state", None],
        [None, "unresolved", None, None, None],
    ]


@pytest.mark.parametrize(
    ("each", "expected"),
    [
        ("sourcing", {"named sources": 4, "unnamed sources": 2, "unresolved sources": 1}),
        ("source_kind", {"officials": 2}),
        ("gender", {"women": 3}),
        ("type", {"person": 3, "state": 1}),
    ],
)
def test_what_a_row_is(quoted: nk.Corpus, each: str, expected: dict[str, int]) -> None:
    table = nk.source_summary(quoted, each=each)
    assert dict(zip(table["speaker"], table["n_quotes"], strict=True)) == expected
    assert set(table["n_all"]) == {sum(expected.values())}
    assert table["share"].sum() == pytest.approx(1)
    assert {*EACH["source"]} & {*table.columns} == {*EACH[each]}


def test_the_columns_are_those_documented(quoted: nk.Corpus, empty: nk.Corpus) -> None:
    names = [column.name for column in RESULTS["source_summary"]]
    for corpus in (quoted, empty):
        assert nk.source_summary(corpus).columns.tolist() == names
        grouped = nk.source_summary(corpus, each="gender", by=["outlet", "month"])
        assert grouped.columns.tolist()[:4] == ["outlet", "month", "gender", "speaker"]
    assert nk.source_summary(empty).empty
    assert nk.source_summary(empty, each="sourcing", by="outlet").empty


def test_kinds_and_acts(quoted: nk.Corpus) -> None:
    direct = nk.source_summary(quoted, kinds="direct")
    assert direct["n_quotes"].sum() == 3
    assert set(direct["direct"]) == {1.0}
    meant = nk.source_summary(quoted, acts=["speech", "belief", "intention"]).set_index("speaker")
    assert meant.loc["Ann", "n_quotes"] == 4
    with pytest.raises(ValueError, match="kind 'quoted' is not one of direct, mixed, indirect"):
        nk.source_summary(quoted, kinds=["quoted"])
    with pytest.raises(ValueError, match="act 'lie' is not one of speech, belief, intention"):
        nk.source_summary(quoted, acts="lie")
    with pytest.raises(ValueError, match=r"each is one of source, sourcing.*did you mean 'sourcing'"):
        nk.source_summary(quoted, each="sourcin")


def test_groups(quoted: nk.Corpus) -> None:
    table = nk.source_summary(quoted, by="outlet", each="sourcing").set_index(["outlet", "sourcing"])["n_quotes"]
    assert table.to_dict() == {
        ("East", "named"): 3,
        ("West", "unnamed"): 2,
        ("West", "named"): 1,
        ("West", "unresolved"): 1,
    }
    assert nk.source_summary(quoted, by="month")["month"].nunique() == 2, "an article without a date is in no month"
    with pytest.raises(ValueError, match="cannot group by"):
        nk.source_summary(quoted, by="speaker_id")


def test_the_interval_goes_by_articles() -> None:
    quotes = [quote(i, "ann" if j < i else "cid", sentence=j) for i in range(6) for j in range(6)]
    table = nk.source_summary(made.corpus(articles=ARTICLES, quotes=quotes)).set_index("speaker_id")
    # Of six articles with six quotations each, 0 to 5 are Ann's: the share is the mean of i/6 over resampled articles.
    draws = np.random.default_rng(1).integers(0, 6, size=(50_000, 6)).mean(axis=1) / 6
    expected = np.percentile(draws, [2.5, 97.5]).tolist()
    assert list(table.loc["ann", ["low", "high"]]) == pytest.approx(expected, abs=0.02)
    assert (table["share_words_low"] < table["share_words"]).all()
    assert (table["share_words"] < table["share_words_high"]).all()
    assert table.loc["ann", "share_words"] == pytest.approx(15 * 4 / (15 * 4 + 21 * 2))
    assert table["direct"].tolist() == [1.0, 1.0]
    assert table["direct_low"].isna().all(), "none where all are direct"
    few = nk.source_summary(made.corpus(articles=ARTICLES, quotes=[quote(0, "ann"), quote(1, "cid")]))
    assert few["low"].isna().all()


def test_words_within_a_quotation_of_another_count_for_both(quoted: nk.Corpus) -> None:
    outer = {**quote(0, "ann"), "content_start": 0, "content_end": len(TEXT)}
    table = nk.source_summary(made.corpus(articles=ARTICLES, quotes=[outer, quote(0, "cid")])).set_index("speaker_id")
    assert table.loc["cid", "n_words"] == 2
    assert table.loc["ann", "n_words"] == 14


@pytest.mark.parametrize("each", [*EACH])
@pytest.mark.parametrize("by", [(), "outlet", ["outlet", "month"], "kind"])
def test_receipts(small: nk.Corpus, quoted: nk.Corpus, each: str, by: str | list[str]) -> None:
    for corpus in (small, quoted):
        for _, row in nk.source_summary(corpus, each=each, by=by).iterrows():
            rows = corpus.evidence(row)
            assert len(rows) == row["n_quotes"]
            assert rows["article_id"].nunique() == row["n_articles"]


def test_one_article_and_stories(corpus: nk.Corpus, small: nk.Corpus) -> None:
    assert set(nk.source_summary(corpus)["resampled"]) == {"sentences"}
    stories = small.find_stories()
    table = nk.source_summary(stories, count="stories")
    assert set(table["count"]) == {"stories"}
    assert table["n_quotes"].sum() < nk.source_summary(stories)["n_quotes"].sum()
    assert len(stories.evidence(table.iloc[0])) == table["n_quotes"].iloc[0]


def test_the_same_from_disk(nlp: Language, tmp_path: Path) -> None:
    texts = ["“Yes, we will go there now,” officials said. Anna Novak said that Russia was weak.", "Critics disagreed."]
    articles = [nk.Article(str(n), text, outlet="Daily") for n, text in enumerate(texts)]
    stored, there = nk.annotate(articles, nlp=nlp, out=tmp_path / "c"), nk.annotate(articles, nlp=nlp)
    for each in EACH:
        pd.testing.assert_frame_equal(nk.source_summary(stored, each=each), nk.source_summary(there, each=each))
    assert set(nk.source_summary(stored)["speaker"]) == {"Anna Novak", "unnamed officials", "unnamed critics"}
    row = nk.source_summary(stored, each="sourcing").iloc[0]
    assert len(stored.evidence(row)) == row["n_quotes"]
