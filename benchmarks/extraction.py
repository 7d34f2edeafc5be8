"""The text of pages: newskit against trafilatura alone, by sequences of four words, on pages of fifty kinds.

    python benchmarks/extraction.py [--articles ARTICLES.jsonl.gz] [--paragraphs 3 6 12] [--show KIND]

The pages are made from `extraction_pages.txt`, so that the text of the article is known. Their words are invented, or
those of a file of articles (`title` and `text` a line). As in the article-extraction-benchmark of Zyte, precision and
recall of a page are those of its multiset of four-word sequences, and F1 is that of their means over the pages. The
headline is left out on both sides, since extractors differ in whether they hand it out. Ends with 1 if newskit is below
trafilatura.
"""

import argparse
import functools
import gzip
import html
import itertools
import json
import random
import re
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import trafilatura

import newskit as nk

_KINDS = Path(__file__).with_name("extraction_pages.txt")
_BEGIN, _END = "\ue000", "\ue001"
"""Around the words of the article, until the page is made."""

_WHO = (
    *(
        "The mayor",
        "Two captains",
        "The port authority",
        "A group of fishers",
        "The opposition",
        "Residents",
        "A judge",
    ),
    *("Inspectors", "The coast guard", "The council", "Voters on the island", "The shipping line", "Union leaders"),
)
_DID = (
    *("rejected", "praised", "will rebuild", "postponed", "criticised", "will examine", "quietly approved", "demanded"),
    *(
        "refused to discuss",
        "promised to publish",
        "could not explain",
        "voted against",
        "defended",
        "had warned about",
    ),
)
_WHAT = (
    *("the new ferry timetable", "a plan for the northern pier", "the report on last year's storm", "a second bridge"),
    *("higher fees for small boats", "the sale of the old lighthouse", "a ban on night landings", "cheaper tickets"),
    *(
        "the budget of the harbour",
        "an inquiry into the accident",
        "the treaty with the islands",
        "rules for cruise ships",
    ),
)
_WHEN = (
    *("on Monday", "after a long debate", "without giving a reason", "in a letter seen by the Courier", "as expected"),
    *(
        "despite protests in the old town",
        "hours before the deadline",
        "at a meeting in Harbourton",
        "before the summer",
    ),
)
_WHY = (
    *("because the money has run out", "although nobody had asked for it", "so that work can begin in spring"),
    *("which the ministry denies", "and a decision is due next week", "but the details remain unclear"),
    *("as the weather is getting worse", "since the last survey is ten years old", "even if the court disagrees"),
)


class Story(NamedTuple):
    """A headline and its paragraphs, and headlines and paragraphs of other stories to stand beside it."""

    title: str
    paragraphs: Sequence[str]
    other_titles: Sequence[str]
    other_paragraphs: Sequence[str]


class Page(NamedTuple):
    """A page, its kind, and the text of its article."""

    kind: str
    html: str
    title: str
    text: str


class Score(NamedTuple):
    """Of one page: the share of what was extracted that is right, and of what is right that was extracted."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def pages(story_of: Callable[[int], Story]) -> Iterator[Page]:
    """A page of each kind; `story_of` gives the story of the page with a number."""
    shared, *kinds = re.split(r"(?m)^=== ", _KINDS.read_text(encoding="utf-8"))
    pieces = {name: text.strip() for name, _, text in (p.partition("\n") for p in re.split(r"(?m)^--- ", shared)[1:])}
    for number, kind in enumerate(kinds):
        name, _, form = kind.partition("\n")
        story = story_of(number)
        made = filled(form.strip(), story, pieces)
        own = "\n".join(map(html.unescape, re.findall(f"{_BEGIN}([^{_END}]*){_END}", made)))
        title = html.escape(story.title)
        head = f"<title>{title} | The Harbourton Courier</title><meta property='og:title' content=\"{title}\">"
        made = re.sub(f"[{_BEGIN}{_END}]", "", made)
        page = f"<!DOCTYPE html>\n<html><head><meta charset='utf-8'>{head}</head><body>{made}</body></html>"
        yield Page(name, page, story.title, own)


def filled(form: str, story: Story, pieces: dict[str, str]) -> str:
    """A form with its places filled in, the words of the article between two marks."""
    while (piece := re.search(rf"{{({'|'.join(pieces)})}}", form)) is not None:
        form = form[: piece.start()] + pieces[piece[1]] + form[piece.end() :]
    paragraphs = map(html.escape, story.paragraphs)
    others = itertools.cycle(map(html.escape, story.other_paragraphs))
    titles = itertools.cycle(map(html.escape, story.other_titles))

    def own(words: str) -> str:
        return f"{_BEGIN}{words}{_END}"

    def word(place: re.Match[str]) -> str:
        what, _, how = place[1].partition(" ")
        if what == "p":
            return own(next(paragraphs, None) or next(others))
        if what == "rest":
            return "\n".join((how or "<p>*</p>").replace("*", own(words)) for words in paragraphs)
        if what == "again":
            return html.escape(story.paragraphs[0].partition(". ")[0])
        if what == "sentence":
            return next(others).partition(". ")[0].rstrip(".") + "."
        return {
            "title": lambda: html.escape(story.title),
            "other": lambda: next(others),
            "headline": lambda: next(titles),
        }[what]()

    return re.sub(r"{([^{}]*)}", word, form.replace("[[", _BEGIN).replace("]]", _END))


def invented(n_paragraphs: int, number: int) -> Story:
    """A story whose sentences are put together at random."""
    pick = random.Random(f"{number} {n_paragraphs}")

    def sentence() -> str:
        return " ".join(map(pick.choice, (_WHO, _DID, _WHAT, _WHEN))) + f", {pick.choice(_WHY)}."

    def paragraph() -> str:
        return " ".join(sentence() for _ in range(pick.randint(1, 4)))

    def title() -> str:
        return f"{pick.choice(_WHO)} and {pick.choice(_WHAT)}"

    own, other = ([paragraph() for _ in range(n)] for n in (n_paragraphs, 40))
    return Story(title(), own, [title() for _ in range(12)], other)


def story_from(rows: list[dict[str, Any]], n_paragraphs: int, number: int) -> Story:
    """A story from a file of articles, with others beside it."""

    def paragraphs(at: int) -> list[str]:
        return [line.strip() for line in rows[at % len(rows)]["text"].splitlines() if len(line.split()) > 3]

    near = [rows[(number + i) % len(rows)]["title"].strip() for i in range(1, 13)]
    others = [words for i in range(1, 6) for words in paragraphs(number + i)[:8]]
    return Story(rows[number % len(rows)]["title"].strip(), paragraphs(number)[:n_paragraphs], near, others)


def score(found: str, page: Page) -> Score:
    """Compare the sequences of four words of a text with those of the article, both without the headline."""
    ours, right = (_sequences(text.replace(page.title, " ", 1)) for text in (found, page.text))
    both = sum((ours & right).values())
    return Score(both / max(1, ours.total()), both / max(1, right.total()))


def _sequences(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(zip(*(words[i:] for i in range(4)), strict=False)) if len(words) > 3 else Counter([tuple(words)])


def by_newskit(page: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return nk.read_article(page, language="en").text
    except nk.errors.ArticleError:
        return ""


def by_trafilatura(page: str) -> str:
    return trafilatura.extract(page, include_comments=False) or ""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--articles", type=Path)
    parser.add_argument("--paragraphs", type=int, nargs="+", default=[3, 6, 12])
    parser.add_argument("--show", help="print what both read of the pages of one kind")
    args = parser.parse_args()
    rows: list[dict[str, Any]] = []
    if args.articles:
        with gzip.open(args.articles, "rt", encoding="utf-8") as file:
            rows = [json.loads(line) for line in itertools.islice(file, 200)]
    readers: dict[str, Callable[[str], str]] = {"newskit": by_newskit, "trafilatura": by_trafilatura}
    scores: dict[str, list[Score]] = {name: [] for name in readers}
    below = 0
    for n in args.paragraphs:
        story_of = functools.partial(story_from, rows, n) if rows else functools.partial(invented, n)
        for page in pages(story_of):
            texts = {name: read(page.html) for name, read in readers.items()}
            here = {name: score(text, page) for name, text in texts.items()}
            for name, value in here.items():
                scores[name].append(value)
            below += here["newskit"].f1 < here["trafilatura"].f1 - 1e-9
            if here["newskit"].f1 < max(0.995, here["trafilatura"].f1) or page.kind == args.show:
                print(
                    f"{page.kind:26} {n:2}  "
                    + "  ".join(f"{k} P {v.precision:.3f} R {v.recall:.3f}" for k, v in here.items())
                )
            if page.kind == args.show:
                print(*(f"--- {name}\n{text}" for name, text in {"article": page.text, **texts}.items()), sep="\n")
    means = {
        name: Score(*(sum(column) / len(column) for column in zip(*values, strict=True)))
        for name, values in scores.items()
    }
    for name, mean in means.items():
        shares = f"precision {mean.precision:.3f}  recall {mean.recall:.3f}  F1 {mean.f1:.3f}"
        print(f"{name:12} {len(scores[name])} pages  {shares}")
    print(f"pages on which newskit is below trafilatura: {below}")
    return int(means["newskit"].f1 < means["trafilatura"].f1)


if __name__ == "__main__":
    sys.exit(main())
