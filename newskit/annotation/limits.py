"""Bounds of an article: how long it may be, and how long annotating it may take."""

from __future__ import annotations

import contextlib
import ctypes
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MAX_CHARACTERS: Final = 1_000_000
MAX_SECONDS: Final = 600.0
_AGAIN: Final = 5.0
"""Seconds after which the work is stopped again, should something have swallowed the exception."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most characters of an article, and the most seconds of processor time that annotating it may take."""

    characters: float = MAX_CHARACTERS
    seconds: float = MAX_SECONDS

    def __post_init__(self) -> None:
        if not (self.characters > 0 and self.seconds > 0):
            raise ValueError(
                f"max_characters and max_seconds are more than 0, got {self.characters} and {self.seconds}; "
                "for no limit give float('inf')"
            )

    def too_long(self, text: str) -> str | None:
        """Why a text is too long to be annotated; None if it is not."""
        if len(text) <= self.characters:
            return None
        return (
            f"it has {len(text):,} characters, more than {self.characters:,}, too many for a single article: cut it "
            "into its articles, or raise max_characters"
        )

    def too_slow(self) -> str:
        """Why an article was given up."""
        return (
            f"it took more than {self.seconds:g} seconds of processor time: look whether it is text, or raise "
            "max_seconds"
        )


NO_MORE: Final = Limits()
"""What an article may have and take unless somebody says otherwise."""


class OutOfTimeError(Exception):
    """The time for an article is over."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `OutOfTimeError` in the block if this process works longer on it, whatever it is doing in Python.

    A thread watches, which stops workers of any engine and on any system, where signals reach the main thread only.
    What runs outside of Python, such as a single call of a model, is stopped when it returns.
    """
    if seconds == float("inf"):
        yield
        return
    watch = _Watch(threading.get_ident(), seconds)
    watch.start()
    try:
        yield
    finally:
        while not watch.has_ended:
            with contextlib.suppress(OutOfTimeError):  # it may come as late as here
                watch.end()


class _Watch(threading.Thread):
    """Stops a thread when the process has worked long enough."""

    def __init__(self, watched: int, seconds: float) -> None:
        super().__init__(daemon=True, name="newskit-time-limit")
        self._watched, self._seconds = watched, seconds
        self._until = time.process_time() + seconds
        self._ended = threading.Event()
        self._lock = threading.Lock()

    def run(self) -> None:
        left = self._seconds
        while not self._ended.wait(max(left, 0.01)):
            left = self._until - time.process_time()
            if left > 0:
                continue
            with self._lock:
                if not self._ended.is_set():
                    _raise(self._watched, ctypes.py_object(OutOfTimeError))
            left = _AGAIN

    @property
    def has_ended(self) -> bool:
        """Whether nothing will be stopped any more."""
        return self._ended.is_set()

    def end(self) -> None:
        """Stop watching; an exception that is on its way is taken back."""
        with self._lock:
            _raise(self._watched, None)
            self._ended.set()


def _raise(thread: int, error: ctypes.py_object[type[OutOfTimeError]] | None) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), error)
