"""The right spelling nearest to a wrong one, for messages."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], *, at_most: int = 1, least: float = 0.5) -> str:
    """A hint at the nearest right spellings, `at_most` so many, if any are near: alike by `least` of 1.

    >>> nearest("Outlett", ["outlet", "month"])
    " (did you mean 'outlet'?)"
    """
    spelled = {one.casefold(): one for one in known}
    found = difflib.get_close_matches(word.strip().casefold(), list(spelled), n=at_most, cutoff=least)
    return f" (did you mean {' or '.join(repr(spelled[one]) for one in found)}?)" if found else ""
