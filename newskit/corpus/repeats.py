"""Articles with the lines marked that their outlet repeats from article to article."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator

from newskit.reading.article import Article, Refused
from newskit.reading.repeated_lines import OutletLines


class MarkedArticles:
    """Articles that can be read again and again, with the repeated lines of their outlets marked as boilerplate.

    The first loop reads them once before, to learn the lines.
    """

    def __init__(self, articles: Iterable[Article | Refused]) -> None:
        self._articles = articles
        self._lines: OutletLines | None = None

    def __iter__(self) -> Iterator[Article | Refused]:
        if self._lines is None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # they come again when the articles are read to be annotated
                self._lines = OutletLines(self._articles)
        for item in self._articles:
            yield self._lines.marked(item) if isinstance(item, Article) else item
