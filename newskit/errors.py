"""Every error and warning that newskit raises on purpose: `newskit.errors` is public."""

from __future__ import annotations

from newskit.resources.shown import shown


class _Shown(Exception):
    """A message may quote a file name or a cell: what a terminal would obey is escaped in it."""

    def __init__(self, *told: object) -> None:
        super().__init__(*(shown(one) if isinstance(one, str) else one for one in told))


class ArticleError(_Shown, ValueError):
    """A source that cannot be read as an article; the message names the source and the way out."""


class LanguageWarning(_Shown, UserWarning):
    """An article that does not look English."""


class CatalogError(_Shown, ValueError):
    """A mistake in an actor catalogue; the message names the file, the line and the way out."""


class CodebookError(_Shown, ValueError):
    """A mistake in a codebook; the message names the file, the line and the way out."""


class IssueError(_Shown, ValueError):
    """A mistake in the file of an issue; the message names the file, the line and the way out."""


class DuplicateArticleError(_Shown, ValueError):
    """Two articles that came in have one article_id."""


class CorpusFolderError(_Shown, ValueError):
    """A folder that holds no finished corpus, or another one; the message says what to do."""


class CorpusChangedError(CorpusFolderError):
    """A folder holds shards that were made with other options or from other articles than those given now."""


class LostWorkersError(_Shown, RuntimeError):
    """Worker processes ended again and again without a result."""


class SampleError(_Shown, ValueError):
    """A sample for hand coding that cannot be drawn, read or found again; the message says what to do."""


class CodingsError(_Shown, ValueError):
    """Codings that do not fit their sample; the message names the file, the row and the way out."""


class LostRowsWarning(_Shown, UserWarning):
    """Coded rows are no longer in the corpus, which was annotated or linked anew; the rest of them is used."""
