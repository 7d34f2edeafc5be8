"""target_tone: by the model and by TextBlob, and what it refuses."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

import newskit as nk
from newskit.annotation.tone.model import load_tone_model
from newskit.annotation.tone.target import read_toward
from newskit.schema import LABELS
from tests.annotation.tone.cases import CASES, spans_of
from tests.conftest import declared, dtypes

TEXT = "Putin praised the great work of Melania Trump."


def test_textblob_is_blind_to_the_target() -> None:
    table = nk.target_tone([TEXT, TEXT], [(0, 5), (32, 45)], method="textblob")
    assert table["label"].tolist() == ["positive", "positive"]
    assert table["score"].nunique() == 1
    assert table[["p_negative", "p_neutral", "p_positive"]].isna().all(axis=None)


def test_empty_input_has_the_columns() -> None:
    table = nk.target_tone([], [])
    assert dtypes(table) == declared("target_tone")
    assert table.empty


@pytest.mark.parametrize(
    ("texts", "spans", "message"),
    [
        ([TEXT], [(0, 500)], "not inside"),
        ([TEXT], [(5, 5)], "not inside"),
        ([TEXT], [(-1, 5)], "not inside"),
        ([TEXT], [], "expected one span per text: got 1 texts and 0 spans"),
    ],
)
def test_bad_spans(texts: list[str], spans: list[tuple[int, int]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        nk.target_tone(texts, spans)


def test_bad_method_and_single_string() -> None:
    with pytest.raises(ValueError, match="not one of model, accurate, newsmtsc, textblob"):
        nk.target_tone([TEXT], [(0, 5)], method="vader")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="pass a list"):
        nk.sentence_sentiment(TEXT)
    with pytest.raises(TypeError, match="pass a list"):
        nk.target_tone(TEXT, [(0, 5)])


@pytest.mark.parametrize("method", ["model", "textblob"])
def test_stances_agree_with_target_tone(corpus: nk.Corpus, method: Literal["model", "textblob"]) -> None:
    rows = corpus.evidence("stances", method=method)
    starts = rows.merge(corpus.sentences[["sentence_id", "start"]], on="sentence_id", suffixes=("", "_of"))["start_of"]
    spans = list(zip(rows["start"] - starts, rows["end"] - starts, strict=True))
    again = nk.target_tone(rows["sentence"].tolist(), spans, method=method)
    pd.testing.assert_frame_equal(rows[again.columns.tolist()], again)


def test_every_stance_has_both_methods(corpus: nk.Corpus) -> None:
    counts = corpus.stances.groupby("mention_id")["method"].value_counts().unstack(fill_value=0)
    assert counts.columns.tolist() == ["model", "textblob"]
    assert (counts == 1).all(axis=None)
    rows = corpus.stances[corpus.stances["method"] == "model"]
    chances = rows[["p_negative", "p_neutral", "p_positive"]]
    assert chances.sum(axis=1).tolist() == pytest.approx([1] * len(rows))
    assert rows["score"].tolist() == pytest.approx((rows["p_positive"] - rows["p_negative"]).tolist())
    assert load_tone_model().decided(chances.to_numpy(), "tone") == rows["label"].tolist()
    assert set(rows["fate"]) <= {"harmed", "none", "benefits"}
    assert rows["speaks"].dtype == "boolean"
    assert rows["speaks"].notna().all()
    assert corpus.stances.loc[corpus.stances["method"] == "textblob", ["speaks", "fate"]].isna().all(axis=None)


def test_rare_codes_get_a_bonus() -> None:
    model = load_tone_model()
    weigh = np.array(model.card["bonus"]["tone"])
    assert weigh[LABELS.index("neutral")] == 1 < weigh.min(initial=9, where=[True, False, True])
    chances = np.array([[0.45, 0.54, 0.01], [0.02, 0.96, 0.02], [0.1, 0.5, 0.4]])
    assert model.decided(chances, "tone") == ["negative", "neutral", "positive"]
    assert model.decided(chances, "newsmtsc") == ["neutral", "neutral", "neutral"]


def test_newsmtsc_is_another_convention() -> None:
    text = "The senator thanked the firefighters warmly for saving the town."
    by_codebook, by_crowd = (nk.target_tone([text], [(0, 11)], method=m) for m in ("model", "newsmtsc"))
    assert by_codebook["label"].tolist() == ["neutral"]
    assert by_codebook["score"].iloc[0] != by_crowd["score"].iloc[0]


def test_the_model_reads_the_target() -> None:
    texts, spans = spans_of(CASES)
    assert nk.target_tone(texts, spans)["label"].tolist() == [label for _, _, label in CASES]


@settings(max_examples=20)
@given(order=st.permutations(range(len(CASES))), twice=st.booleans())
def test_the_same_input_gives_the_same_output_whatever_the_batch(order: list[int], twice: bool) -> None:
    texts, spans = spans_of(CASES)
    one_by_one = [nk.target_tone([text], [span]) for text, span in zip(texts, spans, strict=True)]
    wanted = [*order, *order] if twice else order
    batch = nk.target_tone([texts[i] for i in wanted], [spans[i] for i in wanted])
    pd.testing.assert_frame_equal(batch, pd.concat([one_by_one[i] for i in wanted], ignore_index=True))


def test_the_other_targets_of_a_sentence_change_nothing() -> None:
    text = "Orban, who praised Trump, was criticised as a liar and a crook."
    targets = [(0, 5), (19, 24), (7, 10)]
    ((*together,),) = read_toward([(text, targets)])
    assert together == [read_toward([(text, [target])])[0][0] for target in targets]


def test_a_long_text_is_read_around_its_target() -> None:
    filler = "The committee met and the minutes were read to the members. " * 60
    praise, blame = "Novak was hailed as a hero for her courage. ", "Weiss was condemned as a liar and a thief. "
    text = praise + filler + blame + filler
    spans = [(0, 5), (text.index("Weiss"), text.index("Weiss") + 5)]
    assert nk.target_tone([text, text], spans)["label"].tolist() == ["positive", "negative"]
    end = len(text.rstrip()) - 1
    assert nk.target_tone([text], [(end - 7, end)])["label"].tolist() == ["neutral"]


@given(st.text(min_size=1, max_size=300), st.data())
def test_any_text_and_span_has_a_tone(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    table = nk.target_tone([text], [(start, end)])
    assert table[["p_negative", "p_neutral", "p_positive"]].sum(axis=1).tolist() == pytest.approx([1])
    assert -1 <= table["score"].iloc[0] <= 1


def test_a_target_longer_than_the_window() -> None:
    text = "word " * 400
    assert nk.target_tone([text], [(0, len(text))])["p_neutral"].notna().all()


def test_the_component_batches_across_documents(nlp: Language, small: nk.Corpus) -> None:
    texts = small.articles["text"].tolist()
    one = [nlp(text)._.newskit_tone for text in texts]
    assert [doc._.newskit_tone for doc in nlp.pipe(texts, batch_size=4)] == one
    for text, tones in zip(texts, one, strict=True):
        targets = [mention.is_target for mention in nlp(text)._.newskit_mentions]
        assert [tone is not None for tone in tones.mentions] == targets
