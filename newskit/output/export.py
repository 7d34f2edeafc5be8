"""A corpus for other programs: CSV, Excel with the evidence, GraphML, and spaCy's DocBin."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from newskit.annotation.parsing import set_sentence_starts
from newskit.corpus.corpus import Corpus
from newskit.output.networks import write_graphml
from newskit.output.workbooks import write_workbook
from newskit.resources.files import whole_file
from newskit.resources.spreadsheets import safe_cells
from newskit.resources.tokenizer import bounded
from newskit.schema import ACTING, TABLES

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Span

DOCBIN_SPANS: Final[Mapping[str, tuple[str, str]]] = {
    "mentions": ("kind", "actor_id"),
    "quotes": ("kind", "speaker_id"),
    "frames": ("frame", "voice"),
}
"""The groups of spans in a DocBin, with the columns that become label and id of a span."""


def export_corpus(
    corpus: Corpus,
    path: str | Path,
    *,
    tables: Mapping[str, pd.DataFrame] | None = None,
    escape_formulas: bool = True,
) -> Path:
    """Write a corpus for another program, in the format that the ending of the path asks for.

    Parameters
    ----------
    corpus : Corpus
        The corpus, in memory or on disk; from disk it is read shard by shard.
    path : str or Path
        The file or folder to write; its parents are made, and a file that exists is replaced. The ending is

        - none: a folder with a CSV file for each table, in UTF-8;
        - `.xlsx`: Excel, with a sheet for each of `tables`, then `evidence` (every stance by the method of
          `stance_summary`, with its sentence, article, outlet and date), `codebook` (what each column and frame means)
          and `manifest` (how the corpus was made); headings stay in sight, and all columns have filters;
        - `.graphml`: the network of actors for Gephi, igraph or networkx; an edge joins two actors that are mentioned
          in one sentence, with `n_sentences` and `n_articles`;
        - `.spacy`: a DocBin of the annotated articles. `doc.spans` has "mentions" (label: kind, id: actor), "quotes"
          (label: kind, id: speaker) and "frames" (label: frame, id: voice); `doc.user_data["article_id"]` is the
          article.
    tables : mapping of str to DataFrame, optional
        For Excel, the tables to write, by the titles of their sheets. By default `actors` (from `actor_frequency`),
        `stances` (from `stance_summary`) and, if the corpus was coded with one codebook, `frames` (from
        `frame_summary`).
    escape_formulas : bool, default True
        In CSV, whether a text that a spreadsheet would run as a formula gets an apostrophe in front: one that begins
        with "=", "+", "-" or "@", also behind spaces or apostrophes, or with a tab or a carriage return. Numbers stay
        numbers. With False, texts are written as they are: for programs other than spreadsheets.

    Returns
    -------
    Path
        The file or folder.

    Raises
    ------
    ValueError
        For another ending, for more rows than a sheet of Excel holds (1,048,575), for `tables` of another format, and
        for a title that a sheet cannot have.
    TypeError
        If `tables` has something else than a DataFrame.

    Notes
    -----
    In Excel, control characters become spaces, texts are cut to the 32,767 characters that a cell holds, and a text
    that begins with "=" stays a text. In CSV, offsets count from the text without the apostrophe of `escape_formulas`;
    when newskit reads `articles.csv` again, it takes the apostrophes off. Spans in a DocBin are widened to whole tokens
    of a blank English pipeline.

    Examples
    --------
    >>> import tempfile
    >>> import newskit as nk
    >>> corpus = nk.annotate(nk.Article(article_id="a", text="Moscow rejected the plan."))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     tables = nk.export_corpus(corpus, Path(folder) / "tables")
    ...     pd.read_csv(tables / "mentions.csv")["actor_id"].tolist()
    ['russia']

    >>> tables = {"actors by outlet": actor_frequency(corpus, by="outlet")}  # doctest: +SKIP
    >>> nk.export_corpus(corpus, "tables.xlsx", tables=tables)  # doctest: +SKIP
    """
    path = Path(path).expanduser()
    if path.suffix and path.suffix not in {".xlsx", *_WRITERS}:
        raise ValueError(f"cannot write {path.name!r}: end it in .xlsx, .graphml or .spacy, or in nothing for CSV")
    if tables is not None and path.suffix != ".xlsx":
        raise ValueError(f"tables are sheets of Excel, and {path.name!r} is none: end it in .xlsx")
    if path.suffix == ".xlsx":
        write_workbook(corpus, path, tables)
    elif not path.suffix:
        _write_csv(corpus, path, safe_cells if escape_formulas else lambda table: table)
    else:
        _WRITERS[path.suffix](corpus, path)
    return path


def _write_csv(corpus: Corpus, folder: Path, cells: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    """Write a CSV file for each table, all in one pass over the parts; `cells` makes the cells of a table."""
    with ExitStack() as stack:
        aside = {table: stack.enter_context(whole_file(folder / f"{table}.csv")) for table in TABLES}
        files = {
            table: stack.enter_context(path.open("w", encoding="utf-8", newline="")) for table, path in aside.items()
        }
        cells(corpus.actors).to_csv(files.pop("actors"), index=False)
        for table, file in files.items():
            cells(pd.DataFrame(columns=corpus.tables.columns(table), dtype="str")).to_csv(file, index=False)
        for part in corpus.parts():
            for table, file in files.items():
                cells(part.table(table)).to_csv(file, index=False, header=False)


def _write_graphml(corpus: Corpus, path: Path) -> None:
    """Write the network of actors that are mentioned in one sentence."""
    kinds = ", ".join(f"'{kind}'" for kind in ACTING)
    edges = corpus.sql(
        f"""with seen as (
            select distinct article_id, sentence_id, actor_id from mentions
            where actor_id is not null and kind in ({kinds})
        )
        select a.actor_id as source, b.actor_id as target, count(*) as n_sentences,
            count(distinct article_id) as n_articles
        from seen a join seen b using (article_id, sentence_id) where a.actor_id < b.actor_id
        group by all order by all"""
    )
    nodes = corpus.actors[["actor_id", "label", "type", "n_mentions", "n_articles", "group"]]
    write_graphml(path, nodes.rename(columns={"actor_id": "id"}), edges, name="actors")


def _write_docbin(corpus: Corpus, path: Path) -> None:
    import spacy
    from spacy.tokens import DocBin

    nlp = bounded(spacy.blank("en"))
    nlp.max_length = 10_000_000
    docs = DocBin(attrs=["ORTH", "SPACY", "SENT_START", "ENT_IOB", "ENT_TYPE"], store_user_data=True)
    for part in corpus.parts():
        tables: dict[str, dict[Any, pd.DataFrame]] = {
            table: dict(list(part.table(table).groupby("article_id"))) for table in ("sentences", *DOCBIN_SPANS)
        }
        annotated = part.table("articles", columns=["article_id", "text"], status="annotated")
        for row in annotated.itertuples(index=False):
            docs.add(_doc(nlp, row.article_id, row.text, {t: rows.get(row.article_id) for t, rows in tables.items()}))
    with whole_file(path) as aside:
        docs.to_disk(aside)


def _doc(nlp: Language, article_id: Any, text: Any, tables: dict[str, pd.DataFrame | None]) -> Doc:
    """An article as a Doc, with its sentences and the spans of `DOCBIN_SPANS`."""
    doc = nlp.make_doc(text)
    doc.user_data["article_id"] = article_id
    starts = {span.start for span, _ in _spans(doc, tables["sentences"])}
    set_sentence_starts(doc, [1 if token.i in starts or token.i == 0 else -1 for token in doc])
    for name, (label, identity) in DOCBIN_SPANS.items():
        spans = []
        for span, row in _spans(doc, tables[name]):
            known = row[identity] if isinstance(row[identity], str) else ""
            spans.append(doc.char_span(span.start_char, span.end_char, label=row[label], span_id=known))
        doc.spans[name] = [span for span in spans if span is not None]
    return doc


def _spans(doc: Doc, rows: pd.DataFrame | None) -> Iterator[tuple[Span, Mapping[Hashable, Any]]]:
    """Each row with its span, widened to whole tokens."""
    for row in [] if rows is None else rows.to_dict("records"):
        span = doc.char_span(row["start"], row["end"], alignment_mode="expand")
        if span is not None:
            yield span, row


_WRITERS: Final[dict[str, Callable[[Corpus, Path], None]]] = {
    ".graphml": _write_graphml,
    ".spacy": _write_docbin,
}
