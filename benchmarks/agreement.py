"""How often the 95 % intervals of `newskit.agreement` hold the agreement of the coders on all rows there are.

Two coders see the true code of a row and now and then, more often in some articles than in others, code another.

    python -m benchmarks.agreement
"""

from __future__ import annotations

from typing import Final

import numpy as np

from newskit.validation.coefficients import MEASURES, Ratings, bootstrap, coefficients

SAMPLES: Final = 1000
PREVALENCES: Final = {"even": (1 / 3, 1 / 3, 1 / 3), "as coded in US news": (0.13, 0.85, 0.02)}
ROWS_PER_ARTICLE: Final = 2
ERRORS: Final = 0.15
"""Share of rows that a coder codes at random, on average over articles."""


def coded(n: int, prevalence: tuple[float, ...], rng: np.random.Generator) -> Ratings:
    """What two coders say of so many rows."""
    true = rng.choice(len(prevalence), size=n, p=prevalence)
    chance = np.repeat(rng.beta(0.6, 0.6 * (1 / ERRORS - 1), size=n // ROWS_PER_ARTICLE), ROWS_PER_ARTICLE)
    coders = []
    for _ in range(2):
        other = rng.choice(len(prevalence), size=n, p=prevalence)
        coders.append(np.where(rng.random(n) < chance, other, true))
    return np.stack(coders, axis=1)


def main() -> None:
    rng = np.random.default_rng(0)
    print(f"{'prevalence':22}{'rows':>6}" + "".join(f"{name:>15}" for name in MEASURES) + f"{'no interval':>13}")
    for name, prevalence in PREVALENCES.items():
        true = coefficients(coded(400_000, prevalence, rng), 3, ordered=True)
        for n in (50, 100, 200, 400):
            held = np.zeros(len(MEASURES))
            given = 0
            for seed in range(SAMPLES):
                clusters = np.arange(n) // ROWS_PER_ARTICLE
                found = bootstrap(coded(n, prevalence, rng), clusters, 3, ordered=True, seed=seed)
                ends = np.array([found[measure] for measure in MEASURES])
                if not np.isnan(ends).any():
                    given += 1
                    held += [low <= true[measure] <= high for measure, (low, high) in found.items()]
            shares = "".join(f"{share:>15.3f}" for share in held / given)
            print(f"{name:22}{n:>6}{shares}{SAMPLES - given:>13}", flush=True)


if __name__ == "__main__":
    main()
