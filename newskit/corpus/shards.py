"""Cutting articles into shards, each annotated by one pure call and written as whole files."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import json
import threading
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from newskit.annotation.notes import fingerprint, pipeline_notes, to_json
from newskit.annotation.pipeline import make_nlp
from newskit.annotation.rows import annotate_article
from newskit.corpus.actor_ids import unlinked_tables
from newskit.corpus.corpus import STATUS
from newskit.corpus.folder import FORMAT, SHARDED, Folder, arrow_schema, read_manifest, to_parquet
from newskit.errors import CorpusChangedError, CorpusFolderError, DuplicateArticleError
from newskit.reading.article import Refused

if TYPE_CHECKING:
    from spacy.language import Language

    from newskit.reading.article import Article


Rows = dict[str, list[dict[str, Any]]]
SHARD_SIZE: Final = 200
"""Articles per shard: the most work that a killed process loses, and what is in memory at a time."""


@dataclass(frozen=True)
class Job:
    """What every shard of a corpus is made with: it is sent to the workers, so all of it can be pickled."""

    folder: Folder
    options: Mapping[str, Any]
    """The options of `make_nlp`, with catalogue and codebooks loaded."""
    made_with: str = ""
    """The fingerprint of the notes that every worker must come to."""

    def pipeline(self) -> Language:
        """Make the pipeline."""
        return make_nlp(**self.options)

    def annotate(self, item: Article | Refused, nlp: Language) -> Rows:
        """The rows of an article."""
        return annotate_article(item, nlp)

    def notes(self, nlp: Language) -> dict[str, Any]:
        """What the pipeline consists of, for the manifest."""
        return pipeline_notes(nlp)


@dataclass(frozen=True)
class Shard:
    """Some of the articles that came in, in order."""

    number: int
    items: tuple[Article | Refused, ...]

    @property
    def name(self) -> str:
        """The name of its files."""
        return shard_name(self.number)


def shard_name(number: int) -> str:
    """The name of the files of a shard."""
    return f"{number:06d}"


LOCK: Final = threading.Lock()
"""Held while a pipeline works: it serves one thread at a time."""
_PIPELINE: list[tuple[object, Language]] = []


def pipeline_of(job: Job) -> Language:
    """The pipeline of a job, made once per process."""
    key = (type(job).__qualname__, {name: fingerprint(value) for name, value in job.options.items()})
    if not _PIPELINE or _PIPELINE[0][0] != key:
        _PIPELINE[:] = [(key, job.pipeline())]
    return _PIPELINE[0][1]


def annotate_shard(
    job: Job, shard: Shard, nlp: Language | None = None, tick: Callable[[str], None] | None = None
) -> Counter[str]:
    """Annotate the articles of a shard and write its files; return how many articles have which status.

    The marker `shards/….json` is written last: a shard without one does not exist. `nlp` is the pipeline to use, if
    there is one already; `tick` is called with the status of each article. An article that breaks is a failed row;
    anything else that breaks (a full disk) is raised.
    """
    from threadpoolctl import threadpool_limits

    with LOCK, threadpool_limits(1):  # a pipeline serves one thread at a time, and a worker takes one core
        nlp = nlp or pipeline_of(job)
        made_with = fingerprint(job.notes(nlp))
        if made_with != job.made_with:
            raise CorpusChangedError(
                f"shard {shard.name} would be made with another newskit, model or catalogue than the others; "
                "install the same versions on all machines"
            )
        # From now on the files of an earlier run are no shard any more.
        job.folder.remove(f"shards/{shard.name}.json")
        rows: Rows = {table: [] for table in SHARDED}
        for item in shard.items:
            for table, new in job.annotate(item, nlp).items():
                rows[table] += new
            if tick is not None:
                tick(rows["articles"][-1]["status"])
        counts = Counter(row["status"] for row in rows["articles"])
        tables = unlinked_tables(rows)
        for table in SHARDED:
            job.folder.write(f"{table}/{shard.name}.parquet", to_parquet(tables[table], arrow_schema(table)))
        marker = {
            "name": shard.name,
            "made_with": made_with,
            "input": input_hash(shard.items),
            "articles": {status: counts[status] for status in STATUS},
            "rows": {table: len(tables[table]) for table in SHARDED},
        }
        job.folder.write(f"shards/{shard.name}.json", to_json(marker))
    return counts


def input_hash(items: Iterable[Article | Refused]) -> str:
    """A hash of everything that is known about some articles."""
    digest = hashlib.sha256()
    for item in items:
        for field in dataclasses.fields(item):
            digest.update(f"{getattr(item, field.name)!r}\0".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def text_of(item: Article | Refused) -> bytes:
    """What an article adds to the hash of the whole input."""
    return f"{item.article_id}\0{item.text}\0".encode("utf-8", "surrogatepass")


def cut(articles: Iterable[Article | Refused], size: int) -> Iterator[Shard]:
    """The articles that come in, `size` at a time; raises `DuplicateArticleError` if an article_id comes again."""
    seen: set[bytes] = set()  # hashes, since ids can be long
    stream = iter(articles)
    for number in itertools.count():
        items = tuple(itertools.islice(stream, size))
        if not items:
            return
        for item in items:
            known = hashlib.blake2b(item.article_id.encode("utf-8", "surrogatepass"), digest_size=16).digest()
            if known in seen:
                raise DuplicateArticleError(
                    f"an article_id came in more than once: {item.article_id!r}; give each article its own"
                )
            seen.add(known)
        yield Shard(number, items)


class Progress:
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
        for name in folder.names("shards") if self.manifest is not None and known == self.size else []:
            marker = json.loads(folder.read(f"shards/{name}") or b"{}")
            if marker.get("made_with") == self.made_with:
                self.done[int(marker["name"])] = marker
        self.digest = hashlib.sha256()
        self.n_shards = 0

    def _check_options(self, old: Mapping[str, Any], size: int | None) -> None:
        changed = [
            f"{key} was {_brief(old.get(key))} and is {_brief(new)}"
            for key, new in self.notes.items()
            if old.get(key) != new
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
        markers = [json.loads(self.folder.read(f"shards/{shard_name(n)}.json") or b"{}") for n in range(self.n_shards)]
        for name in self.folder.names("shards"):
            if int(name.partition(".")[0]) >= self.n_shards:
                self._discard(name.partition(".")[0])
        counts: Counter[str] = Counter()
        for marker in markers:
            counts.update(marker["articles"])
        articles = {"in": counts.total(), **{status: counts[status] for status in STATUS}}
        return self._manifest() | {
            "complete": True,
            "articles": articles,
            "input_sha256": self.digest.hexdigest(),
            "shards": markers,
        }

    def _manifest(self) -> dict[str, Any]:
        return {"format": FORMAT, "shard_size": self.size, "made_with": dict(self.notes)}

    def _discard(self, name: str) -> None:
        self.folder.remove(f"shards/{name}.json")
        for table in SHARDED:
            self.folder.remove(f"{table}/{name}.parquet")


_REDO: Final = (
    "Give the same articles in the same order, name another folder, or give overwrite=True (--overwrite): shards whose "
    "articles are the same are kept, the others are annotated anew"
)


def _brief(note: object) -> str:
    if isinstance(note, Mapping) and {"name", "version"} <= set(note):
        digest = str(note.get("sha256", ""))[:8]
        return f"{note['name']} {note['version']}" + (f" ({digest}…)" if digest else "")
    if isinstance(note, Mapping):
        parts = (
            _brief({"name": key, **value} if isinstance(value, Mapping) else f"{key} {value!s:.12}")
            for key, value in note.items()
        )
        return f"[{', '.join(parts)}]"
    return str(note)
