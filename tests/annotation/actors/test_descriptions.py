"""What articles come back to by a description."""

from __future__ import annotations

import pytest
from spacy.language import Language

import newskit as nk
from tests.annotation.actors.texts import mentions_of, read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "French President Emmanuel Macron met Chancellor Angela Merkel. The French president said that it failed.",
            {"French president": "emmanuel-macron"},
        ),
        (
            "Vice President Anna Novak and President Boris Weiss met on Monday. The president left early.",
            {"president": "boris-weiss"},
        ),
        (
            "The Northern Transport Union (NTU) said on Monday that it would strike. The NTU gave no date.",
            {"NTU": "northern-transport-union", "it": "northern-transport-union"},
        ),
        (
            "The Federal Tariff Commission met on Monday. Acme Corp. and the Northern Steel Union protested. "
            "Later the commission asked for more time.",
            {"commission": "federal-tariff-commission"},
        ),
        (
            "Olaf Scholz spoke in Berlin on Monday. Scholz left.",
            {"Olaf Scholz": "olaf-scholz", "Scholz": "olaf-scholz"},
        ),
        (
            "Ursula von der Leyen spoke on Monday. Ms. von der Leyen left.",
            {"Ursula von der Leyen": "ursula-von-der-leyen"},
        ),
        (
            "First Lady Melania Trump greeted the guests. Then President Trump spoke, and Mr. Trump left.",
            {"Melania Trump": "melania-trump", "Trump": "trump"},
        ),
        ("Anna Novak praised Boris Weiss because she liked his book.", {"she": "anna-novak", "his": "boris-weiss"}),
    ],
)
def test_what_articles_come_back_to(nlp: Language, text: str, expected: dict[str, str]) -> None:
    found = read(nlp, text)
    assert {name: found.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("text", "described", "n"),
    [
        ("Chancellor Olaf Braun spoke on Monday. The queen was absent. The emperor slept.", "olaf-braun", 0),
        ("King Felix spoke on Monday. The monarch was tired. The president was not.", "king-felix", 1),
        (
            "Senator Ana Braun of Nevada spoke. The senator from Idaho left. The senator from Nevada slept.",
            "ana-braun",
            1,
        ),
    ],
)
def test_another_office_is_another_person(nlp: Language, text: str, described: str, n: int) -> None:
    mentions = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).mentions
    assert mentions.loc[mentions["kind"] == "nominal", "actor_id"].tolist() == [described] * n


def test_a_state_inside_a_description_is_not_evaluated(nlp: Language) -> None:
    text = "Ukrainian President Volodymyr Zelenskyy came on Monday. The Ukrainian president praised the brilliant plan."
    corpus = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp)
    assert "ukraine" not in set(corpus.stances["target_id"])
    assert corpus.quotes["speaker_id"].dropna().isin(["volodymyr-zelenskyy"]).all()


def test_a_description_goes_on_to_what_it_is_of(nlp: Language) -> None:
    text = "French President Emmanuel Macron came on Monday. The president of France praised the plan."
    assert read(nlp, text)["president of France"] == "emmanuel-macron"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vice President Anna Novak met the delegates on Monday. The president left early.", None),
        ("French President Emmanuel Macron came on Monday. The Russian president stayed at home.", None),
        ("Gov. Bobby Jindal came on Monday. The governor left early.", ("governor", "Bobby Jindal")),
        (
            "President Boris Weiss came on Monday. It rained. Nobody spoke. The hall was full. People ate. "
            "French President Emmanuel Macron came on Tuesday. The president stayed.",
            ("president", "Boris Weiss"),
        ),
        ("Hamas signed on Monday. The group left early.", ("group", "Hamas")),
        ("Hamas and Hezbollah signed on Monday. The group left early.", None),
    ],
    ids=["deputy", "other state", "abbreviated", "bare role", "the group", "two groups"],
)
def test_whom_descriptions_mean(nlp: Language, text: str, expected: tuple[str, str] | None) -> None:
    linked = [(text[m.start : m.end], m.name) for m in mentions_of(nlp, text) if m.kind == "nominal"]
    assert linked == ([] if expected is None else [expected])
