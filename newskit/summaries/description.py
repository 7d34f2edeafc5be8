"""What a corpus consists of, and how far its groups can carry a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from newskit.corpus.views import articles_by
from newskit.reading.stories import story_ids
from newskit.schema import result_table, returns_columns
from newskit.summaries.sums import groups_of

if TYPE_CHECKING:
    from newskit.corpus.corpus import Corpus


@returns_columns("describe_corpus")
def describe_corpus(corpus: Corpus, *, by: str | Sequence[str] = "outlet") -> pd.DataFrame:
    """Describe a corpus before anything is measured in it: articles, words, dates, copies, languages, by group.

    Parameters
    ----------
    corpus : Corpus
        The corpus, in memory or on disk.
    by : str or sequence of str, default "outlet"
        What to group by: columns of articles, or year, month, week, day (of publication). Articles without a value are
        a group of their own. () for the corpus as a whole.

    Returns
    -------
    DataFrame
        One row per group, most articles first, with the columns of `by` and

        {columns}

    Raises
    ------
    ValueError
        For an unknown column.

    Notes
    -----
    Articles that tell one story in the same words (agency reports, reprints) are no independent observations.
    `n_stories` counts them once, by `Corpus.find_stories` if it was called, else as `story_ids` does. `n_effective` is
    Kish's effective sample size, (sum of n)² / (sum of n²) over the numbers of articles n of the stories: it falls with
    a few stories that are printed often.

    Groups whose dates do not overlap differ in what happened, not only in how it was told: look at `first` and `last`
    before you compare.

    References
    ----------
    Kish, L. (1965). Survey Sampling. Wiley.

    Examples
    --------
    >>> describe_corpus(corpus)  # doctest: +SKIP
    >>> describe_corpus(corpus, by=["outlet", "month"])  # doctest: +SKIP
    """
    names = [by] if isinstance(by, str) else list(by)
    articles = corpus.articles
    if "story_id" not in articles.columns or articles["story_id"].isna().all():
        annotated = articles[articles["status"] == "annotated"]
        articles = articles.assign(story_id=articles["article_id"].map(story_ids(annotated)))
    keys = articles_by(corpus.tables, names).set_index("article_id")
    for name in names:
        shown = keys[name].reindex(articles["article_id"]).astype("object").to_numpy()
        articles = articles.assign(**{f"by {name}": pd.Series(shown, articles.index).where(pd.notna(shown), "–")})
    sentences = corpus.table("sentences", columns=["article_id"])["article_id"].value_counts()
    rows = []
    for key, group in groups_of(articles, [f"by {name}" for name in names]):
        rows.append(dict(zip(names, key, strict=True)) | _described(group, sentences))
    found = result_table("describe_corpus", [{k: v for k, v in row.items() if k not in names} for row in rows])
    for at, name in enumerate(names):
        found.insert(at, name, [row[name] for row in rows])
    return found.sort_values(["n_articles", *names], ascending=[False, *[True] * len(names)], ignore_index=True)


def _described(articles: pd.DataFrame, sentences: pd.Series) -> dict[str, object]:
    """The numbers of one group."""
    annotated = articles[articles["status"] == "annotated"]
    stories = annotated["story_id"].fillna(annotated["article_id"]).value_counts()
    languages = articles["language"].dropna().value_counts()
    return {
        "n_articles": len(annotated),
        "not_annotated": len(articles) - len(annotated),
        "n_words": int(annotated["n_tokens"].sum()),
        "n_sentences": int(sentences.reindex(annotated["article_id"]).fillna(0).sum()),
        "first": annotated["published"].min(),
        "last": annotated["published"].max(),
        "undated": int(annotated["published"].isna().sum()),
        "n_stories": len(stories),
        "n_effective": float(stories.sum() ** 2 / (stories**2).sum()) if len(stories) else 0.0,
        "languages": ", ".join(f"{name} {n}" for name, n in languages.items()),
    }
