"""The progress bar of `annotate`."""

from __future__ import annotations

from collections import Counter


class Bar:
    """A progress bar over articles, with the rate, the time left and how many failed."""

    def __init__(self, total: int | None, ready: int, progress: bool | None) -> None:
        from tqdm.auto import tqdm

        show = (total is None or total >= 10) if progress is None else progress
        self.failed = 0
        self.bar = tqdm(desc="annotate", unit="article", total=total, initial=ready, disable=not show)

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.close()

    def tick(self, status: str) -> None:
        """Count one more article."""
        self.add(Counter([status]))

    def add(self, counts: Counter[str]) -> None:
        """Count some more articles."""
        self.failed += counts["failed"]
        self.bar.set_postfix(failed=self.failed, refresh=False)
        self.bar.update(counts.total())
