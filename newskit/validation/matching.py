"""A sample held against a corpus that was annotated or linked anew: which of its rows are still there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from newskit.annotation.frames.issues import Issue, load_issue
from newskit.errors import IssueError, SampleError
from newskit.schema import result_table
from newskit.validation.unit_queries import Asked
from newskit.validation.units import Population, population

if TYPE_CHECKING:
    from newskit.corpus.corpus import Corpus
    from newskit.validation.samples import Sample

ABOUT_ACTOR: Final = frozenset({"target_ok", "actor_ok", "speaker_ok"})
"""The variables whose codes are about the actor that newskit gave: they do not hold for another one."""
NO_ARTICLE: Final = "the corpus has no such article"
OTHER_TEXT: Final = "the text of the article is another one there"
NO_UNIT: Final = "newskit finds nothing there any more"
OTHER_ACTOR: Final = "linked to another actor: codes about the actor do not hold"


def asked_again(design: Mapping[str, Any], issue: Issue | None = None) -> Asked:
    """The units that a sample was drawn from; raises `SampleError` for an issue that does not ship and is not given."""
    if issue is None and design.get("issue"):
        try:
            issue = load_issue(design["issue"])
        except IssueError as problem:
            raise SampleError(f"the sample is of positions on {design['issue']!r}: give issue=… ({problem})") from None
    return Asked(design["unit"], design.get("method"), design.get("codebook"), design.get("codebook_version"), issue)


def lost_rows(corpus: Corpus, sample: Sample, *, issue: Issue | None = None) -> pd.DataFrame:
    """The rows of a sample that a corpus has no longer, or has for another actor, each with the reason."""
    asked = asked_again(sample.design, issue)
    if asked.unit == "frames":  # a sentence is the same, however it is coded
        asked = Asked("frames", codebook=asked.codebook)
    rows = sample.rows
    there = _now(_population(corpus, asked, sample), rows["row_id"])
    articles = corpus.table("articles", columns=["article_id", "text"], article_id=rows["article_id"].unique().tolist())
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    found = []
    for row in rows.to_dict("records"):
        reason = _reason(row, texts.get(row["article_id"]), there)
        if reason is not None:
            found.append([*(row[name] for name in ("row_id", "article_id", "start", "end", "text", "target")), reason])
    return result_table("Codings.lost", found)


def _population(corpus: Corpus, asked: Asked, sample: Sample) -> Population:
    try:
        return population(corpus, asked)
    except ValueError:
        if asked.unit != "frames":
            raise
    method, version = (sample.design[name] for name in ("method", "codebook_version"))
    return population(corpus, asked._replace(method=method, version=version))


def _now(everything: Population, row_ids: pd.Series) -> dict[str, str | None]:
    """The target that each row has now, of those that are there."""
    everything.connection.register("sampled", pd.DataFrame({"row_id": row_ids}))
    rows = everything.connection.execute("select row_id, target_id from units join sampled using (row_id)").fetchall()
    return dict(rows)


def _reason(row: Mapping[Any, Any], text: str | None, there: Mapping[str, str | None]) -> str | None:
    """Why a row does not hold any more; None if it does."""
    if row["row_id"] in there:
        now, then = there[row["row_id"]], row["target_id"]
        return None if now == then or (now is None and pd.isna(then)) else OTHER_ACTOR
    if not isinstance(text, str):
        return NO_ARTICLE
    return NO_UNIT if text[row["start"] : row["end"]] == row["text"] else OTHER_TEXT
