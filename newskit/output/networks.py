"""Networks of actors as GraphML or CSV, for network software."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pandas as pd

from newskit.annotation.frames.issues import POSITIONS
from newskit.resources.files import whole_file
from newskit.resources.spreadsheets import XML_FORBIDDEN, safe_cells


def save_discourse_network(network: pd.DataFrame, path: str | Path, *, escape_formulas: bool = True) -> Path:
    """Write a discourse network as GraphML or CSV.

    Parameters
    ----------
    network : DataFrame
        The table from `discourse_network`.
    path : str or Path
        The file to write, which is replaced if it exists; it ends in `.graphml` (for visone, Gephi, igraph or
        networkx) or `.csv` (the table as it is).
    escape_formulas : bool, default True
        In CSV, whether a text that a spreadsheet would run as a formula gets an apostrophe in front, as in
        `export_corpus`.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ValueError
        If the table does not come from `discourse_network`, or the file name ends otherwise.

    Notes
    -----
    In GraphML, actors and issues are the nodes of an undirected two-mode graph, with attributes `label` and `mode`
    (actor or issue). An edge joins an actor with an issue on which it has a position; its attributes are the other
    columns of the table, without an agreement that is NaN. Discourse networks are those of Leifeld (2017).

    Examples
    --------
    >>> import tempfile
    >>> counts = {"support": 0, "opposition": 1, "condition": 0, "ambivalence": 0, "n": 1, "n_articles": 1}
    >>> network = pd.DataFrame([{"actor_id": "eu", "actor": "EU", "issue": "toll", **counts, "agreement": -1.0}])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = save_discourse_network(network, Path(folder) / "toll.graphml")
    ...     [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if "<edge" in line]
    ['<edge source="actor:eu" target="issue:toll">']
    """
    target = Path(path)
    if not {"actor_id", "issue", "agreement"} <= set(network.columns):
        raise ValueError("expected the table from discourse_network(…)")
    if target.suffix == ".csv":
        with whole_file(target) as part:
            (safe_cells(network) if escape_formulas else network).to_csv(part, index=False)
    elif target.suffix == ".graphml":
        write_graphml(target, *_two_modes(network), name="discourse")
    else:
        raise ValueError(f"{target.name}: a discourse network is written as .graphml or .csv")
    return target


def _two_modes(network: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The nodes (actors and issues) and the edges of a discourse network."""
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


def write_graphml(path: Path, nodes: pd.DataFrame, edges: pd.DataFrame, *, name: str) -> None:
    """Write an undirected network: `nodes` has a column `id`, `edges` have `source` and `target`.

    The other columns become attributes; missing values are left out.
    """
    root = ET.Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    kinds = (("node", nodes, ("id",)), ("edge", edges, ("source", "target")))
    for of, table, ends in kinds:
        for column in [name for name in table.columns if name not in ends]:
            key = {"id": f"{of}_{column}", "for": of, "attr.name": str(column)}
            ET.SubElement(root, "key", key | {"attr.type": _attribute_type(table[column])})
    graph = ET.SubElement(root, "graph", id=name, edgedefault="undirected")
    for of, table, ends in kinds:
        for row in table.to_dict("records"):
            element = ET.SubElement(graph, of, {end: _xml_text(row.pop(end)) for end in ends})
            for attribute, value in row.items():
                if not pd.isna(value):
                    ET.SubElement(element, "data", key=f"{of}_{attribute}").text = _xml_text(value)
    ET.indent(root, space=" ")
    with whole_file(path) as part:
        ET.ElementTree(root).write(part, encoding="utf-8", xml_declaration=True)


def _attribute_type(column: pd.Series) -> str:
    """The GraphML type of a column."""
    if pd.api.types.is_integer_dtype(column):
        return "long"
    return "double" if pd.api.types.is_float_dtype(column) else "string"


def _xml_text(value: Any) -> str:
    return XML_FORBIDDEN.sub(" ", str(value))
