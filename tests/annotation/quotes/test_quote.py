"""Marks, speakers and the innermost quotation."""

from __future__ import annotations

import pytest

from newskit.annotation.quotes.quote import Quote, innermost, kind_of, pair_marks, unbalanced_flag
from newskit.annotation.quotes.speakers import speaker_of


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


@pytest.mark.parametrize(
    ("content", "kind"),
    [((10, 20), "direct"), ((11, 19), "direct"), ((5, 15), "mixed"), ((5, 30), "mixed"), ((0, 10), "indirect")],
)
def test_kind_is_told_by_the_marks(content: tuple[int, int], kind: str) -> None:
    quote = Quote(*content, *content, "said", "indirect")
    assert kind_of(quote, [(10, 20), (40, 50)]) == kind


def test_doubts_are_of_the_block_with_a_mark_left_over() -> None:
    begins, ends, outside = (Quote(*c, *c, "said", "indirect") for c in ((25, 60), (10, 25), (30, 60)))
    flags = [unbalanced_flag(quote, [(0, 5), (20, 30)]) for quote in (begins, ends, outside)]
    assert [flag is not None for flag in flags] == [True, True, False]
