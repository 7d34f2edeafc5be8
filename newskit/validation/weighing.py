"""What the estimates are made of: the model's values of all units, the coded sample, and its weighted sums by group."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Whole = NDArray[np.integer[Any]]

_MOST_TUNING: Final = 2.0
"""A model whose values are too close to their mean may count for more than it says, but not without end."""
_BORROWED: Final = 50
"""Rows of all groups that the tuning of a group is learned from beside its own."""


@dataclass(frozen=True)
class Population:
    """What the model says of all units: sums by group and cluster, a row for each pair that there is."""

    groups: Whole
    """The group, from 0."""
    clusters: Whole
    """The article, or story, from 0."""
    sizes: Floats
    """How many units."""
    totals: Floats
    """The sum of the model's values."""

    @classmethod
    def of(cls, groups: Whole, clusters: Whole, totals: Floats, sizes: Floats | None = None) -> Population:
        """Add up units, or sums of some of them, that are in a group from 0; others are left out."""
        inside = groups >= 0
        g, c = groups[inside].astype(np.int64), clusters[inside].astype(np.int64)
        n_clusters = int(c.max(initial=0)) + 1
        pairs, places = np.unique(g * n_clusters + c, return_inverse=True)
        weights = (None if sizes is None else sizes[inside], totals[inside])
        summed = (np.bincount(places.ravel(), weights=one, minlength=len(pairs)).astype(float) for one in weights)
        return cls(pairs // n_clusters, pairs % n_clusters, *summed)

    @property
    def n_groups(self) -> int:
        """How many groups there are."""
        return int(self.groups.max()) + 1 if len(self.groups) else 0

    @cached_property
    def size(self) -> Floats:
        """Units of each group."""
        return np.bincount(self.groups, weights=self.sizes, minlength=self.n_groups).astype(np.float64)

    @cached_property
    def mean(self) -> Floats:
        """The model's mean of each group."""
        with np.errstate(invalid="ignore"):
            return np.bincount(self.groups, weights=self.totals, minlength=self.n_groups) / self.size

    @cached_property
    def n_clusters(self) -> Floats:
        """Clusters of each group."""
        return np.bincount(self.groups, minlength=self.n_groups).astype(np.float64)


@dataclass(frozen=True)
class Coded:
    """The sampled units and what coders say of them. Every sampled unit is a row, in no group (-1) too."""

    groups: Whole
    clusters: Whole
    model: Floats
    """What the model says."""
    values: Floats
    """What coders say; NaN if the unit is none of those that are meant (the mention is not that actor)."""
    probabilities: Floats
    """Inclusion probabilities."""
    strata: Whole
    """The stratum in which it was drawn, from 0."""


@dataclass(frozen=True)
class Weighed:
    """The coded rows that are in a group, ready to be added up."""

    g: Whole
    c: Whole
    h: Whole
    w: Floats
    p: Floats
    y: Floats
    known: NDArray[np.bool_]
    off: Floats
    """The model's value less its mean in the group."""
    n_groups: int
    drawn: Floats
    """Rows drawn in each stratum, in a group or not."""

    @classmethod
    def of(cls, population: Population, coded: Coded) -> Weighed:
        """The rows of a coded sample that are in a group of the population."""
        inside = coded.groups >= 0
        g = coded.groups[inside]
        y = coded.values[inside]
        return cls(
            g=g,
            c=coded.clusters[inside],
            h=coded.strata[inside],
            w=1 / coded.probabilities[inside],
            p=coded.probabilities[inside],
            y=np.nan_to_num(y),
            known=~np.isnan(y),
            off=coded.model[inside] - population.mean[g],
            n_groups=population.n_groups,
            drawn=np.bincount(coded.strata).astype(float),
        )

    def sum(self, values: NDArray[Any]) -> Floats:
        """The sum of each group."""
        return np.bincount(self.g, weights=values, minlength=self.n_groups).astype(np.float64)

    @cached_property
    def n(self) -> Floats:
        """Coded rows of each group."""
        return self.sum(np.ones(len(self.g)))

    @cached_property
    def weight(self) -> Floats:
        """Sum of the weights of each group."""
        return self.sum(self.w)

    @cached_property
    def meant(self) -> Floats:
        """The same for the rows that are meant."""
        return self.sum(self.w * self.known)

    @cached_property
    def alone(self) -> Floats:
        """The mean of each group by the codings alone."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.sum(self.w * self.y) / self.meant

    @cached_property
    def apart(self) -> Floats:
        """The codes less their mean; 0 where the row is not meant."""
        return np.where(self.known, self.y - self.alone[self.g], 0)

    @cached_property
    def cells(self) -> tuple[Whole, Whole, Whole]:
        """The pairs of group and stratum: the place of each row among them, and the group and stratum of each."""
        n_strata = len(self.drawn)
        pairs, places = np.unique(self.g.astype(np.int64) * n_strata + self.h, return_inverse=True)
        return places.ravel(), pairs // n_strata, pairs % n_strata

    @cached_property
    def _factor(self) -> Floats:
        """n / (n - 1) of each stratum; 1 where a single row was drawn, which then counts with its whole square."""
        return np.where(self.drawn > 1, self.drawn / np.maximum(self.drawn - 1, 1), 1.0)

    def centred(self, values: Floats) -> Floats:
        """Values less their mean in the stratum, where rows of other groups are 0."""
        places, _, strata = self.cells
        means = np.bincount(places, weights=values, minlength=len(strata)) / self.drawn[strata]
        return values - np.where(self.drawn[strata] > 1, means, 0)[places]

    def products(self, first: Floats, second: Floats) -> Floats:
        """What each row adds to the covariance in the draw of two totals; exact but for the zeros of other groups."""
        return self._factor[self.h] * self.centred(first) * self.centred(second)

    def variance(self, values: Floats) -> Floats:
        """The variance in the draw of the total of each group."""
        places, groups, strata = self.cells
        squares = np.bincount(places, weights=values**2, minlength=len(strata))
        sums = np.bincount(places, weights=values, minlength=len(strata))
        less = np.where(self.drawn[strata] > 1, sums**2 / self.drawn[strata], 0)
        added = self._factor[strata] * (squares - less)
        return np.bincount(groups, weights=added, minlength=self.n_groups).astype(np.float64)

    def shared_strata(self, values: Floats) -> sparse.csr_matrix:
        """A row for each group; their products are what shared strata take from the covariance of two totals."""
        places, groups, strata = self.cells
        sums = np.bincount(places, weights=values, minlength=len(strata))
        scaled = np.where(self.drawn[strata] > 1, sums * np.sqrt(self._factor[strata] / self.drawn[strata]), 0)
        return sparse.csr_matrix((scaled, (groups, strata)), shape=(self.n_groups, len(self.drawn)))

    def tuned(self) -> Floats:
        """For each row how far to trust the model, learned from the other rows."""
        scale = self.w * np.sqrt(1 - self.p)  # 0 where everything is coded, and no model is needed
        both = self.products(scale * self.apart, scale * self.off)
        own = self.products(scale * self.off, scale * self.off)
        own += 1e-3 * (scale * self.off) ** 2  # where strata tell all that the model does, it adds nothing
        others = max(len(self.g) - 1, 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            above = self.sum(both)[self.g] - both + _BORROWED * (both.sum() - both) / others
            below = self.sum(own)[self.g] - own + _BORROWED * (own.sum() - own) / others
            found: Floats = np.clip(np.nan_to_num(above / below), 0, _MOST_TUNING)
        return found

    def pulled(self, trust: Floats) -> tuple[Floats, Floats]:
        """The mean of each group, and by how much each row pulls at it: its error, weighted."""
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = self.alone - self.sum(self.w * trust * self.off) / self.meant
            error = np.where(self.known, self.y - mean[self.g], 0) - trust * self.off
            return mean, self.w * error / self.meant[self.g]

    @cached_property
    def unseen(self) -> Floats:
        """The square of the pull of an error that was not seen, by group.

        It is as large as an error can be, in a row that stands for as many units as any.
        """
        heaviest, farthest = np.ones(self.n_groups), np.zeros(self.n_groups)
        np.maximum.at(heaviest, self.g, self.w)
        np.maximum.at(farthest, self.g, np.abs(np.nan_to_num(self.apart)))
        with np.errstate(divide="ignore", invalid="ignore"):
            found: Floats = (1 - 1 / heaviest) * (heaviest * farthest / self.meant) ** 2
        return found

    def errors(self, pull: Floats) -> Floats:
        """How many rows the squared errors of each group effectively come from, with one that was not seen."""
        squares = self.centred(np.sqrt(1 - self.p) * pull) ** 2
        with np.errstate(divide="ignore", invalid="ignore"):
            found = (self.sum(squares) + self.unseen) ** 2 / (self.sum(squares**2) + self.unseen**2)
        return np.nan_to_num(found)

    def influences(self, population: Population, trusted: Floats, pull: Floats) -> sparse.csr_matrix:
        """What each cluster adds to the estimate of each group: its part of the model's mean, and of the errors."""
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = np.nan_to_num(trusted * self.weight / self.meant / population.size)
        g = population.groups
        of_model = scale[g] * (population.totals - population.sizes * population.mean[g])
        n_clusters = int(max(population.clusters.max(initial=-1), self.c.max(initial=-1))) + 1
        return sparse.csr_matrix(
            (
                np.concatenate([of_model, np.nan_to_num(pull)]),
                (np.concatenate([g, self.g]), np.concatenate([population.clusters, self.c])),
            ),
            shape=(self.n_groups, n_clusters),
        )

    def cases(self) -> Whole:
        """Rows of each group that are meant and do not have the most frequent value."""
        values, codes = np.unique(self.y[self.known], return_inverse=True)
        counts = np.zeros((self.n_groups, max(len(values), 1)), dtype=int)
        np.add.at(counts, (self.g[self.known], codes.ravel()), 1)
        found: Whole = counts.sum(axis=1) - counts.max(axis=1)
        return found

    def worth(self, size: Floats, drawn: Floats) -> Floats:
        """How many rows drawn at random would, without a model, give the same variance of the draw."""
        with np.errstate(divide="ignore", invalid="ignore"):
            single = self.sum(self.w * self.apart**2) / self.meant
            single *= self.weight / self.meant  # rows that are not meant are drawn in vain
            return single / (drawn + single / size)
