"""Who a row is about, and whose words it is in."""

from __future__ import annotations

import pandas as pd

from newskit.corpus.actor_ids import fill_actor_ids, name_keys
from newskit.schema import UNRESOLVED
from tests.corpus.byhand import rows


def test_ids_speakers_and_voices() -> None:
    tables = {
        "mentions": rows("mentions", {"mention_id": 0, "name": "Novak"}, {"mention_id": 1, "name": "Moscow"}),
        "quotes": rows("quotes", {"quote_id": 0, "speaker_mention_id": 1}, {"quote_id": 1}),
        "stances": rows(
            "stances",
            {"mention_id": 0},
            {"mention_id": 0, "quote_id": 0},
            {"mention_id": 1, "quote_id": 1},
            {"mention_id": 0, "source_mention_id": 1},
            {"mention_id": 0, "quote_id": 0, "source_mention_id": 9},
        ),
        "frames": rows("frames", {}, {"quote_id": 0}, {"quote_id": 1}),
    }
    fill_actor_ids(tables, pd.Series(["novak", "russia"], dtype="str"))
    assert tables["mentions"]["actor_id"].tolist() == ["novak", "russia"]
    assert tables["quotes"]["speaker_id"].fillna("-").tolist() == ["russia", "-"]
    assert tables["stances"]["target_id"].tolist() == ["novak", "novak", "russia", "novak", "novak"]
    assert tables["stances"]["voice"].tolist() == ["outlet", "russia", "unnamed source", "russia", UNRESOLVED]
    tables["quotes"]["sourcing"] = pd.Series(["named", "unresolved"], dtype="str")
    fill_actor_ids(tables, pd.Series(["novak", "russia"], dtype="str"))
    assert tables["frames"]["voice"].tolist() == ["outlet", "russia", UNRESOLVED]
    tables["quotes"]["sourcing"] = pd.Series(["named", "unnamed"], dtype="str")
    fill_actor_ids(tables, pd.Series(["novak", "russia"], dtype="str"))
    assert tables["frames"]["voice"].tolist() == ["outlet", "russia", "unnamed source"]
    assert {str(tables[table]["voice"].dtype) for table in ("stances", "frames")} == {"str"}


def test_ids_are_looked_up_in_the_article_of_the_row() -> None:
    mentions = rows("mentions", {"article_id": "a", "name": "Novak"}, {"article_id": "b", "name": "Moscow"})
    quotes = rows("quotes", {"article_id": "b", "speaker_mention_id": 0}, {"article_id": "c", "speaker_mention_id": 0})
    tables = {"mentions": mentions, "quotes": quotes, "stances": rows("stances"), "frames": rows("frames")}
    fill_actor_ids(tables, pd.Series(["novak", "russia"], dtype="str"))
    assert quotes["speaker_id"].fillna("-").tolist() == ["russia", "-"]


def test_a_name_is_known_by_its_words_kind_and_gender() -> None:
    names = rows("mentions", {"name": "Novak"}, {"name": "Novak", "gender": "f"}, {"name": None})
    assert name_keys(names).fillna("-").tolist() == ["Novak\tperson\t", "Novak\tperson\tf", "-"]
