"""Odd texts, tables, pages, TOML files and Parquet files by chance: what breaks, hangs, or takes too much memory?

    python benchmarks/fuzz.py [--minutes 60] [--only text page table codebook catalog parquet] [--seed 0]

Hypothesis makes the inputs from words of news and what is awkward in them (marks without partners, runs of one
character, control characters, names in rows). Each kind runs in turn in a process of its own, which tells the worst:
exceptions that are not one of `nk.errors` (raw), inputs that take more than 60 seconds of processor time for 200 kB
(in proportion; 5 seconds for the small ones), and memory above 2 GB. An article that fails inside `annotate` is raw
too, unless the reason is one that newskit gives. Prints inputs tried, errors by kind, and each finding with its input;
the exit status is 1 if there is one.
"""

from __future__ import annotations

import argparse
import io
import json
import multiprocessing
import resource
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

import newskit as nk

SECONDS_PER_CHARACTER = 60 / 200_000
LEAST_SECONDS = 5.0
MEMORY = 2_000_000_000
ERRORS = tuple(
    error
    for error in vars(nk.errors).values()
    if isinstance(error, type) and issubclass(error, Exception) and not error.__name__.startswith("_")
)
_SAID = (
    'President Anna Novak said on Monday that Russia would lose the war . , ; : ? ! … — - ( ) [ ] “ ” " '
    "' ‘ ’ « » „ he she it they his according to officials the European Union U.S. Gen. Milley Mr. Kim "
    "Jong-un Smith and not war attack jobs talk <p> </p> <a href=x> & &amp; <br> http://x.example/a @a "
    "#b $1 1,000 % 2020-01-01 =1+1 \\ / | ~ * _ ` ´ \u200b \u00ad \u202e \ufeff \x00 \x1b[2J \ud800 é ß "
    "İ ǅ ﬁ 中 👍 a\u0301 â€œ Ã© READ MORE: By BREAKING (AP) — GENEVA NASA's I'm can't"
)
WORDS = _SAID.split(" ")
GAPS = st.sampled_from([" ", " ", " ", "", "\n", "\n\n", "\t", "\u00a0", "\r\n", "\u2028"])


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A text of words and gaps, with a part of it, or one word, many times."""
    words = draw(st.lists(st.sampled_from(WORDS) | st.text(max_size=8), max_size=60))
    text = "".join(word + draw(GAPS) for word in words)
    if draw(st.booleans()):
        unit = draw(st.sampled_from(WORDS) | st.just(text[-40:])) + draw(GAPS)
        text += unit * draw(st.integers(1, 400))
    return text


def annotate_text(text: str, shared: dict[str, Any]) -> int:
    if "nlp" not in shared:
        shared["nlp"] = nk.make_nlp(quotes="rules")
        shared["rules"] = (
            "the text is empty", "not English", "it contains unpaired surrogates", "it took more than", "it has",
        )  # fmt: skip
    corpus = nk.annotate(nk.Article("a", text, language="en"), nlp=shared["nlp"], progress=False)
    row = corpus.articles.iloc[0]
    if row["status"] != "annotated" and not str(row["reason"]).startswith(shared["rules"]):
        raise RuntimeError(f"failed inside: {row['reason']}")
    for table in (corpus.sentences, corpus.mentions, corpus.quotes, corpus.frames):
        for start, end, words in zip(table["start"], table["end"], table["text"], strict=True):
            assert text[start:end] == words, "an offset does not point at its text"
    nk.format_table(corpus.mentions)
    if row["status"] == "annotated":
        nk.show_article(corpus, "a")
    return len(text)


TAGS = (
    "p",
    "div",
    "a",
    "b",
    "br",
    "article",
    "h1",
    "table",
    "tr",
    "td",
    "blockquote",
    "ul",
    "li",
    "time",
    "script",
    "title",
)


@st.composite
def pages(draw: st.DrawFn) -> str:
    """A page of elements, some of them without an end, some many times."""
    parts = ["<html><body>"]
    for _ in range(draw(st.integers(0, 12))):
        tag = draw(st.sampled_from(TAGS))
        inside = draw(texts())
        attributes = draw(st.sampled_from(["", ' class="date"', ' href="x"', ' datetime="2020-01-01"', ' a="<"', " '"]))
        end = draw(st.sampled_from([f"</{tag}>", "", "</p>", "<!--"]))
        parts.append(f"<{tag}{attributes}>{inside}{end}" * draw(st.sampled_from([1, 1, 1, 50])))
    return "".join(parts)


def read_page(page: str, shared: dict[str, Any]) -> int:
    nk.read_article(page if page.startswith("<html") else f"<html>{page}")
    return len(page)


def scan(data: bytes, name: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        items = list(nk.scan_articles(path))
        str(nk.import_report(path))
        assert all(isinstance(item, nk.Article) or item.reason for item in items), "refused without a reason"
    return len(data)


CELLS = st.sampled_from(
    ["", "text", "title", "body", "date", "2020-01-01", '"', '""', "a,b", "a;b", "a\tb", "\n", "\r"]
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[bytes, str]:
    """A file of rows: CSV, TSV or JSON lines, cut and spoilt here and there."""
    separator = draw(st.sampled_from([",", ";", "\t", "|"]))
    rows = draw(st.lists(st.lists(CELLS | texts(), max_size=4), max_size=8))
    head = draw(st.sampled_from([["article_id", "text"], ["title", "text", "date"], ["x", "y"], []]))
    if draw(st.booleans()):
        lines = [separator.join(row) for row in [head, *rows]]
        text, name = "\n".join(lines), "a.csv"
    else:
        text, name = "\n".join(json.dumps(dict(zip(head, row, strict=False))) for row in rows), "a.jsonl"
    data = text.encode(draw(st.sampled_from(["utf-8", "utf-16", "cp1252"])), "replace")
    at = draw(st.integers(0, len(data)))
    return data[:at] + draw(st.binary(max_size=3)) + data[at:], draw(
        st.sampled_from([name, name, "a.json", "a.txt", "a.xml"])
    )


def read_table(given_one: tuple[bytes, str], shared: dict[str, Any]) -> int:
    return scan(*given_one)


@st.composite
def parquets(draw: st.DrawFn) -> bytes:
    """A Parquet file with columns of many types, whole or altered."""
    n = draw(st.integers(0, 5))
    values = st.none() | st.text(max_size=30) | st.integers(-(2**40), 2**40) | st.floats() | st.binary(max_size=5)
    column = st.sampled_from(
        [st.text(max_size=99), st.integers(-9, 9), st.floats(), st.booleans(), st.lists(st.integers())]
    )
    names = draw(st.lists(st.sampled_from(["article_id", "text", "date", "title", "x"]), unique=True, max_size=4))
    frame = pd.DataFrame({name: draw(st.lists(draw(column) | st.none(), min_size=n, max_size=n)) for name in names})
    buffer = io.BytesIO()
    try:
        frame.to_parquet(buffer)
    except Exception:  # a mixture that Parquet has no type for
        return draw(st.binary(max_size=40)) + repr(draw(values)).encode("utf-8", "replace")
    data = bytearray(buffer.getvalue())
    if draw(st.booleans()) and data:
        data[draw(st.integers(0, len(data) - 1))] ^= 1 << draw(st.integers(0, 7))
    return bytes(data[: draw(st.integers(0, len(data)))]) if draw(st.booleans()) else bytes(data)


VALUES = st.sampled_from(
    ["true", "1", '""', '"a"', "[]", '["a"]', "{}", '["war <2> talk"]', '"1.0.0"', '"en"', "1979-05-27"]
)
KEYS = {
    "codebook": (
        "[codebook]\nname='x'\nversion='1.0.0'\nlanguage='en'\ntitle='t'\nsource='s'\n",
        ("[[frame]]", "[frame.examples]", "[codebook]"),
        (
            "name",
            "label",
            "definition",
            "include",
            "exclude",
            "context",
            "window",
            "negation",
            "parent",
            "match",
            "miss",
        ),
    ),
    "catalog": (
        "[catalog]\nname='x'\nversion='1'\nextends='world'\n",
        ("[[actor]]", "[[merge]]", "[[split]]", "[rename]", "[wikidata]", "[[group]]", "[catalog]"),
        (
            "id",
            "label",
            "type",
            "aliases",
            "demonyms",
            "capitals",
            "into",
            "actor",
            "actors",
            "name",
            "names",
            "members",
        ),
    ),
}


def tomls(kind: str) -> st.SearchStrategy[str]:
    """A file of this kind with keys and values that fit and do not."""
    head, sections, keys = KEYS[kind]
    value = VALUES | st.text(max_size=12).map(json.dumps) | st.lists(st.text(max_size=9), max_size=3).map(json.dumps)
    line = st.sampled_from(sections) | st.tuples(st.sampled_from(keys), value).map(" = ".join) | st.text(max_size=9)
    return st.tuples(st.sampled_from([head, head, ""]), st.lists(line, max_size=12)).map(
        lambda x: x[0] + "\n".join(x[1])
    )


def load(loader: Callable[[Path], object]) -> Callable[[str, dict[str, Any]], int]:
    def run(text: str, shared: dict[str, Any]) -> int:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.toml"
            path.write_bytes(text.encode("utf-8", "surrogatepass"))
            loader(path)
        return len(text)

    return run


KINDS: dict[str, tuple[st.SearchStrategy[Any], Callable[[Any, dict[str, Any]], int]]] = {
    "text": (texts(), annotate_text),
    "page": (pages(), read_page),
    "table": (tables(), read_table),
    "parquet": (parquets(), lambda data, shared: scan(data, "a.parquet")),
    "codebook": (tomls("codebook"), load(nk.load_codebook)),
    "catalog": (tomls("catalog"), load(nk.load_actors)),
}


def fuzz(kind: str, seconds: float, number: int, queue: Any) -> None:
    """Try inputs of a kind for some seconds, and put what was found into a queue."""
    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_AS, (6_000_000_000, resource.RLIM_INFINITY))
    strategy, run = KINDS[kind]
    tried, told, findings = 0, Counter[str](), dict[str, str]()
    shared: dict[str, Any] = {}
    until = time.monotonic() + seconds
    round_number = 0

    def one(value: Any) -> None:
        nonlocal tried
        if time.monotonic() > until:
            return
        tried += 1
        start = time.process_time()
        try:
            size = run(value, shared)
        except ERRORS as error:
            told[type(error).__name__] += 1
            size = len(value[0] if isinstance(value, tuple) else value)
        except BaseException as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            key = f"{type(error).__name__} at {Path(where.filename).name}:{where.lineno}"
            findings.setdefault(f"RAW {key}", f"{str(error)[:300]} | {value!r:.1500}")
            return
        took = time.process_time() - start
        if tried > 1 and took > max(LEAST_SECONDS, size * SECONDS_PER_CHARACTER):
            findings.setdefault(f"SLOW {took:.0f} s for {size:,}", f"{value!r:.600}")
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        if used > MEMORY:
            findings.setdefault("MEMORY above 2 GB", f"{used:,} after {value!r:.600}")

    while time.monotonic() < until:
        quiet = settings(
            max_examples=100,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        seed(number * 1000 + round_number)(quiet(given(strategy)(one)))()
        round_number += 1
    queue.put((kind, tried, dict(told), findings))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--only", nargs="+", choices=list(KINDS), default=list(KINDS))
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    n_found = 0
    for kind in options.only:
        queue = context.Queue()
        seconds = options.minutes * 60 / len(options.only)
        process = context.Process(target=fuzz, args=(kind, seconds, options.seed, queue))
        process.start()
        try:
            _, tried, told, findings = queue.get(timeout=seconds + 600)
        except Exception:
            process.kill()
            tried, told, findings = (
                0,
                {},
                {f"HANG or crash: no answer 600 s after its time, exit {process.exitcode}": ""},
            )
        process.join()
        n_found += len(findings)
        print(
            f"{kind}: {tried:,} inputs; told as errors of newskit: {told or 'none'}; findings: {len(findings)}",
            flush=True,
        )
        for name, what in findings.items():
            print(f"  {name}: {what}", flush=True)
    return 1 if n_found else 0


if __name__ == "__main__":
    sys.exit(main())
