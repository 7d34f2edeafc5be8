"""Who the actors are: the catalogue of known ones, and one identity per actor across articles."""

from __future__ import annotations

import dataclasses
import functools
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from newskit.annotation.actors.names import NameIndex
from newskit.errors import CatalogError
from newskit.resources.files import find_file, line_of, read_toml
from newskit.schema import AnyCorpus

if TYPE_CHECKING:
    import pandas as pd


ACTOR_TYPES: Final = ("person", "state", "alliance", "organization", "movement", "party", "people", "place")
_LISTS: Final = ("aliases", "demonyms", "capitals", "seats", "ambiguous")
_HOW: Final = {"aliases": "name", "demonyms": "demonym", "capitals": "capital", "seats": "seat"}


@dataclass(frozen=True, slots=True)
class Actor:
    """A known actor: its names, and for a state its demonyms, capitals and seats of government.

    `ambiguous` lists those of its strings that are also other things ("Georgia", "Jordan"); they count
    only where the entity recogniser sees a place or a group as well.
    """

    actor_id: str
    label: str
    type: str
    aliases: tuple[str, ...] = ()
    demonyms: tuple[str, ...] = ()
    capitals: tuple[str, ...] = ()
    seats: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    wikidata: str | None = None


class Split(NamedTuple):
    """A correction: this name is not that actor's, but the actor's `into`."""

    actor: str
    name: str
    into: str


@dataclass(frozen=True, slots=True)
class Corrections:
    """What a catalogue says about the actors that were found, by their ids.

    `merge` gives the actor that another is part of, `split` the names that are somebody else's, `rename` a
    label, `group` the side of an actor, `wikidata` an item id (Q7747).
    """

    merge: Mapping[str, str] = field(default_factory=dict)
    split: tuple[Split, ...] = ()
    rename: Mapping[str, str] = field(default_factory=dict)
    group: Mapping[str, str] = field(default_factory=dict)
    wikidata: Mapping[str, str] = field(default_factory=dict)

    def target(self, actor_id: str) -> str:
        """The actor that an actor was merged into, through all merges; itself if into none."""
        while actor_id in self.merge:
            actor_id = self.merge[actor_id]
        return actor_id

    def joined(self, other: Corrections) -> Corrections:
        """Both; where they differ on an actor, `other` wins."""
        splits = {(c.actor, c.name): c for c in (*self.split, *other.split)}
        return Corrections(
            {**self.merge, **other.merge},
            tuple(splits.values()),
            {**self.rename, **other.rename},
            {**self.group, **other.group},
            {**self.wikidata, **other.wikidata},
        )


class Entry(NamedTuple):
    """A string of the catalogue: whose it is, and how it names the actor (name, demonym, capital, seat)."""

    actor: Actor
    how: str
    ambiguous: bool


class ActorCatalog:
    """Known actors and all strings that name them, read from TOML and kept under version control.

    >>> catalog = load_actors("world")
    >>> catalog.lookup("Kyiv").actor.label, catalog.lookup("Kyiv").how
    ('Ukraine', 'capital')
    """

    def __init__(
        self,
        actors: Iterable[Actor],
        *,
        name: str = "custom",
        version: str = "0",
        corrections: Corrections | None = None,
    ) -> None:
        self.name, self.version = name, version
        self.corrections = corrections or Corrections()
        self.actors: dict[str, Actor] = {actor.actor_id: actor for actor in actors}
        self._entries: dict[str, Entry] = {}
        for actor in self.actors.values():
            for key, how in _HOW.items():
                for string in dict.fromkeys(getattr(actor, key)):
                    known = self._entries.get(_fold(string))
                    if known and known.actor.actor_id != actor.actor_id:
                        raise CatalogError(
                            f"{string!r} is given to both {known.actor.actor_id!r} and {actor.actor_id!r}; "
                            "leave it with one of them"
                        )
                    self._entries.setdefault(_fold(string), Entry(actor, how, string in actor.ambiguous))

    def __len__(self) -> int:
        return len(self.actors)

    def __repr__(self) -> str:
        return f"ActorCatalog({self.name!r} {self.version}, {len(self)} actors, {len(self._entries)} names)"

    def lookup(self, name: str) -> Entry | None:
        """The entry of a name, demonym, capital or seat; None if the catalogue does not have it.

        Case counts ("US" is not "us"), but a longer string may be all in capitals ("RUSSIA").
        """
        folded = _fold(name)
        found = self._entries.get(folded)
        return self._capitals.get(folded) if found is None and len(folded) > 3 and folded.isupper() else found

    def extended(self, other: ActorCatalog) -> ActorCatalog:
        """A catalogue with the actors of both; where both have an id or a string, `other` wins."""
        taken = set(other._entries)

        def free(strings: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(string for string in strings if _fold(string) not in taken)

        kept = [
            replace(
                actor,
                aliases=free(actor.aliases),
                demonyms=free(actor.demonyms),
                capitals=free(actor.capitals),
                seats=free(actor.seats),
                ambiguous=free(actor.ambiguous),
            )
            for actor in self.actors.values()
            if actor.actor_id not in other.actors
        ]
        return ActorCatalog(
            [*kept, *other.actors.values()],
            name=f"{self.name}+{other.name}",
            version=f"{self.version}+{other.version}",
            corrections=self.corrections.joined(other.corrections),
        )

    def wikidata(self, actor_id: str) -> str | None:
        """The Wikidata item of an actor, if the catalogue gives it."""
        known = self.actors.get(actor_id)
        return self.corrections.wikidata.get(actor_id) or (known.wikidata if known else None)

    def diff(self, corpus: AnyCorpus) -> pd.DataFrame:
        """What the counts of a corpus become with this catalogue instead of the one it was linked with.

        One row an actor whose mentions change, largest change first: `actor_id`, `actor` (its label, the new
        one if it has one), `before` and `after` (mentions), `change`, `articles_before`, `articles_after`.
        The corpus itself is not changed.
        """
        import pandas as pd

        tables = [corpus.actors, corpus.relink(self).actors]
        old, new = (table.set_index("actor_id") for table in tables)
        ids = old.index.union(new.index)
        rows = pd.DataFrame(
            {
                "actor_id": ids,
                "actor": new["label"].reindex(ids).fillna(old["label"].reindex(ids)).to_numpy(),
                "before": old["n_mentions"].reindex(ids).fillna(0).astype("int64").to_numpy(),
                "after": new["n_mentions"].reindex(ids).fillna(0).astype("int64").to_numpy(),
                "articles_before": old["n_articles"].reindex(ids).fillna(0).astype("int64").to_numpy(),
                "articles_after": new["n_articles"].reindex(ids).fillna(0).astype("int64").to_numpy(),
            }
        )
        rows.insert(4, "change", rows["after"] - rows["before"])
        rows = rows[rows["change"] != 0]
        order = rows["change"].abs().sort_values(ascending=False, kind="stable").index
        return rows.loc[order].reset_index(drop=True)

    @functools.cached_property
    def _capitals(self) -> dict[str, Entry]:
        return {string.upper(): entry for string, entry in self._entries.items()}

    @functools.cached_property
    def index(self) -> NameIndex[Entry]:
        """The finder of all strings of the catalogue."""
        return NameIndex(
            (string, self._entries[_fold(string)])
            for actor in self.actors.values()
            for key in _HOW
            for string in getattr(actor, key)
        )


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


def _fold(name: str) -> str:
    """The form under which the catalogue knows a string; case counts, since "US" is not "us"."""
    return " ".join(name.replace("’", "'").split())


# --- catalogues ------------------------------------------------------------------------------------------


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
