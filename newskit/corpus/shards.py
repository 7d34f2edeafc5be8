"""Cutting articles into shards, each annotated by one pure call and written as whole files; see also `resuming`."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from newskit.annotation.limits import NO_MORE, Limits
from newskit.annotation.notes import fingerprint, pipeline_notes, to_json
from newskit.annotation.pipeline import make_nlp
from newskit.annotation.rows import annotate_article
from newskit.corpus.actor_ids import unlinked_tables
from newskit.corpus.corpus import STATUS
from newskit.corpus.folder import SHARDED, Folder, arrow_schema, checksum, to_parquet
from newskit.errors import CorpusChangedError, DuplicateArticleError
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
    limits: Limits = NO_MORE
    """What an article may have and take."""

    def pipeline(self) -> Language:
        """Make the pipeline."""
        return make_nlp(**self.options)

    def annotate(self, item: Article | Refused, nlp: Language) -> Rows:
        """The rows of an article."""
        return annotate_article(item, nlp, self.limits)

    def notes(self, nlp: Language) -> dict[str, Any]:
        """What the pipeline consists of, for the manifest."""
        unusual = {} if self.limits == NO_MORE else {"limits": dataclasses.asdict(self.limits)}
        return pipeline_notes(nlp) | unusual


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


LOCK: Final = threading.RLock()
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
        sums = {}
        for table in SHARDED:
            data = to_parquet(tables[table], arrow_schema(table))
            sums[table] = checksum(data)
            job.folder.write(f"{table}/{shard.name}.parquet", data)
        marker = {
            "name": shard.name,
            "made_with": made_with,
            "input": input_hash(shard.items),
            "articles": {status: counts[status] for status in STATUS},
            "rows": {table: len(tables[table]) for table in SHARDED},
            "sha256": sums,
        }
        job.folder.write(f"shards/{shard.name}.json", to_json(marker))
    return counts


def input_hash(items: Iterable[Article | Refused]) -> str:
    """A hash of everything that shards hold of some articles: not their blocks, which follow, nor their metadata."""
    digest = hashlib.sha256()
    for item in items:
        for field in dataclasses.fields(item):
            if field.name in ("blocks", "metadata"):
                continue
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
