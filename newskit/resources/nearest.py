"""The right spelling nearest to a wrong one, for messages."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint at the nearest right spelling, if one is near.

    >>> nearest("Outlett", ["outlet", "month"])
    " (did you mean 'outlet'?)"
    """
    spelled = {one.casefold(): one for one in known}
    found = difflib.get_close_matches(word.strip().casefold(), list(spelled), n=1, cutoff=0.5)
    return f" (did you mean {spelled[found[0]]!r}?)" if found else ""
