"""What all summaries share: the same numbers in memory and on disk, the columns of the schema, empty corpora."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from spacy.language import Language

import newskit as nk
from newskit.schema import TABLES


@pytest.fixture(scope="module")
def empty(nlp: Language) -> nk.Corpus:
    return nk.annotate([], nlp=nlp)


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
