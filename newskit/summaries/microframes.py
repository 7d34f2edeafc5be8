"""Microframes: which side of pairs of opposite words the words of texts lean to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from scipy import sparse, stats

from newskit.resources.encoder import sentence_encoder

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
_WORD: Final = re.compile(r"[^\W\d_]{2,}(?:['’-][^\W\d_]+)*")


def microframes(
    focus: pd.DataFrame | Iterable[str],
    *,
    reference: pd.DataFrame | Iterable[str],
    axes: Mapping[str, tuple[str, str]] | Sequence[tuple[str, str]] = AXES,
    stopwords: Iterable[str] = (),
    resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Bias and intensity of the focus texts on axes of opposite words, against the reference (Kwak et al. 2021).

    An axis runs from the vector of its first word to that of its second. The bias is the mean cosine of the texts'
    words with the axis, by frequency: positive leans to the second word. The intensity is how far the words are from
    the bias of both together, squared: how much the axis is spoken of at all, on either side. Words have the vectors
    of newskit's sentence encoder (FrameAxis used GloVe). One row an axis: `axis`, `bias_focus`, `bias_reference`,
    `bias` (their difference), `bias_p`, `bias_q`, `intensity` (difference), `intensity_p`, `intensity_q`,
    `low_words`, `high_words` (the focus words that contribute most to each side). p is from the null distribution in
    which texts change sides at random, `resamples` times; q is the false-discovery rate of Benjamini and Hochberg.
    Largest |bias| in spreads of the null first.

    Raises `ValueError` if a side has no words or fewer than two texts, or an axis has two equal words.
    """
    texts = [list(side["text"] if isinstance(side, pd.DataFrame) else side) for side in (focus, reference)]
    if min(map(len, texts)) < 2:
        raise ValueError("each side needs two texts at least: the null distribution lets texts change sides")
    pairs = dict(axes) if isinstance(axes, Mapping) else {f"{low} – {high}": (low, high) for low, high in axes}
    same = [name for name, (low, high) in pairs.items() if low == high]
    if same or not pairs:
        raise ValueError(f"an axis needs two different words, got {same[0] if same else 'no axes'!r}")
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
    rng = np.random.default_rng(seed)
    null = np.empty((resamples, *seen.shape))
    for draw in range(resamples):
        mixed = rng.permutation(in_focus)
        null[draw] = _means(sums, totals, mixed) - _means(sums, totals, ~mixed)
    p = (1 + (np.abs(null - null.mean(axis=0)) >= np.abs(seen - null.mean(axis=0))).sum(axis=0)) / (1 + resamples)
    part = np.asarray(counts[in_focus].sum(axis=0)).ravel()[:, None] * (lean - base)
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
            "low_words": [", ".join(words[i] for i in np.argsort(column)[:5]) for column in part.T],
            "high_words": [", ".join(words[i] for i in np.argsort(-column)[:5]) for column in part.T],
        }
    )
    order = np.argsort(-np.abs(seen[0]) / np.maximum(null[:, 0].std(axis=0), 1e-12), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def _counts(texts: Sequence[str], skipped: set[str]) -> tuple[sparse.csr_matrix, list[str]]:
    """Texts × words, and the words; once in all texts together says nothing of a lean."""
    found = [Counter(w.lower() for w in _WORD.findall(text)) for text in texts]
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
