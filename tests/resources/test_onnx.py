"""The folders of models: what they share, their hashes, and what is said when a file is missing or damaged."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from spacy.language import Language

from newskit.annotation.notes import pipeline_notes
from newskit.annotation.quotes.model import QuoteModel, load_quote_model
from newskit.annotation.tone.directed import load_directed_model
from newskit.annotation.tone.model import load_tone_model
from newskit.resources.encoder import Encoder, sentence_encoder
from newskit.resources.files import model_folder, model_folders
from newskit.resources.onnx import SHARED, WORDS, FolderModel, model_hash

CARD = json.loads((model_folder("quotes-en") / "card.json").read_text(encoding="utf-8"))


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The quotation model and what it shares, in a folder that a test may damage."""
    shutil.copytree(model_folder("quotes-en"), tmp_path / "quotes-en")
    (tmp_path / SHARED).mkdir()
    for name in ("tokenizer.json", CARD[WORDS]):
        shutil.copy(model_folder(SHARED) / name, tmp_path / SHARED)
    return tmp_path / "quotes-en"


def vectors(model: FolderModel) -> np.ndarray:
    return model._words[WORDS]


def test_models_share_word_vectors_and_the_tokenizer() -> None:
    tone, directed, quotes, encoder = load_tone_model(), load_directed_model(), load_quote_model(), sentence_encoder()
    assert np.shares_memory(vectors(tone), vectors(directed))
    assert np.shares_memory(vectors(quotes), vectors(encoder))
    assert not np.array_equal(vectors(tone), vectors(quotes))
    assert tone.tokenizer is directed.tokenizer is quotes.tokenizer is encoder.tokenizer


def test_word_vectors_ship_once_under_their_hash() -> None:
    cards = [json.loads((folder / "card.json").read_text(encoding="utf-8")) for folder in model_folders()]
    files = sorted(model_folder(SHARED).glob("*.npy"))
    assert len(cards) == 5
    assert {card[WORDS] for card in cards} == {file.name for file in files}
    for file in files:
        assert file.name == f"words-{hashlib.sha256(file.read_bytes()).hexdigest()[:8]}.npy"
        assert all(file.read_bytes()[-1000:] not in (folder / "model.onnx").read_bytes() for folder in model_folders())


def test_the_hash_of_a_model_is_noted_and_covers_its_word_vectors(copied: Path, nlp: Language) -> None:
    noted = pipeline_notes(nlp)["models"]
    models = ["definitions-en", "directed-en", "pronouns-en", "quotes-en", "sentences-en", "tone-en"]
    assert sorted(noted) == models
    for folder in model_folders():
        card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
        assert card["name"] == folder.name
        assert card["sha256"] == noted[folder.name]
        assert card["sha256"] in (folder / "README.md").read_text(encoding="utf-8")
    assert model_hash(copied) == noted["quotes-en"]
    words = copied.parent / SHARED / CARD[WORDS]
    content = bytearray(words.read_bytes())
    content[-1] ^= 1
    words.write_bytes(content)
    assert model_hash(copied) != noted["quotes-en"]


@pytest.mark.parametrize(
    "name", ["quotes-en/model.onnx", "quotes-en/card.json", "shared/tokenizer.json", f"{SHARED}/{CARD[WORDS]}"]
)
def test_a_missing_file_is_named(copied: Path, name: str) -> None:
    path = copied.parent / name
    path.unlink()
    with pytest.raises(FileNotFoundError) as error:
        QuoteModel(copied)
    assert str(error.value) == f"the quotation model is incomplete: {path} is missing; reinstall newskit"


@pytest.mark.parametrize("size", [0, 50, 200, -1])
def test_word_vectors_cut_short_are_named(copied: Path, size: int) -> None:
    words = copied.parent / SHARED / CARD[WORDS]
    words.write_bytes(words.read_bytes()[:size])
    with pytest.raises(ValueError, match=r"words-\w+\.npy is damaged \(.+\); reinstall newskit"):
        QuoteModel(copied)


@pytest.mark.parametrize("name", ["quotes-en/model.onnx", f"{SHARED}/{CARD[WORDS]}"])
@pytest.mark.parametrize("at", [1000, -1])
def test_an_altered_file_is_not_loaded(copied: Path, name: str, at: int) -> None:
    path = copied.parent / name
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)
    with pytest.raises(ValueError) as error:
        QuoteModel(copied)
    told = "is damaged (its SHA-256 is not the one in card.json); reinstall newskit"
    assert str(error.value) == f"{path} {told}"


def test_a_card_without_a_hash_vouches_for_nothing(copied: Path) -> None:
    plain = {key: value for key, value in CARD.items() if key != "sha256"}
    (copied / "card.json").write_text(json.dumps(plain), encoding="utf-8")
    with pytest.raises(ValueError, match=r"model\.onnx is damaged"):
        QuoteModel(copied)


def test_an_incomplete_encoder_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"the sentence encoder is incomplete: .*model\.onnx is missing"):
        Encoder(tmp_path)
