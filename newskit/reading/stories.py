"""One story, many placements: near-duplicate articles, found by MinHash over word shingles."""

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
from newskit.resources.shown import storable
from newskit.schema import AnyCorpus

THRESHOLD: Final = 0.5
_SHINGLE: Final = 5
_PERMUTATIONS: Final = 128
_BANDS: Final = 32
_STORY_WORD = re.compile(r"\w+")


class StoryIndex:
    """Signatures of articles, added one by one and about a kilobyte each, and the stories that they tell."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._signatures: list[np.ndarray] = []
        self._hash = _hasher()

    def add(self, article_id: str, text: str) -> None:
        """Add an article; its text is not kept."""
        self._ids.append(storable(article_id))
        # Articles without words are not the same story: their ids stand in for their texts.
        self._signatures.append(self._hash(shingles(text if _STORY_WORD.search(text) else f"no words: {article_id}")))

    def story_ids(self, *, threshold: float = THRESHOLD) -> pd.Series:
        """The id of the story of each article, by `article_id`; see `newskit.story_ids`."""
        if not 0 < threshold <= 1:
            raise ValueError(
                f"threshold must be above 0 and up to 1 (a share of common word sequences), got {threshold}"
            )
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
    """The distinct hashes of all runs of five words in a text; of all its words together, if it has fewer.

    Case and punctuation do not count. Shape (n,), dtype uint64, of which 32 bits are used.
    """
    words = np.array([zlib.crc32(word.encode()) for word in _STORY_WORD.findall(text.casefold())], dtype=np.uint64)
    n = max(len(words) - _SHINGLE + 1, 1)
    runs = np.zeros(n, dtype=np.uint64)
    for i in range(min(_SHINGLE, len(words))):
        runs = runs * np.uint64(0x9E3779B97F4A7C15) + words[i : i + n]
    # The high bits of a product depend on all words, the low ones on the last alone.
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
    """Pairs of articles whose signatures agree in at least the given share of places.

    Articles that agree in a whole band of four places are compared, each with the first of its bucket and with the one
    before it (locality-sensitive hashing: a pair with similarity 0.5 agrees in at least one of the 32 bands with
    probability 0.87, one with 0.7 with probability 0.9998).
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
    """Find which articles tell the same story in the same words.

    Parameters
    ----------
    articles : Corpus, DataFrame, or iterable of Article
        A table needs the columns `article_id` and `text`; from what `scan_articles` yields, `Refused` items are
        left out.
    threshold : float, default 0.5
        Two articles are one story if they share at least this part of their runs of five words; above 0, up to 1.

    Returns
    -------
    Series
        The `story_id` of each article, by `article_id`: the id of the first article that tells its story.

    Raises
    ------
    ValueError
        If the threshold is not above 0 and up to 1.

    Notes
    -----
    The share is the Jaccard similarity of the word 5-grams, estimated by MinHash with 128 permutations (Broder 1997),
    with an error of about 0.04. Two articles are also one story if a third one links them. Stories in this sense are
    reprints, updates, and agency copy cut by up to half; two reports of one event in different words are two stories.
    Memory: about a kilobyte per article.

    References
    ----------
    Broder, A. Z. (1997). On the resemblance and containment of documents. Proceedings of Compression and Complexity
    of Sequences, 21-29.

    Examples
    --------
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
