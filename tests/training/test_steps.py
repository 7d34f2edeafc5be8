"""The steps of training: how they are called, as their docstrings and the READMEs tell it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from newskit.resources.files import model_folder
from tests.conftest import ROOT

FILES = sorted((ROOT / "training").rglob("*.py"))
EVERY_TRAINING = {"--seed", "--epochs", "--rate", "--size"}
CALL = re.compile(r"^ *python -m (training\.[\w.]+)([^#\n]*)", re.MULTILINE)


def is_step(path: Path) -> bool:
    return 'if __name__ == "__main__":' in path.read_text(encoding="utf-8")


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


STEPS = {module_of(path): path for path in FILES if is_step(path)}
TOLD = [path for path in (ROOT / "training").rglob("*") if path.suffix in {".py", ".md"}]
CALLS = [(path, call[1], call[2]) for path in TOLD for call in CALL.finditer(path.read_text(encoding="utf-8"))]


def options_of(step: Path) -> set[str]:
    """The options of a step, read without importing it: most steps need torch."""
    found = {"--help"}
    for node in ast.walk(ast.parse(step.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            found |= {str(a.value) for a in node.args if isinstance(a, ast.Constant) and str(a.value).startswith("--")}
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            found |= EVERY_TRAINING if name == "training_command" else set()
    return found


@pytest.mark.parametrize("module", STEPS)
def test_a_step_says_how_it_is_called(module: str) -> None:
    doc = ast.get_docstring(ast.parse(STEPS[module].read_text(encoding="utf-8"))) or ""
    assert module in [call[1] for call in CALL.finditer(doc)]


def test_the_commands_that_are_told_exist() -> None:
    assert len(CALLS) > 30
    for path, module, arguments in CALLS:
        assert module in STEPS, (path, module)
        unknown = set(re.findall(r"--[\w-]+", arguments)) - options_of(STEPS[module])
        assert not unknown, (path, module, unknown)


@pytest.mark.parametrize("module", ["training.common.encoders", "training.names.make_first_names"])
def test_help_is_the_docstring(module: str) -> None:
    call = [sys.executable, "-m", module, "--help"]
    said = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert f"python -m {module}" in said


def test_modules_find_one_another_by_their_package_alone() -> None:
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                assert ast.unparse(node) not in {"sys.path", "sys.meta_path", "site.addsitedir"}, path
            if isinstance(node, ast.ImportFrom):
                file = ROOT / Path(*(node.module or "").split("."))
                ours = (node.module or "").startswith("training")
                assert not ours or file.with_suffix(".py").is_file() or file.is_dir(), (path, node.module)


@pytest.mark.parametrize(
    ("folder", "model"),
    [
        ("tone", "tone-en"),
        ("directed", "directed-en"),
        ("quotes", "quotes-en"),
        ("actors", "pronouns-en"),
        ("encoder", "sentences-en"),
    ],
)
def test_a_shipped_card_is_the_template_filled_in(folder: str, model: str) -> None:
    template = (ROOT / "training" / folder / "card.md").read_text(encoding="utf-8")
    parts = re.split(r"\$[a-z0-9_]+", template)
    assert len(parts) > 5
    shipped = (model_folder(model) / "README.md").read_text(encoding="utf-8")
    assert re.fullmatch(".+?".join(map(re.escape, parts)), shipped, flags=re.DOTALL)
