"""How a debate is framed: how often each frame occurs, where, beside which others, and with which tone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from newskit.corpus.observations import Coding, coded_with
from newskit.corpus.queries import connect
from newskit.resources.nearest import nearest
from newskit.schema import NOT_VALIDATED, returns_columns
from newskit.summaries.corrections import corrected_frames
from newskit.summaries.intervals import ratio_intervals
from newskit.summaries.sums import (
    FrameSums,
    check_column,
    counted,
    frame_sums,
    observation_sums,
    queries,
    with_count,
)
from newskit.summaries.tone import tone_table

if TYPE_CHECKING:
    from newskit.corpus.corpus import Corpus
    from newskit.validation.codings import Codings


@returns_columns("frame_summary")
def frame_summary(
    corpus: Corpus,
    *,
    codebook: str | None = None,
    by: str | Sequence[str] = (),
    method: str | None = None,
    version: str | None = None,
    top_frames: bool = False,
    count: str = "placements",
    codings: Codings | None = None,
) -> pd.DataFrame:
    """Count how often each frame of a codebook occurs.

    Parameters
    ----------
    corpus : Corpus
        The corpus, in memory or on disk.
    codebook, method, version : str, optional
        Which codings to count; each may be left out if there is only one.
    by : str or sequence of str, optional
        What to group by: columns of frames or articles ("voice", "outlet"), year, month, week, day, or "actor_id":
        the actors mentioned in the sentence. Rows without a value are left out.
    top_frames : bool, default False
        Whether the parts of a frame are counted towards it.
    count : {"placements", "stories"}, default "placements"
        As in `actor_frequency`.
    codings : Codings, optional
        Codings of a sample of sentences of this corpus for this codebook (`draw_sample(corpus, "frames", …)`), by which
        the shares are corrected, as in `stance_summary`.

    Returns
    -------
    DataFrame
        One row per frame and group, with the columns of `by` after `frame_label`; frames that never occur are there
        too. The columns are

        {columns}

    Raises
    ------
    ValueError
        If there is no such codebook, method, version or column, or if there are several and none is named; also for
        `top_frames` with codings, which are of the frames themselves.
    newskit.errors.CodingsError
        A `ValueError`: for codings of other units, of another codebook, or of another corpus.

    Notes
    -----
    A sentence can have several frames, so shares may add up to more than 1. Intervals are as in `actor_frequency`; a
    frame that is in none or in all of the sentences has none, since every resample of it looks alike.

    With codings, `share` is the frame's share of the sentences that have any frame of the codebook by the codings,
    those that newskit missed among them; the numbers of sentences stay those that newskit found. Groups are then of
    columns of articles and sentences. `n_codings` counts the coded sentences of the group, with a frame or without;
    only those with one count for the shares, and with fewer than five of them nothing is corrected.

    Examples
    --------
    >>> frame_summary(corpus, codebook="news_frames", by="voice")  # doctest: +SKIP
    """
    everything, corpus = corpus, counted(corpus, count, by)
    coding = chosen_coding(corpus, codebook, method, version)
    labels, top = coding.labels, {}
    if top_frames and codings is not None:
        raise ValueError("top_frames cannot be corrected: the codings are of the frames themselves")
    if top_frames:
        top = corpus.manifest.get("codebooks", {}).get(coding.codebook, {}).get("top", {})
        labels = {name: label for name, label in labels.items() if top.get(name, name) == name}
    sums = frame_sums(corpus, coding, by=by, parts_of=top)
    tables = [_frame_shares(hits, coded, sums, labels, key) for key, hits, coded in _by_group(sums)]
    columns = ["codebook", "frame", "frame_label", *sums.groups]
    columns += ["n_sentences", "n_hits", "n_articles", "n_coded", "share", "low", "high", "resampled", "estimate"]
    if not tables:
        return with_count(pd.DataFrame(columns=columns), count)
    told = {"codebook": coding.codebook, "estimate": NOT_VALIDATED}
    table = pd.concat(tables, ignore_index=True).assign(**told)[columns]
    if codings is not None:
        table = corrected_frames(table, everything, corpus, codings, coding=coding, keys=sums.groups)
    return with_count(table, count)


def chosen_coding(corpus: Corpus, codebook: str | None, method: str | None, version: str | None) -> Coding:
    """The codings of one codebook, method and version; raises `ValueError` for an open choice or one that is not."""
    books = coded_with(corpus)
    if codebook is None and len(books) != 1:
        choice = ", ".join(map(repr, sorted(books)))
        raise ValueError(f"choose a codebook: {choice or 'the corpus was coded with none'}")
    if codebook is not None and codebook not in books:
        has = ", ".join(sorted(books)) or "no codebook"
        raise ValueError(f"not coded with {codebook!r}{nearest(codebook, books)}; the corpus has {has}")
    book = codebook or next(iter(books))
    found = _methods_and_versions(corpus, book)
    for number, name, wanted in ((0, "method", method), (1, "version", version)):
        known = sorted({value for one in found if (value := one[number]) is not None})
        if wanted is None and len(known) > 1:
            raise ValueError(f"{book} was coded with several: choose one, {name}={' or '.join(map(repr, known))}")
        if wanted is not None and known and wanted not in known:
            raise ValueError(f"no codings of {book} with {name} {wanted!r}; the corpus has {', '.join(known)}")
        found = [one for one in found if wanted is None or one[number] == wanted]
    return Coding(book, books[book], method, version)


def _methods_and_versions(corpus: Corpus, codebook: str) -> list[tuple[str | None, str | None]]:
    """How a corpus was coded with a codebook."""
    connection = connect(threads=1)
    corpus.tables.register(connection, "frames")
    query = "select distinct method, codebook_version from frames where codebook = ? order by all"
    found: list[tuple[str | None, str | None]] = connection.execute(query, [codebook]).fetchall()
    return found


def _by_group(sums: FrameSums) -> list[tuple[dict[str, object], pd.DataFrame, pd.DataFrame]]:
    """The sums of each group, with its key; without grouping there is one group, even if nothing was coded."""
    if not sums.groups:
        return [({}, sums.hits, sums.coded)]
    hits = dict(list(sums.hits.groupby(sums.groups)))
    found = []
    for key, coded in sums.coded.groupby(sums.groups):
        values = key if isinstance(key, tuple) else (key,)
        found.append((dict(zip(sums.groups, values, strict=True)), hits.get(key, sums.hits.iloc[:0]), coded))
    return found


def _frame_shares(
    hits: pd.DataFrame, coded: pd.DataFrame, sums: FrameSums, labels: dict[str, str], key: dict[str, object]
) -> pd.DataFrame:
    """The rows of one group."""
    known = hits[hits["frame"].isin(list(labels))]
    codes = pd.Index(list(labels)).get_indexer(pd.Index(known["frame"]))
    n_coded = int(coded["n_coded"].sum())
    # One extra group holds every coded sentence once: the denominator that all frames share.
    low, high = ratio_intervals(
        np.concatenate([known["n_sentences"], np.zeros(len(coded))]),
        np.concatenate([np.zeros(len(known)), coded["n_coded"]]),
        units=np.concatenate([known["unit"], coded["unit"]]),
        n_units=sums.units.n,
        groups=np.concatenate([codes, np.full(len(coded), len(labels))]),
        n_groups=len(labels) + 1,
        shared_denominator=True,
    )
    n_sentences = np.bincount(codes, weights=known["n_sentences"], minlength=len(labels)).astype("int64")
    n_units = np.bincount(codes, minlength=len(labels))
    some = (n_sentences > 0) & (n_sentences < n_coded)
    table = pd.DataFrame(
        {
            **key,
            "frame": list(labels),
            "frame_label": list(labels.values()),
            "n_sentences": n_sentences,
            "n_hits": np.bincount(codes, weights=known["n_hits"], minlength=len(labels)).astype("int64"),
            "n_articles": n_units if sums.units.name == "articles" else np.minimum(n_units, 1),
            "n_coded": n_coded,
            "share": n_sentences / n_coded if n_coded else np.nan,
            # Of a frame in none or all of the sentences every resample looks alike: no interval, not a narrow one.
            "low": np.where(some, low[:-1], np.nan),
            "high": np.where(some, high[:-1], np.nan),
            "resampled": sums.units.name,
        }
    )
    return table.sort_values("n_sentences", ascending=False, kind="stable", ignore_index=True)


@returns_columns("frame_comparison")
def frame_comparison(
    corpus: Corpus, *, between: str, codebook: str | None = None, count: str = "placements"
) -> pd.DataFrame:
    """Tell whether a difference between two groups holds whatever coder is used.

    Parameters
    ----------
    corpus : Corpus
        A corpus that was coded by two methods at least; see `Corpus.recode`.
    between : str
        A column of frames or articles, such as "voice" or "outlet", or a period. Of more than two values the two with
        most codings are compared.
    codebook : str, optional
        The codebook; it may be left out if there is only one.
    count : {"placements", "stories"}, default "placements"
        As in `actor_frequency`.

    Returns
    -------
    DataFrame
        One row per frame, with a column per method, named by it, that has the difference of the frame's share (first
        group less second), between `second` and `changes_sign`. The other columns are

        {columns}

    Raises
    ------
    ValueError
        If there is only one method, or fewer than two groups.

    Examples
    --------
    >>> corpus = corpus.recode("news_frames", method="embedding")  # doctest: +SKIP
    >>> frame_comparison(corpus, between="outlet")  # doctest: +SKIP
    """
    check_column(between)
    corpus = counted(corpus, count, between)
    books = coded_with(corpus)
    if codebook is None and len(books) > 1:
        raise ValueError(f"choose a codebook: {', '.join(map(repr, sorted(books)))}")
    book = codebook or next(iter(books), "")
    methods = sorted({method for method, _ in _methods_and_versions(corpus, book) if method is not None})
    if len(methods) < 2:
        raise ValueError(
            f"{codebook or 'no codebook'}: needs codings by two methods, has {', '.join(methods) or 'none'}; "
            "name the codebook, and add a method with corpus.recode(codebook, method='embedding')"
        )
    every = Coding(book, books[book], None, None)
    hits = frame_sums(corpus, every, by=between, parts_of={}).hits.groupby(between)["n_hits"].sum()
    groups = list(hits.sort_values(ascending=False, kind="stable").index[:2])
    if len(groups) < 2:
        raise ValueError(
            f"{between!r} has {f'one value only, {str(*groups)!r}' if groups else 'no value here'}: nothing to compare"
        )
    table = pd.DataFrame({"frame": list(books[book]), "first": groups[0], "second": groups[1]})
    for method in methods:
        summary = frame_summary(corpus, codebook=book, by=between, method=method)
        shares = summary.pivot(index="frame", columns=between, values="share").reindex(columns=groups)
        table[method] = table["frame"].map(shares[groups[0]] - shares[groups[1]])
    signs = np.sign(table[methods].to_numpy(dtype=float))
    return table.assign(changes_sign=(signs == 1).any(axis=1) & (signs == -1).any(axis=1))


@returns_columns("frame_cooccurrence")
def frame_cooccurrence(
    corpus: Corpus,
    *,
    codebook: str | None = None,
    method: str | None = None,
    version: str | None = None,
    count: str = "placements",
) -> pd.DataFrame:
    """Count which frames come together in a sentence.

    Parameters
    ----------
    corpus : Corpus
        The corpus, in memory or on disk.
    codebook, method, version, count
        As in `frame_summary`.

    Returns
    -------
    DataFrame
        One row per pair of frames, most frequent first, with the columns

        {columns}

    Raises
    ------
    ValueError
        As in `frame_summary`.

    Examples
    --------
    >>> frame_cooccurrence(corpus, codebook="policy_frames")  # doctest: +SKIP
    """
    corpus = counted(corpus, count)
    coding = chosen_coding(corpus, codebook, method, version)
    connection, units = queries(corpus, "frames")
    rows, parameters = coding.rows()
    connection.execute(
        f"""create temp table once as
        select distinct frame, article_id, sentence_id from ({rows}) join units using ({units.keys})""",
        parameters,
    )
    single = dict(connection.execute("select frame, count(*) from once group by all").fetchall())
    n_coded = len(connection.execute("select distinct article_id, sentence_id from once").fetchall())
    pairs = connection.execute(
        """select a.frame, b.frame, count(*), count(distinct article_id)
        from once a join once b using (article_id, sentence_id) group by all"""
    )
    together = {(frame, other): (n, n_articles) for frame, other, n, n_articles in pairs.fetchall()}
    found = []
    order = list(coding.labels)
    for i, frame in enumerate(order):
        for other in order[i + 1 :]:
            n, n_articles = together.get((frame, other), (0, 0))
            of_one, of_other = single.get(frame, 0), single.get(other, 0)
            expected = of_one * of_other / n_coded if n_coded else np.nan
            lift, jaccard = (n / d if d else np.nan for d in (expected, of_one + of_other - n))
            found.append((frame, other, n, n_articles, expected, lift, jaccard))
    columns = ["frame", "other", "n_sentences", "n_articles", "expected", "lift", "jaccard"]
    table = pd.DataFrame(found, columns=columns)
    return with_count(table.sort_values("n_sentences", ascending=False, kind="stable", ignore_index=True), count)


@returns_columns("frame_stance")
def frame_stance(
    corpus: Corpus,
    *,
    codebook: str | None = None,
    coder: str | None = None,
    version: str | None = None,
    method: str | None = None,
    min_n: int = 1,
    count: str = "placements",
) -> pd.DataFrame:
    """Summarise which frames come with which tone toward whom: `stance_summary` of the sentences with each frame.

    Parameters
    ----------
    corpus : Corpus
        The corpus, in memory or on disk.
    codebook, version, count
        As in `frame_summary`.
    coder : str, optional
        The method of the frames ("lexicon", "embedding").
    method : str, optional
        The method of the tone, as in `stance_summary`.
    min_n : int, default 1
        Rows with fewer observations are left out.

    Returns
    -------
    DataFrame
        One row per frame and target, most observations first, with the columns

        {columns}

    Raises
    ------
    ValueError
        As in `frame_summary` and `stance_summary`.

    Examples
    --------
    >>> frame_stance(corpus, codebook="news_frames", min_n=3)  # doctest: +SKIP
    """
    counting = counted(corpus, count)
    coding = chosen_coding(counting, codebook, coder, version)
    sums, units = observation_sums(counting, by="frame", method=method, coding=coding)
    table = tone_table(corpus, sums, units, keys=["target_id", "frame"], min_n=min_n)
    table.insert(0, "frame", table.pop("frame"))
    table.insert(1, "frame_label", table["frame"].map(coding.labels))
    return with_count(table, count)
