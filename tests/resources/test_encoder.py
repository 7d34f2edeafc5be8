"""Sentence vectors: length, independence of the batch, and what they are for."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from newskit.resources.encoder import WIDTH, background, sentence_encoder
from newskit.resources.files import model_folder

MODEL = model_folder("sentences-en")


def test_a_text_has_the_same_vector_whatever_it_is_coded_with() -> None:
    texts = ["Tariffs will rise.", "A very long sentence about the weather in the north of the country. " * 20, "No."]
    together = sentence_encoder().encode(texts)
    assert together.shape == (3, WIDTH)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, rtol=1e-5)
    for text, vector in zip(texts, together, strict=True):
        np.testing.assert_array_equal(sentence_encoder().encode([text])[0], vector)


def test_near_in_meaning_is_near_in_space() -> None:
    a, b, c = sentence_encoder().encode(["The court struck down the law.", "Judges annulled the act.", "It rained."])
    assert a @ b > a @ c + 0.2


def test_no_texts_and_an_empty_one() -> None:
    assert sentence_encoder().encode([]).shape == (0, WIDTH)
    assert np.isfinite(sentence_encoder().encode([""])).all()


def test_a_long_text_is_cut() -> None:
    long, short = sentence_encoder().token_ids(["tariff " * 600, "tariff"])
    assert len(short) == 3
    assert long == [short[0], *[short[1]] * 254, short[2]]


def test_the_background_is_a_covariance() -> None:
    mean, covariance = background()
    assert mean.shape == (WIDTH,)
    assert np.linalg.eigvalsh(covariance.astype(float)).min() > -1e-3


def test_the_model_is_small_and_its_card_says_where_it_is_from() -> None:
    assert sum(path.stat().st_size for path in MODEL.iterdir()) < 13e6
    card = Path(MODEL / "README.md").read_text(encoding="utf-8")
    for word in ("all-MiniLM-L6-v2", "Apache-2.0", "sha256", "training/encoder/export.py"):
        assert word in card
