"""One story, many placements: near-duplicate articles by MinHash over word shingles."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from newskit.reading.article import Article
from newskit.schema import AnyCorpus

THRESHOLD: Final = 0.5
_SHINGLE: Final = 5
_PERMUTATIONS: Final = 128
_BANDS: Final = 32
_WORD = re.compile(r"\w+")


class StoryIndex:
    """Signatures of articles added one by one, about a kilobyte each, and the stories that they tell."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._signatures: list[np.ndarray] = []
        self._hash = _hasher()

    def add(self, article_id: str, text: str) -> None:
        """Add an article; its text is not kept."""
        self._ids.append(article_id)
        # Two articles without a word are not the same story: their ids stand for them.
        self._signatures.append(self._hash(shingles(text if _WORD.search(text) else f"no words: {article_id}")))

    def story_ids(self, *, threshold: float = THRESHOLD) -> pd.Series:
        """The id of the story of each article, by `article_id`; see `newskit.story_ids`."""
        if not 0 < threshold <= 1:
            raise ValueError(f"threshold is a share of common word sequences, above 0 and up to 1, not {threshold}")
        index = pd.Index(self._ids, name="article_id", dtype="str")
        if not self._ids:
            return pd.Series([], index=index, name="story_id", dtype="str")
        signatures = np.stack(self._signatures)
        first, second = _alike(signatures, threshold)
        n = len(self._ids)
        links = sparse.coo_matrix((np.ones(len(first)), (first, second)), shape=(n, n))
        _, story = connected_components(links, directed=False)
        _, earliest = np.unique(story, return_index=True)
        return pd.Series(index.to_numpy()[earliest[story]], index=index, name="story_id", dtype="str")


def shingles(text: str) -> np.ndarray:
    """The hashes of all runs of five words of a text, each once; of all its words, if it has fewer.

    Case and punctuation do not count. Shape (n,), dtype uint64, 32 bits used.
    """
    words = np.array([zlib.crc32(word.encode()) for word in _WORD.findall(text.casefold())], dtype=np.uint64)
    n = max(len(words) - _SHINGLE + 1, 1)
    runs = np.zeros(n, dtype=np.uint64)
    for i in range(min(_SHINGLE, len(words))):
        runs = runs * np.uint64(0x9E3779B97F4A7C15) + words[i : i + n]
    # The high bits of a product depend on all words; the low ones on the last alone.
    return np.unique((runs ^ (runs >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9) >> np.uint64(32))


def _hasher() -> Any:
    from datasketch import MinHash

    model = MinHash(num_perm=_PERMUTATIONS)
    permutations = model.permutations

    def signature(hashes: np.ndarray) -> np.ndarray:
        sketch = MinHash(num_perm=_PERMUTATIONS, hashfunc=int, permutations=permutations, scheme=model.scheme)
        sketch.update_batch(hashes)
        return np.asarray(sketch.digest(), dtype=np.uint32)

    return signature


def _alike(signatures: np.ndarray, threshold: float) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of articles whose signatures agree in at least that share of places.

    Compared are those that agree in a whole band of four places (locality-sensitive hashing: a pair at 0.5 does in one
    of the 32 bands with probability 0.87, at 0.7 with 0.9998), each with the first of its bucket and the one before.
    """
    n = len(signatures)
    found: list[np.ndarray] = []
    for band in np.split(signatures, _BANDS, axis=1):
        keys = np.ascontiguousarray(band).view(np.dtype((np.void, band.dtype.itemsize * band.shape[1]))).ravel()
        _, first, bucket = np.unique(keys, return_index=True, return_inverse=True)
        pairs = np.stack([first[bucket], np.arange(n)], axis=1)
        found.append(pairs[pairs[:, 0] != pairs[:, 1]])
        order = np.argsort(bucket, kind="stable")
        follows = bucket[order[1:]] == bucket[order[:-1]]
        found.append(np.stack([order[:-1][follows], order[1:][follows]], axis=1))
    pairs = np.unique(np.concatenate(found), axis=0)
    agree = np.concatenate(
        [
            (signatures[part[:, 0]] == signatures[part[:, 1]]).mean(axis=1)
            for part in np.array_split(pairs, len(pairs) // 65536 + 1)
        ]
    )
    pairs = pairs[agree >= threshold]
    return pairs[:, 0], pairs[:, 1]


def story_ids(articles: AnyCorpus | pd.DataFrame | Iterable[Article], *, threshold: float = THRESHOLD) -> pd.Series:
    """Which articles tell the same story in the same words: a `story_id` for each, by `article_id`.

    `articles` is a Corpus, a table with `article_id` and `text`, or Articles (what was `Refused` is passed over). Two
    are one story if at least `threshold` of their runs of five words are common (Jaccard similarity of word 5-grams,
    estimated by MinHash with 128 permutations, error about 0.04; Broder 1997), or if a third one links them: reprints,
    updates and agency copy, shortened to half at most; not two reports of one event in different words. The id of a
    story is that of its first article. Memory: about a kilobyte an article. Raises `ValueError` for a threshold that
    is not above 0 and up to 1.

    >>> text = "The ministers met in Geneva on Monday and spoke about grain for three hours."
    >>> story_ids([Article("a", text), Article("b", text + " They left."), Article("c", "Rain is expected.")]).to_dict()
    {'a': 'a', 'b': 'a', 'c': 'c'}
    """
    index = StoryIndex()
    table = articles if isinstance(articles, pd.DataFrame) else getattr(articles, "articles", None)
    if table is not None:
        for article_id, text in zip(table["article_id"], table["text"], strict=True):
            index.add(str(article_id), text if isinstance(text, str) else "")
    else:
        for item in articles:  # type: ignore[union-attr]
            if isinstance(item, Article):
                index.add(item.article_id, item.text)
    return index.story_ids(threshold=threshold)
