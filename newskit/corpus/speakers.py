"""Who can speak: the type and the gender of the actors of a corpus."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from newskit.corpus.queries import connect
from newskit.corpus.tables import Tables

UNKNOWN: Final = "unknown"
"""`gender` of the people of whom no article tells it."""


def speakers_of(tables: Tables) -> pd.DataFrame:
    """The actors, by id, with `label`, `type` and `gender`: m, f or unknown of people, missing of all others.

    The gender is that of most of the mentions that tell one; where as many tell the other, it is unknown.
    """
    connection = connect(threads=1)
    tables.register(connection, "mentions")
    told = connection.execute(
        """select actor_id, count(*) filter (gender = 'f') as f, count(*) filter (gender = 'm') as m
        from mentions where actor_id is not null and gender is not null group by 1"""
    ).df()
    counts = told.set_index("actor_id")
    actors = tables.frame("actors").set_index("actor_id")[["label", "type"]]
    more = (counts["f"] - counts["m"]).reindex(actors.index).fillna(0)
    gender = pd.Series(UNKNOWN, index=actors.index, dtype="str").mask(more > 0, "f").mask(more < 0, "m")
    return actors.assign(gender=gender.where(actors["type"] == "person"))


def speakers_with(tables: Tables, row: Mapping[Any, Any]) -> list[str]:
    """The ids of the actors who have the `type` and the `gender` of a row of a summary, of which it may have one."""
    found = speakers_of(tables)
    for name in {"type", "gender"} & {*row.keys()}:
        found = found[found[name] == row[name]]
    return list(found.index)
