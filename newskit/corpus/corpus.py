"""`Corpus`: the tables of annotated articles, and what can be asked of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from newskit.annotation.actors.catalog import ActorCatalog
from newskit.annotation.actors.catalog_files import load_actors
from newskit.annotation.actors.identity import Name, link_names, merges
from newskit.annotation.frames.codebook import Codebook
from newskit.annotation.frames.codebook_files import load_codebook
from newskit.annotation.frames.lexicon import in_debate, sentences_with
from newskit.annotation.notes import book_note, catalog_note
from newskit.annotation.recoding import frame_rows
from newskit.corpus.linking import NAME_PARTS, distinct_names, link_tables, relinked, voices_of
from newskit.corpus.tables import Stored, connect
from newskit.corpus.views import counted, grouped_by, matching
from newskit.reading.stories import story_ids
from newskit.schema import TABLES, make_table
from newskit.schema import columns as columns_of

if TYPE_CHECKING:
    from newskit.annotation.frames.coding import FrameMethod


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
        manifest = {**self.manifest, "catalog": catalog_note(loaded)}
        if self._stored is not None:
            corpus = Corpus._on_disk(relinked(self._stored, loaded), manifest, loaded)
            return corpus._with_articles(self.articles) if "stories" in self.manifest else corpus
        tables = {table: getattr(self, table).copy() for table in TABLES if table != "actors"}
        return Corpus(**tables, actors=link_tables(tables, loaded), manifest=manifest, catalog=loaded)

    def merges(self) -> pd.DataFrame:
        """The ledger of identity across articles: one row per name that was given to an actor, and why.

        Columns: `actor_id`, `actor` (its label), `name`, `name_type`, `gender` (that the articles tell with the
        name), `n_mentions`, `n_articles`, `rule`. Worked out anew from the names and the catalogue.
        """
        distinct = distinct_names(self.mentions) if self._stored is None else self._stored.names()
        links = link_names(distinct.assign(type=distinct["name_type"]), self.catalog)
        keys = [Name(*map(str, row)) for row in distinct[NAME_PARTS].fillna("").itertuples(index=False)]
        counts = dict(zip(keys, zip(distinct["n"], distinct["n_articles"], strict=True), strict=True))
        rows = merges(dict(zip(keys, links, strict=True)), counts)
        table = pd.DataFrame(rows, columns=["actor_id", *NAME_PARTS, "n_mentions", "n_articles", "rule"])
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
        given = [codebooks] if isinstance(codebooks, str | Path | Codebook) else list(codebooks)
        books = [book if isinstance(book, Codebook) else load_codebook(book) for book in given]
        rows = make_table("frames", frame_rows(self, books, method=method))
        old = self.frames
        for book in books:
            same = (
                (old["codebook"] == book.name) & (old["codebook_version"] == book.version) & (old["method"] == method)
            )
            old = old[~same]
        rows["voice"] = voices_of(rows, self.quotes)
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

# --- the passages of a debate ---------------------------------------------------------------------------


def about(corpus: Corpus, query: str | Iterable[str] | Codebook, *, window: int = 0, section: bool = False) -> Corpus:
    """The part of a corpus that belongs to a debate: its sentences with one of the terms, and what is coded in them.

    `query` is a term or several, as in a codebook ("missile|rocket", "send <3> missile"), or a Codebook, whose scope is
    taken. `window` adds so many sentences before and after, `section=True` the whole section of the article. Only
    articles with such a sentence are left. The corpus itself is not changed.

    Raises `ValueError` for a term that cannot be read and for a codebook without a scope.
    """
    chosen = sentences_with(corpus.sentences["text"], query)
    rows = corpus.sentences[["article_id", "sentence_id", "section"]]
    hits = rows[np.array(chosen, dtype=bool)]
    if isinstance(query, Codebook) and query.scope_context:
        articles = corpus.articles[corpus.articles["article_id"].isin(hits["article_id"])]
        inside = articles["article_id"][in_debate(articles["text"], query)]
        hits = hits[hits["article_id"].isin(inside)]
    wanted = {
        (article, sentence + step)
        for article, sentence in hits[["article_id", "sentence_id"]].itertuples(index=False)
        for step in range(-window, window + 1)
    }
    if section:
        sections = set(hits.dropna(subset="section")[["article_id", "section"]].itertuples(index=False, name=None))
        same = [pair in sections for pair in rows[["article_id", "section"]].itertuples(index=False, name=None)]
        wanted |= set(rows.loc[same, ["article_id", "sentence_id"]].itertuples(index=False, name=None))
    tables = {}
    for name in ("sentences", "mentions", "quotes", "stances", "frames"):
        table = getattr(corpus, name)
        keep = [pair in wanted for pair in table[["article_id", "sentence_id"]].itertuples(index=False, name=None)]
        tables[name] = table[np.array(keep, dtype=bool)].reset_index(drop=True)
    left = corpus.articles["article_id"].isin(tables["sentences"]["article_id"].unique())
    return replace(corpus, articles=corpus.articles[left].reset_index(drop=True), **tables)
