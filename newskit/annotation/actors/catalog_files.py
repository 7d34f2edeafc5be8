"""Actor catalogues as files: TOML for people to edit, JSON to keep with a corpus."""

from __future__ import annotations

import dataclasses
import json
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from newskit.annotation.actors.catalog import Actor, ActorCatalog, Corrections, Split
from newskit.errors import CatalogError
from newskit.resources.files import find_file, line_of, read_toml

_TABLES: Final = ("catalog", "actor", "merge", "split", "rename", "group", "wikidata")


def load_actors(source: str | Path = "world") -> ActorCatalog:
    """Load an actor catalogue: the name of a shipped one ("world"), or the path of a TOML file.

    The file has a table `[catalog]` (name, version, and `extends = "world"` for one that adds to another) and

    - one `[[actor]]` per known actor with `id`, `label`, `type` and lists `aliases`, `demonyms`, `capitals`,
      `seats`, `ambiguous`, and `wikidata`;
    - `[[merge]]` with `into`, an actor's id, and `actors`, the ids that are the same actor;
    - `[[split]]` with `actor`, an id, `names` that are not that actor's, and `into`, whose they are;
    - `[[group]]` with `name`, a side, and `members`, ids;
    - `[rename]` and `[wikidata]`, tables from an id to a label or a Wikidata item.

    Ids are those of `corpus.actors`. A mistake (unknown key, an alias or member given twice, merges in a circle)
    raises `CatalogError` (a `ValueError`) with file and line.
    """
    path = find_file(source, folder="catalogs", what="catalogue", error=CatalogError)
    text, data = read_toml(path, error=CatalogError)
    unknown = set(data) - set(_TABLES)
    if unknown:
        key = sorted(unknown)[0]
        line = next((n for n, row in enumerate(text.splitlines(), 1) if re.match(rf"\[?\[?{re.escape(key)}\b", row)), 1)
        raise CatalogError(f"{path}:{line}: unknown key {key!r}; known: {', '.join(_TABLES)}")
    head = data.get("catalog", {})
    actors = [_actor(raw, path=path, text=text) for raw in data.get("actor", [])]
    corrections = _corrections(data, path=path, text=text)
    if not actors and corrections == Corrections():
        raise CatalogError(f"{path}: no [[actor]] in it")
    twice = [i for i, n in Counter(actor.actor_id for actor in actors).items() if n > 1]
    if twice:
        raise CatalogError(f"{path}:{_line(text, twice[0], last=True)}: the id {twice[0]!r} is given twice")
    name, version = str(head.get("name", path.stem)), str(head.get("version", "0"))
    try:
        catalog = ActorCatalog(actors, name=name, version=version, corrections=corrections)
    except CatalogError as error:
        string = str(error).split("'")[1]
        raise CatalogError(f"{path}:{_line(text, string, last=True)}: {error}") from None
    return load_actors(head["extends"]).extended(catalog) if "extends" in head else catalog


def _corrections(data: Mapping[str, Any], *, path: Path, text: str) -> Corrections:
    """The corrections of a catalogue file; refuses what is incomplete, given twice or goes in a circle."""
    merge = _members(data, "merge", "into", "actors", path=path, text=text)
    group = _members(data, "group", "name", "members", path=path, text=text)
    for start in merge:
        seen, at = [start], start
        while at in merge:
            at = merge[at]
            seen.append(at)
            if at == start:
                line = _line(text, start, last=True)
                raise CatalogError(f"{path}:{line}: merges in a circle: {' → '.join(seen)}; leave one of them out")
            if len(seen) > len(merge) + 1:
                break
    splits: dict[tuple[str, str], Split] = {}
    for raw in data.get("split", []):
        line = _line(text, str(raw.get("into", "")), last=True)
        _check_keys(raw, "split", ("actor", "names", "into"), where=f"{path}:{line}")
        for name in raw["names"]:
            if (raw["actor"], name) in splits:
                again = _line(text, name, last=True)
                raise CatalogError(f"{path}:{again}: {name!r} is split from {raw['actor']!r} twice; leave one out")
            splits[raw["actor"], name] = Split(raw["actor"], name, raw["into"])
    for key in ("rename", "wikidata"):
        for identity, value in data.get(key, {}).items():
            if not isinstance(value, str) or not value.strip():
                line = line_of(text, identity, last=True)
                raise CatalogError(f"{path}:{line}: {key} of {identity!r} must be a text, got {value!r}")
    return Corrections(merge, tuple(splits.values()), data.get("rename", {}), group, data.get("wikidata", {}))


def _members(data: Mapping[str, Any], table: str, whole: str, parts: str, *, path: Path, text: str) -> dict[str, str]:
    """From each id in the list `parts` of the tables to their `whole`; one id has one whole."""
    found: dict[str, str] = {}
    for raw in data.get(table, []):
        line = _line(text, str(raw.get(whole, "")), last=True)
        _check_keys(raw, table, (whole, parts), where=f"{path}:{line}")
        for identity in raw[parts]:
            known = found.get(identity)
            if known is not None:
                again = _line(text, identity, last=True)
                raise CatalogError(
                    f"{path}:{again}: {identity!r} is in the {table} of both {known!r} and {raw[whole]!r}; leave one"
                )
            found[identity] = raw[whole]
    return found


def _check_keys(raw: Mapping[str, Any], table: str, keys: tuple[str, ...], *, where: str) -> None:
    unknown = set(raw) - set(keys)
    if unknown:
        raise CatalogError(f"{where}: unknown key {sorted(unknown)[0]!r} in [[{table}]]; known: {', '.join(keys)}")
    missing = [key for key in keys if not raw.get(key)]
    if missing:
        raise CatalogError(f"{where}: [[{table}]] needs {' and '.join(keys)}, {missing[0]!r} is missing")
    for key in keys:
        if isinstance(raw[key], list) and not all(isinstance(item, str) and item.strip() for item in raw[key]):
            raise CatalogError(f"{where}: {key} of [[{table}]] must be a list of texts, got {raw[key]!r:.80}")


def _actor(raw: Mapping[str, Any], *, path: Path, text: str) -> Actor:
    identity = raw.get("id")
    where = f"{path}:{_line(text, str(identity))}" if identity else str(path)
    unknown = set(raw) - {"id", "label", "type", "wikidata", *_LISTS}
    if unknown:
        raise CatalogError(
            f"{where}: unknown key {sorted(unknown)[0]!r}; known: id, label, type, wikidata, {', '.join(_LISTS)}"
        )
    if not identity or not raw.get("label"):
        raise CatalogError(f"{where}: an [[actor]] needs id and label, got {dict(raw)!r:.80}")
    if raw.get("type") not in ACTOR_TYPES:
        raise CatalogError(f"{where}: type {raw.get('type')!r} is none of {', '.join(ACTOR_TYPES)}")
    lists = {key: tuple(raw.get(key, ())) for key in _LISTS}
    strings = [s for key in _HOW for s in lists[key]]
    if any(not isinstance(s, str) or not s.strip() for s in strings):
        raise CatalogError(f"{where}: {identity!r} has an empty string in one of its lists")
    stray = set(lists["ambiguous"]) - set(strings)
    if stray:
        raise CatalogError(f"{where}: ambiguous {sorted(stray)[0]!r} is in no other list of {identity!r}")
    return Actor(actor_id=identity, label=raw["label"], type=raw["type"], wikidata=raw.get("wikidata"), **lists)


def _line(text: str, string: str, *, last: bool = False) -> int:
    """Line of the first (or last) place where the string stands in quotation marks."""
    return line_of(text, f'"{string}"', last=last)


def catalog_to_json(catalog: ActorCatalog) -> bytes:
    """A whole catalogue, to be kept with a corpus that was linked by it."""
    data = {
        "name": catalog.name,
        "version": catalog.version,
        "actors": [dataclasses.asdict(actor) for actor in catalog.actors.values()],
        "corrections": dataclasses.asdict(catalog.corrections),
    }
    return json.dumps(data, indent=1, ensure_ascii=False).encode()


def catalog_from_json(data: bytes) -> ActorCatalog:
    """The catalogue of `catalog_to_json`."""
    raw: Any = json.loads(data)
    actors = []
    for given in raw["actors"]:
        fields: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in given.items()}
        actors.append(Actor(**fields))
    corrections = raw["corrections"]
    corrections["split"] = tuple(Split(*split) for split in corrections["split"])
    return ActorCatalog(actors, name=raw["name"], version=raw["version"], corrections=Corrections(**corrections))
