"""The matching view of a text, and the way back."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newskit.reading.article import find_blocks
from newskit.reading.marks import mark_edits
from newskit.reading.view import plain_words, view_of


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("New\u00a0Zealand  and\u2009Peru", "New Zealand and Peru"),
        ("Minister of\tTrade", "Minister of Trade"),
        ("Hun\u00adgary, Slo\u200bvakia\ufeff", "Hungary, Slovakia"),
        ("a cease\u2011fire, a mid\u2010term vote", "a cease-fire, a mid-term vote"),
        ("the \ufb01nal o\ufb00er", "the final offer"),
        ("Andre\u0301s", "Andrés"),
        ("O\u02bcHara", "O'Hara"),
        ("don`t, don´t", "don't, don't"),
        ("don‛t, won′t, 5′ 10″, 48°51′N", "don't, won't, 5′ 10″, 48°51′N"),
        ("President KÄ±lÄ±Ã§ and DoÄŸan", "President Kılıç and Doğan"),
        ("DoÄŸan left, ÄŒapek stayed", "Doğan left, Čapek stayed"),
        ("Åsa of Århus, «JÄ»", "Åsa of Århus, “JÄ”"),
        ("Merkelâ€™s cafÃ© â€” â€œJaâ€\u009d", "Merkel’s café — “Ja”"),
        ("Ãngel SÃ¡nchez of PerÃº", "Ãngel Sánchez of Perú"),
        ("Âme, São Paulo, façade", "Âme, São Paulo, façade"),
    ],
)
def test_what_is_typed_otherwise(text: str, seen: str) -> None:
    assert view_of(text).text == seen


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("''No,'' she said.", "“No,” she said."),
        ("``No,'' she said.", "“No,” she said."),
        ("«No,» she said, «never».", "“No,” she said, “never”."),
        ("« No », she said.", "“No”, she said."),
        ("»No«, she said.", "“No”, she said."),
        ("„No“, she said. „Never“.", "“No”, she said. “Never”."),
        ("”No”, she said.", "“No”, she said."),
        ("‘No,’ she said. It’s the voters’ choice, ‘as ever’.", "“No,” she said. It’s the voters’ choice, “as ever”."),
        ("‘The voters’ choice,’ she said.", "“The voters’ choice,” she said."),
        ("'It won't do,' she said.", "“It won't do,” she said."),
        ("‘He called it “mad”,’ she said.", "“He called it ‘mad’,” she said."),
        ("“He called it ‘mad’,” she said.", "“He called it ‘mad’,” she said."),
        ("the '90s, rock 'n' roll, the workers' pay", "the '90s, rock 'n' roll, the workers' pay"),
        ("‘We stay.\n\n‘We fight,’ she said.", "“We stay.\n\n“We fight,” she said."),
        ("a 5'' pipe", "a 5'' pipe"),
        ('a 5" pipe, "so to speak"', "a 5″ pipe, “so to speak”"),
        ('"She said "now" and left," he said. "Good."', "“She said ‘now’ and left,” he said. “Good.”"),
    ],
)
def test_marks_of_every_form(text: str, seen: str) -> None:
    assert view_of(text).text == seen


def test_lines_of_a_wrapped_paragraph_are_joined() -> None:
    text = """Delegates of forty states met for a long day of talks in the old town of New
York, and nobody there believed that they would come to terms on the long-
range plan of the mini-
ster. The minister left early that day for a meeting of his own with all of
the others.

After a night of talks the delegates of forty states left the old town
of Bonn by train, and said that they would never come back to the same old
town."""
    view = view_of(text, find_blocks(text))
    assert "of New York, and nobody" in view.text
    assert "the long-range plan of the minister. The minister" in view.text
    start = view.text.index("New York")
    assert text[slice(*view.span(start, start + 8))] == "New\nYork"
    start = view.text.index("minister.")
    assert text[slice(*view.span(start, start + 8))] == "mini-\nster"


PIECES = [
    "a",
    "B",
    " ",
    "  ",
    "\u00a0",
    "\u00ad",
    "\u200b",
    "\ufb01",
    "e\u0301",
    "’",
    "‘",
    "'",
    '"',
    "''",
    "``",
    "“",
    "”",
]
PIECES += ["«", "»", "â€™", "Ã©", "\n", "\r\n", "-", "\u2011", ".", ",", "said", "THE MINISTER SAID SO."]


@given(st.lists(st.sampled_from(PIECES)))
def test_every_place_of_the_view_is_one_of_the_text(pieces: list[str]) -> None:
    text = "".join(pieces)
    view = view_of(text, find_blocks(text))
    spans = [view.span(i, i + 1) for i in range(len(view.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)
    for (start, end), letter in zip(spans, view.text, strict=True):
        if letter in "aBs" and end == start + 1:
            assert text[start:end].lower() == letter.lower()
    edits = mark_edits(text)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(edits))


def test_a_text_that_is_typed_cleanly_is_its_own_view() -> None:
    text = "“No,” she said. It’s over — for Peru’s café owners, too."
    view = view_of(text)
    assert view.text is text or view.text == text
    assert view.starts is None
    assert plain_words(text).text == "“No,” she said. It's over — for Peru's café owners, too."
