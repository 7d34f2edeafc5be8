"""What a corpus records about how it was made: versions, models, catalogue, codebooks, with hashes of their content."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from newskit.annotation.actors.catalog import ActorCatalog
from newskit.annotation.actors.catalog_files import catalog_to_json
from newskit.annotation.actors.ranker import PRONOUNS
from newskit.annotation.frames.codebook import Codebook
from newskit.annotation.tone.accurate import load_accurate_model
from newskit.annotation.tone.directed import DIRECTED, load_directed_model
from newskit.annotation.tone.model import load_tone_model
from newskit.resources.files import model_folder, model_folders
from newskit.resources.onnx import file_hash, model_hash

if TYPE_CHECKING:
    from spacy.language import Language

    from newskit.annotation.components import FramesComponent


def catalog_note(catalog: ActorCatalog) -> dict[str, str]:
    """What a manifest records of a catalogue."""
    return {"name": catalog.name, "version": catalog.version, "sha256": fingerprint(catalog)}


def book_note(codebook: Codebook) -> dict[str, Any]:
    """What a manifest records of a codebook: its version, its frames with labels, and what they are parts of."""
    return {
        "version": codebook.version,
        "frames": codebook.labels(),
        "top": codebook.top_frames(),
        "sha256": fingerprint(codebook),
    }


def pipeline_notes(nlp: Language) -> dict[str, Any]:
    """What a pipeline annotates with: versions, models, catalogue, codebooks, with hashes of their content."""
    catalog: ActorCatalog = nlp.get_pipe("newskit_mentions").catalog  # type: ignore[attr-defined]
    frames: FramesComponent = nlp.get_pipe("newskit_frames")  # type: ignore[assignment]
    return {
        "versions": {name: version(name) for name in ("newskit", "spacy", "textblob", "onnxruntime")},
        "model": {"name": f"{nlp.meta['lang']}_{nlp.meta['name']}", "version": nlp.meta["version"]},
        "models": _shipped_models(),
        "tone": _tone_note(nlp),
        "quotes": nlp.get_pipe("newskit_quotes").method,  # type: ignore[attr-defined]
        **({"directed": load_directed_model().note()} if nlp.has_pipe(DIRECTED) else {}),
        "catalog": catalog_note(catalog),
        "codebooks": {book.name: book_note(book) for book in frames.codebooks},
        "frames": frames.method,
    }


def _tone_note(nlp: Language) -> dict[str, Any]:
    """The models of tone: the fast one, and under "accurate" the one that is asked in doubt, if there is one."""
    note = load_tone_model().note()
    if nlp.has_pipe("newskit_tone") and nlp.get_pipe("newskit_tone").model == "accurate":  # type: ignore[attr-defined]
        note["accurate"] = load_accurate_model().note()
    return note


@functools.cache
def _shipped_models() -> dict[str, str]:
    """The hash of each shipped model."""
    ranker = model_folder(PRONOUNS)
    return {folder.name: model_hash(folder) for folder in model_folders()} | {
        PRONOUNS: file_hash(ranker / "weights.json")
    }


def fingerprint(value: object) -> str:
    """A hash of options or notes; objects with the same content have the same hash."""
    return hashlib.sha256(to_json(value)).hexdigest()


def to_json(value: object) -> bytes:
    """Options, notes or a manifest as JSON; the same content gives the same bytes."""
    return json.dumps(value, indent=1, ensure_ascii=False, default=_jsonable).encode()


def _jsonable(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, ActorCatalog):
        return json.loads(catalog_to_json(value))
    raise TypeError(f"{type(value).__name__} is not an option of annotate")
