"""Networks as files: what is read back is what was in the table."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import newskit as nk
from newskit.output.networks import write_graphml

XML = "{http://graphml.graphdrawing.org/xmlns}"


@pytest.fixture
def network() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "actor_id": ["ann", "ben", "ann"],
            "actor": ["Ann & Co", "Ben", "Ann & Co"],
            "issue": ["toll", "toll", "tax"],
            "support": [2, 0, 1],
            "opposition": [0, 3, 0],
            "condition": [0, 0, 0],
            "ambivalence": [0, 0, 1],
            "n": [2, 3, 2],
            "n_articles": [1, 2, 2],
            "agreement": [1.0, -1.0, np.nan],
        }
    )


def read_graphml(path: Path) -> tuple[dict[str, dict[str, str]], dict[tuple[str, str], dict[str, str]]]:
    """Attributes of the nodes and the edges, by their declared names."""
    root = ET.parse(path).getroot()
    names = {key.attrib["id"]: key.attrib["attr.name"] for key in root.iter(f"{XML}key")}
    data = {
        element: {names[item.attrib["key"]]: item.text or "" for item in element.iter(f"{XML}data")}
        for element in [*root.iter(f"{XML}node"), *root.iter(f"{XML}edge")]
    }
    nodes = {element.attrib["id"]: values for element, values in data.items() if "id" in element.attrib}
    edges = {
        (element.attrib["source"], element.attrib["target"]): values
        for element, values in data.items()
        if "source" in element.attrib
    }
    return nodes, edges


def test_csv_is_the_table(network: pd.DataFrame, tmp_path: Path) -> None:
    path = nk.save_discourse_network(network, tmp_path / "network.csv")
    assert path == tmp_path / "network.csv"
    pd.testing.assert_frame_equal(pd.read_csv(path).astype(network.dtypes.to_dict()), network)


def test_csv_has_no_cell_that_a_spreadsheet_runs(network: pd.DataFrame, tmp_path: Path) -> None:
    named = network.assign(actor="=1+1", agreement=-1.0)
    safe, plain = tmp_path / "safe.csv", tmp_path / "plain.csv"
    nk.save_discourse_network(named, safe)
    nk.save_discourse_network(named, plain, escape_formulas=False)
    assert {*pd.read_csv(safe)["actor"]} == {"'=1+1"}
    assert {*pd.read_csv(plain)["actor"]} == {"=1+1"}
    assert {*pd.read_csv(safe)["agreement"]} == {-1.0}


def test_graphml_has_two_modes(network: pd.DataFrame, tmp_path: Path) -> None:
    nodes, edges = read_graphml(nk.save_discourse_network(network, str(tmp_path / "network.graphml")))
    assert nodes == {
        "actor:ann": {"label": "Ann & Co", "mode": "actor"},
        "actor:ben": {"label": "Ben", "mode": "actor"},
        "issue:tax": {"label": "tax", "mode": "issue"},
        "issue:toll": {"label": "toll", "mode": "issue"},
    }
    assert set(edges) == {("actor:ann", "issue:toll"), ("actor:ben", "issue:toll"), ("actor:ann", "issue:tax")}
    toll = edges["actor:ben", "issue:toll"]
    assert (toll["opposition"], toll["n"], toll["n_articles"], toll["agreement"]) == ("3", "3", "2", "-1.0")
    assert "agreement" not in edges["actor:ann", "issue:tax"], "a missing value is left out"


def test_attributes_have_types(tmp_path: Path) -> None:
    nodes = pd.DataFrame({"id": ["a"], "n": [1], "share": [0.5], "label": ["A"]})
    edges = pd.DataFrame({"source": ["a"], "target": ["a"]})
    write_graphml(tmp_path / "g.graphml", nodes, edges, name="g")
    keys = ET.parse(tmp_path / "g.graphml").getroot().iter(f"{XML}key")
    assert {key.attrib["attr.name"]: key.attrib["attr.type"] for key in keys} == {
        "n": "long",
        "share": "double",
        "label": "string",
    }


def test_what_xml_cannot_hold(network: pd.DataFrame, tmp_path: Path) -> None:
    hostile = network.assign(actor="A\x00\x0b<b>\x1f")
    nodes, _ = read_graphml(nk.save_discourse_network(hostile, tmp_path / "network.graphml"))
    assert nodes["actor:ann"]["label"] == "A  <b> "


def test_what_is_refused(network: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"network.xlsx: a discourse network is written as .graphml or .csv"):
        nk.save_discourse_network(network, tmp_path / "network.xlsx")
    with pytest.raises(ValueError, match=r"expected the table from discourse_network\(…\)"):
        nk.save_discourse_network(network.drop(columns="issue"), tmp_path / "network.csv")
    assert not list(tmp_path.iterdir())
