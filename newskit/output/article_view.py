"""An article with its annotations as HTML, for a notebook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from newskit.schema import ACTING, OUTLET, UNNAMED
from newskit.summaries.sums import coded_with

if TYPE_CHECKING:
    from newskit.schema import AnyCorpus

LAYERS: Final = ("actors", "voices", "frames")
# Hues that stay apart; drawn as translucent tints, they read on white and on black.
_HUES: Final = (205, 25, 130, 285, 50, 340, 170, 90, 245, 0, 310, 65)

_STYLE: Final = """
<style>
.newskit-article{color:inherit;line-height:1.9;max-width:46em;font-size:1em}
.newskit-article p{margin:.5em 0}.newskit-article .nk-headline{font-size:1.35em;font-weight:700;line-height:1.5}
.newskit-article .nk-heading{font-weight:700;margin-top:1.1em}
.newskit-article .nk-actor{border-radius:3px;padding:1px 3px}
.newskit-article .nk-voice{border-bottom:2px solid;padding-bottom:1px}
.newskit-article .nk-source{border-bottom:2px dotted;padding-bottom:1px}
.newskit-article .nk-frame{outline:1px dashed currentColor;outline-offset:1px;border-radius:2px}
.newskit-article .nk-tag{font-size:.68em;opacity:.75;vertical-align:super;margin:0 3px;white-space:nowrap}
.newskit-article .nk-tag{font-style:italic}
.newskit-article .nk-legend{font-size:.85em;margin-bottom:1em;line-height:2.2}
.newskit-article .nk-legend span{margin-right:.6em;white-space:nowrap}
</style>
"""


class ArticleView:
    """An article with its annotations; a notebook shows it, `html` is its source."""

    def __init__(self, html: str) -> None:
        self.html = html

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return f"ArticleView({len(self.html)} characters of HTML; shown in a notebook)"


def show_article(
    corpus: AnyCorpus, article_id: str | None = None, *, layers: Sequence[str] = LAYERS, codebook: str | None = None
) -> ArticleView:
    """Show an article with its actors tinted, reported speech and its speaker underlined, and frames outlined.

    `article_id` may be left out if the corpus has one article. `layers` chooses among "actors", "voices"
    and "frames", `codebook` whose frames. Hovering over a name tells the actor and the rule that
    found it. All text is escaped, and the colours read on light and dark pages.

    Raises `ValueError` for an unknown article, layer or codebook.
    """
    layers = [layers] if isinstance(layers, str) else layers
    unknown = set(layers) - set(LAYERS)
    if unknown:
        raise ValueError(f"layer {sorted(unknown)[0]!r} is none of {', '.join(LAYERS)}")
    if article_id is not None and getattr(corpus, "_stored", None) is not None:
        one: AnyCorpus = corpus.select([article_id])  # type: ignore[attr-defined]
        corpus = one if len(one.articles) else corpus
    article = _article(corpus, article_id)
    identity, text = article["article_id"], article["text"]
    tables = {name: _rows(getattr(corpus, name), identity) for name in ("mentions", "quotes", "frames", "sentences")}
    frames = tables["frames"]
    if codebook is not None:
        if codebook not in coded_with(corpus):
            raise ValueError(f"no frames of codebook {codebook!r} in this corpus")
        frames = frames[frames["codebook"] == codebook]
    labels = dict(zip(corpus.actors["actor_id"], corpus.actors["label"], strict=True))
    labels |= {OUTLET: "the outlet", UNNAMED: "unnamed source"}
    hues = {actor: _HUES[n % len(_HUES)] for n, actor in enumerate(corpus.actors["actor_id"])}
    spans: list[_Span] = []
    if "voices" in layers:
        quotes = tables["quotes"].to_dict("records")
        spans += [_voice(row, text, labels, hues) for row in quotes] + _sources(quotes, text, labels, hues)
    if "frames" in layers:
        spans += _frame_spans(frames)
    named = tables["mentions"][tables["mentions"]["kind"].isin(ACTING)]
    if "actors" in layers:
        spans += [_actor(row, labels, hues) for row in named.to_dict("records")]
    body = "".join(
        f'<p class="nk-{part}">{_mark(text, start, end, spans)}</p>'
        for start, end, part in _paragraphs(text, tables["sentences"])
    )
    legend = _legend(named, labels, hues, layers, frames)
    return ArticleView(f'{_STYLE}<div class="newskit-article">{legend}{body}</div>')


def _article(corpus: AnyCorpus, article_id: str | None) -> pd.Series:
    articles = corpus.articles
    if article_id is None:
        if len(articles) != 1:
            raise ValueError(f"the corpus has {len(articles)} articles: say which, show_article(corpus, article_id)")
        return articles.iloc[0]
    found = articles[articles["article_id"] == article_id]
    if found.empty:
        some = ", ".join(map(repr, articles["article_id"].head(5)))
        raise ValueError(f"no article {article_id!r} in the corpus; it has {some} …")
    return found.iloc[0]


def _rows(table: pd.DataFrame, article_id: str) -> pd.DataFrame:
    return table[table["article_id"] == article_id]


class _Span:
    """Characters to mark, the tag that opens the mark, and what stands behind it."""

    def __init__(self, start: int, end: int, opening: str, after: str = "", rank: int = 0) -> None:
        self.start, self.end, self.opening, self.after, self.rank = start, end, opening, after, rank


def _speaker(row: Mapping[Hashable, Any], text: str, labels: dict[str, str], hues: dict[str, int]) -> tuple[str, str]:
    """Name and colour of the speaker of a quotation."""
    speaker, source = row["speaker_id"], row["source_start"]
    if isinstance(speaker, str):
        return labels[speaker], f"hsl({hues[speaker]} 60% 50%)"
    named = "nobody named" if pd.isna(source) else text[source : row["source_end"]]
    return f"unnamed: {named}", "hsl(0 0% 55%)"


def _sources(
    quotes: Sequence[Mapping[Hashable, Any]], text: str, labels: dict[str, str], hues: dict[str, int]
) -> list[_Span]:
    """The sources of quotations, each once, whatever it says."""
    spans: dict[tuple[int, int], _Span] = {}
    for row in quotes:
        if pd.notna(row["source_start"]):
            name, colour = _speaker(row, text, labels, hues)
            start, end = int(row["source_start"]), int(row["source_end"])
            opening = f'<span class="nk-source" style="border-color:{colour}" title="{escape(f"speaks: {name}")}">'
            spans.setdefault((start, end), _Span(start, end, opening, rank=1))
    return list(spans.values())


def _voice(row: Mapping[Hashable, Any], text: str, labels: dict[str, str], hues: dict[str, int]) -> _Span:
    name, colour = _speaker(row, text, labels, hues)
    title = escape(f"{name} ({row['cue']})")
    opening = f'<span class="nk-voice" style="border-color:{colour}" title="{title}">'
    return _Span(row["content_start"], row["content_end"], opening, f'<span class="nk-tag">{escape(name)}</span>', 0)


def _actor(row: Mapping[Hashable, Any], labels: dict[str, str], hues: dict[str, int]) -> _Span:
    actor = row["actor_id"]
    title = escape(f"{labels.get(actor, actor)}: {row['rule']}")
    return _Span(row["start"], row["end"], f'<span class="nk-actor" {_tint(actor, hues)} title="{title}">', rank=2)


def _tint(actor: str, hues: dict[str, int]) -> str:
    return f'style="background:hsl({hues.get(actor, 0)} 80% 55% / .28)"'


def _frame_spans(frames: pd.DataFrame) -> list[_Span]:
    names: dict[tuple[int, int], dict[str, None]] = {}
    for row in frames.to_dict("records"):
        names.setdefault((row["start"], row["end"]), {})[row["frame"]] = None
    spans = []
    for (start, end), here in sorted(names.items()):
        title = escape(", ".join(here))
        opening = f'<span class="nk-frame" title="{title}">'
        spans.append(_Span(start, end, opening, f'<span class="nk-tag">{title}</span>', 1))
    return spans


def _paragraphs(text: str, sentences: pd.DataFrame) -> list[tuple[int, int, str]]:
    """The lines of the article, with the part that their first sentence belongs to."""
    parts = dict(zip(sentences["start"], sentences["part"], strict=True))
    found, at = [], 0
    for line in text.splitlines(keepends=True):
        stripped = line.strip()
        if stripped:
            start = at + line.index(stripped)
            found.append((start, start + len(stripped), parts.get(start, "body")))
        at += len(line)
    return found


def _mark(text: str, start: int, end: int, spans: Sequence[_Span]) -> str:
    """The characters from start to end, escaped, inside the marks; marks that cross are closed and opened anew."""
    here = [span for span in spans if span.start < end and start < span.end]
    cuts = sorted({start, end, *(p for s in here for p in (s.start, s.end) if start < p < end)})
    html: list[str] = []
    opened: list[_Span] = []
    for a, b in pairwise(cuts):
        wanted = sorted(
            (s for s in here if s.start <= a and b <= s.end), key=lambda s: (s.start - s.end, s.rank, s.start)
        )
        keep = 0
        while keep < min(len(opened), len(wanted)) and opened[keep] is wanted[keep]:
            keep += 1
        html += _closing(opened[keep:], a)
        html += [span.opening for span in wanted[keep:]]
        opened = wanted
        html.append(escape(text[a:b]))
    html += _closing(opened, end)
    return "".join(html)


def _closing(opened: Sequence[_Span], at: int) -> list[str]:
    """Close marks, the inner ones first, each with what stands behind it if it ends here: a speaker's name once."""
    html: list[str] = []
    for span in reversed(opened):
        after = span.after if span.end <= at else ""
        html.append("</span>" + ("" if after and any(part.endswith(after) for part in html) else after))
    return html


def _legend(
    mentions: pd.DataFrame,
    labels: dict[str, str],
    hues: dict[str, int],
    layers: Sequence[str],
    frames: pd.DataFrame,
) -> str:
    parts = []
    if "actors" in layers:
        counts = Counter(mentions["actor_id"].dropna().astype(str)).most_common()
        parts += [
            f'<span class="nk-actor" {_tint(actor, hues)}>{escape(labels.get(actor, actor))} {n}</span>'
            for actor, n in counts
        ]
    if "voices" in layers:
        parts.append('<span class="nk-voice">underlined: somebody\'s words</span>')
        parts.append('<span class="nk-source">dotted: who says them</span>')
    if "frames" in layers and len(frames):
        parts.append('<span class="nk-frame">outlined: words of a frame</span>')
    return f'<div class="nk-legend">{" ".join(parts)}</div>'
