"""How an interrupted run resumes: which shards are finished and still valid, and which must be annotated (again)."""

from __future__ import annotations

import hashlib
import json
import re
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from newskit.annotation.notes import fingerprint, to_json
from newskit.corpus.corpus import STATUS
from newskit.corpus.folder import FORMAT, SHARDED, Folder, read_manifest
from newskit.corpus.shards import SHARD_SIZE, Shard, cut, input_hash, shard_name, text_of
from newskit.errors import CorpusChangedError, CorpusFolderError

if TYPE_CHECKING:
    from newskit.reading.article import Article, Refused


class Resumption:
    """Which shards are there, and what comes in during one run."""

    def __init__(self, folder: Folder, notes: Mapping[str, Any], *, shard_size: int | None, overwrite: bool) -> None:
        self.folder, self.notes, self.overwrite = folder, notes, overwrite
        self.made_with = fingerprint(notes)
        self.manifest = read_manifest(folder)
        if self.manifest is None and folder.names(""):
            raise CorpusFolderError(f"{folder.url} holds other files: name a folder that is empty or not there yet")
        known: int | None = (self.manifest or {}).get("shard_size")
        self.size = shard_size or known or SHARD_SIZE
        self.done: dict[int, dict[str, Any]] = {}
        if self.manifest is not None and not overwrite:
            self._check_options(self.manifest["made_with"], known)
        for number in _numbers(folder) if self.manifest is not None and known == self.size else []:
            marker = _marker(folder, number)
            if marker is not None and marker["made_with"] == self.made_with and _is_whole(folder, marker):
                self.done[number] = marker
        self.digest = hashlib.sha256()
        self.n_shards = 0

    def _check_options(self, old: Mapping[str, Any], size: int | None) -> None:
        changed = [
            f"{key} was {_brief(old.get(key))} and is {_brief(self.notes.get(key))}"
            for key in {**self.notes, **old}  # an option that is left out now is a change too
            if old.get(key) != self.notes.get(key)
        ]
        if self.size != size:
            changed.append(f"shard_size was {size} and is {self.size}")
        if changed:
            raise CorpusChangedError(
                f"{self.folder.url} was annotated otherwise: {'; '.join(changed)}. Use the same as before, name "
                "another folder, or give overwrite=True (--overwrite) to annotate anew"
            )

    def is_done(self, shard: Shard) -> bool:
        """Whether the shard is there; raises `CorpusChangedError` if it was made from other articles."""
        marker = self.done.get(shard.number)
        if marker is None:
            return False
        if marker["input"] == input_hash(shard.items):
            return True
        if not self.overwrite:
            first = shard.items[0].article_id
            raise CorpusChangedError(
                f"the articles are not those that {self.folder.url} was made from: they differ from shard {shard.name} "
                f"on, which begins with {first!r}. {_REDO}"
            )
        del self.done[shard.number]
        return False

    def survey(self, articles: Iterable[Article | Refused]) -> tuple[int, int]:
        """Count, before any work, the articles that come in and those of them that are annotated already."""
        total = ready = 0
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they will come when the articles are read to be annotated
            for shard in cut(articles, self.size):
                total += len(shard.items)
                ready += len(shard.items) if self.is_done(shard) else 0
                self.n_shards = shard.number + 1
        self._no_more()
        return total, ready

    def _no_more(self) -> None:
        """Refuse or delete the shards beyond the last one of the input."""
        beyond = sorted(number for number in self.done if number >= self.n_shards)
        if beyond and not self.overwrite:
            raise CorpusChangedError(
                f"fewer articles came in than {self.folder.url} was made from ({len(beyond)} shards more). {_REDO}"
            )
        for number in beyond:
            del self.done[number]

    def todo(self, articles: Iterable[Article | Refused]) -> Iterator[Shard]:
        """The shards still to be made; what comes in is counted on the way."""
        self.digest, self.n_shards = hashlib.sha256(), 0
        for shard in cut(articles, self.size):
            for item in shard.items:
                self.digest.update(text_of(item))
            self.n_shards = shard.number + 1
            if not self.is_done(shard):
                yield shard

    def begin(self) -> None:
        """Note in the folder what is being made there, before the first shard."""
        self.folder.sweep()
        self.folder.write("manifest.json", to_json(self._manifest() | {"complete": False}))

    def finished(self) -> dict[str, Any]:
        """The manifest of the whole, with the shards of this input alone."""
        self._no_more()
        markers = []
        counts: Counter[str] = Counter()
        for number in range(self.n_shards):
            marker = _marker(self.folder, number)
            if marker is None or marker["made_with"] != self.made_with:
                raise CorpusFolderError(
                    f"shard {shard_name(number)} of {self.folder.url} has gone while it was written: somebody deleted "
                    "or changed the folder. Give the same call again; it makes what is missing"
                )
            markers.append(marker)
            counts.update(marker["articles"])
        articles = {"in": counts.total(), **{status: counts[status] for status in STATUS}}
        return self._manifest() | {
            "complete": True,
            "articles": articles,
            "input_sha256": self.digest.hexdigest(),
            "shards": markers,
        }

    def beyond(self) -> list[str]:
        """The shards of an earlier run that this input has no articles for."""
        return [shard_name(number) for number in _numbers(self.folder) if number >= self.n_shards]

    def discard_beyond(self) -> None:
        """Delete the shards that this input has no articles for."""
        for name in self.beyond():
            self._discard(name)

    def _manifest(self) -> dict[str, Any]:
        return {"format": FORMAT, "shard_size": self.size, "made_with": dict(self.notes)}

    def _discard(self, name: str) -> None:
        self.folder.remove(f"shards/{name}.json")
        for table in SHARDED:
            self.folder.remove(f"{table}/{name}.parquet")


def _numbers(folder: Folder) -> list[int]:
    """The numbers of the shards that have a marker; other files in that folder are not newskit's."""
    found = (re.fullmatch(r"(\d{6,})\.json", name) for name in folder.names("shards"))
    return [int(match[1]) for match in found if match]


def _marker(folder: Folder, number: int) -> dict[str, Any] | None:
    """The marker of a shard; None if there is none, or one that is damaged: then there is no such shard."""
    try:
        marker = json.loads(folder.read(f"shards/{shard_name(number)}.json") or b"null")
    except ValueError:
        return None
    known = isinstance(marker, dict) and {"name", "made_with", "input", "articles", "rows"} <= {*marker}
    return marker if known and marker["name"] == shard_name(number) else None


def _is_whole(folder: Folder, marker: Mapping[str, Any]) -> bool:
    """Whether the files of a shard are there, as they were written, with all columns that newskit gives them now."""
    files = {table: f"{table}/{marker['name']}.parquet" for table in SHARDED}
    try:
        for table, file in files.items():
            folder.check(file, marker.get("sha256", {}).get(table))
    except CorpusFolderError:
        return False
    return not any(folder.lacking(table, file) for table, file in files.items())


_REDO: Final = (
    "Give the same articles in the same order, name another folder, or give overwrite=True (--overwrite): shards whose "
    "articles are the same are kept, the others are annotated anew"
)


def _brief(note: object) -> str:
    if isinstance(note, Mapping) and {"name", "version"} <= set(note):
        digest = str(note.get("sha256", ""))[:8]
        within = [part for part in note.values() if isinstance(part, Mapping) and "name" in part]
        more = "".join(f" with {_brief(part)}" for part in within)
        return f"{note['name']} {note['version']}" + (f" ({digest}…)" if digest else "") + more
    if isinstance(note, Mapping):
        parts = (
            _brief({"name": key, **value} if isinstance(value, Mapping) else f"{key} {value!s:.12}")
            for key, value in note.items()
        )
        return f"[{', '.join(parts)}]"
    return str(note)
