"""Who each row is about: the columns with ids of actors, and voice, filled from the names of the mentions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from newskit.schema import OUTLET, TABLES, UNNAMED, UNRESOLVED, make_table, name_key

NAME_PARTS: Final = ["name", "name_type", "gender"]
"""The columns of mentions that tell a name from others across articles."""


def name_keys(names: pd.DataFrame) -> pd.Series:
    """The `name_key` of each row, missing where there is no name."""
    parts = (names[part].astype("str") for part in NAME_PARTS)
    keys = [None if pd.isna(n) else name_key(n, t, "" if pd.isna(g) else g) for n, t, g in zip(*parts, strict=True)]
    return pd.Series(keys, index=names.index, dtype="str")


def unlinked_tables(rows: Mapping[str, list[dict[str, Any]]]) -> dict[str, pd.DataFrame]:
    """The tables of rows with each distinct name as an actor of its own: what a shard keeps."""
    tables = {table: make_table(table, rows[table]) for table in TABLES if table != "actors"}
    fill_actor_ids(tables, name_keys(tables["mentions"]))
    return tables


def fill_actor_ids(tables: Mapping[str, pd.DataFrame], identities: pd.Series) -> None:
    """Fill actor_id, speaker_id, speaks_for_id, target_id and voice in place, from who each mention is."""
    mentions, quotes, stances = tables["mentions"], tables["quotes"], tables["stances"]
    found = mentions[["article_id", "mention_id"]].assign(actor_id=identities.astype("str"))
    actor_of = found.set_index(["article_id", "mention_id"])["actor_id"]
    for name in ("speaker", "speaks_for"):
        quotes[f"{name}_id"] = _looked_up(quotes, f"{name}_mention_id", actor_of)
    stances["target_id"] = _looked_up(stances, "mention_id", actor_of)
    for table in (stances, tables["frames"]):
        table["voice"] = voices_of(table, quotes)
    source = _looked_up(stances, "source_mention_id", actor_of).fillna(UNRESOLVED)
    stances["voice"] = stances["voice"].mask(stances["source_mention_id"].notna(), source).astype("str")
    mentions["actor_id"] = without_ignored(found["actor_id"])
    for table, name in ((quotes, "speaker_id"), (quotes, "speaks_for_id"), (stances, "target_id")):
        table[name] = without_ignored(table[name])


def without_ignored(ids: pd.Series) -> pd.Series:
    """The ids of actors; missing where the catalogue ignores whoever is meant, which as a voice is unnamed."""
    actors: pd.Series = ids.mask(ids == UNNAMED).astype("str")
    return actors


def voices_of(table: pd.DataFrame, quotes: pd.DataFrame) -> pd.Series:
    """Whose words each row is in: the speaker of its quotation, an unnamed or unresolved source, or the outlet."""
    unknown = quotes["sourcing"].eq("unresolved").map({True: UNRESOLVED, False: UNNAMED})
    speakers = quotes.assign(speaker=quotes["speaker_id"].fillna(unknown))
    voice = _looked_up(table, "quote_id", speakers.set_index(["article_id", "quote_id"])["speaker"])
    voices: pd.Series = voice.mask(table["quote_id"].isna(), OUTLET).astype("str")
    return voices


def _looked_up(table: pd.DataFrame, key: str, values: pd.Series) -> pd.Series:
    """The value for each row's (article_id, key), missing where the key is."""
    asked = pd.MultiIndex.from_arrays([table["article_id"], table[key].fillna(-1).astype("int64")])
    return pd.Series(values.reindex(asked).to_numpy(), index=table.index, dtype="str")
