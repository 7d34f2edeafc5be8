"""A corpus whose true codes are known: invented articles on two actors, a model that errs, and codings of samples."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

import newskit as nk
from newskit.schema import TABLES, make_table

LABELS = ("negative", "neutral", "positive")


def spoken(n_articles: int = 120, seed: int = 0, *, wrong: float = 0.4) -> tuple[nk.Corpus, pd.DataFrame]:
    """A corpus, and the true `tone` and `target_ok` of each observation, in the order of its stances.

    Of what is not negative the model calls `wrong` negative; of mentions of Bob every tenth is of somebody else.
    """
    rng = np.random.default_rng(seed)
    rows: dict[str, list[dict[str, Any]]] = {"articles": [], "sentences": [], "stances": [], "mentions": []}
    truth = []
    for number in range(n_articles):
        article = f"a{number}"
        text, kind = "", rng.choice([0.1, 0.5])
        for sentence in range(6):
            name = "Ann" if sentence % 2 else "Bob"
            code = rng.choice(3, p=[kind, 0.85 - kind, 0.15])
            said = 0 if rng.random() < wrong else code
            p = np.full(3, 0.1)
            p[said] = 0.8
            words = f"{name} was in the news for the {sentence}th time. "
            place = {"article_id": article, "sentence_id": sentence, "start": len(text)}
            rows["sentences"].append({**place, "end": len(text) + len(words) - 1, "text": words[:-1], "part": "body"})
            mention = {**place, "end": len(text) + 3, "text": name, "mention_id": sentence}
            rows["mentions"].append({**mention, "actor_id": name.lower(), "kind": "name", "rule": "by hand"})
            tone = {"label": LABELS[said], "score": p[2] - p[0], "voice": "outlet", "method": "model"}
            shares = {f"p_{label}": p[i] for i, label in enumerate(LABELS)}
            rows["stances"].append({**mention, **tone, **shares, "target_id": name.lower()})
            truth.append(
                {"article_id": article, "sentence_id": sentence, "target_id": name.lower(), "tone": LABELS[code]}
                | {"target_ok": "no" if name == "Bob" and rng.random() < 0.1 else "yes"}
            )
            text += words
        outlet = "West" if rng.random() < 0.5 else "East"
        rows["articles"].append({"article_id": article, "text": text, "status": "annotated", "outlet": outlet})
    actors = [{"actor_id": name.lower(), "label": name, "type": "person"} for name in ("Ann", "Bob")]
    given = {**rows, "actors": actors}
    numbers = {table: {c.name: 0 for c in TABLES[table] if c.dtype == "int64"} for table in given}
    tables = {table: make_table(table, [{**numbers[table], **row} for row in given[table]]) for table in given}
    return nk.Corpus(tables), pd.DataFrame(truth)


def coded(sample: nk.Sample, truth: pd.DataFrame, variables: tuple[str, ...] = ("tone", "target_ok")) -> nk.Codings:
    """The sample, coded without a mistake."""
    keys = ["article_id", "sentence_id"]
    rows = sample.rows.merge(truth.drop(columns="target_id"), on=keys)
    told = [
        {"row_id": row["row_id"], "coder": "ann", "variable": name, "code": row[name], "unsure": False, "note": ""}
        for row in rows.to_dict("records")
        for name in variables
    ]
    return nk.Codings(sample, pd.DataFrame(told))


def true_mean(truth: pd.DataFrame) -> float:
    """The mean tone of the observations that are meant."""
    meant = truth[truth["target_ok"] == "yes"]
    return float(meant["tone"].map({"negative": -1, "neutral": 0, "positive": 1}).mean())
