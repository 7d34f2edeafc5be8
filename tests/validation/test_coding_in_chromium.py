"""The coding sheet in JupyterLab and Chromium, with real keys. Skipped unless Playwright and Chromium are installed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

import newskit as nk
from newskit.validation.journal import Journal
from tests.conftest import ROOT
from tests.validation.sheets import sample

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
N = 100
CELL = """
import os, pathlib
import newskit as nk
pathlib.Path("pid").write_text(str(os.getpid()))
nk.code_sample(nk.load_sample("sample.json"), coder="{coder}", file="{coder}.jsonl"{more})
"""


def notebook(*cells: str) -> str:
    made: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "id": f"c{at}",
            "metadata": {},
            "source": cell.strip(),
            "outputs": [],
            "execution_count": None,
        }
        for at, cell in enumerate(cells)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return json.dumps({"cells": made, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A server in a folder with a sample and notebooks that code it."""
    folder = tmp_path_factory.mktemp("lab")
    sample(N).save(folder / "sample.json")
    (folder / "ann.ipynb").write_text(notebook(CELL.format(coder="ann", more="")))
    (folder / "ben.ipynb").write_text(notebook(CELL.format(coder="ben", more=", second=True")))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {name: str(folder / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
    options = ["--no-browser", f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token="]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options, "--allow-root", f"--ServerApp.root_dir={folder}"],
            env={**os.environ, **own, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])},
            stdout=log,
            stderr=log,
        )
        url = f"http://127.0.0.1:{port}"
        try:
            wait(lambda: urlopen(f"{url}/api").status == 200, 60)
            yield url, folder
        finally:
            server.terminate()
            server.wait(20)


def wait(ready: Callable[[], Any], seconds: float = 30) -> None:
    """Wait until something is true."""
    end = time.monotonic() + seconds
    while True:
        try:
            if ready():
                return
        except OSError:
            pass
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


class Screen:
    """A notebook in the browser."""

    def __init__(self, browser: Any, lab: tuple[str, Path], name: str) -> None:
        url, self.folder = lab
        self.page = browser.new_page(viewport={"width": 1280, "height": 900})
        self.page.goto(f"{url}/lab/workspaces/{name}/tree/{name}.ipynb?reset")
        self.page.locator(".jp-Notebook .cm-content").first.wait_for(timeout=60_000)
        self.page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
        self.root = self.page.locator(".nk-coding").last

    def run(self) -> None:
        """Run the cell, and wait for the sheet that it makes."""
        self.page.evaluate("document.querySelectorAll('.nk-coding').forEach((old) => old.remove())")
        self.page.locator(".jp-Notebook .cm-content").first.click()
        self.page.keyboard.press("Shift+Enter")
        self.root.wait_for(timeout=60_000)
        self.root.locator(".nk-passage").click()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    @property
    def count(self) -> str:
        return str(self.root.locator(".nk-count").text_content())

    def shot(self, name: str) -> None:
        if "SCREENSHOTS" in os.environ:
            self.root.scroll_into_view_if_needed()
            self.page.screenshot(path=Path(os.environ["SCREENSHOTS"]) / f"{name}.png")


def expected(at: int) -> tuple[str, str]:
    return ("negative", "neutral", "positive")[at % 3], ("yes", "no")[at % 2]


def code(screen: Screen, rows: range) -> None:
    for at in rows:
        screen.press(str(at % 3 + 1), str(at % 2 + 1))


def test_a_hundred_rows_by_keys_with_the_kernel_killed_half_way(lab: tuple[str, Path], browser: Any) -> None:
    screen = Screen(browser, lab, "ann")
    folder = screen.folder
    screen.run()
    n_cells = screen.page.locator(".jp-Notebook .jp-Cell").count()
    assert screen.count == "Row 1 of 100 · 0 coded · ann"
    code(screen, range(0, 50))
    screen.page.wait_for_function("document.querySelector('.nk-saved').textContent === 'saved'")
    screen.shot("light")
    os.kill(int((folder / "pid").read_text()), signal.SIGKILL)
    screen.press("1", "1")
    screen.root.locator(".nk-alert").wait_for(timeout=20_000)
    assert "are not saved: the kernel does not answer" in str(screen.root.locator(".nk-alert").text_content())
    screen.shot("not_saved")
    screen.press("2", "2", "2")
    written = nk.load_codings(folder / "ann.jsonl", sample=sample(N))
    assert len(written.table) == 100, "50 rows, two variables"
    if screen.page.locator(".jp-Dialog").count():
        screen.page.locator(".jp-Dialog button").last.click()
    screen.page.reload()
    screen.page.locator(".jp-Notebook .cm-content").first.wait_for(timeout=60_000)
    screen.run()
    assert screen.count == "Row 51 of 100 · 50 coded · ann"
    code(screen, range(50, 100))
    screen.page.wait_for_function("document.querySelector('.nk-saved').textContent === 'saved'")
    assert "all coded" in screen.count
    assert screen.page.locator(".jp-Notebook .jp-Cell").count() == n_cells, "no key has reached the notebook"
    assert screen.page.evaluate("window.ran") is None, "text of an article has run"
    codings = nk.load_codings(folder / "ann.jsonl", sample=sample(N))
    codes = zip(codings.values("tone"), codings.values("speaks"), strict=True)
    assert [*codes] == [expected(at) for at in range(N)]
    screen.page.close()


def test_a_second_coder_moves_marks_notes_and_looks_up(lab: tuple[str, Path], browser: Any) -> None:
    screen = Screen(browser, lab, "ben")
    screen.run()
    assert screen.count == "Row 1 of 50 · 0 coded · ben"
    n_cells = screen.page.locator(".jp-Notebook .jp-Cell").count()
    screen.press("u", "3", "ArrowUp", "n")
    screen.page.keyboard.type("dd irony? 1 j")
    screen.press("Enter", "ArrowDown", "1")
    assert screen.count.startswith("Row 2 of 50 · 1 coded")
    screen.press("j", "j", "k", "c", "?")
    assert screen.count.startswith("Row 3 of 50")
    assert "Nobody answered." in str(screen.root.locator(".nk-passage").text_content())
    assert screen.root.locator(".nk-book td").last.text_content() == "it is blamed"
    screen.shot("codebook")
    screen.press("Escape", "c", "d", "d", "a", "b", "y", "m", "0", "9")
    screen.root.get_by_role("button", name="negative").click()
    screen.root.get_by_role("button", name="yes").click()
    assert screen.count.startswith("Row 4 of 50 · 2 coded")
    screen.press("g")
    assert screen.count.startswith("Row 5 of 50")
    screen.press("2", "x")
    assert screen.count.startswith("Row 6 of 50 · 3 coded")
    screen.press("k", "k", "k", "k", "k", "k")
    assert screen.count.startswith("Row 1 of 50")
    assert screen.root.locator(".nk-marks").first.text_content() == "unsure · “dd irony? 1 j”"
    assert screen.page.locator(".jp-Notebook .jp-Cell").count() == n_cells
    screen.page.wait_for_function("document.querySelector('.nk-saved').textContent === 'saved'")
    table = nk.load_codings(screen.folder / "ben.jsonl", sample=sample(N)).table
    first = table[table["row_id"] == "r000"].set_index("variable")
    assert [first.loc["tone", name] for name in ("code", "unsure", "note")] == ["positive", True, "dd irony? 1 j"]
    assert table["row_id"].unique().tolist() == ["r000", "r004", "r008"]
    assert table[table["row_id"] == "r008"]["code"].tolist() == ["neutral", "no"]
    screen.page.evaluate("document.querySelector('.nk-coding').focus()")
    screen.press("Control+s")
    wait(lambda: '"execution_count": 1' in (screen.folder / "ben.ipynb").read_text())
    screen.page.evaluate("document.querySelector('.nk-coding').focus()")
    screen.page.keyboard.press("Tab")
    assert screen.page.evaluate("document.activeElement.closest('.nk-codes button') !== null")
    screen.page.close()


def test_disagreements_are_settled_with_both_codes_in_sight(lab: tuple[str, Path], browser: Any) -> None:
    settle = """import newskit as nk
drawn = nk.load_sample("sample.json")
codings = nk.load_codings(["one.jsonl", "two.jsonl"], sample=drawn)
nk.code_sample(drawn, coder="settled", file="settled.jsonl", only=nk.disagreements(codings))"""
    (lab[1] / "settled.ipynb").write_text(notebook(settle))
    for coder, codes in (("one", ["negative", "neutral"]), ("two", ["negative", "positive"])):
        journal = Journal(lab[1] / f"{coder}.jsonl", sample(N), coder)
        for row, code in zip(sample(N).rows["row_id"], codes, strict=False):
            journal.add(row, "tone", code)
    screen = Screen(browser, lab, "settled")
    screen.run()
    assert screen.count == "Row 1 of 1 · 0 coded · settled"
    assert screen.root.locator(".nk-question").count() == 1
    assert screen.root.locator(".nk-marks").text_content() == "one: neutral · two: positive"
    screen.press("2")
    screen.page.wait_for_function("document.querySelector('.nk-saved').textContent === 'saved'")
    files = [lab[1] / f"{coder}.jsonl" for coder in ("one", "two", "settled")]
    assert nk.load_codings(files, sample=sample(N)).values("tone").to_dict() == {"r000": "negative", "r001": "neutral"}
    screen.page.close()


def test_two_views_of_one_sheet_agree(lab: tuple[str, Path], browser: Any) -> None:
    (lab[1] / "cem.ipynb").write_text(
        notebook(
            CELL.format(coder="cem", more="").replace("nk.code_sample", "sheet = nk.code_sample")
            + "display(sheet, sheet)"
        )
    )
    screen = Screen(browser, lab, "cem")
    screen.run()
    screen.press("1", "1")
    first = screen.page.locator(".nk-count").first
    first.get_by_text("Row 1 of 100 · 1 coded · cem").wait_for(timeout=10_000)
    assert screen.count == "Row 2 of 100 · 1 coded · cem"
    screen.page.close()
