"""`FrameCoder`: learns frames from a researcher's own coded texts, and measures how well it does.

Most of the module is the documentation of this public class; its statistics are in `learning`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from newskit.annotation.frames.codebook import codebook_from
from newskit.annotation.frames.embedding import Likeness
from newskit.annotation.frames.features import MIN_TEXTS, TextReader, coded_texts, text_reader
from newskit.annotation.frames.learning import (
    REGRESSIONS,
    Linear,
    calibrated,
    chosen_frames,
    f1_score,
    folds_of,
    inverse_frequencies,
    joined_features,
    power_law,
    probability,
    regression,
    scored,
    weighted_counts,
)
from newskit.resources.files import whole_file
from newskit.resources.language import checked_texts
from newskit.schema import returns_columns

if TYPE_CHECKING:
    import pandas as pd
    from scipy.sparse import csr_matrix


CODER_FORMAT: Final = 1
_INNER_FOLDS: Final = 5
_SHORT: Final = 60
"""Median words per text up to which letter sequences are read too: in longer texts the words suffice."""
_COUNTING: Final[dict[str, dict[str, Any]]] = {
    "words": {"ngram_range": (1, 2)},
    "letters": {"analyzer": "char_wb", "ngram_range": (2, 5)},
}
# How closely each regression follows the texts: C of the logistic regression.
_CLOSENESS: Final = {"meaning": 3.0, "words": 1.0, "all": 10.0}
_MIXTURES: Final = (("all",), ("meaning", "words"), ("meaning", "words", "all"))


class FrameCoder:
    """Learns frames from coded texts, any number per text, and codes other texts with them.

    Attributes
    ----------
    frames : list of str
        The frames it has learned, in alphabetical order; empty before `fit`.

    Notes
    -----
    A text is read as sentence vectors (their mean and maximum, and how near they come to the generic news frames of
    Semetko and Valkenburg 2000) and as words, word pairs and, if texts are short, letter sequences. Logistic
    regressions on these are mixed; the mixture and the threshold of each frame are chosen by cross-validation within
    the texts that it learns from. If each of those has a frame, each text that it codes gets one. The same texts always
    give the same coder.

    Examples
    --------
    >>> coder = FrameCoder().fit(texts, [{"economic"}, {"conflict", "morality"}, ...])  # doctest: +SKIP
    >>> coder.predict(["Tariffs will cost the port millions."])  # doctest: +SKIP
    [{'economic'}]
    """

    def __init__(self) -> None:
        self.frames: list[str] = []
        self._mixture: tuple[str, ...] = ()
        self._models: dict[str, Linear] = {}
        self._counters: dict[str, Any] = {}
        self._idf: dict[str, np.ndarray] = {}
        self._slope = self._offset = self._threshold = np.zeros(0)
        self._reader: TextReader | None = None
        self._always = False

    def __repr__(self) -> str:
        return f"FrameCoder({', '.join(self.frames) if self.frames else 'not fitted'})"

    def fit(self, texts: Iterable[str], labels: Iterable[Collection[str]]) -> FrameCoder:
        """Learn from coded texts.

        Parameters
        ----------
        texts : iterable of str
            At least 20 texts.
        labels : iterable of collections of str
            The names of the frames of each text, an empty set for none.

        Returns
        -------
        FrameCoder
            The coder itself.

        Raises
        ------
        ValueError
            For fewer than 20 texts, for texts and labels that differ in number, and for a frame that fewer than two
            texts, or all of them, have.
        TypeError
            For a single string instead of several texts or of a set of frames, and for a text that is not a string.
        """
        texts, frames, coded = coded_texts(texts, labels)
        self._reader = text_reader()
        return self._fit(texts, self._reader(texts), frames, coded)

    def _fit(self, texts: Sequence[str], dense: np.ndarray, frames: list[str], coded: np.ndarray) -> FrameCoder:
        from threadpoolctl import threadpool_limits

        with threadpool_limits(1):  # the matrices are small: more threads wait for each other, and round differently
            return self._fit_on_one_thread(texts, dense, frames, coded)

    def _fit_on_one_thread(
        self, texts: Sequence[str], dense: np.ndarray, frames: list[str], coded: np.ndarray
    ) -> FrameCoder:
        counts = self._count(texts)
        held = {name: np.zeros(coded.shape) for name in REGRESSIONS}
        for train, test in folds_of(coded, _INNER_FOLDS):
            self._learn({name: table[train] for name, table in counts.items()}, dense[train], coded[train], REGRESSIONS)
            scores = self._scores({name: table[test] for name, table in counts.items()}, dense[test])
            for name, found in scores.items():
                held[name][test] = found
        self.frames, self._always = frames, bool(coded.any(axis=1).all())
        best = -1.0
        for mixture in _MIXTURES:
            mixed: np.ndarray = np.mean([held[name] for name in mixture], axis=0)
            settings = [calibrated(mixed[:, f], coded[:, f]) for f in range(len(frames))]
            slope, offset, threshold = (np.array(values) for values in zip(*settings, strict=True))
            chosen = chosen_frames(probability(slope * mixed + offset), threshold, self._always)
            quality = float(np.mean(f1_score(coded, chosen)))
            if quality > best:
                best, self._mixture = quality, mixture
                self._slope, self._offset, self._threshold = slope, offset, threshold
        self._learn(counts, dense, coded, self._mixture)
        return self

    def _count(self, texts: Sequence[str]) -> dict[str, csr_matrix]:
        """Learn which words and letter sequences there are, and count them; letters only if the texts are short."""
        from sklearn.feature_extraction.text import CountVectorizer

        short = np.median([len(text.split()) for text in texts]) <= _SHORT
        names = ("words", "letters") if short else ("words",)
        self._counters = {name: CountVectorizer(**_COUNTING[name]) for name in names}
        return {name: counter.fit_transform(texts) for name, counter in self._counters.items()}

    def _learn(self, counts: dict[str, csr_matrix], dense: np.ndarray, coded: np.ndarray, names: Iterable[str]) -> None:
        self._idf = {name: inverse_frequencies(table) for name, table in counts.items()}
        parts = self._parts(counts, dense)
        self._models = {name: regression(joined_features(parts, name), coded, _CLOSENESS[name]) for name in names}

    def _parts(self, counts: dict[str, csr_matrix], dense: np.ndarray) -> dict[str, Any]:
        return {"dense": dense} | {name: weighted_counts(table, self._idf[name]) for name, table in counts.items()}

    def _scores(self, counts: dict[str, csr_matrix], dense: np.ndarray) -> dict[str, np.ndarray]:
        parts = self._parts(counts, dense)
        return {name: model(joined_features(parts, name)) for name, model in self._models.items()}

    def _probabilities(self, texts: Sequence[str], dense: np.ndarray) -> np.ndarray:
        scores = self._scores({name: counter.transform(texts) for name, counter in self._counters.items()}, dense)
        return probability(self._slope * np.mean([scores[n] for n in self._mixture], axis=0) + self._offset)

    def _predict(self, texts: Sequence[str], dense: np.ndarray) -> np.ndarray:
        return chosen_frames(self._probabilities(texts, dense), self._threshold, self._always)

    def predict(self, texts: Iterable[str]) -> list[set[str]]:
        """Code texts.

        Parameters
        ----------
        texts : iterable of str
            The texts to code.

        Returns
        -------
        list of set of str
            The names of the frames of each text, in the order of the texts.

        Raises
        ------
        ValueError
            Before `fit`.
        TypeError
            For a single string, and for a text that is not a string.
        """
        texts = checked_texts(texts, "FrameCoder")
        reader = self._fitted()
        if not texts:
            return []
        return [{self.frames[f] for f in np.flatnonzero(row)} for row in self._predict(texts, reader(texts))]

    def predict_proba(self, texts: Iterable[str]) -> pd.DataFrame:
        """Estimate how probable each frame is in each text.

        Parameters
        ----------
        texts : iterable of str
            The texts to code.

        Returns
        -------
        pandas.DataFrame
            One row per text and one column per frame: probabilities (0 to 1), calibrated on texts held out in `fit`
            (Platt 1999). `predict` compares each with the threshold of the frame, which is not 0.5.

        Raises
        ------
        ValueError
            Before `fit`.
        TypeError
            For a single string, and for a text that is not a string.
        """
        import pandas as pd

        texts = checked_texts(texts, "FrameCoder")
        reader = self._fitted()
        values = self._probabilities(texts, reader(texts)) if texts else np.zeros((0, len(self.frames)))
        return pd.DataFrame(values, columns=self.frames)

    def _fitted(self) -> TextReader:
        if self._reader is None:
            raise ValueError("this FrameCoder has not learned yet: call fit(texts, labels) or FrameCoder.load(path)")
        return self._reader

    @returns_columns("FrameCoder.cross_validate")
    def cross_validate(
        self, texts: Iterable[str], labels: Iterable[Collection[str]], *, folds: int = 5, seed: int = 0
    ) -> pd.DataFrame:
        """Measure how well frames are coded in texts that were not learned from.

        Everything, thresholds included, is learned anew in each fold; the coder itself is not changed.

        Parameters
        ----------
        texts, labels
            Coded texts, as for `fit`.
        folds : int
            Number of parts that are held out in turn, from 2 to a quarter of the number of texts.
        seed : int
            Seed of the random split.

        Returns
        -------
        pandas.DataFrame
            One row per frame and one for their mean ("macro"), with the columns

            {columns}

        Raises
        ------
        ValueError, TypeError
            As `fit`, and for a number of folds out of range.

        Notes
        -----
        The interval is the 95 % percentile bootstrap interval of F1 over texts (1000 resamples).
        """
        texts, frames, coded = coded_texts(texts, labels)
        return scored(frames, coded, _held_out(texts, text_reader()(texts), frames, coded, folds=folds, seed=seed))

    @returns_columns("FrameCoder.learning_curve")
    def learning_curve(
        self,
        texts: Iterable[str],
        labels: Iterable[Collection[str]],
        *,
        sizes: Sequence[int] | None = None,
        repeats: int = 3,
        seed: int = 0,
    ) -> pd.DataFrame:
        """Measure macro-F1 by the number of coded texts: is it worth coding more?

        A quarter of the texts is held out; from the others, random subsets of each size are learned. The coder itself
        is not changed.

        Parameters
        ----------
        texts, labels
            Coded texts, as for `fit`.
        sizes : sequence of int, optional
            Numbers of texts to learn from, from 20 to three quarters of the texts. By default an eighth, a quarter, a
            half and all of these three quarters.
        repeats : int
            How often each size is drawn, each time with another quarter held out.
        seed : int
            Seed of the random draws.

        Returns
        -------
        pandas.DataFrame
            One row per size, and from three sizes on two projected ones: twice and four times three quarters of the
            texts. The columns are

            {columns}

        Raises
        ------
        ValueError, TypeError
            As `fit`, and for sizes out of range.

        Notes
        -----
        The projection follows the power law a − b·n^−c fitted to the measured rows (Figueroa et al. 2012).
        """
        import pandas as pd

        texts, frames, coded = coded_texts(texts, labels)
        dense = text_reader()(texts)
        most = len(texts) - len(texts) // 4
        sizes = sorted(sizes or {max(MIN_TEXTS, most // part) for part in (8, 4, 2, 1)})
        if sizes[0] < MIN_TEXTS or sizes[-1] > most:
            raise ValueError(f"sizes must lie between {MIN_TEXTS} and {most}, three quarters of the texts; got {sizes}")
        scores: dict[int, list[float]] = {size: [] for size in sizes}
        for repeat in range(repeats):
            order = np.random.default_rng(seed + repeat).permutation(len(texts))
            test, rest = order[: len(texts) - most], order[len(texts) - most :]
            for size in sizes:
                chosen = _fit_predict(texts, dense, frames, coded, rest[:size], test)
                scores[size].append(float(np.mean(f1_score(coded[test], chosen))))
        rows = [
            dict(kind="measured", n=size, f1=float(np.mean(found)), low=min(found), high=max(found))
            for size, found in scores.items()
        ]
        curve = power_law(np.array(sizes, dtype=float), np.array([row["f1"] for row in rows]))
        more = [dict(kind="projected", n=most * by, f1=curve(most * by), low=np.nan, high=np.nan) for by in (2, 4)]
        return pd.DataFrame(rows + (more if len(sizes) >= 3 else []))

    def save(self, path: str | Path) -> Path:
        """Write the coder to a file, which `FrameCoder.load` reads.

        Parameters
        ----------
        path : str or Path
            The file; its suffix becomes .npz. It holds numbers and words, and no code.

        Returns
        -------
        Path
            The file that was written.

        Raises
        ------
        ValueError
            Before `fit`.
        """
        reader = self._fitted()
        target = Path(path).with_suffix(".npz")
        head: dict[str, Any] = dict(format=CODER_FORMAT, frames=self.frames, mixture=self._mixture, always=self._always)
        # With the codebook inside, a coder stays the same when newskit's own gets a new version.
        head["codebook"] = asdict(reader.codebook)
        arrays = dict(slope=self._slope, offset=self._offset, threshold=self._threshold)
        arrays |= {f"likeness.{name}": value for name, value in asdict(reader.likeness).items()}
        for name, model in self._models.items():
            arrays |= {f"{name}.weights": model.weights, f"{name}.offsets": model.offsets}
        for name, counter in self._counters.items():
            head[name] = sorted(counter.vocabulary_, key=counter.vocabulary_.__getitem__)
            arrays[f"{name}.idf"] = self._idf[name]
        with whole_file(target) as part, part.open("wb") as file:
            np.savez_compressed(file, head=np.array(json.dumps(head)), **arrays)  # type: ignore[arg-type]
        return target

    @classmethod
    def load(cls, path: str | Path) -> FrameCoder:
        """Read a coder from a file that `save` wrote.

        Parameters
        ----------
        path : str or Path
            The .npz file.

        Returns
        -------
        FrameCoder
            The coder; it codes as the one that was saved.

        Raises
        ------
        ValueError
            If the file is not a saved coder, or was saved by a newskit with another format.
        FileNotFoundError
            If there is no such file.
        """
        from sklearn.feature_extraction.text import CountVectorizer

        coder = cls()
        try:
            with np.load(path, allow_pickle=False) as stored:
                arrays = dict(stored)
            head = json.loads(str(arrays["head"]))
        except (KeyError, ValueError, EOFError) as error:
            raise ValueError(f"{path} is not a saved FrameCoder: write one with coder.save(path)") from error
        if head["format"] != CODER_FORMAT:
            raise ValueError(
                f"{path} has format {head['format']}, this newskit reads {CODER_FORMAT}: fit the coder anew"
            )
        coder.frames, coder._mixture, coder._always = head["frames"], tuple(head["mixture"]), head["always"]
        coder._slope, coder._offset, coder._threshold = (arrays[k] for k in ("slope", "offset", "threshold"))
        likeness = Likeness(*(arrays[f"likeness.{name}"] for name in ("directions", "mean", "spread")))
        coder._reader = TextReader(likeness, codebook_from(head["codebook"]))
        coder._models = {n: Linear(arrays[f"{n}.weights"], arrays[f"{n}.offsets"]) for n in coder._mixture}
        for name, settings in _COUNTING.items():
            if name in head:
                coder._counters[name] = CountVectorizer(vocabulary=head[name], **settings)
                coder._idf[name] = arrays[f"{name}.idf"]
        return coder


def _fit_predict(
    texts: Sequence[str], dense: np.ndarray, frames: list[str], coded: np.ndarray, train: np.ndarray, test: np.ndarray
) -> np.ndarray:
    """Code the test rows by a coder that learned from the train rows; frames that it could not learn are not given."""
    known = np.flatnonzero((coded[train].sum(axis=0) >= 2) & ~coded[train].all(axis=0))
    chosen = np.zeros((len(test), len(frames)), dtype=bool)
    if len(known):
        coder = FrameCoder()._fit(
            [texts[i] for i in train], dense[train], [frames[f] for f in known], coded[train][:, known]
        )
        chosen[:, known] = coder._predict([texts[i] for i in test], dense[test])
    return chosen


def _held_out(
    texts: Sequence[str], dense: np.ndarray, frames: list[str], coded: np.ndarray, *, folds: int, seed: int
) -> np.ndarray:
    if not 2 <= folds <= len(texts) // 4:
        raise ValueError(f"folds must lie between 2 and {len(texts) // 4}, got {folds}")
    chosen = np.zeros(coded.shape, dtype=bool)
    for train, test in folds_of(coded, folds, seed):
        chosen[test] = _fit_predict(texts, dense, frames, coded, train, test)
    return chosen
