"""A decision of a coder, and whether it fits the sample."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import NamedTuple

from newskit.errors import CodingsError
from newskit.validation.samples import Sample


class Decision(NamedTuple):
    """A code that a coder gave to a variable of a row, and where it is written."""

    row_id: str
    coder: str
    variable: str
    code: str
    unsure: bool
    note: str
    place: str


class Checker:
    """Checks decisions against a sample; a mistake names the place where it stands."""

    def __init__(self, sample: Sample) -> None:
        self.rows = {*sample.rows["row_id"]}
        self.codes = {one.name: {code.casefold(): code for code in one.codes} for one in sample.variables}

    def row(self, place: str, row_id: str) -> None:
        """Raise `CodingsError` for a row that the sample does not have."""
        if row_id not in self.rows:
            raise CodingsError(f"{place}: row {row_id} is not in the sample: was the sheet made from another one?")

    def code(self, place: str, row_id: str, variable: str, code: str) -> str:
        """The code as the sample spells it; raises `CodingsError` for a row, variable or code that it does not have."""
        self.row(place, row_id)
        if variable not in self.codes:
            known = ", ".join(self.codes)
            raise CodingsError(
                f"{place}: no variable {variable!r}{nearest(variable, self.codes)}; the sample has {known}"
            )
        codes = self.codes[variable]
        found = codes.get(code.strip().casefold())
        if found is None:
            known = ", ".join(codes.values())
            raise CodingsError(
                f"{place}: {code!r} is no code of {variable}{nearest(code, codes.values())}; it takes {known}"
            )
        return found


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint at the nearest right spelling, if one is near."""
    spelled = {one.casefold(): one for one in known}
    found = difflib.get_close_matches(word.strip().casefold(), list(spelled), n=1, cutoff=0.5)
    return f" (did you mean {spelled[found[0]]!r}?)" if found else ""
