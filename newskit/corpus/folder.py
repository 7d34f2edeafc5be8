"""The folder that a corpus on disk lies in: files written whole or not at all, Parquet, the manifest."""

from __future__ import annotations

import functools
import hashlib
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from newskit.errors import CorpusFolderError
from newskit.resources.files import whole_file
from newskit.schema import TABLES
from newskit.schema import columns as column_names

if TYPE_CHECKING:
    import pyarrow as pa


FORMAT: Final = 1
"""Version of the layout of the folder."""
SHARDED: Final = tuple(table for table in TABLES if table != "actors")
"""The tables that every shard has a file of. They hold keys of names where the corpus has ids of actors;
`links.parquet` says which actor a name is, so that linking anew rewrites no shard."""


WHOLE: Final = ("links.parquet", "actors.parquet", "catalog.json")
"""The files that a corpus has once, beside its manifest."""
METADATA: Final = "metadata.parquet"
"""The file, if there is one, of the user's own columns of articles: `article_id`, and each of them."""


class Folder:
    """A folder of files, on this machine or wherever fsspec reaches: "corpus/", "s3://bucket/corpus", "memory://c"."""

    def __init__(self, path: str | Path) -> None:
        from fsspec.core import url_to_fs
        from fsspec.implementations.local import LocalFileSystem

        self.url = str(Path(path).expanduser()) if isinstance(path, Path) or "://" not in path else str(path)
        if "://" in self.url:
            self.fs, self.root = url_to_fs(self.url)
        else:  # url_to_fs would take "a::b" for a chain of file systems
            self.fs = LocalFileSystem()
            self.root = self.fs._strip_protocol(self.url)
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
        """The content of a file; None if there is no such file."""
        try:
            return bytes(self.fs.cat_file(self.path(name)))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except IsADirectoryError as error:
            raise CorpusFolderError(
                f"{self.path(name)} is a folder where newskit has a file: move it away, then give the call again"
            ) from error

    def write(self, name: str, data: bytes) -> None:
        """Write a file so that it is there as a whole or not at all, whenever the process ends."""
        path = self.path(name)
        if not self.is_local:
            self.fs.pipe_file(path, data)  # an object appears when it is complete
            return
        with whole_file(path) as part:
            part.write_bytes(data)

    def check(self, name: str, sha256: str | None) -> None:
        """Raise `CorpusFolderError` if a file is missing or, where its checksum is known, altered."""
        data = self.read(name)
        if data is None or (sha256 is not None and checksum(data) != sha256):
            what = "is missing" if data is None else "is damaged: it is not what newskit wrote (its checksum differs)"
            raise CorpusFolderError(
                f"{self.path(name)} {what}. Give the call of annotate that made the corpus again: it mends what is "
                "missing or damaged; or put back a copy"
            )

    def lacking(self, table: str, name: str) -> list[str]:
        """The columns of a table that a file of it lacks, since an older newskit wrote it.

        None are told of what is no Parquet file: its checksum will differ when it is read.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            with self.fs.open(self.path(name), "rb") as file:
                there = pq.read_schema(file).names
        except (OSError, pa.ArrowInvalid):
            return []
        return [column for column in column_names(table) if column not in there]

    def names(self, of: str) -> list[str]:
        """The files directly in one of its folders, sorted; none if there is no such folder.

        Hidden ones, such as `.DS_Store`, belong to the system.
        """
        return [name for name in self._all_names(of) if not name.startswith(".")]

    def _all_names(self, of: str) -> list[str]:
        try:
            found = self.fs.ls(self.path(of).rstrip("/"), detail=False)
        except (FileNotFoundError, NotADirectoryError):
            return []
        return sorted(str(path).rstrip("/").rpartition("/")[2] for path in found)

    def remove(self, name: str) -> None:
        """Delete a file if it exists."""
        if self.fs.exists(self.path(name)):
            self.fs.rm_file(self.path(name))

    def sweep(self) -> None:
        """Delete what a process left that was killed while writing."""
        for folder in ("", "shards", *SHARDED):
            for name in self._all_names(folder):
                if name.startswith(".") and name.endswith(".part"):
                    self.remove(f"{folder}/{name}" if folder else name)


def checksum(data: bytes) -> str:
    """The SHA-256 of a file, as marker and manifest have it."""
    return hashlib.sha256(data).hexdigest()


@functools.cache
def arrow_schema(table: str) -> pa.Schema:
    """The Parquet columns of a table."""
    import pyarrow as pa

    types = {"str": pa.string(), "int64": pa.int64(), "Int64": pa.int64(), "float64": pa.float64()}
    types["boolean"] = pa.bool_()
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
    """The manifest of a folder, None if there is none; raises `CorpusFolderError` for one of another format."""
    data = folder.read("manifest.json")
    if data is None:
        return None
    try:
        manifest: dict[str, Any] = json.loads(data)
        if not isinstance(manifest, dict):
            raise ValueError("no table")
    except ValueError as error:  # UnicodeDecodeError is one too
        raise CorpusFolderError(
            f"{folder.path('manifest.json')} is damaged ({error}): put back a copy of it, or delete it together with "
            "the rest of the folder and annotate again"
        ) from error
    if manifest.get("format") != FORMAT:
        raise CorpusFolderError(
            f"{folder.url} was written in format {manifest.get('format')}, this newskit reads format {FORMAT}: "
            "annotate again into another folder, or use the newskit that wrote it"
        )
    return manifest
