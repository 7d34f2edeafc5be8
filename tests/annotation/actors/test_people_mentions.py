"""Where people are named again."""

from __future__ import annotations

from spacy.language import Language

import newskit as nk
from tests.annotation.actors.texts import build


def test_bare_surname_is_the_full_name(nlp: Language) -> None:
    mentions = build(
        nlp, "Anna Novak spoke . Novak left .", heads=[1, 2, 2, 2, 5, 5, 5],
        deps=["compound", "nsubj", "ROOT", "punct", "nsubj", "ROOT", "punct"],
        pos=["PROPN", "PROPN", "VERB", "PUNCT", "PROPN", "VERB", "PUNCT"], ents=[(0, 2, "PERSON")],
    )  # fmt: skip
    assert [(m.entity, m.rule) for m in mentions] == [(0, "full name"), (0, "surname of Anna Novak")]


def test_middle_initial_and_suffix_are_the_same_person(nlp: Language) -> None:
    text = (
        "Donald J. Trump spoke in Ohio. Donald Trump left early. Joseph R. Biden Jr. came on Monday. Mr. Biden stayed."
    )
    mentions = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).mentions
    people = mentions[mentions["name_type"] == "person"]
    assert people["actor_id"].tolist() == ["donald-j-trump"] * 2 + ["joseph-r-biden-jr"] * 2
