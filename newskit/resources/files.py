"""Finding and reading data that ships in the package, or a user's own file of the same kind; writing files whole."""

from __future__ import annotations

import os
import re
import shutil
import tomllib
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from newskit.resources.nearest import nearest

RESOURCES: Final = Path(__file__).parent
_MODELS: Final = RESOURCES / "models"


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """A place to write a file to, which becomes `path` at the end, on the disk as a whole; its folders are made.

    If writing fails, or the process ends, an older file at `path` stays as it was.
    """
    target = Path(os.path.realpath(Path(path).expanduser()))  # a link stays one
    if target.exists() and not target.is_file():
        if target.is_dir():
            raise IsADirectoryError(f"{path} is a folder: give the name of a file")
        yield target  # a pipe or a device
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(
        f".{target.name[:40]}.{uuid.uuid4().hex[:8]}.part"
    )  # its own: two processes may write one file at once
    try:
        yield part
        with part.open("r+b") as file:
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, part)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def find_file(source: str | Path, *, folder: str, what: str, error: type[ValueError]) -> Path:
    """Path of a shipped file, by its name without extension, or of the user's own, by a path ending in .toml.

    Raises `error`, naming the shipped ones, if there is no such file; `what` is what it is called there.
    """
    path = Path(source)
    if path.suffix != ".toml":
        path = RESOURCES / folder / f"{source}.toml"
        if not path.exists():
            shipped = sorted(p.stem for p in path.parent.glob("*.toml"))
            raise error(
                f"no {what} {str(source)!r}{nearest(str(source), shipped)}; shipped: {', '.join(shipped)}; or give the "
                "path of a .toml file"
            )
    if not path.is_file():
        raise error(f"{path}: no such {what} file")
    return path


def read_toml(path: Path, *, error: type[ValueError]) -> tuple[str, dict[str, Any]]:
    """Text and data of a TOML file; raises `error`, naming the file, if it is none."""
    text = path.read_text(encoding="utf-8")
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise error(f"{path}: {problem}") from problem


def line_of(text: str, string: str, *, last: bool = False) -> int:
    """Line, from 1, of the first (or last) place of a string in a text; 1 if it is nowhere."""
    at = text.rfind(string) if last else text.find(string)
    return text.count("\n", 0, max(at, 0)) + 1 if string else 1


class FileChecker:
    """Checks the parts of a data file; what is wrong is raised as `mistake`, with file and line."""

    def __init__(self, path: Path, text: str, mistake: type[ValueError]) -> None:
        self.path, self.text, self.mistake = path, text, mistake

    def error(self, message: str, at: str = "", *, last: bool = False) -> ValueError:
        """The mistake, with the line of the string `at`."""
        return self.mistake(f"{self.path}:{line_of(self.text, at, last=last)}: {message}")

    def version(self, version: object) -> None:
        """Refuse a version that is not MAJOR.MINOR.PATCH."""
        if not re.fullmatch(r"\d+\.\d+\.\d+", str(version)):
            raise self.error(f"version {version!r} is not MAJOR.MINOR.PATCH, such as 1.0.0", str(version))

    def complete(self, table: Mapping[str, Any], keys: Iterable[str], what: str, at: str) -> None:
        """Refuse a table that lacks one of the keys."""
        missing = [key for key in keys if not table.get(key)]
        if missing:
            raise self.error(f"{what} lacks {', '.join(missing)}", at)

    def known(self, table: object, keys: frozenset[str]) -> None:
        """Refuse what is no table, and a key that does not belong in it."""
        if not isinstance(table, Mapping):
            raise self.error(f"a table with {', '.join(sorted(keys))} belongs here, not {table!r}", str(table))
        unknown = sorted(set(table) - keys)
        if unknown:
            raise self.error(f"unknown key {unknown[0]!r}; known here: {', '.join(sorted(keys))}", unknown[0])

    def strings(self, raw: object, owner: str) -> tuple[str, ...]:
        """The value as strings; refuse another."""
        if isinstance(raw, str) or not isinstance(raw, Sequence) or not all(isinstance(one, str) for one in raw):
            raise self.error(f"{owner}: a list of strings belongs here, not {raw!r}", owner)
        return tuple(raw)


def model_folder(name: str) -> Path:
    """The folder of a shipped model."""
    return _MODELS / name


def model_folders() -> list[Path]:
    """The folder of each shipped model."""
    return sorted(path.parent for path in _MODELS.glob("*/model.onnx"))
