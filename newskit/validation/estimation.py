"""Estimates from a model and a coded sample that are right whatever the model's errors are, on plain arrays.

A model has a value for every unit (an observation of tone, a sentence), coders for a sample of them with known
inclusion probabilities. The estimate is the mean of the model's values, corrected by the weighted mean of the errors
that the coders found. How far the model is trusted, `tuning`, is learned from the same sample; with 0 the codings
stand alone. For a mean this is the regression (difference) estimator of survey sampling (Särndal, Swensson and Wretman
1992, chapter 6), prediction-powered inference with power tuning (Angelopoulos, Bates, Fannjiang, Jordan and Zrnic 2023;
Angelopoulos, Duchi and Zrnic 2023) and design-based supervised learning (Egami, Hinck, Stewart and Wei 2023).

There are two things that an interval can be about. *This corpus*: its units are what they are, and only the draw of the
coded sample is random, so that it does not matter which units share an article. *Articles like these*
(`generalize=True`): the articles, or stories, are a sample too, and their units come and go together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.stats import t as student

from newskit.validation.weighing import Coded, Floats, Population, Weighed, Whole

MIN_CASES: Final = 5
"""Fewest coded cases, of a code and of the others, from which there is an interval."""
_FEW_ERRORS: Final = 10
"""Errors of the model from which it is trusted as the codings say; with fewer, less: they tell too little of it."""
MIN_CLUSTERS: Final = 5
"""Fewest articles, or stories, from which there is an interval for articles like these."""
_BY_GROUP: Final = (
    *("mean", "model", "variance", "df", "n_coded", "n_cases", "worth", "tuning", "n_clusters", "n_units", "enough"),
)


@dataclass(frozen=True)
class Estimates:
    """Means of groups with what their uncertainty is made of; arrays have an element per group."""

    mean: Floats
    model: Floats
    """What the model alone says."""
    variance: Floats
    df: Floats
    """Degrees of freedom of the variance."""
    n_coded: Whole
    """Coded units that are meant."""
    n_cases: Whole
    """Coded units that are meant and do not have the most frequent value: what the estimate lives on."""
    worth: Floats
    """How many units, drawn at random and coded, would give the same precision without a model."""
    tuning: Floats
    """How far the model is trusted: 0 not at all, 1 as much as the coders."""
    n_clusters: Floats
    share: bool
    """Whether values are 0 and 1."""
    influences: sparse.csr_matrix
    """What each cluster (column) adds to the estimate of each group (row); for covariances."""
    within: sparse.csr_matrix
    """What each stratum (column) takes from the covariance of two groups (rows) that share it."""
    n_units: Floats
    """All units of the group."""
    enough: NDArray[np.bool_]
    """Whether there is enough for an interval."""

    def interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Lower and upper ends; NaN where fewer than `MIN_CASES` cases are coded."""
        return self.ends(student.ppf((1 + level) / 2, self.df))

    def generalized(self, influences: sparse.csr_matrix, *, less: Floats) -> Estimates:
        """The same for articles like these: clusters are random too.

        The squares of what clusters add to an estimate have the variance of a draw in which units come independently
        of one another (`less`) in them; that of the draw as it was takes its place.
        """
        scale = np.sqrt(self.n_clusters / np.maximum(self.n_clusters - 1, 1))
        influences = sparse.csr_matrix(sparse.diags_array(scale) @ influences)
        squares = influences.copy()
        squares.data = squares.data**2
        total = np.asarray(squares.sum(axis=1)).ravel()
        squares.data = squares.data**2
        fourths = np.asarray(squares.sum(axis=1)).ravel()
        return replace(
            self,
            variance=np.maximum(total - less + self.variance, self.variance),
            df=_freedom(total, fourths, self.n_clusters),
            enough=self.enough & (self.n_clusters >= MIN_CLUSTERS),
            influences=influences,
        )

    def of(self, groups: Whole) -> Estimates:
        """Some of the groups, as often as they are named."""
        chosen = {name: getattr(self, name)[groups] for name in _BY_GROUP}
        return replace(self, **chosen, influences=self.influences[groups], within=self.within[groups])

    def without(self, groups: NDArray[np.bool_]) -> Estimates:
        """The same, but with nothing coded in some groups."""
        n = np.where(groups, 0, self.n_coded)
        return replace(self, n_coded=n, n_cases=np.where(groups, 0, self.n_cases), enough=self.enough & ~groups)

    def ends(self, width: Floats) -> tuple[Floats, Floats]:
        """The ends so many standard errors away: for shares those of Wilson with the effective number of units."""
        wide = width * np.sqrt(self.variance)
        low, high = self.mean - wide, self.mean + wide
        if self.share:
            n = np.where(self.n_coded > 0, self.n_coded, self.n_units)
            low, high = wilson(self.mean, self.variance, width, n)
        return np.where(self.enough, low, np.nan), np.where(self.enough, high, np.nan)

    def covariance(self, first: int, second: int) -> float:
        """The covariance of the estimates of two groups."""
        both = self.influences[first].multiply(self.influences[second])
        return float(both.sum() - self.within[first].multiply(self.within[second]).sum())


def wilson(share: Floats, variance: Floats, width: Floats, n: Floats | Whole) -> tuple[Floats, Floats]:
    """Score interval of a share with the number of units that would give the variance (Korn and Graubard 1998)."""
    least = 0.5 / np.maximum(n, 1)
    p = np.clip(share, least, 1 - least)
    with np.errstate(divide="ignore", invalid="ignore"):
        z2 = width**2 * variance / (p * (1 - p))  # z² / effective n
    middle = (p + z2 / 2) / (1 + z2)
    wide = np.sqrt(z2 * p * (1 - p) + z2**2 / 4) / (1 + z2)
    return np.clip(middle - wide, 0, 1), np.clip(middle + wide, 0, 1)


def corrected(
    population: Population, coded: Coded, *, share: bool, generalize: bool = True, tuning: float | None = None
) -> Estimates:
    """Means of the groups: the model's, corrected by the codings.

    Parameters
    ----------
    population : Population
        The model's values of all units.
    coded : Coded
        The sampled units with their codes.
    share : bool
        Whether values are 0 and 1, so that the means are shares.
    generalize : bool, default True
        Whether the intervals are for articles like these, or for this corpus alone.
    tuning : float, optional
        How far to trust the model: 0 not at all, 1 as much as the coders; by default learned, for each row from all
        the other rows, so that what is learned from a code is not tested on it.

    Returns
    -------
    Estimates
        NaN for groups without coded units.

    Notes
    -----
    The variance of the draw is that of a stratified sample without replacement, with groups as domains; a row is added
    on which the model is worth nothing, since a few codings can miss errors that are there. For the same reason the
    model is trusted less where the codings show fewer than ten errors, be it as good as it may; and where strata leave
    so few, the variance is larger by an error that was not seen. Degrees of freedom follow from the fourth moments
    (Satterthwaite): few cases with large errors give few.
    """
    sample = Weighed.of(population, coded)
    trust = sample.tuned() if tuning is None else np.full(len(sample.w), tuning)
    n_groups = population.n_groups
    mean, pull = sample.pulled(trust)
    if tuning is None:
        trust = trust * np.minimum(sample.errors(pull) / _FEW_ERRORS, 1)[sample.g]
        mean, pull = sample.pulled(trust)
    with np.errstate(divide="ignore", invalid="ignore"):
        trusted = sample.sum(sample.w * trust) / sample.weight
        plain = sample.w * sample.apart / sample.meant[sample.g]
    spread = np.sqrt(1 - sample.p) * pull
    drawn = sample.variance(spread) + sample.sum((1 - sample.p) * plain**2) / np.maximum(sample.n, 1)
    if tuning is None:
        drawn += sample.unseen * (1 - np.minimum(sample.errors(pull) / _FEW_ERRORS, 1))
    squares = sample.centred(spread) ** 2
    estimates = Estimates(
        mean=mean,
        model=population.mean,
        variance=drawn,
        df=_freedom(sample.sum(squares), sample.sum(squares**2), sample.n),
        n_coded=sample.sum(sample.known).astype(int),
        n_cases=sample.cases(),
        enough=sample.cases() >= MIN_CASES,
        n_units=population.size,
        worth=sample.worth(population.size, drawn),
        tuning=trusted,
        n_clusters=population.n_clusters,
        share=share,
        influences=sparse.csr_matrix((n_groups, 1)),
        within=sample.shared_strata(spread),
    )
    if not generalize:
        return estimates
    return estimates.generalized(sample.influences(population, trusted, pull), less=sample.sum(spread**2))


def model_alone(population: Population, *, share: bool) -> Estimates:
    """The model's means with the uncertainty for articles like these if the model made no errors."""
    n_groups = population.n_groups
    none = np.zeros(n_groups)
    g = population.groups
    with np.errstate(divide="ignore", invalid="ignore"):
        added = (population.totals - population.sizes * population.mean[g]) / population.size[g]
    shape = (n_groups, int(population.clusters.max(initial=-1)) + 1)
    estimates = Estimates(
        mean=population.mean,
        model=population.mean,
        variance=none,
        df=none + 1,
        n_coded=none.astype(int),
        n_cases=none.astype(int),
        worth=none,
        tuning=none + 1,
        n_clusters=population.n_clusters,
        share=share,
        influences=sparse.csr_matrix((n_groups, 1)),
        within=sparse.csr_matrix((n_groups, 1)),
        n_units=population.size,
        enough=_enough_clusters(population) if share else np.ones(n_groups, dtype=bool),
    )
    return estimates.generalized(sparse.csr_matrix((added, (g, population.clusters)), shape=shape), less=none)


def _enough_clusters(population: Population) -> NDArray[np.bool_]:
    """Whether there are clusters enough with a case, and with a unit that is none."""
    counts = (
        np.bincount(population.groups, weights=some, minlength=population.n_groups)
        for some in (population.totals > 0, population.totals < population.sizes)
    )
    return np.minimum(*counts) >= MIN_CLUSTERS


def _freedom(squares: Floats, fourths: Floats, n: Floats | Whole) -> Floats:
    """Degrees of freedom of a sum of n squares: as many as a chi-squared with the same mean and variance has."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = 2 * squares**2 / (fourths - squares**2 / n)
    most = np.maximum(np.asarray(n, dtype=float) - 1, 1)
    return np.clip(np.nan_to_num(found, nan=1.0, posinf=np.inf), 1, most)
