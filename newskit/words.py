"""The words of texts: keyness between two groups of texts, and words in their context."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from typing import Final

import numpy as np
import pandas as pd
from scipy import special, stats

from newskit.schema import Tables

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*")


def _texts(source: pd.DataFrame | Iterable[str]) -> Iterable[str]:
    if isinstance(source, str):
        raise TypeError("keyness takes several texts or a table with a column `text`, not one string")
    texts = list(source["text"] if isinstance(source, pd.DataFrame) else source)
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("keyness takes texts, and one is no string: drop missing texts first")
    return texts


def keyness(
    focus: pd.DataFrame | Iterable[str],
    *,
    reference: pd.DataFrame | Iterable[str],
    min_count: int = 2,
    stopwords: Collection[str] = (),
    prior: float = 500.0,
) -> pd.DataFrame:
    """Words that set the focus texts apart from the reference texts, most typical of the focus first.

    Both are texts, or tables with a column `text` (such as rows of `corpus.sentences`). One row a word
    of at least `min_count` occurrences in both together; words are letters, lower-cased. Columns:
    `term`, `n_focus`, `n_reference`, `per_1000_focus`, `per_1000_reference`; `log_odds` and `z`, the log-odds ratio
    with an informative Dirichlet prior of `prior` words spread as in both texts together (Monroe,
    Colaresi and Quinn 2008); `g2`, the signed log-likelihood ratio (Dunning 1993), its `p` and the `q` of
    Benjamini and Hochberg's false-discovery rate. Positive is typical of the focus.

    Raises `ValueError` if either side has no words, or for a prior that is not positive.
    """
    if not prior > 0:
        raise ValueError(f"prior is a number of words and must be positive, got {prior}")
    counts = [Counter(w.lower() for text in _texts(side) for w in _WORD.findall(text)) for side in (focus, reference)]
    totals = [sum(side.values()) for side in counts]
    if not all(totals):
        raise ValueError(f"the {'focus' if not totals[0] else 'reference'} has no words to compare")
    if isinstance(stopwords, str):
        raise TypeError("stopwords are a set of words, such as spacy.lang.en.stop_words.STOP_WORDS")
    skipped = {word.lower() for word in stopwords}
    terms = sorted(t for t in {*counts[0], *counts[1]} - skipped if counts[0][t] + counts[1][t] >= min_count)
    a, b = (np.array([side[term] for term in terms], dtype=float) for side in counts)
    n_a, n_b = map(float, totals)
    alpha = prior * (a + b) / (n_a + n_b)
    with np.errstate(divide="ignore", invalid="ignore"):
        delta = np.log((a + alpha) / (n_a + prior - a - alpha)) - np.log((b + alpha) / (n_b + prior - b - alpha))
        z = delta / np.sqrt(1 / (a + alpha) + 1 / (b + alpha))
    g2 = _log_likelihood(a, b, n_a, n_b)
    p = stats.chi2.sf(np.abs(g2), 1) if terms else np.array([])
    table = pd.DataFrame(
        {
            "term": pd.array(terms, dtype="str"),
            "n_focus": a.astype(int),
            "n_reference": b.astype(int),
            "per_1000_focus": 1000 * a / n_a,
            "per_1000_reference": 1000 * b / n_b,
            "log_odds": delta,
            "z": z,
            "g2": g2,
            "p": p,
            "q": stats.false_discovery_control(p) if terms else p,
        }
    )
    return table.sort_values(["z", "term"], ascending=[False, True], ignore_index=True)


def _log_likelihood(a: np.ndarray, b: np.ndarray, n_a: float, n_b: float) -> np.ndarray:
    """Dunning's G² of each word's 2 × 2 table, negative where the word is rarer in a than in b."""
    observed = np.stack([a, b, n_a - a, n_b - b])
    word, other = a + b, n_a + n_b - a - b
    expected = np.stack([word * n_a, word * n_b, other * n_a, other * n_b]) / (n_a + n_b)
    terms = special.rel_entr(observed, expected)
    signed: np.ndarray = np.where(a / n_a >= b / n_b, 2.0, -2.0) * terms.sum(axis=0)
    return signed


def concordance(corpus: Tables, pattern: str, *, window: int = 60, regex: bool = False) -> pd.DataFrame:
    """Key word in context: one row a match in the articles' texts, in order.

    `pattern` is words, with `*` for the rest of one ("missile*", "peace talk*"), or with `regex=True` a
    regular expression; case does not count. Columns: `article_id`, `sentence_id`, `start`, `end`, `text` (the
    match), `left` and `right` (`window` characters around it, white space folded), `position` (0 to 1, its
    place in the article).

    Raises `ValueError` for an empty pattern and a faulty regular expression.
    """
    if not isinstance(pattern, str):
        raise TypeError(f"the pattern is one string, got {type(pattern).__name__}; for several words use regex: 'a|b'")
    pattern = pattern if regex else pattern.replace("’", "'")
    if not pattern.strip():
        raise ValueError("the pattern is empty; give words such as 'missile*'")
    words = (re.escape(word).replace(r"\*", r"[\w'’-]*") for word in pattern.split())
    try:
        finder = re.compile(pattern if regex else r"(?<!\w)" + r"\s+".join(words) + r"(?!\w)", re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from error
    starts = {key: group["start"].to_numpy() for key, group in corpus.sentences.groupby("article_id")}
    rows = [
        {
            "article_id": article_id,
            "sentence_id": max(0, int(np.searchsorted(starts[article_id], match.start(), side="right")) - 1),
            "start": match.start(),
            "end": match.end(),
            "text": text[match.start() : match.end()],
            "left": " ".join(text[max(0, match.start() - window) : match.start()].split()),
            "right": " ".join(text[match.end() : match.end() + window].split()),
            "position": match.start() / len(text),
        }
        for article_id, text in corpus.articles[["article_id", "text"]].itertuples(index=False)
        if article_id in starts
        for match in finder.finditer(text if regex else text.replace("’", "'"))
        if match.group()
    ]
    columns = ["article_id", "sentence_id", "start", "end", "text", "left", "right", "position"]
    return pd.DataFrame(rows, columns=columns)
