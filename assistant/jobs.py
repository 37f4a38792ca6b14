"""Who runs the queued turns: one worker per process, one turn at a time, watched or not.

A worker shows that it lives by a locked file, which the system lets go the moment its process dies, and by renewing
its lease; so a killed process's turn is taken up at once and a frozen one's after its lease. Knows nothing of what a
turn does.
"""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Literal

from assistant.errors import AssistantError, StoreError
from assistant.store.queue import LEASE_SECONDS, Job, LeaseLost, TurnQueue

LOG = logging.getLogger(__name__)
LOOK_SECONDS = 0.5
"""How often a worker looks for what other processes asked of it."""
OLD_LOCK_SECONDS = 86_400.0

Why = Literal["cancel", "closing", "taken"]


class Stopped(Exception):
    """The turn was asked to stop and did."""


class StopSign:
    """Says to a running turn that it should stop, and why; the first reason stays."""

    def __init__(self) -> None:
        self._set = threading.Condition()
        self.why: Why | None = None

    def __call__(self) -> bool:
        return self.why is not None

    def set(self, why: Why) -> None:
        with self._set:
            self.why = self.why or why
            self._set.notify_all()

    def notify(self) -> None:
        """Let `wait_for` look again."""
        with self._set:
            self._set.notify_all()

    def wait_for(self, ready: Callable[[], bool]) -> None:
        """Wait until it is ready or the turn shall stop."""
        with self._set:
            self._set.wait_for(lambda: self.why is not None or ready())

    def check(self) -> None:
        """Raises: Stopped: the turn shall stop."""
        if self.why:
            raise Stopped


class Presence:
    """A worker's name, and a file that stays locked as long as its process lives.

    Without a folder (a database server) only leases tell who is dead.
    """

    def __init__(self, folder: Path | None):
        self.name = f"{socket.gethostname()[:60]}-{os.getpid()}-{secrets.token_hex(4)}"
        self.folder = folder
        self._file: int | None = None
        if folder is not None:
            folder.mkdir(exist_ok=True)
            _remove_old(folder)
            self._file = os.open(folder / self.name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX)

    def lives(self, name: str) -> bool:
        """Say whether the worker of this name may still live. Ask only of names that have claimed a turn."""
        if name == self.name or self.folder is None:
            return True
        return not _unlocked(self.folder / name)

    def close(self) -> None:
        if self._file is not None and self.folder is not None:
            (self.folder / self.name).unlink(missing_ok=True)
            os.close(self._file)
            self._file = None


class Worker:
    """Claims turns and runs them, in the caller's thread (`run_pending`) or in its own (`start`)."""

    def __init__(
        self, queue: TurnQueue, presence: Presence, run: Callable[[Job, StopSign], None], clock: Callable[[], datetime]
    ):
        self.queue = queue
        self.presence = presence
        self.run = run
        self.clock = clock
        self._one_at_a_time = threading.Lock()
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._current: tuple[str, StopSign] | None = None
        self.trouble: StoreError | None = None
        """Why the thread cannot go on at present: not even a turn's failure can be written."""

    def start(self, tidy: Callable[[], object] = lambda: None) -> None:
        """Run queued turns in a thread until `close`; `tidy` is called there once, when there is nothing to run."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._loop, args=(tidy,), name="limner-turns", daemon=True)
            self._thread.start()

    def close(self, timeout: float = 10.0) -> None:
        """Stop; a turn midway stops at its next step and goes back to the queue for whoever comes next."""
        self._closing.set()
        self._wake.set()
        if self._current:
            self._current[1].set("closing")
        if self._thread is not None:
            self._thread.join(timeout)
        if self._thread is None or not self._thread.is_alive():
            self.presence.close()

    def wake(self) -> None:
        """Look at the queue now."""
        self._wake.set()

    def cancel(self, turn_id: str) -> None:
        """Stop the turn at once if it runs here."""
        current = self._current
        if current and current[0] == turn_id:
            current[1].set("cancel")

    @property
    def is_busy(self) -> bool:
        """Whether a turn runs here now."""
        return self._current is not None

    def recover(self) -> tuple[str, ...]:
        """Take up the turns of workers that died, and return their ids."""
        idle = self._one_at_a_time.acquire(blocking=False)
        try:
            now, name = self.clock(), self.presence.name
            running = self.queue.running()
            lost = {worker for _, worker, _ in running if not self.presence.lives(worker)}
            if idle and any(worker == name for _, worker, _ in running):
                lost.add(name)  # its end could not be written, for want of room
            if lost or any(lease < now.timestamp() and worker != name for _, worker, lease in running):
                return self.queue.recover(lost, name, now)
            return ()
        finally:
            if idle:
                self._one_at_a_time.release()

    def run_pending(self) -> int:
        """Run queued turns in this thread until none can be claimed; return how many ran."""
        ran = 0
        while not self._closing.is_set():
            with self._one_at_a_time:
                job = self.queue.claim(self.presence.name, self.clock()) if self.queue.waiting() else None
                if job is None:
                    return ran
                self._run(job)
                ran += 1
        return ran

    def _run(self, job: Job) -> None:
        stop = StopSign()
        ended = threading.Event()
        watch = threading.Thread(target=self._watch, args=(job, stop, ended), name="limner-lease", daemon=True)
        self._current = (job.turn_id, stop)
        if self._closing.is_set():
            stop.set("closing")
        watch.start()
        try:
            self.run(job, stop)
        finally:
            self._current = None
            ended.set()
            watch.join()

    def _watch(self, job: Job, stop: StopSign, ended: threading.Event) -> None:
        """Renew the lease and hear from other processes while a turn runs."""
        renewed = time.monotonic()
        while not ended.wait(LOOK_SECONDS):
            try:
                if self.queue.cancel_asked(job):
                    stop.set("cancel")
                if time.monotonic() - renewed > LEASE_SECONDS / 6:
                    self.queue.renew(job, self.clock())
                    renewed = time.monotonic()
            except LeaseLost:
                if not ended.is_set():
                    stop.set("taken")
                return
            except AssistantError as error:
                LOG.warning("could not renew the lease of turn %s: %s", job.turn_id, error)

    def _loop(self, tidy: Callable[[], object]) -> None:
        tidied = False
        while not self._closing.is_set():
            try:
                self.recover()
                self.run_pending()
                if not tidied:
                    tidied = True
                    tidy()
                self.trouble = None
            except StoreError as error:  # a full disk, most likely; the turn is taken up again when there is room
                if str(error) != str(self.trouble):
                    LOG.warning("the worker cannot go on: %s", error)
                self.trouble = error
                self._closing.wait(LOOK_SECONDS)
            except Exception:  # the worker outlives whatever a turn does; the turn is taken up again
                LOG.exception("the worker could not run a turn; trying again")
                self._closing.wait(LOOK_SECONDS)
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()


def _unlocked(path: Path) -> bool:
    """Say whether nobody holds the file's lock (or it is gone), and remove it then."""
    try:
        file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        path.unlink(missing_ok=True)
        return True
    finally:
        os.close(file)


def _remove_old(folder: Path) -> None:
    for path in folder.iterdir():
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > OLD_LOCK_SECONDS:
                _unlocked(path)
