"""From articles to a `Corpus`: long tables, one observation a row, every row with its sentence."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from newskit.actors import ActorCatalog, load_actors
from newskit.articles import Article, Block, detect_language
from newskit.codebook import Codebook, load_codebook
from newskit.identity import Link, Name, link_names, merges
from newskit.importers import Source, scan_articles
from newskit.pipeline import FrameHit, Said, Tones, make_doc, make_nlp, sentence_spans
from newskit.quotes import innermost
from newskit.reports import Refused
from newskit.rows import ARTICLE_FIELDS
from newskit.schema import OUTLET, TABLES, UNNAMED, columns, grouped_by, make_table
from newskit.stories import counted
from newskit.tone import Sentiment, Tone, label_of
from newskit.tone_model import load_tone_model

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from newskit.framing import FrameMethod
    from newskit.mentions import Mention


class DuplicateArticleError(ValueError):
    """Two articles that came in have one article_id."""


@dataclass(repr=False)
class Corpus:
    """The tables of annotated articles, and how they came about.

    `articles`, `sentences`, `mentions`, `quotes`, `stances`, `frames` and `actors` are pandas
    DataFrames with the fixed columns of `newskit.schema.TABLES`; `newskit.schema.describe("mentions")`
    says what each column means. `manifest` holds the versions, the options and how many articles came
    in, were annotated, skipped and failed. `catalog` is the one that the actors were linked with.
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

    def __repr__(self) -> str:
        status = self.articles["status"].value_counts()
        counts = ", ".join(f"{status.get(s, 0)} {s}" for s in ("annotated", "skipped", "failed"))
        sizes = ", ".join(f"{len(getattr(self, t))} {t}" for t in TABLES if t != "articles")
        return f"Corpus({len(self.articles)} articles: {counts}; {sizes})"

    def evidence(self, table: str, row: Mapping[str, Any] | pd.Series | None = None, **where: Any) -> pd.DataFrame:
        """The rows of a table with the sentence that each comes from: the receipt of a number.

        Give the values that the rows must have as keywords, or a `row` of a summary, whose columns that
        the table or its articles have too are compared: `corpus.evidence("stances", stance_summary(corpus).iloc[0])`.
        Columns: the table's own, then `sentence` (its text), and for quotes the texts `source` and
        `content`. Raises `ValueError` for a table without sentences and for a column it does not have.

        >>> corpus.evidence("mentions", actor_id="russia")["sentence"]  # doctest: +SKIP
        """
        frame: pd.DataFrame = getattr(self, table) if table in TABLES else pd.DataFrame()
        if "sentence_id" not in frame.columns or table == "sentences":
            with_sentences = ", ".join(t for t in TABLES if "sentence_id" in columns(t) and t != "sentences")
            raise ValueError(f"no evidence in {table!r}; ask for one of {with_sentences}")
        given = {} if row is None else dict(row)
        wanted = {key: value for key, value in given.items() if key in _KEYS}
        if row is not None and not {*wanted} & {*frame.columns} - {"method", "kind"}:
            raise ValueError(f"the row has nothing that tells rows of {table}; it has {', '.join(map(str, given))}")
        if "kinds" in given and "kind" in frame.columns:
            wanted["kind"] = str(given["kinds"]).split("+")
        unknown = set(where) - set(frame.columns) - _BY_ARTICLE
        if unknown:
            raise ValueError(f"{table} has no column {sorted(unknown)}; it has {', '.join(frame.columns)}")
        wanted = {key: value for key, value in wanted.items() if key in frame.columns or key in _BY_ARTICLE} | where
        own = frame.columns
        if given.get("count") == "stories":
            counting = counted(self, "stories", [name for name in wanted if name in _BY_ARTICLE])
            frame = frame[frame["article_id"].isin(counting.articles["article_id"])]
        frame, _ = grouped_by(self.articles, frame, list(wanted))
        for key, value in wanted.items():
            if isinstance(value, list | tuple | set):
                frame = frame[frame[key].isin(list(value))]
            else:
                frame = frame[frame[key].isna() if pd.isna(value) else frame[key] == value]
        texts = self.sentences[["article_id", "sentence_id", "text"]].rename(columns={"text": "sentence"})
        rows = frame[own].merge(texts, on=["article_id", "sentence_id"], how="left").reset_index(drop=True)
        if table == "quotes":
            whole = rows["article_id"].map(self.articles.set_index("article_id")["text"])
            for part in ("source", "content"):
                ends = zip(whole, rows[f"{part}_start"], rows[f"{part}_end"], strict=True)
                rows[part] = pd.array([None if pd.isna(a) else text[a:b] for text, a, b in ends], dtype="str")
        return rows

    def relink(self, catalog: str | Path | ActorCatalog) -> Corpus:
        """A corpus with the actors linked anew by another catalogue; no text is read again.

        Identity inside each article stays; who that is across articles, the speakers and the voices are
        worked out from the names. The corpus itself is not changed.
        """
        loaded = catalog if isinstance(catalog, ActorCatalog) else load_actors(catalog)
        tables = {table: getattr(self, table).copy() for table in TABLES if table != "actors"}
        manifest = {**self.manifest, "catalog": _catalog_note(loaded)}
        return Corpus(**tables, actors=_link(tables, loaded), manifest=manifest, catalog=loaded)

    def merges(self) -> pd.DataFrame:
        """The ledger of identity across articles: one row per name that was given to an actor, and why.

        Columns: `actor_id`, `actor` (its label), `name`, `name_type`, `gender` (that the articles tell with the
        name), `n_mentions`, `n_articles`, `rule`. Worked out anew from the names and the catalogue.
        """
        distinct = _distinct(self.mentions)
        links = link_names(distinct, self.catalog)
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
        from newskit.stories import story_ids

        tables = {table: getattr(self, table) for table in TABLES}
        found = story_ids(self.articles[self.articles["status"] != "failed"], threshold=threshold)
        tables["articles"] = self.articles.assign(story_id=self.articles["article_id"].map(found).astype("str"))
        manifest = {**self.manifest, "stories": {"threshold": threshold, "n": int(found.nunique())}}
        return Corpus(**tables, manifest=manifest, catalog=self.catalog)

    def recode(
        self, codebooks: str | Path | Codebook | Iterable[str | Path | Codebook], *, method: FrameMethod = "lexicon"
    ) -> Corpus:
        """A corpus with the frames of the given codebooks by one method, and its other codings kept.

        What was coded with the same codebook, version and method before is replaced; codings by another version or
        method stay beside. `method="lexicon"` marks words; "embedding" marks whole sentences, with the z score as
        `score` (`newskit.framing.EmbeddingCoder`). Names, quotations and tone are not worked out again, voices are
        taken from the quotations there. The corpus itself is not changed. Raises `ValueError` as `load_codebook` and
        for an unknown method.
        """
        from newskit.recoding import frame_rows

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
    progress: bool | None = None,
) -> Corpus:
    """Annotate articles: actors, quotations, tone and frames, as the tables of a `Corpus`.

    `articles` is one Article, an iterable of them, a DataFrame with the columns of Article
    (`article_id` and `text` at least; other columns are left out), or a path: a file, a folder
    (searched through) or a glob, of whatever `scan_articles` reads. `model`, `catalog` and `codebooks` are as
    for `make_nlp`; or give a pipeline made by it as `nlp`, which has them already. `progress` shows a
    bar; by default from ten articles on.

    Nothing is lost: what cannot be read or annotated is a row of `corpus.articles` with `status`
    skipped (empty, not English) or failed, and the `reason`; articles that came in = annotated +
    skipped + failed. A date that is none is left out, with a warning. Raises `DuplicateArticleError` (a
    `ValueError`) if two articles have one id, `ValueError` for a path or DataFrame with no articles in it
    and for options given beside `nlp`, and `TypeError` for what is no article.
    """
    from tqdm.auto import tqdm

    options = {"model": model, "catalog": catalog, "codebooks": codebooks}
    given = {name: value for name, value in options.items() if value is not None}
    if nlp is not None and given:
        raise ValueError(f"nlp has its own {', '.join(given)}: give them to make_nlp(…), or leave out nlp")
    pipeline = nlp if nlp is not None else make_nlp(**given)  # type: ignore[arg-type]
    missing = [name for name in ("newskit_mentions", "newskit_frames") if not pipeline.has_pipe(name)]
    if missing:
        raise ValueError(f"nlp lacks the component {missing[0]!r}: make it with newskit.make_nlp()")
    loaded: ActorCatalog = pipeline.get_pipe("newskit_mentions").catalog  # type: ignore[attr-defined]
    items = list(scan_articles(articles))
    twice = [i for i, n in Counter(item.article_id for item in items).items() if n > 1]
    if twice:
        raise DuplicateArticleError(
            f"{len(twice)} article_id(s) came in more than once, such as {twice[0]!r}; give each article its own"
        )
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}
    show = len(items) >= 10 if progress is None else progress
    for item in tqdm(items, desc="annotate", unit="article", disable=not show):
        for table, new in _annotate_one(item, pipeline).items():
            rows[table] += new
    tables = {table: make_table(table, rows[table]) for table in TABLES if table != "actors"}
    actors = _link(tables, loaded)
    return Corpus(**tables, actors=actors, manifest=_manifest(tables, pipeline, loaded), catalog=loaded)


# --- one article -------------------------------------------------------------------------------------


def _annotate_one(item: Article | Refused, nlp: Language) -> dict[str, list[dict[str, Any]]]:
    """The rows of one article for each table; one that fails or is skipped has a row in articles alone."""
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
        for stance in _stances(tones.mentions[n], moods[sentence_at[m.start]])
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


def _stances(tone: Tone | None, mood: Sentiment) -> Iterator[dict[str, Any]]:
    """The stance toward one mention by each method: the model's, and TextBlob's of the sentence as the baseline."""
    if tone is not None:
        chances = {f"p_{label}": chance for label, chance in tone._asdict().items()}
        yield dict(method="model", label=tone.label, score=tone.score, **chances)
    yield dict(method="textblob", label=label_of(mood.polarity), score=mood.polarity)


# --- identity across articles --------------------------------------------------------------------------


def _link(tables: dict[str, pd.DataFrame], catalog: ActorCatalog) -> pd.DataFrame:
    """Fill actor_id, speaker_id, target_id and voice from the names of the mentions; return the actors."""
    mentions = tables["mentions"]
    links = _links(mentions, catalog)
    mentions["actor_id"] = links["actor_id"].astype("str")
    actor_of = mentions.set_index(["article_id", "mention_id"])["actor_id"]

    quotes = tables["quotes"]
    quotes["speaker_id"] = _look_up(quotes, "speaker_mention_id", actor_of)
    tables["stances"]["target_id"] = _look_up(tables["stances"], "mention_id", actor_of)
    for name in ("stances", "frames"):
        tables[name]["voice"] = _voices(tables[name], quotes)
    return _actors(mentions, links, catalog)


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


def _links(mentions: pd.DataFrame, catalog: ActorCatalog) -> pd.DataFrame:
    """Identity across articles for each mention: the columns of `Link`, missing where it is unresolved.

    What the catalogue found is looked up by its own words; people, organisations and places by the
    fullest name of their entity, with the gender that the article tells.
    """
    distinct = _distinct(mentions)
    links = pd.DataFrame(link_names(distinct, catalog), columns=list(Link._fields), dtype="str")
    codes = mentions[_NAME].merge(distinct[_NAME].assign(at=range(len(distinct))), on=_NAME, how="left")["at"]
    return links.reindex(codes.fillna(-1).astype("int64")).set_axis(mentions.index)


_NAME: Final = ["name", "name_type", "gender"]


def _distinct(mentions: pd.DataFrame) -> pd.DataFrame:
    """The distinct names of a corpus with their `n` mentions and `n_articles`."""
    named = mentions[mentions["name"].notna()]
    grouped = named.groupby(_NAME, sort=True, dropna=False)["article_id"]
    return grouped.agg(n="size", n_articles="nunique").reset_index().assign(type=lambda table: table["name_type"])


def _actors(mentions: pd.DataFrame, links: pd.DataFrame, catalog: ActorCatalog) -> pd.DataFrame:
    rows = []
    groups = catalog.corrections.group
    spoken = mentions["kind"].isin(["name", "place"])
    for actor_id, group in mentions.groupby("actor_id", sort=False):
        first = links.loc[group.index[0]]
        names = group.loc[spoken.loc[group.index], "text"].value_counts()
        rules = links.loc[group.index, "rule"].value_counts()
        rows.append(
            dict(
                actor_id=actor_id,
                label=first["label"],
                type=first["type"],
                n_mentions=len(group),
                n_articles=group["article_id"].nunique(),
                aliases=" | ".join(sorted(names.index, key=lambda name: (-names[name], name))),
                source=first["source"],
                rules=" | ".join(sorted(rules.index, key=lambda rule: (-rules[rule], rule))),
                group=groups.get(str(actor_id)),
                wikidata=catalog.wikidata(str(actor_id)),
            )
        )
    return make_table("actors", sorted(rows, key=lambda row: (-row["n_mentions"], row["actor_id"])))


# --- the manifest ----------------------------------------------------------------------------------------


def _catalog_note(catalog: ActorCatalog) -> dict[str, str]:
    return {"name": catalog.name, "version": catalog.version}


def book_note(codebook: Codebook) -> dict[str, Any]:
    """What a manifest says of a codebook: its version, its frames with labels, and what they are parts of."""
    return {"version": codebook.version, "frames": codebook.labels(), "top": codebook.top_frames()}


def _manifest(tables: Mapping[str, pd.DataFrame], nlp: Language, catalog: ActorCatalog) -> dict[str, Any]:
    articles = tables["articles"]
    status = articles["status"].value_counts()
    digest = hashlib.sha256()
    for identity, text in zip(articles["article_id"], articles["text"], strict=True):
        digest.update(f"{identity}\0{text}\0".encode("utf-8", "surrogatepass"))
    coders = nlp.get_pipe("newskit_frames").coders  # type: ignore[attr-defined]
    return {
        "versions": {name: version(name) for name in ("newskit", "spacy", "textblob", "onnxruntime")},
        "model": {"name": f"{nlp.meta['lang']}_{nlp.meta['name']}", "version": nlp.meta["version"]},
        "tone": load_tone_model().note(),
        "catalog": _catalog_note(catalog),
        "codebooks": {coder.codebook.name: book_note(coder.codebook) for coder in coders},
        "articles": {
            "in": len(articles),
            **{name: int(status.get(name, 0)) for name in ("annotated", "skipped", "failed")},
        },
        "input_sha256": digest.hexdigest(),
    }
