"""How a debate is framed: codebooks as versioned data, and coding texts with them."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from newskit.datafiles import find_file, line_of, read_toml

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokenizer import Tokenizer
    from spacy.tokens import Doc, Span

FrameMethod = Literal["lexicon"]
METHODS: Final = ("lexicon",)
_HEAD_KEYS: Final = frozenset({"name", "version", "language", "title", "source", "description"})
_FRAME_KEYS: Final = frozenset({"name", "label", "definition", "include", "exclude", "examples"})
_SCOPE_KEYS: Final = frozenset({"description", "include", "exclude"})
_WORD = re.compile(r"\*?[\w'’.-]+\*?(?:\|\*?[\w'’.-]+\*?)*")


class CodebookError(ValueError):
    """A mistake in a codebook; the message names the file, the line and the way out."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame of a codebook: what it means, the terms that point to it, and examples.

    A hit of an `include` term counts unless it lies inside a hit of an `exclude` term. `matches` are
    sentences that must be coded with the frame, `misses` such that must not: `load_codebook` tries them.
    """

    name: str
    label: str
    definition: str
    include: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    matches: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """Words of a text that point to a frame: `doc.text[start:end]`, found by `term`."""

    start: int
    end: int
    frame: str
    term: str


@dataclass(frozen=True)
class Codebook:
    """A codebook: named, versioned frames, and the passages they apply to.

    With `scope` terms, only passages with a scope term are coded, those that belong to the debate: a
    paragraph, the first of a section together with its heading. Without, every passage is.
    """

    name: str
    version: str
    language: str
    title: str
    source: str
    frames: tuple[Frame, ...]
    scope: tuple[str, ...] = ()
    scope_exclude: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Codebook({self.name!r} {self.version}, {len(self.frames)} frames)"

    def labels(self) -> dict[str, str]:
        """Label of each frame by name, in the order of the codebook."""
        return {frame.name: frame.label for frame in self.frames}


class LexiconCoder:
    """Codes tagged Docs with the terms of a codebook.

    `LexiconCoder(codebook)(doc)` gives the hits of all frames inside the scope, in order.
    """

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook
        self._matcher = TermMatcher(
            [
                *(("scope+", term) for term in codebook.scope),
                *(("scope-", term) for term in codebook.scope_exclude),
                *((f"+{frame.name}", term) for frame in codebook.frames for term in frame.include),
                *((f"-{frame.name}", term) for frame in codebook.frames for term in frame.exclude),
            ]
        )

    def __call__(self, doc: Doc, passages: Sequence[Span] | None = None) -> list[Hit]:
        """The hits in a Doc that has lemmas; scope is decided for each of the `passages` (default: the Doc)."""
        hits: list[Hit] = []
        for passage in [doc[:]] if passages is None else passages:
            found: dict[str, list[tuple[int, int, str]]] = {}
            for kind, term, start, end in self._matcher(passage):
                found.setdefault(kind, []).append((start, end, term))
            if self.codebook.scope and not _outside(found.get("scope+", []), found.get("scope-", [])):
                continue
            for frame in self.codebook.frames:
                kept = _outside(found.get(f"+{frame.name}", []), found.get(f"-{frame.name}", []))
                for start, end, term in _longest(kept):
                    span = doc[start:end]
                    hits.append(Hit(span.start_char, span.end_char, frame.name, term))
        return sorted(hits, key=lambda hit: (hit.start, hit.end, hit.frame))


def _outside(
    hits: Sequence[tuple[int, int, str]], blocks: Sequence[tuple[int, int, str]]
) -> list[tuple[int, int, str]]:
    """Hits that do not lie inside a block."""
    return [hit for hit in hits if not any(a <= hit[0] and hit[1] <= b for a, b, _ in blocks)]


def _longest(hits: Iterable[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Of overlapping hits of one frame, the longest (then the first)."""
    kept: list[tuple[int, int, str]] = []
    for hit in sorted(hits, key=lambda h: (h[0] - h[1], h)):
        if all(hit[1] <= a or b <= hit[0] for a, b, _ in kept):
            kept.append(hit)
    return kept


# --- terms -------------------------------------------------------------------------------------------


def term_words(term: str) -> list[tuple[str, ...]]:
    """The words of a term, each with its alternatives, as the tokens that spaCy would make of them.

    >>> term_words("long-range missile|rocket*")
    [('long',), ('-',), ('range',), ('missile', 'rocket*')]
    """
    words: list[tuple[str, ...]] = []
    for word in term.lower().split():
        if "|" in word:
            words.append(tuple(word.split("|")))
        elif "*" in word:
            words += [(piece,) for piece in re.findall(r"-|[^-]+", word)]
        else:
            words += [(token.text,) for token in _tokenizer()(word)]
    return words


@functools.cache
def _tokenizer() -> Tokenizer:
    from spacy.lang.en import English

    return English().tokenizer


class TermMatcher:
    """Finds many codebook terms in a Doc in one pass.

    A term is compared with the lemmas of the tokens and, failing that for the whole term, with their
    lower-cased forms; "a|b" is either, and "escalat*" or "*able" leaves the rest of the form open. Which
    words a form can be is looked up once per form, so that the cost hardly depends on the number of terms
    (spaCy's `Matcher` tries each).
    """

    _MAX_CACHE: Final = 200_000

    def __init__(self, terms: Iterable[tuple[str, str]]) -> None:
        self._numbers: dict[tuple[str, ...], int] = {}
        self._by_first: dict[int, list[tuple[tuple[int, ...], str, str]]] = {}
        for kind, term in terms:
            numbers = tuple(self._numbers.setdefault(w, len(self._numbers)) for w in term_words(term))
            self._by_first.setdefault(numbers[0], []).append((numbers, kind, term))
        self._exact: dict[str, set[int]] = {}
        self._open: list[tuple[re.Pattern[str], int]] = []
        for options, number in self._numbers.items():
            for option in options:
                if "*" not in option:
                    self._exact.setdefault(option, set()).add(number)
            wild = [re.escape(o).replace(r"\*", r"[\w'’-]*") for o in options if "*" in o]
            if wild:
                self._open.append((re.compile("|".join(wild)), number))
        self._cache: dict[tuple[int, int], tuple[frozenset[int], frozenset[int]]] = {}

    def __call__(self, span: Span) -> Iterator[tuple[str, str, int, int]]:
        """Yield (kind, term, start, end) of every hit in a span, as token indices of its Doc; hits may overlap."""
        from spacy.attrs import LEMMA, LOWER

        forms = span.to_array([LOWER, LEMMA])  # type: ignore[attr-defined]
        words = [self._words(span, int(lower), int(lemma)) for lower, lemma in forms]
        for at, (by_form, by_lemma) in enumerate(words):
            for first in by_form | by_lemma:
                for numbers, kind, term in self._by_first.get(first, ()):
                    end = at + len(numbers)
                    if end <= len(words) and any(
                        all(n in words[at + i][way] for i, n in enumerate(numbers)) for way in (0, 1)
                    ):
                        yield kind, term, span.start + at, span.start + end

    def _words(self, span: Span, lower: int, lemma: int) -> tuple[frozenset[int], frozenset[int]]:
        """Numbers of the term words that a token can be by its lower-cased form, and by its lemma."""
        known = self._cache.get((lower, lemma))
        if known is None:
            if len(self._cache) > self._MAX_CACHE:
                self._cache.clear()
            form, base = span.vocab.strings[lower], span.vocab.strings[lemma].lower()
            wild = {number for pattern, number in self._open if pattern.fullmatch(form)}
            known = frozenset(self._exact.get(form, set()) | wild), frozenset(self._exact.get(base, set()) | wild)
            self._cache[lower, lemma] = known
        return known


# --- reading codebooks ---------------------------------------------------------------------------------


def load_codebook(source: str | Path) -> Codebook:
    """Load a codebook, by the name of a shipped one or the path of a TOML file, and try its examples.

    Shipped are "news_frames" (Semetko and Valkenburg 2000) and "missile_debate". The file has a table
    `[codebook]` (name, version, language, title, source), if wanted a `[scope]` (include, exclude), and
    one `[[frame]]` per frame (name, label, definition, include, exclude, examples.match, examples.miss).

    Raises `CodebookError` (a `ValueError`) with file and line: unknown or missing keys, a frame given
    twice, a version that is not MAJOR.MINOR.PATCH, a term that cannot be read, an example that fails.
    """
    path = find_file(source, folder="codebooks", what="codebook", error=CodebookError)
    return _load(path.resolve(), path.stat().st_mtime_ns)


@functools.lru_cache(maxsize=32)
def _load(path: Path, _changed: int) -> Codebook:
    text, data = read_toml(path, error=CodebookError)
    codebook = _Parser(path, text).codebook(data)
    _try_examples(codebook, path, text)
    return codebook


class _Parser:
    """Turns the TOML data into a Codebook, or says in which line it cannot."""

    def __init__(self, path: Path, text: str) -> None:
        self.path, self.text = path, text

    def error(self, message: str, at: str = "", *, last: bool = False) -> CodebookError:
        return CodebookError(f"{self.path}:{line_of(self.text, at, last=last)}: {message}")

    def codebook(self, data: Mapping[str, Any]) -> Codebook:
        head, scope = data.get("codebook", {}), data.get("scope", {})
        self.known(data, frozenset({"codebook", "scope", "frame"}))
        self.known(head, _HEAD_KEYS)
        self.known(scope, _SCOPE_KEYS)
        missing = [key for key in ("name", "version", "language", "title", "source") if not head.get(key)]
        if missing:
            raise self.error(f"[codebook] lacks {', '.join(missing)}", "[codebook]")
        if not re.fullmatch(r"\d+\.\d+\.\d+", str(head["version"])):
            raise self.error(
                f"version {head['version']!r} is not MAJOR.MINOR.PATCH, such as 1.0.0", str(head["version"])
            )
        frames = tuple(self.frame(raw) for raw in data.get("frame", []))
        if not frames:
            raise self.error("no [[frame]] in it")
        names = [frame.name for frame in frames]
        for name in names:
            if names.count(name) > 1:
                raise self.error(
                    f"frame {name!r} is given twice; give the second another name", f'name = "{name}"', last=True
                )
        return Codebook(
            name=head["name"],
            version=head["version"],
            language=head["language"],
            title=head["title"],
            source=head["source"],
            frames=frames,
            scope=self.terms(scope.get("include", ()), "[scope]"),
            scope_exclude=self.terms(scope.get("exclude", ()), "[scope]"),
        )

    def frame(self, raw: Mapping[str, Any]) -> Frame:
        name = str(raw.get("name", ""))
        self.known(raw, _FRAME_KEYS)
        missing = [key for key in ("name", "label", "definition", "include") if not raw.get(key)]
        if missing:
            raise self.error(f"frame {name!r} lacks {', '.join(missing)}", f'"{name}"' if name else "[[frame]]")
        examples = raw.get("examples", {})
        self.known(examples, frozenset({"match", "miss"}))
        return Frame(
            name=name,
            label=raw["label"],
            definition=raw["definition"],
            include=self.terms(raw["include"], name),
            exclude=self.terms(raw.get("exclude", ()), name),
            matches=tuple(examples.get("match", ())),
            misses=tuple(examples.get("miss", ())),
        )

    def known(self, table: Mapping[str, Any], keys: frozenset[str]) -> None:
        unknown = sorted(set(table) - keys)
        if unknown:
            raise self.error(f"unknown key {unknown[0]!r}; known here: {', '.join(sorted(keys))}", unknown[0])

    def terms(self, raw: Sequence[str], owner: str) -> tuple[str, ...]:
        for term in raw:
            if not isinstance(term, str) or not term.strip():
                raise self.error(f"{owner}: an empty term", owner)
            for word in term.split():
                if not _WORD.fullmatch(word):
                    raise self.error(f"{owner}: cannot read {word!r} in the term {term!r}: words, | and * only", term)
                short = [o for o in word.split("|") if len(o.strip("*")) < 2 and ("*" in o or " " not in term)]
                if short:
                    raise self.error(f"{owner}: {word!r} would match nearly everything; name more letters", term)
        return tuple(dict.fromkeys(raw))


def _try_examples(codebook: Codebook, path: Path, text: str) -> None:
    examples = [(frame, e, True) for frame in codebook.frames for e in frame.matches]
    examples += [(frame, e, False) for frame in codebook.frames for e in frame.misses]
    if not examples:
        return
    coder = LexiconCoder(replace(codebook, scope=(), scope_exclude=()))
    docs = _tagger().pipe([example for _, example, _ in examples])
    for (frame, example, wanted), doc in zip(examples, docs, strict=True):
        hits = [hit for hit in coder(doc) if hit.frame == frame.name]
        if bool(hits) != wanted:
            what = f"is matched by {hits[0].term!r}" if hits else "is matched by no include term"
            raise CodebookError(
                f"{path}:{line_of(text, example[:40])}: frame {frame.name!r}: the example {example!r} {what}; "
                "mend the terms or the example"
            )


# --- coding texts ----------------------------------------------------------------------------------------


@functools.cache
def _tagger() -> Language:
    from newskit.language import load_english

    return load_english(exclude=("parser", "ner"))


def code_frames(
    texts: Iterable[str], codebook: str | Path | Codebook, *, method: FrameMethod = "lexicon"
) -> list[set[str]]:
    """Code texts with a codebook: the names of the frames found in each, in the order of the texts.

    Each line of a text is a paragraph; with a codebook that has a scope, only paragraphs in it are
    coded. `method="lexicon"` matches the codebook's terms. For the words that matched, their place and
    whose words they are, see the table `frames` of `annotate`. Raises `ValueError` for another method
    and `TypeError` for a single string.

    >>> code_frames(["The move would be highly provocative."], "news_frames")
    [set()]
    """
    if method not in METHODS:
        raise ValueError(f"method {method!r} is none of {', '.join(METHODS)}")
    if isinstance(texts, str):
        raise TypeError("code_frames takes several texts: pass a list, even for one")
    book = codebook if isinstance(codebook, Codebook) else load_codebook(codebook)
    texts = list(texts)
    wrong = next((i for i, text in enumerate(texts) if not isinstance(text, str)), None)
    if wrong is not None:
        raise TypeError(f"text {wrong} is no string but {type(texts[wrong]).__name__}: drop missing texts first")
    coder = LexiconCoder(book)
    return [{hit.frame for hit in coder(doc, list(_lines(doc)))} for doc in _tagger().pipe(texts)]


def _lines(doc: Doc) -> Iterator[Span]:
    start = 0
    for token in doc:
        if token.is_space and "\n" in token.text:
            if token.i > start:
                yield doc[start : token.i]
            start = token.i + 1
    if start < len(doc):
        yield doc[start:]
