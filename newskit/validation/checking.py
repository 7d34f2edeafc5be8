"""A decision of a coder, and whether it fits the sample."""

from __future__ import annotations

from typing import Final, NamedTuple

from newskit.errors import CodingsError
from newskit.resources.nearest import nearest
from newskit.schema import RESULTS
from newskit.validation.samples import Sample

SETTLED: Final = "settled"
"""The coder under whose name disagreements are settled."""
NEWSKIT: Final = "newskit"
"""The coder that stands for what newskit said when the sample was drawn."""


def check_coder(coder: str, place: str = "") -> None:
    """Raise `CodingsError` for a name that no coder can have, with the place where it stands."""
    at, plain = f"{place}: " if place else "", coder.strip().casefold()
    if not plain:
        raise CodingsError(f"{at}no coder: say who coded the row" if place else "coder is empty: name who codes")
    if plain == NEWSKIT:
        raise CodingsError(f"{at}{coder!r} stands for newskit's own codes: give the coder another name")
    if plain == SETTLED and coder != SETTLED:
        raise CodingsError(f"{at}{coder!r} is not {SETTLED!r}, who settles disagreements: write it so, or another name")
    if plain in {column.name for column in RESULTS["disagreements"]}:
        raise CodingsError(f"{at}{coder!r} is a column of disagreements: give the coder another name")


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
