"""Ids and names that rows were asked for but that the corpus does not have."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping
from typing import Any, Final

from newskit.annotation.actors.catalog import ActorCatalog
from newskit.corpus.queries import in_quotes
from newskit.corpus.tables import Tables
from newskit.errors import CatalogError
from newskit.resources.nearest import nearest
from newskit.schema import ACTOR_IDS, VOICES

_PLACE: Final = {"outlet": "articles", "article_id": "articles", "frame": "frames", "codebook": "frames"}
"""The table that has all values of a column in which people misspell."""
_SLIP: Final = 0.8
"""How much alike a misspelled id and the right one are at least: one letter in five, or two in ten, may differ."""
_MOST: Final = 20_000
"""Comparing more spellings than these takes seconds."""


def refuse_misspelled(tables: Tables, where: Mapping[str, Any]) -> None:
    """Raise `ValueError` for the id of an actor that the corpus lacks but for a letter or two."""
    for column, value in where.items():
        if isinstance(value, str) and column in ACTOR_IDS:
            known = _known(tables, column)
            if hint := misspelled(value, known):
                raise ValueError(f"nothing in the corpus has {column} {value!r}{hint}")


def misspelled(identity: str, known: Collection[str]) -> str:
    """A hint at the ids that this one is a slip for; empty if it is known, unlike all, or an id with a word more.

    >>> misspelled("donald-trmp", ["donald-trump", "russia"]), misspelled("donald-trump-jr", ["donald-trump"])
    (" (did you mean 'donald-trump'?)", '')
    """
    if identity in known:
        return ""
    words = {*identity.split("-")}
    others = [one for one in known if not words > {*one.split("-")} and not words < {*one.split("-")}]
    return nearest(identity, others, at_most=3, least=_SLIP)


def check_corrections(catalog: ActorCatalog, known: Collection[str]) -> None:
    """Raise `CatalogError` if a correction is of an actor that the corpus, whose ids are `known`, has but for a slip.

    What is corrected of other actors does nothing here, as a catalogue may serve several corpora.
    """
    corrections, ids = catalog.corrections, {*known, *catalog.actors}
    made = {*corrections.merge.values(), *(split.into for split in corrections.split)}
    asked = {**corrections.ids(), **dict.fromkeys(sorted(made - {*corrections.ids()}), "into")}
    for identity, table in asked.items():
        others = ids if table == "into" else ids | made
        if hint := misspelled(identity, others):
            raise CatalogError(f"{table} {identity!r}: the corpus has no such actor{hint}")


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
