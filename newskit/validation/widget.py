"""The coding sheet as a notebook widget; what it looks like and its keys are in `widget.js` and `widget.css`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import anywidget
import traitlets

from newskit.validation.journal import Journal
from newskit.validation.samples import Sample

_HERE: Final = Path(__file__).parent


class CodingWidget(anywidget.AnyWidget):
    """A coding sheet; you get one from `code_sample`.

    The page sends each decision, Python writes it to the coder's file and answers; what is not answered is shown as
    not saved.
    """

    _esm = _HERE / "widget.js"
    _css = _HERE / "widget.css"
    rows: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    variables: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    codes = traitlets.Dict().tag(sync=True)
    at = traitlets.Int().tag(sync=True)
    coder = traitlets.Unicode().tag(sync=True)
    codebook = traitlets.Unicode().tag(sync=True)

    def __init__(self, rows: Sequence[dict[str, Any]], sample: Sample, journal: Journal) -> None:
        self.journal = journal
        told = [{"name": v.name, "codes": [*v.codes], "question": v.question, "help": v.help} for v in sample.variables]
        codes = journal.codes()
        super().__init__(
            rows=[*rows],
            variables=told,
            codes=codes,
            at=_first(rows, codes, journal.last_row()),
            coder=journal.coder,
            codebook=sample.codebook,
        )
        self.on_msg(self._save)

    def __repr__(self) -> str:
        return f"CodingWidget({self.coded} of {len(self.rows)} rows coded by {self.coder} in {self.journal.path})"

    @property
    def coded(self) -> int:
        """How many rows have a code for everything that is asked of them."""
        return sum(_is_done(row, self.codes) for row in self.rows)

    def _save(self, _: object, message: Mapping[str, Any], __: object) -> None:
        """Write a decision that the page sends, then say so; or say what went wrong."""
        number = message.get("number")
        try:
            decision = self._checked(message)
            self.journal.add(**decision)
        except (OSError, ValueError) as problem:
            self.send({"number": number, "error": str(problem)})
            return
        told = {name: decision[name] for name in ("code", "unsure", "note")}
        # In place: the page knows it already, and sending all codes back at every key would be slow.
        row_id, variable = decision["row_id"], decision["variable"]
        self.codes.setdefault(row_id, {})[variable] = told
        self.send({"number": number, "row": row_id, "variable": variable, "decision": told})

    def _checked(self, message: Mapping[str, Any]) -> dict[str, Any]:
        row = next((one for one in self.rows if one["id"] == message.get("row")), None)
        variable = next((one for one in self.variables if one["name"] == message.get("variable")), None)
        if row is None or variable is None or variable["name"] not in row["ask"]:
            raise ValueError(f"row {message.get('row')!r} is not asked {message.get('variable')!r}")
        code = message.get("code")
        if code is not None and code not in variable["codes"]:
            raise ValueError(f"{code!r} is no code of {variable['name']!r}")
        marks = {"unsure": bool(message.get("unsure")), "note": str(message.get("note") or "")}
        return {"row_id": row["id"], "variable": variable["name"], "code": code, **marks}


def _is_done(row: Mapping[str, Any], codes: Mapping[str, Any]) -> bool:
    given = codes.get(row["id"], {})
    return all(given.get(name, {}).get("code") for name in row["ask"])


def _first(rows: Sequence[Mapping[str, Any]], codes: Mapping[str, Any], last: str | None) -> int:
    """Where coding goes on: the first row that is not done, at or behind the last one touched, else from the start."""
    start = next((at for at, row in enumerate(rows) if row["id"] == last), 0)
    order = [*range(start, len(rows)), *range(start)]
    return next((at for at in order if not _is_done(rows[at], codes)), start)
