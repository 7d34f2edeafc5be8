"""What stands in a text and is no part of the article: links, credits, calls, bylines, datelines.

By rules, line by line; `repeated_lines` has those that stand in many articles of an outlet.
"""

from __future__ import annotations

import itertools
import re
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

if TYPE_CHECKING:
    from newskit.reading.article import Block


_FIRST_LINES: Final = 5
"""Among so many lines at the beginning a note on the author may stand."""
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
    return without_sections(text, given, marked)


def without_sections(text: str, before: Sequence[Block], after: Sequence[Block]) -> tuple[Block, ...]:
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
