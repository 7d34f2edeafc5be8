"""Where people are named again."""

from __future__ import annotations

from spacy.language import Language

import newskit as nk
from tests.annotation.actors.texts import build, who_is


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


def test_a_shared_surname_means_the_first_named(nlp: Language) -> None:
    text = "Anna Novak and Boris Novak met on Monday. Later Novak left."
    assert who_is(nlp, text)[-1] == ("Novak", "Anna Novak")


def test_a_man_who_shares_a_surname_with_women_alone_is_somebody_else(nlp: Language) -> None:
    text = "First Lady Melania Trump greeted the guests. Then President Trump spoke, and Mr. Trump left."
    assert [(words, name) for words, name in who_is(nlp, text) if "Trump" in words] == [
        ("Melania Trump", "Melania Trump"),
        ("Trump", "Trump"),
        ("Trump", "Trump"),
    ]


def test_a_word_of_the_text_is_no_spelling_of_a_surname(nlp: Language) -> None:
    body = "The governor, Anna Market, spoke on Monday in the capital about the long crisis."
    assert ("Markets", "Anna Market") in who_is(nlp, f"Markets Fall on Monday\n{body} The shops were weak.")
    assert "Markets" not in dict(who_is(nlp, f"Markets Fall on Monday\n{body} The markets were weak."))


def test_an_office_before_the_surname_of_a_relative_is_somebody_elses(nlp: Language) -> None:
    text = (
        "President Novak met Eva Novak, his wife, in the garden. Novak signed the bill on Monday. Mrs. Novak stayed "
        "at home. President Novak left on Tuesday."
    )
    told = who_is(nlp, text)
    names = [name for words, name in told if words == "Novak"]
    assert [name == "Eva Novak" for name in names] == [False, False, True, False]


def test_an_office_before_the_surname_of_its_only_bearer_is_hers(nlp: Language) -> None:
    text = "President Novak met the envoy. Eva Novak signed the bill on Monday. President Novak left on Tuesday."
    assert {name for words, name in who_is(nlp, text) if "Novak" in words} == {"Eva Novak"}
