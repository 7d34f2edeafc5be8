"""Check that two checkouts of newskit give the same results: tables, summaries, evidence, exports, figures, reports.

    python benchmarks/compare_checkouts.py OLD NEW [--articles FILE] [--n 60] [--old-python PATH] [--new-python PATH]
        [--cache FOLDER] [--only PATTERN ...] [--allow PATTERN ...] [--keep FOLDER]

Each checkout produces the results of `compare_cases.py` in its own process and folder, one after the other; the default
interpreter is that of its `.venv`. The input is the first `--n` articles of a JSON Lines file (compressed or not; by
default the one in `../shared/data/scale` next to this checkout), the article of the notebooks, and the exports in
`data/synthetic`, all taken from this checkout.

Two results are equal if they have the same columns in the same order, the same dtypes, and the same values in the same
order. Floats are compared to 12 significant digits: a relative difference of up to 1e-12 or an absolute one of up to
1e-15 is ignored. Each result that differs is printed on one line, with the first place where it does. The exit status
is 1 if any result differs that no `--allow` covers, or if neither checkout could produce it.

`--cache` stores the results of OLD and reuses them until its `newskit/`, its interpreter, the cases or the inputs
change. NEW also opens the corpus that OLD wrote (results "old corpus/…"). `--only` restricts the results that NEW
produces, for a quick look: `--only 'reading/*'` takes seconds.
"""

import argparse
import fnmatch
import gzip
import hashlib
import itertools
import math
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
DATA = ROOT.parent / "shared" / "data" / "scale" / "articles_5k.jsonl.gz"
CASES = HERE / "compare_cases.py"
RELATIVE, ABSOLUTE = 1e-12, 1e-15
SHOWN = 70
"""How many characters of a value a message shows."""
RESULTS, CORPUS = "results.pickle.gz", "disk"
TABLE, ERROR = "\0table", "\0error"


class Made(NamedTuple):
    """What a checkout produced: its results by name, and the corpus it wrote."""

    results: dict[str, Any]
    corpus: Path


# --- producing the results ---------------------------------------------------------------------------------------


def write_inputs(folder: Path, articles: Path, n: int) -> None:
    """Collect everything the cases read, so that both checkouts read the same files."""
    shutil.copytree(HERE / "compare_inputs", folder)
    shutil.copytree(ROOT / "data" / "synthetic", folder / "synthetic", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "data" / "raw" / "trump-putin-budapest.txt", folder / "seed.txt")
    shutil.copy(ROOT / "notebooks" / "02_sides.toml", folder / "sides.toml")
    opened = gzip.open if articles.suffix == ".gz" else open
    with (
        opened(articles, "rt", encoding="utf-8") as file,
        (folder / "articles.jsonl").open("w", encoding="utf-8") as out,
    ):
        out.writelines(itertools.islice(file, n))


def interpreter(checkout: Path, given: Path | None) -> Path:
    """The interpreter of a checkout. Symbolic links are kept: resolving them would leave the virtual environment."""
    python = given or checkout / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.is_file():
        sys.exit(f"{python}: no such interpreter; give one with --old-python or --new-python")
    return python.absolute()


def make(checkout: Path, python: Path, inputs: Path, work: Path, *, only: list[str], old_corpus: Path | None) -> Made:
    """Run the cases in a checkout."""
    began = time.perf_counter()
    print(f"{checkout} with {python}", file=sys.stderr, flush=True)
    shutil.copytree(inputs, work / "inputs")
    if old_corpus is not None and old_corpus.exists():
        shutil.copytree(old_corpus, work / "old_corpus")
    command = [str(python), "-P", str(CASES), RESULTS, *(f"--only={pattern}" for pattern in only)]
    environment = os.environ | {"PYTHONPATH": str(checkout), "PYTHONUTF8": "1", "MPLBACKEND": "agg"}
    done = subprocess.run(command, cwd=work, env=environment, check=False)
    if done.returncode:
        sys.exit(f"{CASES.name} failed in {checkout} (exit status {done.returncode})")
    made = load(work / RESULTS)
    if not Path(made["newskit"]).is_relative_to(checkout):
        sys.exit(f"{python} imports newskit from {made['newskit']}, not from {checkout}")
    print(f"  {len(made['results'])} results in {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    return Made(made["results"], work / CORPUS)


def load(path: Path) -> dict[str, Any]:
    with gzip.open(path) as file:
        loaded: dict[str, Any] = pickle.load(file)
    return loaded


def fingerprint(checkout: Path, python: Path, inputs: Path) -> str:
    """A hash of everything the results depend on: the package, the interpreter, the cases and their inputs."""
    digest = hashlib.sha256(f"{checkout}\0{python}\0".encode())
    package = (path for path in (checkout / "newskit").rglob("*") if "__pycache__" not in path.parts)
    for path in sorted(path for path in (CASES, *inputs.rglob("*"), *package) if path.is_file()):
        root = next((folder for folder in (inputs, checkout) if path.is_relative_to(folder)), HERE)
        digest.update(f"{path.relative_to(root)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def cached(cache: Path, checkout: Path, python: Path, inputs: Path, work: Path) -> Made:
    """The results of a checkout, from the cache if it has them."""
    kept = cache.absolute() / fingerprint(checkout, python, inputs)
    if (kept / RESULTS).is_file():
        print(f"{checkout}: results from {kept}", file=sys.stderr)
        return Made(load(kept / RESULTS)["results"], kept / CORPUS)
    made = make(checkout, python, inputs, work, only=[], old_corpus=None)
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as part:
        whole = Path(part) / "whole"
        shutil.copytree(made.corpus, whole / CORPUS)
        shutil.copy(work / RESULTS, whole / RESULTS)
        if not kept.exists():  # unless another run was faster
            whole.rename(kept)
    return made


# --- comparing ------------------------------------------------------------------------------------------------


def same(old: Any, new: Any) -> bool:
    """Whether two plain values are equal, floats to 12 significant digits."""
    if type(old) is not type(new):
        return False
    if isinstance(old, float):
        both_missing = math.isnan(old) and math.isnan(new)
        return both_missing or math.isclose(old, new, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    if isinstance(old, list):
        return len(old) == len(new) and all(map(same, old, new))
    if isinstance(old, dict):
        return list(old) == list(new) and all(same(old[key], new[key]) for key in old)
    return bool(old == new)


def brief(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def differences(old: Any, new: Any, at: str = "") -> Iterator[str]:
    """Describe where two results differ; yields nothing if they are equal."""
    if same(old, new):
        return
    where = f"{at}: " if at else ""
    if isinstance(old, dict) and isinstance(new, dict):
        if TABLE in old and TABLE in new:
            yield from (f"{where}{text}" for text in table_differences(old[TABLE], new[TABLE]))
        elif ERROR in old or ERROR in new:
            yield f"{where}{brief(failure(old) or 'a result')} → {brief(failure(new) or 'a result')}"
        else:
            yield from dict_differences(old, new, at)
    elif isinstance(old, list) and isinstance(new, list):
        if len(old) != len(new):
            yield f"{where}{len(old)} → {len(new)} entries"
        for number, pair in enumerate(zip(old, new, strict=False)):
            yield from differences(*pair, at=f"{at}[{number}]")
    elif isinstance(old, str) and isinstance(new, str):
        yield f"{where}{text_difference(old, new)}"
    else:
        yield f"{where}{brief(failure(old) or old)} → {brief(failure(new) or new)}"


def dict_differences(old: dict[str, Any], new: dict[str, Any], at: str) -> Iterator[str]:
    for key in [*old, *(key for key in new if key not in old)]:
        place = f"{at}.{key}" if at else key
        if key not in new or key not in old:
            yield f"{place}: only in {'old' if key in old else 'new'}"
        else:
            yield from differences(old[key], new[key], place)
    if set(old) == set(new) and list(old) != list(new):
        yield f"{f'{at}: ' if at else ''}the keys are in a different order"


def table_differences(old: list[Any], new: list[Any]) -> Iterator[str]:
    """Compare two tables, given as lists of columns (name, dtype, values)."""
    names = [[name for name, _, _ in columns] for columns in (old, new)]
    if names[0] != names[1]:
        lost, found = ([name for name in names[i] if name not in names[1 - i]] for i in (0, 1))
        told = [f"without {', '.join(lost)}"] * bool(lost) + [f"with {', '.join(found)}"] * bool(found)
        yield f"columns {' and '.join(told) or 'in a different order'}"
    by_name = {name: (dtype, values) for name, dtype, values in new}
    pairs = [(name, dtype, values, *by_name[name]) for name, dtype, values in old if name in by_name]
    for name, dtype, _, new_dtype, _ in pairs:
        if dtype != new_dtype:
            yield f"{name} is {new_dtype}, was {dtype}"
    n_old, n_new = (len(columns[0][2]) for columns in (old, new))
    if n_old != n_new:
        yield f"{n_old} → {n_new} rows"
    elif reordered([values for _, _, values, _, _ in pairs[1:]], [values for *_, values in pairs[1:]]):
        yield "the same rows in a different order"
    for name, _, values, _, new_values in pairs:
        wrong = [i for i, pair in enumerate(zip(values, new_values, strict=False)) if not same(*pair)]
        if wrong:
            first = f"{brief(values[wrong[0]])} → {brief(new_values[wrong[0]])}"
            yield f"{name} in {len(wrong)} of {min(n_old, n_new)} rows, first in row {wrong[0]}: {first}"


def reordered(old: list[list[Any]], new: list[list[Any]]) -> bool:
    """Whether two tables have the same rows, but in different orders."""
    rows = [sorted(map(repr, zip(*columns, strict=True))) for columns in (old, new)]
    return rows[0] == rows[1] and not same(old, new)


def text_difference(old: str, new: str) -> str:
    """The first place where two texts differ, with a little context."""
    at = next((i for i, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), min(len(old), len(new)))
    line = old.count("\n", 0, at) + 1
    start = max(0, at - 20)
    place = f"line {line}, " if "\n" in old else ""
    return f"{place}character {at}: {brief(old[start : at + 50])} → {brief(new[start : at + 50])}"


def failure(value: Any) -> str | None:
    """The error that was raised instead of a result, if there was one."""
    return f"{value[ERROR]}: {value['message']}" if isinstance(value, dict) and ERROR in value else None


def matches(name: str, patterns: list[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def compare(old: dict[str, Any], new: dict[str, Any], allowed: list[str]) -> int:
    """Print what differs; returns how many results differ that no pattern allows."""
    counts = dict.fromkeys(("equal", "different", "failing in both", "allowed"), 0)
    for name in [*old, *(name for name in new if name not in old)]:
        kind, found = "different", []
        if name not in old or name not in new:
            found = [f"only in {'old' if name in old else 'new'}"]
        elif failure(old[name]) and failure(new[name]):
            kind, found = "failing in both", [brief(failure(old[name]))]
        else:
            found = list(itertools.islice(differences(old[name], new[name]), 50))
        if not found:
            counts["equal"] += 1
            continue
        if matches(name, allowed):
            kind = "allowed"
        counts[kind] += 1
        more = f"; and {len(found) - 3} more" if len(found) > 3 else ""
        print(f"{kind}: {name}: {'; '.join(found[:3])}{more}")
    told = ", ".join(f"{n} {kind}" for kind, n in counts.items() if n or kind in ("equal", "different"))
    print(f"{sum(counts.values())} results: {told}")
    return counts["different"] + counts["failing in both"]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("old", type=Path, help="a checkout of newskit")
    parser.add_argument("new", type=Path, help="another checkout")
    parser.add_argument("--articles", type=Path, default=DATA, help="JSON Lines file of articles")
    parser.add_argument("--n", type=int, default=60, help="how many of its articles to use (default: 60)")
    parser.add_argument("--old-python", type=Path, help="interpreter for OLD (default: OLD/.venv/bin/python)")
    parser.add_argument("--new-python", type=Path, help="interpreter for NEW (default: NEW/.venv/bin/python)")
    parser.add_argument("--cache", type=Path, help="folder in which to cache the results of OLD")
    for option, told in (
        ("--only", "compare only these results, such as 'disk/*frame*'"),
        ("--allow", "results that are expected to differ, such as '*/manifest models'"),
    ):
        parser.add_argument(option, action="append", default=[], metavar="PATTERN", help=f"{told}; may be repeated")
    parser.add_argument("--keep", type=Path, help="folder in which to save the results of both, for a closer look")
    args = parser.parse_args()
    old, new = args.old.resolve(), args.new.resolve()
    pythons = interpreter(old, args.old_python), interpreter(new, args.new_python)
    with tempfile.TemporaryDirectory() as folder:
        inputs, *works = (Path(folder) / name for name in ("inputs", "old", "new"))
        write_inputs(inputs, args.articles, args.n)
        if args.cache:
            first = cached(args.cache, old, pythons[0], inputs, works[0])
        else:
            first = make(old, pythons[0], inputs, works[0], only=args.only, old_corpus=None)
        second = make(new, pythons[1], inputs, works[1], only=args.only, old_corpus=first.corpus)
        if args.keep:
            args.keep.mkdir(parents=True, exist_ok=True)
            for name, made in (("old", first), ("new", second)):
                (args.keep / f"{name}.pickle").write_bytes(pickle.dumps(made.results))
    old_results = {name: value for name, value in first.results.items() if matches(name, args.only or ["*"])}
    return int(compare(old_results, second.results, args.allow) > 0)


if __name__ == "__main__":
    sys.exit(main())
