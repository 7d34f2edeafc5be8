"""From articles to a `Corpus`: long tables, one observation a row, every row with its sentence."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from newskit.annotation.actors.catalog import ActorCatalog, load_actors
from newskit.annotation.actors.identity import Link, Name, link_names, merges
from newskit.annotation.frames.codebook import Codebook, load_codebook
from newskit.annotation.pipeline import DIRECTED, Evaluation, FrameHit, Said, Tones, make_doc, make_nlp, sentence_spans
from newskit.annotation.quotes.rules import innermost
from newskit.annotation.tone.directed import load_directed_model
from newskit.annotation.tone.model import load_tone_model
from newskit.annotation.tone.target import Sentiment, Tone, label_of
from newskit.corpus.shards import (
    STATUS,
    DuplicateArticleError,
    Engine,
    Job,
    annotate_into,
    check_engine,
    fingerprint,
    text_of,
    to_json,
)
from newskit.corpus.tables import (
    CorpusFolderError,
    Folder,
    Stored,
    catalog_from_json,
    catalog_to_json,
    connect,
    matching,
    read_manifest,
    to_parquet,
)
from newskit.reading.article import Article, Block, detect_language
from newskit.reading.columns import ARTICLE_FIELDS
from newskit.reading.report import Refused
from newskit.reading.sources import Chosen, Source, scan_articles
from newskit.reading.stories import counted, story_ids
from newskit.resources.files import model_files
from newskit.schema import OUTLET, TABLES, UNNAMED, conform, grouped_by, make_table, name_key
from newskit.schema import columns as columns_of

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from newskit.annotation.actors.mentions import Mention
    from newskit.annotation.frames.lexicon import FrameMethod
    from newskit.annotation.pipeline import QuoteMethod


@dataclass(repr=False)
class Corpus:
    """The tables of annotated articles, and how they came about.

    `articles`, `sentences`, `mentions`, `quotes`, `stances`, `frames` and `actors` are pandas
    DataFrames with the fixed columns of `newskit.schema.TABLES`; `newskit.schema.describe("mentions")`
    says what each column means. `manifest` holds the versions, the options and how many articles came
    in, were annotated, skipped and failed. `catalog` is the one that the actors were linked with.

    The tables of a corpus on disk (`open_corpus`) are read when they are asked for, each as a whole; `table` reads some
    columns and rows, `sql` asks the files.
    """

    articles: pd.DataFrame
    sentences: pd.DataFrame
    mentions: pd.DataFrame
    quotes: pd.DataFrame
    stances: pd.DataFrame
    frames: pd.DataFrame
    actors: pd.DataFrame
    manifest: dict[str, Any] = field(default_factory=dict)
    catalog: ActorCatalog = field(default_factory=lambda: ActorCatalog([], name="none"))
    _stored: Stored | None = field(default=None, init=False, compare=False)

    @classmethod
    def _on_disk(cls, stored: Stored, manifest: dict[str, Any], catalog: ActorCatalog) -> Corpus:
        corpus = cls.__new__(cls)
        corpus.manifest, corpus.catalog, corpus._stored = manifest, catalog, stored
        return corpus

    def __getattr__(self, name: str) -> pd.DataFrame:
        """Read a table of a corpus on disk the first time it is asked for."""
        stored: Stored | None = self.__dict__.get("_stored")
        if stored is None or name not in TABLES:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        table = self.__dict__[name] = stored.table(name)
        return table

    def __repr__(self) -> str:
        stored = self._stored
        status = self.articles["status"].value_counts() if stored is None else self.manifest["articles"]
        counts = ", ".join(f"{status.get(s, 0)} {s}" for s in ("annotated", "skipped", "failed"))
        rows = {t: len(getattr(self, t)) for t in TABLES} if stored is None else stored.rows()
        sizes = ", ".join(f"{n} {table}" for table, n in rows.items() if table != "articles")
        where = "" if stored is None else f" in {stored.folder.url}"
        return f"Corpus({rows['articles']} articles{where}: {counts}; {sizes})"

    def table(self, table: str, *, columns: Sequence[str] | None = None, **where: Any) -> pd.DataFrame:
        """Some columns of the rows of a table that have given values, read from disk without the rest.

        `columns` are all by default; each keyword is a column of the table with the value, or the list of values, that
        the rows must have; None asks for those where it is missing. Raises `ValueError` for an unknown table or column.

        >>> corpus.table("mentions", columns=["article_id", "text"], actor_id="russia")  # doctest: +SKIP
        """
        known = columns_of(table)
        wanted = known if columns is None else [columns] if isinstance(columns, str) else list(columns)
        unknown = {*wanted, *where} - {*known}
        if unknown:
            raise ValueError(f"{table} has no column {sorted(unknown)}; it has {', '.join(known)}")
        if self._stored is not None and table not in self.__dict__:
            return self._stored.table(table, columns=wanted, where=where)
        return matching(getattr(self, table), where)[wanted].reset_index(drop=True)

    def sql(self, query: str) -> pd.DataFrame:
        """The result of a query in SQL (DuckDB's) to the tables, which keep their names; on disk without reading all.

        >>> corpus.sql("select outlet, count(*) as n from articles group by outlet")  # doctest: +SKIP
        """
        if self._stored is not None:
            return self._stored.sql(query)
        connection = connect()
        for table in TABLES:
            connection.register(table, getattr(self, table))
        return connection.execute(query).df()

    def select(self, article_ids: Iterable[str]) -> Corpus:
        """A corpus in memory with these articles alone; its actors and manifest are those of the whole."""
        ids = [article_ids] if isinstance(article_ids, str) else list(article_ids)
        tables = {table: self.table(table, article_id=ids) for table in TABLES if table != "actors"}
        return Corpus(**tables, actors=self.actors, manifest=self.manifest, catalog=self.catalog)

    def evidence(self, table: str, row: Mapping[str, Any] | pd.Series | None = None, **where: Any) -> pd.DataFrame:
        """The rows of a table with the sentence that each comes from: the receipt of a number.

        Give the values that the rows must have as keywords, or a `row` of a summary, whose columns that
        the table or its articles have too are compared: `corpus.evidence("stances", stance_summary(corpus).iloc[0])`.
        Columns: the table's own, then `sentence` (its text), and for quotes the texts `source` and
        `content`. Raises `ValueError` for a table without sentences and for a column it does not have.

        >>> corpus.evidence("mentions", actor_id="russia")["sentence"]  # doctest: +SKIP
        """
        own = columns_of(table) if table in TABLES else []
        if "sentence_id" not in own or table == "sentences":
            with_sentences = ", ".join(t for t in TABLES if "sentence_id" in columns_of(t) and t != "sentences")
            raise ValueError(f"no evidence in {table!r}; ask for one of {with_sentences}")
        given = {} if row is None else dict(row)
        wanted = {key: value for key, value in given.items() if key in _KEYS}
        if row is not None and not {*wanted} & {*own} - {"method", "kind"}:
            raise ValueError(f"the row has nothing that tells rows of {table}; it has {', '.join(map(str, given))}")
        if "kinds" in given and "kind" in own:
            wanted["kind"] = str(given["kinds"]).split("+")
        unknown = set(where) - set(own) - _BY_ARTICLE
        if unknown:
            raise ValueError(f"{table} has no column {sorted(unknown)}; it has {', '.join(own)}")
        wanted = {key: value for key, value in wanted.items() if key in own or key in _BY_ARTICLE} | where
        frame = self.table(table, **{key: value for key, value in wanted.items() if key in own})
        if given.get("count") == "stories":
            counting = counted(self, "stories", [name for name in wanted if name in _BY_ARTICLE])
            frame = frame[frame["article_id"].isin(counting.articles["article_id"])]
        by_article = {key: value for key, value in wanted.items() if key not in own}
        ids = frame["article_id"].unique().tolist()
        if by_article:
            about = [column for column in columns_of("articles") if column != "text"]
            frame, _ = grouped_by(self.table("articles", columns=about, article_id=ids), frame, list(by_article))
            frame = matching(frame, by_article)
            ids = frame["article_id"].unique().tolist()
        texts = self.table("sentences", columns=["article_id", "sentence_id", "text"], article_id=ids)
        texts = texts.rename(columns={"text": "sentence"})
        rows = frame[own].merge(texts, on=["article_id", "sentence_id"], how="left").reset_index(drop=True)
        if table == "quotes":
            articles = self.table("articles", columns=["article_id", "text"], article_id=ids)
            whole = rows["article_id"].map(articles.set_index("article_id")["text"])
            for part in ("source", "content"):
                ends = zip(whole, rows[f"{part}_start"], rows[f"{part}_end"], strict=True)
                rows[part] = pd.array([None if pd.isna(a) else text[a:b] for text, a, b in ends], dtype="str")
        return rows

    def relink(self, catalog: str | Path | ActorCatalog) -> Corpus:
        """A corpus with the actors linked anew by another catalogue; no text is read again.

        Identity inside each article stays; who that is across articles, the speakers and the voices are
        worked out from the names. The corpus itself is not changed, nor are its files.
        """
        loaded = catalog if isinstance(catalog, ActorCatalog) else load_actors(catalog)
        manifest = {**self.manifest, "catalog": _catalog_note(loaded)}
        if self._stored is not None:
            corpus = Corpus._on_disk(_linked(self._stored, loaded), manifest, loaded)
            return corpus._with_articles(self.articles) if "stories" in self.manifest else corpus
        tables = {table: getattr(self, table).copy() for table in TABLES if table != "actors"}
        return Corpus(**tables, actors=_link(tables, loaded), manifest=manifest, catalog=loaded)

    def merges(self) -> pd.DataFrame:
        """The ledger of identity across articles: one row per name that was given to an actor, and why.

        Columns: `actor_id`, `actor` (its label), `name`, `name_type`, `gender` (that the articles tell with the
        name), `n_mentions`, `n_articles`, `rule`. Worked out anew from the names and the catalogue.
        """
        distinct = _distinct(self.mentions) if self._stored is None else self._stored.names()
        links = link_names(distinct.assign(type=distinct["name_type"]), self.catalog)
        keys = [Name(*map(str, row)) for row in distinct[_NAME].fillna("").itertuples(index=False)]
        counts = dict(zip(keys, zip(distinct["n"], distinct["n_articles"], strict=True), strict=True))
        rows = merges(dict(zip(keys, links, strict=True)), counts)
        table = pd.DataFrame(rows, columns=["actor_id", *_NAME, "n_mentions", "n_articles", "rule"])
        table.insert(1, "actor", table["actor_id"].map(self.actors.set_index("actor_id")["label"]))
        return table

    def find_stories(self, *, threshold: float = 0.5) -> Corpus:
        """A corpus that knows which articles are near-duplicates: `articles.story_id`, as `newskit.story_ids` gives it.

        Summaries can then count stories: `actor_frequency(corpus, count="stories")`. Nothing else changes, and the
        corpus itself does not.
        """
        found = story_ids(self.articles[self.articles["status"] != "failed"], threshold=threshold)
        articles = self.articles.assign(story_id=self.articles["article_id"].map(found).astype("str"))
        manifest = {**self.manifest, "stories": {"threshold": threshold, "n": int(found.nunique())}}
        if self._stored is not None:
            return Corpus._on_disk(self._stored, manifest, self.catalog)._with_articles(articles)
        tables = {table: getattr(self, table) for table in TABLES if table != "articles"}
        return Corpus(**tables, articles=articles, manifest=manifest, catalog=self.catalog)

    def _with_articles(self, articles: pd.DataFrame) -> Corpus:
        """The same corpus on disk, with this table of articles in the place of the one there."""
        assert self._stored is not None
        corpus = Corpus._on_disk(self._stored.with_articles(articles), self.manifest, self.catalog)
        corpus.articles = articles
        return corpus

    def recode(
        self, codebooks: str | Path | Codebook | Iterable[str | Path | Codebook], *, method: FrameMethod = "lexicon"
    ) -> Corpus:
        """A corpus with the frames of the given codebooks by one method, and its other codings kept.

        What was coded with the same codebook, version and method before is replaced; codings by another version or
        method stay beside. `method="lexicon"` marks words; "embedding" marks whole sentences, with the z score as
        `score` (see `EmbeddingCoder`). Names, quotations and tone are not worked out again, voices are
        taken from the quotations there. The corpus itself is not changed. Raises `ValueError` as `load_codebook` and
        for an unknown method.
        """
        from newskit.annotation.recoding import frame_rows

        given = [codebooks] if isinstance(codebooks, str | Path | Codebook) else list(codebooks)
        books = [book if isinstance(book, Codebook) else load_codebook(book) for book in given]
        rows = make_table("frames", frame_rows(self, books, method=method))
        old = self.frames
        for book in books:
            same = (
                (old["codebook"] == book.name) & (old["codebook_version"] == book.version) & (old["method"] == method)
            )
            old = old[~same]
        rows["voice"] = _voices(rows, self.quotes)
        tables = {table: getattr(self, table).copy() for table in TABLES if table != "frames"}
        frames = pd.concat([old, rows], ignore_index=True).sort_values(
            ["article_id", "start", "end"], kind="stable", ignore_index=True
        )
        noted = {book.name: book_note(book) for book in books}
        manifest = {**self.manifest, "codebooks": {**self.manifest.get("codebooks", {}), **noted}}
        return Corpus(**tables, frames=frames, manifest=manifest, catalog=self.catalog)


_BY_ARTICLE: Final = frozenset(
    ["title", "outlet", "published", "author", "url", "language", "year", "month", "week", "day"]
)
_KEYS: Final = _BY_ARTICLE | {
    *("article_id", "sentence_id", "actor_id", "target_id", "speaker_id", "voice", "method"),
    *("codebook", "frame", "kind", "part", "section"),
}


def annotate(
    articles: Source,
    *,
    nlp: Language | None = None,
    model: str | None = None,
    catalog: str | Path | ActorCatalog | None = None,
    codebooks: str | Iterable[str | Path | Codebook] | None = None,
    quotes: QuoteMethod | None = None,
    directed: bool | None = None,
    columns: Mapping[str, str | None] | None = None,
    encoding: str | None = None,
    out: str | Path | None = None,
    engine: Engine | None = None,
    n_jobs: int | None = None,
    shard_size: int | None = None,
    overwrite: bool = False,
    progress: bool | None = None,
) -> Corpus:
    """Annotate articles: actors, quotations, tone and frames, as the tables of a `Corpus`.

    `articles` is one Article, an iterable of them, of Paths or of what `scan_articles` gives, a DataFrame with the
    columns of Article (`article_id` and `text` at least; other columns are left out), or a path: a file, a folder
    (searched through) or a glob, of whatever `scan_articles` reads, with `columns` and `encoding` as there.
    `model`, `catalog`, `codebooks`, `quotes` and `directed` are as for `make_nlp`; or give a pipeline made by it
    as `nlp`, which has them already. `progress` shows a bar; by default from ten articles on.

    With `out`, a folder or a URL that fsspec knows ("s3://…"), the tables go there, `shard_size` articles (200) at a
    time, of which only a few are in memory; the corpus is then read from there (`open_corpus`). Ended at any
    moment, the same call goes on, and ends with the same files. If options, models, catalogue or articles are not
    those that the folder was made with, that is refused; with `overwrite` the shards that differ are annotated anew.

    `engine` is "serial" (in this process), "process" (`n_jobs` processes, all cores by default) or "dask" (the cluster
    of the current `dask.distributed.Client`); the result is the same. `n_jobs` alone means "process".

    Nothing is lost: what cannot be read or annotated is a row of `corpus.articles` with `status`
    skipped (empty, not English) or failed, and the `reason`; articles that came in = annotated +
    skipped + failed. A date that is none is left out, with a warning. Raises `DuplicateArticleError` (a
    `ValueError`) if two articles have one id, `CorpusChangedError` (a `ValueError`) if `out` was made otherwise,
    `ValueError` for a path or DataFrame with no articles in it and for options given beside `nlp`, and `TypeError`
    for what is no article.
    """
    options = {"model": model, "catalog": catalog, "codebooks": codebooks, "quotes": quotes, "directed": directed}
    given = {name: value for name, value in options.items() if value is not None}
    engine = check_engine(engine, n_jobs)
    if columns is not None or encoding is not None:
        chosen = Chosen(articles, columns, encoding)
        articles = iter(chosen) if isinstance(articles, Iterator) else chosen
    if nlp is not None and given:
        raise ValueError(f"nlp has its own {', '.join(given)}: give them to make_nlp(…), or leave out nlp")
    if nlp is not None and engine != "serial":
        raise ValueError(f"engine {engine!r} makes a pipeline in each process: give model, catalog, codebooks, not nlp")
    if nlp is not None:
        missing = [name for name in ("newskit_mentions", "newskit_frames") if not nlp.has_pipe(name)]
        if missing:
            raise ValueError(f"nlp lacks the component {missing[0]!r}: make it with newskit.make_nlp()")
    if out is None and engine == "serial":
        return _in_memory(articles, nlp if nlp is not None else make_nlp(**given), progress)  # type: ignore[arg-type]
    with contextlib.ExitStack() as stack:
        folder = Folder(stack.enter_context(tempfile.TemporaryDirectory()) if out is None else out)
        job = Job(folder, _loaded(given), annotate=_annotate_one, tables=_unlinked, notes=_notes)
        manifest, is_whole = annotate_into(
            job,
            articles,
            engine=engine,
            n_jobs=n_jobs,
            shard_size=shard_size,
            overwrite=overwrite,
            progress=progress,
            nlp=nlp,
        )
        if not is_whole:
            _finish(folder, manifest, _catalog(given, nlp))
        corpus = open_corpus(folder.url)
        if out is None:
            tables = {table: getattr(corpus, table) for table in TABLES}
            corpus = Corpus(**tables, manifest=corpus.manifest, catalog=corpus.catalog)
    return corpus


def open_corpus(path: str | Path) -> Corpus:
    """Open a corpus that `annotate(…, out=path)` has written; its tables are read when they are asked for.

    Raises `CorpusFolderError` (a `ValueError`) if there is none, or one that is not finished.
    """
    folder = Folder(path)
    manifest = read_manifest(folder)
    if manifest is None:
        raise CorpusFolderError(
            f"no corpus in {folder.url}: it has no manifest.json; write one with annotate(…, out=…)"
        )
    if not manifest["complete"]:
        raise CorpusFolderError(f"the corpus in {folder.url} is not finished: give the same call of annotate again")
    notes = {**manifest["made_with"], "articles": manifest["articles"], "input_sha256": manifest["input_sha256"]}
    catalog = catalog_from_json(folder.read("catalog.json") or b"{}")
    return Corpus._on_disk(Stored(folder, manifest), notes, catalog)


def _in_memory(articles: Source, nlp: Language, progress: bool | None) -> Corpus:
    from threadpoolctl import threadpool_limits
    from tqdm.auto import tqdm

    loaded: ActorCatalog = nlp.get_pipe("newskit_mentions").catalog  # type: ignore[attr-defined]
    items = list(scan_articles(articles))
    twice = [i for i, n in Counter(item.article_id for item in items).items() if n > 1]
    if twice:
        raise DuplicateArticleError(
            f"{len(twice)} article_id(s) came in more than once, such as {twice[0]!r}; give each article its own"
        )
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}
    show = len(items) >= 10 if progress is None else progress
    with threadpool_limits(1):  # as in a shard: matrices so small gain nothing from more threads
        for item in tqdm(items, desc="annotate", unit="article", disable=not show):
            for table, new in _annotate_one(item, nlp).items():
                rows[table] += new
    tables = {table: make_table(table, rows[table]) for table in TABLES if table != "actors"}
    actors = _link(tables, loaded)
    return Corpus(**tables, actors=actors, manifest=_manifest(items, tables["articles"], nlp), catalog=loaded)


def _loaded(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options with what they name loaded, so that a mistake shows here and workers need no files."""
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


def _finish(folder: Folder, manifest: dict[str, Any], catalog: ActorCatalog) -> None:
    """Link the names of a corpus on disk, and declare it complete."""
    stored = _linked(Stored(folder, manifest), catalog)
    folder.write("links.parquet", to_parquet(stored.links))
    folder.write("actors.parquet", to_parquet(stored.actors))
    folder.write("catalog.json", catalog_to_json(catalog))
    folder.write("manifest.json", to_json(manifest))


def _linked(stored: Stored, catalog: ActorCatalog) -> Stored:
    """The same shards with the identities that a catalogue gives."""
    links = _links(stored.names(), catalog)
    linked = Stored(stored.folder, stored.manifest, links=links)
    linked.actors = _actors(*linked.actor_counts(), links, catalog)
    return linked


# --- one article -------------------------------------------------------------------------------------


def _annotate_one(item: Article | Refused, nlp: Language) -> dict[str, list[dict[str, Any]]]:
    """The rows of one article for each table; one that fails or is skipped has a row in articles alone."""
    fields = [value for name in ARTICLE_FIELDS if isinstance(value := getattr(item, name, None), str)]
    if any("\ud800" <= letter <= "\udfff" for value in fields for letter in value):
        reason = "it has halves of characters (surrogates), which no file can hold: read it as UTF-8"
        identity = item.article_id.encode("utf-8", "backslashreplace").decode()
        return {"articles": [dict(article_id=identity, text="", n_tokens=0, status="failed", reason=reason)]}
    if isinstance(item, Refused):
        row = dict(article_id=item.article_id, text=item.text, n_tokens=0, status="failed", reason=item.reason)
        return {"articles": [row]}
    row = {name: getattr(item, name) for name in ARTICLE_FIELDS} | {"n_tokens": 0}
    if not item.text.strip():
        return {"articles": [row | dict(status="skipped", reason="the text is empty")]}
    language = item.language or detect_language(item.text)
    row["language"] = language
    if language != "en":
        reason = f"not English but {language!r}; if it is English, set its language to 'en'"
        return {"articles": [row | dict(status="skipped", reason=reason)]}
    try:
        doc = make_doc(nlp, item.text, item.blocks)
        tables = _rows_of(item, doc)
    except Exception as error:  # one article that breaks must not cost the others
        return {"articles": [row | dict(status="failed", reason=f"{type(error).__name__}: {error}")]}
    row |= dict(n_tokens=sum(not token.is_space for token in doc), status="annotated")
    return {"articles": [row], **tables}


def _rows_of(article: Article, doc: Doc) -> dict[str, list[dict[str, Any]]]:
    mentions: Sequence[Mention] = doc._.newskit_mentions
    said: Sequence[Said] = doc._.newskit_quotes
    tones: Tones = doc._.newskit_tone
    moods = tones.sentences
    hits: Sequence[FrameHit] = doc._.newskit_frames
    directed: dict[int, list[Evaluation]] = {}
    for evaluation in doc.user_data.get(DIRECTED, ()):
        directed.setdefault(evaluation.target, []).append(evaluation)
    sentences = sentence_spans(doc)
    sentence_at = {i: n for n, s in enumerate(sentences) for i in range(s.start_char, s.end_char)}
    spans = [*((m.start, m.end) for m in mentions), *((h.hit.start, h.hit.end) for h in hits)]
    around = innermost([s.quote for s in said], spans)
    in_mentions, in_hits = around[: len(mentions)], around[len(mentions) :]

    def place(start: int, end: int) -> dict[str, Any]:
        return dict(
            article_id=article.article_id,
            sentence_id=sentence_at.get(start, 0),
            start=start,
            end=end,
            text=article.text[start:end],
        )

    block_at = {i: block for block in article.blocks for i in range(block.start, block.end)}
    nowhere = Block(0, 0)
    rows: dict[str, list[dict[str, Any]]] = {}
    rows["sentences"] = [
        place(span.start_char, span.end_char)
        | dict(
            part=block_at.get(span.start_char, nowhere).part,
            section=block_at.get(span.start_char, nowhere).section,
            polarity=mood.polarity,
            subjectivity=mood.subjectivity,
        )
        for span, mood in zip(sentences, moods, strict=True)
    ]
    rows["mentions"] = [
        place(m.start, m.end)
        | dict(
            mention_id=n,
            entity_id=m.entity,
            kind=m.kind,
            name=m.name or None,
            name_type=m.type if m.name else None,
            gender=m.gender or None,
            ner_label=m.ner_label,
            rule=m.rule,
        )
        for n, m in enumerate(mentions)
    ]
    rows["quotes"] = [
        place(s.quote.start, s.quote.end)
        | dict(
            quote_id=n,
            kind=s.quote.kind,
            content_start=s.quote.content_start,
            content_end=s.quote.content_end,
            cue=s.quote.cue,
            source_start=s.quote.source_start,
            source_end=s.quote.source_end,
            speaker_mention_id=s.speaker,
            flag=s.quote.flag,
        )
        for n, s in enumerate(said)
    ]
    rows["stances"] = [
        place(m.start, m.end) | dict(mention_id=n, quote_id=in_mentions[n]) | stance
        for n, m in enumerate(mentions)
        if m.is_target
        for stance in _stances(tones.mentions[n], moods[sentence_at[m.start]], directed.get(n, ()))
    ]
    rows["frames"] = [
        place(h.hit.start, h.hit.end)
        | dict(
            codebook=h.codebook.name,
            codebook_version=h.codebook.version,
            frame=h.hit.frame,
            method="lexicon",
            quote_id=quote_id,
        )
        for h, quote_id in zip(hits, in_hits, strict=True)
    ]
    return rows


def _stances(tone: Tone | None, mood: Sentiment, directed: Sequence[Evaluation]) -> Iterator[dict[str, Any]]:
    """The stance toward one mention by each method: the model's, TextBlob's of the sentence as the baseline, and those
    of the actors in the sentence who evaluate it."""
    if tone is not None:
        yield dict(method="model", label=tone.label, **_scores(tone))
    yield dict(method="textblob", label=label_of(mood.polarity), score=mood.polarity)
    for source, _, of_source in directed:
        label = "positive" if of_source.score > 0 else "negative"
        yield dict(method="directed", source_mention_id=source, label=label, **_scores(of_source))


def _scores(tone: Tone) -> dict[str, float]:
    return {"score": tone.score, **{f"p_{label}": chance for label, chance in tone._asdict().items()}}


# --- identity across articles --------------------------------------------------------------------------


def _link(tables: Mapping[str, pd.DataFrame], catalog: ActorCatalog) -> pd.DataFrame:
    """Fill actor_id, speaker_id, target_id and voice from the names of the mentions; return the actors."""
    mentions = tables["mentions"]
    links = _links(_distinct(mentions), catalog)
    _fill(tables, _keys(mentions).map(links.set_index("key")["actor_id"]))
    # A title or label is counted with the name that it stands beside.
    named = mentions[mentions["actor_id"].notna() & (mentions["kind"] != "apposition")]
    counts = named.groupby("actor_id")["article_id"].agg(n_mentions="size", n_articles="nunique").reset_index()
    spoken = named[named["kind"].isin(["name", "place"])]
    aliases = spoken.groupby(["actor_id", "text"]).size().reset_index(name="n")
    return _actors(counts, aliases, links, catalog)


def _fill(tables: Mapping[str, pd.DataFrame], identities: pd.Series) -> None:
    """Fill actor_id, speaker_id, target_id and voice from who each mention is."""
    mentions, quotes = tables["mentions"], tables["quotes"]
    mentions["actor_id"] = identities.astype("str")
    actor_of = mentions.set_index(["article_id", "mention_id"])["actor_id"]
    quotes["speaker_id"] = _look_up(quotes, "speaker_mention_id", actor_of)
    tables["stances"]["target_id"] = _look_up(tables["stances"], "mention_id", actor_of)
    for name in ("stances", "frames"):
        tables[name]["voice"] = _voices(tables[name], quotes)
    source = _look_up(tables["stances"], "source_mention_id", actor_of).fillna(UNNAMED)
    evaluates = tables["stances"]["source_mention_id"].notna()
    tables["stances"]["voice"] = tables["stances"]["voice"].mask(evaluates, source).astype("str")


def _unlinked(rows: Mapping[str, list[dict[str, Any]]]) -> dict[str, pd.DataFrame]:
    """The tables of rows, each distinct name an actor of its own: what a shard keeps."""
    tables = {table: make_table(table, rows[table]) for table in TABLES if table != "actors"}
    _fill(tables, _keys(tables["mentions"]))
    return tables


def _voices(table: pd.DataFrame, quotes: pd.DataFrame) -> pd.Series:
    """Whose words each row is in: the speaker of its quotation, or the outlet."""
    speaker_of = quotes.set_index(["article_id", "quote_id"])["speaker_id"]
    voice = _look_up(table, "quote_id", speaker_of).fillna(UNNAMED)
    voices: pd.Series = voice.mask(table["quote_id"].isna(), OUTLET).astype("str")
    return voices


def _look_up(table: pd.DataFrame, key: str, values: pd.Series) -> pd.Series:
    """The value of each row's (article_id, key), missing where the key is."""
    wanted = pd.MultiIndex.from_arrays([table["article_id"], table[key].fillna(-1).astype("int64")])
    return pd.Series(values.reindex(wanted).to_numpy(), index=table.index, dtype="str")


_NAME: Final = ["name", "name_type", "gender"]


def _keys(names: pd.DataFrame) -> pd.Series:
    """The `name_key` of each row, missing where there is no name."""
    parts = (names[part].astype("str") for part in _NAME)
    keys = [None if pd.isna(n) else name_key(n, t, "" if pd.isna(g) else g) for n, t, g in zip(*parts, strict=True)]
    return pd.Series(keys, index=names.index, dtype="str")


def _distinct(mentions: pd.DataFrame) -> pd.DataFrame:
    """The distinct names of a corpus with their `n` mentions and `n_articles`."""
    named = mentions[mentions["name"].notna() & (mentions["kind"] != "apposition")]
    grouped = named.groupby(_NAME, sort=True, dropna=False)["article_id"]
    return grouped.agg(n="size", n_articles="nunique").reset_index()


def _links(distinct: pd.DataFrame, catalog: ActorCatalog) -> pd.DataFrame:
    """Identity across articles of each distinct name: its `key`, the columns of `Link`, and `n_mentions`.

    What the catalogue found is looked up by its own words; people, organisations and places by the
    fullest name of their entity, with the gender that the article tells.
    """
    links = pd.DataFrame(
        link_names(distinct.assign(type=distinct["name_type"]), catalog), columns=list(Link._fields), dtype="str"
    )
    links.insert(0, "key", _keys(distinct))
    return links.assign(n_mentions=distinct["n"].astype("int64"))


def _actors(counts: pd.DataFrame, aliases: pd.DataFrame, links: pd.DataFrame, catalog: ActorCatalog) -> pd.DataFrame:
    """The table `actors`, from mentions and articles of each actor, how often each text names it, and the links."""
    links = links.sort_values(["n_mentions", "key"], ascending=[False, True])
    first = links.drop_duplicates("actor_id").set_index("actor_id")
    rules = links.groupby(["actor_id", "rule"])["n_mentions"].sum().reset_index(name="n")
    table = counts.sort_values(["n_mentions", "actor_id"], ascending=[False, True], ignore_index=True)
    ids = table["actor_id"]
    return conform(
        "actors",
        table.assign(
            **{name: ids.map(first[name]) for name in ("label", "type", "source")},
            aliases=ids.map(_joined(aliases, "text")).fillna(""),
            rules=ids.map(_joined(rules, "rule")),
            group=ids.map(catalog.corrections.group.get),
            wikidata=ids.map(catalog.wikidata),
        )[columns_of("actors")],
    )


def _joined(parts: pd.DataFrame, column: str) -> pd.Series:
    """The texts of each actor in one, most frequent first."""
    ordered = parts.sort_values(["n", column], ascending=[False, True])
    return ordered.groupby("actor_id")[column].agg(" | ".join)


# --- the manifest ----------------------------------------------------------------------------------------


def _catalog_note(catalog: ActorCatalog) -> dict[str, str]:
    return {"name": catalog.name, "version": catalog.version, "sha256": fingerprint(catalog)}


def book_note(codebook: Codebook) -> dict[str, Any]:
    """What a manifest says of a codebook: its version, its frames with labels, and what they are parts of."""
    return {
        "version": codebook.version,
        "frames": codebook.labels(),
        "top": codebook.top_frames(),
        "sha256": fingerprint(codebook),
    }


def _notes(nlp: Language) -> dict[str, Any]:
    """What annotations are made with: versions, models, catalogue, codebooks, with hashes of their content."""
    catalog: ActorCatalog = nlp.get_pipe("newskit_mentions").catalog  # type: ignore[attr-defined]
    coders = nlp.get_pipe("newskit_frames").coders  # type: ignore[attr-defined]
    return {
        "versions": {name: version(name) for name in ("newskit", "spacy", "textblob", "onnxruntime")},
        "model": {"name": f"{nlp.meta['lang']}_{nlp.meta['name']}", "version": nlp.meta["version"]},
        "models": _shipped_models(),
        "tone": load_tone_model().note(),
        "quotes": "rules" if nlp.get_pipe("newskit_quotes").model is None else "model",  # type: ignore[attr-defined]
        **({"directed": load_directed_model().note()} if nlp.has_pipe(DIRECTED) else {}),
        "catalog": _catalog_note(catalog),
        "codebooks": {coder.codebook.name: book_note(coder.codebook) for coder in coders},
    }


@functools.cache
def _shipped_models() -> dict[str, str]:
    """The hash of each shipped model."""
    return {file.parent.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in model_files()}


def _manifest(items: Sequence[Article | Refused], articles: pd.DataFrame, nlp: Language) -> dict[str, Any]:
    status = articles["status"].value_counts()
    digest = hashlib.sha256()
    for item in items:
        digest.update(text_of(item))
    counts = {name: int(status.get(name, 0)) for name in STATUS}
    return _notes(nlp) | {"articles": {"in": len(articles), **counts}, "input_sha256": digest.hexdigest()}
