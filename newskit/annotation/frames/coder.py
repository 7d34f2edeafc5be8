"""A frame coder that learns from a researcher's own coded texts, and how good it is."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from newskit.annotation.frames.codebook import Codebook, codebook_from
from newskit.annotation.frames.codebook_files import load_codebook
from newskit.annotation.frames.embedding import Likeness, likeness_to, split_sentences
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
    unit_vector,
    weighted_counts,
)
from newskit.annotation.frames.lexicon import word_hits
from newskit.resources.encoder import sentence_encoder
from newskit.resources.language import checked_texts

if TYPE_CHECKING:
    import pandas as pd
    from scipy.sparse import csr_matrix


CODER_FORMAT: Final = 1
MIN_TEXTS: Final = 20
"""Fewest coded texts to learn from."""
_INNER_FOLDS: Final = 5
_GENERIC: Final = "news_frames"
_GENERIC_WEIGHT: Final = 0.1
"""Weight of the likeness to the generic frames and of their terms, which vary more than the parts of a vector."""
# What a model reads, and how closely it follows the texts (C of the logistic regression).
_SHORT: Final = 60
"""Up to this many words letter sequences are read too: in longer texts the words suffice."""
_COUNTING: Final[dict[str, dict[str, Any]]] = {
    "words": {"ngram_range": (1, 2)},
    "letters": {"analyzer": "char_wb", "ngram_range": (2, 5)},
}
_CLOSENESS: Final = {"meaning": 3.0, "words": 1.0, "all": 10.0}
_MIXTURES: Final = (("all",), ("meaning", "words"), ("meaning", "words", "all"))


class FrameCoder:
    """Learns frames from coded texts, several a text or none, and codes others with them.

    It reads a text as sentence vectors (their mean and maximum, and how near they come to the generic news frames of
    Semetko and Valkenburg) and as words, word pairs and letter sequences. Logistic regressions on them are mixed; the
    mixture and each frame's threshold are chosen by cross-validation inside the texts it is given. If every one of
    these has a frame, so has every text it codes. The same texts give the same coder.

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
        self._reader: _TextReader | None = None
        self._always = False

    def __repr__(self) -> str:
        return f"FrameCoder({', '.join(self.frames) if self.frames else 'not fitted'})"

    # --- learning and coding -----------------------------------------------------------------------------

    def fit(self, texts: Iterable[str], labels: Iterable[Collection[str]]) -> FrameCoder:
        """Learn from texts and their frames, one set of names a text; returns the coder itself.

        Raises `ValueError` for fewer than 20 texts, texts and labels of different number, a frame in fewer than two
        texts or in all of them, and `TypeError` for a single string.
        """
        texts, frames, coded = _coded(texts, labels)
        self._reader = _text_reader()
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
            scores = np.mean([held[name] for name in mixture], axis=0)
            settings = [calibrated(scores[:, f], coded[:, f]) for f in range(len(frames))]
            slope, offset, threshold = (np.array(values) for values in zip(*settings, strict=True))
            chosen = chosen_frames(probability(slope * scores + offset), threshold, self._always)
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
        """The frames of each text. Raises `ValueError` before `fit`."""
        texts = checked_texts(texts, "FrameCoder")
        reader = self._fitted()
        if not texts:
            return []
        return [{self.frames[f] for f in np.flatnonzero(row)} for row in self._predict(texts, reader(texts))]

    def predict_proba(self, texts: Iterable[str]) -> pd.DataFrame:
        """Probability of each frame (columns) in each text (rows), calibrated on texts held out in `fit`."""
        import pandas as pd

        texts = checked_texts(texts, "FrameCoder")
        reader = self._fitted()
        values = self._probabilities(texts, reader(texts)) if texts else np.zeros((0, len(self.frames)))
        return pd.DataFrame(values, columns=self.frames)

    def _fitted(self) -> _TextReader:
        if self._reader is None:
            raise ValueError("this FrameCoder has not learned yet: call fit(texts, labels), or FrameCoder.load(path)")
        return self._reader

    # --- how good ------------------------------------------------------------------------------------------

    def cross_validate(
        self, texts: Iterable[str], labels: Iterable[Collection[str]], *, folds: int = 5, seed: int = 0
    ) -> pd.DataFrame:
        """How well it codes texts that it did not learn from: one row a frame, and one for their mean ("macro").

        Columns: `frame`, `n` (texts with it), `precision`, `recall`, `f1`, and `low`, `high`: the 95 % percentile
        bootstrap interval of F1 over texts. Everything, thresholds too, is learned anew in each of the folds; the
        coder itself is not changed. Raises as `fit`.
        """
        texts, frames, coded = _coded(texts, labels)
        return scored(frames, coded, _held_out(texts, _text_reader()(texts), frames, coded, folds=folds, seed=seed))

    def learning_curve(
        self,
        texts: Iterable[str],
        labels: Iterable[Collection[str]],
        *,
        sizes: Sequence[int] | None = None,
        repeats: int = 3,
        seed: int = 0,
    ) -> pd.DataFrame:
        """Macro-F1 by number of coded texts: whether coding more is worth it.

        A quarter of the texts is held out; from the rest, random parts of each of the `sizes` are learned, `repeats`
        times. Rows with `kind` "measured" have `n`, `f1` and `low`, `high` (the lowest and highest of the repeats);
        those of kind "projected" go on to twice and four times the largest size along the power law a − b·n^−c fitted
        to the measured ones (Figueroa et al. 2012), without an interval. Raises as `fit`.
        """
        import pandas as pd

        texts, frames, coded = _coded(texts, labels)
        dense = _text_reader()(texts)
        most = len(texts) - len(texts) // 4
        sizes = sorted(sizes or {max(MIN_TEXTS, most // part) for part in (8, 4, 2, 1)})
        if sizes[0] < MIN_TEXTS or sizes[-1] > most:
            raise ValueError(f"sizes must lie between {MIN_TEXTS} and {most}, three quarters of the texts; got {sizes}")
        scores: dict[int, list[float]] = {size: [] for size in sizes}
        for repeat in range(repeats):
            order = np.random.default_rng(seed + repeat).permutation(len(texts))
            rest, test = order[: len(texts) - most], order[len(texts) - most :]
            rest, test = test, rest
            for size in sizes:
                part = rest[:size]
                chosen = _fit_predict(texts, dense, frames, coded, part, test)
                scores[size].append(float(np.mean(f1_score(coded[test], chosen))))
        rows = [
            dict(kind="measured", n=size, f1=float(np.mean(found)), low=min(found), high=max(found))
            for size, found in scores.items()
        ]
        curve = power_law(np.array(sizes, dtype=float), np.array([row["f1"] for row in rows]))
        more = [dict(kind="projected", n=most * by, f1=curve(most * by), low=np.nan, high=np.nan) for by in (2, 4)]
        return pd.DataFrame(rows + (more if len(sizes) >= 3 else []))

    # --- keeping ----------------------------------------------------------------------------------------------

    def save(self, path: str | Path) -> Path:
        """Write the coder to a file (.npz: numbers and words, no code); `FrameCoder.load` reads it."""
        reader = self._fitted()
        target = Path(path).with_suffix(".npz")
        head: dict[str, Any] = dict(format=CODER_FORMAT, frames=self.frames, mixture=self._mixture, always=self._always)
        # With its codebook inside, a coder stays what it was when newskit's own gets a new version.
        head["codebook"] = asdict(reader.codebook)
        arrays = dict(slope=self._slope, offset=self._offset, threshold=self._threshold)
        arrays |= {f"likeness.{name}": value for name, value in asdict(reader.likeness).items()}
        for name, model in self._models.items():
            arrays |= {f"{name}.weights": model.weights, f"{name}.offsets": model.offsets}
        for name, counter in self._counters.items():
            head[name] = sorted(counter.vocabulary_, key=counter.vocabulary_.__getitem__)
            arrays[f"{name}.idf"] = self._idf[name]
        np.savez_compressed(target, head=np.array(json.dumps(head)), **arrays)  # type: ignore[arg-type]
        return target

    @classmethod
    def load(cls, path: str | Path) -> FrameCoder:
        """Read a coder from the file that `save` wrote; raises `ValueError` for another file."""
        from sklearn.feature_extraction.text import CountVectorizer

        coder = cls()
        try:
            with np.load(path, allow_pickle=False) as stored:
                arrays = dict(stored)
            head = json.loads(str(arrays["head"]))
        except (KeyError, ValueError, EOFError) as error:
            raise ValueError(f"{path} is no saved FrameCoder: write one with coder.save(path)") from error
        if head["format"] != CODER_FORMAT:
            raise ValueError(
                f"{path} has format {head['format']}, this newskit reads {CODER_FORMAT}: fit the coder anew"
            )
        coder.frames, coder._mixture, coder._always = head["frames"], tuple(head["mixture"]), head["always"]
        coder._slope, coder._offset, coder._threshold = (arrays[k] for k in ("slope", "offset", "threshold"))
        likeness = Likeness(*(arrays[f"likeness.{name}"] for name in ("directions", "mean", "spread")))
        coder._reader = _TextReader(likeness, codebook_from(head["codebook"]))
        coder._models = {n: Linear(arrays[f"{n}.weights"], arrays[f"{n}.offsets"]) for n in coder._mixture}
        for name, settings in _COUNTING.items():
            if name in head:
                coder._counters[name] = CountVectorizer(vocabulary=head[name], **settings)
                coder._idf[name] = arrays[f"{name}.idf"]
        return coder


# --- what it reads ------------------------------------------------------------------------------------------


def _coded(texts: Iterable[str], labels: Iterable[Collection[str]]) -> tuple[list[str], list[str], np.ndarray]:
    """The texts, the frames and which text (row) has which (column)."""
    texts, labels = checked_texts(texts, "FrameCoder"), list(labels)
    if any(isinstance(one, str) for one in labels):
        raise TypeError("labels are one set of frames a text, such as {'economic'}, not a string")
    if len(texts) != len(labels):
        raise ValueError(f"{len(texts)} texts but {len(labels)} label sets: give one set a text, an empty one for none")
    if len(texts) < MIN_TEXTS:
        raise ValueError(f"{len(texts)} coded texts are too few to learn from: at least {MIN_TEXTS}")
    frames = sorted({name for one in labels for name in one})
    coded = np.array([[name in one for name in frames] for one in labels], dtype=bool).reshape(len(texts), len(frames))
    counts = coded.sum(axis=0)
    for name, n in zip(frames, counts, strict=True):
        if n < 2 or n == len(texts):
            raise ValueError(
                f"frame {name!r} is in {n} of {len(texts)} texts: it must be in two at least and not in all; "
                "code more texts or leave it out"
            )
    if not frames:
        raise ValueError("no text has a frame: nothing to learn")
    return texts, frames, coded


@dataclass(frozen=True)
class _TextReader:
    """What a coder reads of a text beside its words: pooled sentence vectors, and the generic news frames in it."""

    likeness: Likeness
    codebook: Codebook

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        """One row a text."""
        encoder = sentence_encoder()
        pieces = [split_sentences(text) or [""] for text in texts]
        flat = encoder.encode([piece for text in pieces for piece in text])
        ends = np.cumsum([len(text) for text in pieces])
        rows = []
        for end, text, hits in zip(ends, pieces, word_hits(texts, self.codebook), strict=True):
            vectors = flat[end - len(text) : end]
            near = self.likeness(vectors)
            generic = np.concatenate([near.max(axis=0), np.sort(near, axis=0)[-5:].mean(axis=0), 2 * np.log1p(hits)])
            mean, highest = unit_vector(vectors.mean(axis=0)), unit_vector(vectors.max(axis=0))
            rows.append(np.concatenate([mean, highest, _GENERIC_WEIGHT * generic]))
        return np.array(rows)


def _text_reader() -> _TextReader:
    codebook = load_codebook(_GENERIC)
    return _TextReader(likeness_to(codebook), codebook)


def _fit_predict(
    texts: Sequence[str], dense: np.ndarray, frames: list[str], coded: np.ndarray, train: np.ndarray, test: np.ndarray
) -> np.ndarray:
    """What a coder that learned from the train rows gives the test rows; frames that it cannot learn are not given."""
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
