"""Applies `annotation.actors.identity`, which decides which names are one actor, to a corpus, and counts the actors."""

from __future__ import annotations

import pandas as pd

from newskit.annotation.actors.catalog import ActorCatalog
from newskit.annotation.actors.identifiers import identify
from newskit.annotation.actors.identity import Link, link_names
from newskit.corpus.actor_ids import name_keys
from newskit.corpus.queries import connect
from newskit.corpus.tables import Tables
from newskit.schema import columns, conform


def link(tables: Tables, catalog: ActorCatalog) -> Tables:
    """The tables with the identities that a catalogue gives to the names; no text is read."""
    names = distinct_names(tables)
    linked = tables.linked(_links(names, catalog))
    return linked.replaced({"actors": _actors(linked, linked.links, catalog)})


def recounted(tables: Tables, catalog: ActorCatalog) -> Tables:
    """The tables, of which some articles or rows were taken out, with the actors that are left, counted anew.

    Identities, labels and types stay those of the whole.
    """
    names = distinct_names(tables)
    left = pd.DataFrame({"key": name_keys(names), "n_mentions": names["n"].astype("int64")})
    links = tables.links.drop(columns="n_mentions", errors="ignore").merge(left, on="key")
    if "rule" not in links.columns:  # tables that somebody put together without links
        return tables
    actors = _actors(tables, links, catalog)
    known = tables.frame("actors").set_index("actor_id")
    for name in ("label", "type", "source"):
        actors[name] = actors["actor_id"].map(known[name]).fillna(actors[name])
    return tables.replaced({"actors": conform("actors", actors)})


def distinct_names(tables: Tables) -> pd.DataFrame:
    """The distinct names of the mentions, with their `n` mentions and `n_articles`; a title or label beside a name is
    counted with the name."""
    connection = connect()
    tables.register(connection, "mentions")
    return connection.execute(
        """select name, name_type, gender, count(*) as n, count(distinct article_id) as n_articles
        from mentions where name is not null and kind <> 'apposition' group by all order by all"""
    ).df()


def uncorrected_ids(tables: Tables, catalog: ActorCatalog) -> set[str]:
    """The ids of the actors of the names as they are before a catalogue corrects them; empty if it corrects nothing."""
    if not catalog.corrections.ids():
        return set()
    names = distinct_names(tables)
    found = link_names(names.assign(type=names["name_type"]), ActorCatalog(catalog.actors.values()))
    return {link.actor_id for link in found}


def _links(names: pd.DataFrame, catalog: ActorCatalog) -> pd.DataFrame:
    """The actor of each distinct name: its `key`, the columns of `Link`, and `n_mentions`.

    What the catalogue found is looked up by its own words; people, organisations and places by the
    fullest name of their entity, with the gender that the article tells.
    """
    found = link_names(names.assign(type=names["name_type"]), catalog)
    links = pd.DataFrame(found, columns=list(Link._fields), dtype="str")
    links.insert(0, "key", name_keys(names))
    return links.assign(n_mentions=names["n"].astype("int64"))


def _actors(tables: Tables, links: pd.DataFrame, catalog: ActorCatalog) -> pd.DataFrame:
    """The table `actors`: mentions, articles and names counted, the rest from the links and the catalogue."""
    connection = connect()
    tables.register(connection, "mentions")
    counts = connection.execute(
        """select actor_id, count(*) as n_mentions, count(distinct article_id) as n_articles
        from mentions where actor_id is not null and kind <> 'apposition' group by all"""
    ).df()
    aliases = connection.execute(
        """select actor_id, text, count(*) as n
        from mentions where actor_id is not null and kind in ('name', 'place') group by all"""
    ).df()
    links = links.sort_values(["n_mentions", "key"], ascending=[False, True])
    first = links.drop_duplicates("actor_id").set_index("actor_id")
    rules = links.groupby(["actor_id", "rule"])["n_mentions"].sum().reset_index(name="n")
    table = counts.sort_values(["n_mentions", "actor_id"], ascending=[False, True], ignore_index=True)
    ids = table["actor_id"]
    table = table.assign(**{name: ids.map(first[name]) for name in ("label", "type", "source")})
    known = _identifiers(tables, table, catalog)
    return conform(
        "actors",
        table.assign(
            aliases=ids.map(_most_frequent_first(aliases, "text")).fillna(""),
            rules=ids.map(_most_frequent_first(rules, "rule")),
            group=ids.map(catalog.corrections.group.get),
            **{name: known[name] for name in known.columns},
        )[columns("actors")],
    )


def _identifiers(tables: Tables, actors: pd.DataFrame, catalog: ActorCatalog) -> pd.DataFrame:
    """Wikidata item, party and country of each actor: as the catalogue has them or else as the shipped list has."""
    connection = connect()
    for table in ("mentions", "articles"):
        tables.register(connection, table)
    beside = connection.execute(
        """select actor_id, list(distinct m.text) filter (kind = 'apposition') as titles, max(published) as until
        from mentions m left join articles using (article_id) where actor_id is not null group by all"""
    ).fetchall()
    told = {identity: (titles or [], until) for identity, titles, until in beside}
    rows = []
    for identity, label, kind in actors[["actor_id", "label", "type"]].itertuples(index=False):
        titles, until = told[identity]
        known = identify(identity, [label], kind, titles, until.date() if until is not None else None)
        mine = catalog.actors.get(identity)
        wikidata = catalog.wikidata(identity) or known.wikidata
        party, country = (getattr(mine, name, None) or getattr(known, name) for name in ("party", "country"))
        rows.append((wikidata or None, party or None, country or None))
    return pd.DataFrame(rows, columns=["wikidata", "party", "country"], index=actors.index, dtype="str")


def _most_frequent_first(parts: pd.DataFrame, column: str) -> pd.Series:
    """The texts of each actor in one string."""
    ordered = parts.sort_values(["n", column], ascending=[False, True])
    return ordered.groupby("actor_id")[column].agg(" | ".join)
