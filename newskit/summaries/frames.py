"""How a debate is framed: frames, their groups, and what they come with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from newskit.corpus.views import WithStances, counted, grouped_by
from newskit.schema import AnyCorpus
from newskit.summaries.intervals import ratio_intervals
from newskit.summaries.sums import SENTENCE_KEYS, coded_with, groups_of, units_of, with_count
from newskit.summaries.tone import stance_summary

# --- how framed ------------------------------------------------------------------------------------------


def frame_summary(
    corpus: AnyCorpus,
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
        named = corpus.mentions[[*SENTENCE_KEYS, "actor_id"]].dropna().drop_duplicates()
        rows = rows.merge(named, on=SENTENCE_KEYS)
    rows, names = grouped_by(corpus.articles, rows, names)
    keyed = groups_of(rows, names) if names else [((), rows)]
    tables = [_frame_shares(corpus, group, labels, dict(zip(names, key, strict=True))) for key, group in keyed]
    columns = ["codebook", "frame", "frame_label", *names, "n_sentences", "n_hits", "n_articles", "n_coded", "share"]
    columns += ["low", "high", "resampled"]
    if not tables:
        return with_count(pd.DataFrame(columns=columns), count)
    return with_count(pd.concat(tables, ignore_index=True).assign(codebook=book)[columns], count)


def _coded_rows(
    corpus: AnyCorpus, codebook: str | None, method: str | None, version: str | None
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
    corpus: AnyCorpus, *, between: str, codebook: str | None = None, count: str = "placements"
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
    corpus: AnyCorpus,
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
    once = rows[["frame", *SENTENCE_KEYS]].drop_duplicates()
    order = list(coded_with(corpus)[book])
    single = Counter(once["frame"])
    n_coded = len(once[SENTENCE_KEYS].drop_duplicates())
    pairs = once.merge(once, on=SENTENCE_KEYS, suffixes=("", "_2"))
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
    return with_count(table, count)


def frame_stance(
    corpus: AnyCorpus,
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
    once = rows[["frame", *SENTENCE_KEYS]].drop_duplicates()
    stances = corpus.stances.merge(once, on=SENTENCE_KEYS)
    table = stance_summary(WithStances(corpus, stances), by="frame", method=method, min_n=min_n)
    table.insert(0, "frame", table.pop("frame"))
    table.insert(1, "frame_label", table["frame"].map(labels))
    return with_count(table, count)


def _frame_shares(
    corpus: AnyCorpus, rows: pd.DataFrame, labels: dict[str, str], key: dict[str, object]
) -> pd.DataFrame:
    coded = rows[SENTENCE_KEYS].drop_duplicates()
    once = rows[["frame", *SENTENCE_KEYS]].drop_duplicates()
    codes = pd.Index(list(labels)).get_indexer(pd.Index(once["frame"]))
    # One extra group holds every coded sentence once: the denominator that all frames share.
    both = pd.concat([once, coded])
    units, n_units, unit = units_of(corpus, both)
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
