"""Annotating: what comes in, what comes out, and that nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
from spacy.language import Language
from spacy.tokens import Doc

import newskit as nk
from newskit.annotation.parsing import make_doc
from newskit.errors import DuplicateArticleError
from newskit.reading.article import Block
from newskit.schema import TABLES, columns, describe
from tests.conftest import SEED, check_offsets

TEXT = "President Anna Novak met Boris Weiss in Geneva on Monday. She said that Russia had agreed to the plan."


def test_offsets_of_the_seed(corpus: nk.Corpus) -> None:
    check_offsets(corpus)


def test_tables_have_their_columns_and_dtypes_even_when_empty(corpus: nk.Corpus, nlp: Language) -> None:
    empty = nk.annotate([], nlp=nlp)
    for name in TABLES:
        full, none = getattr(corpus, name), getattr(empty, name)
        assert full.columns.tolist() == none.columns.tolist() == columns(name)
        assert none.empty
        assert full.dtypes.to_dict() == none.dtypes.to_dict(), name
        assert describe(name)["meaning"].str.len().min() > 3
    assert empty.manifest["articles"] == {"in": 0, "annotated": 0, "skipped": 0, "failed": 0}


def test_headings_are_sentences_of_their_own(corpus: nk.Corpus) -> None:
    sentences = corpus.sentences
    headings = sentences[sentences["part"] == "heading"]
    assert headings["text"].tolist()[2] == "Russia Warns Against Provocation"
    assert len(headings) == 4
    assert (sentences["part"] == "headline").sum() == 1
    assert not sentences["text"].str.contains("\n").any()
    assert not sentences["text"].isin(["U.S."]).any(), "an abbreviation is no end of a sentence"
    assert sentences.loc[sentences["text"].str.startswith("The Kremlin"), "section"].tolist() == [
        "Russia Warns Against Provocation"
    ]


def test_a_batch_loses_nothing(nlp: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(nlp: Language, text: str, blocks: Sequence[Block]) -> Doc:
        if "BREAK" in text:
            raise RuntimeError("it broke")
        return make_doc(nlp, text, blocks)

    monkeypatch.setattr("newskit.annotation.rows.make_doc", breaks)
    articles = [
        nk.Article(article_id="good", text=TEXT),
        nk.Article(article_id="empty", text=" \n"),
        nk.Article(
            article_id="german",
            text="Der Kanzler hat am Montag in Berlin mit den Ministern lange über den Haushalt des Landes gesprochen.",
        ),
        nk.Article(article_id="bad", text="BREAK " + TEXT),
        nk.Article(article_id="last", text=TEXT),
    ]
    corpus = nk.annotate(articles, nlp=nlp)
    rows = corpus.articles.set_index("article_id")
    assert rows["status"].to_dict() == {
        "good": "annotated",
        "empty": "skipped",
        "german": "skipped",
        "bad": "failed",
        "last": "annotated",
    }
    assert "'de'" in rows["reason"]["german"]
    assert "RuntimeError: it broke" in rows["reason"]["bad"]
    assert rows["reason"].isna().sum() == 2
    counts = corpus.manifest["articles"]
    assert counts["in"] == counts["annotated"] + counts["skipped"] + counts["failed"] == 5
    assert "1 failed" in repr(corpus)


def test_data_frame(nlp: Language) -> None:
    frame = pd.DataFrame(
        {
            "article_id": [1, 2, 3],
            "text": [TEXT, None, TEXT],
            "published": ["2025-03-04", "2025-03-05", "not a date"],
            "outlet": ["The Example", None, "The Example"],
            "other": [1, 2, 3],
        }
    )
    before = frame.copy(deep=True)
    with pytest.warns(UserWarning, match="'not a date' is not a date and was left out"):
        corpus = nk.annotate(frame, nlp=nlp)
    pd.testing.assert_frame_equal(frame, before)
    assert corpus.articles["status"].tolist() == ["annotated", "failed", "annotated"]
    assert corpus.articles["article_id"].tolist() == ["1", "2", "3"]
    assert corpus.articles.loc[0, "published"] == pd.Timestamp(2025, 3, 4)
    assert pd.isna(corpus.articles["published"][2])
    assert corpus.articles["reason"][1] == "the text is missing"
    with pytest.raises(ValueError, match="no column 'text'"):
        nk.annotate(frame.drop(columns="text"), nlp=nlp)


def test_folder_glob_and_file(tmp_path: Path, nlp: Language) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "deep" / "b.txt").write_text(TEXT)
    (tmp_path / "deep" / "empty.txt").write_text("")
    (tmp_path / "notes.md").write_text("no article")
    corpus = nk.annotate(tmp_path, nlp=nlp)
    assert dict(zip(corpus.articles["article_id"], corpus.articles["status"], strict=True)) == {
        "a": "annotated",
        "b": "annotated",
        "empty": "failed",
    }
    assert "empty.txt is empty" in corpus.articles["reason"].dropna().iloc[0]
    assert nk.annotate(str(tmp_path / "*.txt"), nlp=nlp).articles["article_id"].tolist() == ["a"]
    assert nk.annotate(SEED, nlp=nlp).articles["article_id"].tolist() == ["trump-putin-budapest"]
    with pytest.raises(ValueError, match="no article in"):
        nk.annotate(str(tmp_path / "*.nothing"), nlp=nlp)
    with pytest.raises(ValueError, match="no such file"):
        nk.annotate(tmp_path / "gone.txt", nlp=nlp)


def test_what_annotate_refuses(nlp: Language) -> None:
    article = nk.Article(article_id="x", text=TEXT)
    with pytest.raises(DuplicateArticleError, match="'x'"):
        nk.annotate([article, article], nlp=nlp)
    with pytest.raises(TypeError, match="annotate takes Articles, Paths or what scan_articles yields; got str"):
        nk.annotate([TEXT], nlp=nlp)  # type: ignore[list-item]
    import spacy

    with pytest.raises(ValueError, match="lacks the component 'newskit_mentions'"):
        nk.annotate(article, nlp=spacy.blank("en"))
    with pytest.raises(ValueError, match="en_core_web_nope is not installed"):
        nk.make_nlp(model="en_core_web_nope")


def test_text_of_four_hundred_kilobytes(nlp: Language) -> None:
    seed = SEED.read_text(encoding="utf-8")
    text = (seed + ".\n") * (400_000 // len(seed))
    corpus = nk.annotate(nk.Article(article_id="long", text=text), nlp=nlp)
    assert corpus.articles["status"].tolist() == ["annotated"], corpus.articles["reason"].tolist()
    once = nk.annotate(nk.Article(article_id="once", text=seed), nlp=nlp)
    repeats = 400_000 // len(seed)
    assert corpus.mentions["text"].value_counts()["Kremlin"] == repeats
    assert abs(len(corpus.mentions) / (repeats * len(once.mentions)) - 1) < 0.02
    sample = corpus.mentions.iloc[:: max(1, len(corpus.mentions) // 500)]
    assert all(text[r["start"] : r["end"]] == r["text"] for r in sample.to_dict("records"))


def test_one_paragraph_longer_than_a_piece(nlp: Language) -> None:
    text = "Moscow rejected the plan of Anna Novak on Monday. " * 2500
    corpus = nk.annotate(nk.Article(article_id="long", text=text), nlp=nlp)
    assert corpus.articles["status"].tolist() == ["annotated"]
    assert corpus.actors["n_mentions"].tolist() == [2500, 2500]


def test_data_frame_with_gaps(nlp: Language) -> None:
    frame = pd.DataFrame({"article_id": [1.0, None, 3.0], "text": [TEXT, TEXT, 5]})
    rows = nk.annotate(frame, nlp=nlp).articles
    assert rows["article_id"].tolist() == ["1", "row 1", "3"]
    assert rows["status"].tolist() == ["annotated", "failed", "failed"]
    assert rows["reason"].tolist()[1:] == ["the article_id is missing", "the text is not a string (got int)"]


def test_list_of_paths(nlp: Language, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    rows = nk.annotate([tmp_path / "a.txt", tmp_path / "gone.txt"], nlp=nlp).articles
    assert rows["status"].tolist() == ["annotated", "failed"]


def test_more_that_annotate_refuses(nlp: Language) -> None:
    with pytest.raises(ValueError, match=r"nlp has its own codebooks: give them to make_nlp"):
        nk.annotate(nk.Article(article_id="x", text=TEXT), nlp=nlp, codebooks=["news_frames"])
    with pytest.raises(ValueError, match="neither a path nor HTML"):
        nk.annotate(TEXT + "\n" + TEXT, nlp=nlp)
    with pytest.raises(TypeError, match="got NoneType"):
        nk.annotate(None, nlp=nlp)  # type: ignore[arg-type]


def test_datelines_and_closing_marks_are_no_sentences(nlp: Language) -> None:
    text = 'Talks resume\nWASHINGTON, May 3 (Reuters) — Anna Novak met the press. "We talk," she said. "It goes on."'
    corpus = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp)
    assert corpus.sentences["text"].str.len().min() > 5
    assert corpus.sentences["text"][1] == "WASHINGTON, May 3 (Reuters) —"
    assert corpus.sentences["part"].tolist() == ["headline", "boilerplate", "body", "body", "body"]
    assert corpus.sentences["text"][2].startswith("Anna Novak met")
    assert corpus.actors["actor_id"].tolist() == ["anna-novak"]


def test_a_paragraph_in_another_language_is_kept_and_not_annotated(nlp: Language) -> None:
    german = "Wir werden mit Olaf Brandt nicht mehr darüber sprechen, weil das nichts mehr ändern würde, sagte sie."
    text = f"Talks fail\nAnna Novak met the press in Bonn.\n{german}\nThe ministers left on Monday."
    corpus = nk.annotate(nk.Article(article_id="x", text=text, language="en"), nlp=nlp)
    rows = corpus.sentences
    assert rows["part"].tolist() == ["headline", "body", "foreign", "body"]
    assert rows["text"].tolist()[2] == german
    assert corpus.mentions["sentence_id"].tolist().count(2) == 0
    assert nk.concordance(corpus, "Brandt").empty
    assert "nk-foreign" in nk.show_article(corpus, "x")._repr_html_()


def test_language_may_be_written_in_several_ways(nlp: Language) -> None:
    article = nk.Article(article_id="x", text=TEXT, language="EN-gb")
    assert nk.annotate(article, nlp=nlp).articles["status"].tolist() == ["annotated"]
