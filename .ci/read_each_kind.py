"""Read and annotate three invented articles from a file of each kind; called by `newest`, with their layouts."""

import runpy
import sys
import tempfile
import warnings
from pathlib import Path

import newskit as nk

# The warnings of others are shown and are no reason to fail: their newest versions may well warn.
warnings.simplefilter("default")
layouts = runpy.run_path(sys.argv[1])
wrong = []
with tempfile.TemporaryDirectory() as folder:
    for name, (kind, write) in layouts["FILES"].items():
        write(Path(folder, name))
        report = nk.import_report(Path(folder, name))
        formats, n = set(report.files["format"]), report.files["read"].sum()
        if formats != {kind} or n != 3:
            wrong.append(f"{name}: {n} articles as {formats}, not 3 as {kind}: {', '.join(report.files['note'])}")
    corpus = nk.annotate(Path(folder, "rows.csv"), codebooks=["news_frames"])
if not (corpus.articles["status"] == "annotated").all() or "lena-brask" not in set(corpus.actors["actor_id"]):
    wrong.append(f"annotate: {corpus}")
nk.plot_actor_frequency(nk.actor_frequency(corpus))
print(*wrong or [f"newskit {nk.__version__} reads all {len(layouts['FILES'])} kinds of file"], sep="\n")
sys.exit(bool(wrong))
