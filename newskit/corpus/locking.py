"""One writer per folder: a lock file with an owner and a heartbeat, taken over when its owner is gone."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from newskit.corpus.folder import Folder, read_manifest
from newskit.errors import CorpusFolderError

LOCK_FILE: Final = ".lock"
HEARTBEAT: Final = 10.0
"""Seconds between two signs of life."""
STALE: Final = 60.0
"""Seconds without a sign of life after which a lock is taken over."""


class Lock:
    """The right to write into a folder, held until `release`; see `locked`."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.owner: dict[str, Any] = {
            "host": socket.gethostname(),
            "pids": _pid_namespace(),
            "pid": os.getpid(),
            "token": uuid.uuid4().hex,
        }
        self._refusal: CorpusFolderError | None = None
        self._made_folder = False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="newskit-heartbeat", daemon=True)

    def acquire(self) -> None:
        """Take the lock; raises `CorpusFolderError` if somebody else holds it.

        A finished corpus needs none as long as nothing is written: then `check` raises what was in the way.
        """
        try:
            if not self._create():
                self._take_over(self.folder.read(LOCK_FILE))
        except CorpusFolderError as error:
            if not self._is_finished():
                raise
            self._refusal = error
        except OSError as error:  # a folder that may only be read
            if not self._is_finished():
                raise
            self._refusal = CorpusFolderError(
                f"{self.folder.url} cannot be written ({error}), and there is something to write: not all that this "
                "call makes is there, or a part is damaged. Allow writing, or name another folder"
            )
        else:
            self._thread.start()

    def _is_finished(self) -> bool:
        return bool((read_manifest(self.folder) or {}).get("complete"))

    def check(self) -> None:
        """Raise `CorpusFolderError` unless the lock is held: called before anything is written.

        It may never have been, or was taken over, as after a machine slept.
        """
        if self._refusal is not None:
            raise self._refusal
        held = self.folder.read(LOCK_FILE)
        if held is None:
            raise CorpusFolderError(
                f"{self.folder.url} was changed while it was written: somebody deleted the folder or its lock, or "
                "another process has taken it over; give the same call again, it makes what is missing"
            )
        if _owner(held).get("token") != self.owner["token"]:
            raise CorpusFolderError(
                f"another process has taken over {self.folder.url}, since this one gave no sign of life for "
                f"{STALE:.0f} seconds; nothing is lost: give the same call again when the other has ended"
            )

    def release(self) -> None:
        """Give the lock back, unless it was taken over; a folder made for it alone goes too."""
        if self._refusal is not None:
            return
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()
        if _owner(self.folder.read(LOCK_FILE)).get("token") == self.owner["token"]:
            self.folder.remove(LOCK_FILE)
        if self._made_folder:
            with contextlib.suppress(OSError):  # there is a corpus in it, as there should be
                Path(self.folder.path("")).rmdir()

    def _note(self) -> bytes:
        return json.dumps({**self.owner, "alive": time.time()}).encode()

    def _create(self) -> bool:
        """Write the lock file, unless there is one."""
        path = self.folder.path(LOCK_FILE)
        if not self.folder.is_local:
            try:
                self.folder.fs.pipe_file(path, self._note(), mode="create")  # a conditional write
            except FileExistsError:
                return False
            return True
        self._made_folder = not Path(path).parent.exists()
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        try:
            with Path(path).open("xb", buffering=0) as file:
                try:
                    file.write(self._note())
                except BaseException:  # a full disk: half a lock would keep the next call out
                    Path(path).unlink(missing_ok=True)
                    raise
        except FileExistsError:
            return False
        return True

    def _take_over(self, held: bytes | None) -> None:
        """Take the lock of an owner that is gone; of two who try, one succeeds."""
        owner = _owner(held)
        if not self._is_gone(owner):
            raise CorpusFolderError(
                f"another process (number {owner.get('pid', 'unknown')} on {owner.get('host', 'an unknown machine')}) "
                f"is annotating into {self.folder.url}: wait until it has ended, then give the same call again, or "
                f"name another folder. If it was killed, the call works {STALE:.0f} seconds after its last sign of life"
            )
        if self.folder.is_local:
            aside = Path(self.folder.path(f".lock.{self.owner['token'][:8]}.part"))
            with contextlib.suppress(FileNotFoundError):
                Path(self.folder.path(LOCK_FILE)).rename(aside)
                if aside.read_bytes() != (held or b""):  # somebody was faster: it is their new lock
                    with contextlib.suppress(FileExistsError):
                        os.link(aside, self.folder.path(LOCK_FILE))
                aside.unlink()
        else:
            self.folder.remove(LOCK_FILE)
        if not self._create():
            raise CorpusFolderError(f"another process has just begun to annotate into {self.folder.url}: wait for it")

    def _is_gone(self, owner: dict[str, Any]) -> bool:
        here = all(owner.get(key) == self.owner[key] for key in ("host", "pids"))
        pid = owner.get("pid")
        if here and type(pid) is int and 0 < pid < 2**31 and os.name != "nt" and not _runs(pid):
            return True
        # A process of that number may be another by now, so what counts is the sign of life.
        return time.time() - self._last_sign(owner) > STALE

    def _last_sign(self, owner: dict[str, Any]) -> float:
        alive = owner.get("alive")
        if isinstance(alive, int | float) and alive is not True and 0 <= alive <= time.time() + STALE:
            return float(alive)
        with contextlib.suppress(OSError):  # cut while it was written, or nothing that newskit writes
            return Path(self.folder.path(LOCK_FILE)).stat().st_mtime
        return 0.0

    def _beat(self) -> None:
        while not self._over.wait(HEARTBEAT):
            with contextlib.suppress(OSError, CorpusFolderError):  # a network that is away for a moment
                self.check()
                self.folder.write(LOCK_FILE, self._note())


def _owner(data: bytes | None) -> dict[str, Any]:
    try:
        found = json.loads(data or b"{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _pid_namespace() -> str:
    """What tells containers apart that share the name of a machine; empty where there is no such thing."""
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return ""


def _runs(pid: int) -> bool:
    """Whether there is a process of that number on this machine; not for Windows, where the call would end it."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


@contextlib.contextmanager
def locked(folder: Folder) -> Iterator[Lock]:
    """Hold the lock of a folder; raises `CorpusFolderError` if another process annotates into it."""
    lock = Lock(folder)
    lock.acquire()
    try:
        yield lock
    finally:
        lock.release()
