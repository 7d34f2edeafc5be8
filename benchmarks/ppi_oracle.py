"""What ppi-python says of a simple random sample: the numbers in `tests/validation/test_estimation.py`.

    uv pip install ppi-python; python benchmarks/ppi_oracle.py

It is not a dependency of newskit, since it brings numba and statsmodels. The corpus is made from a fixed linear
congruential sequence, so that both sides have the same numbers without a common random generator.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def made(n_units: int = 3000) -> tuple[Floats, Floats]:
    """Codes (0 and 1) of a corpus's units, in random order, and what a model says of them."""
    state, uniform = 12345, []
    for _ in range(3 * n_units):
        state = (1103515245 * state + 12345) % 2**31
        uniform.append(state / 2**31)
    first, second, third = np.array(uniform).reshape(3, n_units)
    codes = (first < 0.3).astype(float)
    return codes, 0.6 * codes + 0.9 * second - 0.2 * third


if __name__ == "__main__":
    from ppi_py import ppi_mean_ci, ppi_mean_pointestimate  # type: ignore[import-not-found]

    codes, said = made()
    for n in (150, 400):
        for tuning in (0.0, 0.5, 1.0, None):
            data = codes[:n], said[:n], said[n:]
            mean = ppi_mean_pointestimate(*data, lam=tuning).item()
            low, high = (end.item() for end in ppi_mean_ci(*data, alpha=0.05, lam=tuning))
            print(f"    ({n}, {tuning}, {mean:.6f}, {low:.6f}, {high:.6f}),")
