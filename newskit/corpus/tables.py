"""The tables of a corpus behind one interface: as frames in memory, or as the Parquet files of a folder."""

from __future__ import annotations

import abc
import functools
import io
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from newskit.corpus.actor_ids import fill_actor_ids, name_keys, without_ignored
from newskit.corpus.folder import METADATA, SHARDED, WHOLE, Folder, arrow_schema
from newskit.corpus.queries import Wanted, as_literal, condition, connect, in_quotes, lock_down, matching, show, wanted
from newskit.schema import ACTOR_IDS, TABLES, UNNAMED, conform, dtype_of, make_table
from newskit.schema import columns as column_names

if TYPE_CHECKING:
    import duckdb


def no_links() -> pd.DataFrame:
    """The links of tables whose names are not linked yet."""
    return pd.DataFrame({"key": [], "actor_id": []}, dtype="str")


class Tables(abc.ABC):
    """The seven tables of a corpus, wherever they lie.

    They are never changed: `replaced` and `linked` give others, which share what is the same.
    """

    links: pd.DataFrame
    """The actor of each name, one row per key of `schema.name_key`: how the mentions were linked."""

    @property
    @abc.abstractmethod
    def place(self) -> str:
        """Where they lie, for people to read; empty in memory."""

    @abc.abstractmethod
    def columns(self, table: str) -> list[str]:
        """The columns of a table."""

    @abc.abstractmethod
    def frame(self, table: str) -> pd.DataFrame:
        """A table as a whole."""

    @abc.abstractmethod
    def rows(self, table: str, columns: Sequence[str], where: Mapping[str, Any]) -> pd.DataFrame:
        """Some columns of the rows of a table whose columns have the wanted values (see `queries.wanted`), in order."""

    @abc.abstractmethod
    def sizes(self) -> dict[str, int]:
        """How many rows each table has."""

    @abc.abstractmethod
    def register(self, connection: duckdb.DuckDBPyConnection, table: str) -> None:
        """Give a DuckDB a table, under its name."""

    @abc.abstractmethod
    def sql(self, query: str, *, trusted: bool = True) -> pd.DataFrame:
        """The result of a query to all tables; of one that is not trusted, `queries.lock_down` sets the bounds."""

    def verify(self) -> None:
        """Raise `CorpusFolderError` if a file is missing or altered."""
        return  # tables in memory have no files

    @abc.abstractmethod
    def parts(self) -> Iterator[Tables]:
        """The same tables some articles at a time, each part small enough for the memory; all have all actors."""

    @abc.abstractmethod
    def replaced(self, frames: Mapping[str, pd.DataFrame]) -> Tables:
        """The tables with others in the place of some."""

    @abc.abstractmethod
    def linked(self, links: pd.DataFrame) -> Tables:
        """The tables with the ids of actors that `links` gives to the names; `actors` is still that of before."""


class FrameTables(Tables):
    """Tables in memory."""

    place = ""

    def __init__(self, frames: Mapping[str, pd.DataFrame], links: pd.DataFrame | None = None) -> None:
        unknown = sorted({*frames} - {*TABLES})
        if unknown:
            raise ValueError(f"no table {unknown[0]!r}; the tables are {', '.join(TABLES)}")
        self._frames = {table: frames[table] if table in frames else make_table(table, []) for table in TABLES}
        self.links = no_links() if links is None else links

    def columns(self, table: str) -> list[str]:
        """The columns of a table, those that somebody has added among them."""
        return list(self._frames[table].columns)

    def frame(self, table: str) -> pd.DataFrame:
        """The table itself."""
        return self._frames[table]

    def rows(self, table: str, columns: Sequence[str], where: Mapping[str, Any]) -> pd.DataFrame:
        """A selection of the frame, as a copy."""
        found: pd.DataFrame = matching(self._frames[table], where)[list(columns)].reset_index(drop=True)
        return found

    def sizes(self) -> dict[str, int]:
        """The lengths of the frames."""
        return {table: len(frame) for table, frame in self._frames.items()}

    def register(self, connection: duckdb.DuckDBPyConnection, table: str) -> None:
        """The frame is scanned where it lies."""
        show(connection, table, self._frames[table])

    def sql(self, query: str, *, trusted: bool = True) -> pd.DataFrame:
        """The result of a query to the frames."""
        connection = connect()
        for table in TABLES:
            self.register(connection, table)
        if not trusted:
            lock_down(connection, query)
        return connection.execute(query).df()

    def parts(self) -> Iterator[Tables]:
        """Themselves, since they fit the memory."""
        yield self

    def replaced(self, frames: Mapping[str, pd.DataFrame]) -> FrameTables:
        """Other frames in the place of some."""
        return FrameTables({**self._frames, **frames}, self.links)

    def linked(self, links: pd.DataFrame) -> FrameTables:
        """Copies, filled anew from the names of the mentions."""
        frames = {table: frame.copy() for table, frame in self._frames.items() if table != "actors"}
        fill_actor_ids(frames, name_keys(frames["mentions"]).map(links.set_index("key")["actor_id"]))
        return FrameTables({**frames, "actors": self._frames["actors"]}, links)


class ParquetTables(Tables):
    """The tables of a finished corpus in a folder; nothing is read before it is asked for.

    The shards hold keys of names where the tables have ids of actors; `links` (by default the folder's own) is joined
    on reading, so that other identities cost no new files. `actors` and `articles` may be given, to stand in the
    place of those in the folder. Once the table of articles was read as a whole it is kept and stands for the file, so
    that columns that somebody adds to it count; the other tables are read from the files again and again.
    """

    def __init__(
        self,
        folder: Folder,
        manifest: Mapping[str, Any],
        *,
        links: pd.DataFrame | None = None,
        instead: Mapping[str, pd.DataFrame] | None = None,
    ) -> None:
        self.folder, self.manifest = folder, manifest
        self._instead = dict(instead or {})
        self._whole: dict[str, pd.DataFrame] = {}
        self._lock = threading.RLock()  # DuckDB serves one thread per connection
        if links is not None:
            self.links = links

    @functools.cached_property
    def links(self) -> pd.DataFrame:  # type: ignore[override]
        """How the names were linked when the folder was written."""
        return self._read("links.parquet")

    def _read(self, name: str) -> pd.DataFrame:
        self.folder.check(name, self.manifest.get("files", {}).get(name))
        return pd.read_parquet(io.BytesIO(self.folder.read(name) or b""))

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name not in ("_connection", "_lock")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._lock = threading.RLock()

    @property
    def place(self) -> str:
        """The URL of the folder."""
        return self.folder.url

    def _held(self, table: str) -> pd.DataFrame | None:
        """The frame that stands for the files of a table; None if the files do."""
        if table == "actors":
            return self.frame("actors")
        return self._instead.get(table, self._whole.get(table) if table == "articles" else None)

    def columns(self, table: str) -> list[str]:
        """The columns of a table, those that somebody has added to the articles among them."""
        held = self._held(table)
        return [*column_names(table), *self._own(table)] if held is None else list(held.columns)

    def _own(self, table: str) -> dict[str, Any]:
        """The user's own columns of a table, with their dtypes: articles may have some."""
        return {} if table != "articles" else dict(self._metadata.dtypes.drop("article_id"))

    @functools.cached_property
    def _metadata(self) -> pd.DataFrame:
        given = METADATA in self.manifest.get("files", {})
        return self._read(METADATA) if given else pd.DataFrame({"article_id": []}, dtype="str")

    def frame(self, table: str) -> pd.DataFrame:
        """A table read as a whole, once."""
        if table in self._instead:
            return self._instead[table]
        if table not in self._whole:
            if table == "actors":
                self._whole[table] = conform("actors", self._read("actors.parquet"))
            else:
                self._whole[table] = self.rows(table, self.columns(table), {})
        return self._whole[table]

    def rows(self, table: str, columns: Sequence[str], where: Mapping[str, Any]) -> pd.DataFrame:
        """The columns and rows alone are read."""
        held = self._held(table)
        if held is not None:
            found: pd.DataFrame = matching(held, where)[list(columns)].reset_index(drop=True)
            return found
        conditions, values, own = [], [], self._own(table)
        for name, value in where.items():
            asked = wanted(value, own[name] if name in own else dtype_of(table, name))
            part, parameters = condition(name, self._keys_too(asked, name) if name in ACTOR_IDS else asked)
            conditions.append(part)
            values += parameters
        query = f"select {', '.join(map(in_quotes, columns))} from raw_{table}"
        if conditions:
            query += f" where {' and '.join(conditions)}"
        if conditions or own:
            # A long list of values is joined, as are columns of the user, and a join does not keep the order.
            query += " order by filename, file_row_number" if self.manifest["shards"] else ""
        connection = connect()
        self._register_raw(connection, table)
        frame = connection.execute(query, values).df()
        for name in ACTOR_IDS.intersection(columns):
            linked = self._actors_of(frame[name])
            frame[name] = linked if name == "voice" else without_ignored(linked)
        frame = frame.astype({name: dtype for name, dtype in own.items() if name in columns})
        return conform(table, frame)

    def _keys_too(self, asked: Wanted, column: str) -> Wanted:
        """The ids of actors asked for, and the keys of the names that were linked to them."""
        ids = [*asked.values]
        if column != "voice":  # whoever is ignored is no actor there
            ids = [one for one in ids if one != UNNAMED] + [UNNAMED] * asked.missing
        keys = self.links.loc[self.links["actor_id"].isin(ids), "key"]
        return Wanted([*asked.values, *keys], asked.missing)

    def _actors_of(self, keys: pd.Series) -> pd.Series:
        """The ids of the actors that keys stand for; what is no key (the outlet, nobody) stays."""
        codes, distinct = pd.factorize(keys)
        names = pd.Series(distinct, dtype="str")
        ids = names.map(self.links.set_index("key")["actor_id"]).fillna(names).astype("str")
        return pd.Series(ids.array.take(codes, allow_fill=True), index=keys.index)

    def sizes(self) -> dict[str, int]:
        """As the markers of the shards have it."""
        shards = self.manifest["shards"]
        sizes = {table: sum(shard["rows"][table] for shard in shards) for table in SHARDED}
        return sizes | {"actors": len(self.frame("actors"))} | {t: len(frame) for t, frame in self._instead.items()}

    def register(self, connection: duckdb.DuckDBPyConnection, table: str) -> None:
        """A view of the files, joined with the links."""
        held = self._held(table)
        if held is not None:
            show(connection, table, held)
            return
        self._register_raw(connection, table)
        if ACTOR_IDS & {*column_names(table)}:
            connection.register("links", self.links)
        connection.execute(f"create or replace view {table} as {_linked_query(table, self.columns(table))}")

    def _register_raw(self, connection: duckdb.DuckDBPyConnection, table: str) -> None:
        """A view of the files as they are, named `raw_…`."""
        if not self.folder.is_local and not connection.filesystem_is_registered(self.folder.protocol):
            connection.register_filesystem(self.folder.fs)
        files = self._checked(table)
        if files:
            rows = connection.read_parquet([as_literal(file) for file in files], filename=True, file_row_number=True)
        else:
            rows = connection.from_arrow(arrow_schema(table).empty_table())
        if own := self._own(table):
            connection.register("metadata", self._metadata)
            more = ", ".join(f"m.{in_quotes(name)}" for name in own)
            rows.create_view("plain", replace=True)
            rows = connection.sql(f"select t.*, {more} from plain t left join metadata m using (article_id)")
        rows.create_view(f"raw_{table}", replace=True)

    def _checked(self, table: str) -> list[str]:
        """Where the files of a table lie. Those on this machine are compared with their checksums, once a process."""
        files = []
        for shard in self.manifest["shards"]:
            name = f"{table}/{shard['name']}.parquet"
            files.append(self.folder.path(name))
            if self.folder.is_local:
                known = shard.get("sha256", {}).get(table)
                state = _state(files[-1])
                if state is None or (files[-1], state, known) not in _CHECKED:
                    self.folder.check(name, known)
                    _CHECKED.add((files[-1], state, known))
        return files

    @functools.cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        connection = connect()
        for table in SHARDED:
            self.register(connection, table)
        return connection

    def sql(self, query: str, *, trusted: bool = True) -> pd.DataFrame:
        """The result of a query to the files."""
        if not trusted:
            return self._bounded(query)
        with self._lock:
            connection = self._connection
            self.register(connection, "actors")
            if self._held("articles") is not None:
                connection.execute("drop view articles")
                self.register(connection, "articles")
            return connection.execute(query).df()

    def verify(self) -> None:
        """Compare each file with its checksum."""
        for shard in self.manifest["shards"]:
            self.folder.check(f"shards/{shard['name']}.json", None)
            for table in SHARDED:
                self.folder.check(f"{table}/{shard['name']}.parquet", shard.get("sha256", {}).get(table))
        for name in {*WHOLE, *self.manifest.get("files", {})}:
            self.folder.check(name, self.manifest.get("files", {}).get(name))

    def _bounded(self, query: str) -> pd.DataFrame:
        """The result of a query that may read nothing but the corpus, by a connection of its own."""
        connection = connect()
        with self._lock:
            for table in TABLES:
                self.register(connection, table)
        root = self.folder.path("")
        lock_down(connection, query, allowed=root if root.endswith("/") else f"{root}/")
        return connection.execute(query).df()

    def parts(self) -> Iterator[ParquetTables]:
        """Shard by shard."""
        for shard in self.manifest["shards"]:
            part = ParquetTables(self.folder, {**self.manifest, "shards": [shard]}, links=self.links)
            part._instead["actors"] = self.frame("actors")
            articles = self._held("articles")
            if articles is not None:
                own = part.rows("articles", ["article_id"], {})
                part._instead["articles"] = articles[articles["article_id"].isin(own["article_id"])]
            yield part

    def replaced(self, frames: Mapping[str, pd.DataFrame]) -> Tables:
        """Actors and articles are replaced beside the files; with any other table, all are read into the memory."""
        if {*frames} <= {"actors", "articles"}:
            return ParquetTables(self.folder, self.manifest, links=self.links, instead={**self._kept(), **frames})
        whole = {table: frames[table] if table in frames else self.frame(table) for table in TABLES}
        return FrameTables(whole, self.links)

    def linked(self, links: pd.DataFrame) -> ParquetTables:
        """The same files, joined with other links."""
        return ParquetTables(self.folder, self.manifest, links=links, instead=self._kept())

    def _kept(self) -> dict[str, pd.DataFrame]:
        """The frames that go on standing for files."""
        articles = self._held("articles")
        return self._instead if articles is None else {**self._instead, "articles": articles}


_CHECKED: Final[set[tuple[str, tuple[int, int, int] | None, str | None]]] = set()
"""The files that this process has compared with their checksums, and what they were then."""


def _state(path: str) -> tuple[int, int, int] | None:
    """What changes when a file does; None if there is none."""
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ino


def _linked_query(table: str, names: Sequence[str]) -> str:
    """The query that gives a table of the shards its ids of actors."""
    joins, select = [], []
    for number, column in enumerate(names):
        if column in ACTOR_IDS:
            joins.append(f'left join links as l{number} on t."{column}" = l{number}.key')
            linked = f'coalesce(l{number}.actor_id, t."{column}")'
            if column != "voice":  # whoever is ignored is no actor
                linked = f"nullif({linked}, '{UNNAMED}')"
            select.append(f'{linked} as "{column}"')
        else:
            select.append(f"t.{in_quotes(column)}")
    return " ".join([f"select {', '.join(select)} from raw_{table} as t", *joins])
