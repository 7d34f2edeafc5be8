"""What coders are asked of a row, and the codebook pages that say what the codes mean."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from newskit.annotation.frames.codebook import Codebook
from newskit.resources.files import RESOURCES, read_toml

YES_NO: Final = ("yes", "no")
_FOLDER: Final = RESOURCES / "codebooks" / "coding"
PAGES: Final[Mapping[str, tuple[str, ...]]] = {
    "stances": ("tone", "actors"),
    "quotes": ("quotations",),
    "frames": (),
    "mentions": ("actors",),
    "positions": ("positions",),
}
"""The codebook pages of each unit; those of frames are the definitions of their codebook."""


@dataclass(frozen=True)
class Variable:
    """Something that coders decide about a row.

    Attributes
    ----------
    name : str
        Its name in the table of codings.
    codes : tuple of str
        The codes, in the order of the keys 1, 2, 3.
    question : str
        The question that coders answer.
    help : str
        What each code means, one line per code.
    of : str
        The kind of row that it is asked of (`shown` in the rows of a sample); empty if of all.
    """

    name: str
    codes: tuple[str, ...]
    question: str
    help: str = ""
    of: str = ""


def variables_of(unit: str, codebook: Codebook | None = None) -> tuple[Variable, ...]:
    """The variables of a unit, in coding order; with `frames` one per frame of the codebook."""
    if codebook is not None:
        return tuple(
            Variable(frame.name, YES_NO, f"Does the sentence have the frame “{frame.label}”?", frame.definition.strip())
            for frame in codebook.frames
        )
    return tuple(_variable(told) for told in _told()[unit])


def _variable(told: Mapping[str, Any]) -> Variable:
    meanings = "\n".join(f"{code}: {meaning}" for code, meaning in told["codes"].items())
    return Variable(told["name"], tuple(told["codes"]), told["question"], meanings, told.get("of", ""))


@functools.cache
def _told() -> dict[str, Any]:
    return read_toml(_FOLDER / "variables.toml", error=ValueError)[1]


def pages(unit: str) -> str:
    """The codebook pages that ship for a unit, as Markdown."""
    return "\n\n".join((_FOLDER / f"{page}.md").read_text(encoding="utf-8").strip() for page in PAGES[unit])


def frame_page(codebook: Codebook) -> str:
    """The definitions of a codebook of frames, as Markdown."""
    parts = [f"# Codebook: {codebook.title} (version {codebook.version})", codebook.description.strip()]
    for frame in codebook.frames:
        parts += [f"## {frame.label} (`{frame.name}`)", frame.definition.strip()]
        parts += [f"- {kind}: {text}" for kind, texts in _examples(frame.matches, frame.misses) for text in texts]
    return "\n\n".join(part for part in parts if part)


def _examples(matches: tuple[str, ...], misses: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
    return [("yes", matches), ("no", misses)]
