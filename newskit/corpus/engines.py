"""Running the shards of a corpus: in this process, in several, or on a Dask cluster."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from newskit.corpus.folder import WHOLE, Folder
from newskit.corpus.locking import Lock
from newskit.corpus.progress import Bar
from newskit.corpus.resuming import Resumption
from newskit.corpus.shards import LOCK, Job, Shard, annotate_shard, pipeline_of
from newskit.errors import CorpusFolderError, LostWorkersError

if TYPE_CHECKING:
    from spacy.language import Language

    from newskit.reading.article import Article, Refused


Engine = Literal["serial", "process", "dask"]
_LOSSES: Final = 3
"""How often worker processes may be lost, without a shard finished in between, before the run gives up."""


def check_engine(engine: str | None, n_jobs: int | None) -> Engine:
    """The engine asked for; several processes if only `n_jobs` says so. Raises `ValueError` for an unknown one."""
    if engine is None:
        return "serial" if n_jobs in (None, 1) else "process"
    if engine not in get_args(Engine):
        raise ValueError(f"engine {engine!r} is not one of {', '.join(get_args(Engine))}")
    return engine  # type: ignore[return-value]


def notes_of(job: Job, nlp: Language | None = None) -> dict[str, Any]:
    """What the shards of a job will be made with."""
    with LOCK:
        return job.notes(nlp or pipeline_of(job))


def backend(engine: Engine, n_jobs: int | None, folder: Folder) -> contextlib.AbstractContextManager[Any]:
    """The joblib backend of an engine; raises `ValueError` if it is not available here."""
    from joblib import parallel_config

    if engine == "process":
        if folder.url.startswith("memory:"):
            raise ValueError("memory:// is not shared by processes: name a folder or an object store")
        # One thread each for BLAS, OpenMP and ONNX Runtime: the processes share the cores instead of fighting for them.
        return parallel_config(backend="loky", n_jobs=n_jobs or -1, inner_max_num_threads=1)  # type: ignore[no-any-return]
    try:
        from distributed import get_client

        get_client()
    except ImportError:
        raise ValueError('engine "dask" needs the package distributed: pip install "newskit[dask]"') from None
    except ValueError:
        raise ValueError(
            'engine "dask" needs a cluster: first make dask.distributed.Client("address of its scheduler"), or '
            "Client(n_workers=2, threads_per_worker=1) for this machine"
        ) from None
    return parallel_config(backend="dask", n_jobs=-1)  # type: ignore[no-any-return]


class _Quiet:
    """An iterator that keeps its exception: joblib calls it in threads, where an exception would be lost."""

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
    """Annotate shards with the joblib backend that is set; the shards of a lost process are done again.

    Only a few shards per worker are read ahead. Raises `LostWorkersError` if workers are lost again and again.
    """
    from joblib import Parallel, delayed

    losses = 0
    while losses < _LOSSES:
        quiet = _Quiet(shards)
        calls = (delayed(_numbered)(job, shard) for shard in quiet)
        try:
            with warnings.catch_warnings():
                # loky replaces a worker that has grown by 300 MB and warns of it; nothing is lost.
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
        f"worker processes ended {_LOSSES} times without a result, perhaps for lack of memory: try a smaller n_jobs. "
        f"The shards in {job.folder.url} are whole; the same call goes on from there"
    )


def annotate_into(
    job: Job,
    articles: Iterable[Article | Refused],
    *,
    engine: Engine = "serial",
    n_jobs: int | None = None,
    shard_size: int | None = None,
    overwrite: bool = False,
    progress: bool | None = None,
    nlp: Language | None = None,
    lock: Lock | None = None,
) -> tuple[dict[str, Any], bool]:
    """Annotate articles into the folder of a job; return its manifest, and whether all of it was there already.

    The caller then links the names and writes the manifest, which completes the corpus. Nothing is written unless the
    lock of the folder, where one is given, is held.
    """
    check = _no_check if lock is None else lock.check
    if shard_size is not None and shard_size < 1:
        raise ValueError(f"shard_size must be at least 1, got {shard_size}")
    context = contextlib.nullcontext() if engine == "serial" else backend(engine, n_jobs, job.folder)
    with context:
        notes = notes_of(job, nlp) if engine == "serial" else _remote_notes(job)
        state = Resumption(job.folder, notes, shard_size=shard_size, overwrite=overwrite)
        job = dataclasses.replace(job, made_with=state.made_with)
        # What can be read only once cannot be looked through beforehand.
        total, ready = (None, 0) if iter(articles) is articles else state.survey(articles)
        if state.manifest is not None and state.manifest["complete"] and total == ready:
            for _ in state.todo(articles):
                pass
            return _as_found(state, check)
        check()
        state.begin()
        todo = state.todo(articles)
        with Bar(total, ready, progress) as bar:
            if engine == "serial":
                for shard in todo:
                    check()
                    annotate_shard(job, shard, nlp, bar.tick)
            else:
                for counts in run_parallel(job, todo):
                    check()
                    bar.add(counts)
        check()
        manifest = state.finished()
        state.discard_beyond()
        return manifest, False


def _no_check() -> None:
    """Whoever gave no lock sees to it that nobody else writes."""


def _as_found(state: Resumption, check: Callable[[], None]) -> tuple[dict[str, Any], bool]:
    """The manifest of a corpus that was finished before, and whether it is as it should be."""
    manifest = state.finished()
    known = dict(state.manifest or {})
    files = known.pop("files", {})  # none in a corpus that an older newskit wrote
    is_whole = manifest == known and not state.beyond() and _are_whole(state.folder, files)
    if not is_whole:
        check()
        state.discard_beyond()
    return manifest, is_whole


def _are_whole(folder: Folder, files: Mapping[str, str]) -> bool:
    """Whether the files that a corpus has once are there, as they were written."""
    try:
        for name in WHOLE:
            folder.check(name, files.get(name))
    except CorpusFolderError:
        return False
    return True


def _remote_notes(job: Job) -> dict[str, Any]:
    """What a worker would make the shards with."""
    from joblib import Parallel, delayed

    notes: dict[str, Any] = next(iter(Parallel()([delayed(notes_of)(job)])))
    return notes
