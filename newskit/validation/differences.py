"""Differences between the estimates of two groups: intervals, and p-values that agree with them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from scipy.stats import norm
from scipy.stats import t as student

from newskit.validation.estimation import Estimates
from newskit.validation.weighing import Floats, Whole

_FARTHEST: Final = 12.0
"""Where the search for a p-value ends, in standard errors."""
_STEPS: Final = 40


@dataclass(frozen=True)
class Differences:
    """The estimates of some groups less those of others; arrays have an element per pair.

    The intervals are those of Zou and Donner (2008), made from the intervals of the two and their correlation, so that
    they are right for shares near 0 too. The p-value is the level at which the interval ends at 0.
    """

    estimates: Estimates
    first: Whole
    second: Whole

    @cached_property
    def difference(self) -> Floats:
        """First less second."""
        found: Floats = self.estimates.mean[self.first] - self.estimates.mean[self.second]
        return found

    @cached_property
    def correlation(self) -> Floats:
        """The correlation of the two estimates: stories in both, and strata that they share."""
        both = zip(self.first, self.second, strict=True)
        covariance = np.array([self.estimates.covariance(int(one), int(other)) for one, other in both], dtype=float)
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = np.sqrt(self.estimates.variance[self.first] * self.estimates.variance[self.second])
            return np.clip(np.nan_to_num(covariance / scale), -1, 1)

    @cached_property
    def df(self) -> Floats:
        """Degrees of freedom (Welch)."""
        both = [(self.estimates.variance[group], self.estimates.df[group]) for group in (self.first, self.second)]
        with np.errstate(divide="ignore", invalid="ignore"):
            found = sum(variance for variance, _ in both) ** 2 / sum(variance**2 / df for variance, df in both)
        return np.maximum(np.nan_to_num(found, nan=1.0), 1)

    def interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Lower and upper ends; NaN where one of the two has none."""
        return self._ends(np.full(len(self.first), norm.ppf((1 + level) / 2)))

    def _ends(self, z: Floats) -> tuple[Floats, Floats]:
        """The ends at the level that is `z` standard deviations of a normal distribution."""
        sides = []
        width = student.isf(norm.sf(z), self.df)
        for group in (self.first, self.second):
            mean = self.estimates.mean[group]
            low, high = self.estimates.of(group).ends(width)
            sides.append((np.maximum(mean - low, 0), np.maximum(high - mean, 0)))
        (below, above), (under, over) = sides
        low = self.difference - self._joined(below, over)
        return low, self.difference + self._joined(above, under)

    def _joined(self, one: Floats, other: Floats) -> Floats:
        return np.sqrt(np.maximum(one**2 + other**2 - 2 * self.correlation * one * other, 0))

    @cached_property
    def p(self) -> Floats:
        """Two-sided p-values of no difference; NaN where there is no interval."""
        near, far = np.zeros(len(self.first)), np.full(len(self.first), _FARTHEST)
        for _ in range(_STEPS):
            z = (near + far) / 2
            low, high = self._ends(z)
            beyond = np.where(self.difference > 0, low > 0, high < 0)
            near, far = np.where(beyond, z, near), np.where(beyond, far, z)
        low, _ = self._ends(near)
        return np.where(np.isnan(low), np.nan, 2 * norm.sf(near))
