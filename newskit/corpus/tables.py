"""A corpus on disk: a folder of Parquet files and a manifest, read by column and filter, or with SQL."""

from __future__ import annotations

import dataclasses
import functools
import io
import json
import os
import tempfile
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from newskit.annotation.actors.catalog import Actor, ActorCatalog, Corrections, Split
from newskit.schema import ACTOR_IDS, TABLES, conform
from newskit.schema import columns as column_names

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

FORMAT: Final = 1
"""Version of the layout of the folder."""
SHARDED: Final = tuple(table for table in TABLES if table != "actors")
"""The tables that every shard has a file of. They hold the keys of names where the corpus has ids of actors: who a
name is across articles is told by `links.parquet`, so that linking anew writes no shard again."""
LINK: Final = ("key", "actor_id", "label", "type", "source", "rule", "n_mentions")
_MEMORY: Final = "1GB"


class CorpusFolderError(ValueError):
    """A folder that holds no finished corpus, or another one; the message says what to do."""


class Folder:
    """A folder of files, on this machine or wherever fsspec reaches: "corpus/", "s3://bucket/corpus", "memory://c"."""

    def __init__(self, path: str | Path) -> None:
        from fsspec.core import url_to_fs

        self.url = str(Path(path).expanduser()) if isinstance(path, Path) or "://" not in path else str(path)
        self.fs, self.root = url_to_fs(self.url)
        protocol = self.fs.protocol
        self.protocol: str = protocol if isinstance(protocol, str) else protocol[0]
        self.is_local = self.protocol == "file"

    def __reduce__(self) -> tuple[type[Folder], tuple[str]]:
        return Folder, (self.url,)

    def path(self, name: str) -> str:
        """Where a file lies, as DuckDB and fsspec want it."""
        path = f"{self.root.rstrip('/')}/{name}"
        return path if self.is_local else str(self.fs.unstrip_protocol(path))

    def read(self, name: str) -> bytes | None:
        """The content of a file; None if it is not there."""
        try:
            return bytes(self.fs.cat_file(self.path(name)))
        except FileNotFoundError:
            return None

    def write(self, name: str, data: bytes) -> None:
        """Write a file so that it is there as a whole or not at all, whenever the process ends."""
        path = self.path(name)
        if not self.is_local:
            self.fs.pipe_file(path, data)  # an object appears when it is complete
            return
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        # A name of its own: a cluster that believes a worker dead may run a shard twice at once.
        part = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.part")
        try:
            with part.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise

    def names(self, of: str) -> list[str]:
        """The files directly in one of its folders, sorted; none if there is no such folder."""
        try:
            found = self.fs.ls(self.path(of).rstrip("/"), detail=False)
        except (FileNotFoundError, NotADirectoryError):
            return []
        return sorted(str(path).rstrip("/").rpartition("/")[2] for path in found)

    def remove(self, name: str) -> None:
        """Delete a file, if it is there."""
        if self.fs.exists(self.path(name)):
            self.fs.rm_file(self.path(name))

    def sweep(self) -> None:
        """Delete what a process that was killed while writing has left."""
        for folder in ("", "shards", *SHARDED):
            for name in self.names(folder):
                if name.startswith(".") and name.endswith(".part"):
                    self.remove(f"{folder}/{name}" if folder else name)


# --- tables as Parquet -----------------------------------------------------------------------------------


@functools.cache
def arrow_schema(table: str) -> pa.Schema:
    """The Parquet columns of a table."""
    import pyarrow as pa

    types = {"str": pa.string(), "int64": pa.int64(), "Int64": pa.int64(), "float64": pa.float64()}
    types["datetime64[us]"] = pa.timestamp("us")
    return pa.schema([(column.name, types[column.dtype]) for column in TABLES[table]])


def to_parquet(frame: pd.DataFrame, schema: pa.Schema | None = None) -> bytes:
    """The bytes of a Parquet file; the same rows give the same bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    data = pa.Table.from_pandas(frame, schema=schema, preserve_index=False).replace_schema_metadata(None)
    buffer = io.BytesIO()
    pq.write_table(data, buffer, compression="zstd")
    return buffer.getvalue()


def read_manifest(folder: Folder) -> dict[str, Any] | None:
    """The manifest of a folder, None if it has none; raises `CorpusFolderError` for one of another format."""
    data = folder.read("manifest.json")
    if data is None:
        return None
    manifest: dict[str, Any] = json.loads(data)
    if manifest.get("format") != FORMAT:
        raise CorpusFolderError(
            f"{folder.url} was written in format {manifest.get('format')}, this newskit reads format {FORMAT}: "
            "annotate again into another folder, or use the newskit that wrote it"
        )
    return manifest


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
        if _is_missing(value):
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


# --- catalogues ------------------------------------------------------------------------------------------


def catalog_to_json(catalog: ActorCatalog) -> bytes:
    """A whole catalogue, to be kept with a corpus that was linked by it."""
    data = {
        "name": catalog.name,
        "version": catalog.version,
        "actors": [dataclasses.asdict(actor) for actor in catalog.actors.values()],
        "corrections": dataclasses.asdict(catalog.corrections),
    }
    return json.dumps(data, indent=1, ensure_ascii=False).encode()


def catalog_from_json(data: bytes) -> ActorCatalog:
    """The catalogue of `catalog_to_json`."""
    raw: Any = json.loads(data)
    actors = []
    for given in raw["actors"]:
        fields: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in given.items()}
        actors.append(Actor(**fields))
    corrections = raw["corrections"]
    corrections["split"] = tuple(Split(*split) for split in corrections["split"])
    return ActorCatalog(actors, name=raw["name"], version=raw["version"], corrections=Corrections(**corrections))


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


def matching(frame: pd.DataFrame, where: Mapping[str, Any]) -> pd.DataFrame:
    """The rows whose columns have given values, or one of a list of values; a missing value asks for missing ones."""
    for name, value in where.items():
        column = frame[name]
        if isinstance(value, list | tuple | set):
            frame = frame[column.isin(list(value))]
        else:
            frame = frame[column.isna() if _is_missing(value) else column == value]
    return frame


def _condition(name: str, value: Any) -> tuple[str, list[Any]]:
    """What `matching` asks of a column, as SQL with parameters."""
    if isinstance(value, list | tuple | set):
        values = list(value)
        return (f'"{name}" in ({", ".join("?" * len(values))})', values) if values else ("false", [])
    return (f'"{name}" is null', []) if _is_missing(value) else (f'"{name}" = ?', [value])


def _is_missing(value: Any) -> bool:
    return bool(pd.api.types.is_scalar(value) and pd.isna(value))
