"""Who the people of an article are, and who is not a person."""

from __future__ import annotations

from spacy.language import Language

import newskit as nk
from tests.annotation.actors.texts import mentions_of, read, who_is


def test_institution_after_a_name_is_no_person(nlp: Language) -> None:
    text = "It was the Obama White House that Boris Weiss criticised. Boris Weiss left the White House on Monday."
    actors = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).actors
    assert not actors["actor_id"].str.contains("white-house").any()


def test_words_of_titles_introduce_nobody(nlp: Language) -> None:
    text = "The State Dinner was held on Monday. Officials of the State Department said that Jonah Hill had come."
    people = {actor for name, actor in read(nlp, text).items() if actor in {"dinner", "department"}}
    assert not people
    assert read(nlp, text)["Jonah Hill"] == "jonah-hill"


def test_the_title_of_the_next_name_is_no_surname(nlp: Language) -> None:
    found = read(nlp, "Louisiana Gov. Bobby Jindal came on Monday. The governor said that he would leave.")
    assert found["Louisiana Gov."] == found["governor"] == "bobby-jindal"
    assert found["Louisiana"] == "louisiana"


def test_authors_are_no_actors(nlp: Language) -> None:
    text = "Talks resume\nBy Jamie Crawford\nAnna Novak said that she would return to the talks in Geneva on Monday."
    actors = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).actors
    assert actors.loc[actors["type"] != "place", "actor_id"].tolist() == ["anna-novak"]


def test_words_of_headings_are_no_names(nlp: Language) -> None:
    body = "The talks on the missiles went on for hours, and nobody would say in the end what they had agreed on."
    article = nk.Article(
        article_id="x", text=f"Planned Meeting Shakes Markets\n{body}\nTomahawk Missiles Arrive\n{body}"
    )
    assert nk.annotate(article, nlp=nlp).actors.empty


def test_a_surname_with_a_word_after_it_is_no_full_name(nlp: Language) -> None:
    text = "Donald Trump left. Trump Warns of a storm. Trump Warns was printed."
    assert who_is(nlp, text) == [(name, "Donald Trump") for name in ("Donald Trump", "Trump", "Trump")]


def test_a_title_lends_its_gender_to_the_full_name(nlp: Language) -> None:
    mentions = mentions_of(nlp, "Mr. Kim left on Monday. Kim Jong Un met Anna Novak.")
    assert [(m.name, m.gender) for m in mentions] == [("Kim Jong Un", "m"), ("Kim Jong Un", "m"), ("Anna Novak", "f")]
