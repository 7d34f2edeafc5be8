"""Microframes: which side of pairs of opposites, such as illegal and legal, the words of texts lean to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from scipy import sparse, stats

from newskit.reading.view import plain_words
from newskit.resources.encoder import sentence_encoder
from newskit.resources.language import checked_texts
from newskit.schema import returns_columns

AXES: Final[Mapping[str, tuple[str, str]]] = {
    f"{low} – {high}": (low, high)
    for low, high in (
        ("illegal", "legal"),
        ("dangerous", "safe"),
        ("weak", "strong"),
        ("war", "peace"),
        ("unfair", "fair"),
        ("immoral", "moral"),
        ("dishonest", "honest"),
        ("costly", "profitable"),
        ("disloyal", "loyal"),
        ("chaotic", "orderly"),
        ("failure", "success"),
        ("hostile", "friendly"),
    )
}
"""Pairs of opposites that matter in political news."""
_MICROFRAME_WORD: Final = re.compile(r"[^\W\d_]{2,}(?:['’-][^\W\d_]+)*")


@returns_columns("microframes")
def microframes(
    focus: pd.DataFrame | Iterable[str],
    *,
    reference: pd.DataFrame | Iterable[str],
    axes: Mapping[str, tuple[str, str]] | Sequence[tuple[str, str]] = AXES,
    stopwords: Iterable[str] = (),
    resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Measure how far texts lean to one side of pairs of opposite words, compared with other texts.

    Parameters
    ----------
    focus, reference : DataFrame or iterable of str
        Texts, or a table with a column `text`; at least two texts each.
    axes : mapping of str to (str, str), or sequence of (str, str), optional
        The pairs of opposites, by name or named "first – second". By default twelve that matter in political news, from
        "illegal – legal" to "hostile – friendly".
    stopwords : iterable of str, optional
        Words to leave out, whatever their case.
    resamples : int, default 1000
        Draws of the permutation test.
    seed : int, default 0
        Seed of these draws.

    Returns
    -------
    DataFrame
        One row per axis, largest |bias| relative to its spread under the null hypothesis first, with the columns

        {columns}

    Raises
    ------
    ValueError
        If a group has fewer than two texts or no words, if an axis has two equal words, or if there are no axes.
    TypeError
        For a single string instead of several texts, and for a text that is not a string.

    Notes
    -----
    An axis runs from the vector of its first word to that of its second. The bias of a group is the mean cosine of its
    words with the axis, weighted by frequency; its intensity is their mean squared distance from the bias of both
    groups together: how much the axis is spoken of at all, on either side. Words that occur only once in both groups
    together are left out. The method is FrameAxis (Kwak et al. 2021), with the vectors of newskit's sentence encoder
    instead of GloVe. In the null distribution, texts are assigned to the groups at random.

    References
    ----------
    Kwak, H., An, J., Jing, E. and Ahn, Y.-Y. (2021). FrameAxis: characterizing microframe bias and intensity with word
    embedding. PeerJ Computer Science 7, e644.

    Examples
    --------
    >>> fraud = ["criminals and their fraud", "fraud by criminals"]
    >>> permits = ["a lawful permit", "the permit is lawful"]
    >>> table = microframes(fraud, reference=permits, axes=[("illegal", "legal")], resamples=100)
    >>> table[["axis", "low_words"]].to_numpy().tolist()
    [['illegal – legal', 'fraud, criminals, lawful, permit']]
    """
    texts = [
        checked_texts(side["text"] if isinstance(side, pd.DataFrame) else side, "microframes")
        for side in (focus, reference)
    ]
    if min(map(len, texts)) < 2:
        raise ValueError("focus and reference need at least two texts each: the permutation test shuffles texts")
    pairs = _named_axes(axes)
    counts, words = _counts(texts[0] + texts[1], {word.lower() for word in stopwords})
    lean = _lean(words, list(pairs.values()))
    in_focus = np.arange(counts.shape[0]) < len(texts[0])
    totals = np.asarray(counts.sum(axis=1)).ravel()
    if not totals[in_focus].any() or not totals[~in_focus].any():
        raise ValueError(f"the {'reference' if totals[in_focus].any() else 'focus'} has no words to compare")
    base = (totals @ (counts @ lean / np.maximum(totals, 1)[:, None])) / totals.sum()
    sums = np.stack([counts @ lean, counts @ (lean - base) ** 2])
    sides = np.array([_means(sums, totals, in_focus), _means(sums, totals, ~in_focus)])
    seen = sides[0] - sides[1]
    null = _null_distribution(sums, totals, in_focus, resamples=resamples, seed=seed)
    p = (1 + (np.abs(null - null.mean(axis=0)) >= np.abs(seen - null.mean(axis=0))).sum(axis=0)) / (1 + resamples)
    pull = np.asarray(counts[in_focus].sum(axis=0)).ravel()[:, None] * (lean - base)
    table = pd.DataFrame(
        {
            "axis": list(pairs),
            "bias_focus": sides[0, 0],
            "bias_reference": sides[1, 0],
            "bias": seen[0],
            "bias_p": p[0],
            "bias_q": stats.false_discovery_control(p[0]),
            "intensity": seen[1],
            "intensity_p": p[1],
            "intensity_q": stats.false_discovery_control(p[1]),
            "low_words": [", ".join(words[i] for i in np.argsort(column)[:5]) for column in pull.T],
            "high_words": [", ".join(words[i] for i in np.argsort(-column)[:5]) for column in pull.T],
        }
    )
    order = np.argsort(-np.abs(seen[0]) / np.maximum(null[:, 0].std(axis=0), 1e-12), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def _named_axes(axes: Mapping[str, tuple[str, str]] | Sequence[tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """The pairs of opposites by name; raises `ValueError` if there are none, or for two equal words."""
    pairs = dict(axes) if isinstance(axes, Mapping) else {f"{low} – {high}": (low, high) for low, high in axes}
    same = [name for name, (low, high) in pairs.items() if low == high]
    if same or not pairs:
        raise ValueError(f"an axis needs two different words, got {same[0] if same else 'no axes'!r}")
    return pairs


def _counts(texts: Sequence[str], skipped: set[str]) -> tuple[sparse.csr_matrix, list[str]]:
    """Counts (texts × words) and the words; a word that occurs only once in all texts says nothing about a lean."""
    found = [Counter(w.lower() for w in _MICROFRAME_WORD.findall(plain_words(text).text)) for text in texts]
    total: Counter[str] = Counter()
    for one in found:
        total.update(one)
    words = sorted(word for word, n in total.items() if n > 1 and word not in skipped)
    number = {word: i for i, word in enumerate(words)}
    entries = [(row, number[w], n) for row, one in enumerate(found) for w, n in one.items() if w in number]
    rows, columns, values = zip(*entries, strict=True) if entries else ((), (), ())
    shape = (len(texts), len(words))
    return sparse.csr_matrix((np.array(values, dtype=float), (rows, columns)), shape=shape), words


def _lean(words: Sequence[str], pairs: Sequence[tuple[str, str]]) -> np.ndarray:
    """Cosine of each word (rows) with each axis (columns)."""
    encoder = sentence_encoder()
    ends = encoder.encode([word for pair in pairs for word in pair])
    axes = ends[1::2] - ends[0::2]
    axes /= np.linalg.norm(axes, axis=1, keepdims=True)
    lean: np.ndarray = (encoder.encode(words) @ axes.T).astype(float)
    return lean


def _means(sums: np.ndarray, totals: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Bias and intensity (rows) of the chosen texts on each axis (columns)."""
    means: np.ndarray = sums[:, chosen].sum(axis=1) / totals[chosen].sum()
    return means


def _null_distribution(
    sums: np.ndarray, totals: np.ndarray, in_focus: np.ndarray, *, resamples: int, seed: int
) -> np.ndarray:
    """Differences in bias and intensity on each axis with texts assigned to the groups at random, per resample."""
    rng = np.random.default_rng(seed)
    null = np.empty((resamples, len(sums), sums.shape[2]))
    for draw in range(resamples):
        mixed = rng.permutation(in_focus)
        null[draw] = _means(sums, totals, mixed) - _means(sums, totals, ~mixed)
    return null
