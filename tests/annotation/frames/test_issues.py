"""Issues: which cue belongs to which mention of the issue."""

from __future__ import annotations

from newskit.annotation.frames.issues import NEAR, Cue, Issue, IssueMatcher, IssueReading, Position
from newskit.resources.language import tagger


def cue(start: int, end: int) -> Cue:
    return Cue(start, end, "support", "act", "back")


def test_the_object_is_the_nearest_mention_of_the_issue_after_rather_than_before() -> None:
    one = IssueReading(topic=((0, 1),), refer=(), context=False, cues=())
    assert one.object_of(cue(1 + NEAR, 2 + NEAR)) == (0, 1)
    assert one.object_of(cue(2 + NEAR, 3 + NEAR)) is None
    two = IssueReading(topic=((0, 1),), refer=((6, 7),), context=False, cues=())
    assert two.object_of(cue(3, 4)) == (6, 7)
    assert two.object_of(cue(2, 3)) == (0, 1)
    assert IssueReading((), (), False, ()).object_of(cue(0, 1)) is None


def test_of_overlapping_cues_the_longest_counts_and_excluded_topics_do_not() -> None:
    positions = (
        Position("support", acts=("back",), claims=("good idea",)),
        Position("opposition", acts=("back away from",), claims=("idea",)),
    )
    issue = Issue(
        "tax",
        "1.0.0",
        "en",
        "Tax",
        "me",
        positions,
        ("tax",),
        exclude=("tax haven",),
        refer=("it",),
        context=("budget",),
    )
    read = IssueMatcher(issue)(tagger()("They back away from the tax, a good idea; they back it. No tax haven!"))
    assert [(one.term, one.position, one.kind) for one in read.cues] == [
        ("back away from", "opposition", "act"),
        ("good idea", "support", "claim"),
        ("back", "support", "act"),
    ]
    assert (len(read.topic), len(read.refer), read.context) == (1, 1, False)
