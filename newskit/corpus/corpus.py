"""`Corpus`: the tables of annotated articles, and what can be asked of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from newskit.annotation.actors.catalog import ActorCatalog
from newskit.annotation.actors.catalog_files import load_actors
from newskit.annotation.actors.identity import Name, link_names, merges
from newskit.annotation.frames.codebook import Codebook
from newskit.annotation.frames.codebook_files import load_codebook
from newskit.annotation.notes import book_note, catalog_note
from newskit.corpus.actor_ids import NAME_PARTS, voices_of
from newskit.corpus.evidence import evidence, table_of
from newskit.corpus.linking import distinct_names, link, recounted, uncorrected_ids
from newskit.corpus.metadata import joined
from newskit.corpus.spelling import check_corrections, refuse_misspelled, warn_if_misspelled
from newskit.corpus.tables import FrameTables, Tables
from newskit.corpus.views import PERIODS, articles_with
from newskit.reading.stories import story_ids
from newskit.resources.nearest import nearest
from newskit.schema import TABLES, make_table, returns_columns
from newskit.schema import columns as columns_of

if TYPE_CHECKING:
    from newskit.annotation.frames.methods import FrameMethod

STATUS: Final = ("annotated", "skipped", "failed")
"""What can become of an article that came in."""


class Corpus:
    """The tables of annotated articles, and how they were made.

    A corpus is never changed: `select`, `relink`, `recode` and `find_stories` return new ones. A corpus from
    `open_corpus` stays on disk: its tables are read when they are asked for, each as a whole; `table` reads some
    columns and rows, `sql` queries the files.

    Parameters
    ----------
    tables : Tables or mapping of str to DataFrame
        The tables by name, with the columns of `newskit.schema.TABLES`; tables that are not given are empty. You get
        a corpus from `annotate` or `open_corpus`; make one yourself only to put tables together in another way.
    manifest : dict, optional
        How the corpus was made.
    catalog : ActorCatalog, optional
        The catalogue that the actors were linked with.

    Attributes
    ----------
    articles, sentences, mentions, quotes, stances, frames, actors : DataFrame
        The tables, one observation per row; `newskit.schema.describe("mentions")` says what each column means.
    manifest : dict
        Versions, models, options, and how many articles came in, were annotated, skipped and failed.
    catalog : ActorCatalog
        The catalogue that the actors were linked with.
    tables : Tables
        What the tables are read from, in memory or on disk.
    """

    def __init__(
        self,
        tables: Tables | Mapping[str, pd.DataFrame],
        *,
        manifest: Mapping[str, Any] | None = None,
        catalog: ActorCatalog | None = None,
    ) -> None:
        self.tables = tables if isinstance(tables, Tables) else FrameTables(tables)
        self.manifest: dict[str, Any] = dict(manifest or {})
        self.catalog = ActorCatalog([], name="none") if catalog is None else catalog

    @property
    def articles(self) -> pd.DataFrame:
        """The articles that came in, one per row."""
        return self.tables.frame("articles")

    @property
    def sentences(self) -> pd.DataFrame:
        """The sentences of the annotated articles, one per row."""
        return self.tables.frame("sentences")

    @property
    def mentions(self) -> pd.DataFrame:
        """The mentions of actors, one per row."""
        return self.tables.frame("mentions")

    @property
    def quotes(self) -> pd.DataFrame:
        """The quotations, one per row."""
        return self.tables.frame("quotes")

    @property
    def stances(self) -> pd.DataFrame:
        """The evaluations of actors, one mention and method per row."""
        return self.tables.frame("stances")

    @property
    def frames(self) -> pd.DataFrame:
        """The words or sentences that point to a frame, one per row."""
        return self.tables.frame("frames")

    @property
    def actors(self) -> pd.DataFrame:
        """The actors of the corpus, one per row, most mentions first."""
        return self.tables.frame("actors")

    def __repr__(self) -> str:
        sizes = self.tables.sizes()
        status: Mapping[str, int] | pd.Series = self.manifest.get("articles", {})
        if not self.tables.place or status.get("in") != sizes["articles"]:
            status = self.table("articles", columns=["status"])["status"].value_counts()
        counts = ", ".join(f"{status.get(name, 0)} {name}" for name in STATUS)
        others = ", ".join(f"{n} {table}" for table, n in sizes.items() if table != "articles")
        where = f" in {self.tables.place}" if self.tables.place else ""
        return f"Corpus({sizes['articles']} articles{where}: {counts}; {others})"

    def _with(self, tables: Tables, **notes: Any) -> Corpus:
        """A corpus of the same kind with other tables, and notes in its manifest."""
        return Corpus(tables, manifest={**self.manifest, **notes}, catalog=self.catalog)

    def with_tables(self, **frames: pd.DataFrame) -> Corpus:
        """Return a corpus with other tables in the place of some.

        Parameters
        ----------
        **frames : DataFrame
            The tables to replace, by name. Replacing any but `articles` or `actors` loads all tables into memory.

        Returns
        -------
        Corpus

        Raises
        ------
        ValueError
            If there is no table of that name.
        """
        unknown = sorted({*frames} - {*TABLES})
        if unknown:
            raise ValueError(f"no table {unknown[0]!r}; the tables are {', '.join(TABLES)}")
        return self._with(self.tables.replaced(frames))

    def with_metadata(self, table: pd.DataFrame, *, on: str = "article_id") -> Corpus:
        """Return a corpus whose articles have the columns of a table too, to group by, filter, draw and export.

        Parameters
        ----------
        table : DataFrame
            One row per article, or per outlet or another column of `articles`. Columns that were joined or brought
            before are replaced.
        on : str, default "article_id"
            The column that the table and `articles` share.

        Returns
        -------
        Corpus
            The files of a corpus on disk stay as they are.

        Raises
        ------
        ValueError
            If `on` is no column of both, has a value twice in the table, or they have no value in common.
        TypeError
            If the table is no DataFrame.

        Warns
        -----
        UserWarning
            Of rows of no article, articles in no row, and columns that newskit uses for something else (left out).

        Examples
        --------
        >>> owners = pd.DataFrame({"outlet": ["Daily Example"], "owner": ["state"]})
        >>> actor_frequency(corpus.with_metadata(owners, on="outlet"), by="owner")  # doctest: +SKIP
        """
        return self.with_tables(articles=joined(self.articles, table, on))

    def parts(self) -> Iterator[Corpus]:
        """Iterate over the corpus some articles at a time: shard by shard on disk, in one piece in memory.

        Yields
        ------
        Corpus
            A corpus of some of the articles, with the actors and the manifest of the whole.
        """
        for tables in self.tables.parts():
            yield self._with(tables)

    def table(self, table: str, *, columns: Sequence[str] | None = None, **where: Any) -> pd.DataFrame:
        """Read some columns and rows of a table, from disk without the rest.

        Parameters
        ----------
        table : str
            The name of a table.
        columns : sequence of str, optional
            The columns to read; all by default.
        **where
            Values that the rows must have, by column: one value, or a list of those that will do. None asks for rows
            where it is missing. Columns of articles ("outlet", your own too) and periods of publication (year, month,
            week, day) choose rows of the other tables of articles.

        Returns
        -------
        DataFrame
            The rows, in their order.

        Raises
        ------
        ValueError
            If there is no such table or column.

        Warns
        -----
        UserWarning
            If there is no row and a value is spelled much like one that the corpus has.

        Examples
        --------
        >>> corpus.table("mentions", columns=["article_id", "text"], actor_id="russia")  # doctest: +SKIP
        >>> corpus.table("sentences", outlet="Daily Example")  # doctest: +SKIP
        """
        columns_of(table)  # refuses the name of no table
        known = self.tables.columns(table)
        wanted = known if columns is None else [columns] if isinstance(columns, str) else list(columns)
        about = {*self.tables.columns("articles"), *PERIODS} if "article_id" in known else {*known}
        by_article = {name: value for name, value in where.items() if name in about - {*known}}
        unknown = sorted(({*wanted} | {*where} - about) - {*known})
        if unknown:
            hint = nearest(unknown[0], known if unknown[0] in wanted else [*known, *sorted(about)])
            raise ValueError(f"{table} has no column {unknown}{hint}; it has {', '.join(known)}")
        own = {name: value for name, value in where.items() if name not in by_article}
        if by_article:
            chosen = {*articles_with(self.tables, by_article)}
            rows = self.tables.rows(table, list(dict.fromkeys(["article_id", *wanted])), own)
            rows = rows.loc[rows["article_id"].isin(chosen), wanted].reset_index(drop=True)
        else:
            rows = self.tables.rows(table, wanted, own)
        if rows.empty:
            warn_if_misspelled(self.tables, where)
        return rows

    def sql(self, query: str, *, trusted: bool = False) -> pd.DataFrame:
        """Query the tables, which keep their names, in SQL; on disk without reading all of them.

        Parameters
        ----------
        query : str
            A query as DuckDB understands it.
        trusted : bool, default False
            Whether the query may do all that DuckDB can: read and write any file, load extensions, reach the network.
            By default it reads the corpus and nothing else.

        Returns
        -------
        DataFrame
            The result.

        Raises
        ------
        ValueError
            If a query that is not trusted does anything but read.

        Examples
        --------
        >>> corpus.sql("select outlet, count(*) as n from articles group by outlet")  # doctest: +SKIP
        """
        return self.tables.sql(query, trusted=trusted)

    def verify(self) -> None:
        """Compare every file of a corpus on disk with the checksum in its manifest; a corpus in memory has none.

        Raises
        ------
        CorpusFolderError
            If a file is missing or altered; the message says how to mend it.
        """
        self.tables.verify()

    def select(self, article_ids: str | Iterable[str]) -> Corpus:
        """Return a corpus in memory with some of the articles alone.

        Parameters
        ----------
        article_ids : str or iterable of str
            The ids of the articles; ids that the corpus does not have are passed over.

        Returns
        -------
        Corpus
            Its actors are those of the articles, counted anew, with the identities that they have in the whole.
        """
        ids = [article_ids] if isinstance(article_ids, str) else list(article_ids)
        frames = {table: self.table(table, article_id=ids) for table in TABLES if table != "actors"}
        return shortened(self, frames)

    def evidence(
        self,
        table: str | Mapping[str, Any] | pd.Series,
        row: Mapping[str, Any] | pd.Series | None = None,
        **where: Any,
    ) -> pd.DataFrame:
        """Return the rows of a table with the sentence that each comes from: the receipt of a number.

        Parameters
        ----------
        table : str, or the row of a summary
            mentions, quotes, stances or frames; a row given alone tells which.
        row : Series or mapping, optional
            A row of a summary: the rows must agree with it in all columns that the table, or its articles, have too.
        **where
            Further values that the rows must have, as in `table`; columns of articles, your own too, and periods of
            publication (year, month, week, day) among them.

        Returns
        -------
        DataFrame
            The rows with the columns of the table, then `sentence` (its text), and for quotes `source` and `content`.
            For a row of a summary of tone, one row for each observation that it counts (its `n`), an actor in a
            sentence and voice: the first mention, with the mean score of all and their number, `n_mentions`.

        Raises
        ------
        ValueError
            For a table without sentences, a column that does not exist, a row that shares no column with the table,
            or the id of an actor that the corpus has but for a letter or two.

        Warns
        -----
        UserWarning
            If there is no row and a value is spelled much like one that the corpus has.

        Examples
        --------
        >>> corpus.evidence("mentions", actor_id="russia")["sentence"]  # doctest: +SKIP
        >>> corpus.evidence(nk.stance_summary(corpus).iloc[0])  # doctest: +SKIP
        """
        name, told = (table, {} if row is None else row) if isinstance(table, str) else (table_of(table), table)
        rows = evidence(self.tables, name, dict(told), where)
        if rows.empty:
            refuse_misspelled(self.tables, where)
            warn_if_misspelled(self.tables, where)
        return rows

    def relink(self, catalog: str | Path | ActorCatalog) -> Corpus:
        """Return a corpus with the actors linked anew by another catalogue; no text is read again.

        Identities inside each article are kept; identities across articles, speakers and voices are worked out from
        the names. Neither the corpus nor its files are changed.

        Parameters
        ----------
        catalog : str, Path or ActorCatalog
            As for `load_actors`.

        Returns
        -------
        Corpus

        Raises
        ------
        CatalogError
            If there is no such catalogue, it has a mistake, or it corrects an actor whose id is that of one in the
            corpus but for a letter or two; the message names those nearest.
        """
        loaded = catalog if isinstance(catalog, ActorCatalog) else load_actors(catalog)
        check_corrections(loaded, uncorrected_ids(self.tables, loaded))
        relinked = self._with(link(self.tables, loaded), catalog=catalog_note(loaded))
        relinked.catalog = loaded
        return relinked

    @returns_columns("Corpus.merges")
    def merges(self) -> pd.DataFrame:
        """Return the ledger of identity across articles: which names were given to which actor, and why.

        It is worked out anew from the names and the catalogue.

        Returns
        -------
        DataFrame
            One row per name, with the columns

            {columns}
        """
        names = distinct_names(self.tables)
        links = link_names(names.assign(type=names["name_type"]), self.catalog)
        keys = [Name(*map(str, row)) for row in names[NAME_PARTS].fillna("").itertuples(index=False)]
        counts = dict(zip(keys, zip(names["n"], names["n_articles"], strict=True), strict=True))
        rows = merges(dict(zip(keys, links, strict=True)), counts)
        table = pd.DataFrame(rows, columns=["actor_id", *NAME_PARTS, "n_mentions", "n_articles", "rule"])
        table.insert(1, "actor", table["actor_id"].map(self.actors.set_index("actor_id")["label"]))
        return table

    def find_stories(self, *, threshold: float = 0.5) -> Corpus:
        """Return a corpus that knows which articles are near-duplicates, for summaries with `count="stories"`.

        Parameters
        ----------
        threshold : float, default 0.5
            The share of common word sequences from which two articles are one story; see `story_ids`.

        Returns
        -------
        Corpus
            The same corpus, with `articles.story_id` filled in by `story_ids`.

        Raises
        ------
        ValueError
            If the threshold is not above 0 and at most 1.

        Examples
        --------
        >>> actor_frequency(corpus.find_stories(), count="stories")  # doctest: +SKIP
        """
        articles = self.articles
        found = story_ids(articles[articles["status"] != "failed"], threshold=threshold)
        articles = articles.assign(story_id=articles["article_id"].map(found).astype("str"))
        notes = {"threshold": threshold, "n": int(found.nunique())}
        return self._with(self.tables.replaced({"articles": articles}), stories=notes)

    def recode(
        self,
        codebooks: str | Path | Codebook | Iterable[str | Path | Codebook],
        *,
        method: FrameMethod = "lexicon",
        progress: bool | None = None,
    ) -> Corpus:
        """Return a corpus in memory with the frames of some codebooks by one method, beside its other codings.

        What was coded with the same codebook, version and method before is replaced; codings by another version or
        method stay. Names, quotations and tone are not worked out again, and voices are taken from the quotations.

        Parameters
        ----------
        codebooks : str, Path, Codebook or iterable of them
            As for `load_codebook`.
        method : {"lexicon", "definition", "embedding"}, default "lexicon"
            "lexicon" marks words; the others mark whole sentences, with a `score`: "definition" those that put a
            definition into words as a small model reads both (a probability), "embedding" those that are like it (a z
            score). See `code_frames`.
        progress : bool, optional
            Whether to show a progress bar; by default if it takes more than a few seconds.

        Returns
        -------
        Corpus

        Raises
        ------
        CodebookError
            If there is no such codebook, or it has a mistake.
        ValueError
            For an unknown method.
        """
        from newskit.annotation.recoding import frame_rows  # needs spaCy, which an open corpus does not

        given = [codebooks] if isinstance(codebooks, str | Path | Codebook) else list(codebooks)
        books = [book if isinstance(book, Codebook) else load_codebook(book) for book in given]
        rows = make_table("frames", frame_rows(self, books, method=method, progress=progress))
        rows["voice"] = voices_of(rows, self.quotes)
        old = self.frames
        for book in books:
            same = (old["codebook"] == book.name) & (old["codebook_version"] == book.version)
            old = old[~(same & (old["method"] == method))]
        frames = pd.concat([old, rows], ignore_index=True).sort_values(
            ["article_id", "start", "end"], kind="stable", ignore_index=True
        )
        noted = {book.name: book_note(book) for book in books}
        known = self.manifest.get("codebooks", {})
        return self._with(self.tables.replaced({"frames": frames}), codebooks={**known, **noted})


def shortened(corpus: Corpus, frames: Mapping[str, pd.DataFrame]) -> Corpus:
    """A corpus in memory of what is left of the tables of another, with its actors and articles counted anew."""
    tables = FrameTables({**frames, "actors": corpus.actors}, corpus.tables.links)
    status = frames["articles"]["status"].value_counts()
    counts = {"in": len(frames["articles"])} | {name: int(status.get(name, 0)) for name in STATUS}
    manifest = {**corpus.manifest, "articles": counts}
    return Corpus(recounted(tables, corpus.catalog), manifest=manifest, catalog=corpus.catalog)
