"""Ids and names that rows were asked for but that the corpus does not have."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any, Final

from newskit.corpus.queries import in_quotes
from newskit.corpus.tables import Tables
from newskit.resources.nearest import nearest
from newskit.schema import ACTOR_IDS, VOICES

_PLACE: Final = {"outlet": "articles", "article_id": "articles", "frame": "frames", "codebook": "frames"}
"""The table that has all values of a column in which people misspell."""
_MOST: Final = 20_000
"""Comparing more spellings than these takes seconds."""


def warn_if_misspelled(tables: Tables, where: Mapping[str, Any]) -> None:
    """Warn of a value for which no row was found if the corpus has one that is spelled much like it."""
    for column, value in where.items():
        if not isinstance(value, str) or column not in ACTOR_IDS | {*_PLACE}:
            continue
        known = _known(tables, column)
        hint = "" if value in known or len(known) > _MOST else nearest(value, known)
        if hint:
            warnings.warn(f"nothing in the corpus has {column} {value!r}{hint}", stacklevel=4)


def _known(tables: Tables, column: str) -> list[str]:
    if column in ACTOR_IDS:
        return [*tables.frame("actors")["actor_id"], *(VOICES if column == "voice" else ())]
    table, name = _PLACE[column], in_quotes(column)
    return [*tables.sql(f"select distinct {name} from {table} where {name} is not null limit {_MOST + 1}")[column]]
