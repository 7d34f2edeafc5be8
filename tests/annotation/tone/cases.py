"""Sentences with a target and its tone."""

from __future__ import annotations

CASES = [
    ("Critics accused Johnson of corruption, but praised Sunak for his honesty.", "Johnson", "negative"),
    ("Critics accused Johnson of corruption, but praised Sunak for his honesty.", "Sunak", "positive"),
    ("Macron met Scholz in Berlin on Tuesday.", "Macron", "neutral"),
    ("The senator was hailed as a hero for saving the children.", "The senator", "positive"),
    ("The Kremlin condemned NATO for a reckless provocation.", "The Kremlin", "neutral"),
]


def spans_of(cases: list[tuple[str, str, str]]) -> tuple[list[str], list[tuple[int, int]]]:
    return [text for text, _, _ in cases], [(text.index(t), text.index(t) + len(t)) for text, t, _ in cases]
