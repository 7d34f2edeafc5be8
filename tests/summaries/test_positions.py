from __future__ import annotations

import numpy as np
import pytest

import newskit as nk
from newskit.schema import result_table
from tests.conftest import declared, dtypes

HELD = {"ann": "support support", "bob": "opposition", "cid": "support opposition", "dot": "condition"}


def test_the_discourse_network_counts() -> None:
    rows = [
        {"actor_id": who, "actor": who.title(), "issue": "missiles", "article_id": f"a{n}", "position": position}
        for who, held in HELD.items()
        for n, position in enumerate(held.split())
    ]
    numbers = {"sentence_id": 0, "start": 0, "end": 1}
    table = result_table("positions", [{**numbers, **row} for row in rows])
    network = nk.discourse_network(table)
    assert dtypes(network) == declared("discourse_network")
    counts = network.set_index("actor_id")[["support", "opposition", "condition", "ambivalence", "n", "n_articles"]]
    assert counts.T.to_dict("list") == {
        "ann": [2, 0, 0, 0, 2, 2],
        "cid": [1, 1, 0, 0, 2, 2],
        "bob": [0, 1, 0, 0, 1, 1],
        "dot": [0, 0, 1, 0, 1, 1],
    }
    agreement = network.set_index("actor_id")["agreement"].to_dict()
    assert (agreement["ann"], agreement["bob"], agreement["cid"]) == (1, -1, 0)
    assert np.isnan(agreement["dot"])
    with pytest.raises(ValueError, match="must come from positions"):
        nk.discourse_network(network)


def test_a_position_that_was_given_up_does_not_count() -> None:
    numbers = {"actor_id": "ann", "actor": "Ann", "issue": "missiles", "sentence_id": 0, "start": 0, "end": 1}
    rows = [
        {"article_id": "a", "position": "opposition", "when": "earlier"},
        {"article_id": "b", "position": "support", "when": "now"},
    ]
    (row,) = nk.discourse_network(result_table("positions", [{**numbers, **row} for row in rows])).to_dict("records")
    assert (row["support"], row["opposition"], row["n"], row["agreement"]) == (1, 0, 1, 1.0)
    earlier = result_table("positions", [{**numbers, **rows[0]}])
    assert nk.discourse_network(earlier).empty
