"""The words of texts: keyness between two groups of texts, and words in their context (concordance)."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, Literal

import numpy as np
import pandas as pd
from scipy import special, stats

from newskit.reading.boilerplate import blocks_of
from newskit.reading.view import plain_words, view_of
from newskit.resources.language import checked_texts, lemmas
from newskit.schema import LEFT_OUT, AnyCorpus, result_table, returns_columns

_WORD: Final = re.compile(r"(?<![^\W\d_])[^\W\d_](?:\.[^\W\d_])+(?![^\W\d_])|[^\W\d_]+(?:['’-][^\W\d_]+)*")
"""A word: letters, with apostrophes and hyphens in it, or an abbreviation of single letters with full stops (U.S.)."""


@returns_columns("keyness")
def keyness(
    focus: pd.DataFrame | Iterable[str],
    *,
    reference: pd.DataFrame | Iterable[str],
    min_count: int = 2,
    stopwords: Collection[str] | Literal["english"] = (),
    prior: float = 500.0,
) -> pd.DataFrame:
    """Find the words that set one group of texts apart from another.

    Parameters
    ----------
    focus, reference : DataFrame or iterable of str
        Texts, or a table with a column `text`, such as `corpus.table("sentences", outlet="Daily Example")`, of which
        the parts that are not annotated are left out.
    min_count : int, default 2
        Rarer words, counted in both groups together, are left out.
    stopwords : collection of str or "english", optional
        Words to leave out, whatever their case, or "english" for spaCy's list of function words. They still count
        toward the totals.
    prior : float, default 500
        Strength of the prior of the log-odds ratio, in words.

    Returns
    -------
    DataFrame
        One row per word, most typical of the focus first. Words are runs of letters, lower-cased, in the
        matching view of the texts (`don’t` is `don't`); "U.S." is one. In `log_odds`, `z` and `g2`, positive is
        typical of the focus. The columns are

        {columns}

    Raises
    ------
    ValueError
        If either group has no words, or if the prior is not positive.
    TypeError
        For a single string instead of several texts or stop words, and for a text that is not a string.

    Notes
    -----
    The prior of the log-odds ratio is an informative Dirichlet prior: `prior` words, distributed as in both groups
    together (Monroe, Colaresi and Quinn 2008). `g2` is the signed log-likelihood ratio (Dunning 1993). The dispersion
    is the deviation of proportions (Gries 2008): half the sum, over the texts, of the absolute difference between a
    text's share of the word's occurrences and its share of all words.

    References
    ----------
    Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal Statistical
    Society B 57 (1), 289-300.

    Dunning, T. (1993). Accurate methods for the statistics of surprise and coincidence. Computational Linguistics
    19 (1), 61-74.

    Gries, S. T. (2008). Dispersions and adjusted frequencies in corpora. International Journal of Corpus Linguistics
    13 (4), 403-437.

    Monroe, B. L., Colaresi, M. P. and Quinn, K. M. (2008). Fightin' words: lexical feature selection and evaluation for
    identifying the content of political conflict. Political Analysis 16 (4), 372-403.

    Examples
    --------
    >>> table = keyness(["war and war", "more war"], reference=["peace talks", "talks and more talks"])
    >>> table[["term", "n_focus", "n_reference"]].to_numpy().tolist()
    [['war', 3, 0], ['and', 1, 1], ['more', 1, 1], ['talks', 0, 3]]
    """
    if not prior > 0:
        raise ValueError(f"prior is a number of words and must be positive, got {prior}")
    if stopwords == "english":
        from spacy.lang.en.stop_words import STOP_WORDS

        stopwords = STOP_WORDS
    if isinstance(stopwords, str):
        raise TypeError(f'stopwords is "english" or a collection of words, got the text {stopwords!r}')
    parts = [_counted_words(side) for side in (focus, reference)]
    counts = [_sum(side) for side in parts]
    n_a, n_b = (float(sum(side.values())) for side in counts)
    if not (n_a and n_b):
        raise ValueError(f"the {'focus' if not n_a else 'reference'} has no words to compare")
    skipped = {plain_words(word).text.lower() for word in stopwords}
    terms = sorted(t for t in {*counts[0], *counts[1]} - skipped if counts[0][t] + counts[1][t] >= min_count)
    a, b = (np.array([side[term] for term in terms], dtype=float) for side in counts)
    log_odds, z = _log_odds(a, b, n_a, n_b, prior)
    g2 = _log_likelihood(a, b, n_a, n_b)
    p = stats.chi2.sf(np.abs(g2), 1) if terms else np.array([])
    (texts_a, dp_a), (texts_b, dp_b) = (_spread(side, terms) for side in parts)
    table = pd.DataFrame(
        {
            "term": pd.array(terms, dtype="str"),
            "n_focus": a.astype(int),
            "n_reference": b.astype(int),
            "texts_focus": texts_a,
            "texts_reference": texts_b,
            "per_1000_focus": 1000 * a / n_a,
            "per_1000_reference": 1000 * b / n_b,
            "dp_focus": dp_a,
            "dp_reference": dp_b,
            "log_odds": log_odds,
            "z": z,
            "g2": g2,
            "p": p,
            "q": stats.false_discovery_control(p) if terms else p,
        }
    )
    return table.sort_values(["z", "term"], ascending=[False, True], ignore_index=True)


def _counted_words(source: pd.DataFrame | Iterable[str]) -> list[Counter[str]]:
    """How often each word occurs in each text."""
    if isinstance(source, pd.DataFrame):
        source = source["text"] if "part" not in source else source.loc[~source["part"].isin(LEFT_OUT), "text"]
    texts = checked_texts(source, "keyness")
    return [Counter(word.lower() for word in _WORD.findall(plain_words(text).text)) for text in texts]


def _sum(parts: Iterable[Counter[str]]) -> Counter[str]:
    """Counts of all parts together."""
    total: Counter[str] = Counter()
    for part in parts:
        total.update(part)
    return total


def _spread(parts: Sequence[Counter[str]], terms: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """The number of texts that have each term, and the term's deviation of proportions over the texts.

    Half the sum of |a text's share of the term's occurrences − its share of all words|. A text without the term adds
    its share of all words, so only texts with the term need to be visited.
    """
    number = {term: i for i, term in enumerate(terms)}
    lengths = np.array([sum(part.values()) for part in parts], dtype=float)
    expected = lengths / lengths.sum()
    total = np.zeros(len(terms))
    texts = np.zeros(len(terms), dtype=int)
    for part in parts:
        for word, n in part.items():
            if word in number:
                total[number[word]] += n
                texts[number[word]] += 1
    away = np.ones(len(terms))
    for part, share in zip(parts, expected.tolist(), strict=True):
        for word, n in part.items():
            at = number.get(word)
            if at is not None:
                away[at] += abs(n / total[at] - share) - share
    return texts, np.where(texts > 0, away / 2, np.nan)


def _log_odds(a: np.ndarray, b: np.ndarray, n_a: float, n_b: float, prior: float) -> tuple[np.ndarray, np.ndarray]:
    """The log-odds ratio of each word and its z-score, equations 16 and 20 to 22 of Monroe, Colaresi and Quinn."""
    alpha = prior * (a + b) / (n_a + n_b)
    with np.errstate(divide="ignore", invalid="ignore"):
        delta = np.log((a + alpha) / (n_a + prior - a - alpha)) - np.log((b + alpha) / (n_b + prior - b - alpha))
        return delta, delta / np.sqrt(1 / (a + alpha) + 1 / (b + alpha))


def _log_likelihood(a: np.ndarray, b: np.ndarray, n_a: float, n_b: float) -> np.ndarray:
    """Dunning's G² of each word's 2 × 2 table, negative where the word is rarer in a than in b."""
    observed = np.stack([a, b, n_a - a, n_b - b])
    word, other = a + b, n_a + n_b - a - b
    expected = np.stack([word * n_a, word * n_b, other * n_a, other * n_b]) / (n_a + n_b)
    terms = special.rel_entr(observed, expected)
    signed: np.ndarray = np.where(a / n_a >= b / n_b, 2.0, -2.0) * terms.sum(axis=0)
    return signed


@returns_columns("concordance")
def concordance(
    corpus: AnyCorpus,
    pattern: str,
    *,
    window: int = 60,
    regex: bool = False,
    on: Literal["text", "lemma"] = "text",
    sort: Literal["position", "match", "left", "right"] = "position",
) -> pd.DataFrame:
    """List every match of a pattern with the words around it (key word in context).

    Parameters
    ----------
    corpus : Corpus
        The corpus, in memory or on disk.
    pattern : str
        Words, with `*` for the rest of a word ("missile*", "peace talk*"), or a regular expression. Case is ignored.
    window : int, default 60
        Characters of context on each side.
    regex : bool, default False
        Whether the pattern is a regular expression.
    on : {"text", "lemma"}, default "text"
        With "lemma" the pattern is matched against the base forms of the words, separated by single spaces: "go to
        war" finds "went to war".
    sort : {"position", "match", "left", "right"}, default "position"
        The order of the rows: as in the articles, by the match, by the words that follow it ("right"), or by those
        before it, read backwards from the match ("left").

    Returns
    -------
    DataFrame
        One row per match in what is annotated of the articles' texts. The pattern is matched in the matching view of
        the text: with plain spaces, hyphens and double quotation marks, and no invisible characters. The columns are

        {columns}

    Raises
    ------
    ValueError
        For an empty pattern, an invalid regular expression, and an unknown `on` or `sort`.
    TypeError
        For a pattern that is not a string.

    Examples
    --------
    >>> concordance(corpus, "missile*", window=40, sort="right")  # doctest: +SKIP
    """
    if not isinstance(pattern, str):
        raise TypeError(f"the pattern is one string, got {type(pattern).__name__}; for several words use regex: 'a|b'")
    for name, value, known in (("on", on, ("text", "lemma")), ("sort", sort, ("position", "match", "left", "right"))):
        if value not in known:
            raise ValueError(f"{name} {value!r} is not one of {', '.join(known)}")
    finder = _finder(pattern, regex=regex)
    find = _find_lemmas if on == "lemma" else _find_text
    sentences = corpus.sentences
    starts = {key: group["start"].to_numpy() for key, group in sentences.groupby("article_id")}
    apart = sentences.loc[sentences["part"].isin(LEFT_OUT), ["article_id", "sentence_id"]]
    left_out = set(apart.itertuples(index=False, name=None))
    articles = corpus.articles.loc[corpus.articles["article_id"].isin(list(starts)), ["article_id", "text"]]
    rows = [
        {
            "article_id": article_id,
            "sentence_id": sentence_id,
            "start": start,
            "end": end,
            "text": text[start:end],
            "left": " ".join(text[max(0, start - window) : start].split()),
            "right": " ".join(text[end : end + window].split()),
            "position": start / len(text),
        }
        for (article_id, text), matches in zip(
            articles.itertuples(index=False), find(articles["text"], finder, regex=regex), strict=True
        )
        for start, end in matches
        for sentence_id in [max(0, int(np.searchsorted(starts[article_id], start, side="right")) - 1)]
        if (article_id, sentence_id) not in left_out
    ]
    return _sorted_matches(result_table("concordance", rows), sort)


def _sorted_matches(table: pd.DataFrame, by: str) -> pd.DataFrame:
    """The rows of a concordance in the order of `concordance(sort=…)`."""
    if by == "position" or table.empty:
        return table
    words = table["text" if by == "match" else by].str.lower().str.findall(_WORD)
    order = words.map(lambda found: found[::-1]) if by == "left" else words
    return table.loc[order.sort_values(kind="stable").index].reset_index(drop=True)


def _finder(pattern: str, *, regex: bool) -> re.Pattern[str]:
    """The regular expression of a pattern; raises `ValueError` for an empty or invalid one."""
    pattern = pattern if regex else plain_words(pattern).text
    if not pattern.strip():
        raise ValueError("the pattern is empty; give words such as 'missile*'")
    words = (re.escape(word).replace(r"\*", r"[\w'’-]*") for word in pattern.split())
    try:
        return re.compile(pattern if regex else r"(?<!\w)" + r"\s+".join(words) + r"(?!\w)", re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"{pattern!r} is not a valid regular expression: {error}") from error


def _find_text(texts: Iterable[str], finder: re.Pattern[str], *, regex: bool) -> Iterator[list[tuple[int, int]]]:
    """The places of the matches in each text."""
    for text in texts:
        view = (view_of if regex else plain_words)(text, blocks_of(text))
        yield [view.span(*m.span()) for m in finder.finditer(view.text) if m.group()]


def _find_lemmas(texts: Iterable[str], finder: re.Pattern[str], *, regex: bool) -> Iterator[list[tuple[int, int]]]:
    """The places in each text of the words whose base forms match, from the first word of a match to its last."""
    seen = (view_of(text, blocks_of(text)) for text in texts)
    views, views_again = itertools.tee(seen)
    for view, tokens in zip(views, lemmas(view.text for view in views_again), strict=True):
        ends = np.cumsum([len(lemma) + 1 for lemma, _, _ in tokens])
        found = []
        for match in finder.finditer(" ".join(lemma for lemma, _, _ in tokens)):
            if match.group().strip():
                first, last = np.searchsorted(ends, [match.start(), match.end() - 1], side="right")
                found.append(view.span(tokens[first][1], tokens[min(last, len(tokens) - 1)][2]))
        yield found
