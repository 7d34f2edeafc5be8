"""The tables of a corpus on disk, read by column and filter, or with SQL."""

from __future__ import annotations

import functools
import io
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from newskit.corpus.folder import SHARDED, Folder, arrow_schema
from newskit.corpus.views import is_missing, matching
from newskit.schema import ACTOR_IDS, conform
from newskit.schema import columns as column_names

if TYPE_CHECKING:
    import duckdb


LINK: Final = ("key", "actor_id", "label", "type", "source", "rule", "n_mentions")
_MEMORY: Final = "1GB"


class Stored:
    """The tables of a finished corpus in a folder. Nothing is read before it is asked for.

    `links` (name key to actor) and `actors` may be given, to read the same shards with other identities.
    """

    def __init__(
        self,
        folder: Folder,
        manifest: Mapping[str, Any],
        *,
        links: pd.DataFrame | None = None,
        actors: pd.DataFrame | None = None,
    ) -> None:
        self.folder, self.manifest = folder, manifest
        if links is not None:
            self.links = links
        if actors is not None:
            self.actors = actors

    @functools.cached_property
    def links(self) -> pd.DataFrame:
        """The actor of each name, one row a key of `schema.name_key`."""
        return self._frame("links.parquet")

    @functools.cached_property
    def actors(self) -> pd.DataFrame:
        """The table `actors`."""
        return conform("actors", self._frame("actors.parquet"))

    def _frame(self, name: str) -> pd.DataFrame:
        return pd.read_parquet(io.BytesIO(self.folder.read(name) or b""))

    @functools.cached_property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """A DuckDB to query the tables with."""
        connection = connect()
        for table in SHARDED:
            self.view(connection, table)
        return connection

    def view(self, connection: duckdb.DuckDBPyConnection, table: str) -> None:
        """Give a DuckDB a table of the corpus."""
        if table == "actors":
            connection.register("actors", self.actors)
            return
        self._raw_view(connection, table)
        if ACTOR_IDS & {*column_names(table)}:
            connection.register("links", self.links)
        connection.execute(f"create or replace view {table} as {_linked(table)}")

    def _raw_view(self, connection: duckdb.DuckDBPyConnection, table: str) -> None:
        """Give a DuckDB, as `raw_…`, a table with the keys of names for ids of actors."""
        if not self.folder.is_local and not connection.filesystem_is_registered(self.folder.protocol):
            connection.register_filesystem(self.folder.fs)
        files = [self.folder.path(f"{table}/{shard['name']}.parquet") for shard in self.manifest["shards"]]
        if files:
            rows = connection.read_parquet(files, filename=True, file_row_number=True)
        else:
            rows = connection.from_arrow(arrow_schema(table).empty_table())
        rows.create_view(f"raw_{table}", replace=True)

    def with_articles(self, articles: pd.DataFrame) -> Stored:
        """The same tables for queries, but for the articles, which are given."""
        other = Stored(self.folder, self.manifest, links=self.links, actors=self.actors)
        other.connection.execute("drop view articles")
        other.connection.register("articles", articles)
        return other

    def sql(self, query: str) -> pd.DataFrame:
        """The result of a query to the tables."""
        self.view(self.connection, "actors")
        return self.connection.execute(query).df()

    def table(
        self, table: str, *, columns: Sequence[str] | None = None, where: Mapping[str, Any] | None = None
    ) -> pd.DataFrame:
        """Some columns of the rows of a table whose columns have given values (or one of a list), in order."""
        wanted = list(columns) if columns is not None else column_names(table)
        where = dict(where or {})
        if table == "actors":
            return matching(self.actors, where)[wanted].reset_index(drop=True)
        conditions, values = [], []
        for name, value in where.items():
            condition, parameters = _condition(name, self._keys_of(value) if name in ACTOR_IDS else value)
            conditions.append(condition)
            values += parameters
        select = ", ".join(f'"{name}"' for name in wanted)
        sql = f"select {select} from raw_{table}"
        if conditions:
            sql += f" where {' and '.join(conditions)}"
            # A long list of values is joined, and a join does not keep the order.
            sql += " order by filename, file_row_number" if self.manifest["shards"] else ""
        frame = self._raw(table, sql, values)
        for name in ACTOR_IDS.intersection(wanted):
            frame[name] = self._actor_of(frame[name])
        return conform(table, frame)

    def _raw(self, table: str, sql: str, values: Sequence[Any] = ()) -> pd.DataFrame:
        """The result of a query to the rows of one table as the shards keep them."""
        connection = connect()
        self._raw_view(connection, table)
        return connection.execute(sql, list(values)).df()

    def _actor_of(self, keys: pd.Series) -> pd.Series:
        """The ids of the actors that keys stand for; what is no key (the outlet, nobody) stays."""
        codes, distinct = pd.factorize(keys)
        names = pd.Series(distinct, dtype="str")
        ids = names.map(self.links.set_index("key")["actor_id"]).fillna(names).astype("str")
        return pd.Series(ids.array.take(codes, allow_fill=True), index=keys.index)

    def _keys_of(self, value: Any) -> Any:
        """The keys behind the id of an actor or a list of ids."""
        if is_missing(value):
            return value
        ids = [value] if isinstance(value, str) else list(value)
        return [*ids, *self.links.loc[self.links["actor_id"].isin(ids), "key"]]

    def shards(self) -> Iterator[Stored]:
        """The same corpus shard by shard, each to be read for itself."""
        for shard in self.manifest["shards"]:
            yield Stored(self.folder, {**self.manifest, "shards": [shard]}, links=self.links, actors=self.actors)

    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        shards = self.manifest["shards"]
        return {t: sum(s["rows"][t] for s in shards) for t in SHARDED} | {"actors": len(self.actors)}

    def names(self) -> pd.DataFrame:
        """The distinct names of the mentions, with their `n` mentions and `n_articles`."""
        return self._raw(
            "mentions",
            """select name, name_type, gender, count(*) as n, count(distinct article_id) as n_articles
            from raw_mentions where name is not null and kind <> 'apposition' group by all order by all""",
        )

    def actor_counts(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Mentions and articles of each actor, and how often each text names it."""
        counts = self.connection.execute(
            """select actor_id, count(*) as n_mentions, count(distinct article_id) as n_articles
            from mentions where actor_id is not null and kind <> 'apposition' group by all"""
        ).df()
        aliases = self.connection.execute(
            """select actor_id, text, count(*) as n
            from mentions where actor_id is not null and kind in ('name', 'place') group by all"""
        ).df()
        return counts, aliases


# --- queries ---------------------------------------------------------------------------------------------


def connect(threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """A DuckDB in memory that moves to the disk what is too much for it."""
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": _MEMORY,
        "temp_directory": tempfile.gettempdir(),
    }
    connection = duckdb.connect(config=settings if threads is None else settings | {"threads": threads})
    connection.execute("set enable_progress_bar = false")
    return connection


def _linked(table: str) -> str:
    """The query that gives a table its ids of actors."""
    joins, select = [], []
    for number, column in enumerate(column_names(table)):
        if column in ACTOR_IDS:
            joins.append(f'left join links as l{number} on t."{column}" = l{number}.key')
            select.append(f'coalesce(l{number}.actor_id, t."{column}") as "{column}"')
        else:
            select.append(f't."{column}"')
    return " ".join([f"select {', '.join(select)} from raw_{table} as t", *joins])


def _condition(name: str, value: Any) -> tuple[str, list[Any]]:
    """What `matching` asks of a column, as SQL with parameters."""
    if isinstance(value, list | tuple | set):
        values = list(value)
        return (f'"{name}" in ({", ".join("?" * len(values))})', values) if values else ("false", [])
    return (f'"{name}" is null', []) if is_missing(value) else (f'"{name}" = ?', [value])
