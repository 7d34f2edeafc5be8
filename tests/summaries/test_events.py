"""Before an event and from it on."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

import newskit as nk
from tests.summaries import made

DAYS = pd.date_range("2025-03-01", periods=20)


def world() -> nk.Corpus:
    """Twenty articles on as many days: Ann is blamed on the first ten and praised on the last ten."""
    articles = [{**made.ARTICLES[0], "article_id": f"a{i}", "published": day} for i, day in enumerate(DAYS)]
    stances = [made.stance(i, 0, "ann", "negative" if i < 10 else "positive") for i in range(20)]
    sentences = [{"article_id": f"a{i}", "sentence_id": 0, "text": "x"} for i in range(20)]
    return made.corpus(articles=articles, stances=stances, sentences=sentences)


@pytest.mark.parametrize("event", ["2025-03-11", date(2025, 3, 11), pd.Timestamp("2025-03-11 14:00")])
def test_the_day_itself_is_the_first_after(event: str | date) -> None:
    (row,) = nk.compare_around(world(), "tone", event).to_dict("records")
    assert (row["first"], row["second"], row["n_first"], row["n_second"]) == ("after", "before", 10, 10)
    assert row["difference"] > 0
    assert row["between"] == "2025-03-11"


def test_only_days_near_the_event() -> None:
    (row,) = nk.compare_around(world(), "positive", "2025-03-11", days=4, min_n=1).to_dict("records")
    assert (row["n_first"], row["n_second"]) == (4, 4)
    (late,) = nk.compare_around(world(), "positive", "2025-03-14", days=5, min_n=1).to_dict("records")
    assert (late["n_first"], late["n_second"]) == (5, 5)
    assert late["mean_second"] == pytest.approx(3 / 5), "three of the five days before were after the turn"


def test_what_cannot_be_compared_is_told() -> None:
    with pytest.raises(ValueError, match="no dated article before 2025-03-01"):
        nk.compare_around(world(), "tone", "2025-03-01")
    with pytest.raises(ValueError, match="within 2 days before 2025-06-01"):
        nk.compare_around(world(), "tone", "2025-06-01", days=2)
    with pytest.raises(ValueError, match="event is a day, such as '2025-10-16', not 'the summit'"):
        nk.compare_around(world(), "tone", "the summit")
    with pytest.raises(ValueError, match="days is at least 1"):
        nk.compare_around(world(), "tone", "2025-03-11", days=0)
