"""The same call on a Dask cluster of this machine: two worker processes, one of which is killed meanwhile."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest
from spacy.language import Language

import newskit as nk
from tests.corpus.samples import articles, assert_same, content

distributed = pytest.importorskip("distributed")
# What a killed worker makes the others say is no fault of newskit.
pytestmark = pytest.mark.filterwarnings("default")


def test_without_a_cluster() -> None:
    with pytest.raises(ValueError, match=r"needs a cluster: first make dask.distributed.Client"):
        nk.annotate(articles(1), engine="dask")


def test_a_worker_is_killed(nlp: Language, tmp_path: Path) -> None:
    out, books = tmp_path / "c", ["news_frames", "missile_debate"]
    cluster = distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None)
    with cluster, distributed.Client(cluster) as client:
        pids = list(client.run(os.getpid).values())
        assert len(set(pids)) == 2
        killed = []

        def kill() -> None:
            while not list(out.glob("shards/*.json")):
                time.sleep(0.01)
            os.kill(pids[0], signal.SIGKILL)
            killed.append(len(list(out.glob("shards/*.json"))))

        threading.Thread(target=kill, daemon=True).start()
        corpus = nk.annotate(articles(24), codebooks=books, engine="dask", out=out, shard_size=2, progress=False)
    assert killed, "the worker was killed during the run"
    assert killed[0] < 12
    assert_same(corpus, nk.annotate(articles(24), nlp=nlp, out=tmp_path / "serial", shard_size=2))
    assert content(out) == content(tmp_path / "serial")
