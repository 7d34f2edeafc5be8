"""The article view: one article as HTML, with its actors, reported speech and frames marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from newskit.corpus.observations import coded_with
from newskit.output.style import ARTICLE_HUES
from newskit.schema import ACTING, LEFT_OUT, VOICES

if TYPE_CHECKING:
    from newskit.corpus.corpus import Corpus

_Row = Mapping[Hashable, Any]
LAYERS: Final = ("actors", "voices", "frames")
_EDGES: Final = (
    "",
    ";box-shadow:inset 0 -3px hsl({} 80% 45%)",
    ";box-shadow:inset 0 0 0 1.5px hsl({} 80% 45%)",
    ";box-shadow:inset 4px 0 hsl({} 80% 45%)",
)
"""What tells actors of one hue apart: one round of hues without an edge, the next with a line below, and so on."""
_CSS: Final = """
<style>
.newskit-article{color:inherit;line-height:1.9;max-width:46em;font-size:1em}
.newskit-article p{margin:.5em 0}.newskit-article .nk-headline{font-size:1.35em;font-weight:700;line-height:1.5}
.newskit-article .nk-heading{font-weight:700;margin-top:1.1em}
.newskit-article .nk-boilerplate,.newskit-article .nk-foreign{opacity:.55;font-size:.85em}
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
    """An annotated article that a notebook displays.

    Parameters
    ----------
    html : str
        The article as HTML with its own styles.

    Attributes
    ----------
    html : str
        The same, to be saved or put into a page.

    Examples
    --------
    >>> ArticleView("<p>Moscow rejected the plan.</p>")
    ArticleView(32 characters of HTML; displayed by a notebook)
    """

    def __init__(self, html: str) -> None:
        self.html = html

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return f"ArticleView({len(self.html)} characters of HTML; displayed by a notebook)"


def show_article(
    corpus: Corpus, article_id: str | None = None, *, layers: Sequence[str] = LAYERS, codebook: str | None = None
) -> ArticleView:
    """Show an article with its actors tinted, reported speech and its speakers underlined, and frames outlined.

    Hovering over a name shows the actor and the rule that found it.

    Parameters
    ----------
    corpus : Corpus
        The corpus that has the article, in memory or on disk.
    article_id : str, optional
        The article; it may be left out if the corpus has only one.
    layers : sequence of str, default ("actors", "voices", "frames")
        What to mark: "actors", "voices" (quotations with their speakers) and "frames", in any combination.
    codebook : str, optional
        The codebook whose frames are marked; those of all codebooks by default.

    Returns
    -------
    ArticleView
        A notebook displays it; `view.html` is the source.

    Raises
    ------
    ValueError
        If there is no such article or layer, if the corpus was not coded with the codebook, or if `article_id` is
        left out and the corpus does not have exactly one article.

    Notes
    -----
    All text is escaped, and the colours are legible on light and dark pages. Marks may cross: an inner mark is then
    closed and opened again, so that the HTML nests.

    Examples
    --------
    >>> import newskit as nk
    >>> corpus = nk.annotate(nk.Article(article_id="a", text="Moscow rejected the plan, officials said."))
    >>> nk.show_article(corpus, layers=["actors"])
    ArticleView(... characters of HTML; displayed by a notebook)
    """
    layers = [layers] if isinstance(layers, str) else layers
    unknown = set(layers) - set(LAYERS)
    if unknown:
        raise ValueError(f"unknown layer {sorted(unknown)[0]!r}; the layers are {', '.join(LAYERS)}")
    if codebook is not None and codebook not in coded_with(corpus):
        raise ValueError(f"the corpus was not coded with a codebook named {codebook!r}")
    article_id = _chosen_article(corpus, article_id)
    text = corpus.table("articles", columns=["text"], article_id=article_id)["text"].iloc[0]
    tables = {name: corpus.table(name, article_id=article_id) for name in ("sentences", "mentions", "quotes", "frames")}
    mentions, frames = tables["mentions"], tables["frames"]
    named = mentions[mentions["kind"].isin(ACTING)]
    if codebook is not None:
        frames = frames[frames["codebook"] == codebook]
    marked = pd.concat([named["actor_id"], tables["quotes"]["speaker_id"]]).dropna().astype(str)
    cast = _Cast.of(corpus.actors, [actor for actor, _ in Counter(marked).most_common()])
    spans: list[_Span] = []
    if "voices" in layers:
        quotes = tables["quotes"]
        spans += [_quote_span(row, text, cast) for row in quotes.to_dict("records")]
        spans += _source_spans(quotes, text, cast)
    if "frames" in layers:
        spans += _frame_spans(frames)
    if "actors" in layers:
        spans += [_mention_span(row, cast) for row in named.to_dict("records")]
    body = "".join(
        f'<p class="nk-{part}">{_mark(text, start, end, spans)}</p>'
        for start, end, part in _lines(text, tables["sentences"])
    )
    legend = _legend(named, cast, layers, has_frames=len(frames) > 0)
    return ArticleView(f'{_CSS}<div class="newskit-article">{legend}{body}</div>')


def _chosen_article(corpus: Corpus, article_id: str | None) -> str:
    """The id of the article to show, or an error that says which there are."""
    if article_id is None:
        known = corpus.table("articles", columns=["article_id"])["article_id"]
        if len(known) != 1:
            raise ValueError(f"the corpus has {len(known)} articles; say which one: show_article(corpus, article_id)")
        return str(known.iloc[0])
    if corpus.table("articles", columns=["article_id"], article_id=article_id).empty:
        some = corpus.table("articles", columns=["article_id"])["article_id"].head(5)
        raise ValueError(f"no article {article_id!r} in the corpus; it has {', '.join(map(repr, some)) or 'none'} …")
    return article_id


class _Cast(NamedTuple):
    """The names of the actors, and the hues (degrees) and edges of those in the article, by id."""

    names: dict[str, str]
    hues: dict[str, int]
    edges: dict[str, str]

    @classmethod
    def of(cls, actors: pd.DataFrame, shown: Iterable[str]) -> _Cast:
        """The cast of an article that shows so many actors, those with most marks first."""
        names = dict(zip(actors["actor_id"], actors["label"], strict=True))
        hues = {actor: ARTICLE_HUES[n % len(ARTICLE_HUES)] for n, actor in enumerate(shown)}
        edges = {actor: _EDGES[min(n // len(ARTICLE_HUES), len(_EDGES) - 1)] for n, actor in enumerate(shown)}
        return cls(names | VOICES, hues, edges)

    def name(self, actor: str) -> str:
        return self.names.get(actor, actor)

    def tint(self, actor: str) -> str:
        hue = self.hues.get(actor, 0)
        return f'style="background:hsl({hue} 80% 55% / .28){self.edges.get(actor, "").format(hue)}"'


class _Span(NamedTuple):
    """Characters to mark, the tag that opens the mark, and what follows its end; higher ranks lie further inside."""

    start: int
    end: int
    opening: str
    after: str = ""
    rank: int = 0


def _speaker(quote: _Row, text: str, cast: _Cast) -> tuple[str, str]:
    """Name and colour of the speaker of a quotation."""
    speaker, source = quote["speaker_id"], quote["source_start"]
    if isinstance(speaker, str):
        return cast.names[speaker], f"hsl({cast.hues[speaker]} 60% 50%)"
    kind = "unresolved" if quote["sourcing"] == "unresolved" else "unnamed"
    named: str = "no source named" if pd.isna(source) else f"{kind}: {text[source : quote['source_end']]}"
    return named, "hsl(0 0% 55%)"


def _source_spans(quotes: pd.DataFrame, text: str, cast: _Cast) -> list[_Span]:
    """Mark the sources of quotations, each once however many quotations it has."""
    spans: dict[tuple[int, int], _Span] = {}
    for row in quotes.dropna(subset="source_start").to_dict("records"):
        name, colour = _speaker(row, text, cast)
        start, end = int(row["source_start"]), int(row["source_end"])
        opening = f'<span class="nk-source" style="border-color:{colour}" title="{escape(f"speaker: {name}")}">'
        spans.setdefault((start, end), _Span(start, end, opening, rank=1))
    return list(spans.values())


def _quote_span(row: _Row, text: str, cast: _Cast) -> _Span:
    """Mark what was said, with the name of the speaker behind it."""
    name, colour = _speaker(row, text, cast)
    title = escape(f"{name} ({row['cue']})")
    opening = f'<span class="nk-voice" style="border-color:{colour}" title="{title}">'
    return _Span(row["content_start"], row["content_end"], opening, f'<span class="nk-tag">{escape(name)}</span>')


def _mention_span(row: _Row, cast: _Cast) -> _Span:
    """Mark a mention, with the rule that found it."""
    actor = row["actor_id"]
    title = escape(f"{cast.name(actor)}: {row['rule']}")
    return _Span(row["start"], row["end"], f'<span class="nk-actor" {cast.tint(actor)} title="{title}">', rank=2)


def _frame_spans(frames: pd.DataFrame) -> list[_Span]:
    """Mark the words of frames; words of several frames get one mark."""
    names: dict[tuple[int, int], dict[str, None]] = {}
    for row in frames.to_dict("records"):
        names.setdefault((row["start"], row["end"]), {})[row["frame"]] = None
    spans = []
    for (start, end), here in sorted(names.items()):
        title = escape(", ".join(here))
        opening = f'<span class="nk-frame" title="{title}">'
        spans.append(_Span(start, end, opening, f'<span class="nk-tag">{title}</span>', rank=1))
    return spans


def _lines(text: str, sentences: pd.DataFrame) -> list[tuple[int, int, str]]:
    """Start and end of each line with text, and the part of the article to which its first sentence belongs."""
    is_apart = sentences["part"].isin(LEFT_OUT)
    wholes = sentences[~is_apart]
    parts = dict(zip(wholes["start"], wholes["part"], strict=True))
    apart = sentences[is_apart]
    lines = dict(zip(zip(apart["start"], apart["end"], strict=True), apart["part"], strict=True))
    found, at = [], 0
    for line in text.splitlines(keepends=True):
        stripped = line.strip()
        if stripped:
            start = at + line.index(stripped)
            end = start + len(stripped)
            found.append((start, end, lines.get((start, end)) or parts.get(start, "body")))
        at += len(line)
    return found


def _mark(text: str, start: int, end: int, spans: Iterable[_Span]) -> str:
    """The characters from start to end, escaped, inside their marks; marks that cross are closed and opened again."""
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
    """Close marks from the inside out; those that end here are followed by their note, but equal notes appear once."""
    html: list[str] = []
    for span in reversed(opened):
        after = span.after if span.end <= at else ""
        html.append("</span>" + ("" if after and any(part.endswith(after) for part in html) else after))
    return html


def _legend(mentions: pd.DataFrame, cast: _Cast, layers: Sequence[str], *, has_frames: bool) -> str:
    """The actors with their counts in this article, and what the lines mean."""
    parts = []
    if "actors" in layers:
        counts = Counter(mentions["actor_id"].dropna().astype(str)).most_common()
        parts += [
            f'<span class="nk-actor" {cast.tint(actor)}>{escape(cast.name(actor))} {n}</span>' for actor, n in counts
        ]
    if "voices" in layers:
        parts.append('<span class="nk-voice">underlined: reported words</span>')
        parts.append('<span class="nk-source">dotted: their source</span>')
    if "frames" in layers and has_frames:
        parts.append('<span class="nk-frame">outlined: words that point to a frame</span>')
    return f'<div class="nk-legend">{" ".join(parts)}</div>'
