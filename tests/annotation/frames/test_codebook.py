"""A codebook as data: parts and wholes, saving, what an edit changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import newskit as nk
from newskit.annotation.frames.codebook import Codebook, Frame
from newskit.annotation.notes import book_note
from tests.annotation.frames.samples import book
from tests.conftest import declared, dtypes


def test_a_part_brings_its_whole() -> None:
    coded = nk.code_frames(["They called him a traitor."], "moral_foundations")
    assert coded == [{"betrayal", "loyalty_betrayal"}]


def test_saved_codebook_is_the_same(tmp_path: Path) -> None:
    for name in ("missile_debate", "moral_foundations"):
        codebook = nk.load_codebook(name)
        assert nk.load_codebook(codebook.save(tmp_path / f"{name}.toml")) == codebook


def test_diff_lists_what_an_edit_changes(small: nk.Corpus) -> None:
    old = book("praise", "lose")
    new = Codebook("test", "1.1.0", "en", "Test", "tests", (Frame("a", "A", "a frame", ("condemn", "lose")),))
    changes = new.diff(old, small)
    assert dtypes(changes) == declared("Codebook.diff")
    assert changes.groupby("change")["text"].unique().map(list).to_dict() == {
        "added": ["condemned"],
        "dropped": ["praised"],
    }
    assert (changes["old"] + changes["new"] == "1.0.01.1.0").all()
    assert all(row["text"] in row["sentence"] for row in changes.to_dict("records"))
    with pytest.raises(ValueError, match="raise the version"):
        book("x1").diff(old, small)


def test_every_part_of_a_codebook_is_saved(tmp_path: Path) -> None:
    whole = Frame(
        "a",
        'A "label"',
        "It is\none.",
        ("war", "peace\ttalk"),
        exclude=("war room",),
        matches=("The army went to war.",),
        misses=("Hm.",),
        context=("army",),
        window=3,
        negation=2,
        parent="b",
    )
    book = Codebook(
        "mine",
        "1.2.0",
        "en",
        "Mine",
        "me",
        (whole, Frame("b", "B", "All.", ())),
        scope_exclude=("board game",),
        scope_context=("front",),
        overlap="all",
        description="Words – ‘quoted’.",
    )
    for one in (book, replace(book, scope=("war",)), replace(book, scope_exclude=(), scope_context=())):
        assert nk.load_codebook(one.save(tmp_path / "mine.toml")) == one


def test_wholes_of_parts() -> None:
    names = [("a", None), ("a.b", "a"), ("a.b.c", "a.b"), ("d", None)]
    book = Codebook("t", "1.0.0", "en", "T", "t", tuple(Frame(name, name, "x", (), parent=of) for name, of in names))
    assert book.top_frames() == {"a": "a", "a.b": "a", "a.b.c": "a", "d": "d"}
    assert book.with_parents(["a.b.c", "d"]) == {"a", "a.b", "a.b.c", "d"}
    assert book_note(book)["top"] == book.top_frames()
