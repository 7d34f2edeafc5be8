"""What annotating many articles costs: memory, time, processes, kills, and a million mentions.

    python benchmarks/scale.py memory  [--n 1000 5000] [--processes 2]
    python benchmarks/scale.py cost    [--n 200]
    python benchmarks/scale.py engines [--n 400] [--dask]
    python benchmarks/scale.py kill    [--n 60] [--times 10]
    python benchmarks/scale.py million [--n 200] [--mentions 1000000]

The texts are those of `../shared/data/scale` beside the checkout, or of `--articles FILE.jsonl.gz` (field `text`).
`memory` samples the process and its workers every tenth of a second. `cost` compares processor time with the bare spaCy
pipeline on the same texts, in turns of ten articles. `engines` compares elapsed time: only on an idle machine. `kill`
ends the run at moments drawn by chance, and compares the finished files byte by byte. `million` annotates `--n`
articles, grows the corpus by copies in which the names that are in one article only are changed, so that the
number of actors grows too, and times the summaries.
"""

import argparse
import gzip
import itertools
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
from bare import bare_spacy

import newskit as nk
from newskit.corpus.annotate import finish
from newskit.corpus.folder import SHARDED, Folder, arrow_schema, read_manifest, to_parquet
from newskit.corpus.linking import distinct_names
from newskit.corpus.tables import ParquetTables
from newskit.reading.sources import Source

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data" / "scale" / "articles_5k.jsonl.gz"
SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]


def rows_of(path: Path, n: int) -> Iterator[dict[str, str | None]]:
    """The first articles of a file, with fields as an Article has them."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for number, row in enumerate(map(json.loads, itertools.islice(file, n))):
            yield {"article_id": f"{number}", "text": row["text"], "outlet": row.get("source")}


def articles(path: Path, n: int) -> list[nk.Article]:
    return [nk.Article(**row) for row in rows_of(path, n)]  # type: ignore[arg-type]


def first_of(path: Path, n: int, to: Path) -> Path:
    """A file with the first articles alone, written a line at a time: what a user would hand over."""
    with to.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows_of(path, n))
    return to


def one(args: argparse.Namespace) -> None:
    """Annotate, and nothing else: what the other measurements start as a process of its own."""
    source: Source = first_of(args.articles, args.n[0], args.out.with_name(f"{args.out.name}.jsonl"))
    if args.dask:
        from distributed import Client, LocalCluster

        cluster: Any = LocalCluster(n_workers=args.processes, threads_per_worker=1, dashboard_address=None)  # type: ignore[no-untyped-call]
        with cluster, Client(cluster):  # type: ignore[no-untyped-call]
            corpus = _timed(args, source, engine="dask")
    elif args.processes > 1:
        corpus = _timed(args, source, engine="process", n_jobs=args.processes)
    else:
        corpus = _timed(args, source)
    assert corpus.manifest["articles"]["in"] == args.n[0]


def _timed(args: argparse.Namespace, source: Source, **engine: Any) -> nk.Corpus:
    if not args.cold:
        # The models are loaded before the clock starts, in every worker: eight shards of one article each.
        with tempfile.TemporaryDirectory() as folder:
            nk.annotate(articles(args.articles, 8), out=folder, shard_size=1, progress=False, **engine)
    began = time.perf_counter()
    corpus = nk.annotate(source, out=args.out, shard_size=args.shard_size, progress=False, **engine)
    taken = time.perf_counter() - began
    tokens = int(corpus.sql("select sum(n_tokens) as n from articles")["n"].iloc[0])
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(usage.ru_utime + usage.ru_stime for usage in used)
    print(json.dumps({"seconds": taken, "tokens": tokens, "cpu": cpu, **corpus.manifest["articles"]}))
    return corpus


def start(
    args: argparse.Namespace, out: Path, n: int, *, processes: int, dask: bool = False, cold: bool = False
) -> subprocess.Popen[str]:
    command = [sys.executable, __file__, "one", "--articles", args.articles, "--n", n, "--out", out]
    command += [
        "--processes",
        processes,
        "--shard-size",
        args.shard_size,
        *(["--dask"] if dask else []),
        *(["--cold"] if cold else []),
    ]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    return subprocess.Popen([*map(str, command)], stdout=subprocess.PIPE, text=True, env=environment)


def memory(args: argparse.Namespace, folder: Path) -> None:
    import psutil

    for n in args.n:
        process = start(args, folder / str(n), n, processes=args.processes)
        peaks: dict[int, int] = {}
        while process.poll() is None:
            try:
                family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
                for member in family:
                    if "resource_tracker" not in " ".join(member.cmdline()):
                        peaks[member.pid] = max(peaks.get(member.pid, 0), member.memory_info().rss)
            except psutil.Error:
                pass
            time.sleep(0.1)
        told = json.loads((process.stdout.read() if process.stdout else "").splitlines()[-1])
        parent = peaks.pop(process.pid)
        assert told["in"] == told["annotated"] + told["skipped"] + told["failed"] == n
        workers = ", ".join(f"{peak / 1e9:.3f}" for peak in sorted(peaks.values()))
        counts = (
            f"{told['in']} in = {told['annotated']} annotated + {told['skipped']} skipped + {told['failed']} failed"
        )
        print(f"{n} articles ({counts}): peak of the parent {parent / 1e9:.3f} GB; of the workers {workers or '–'} GB")


def cost(args: argparse.Namespace, folder: Path) -> None:
    bare, full = bare_spacy(), nk.make_nlp()
    found = articles(args.articles, args.n[0])
    list(bare.pipe([found[0].text]))
    nk.annotate(found[0], nlp=full)
    base = whole = tokens = 0.0
    for at in range(0, len(found), 10):
        some = found[at : at + 10]
        began = time.process_time()
        tokens += sum(len(doc) for doc in bare.pipe([article.text for article in some]))
        middle = time.process_time()
        nk.annotate(some, nlp=full, out=folder / str(at), progress=False)
        base, whole = base + middle - began, whole + time.process_time() - middle
    print(f"{len(found)} articles, {tokens:,.0f} tokens, processor time of one core, files included:")
    print(
        f"bare nlp.pipe {tokens / base:,.0f} tokens a second; annotate {tokens / whole:,.0f}; ratio {whole / base:.2f}"
    )


def engines(args: argparse.Namespace, folder: Path) -> None:
    times = {}
    for name, processes, dask in (("one process", 1, False), ("two processes", 2, False), ("Dask", 2, True)):
        if dask and not args.dask:
            continue
        process = start(args, folder / name.replace(" ", "-"), args.n[0], processes=processes, dask=dask)
        told = json.loads(process.communicate()[0].splitlines()[-1])
        times[name] = told["seconds"]
        speed = f"{told['tokens'] / told['seconds']:,.0f} tokens a second; {told['cpu']:.0f} s of processor time in all"
        print(f"{name}: {told['seconds']:.1f} s, {times['one process'] / told['seconds']:.2f} times one; {speed}")


def kill(args: argparse.Namespace, folder: Path) -> None:
    def content(of: Path) -> dict[str, bytes]:
        return {str(path.relative_to(of)): path.read_bytes() for path in sorted(of.rglob("*")) if path.is_file()}

    began = time.perf_counter()
    assert start(args, folder / "undisturbed", args.n[0], processes=args.processes, cold=True).wait() == 0
    taken = time.perf_counter() - began
    want = content(folder / "undisturbed")
    rng = random.Random(args.seed)
    out = folder / "killed"
    kills = 0
    while kills < args.times:
        process = start(args, out, args.n[0], processes=args.processes, cold=True)
        try:
            process.wait(timeout=rng.uniform(0.2, taken))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills += 1
            n_shards = len(list(out.glob("shards/*.json")))
            print(f"killed {kills}: {n_shards} of the shards are whole", flush=True)
            continue
        # It was finished before its time: compared, and begun anew.
        assert content(out) == want, "the finished files differ"
        print("finished, equal; begun anew", flush=True)
        shutil.rmtree(out)
    assert start(args, out, args.n[0], processes=args.processes, cold=True).wait() == 0
    found = content(out)
    for table in SHARDED:
        files = [name for name in want if name.startswith(f"{table}/")]
        same = all(found.get(name) == want[name] for name in files)
        print(f"{table}: {'equal' if same else 'DIFFERENT'}, {len(files)} files")
    print("all files:", "equal" if found == want else "DIFFERENT")


def grow(source: Path, out: Path, mentions: int) -> nk.Corpus:
    """A corpus with so many mentions, from copies of the shards of another."""
    folder, target = Folder(source), Folder(out)
    manifest = read_manifest(folder)
    assert manifest is not None
    have = sum(shard["rows"]["mentions"] for shard in manifest["shards"])
    copies = -(-mentions // have)
    names = distinct_names(ParquetTables(folder, manifest))
    rare = set(names.loc[names["n_articles"] == 1, "name"])
    tables = {
        table: pd.concat([pd.read_parquet(file) for file in sorted((source / table).iterdir())]) for table in SHARDED
    }
    shards: list[dict[str, Any]] = []
    for first in range(0, copies, 20):
        name = f"{len(shards):06d}"
        some = range(first, min(first + 20, copies))
        for table, rows in tables.items():
            copied = pd.concat([_copy(rows, number, rare) for number in some])
            target.write(f"{table}/{name}.parquet", to_parquet(copied, arrow_schema(table)))
        shards.append({"name": name, "rows": {table: len(rows) * len(some) for table, rows in tables.items()}})
    counts = {status: n * copies for status, n in manifest["articles"].items()}
    finish(target, manifest | {"shards": shards, "articles": counts}, nk.load_actors())
    return nk.open_corpus(out)


def _copy(rows: pd.DataFrame, number: int, rare: set[str]) -> pd.DataFrame:
    """The rows of a table in other articles, with other names in place of the rare ones."""
    which = int(number**0.7)  # new names become fewer, as Heaps' law has it
    ending = SYLLABLES[which % 70] + SYLLABLES[which // 70 % 70] if which else ""

    def changed(key: Any) -> Any:
        name, tab, rest = key.partition("\t") if isinstance(key, str) else (key, "", "")
        return f"{name}{ending}{tab}{rest}" if name in rare else key

    rows = rows.assign(article_id=rows["article_id"] + f"~{number}")
    for column in {"name", "actor_id", "speaker_id", "target_id", "voice"} & {*rows.columns}:
        rows[column] = rows[column].map({key: changed(key) for key in rows[column].dropna().unique()})
    return rows


def million(args: argparse.Namespace, folder: Path) -> None:
    import psutil

    nk.annotate(articles(args.articles, args.n[0]), out=folder / "seed", shard_size=args.shard_size)
    began = time.process_time()
    corpus = grow(folder / "seed", folder / "grown", args.mentions)
    print(f"grown and linked in {time.process_time() - began:.0f} s of processor time: {corpus!r}")
    code = """
import sys, time, newskit as nk; nk.annotate, nk.stance_summary
began, cpu = time.perf_counter(), time.process_time()
corpus = nk.open_corpus(sys.argv[1])
opened = time.perf_counter() - began
began, cpu = time.perf_counter(), time.process_time()
rows = len(getattr(nk, sys.argv[2])(corpus))
taken, cpu = time.perf_counter() - began, time.process_time() - cpu
print(f"{sys.argv[2]}: {rows:,} rows in {taken:.2f} s, {cpu:.2f} s of processor time; opened in {opened:.3f} s", end="")
"""
    for summary in ("actor_frequency", "stance_summary"):
        process = subprocess.Popen([sys.executable, "-c", code, str(folder / "grown"), summary])
        peak = [0]

        def watch(pid: int = process.pid, peak: list[int] = peak) -> None:
            while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                peak[0] = max(peak[0], psutil.Process(pid).memory_info().rss)
                time.sleep(0.02)

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        process.wait()
        print(f"; peak {peak[0] / 1e9:.2f} GB", flush=True)


def main() -> None:
    runs: dict[str, Callable[[argparse.Namespace, Path], None]] = {
        "memory": memory,
        "cost": cost,
        "engines": engines,
        "kill": kill,
        "million": million,
    }
    sizes = {"memory": [1000, 5000], "cost": [200], "engines": [400], "kill": [60], "million": [200], "one": [100]}
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", choices=[*runs, "one"])
    parser.add_argument("--articles", type=Path, default=DATA, help="JSON Lines, gzipped, with a field `text`")
    parser.add_argument("--n", type=int, nargs="+", help="how many articles")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--dask", action="store_true")
    parser.add_argument("--cold", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--shard-size", type=int, default=20)
    parser.add_argument("--mentions", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=10, help="how often to kill")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="keep the files here")
    args = parser.parse_args()
    args.n = args.n or sizes[args.what]
    if args.what == "one":
        one(args)
        return
    with tempfile.TemporaryDirectory() as temporary:
        runs[args.what](args, args.out or Path(temporary))


if __name__ == "__main__":
    main()
