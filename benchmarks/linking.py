"""Time of identity across articles, by the number of distinct names.

    python benchmarks/linking.py [--names 10000 50000 200000]

Names are made up: a first name of the shipped list, now and then a middle initial, and a surname of
syllables; a fifth of them are misspelt forms of another, a tenth surnames alone, a tenth organisations. Few
first names and surnames have most bearers, as in life. One core; seconds of processor time, and seconds per
10,000 names, which grow little if the time is near-linear.
"""

import argparse
import random
import time

import pandas as pd

import newskit as nk
from newskit.annotation.actors.identity import link_names
from newskit.resources.lexicons import word_table

SYLLABLES = [
    c + v for c in ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "sh", "ch") for v in "aeiou"
]
ENDINGS = ("", "n", "ov", "er", "man", "son", "ski", "ic", "ez", "dottir")


def surname(rng: random.Random) -> str:
    return ("".join(rng.choices(SYLLABLES, k=rng.randint(1, 3))) + rng.choice(ENDINGS)).title()


def misspelt(name: str, rng: random.Random) -> str:
    at = rng.randrange(3, len(name)) if len(name) > 6 else len(name)
    return name[:at] + rng.choice("aeiouy") + name[at + rng.randint(0, 1) :]


def distinct_names(n: int, rng: random.Random) -> pd.DataFrame:
    first = [name.title() for name in word_table("first_names")]
    families = [surname(rng) for _ in range(max(100, n // 8))]
    rows: dict[tuple[str, str], None] = {}
    full: list[str] = []
    while len(rows) < n:
        kind = rng.random()
        given = first[int(len(first) * rng.random() ** 3)]
        family = families[int(len(families) * rng.random() ** 2)]
        if kind < 0.1:
            rows[family, "person"] = None
        elif kind < 0.2:
            rows[f"{family} {rng.choice(['Group', 'Institute', 'Party', 'Department'])}", "organization"] = None
        elif kind < 0.4 and full:
            before, _, last = rng.choice(full).rpartition(" ")
            rows[f"{before} {misspelt(last, rng)}", "person"] = None
        else:
            middle = f" {rng.choice('ABCDEJMR')}." if rng.random() < 0.2 else ""
            full.append(f"{given}{middle} {family}")
            rows[full[-1], "person"] = None
    names = pd.DataFrame(list(rows), columns=["name", "type"])
    return names.assign(n=[int(rng.paretovariate(1)) for _ in range(len(names))])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--names", type=int, nargs="+", default=[10_000, 50_000, 200_000], help="how many distinct names"
    )
    args = parser.parse_args()
    catalog = nk.load_actors()
    for n in args.names:
        names = distinct_names(n, random.Random(n))
        began = time.process_time()
        links = link_names(names, catalog)
        taken = time.process_time() - began
        actors = len({link.actor_id for link in links})
        print(f"{n:>7,} names: {taken:6.1f} s, {taken / n * 10_000:.2f} s per 10,000; {actors:,} actors")


if __name__ == "__main__":
    main()
