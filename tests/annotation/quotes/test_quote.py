"""Marks, speakers and the innermost quotation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from newskit.annotation.quotes.quote import Quote, innermost, kind_of, pair_marks, unbalanced_flag
from newskit.annotation.quotes.speakers import Actor, Speakers


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


@pytest.mark.parametrize(
    ("source", "head", "speaker"),
    [
        ("[Russian] officials", "officials", "Russian"),
        ("a [Russian] official", "official", None),
        ("senior [Russian] officials", "officials", None),
        ("[Russian] refugees", "refugees", None),
        ("the [Russian] government", "government", "Russian"),
        ("strategist and radio contributor [Anna Novak]", "strategist", "Anna Novak"),
        ("the head of the office, Special Agent in Charge [Anna Novak]", "head", "Anna Novak"),
        ("a spokesman for [Anna Novak]", "spokesman", "Anna Novak"),
        ("an aide to [Anna Novak]", "aide", None),
        ("a page on the choice of [Anna Novak]", "page", None),
    ],
)
def test_speaker_of_a_description(source: str, head: str, speaker: str | None) -> None:
    start, end = source.index("["), source.index("]") - 1
    text = source.replace("[", "").replace("]", "") + " said no."
    at = text.index(head) + len(head) - 1
    kind = "person" if text[start:end] == "Anna Novak" else "catalog"
    actors = [Actor(start, end, kind, adjective=kind == "catalog")]
    quote = Quote(0, len(text) - 1, len(text) - 3, len(text) - 1, "said", "indirect", 0, len(source) - 2, at)
    found = Speakers(text, actors).speaker_of(quote)
    assert (None if found is None else text[start:end]) == speaker


def test_innermost() -> None:
    quotes = [Quote(0, 20, 0, 20, "said", "indirect"), Quote(5, 10, 5, 10, "said", "direct")]
    assert innermost(quotes, [(6, 8), (1, 3), (8, 12), (25, 26)]) == [1, 0, None, None]
    quotes[1] = replace(quotes[1], act="intention")
    assert innermost(quotes, [(6, 8)]) == [0]


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
