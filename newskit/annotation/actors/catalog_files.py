"""Files of actor catalogues: TOML for people to edit, JSON to keep with a corpus."""

from __future__ import annotations

import dataclasses
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from newskit.annotation.actors.catalog import (
    ACTOR_TYPES,
    NAME_LISTS,
    Actor,
    ActorCatalog,
    Corrections,
    Split,
    reserved_id,
    shared_name,
)
from newskit.errors import CatalogError
from newskit.resources.files import find_file, line_of, read_toml

_CATALOG_TABLES: Final = ("catalog", "actor", "merge", "split", "rename", "group", "wikidata", "ignore")
_LISTS_OF_TABLES: Final = frozenset({"actor", "merge", "split", "group", "ignore"})
_ACTOR_LISTS: Final = (*NAME_LISTS, "ambiguous")
_FACTS: Final = ("wikidata", "party", "country")
_ACTOR_KEYS: Final = ("id", "label", "type", *_FACTS, *_ACTOR_LISTS)


def load_actors(source: str | Path = "world") -> ActorCatalog:
    """Load a catalogue of actors.

    Parameters
    ----------
    source : str or path
        The name of a shipped catalogue ("world"), or the path of a TOML file.

    Returns
    -------
    ActorCatalog
        The catalogue, together with the one that the file extends, if any.

    Raises
    ------
    CatalogError
        If there is no such catalogue, or for a mistake in the file: an unknown or missing key, a value of the wrong
        type, an id, name or member given twice, merges in a circle. The message names the file and the line. It is
        a `ValueError`.

    Notes
    -----
    A file has a table `[catalog]` (`name`, `version`, and `extends = "world"` if it adds to another catalogue) and

    - one `[[actor]]` per known actor, with `id`, `label`, `type` (person, state, alliance, organization, movement,
      party, people, place), the lists `aliases`, `demonyms`, `capitals`, `seats`, `ambiguous`, and `wikidata`,
      `party` and `country`;
    - `[[merge]]` with `into`, the id of an actor, and `actors`, the ids that are the same actor;
    - `[[split]]` with `actor`, an id, `names` that do not belong to that actor, and `into`, the one they belong to;
    - `[[group]]` with `name`, a side, and `members`, ids;
    - `[[ignore]]` with `actors`, the ids of what is no actor, such as a product or an event;
    - `[rename]` and `[wikidata]`, tables from an id to a label or a Wikidata item.

    Ids are those of `corpus.actors`. The shipped catalogue is made by `training/catalogs/make_world.py`: states from
    the package countryinfo (MIT licence), other actors by hand. Beside it, `identifiers.tsv` has Wikidata items,
    parties and countries of states, parties and US politicians (Party Facts, MIT licence; congress-legislators, CC0);
    what a catalogue of your own says of an actor comes first.

    Examples
    --------
    >>> import newskit as nk
    >>> nk.load_actors("world").lookup("Kremlin").actor.label
    'Russia'
    """
    return _loaded(source, ())


def _loaded(source: str | Path, extending: tuple[Path, ...]) -> ActorCatalog:
    """The catalogue in a file, which others extend, with the one that it extends itself."""
    path = find_file(source, folder="catalogs", what="catalogue", error=CatalogError)
    reader = _CatalogReader(path, *read_toml(path, error=CatalogError))
    catalog = reader.catalog()
    if "extends" not in reader.head:
        return catalog
    other, chain = reader.head["extends"], (*extending, path.resolve())
    at = f"{path}:{line_of(reader.text, 'extends')}"
    if not isinstance(other, str):
        raise CatalogError(f"{at}: extends is the name of one catalogue, or the path of a .toml file, not {other!r}")
    if chain[-1] in extending:
        way = " → ".join(one.name for one in chain[chain.index(chain[-1]) :])
        raise CatalogError(f"{at}: the catalogue extends itself ({way}): take one `extends` out")
    beside = path.parent / other  # a file beside this one, whatever the current folder is
    return _loaded(beside if beside.suffix == ".toml" and beside.is_file() else other, chain).extended(catalog)


class _CatalogReader:
    """Reads the data of one catalogue file; a mistake is raised with the file and the line."""

    def __init__(self, path: Path, text: str, data: Mapping[str, Any]) -> None:
        self.path, self.text, self.data = path, text, data
        self._check_shape()
        self.head: Mapping[str, Any] = data.get("catalog", {})

    def catalog(self) -> ActorCatalog:
        """The catalogue of the file alone, without the one it extends."""
        actors = [self._actor(raw) for raw in self.data.get("actor", [])]
        corrections = self._corrections()
        if not actors and corrections == Corrections():
            raise CatalogError(f"{self.path}: no [[actor]] and no correction found; add at least one")
        twice = [i for i, n in Counter(actor.actor_id for actor in actors).items() if n > 1]
        if twice:
            raise self._error(f"the id {twice[0]!r} is given twice; ids must be unique", twice[0], last=True)
        name, version = str(self.head.get("name", self.path.stem)), str(self.head.get("version", "0"))
        try:
            return ActorCatalog(actors, name=name, version=version, corrections=corrections)
        except CatalogError as error:
            shared = shared_name(actors)
            reserved = reserved_id((actor.actor_id for actor in actors), corrections)
            where = shared[0] if shared else reserved or corrections.circle()[0]
            raise self._error(str(error), where, last=True) from None

    def _error(self, message: str, string: str, *, last: bool = False) -> CatalogError:
        """A mistake, with the line of the first (or last) place where the string stands in quotation marks."""
        return CatalogError(f"{self.path}:{self._line(string, last=last)}: {message}")

    def _line(self, string: str, *, last: bool = False) -> int:
        return line_of(self.text, f'"{string}"', last=last)

    def _check_shape(self) -> None:
        """Refuse an unknown table, a list of tables that is written as one table, and the reverse."""
        for key, value in self.data.items():
            rows = enumerate(self.text.splitlines(), 1)
            line = next((n for n, row in rows if re.match(rf"\[?\[?{re.escape(key)}\b", row)), 1)
            if key not in _CATALOG_TABLES:
                valid = ", ".join(_CATALOG_TABLES)
                raise CatalogError(f"{self.path}:{line}: unknown key {key!r}; valid keys: {valid}")
            if key in _LISTS_OF_TABLES and not (isinstance(value, list) and all(isinstance(v, dict) for v in value)):
                raise CatalogError(f"{self.path}:{line}: {key} must be a list of tables; write [[{key}]]")
            if key not in _LISTS_OF_TABLES and not isinstance(value, dict):
                raise CatalogError(f"{self.path}:{line}: {key} must be a table; write [{key}]")

    def _actor(self, raw: Mapping[str, Any]) -> Actor:
        identity = raw.get("id")
        where = f"{self.path}:{self._line(str(identity))}" if identity else str(self.path)
        unknown = sorted(set(raw) - set(_ACTOR_KEYS))
        if unknown:
            raise CatalogError(f"{where}: unknown key {unknown[0]!r}; valid keys: {', '.join(_ACTOR_KEYS)}")
        if not identity or not raw.get("label"):
            raise CatalogError(f"{where}: an [[actor]] needs an id and a label, got {dict(raw)!r:.80}")
        if raw.get("type") not in ACTOR_TYPES:
            raise CatalogError(f"{where}: type {raw.get('type')!r} is not one of {', '.join(ACTOR_TYPES)}")
        for key in _ACTOR_LISTS:
            if not _is_list_of_strings(raw.get(key, [])):
                raise CatalogError(f"{where}: {key} of {identity!r} must be a list of non-empty strings")
        lists = {key: tuple(raw.get(key, ())) for key in _ACTOR_LISTS}
        facts: dict[str, Any] = {key: raw.get(key) for key in _FACTS}
        actor = Actor(actor_id=identity, label=raw["label"], type=raw["type"], **facts | lists)
        stray = sorted(set(actor.ambiguous) - {name for name, _ in actor.names()})
        if stray:
            raise CatalogError(f"{where}: ambiguous {stray[0]!r} is in no other list of {identity!r}")
        return actor

    def _corrections(self) -> Corrections:
        """The corrections of the file; refuses what is incomplete or given twice."""
        return Corrections(
            self._members("merge", "into", "actors"),
            tuple(self._splits()),
            self._strings_by_id("rename"),
            self._members("group", "name", "members"),
            self._strings_by_id("wikidata"),
            tuple(dict.fromkeys(self._ignored())),
        )

    def _ignored(self) -> Iterator[str]:
        for raw in self.data.get("ignore", []):
            self._check_correction(raw, "ignore", "actors", keys=("actors",), many="actors")
            yield from raw["actors"]

    def _members(self, table: str, whole: str, parts: str) -> dict[str, str]:
        """From each id in the list `parts` of the tables to their `whole`; an id has only one."""
        found: dict[str, str] = {}
        for raw in self.data.get(table, []):
            self._check_correction(raw, table, whole, keys=(whole, parts), many=parts)
            for identity in raw[parts]:
                known = found.get(identity)
                if known is not None:
                    both = f"both {known!r} and {raw[whole]!r}"
                    message = f"{identity!r} is in the {table} of {both}; remove it from one of them"
                    raise self._error(message, identity, last=True)
                found[identity] = raw[whole]
        return found

    def _splits(self) -> Iterator[Split]:
        seen: set[tuple[str, str]] = set()
        for raw in self.data.get("split", []):
            self._check_correction(raw, "split", "into", keys=("actor", "names", "into"), many="names")
            for name in raw["names"]:
                if (raw["actor"], name) in seen:
                    raise self._error(f"{name!r} is split from {raw['actor']!r} twice; remove one", name, last=True)
                seen.add((raw["actor"], name))
                yield Split(raw["actor"], name, raw["into"])

    def _strings_by_id(self, table: str) -> dict[str, str]:
        """A table from ids to strings."""
        found: dict[str, str] = self.data.get(table, {})
        for identity, value in found.items():
            if not _is_string(value):
                line = line_of(self.text, identity, last=True)
                raise CatalogError(
                    f"{self.path}:{line}: {table} of {identity!r} must be a non-empty string, got {value!r}"
                )
        return found

    def _check_correction(
        self, raw: Mapping[str, Any], table: str, whole: str, *, keys: Sequence[str], many: str
    ) -> None:
        """Refuse a correction with an unknown or missing key, or a value that is not a string or, of `many`, a list."""
        line = self._line(str(raw.get(whole, "")), last=True)
        unknown = sorted(set(raw) - set(keys))
        where = f"{self.path}:{line}"
        if unknown:
            raise CatalogError(f"{where}: unknown key {unknown[0]!r} in [[{table}]]; valid keys: {', '.join(keys)}")
        missing = [key for key in keys if not raw.get(key)]
        if missing:
            raise CatalogError(f"{where}: [[{table}]] needs {' and '.join(keys)}; {missing[0]!r} is missing")
        for key in keys:
            if not (_is_list_of_strings(raw[key]) if key == many else _is_string(raw[key])):
                kind = "list of non-empty strings" if key == many else "non-empty string"
                raise CatalogError(f"{where}: {key} of [[{table}]] must be a {kind}, got {raw[key]!r:.80}")


def _is_string(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_list_of_strings(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_string, value))


def catalog_to_json(catalog: ActorCatalog) -> bytes:
    """A whole catalogue, to be kept with a corpus that was linked with it."""
    data = {
        "name": catalog.name,
        "version": catalog.version,
        "actors": [dataclasses.asdict(actor) for actor in catalog.actors.values()],
        "corrections": dataclasses.asdict(catalog.corrections),
    }
    return json.dumps(data, indent=1, ensure_ascii=False).encode()


def catalog_from_json(data: bytes) -> ActorCatalog:
    """The catalogue that `catalog_to_json` wrote."""
    raw: Any = json.loads(data)
    actors = []
    for given in raw["actors"]:
        fields: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in given.items()}
        actors.append(Actor(**fields))
    corrections = raw["corrections"]
    corrections["split"] = tuple(Split(*split) for split in corrections["split"])
    corrections["ignore"] = tuple(corrections.get("ignore", ()))  # an older newskit had none
    return ActorCatalog(actors, name=raw["name"], version=raw["version"], corrections=Corrections(**corrections))
