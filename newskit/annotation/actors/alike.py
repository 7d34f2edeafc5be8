"""Which full names are worth comparing: those that share what two spellings of one name always share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import Final

from newskit.annotation.actors.name_parts import is_initials, middle_names, parse_name

MOST_ALIKE: Final = 100
"""Most names with which one is compared for each of its keys: those that were added first."""


class AlikeNames:
    """Full names by their `keys` and the initials of their middle names, which must agree if both have any.

    >>> names = AlikeNames(lambda name: [name.split()[-1]])
    >>> for name in ("Ann B. Roe", "Ann C. Roe", "Ann Roe", "Ann Doe"):
    ...     names.add(name)
    >>> names.near("Ann Beth Roe"), names.near("A. Roe")
    (['Ann B. Roe', 'Ann Roe'], ['Ann B. Roe', 'Ann C. Roe', 'Ann Roe'])
    """

    def __init__(self, keys: Callable[[str], Iterable[Hashable]]) -> None:
        self._keys = keys
        self._numbers: dict[str, int] = {}
        self._blocks: dict[tuple[Hashable, str | None], list[str]] = defaultdict(list)

    def add(self, name: str) -> None:
        """Add a name."""
        self._numbers.setdefault(name, len(self._numbers))
        for key in self._keys(name):
            for middle in (_middle(name), None):
                block = self._blocks[key, middle]
                if len(block) < MOST_ALIKE:
                    block.append(name)

    def near(self, name: str) -> list[str]:
        """The names that may be the same, in the order in which they were added."""
        middle = _middle(name)
        kinds = (middle, "") if middle else (None,)
        found = {other for key in self._keys(name) for kind in kinds for other in self._blocks.get((key, kind), ())}
        return sorted(found, key=self._numbers.__getitem__)


def _middle(name: str) -> str:
    parts = parse_name(name)
    if parts.title or is_initials(parts.given):  # whose other names do not count
        return ""
    return "".join(part[0] for part in middle_names(name))
