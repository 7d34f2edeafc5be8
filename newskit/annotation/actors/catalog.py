"""Who the actors are: the catalogue of known ones, and one identity per actor across articles."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from newskit.annotation.actors.names import NameIndex
from newskit.errors import CatalogError
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


def _fold(name: str) -> str:
    """The form under which the catalogue knows a string; case counts, since "US" is not "us"."""
    return " ".join(name.replace("’", "'").split())
