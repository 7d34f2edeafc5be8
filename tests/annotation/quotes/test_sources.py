"""Sources that are named, unnamed or unresolved, and spokesmen."""

from __future__ import annotations

import pandas as pd
import pytest
from spacy.language import Language

import newskit as nk
from newskit.annotation.quotes.sources import kind_of_source
from newskit.resources.lexicons import word_lists
from newskit.schema import UNNAMED, UNRESOLVED


def quote_of(nlp: Language, text: str) -> pd.Series:
    """The first quotation of a text."""
    return nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).quotes.iloc[0]


@pytest.mark.parametrize(
    ("source", "sourcing", "kind"),
    [
        ("Officials", "unnamed", "officials"),
        ("A U.S. official", "unnamed", "officials"),
        ("Two senior diplomats", "unnamed", "officials"),
        ("People familiar with the talks", "unnamed", "insiders"),
        ("Critics", "unnamed", "critics"),
        ("The report", "unnamed", "documents"),
        ("A poll", "unnamed", "polls"),
        ("Many", "unnamed", "others"),
        ("Residents", "unnamed", "citizens"),
        ("They", "unresolved", None),
        ("The senator", "unresolved", None),
        ("The administration", "unresolved", None),
        ("Her lawyer", "unresolved", None),
        ("Russian officials", "named", None),
        ("Anna Novak", "named", None),
    ],
)
def test_sourcing(nlp: Language, source: str, sourcing: str, kind: str | None) -> None:
    row = quote_of(nlp, f"{source} said that the talks in Geneva had failed.")
    assert (row["sourcing"], None if pd.isna(row["source_kind"]) else row["source_kind"]) == (sourcing, kind)


def test_unnamed_and_unresolved_are_two_voices(nlp: Language) -> None:
    text = "Officials said that Russia was weak.\n\nThe senator said that Norway was slow."
    voices = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).stances.drop_duplicates("start")["voice"]
    assert voices.tolist() == [UNNAMED, UNRESOLVED]


@pytest.mark.parametrize(
    ("text", "speaker", "speaks_for"),
    [
        ("A Pentagon spokeswoman said that the talks had failed.", "united-states", "united-states"),
        ("Anna Novak, a spokeswoman for NATO, said that the talks had failed.", "anna-novak", "nato"),
        ("NATO spokesman Boris Weiss said that the talks had failed.", "boris-weiss", "nato"),
        ("Boris Weiss said that the talks had failed.", "boris-weiss", None),
    ],
)
def test_spokesmen_and_those_they_speak_for(nlp: Language, text: str, speaker: str, speaks_for: str | None) -> None:
    row = quote_of(nlp, text)
    assert row["speaker_id"] == speaker
    assert (None if pd.isna(row["speaks_for_id"]) else row["speaks_for_id"]) == speaks_for


def test_kinds_share_no_noun() -> None:
    seen: dict[str, str] = {}
    for kind, nouns in word_lists("source_kinds").items():
        for noun in nouns:
            assert seen.setdefault(noun, kind) == kind or {kind, seen[noun]} <= {
                "documents",
                "media",
                "politicians",
                "spokespeople",
            }
    assert kind_of_source("whistleblowers") == "insiders"
