"""A coder's file while it is written: each decision a line, on the disk before the next key is pressed."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newskit.errors import CodingsError
from newskit.validation.codings import header, load_codings
from newskit.validation.samples import Sample


class Journal:
    """The append-only file of one coder: a header, then one line of JSON for each decision.

    Raises `CodingsError` if the file is another coder's. What a crash left of a last line is removed.
    """

    def __init__(self, path: str | Path, sample: Sample, coder: str) -> None:
        self.path, self.sample, self.coder = Path(path).expanduser(), sample, coder
        first = header(sample, coder)
        written = self.path.read_text(encoding="utf-8", errors="replace") if self.path.is_file() else ""
        if _line(first).startswith(written):  # new, or stopped before the header was whole
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.unlink(missing_ok=True)
            self._write(first)
        else:
            _check_coder(self.path, coder)
            _mend(self.path)

    def codes(self) -> dict[str, dict[str, dict[str, object]]]:
        """What is decided so far: for each row and variable the code (None if there is none), `unsure` and `note`.

        Raises `CodingsError` for a line that does not fit the sample.
        """
        load_codings(self.path, sample=self.sample)
        found: dict[str, dict[str, dict[str, object]]] = {}
        for told in self._decisions():
            marks = {name: told[name] for name in ("code", "unsure", "note")}
            found.setdefault(told["row_id"], {})[told["variable"]] = marks
        return found

    def last_row(self) -> str | None:
        """The row of the last decision; None if there is none yet."""
        decisions = self._decisions()
        return str(decisions[-1]["row_id"]) if decisions else None

    def _decisions(self) -> list[dict[str, Any]]:
        lines = self.path.read_text(encoding="utf-8").split("\n")
        return [json.loads(line) for line in lines[1:] if line.strip()]

    def add(self, row_id: str, variable: str, code: str | None, *, unsure: bool = False, note: str = "") -> None:
        """Write a decision; it is on the disk when this returns. A code of None takes the last one back."""
        decision = {"row_id": row_id, "coder": self.coder, "variable": variable, "code": code}
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._write({**decision, "unsure": unsure, "note": note, "at": now})

    def _write(self, told: dict[str, Any]) -> None:
        with self.path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(_line(told))
            file.flush()
            os.fsync(file.fileno())


def _line(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False) + "\n"


def _check_coder(path: Path, coder: str) -> None:
    """Refuse a file that is no coder's, or another one's."""
    with path.open(encoding="utf-8") as file:
        first = file.readline()
    try:
        owner = json.loads(first).get("coder")
    except (ValueError, AttributeError):
        raise CodingsError(f"{path} is no file of codings: give another name, it is made anew") from None
    if owner != coder:
        raise CodingsError(f"{path} has the codings of {owner}: give {coder} a file of their own")


def _mend(path: Path) -> None:
    """End the last line, or cut it off if it is not whole: the machine stopped while it was written."""
    raw = path.read_bytes()
    if raw.endswith(b"\n"):
        return
    whole, _, last = raw.rpartition(b"\n")
    with path.open("r+b") as file:
        try:
            json.loads(last)
            file.seek(0, os.SEEK_END)
            file.write(b"\n")
        except ValueError:
            file.truncate(len(whole) + 1 if whole else 0)
