"""Summaries and evidence as a reader wants them: the columns that say something, intervals beside values, notes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import pandas as pd

from newskit.output.drawing import in_words
from newskit.output.style import TONE_METHOD_NAMES
from newskit.schema import NOT_VALIDATED

_VALUES: Final = ("share", "mean", "difference")
"""What the columns `low` and `high` of a summary are the interval of."""
_NAMES: Final = {
    "actor_id": "actor",
    "target_id": "target",
    "speaker_id": "speaker",
    "voice": "speaker",
    "frame": "frame_label",
    "item_id": "item",
}
"""Ids that say nothing beside the name."""
_WORKINGS: Final = frozenset(
    {
        *("type", "n_hits", "n_codings", "worth", "reason", "uncorrected", "voice_group", "target_group"),
        *("negative_uncorrected", "neutral_uncorrected", "positive_uncorrected"),
        *("articles_first", "articles_second", "largest_first", "largest_second"),
    }
)
"""Columns for those who check a summary, not for those who read it."""
_REST: Final = {
    "neutral": {"negative", "positive"},
    "evaluated": {"negative", "positive"},
    "indirect": {"direct", "mixed"},
}
"""Shares that follow from others."""
_NOTED: Final = ("measure", "between", "method", "codebook", "kinds", "acts", "count", "resampled", "estimate")
"""Columns that become a note where all rows have the same value."""
_SENTENCE_FIRST: Final = (
    *("sentence", "text", "actor_id", "target_id", "speaker_id", "frame", "position", "voice", "label", "score"),
    *("cue", "source", "content", "kind", "act", "rule", "method", "codebook", "article_id"),
)
"""The columns of evidence that a reader wants, in this order."""


class Paper(NamedTuple):
    """A table to be read: its columns, in which those of intervals stand with their values, and its notes."""

    table: pd.DataFrame
    intervals: Mapping[str, tuple[str, str]]
    """The columns of the limits of an interval, by the column of the value."""
    notes: list[str]


def as_paper(table: pd.DataFrame) -> Paper | None:
    """A summary or evidence as it is read; None for any other table.

    >>> as_paper(pd.DataFrame({"n": [1]})) is None
    True
    """
    names = {*map(str, table.columns)}
    if {"sentence", "article_id", "start", "end"} <= names:
        return Paper(table[[name for name in _SENTENCE_FIRST if name in names]], {}, [])
    value = next((one for one in _VALUES if one in names), None)
    if value is None or not {"low", "high", "estimate"} <= names:
        return None
    intervals = {name: (f"{name}_low", f"{name}_high") for name in names if {f"{name}_low", f"{name}_high"} <= names}
    intervals[value] = ("low", "high")
    constant = [name for name in _NOTED if name in names and table[name].nunique(dropna=False) <= 1]
    hidden = {*constant, *_WORKINGS, *(limit for pair in intervals.values() for limit in pair)}
    hidden |= {one for one, name in _NAMES.items() if name in names}
    hidden |= {one for one, others in _REST.items() if others <= names}
    if "note" in names and table["note"].isna().all():
        hidden.add("note")
    told: dict[str, object] = {str(name): table[name].iloc[0] for name in constant} if len(table) else {}
    given, lacking = table["low"].notna().any(), (table["low"].isna() & table[value].notna()).any()
    notes = _notes(told, given=bool(given), lacking=bool(lacking))
    shown = table[[name for name in table.columns if name not in hidden]]
    known = {name: ends for name, ends in intervals.items() if name in shown.columns and table[ends[0]].notna().any()}
    return Paper(shown, known, notes)


def _notes(told: Mapping[str, object], *, given: bool, lacking: bool) -> list[str]:
    """What all rows have in common, in sentences."""
    notes = []
    if "measure" in told:
        measure = {"tone": "tone", "mentions": "share of mentions", "frames": "share of sentences with a frame"}
        asked = str(told["measure"])
        notes.append(
            f"Differences of {measure.get(asked, f'share of {asked} tone')} between values of {told['between']}."
        )
    if "method" in told:
        method = str(told["method"])
        notes.append(f"Tone from -1 to 1, by {TONE_METHOD_NAMES.get(method, method)}.")
    if "codebook" in told:
        notes.append(f"Codebook: {in_words(told['codebook'])}.")
    if told.get("count") == "stories":
        notes.append("Each story is counted once.")
    units = told.get("resampled", "articles")
    if not given:
        notes.append(f"No intervals: too few {units}, or shares of nothing or everything.")
    over = f"bootstrap over {told['resampled']}" if "resampled" in told else "clustered by article"
    corrected = str(told.get("estimate", NOT_VALIDATED)) != NOT_VALIDATED
    if given:
        notes.append("In brackets: 95 % intervals" + ("." if corrected else f", {over}."))
    if given and lacking:
        notes.append(f"Without brackets: no interval, for too few {units}, or a share of nothing or everything.")
    if "estimate" in told:
        estimate = str(told["estimate"])
        notes.append("Not validated on this corpus." if not corrected else f"{estimate[:1].upper()}{estimate[1:]}.")
    return notes
