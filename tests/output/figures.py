"""What the tests of figures share: the plot functions, and reading back what was drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.container import ErrorbarContainer
from matplotlib.figure import Figure

import newskit as nk
from newskit.schema import NOT_VALIDATED

PLOTS: dict[str, Callable[..., Axes]] = {
    "actor_frequency": nk.plot_actor_frequency,
    "stance_summary": nk.plot_stance_summary,
    "voice_matrix": nk.plot_voice_matrix,
    "source_summary": nk.plot_source_summary,
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


def shares(groups: int, actors: int, *, by: str = "outlet", name: str = "Actor", n: int = 20) -> pd.DataFrame:
    """An invented table of actor_frequency: so many groups of so many actors, with `n` mentions each."""
    rows = [
        {by: group_of(by, g), "actor_id": f"a{a}", "actor": f"{name} {a}", "type": "person", "n_mentions": n}
        for g in range(groups)
        for a in range(actors)
    ]
    share = 1 / actors
    return pd.DataFrame(rows).assign(
        share=share, low=share / 2, high=min(1.0, share * 2), resampled="articles", kinds="name", estimate=NOT_VALIDATED
    )


def tones(groups: int, actors: int, *, by: str = "outlet", name: str = "Actor", n: int = 20) -> pd.DataFrame:
    """An invented table of stance_summary, whose groups stand behind its actors."""
    table = shares(groups, actors, by=by, name=name, n=n)[["actor_id", "actor", by]]
    table = table.rename(columns={"actor_id": "target_id", "actor": "target"})
    values: dict[str, Any] = {
        "n": n,
        "mean": -0.2,
        "low": -0.4,
        "high": 0.1,
        "negative": 0.3,
        "positive": 0.1,
        "method": "model",
    }
    return table.assign(**values, resampled="articles", estimate=NOT_VALIDATED)


def voices(speakers: int, targets: int, *, groups: int = 1, name: str = "Actor", n: int = 9) -> pd.DataFrame:
    """An invented table of voice_matrix, by outlet if there are several groups; the first have most observations."""
    rows = [
        {"outlet": f"Outlet {g}", "voice": f"v{s}", "speaker": f"{name} {s}", "target_id": f"t{t}"}
        | {"target": f"{name} {t}", "n": n + (speakers - s) // 2 + (targets - t) // 2}
        for g in range(groups)
        for s in range(speakers)
        for t in range(targets)
    ]
    table = pd.DataFrame(rows).assign(voice_group=None, target_group=None, mean=0.3, method="model")
    table = table.assign(estimate=NOT_VALIDATED, resampled="articles")
    return table if groups > 1 else table.drop(columns="outlet")


def group_of(by: str, number: int) -> str:
    """The value of a group, or of a period."""
    if by == "month":
        return str(pd.Period("2000-01", "M") + number)
    return str((pd.Timestamp("2024-01-01") + pd.Timedelta(days=number)).date()) if by == "day" else f"Outlet {number}"
