"""The rows drawn, with the texts that coders see, and, apart from them, what newskit says of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from newskit.corpus.observations import actor_names, coded_with
from newskit.validation.units import KEPT, Population

if TYPE_CHECKING:
    from newskit.corpus.corpus import Corpus

CONTEXT: Final = 2
"""Sentences of context before and after what is to be coded."""
_FIRST: Final = (
    "row_id",
    "article_id",
    "sentence_id",
    "start",
    "end",
    "text",
    "shown",
    "target_id",
    "target",
    "outlet",
)
_LAST: Final = ("part", "sentence", "sentence_start", "before", "after", "stratum", "probability")


def shown(
    corpus: Corpus, everything: Population, drawn: pd.DataFrame, groups: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What newskit says of the rows drawn, by `row_id`, and what coders see of them, in the same order.

    Columns of `groups` that are what newskit says stay with the former.
    """
    said = list(dict.fromkeys([*everything.predictions, *everything.own]))
    ids = drawn["article_id"].unique().tolist()
    about = corpus.table("articles", columns=["article_id", "text", "outlet"], article_id=ids).set_index("article_id")
    texts = drawn["article_id"].map(about["text"])
    rows = drawn[["row_id", *KEPT, "stratum", "probability"]].assign(outlet=drawn["article_id"].map(about["outlet"]))
    rows["text"] = [whole[a:b] for whole, a, b in zip(texts, rows["start"], rows["end"], strict=True)]
    rows = pd.concat([rows, _context(corpus, rows, texts, ids)], axis=1)
    rows["target"] = _targets(corpus, drawn, texts)
    rows["target_id"] = rows["target_id"].astype("str")
    of_by = [name for name in groups if name not in said]
    for name in of_by:
        if name not in rows.columns:
            rows[name] = drawn[name].to_numpy()
    return _predictions(corpus, everything, drawn[["row_id", *said]]), rows[
        list(dict.fromkeys([*_FIRST, *of_by, *_LAST]))
    ]


def _targets(corpus: Corpus, drawn: pd.DataFrame, texts: pd.Series) -> pd.Series:
    """The name of the actor that a row is about; of a quotation whose source is no actor, the words that name it."""
    names = drawn["target_id"].map(actor_names(corpus)).astype("str")
    if "source_start" not in drawn:
        return names
    spans = zip(texts, drawn["source_start"], drawn["source_end"], strict=True)
    words = [None if pd.isna(a) or pd.isna(b) else whole[int(a) : int(b)] for whole, a, b in spans]
    return names.fillna(pd.Series(words, index=names.index, dtype="str"))


def _context(corpus: Corpus, rows: pd.DataFrame, texts: pd.Series, ids: list[str]) -> pd.DataFrame:
    """The sentences that each row touches, and those around them: `part, sentence, sentence_start, before, after`."""
    columns = ["article_id", "start", "end", "part"]
    sentences = corpus.table("sentences", columns=columns, article_id=ids).sort_values(["article_id", "start"])
    by_article = dict(list(sentences.groupby("article_id", sort=False)))

    def around() -> Iterator[tuple[Any, ...]]:
        for article, start, end, whole in zip(rows["article_id"], rows["start"], rows["end"], texts, strict=True):
            own = by_article[article]
            starts, ends = own["start"].to_numpy(), own["end"].to_numpy()
            first = max(int(np.searchsorted(starts, start, side="right")) - 1, 0)
            last = max(int(np.searchsorted(starts, end, side="left")) - 1, first)
            a, b = int(starts[first]), max(int(ends[last]), end)
            before, after = int(starts[max(first - CONTEXT, 0)]), int(ends[min(last + CONTEXT, len(own) - 1)])
            yield own["part"].iloc[first], whole[a:b], a, whole[before:a], whole[b : max(after, b)]

    names = ["part", "sentence", "sentence_start", "before", "after"]
    return pd.DataFrame(list(around()), columns=names, index=rows.index).astype({"part": "str"})


def _predictions(corpus: Corpus, everything: Population, said: pd.DataFrame) -> pd.DataFrame:
    """What newskit says, under the names of the variables; the `voice` that is an id becomes `voice_id`."""
    found = said.set_index("row_id")
    if "voice_code" in found:
        found = found.rename(columns={"voice": "voice_id"}).rename(columns={"voice_code": "voice"})
    if "hits" in found:
        frames = coded_with(corpus)[str(everything.asked.codebook)]
        coded = {name: found["hits"].map(lambda hits, name=name: "yes" if name in hits else "no") for name in frames}
        found = pd.concat([pd.DataFrame(coded), found.drop(columns="hits")], axis=1)
    return found
