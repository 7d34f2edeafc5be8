"""The components of the pipeline: a pipeline that was saved and loaded annotates as before."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import load_model_from_config

import newskit as nk
from newskit.annotation import components
from newskit.annotation.actors.mentions import Mention
from newskit.annotation.components import (
    MOST_ACTORS,
    DirectedComponent,
    Evaluation,
    FramesComponent,
    MentionsComponent,
    actor_pairs,
)
from newskit.annotation.frames.codebook import Frame
from newskit.annotation.notes import pipeline_notes, to_json
from newskit.annotation.pipeline import MAX_LENGTH
from newskit.annotation.tone.directed import DIRECTED
from newskit.schema import TABLES

CATALOG = """
catalog = { name = "mine", version = "2.0", extends = "world" }
[[actor]]
id = "talks"
label = "The Novak talks"
type = "organization"
aliases = ["Novak Commission"]
[[split]]
actor = "anna-novak"
names = ["Novak"]
into = "boris-novak"
[[group]]
name = "hosts"
members = ["russia", "talks"]
[rename]
russia = "Russian Federation"
"""
ARTICLE = nk.Article(
    article_id="x",
    text="Talks resume\nThe Novak Commission met. President Anna Novak said Moscow had made a “provocative offer.”\n"
    "Kyiv awaits Tomahawk missiles, though the Kremlin condemned Boris Weiss for this provocation.",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Language:
    """A pipeline that differs in everything from what the factories make by default."""
    path = tmp_path_factory.mktemp("catalog") / "mine.toml"
    path.write_text(CATALOG, encoding="utf-8")
    offer = Frame("offer", "Offer", "It is one.", ("offer",), negation=2, parent="all")
    own = nk.Codebook("own", "1.0.0", "en", "Own", "me", (offer, Frame("all", "All", "Any.", ())), overlap="all")
    return nk.make_nlp(catalog=path, codebooks=["missile_debate", own], quotes="rules", directed=True)


def by_disk(nlp: Language, folder: Path) -> Language:
    nlp.to_disk(folder)
    return spacy.load(folder)


def by_bytes(nlp: Language, folder: Path) -> Language:
    return load_model_from_config(nlp.config, auto_fill=True).from_bytes(nlp.to_bytes())


@pytest.mark.parametrize("kept", [by_disk, by_bytes])
def test_a_pipeline_that_was_kept_annotates_the_same(
    made: Language, tmp_path: Path, kept: Callable[[Language, Path], Language]
) -> None:
    before, again = made, kept(made, tmp_path / "nlp")
    one, other = nk.annotate(ARTICLE, nlp=before), nk.annotate(ARTICLE, nlp=again)
    assert {"talks", "russia"} <= set(one.actors["actor_id"])
    assert {"missile_debate", "own"} == set(one.frames["codebook"])
    assert "directed" in set(one.stances["method"])
    for table in TABLES:
        pd.testing.assert_frame_equal(getattr(one, table), getattr(other, table))
    assert to_json(one.manifest) == to_json(other.manifest)
    assert one.manifest["quotes"] == "rules"
    assert again.max_length == before.max_length == MAX_LENGTH


def test_a_fresh_process_loads_it_too(made: Language, tmp_path: Path) -> None:
    made.to_disk(tmp_path / "nlp")
    code = (
        "import sys, spacy; nlp = spacy.load(sys.argv[1]); from newskit.annotation.notes import *; "
        "sys.stdout.buffer.write(to_json(pipeline_notes(nlp)))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "nlp")], capture_output=True, check=True)
    assert done.stdout == to_json(pipeline_notes(made))


def test_a_kept_pipeline_needs_no_file_of_the_catalogue(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(CATALOG, encoding="utf-8")
    nk.make_nlp(catalog=path, codebooks=()).to_disk(tmp_path / "nlp")
    path.unlink()
    again = spacy.load(tmp_path / "nlp")
    assert pipeline_notes(again)["catalog"]["name"] == "world+mine"
    assert pipeline_notes(again)["codebooks"] == {}


def test_the_quotation_model_is_kept_unless_rules_were_asked_for(nlp: Language) -> None:
    component = nlp.get_pipe("newskit_quotes")
    data = component.to_bytes()  # type: ignore[attr-defined]
    blank = spacy.blank("en").add_pipe("newskit_quotes", config={"method": "rules"})
    assert blank.from_bytes(data).method == "model"  # type: ignore[attr-defined]


def test_the_config_alone_is_refused_rather_than_silently_empty(nlp: Language) -> None:
    doc = nlp("Moscow rejected the offer.")
    with pytest.raises(ValueError, match="'newskit_mentions' has no catalogue yet"):
        MentionsComponent()(doc)
    with pytest.raises(ValueError, match="'newskit_frames' has no codebooks yet"):
        FramesComponent()(doc)
    assert FramesComponent([])(doc)._.newskit_frames == []


def doc_of(words: str, *mentions: tuple[str, int]) -> Doc:
    """A Doc of one sentence with mentions, each a word and its entity."""
    doc = spacy.blank("en")(words)
    for token in doc:
        token.is_sent_start = token.i == 0
    doc.user_data["newskit_mentions"] = [
        Mention(words.index(word), words.index(word) + len(word), entity, "name", "person", None, "", word)
        for word, entity in mentions
    ]
    return doc


def test_pairs_are_of_different_actors_each_by_its_first_mention() -> None:
    doc = doc_of("Ann met Bob and Cy, whom she (Annie) likes", ("Ann", 0), ("Bob", 1), ("Cy", 2), ("Annie", 0))
    pairs = list(actor_pairs(doc))
    assert [pair.mentions for pair in pairs] == [(0, 1), (0, 2), (1, 2)]
    assert [tuple(pair.text[a:b] for a, b in pair.spans) for pair in pairs][2] == ("Bob", "Cy")


def test_a_mention_inside_another_makes_no_pair() -> None:
    doc = doc_of("Ann leads the Bob Foundation", ("Ann", 0), ("Bob Foundation", 1), ("Bob", 2))
    assert {pair.mentions for pair in actor_pairs(doc)} == {(0, 1), (0, 2)}


def test_of_many_actors_the_first_are_paired() -> None:
    names = [f"N{n}" for n in range(MOST_ACTORS + 2)]
    doc = doc_of(" ".join(names), *((name, n) for n, name in enumerate(names)))
    pairs = [pair.mentions for pair in actor_pairs(doc)]
    assert len(pairs) == MOST_ACTORS * (MOST_ACTORS - 1) // 2 == 15
    assert max(map(max, pairs)) == 5


class FakeModel:
    """Gives each pair of a Doc the next of some probabilities."""

    def __init__(self, *rows: list[float]) -> None:
        self.rows = rows

    def probabilities(self, texts: list[str], pairs: object) -> np.ndarray:
        return np.array(self.rows[: len(texts)])


def test_evaluations_are_kept_if_they_are_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [[0.24, 0.0, 0.0, 0.76, 0.0], [0.26, 0.0, 0.0, 0.74, 0.0], [0.0, 0.0, 0.8, 0.1, 0.1]]
    monkeypatch.setattr(components, "load_directed_model", lambda: FakeModel(*rows))
    doc = DirectedComponent()(doc_of("Ann met Bob and Cy", ("Ann", 0), ("Bob", 1), ("Cy", 2)))
    found: tuple[Evaluation, ...] = doc.user_data[DIRECTED]
    assert [(one.source, one.target) for one in found] == [(0, 1), (2, 1)]
    assert list(found[0].tone) == pytest.approx([0.76, 0.24, 0.0])
    assert list(found[1].tone) == pytest.approx([0.1, 0.1, 0.8])
