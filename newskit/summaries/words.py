"""The words of texts: keyness between two groups of texts, words in their context, the passages of a debate."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, Literal

import numpy as np
import pandas as pd
from scipy import special, stats

from newskit.resources.language import lemmas
from newskit.schema import AnyCorpus

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

    Both are texts, or tables with a column `text` (such as rows of `corpus.sentences`). One row a word of at least
    `min_count` occurrences in both together; words are letters, lower-cased. Columns: `term`, `n_focus`,
    `n_reference`, `texts_focus`, `texts_reference` (in how many texts), `per_1000_focus`, `per_1000_reference`,
    `dp_focus`, `dp_reference` (how unevenly the word is spread over the texts: 0 as their lengths are, 1 in a small
    part alone; the deviation of proportions of Gries 2008; NaN where it does not occur); `log_odds` and `z`, the
    log-odds ratio with an informative Dirichlet prior of `prior` words spread as in both texts together (Monroe,
    Colaresi and Quinn 2008); `g2`, the signed log-likelihood ratio (Dunning 1993), its `p` and the `q` of Benjamini
    and Hochberg's false-discovery rate. Positive is typical of the focus.

    Raises `ValueError` if either side has no words, or for a prior that is not positive.
    """
    if not prior > 0:
        raise ValueError(f"prior is a number of words and must be positive, got {prior}")
    parts = [[Counter(w.lower() for w in _WORD.findall(text)) for text in _texts(side)] for side in (focus, reference)]
    counts = [_sum(side) for side in parts]
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
            "log_odds": delta,
            "z": z,
            "g2": g2,
            "p": p,
            "q": stats.false_discovery_control(p) if terms else p,
        }
    )
    return table.sort_values(["z", "term"], ascending=[False, True], ignore_index=True)


def _sum(parts: Iterable[Counter[str]]) -> Counter[str]:
    """Counts of all parts together."""
    total: Counter[str] = Counter()
    for part in parts:
        total.update(part)
    return total


def _spread(parts: Sequence[Counter[str]], terms: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """In how many texts each term is, and its deviation of proportions over them.

    Half the sum of |share of the term's occurrences in a text − share of all words in it|. A text without the term
    adds its share of all words, so only those with it are visited.
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


def _log_likelihood(a: np.ndarray, b: np.ndarray, n_a: float, n_b: float) -> np.ndarray:
    """Dunning's G² of each word's 2 × 2 table, negative where the word is rarer in a than in b."""
    observed = np.stack([a, b, n_a - a, n_b - b])
    word, other = a + b, n_a + n_b - a - b
    expected = np.stack([word * n_a, word * n_b, other * n_a, other * n_b]) / (n_a + n_b)
    terms = special.rel_entr(observed, expected)
    signed: np.ndarray = np.where(a / n_a >= b / n_b, 2.0, -2.0) * terms.sum(axis=0)
    return signed


def concordance(
    corpus: AnyCorpus,
    pattern: str,
    *,
    window: int = 60,
    regex: bool = False,
    on: Literal["text", "lemma"] = "text",
    sort: Literal["position", "match", "left", "right"] = "position",
) -> pd.DataFrame:
    """Key word in context: one row a match in the articles' texts.

    `pattern` is words, with `*` for the rest of one ("missile*", "peace talk*"), or with `regex=True` a regular
    expression; case does not count. With `on="lemma"` it is compared with the base forms of the words, one space
    between them: "go to war" finds "went to war". Columns: `article_id`, `sentence_id`, `start`, `end`, `text` (the
    match), `left` and `right` (`window` characters around it, white space folded), `position` (0 to 1, its place in
    the article). Rows are in the order of the articles, or sorted by the match, by the words that follow ("right") or
    by those before it, read backwards from the match ("left").

    Raises `ValueError` for an empty pattern, a faulty regular expression and an unknown `on` or `sort`.
    """
    if not isinstance(pattern, str):
        raise TypeError(f"the pattern is one string, got {type(pattern).__name__}; for several words use regex: 'a|b'")
    for name, value, known in (("on", on, ("text", "lemma")), ("sort", sort, ("position", "match", "left", "right"))):
        if value not in known:
            raise ValueError(f"{name} {value!r} is none of {', '.join(known)}")
    finder = _finder(pattern, regex=regex)
    find = _find_lemmas if on == "lemma" else _find_text
    starts = {key: group["start"].to_numpy() for key, group in corpus.sentences.groupby("article_id")}
    articles = corpus.articles.loc[corpus.articles["article_id"].isin(list(starts)), ["article_id", "text"]]
    rows = [
        {
            "article_id": article_id,
            "sentence_id": max(0, int(np.searchsorted(starts[article_id], start, side="right")) - 1),
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
    ]
    columns = ["article_id", "sentence_id", "start", "end", "text", "left", "right", "position"]
    table = pd.DataFrame(rows, columns=columns)
    if sort == "position" or table.empty:
        return table
    words = table["text" if sort == "match" else sort].str.lower().str.findall(_WORD)
    order = words.map(lambda found: found[::-1]) if sort == "left" else words
    return table.loc[order.sort_values(kind="stable").index].reset_index(drop=True)


def _finder(pattern: str, *, regex: bool) -> re.Pattern[str]:
    pattern = pattern if regex else pattern.replace("’", "'")
    if not pattern.strip():
        raise ValueError("the pattern is empty; give words such as 'missile*'")
    words = (re.escape(word).replace(r"\*", r"[\w'’-]*") for word in pattern.split())
    try:
        return re.compile(pattern if regex else r"(?<!\w)" + r"\s+".join(words) + r"(?!\w)", re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from error


def _find_text(texts: Iterable[str], finder: re.Pattern[str], *, regex: bool) -> Iterator[list[tuple[int, int]]]:
    for text in texts:
        yield [m.span() for m in finder.finditer(text if regex else text.replace("’", "'")) if m.group()]


def _find_lemmas(texts: Iterable[str], finder: re.Pattern[str], *, regex: bool) -> Iterator[list[tuple[int, int]]]:
    """Matches in the base forms of the words, as places in the text: from the first word touched to the last."""
    for tokens in lemmas(texts):
        ends = np.cumsum([len(lemma) + 1 for lemma, _, _ in tokens])
        found = []
        for match in finder.finditer(" ".join(lemma for lemma, _, _ in tokens)):
            if match.group().strip():
                first, last = np.searchsorted(ends, [match.start(), match.end() - 1], side="right")
                found.append((tokens[first][1], tokens[min(last, len(tokens) - 1)][2]))
        yield found
