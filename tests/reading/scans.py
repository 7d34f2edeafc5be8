"""A scan whose report is checked against what it yields."""

from __future__ import annotations

import newskit as nk
from newskit.reading.article import Refused


def scan(source: object, **choices: object) -> tuple[list[nk.Article], list[Refused], nk.ImportReport]:
    """Articles and refused of a source, once it is clear that the report reconciles with them."""
    report = nk.ImportReport()
    items = list(nk.scan_articles(source, report=report, **choices))  # type: ignore[arg-type]
    articles = [item for item in items if isinstance(item, nk.Article)]
    refused = [item for item in items if isinstance(item, Refused)]
    files = report.files
    assert (files["found"] == files["read"] + files["refused"]).all()
    assert files["read"].sum() == len(articles)
    assert files["refused"].sum() == len(refused) == len(report.refused)
    assert all(r.reason for r in refused)
    ids = [item.article_id for item in items]
    assert len(set(ids)) == len(ids)
    assert (files["dates_parsed"] + files["dates_missing"] + files["dates_unparsed"] == files["read"]).all()
    return articles, refused, report


def folded(text: str) -> str:
    return " ".join(text.split())
