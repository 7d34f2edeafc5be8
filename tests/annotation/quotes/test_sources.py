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
        ("A report", "unnamed", "documents"),
        ("The report obtained by reporters", "unnamed", "documents"),
        ("The report", "unresolved", None),
        ("A report by NATO", "named", None),
        ("A study published by the Novak Institute of Peace", "named", None),
        ("A memo obtained by NATO", "unnamed", "documents"),
        ("A letter from groups pressing NATO", "unnamed", "documents"),
        ("One protester's sign", "unnamed", "documents"),
        ("The ministry's inspector general", "unresolved", None),
        ("The audience", "unnamed", "others"),
        ("Some Republicans", "unnamed", "politicians"),
        ("Republicans", "named", None),
        ("@novak", "unresolved", None),
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


@pytest.mark.parametrize(
    ("before", "sourcing"),
    [
        ("A report on the talks was leaked to the press.", "unnamed"),
        ("A report by NATO was published on Monday.", "unresolved"),
        ("The talks were long.", "unresolved"),
    ],
)
def test_the_report_is_what_it_came_in_as(nlp: Language, before: str, sourcing: str) -> None:
    text = f"{before} The report said that the talks in Geneva had failed."
    rows = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).quotes
    assert rows.loc[rows["cue"] == "said", "sourcing"].tolist() == [sourcing]


def test_they_are_those_who_were_quoted_last(nlp: Language) -> None:
    text = "Economists said that prices would rise. They said that wages would fall."
    rows = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).quotes
    assert rows["source_kind"].tolist() == ["experts", "experts"]


def test_who_is_the_noun_before(nlp: Language) -> None:
    text = "The bill angered critics, who said that the talks in Geneva had failed."
    assert quote_of(nlp, text)["source_kind"] == "critics"


def test_words_in_quotation_marks_alone_are_somebodys(nlp: Language) -> None:
    text = "The talks in Geneva went on.\n\n“The talks have failed, and all of us know that they have failed.”"
    row = quote_of(nlp, text)
    assert (row["cue"], row["sourcing"]) == ("", "unresolved")


@pytest.mark.parametrize("source", ["The Novak campaign", "Novak’s office", "A Novak spokeswoman"])
def test_whose_office_or_campaign_it_is(nlp: Language, source: str) -> None:
    text = f"Anna Novak ran for mayor. {source} said that the talks in Geneva had failed."
    rows = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).quotes
    assert rows.loc[rows["cue"] == "said", "speaker_id"].tolist() == ["anna-novak"]


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
