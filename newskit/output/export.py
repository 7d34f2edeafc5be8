"""A corpus for other programs: CSV, Excel with the evidence, GraphML, and spaCy's DocBin."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from newskit.corpus.corpus import Corpus
from newskit.output.networks import XML_FORBIDDEN, write_graphml
from newskit.schema import ACTING, TABLES, columns
from newskit.summaries.frequency import actor_frequency
from newskit.summaries.tone import stance_summary

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

_EXCEL_ROWS: Final = 1_048_576
_EXCEL_CHARACTERS: Final = 32_767


def export_corpus(corpus: Corpus, path: str | Path) -> Path:
    """Write a corpus for another program; the ending of `path` says for which. Returns the path.

    - no ending: a folder with a CSV file of each table, in UTF-8;
    - `.xlsx`: Excel, with the sheets `actors` and `stances` (the summaries), `evidence` (every stance by the method
      of the summary, with its sentence, article, outlet and date) and `about`;
    - `.graphml`: the network of actors for Gephi, igraph or networkx; an edge is two actors in one sentence, with
      `n_sentences` and `n_articles`;
    - `.spacy`: a DocBin of the annotated articles; `doc.spans` has "mentions" (label: kind, id: actor), "quotes" and
      "frames", `doc.user_data["article_id"]` says which article it is.

    A corpus on disk is read shard by shard. Raises `ValueError` for another ending, and for more evidence than fits
    a sheet of Excel.
    """
    path = Path(path).expanduser()
    if path.suffix not in _WRITERS:
        raise ValueError(
            f"cannot write {path.name!r}: the ending must be one of .xlsx, .graphml, .spacy, or none for CSV"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    _WRITERS[path.suffix](corpus, path)
    return path


# --- CSV and Excel ---------------------------------------------------------------------------------------


def _write_csv(corpus: Corpus, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    corpus.actors.to_csv(folder / "actors.csv", index=False)
    for table in TABLES:
        if table == "actors":
            continue
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            file.write(",".join(columns(table)) + "\n")
            for piece in corpus.parts():
                piece.table(table, columns=columns(table)).to_csv(file, index=False, header=False)


def _write_excel(corpus: Corpus, path: Path) -> None:
    try:
        from openpyxl import Workbook
    except ImportError:
        raise ValueError('Excel files need the package openpyxl: pip install "newskit[import]"') from None
    stances = stance_summary(corpus)
    method = stances["method"].iloc[0] if len(stances) else None
    n_rows = corpus.sql("select count(*) as n from stances")["n"].iloc[0] if method else 0
    if n_rows >= _EXCEL_ROWS:
        raise ValueError(f"{n_rows:,} stances are more than a sheet of Excel holds: write CSV, a path without ending")
    book = Workbook(write_only=True)
    _sheet(book, "actors", [actor_frequency(corpus)])
    _sheet(book, "stances", [stances])
    _sheet(book, "evidence", (_evidence(piece, method) for piece in corpus.parts()))
    notes = pd.json_normalize(corpus.manifest, sep=" ").T.reset_index().astype("str")
    _sheet(book, "about", [notes.set_axis(["what", "value"], axis=1)])
    book.save(path)


def _evidence(corpus: Corpus, method: str | None) -> pd.DataFrame:
    rows = corpus.evidence("stances", method=method)
    about = corpus.table("articles", columns=["article_id", "title", "outlet", "published"])
    rows = rows.merge(about, on="article_id", how="left")
    rows.insert(1, "target", rows["target_id"].map(corpus.actors.set_index("actor_id")["label"]))
    shown = ["article_id", "outlet", "published", "title", "target_id", "target", "text", "voice", "label", "score"]
    return rows[[*shown, "method", "sentence_id", "start", "end", "sentence"]]


def _sheet(book: Any, title: str, frames: Iterable[pd.DataFrame]) -> None:
    from openpyxl.cell import WriteOnlyCell

    sheet = book.create_sheet(title)

    def cell(value: Any) -> Any:
        if value is None or value is pd.NaT or (pd.api.types.is_scalar(value) and pd.isna(value)):
            return None
        if not isinstance(value, str):
            return value.item() if hasattr(value, "item") else value
        made = WriteOnlyCell(sheet, XML_FORBIDDEN.sub(" ", value)[:_EXCEL_CHARACTERS])
        made.data_type = "s"  # a text that begins with "=" is a text, not a formula
        return made

    for number, frame in enumerate(frames):
        if number == 0:
            sheet.append(list(frame.columns))
        for row in frame.astype(object).itertuples(index=False, name=None):
            sheet.append([cell(value) for value in row])


# --- networks --------------------------------------------------------------------------------------------


def _write_graphml(corpus: Corpus, path: Path) -> None:
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


# --- spaCy -----------------------------------------------------------------------------------------------


def _write_docbin(corpus: Corpus, path: Path) -> None:
    import spacy
    from spacy.tokens import DocBin

    nlp = spacy.blank("en")
    nlp.max_length = 10_000_000
    found = DocBin(attrs=["ORTH", "SPACY", "SENT_START", "ENT_IOB", "ENT_TYPE"], store_user_data=True)
    for piece in corpus.parts():
        tables = {
            t: dict(list(getattr(piece, t).groupby("article_id")))
            for t in ("sentences", "mentions", "quotes", "frames")
        }
        annotated = piece.articles[piece.articles["status"] == "annotated"]
        for row in annotated[["article_id", "text"]].itertuples(index=False):
            found.add(_doc(nlp, row.article_id, row.text, {t: rows.get(row.article_id) for t, rows in tables.items()}))
    found.to_disk(path)


def _doc(nlp: Language, article_id: Any, text: Any, tables: dict[str, pd.DataFrame | None]) -> Doc:
    doc = nlp.make_doc(text)
    doc.user_data["article_id"] = article_id
    starts = {span.start for span, _ in _spans(doc, tables["sentences"])}
    for token in doc:
        token.is_sent_start = token.i in starts or token.i == 0
    for name, label, identity in (
        ("mentions", "kind", "actor_id"),
        ("quotes", "kind", "speaker_id"),
        ("frames", "frame", "voice"),
    ):
        spans = []
        for span, row in _spans(doc, tables[name]):
            known = row[identity] if isinstance(row[identity], str) else ""
            spans.append(doc.char_span(span.start_char, span.end_char, label=row[label], span_id=known))
        doc.spans[name] = [span for span in spans if span is not None]
    return doc


def _spans(doc: Doc, rows: pd.DataFrame | None) -> Iterator[tuple[Any, dict[Any, Any]]]:
    """The span of each row, widened to whole tokens."""
    for row in [] if rows is None else rows.to_dict("records"):
        span = doc.char_span(row["start"], row["end"], alignment_mode="expand")
        if span is not None:
            yield span, row


_WRITERS: Final[dict[str, Callable[[Corpus, Path], None]]] = {
    "": _write_csv,
    ".xlsx": _write_excel,
    ".graphml": _write_graphml,
    ".spacy": _write_docbin,
}
