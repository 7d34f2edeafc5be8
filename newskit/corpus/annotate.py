"""`annotate`: from articles to a corpus, in memory or on disk."""

from __future__ import annotations

import contextlib
import glob
import hashlib
import itertools
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from newskit.annotation.actors.catalog import ActorCatalog
from newskit.annotation.actors.catalog_files import catalog_to_json, load_actors
from newskit.annotation.frames.codebook import Codebook
from newskit.annotation.frames.codebook_files import load_codebook
from newskit.annotation.frames.methods import FrameMethod
from newskit.annotation.limits import MAX_CHARACTERS, MAX_SECONDS, Limits
from newskit.annotation.notes import pipeline_notes, to_json
from newskit.annotation.pipeline import make_nlp
from newskit.annotation.rows import annotate_article
from newskit.corpus.corpus import STATUS, Corpus
from newskit.corpus.engines import Engine, annotate_into, check_engine
from newskit.corpus.folder import WHOLE, Folder, checksum, to_parquet
from newskit.corpus.linking import link
from newskit.corpus.locking import locked
from newskit.corpus.metadata import Collected, keep, own_columns
from newskit.corpus.opening import open_corpus
from newskit.corpus.progress import Bar
from newskit.corpus.repeats import MarkedArticles
from newskit.corpus.shards import LOCK, Job, text_of
from newskit.corpus.tables import FrameTables, ParquetTables, no_links
from newskit.errors import DuplicateArticleError
from newskit.reading.article import Article, Refused
from newskit.reading.sources import ArticleSource, Source
from newskit.schema import TABLES, make_table

if TYPE_CHECKING:
    from spacy.language import Language

    from newskit.annotation.pipeline import QuoteMethod
    from newskit.annotation.tone.target import ToneSize


def annotate(
    articles: Source,
    *,
    nlp: Language | None = None,
    model: str | None = None,
    catalog: str | Path | ActorCatalog | None = None,
    codebooks: str | Iterable[str | Path | Codebook] | None = None,
    quotes: QuoteMethod | None = None,
    tone: ToneSize | None = None,
    directed: bool | None = None,
    frames: FrameMethod | None = None,
    columns: Mapping[str, str | None] | None = None,
    encoding: str | None = None,
    out: str | Path | None = None,
    engine: Engine | None = None,
    n_jobs: int | None = None,
    shard_size: int | None = None,
    overwrite: bool = False,
    max_characters: float = MAX_CHARACTERS,
    max_seconds: float = MAX_SECONDS,
    progress: bool | None = None,
) -> Corpus:
    """Annotate articles: actors, quotations, tone and frames, as the tables of a `Corpus`.

    Parameters
    ----------
    articles : Article, DataFrame, str, Path or iterable
        One Article; an iterable of Articles, Paths or what `scan_articles` yields; a DataFrame with the columns of
        Article (`text` at least; without `article_id`, ids are "row 0", "row 1" …); or a path: a file, a folder
        (searched through) or a glob, of whatever `scan_articles` reads. Other columns of a DataFrame become columns of
        `articles`, with their dtypes, and those of tables in files too, as numbers if all values are. Join more with
        `Corpus.with_metadata`.
    nlp : Language, optional
        A pipeline made by `make_nlp`; it cannot be combined with the next seven.
    model, catalog, codebooks, quotes, tone, directed, frames : optional
        As for `make_nlp`.
    columns, encoding : optional
        As for `scan_articles`.
    out : str or Path, optional
        A folder for the tables, or a URL that fsspec knows ("s3://…"). The tables go there `shard_size` articles at a
        time, of which only a few are in memory, and the corpus is then read from there (`open_corpus`). If interrupted
        at any moment, repeat the call: it resumes, and produces the same files. In memory by default.
    engine : {"serial", "process", "dask"}, optional
        Where the work is done: in this process, in `n_jobs` processes, or on the cluster of the current
        `dask.distributed.Client`. The result is the same. `n_jobs` alone means "process".
    n_jobs : int, optional
        How many processes; all cores by default.
    shard_size : int, default 200
        Articles per shard.
    overwrite : bool, default False
        Whether to annotate shards in `out` again that were made with other options or from other articles; otherwise
        `CorpusChangedError` is raised.
    max_characters : float, default 1,000,000
        Most characters of an article: a longer one is hardly a single one, and failed with that reason.
    max_seconds : float, default 600
        Most seconds of processor time for an article: one that takes more is failed with that reason, and the run goes
        on. News takes a second or two.
    progress : bool, optional
        Whether to show a progress bar; by default for ten or more articles.

    Returns
    -------
    Corpus
        What cannot be read or annotated is not lost: it is a row of `articles` with the `status` skipped (empty, not
        English) or failed, and the `reason`. Articles that came in = annotated + skipped + failed.

    Raises
    ------
    DuplicateArticleError
        If two articles share an id.
    CorpusChangedError
        If options, models, catalogue or articles are not those that `out` was made with.
    CorpusFolderError
        If `out` holds other files.
    LostWorkersError
        If worker processes die repeatedly.
    ValueError
        For a path or DataFrame without articles, an unknown engine, and options given beside `nlp`.
    TypeError
        For something that is not an article.

    Warns
    -----
    UserWarning
        For columns of a table that are left out, since newskit uses their names for something else; for dates that
        cannot be read, which are left out, and for those that may have the day or the month first, of which no other
        date of the file tells; as in the import report.

    Notes
    -----
    What is no part of an article (links, credits, calls to subscribe, bylines, datelines) is kept in its text but not
    annotated: it is a row of `sentences` with the part "boilerplate". It is told by rules and, of articles that have an
    outlet and can be read twice, by repetition: a line that stands in many articles of an outlet is no news. Articles
    that come from an iterator, and a single one, are left to the rules. A paragraph in another language than English
    has the part "foreign" and is not annotated either: its words, names left out, tell.

    Examples
    --------
    >>> corpus = annotate("exports/", out="corpus/", n_jobs=4)  # doctest: +SKIP
    """
    options = {
        "model": model,
        "catalog": catalog,
        "codebooks": codebooks,
        "quotes": quotes,
        "tone": tone,
        "directed": directed,
        "frames": frames,
    }
    given = {name: value for name, value in options.items() if value is not None}
    engine = check_engine(engine, n_jobs)
    limits = Limits(max_characters, max_seconds)
    source = ArticleSource(articles, columns=columns, encoding=encoding)
    own = own_columns(articles, columns) if isinstance(articles, pd.DataFrame) else pd.DataFrame()
    if nlp is not None and given:
        raise ValueError(f"nlp has its own {', '.join(given)}: give them to make_nlp(…), or leave out nlp")
    if nlp is not None and engine != "serial":
        raise ValueError(f"engine {engine!r} makes a pipeline in each process: give model, catalog, codebooks, not nlp")
    if nlp is not None:
        missing = [name for name in ("newskit_mentions", "newskit_frames") if not nlp.has_pipe(name)]
        if missing:
            raise ValueError(f"nlp lacks the component {missing[0]!r}: make it with newskit.make_nlp()")
    items = Collected(source if source.is_once else MarkedArticles(source))
    if out is None and engine == "serial":
        pipeline = nlp if nlp is not None else make_nlp(**given)  # type: ignore[arg-type]
        corpus = _in_memory(items, pipeline, limits, progress)
        if not isinstance(articles, pd.DataFrame):
            own = items.columns_of(corpus.articles["article_id"])
        return corpus.with_tables(articles=pd.concat([corpus.articles, own], axis=1)) if len(own.columns) else corpus
    with contextlib.ExitStack() as stack:
        folder = Folder(stack.enter_context(tempfile.TemporaryDirectory()) if out is None else out)
        job = Job(folder, _loaded(given), limits=limits)
        if out is not None:
            _check_place(articles, folder)
        lock = stack.enter_context(locked(folder))
        manifest, is_whole = annotate_into(
            job,
            iter(items) if source.is_once else items,
            engine=engine,
            n_jobs=n_jobs,
            shard_size=shard_size,
            overwrite=overwrite,
            progress=progress,
            nlp=nlp,
            lock=lock,
        )
        if not is_whole:
            lock.check()
            finish(folder, manifest, _catalog(given, nlp))
        if not isinstance(articles, pd.DataFrame):
            own = items.columns_of(open_corpus(folder.url).table("articles", columns=["article_id"])["article_id"])
        if len(own.columns):
            lock.check()
            keep(folder, own)
        corpus = open_corpus(folder.url)
        if out is None:  # the folder is about to go
            corpus = corpus.with_tables(**{table: corpus.tables.frame(table) for table in TABLES})
    return corpus


def _in_memory(source: Collected, nlp: Language, limits: Limits, progress: bool | None) -> Corpus:
    from threadpoolctl import threadpool_limits

    loaded: ActorCatalog = nlp.get_pipe("newskit_mentions").catalog  # type: ignore[attr-defined]
    items = list(source)
    twice = [i for i, n in Counter(item.article_id for item in items).items() if n > 1]
    if twice:
        raise DuplicateArticleError(
            f"{len(twice)} article_id(s) came in more than once, such as {twice[0]!r}; give each article its own"
        )
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}
    # One thread, as in a shard: matrices so small gain nothing from more.
    with LOCK, threadpool_limits(1), Bar(len(items), 0, progress) as bar:
        for item in items:
            for table, new in annotate_article(item, nlp, limits).items():
                rows[table] += new
            bar.tick(rows["articles"][-1]["status"])
    tables = {table: make_table(table, rows[table]) for table in TABLES if table != "actors"}
    manifest = _manifest(items, tables["articles"], nlp)
    return Corpus(link(FrameTables(tables), loaded), manifest=manifest, catalog=loaded)


def _check_place(articles: Source, folder: Folder) -> None:
    """Refuse a folder inside the one that is read: the next run would take its files for articles."""
    if not isinstance(articles, str | Path) or not folder.is_local:
        return
    given = Path(articles).expanduser()
    plain = Path(*itertools.takewhile(lambda part: not glob.has_magic(part), given.parts))
    source = given if given.exists() else plain
    place = Path(folder.root).resolve()
    if source.is_dir() and place.is_relative_to(source.resolve()):
        pattern = str(source.resolve() / given.relative_to(plain))
        files = [place / name for name in ("manifest.json", *WHOLE, "shards/0.json", "articles/0.parquet")]
        if source != given and "**" not in given.parts and not any(file.match(pattern) for file in files):
            return  # "*.txt" beside the folder of the corpus
        raise ValueError(
            f"out={folder.url!r} lies inside {str(articles)!r}, which is read: the next run would take the files of "
            "the corpus for articles. Name a folder outside of it"
        )


def _loaded(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options with catalogue and codebooks loaded, so that a mistake shows here and workers need no files."""
    loaded = dict(options)
    if "catalog" in loaded:
        loaded["catalog"] = _catalog(options, None)
    if "codebooks" in loaded:
        books = [loaded["codebooks"]] if isinstance(loaded["codebooks"], str) else loaded["codebooks"]
        loaded["codebooks"] = [book if isinstance(book, Codebook) else load_codebook(book) for book in books]
    return loaded


def _catalog(options: Mapping[str, Any], nlp: Language | None) -> ActorCatalog:
    if nlp is not None:
        return nlp.get_pipe("newskit_mentions").catalog  # type: ignore[attr-defined, no-any-return]
    given = options.get("catalog", "world")
    return given if isinstance(given, ActorCatalog) else load_actors(given)


def finish(folder: Folder, manifest: dict[str, Any], catalog: ActorCatalog) -> None:
    """Link the names of a corpus on disk and declare it complete."""
    linked = link(ParquetTables(folder, manifest, links=no_links()), catalog)
    made = (to_parquet(linked.links), to_parquet(linked.frame("actors")), catalog_to_json(catalog))
    for name, data in zip(WHOLE, made, strict=True):
        folder.write(name, data)
    files = {name: checksum(data) for name, data in zip(WHOLE, made, strict=True)}
    folder.write("manifest.json", to_json({**manifest, "files": files}))


def _manifest(items: Sequence[Article | Refused], articles: pd.DataFrame, nlp: Language) -> dict[str, Any]:
    status = articles["status"].value_counts()
    digest = hashlib.sha256()
    for item in items:
        digest.update(text_of(item))
    counts = {name: int(status.get(name, 0)) for name in STATUS}
    return pipeline_notes(nlp) | {"articles": {"in": len(articles), **counts}, "input_sha256": digest.hexdigest()}
