"""An article that is too long, or takes too long, is failed with the reason, and the run goes on."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from spacy.language import Language

import newskit as nk
from newskit.annotation import rows
from newskit.annotation.limits import OutOfTimeError, time_limit
from newskit.annotation.parsing import make_doc

TEXT = "Moscow rejected the plan."


def endless() -> None:
    while True:
        sum(range(1000))


@pytest.mark.parametrize("on_disk", [False, True])
def test_an_article_that_takes_too_long_is_failed(
    on_disk: bool, nlp: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(nlp: Language, text: str, blocks: object) -> object:
        if "Kyiv" in text:
            endless()
        return make_doc(nlp, text, blocks)  # type: ignore[arg-type]

    monkeypatch.setattr(rows, "make_doc", slow)
    articles = [
        nk.Article("a", TEXT),
        nk.Article("b", "Kyiv " + TEXT),
        nk.Article("c", TEXT),
        nk.Article("d", "x" * 900),
    ]
    out = tmp_path / "corpus" if on_disk else None
    corpus = nk.annotate(articles, nlp=nlp, out=out, max_seconds=1.5, max_characters=800)
    assert corpus.articles["status"].tolist() == ["annotated", "failed", "annotated", "failed"]
    slow_one, long_one = corpus.articles["reason"].tolist()[1::2]
    assert "more than 1.5 seconds of processor time" in slow_one
    assert "max_seconds" in slow_one
    assert "it has 900 characters, more than 800" in long_one
    assert "max_characters" in long_one
    if out is not None:
        with pytest.raises(nk.errors.CorpusChangedError, match="limits was"):
            nk.annotate(articles, nlp=nlp, out=out)


def test_work_is_stopped_in_any_thread_even_where_errors_are_swallowed() -> None:
    ended = []

    def work() -> None:
        try:
            with time_limit(0.05):
                try:
                    endless()
                except Exception as error:
                    ended.append(type(error))
                raise KeyError
        except (OutOfTimeError, KeyError) as error:
            ended.append(type(error))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(60)
    assert ended[0] is OutOfTimeError
    assert len(ended) == 2


def test_nothing_is_stopped_afterwards() -> None:
    for _ in range(20):
        try:
            with time_limit(0.001):
                until = time.process_time() + 0.002
                while time.process_time() < until:
                    pass
        except OutOfTimeError:
            pass
    until = time.process_time() + 0.1
    while time.process_time() < until:
        pass
    assert not [thread for thread in threading.enumerate() if thread.name == "newskit-time-limit" and thread.is_alive()]


@pytest.mark.parametrize("limits", [{"max_characters": 0}, {"max_seconds": -1}])
def test_limits_are_more_than_nothing(limits: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"more than 0, got .* float\('inf'\)"):
        nk.annotate(nk.Article("a", TEXT), **limits)  # type: ignore[arg-type]
