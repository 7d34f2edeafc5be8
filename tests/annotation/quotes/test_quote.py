"""Marks, speakers and the innermost quotation."""

from __future__ import annotations

import pytest

from newskit.annotation.quotes.quote import Quote, innermost, pair_marks, speaker_of


@pytest.mark.parametrize(
    ("text", "pairs", "n_unbalanced"),
    [
        ("a “b” c", [(2, 5)], 0),
        ('a "b" c "d"', [(2, 5), (8, 11)], 0),
        ("a “b c", [], 1),
        ("a b” c", [], 1),
        ("a “b “c” d", [(2, 8)], 0),
        ("", [], 0),
    ],
)
def test_pairing(text: str, pairs: list[tuple[int, int]], n_unbalanced: int) -> None:
    found, unbalanced = pair_marks(text, [(0, len(text))])
    assert found == pairs
    assert len(unbalanced) == n_unbalanced


def test_quotation_over_paragraphs_is_balanced() -> None:
    text = "“One.\n“Two.”"
    assert pair_marks(text, [(0, 5), (6, 12)]) == ([(0, 5), (6, 12)], [])


def test_speaker_of_an_office() -> None:
    text = "Russian officials said no. Russian refugees said no."
    quote = Quote(0, 26, 23, 25, "said", "indirect", 0, 17, 16)
    refugees = Quote(27, 52, 49, 51, "said", "indirect", 27, 43, 42)
    actors = [(0, 7, True), (27, 34, True)]
    assert speaker_of(quote, text, actors) == 0
    assert speaker_of(refugees, text, actors) is None
    assert speaker_of(Quote(0, 5, 0, 5, "said", "direct"), text, actors) is None


def test_innermost() -> None:
    quotes = [Quote(0, 20, 0, 20, "said", "indirect"), Quote(5, 10, 5, 10, "said", "direct")]
    assert innermost(quotes, [(6, 8), (1, 3), (8, 12), (25, 26)]) == [1, 0, None, None]
