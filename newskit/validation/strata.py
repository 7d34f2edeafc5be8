"""Strata of a population, and the rows picked of each."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from newskit.corpus.queries import in_quotes
from newskit.errors import SampleError
from newskit.validation.allocation import allocate, weights_of
from newskit.validation.units import Population

_UNCERTAINTY: Final = "uncertainty"


class Plan(NamedTuple):
    """How to draw."""

    groups: tuple[str, ...]
    finer: tuple[str, ...]
    allocation: str
    n: int
    at_least: int

    @property
    def columns(self) -> list[str]:
        """All columns that make strata."""
        return list(dict.fromkeys([*self.groups, *self.finer]))


def stratify(everything: Population, plan: Plan) -> pd.DataFrame:
    """The strata, numbered: their columns, `population`, `doubt` (mean) and `sampled`, the rows to draw.

    It adds the column `uncertainty` to the units if there are thirds of it.
    """
    ask = everything.connection.execute
    names = plan.columns
    if plan.allocation == "neyman" and _has_thirds(everything, plan):
        inside = f"partition by {', '.join(map(in_quotes, names))}" if names else ""
        third = f"ntile(3) over ({inside} order by doubt, row_id) as {_UNCERTAINTY}"
        ask(f"create temp table thirds as select *, {third} from units")
        ask("drop table units")
        ask("alter table thirds rename to units")
        names.append(_UNCERTAINTY)
    keys = "".join(f"{in_quotes(name)}, " for name in names)
    table = ask(f"select {keys} count(*) as population, avg(doubt) as doubt from units group by all order by all").df()
    table.insert(0, "stratum", range(len(table)))
    groups = table.groupby(list(plan.groups), dropna=False).ngroup() if plan.groups else table["stratum"] * 0
    sizes = table["population"].to_numpy(dtype="int64")
    weights = weights_of(plan.allocation, sizes, np.asarray(groups, dtype=np.int64), table["doubt"].to_numpy())
    try:
        table["sampled"] = allocate(plan.n, sizes, weights=weights, at_least=plan.at_least)
    except ValueError as problem:
        raise SampleError(str(problem)) from None
    everything.connection.register("strata", table)
    return table


def _has_thirds(everything: Population, plan: Plan) -> bool:
    """Whether the model's uncertainty makes strata: it differs, and their least rows leave half of the sample free."""
    keys = ", ".join(map(in_quotes, plan.columns)) or "1"
    doubts, groups = everything.connection.execute(
        f"select (select count(distinct doubt) from units), (select count(*) from (select distinct {keys} from units))"
    ).fetchall()[0]
    return bool(doubts > 3 and 2 * 3 * groups * plan.at_least <= plan.n)


def pick(everything: Population, table: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The units drawn, in random order: of each stratum, whose units are numbered in the order of their ids, some."""
    names = [name for name in table.columns if name not in ("stratum", "population", "doubt", "sampled")]
    picks = [
        (stratum, int(number))
        for stratum, size, sampled in table[["stratum", "population", "sampled"]].itertuples(index=False, name=None)
        for number in rng.choice(size, size=sampled, replace=False)
    ]
    chosen = pd.DataFrame(picks, columns=["stratum", "nth_unit"])
    everything.connection.register("chosen", chosen.assign(nth_row=rng.permutation(len(chosen))))
    same = " and ".join(["true", *(f"u.{in_quotes(name)} is not distinct from s.{in_quotes(name)}" for name in names)])
    drawn: pd.DataFrame = everything.connection.execute(
        f"""with numbered as (
            select u.*, s.stratum, row_number() over (partition by s.stratum order by u.row_id) - 1 as nth_unit
            from units u join strata s on {same}
        )
        select n.* exclude (nth_unit), c.nth_row from numbered n join chosen c using (stratum, nth_unit)
        order by c.nth_row"""
    ).df()
    share = table.set_index("stratum")["sampled"] / table.set_index("stratum")["population"]
    return drawn.assign(probability=drawn["stratum"].map(share)).drop(columns="nth_row")


def listed(table: pd.DataFrame, plan: Plan) -> list[dict[str, Any]]:
    """The strata for the design: number, columns, population, rows drawn, probability."""
    shown = [name for name in [*plan.columns, _UNCERTAINTY] if name in table.columns]
    plain = table[["stratum", *shown, "population", "sampled"]].astype(object)
    plain = plain.assign(probability=table["sampled"] / table["population"])
    return [
        {
            str(name): None if pd.isna(value) else value if isinstance(value, int | float) else str(value)
            for name, value in row.items()
        }
        for row in plain.to_dict("records")
    ]
