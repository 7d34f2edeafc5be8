"""From the text of an article to a parsed spaCy Doc: blocks, sentences and passages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from spacy.language import Language
from spacy.tokens import Doc, Span

from newskit.reading.article import Block, dateline_end, find_blocks
from newskit.reading.boilerplate import blocks_of
from newskit.reading.view import view_of
from newskit.resources.lexicons import titles

if TYPE_CHECKING:
    from spacy.tokens import Token


PIECE: Final = 100_000
"""Longest paragraph, in characters, that is parsed as a whole."""
LONGEST_SENTENCE: Final = 300
"""Most tokens of a sentence: a longer one, such as a list of names, is cut, since rules on its tree take time by the
square of its length and more."""
_PART: Final = 60
"""Most tokens of the parts into which it is cut: the model of tone reads so many at once, for all targets in them."""
_PAUSE: Final = 30
"""Tokens before the place of a cut among which a comma or another mark is looked for."""


def sentence_spans(doc: Doc) -> list[Span]:
    """The sentences of a Doc without the white space around them; those of nothing but white space are left out."""
    spans = []
    for sentence in doc.sents:
        start, end = sentence.start, sentence.end
        while start < end and doc[start].is_space:
            start += 1
        while end > start and doc[end - 1].is_space:
            end -= 1
        if start < end:
            spans.append(doc[start:end])
    return spans


def set_sentence_starts(doc: Doc, told: Sequence[int]) -> None:
    """Say of each token of a Doc whether a sentence begins with it: 1 if so, -1 if not, 0 if that is left open.

    All at once: for each token that is told by itself, spaCy looks through the whole Doc.
    """
    import numpy as np
    from spacy.attrs import SENT_START

    doc.from_array([SENT_START], np.array(told, dtype=np.int64).astype(np.uint64))  # type: ignore[arg-type]


def passage_spans(doc: Doc) -> list[Span]:
    """The passages of a Doc, units of scope: paragraphs, the first of a section together with the heading above it."""
    passages: list[Span] = []
    heading: Span | None = None
    for block in doc._.newskit_blocks:
        span = doc.char_span(block.start, block.end, alignment_mode="expand")
        if span is None:
            continue
        if heading is not None and block.part == "body":
            passages[-1] = doc[heading.start : span.end]
        else:
            passages.append(span)
        heading = None if block.part == "body" else span
    return passages


class BlocksComponent:
    """Makes the matching view of a text, finds headline, headings and paragraphs, and starts a sentence at each.

    It is the first component. Where the view reads otherwise than the text, the Doc that it returns is that of the
    view, and `doc._.newskit_view.span(start, end)` leads back into the text. Blocks that are already in
    `doc.user_data["newskit_blocks"]`, where `annotate` puts those of the view, are kept. `tokenizer` makes the Doc of a
    view; without one, or if the Doc has been tagged already, the Doc that came in is the view.
    """

    def __init__(self, tokenizer: Callable[[str], Doc] | None = None) -> None:
        self._tokenizer = tokenizer

    def __call__(self, doc: Doc) -> Doc:
        """Annotate the Doc in place and return it, or the Doc of its view."""
        if doc.has_annotation("DEP"):
            raise ValueError("newskit_blocks must come before the parser: nlp.add_pipe('newskit_blocks', first=True)")
        if "newskit_blocks" not in doc.user_data:
            doc = self._viewed(doc)
        blocks: Sequence[Block] = doc.user_data["newskit_blocks"]
        text = doc.text
        starts = {block.start for block in blocks}
        whole = [(b.start, b.end if b.part != "body" else dateline_end(text, b) + 1) for b in blocks]
        one = {i for start, end in whole for i in range(start + 1, end)}
        cuts: Collection[int] = doc.user_data.pop("newskit_cuts", ())
        told = [0] * len(doc)
        for token in doc:
            if token.idx in starts or token.i in cuts:
                told[token.i] = 1
            elif token.idx in one or self._inside_abbreviation(doc, token) or self._closes(doc, token):
                told[token.i] = -1
        set_sentence_starts(doc, told)
        return doc

    def _viewed(self, doc: Doc) -> Doc:
        """The Doc of the matching view, with its blocks; the same Doc if they read alike or it cannot be made anew."""
        text = doc.text
        blocks = blocks_of(text)
        if self._tokenizer is not None and not doc.has_annotation("TAG"):
            view = view_of(text, blocks)
            if view.text != text:
                known = doc.user_data
                doc = self._tokenizer(view.text)
                doc.user_data.update(known)
            doc.user_data["newskit_view"] = view
            blocks = view.blocks(blocks)
        else:
            blocks = find_blocks(text)
        doc.user_data["newskit_blocks"] = tuple(blocks)
        return doc

    @staticmethod
    def _closes(doc: Doc, token: Token) -> bool:
        """Whether a token is a mark that closes the sentence before it: the last one of ‘…, he said."’."""
        return token.text in {'"', "”", "’", "'", ")"} and token.i > 0 and not doc[token.i - 1].whitespace_

    @staticmethod
    def _inside_abbreviation(doc: Doc, token: Token) -> bool:
        """Whether a full stop before a token would look like an end to the parser: "U.S. President", "Gen. Milley"."""
        if token.i == 0 or not doc[token.i - 1].text.endswith(".") or len(doc[token.i - 1]) < 2:
            return False
        return token.lower_.rstrip(".") in titles() or doc[token.i - 1].lower_.rstrip(".") in titles()


def make_doc(nlp: Language, text: str, blocks: Sequence[Block]) -> Doc:
    """Parse the matching view of one text paragraph by paragraph, and annotate it as a whole.

    The Doc is that of the view: `doc._.newskit_view` leads back into the text, at which `blocks` point.

    That way the parser never joins a heading with the sentence after it, nor stumbles over line breaks, and its memory
    does not grow with the text. Between the blocks there is only white space.
    """
    view = view_of(text, blocks)
    text, blocks = view.text, view.blocks(blocks)
    own = [name for name in nlp.pipe_names if name.startswith("newskit_") and name != "newskit_blocks"]
    with nlp.select_pipes(disable=own):
        docs = _parsed_pieces(nlp, text, list(pieces_of(text, blocks)))
    doc = Doc.from_docs(docs, ensure_whitespace=False, exclude=["user_data", "tensor"])  # type: ignore[call-arg]
    doc = nlp.make_doc(text) if doc is None else doc
    doc.user_data["newskit_blocks"] = tuple(blocks)
    doc.user_data["newskit_view"] = view
    for name, component in nlp.pipeline:
        if name in own:
            doc = component(doc)
    return doc


def _parsed_pieces(nlp: Language, text: str, pieces: Sequence[tuple[int, int, Block | None]]) -> list[Doc]:
    """The pieces of a text as parsed Docs; one with a sentence that is too long is parsed again, with that one cut."""

    def made(start: int, end: int, block: Block, cuts: Collection[int] = ()) -> Doc:
        doc = nlp.make_doc(text[start:end])
        doc.user_data["newskit_blocks"] = (Block(0, end - start, block.part, block.section),)
        doc.user_data["newskit_cuts"] = cuts
        return doc

    parsed = nlp.pipe([made(start, end, block) for start, end, block in pieces if block is not None])
    docs = []
    for start, end, block in pieces:
        if block is None:
            docs.append(_white_space(nlp, text[start:end]))
            continue
        doc = next(parsed)
        cuts = frozenset(_cuts(doc))
        docs.append(next(nlp.pipe([made(start, end, block, cuts)])) if cuts else doc)
    return docs


def _cuts(doc: Doc) -> Iterator[int]:
    """The tokens at which the sentences that are too long are cut, after a mark if there is one in reach."""
    for sentence in doc.sents if doc.has_annotation("SENT_START") else ():
        at = sentence.start
        while len(sentence) > LONGEST_SENTENCE and sentence.end - at > _PART:
            last = at + _PART
            at = next((i for i in range(last, last - _PAUSE, -1) if doc[i - 1].text in {",", ";", "."}), last)
            yield at


def _white_space(nlp: Language, text: str) -> Doc:
    """A parsed Doc of white space, to be put between two paragraphs."""
    return Doc(
        nlp.vocab,
        words=[text],
        spaces=[False],
        tags=["_SP"],
        pos=["SPACE"],
        morphs=[""],
        lemmas=[text],
        heads=[0],
        deps=["dep"],
        ents=["O"],
    )


def pieces_of(text: str, blocks: Sequence[Block]) -> Iterator[tuple[int, int, Block | None]]:
    """The blocks, and what lies between them (None); one longer than `PIECE` is cut, if possible after a sentence."""
    at = 0
    for block in blocks:
        if block.start > at:
            yield at, block.start, None
        at = block.start
        while block.end - at > PIECE:
            window = text[at : at + PIECE]
            cut = at + (window.rfind(". ") + 2 if ". " in window else window.rfind(" ") + 1 or PIECE)
            yield at, cut, block
            at = cut
        yield at, block.end, block
        at = block.end
    if at < len(text):
        yield at, len(text), None
