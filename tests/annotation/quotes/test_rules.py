"""Finding quotations: each pattern, the seed article, and noise."""

from __future__ import annotations

import time

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

import newskit as nk
from newskit.annotation.quotes.rules import find_quotes
from newskit.resources.lexicons import word_lists
from newskit.schema import OUTLET, UNNAMED, UNRESOLVED
from tests.conftest import ROOT, check_offsets

GOLD = ROOT / "data" / "gold" / "trump-putin-budapest.quotes.csv"


def read(nlp: Language, text: str) -> list[tuple[str | None, str, str]]:
    """(source, cue, content) of the quotations of a text."""
    table = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).quotes
    found = []
    for row in table.to_dict("records"):
        source = None if pd.isna(row["source_start"]) else text[row["source_start"] : row["source_end"]]
        found.append((source, row["cue"], text[row["content_start"] : row["content_end"]]))
    return found


PATTERNS = [
    ("The minister said that the talks had failed.", ("The minister", "said", "that the talks had failed")),
    ("“We will not sign it,” Anna Novak told reporters.", ("Anna Novak", "told", "“We will not sign it,”")),
    ("According to officials, the talks had failed.", ("officials", "According to", "the talks had failed")),
    ("The talks failed, according to two diplomats.", ("two diplomats", "according to", "The talks failed")),
    ("He urged Warsaw to approve the sale.", ("He", "urged", "to approve the sale")),
    ("Novak, who has pledged to “end it quickly”, left.", ("Novak", "pledged", "to “end it quickly”")),
    ("She called the plan “a fatal mistake” on Monday.", ("She", "called", "“a fatal mistake”")),
]


@pytest.fixture(scope="module")
def by_rules() -> Language:
    return nk.make_nlp(quotes="rules")


@pytest.mark.parametrize(("text", "quote"), PATTERNS)
def test_patterns_of_the_rules(by_rules: Language, text: str, quote: tuple[str, str, str]) -> None:
    assert quote in read(by_rules, text)


def overlap(a: tuple[int, int], b: tuple[int, int]) -> float:
    """Intersection over union of two spans."""
    both = max(0, min(a[1], b[1]) - max(a[0], b[0]))
    return both / (a[1] - a[0] + b[1] - b[0] - both)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        *PATTERNS,
        (
            "“We will not sign it,” Anna Novak said. “Nobody here will.”",
            ("Anna Novak", "said", "“We will not sign it,” Anna Novak said. “Nobody here will.”"),
        ),
        (
            "Anna Novak said in a post on Mastodon that the talks had failed.",
            ("Anna Novak", "said", "that the talks had failed"),
        ),
        ("The talks had failed, he added.", ("he", "added", "The talks had failed")),
        ("Critics warned of a long war with many victims.", ("Critics", "warned", "of a long war with many victims")),
    ],
)
def test_patterns(nlp: Language, text: str, quote: tuple[str, str, str]) -> None:
    source, cue, content = quote
    at = text.index(content)
    found = [row for row in read(nlp, text) if row[0] in {source, "who"} and cue in row[1]]
    assert len(found) == 1, read(nlp, text)
    begin = text.index(found[0][2])
    assert overlap((begin, begin + len(found[0][2])), (at, at + len(content))) >= 0.5, found


def test_who_is_whom_it_follows(nlp: Language) -> None:
    text = "Anna Novak, who has pledged to “end it quickly”, left the hall."
    table = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).quotes
    assert table["speaker_id"].tolist() == ["anna-novak"]


def test_quotes_are_chosen_by_name() -> None:
    with pytest.raises(ValueError, match="quotes 'guess' is not one of model, rules, polnear"):
        nk.make_nlp(quotes="guess")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "They met in Geneva on Monday.",
        "The book “War and Peace” was published in 1869.",
        "The report was long.",
        "",
    ],
)
def test_no_quotation(nlp: Language, text: str) -> None:
    assert read(nlp, text) == []


def test_seed_article_against_gold(corpus: nk.Corpus) -> None:
    """At most one quotation wrong, missed, given to somebody else or another act; optional ones may be there or not."""
    gold = pd.read_csv(GOLD).astype(object).where(lambda table: table.notna(), None).to_dict("records")
    mine = corpus.quotes.to_dict("records")
    pairs = [
        (overlap((g["content_start"], g["content_end"]), (m["content_start"], m["content_end"])), i, j)
        for i, g in enumerate(gold)
        for j, m in enumerate(mine)
    ]
    match: dict[int, int] = {}
    for score, i, j in sorted(pairs, key=lambda pair: (bool(gold[pair[1]]["optional"]), -pair[0])):
        if score >= 0.5 and i not in match and j not in match.values():
            match[i] = j
    missed = [g["content"] for i, g in enumerate(gold) if i not in match and not g["optional"]]
    extra = [m["text"] for j, m in enumerate(mine) if j not in match.values()]
    elsewhere = [
        (gold[i]["content"], mine[j]["speaker_id"])
        for i, j in match.items()
        if not gold[i]["optional"]
        and (None if pd.isna(mine[j]["speaker_id"]) else mine[j]["speaker_id"]) != gold[i]["speaker_id"]
    ]
    acts = [(gold[i]["content"], mine[j]["act"]) for i, j in match.items() if mine[j]["act"] != gold[i]["act"]]
    assert len(missed) + len(extra) + len(elsewhere) + len(acts) <= 1, (missed, extra, elsewhere, acts)


def test_gold_labels_are_of_this_text(article: nk.Article) -> None:
    for row in pd.read_csv(GOLD).to_dict("records"):
        assert article.text[row["content_start"] : row["content_end"]] == row["content"]
        assert article.text[row["source_start"] : row["source_end"]] == row["source"]


def who_said(said: dict[str, str], words: str) -> str:
    """The speaker of the shortest content with these words."""
    return said[min((content for content in said if words in content), key=len)]


def test_voices_of_the_seed(corpus: nk.Corpus, article: nk.Article) -> None:
    quotes = corpus.quotes
    said = {article.text[r["content_start"] : r["content_end"]]: r["speaker_id"] for r in quotes.to_dict("records")}
    assert who_said(said, "“bringing peace to the Middle East,”") == "vladimir-putin"
    assert who_said(said, "the move would be “highly provocative,”") == "dmitry-peskov"
    assert who_said(said, "whether Washington or Kyiv would control targeting decisions") == "dmitry-peskov"
    assert who_said(said, "such weapons would not fundamentally alter the situation on the battlefield") == "russia"
    assert who_said(said, "“doing great work for children,”") == "vladimir-putin"
    assert who_said(said, "“productive”") == "donald-trump"
    voices = corpus.stances.drop_duplicates("start").set_index("start")["voice"]
    text = article.text
    assert voices[text.index("Putin had congratulated")] == "donald-trump", "nested: Putin, in Trump's words"
    assert voices[text.index("Trump now views")] == UNNAMED, "aides are no actor"
    assert voices[text.index("Kremlin has condemned")] == OUTLET
    assert set(corpus.stances["voice"]) <= {OUTLET, UNNAMED, *corpus.actors["actor_id"]}
    assert voices[text.index("Trump Plans")] == voices[text.index("Putin on Ukraine")] == OUTLET, (
        "he plans, he says not"
    )


def test_unbalanced_marks_cost_nothing_but_a_flag(nlp: Language) -> None:
    text = (
        "Talks resume\nThe minister said “the talks had failed. Anna Novak said that she would leave.\n"
        "Boris Weiss said that he would stay in Geneva until the end."
    )
    table = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).quotes
    flags = table.set_index(table["text"].str.slice(0, 4))["flag"]
    assert flags["Anna"] == "unbalanced quotation marks in the paragraph"
    assert flags.isna()["Bori"]


NOISE = st.lists(
    st.sampled_from(
        [*"“”\"'’«()—.,🙂é\n \u200b\xa0", "\n\n", "\r\n", *["said", "Trump", "Moscow", "according", "to", "he", "the"]]
    )
    | st.sampled_from(["U.S.", "President", "officials", "told", "Anna Novak"]),
    max_size=40,
).map(" ".join)


@given(noise=NOISE | st.text(max_size=80))
def test_noise_never_breaks_it(nlp: Language, noise: str) -> None:
    corpus = nk.annotate(nk.Article(article_id="x", text=noise, language="en"), nlp=nlp)
    assert corpus.articles["status"].isin(["annotated", "skipped"]).all(), corpus.articles["reason"].tolist()
    check_offsets(corpus)


def test_word_lists_are_lower_case_lemmas() -> None:
    for name, words in word_lists("reporting_verbs").items():
        assert words, name
        assert all(word == word.lower().strip() for word in words)


def test_one_quotation_is_one_row(nlp: Language) -> None:
    text = "“He says it did not happen. You have to listen to him also,” Anna Novak said."
    said = [row for row in read(nlp, text) if row[0] == "Anna Novak"]
    assert said == [("Anna Novak", "said", "“He says it did not happen. You have to listen to him also,”")]


def test_speaker_in_apposition(nlp: Language) -> None:
    text = "The secretary of state, Anna Novak, said that the talks had failed."
    table = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).quotes
    assert table["speaker_id"].tolist() == ["anna-novak"]


def test_what_was_not_said_is_no_quotation(nlp: Language) -> None:
    assert read(nlp, "Anna Novak did not say when the talks would resume.") == []
    assert read(nlp, "Anna Novak refused to say whether the talks would resume.") == []


def test_quoted_sentence_without_a_source_is_an_unresolved_one(nlp: Language) -> None:
    text = "The mood was bad.\n“Russia has never wanted these talks to succeed in any way.”\nThe mood stayed bad."
    corpus = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp)
    assert set(corpus.stances["voice"]) == {UNRESOLVED}


def chain(nlp: Language, n: int) -> Doc:
    """ "He said he said he said …" in one sentence, each clause under the one before."""
    words = ["he", "said"] * n
    heads = [i + 1 if i % 2 == 0 else max(i - 2, 1) for i in range(2 * n)]
    deps = ["nsubj" if i % 2 == 0 else "ROOT" if i == 1 else "ccomp" for i in range(2 * n)]
    pos = ["PRON", "VERB"] * n
    return Doc(
        nlp.vocab, words=words, heads=heads, deps=deps, pos=pos, tags=["PRP", "VBD"] * n, lemmas=["he", "say"] * n
    )


def test_time_of_the_rules_is_linear(nlp: Language) -> None:
    def seconds(n: int) -> float:
        doc = chain(nlp, n)
        began = time.process_time()
        assert find_quotes(doc, [(0, len(doc.text))])
        return time.process_time() - began

    seconds(200)
    assert seconds(2400) < 4 * seconds(1200)


@pytest.mark.parametrize(
    ("between", "source"),
    [(" ", "Anna Novak"), (" The mood was bad in the hall. " * 8, None), ("\n\nThe others listened.\n\n", None)],
)
def test_a_quoted_sentence_goes_on_with_the_speaker_right_before_it(
    by_rules: Language, between: str, source: str | None
) -> None:
    second = "“Nobody in this hall will ever do such a thing.”"
    found = read(by_rules, f"“We will not sign this treaty,” Anna Novak said.{between}{second}")
    assert found == [
        ("Anna Novak", "said", "“We will not sign this treaty,”"),
        (source, "said" if source else "", second),
    ]
