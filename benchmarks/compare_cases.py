"""The results that `compare_checkouts.py` compares, produced with public names of newskit only.

    python benchmarks/compare_cases.py RESULTS [--only PATTERN ...]

Runs with the interpreter of a checkout, in a folder that contains `inputs/`, and writes RESULTS, a compressed pickle of
plain Python values, so that the two checkouts may use different versions of pandas. It leaves the annotated corpus in
`disk/`; if `old_corpus/` exists, a corpus written by another checkout, it is opened as well. This script has to run in
the oldest checkout that is still being compared.

Most results are lines of `compare_inputs/cases.toml`: a line is the name of a result and says what is called with which
options. They are computed from corpora in memory and on disk, of many articles and of a single one (for which sentences
are resampled). Every corpus is made when the first result needs it.
"""

import argparse
import contextlib
import datetime as dt
import fnmatch
import functools
import gzip
import importlib
import inspect
import io
import operator
import pickle
import re
import shutil
import sys
import time
import tomllib
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import newskit as nk

Make = Callable[[Any], Any]
"""Computes a result from a corpus."""
Case = tuple[str, Make]
"""The name of a result, and the function that computes it."""

INPUTS = Path("inputs")
BOOKS = ("news_frames", "policy_frames", "moral_foundations", "missile_debate")
CORRECTIONS, SIDES = INPUTS / "corrections.toml", INPUTS / "sides.toml"
DOMESTIC = [INPUTS / "domestic.toml", INPUTS / "domestic_2.toml"]
"""Two versions of a codebook."""
ISSUES = ("missile_transfer", INPUTS / "immigration.toml")
BEGAN = time.perf_counter()
FEW = 6
"""Number of articles in the corpora used for slow functions."""

# --- the lists ----------------------------------------------------------------------------------------


@functools.cache
def cases(name: str) -> Any:
    """A list from `cases.toml`: its lines, or its entries by name."""
    found = tomllib.loads((INPUTS / "cases.toml").read_text(encoding="utf-8"))[name]
    return found.strip().splitlines() if isinstance(found, str) else found


def options_of(words: Iterable[str]) -> dict[str, Any]:
    """Turn "by=outlet+year min_n=2" into keyword arguments."""
    return {key: option(key, value) for key, value in (word.split("=") for word in words)}


def option(key: str, value: str) -> Any:
    known: dict[str, Any] = {"True": True, "None": None, "[]": []}
    if value in known:
        return known[value]
    if key == "min_n":
        return int(value)
    return value.split("+") if "+" in value else value


def calling(make: Callable[..., Any], *given: Any, **options: Any) -> Make:
    """A function of a corpus that passes on these arguments."""
    return lambda corpus: make(corpus, *given, **options)


def without_corpus(make: Callable[..., Any], *given: Any, **options: Any) -> Make:
    """A function that ignores the corpus and is called with these arguments."""
    return lambda _: make(*given, **options)


# --- a result in plain Python -------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """Convert a value to numbers, strings, None, lists and dicts; different missing values stay different."""
    if isinstance(value, pd.DataFrame):
        return plain_table(value)
    if isinstance(value, pd.Series):
        return plain_table(value.to_frame("(values)" if value.name is None else value.name))
    if isinstance(value, np.generic):
        return plain(value.item())
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if value is pd.NA or value is pd.NaT:
        return f"\0{value}"
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(map(plain, value))
    if isinstance(value, list | tuple | np.ndarray):
        return [plain(one) for one in value]
    return str(value)


def plain_table(frame: pd.DataFrame) -> dict[str, Any]:
    """Convert a table to its columns (name, dtype, values), the index first."""
    index = frame.index.to_frame(index=False)
    index.columns = pd.Index([f"index {'' if name is None else name}".strip() for name in frame.index.names])
    columns = [
        [str(part.columns[at]), str(part.dtypes.iloc[at]), [plain(one) for one in part.iloc[:, at].astype(object)]]
        for part in (index, frame)
        for at in range(part.shape[1])
    ]
    return {"\0table": columns}


class Results:
    """The results so far, by name; `only` has patterns of the names that are wanted."""

    def __init__(self, only: list[str]) -> None:
        self.found: dict[str, Any] = {}
        self.only = only
        self.began = time.perf_counter()

    def add(self, group: str, *cases: Iterable[Case], corpus: Callable[[], Any] = lambda: None) -> None:
        """Compute the results of a group. Each asks for the corpus anew, so that none depends on the ones before it."""
        n = len(self.found)
        for name, make in (case for some in cases for case in some):
            key = f"{group}/{name}"
            if key in self.found:
                raise ValueError(f"two results are called {key!r}")
            if self.only and not any(fnmatch.fnmatchcase(key, pattern) for pattern in self.only):
                continue
            try:
                self.found[key] = plain(make(corpus()))
            except Exception as error:  # an error is a result too
                self.found[key] = {"\0error": type(error).__name__, "message": str(error)}
        if len(self.found) > n:
            say(f"{group}: {len(self.found) - n} results")


def say(text: str) -> None:
    """Print a line of progress, with the processor time used so far."""
    print(
        f"  [{time.perf_counter() - BEGAN:4.0f} s, CPU {time.process_time():4.0f} s] {text}",
        file=sys.stderr,
        flush=True,
    )


# --- the articles -------------------------------------------------------------------------------------


def write_inputs() -> None:
    """Derive the remaining inputs from those that are there."""
    old = DOMESTIC[0].read_text(encoding="utf-8")
    new = old.replace('"1.0.0"', '"1.1.0"').replace('"budget"', '"spending", "job*"')
    DOMESTIC[1].write_text(new, encoding="utf-8")
    with (INPUTS / "articles.jsonl").open(encoding="utf-8") as file:
        first = [line for line, _ in zip(file, range(FEW), strict=False)]
    (INPUTS / "few.jsonl").write_text("".join(first), encoding="utf-8")


def reprint(article: Any) -> Any:
    """The same story in another outlet a day later, shortened."""
    published = None if article.published is None else article.published + dt.timedelta(days=1)
    text = article.text[: len(article.text) * 4 // 5]
    return nk.Article(f"{article.article_id}-reprint", text, outlet="Reprint Daily", published=published)


@functools.cache
def everything() -> list[Any]:
    """The articles of the large corpora, with some reprints and some that are skipped or fail."""
    articles: list[Any] = nk.read_articles(INPUTS / "articles.jsonl")
    seed = nk.read_article(INPUTS / "seed.txt", outlet="Seed Wire", published=dt.datetime(2025, 10, 17))
    odd = (
        '=1+1 Novak condemned Russia\x0b and <b>NATO</b> & "Kyiv"; RUSSIA WARNS U.S. 🙂 They left. He praised Putin’s.'
    )
    german = (
        "Der Kanzler hat am Montag in Berlin mit den Ministern über den Haushalt gesprochen und ist danach abgereist."
    )
    texts = {"odd": f"Odd signs\n\n{odd}", "german": german, "empty": " \n", "half a character": "\ud800"}
    others = [nk.Article(name, text) for name, text in texts.items()]
    refused = [item for item in nk.scan_articles(INPUTS / "synthetic") if not isinstance(item, nk.Article)]
    return [*articles, seed, *map(reprint, articles[:4]), *others, *refused]


# --- reading ------------------------------------------------------------------------------------------


def read(items: Iterable[Any]) -> list[Any]:
    """The fields of articles, and of what was refused."""
    names = "article_id title outlet published author url language text reason place path".split()  # noqa: SIM905
    return [
        {name: getattr(item, name, None) for name in names}
        | {"blocks": [[b.start, b.end, b.part, b.section] for b in getattr(item, "blocks", ())]}
        for item in items
    ]


def report(source: Path, **options: Any) -> dict[str, Any]:
    found = nk.import_report(source, **options)
    parts = ("files", "refused", "columns", "story_ids", "stories")
    return {part: getattr(found, part) for part in parts} | {
        "totals": found.totals(),
        "text": str(found),
        "html": found._repr_html_(),
    }


def reading() -> Iterator[Case]:
    raw, synthetic = INPUTS / "articles.jsonl", INPUTS / "synthetic"
    table = pd.DataFrame({"id": ["a", "b"], "words": ["One.", ""], "newspaper": ["Daily", None]})
    page = INPUTS / "page.html"
    yield "articles", lambda _: read(nk.read_articles(raw))
    yield "articles by other columns", lambda _: read(nk.read_articles(raw, columns={"author": "topic", "title": None}))
    yield "synthetic", lambda _: read(nk.scan_articles(synthetic))
    yield "seed", lambda _: read([nk.read_article(INPUTS / "seed.txt")])
    yield "page", lambda _: read([nk.read_article(page, outlet="Page")])
    yield "html", lambda _: read([nk.read_article(page.read_text(encoding="utf-8"))])
    yield "table", lambda _: read(nk.scan_articles(table, columns={"text": "words"}))
    yield "story_ids", lambda _: nk.story_ids(everything())
    yield "story_ids strict", lambda _: nk.story_ids(nk.read_articles(synthetic), threshold=0.9)
    yield "import_report synthetic", without_corpus(report, synthetic)
    yield "import_report articles", without_corpus(report, raw, columns={"outlet": "topic"})


# --- tables, summaries and evidence -------------------------------------------------------------------


def tables() -> Iterator[Case]:
    for name in nk.schema.TABLES:
        yield name, calling(getattr, name)
    yield "repr", repr


def notes_of(corpus: Any, *, hashes: bool) -> Any:
    """The manifest without models and versions: either its hashes or everything else."""

    def kept(notes: Any) -> Any:
        if not isinstance(notes, dict):
            return notes
        return {
            key: kept(value)
            for key, value in notes.items()
            if key not in ("models", "versions") and (isinstance(value, dict) or ("sha256" in key) == hashes)
        }

    return kept(corpus.manifest)


def manifest() -> Iterator[Case]:
    yield "manifest", calling(notes_of, hashes=False)
    yield "manifest hashes", calling(notes_of, hashes=True)
    yield "manifest models", lambda corpus: corpus.manifest["models"]
    yield "manifest versions", lambda corpus: corpus.manifest["versions"]


def asking() -> Iterator[Case]:
    for line in cases("filters"):
        name, *words = line.split()
        yield f"table {line}", operator.methodcaller("table", name, **options_of(words))
    for name, query in cases("queries").items():
        yield f"sql {name}", operator.methodcaller("sql", query)
    yield "merges", operator.methodcaller("merges")


def summary(corpus: Any, line: str) -> Any:
    name, *words = line.split()
    return getattr(nk, name)(corpus, **options_of(words))


def summaries(some: str | Iterable[str]) -> Iterator[Case]:
    for line in cases(some) if isinstance(some, str) else some:
        yield line, calling(summary, line)


def receipts(corpus: Any, line: str) -> Any:
    """The evidence selected by keywords, or for the first and fourth row of a summary."""
    table, *words = line.split()
    if words[:1] != ["of"]:
        return corpus.evidence(table, **options_of(words))
    rows = summary(corpus, " ".join(words[1:]))
    return [corpus.evidence(table, rows.iloc[at]) for at in (0, 3) if at < len(rows)]


def evidence(some: str | Iterable[str]) -> Iterator[Case]:
    for line in cases(some) if isinstance(some, str) else some:
        yield f"evidence {line}", calling(receipts, line)


# --- words and positions ------------------------------------------------------------------------------


def halves(corpus: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The sentences in two halves, by article; those of a single article by position."""
    found = corpus.sentences
    ids = found["article_id"].unique()
    first = found["article_id"].isin(ids[: len(ids) // 2]) if len(ids) > 1 else found.index < len(found) // 2
    return found[first], found[~first]


def keyness(corpus: Any, **options: Any) -> Any:
    focus, reference = halves(corpus)
    return nk.keyness(focus, reference=reference, **options)


def microframes(corpus: Any, **options: Any) -> Any:
    focus, reference = halves(corpus)
    return nk.microframes(focus, reference=reference, resamples=200, **options)


def words() -> Iterator[Case]:
    yield "keyness", keyness
    yield "keyness stopwords", calling(keyness, stopwords={"the", "a"}, prior=50, min_count=5)
    yield "concordance", calling(nk.concordance, "missile*")
    yield "concordance right", calling(nk.concordance, "the president", sort="right")
    yield "concordance left", calling(nk.concordance, "immigra*", sort="left", window=30)
    yield "concordance regex", calling(nk.concordance, r"\b(?:said|says)\b", regex=True, sort="match")


def words_of_few() -> Iterator[Case]:
    yield "microframes", microframes
    yield "microframes axes", calling(microframes, axes=[("poor", "rich")], stopwords={"the"}, seed=1)
    yield "concordance lemma", calling(nk.concordance, "go to", on="lemma")
    yield "concordance lemma regex", calling(nk.concordance, "be (?:not )?go", on="lemma", regex=True, sort="left")


def written(path: str | Path) -> str:
    """The text of a file, which is deleted."""
    text = Path(path).read_text(encoding="utf-8")
    Path(path).unlink()
    return text


def with_numbers(text: str) -> list[str | float]:
    """A text in pieces, its decimal numbers as floats, so that they are compared as such."""
    pieces = re.split(r"(?<![\w.])(-?\d+\.\d+(?:e-?\d+)?)(?![\w.])", text)
    return [float(piece) if at % 2 else piece for at, piece in enumerate(pieces)]


def positions(corpus: Callable[[], Any]) -> Iterator[Case]:
    """Positions and their network, each computed once because they are slow."""

    @functools.cache
    def held(issue: str | Path) -> pd.DataFrame:
        return nk.positions(corpus(), issue)

    @functools.cache
    def network() -> pd.DataFrame:
        return nk.discourse_network(pd.concat(map(held, ISSUES)))

    for issue in ISSUES:
        yield f"positions {Path(issue).stem}", without_corpus(held, issue)
    yield "discourse_network", without_corpus(network)
    yield "network csv", lambda _: with_numbers(written(nk.save_discourse_network(network(), "network.csv")))
    yield "network graphml", lambda _: with_numbers(written(nk.save_discourse_network(network(), "network.graphml")))


# --- exports, views, command line, figures ------------------------------------------------------------


def csv_files(corpus: Any) -> dict[str, Any]:
    folder = nk.export_corpus(corpus, "tables")
    return {path.name: with_numbers(written(path)) for path in sorted(folder.iterdir())}


def sheets(corpus: Any) -> dict[str, Any]:
    """The cells of an Excel file, except for models and versions, which are results of their own."""
    from openpyxl import load_workbook

    path = nk.export_corpus(corpus, "corpus.xlsx")
    found = {part.title: [[cell.value for cell in row] for row in part.iter_rows()] for part in load_workbook(path)}
    path.unlink()
    hidden = re.compile(r"models |versions |.*sha256")
    return found | {"about": [row for row in found["about"] if not hidden.match(str(row[0]))]}


def docs(corpus: Any) -> list[Any]:
    import spacy
    from spacy.tokens import DocBin

    path = nk.export_corpus(corpus, "corpus.spacy")
    found = list(DocBin().from_disk(path).get_docs(spacy.blank("en").vocab))
    path.unlink()
    return [
        {
            "data": dict(doc.user_data),
            "tokens": [token.text_with_ws for token in doc],
            "sentences": [span.start for span in doc.sents],
            "spans": {name: [(s.start, s.end, s.label_, s.id_) for s in doc.spans[name]] for name in sorted(doc.spans)},
        }
        for doc in found
    ]


def exports() -> Iterator[Case]:
    yield "export csv", csv_files
    yield "export xlsx", sheets
    yield "export graphml", lambda corpus: written(nk.export_corpus(corpus, "actors.graphml"))
    yield "export spacy", docs


def view(corpus: Any, at: int, **options: Any) -> str:
    return str(nk.show_article(corpus, corpus.articles["article_id"].iloc[at], **options).html)


def views() -> Iterator[Case]:
    for at in range(4):
        yield f"show_article {at}", calling(view, at)
    yield "show_article codebook", calling(view, 0, codebook="policy_frames")
    for layer in ("actors", "voices", "frames"):
        yield f"show_article {layer}", calling(view, 1, layers=layer)


def printed(_: Any, line: str) -> dict[str, Any]:
    """The output of a command, and its exit status."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = importlib.import_module("newskit.cli").main(line.split())
    return {"status": status, "text": with_numbers(out.getvalue())}


def commands() -> Iterator[Case]:
    for line in cases("commands"):
        yield line, calling(printed, line)


def drawn(ax: Any) -> list[Any]:
    """What a figure shows: texts, lines, shapes, points and colours, without positions that the layout decides."""
    from matplotlib import pyplot
    from matplotlib.collections import Collection
    from matplotlib.image import AxesImage
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch
    from matplotlib.text import Text

    found: list[Any] = [["figure", ax.figure.get_size_inches(), ax.get_xlim(), ax.get_ylim()]]
    for artist in ax.figure.findobj():
        if isinstance(artist, Text):
            found.append(["text", artist.get_text(), artist.get_color(), artist.get_fontweight()])
        elif isinstance(artist, Line2D):
            looks = [artist.get_marker(), artist.get_linestyle(), artist.get_linewidth(), artist.get_color()]
            found.append(["line", artist.get_xdata(), artist.get_ydata(), artist.get_visible(), *looks])
        elif isinstance(artist, Patch):
            found.append(["shape", artist.get_path().vertices, artist.get_facecolor()])
        elif isinstance(artist, Collection):
            paths = [path.vertices for path in artist.get_paths()]
            found.append(["points", np.asarray(artist.get_offsets()), paths, artist.get_facecolor()])
        elif isinstance(artist, AxesImage):
            found.append(["image", np.ma.filled(np.ma.asarray(artist.get_array(), dtype=float), np.nan)])
    pyplot.close(ax.figure)
    return found


def figure(name: str, table: Make, **options: Any) -> Make:
    return lambda corpus: drawn(getattr(nk, f"plot_{name}")(table(corpus), **options))


def figures() -> Iterator[Case]:
    yield "actor_frequency", figure("actor_frequency", nk.actor_frequency)
    yield "actor_frequency top=3", figure("actor_frequency", nk.actor_frequency, top=3)
    yield "stance_summary", figure("stance_summary", nk.stance_summary)
    yield "voice_matrix", figure("voice_matrix", nk.voice_matrix)
    yield "voice_matrix sides", figure("voice_matrix", lambda corpus: nk.voice_matrix(corpus.relink(SIDES)), min_n=2)
    yield "source_summary", figure("source_summary", nk.source_summary)
    yield "frame_summary", figure("frame_summary", calling(nk.frame_summary, codebook="news_frames"))
    yield "keyness", figure("keyness", keyness)
    yield "concordance", figure("concordance", calling(nk.concordance, "the"), top=8)


def figures_of_one() -> Iterator[Case]:
    yield "positions", figure("positions", calling(nk.positions, "missile_transfer"))
    yield "microframes", figure("microframes", microframes)


# --- functions of texts -------------------------------------------------------------------------------


def sample(corpus: Any, n: int) -> list[str]:
    """Sentences from all over a corpus."""
    texts = corpus.sentences["text"]
    return [str(text) for text in texts.iloc[:: max(1, len(texts) // n)]][:n]


def targets(corpus: Any) -> pd.DataFrame:
    """The names of actors, each from character `a` to `b` of its sentence."""
    starts = corpus.sentences[["article_id", "sentence_id", "start"]].rename(columns={"start": "at"})
    rows: pd.DataFrame = corpus.evidence("mentions", kind="name").merge(starts, on=["article_id", "sentence_id"])
    rows = rows.assign(a=rows["start"] - rows["at"], b=rows["end"] - rows["at"])
    return rows[rows["b"] <= rows["sentence"].str.len()]


def toward(corpus: Any, **options: Any) -> Any:
    rows = targets(corpus)
    rows = rows.iloc[:: max(1, len(rows) // 300)]
    return nk.target_tone(rows["sentence"].tolist(), list(zip(rows["a"], rows["b"], strict=True)), **options)


def between(corpus: Any) -> Any:
    """Who evaluates whom, for the first two actors of some sentences."""
    key = ["article_id", "sentence_id"]
    pairs = targets(corpus).groupby(key).head(2)
    pairs = pairs[pairs.groupby(key)["a"].transform("size") == 2].head(200)
    spans = list(zip(pairs["a"], pairs["b"], strict=True))
    return nk.directed_tone(pairs["sentence"].tolist()[::2], spans[::2], spans[1::2])


def coded(corpus: Any) -> tuple[list[str], list[set[str]]]:
    """Sentences with labels to learn from."""
    texts = sample(corpus, 60)
    labels = {"money": "tax|percent|dollar|budget|job|econom", "law": "law|court|bill|judge|police", "men": r"\bhe\b"}
    return texts, [{name for name, pattern in labels.items() if re.search(pattern, text)} for text in texts]


def learned(corpus: Any) -> dict[str, Any]:
    """What a coder predicts, before and after saving, and how good it is."""
    texts, labels = coded(corpus)
    coder = nk.FrameCoder().fit(texts[:40], labels[:40])
    loaded = nk.FrameCoder.load(coder.save("coder"))
    return {
        "repr": repr(loaded),
        "probabilities": coder.predict_proba(texts[40:]),
        "frames": loaded.predict(texts[40:]),
        "quality": nk.FrameCoder().cross_validate(texts, labels, folds=2),
    }


def curve(corpus: Any) -> list[Any]:
    """The learning curve, and its figure."""
    table = nk.FrameCoder().learning_curve(*coded(corpus), sizes=[20, 30, 40], repeats=1)
    return [table, drawn(nk.plot_learning_curve(table))]


def lookups() -> list[Any]:
    catalog = nk.load_actors(CORRECTIONS)
    names = ("Kyiv", "RUSSIA", "us", "US", "American", "Georgia", "Fox News", "Somebody Else")
    entries = [(name, catalog.lookup(name)) for name in names]
    return [repr(catalog), *([n, e and [e.actor.actor_id, e.actor.type, e.how, e.ambiguous]] for n, e in entries)]


def book_changes(corpus: Any) -> Any:
    old, new = map(nk.load_codebook, DOMESTIC)
    return new.diff(old, some_of(corpus, slice(FEW)))


def frames_of(corpus: Any, book: str | Path, **options: Any) -> Any:
    return nk.code_frames(sample(corpus, 150), book, **options)


def saved(book: str | Path) -> str:
    return written(nk.load_codebook(book).save("saved.toml"))


def functions() -> Iterator[Case]:
    books: list[str | Path] = [*BOOKS, *DOMESTIC]
    for book in (books[0], books[2], books[4]):
        for method in ("lexicon", "embedding"):
            told = f"code_frames {Path(book).stem} {method}"
            yield told, calling(frames_of, book, method=method)
    yield "sentence_sentiment", lambda corpus: nk.sentence_sentiment(sample(corpus, 500))
    yield "target_tone", toward
    yield "target_tone textblob", calling(toward, method="textblob")
    yield "directed_tone", between
    yield "FrameCoder", learned
    yield "FrameCoder learning_curve", curve
    yield "ActorCatalog lookup", without_corpus(lookups)
    yield "ActorCatalog diff", lambda corpus: nk.load_actors(CORRECTIONS).diff(corpus)
    yield "Codebook diff", book_changes
    for book in books:
        yield f"Codebook save {Path(book).stem}", without_corpus(saved, book)


# --- public names and refusals ------------------------------------------------------------------------


def parameters(path: str) -> Any:
    """The parameters of a function or class: names, kinds and defaults."""
    found: Any = functools.reduce(getattr, path.split("."), nk)
    return [[p.name, p.kind.description, str(p.default)] for p in inspect.signature(found).parameters.values()]


def public() -> Iterator[Case]:
    for name in " ".join(cases("public")).split():
        yield f"parameters {name}", without_corpus(parameters, name)
    for name in nk.schema.TABLES:
        yield f"describe {name}", without_corpus(nk.schema.describe, name)


def refused(corpus: Any, call: Make) -> str:
    """The type of the error; its message may be reworded."""
    try:
        call(corpus)
    except Exception as error:
        return type(error).__name__
    return "not refused"


def refusals() -> Iterator[Case]:
    calls: dict[str, Make] = {
        "column": lambda corpus: corpus.table("mentions", nothing=1),
        "table": lambda corpus: corpus.table("nothing"),
        "evidence of actors": lambda corpus: corpus.evidence("actors"),
        "evidence by column": lambda corpus: corpus.evidence("mentions", nothing=1),
        "kinds": calling(nk.actor_frequency, kinds="nothing"),
        "actors by": calling(nk.actor_frequency, by="nothing"),
        "stances by": calling(nk.stance_summary, by="nothing"),
        "frames by": calling(nk.frame_summary, codebook="news_frames", by="nothing"),
        "count": calling(nk.actor_frequency, count="nothing"),
        "stories not known": calling(nk.stance_summary, count="stories"),
        "method": calling(nk.stance_summary, method="nothing"),
        "several codebooks": nk.frame_summary,
        "codebook": calling(nk.frame_summary, codebook="nothing"),
        "one method": calling(nk.frame_comparison, between="voice", codebook="news_frames"),
        "ending": calling(nk.export_corpus, "corpus.dta"),
        "article": calling(nk.show_article, "nothing"),
        "layer": calling(nk.show_article, layers="nothing"),
        "recode": lambda corpus: corpus.recode("news_frames", method="nothing"),
        "relink": lambda corpus: corpus.relink("nothing"),
        "issue": calling(nk.positions, "nothing"),
        "concordance": calling(nk.concordance, " "),
        "threshold": lambda corpus: corpus.find_stories(threshold=0),
    }
    for name, call in calls.items():
        yield name, calling(refused, call)


def other_refusals() -> Iterator[Case]:
    twice = [nk.Article("a", "One."), nk.Article("a", "Two.")]
    calls: dict[str, Make] = {
        "no corpus": without_corpus(nk.open_corpus, "nothing"),
        "no article": without_corpus(nk.read_article, "nothing.txt"),
        "no source": without_corpus(nk.annotate, "nothing/"),
        "an id twice": without_corpus(nk.annotate, twice),
        "made otherwise": lambda _: nk.annotate(everything(), out="disk", codebooks=BOOKS, shard_size=7),
        "codebook file": without_corpus(nk.load_codebook, CORRECTIONS),
        "catalogue file": without_corpus(nk.load_actors, DOMESTIC[0]),
        "issue file": without_corpus(nk.load_issue, DOMESTIC[0]),
    }
    for name, call in calls.items():
        yield name, calling(refused, call)


# --- the corpora ----------------------------------------------------------------------------------------


@functools.cache
def pipeline() -> Any:
    return nk.make_nlp(codebooks=BOOKS)


@functools.cache
def in_memory() -> Any:
    say("annotating in memory")
    return nk.annotate(everything(), nlp=pipeline(), progress=False)


def annotate_to_disk() -> Any:
    return nk.annotate(everything(), codebooks=BOOKS, out="disk", n_jobs=1, shard_size=16, progress=False)


def on_disk() -> Any:
    if not Path("disk").exists():
        say("annotating to disk")
        annotate_to_disk()
    return nk.open_corpus("disk")


@functools.cache
def seen_on_disk() -> Any:
    """A corpus on disk, every table of which has been read."""
    corpus = on_disk()
    for name in nk.schema.TABLES:
        getattr(corpus, name)
    return corpus


@functools.cache
def seed() -> Any:
    return nk.annotate(nk.read_article(INPUTS / "seed.txt"), nlp=pipeline())


def seed_on_disk() -> Any:
    if not Path("seed").exists():
        nk.annotate(INPUTS / "seed.txt", nlp=pipeline(), out="seed")
    return nk.open_corpus("seed")


@functools.cache
def few() -> Any:
    some = [*everything()[:FEW], *everything()[-FEW:]]
    return nk.annotate(some, quotes="rules", catalog=str(CORRECTIONS), directed=True, progress=False)


def few_on_disk() -> Any:
    if not Path("few").exists():
        nk.annotate(
            INPUTS / "few.jsonl", columns={"author": None}, directed=True, out="few", shard_size=2, progress=False
        )
    return nk.open_corpus("few")


def old_on_disk() -> Any:
    """The corpus of the other checkout; where there is none, that of this one."""
    if not Path("old_corpus").exists():
        on_disk()
        shutil.copytree("disk", "old_corpus")
    return nk.open_corpus("old_corpus")


# --- all results ------------------------------------------------------------------------------------------


def some_of(corpus: Any, which: slice) -> Any:
    return corpus.select(corpus.articles["article_id"].iloc[which])


def derived(results: Results, name: str, corpus: Callable[[], Any]) -> None:
    """Results from corpora that are derived from one."""

    def add(what: str, make: Make, *some: Iterable[Case]) -> None:
        results.add(f"{name}/{what}", *some, tables(), corpus=functools.cache(lambda: make(corpus())))

    def again(corpus: Any) -> Any:
        return corpus.relink(CORRECTIONS).find_stories(threshold=0.9).relink(SIDES)

    counted = operator.methodcaller("find_stories")
    linked, corrected = (operator.methodcaller("relink", catalog) for catalog in (SIDES, CORRECTIONS))
    add("stories", counted, summaries("of_stories"), evidence("evidence_of_stories"), manifest())
    add("sides", linked, summaries("of_sides"), manifest())
    add("corrections", corrected, summaries("of_sides"), asking(), evidence("evidence"), manifest())
    add("relinked again", again, summaries("of_stories"))
    add("select", calling(some_of, slice(1, 9, 2)), summaries("of_parts"))
    add("select one", calling(some_of, slice(0, 1)), summaries("of_parts"))


def coded_again(results: Results, name: str, corpus: Callable[[], Any], *, book: str) -> None:
    """Results from corpora whose texts are read again. That is slow, so the corpus should be small."""

    def add(what: str, make: Make, *some: Iterable[Case]) -> None:
        results.add(f"{name}/{what}", *some, tables(), corpus=functools.cache(lambda: make(corpus())))

    def recoded(corpus: Any) -> Any:
        return corpus.recode(book, method="embedding").recode(DOMESTIC)

    with_book = [line.replace("BOOK", book) for line in cases("of_both_methods")]
    add("recoded", recoded, summaries("of_domestic"), summaries(with_book), manifest())
    terms = ["missile*", "white <2> house", "immigra*|border"]
    add("about", calling(nk.about, terms), summaries(["actor_frequency", "stance_summary by=voice"]))
    add("about window", calling(nk.about, terms, window=1))
    add("about section", calling(nk.about, "missile*", section=True))
    add("about codebook", calling(nk.about, nk.load_codebook("missile_debate")))


def files() -> list[str]:
    on_disk()
    return sorted(path.as_posix() for path in Path("disk").rglob("*") if path.is_file())


def folder() -> Iterator[Case]:
    yield "files", without_corpus(files)
    yield "annotated again", lambda _: [repr(on_disk()), repr(annotate_to_disk())]


def of_one(name: str) -> list[str]:
    """The lines of a list that make sense for a single article without a date."""
    dates = re.compile("by=(?:year|month|week|day|author|title|article)")
    return [line for line in cases(name) if not dates.search(line)]


def run(results: Results) -> None:
    write_inputs()
    results.add("public", public())
    results.add("reading", reading())
    large: dict[str, Callable[[], Any]] = {"memory": in_memory, "disk": on_disk}
    for name, corpus in large.items():
        results.add(name, tables(), manifest(), asking(), words(), views(), exports(), corpus=corpus)
        results.add(f"{name}/summaries", summaries("summaries"), corpus=corpus)
        results.add(name, evidence("evidence"), corpus=corpus)
        results.add(f"{name}/refusals", refusals(), corpus=corpus)
        derived(results, name, corpus)
    single: dict[str, Callable[[], Any]] = {"seed": seed, "seed on disk": seed_on_disk}
    for name, corpus in single.items():
        results.add(name, tables(), manifest(), asking(), positions(corpus), exports(), corpus=corpus)
        results.add(f"{name}/summaries", summaries(of_one("summaries")), corpus=corpus)
        results.add(name, evidence(of_one("evidence")), corpus=corpus)
        coded_again(results, name, corpus, book="missile_debate")
    small: dict[str, Callable[[], Any]] = {"few": few, "few on disk": few_on_disk}
    for name, corpus in small.items():
        results.add(name, summaries("of_directed"), tables(), manifest(), words_of_few(), corpus=corpus)
        coded_again(results, name, corpus, book="news_frames")
    results.add("some", positions(functools.cache(lambda: some_of(in_memory(), slice(3 * FEW)))))
    seen = (summaries("of_sides"), asking(), tables(), (case for case in exports() if case[0] != "export spacy"))
    results.add("seen on disk", *seen, corpus=seen_on_disk)
    results.add("figures", figures(), corpus=in_memory)
    results.add("figures", figures_of_one(), corpus=seed)
    results.add("functions", functions(), corpus=in_memory)
    results.add("refusals", other_refusals(), corpus=on_disk)
    results.add("command line", commands(), corpus=on_disk)
    results.add("disk", folder())
    results.add("old corpus", summaries("of_parts"), tables(), manifest(), asking(), corpus=old_on_disk)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("results", type=Path, help="file to write")
    parser.add_argument(
        "--only", action="append", default=[], metavar="PATTERN", help="results to compute (default: all)"
    )
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    results = Results(args.only)
    run(results)
    with gzip.open(args.results, "wb", compresslevel=1) as file:
        pickle.dump({"newskit": nk.__file__, "results": results.found}, file)


if __name__ == "__main__":
    main()
