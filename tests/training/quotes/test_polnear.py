"""PolNeAR's files as training examples."""

from __future__ import annotations

import random
from pathlib import Path

from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing

from training.quotes.polnear import (
    Article,
    Attribution,
    hold_out,
    items_of,
    other_marks,
    pieces_in,
    read_brat,
    read_polnear,
    whole,
)

TEXT = "“We won,” said Ann Lee, “and will go on.”\n"
BRAT = """T1\tCue 10 14\tsaid
T2\tSource 15 22\tAnn Lee
T3\tContent 1 9;25 39\t...
E1\tCue:T1 Source:T2 Content:T3
T4\tCue 10 14\tsaid
E2\tCue:T4
#1\tAnnotatorNotes T1\tsure
"""
ATTRIBUTION = Attribution([(10, 14)], [(1, 9), (25, 39)], [(15, 22)])


def word_tokenizer(text: str) -> Tokenizer:
    """A piece per word and mark, between a first and a last one, as MiniLM's tokenizer has them."""
    words = [word for word, _ in Whitespace().pre_tokenize_str(text)]
    numbers = {word: n for n, word in enumerate(["[UNK]", "[CLS]", "[SEP]", *dict.fromkeys(words)])}
    tokenizer = Tokenizer(WordLevel(numbers, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.post_processor = TemplateProcessing("[CLS] $A [SEP]", special_tokens=[("[CLS]", 1), ("[SEP]", 2)])
    return tokenizer


def test_brat_without_attributions_that_lack_a_content(tmp_path: Path) -> None:
    path = tmp_path / "a.ann"
    path.write_text(BRAT, encoding="utf-8")
    assert read_brat(path) == [ATTRIBUTION]


def test_the_first_annotator_counts(tmp_path: Path) -> None:
    for folder in ("text", "attributions"):
        (tmp_path / folder).mkdir()
    (tmp_path / "text" / "a [1].txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "attributions" / "a [1]_bbbb.ann").write_text("", encoding="utf-8")
    (tmp_path / "attributions" / "a [1]_aaaa.ann").write_text(BRAT, encoding="utf-8")
    assert read_polnear(tmp_path) == [Article("a [1]", TEXT, [ATTRIBUTION])]


def test_every_twelfth_article_is_held_out() -> None:
    articles = [Article(str(n), "", []) for n in range(25)]
    kept, held = hold_out(articles)
    assert [a.name for a in held] == ["0", "12", "24"]
    assert len(kept) == 22


def test_other_quotation_marks_leave_every_offset_as_it_is() -> None:
    found = {other_marks(TEXT, random.Random(seed)) for seed in range(20)}
    assert found == {TEXT, TEXT.replace("“", '"').replace("”", '"')}
    straight = 'He said "yes" and "no\nand" so on.'
    assert {other_marks(straight, random.Random(seed)) for seed in range(20)} == {
        straight,
        "He said “yes” and “no\nand“ so on.",
    }


def test_a_content_in_pieces_is_one_span_unless_most_of_it_is_something_else() -> None:
    assert whole([(0, 10), (15, 30)]) == (0, 30)
    assert whole([(0, 10), (45, 60)]) == (45, 60)


def test_pieces_that_overlap_some_characters() -> None:
    spans = [(0, 0), (0, 3), (4, 7), (7, 8), (0, 0)]
    assert pieces_in(spans, 2, 7) == [1, 2]
    assert pieces_in(spans, 3, 4) == []


def test_a_window_has_its_cues_with_content_and_source() -> None:
    (item,) = items_of(word_tokenizer(TEXT), Article("a", TEXT, [ATTRIBUTION]))
    said = [TEXT[a:b] for a, b in item.spans]
    (target,) = item.targets
    assert [said[n] for n in target.cue] == ["said"]
    assert (said[target.source[0]], said[target.source[1]]) == ("Ann", "Lee")
    assert said[target.content[0]] == "We"
    assert said[target.content[1]].startswith("on")


def test_nobody_named_points_to_the_first_piece() -> None:
    article = Article("a", TEXT, [Attribution([(10, 14)], [(1, 9)], [])])
    (item,) = items_of(word_tokenizer(TEXT), article)
    assert item.targets[0].source == (0, 0)
