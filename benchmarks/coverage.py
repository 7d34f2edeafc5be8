"""Do the intervals of corrected estimates cover the truth? Simulations from labelled sentences.

    python benchmarks/coverage.py SHARED [--runs 1000] [--processes 2] [--csv FILE] [--only WORD]

SHARED has `tone/dev_*.jsonl` (NewsMTSC) and `coded/tone.jsonl` (newskit's codebook, with the errors of the tone
model in the field); see `benchmarks/README.md`. A corpus is made of labelled rows: stories, most of them in one
article, some in several, whose units share an inclination; each unit is a labelled row with its code and with what the
tone model says of its sentence. A sample of each corpus is drawn and "coded", and the intervals are held against the
truth: that of the corpus, and that of the world that the corpus came from.

A coverage counts where at least nine of ten runs give an interval. Where fewer do, most runs have too few coded cases
of a code, and those with an interval are not like the others; what counts there is how often an interval is given and
wrong. Exits with 1 if a coverage is outside 0.93 to 0.97 by more than chance (two standard errors), if an interval is
given and wrong in more than 7 % of the runs, or if fewer than 4 or more than 6 % of differences that do not exist are
significant.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tqdm import tqdm

import newskit as nk
from newskit.validation.differences import Differences
from newskit.validation.estimation import Estimates, corrected, model_alone
from newskit.validation.weighing import Coded, Population

CODES: Final = np.array([-1.0, 0.0, 1.0])
SIZES: Final = (100, 200, 400, 800)
ALLOCATIONS: Final = ("proportional", "equal", "neyman")
MEASURES: Final = ("mean", "negative", "positive")
INSIDE: Final = (0.93, 0.97)

Floats = NDArray[np.float64]
Whole = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Labelled:
    """Rows with a code and what the model says: probabilities (rows, 3); weights undo how they were drawn."""

    code: Whole
    said: Floats
    weight: Floats

    @property
    def prevalence(self) -> Floats:
        """The share of each code."""
        found: Floats = np.bincount(self.code, weights=self.weight, minlength=3) / self.weight.sum()
        return found

    def better(self, accuracy: float, rng: np.random.Generator) -> Labelled:
        """The same rows as a better model would read them: what is not read right is read at random."""
        label = np.where(rng.random(len(self.code)) < accuracy, self.code, rng.integers(0, 3, len(self.code)))
        return Labelled(self.code, np.eye(3)[label] * 0.94 + 0.02, self.weight)


def newsmtsc(folder: Path) -> Labelled:
    """The development parts of NewsMTSC, read by the tone model."""
    rows = []
    for part in ("rw", "mt"):
        for row in pd.read_json(folder / "tone" / f"dev_{part}.jsonl", lines=True).to_dict("records"):
            rows += [
                (row["sentence_normalized"], t["from"], t["to"], int(t["polarity"]) // 2 - 1) for t in row["targets"]
            ]
    frame = pd.DataFrame(rows, columns=["text", "start", "end", "code"])
    return _read(frame, np.ones(len(frame)))


def field(folder: Path) -> Labelled:
    """Unseen US news coded by newskit's codebook, with the tone model's errors there."""
    rows = pd.read_json(folder / "coded" / "tone.jsonl", lines=True)
    rows = rows[~rows["junk"]]
    code = rows["tone"].map({"negative": 0, "neutral": 1, "positive": 2})
    frame = pd.DataFrame(
        {"text": rows["sentence"], "start": rows["target_start"], "end": rows["target_end"], "code": code}
    )
    return _read(frame, rows["weight"].to_numpy(dtype=float))


def _read(frame: pd.DataFrame, weight: Floats) -> Labelled:
    tone = nk.target_tone(frame["text"].tolist(), list(zip(frame["start"], frame["end"], strict=True)))
    said = tone[["p_negative", "p_neutral", "p_positive"]].to_numpy(dtype=float)
    return Labelled(frame["code"].to_numpy(), said, weight)


@dataclass(frozen=True)
class World:
    """Where corpora come from: stories with an inclination each, in articles of two outlets."""

    name: str
    rows: Labelled
    prevalence: Floats
    inclination: float
    """Standard deviation of the log-odds of a story's negative and positive units."""
    shift: float
    """By how much the second outlet's units have higher log-odds of being negative."""
    copies: float
    """Share of stories that are printed more than once."""
    misread: float
    """By how much the log-odds are higher, in the second outlet, that a row is one that the model calls negative."""
    n_stories: int = 800

    def corpus(self, rng: np.random.Generator, n_stories: int | None = None) -> pd.DataFrame:
        """Units: `row` (of the labelled), `story`, `outlet`."""
        n = n_stories or self.n_stories
        outlet = rng.integers(0, 2, n)
        logits = np.log(np.maximum(self.prevalence, 1e-6)) + np.zeros((n, 3))
        logits[:, [0, 2]] += self.inclination * rng.standard_normal((n, 2))
        logits[:, 0] += self.shift * outlet
        shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        sizes = rng.geometric(1 / 5, n)
        story = np.repeat(np.arange(n), sizes)
        edges = shares[story].cumsum(axis=1)
        code = np.minimum((rng.random(len(story))[:, None] > edges).sum(axis=1), 2)
        row = self._row(code, outlet[story], rng)
        again = np.where(rng.random(n) < self.copies, rng.integers(1, 4, n), 0)
        units = np.repeat(np.arange(len(story)), 1 + again[story])
        first = np.r_[True, units[1:] != units[:-1]]
        place = np.arange(len(units)) - np.flatnonzero(first)[first.cumsum() - 1]
        elsewhere = rng.integers(0, 2, (n, 5))  # who prints each copy
        elsewhere[:, 0] = outlet
        return pd.DataFrame({"row": row[units], "story": story[units], "outlet": elsewhere[story[units], place]})

    def _row(self, code: Whole, outlet: Whole, rng: np.random.Generator) -> Whole:
        """A labelled row for each unit with a code."""
        found = np.empty(len(code), dtype=np.int64)
        for one in (0, 1):
            weight = self.rows.weight * np.exp(one * self.misread * (self.rows.said.argmax(axis=1) == 0))
            for value in (0, 1, 2):
                at = np.flatnonzero((code == value) & (outlet == one))
                of = np.flatnonzero(self.rows.code == value)
                edges = weight[of].cumsum()
                found[at] = of[np.searchsorted(edges, rng.random(len(at)) * edges[-1], side="right")]
        return found


def values(rows: Labelled, measure: str) -> tuple[Floats, Floats]:
    """A measure of each labelled row as coded, and as the model has it."""
    if measure == "mean":
        return CODES[rows.code], rows.said @ CODES
    at = ("negative", "neutral", "positive").index(measure)
    return (rows.code == at).astype(float), rows.said[:, at]


def drawn(units: pd.DataFrame, rows: Labelled, n: int, allocation: str, rng: np.random.Generator) -> pd.DataFrame:
    """A stratified sample: `at` (of the units), `probability`, `stratum`."""
    label = rows.said.argmax(axis=1)[units["row"].to_numpy()]
    outlet = units["outlet"].to_numpy()
    strata = {"proportional": np.zeros(len(units), int), "equal": outlet, "neyman": outlet * 3 + label}[allocation]
    size = np.bincount(strata).astype(float)
    aim = size.copy()
    if allocation == "equal":
        aim[:] = 1
    if allocation == "neyman":
        said = rows.said[units["row"].to_numpy()]
        spread = (said * (1 - said)).sum(axis=1)
        aim = size * np.sqrt(np.maximum(np.bincount(strata, weights=spread) / np.maximum(size, 1), 0.02))
    take = np.minimum(np.maximum(np.round(n * aim / aim.sum()), np.minimum(size, 2)), size).astype(int)
    order = np.lexsort((rng.random(len(units)), strata))
    rank = np.empty(len(units), dtype=int)
    rank[order] = np.arange(len(units)) - np.repeat(np.r_[0, np.cumsum(size)[:-1]].astype(int), size.astype(int))
    at = np.flatnonzero(rank < take[strata])
    return pd.DataFrame({"at": at, "probability": (take / np.maximum(size, 1))[strata[at]], "stratum": strata[at]})


def worlds(folder: Path) -> list[World]:
    """The worlds that are simulated."""
    news, real = newsmtsc(folder), field(folder)
    good = news.better(0.95, np.random.default_rng(5))
    return [
        World("NewsMTSC, its prevalence", news, news.prevalence, 0.7, 0.5, 0.2, 0.0),
        World("NewsMTSC, prevalence of the field", news, real.prevalence, 0.7, 0.5, 0.2, 0.0),
        World("field errors", real, real.prevalence, 0.7, 0.5, 0.2, 0.0),
        World("field errors, other in one outlet", real, real.prevalence, 0.7, 0.0, 0.2, 1.0),
        World("field errors, strong clusters, many copies", real, real.prevalence, 1.5, 0.5, 0.5, 0.0),
        World("a good model", good, np.array([0.25, 0.6, 0.15]), 0.7, 0.5, 0.2, 0.0),
    ]


def truth_of(world: World) -> dict[str, Floats]:
    """Each measure in both outlets, and in one and the other, from a corpus of very many stories."""
    units = world.corpus(np.random.default_rng(99), 60_000)
    row, outlet = units["row"].to_numpy(), units["outlet"].to_numpy()
    found = {}
    for measure in MEASURES:
        y = values(world.rows, measure)[0][row]
        found[measure] = np.array([y.mean(), y[outlet == 0].mean(), y[outlet == 1].mean()])
    return found


def one_run(
    world: World, n: int, allocation: str, about: str, truth: dict[str, Floats], rng: np.random.Generator
) -> list[tuple[Any, ...]]:
    """Whether the intervals of a corpus and sample cover the truth: a row per measure, see `COLUMNS`."""
    units = world.corpus(rng)
    sample = drawn(units, world.rows, n, allocation, rng)
    at, chances, strata = (sample[name].to_numpy() for name in ("at", "probability", "stratum"))
    row, story = units["row"].to_numpy(), units["story"].to_numpy()
    found = []
    for measure in MEASURES:
        y, f = (one[row] for one in values(world.rows, measure))
        for group in (np.zeros(len(units), dtype=np.int64), units["outlet"].to_numpy()):
            population = Population.of(group, story, f)
            coded = Coded(group[at], story[at], f[at], y[at], chances, strata)
            estimates = corrected(population, coded, share=measure != "mean", generalize=about == ABOUT[1])
            here = np.bincount(group, weights=y) / np.bincount(group)
            everywhere = truth[measure][1:] if len(here) > 1 else truth[measure][:1]
            found += _checked(estimates, measure, about, here if about == ABOUT[0] else everywhere)
    return found


ABOUT: Final = ("this corpus", "articles like these")
COLUMNS: Final = ("about", "measure", "given", "covered", "width", "worth", "model")


def _checked(estimates: Estimates, measure: str, about: str, truth: Floats) -> list[tuple[Any, ...]]:
    low, high = estimates.interval()
    kind = "share" if estimates.share else "mean"
    name = f"{kind} of {measure}" if estimates.share else kind
    at = len(truth) - 1
    worth = estimates.worth[at] / max(estimates.n_coded[at], 1)
    rows = [(low[at], high[at], truth[at], worth, estimates.model[at], f"{name}{', one outlet' if at else ''}")]
    if at:
        gap = Differences(estimates, np.array([1]), np.array([0]))
        (less,), (more,) = gap.interval()
        rows.append(
            (less, more, truth[1] - truth[0], np.nan, estimates.model[1] - estimates.model[0], f"{name}, difference")
        )
    return [
        (about, what, not np.isnan(a), a <= true <= b, b - a, worth, model) for a, b, true, worth, model, what in rows
    ]


def simulated(task: tuple[World, int, str, int]) -> pd.DataFrame:
    """Coverage of each measure in one world, with one number of codings and allocation."""
    world, n, allocation, runs = task
    rng = np.random.default_rng([n, ALLOCATIONS.index(allocation), len(world.name)])
    truth = truth_of(world)
    rows = [row for i in range(2 * runs) for row in one_run(world, n, allocation, ABOUT[i % 2], truth, rng)]
    table = pd.DataFrame(rows, columns=COLUMNS)
    table["wrong"] = table["given"] & ~table["covered"]
    table["covered"] = table["covered"].where(table["given"]).astype(float)
    keys = ["about", "measure"]
    means = table.groupby(keys, sort=False)[["given", "covered", "wrong"]].mean()
    medians = table.groupby(keys, sort=False)[["width", "worth"]].median()
    return means.join(medians).reset_index().assign(world=world.name, n=n, allocation=allocation, runs=runs)


def shuffled(task: tuple[World, int, str, int]) -> dict[str, Any]:
    """How often a difference is called significant where labels are shuffled between the outlets, story by story."""
    world, n, allocation, runs = task
    world = replace(world, shift=0.0, misread=0.0)
    rng = np.random.default_rng([n, ALLOCATIONS.index(allocation), 7])
    called: dict[str, list[bool]] = {}
    pair = (np.array([0]), np.array([1]))
    for _ in range(runs):
        units = world.corpus(rng)
        units["outlet"] = rng.integers(0, 2, units["story"].max() + 1)[units["story"]]
        sample = drawn(units, world.rows, n, allocation, rng)
        at, chances, strata = (sample[name].to_numpy() for name in ("at", "probability", "stratum"))
        row, story, group = (units[name].to_numpy() for name in ("row", "story", "outlet"))
        for measure in ("mean", "negative"):
            y, f = (one[row] for one in values(world.rows, measure))
            population = Population.of(group, story, f)
            coded = Coded(group[at], story[at], f[at], y[at], chances, strata)
            share = measure != "mean"
            for name, estimates in (
                ("corrected", corrected(population, coded, share=share)),
                ("model alone", model_alone(population, share=share)),
            ):
                p = Differences(estimates, *pair).p[0]
                called.setdefault(f"{name}, {measure}", []).extend([] if np.isnan(p) else [p < 0.05])
    rates = {name: float(np.mean(one)) if one else np.nan for name, one in called.items()}
    return {"world": world.name, "n": n, "allocation": allocation, "runs": runs, **rates}


def judged(table: pd.DataFrame) -> pd.Series:
    """Which rows are as they should be."""
    chance = 2 * np.sqrt(0.95 * 0.05 / (table["runs"] * table["given"]).clip(lower=1))
    inside = table["covered"].between(INSIDE[0] - chance, INSIDE[1] + chance)
    few = table["given"] < 0.9
    return inside.where(~few, table["wrong"] <= 1 - INSIDE[0])


def shown(table: pd.DataFrame) -> str:
    """Coverage by number of codings: the least and greatest over measures and allocations, and the worth."""
    rows = []
    for keys, part in table.groupby(["world", "about", "n"], sort=False):
        enough = part[part["given"] >= 0.9]
        rows.append(
            {
                **dict(zip(["world", "about", "n"], keys, strict=True)),
                "cells": len(enough),
                "least": enough["covered"].min(),
                "mean": enough["covered"].mean(),
                "greatest": enough["covered"].max(),
                "too few cases": len(part) - len(enough),
                "given and wrong there": part.loc[part["given"] < 0.9, "wrong"].max(),
                "worth per coding": enough["worth"].median(),
            }
        )
    return str(pd.DataFrame(rows).round(3).to_string(index=False))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--csv", type=Path)
    parser.add_argument("--only", default="", help="worlds whose name has this in it")
    options = parser.parse_args()
    chosen = [world for world in worlds(options.shared) if options.only in world.name]
    tasks = [(world, n, allocation, options.runs) for world in chosen for n in SIZES for allocation in ALLOCATIONS]
    with ProcessPoolExecutor(options.processes) as pool:
        table = pd.concat(tqdm(pool.map(simulated, tasks), total=len(tasks), disable=None), ignore_index=True)
        null = [(world, n, "proportional", 2 * options.runs) for world in chosen[::2] for n in (200, 800)]
        rates = pd.DataFrame(pool.map(shuffled, null))
    table["right"] = judged(table)
    if options.csv:
        table.to_csv(options.csv, index=False)
    print(shown(table))
    print(f"\n{table['right'].sum()} of {len(table)} as they should be; not:")
    print(table[~table["right"]].round(3).to_string(index=False))
    print("\nNo difference, but called significant:")
    print(rates.round(3).to_string(index=False))
    found = rates.drop(columns=["world", "n", "allocation", "runs"])
    chance = 2 * np.sqrt(0.05 * 0.95 / (2 * options.runs))
    null_right = bool((found.isna() | ((found > 0.04 - chance) & (found < 0.06 + chance))).to_numpy().all())
    return int(not (table["right"].all() and null_right))


if __name__ == "__main__":
    sys.exit(main())
