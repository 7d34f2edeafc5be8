"""Networks of actors as GraphML or CSV, for network software."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any, Final

import pandas as pd

from newskit.annotation.frames.issues import POSITIONS

CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""What XML cannot hold."""


def write_graphml(path: Path, nodes: pd.DataFrame, edges: pd.DataFrame, *, name: str) -> None:
    """Write an undirected network. `nodes` has a column `id`, `edges` have `source` and `target`.

    The other columns are attributes; a missing value is left out.
    """
    root = ET.Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    kinds = (("node", nodes, ("id",)), ("edge", edges, ("source", "target")))
    for of, table, ends in kinds:
        for column in [name for name in table.columns if name not in ends]:
            key = {"id": f"{of}_{column}", "for": of, "attr.name": str(column), "attr.type": _kind(table[column])}
            ET.SubElement(root, "key", key)
    graph = ET.SubElement(root, "graph", id=name, edgedefault="undirected")
    for of, table, ends in kinds:
        for row in table.to_dict("records"):
            element = ET.SubElement(graph, of, {end: _plain(row.pop(end)) for end in ends})
            for attribute, value in row.items():
                if not pd.isna(value):
                    ET.SubElement(element, "data", key=f"{of}_{attribute}").text = _plain(value)
    ET.indent(root, space=" ")
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _kind(column: pd.Series) -> str:
    if pd.api.types.is_integer_dtype(column):
        return "long"
    return "double" if pd.api.types.is_float_dtype(column) else "string"


def _plain(value: Any) -> str:
    return CONTROL.sub(" ", str(value))


def save_discourse_network(network: pd.DataFrame, path: str | Path) -> Path:
    """Write a discourse network as a GraphML file (.graphml; for visone, Gephi, igraph) or a table (.csv).

    In GraphML actors and issues are the nodes of a two-mode graph (attributes `label`, `mode`), with an edge where
    an actor has a position on an issue and the other columns of `discourse_network` as its attributes; an agreement
    that is NaN is left out. Returns the path. Raises `ValueError` for another table or ending.
    """
    target = Path(path)
    if not {"actor_id", "issue", "agreement"} <= set(network.columns):
        raise ValueError("this writes the table from discourse_network(…)")
    if target.suffix == ".csv":
        network.to_csv(target, index=False)
    elif target.suffix == ".graphml":
        write_graphml(target, *_two_modes(network), name="discourse")
    else:
        raise ValueError(f"{target.name}: a discourse network is written as .graphml or .csv")
    return target


def _two_modes(network: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The nodes and the edges of the network."""
    actors = network.drop_duplicates("actor_id")
    issues = sorted(network["issue"].unique())
    nodes = pd.DataFrame(
        {
            "id": [*("actor:" + actors["actor_id"]), *(f"issue:{issue}" for issue in issues)],
            "label": [*actors["actor"].astype("str"), *issues],
            "mode": ["actor"] * len(actors) + ["issue"] * len(issues),
        }
    )
    ends = {"source": "actor:" + network["actor_id"], "target": "issue:" + network["issue"]}
    edges = network[[*POSITIONS, "n", "n_articles", "agreement"]].assign(**ends)
    return nodes, edges
