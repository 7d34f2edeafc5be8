"""Turns of transcripts and interviews, embedded posts, and quotations with their author behind them."""

from __future__ import annotations

import re

import pytest
from spacy.language import Language

import newskit as nk
from newskit.annotation.quotes.turns import find_turns


def turns_of(text: str, *names: str) -> list[tuple[str, str, list[str]]]:
    """Label, name and words of each turn of a text, whose actors have these names."""
    blocks = [match.span() for match in re.finditer(r"[^\n]+", text)]
    actors = sorted(match.span() for name in names for match in re.finditer(name, text))
    found = []
    for turn in find_turns(text, blocks, actors):
        name = next((text[a:b] for a, b in actors if a <= turn.head < b), "")
        found.append((text[slice(*turn.label)], name, [text[a:b] for a, b in turn.contents]))
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "PETRA KRAL, MAYOR OF PRAGUE: We had a good year. The river was kind.\n\n(LAUGHTER)\n\n"
            "HALE (voice-over): She spoke for long.\n\nKRAL: I did.",
            [
                ("PETRA KRAL, MAYOR OF PRAGUE", "PETRA KRAL", ["We had a good year. The river was kind."]),
                ("HALE", "", ["She spoke for long."]),
                ("KRAL", "PETRA KRAL", ["I did."]),
            ],
        ),
        (
            "Petra Kral opened the bridge.\n\nQ. Is it safe?\n\nA. It is.\n\nQ. For whom?\n\nA. For all of us.",
            [
                ("Q", "", ["Is it safe?"]),
                ("A", "Petra Kral", ["It is."]),
                ("Q", "", ["For whom?"]),
                ("A", "Petra Kral", ["For all of us."]),
            ],
        ),
        (
            "The Courier: Is the bridge safe?\n\nPetra Kral: Yes. It was tested.\n\nThe Courier: By whom?\n\n"
            "Petra Kral: By those who built it.",
            [
                ("The Courier", "", ["Is the bridge safe?"]),
                ("Petra Kral", "Petra Kral", ["Yes. It was tested."]),
                ("The Courier", "", ["By whom?"]),
                ("Petra Kral", "Petra Kral", ["By those who built it."]),
            ],
        ),
        (
            "[00:12] HALE: Were you there? [00:15] KRAL: I was. (APPLAUSE)\n\nHALE: Thank you.",
            [("HALE", "", ["Were you there?"]), ("KRAL", "", ["I was."]), ("HALE", "", ["Thank you."])],
        ),
        (
            "**Hale:** Were you there?\n\n**Petra Kral:** I was.",
            [("Hale", "", ["Were you there?"]), ("Petra Kral", "Petra Kral", ["I was."])],
        ),
        ("Note: I was there.\n\nUpdate: We were told more.\n\nNote: You can write to us.", []),
        ("Breaking: Kral resigns\n\nPetra Kral left at noon. Weiss: a short life", []),
        ("Ohio: The vote was close.\n\nIowa: The vote was closer.\n\nOhio: The count goes on.", []),
        ("WHAT WE KNOW: I was there.\n\nVIDEO OF THE DAY: You can watch it.\n\nWATCH LIVE: We are there.", []),
    ],
)
def test_turns(text: str, expected: list[tuple[str, str, list[str]]]) -> None:
    assert turns_of(text, "PETRA KRAL", "Petra Kral") == expected


def test_a_turn_goes_on_until_the_next(nlp: Language) -> None:
    text = (
        "The Courier: Is the war lost?\n\nPetra Kral: No. The army holds.\n\nRussia is weaker than it looks.\n\n"
        "The Courier: And the allies?\n\nPetra Kral: They help. Norway has been slow."
    )
    corpus = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp)
    voices = corpus.stances.drop_duplicates("start").set_index("text")["voice"]
    assert voices["Russia"] == voices["Norway"] == "petra-kral"
    assert set(corpus.quotes["kind"]) == {"indirect"}, "there are no marks"


@pytest.mark.parametrize(
    "text",
    [
        "Petra Kral opened it.\n\nThe bridge is a gift to Norway and to us all! — Petra Kral (@kral) May 3, 2020",
        "The bridge is open. “It is a gift to Norway and us all.” — Petra Kral, mayor\n\nPetra Kral left.",
        "The bridge is open.\n\n“It is a gift to Norway and to us all.”\n\n- Mayor Petra Kral\n\nPetra Kral left.",
        "The bridge is open. “It is a gift to Norway and to us all.” (Petra Kral, mayor) Petra Kral left.",
    ],
)
def test_words_with_their_author_behind_them(nlp: Language, text: str) -> None:
    corpus = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp)
    voices = corpus.stances.drop_duplicates("start").set_index("text")["voice"]
    assert voices["Norway"] == "petra-kral"
