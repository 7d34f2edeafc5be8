"""The figure of a confusion matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import matplotlib.pyplot as plt
import numpy as np

from newskit.output.drawing import fit_texts, in_words
from newskit.output.style import GRID_COLOUR
from newskit.resources.nearest import nearest
from newskit.validation.accuracy import Accuracy

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOURS: Final = "Blues"
_WIDEST: Final = 30
"""Width of the matrix at most, in inches."""


def plot_accuracy(result: Accuracy, *, variable: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw what newskit says (columns) of what coders say (rows), each row as shares of 100 %.

    Parameters
    ----------
    result : Accuracy
        What `accuracy` returns.
    variable : str, optional
        The variable to draw, such as a frame; by default the first.
    ax : Axes, optional
        The axes to draw on; a new figure by default.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    ValueError
        For a variable that was not judged, and without coded rows.
    TypeError
        If `result` does not come from `accuracy`.

    Notes
    -----
    The diagonal is the recall of each code. Shares are of the corpus, by the inclusion probabilities; the number in
    brackets is that of coded rows. Beside the names of the columns is the precision of each code.

    Examples
    --------
    >>> plot_accuracy(accuracy(corpus, codings))  # doctest: +SKIP
    """
    if not isinstance(result, Accuracy):
        raise TypeError(f"expected what accuracy(…) returns, got {type(result).__name__}")
    confusion = result.confusion
    if confusion.empty:
        raise ValueError("nothing to draw: no row of the sample is coded that newskit has a code for")
    known = [str(name) for name in confusion["variable"].unique()]
    chosen = known[0] if variable is None else variable
    if chosen not in known:
        raise ValueError(f"{chosen!r} was not judged{nearest(chosen, known)}; there are {', '.join(known)}")
    table = confusion[confusion["variable"] == chosen]
    codes = [str(code) for code in table["code"].unique()]
    share, n = (
        table.pivot(index="code", columns="said", values=name).reindex(index=codes, columns=codes).to_numpy(dtype=float)
        for name in ("share", "n")
    )
    rows = share.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        recall = share / rows
        precision = np.diag(share) / share.sum(axis=0)
    if ax is None:
        size = min(1.3 * len(codes), _WIDEST)
        _, ax = plt.subplots(figsize=(3.2 + size, 2.4 + 0.8 * size), layout="constrained")
    ax.imshow(recall, cmap=_COLOURS, vmin=0, vmax=1, aspect="auto")
    for (at, to), value in np.ndenumerate(recall):
        text = "–" if np.isnan(value) else f"{value:.0%}\n({n[at, to]:.0f})"
        ax.text(to, at, text, ha="center", va="center", color="white" if value > 0.55 else "black")
    told = ["–" if np.isnan(value) else f"{value:.0%}" for value in precision]
    ax.set_xticks(range(len(codes)), [f"{code}\nprecision {one}" for code, one in zip(codes, told, strict=True)])
    ax.set_yticks(
        range(len(codes)), [f"{code}\n{part:.0%} of all" for code, part in zip(codes, rows[:, 0], strict=True)]
    )
    ax.set_xticks(np.arange(-0.5, len(codes)), minor=True)
    ax.set_yticks(np.arange(-0.5, len(codes)), minor=True)
    ax.grid(which="minor", color=GRID_COLOUR, linewidth=0.8)
    ax.tick_params(which="both", length=0)
    ax.set_xlabel("newskit says")
    ax.set_ylabel("coders say")
    ax.set_title(f"{in_words(chosen)} of {int(n.sum())} coded rows, weighted to the corpus", loc="left")
    fit_texts(ax)
    return ax
