"""What the tests of figures share: the plot functions, and reading back what was drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.container import ErrorbarContainer
from matplotlib.figure import Figure

import newskit as nk

PLOTS: dict[str, Callable[..., Axes]] = {
    "actor_frequency": nk.plot_actor_frequency,
    "stance_summary": nk.plot_stance_summary,
    "voice_matrix": nk.plot_voice_matrix,
    "positions": nk.plot_positions,
    "frame_summary": nk.plot_frame_summary,
    "keyness": nk.plot_keyness,
    "concordance": nk.plot_concordance,
    "learning_curve": nk.plot_learning_curve,
    "microframes": nk.plot_microframes,
    "robustness": nk.plot_robustness,
    "compare": nk.plot_comparison,
}


def drawn(ax: Axes) -> Axes:
    """Render the figure, so that what only warns or fails then does."""
    assert isinstance(ax, Axes)
    assert isinstance(ax.figure, Figure)
    ax.figure.canvas.draw()
    return ax


def bars(ax: Axes) -> list[float]:
    """Widths of the bars, without the empty ones that are there for the legend."""
    widths = [float(patch.get_width()) for patch in ax.patches]  # type: ignore[attr-defined]
    return [width for width in widths if not np.isnan(width)]


def labels(ax: Axes) -> list[str]:
    return [tick.get_text() for tick in ax.get_yticklabels()]


def whiskers(ax: Axes) -> list[float]:
    """The ends of the intervals that are drawn, row by row: low, high, low, high."""
    intervals = [container for container in ax.containers if isinstance(container, ErrorbarContainer)]
    lines: list[Any] = [line for container in intervals for line in container.lines[2]]
    return [float(x) for line in lines for segment in line.get_segments() for x, _ in segment]
