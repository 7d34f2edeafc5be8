"""How good quotations are, without the rules around the model: content by overlap, and the source of those found."""

from collections.abc import Sequence

from newskit.annotation.quotes.model import FoundQuote
from training.quotes.polnear import Article, Span


def overlap(a: Span, pieces: Sequence[Span]) -> float:
    """Intersection over union, in characters."""
    both = sum(max(0, min(a[1], end) - max(a[0], start)) for start, end in pieces)
    return both / (a[1] - a[0] + sum(end - start for start, end in pieces) - both) if both else 0.0


def same_source(a: Span, b: Span) -> bool:
    """Whether they share at least half of the shorter one."""
    return min(a[1], b[1]) - max(a[0], b[0]) >= 0.5 * max(1, min(a[1] - a[0], b[1] - b[0]))


def score(articles: Sequence[Article], found: Sequence[Sequence[FoundQuote]]) -> dict[str, float]:
    """Scores of contents that overlap by half or more, matched one to one, and of those with the right source."""
    predicted = gold = matched = asked = right = 0
    for article, mine in zip(articles, found, strict=True):
        theirs = article.attributions
        predicted += len(mine)
        gold += len(theirs)
        pairs = sorted(
            ((overlap(m.content, t.content), i, j) for i, m in enumerate(mine) for j, t in enumerate(theirs)),
            reverse=True,
        )
        used: set[int] = set()
        seen: set[int] = set()
        for iou, i, j in pairs:
            if iou < 0.5:
                break
            if i in used or j in seen:
                continue
            used.add(i)
            seen.add(j)
            matched += 1
            if theirs[j].source:
                asked += 1
                source = mine[i].source
                right += source is not None and same_source(source, whole_source(theirs[j].source))
    sourced = sum(bool(t.source) for article in articles for t in article.attributions)
    precision, recall = matched / max(1, predicted), matched / max(1, gold)
    p, r = right / max(1, predicted - (matched - asked)), right / max(1, sourced)
    return dict(
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / max(1e-9, precision + recall),
        source_accuracy=right / max(1, asked),
        f1_with_source=2 * p * r / max(1e-9, p + r),
    )


def whole_source(pieces: Sequence[Span]) -> Span:
    """From the first to the last piece."""
    return pieces[0][0], pieces[-1][1]
