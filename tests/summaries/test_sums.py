"""What all summaries share: the same numbers in memory and on disk, the columns of the schema, empty corpora."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from spacy.language import Language

import newskit as nk
from newskit.corpus.tables import ParquetTables
from newskit.schema import TABLES
from tests.conftest import declared, dtypes


@pytest.mark.parametrize("by", [(), "outlet", ["voice", "month"]])
def test_an_empty_corpus_gives_empty_tables(small: nk.Corpus, empty: nk.Corpus, by: str | list[str]) -> None:
    both: list[Callable[..., pd.DataFrame]] = [nk.stance_summary, nk.actor_frequency]
    summaries = both[:1] if isinstance(by, list) else both
    for summary in summaries:
        none = summary(empty, by=by)
        assert none.empty
        assert none.columns.tolist() == summary(small, by=by).columns.tolist()
    assert nk.voice_matrix(empty).columns.tolist() == nk.voice_matrix(small).columns.tolist()


def test_same_input_same_output_and_nothing_is_changed(corpus: nk.Corpus) -> None:
    before = {name: getattr(corpus, name).copy(deep=True) for name in TABLES}

    def run() -> list[pd.DataFrame]:
        return [
            nk.actor_frequency(corpus, by="kind"),
            nk.stance_summary(corpus, by="voice"),
            nk.voice_matrix(corpus),
            nk.frame_summary(corpus, codebook="missile_debate", by="voice"),
            nk.keyness(corpus.sentences, reference=corpus.mentions),
            nk.concordance(corpus, "missile*"),
        ]

    for one, two in zip(run(), run(), strict=True):
        pd.testing.assert_frame_equal(one, two)
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(corpus, name), before[name])


SUMMARIES: list[tuple[str, dict[str, Any]]] = [
    *(("actor_frequency", {"by": by}) for by in ((), "kind", "year", "month", "week", "day", ["outlet", "month"])),
    ("actor_frequency", {"by": "outlet", "sides": True, "count": "stories"}),
    *(("stance_summary", {"by": by}) for by in ((), "voice", "article_id", ["voice", "outlet", "week"])),
    ("stance_summary", {"method": "textblob", "count": "stories"}),
    ("voice_matrix", {}),
    *(("frame_summary", {"codebook": "news_frames", "by": by}) for by in ((), "actor_id", ["outlet", "voice"], "day")),
    ("frame_summary", {"codebook": "missile_debate", "count": "stories"}),
    ("frame_cooccurrence", {"codebook": "news_frames"}),
    ("frame_stance", {"codebook": "news_frames"}),
]
TEXTS = (
    "Moscow {} the attack. Russia must stop the war, said President Anna Novak. She met Boris Weiss in Geneva.",
    "“Russia is losing the war and {} its allies,” Anna Novak told reporters. Ukraine welcomed the sanctions.",
    "Ukraine {} the peace talks. Officials warned that sanctions would hurt the economy and jobs in Russia.",
)


@pytest.fixture(scope="module")
def both(nlp: Language, tmp_path_factory: pytest.TempPathFactory) -> dict[str, nk.Corpus]:
    """The same articles in memory and in shards of two; the last two tell one story, and one is not annotated."""
    articles = [
        nk.Article(
            article_id=f"a{i}",
            text=TEXTS[min(i, 6) % 3].format(["condemned", "praised", "left"][min(i, 6) % 2]),
            outlet=["Daily Example", "Evening Example"][i % 2],
            published=pd.Timestamp(2024, 12, 29 + i).to_pydatetime() if i < 3 else pd.Timestamp(2025, 1, i),
        )
        for i in range(8)
    ]
    articles.append(nk.Article(article_id="empty", text=" ", outlet="Daily Example"))
    folder = tmp_path_factory.mktemp("corpus") / "c"
    there = nk.annotate(articles, nlp=nlp, out=folder, shard_size=2)
    return {"memory": nk.annotate(articles, nlp=nlp).find_stories(), "disk": there.find_stories()}


@pytest.mark.parametrize(("name", "options"), SUMMARIES)
def test_summaries_are_the_same_in_memory_and_on_disk(
    both: dict[str, nk.Corpus], name: str, options: dict[str, Any]
) -> None:
    """Equal to the last bit, with the columns of the schema; and no table is read as a whole."""
    there = nk.Corpus(both["disk"].tables.replaced({}), manifest=both["disk"].manifest)
    table = getattr(nk, name)(both["memory"], **options)
    pd.testing.assert_frame_equal(getattr(nk, name)(there, **options), table, check_exact=True)
    assert len(table) > 1
    by = options.get("by", ())
    groups = [by] if isinstance(by, str) else list(by)
    count = {"count": "str"} if options.get("count") == "stories" else {}
    assert dtypes(table.drop(columns=groups)) == declared(name) | count
    assert {*groups} <= {*table.columns}
    assert isinstance(there.tables, ParquetTables)
    assert {*there.tables._whole} <= {"actors"}


def test_words_have_the_columns_of_the_schema(both: dict[str, nk.Corpus]) -> None:
    for corpus in both.values():
        sentences = corpus.sentences
        for table in (
            nk.keyness(sentences.iloc[:9], reference=sentences.iloc[9:]),
            nk.keyness(["war"], reference=["peace"], min_count=9),
        ):
            assert dtypes(table) == declared("keyness")
        for pattern in ("russia*", "zebra"):
            assert dtypes(nk.concordance(corpus, pattern)) == declared("concordance")
    here, there = (nk.concordance(corpus, "russia*") for corpus in both.values())
    pd.testing.assert_frame_equal(here, there)
    assert len(here) > 1


def test_columns_of_the_result_are_no_groups(small: nk.Corpus) -> None:
    with pytest.raises(ValueError, match="cannot group by"):
        nk.actor_frequency(small, by="actor_id")
    for by in ("frame", "codebook", ["outlet", "outlet"]):
        with pytest.raises(ValueError, match="name each column once, and none of codebook, frame"):
            nk.frame_summary(small, codebook="news_frames", by=by)
    with pytest.raises(ValueError, match="choose a codebook: 'missile_debate', 'news_frames'"):
        nk.frame_comparison(small, between="outlet")
