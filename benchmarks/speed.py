"""Speed as ratios to a named baseline, measured in the same run.

    python benchmarks/speed.py [--articles FILE.jsonl.gz] [--n 100] [--repeat 5]

Prints the import of newskit relative to that of pandas, the time for the seed article once the model is
loaded, and the cost of each component relative to the bare spaCy pipeline on the same texts. The texts are
the field `text` of a JSON Lines file; without one, the seed article several times over. Medians.
"""

import argparse
import gzip
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bare import bare_spacy
from spacy.language import Language
from spacy.tokens import Doc

import newskit as nk
from newskit.annotation.components import DirectedComponent
from newskit.annotation.pipeline import COMPONENTS
from newskit.annotation.tone.directed import DIRECTED
from newskit.reading.article import find_blocks

CODEBOOKS = ["news_frames", "policy_frames", "moral_foundations", "missile_debate"]
SEED = Path(__file__).resolve().parent.parent / "data" / "raw" / "trump-putin-budapest.txt"


def seconds(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def import_time(module: str) -> float:
    code = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def texts(path: Path | None, n: int) -> list[str]:
    if path is None:
        return [SEED.read_text(encoding="utf-8")] * n
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line)["text"] for line in data.splitlines()[:n]]


def components(full: Language, docs: list[Doc]) -> dict[str, float]:
    """Seconds of each component after the parser, on parsed Docs, in their order."""
    for doc in docs:
        doc.user_data["newskit_blocks"] = find_blocks(doc.text)
    taken = {}
    for name in COMPONENTS[1:]:
        component = full.get_pipe(name)
        began = time.perf_counter()
        for doc in docs:
            component(doc)
        taken[name] = time.perf_counter() - began
    directed = DirectedComponent()
    taken[DIRECTED] = seconds(lambda: [directed(doc) for doc in docs])
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--articles", type=Path, help="JSON Lines with a field `text`, may be gzipped")
    parser.add_argument("--n", type=int, default=100, help="how many articles (default 100)")
    parser.add_argument("--repeat", type=int, default=5, help="repetitions, the median counts (default 5)")
    args = parser.parse_args()

    pairs = [(import_time("newskit"), import_time("pandas")) for _ in range(args.repeat)]
    print(f"import newskit / import pandas: {statistics.median(a / b for a, b in pairs):.2f}")

    bare, full = bare_spacy(), nk.make_nlp(codebooks=CODEBOOKS)
    article = nk.read_article(SEED)
    nk.annotate(article, nlp=full)
    times = [seconds(lambda: nk.annotate(article, nlp=full)) for _ in range(args.repeat)]
    print(f"seed article, model loaded: {statistics.median(times):.2f} s")

    corpus = texts(args.articles, args.n)
    words = sum(len(text.split()) for text in corpus)
    articles = [nk.Article(article_id=str(i), text=text, language="en") for i, text in enumerate(corpus)]
    base, parts, whole = [], [], []
    for _ in range(args.repeat):
        base.append(seconds(lambda: list(bare.pipe(corpus))))
        parts.append(components(full, list(bare.pipe(corpus))))
        whole.append(seconds(lambda: nk.annotate(articles, nlp=full, progress=False)))
    print(f"bare nlp.pipe on {len(corpus)} articles: {words / statistics.median(base):,.0f} words a second")
    for name in parts[0]:
        print(f"{name} / bare nlp.pipe: {statistics.median(p[name] / b for p, b in zip(parts, base, strict=True)):.3f}")
    ratio = statistics.median(t / b for t, b in zip(whole, base, strict=True))
    print(f"annotate / bare nlp.pipe: {ratio:.2f}")


if __name__ == "__main__":
    main()
