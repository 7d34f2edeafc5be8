"""The catalogue of known actors: who they are, every name they go by, and corrections of who is who."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from newskit.annotation.actors.names import NameIndex, with_last_stop
from newskit.errors import CatalogError
from newskit.schema import RESERVED_IDS, AnyCorpus, returns_columns

if TYPE_CHECKING:
    import pandas as pd

ACTOR_TYPES: Final = ("person", "state", "alliance", "organization", "movement", "party", "people", "place")
NAME_LISTS: Final = {"aliases": "name", "demonyms": "demonym", "capitals": "capital", "seats": "seat"}
"""The lists of names that an actor has, and how a name of each list refers to it."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A known actor: its names and, for a state, its demonyms, capitals and seats of government.

    `ambiguous` repeats those names that also mean something else ("Georgia", "Jordan"); they count only
    where the entity recogniser sees a place or a group, too.
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
    party: str | None = None
    country: str | None = None

    def names(self) -> Iterator[tuple[str, str]]:
        """Every name of the actor, and how it refers to the actor (name, demonym, capital, seat)."""
        for key, how in NAME_LISTS.items():
            for name in getattr(self, key):
                yield name, how


class Split(NamedTuple):
    """A correction: this name belongs not to `actor` but to `into`."""

    actor: str
    name: str
    into: str


@dataclass(frozen=True, slots=True)
class Corrections:
    """What a catalogue corrects about the actors found in a corpus, by their ids.

    `merge` maps an actor to the one it is part of, `split` lists names that belong to somebody else, `rename`
    maps an actor to a new label, `group` to the side it is on, and `wikidata` to an item id (Q7747). `ignore` has
    what is no actor at all: a product, a programme, an event.
    """

    merge: Mapping[str, str] = field(default_factory=dict)
    split: tuple[Split, ...] = ()
    rename: Mapping[str, str] = field(default_factory=dict)
    group: Mapping[str, str] = field(default_factory=dict)
    wikidata: Mapping[str, str] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()

    def ids(self) -> dict[str, str]:
        """The ids of actors that must be found for a correction to do something, with the table that has each."""
        return {
            **dict.fromkeys(self.ignore, "ignore"),
            **dict.fromkeys(self.rename, "rename"),
            **dict.fromkeys((split.actor for split in self.split), "split"),
            **dict.fromkeys(self.merge, "merge"),
        }

    def target(self, actor_id: str) -> str:
        """The actor that this one is merged into, through all merges; itself if it is not merged."""
        while actor_id in self.merge:
            actor_id = self.merge[actor_id]
        return actor_id

    def circle(self) -> list[str]:
        """The ids along a circle of merges, from an actor back to itself; empty if there is none."""
        for start in self.merge:
            path = [start]
            while (into := self.merge.get(path[-1])) is not None and into not in path[1:]:
                path.append(into)
                if into == start:
                    return path
        return []

    def joined(self, other: Corrections) -> Corrections:
        """The corrections of both; where they disagree about an actor, `other` wins."""
        splits = {(c.actor, c.name): c for c in (*self.split, *other.split)}
        return Corrections(
            {**self.merge, **other.merge},
            tuple(splits.values()),
            {**self.rename, **other.rename},
            {**self.group, **other.group},
            {**self.wikidata, **other.wikidata},
            tuple(dict.fromkeys((*self.ignore, *other.ignore))),
        )


class Entry(NamedTuple):
    """A name in the catalogue: whose it is, how it refers to them (name, demonym, capital, seat), and if ambiguous."""

    actor: Actor
    how: str
    ambiguous: bool


class ActorCatalog:
    """Known actors, every name that refers to them, and corrections of the actors found in a corpus.

    A catalogue is data to be read, argued about and kept under version control: `load_actors` reads it from TOML.

    Parameters
    ----------
    actors : iterable of Actor
        The known actors. Of several with one id, the last counts.
    name, version : str
        What a corpus notes about the catalogue in its manifest.
    corrections : Corrections, optional
        Merges, splits, labels, groups and Wikidata items of actors, by id, and ids of what is no actor.

    Raises
    ------
    CatalogError
        If a name is given to two actors, an actor has the id of a voice ("outlet"), or merges go in a circle. It is a
        `ValueError`.

    See Also
    --------
    load_actors : Load the shipped catalogue or a TOML file.
    Corpus.relink : Link a corpus to the actors of another catalogue.

    Examples
    --------
    >>> import newskit as nk
    >>> nk.load_actors()
    ActorCatalog('world' 1.0.0, ... actors, ... names)
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
        problem = self._problem()
        if problem:
            raise CatalogError(problem)
        self._entries: dict[str, Entry] = {}
        for actor in self.actors.values():
            for string, how in actor.names():
                self._entries.setdefault(_fold(string), Entry(actor, how, string in actor.ambiguous))

    def _problem(self) -> str | None:
        """What is wrong between actors, or between corrections; None if nothing is."""
        shared = shared_name(self.actors.values())
        if shared is not None:
            string, *owners = shared
            first, second = (owner.actor_id for owner in owners)
            return f"{string!r} is given to both {first!r} and {second!r}; remove it from one of them"
        reserved = reserved_id(self.actors, self.corrections)
        if reserved is not None:
            return f"the id {reserved!r} is reserved for a voice that is no actor; choose another id"
        circle = self.corrections.circle()
        return f"merges in a circle: {' → '.join(circle)}; remove one of them" if circle else None

    def __len__(self) -> int:
        return len(self.actors)

    def __repr__(self) -> str:
        return f"ActorCatalog({self.name!r} {self.version}, {len(self)} actors, {len(self._entries)} names)"

    def lookup(self, name: str) -> Entry | None:
        """Look up a name, demonym, capital or seat.

        Parameters
        ----------
        name : str
            The string as it stands in a text. Case counts ("US" is not "us"), but a string of more than three
            characters may be all capitals ("RUSSIA").

        Returns
        -------
        Entry or None
            The `actor`, `how` the string refers to it ("name", "demonym", "capital" or "seat") and whether it is
            `ambiguous`; None if the catalogue does not have the string.

        Examples
        --------
        >>> import newskit as nk
        >>> entry = nk.load_actors().lookup("Kyiv")
        >>> entry.actor.label, entry.how
        ('Ukraine', 'capital')
        """
        folded = _fold(name)
        found = self._entries.get(folded)
        return self._capitals.get(folded) if found is None and len(folded) > 3 and folded.isupper() else found

    def extended(self, other: ActorCatalog) -> ActorCatalog:
        """Add the actors and corrections of another catalogue.

        Parameters
        ----------
        other : ActorCatalog
            The catalogue to add. Where both have an actor id, a string or a correction of one actor, `other` wins.

        Returns
        -------
        ActorCatalog
            A new catalogue; its name and version are those of both, joined by "+".

        Raises
        ------
        CatalogError
            If the merges of both together go in a circle.

        Examples
        --------
        >>> import newskit as nk
        >>> from newskit.annotation.actors.catalog import Actor
        >>> mine = nk.ActorCatalog([Actor("kremlin", "Kremlin", "organization", aliases=("Kremlin",))])
        >>> both = nk.load_actors().extended(mine)
        >>> both.lookup("Kremlin").actor.actor_id, both.lookup("Moscow").actor.actor_id
        ('kremlin', 'russia')
        """
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
        """Look up the Wikidata item of an actor.

        Parameters
        ----------
        actor_id : str
            The id of an actor of the catalogue, or of one found in a corpus (`corpus.actors`).

        Returns
        -------
        str or None
            The item id, such as "Q7747"; None if the catalogue gives none. A correction comes before what the
            actor itself says.

        Examples
        --------
        >>> from newskit.annotation.actors.catalog import Actor, ActorCatalog
        >>> ActorCatalog([Actor("un", "United Nations", "alliance", wikidata="Q1065")]).wikidata("un")
        'Q1065'
        """
        known = self.actors.get(actor_id)
        return self.corrections.wikidata.get(actor_id) or (known.wikidata if known else None)

    @returns_columns("ActorCatalog.diff")
    def diff(self, corpus: AnyCorpus) -> pd.DataFrame:
        """Show how the counts of a corpus would change with this catalogue.

        Parameters
        ----------
        corpus : Corpus
            An annotated corpus, in memory or on disk. It is not changed: `corpus.relink(catalog)` applies the
            catalogue.

        Returns
        -------
        pandas.DataFrame
            One row per actor whose number of mentions changes, largest change first, with the columns

            {columns}

        Examples
        --------
        >>> catalog = nk.load_actors("my_actors.toml")  # doctest: +SKIP
        >>> catalog.diff(corpus)  # doctest: +SKIP
        """
        import pandas as pd

        old, new = (table.set_index("actor_id") for table in (corpus.actors, corpus.relink(self).actors))
        ids = old.index.union(new.index)

        def counts(table: pd.DataFrame, column: str) -> pd.Series:
            return table[column].reindex(ids).fillna(0).astype("int64")

        before, after = counts(old, "n_mentions"), counts(new, "n_mentions")
        rows = pd.DataFrame(
            {
                "actor": new["label"].reindex(ids).fillna(old["label"].reindex(ids)),
                "before": before,
                "after": after,
                "change": after - before,
                "articles_before": counts(old, "n_articles"),
                "articles_after": counts(new, "n_articles"),
            }
        )
        rows = rows.rename_axis("actor_id").reset_index()
        rows = rows[rows["change"] != 0]
        order = rows["change"].abs().sort_values(ascending=False, kind="stable").index
        return rows.loc[order].reset_index(drop=True)

    @functools.cached_property
    def _capitals(self) -> dict[str, Entry]:
        """The entries by their names in capitals."""
        return {string.upper(): entry for string, entry in self._entries.items()}

    @functools.cached_property
    def index(self) -> NameIndex[Entry]:
        """Finds the names of the catalogue in a text: `catalog.index.find(text)` yields start, end and entry."""
        return NameIndex(
            (string, self._entries[_fold(string)]) for actor in self.actors.values() for string, _ in actor.names()
        )


def reserved_id(actors: Iterable[str], corrections: Corrections) -> str | None:
    """An id that no actor may have, of the actors or of what corrections make of them; None if there is none."""
    given = (*actors, *corrections.merge.values(), *(split.into for split in corrections.split))
    return next((identity for identity in given if identity in RESERVED_IDS), None)


def shared_name(actors: Iterable[Actor]) -> tuple[str, Actor, Actor] | None:
    """The first name that two actors have, with both of them; None if there is no such name."""
    owners: dict[str, Actor] = {}
    for actor in actors:
        for string, _ in actor.names():
            owner = owners.setdefault(_fold(string), actor)
            if owner.actor_id != actor.actor_id:
                return string, owner, actor
    return None


def _fold(name: str) -> str:
    """The form under which the catalogue keeps a name: plain apostrophes, single spaces, all full stops of "U.S"."""
    return with_last_stop(" ".join(name.replace("’", "'").split()))
