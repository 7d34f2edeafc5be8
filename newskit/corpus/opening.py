"""Opening a corpus on disk: `open_corpus`."""

from __future__ import annotations

from pathlib import Path

from newskit.annotation.actors.catalog_files import catalog_from_json
from newskit.corpus.corpus import Corpus
from newskit.corpus.folder import Folder, read_manifest
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
        If the path is a file, or the folder holds no corpus, or one that is not finished.

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
    notes = {**manifest["made_with"], "articles": manifest["articles"], "input_sha256": manifest["input_sha256"]}
    folder.check("catalog.json", manifest.get("files", {}).get("catalog.json"))
    catalog = catalog_from_json(folder.read("catalog.json") or b"{}")
    return Corpus(ParquetTables(folder, manifest), manifest=notes, catalog=catalog)
