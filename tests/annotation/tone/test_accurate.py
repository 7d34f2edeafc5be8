"""The accurate model: what it reads, that it is asked in doubt only, and what is said where it is not installed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import spacy

import newskit as nk
from newskit.annotation.components import ToneComponent
from newskit.annotation.notes import pipeline_notes
from newskit.annotation.tone import accurate
from newskit.annotation.tone.accurate import CLOSE, OPEN, WINDOW, AccurateModel, load_accurate_model, marked_tokens
from newskit.annotation.tone.model import load_tone_model
from newskit.annotation.tone.target import read_toward
from tests.annotation.tone.cases import CASES, spans_of

TEXTS, SPANS = (
    ["Rivera called the mayor a liar.", "The mayor opened the bridge.", "Critics praised Ahmed for her courage."],
    [(0, 6), (4, 9), (16, 21)],
)


@pytest.fixture(scope="module")
def model() -> AccurateModel:
    return load_accurate_model()


def test_the_target_stands_between_the_marks(model: AccurateModel) -> None:
    ids, first, last = marked_tokens(model.tokenizer, TEXTS[0], (18, 23))
    tokens = [model.tokenizer.id_to_token(one) for one in ids]
    assert (tokens[first], tokens[last]) == (OPEN, CLOSE)
    assert tokens[first + 1 : last] == ["mayor"]


@pytest.mark.parametrize("at", [0, 400, 799])
def test_a_long_text_is_cut_around_the_target(model: AccurateModel, at: int) -> None:
    words = ["word"] * 800
    words[at] = "mayor"
    start = len(" ".join(words[:at])) + (at > 0)
    ids, first, last = marked_tokens(model.tokenizer, " ".join(words), (start, start + 5))
    assert len(ids) == WINDOW
    assert [model.tokenizer.id_to_token(one) for one in ids[first + 1 : last]] == ["mayor"]


def test_a_target_longer_than_the_window_is_read(model: AccurateModel) -> None:
    text = "word " * 400
    assert model.probabilities([text], [(0, len(text))]).sum() == pytest.approx(len(model.card["heads"]))


def test_what_it_says_does_not_depend_on_the_others(model: AccurateModel) -> None:
    together = model.probabilities(TEXTS, SPANS)
    alone = [model.probabilities([text], [span]) for text, span in zip(TEXTS, SPANS, strict=True)]
    assert np.array_equal(together, np.concatenate(alone))
    assert model.probabilities([], []).shape == (0, together.shape[1])


def test_clear_cases() -> None:
    table = nk.target_tone(*spans_of(CASES), method="accurate")
    assert table["label"].tolist() == [label for *_, label in CASES]


def test_it_is_asked_in_doubt_only(model: AccurateModel, monkeypatch: pytest.MonkeyPatch) -> None:
    sentences = [(text, [span]) for text, span in zip(TEXTS, SPANS, strict=True)]
    asked: list[str] = []
    read = AccurateModel.probabilities

    def listening(self: AccurateModel, texts: list[str], spans: list[tuple[int, int]]) -> object:
        asked.extend(texts)
        return read(self, texts, spans)

    monkeypatch.setattr(AccurateModel, "probabilities", listening)
    small = load_tone_model()
    sure = np.concatenate([small.sureness(p) for p in small.all_probabilities(TEXTS, [[span] for span in SPANS])])
    monkeypatch.setitem(model.card, "doubt", float(np.sort(sure)[1]))
    fast, mixed = read_toward(sentences), read_toward(sentences, size="accurate")
    least = int(sure.argmin())
    assert asked == [TEXTS[least]]
    assert [n for n in range(3) if fast[n] != mixed[n]] == [least]


def test_the_pipeline_says_which_model_reads(tmp_path: Path) -> None:
    nlp = nk.make_nlp(tone="accurate", quotes="rules")
    assert pipeline_notes(nlp)["tone"]["accurate"]["name"] == "tone-accurate-en"
    nlp.to_disk(tmp_path / "nlp")
    again = spacy.load(tmp_path / "nlp")
    assert again.get_pipe("newskit_tone").model == "accurate"  # type: ignore[attr-defined]
    assert "accurate" not in pipeline_notes(nk.make_nlp(quotes="rules"))["tone"]


def test_a_size_that_there_is_not() -> None:
    with pytest.raises(ValueError, match="tone 'large' is not one of fast, accurate"):
        ToneComponent("large")


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accurate, "PACKAGE", "newskit_no_such_package")
    with pytest.raises(ModuleNotFoundError, match=r"pip install \./models/newskit-accurate"):
        accurate.accurate_folder()


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"model\.onnx is missing; reinstall newskit-accurate"):
        AccurateModel(tmp_path)


@pytest.mark.parametrize("name", ["model.onnx", "weights.npz"])
def test_an_altered_file_is_not_loaded(tmp_path: Path, name: str) -> None:
    for file in accurate.FILES:
        (tmp_path / file).symlink_to(accurate.accurate_folder() / file)
    altered = (tmp_path / name).read_bytes()[:-1]
    (tmp_path / name).unlink()
    (tmp_path / name).write_bytes(altered)
    with pytest.raises(ValueError) as error:
        AccurateModel(tmp_path)
    told = "is damaged (its SHA-256 is not the one in card.json); reinstall newskit-accurate"
    assert str(error.value) == f"{tmp_path / name} {told}"
