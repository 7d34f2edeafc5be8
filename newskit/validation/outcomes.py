"""Numbers that codes stand for: the outcomes of a unit, as the model and as coders see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from newskit.schema import LABELS
from newskit.validation.variables import YES_NO, Variable

if TYPE_CHECKING:
    from newskit.validation.codings import Codings

TONES: Final = {"negative": -1.0, "neutral": 0.0, "positive": 1.0}
NOTHING: Final = {"tone": "neutral", "speaks": "no", "fate": "none"}
"""What a row is coded as that is no mention of its target: it says nothing of it."""
_MOST: Final = 12
"""Most different values of a column that is made into indicators."""


class Outcome(NamedTuple):
    """A number that a code stands for."""

    name: str
    variable: str
    values: Mapping[str, float]
    """The number of each code."""
    of: str
    """The kind of row that it is asked of; empty if of all."""

    def coded(self, codings: Codings) -> pd.Series:
        """What coders say, by `row_id`."""
        codes = codings.values(self.variable)
        known = [one.name for one in codings.sample.variables]
        if self.variable in NOTHING and "target_ok" in known:
            meant = codings.values("target_ok")
            others = meant.index[meant == "no"]
            codes = pd.concat([codes[~codes.index.isin(others)], pd.Series(NOTHING[self.variable], index=others)])
        return codes.map(dict(self.values)).astype("float64")

    def modelled(self, units: pd.DataFrame) -> pd.Series | None:
        """What the model says of each unit; None if it says nothing of this."""
        if self.name == "tone" and "score" in units:
            return units["score"].astype("float64")
        if self.name in units and pd.api.types.is_float_dtype(units[self.name]):
            return units[self.name].astype("float64")
        if "hits" in units:
            return units["hits"].map(lambda hits: float(self.variable in hits)).astype("float64")
        column = "voice_code" if self.variable == "voice" and "voice_code" in units else self.variable
        return units[column].map(dict(self.values)).astype("float64") if column in units else None


def outcomes_of(unit: str, variables: Sequence[Variable]) -> list[Outcome]:
    """The outcomes of a unit: the tone as a number, yes as 1, and for other codes whether it is that code."""
    found = []
    for one in variables:
        if one.name == "tone" and unit == "stances":
            found.append(Outcome("tone", "tone", TONES, one.of))
            found += [Outcome(label, "tone", _is(label, one.codes), one.of) for label in LABELS]
        elif one.codes == YES_NO:
            found.append(Outcome(one.name, one.name, _is("yes", one.codes), one.of))
        else:
            found += [Outcome(f"{one.name}_{code}", one.name, _is(code, one.codes), one.of) for code in one.codes]
    return found


def _is(code: str, codes: Sequence[str]) -> dict[str, float]:
    return {one: float(one == code) for one in codes}


def features_of(units: pd.DataFrame, predictions: Sequence[str]) -> NDArray[np.float64]:
    """What the model says of each unit, as numbers: scores as they are, codes as indicators."""
    columns = []
    for name in predictions:
        column = units[name]
        if name == "hits":
            frames = sorted({frame for hits in column for frame in hits})
            columns += [column.map(lambda hits, frame=frame: float(frame in hits)) for frame in frames]
        elif pd.api.types.is_numeric_dtype(column) and not name.endswith(("_start", "_end")):
            columns.append(column.astype("float64"))
        elif column.nunique() <= _MOST:
            columns += [(column == value).astype("float64") for value in sorted(column.dropna().unique())[1:]]
    if not columns:
        return np.zeros((len(units), 0))
    return np.column_stack([column.to_numpy(dtype="float64") for column in columns])
