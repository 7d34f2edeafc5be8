"""What stands in a text and is no part of the article: links, credits, calls, bylines, datelines.

By rules, line by line, and by repetition: a line that stands in many articles of an outlet is no news.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from newskit.reading.article import find_blocks
from newskit.reading.boilerplate_rules import (
    ABOUT_AUTHOR,
    ABOUT_SOMEBODY,
    DATELINES,
    GALLERY,
    HINTS,
    INSIDE,
    LINES,
    LONGEST_LINE,
    MAY_HAVE,
    TAGS,
)
from newskit.reading.foreign import mark_foreign
from newskit.schema import LEFT_OUT

if TYPE_CHECKING:
    from newskit.reading.article import Article, Block


_FIRST_LINES: Final = 5
"""Among so many lines at the beginning a note on the author may stand."""
_FIRST_LINES_ALIKE: Final = 3
"""So many lines, with a headline, and so many at the end, a third of all at most, are compared with other stories'."""
_LAST_LINES_ALIKE: Final = 5
_WORDS_ALIKE: Final = 8
_BARE_NAME: Final = re.compile(r"(?:By )?(?:[A-Z][\w.’'-]+ ){1,3}[A-Z][\w’'-]+$")
_LONGEST_NAME_LINE: Final = 150
_NOTE: Final = re.compile(
    r"\W*(?P<name>[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]*){0,3}),? (?:is|was) (?:(?:an?|the|our|now|also|currently) )*"
    r"(?:[A-Z]\w*[’']?s? |[\w-]+,? ){0,5}?"
    r"(?:reporter|columnist|correspondent|editor|contributor|commentator|fellow|writer|author|professor|lecturer|journalist|"
    r"historian|analyst|strategist|economist|attorney|lawyer|scholar|scientist|consultant|researcher|director|president|"
    r"chair(?:man|woman)?|founder|co-founder|governor|mayor|senator|ambassador|student|host|producer|chief)\b"
)
"""The beginning of a note on who somebody is."""
_SUFFIX: Final = re.compile(r"(?i)(?:jr|sr|ii|iii|iv)\.?,?")
_FIRST_PERSON = re.compile(r"[“\"‘']?(?:I|I[’'](?:m|ve|ll|d)|We|We[’'](?:re|ve|ll|d)|My|Our)\b")


def blocks_of(text: str) -> tuple[Block, ...]:
    """Headline, headings and paragraphs of a text alone, with boilerplate by rules and other languages marked."""
    return mark_foreign(text, mark_boilerplate(text, find_blocks(text)))


def mark_boilerplate(
    text: str, blocks: Iterable[Block], *, outlet: str | None = None, author: str | None = None
) -> tuple[Block, ...]:
    """Mark by rules what is no part of an article: whole lines, and datelines, credits and links inside paragraphs.

    Parameters
    ----------
    text : str
        The text of the article.
    blocks : iterable of Block
        Its headline, headings and paragraphs, in order.
    outlet : str, optional
        Its outlet: a line that is nothing but its name is boilerplate.
    author : str, optional
        Its author: so is a line that is nothing but that name, and a note on the author at either end.

    Returns
    -------
    tuple of Block
        The blocks; one that is boilerplate as a whole has the part "boilerplate", and one that is in part is followed
        by blocks of that part inside it.

    Examples
    --------
    >>> text = "GENEVA (AP) — The talks failed."
    >>> from newskit.reading.article import Block
    >>> [text[b.start : b.end] for b in mark_boilerplate(text, [Block(0, len(text))]) if b.part == "boilerplate"]
    ['GENEVA (AP) —']
    """
    given = list(blocks)
    known = {(block.start, block.end) for block in given if block.part == "boilerplate"}
    marked: list[Block] = []
    before = ""
    people = _people(author) or _people(_contributor(text, given))
    names = {n for n, block in enumerate(given) if _is_name(text[block.start : block.end], people)} if people else set()
    names = names if len(names) == 1 else set()  # more than once it is that of who asks in an interview
    links = False
    loud = _links_in_capitals(text, given)
    for number, block in enumerate(given):
        line = text[block.start : block.end]
        is_last = number >= len(given) - 3
        twice = len(line) > 80 and line == before
        before = line
        links = _is_link_list(line, links)
        is_at_end = is_last or number < _FIRST_LINES
        is_name = _is_outlet(line, outlet) or number in names
        if block.part == "boilerplate" or (block.part == "headline" and not is_name):
            marked.append(block)
        elif (
            is_name
            or twice
            or number in loud
            or links
            or is_boilerplate(line)
            or (is_last and _is_about_author(line))
            or (is_at_end and _is_about(line, people))
            or (number == len(given) - 1 and _is_about_stranger(line, text[: block.start], people))
            or (number < _FIRST_LINES and _is_byline(line, text, given[number + 1 : number + 2], outlet))
        ):
            marked.append(replace(block, part="boilerplate", section=None))
        else:
            marked.append(block)
            spans = {(block.start + a, block.start + b) for a, b in boilerplate_spans(line)} - known
            marked += [replace(block, start=a, end=b, part="boilerplate", section=None) for a, b in sorted(spans)]
    return _sections(text, given, marked)


def _sections(text: str, before: Sequence[Block], after: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks without the sections of headings that have turned out to be boilerplate."""
    gone = {(b.start, b.end) for b in after if b.part == "boilerplate"}
    lost = {text[b.start : b.end] for b in before if b.part == "heading" and (b.start, b.end) in gone}
    return tuple(replace(b, section=None) if lost and b.section in lost else b for b in after)


def is_boilerplate(line: str) -> bool:
    """Whether a whole line is no part of an article, by its form.

    >>> is_boilerplate("READ MORE: Minister resigns"), is_boilerplate("The minister read more of it.")
    (True, False)
    """
    if len(line) > LONGEST_LINE:
        return GALLERY.match(line) is not None
    if len(line) > 60 and ":" not in line[:70]:
        small = line.lower()
        if not small.startswith("by ") and not any(hint in small for hint in HINTS):
            return False
    return any(rule.match(line) for rule in LINES) or GALLERY.match(line) is not None


def _is_about_author(line: str) -> bool:
    return len(line) < LONGEST_LINE and ABOUT_AUTHOR.search(line) is not None


def _people(author: str | None) -> list[list[str]]:
    """The names of the authors, in words; a single word may be anything."""
    names = re.split(r"[,;/|&]| and (?=[A-Z])", re.sub(r"(?i)^\W*by\s+", "", str(author or "")))
    return [words for name in names if 2 <= len(words := _without_suffix(name.split())) <= 5]


def _contributor(text: str, blocks: Sequence[Block]) -> str | None:
    """A name alone above a text that ends with a note on who that is."""
    notes = [ABOUT_SOMEBODY.match(text[block.start : block.end]) for block in blocks[-3:]]
    about = [note["name"] for note in notes if note is not None]
    above = (text[block.start : block.end] for block in blocks[:4])
    names = (line for line in above if about and _BARE_NAME.match(line))
    return next((name for name in names if any(_is_name(who, _people(name)) for who in about)), None)


def _is_name(line: str, people: Sequence[list[str]]) -> bool:
    words = _without_suffix(line.strip(" .,:|").casefold().removeprefix("by ").split())
    return any(_is_same(words, name) for name in people)


def _without_suffix(words: list[str]) -> list[str]:
    return words[:-1] if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else words


def _is_same(words: Sequence[str], name: Sequence[str]) -> bool:
    """Whether words are a name, middle names and initials left out."""
    return 2 <= len(words) <= 5 and (words[0], words[-1]) == (name[0].casefold(), name[-1].casefold())


def _is_about(line: str, people: Sequence[list[str]]) -> bool:
    """Whether a line says who one of the authors is: "Eva Rot teaches law in Bonn."."""
    if not people or len(line) > LONGEST_LINE:
        return False
    about = ABOUT_SOMEBODY.match(line)
    return about is not None and any(_is_same(about["name"].casefold().split(), name) for name in people)


def _is_about_stranger(line: str, before: str, people: Sequence[list[str]]) -> bool:
    """Whether a last line says what somebody is who is an author, by surname, or whom the text has not named before."""
    note = _NOTE.match(line) if len(line) < 2 * _LONGEST_NAME_LINE else None
    if note is None:
        return False
    name = note["name"].split()
    surname = _without_suffix(name)[-1]
    if len(name) == 1:
        return any(surname.casefold() == person[-1].casefold() for person in people)
    return re.search(rf"\b{re.escape(surname)}\b", before) is None


def _is_byline(line: str, text: str, following: Sequence[Block], outlet: str | None) -> bool:
    """Whether a line is nothing but a name, above one that is nothing but the name of the outlet."""
    below = text[following[0].start : following[0].end] if following else ""
    return _BARE_NAME.match(line) is not None and _is_outlet(below, outlet)


def _is_link_list(line: str, before: bool) -> bool:
    """Whether a line is "MORE:" alone, or, as the one before it was, a headline below that."""
    if (
        re.fullmatch(r"(?:MORE|RELATED|READ MORE|SEE ALSO|MORE (?:ON|FROM) [A-Z ]{2,30})(?: [A-Z]+)?:?", line)
        is not None
    ):
        return True
    return before and len(line) < 120 and not line.endswith((".", ":", ",", ";", "”"))


def _links_in_capitals(text: str, blocks: Sequence[Block]) -> set[int]:
    """The numbers of the lines that are headlines of other pieces, in capitals between paragraphs that are not.

    A heading in capitals is shorter, and has others like it; an article with a line of its own in capitals that is
    announced by a colon quotes such lines.
    """
    lines = [text[block.start : block.end] for block in blocks]
    loud = {
        n
        for n, (line, block) in enumerate(zip(lines, blocks, strict=True))
        if block.part in ("body", "heading")
        and line.isupper()
        and 45 <= len(line) <= 160
        and len(line.split()) >= 7
        and not line.endswith((".", ":", ","))
        and 0 < n < len(lines) - 1
        and not lines[n - 1].isupper()
        and not lines[n + 1].isupper()
        and not lines[n - 1].endswith(":")  # what is quoted: a banner, a tweet
        and not _heads(line, lines[n - 1], lines[n + 1])
    }
    quotes = any(above.endswith(":") and below.isupper() for above, below in itertools.pairwise(lines))
    return set() if quotes or 4 * sum(map(str.isupper, lines)) > len(lines) else loud


def _heads(line: str, above: str, below: str) -> bool:
    """Whether a line has much in common with the paragraph below it and little with the one above: a heading."""
    words, before, after = (set(re.findall(r"[^\W\d_]{4,}", part.casefold())) for part in (line, above, below))
    return len(words & after) >= 0.4 * len(words) and len(words & before) < 0.2 * len(words)


def _is_outlet(line: str, outlet: str | None) -> bool:
    return bool(outlet) and len(line) < 60 and line.strip(" .,:|").casefold() == str(outlet).strip().casefold()


def boilerplate_spans(line: str) -> list[tuple[int, int]]:
    """The places in a paragraph of its dateline, credits, links and tags, in order and without white space around them.

    >>> line = "Ministers in Bonn. (Photo by Eva Rot/Getty Images)"
    >>> [line[a:b] for a, b in boilerplate_spans(line)]
    ['(Photo by Eva Rot/Getty Images)']
    """
    found: list[tuple[int, int]] = []
    head = line[:120]
    for dateline in DATELINES:
        match = dateline.match(head)
        if match and match.end() < len(line) and not _is_speaker(line, match.end()):
            found.append(match.span())
            break
    if len(line) < 2 * LONGEST_LINE and MAY_HAVE.search(line):
        for rule in INSIDE:
            found += [match.span() for match in rule.finditer(line)]
    if "MORE" in line:
        found += [match.span("tag") for match in TAGS.finditer(line) if match.group("tag").rstrip().endswith("MORE")]
    spans: list[tuple[int, int]] = []
    for start, end in sorted(found):
        piece = line[start:end]
        start, end = start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
        if start < end and (not spans or start >= spans[-1][1]):
            spans.append((start, end))
    return spans


def _is_speaker(line: str, end: int) -> bool:
    """Whether what looks like a dateline is who says the rest: "OREL - I never said that"."""
    return re.fullmatch(r"[A-Z’'-]+ ?[-–—]+\s", line[:end]) is not None and _FIRST_PERSON.match(line, end) is not None


class OutletLines:
    """The lines that stand in many articles of an outlet, told in one pass over the articles.

    A line is boilerplate if it stands in at least 3 different stories of its outlet and in at least 2 % of them; a line
    of more than 100 characters, which may be a statement that is quoted again, in at least 5, and one that ends like a
    sentence in at least 8. News seldom opens or ends in the same words twice: a line of 8 words or more among the first
    two or the last five needs 3 stories there and 1 % of them, and among the last the same first or last 8 words are
    enough ("Eva Rot covers farming. Sign up for her newsletter."). A story that comes again is counted once. Of each
    line 8 bytes are remembered; if there are too many, those seen once are forgotten. Articles without an outlet are
    left alone. Stories are the same if the longest of their lines is, or two of their three longest.
    """

    _LEAST: Final = 3
    _LEAST_SENTENCE: Final = 8
    """Of a line that ends like a sentence: "He denies the allegations." may well be news three times."""
    _SHARE: Final = 0.02
    _SHARE_AT_END: Final = 0.01
    _MOST_LINES: Final = 2_000_000

    def __init__(self, articles: Iterable[object] = ()) -> None:
        self._stories: dict[str, set[bytes]] = {}
        self._n_stories: Counter[str] = Counter()
        self._lines: dict[str, Counter[bytes]] = {}
        self._times: dict[str, Counter[bytes]] = {}
        self._n_lines = 0
        for article in articles:
            self.add(getattr(article, "outlet", None), getattr(article, "text", ""))

    def add(self, outlet: str | None, text: str) -> None:
        """Count the lines of an article."""
        if not outlet:
            return
        lines = [line for raw in text.splitlines() if (line := _folded(raw))]
        longest = [_hash(line) for line in sorted(set(lines), key=lambda line: (len(line), line))[:-4:-1]]
        stories = self._stories.setdefault(outlet, set())
        again = [line in stories for line in longest]
        if again[:1] == [True] or sum(again) > 1:
            return
        stories.update(longest)
        self._n_stories[outlet] += 1
        times = Counter(_hash(line) for line in lines if len(line) <= 2 * LONGEST_LINE)
        times.update(map(_hash, _keys_at_ends(lines)))
        known, all_times = self._lines.setdefault(outlet, Counter()), self._times.setdefault(outlet, Counter())
        before = len(known)
        known.update(times.keys())
        all_times.update({line: n - 1 for line, n in times.items() if n > 1})
        self._n_lines += len(known) - before
        if self._n_lines > self._MOST_LINES:
            self._forget()

    def _forget(self) -> None:
        for outlet, known in self._lines.items():
            self._lines[outlet] = Counter({line: n for line, n in known.items() if n > 1})
        self._n_lines = sum(map(len, self._lines.values()))

    def marked(self, article: Article) -> Article:
        """The article with the repeated lines of its outlet marked as boilerplate."""
        known = self._lines.get(article.outlet or "")
        if not known:
            return article
        n_stories = self._n_stories[article.outlet or ""]
        least, least_at_end = (
            max(self._LEAST, self._SHARE * n_stories),
            max(self._LEAST, self._SHARE_AT_END * n_stories),
        )
        lines = [_folded(article.text[block.start : block.end]) for block in article.blocks]
        whole = [n for n in _whole_blocks(article.blocks) if lines[n]]
        keys = _keys_at_ends([lines[n] for n in whole])
        at_ends = {whole[n] for key, n in keys.items() if known[_hash(key)] >= least_at_end}
        blocks = [
            replace(block, part="boilerplate", section=None)
            if block.part not in ("headline", *LEFT_OUT)  # a story that goes on may keep its headline
            and (n in at_ends or self._is_repeated(article.outlet or "", lines[n], least))
            else block
            for n, block in enumerate(article.blocks)
        ]
        found = _sections(article.text, article.blocks, blocks)
        return article if found == article.blocks else replace(article, blocks=found)

    def _is_repeated(self, outlet: str, line: str, least: float) -> bool:
        least = max(least, self._LEAST_SENTENCE) if _is_sentence(line) else least
        key = _hash(line)
        n = self._lines[outlet][key]
        # A name that comes again and again in an article is that of a speaker in an interview.
        is_speaker = len(line.split()) <= 3 and self._times[outlet][key] >= n
        return n >= max(least, 5 if len(line) > 100 else 0) and not is_speaker


def _whole_blocks(blocks: Sequence[Block]) -> list[int]:
    """The numbers of the blocks that are no part of another."""
    numbers, end = [], 0
    for number, block in enumerate(blocks):
        if block.start >= end:
            numbers.append(number)
            end = block.end
    return numbers


def _keys_at_ends(lines: Sequence[str]) -> dict[str, int]:
    """What is counted of the first and last lines of a story, and the number of the line that has it."""
    keys = {}
    n = len(lines)
    first, last = min(_FIRST_LINES_ALIKE, max(1, n // 3)), n - min(_LAST_LINES_ALIKE, max(1, n // 3))
    for number, line in enumerate(lines):
        words = line.split() if number < first or number >= last else []
        if len(words) < _WORDS_ALIKE or len(line) > LONGEST_LINE:
            continue
        keys["at an end: " + " ".join(words)] = number
        if number >= last:
            keys["begins: " + " ".join(words[:_WORDS_ALIKE])] = number
            keys["ends: " + " ".join(words[-_WORDS_ALIKE:])] = number
    return keys


def _folded(line: str) -> str:
    """A line as it is compared: no case or white space, no numbers unless it is a sentence, nothing without letters."""
    folded = " ".join(line.casefold().split())
    folded = folded if _is_sentence(folded) else re.sub(r"\d+", "0", folded)
    return folded if any(map(str.isalpha, folded)) else ""


def _is_sentence(line: str) -> bool:
    return line.endswith((".", "!", "?", "”", '"', "’"))


def _hash(line: str) -> bytes:
    return hashlib.blake2b(line.encode("utf-8", "surrogatepass"), digest_size=8).digest()
