"""The project around the package: imports, notebooks, locks."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import newskit as nk
from tests.conftest import ROOT


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_import_loads_nothing_heavy() -> None:
    loaded = run("import sys, newskit; print(' '.join(m.partition('.')[0] for m in sys.modules))").split()
    assert {"spacy", "pandas", "numpy", "matplotlib", "textblob", "trafilatura", "scipy"}.isdisjoint(loaded)


def test_tables_do_not_need_matplotlib_and_plots_do_not_need_spacy() -> None:
    tables = "import sys, newskit as nk; nk.annotate, nk.stance_summary; print('matplotlib' in sys.modules)"
    assert "False" in run(tables)
    assert "False" in run("import sys, newskit as nk; nk.plot_stance_summary; print('spacy' in sys.modules)")
    assert "False" in run("import sys, newskit as nk; nk.actor_frequency; print('spacy' in sys.modules)")


def test_every_public_name_exists_and_is_documented() -> None:
    names = dir(nk)
    for name in names:
        assert (getattr(nk, name).__doc__ or "").strip(), name
    assert {"annotate", "read_article", "Corpus", "show_article"} <= set(names)
    for name in (
        "actor_frequency",
        "stance_summary",
        "voice_matrix",
        "source_summary",
        "frame_summary",
        "keyness",
        "concordance",
    ):
        assert {name, f"plot_{name}"} <= set(names)


def test_environment_yml_installs_the_lock() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    pip = next(entry for entry in environment["dependencies"] if isinstance(entry, dict))["pip"]
    lock = next(line.split()[-1] for line in pip if line.startswith("--requirement"))
    assert (ROOT / lock).is_file()


def test_lock_has_every_dependency_with_hashes() -> None:
    lock = (ROOT / ".ci" / "requirements.lock").read_text()
    pinned = dict(re.findall(r"^([a-z0-9_.-]+)==(\S+)", lock, flags=re.MULTILINE | re.IGNORECASE))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["notebooks"], *extras["dev"], *extras["dask"]]
    for requirement in wanted:
        name = re.split(r"[^\w.-]", requirement)[0].lower()
        assert name in pinned, name
    entries = re.split(r"\n(?=\S)", lock)
    assert all("--hash=sha256:" in entry for entry in entries if "==" in entry.partition("\n")[0])


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_notebooks_are_committed_without_outputs(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert code
    for cell in code:
        assert cell["outputs"] == []
        assert cell["execution_count"] is None
        assert not re.search(r"^\s*def ", "".join(cell["source"]), flags=re.MULTILINE)


def test_readme_figures_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    figures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", readme)
    assert len(figures) >= 3
    for figure in figures:
        assert (ROOT / figure).is_file(), figure
