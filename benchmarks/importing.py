"""Import: articles a second and peak memory by layout, each in a process of its own, and what near-duplicates cost.

    python benchmarks/importing.py ARTICLES.jsonl.gz [--n 2000 --copies 5]

ARTICLES has the fields `title`, `source`, `date` and `text` a line. Its first n articles are written in each layout,
once and `copies` times over (each copy with a word of its own), to see whether memory grows with their number. Every
scan must find as many articles as were written. CPU seconds; memory as Linux tells it.
"""

import argparse
import csv
import gzip
import itertools
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

# The peak that getrusage tells is that of the parent, if it is higher; VmHWM begins anew with each program.
_PEAK = """
def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
"""
_SCAN = """
import sys, time, newskit as nk
began = time.process_time()
n = sum(isinstance(item, nk.Article) for item in nk.scan_articles(sys.argv[1]))
seconds = time.process_time() - began
print(n, seconds, peak())
"""
_STORIES = """
import sys, time, newskit as nk
articles = (item for item in nk.scan_articles(sys.argv[1]) if isinstance(item, nk.Article))
began = time.process_time()
stories = nk.story_ids(articles)
print(len(stories), time.process_time() - began, peak())
print(f"{stories.nunique():,} stories", file=sys.stderr)
"""


def rows_of(path: Path, n: int, copies: int) -> Iterator[dict[str, Any]]:
    for copy in range(copies):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in itertools.islice(file, n):
                row = json.loads(line)
                text = row["text"] + (f" Copy{copy}." if copy else "")
                yield {"title": row["title"], "source": row["source"], "date": row["date"], "text": text}


def write_jsonl(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)


def write_csv(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, ["title", "source", "date", "text"])
        writer.writeheader()
        writer.writerows(rows)


def write_parquet(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    pd.DataFrame(rows).to_parquet(path)


def write_nexis(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as out:
        for i, row in enumerate(rows, start=1):
            text = "\n\n".join(line for line in row["text"].splitlines() if line.strip())
            out.write(
                f"{f'{i} of 9 DOCUMENTS':>50}\n\n{row['source']:^70}\n\n{'March 4, 2024 Monday':^70}\n\n"
                f"{' '.join(row['title'].split())}\n\nBYLINE: A. Writer\n\n"
                f"LENGTH: {len(text.split())} words\n\n{text}\n\n"
                "LOAD-DATE: March 4, 2024\n\n"
            )


LAYOUTS: dict[str, Callable[[Path, Iterator[dict[str, Any]]], None]] = {
    "rows.jsonl.gz": write_jsonl,
    "rows.csv": write_csv,
    "rows.parquet": write_parquet,
    "nexis.txt": write_nexis,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("articles", type=Path)
    parser.add_argument("--n", type=int, default=2000)
    parser.add_argument("--copies", type=int, default=5)
    args = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for name, write in LAYOUTS.items():
            for copies in (1, args.copies):
                path = Path(folder, name)
                write(path, rows_of(args.articles, args.n, copies))
                for what, code in (("scan", _SCAN), ("stories", _STORIES))[: 1 + (name == "rows.jsonl.gz")]:
                    done = subprocess.run(
                        [sys.executable, "-c", _PEAK + code, str(path)], capture_output=True, text=True, check=True
                    )
                    n, seconds, peak = map(float, done.stdout.split())
                    failed |= n != args.n * copies
                    told = done.stderr.strip()
                    print(
                        f"{name:14} {what:8} {n:7,.0f} articles  {n / seconds:7,.0f} a second  {peak:5,.0f} MB  {told}"
                    )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
