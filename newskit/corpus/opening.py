"""Opening a corpus on disk: `open_corpus`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from newskit.annotation.actors.catalog_files import catalog_from_json
from newskit.corpus.corpus import Corpus
from newskit.corpus.folder import SHARDED, Folder, read_manifest
from newskit.corpus.tables import ParquetTables
from newskit.errors import CorpusFolderError


def open_corpus(path: str | Path) -> Corpus:
    """Open a corpus that `annotate(…, out=path)` has written; its tables are read when they are asked for.

    Parameters
    ----------
    path : str or Path
        The folder, or its URL.

    Returns
    -------
    Corpus

    Raises
    ------
    CorpusFolderError
        If the path is a file, or the folder holds no corpus, one that is not finished, or one that an older newskit
        wrote, without columns that there are now.

    Examples
    --------
    >>> corpus = open_corpus("corpus/")  # doctest: +SKIP
    """
    folder = Folder(path)
    manifest = read_manifest(folder)
    if manifest is None and folder.is_local and Path(folder.root).is_file():
        raise CorpusFolderError(f"{folder.url} is a file: open the folder that annotate(…, out=…) has written")
    if manifest is None:
        raise CorpusFolderError(
            f"no corpus in {folder.url}: it has no manifest.json; write one with annotate(…, out=…)"
        )
    lacking = sorted({"complete", "made_with"} - {*manifest})
    if lacking:
        raise CorpusFolderError(f"{folder.path('manifest.json')} is damaged: it lacks {lacking[0]!r}; put back a copy")
    if not manifest["complete"]:
        raise CorpusFolderError(f"the corpus in {folder.url} is not finished: give the same call of annotate again")
    _check_columns(folder, manifest)
    notes = {**manifest["made_with"], "articles": manifest["articles"], "input_sha256": manifest["input_sha256"]}
    folder.check("catalog.json", manifest.get("files", {}).get("catalog.json"))
    catalog = catalog_from_json(folder.read("catalog.json") or b"{}")
    return Corpus(ParquetTables(folder, manifest), manifest=notes, catalog=catalog)


def _check_columns(folder: Folder, manifest: Mapping[str, Any]) -> None:
    """Raise `CorpusFolderError` if the first files of the tables lack columns: the others are of the same make."""
    files = {"actors": "actors.parquet"}
    files |= {table: f"{table}/{shard['name']}.parquet" for shard in manifest["shards"][:1] for table in SHARDED}
    for table, file in files.items():
        if lacking := folder.lacking(table, file):
            raise CorpusFolderError(
                f"{folder.url} was written by an older newskit: its {table} lack {', '.join(lacking)}. Annotate the "
                "articles again, into another folder or with overwrite=True (--overwrite), or use the newskit that "
                "wrote it"
            )
