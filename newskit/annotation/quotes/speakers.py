"""From the source of a quotation, which is words in the text, to its speaker, the actor that they name."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence

from newskit.annotation.quotes.quote import Quote
from newskit.resources.lexicons import word_lists


def speaker_of(quote: Quote, text: str, actors: Sequence[tuple[int, int, bool]]) -> int | None:
    """Which of the actors, spans (start, end, is a state), is the source of a quotation; None if none of them is.

    `actors` are in order and do not overlap. The source is the actor whose name covers its head, or a state before a
    noun of office that is the head ("Russian officials", "the White House spokesman").
    """
    if quote.source_start is None or quote.source_head is None:
        return None
    at = bisect.bisect_right(actors, (quote.source_head + 1,)) - 1
    if at >= 0 and actors[at][0] <= quote.source_head < actors[at][1]:
        return at
    word = re.search(r"\w+$", text[quote.source_start : quote.source_head + 1])
    noun = word.group().lower() if word else ""
    if not {noun, noun.removesuffix("s")} & word_lists("reporting_verbs")["offices"]:
        return None
    while at >= 0 and actors[at][0] >= quote.source_start:
        between = text[actors[at][1] : quote.source_head + 1 - len(noun)]
        if actors[at][2] and re.fullmatch(r"\s(?:[\w-]+\s){0,2}", between):
            return at
        at -= 1
    return None
