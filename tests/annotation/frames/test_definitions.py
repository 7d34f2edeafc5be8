"""Coding by definitions: what a small model says of sentences and frames that it was not taught."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import spacy

import newskit as nk
from newskit.annotation.frames.codebook import Codebook, Frame
from newskit.annotation.frames.definitions import DefinitionCoder, definition_reader

WATER = Codebook(
    "water",
    "1.0.0",
    "en",
    "A dam across a valley",
    "invented for this test",
    (
        Frame("jobs", "Jobs", "The dam as a source of work and income for people in the region.", ()),
        Frame("nature", "Nature", "Harm that the dam does to animals, plants and rivers.", ()),
        Frame(
            "homes",
            "Homes",
            "People who must leave their houses because of the dam.",
            (),
            matches=("Four hundred families will be moved to the new town.",),
        ),
    ),
)
SENTENCES = (
    "Building it would employ two thousand workers for six years, the minister said.",
    "Salmon could no longer swim upstream, and the wetlands would dry out.",
    "Villagers were told to pack and leave their homes before spring.",
    "The committee meets again on Tuesday.",
)


def test_a_codebook_without_a_single_term_is_coded() -> None:
    found = nk.code_frames(SENTENCES, WATER, method="definition")
    assert found == [{"jobs"}, {"nature"}, {"homes"}, set()]
    with pytest.raises(ValueError, match="codebook 'water' has no terms: code it by its definitions"):
        nk.code_frames(SENTENCES, WATER)
    with pytest.raises(ValueError, match="frames='definition' in annotate"):
        nk.annotate(nk.Article(article_id="a", text=SENTENCES[0]), codebooks=[WATER])


def test_the_right_frame_is_the_likeliest() -> None:
    chances = DefinitionCoder(WATER).scores(SENTENCES)
    assert chances.shape == (4, 3)
    assert chances[:3].argmax(axis=1).tolist() == [0, 1, 2]
    assert chances[3].max() < chances[:3].max(axis=1).min()
    assert ((chances > 0) & (chances < 1)).all()


def test_a_threshold_of_ones_own() -> None:
    assert not (DefinitionCoder(WATER, threshold=0.999).scores(SENTENCES) >= 0.999).any()
    assert DefinitionCoder(WATER).threshold == definition_reader().threshold


def test_the_vector_of_a_sentence_does_not_depend_on_those_beside_it() -> None:
    reader = definition_reader()
    together, alone = reader.encode(SENTENCES), np.concatenate([reader.encode([s]) for s in SENTENCES])
    assert np.array_equal(together, alone)
    assert np.linalg.norm(together, axis=1) == pytest.approx(1, abs=1e-5)


def test_no_sentences_and_long_ones() -> None:
    reader = definition_reader()
    assert reader.encode([]).shape == (0, together_width())
    assert np.isfinite(reader.encode(["word " * 5000])).all()
    assert nk.code_frames(["", " \n "], WATER, method="definition") == [set(), set()]


def together_width() -> int:
    """How many numbers a vector has."""
    return int(definition_reader().card["width"])


def test_annotate_and_recode_give_the_same_rows() -> None:
    text = "The debate\n\n" + "\n\n".join(SENTENCES)
    article = nk.Article(article_id="a", text=text)
    direct = nk.annotate(article, codebooks=[WATER], frames="definition")
    again = nk.annotate(article, codebooks=[]).recode(WATER, method="definition")
    columns = ["article_id", "sentence_id", "start", "end", "text", "codebook", "frame", "method", "score", "voice"]
    assert direct.frames[columns].equals(again.frames[columns])
    assert direct.frames["frame"].tolist() == ["jobs", "nature", "homes"]
    assert set(direct.frames["method"]) == {"definition"}
    assert direct.frames["text"].tolist() == list(SENTENCES[:3])
    assert direct.manifest["frames"] == "definition"


def test_words_of_a_source_are_the_voice_of_a_sentence() -> None:
    text = "“The dam will drown the nests of thousands of rare birds,” said Maria Alvarez."
    corpus = nk.annotate(nk.Article(article_id="a", text=text), codebooks=[WATER], frames="definition")
    assert "nature" in set(corpus.frames["frame"])
    assert set(corpus.frames["voice"]) == {"maria-alvarez"}


def test_the_method_is_saved_with_the_pipeline(tmp_path: Path) -> None:
    nk.make_nlp(codebooks=[WATER], frames="definition").to_disk(tmp_path)
    doc = spacy.load(tmp_path)(" ".join(SENTENCES))
    assert [(hit.hit.frame, hit.method) for hit in doc._.newskit_frames] == [
        ("jobs", "definition"),
        ("nature", "definition"),
        ("homes", "definition"),
    ]


def test_scope_still_decides() -> None:
    scoped = Codebook(WATER.name, "1.0.0", "en", "", "", WATER.frames, scope=("dam/NOUN",))
    outside, inside = nk.code_frames([SENTENCES[1], "At the dam, " + SENTENCES[1]], scoped, method="definition")
    assert outside == set()
    assert "nature" in inside


def test_an_unknown_method_names_those_there_are() -> None:
    with pytest.raises(ValueError, match="not one of lexicon, definition, embedding"):
        nk.annotate("An article.", frames="definitions")  # type: ignore[arg-type]


def test_a_file_without_a_single_term(tmp_path: Path) -> None:
    path = tmp_path / "water.toml"
    head = '[codebook]\nname = "water"\nversion = "0.1.0"\nlanguage = "en"\ntitle = "Dam"\nsource = "a test"\n'
    frames = [
        f'[[frame]]\nname = "{f.name}"\nlabel = "{f.label}"\ndefinition = "{f.definition}"\n'
        + (f'[frame.examples]\nmatch = ["{f.matches[0]}"]\n' if f.matches else "")
        for f in WATER.frames
    ]
    path.write_text(head + "".join(frames), encoding="utf-8")
    book = nk.load_codebook(path)
    assert not book.has_terms
    assert nk.code_frames(SENTENCES, book, method="definition") == nk.code_frames(SENTENCES, WATER, method="definition")
    path.write_text(head + frames[0] + 'include = ["work"]\n' + frames[1], encoding="utf-8")
    with pytest.raises(ValueError, match="frame 'nature' lacks include"):
        nk.load_codebook(path)
