from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

import newskit as nk
from newskit.annotation.actors.catalog import Actor
from newskit.validation.matching import NO_ARTICLE, NO_UNIT, OTHER_ACTOR, OTHER_TEXT
from tests.corpus.byhand import debate, in_memory, on_disk
from tests.validation.test_drawing import ISSUE

OTHER = nk.ActorCatalog([Actor("kremlin", "the Kremlin", "state", ("Russia", "Moscow"))], name="other")


def coded(corpus: nk.Corpus, unit: str = "stances", **options: object) -> nk.Codings:
    """All rows coded: the first code of each variable."""
    sample = nk.draw_sample(corpus, unit, n=10**6, **options)  # type: ignore[arg-type]

    def rows() -> Iterator[list[str]]:
        for row_id in sample.rows["row_id"]:
            for variable in sample.asked(row_id):
                yield [row_id, "ann", variable.name, variable.codes[0]]

    table = pd.DataFrame(list(rows()), columns=["row_id", "coder", "variable", "code"])
    return nk.load_codings(table, sample=sample)


def edited() -> list[nk.Article]:
    """The articles anew: one is gone, one begins differently, one has another word."""
    articles = [one for one in debate(8) if isinstance(one, nk.Article)]
    kept = {one.article_id: one for one in articles if one.article_id != "a0"}
    kept["a1"] = nk.Article(article_id="a1", text=f"Today. {kept['a1'].text}")
    kept["a3"] = nk.Article(article_id="a3", text=kept["a3"].text.replace("Anna Novak praised", "Anne Nowak praised"))
    return list(kept.values())


def test_the_same_corpus_loses_nothing(tmp_path: object) -> None:
    corpus = in_memory(debate(8))
    codings = coded(corpus)
    assert codings.lost(corpus).empty
    assert codings.lost(on_disk(list(debate(8))[::-1], f"{tmp_path}/corpus")).empty  # in another order
    pd.testing.assert_frame_equal(codings.matched(corpus).table, codings.table)


def test_what_is_lost_and_why() -> None:
    codings = coded(in_memory(debate(8)))
    now = in_memory(edited())
    lost = codings.lost(now)
    reasons = lost.groupby("article_id")["reason"].unique().map(list).to_dict()
    assert reasons["a0"] == [NO_ARTICLE]
    assert reasons["a1"] == [OTHER_TEXT]
    assert {*reasons} <= {"a0", "a1", "a3"}
    changed = lost[lost["article_id"] == "a3"]
    assert changed[["start", "text", "reason"]].to_numpy().tolist() == [[0, "Anna Novak", OTHER_TEXT]]
    kept = codings.matched(now)
    assert not {*kept.table["row_id"]} & {*lost["row_id"]}
    assert len({*kept.table["row_id"]}) == len(codings.sample.rows) - len(lost)
    assert kept.sample is codings.sample


def test_what_newskit_no_longer_finds() -> None:
    corpus = in_memory(debate(8))
    codings = coded(corpus)
    fewer = corpus.with_tables(stances=corpus.stances[corpus.stances["target_id"] != "russia"].reset_index(drop=True))
    lost = codings.lost(fewer)
    assert {*lost["target"]} == {"Russia"}
    assert {*lost["reason"]} == {NO_UNIT}


def test_codes_about_another_actor_do_not_hold() -> None:
    corpus = in_memory(debate(8))
    codings = coded(corpus)
    relinked = corpus.relink(OTHER)
    lost = codings.lost(relinked)
    assert {*lost["reason"]} == {OTHER_ACTOR}
    assert {*lost["target"]} == {"Russia"}
    kept = codings.matched(relinked).table
    dropped = codings.table[~codings.table.index.isin(kept.merge(codings.table.reset_index())["index"])]
    assert {*dropped["variable"]} == {"target_ok"}
    assert {*dropped["row_id"]} == {*lost["row_id"]}


def test_another_corpus_altogether() -> None:
    codings = coded(in_memory(debate(8)))
    other = in_memory([nk.Article(article_id="z", text="Novak praised Russia.")])
    with pytest.raises(nk.errors.CodingsError, match="no row of the sample is in the corpus"):
        codings.matched(other)


def test_sentences_hold_however_they_are_coded() -> None:
    corpus = in_memory(debate(8))
    codings = coded(corpus, "frames")
    again = corpus.frames.assign(codebook_version="2.0.0")
    assert codings.lost(corpus.with_tables(frames=again)).empty
    both = corpus.with_tables(frames=pd.concat([corpus.frames, again], ignore_index=True))
    assert codings.lost(both).empty


def test_positions_need_their_issue() -> None:
    corpus = in_memory(debate(4))
    codings = coded(corpus, "positions", issue=ISSUE)
    assert codings.lost(corpus, issue=ISSUE).empty
    with pytest.raises(nk.errors.SampleError, match="the sample is of positions on 'plan': give issue="):
        codings.lost(corpus)
