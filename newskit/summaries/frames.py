"""From the tables of a corpus to summary tables, with intervals; every row leads back to its sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from newskit.reading.stories import counted
from newskit.schema import ACTING, LABELS, OUTLET, UNNAMED, Tables, coded_with, grouped_by
from newskit.summaries.intervals import Weights, ratio_intervals, tone_intervals
from newskit.summaries.sums import Units, mention_counts, observation_sums

_SENTENCE: Final = ["article_id", "sentence_id"]


# --- intervals ---------------------------------------------------------------------------------------


def _units(corpus: Tables, rows: pd.DataFrame) -> tuple[np.ndarray, int, str]:
    """What the bootstrap resamples: articles, or sentences when there is one article.

    Returns each row's unit, how many units there are (those without rows too), and their name.
    """
    annotated = corpus.articles.loc[corpus.articles["status"] == "annotated", "article_id"]
    if len(annotated) > 1:
        return pd.Index(annotated).get_indexer(rows["article_id"]), len(annotated), "articles"
    sentences = pd.MultiIndex.from_frame(corpus.sentences[_SENTENCE])
    return sentences.get_indexer(pd.MultiIndex.from_frame(rows[_SENTENCE])), len(sentences), "sentences"


def _names(corpus: Tables) -> pd.Series:
    """Name of each actor and voice; where two actors have one label, with their id."""
    names = corpus.actors.set_index("actor_id")["label"]
    shared = names.duplicated(keep=False)
    names = names.where(~shared, names + " (" + names.index + ")")
    names.loc[OUTLET], names.loc[UNNAMED] = "the outlet", "unnamed sources"
    return names


# --- who ---------------------------------------------------------------------------------------------


def actor_frequency(
    corpus: Tables,
    *,
    by: str | Sequence[str] = (),
    kinds: Sequence[str] = ACTING,
    sides: bool = False,
    count: str = "placements",
) -> pd.DataFrame:
    """How often each actor is mentioned, one row an actor (and group of `by`), most frequent first.

    Columns: those of `by`, `actor_id`, `actor`, `type`, `n_mentions`, `n_sentences`, `n_articles`, `share` (of
    all mentions of the group), `low` and `high` (95 % percentile bootstrap interval of the share, over
    articles; over sentences if there is one article), `resampled` (which of the two), `kinds` (of the
    mentions that count, which `kinds` chooses: "place" adds those where a place is only a place, "apposition"
    the titles and labels beside names). `by` may be
    a column of mentions or articles, or year, month, week, day. With `sides` the rows are the groups of
    the catalogue ("Russia": Putin, Peskov, the Kremlin), with the group's name as `actor_id` and `actor`, and
    an actor in no group stays one of its own. With `count="stories"` of articles that are near-duplicates the first
    published alone counts (the first of each group of `by`), and a column `count` says so; see `Corpus.find_stories`.

    Raises `ValueError` for an unknown kind, grouping or count.
    """
    corpus = counted(corpus, count, by)
    kinds = [kinds] if isinstance(kinds, str) else list(kinds)
    unknown = set(kinds) - {*ACTING, "apposition", "place"}
    if unknown:
        raise ValueError(f"kind {sorted(unknown)[0]!r} is none of name, nominal, pronoun, apposition, place")
    counts, units = mention_counts(corpus, by=by, kinds=kinds, sides=sides)
    names = [name for name in counts.columns if name not in {"actor_id", "unit", "n", "n_sentences"}]
    weights = Weights(units.n) if units.n else None
    tables = [
        _frequencies(corpus, group, units, weights, {**dict(zip(names, key, strict=True)), "kinds": "+".join(kinds)})
        for key, group in _groups(counts, names)
    ]
    columns = [*names, "actor_id", "actor", "type", "n_mentions", "n_sentences", "n_articles", "share", "low", "high"]
    columns += ["resampled", "kinds"]
    table = pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)
    return _saying(table, count)


def _saying(table: pd.DataFrame, count: str) -> pd.DataFrame:
    """The table with a column `count` if it does not count placements, so that `Corpus.evidence` can follow."""
    return table if count == "placements" else table.assign(count=count)


def _groups(rows: pd.DataFrame, names: list[str]) -> Iterable[tuple[tuple[object, ...], pd.DataFrame]]:
    if not names:
        return [((), rows)] if len(rows) else []
    return [(key if isinstance(key, tuple) else (key,), group) for key, group in rows.groupby(names)]


def _frequencies(
    corpus: Tables, counts: pd.DataFrame, units: Units, weights: Weights | None, key: dict[str, object]
) -> pd.DataFrame:
    """The rows of one group, from the mentions and sentences of each actor and unit."""
    codes, actor_ids = pd.factorize(counts["actor_id"], sort=True)
    n = counts["n"].to_numpy(dtype=float)
    low, high = ratio_intervals(
        n,
        n,
        units=counts["unit"].to_numpy(),
        n_units=units.n,
        groups=codes,
        n_groups=len(actor_ids),
        shared_denominator=True,
        weights=weights,
    )
    n_mentions = np.bincount(codes, weights=n).astype("int64")
    n_articles = np.bincount(codes) if units.name == "articles" else np.ones(len(actor_ids), dtype="int64")
    actors = corpus.actors.set_index("actor_id")
    table = pd.DataFrame(
        {
            **key,
            "actor_id": actor_ids,
            "actor": _names(corpus).reindex(actor_ids).fillna(pd.Series(actor_ids, actor_ids)).to_numpy(),
            "type": actors["type"].reindex(actor_ids).fillna("group").to_numpy(),
            "n_mentions": n_mentions,
            "n_sentences": np.bincount(codes, weights=counts["n_sentences"]).astype("int64"),
            "n_articles": n_articles,
            "share": n_mentions / n_mentions.sum(),
            "low": low,
            "high": high,
            "resampled": units.name,
        }
    )
    return table.sort_values(["n_mentions", "actor_id"], ascending=[False, True], ignore_index=True)


# --- how portrayed, and by whom ------------------------------------------------------------------------


def stance_summary(
    corpus: Tables,
    *,
    by: str | Sequence[str] = (),
    method: str | None = None,
    min_n: int = 1,
    count: str = "placements",
) -> pd.DataFrame:
    """Tone toward each actor, one row an actor (and group of `by`, such as "voice" or "outlet").

    An observation is one actor in one sentence in one voice; several mentions in it are averaged.
    Columns: `target_id`, `target`, those of `by`, `n` (observations), `n_articles`, `mean` (score, -1 to 1),
    `low` and `high` (its 95 % interval), `negative`, `neutral`, `positive` (shares of the labels), `method`,
    `resampled`, and `negative_low`, `negative_high`, … (95 % intervals of the shares). Rows with fewer than
    `min_n` observations are left out; most observations first.

    Intervals are percentiles of a bootstrap over articles; over sentences if there is one article; NaN if
    fewer than five of them speak of the actor. For method "model" each resample also draws the
    classifier's errors from its confusion matrix on labelled news (`corpus.manifest["tone"]`), so that a
    misreading is not sold as certainty. They say nothing of a bias that sentences of one kind share.

    `method` is "model" if the corpus has it, else the only one there is. `count` is as in `actor_frequency`. Raises
    `ValueError` for an unknown method, grouping or count, or if there are several other methods and none is named.
    """
    corpus = counted(corpus, count, by)
    sums, units = observation_sums(corpus, by=by, method=method)
    keys = ["target_id", *([by] if isinstance(by, str) else by)]
    ends = [f"{label}_{end}" for label in LABELS for end in ("low", "high")]
    columns = [*keys, "n", "n_articles", "mean", "low", "high", *LABELS, "method", "resampled", *ends]
    if sums.empty:
        return _saying(pd.DataFrame(columns=["target_id", "target", *columns[1:]]), count)
    codes = sums.groupby(keys, sort=True).ngroup().to_numpy()
    n_groups = int(codes.max()) + 1
    used = sums["method"].iloc[0]
    intervals = tone_intervals(
        sums,
        units=sums["unit"].to_numpy(),
        n_units=units.n,
        groups=codes,
        n_groups=n_groups,
        confusion=_confusion(corpus, used),
    )
    table = sums[keys].groupby(codes, sort=True).first()
    n = np.bincount(codes, weights=sums["n"])
    table["n"] = n.astype("int64")
    table["n_articles"] = np.bincount(codes) if units.name == "articles" else 1
    for name, column in (("mean", "score"), *((label, label) for label in LABELS)):
        table[name] = np.bincount(codes, weights=sums[column]) / n
    table["low"], table["high"] = intervals["mean"]
    for label in LABELS:
        table[f"{label}_low"], table[f"{label}_high"] = intervals[label]
    table = table.assign(method=used, resampled=units.name)[columns]
    table.insert(1, "target", table["target_id"].map(_names(corpus)))
    table = table[table["n"] >= min_n]
    table = table.sort_values(["n", *keys], ascending=[False] + [True] * len(keys), ignore_index=True)
    return _saying(table, count)


def _confusion(corpus: Tables, method: str) -> np.ndarray | None:
    """Counts (true label, predicted label) of the tone model on labelled news; None for other methods."""
    note = getattr(corpus, "manifest", {}).get("tone", {})
    return np.asarray(note["confusion"], dtype=float) if method == "model" and "confusion" in note else None


def voice_matrix(
    corpus: Tables, *, method: str | None = None, min_n: int = 1, count: str = "placements"
) -> pd.DataFrame:
    """Who speaks how of whom: `stance_summary` by voice, one row a speaker and target.

    Columns: `voice` ("outlet", an actor_id or "unnamed source"), `speaker` (its name), `voice_group` and
    `target_group` (the side that the catalogue puts them on; missing if none), `target_id`, `target`, then as in
    `stance_summary`, with intervals. What an actor says of itself is left in: `voice == target_id`.
    """
    table = stance_summary(corpus, by="voice", method=method, min_n=min_n, count=count)
    table.insert(0, "voice", table.pop("voice"))
    table.insert(1, "speaker", table["voice"].map(_names(corpus)))
    group = corpus.actors.set_index("actor_id")["group"]
    for at, name in ((2, "voice"), (3, "target")):
        table.insert(at, f"{name}_group", table["voice" if name == "voice" else "target_id"].map(group).astype("str"))
    return table


# --- how framed ------------------------------------------------------------------------------------------


def frame_summary(
    corpus: Tables,
    *,
    codebook: str | None = None,
    by: str | Sequence[str] = (),
    method: str | None = None,
    version: str | None = None,
    top_frames: bool = False,
    count: str = "placements",
) -> pd.DataFrame:
    """How often each frame of a codebook occurs, one row a frame (and group of `by`), frames that never occur too.

    Columns: `codebook`, `frame`, `frame_label`, those of `by`, `n_sentences` (with a hit), `n_hits`, `n_articles`,
    `n_coded` (sentences of the group with any frame of the codebook), `share` (n_sentences / n_coded; a
    sentence can have several frames, so shares may add up to more than 1), `low`, `high` (95 % percentile
    bootstrap interval over articles; over sentences if there is one), `resampled`. `by` may be a column of frames or
    articles ("voice", "outlet", "month") or "actor_id": the actors named in the sentence. With `top_frames` the
    parts of a frame are counted as it. `codebook`, `method` and `version` may be left out if there is only one.
    `count` is as in `actor_frequency`.
    """
    corpus = counted(corpus, count, by)
    rows, book = _coded_rows(corpus, codebook, method, version)
    books = coded_with(corpus)
    labels = books[book]
    if top_frames:
        top = getattr(corpus, "manifest", {}).get("codebooks", {}).get(book, {}).get("top", {})
        rows = rows.assign(frame=rows["frame"].map(lambda name: top.get(name, name)))
        labels = {name: label for name, label in labels.items() if top.get(name, name) == name}
    names = [by] if isinstance(by, str) else list(by)
    if "actor_id" in names:
        named = corpus.mentions[[*_SENTENCE, "actor_id"]].dropna().drop_duplicates()
        rows = rows.merge(named, on=_SENTENCE)
    rows, names = grouped_by(corpus.articles, rows, names)
    keyed = _groups(rows, names) if names else [((), rows)]
    tables = [_frame_shares(corpus, group, labels, dict(zip(names, key, strict=True))) for key, group in keyed]
    columns = ["codebook", "frame", "frame_label", *names, "n_sentences", "n_hits", "n_articles", "n_coded", "share"]
    columns += ["low", "high", "resampled"]
    if not tables:
        return _saying(pd.DataFrame(columns=columns), count)
    return _saying(pd.concat(tables, ignore_index=True).assign(codebook=book)[columns], count)


def _coded_rows(
    corpus: Tables, codebook: str | None, method: str | None, version: str | None
) -> tuple[pd.DataFrame, str]:
    """The codings of one codebook, method and version, and the codebook's name; another or an open choice is
    refused."""
    known = sorted(coded_with(corpus))
    if codebook is None and len(known) != 1:
        raise ValueError(f"choose a codebook: {', '.join(map(repr, known)) or 'the corpus was coded with none'}")
    if codebook is not None and codebook not in known:
        raise ValueError(f"not coded with {codebook!r}; the corpus has {', '.join(known) or 'no codebook'}")
    book = codebook or known[0]
    rows = corpus.frames[corpus.frames["codebook"] == book]
    for name, column, wanted in (("method", "method", method), ("version", "codebook_version", version)):
        found = sorted(rows[column].dropna().unique())
        if wanted is None and len(found) > 1:
            raise ValueError(f"{book} was coded with several: choose one, {name}={' or '.join(map(repr, found))}")
        if wanted is not None and found and wanted not in found:
            raise ValueError(f"no codings of {book} with {name} {wanted!r}; the corpus has {', '.join(found)}")
        rows = rows if wanted is None else rows[rows[column] == wanted]
    return rows, book


def frame_comparison(
    corpus: Tables, *, between: str, codebook: str | None = None, count: str = "placements"
) -> pd.DataFrame:
    """Whether a difference between two groups holds whatever coder is used, one row a frame.

    `between` is a column of two values, of frames or articles, such as "voice" or "outlet"; with more values the two
    with most codings are compared. For each method by which the corpus was coded with the codebook, a column with the
    difference of the frame's share (first group − second), named by the method; `first`, `second`; and
    `changes_sign`: True where methods disagree on which group has more, so that the finding hangs on the coder. See
    `Corpus.recode`. `count` is as in `actor_frequency`.

    Raises `ValueError` if there is only one method, or fewer than two groups.
    """
    corpus = counted(corpus, count, between)
    known = sorted(coded_with(corpus))
    book = codebook or (known[0] if len(known) == 1 else "")
    methods = sorted(corpus.frames.loc[corpus.frames["codebook"] == book, "method"].unique())
    if len(methods) < 2:
        raise ValueError(
            f"{codebook or 'no codebook'}: needs codings by two methods, has {', '.join(methods) or 'none'}; "
            "name the codebook, and add a method with corpus.recode(codebook, method='embedding')"
        )
    rows, _ = grouped_by(corpus.articles, corpus.frames[corpus.frames["codebook"] == book], between)
    groups = list(rows[between].value_counts().index[:2])
    if len(groups) < 2:
        raise ValueError(f"{between!r} has one value only, {groups}: nothing to compare")
    table = pd.DataFrame({"frame": list(coded_with(corpus)[book]), "first": groups[0], "second": groups[1]})
    for method in methods:
        summary = frame_summary(corpus, codebook=book, by=between, method=method)
        shares = summary.pivot(index="frame", columns=between, values="share").reindex(columns=groups)
        table[method] = table["frame"].map(shares[groups[0]] - shares[groups[1]])
    signs = np.sign(table[methods].to_numpy(dtype=float))
    return table.assign(changes_sign=(signs == 1).any(axis=1) & (signs == -1).any(axis=1))


def frame_cooccurrence(
    corpus: Tables,
    *,
    codebook: str | None = None,
    method: str | None = None,
    version: str | None = None,
    count: str = "placements",
) -> pd.DataFrame:
    """Which frames come together in a sentence, one row a pair, most frequent first.

    Columns: `frame`, `other`, `n_sentences` (with both), `n_articles`, `expected` (with both, if they were
    independent among the coded sentences), `lift` (n_sentences / expected), `jaccard` (both / either). Choices as in
    `frame_summary`.
    """
    corpus = counted(corpus, count)
    rows, book = _coded_rows(corpus, codebook, method, version)
    once = rows[["frame", *_SENTENCE]].drop_duplicates()
    order = list(coded_with(corpus)[book])
    single = Counter(once["frame"])
    n_coded = len(once[_SENTENCE].drop_duplicates())
    pairs = once.merge(once, on=_SENTENCE, suffixes=("", "_2"))
    together = Counter(zip(pairs["frame"], pairs["frame_2"], strict=True))
    within = Counter(
        pairs[["frame", "frame_2", "article_id"]].drop_duplicates().iloc[:, :2].itertuples(index=False, name=None)
    )
    found = []
    for i, frame in enumerate(order):
        for other in order[i + 1 :]:
            n = together[frame, other]
            expected = single[frame] * single[other] / n_coded if n_coded else np.nan
            either = single[frame] + single[other] - n
            lift, jaccard = (n / d if d else np.nan for d in (expected, either))
            found.append((frame, other, n, within[frame, other], expected, lift, jaccard))
    columns = ["frame", "other", "n_sentences", "n_articles", "expected", "lift", "jaccard"]
    table = pd.DataFrame(found, columns=columns)
    table = table.sort_values("n_sentences", ascending=False, kind="stable", ignore_index=True)
    return _saying(table, count)


def frame_stance(
    corpus: Tables,
    *,
    codebook: str | None = None,
    coder: str | None = None,
    version: str | None = None,
    method: str | None = None,
    min_n: int = 1,
    count: str = "placements",
) -> pd.DataFrame:
    """Which frames come with which tone toward whom: `stance_summary` of the sentences with each frame.

    One row a frame and target; columns `frame`, `frame_label`, then as in `stance_summary`. `coder` is the method of
    the frames, `method` that of the tone; the other choices are as in `frame_summary`.
    """
    corpus = counted(corpus, count)
    rows, book = _coded_rows(corpus, codebook, coder, version)
    labels = coded_with(corpus)[book]
    once = rows[["frame", *_SENTENCE]].drop_duplicates()
    stances = corpus.stances.merge(once, on=_SENTENCE)
    table = stance_summary(_WithStances(corpus, stances), by="frame", method=method, min_n=min_n)
    table.insert(0, "frame", table.pop("frame"))
    table.insert(1, "frame_label", table["frame"].map(labels))
    return _saying(table, count)


class _WithStances:
    """A corpus with other stances."""

    def __init__(self, corpus: Tables, stances: pd.DataFrame) -> None:
        self._corpus, self.stances, self._stored = corpus, stances, None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._corpus, name)


def _frame_shares(corpus: Tables, rows: pd.DataFrame, labels: dict[str, str], key: dict[str, object]) -> pd.DataFrame:
    coded = rows[_SENTENCE].drop_duplicates()
    once = rows[["frame", *_SENTENCE]].drop_duplicates()
    codes = pd.Index(list(labels)).get_indexer(pd.Index(once["frame"]))
    # One extra group holds every coded sentence once: the denominator that all frames share.
    both = pd.concat([once, coded])
    units, n_units, unit = _units(corpus, both)
    groups = np.concatenate([codes, np.full(len(coded), len(labels))])
    is_hit = np.concatenate([np.ones(len(once)), np.zeros(len(coded))])
    low, high = ratio_intervals(
        is_hit,
        1 - is_hit,
        units=units,
        n_units=n_units,
        groups=groups,
        n_groups=len(labels) + 1,
        shared_denominator=True,
    )
    size = np.bincount(codes, minlength=len(labels))
    by_frame = rows.groupby("frame")
    table = pd.DataFrame(
        {
            **key,
            "frame": list(labels),
            "frame_label": list(labels.values()),
            "n_sentences": size,
            "n_hits": by_frame.size().reindex(list(labels), fill_value=0).to_numpy(),
            "n_articles": by_frame["article_id"].nunique().reindex(list(labels), fill_value=0).to_numpy(),
            "n_coded": len(coded),
            "share": size / len(coded) if len(coded) else np.nan,
            # Of a frame in none or all of the sentences every resample looks alike: no interval, not a narrow one.
            "low": np.where((size > 0) & (size < len(coded)), low[:-1], np.nan),
            "high": np.where((size > 0) & (size < len(coded)), high[:-1], np.nan),
            "resampled": unit,
        }
    )
    return table.sort_values("n_sentences", ascending=False, kind="stable", ignore_index=True)
