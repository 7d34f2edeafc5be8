"""What coders are asked of a row, and the codebook pages that say what the codes mean."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from newskit.annotation.frames.codebook import Codebook
from newskit.annotation.frames.codebook_files import load_codebook
from newskit.corpus.observations import coded_with
from newskit.errors import CodebookError
from newskit.resources.files import RESOURCES, read_toml
from newskit.validation.unit_queries import Asked

if TYPE_CHECKING:
    from newskit.corpus.corpus import Corpus

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


class Questions(NamedTuple):
    """What coders are asked, and the codebook pages that define it."""

    variables: tuple[Variable, ...]
    pages: str


def questions_of(corpus: Corpus, asked: Asked, codebook: Codebook | str | None = None) -> Questions:
    """The variables of a unit, in coding order, with the pages for coders.

    Frames are the variables of their codebook, whose definitions are the page; of a codebook that is known by its name
    alone, the labels of its frames.
    """
    if asked.unit != "frames":
        about = "" if asked.issue is None else f"\n\nThe issue: {asked.issue.title}. {asked.issue.description}".rstrip()
        return Questions(tuple(_variable(told) for told in _told()[asked.unit]), pages(asked.unit) + about)
    if codebook is None:
        with suppress(CodebookError):
            codebook = load_codebook(str(asked.codebook))
    defined = {frame.name: frame for frame in codebook.frames} if isinstance(codebook, Codebook) else {}
    variables = tuple(
        Variable(
            name,
            YES_NO,
            f"Does the sentence have the frame “{label}”?",
            " ".join(defined[name].definition.split()) if name in defined else "",
        )
        for name, label in coded_with(corpus)[str(asked.codebook)].items()
    )
    return Questions(variables, frame_page(codebook) if isinstance(codebook, Codebook) else "")


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
        examples = [*(("yes", text) for text in frame.matches), *(("no", text) for text in frame.misses)]
        parts += ["\n".join(f"- {code}: {text}" for code, text in examples)]
    return "\n\n".join(part for part in parts if part)
