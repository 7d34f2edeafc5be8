"""The discourse network that positions make up."""

from __future__ import annotations

import pandas as pd

from newskit.annotation.frames.issues import POSITIONS
from newskit.schema import RESULTS, returns_columns


@returns_columns("discourse_network")
def discourse_network(table: pd.DataFrame) -> pd.DataFrame:
    """Count the positions of each actor on each issue: the discourse network.

    Parameters
    ----------
    table : DataFrame
        Positions from `positions`, on one issue or, joined with `pandas.concat`, on several. A position that was held
        earlier and given up (`when` is "earlier") does not count.

    Returns
    -------
    DataFrame
        One row per actor and issue, most positions first, with the columns

        {columns}

    Raises
    ------
    ValueError
        For a table that lacks columns of `positions`.

    References
    ----------
    Leifeld, P. (2017). Discourse network analysis: policy debates as dynamic networks. In J. N. Victor, A. H.
    Montgomery and M. Lubell (eds.), The Oxford Handbook of Political Networks, 301-325. Oxford University Press.

    Examples
    --------
    >>> discourse_network(positions(corpus, "missile_transfer"))  # doctest: +SKIP
    """
    missing = [column.name for column in RESULTS["positions"] if column.name not in table.columns]
    if missing:
        raise ValueError(f"the table has no column {missing[0]!r}: it must come from positions(…)")
    keys = ["actor_id", "actor", "issue"]
    table = table[table["when"].ne("earlier").fillna(True)]
    grouped = table.groupby(keys, sort=True)
    counts = {name: (table["position"] == name).groupby([table[key] for key in keys]).sum() for name in POSITIONS}
    network = pd.DataFrame(counts).astype("int64").assign(n=grouped.size(), n_articles=grouped["article_id"].nunique())
    plain = (network["support"] + network["opposition"]).where(lambda total: total > 0)
    network = network.assign(agreement=(network["support"] - network["opposition"]) / plain).reset_index()
    return network.sort_values(["n", *keys], ascending=[False, True, True, True], ignore_index=True)
