"""Annotating into a folder: the articles are cut into shards, each is one pure call, and an engine runs the calls."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import itertools
import json
import threading
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import pandas as pd

from newskit.annotation.actors.catalog import ActorCatalog
from newskit.annotation.pipeline import make_nlp
from newskit.corpus.tables import (
    FORMAT,
    SHARDED,
    CorpusFolderError,
    Folder,
    arrow_schema,
    catalog_to_json,
    read_manifest,
    to_parquet,
)
from newskit.reading.report import Refused
from newskit.reading.sources import Source, scan_articles

if TYPE_CHECKING:
    from spacy.language import Language

    from newskit.reading.article import Article

Engine = Literal["serial", "process", "dask"]
Rows = dict[str, list[dict[str, Any]]]

SHARD_SIZE: Final = 200
"""Articles a shard: what a kill costs at most for each process, and what is held in memory at a time."""
_LOSSES: Final = 3
"""How often worker processes may be lost, with no shard finished between, until the run gives up."""
STATUS: Final = ("annotated", "skipped", "failed")


class DuplicateArticleError(ValueError):
    """Two articles that came in have one article_id."""


class CorpusChangedError(CorpusFolderError):
    """A folder holds shards that were made with other options or from other articles than those given now."""


class LostWorkersError(RuntimeError):
    """Worker processes ended again and again without a result."""


@dataclass(frozen=True)
class Job:
    """What every shard of a corpus is made with: it is sent to the workers, so all of it can be pickled.

    `annotate` makes the rows of an article, `tables` the tables of rows with the keys of names for ids of actors,
    `notes` what a pipeline consists of, for the manifest. `make` makes the pipeline from `options`.
    """

    folder: Folder
    options: Mapping[str, Any]
    annotate: Callable[[Article | Refused, Language], Rows]
    tables: Callable[[Rows], Mapping[str, pd.DataFrame]]
    notes: Callable[[Language], dict[str, Any]]
    make: Callable[..., Language] = make_nlp
    made_with: str = ""


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


def check_engine(engine: str | None, n_jobs: int | None) -> Engine:
    """The engine asked for; several processes if only `n_jobs` says so. Raises `ValueError` for an unknown one."""
    if engine is None:
        return "serial" if n_jobs in (None, 1) else "process"
    if engine not in get_args(Engine):
        raise ValueError(f"engine {engine!r} is none of {', '.join(get_args(Engine))}")
    return engine  # type: ignore[return-value]


# --- one shard -------------------------------------------------------------------------------------------

_LOCK: Final = threading.Lock()
_PIPELINE: list[tuple[object, Language]] = []


def pipeline(job: Job) -> Language:
    """The pipeline of a job, made once a process."""
    key = (job.make.__qualname__, {name: fingerprint(value) for name, value in job.options.items()})
    if not _PIPELINE or _PIPELINE[0][0] != key:
        _PIPELINE[:] = [(key, job.make(**job.options))]
    return _PIPELINE[0][1]


def annotate_shard(
    job: Job, shard: Shard, nlp: Language | None = None, tick: Callable[[str], None] | None = None
) -> Counter[str]:
    """Annotate the articles of a shard and write its files; return how many articles have which status.

    The marker `shards/….json` is written last: a shard without one is not there. `nlp` is the pipeline to use, if it is
    at hand; `tick` is called with the status of each article. An article that breaks is a failed row; what
    breaks besides (a full disk) is raised.
    """
    from threadpoolctl import threadpool_limits

    with _LOCK, threadpool_limits(1):  # a pipeline serves one thread at a time, and a worker takes one core
        nlp = nlp or pipeline(job)
        made_with = fingerprint(job.notes(nlp))
        if made_with != job.made_with:
            raise CorpusChangedError(
                f"shard {shard.name} would be made with another newskit, model or catalogue than the others; "
                "install the same versions on all machines"
            )
        # What lies there of another run is no shard from now on.
        job.folder.remove(f"shards/{shard.name}.json")
        rows: Rows = {table: [] for table in SHARDED}
        for item in shard.items:
            for table, new in job.annotate(item, nlp).items():
                rows[table] += new
            if tick is not None:
                tick(rows["articles"][-1]["status"])
        counts = Counter(row["status"] for row in rows["articles"])
        tables = job.tables(rows)
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
    """A hash of all that is known of some articles."""
    digest = hashlib.sha256()
    for item in items:
        for field in dataclasses.fields(item):
            digest.update(f"{getattr(item, field.name)!r}\0".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def text_of(item: Article | Refused) -> bytes:
    """What the hash of a whole input takes of an article."""
    return f"{item.article_id}\0{item.text}\0".encode("utf-8", "surrogatepass")


def fingerprint(value: object) -> str:
    """A hash of options or notes; objects count by their content."""
    return hashlib.sha256(to_json(value)).hexdigest()


def to_json(value: object) -> bytes:
    """Options, notes or a manifest as JSON; the same content gives the same bytes."""
    return json.dumps(value, indent=1, ensure_ascii=False, default=_plain).encode()


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, ActorCatalog):
        return json.loads(catalog_to_json(value))
    raise TypeError(f"{type(value).__name__} is no option of annotate")


# --- the articles in shards ------------------------------------------------------------------------------


def cut(articles: Source, size: int) -> Iterator[Shard]:
    """The articles that come in, `size` at a time; raises `DuplicateArticleError` if an article_id comes again."""
    seen: set[bytes] = set()  # hashes, since ids can be long
    stream = scan_articles(articles)
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
    """The shards that are there, and what comes in during one run."""

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
                f"{self.folder.url} was annotated otherwise: {'; '.join(changed)}. Take the same as before, name "
                "another folder, or give overwrite=True (--overwrite) to annotate anew"
            )

    def is_done(self, shard: Shard) -> bool:
        """Whether the shard is there; raises `CorpusChangedError` if it is there with other articles."""
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

    def survey(self, articles: Source) -> tuple[int, int]:
        """Look through what comes in before any work: how many articles, and how many of them are there already."""
        total = ready = 0
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they come when the articles are read to be annotated
            for shard in cut(articles, self.size):
                total += len(shard.items)
                ready += len(shard.items) if self.is_done(shard) else 0
                self.n_shards = shard.number + 1
        self._no_more()
        return total, ready

    def _no_more(self) -> None:
        """The shards beyond the last one of the input are refused or deleted."""
        beyond = sorted(number for number in self.done if number >= self.n_shards)
        if beyond and not self.overwrite:
            raise CorpusChangedError(
                f"fewer articles came in than {self.folder.url} was made from ({len(beyond)} shards more). {_REDO}"
            )
        for number in beyond:
            del self.done[number]

    def todo(self, articles: Source) -> Iterator[Shard]:
        """The shards that are not there yet; what comes in is counted on the way."""
        self.digest, self.n_shards = hashlib.sha256(), 0
        for shard in cut(articles, self.size):
            for item in shard.items:
                self.digest.update(text_of(item))
            self.n_shards = shard.number + 1
            if not self.is_done(shard):
                yield shard

    def begin(self) -> None:
        """Say in the folder what is being made there, before the first shard."""
        self.folder.sweep()
        self.folder.write("manifest.json", to_json(self._manifest() | {"complete": False}))

    def finished(self) -> dict[str, Any]:
        """The manifest of the whole; its shards are those of this input."""
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


# --- engines ---------------------------------------------------------------------------------------------


def notes_of(job: Job, nlp: Language | None = None) -> dict[str, Any]:
    """What the shards of a job will be made with."""
    with _LOCK:
        return job.notes(nlp or pipeline(job))


def backend(engine: Engine, n_jobs: int | None, folder: Folder) -> contextlib.AbstractContextManager[Any]:
    """The joblib backend of an engine; raises `ValueError` if it cannot be used here."""
    from joblib import parallel_config

    if engine == "process":
        if folder.url.startswith("memory:"):
            raise ValueError("memory:// is not shared by processes: name a folder or an object store")
        # One thread each for BLAS, OpenMP and ONNX Runtime: the processes share the cores, not fight for them.
        return parallel_config(backend="loky", n_jobs=n_jobs or -1, inner_max_num_threads=1)  # type: ignore[no-any-return]
    try:
        from distributed import get_client

        get_client()
    except ImportError:
        raise ValueError('engine "dask" needs the package distributed: pip install "newskit[dask]"') from None
    except ValueError:
        raise ValueError(
            'engine "dask" needs a cluster: make dask.distributed.Client("address of its scheduler") before, or '
            "Client(n_workers=2, threads_per_worker=1) for this machine"
        ) from None
    return parallel_config(backend="dask", n_jobs=-1)  # type: ignore[no-any-return]


class _Quiet:
    """An iterator that keeps its exception: joblib takes from it in threads where an exception would be lost."""

    def __init__(self, shards: Iterator[Shard]) -> None:
        self.shards, self.pending = shards, dict[int, Shard]()
        self.error: BaseException | None = None

    def __iter__(self) -> Iterator[Shard]:
        try:
            for shard in self.shards:
                self.pending[shard.number] = shard
                yield shard
        except BaseException as error:
            self.error = error


def _numbered(job: Job, shard: Shard) -> tuple[int, Counter[str]]:
    return shard.number, annotate_shard(job, shard)


def run_parallel(job: Job, shards: Iterator[Shard]) -> Iterator[Counter[str]]:
    """Annotate shards with the joblib backend that is set; what a lost process was at is done again.

    Only a few shards a worker are read ahead. Raises `LostWorkersError` when workers are lost again and again.
    """
    from joblib import Parallel, delayed

    losses = 0
    while losses < _LOSSES:
        quiet = _Quiet(shards)
        calls = (delayed(_numbered)(job, shard) for shard in quiet)
        try:
            with warnings.catch_warnings():
                # loky replaces a worker that has grown by 300 MB, and says so: nothing is lost by it.
                warnings.filterwarnings("ignore", message="A worker stopped while some jobs", category=UserWarning)
                for number, counts in Parallel(return_as="generator_unordered", pre_dispatch="2*n_jobs")(calls):
                    quiet.pending.pop(number)
                    losses = 0
                    yield counts
            if quiet.error is not None:
                raise quiet.error
            return
        except BrokenProcessPool:
            losses += 1
            shards = itertools.chain(list(quiet.pending.values()), shards)
    raise LostWorkersError(
        f"worker processes ended {_LOSSES} times without a result, perhaps for want of memory: give fewer n_jobs. The "
        f"shards in {job.folder.url} are whole; the same call goes on from there"
    )


def annotate_into(
    job: Job,
    articles: Source,
    *,
    engine: Engine = "serial",
    n_jobs: int | None = None,
    shard_size: int | None = None,
    overwrite: bool = False,
    progress: bool | None = None,
    nlp: Language | None = None,
) -> tuple[dict[str, Any], bool]:
    """Annotate articles into the folder of a job; return its manifest, and whether it was there as a whole already.

    The caller links the names and then writes the manifest, with which the corpus is complete.
    """
    if shard_size is not None and shard_size < 1:
        raise ValueError(f"shard_size must be at least 1, got {shard_size}")
    context = contextlib.nullcontext() if engine == "serial" else backend(engine, n_jobs, job.folder)
    with context:
        notes = notes_of(job, nlp) if engine == "serial" else _remote_notes(job)
        state = Progress(job.folder, notes, shard_size=shard_size, overwrite=overwrite)
        job = dataclasses.replace(job, made_with=state.made_with)
        once = isinstance(articles, Iterator)
        total, ready = (None, 0) if once else state.survey(articles)
        if state.manifest is not None and state.manifest["complete"] and total == ready:
            for _ in state.todo(articles):
                pass
            manifest = state.finished()
            return manifest, manifest == state.manifest
        state.begin()
        todo = state.todo(articles)
        with Bar(total, ready, progress) as bar:
            if engine == "serial":
                for shard in todo:
                    annotate_shard(job, shard, nlp, bar.tick)
            else:
                for counts in run_parallel(job, todo):
                    bar.add(counts)
        return state.finished(), False


def _remote_notes(job: Job) -> dict[str, Any]:
    """What a worker would make the shards with."""
    from joblib import Parallel, delayed

    notes: dict[str, Any] = next(iter(Parallel()([delayed(notes_of)(job)])))
    return notes


class Bar:
    """A progress bar over articles, with the rate, the time left and how many failed."""

    def __init__(self, total: int | None, ready: int, progress: bool | None) -> None:
        from tqdm.auto import tqdm

        show = (total is None or total >= 10) if progress is None else progress
        self.failed = 0
        self.bar = tqdm(desc="annotate", unit="article", total=total, initial=ready, disable=not show)

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.close()

    def tick(self, status: str) -> None:
        """One article more."""
        self.add(Counter([status]))

    def add(self, counts: Counter[str]) -> None:
        """Some articles more."""
        self.failed += counts["failed"]
        self.bar.set_postfix(failed=self.failed, refresh=False)
        self.bar.update(counts.total())
