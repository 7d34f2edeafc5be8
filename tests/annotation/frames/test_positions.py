"""Positions: the seed article against its gold labels, who holds what, the files of issues, the discourse network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from spacy.language import Language

import newskit as nk
from newskit.annotation.frames.issues import POSITIONS
from newskit.errors import IssueError
from tests.conftest import ROOT, declared, dtypes

GOLD = ROOT / "data" / "gold" / "trump-putin-budapest.positions.csv"
HELD = {
    "Germany again refused to deliver Taurus missiles to Ukraine.": {("germany", "opposition", "now")},
    "Chancellor Olaf Scholz ruled out sending Taurus missiles to Kyiv.": {("olaf-scholz", "opposition", "now")},
    "Emmanuel Macron said France would support sending long-range missiles to Ukraine.": {("france", "support", "now")},
    "Hungary and Slovakia oppose the delivery of weapons to Ukraine.": {
        ("hungary", "opposition", "now"),
        ("slovakia", "opposition", "now"),
    },
    "“This would be a mistake,” Viktor Orban said of the plan to send long-range missiles to Ukraine.": {
        ("viktor-orban", "opposition", "now")
    },
    "The transfer of long-range missiles was condemned by China, Kyiv said.": {("china", "opposition", "now")},
    "Joe Biden would send ATACMS missiles only if Russia attacked Kyiv again, aides said.": {
        ("joe-biden", "condition", "now")
    },
    "NATO has not ruled out sending long-range missiles to Ukraine.": {("nato", "ambivalence", "now")},
    "Mark Rutte called on Berlin to deliver Taurus missiles to Kyiv.": {("mark-rutte", "support", "now")},
    "Keir Starmer, who had previously resisted the idea, now backs sending Storm Shadow missiles to Ukraine.": {
        ("keir-starmer", "opposition", "earlier"),
        ("keir-starmer", "support", "now"),
    },
    # A possibility, a negated claim, somebody unknown, an attack, another topic: nobody's position.
    "Washington could approve the sale of Tomahawk missiles to Ukraine.": set(),
    "Lindsey Graham does not oppose the sale of Tomahawks to Ukraine.": set(),
    "Critics opposed sending Tomahawks to Ukraine, and Donald Trump met senators.": set(),
    "Russia fired cruise missiles at Kyiv, and Zelensky condemned the attack.": set(),
    "Zelensky condemned the election in Ukraine.": set(),
}
FILE = """
[issue]
name = "toll"
version = "1.0.0"
language = "en"
title = "A toll"
source = "a test"

[topic]
include = ["toll"]

[[position]]
name = "support"
acts = ["praise/VERB"]

[position.examples]
match = ["Ann praised the toll."]
miss = ["Ann hates the toll."]
"""


def test_seed_article_against_gold(corpus: nk.Corpus, article: nk.Article) -> None:
    gold = pd.read_csv(GOLD)
    assert [article.text[row["start"] : row["end"]] for row in gold.to_dict("records")] == gold["text"].tolist()
    starts = corpus.sentences["start"].to_numpy()
    of_sentence = np.searchsorted(starts, gold["start"].to_numpy(), side="right") - 1
    numbers = corpus.sentences["sentence_id"].to_numpy()[of_sentence]
    wanted = set(zip(numbers.tolist(), gold["actor_id"], gold["position"], strict=True))
    table = nk.positions(corpus, "missile_transfer")
    found = set(zip(table["sentence_id"].tolist(), table["actor_id"], table["position"], strict=True))
    assert len(wanted - found) + len(found - wanted) <= 2, (wanted - found, found - wanted)
    assert table.loc[table["text"] == "opposed", "when"].tolist() == ["earlier"]


def test_evidence_is_the_text(corpus: nk.Corpus, article: nk.Article) -> None:
    for row in nk.positions(corpus, "missile_transfer").to_dict("records"):
        assert article.text[row["start"] : row["end"]] == row["text"]
        assert row["text"] in row["sentence"]
        assert row["position"] in POSITIONS
        assert row["actor"]


@pytest.fixture(scope="module")
def debate(nlp: Language) -> nk.Corpus:
    articles = [
        nk.Article(article_id=f"{n:02}", text=text, published=pd.Timestamp(2025, 1, n + 1).to_pydatetime())
        for n, text in enumerate(HELD)
    ]
    return nk.annotate(articles, nlp=nlp)


def test_who_holds_what(debate: nk.Corpus) -> None:
    table = nk.positions(debate, "missile_transfer")
    for n, (text, wanted) in enumerate(HELD.items()):
        rows = table[table["article_id"] == f"{n:02}"]
        assert set(zip(rows["actor_id"], rows["position"], rows["when"], strict=True)) == wanted, text


def test_an_issue_that_is_none_and_a_corpus_without_it(corpus: nk.Corpus, tmp_path: Path, nlp: Language) -> None:
    with pytest.raises(IssueError, match=r"no issue 'taxes'; shipped: .*missile_transfer"):
        nk.positions(corpus, "taxes")
    path = tmp_path / "toll.toml"
    path.write_text(FILE)
    none = nk.positions(corpus, path)
    empty = nk.positions(nk.annotate([nk.Article(article_id="a", text=" ")], nlp=nlp), "missile_transfer")
    some = nk.positions(corpus, nk.load_issue("missile_transfer"))
    for table in (none, empty):
        assert table.empty
        assert dtypes(table) == declared("positions")
        assert dtypes(nk.discourse_network(table)) == declared("discourse_network")
        assert nk.discourse_network(table).empty
    assert dtypes(some) == declared("positions")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('name = "support"', 'name = "love"', r"toll.toml:13: position 'love' is not one of support, opposition"),
        ("acts =", "deeds =", r"toll.toml:14: unknown key 'deeds'; known here: acts, claims"),
        ("1.0.0", "1", r"toll.toml:4: version '1' is not MAJOR"),
        ('acts = ["praise/VERB"]', "acts = []", r"toll.toml:13: position 'support' lacks terms"),
        ('"praise/VERB"', '"the"', r"toll.toml:14: support: 'the' would match nearly everything"),
        ('"praise/VERB"', '"thank"', r"toll.toml:17: position 'support': the example 'Ann praised .*is matched by no"),
        ("hates", "praises", r"toll.toml:18: position 'support': .* is matched by 'praise/VERB'"),
        ('include = ["toll"]', "", r"toll.toml:9: \[topic\] lacks include"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "toll.toml"
    path.write_text(FILE.replace(old, new, 1))
    with pytest.raises(IssueError, match=message):
        nk.load_issue(path)
