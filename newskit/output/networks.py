"""Networks as GraphML (Brandes et al. 2002), for Gephi, visone, igraph and networkx."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any, Final

import pandas as pd

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
