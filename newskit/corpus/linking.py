"""Identity across articles: from the names in the mentions to actors, speakers, targets and voices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from newskit.annotation.actors.catalog import ActorCatalog
from newskit.annotation.actors.identity import Link, link_names
from newskit.corpus.tables import Stored
from newskit.schema import OUTLET, TABLES, UNNAMED, conform, make_table, name_key
from newskit.schema import columns as columns_of


def relinked(stored: Stored, catalog: ActorCatalog) -> Stored:
    """The same shards with the identities that a catalogue gives."""
    links = _links(stored.names(), catalog)
    linked = Stored(stored.folder, stored.manifest, links=links)
    linked.actors = _actors(*linked.actor_counts(), links, catalog)
    return linked


# --- identity across articles --------------------------------------------------------------------------


def link_tables(tables: Mapping[str, pd.DataFrame], catalog: ActorCatalog) -> pd.DataFrame:
    """Fill actor_id, speaker_id, target_id and voice from the names of the mentions; return the actors."""
    mentions = tables["mentions"]
    links = _links(distinct_names(mentions), catalog)
    _fill(tables, _keys(mentions).map(links.set_index("key")["actor_id"]))
    # A title or label is counted with the name that it stands beside.
    named = mentions[mentions["actor_id"].notna() & (mentions["kind"] != "apposition")]
    counts = named.groupby("actor_id")["article_id"].agg(n_mentions="size", n_articles="nunique").reset_index()
    spoken = named[named["kind"].isin(["name", "place"])]
    aliases = spoken.groupby(["actor_id", "text"]).size().reset_index(name="n")
    return _actors(counts, aliases, links, catalog)


def _fill(tables: Mapping[str, pd.DataFrame], identities: pd.Series) -> None:
    """Fill actor_id, speaker_id, target_id and voice from who each mention is."""
    mentions, quotes = tables["mentions"], tables["quotes"]
    mentions["actor_id"] = identities.astype("str")
    actor_of = mentions.set_index(["article_id", "mention_id"])["actor_id"]
    quotes["speaker_id"] = _look_up(quotes, "speaker_mention_id", actor_of)
    tables["stances"]["target_id"] = _look_up(tables["stances"], "mention_id", actor_of)
    for name in ("stances", "frames"):
        tables[name]["voice"] = voices_of(tables[name], quotes)
    source = _look_up(tables["stances"], "source_mention_id", actor_of).fillna(UNNAMED)
    evaluates = tables["stances"]["source_mention_id"].notna()
    tables["stances"]["voice"] = tables["stances"]["voice"].mask(evaluates, source).astype("str")


def unlinked_tables(rows: Mapping[str, list[dict[str, Any]]]) -> dict[str, pd.DataFrame]:
    """The tables of rows, each distinct name an actor of its own: what a shard keeps."""
    tables = {table: make_table(table, rows[table]) for table in TABLES if table != "actors"}
    _fill(tables, _keys(tables["mentions"]))
    return tables


def voices_of(table: pd.DataFrame, quotes: pd.DataFrame) -> pd.Series:
    """Whose words each row is in: the speaker of its quotation, or the outlet."""
    speaker_of = quotes.set_index(["article_id", "quote_id"])["speaker_id"]
    voice = _look_up(table, "quote_id", speaker_of).fillna(UNNAMED)
    voices: pd.Series = voice.mask(table["quote_id"].isna(), OUTLET).astype("str")
    return voices


def _look_up(table: pd.DataFrame, key: str, values: pd.Series) -> pd.Series:
    """The value of each row's (article_id, key), missing where the key is."""
    wanted = pd.MultiIndex.from_arrays([table["article_id"], table[key].fillna(-1).astype("int64")])
    return pd.Series(values.reindex(wanted).to_numpy(), index=table.index, dtype="str")


NAME_PARTS: Final = ["name", "name_type", "gender"]


def _keys(names: pd.DataFrame) -> pd.Series:
    """The `name_key` of each row, missing where there is no name."""
    parts = (names[part].astype("str") for part in NAME_PARTS)
    keys = [None if pd.isna(n) else name_key(n, t, "" if pd.isna(g) else g) for n, t, g in zip(*parts, strict=True)]
    return pd.Series(keys, index=names.index, dtype="str")


def distinct_names(mentions: pd.DataFrame) -> pd.DataFrame:
    """The distinct names of a corpus with their `n` mentions and `n_articles`."""
    named = mentions[mentions["name"].notna() & (mentions["kind"] != "apposition")]
    grouped = named.groupby(NAME_PARTS, sort=True, dropna=False)["article_id"]
    return grouped.agg(n="size", n_articles="nunique").reset_index()


def _links(distinct: pd.DataFrame, catalog: ActorCatalog) -> pd.DataFrame:
    """Identity across articles of each distinct name: its `key`, the columns of `Link`, and `n_mentions`.

    What the catalogue found is looked up by its own words; people, organisations and places by the
    fullest name of their entity, with the gender that the article tells.
    """
    links = pd.DataFrame(
        link_names(distinct.assign(type=distinct["name_type"]), catalog), columns=list(Link._fields), dtype="str"
    )
    links.insert(0, "key", _keys(distinct))
    return links.assign(n_mentions=distinct["n"].astype("int64"))


def _actors(counts: pd.DataFrame, aliases: pd.DataFrame, links: pd.DataFrame, catalog: ActorCatalog) -> pd.DataFrame:
    """The table `actors`, from mentions and articles of each actor, how often each text names it, and the links."""
    links = links.sort_values(["n_mentions", "key"], ascending=[False, True])
    first = links.drop_duplicates("actor_id").set_index("actor_id")
    rules = links.groupby(["actor_id", "rule"])["n_mentions"].sum().reset_index(name="n")
    table = counts.sort_values(["n_mentions", "actor_id"], ascending=[False, True], ignore_index=True)
    ids = table["actor_id"]
    return conform(
        "actors",
        table.assign(
            **{name: ids.map(first[name]) for name in ("label", "type", "source")},
            aliases=ids.map(_joined(aliases, "text")).fillna(""),
            rules=ids.map(_joined(rules, "rule")),
            group=ids.map(catalog.corrections.group.get),
            wikidata=ids.map(catalog.wikidata),
        )[columns_of("actors")],
    )


def _joined(parts: pd.DataFrame, column: str) -> pd.Series:
    """The texts of each actor in one, most frequent first."""
    ordered = parts.sort_values(["n", column], ascending=[False, True])
    return ordered.groupby("actor_id")[column].agg(" | ".join)
