"""Looks at finished pictures in the background, for search by what is in them and for the titles of conversations.

Nothing waits for it: a picture is painted, kept and shown before it is looked at. Knows no captioner, only a function
that puts a picture's bytes in words; what it could not look at now is looked at when Limner starts the next time.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Protocol

from assistant.errors import AssistantError, StoreError
from assistant.images import BlobStore
from assistant.store.captions import CaptionStore, Unseen
from assistant.store.engine import Database
from captioner.errors import CaptionerError
from captioner.request import CaptionKind

LOG = logging.getLogger(__name__)
MOST_TROUBLES = 3
"""After so many pictures in a row that it could not look at, there is no use in looking at more."""
LET_PASS_SECONDS = 20.0
LOOK_SECONDS = 30.0
"""How often it looks for what other processes painted."""


class Describe(Protocol):
    """Puts into words what a picture's file shows, briefly or in full."""

    def __call__(self, data: bytes, kind: CaptionKind = "descriptive", /) -> str:
        """Raises: CaptionerError."""
        ...


class Onlooker:
    """Fills in captions and titles: in the caller's thread (`look_at_all`) or in its own (`start`)."""

    def __init__(
        self, database: Database, blobs: BlobStore, describe: Describe, painted: bool,
        is_busy: Callable[[], bool] = lambda: False, told: Callable[[], object] = lambda: None,
    ):  # fmt: skip
        """`painted`: the captioner knows what is painted here; else only people's own pictures are looked at.

        While `is_busy`, somebody waits for a picture, which goes before descriptions; titles are quick. `told` is
        called each time that something was kept.
        """
        self._captions = CaptionStore(database, painted)
        self._blobs = blobs
        self._describe = describe
        self._is_busy = is_busy
        self._told = told
        self._left_out: set[str] = set()
        self._troubles = 0
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._loop, name="limner-onlooker", daemon=True)
            self._thread.start()

    def close(self, timeout: float = 10.0) -> None:
        """Stop after the picture at hand."""
        self._closing.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout)

    def wake(self) -> None:
        """Look for new pictures now."""
        self._wake.set()

    def is_at(self, conversation_id: str) -> bool:
        """Say whether words for a conversation's pictures are still to come."""
        if self._thread is None or self._closing.is_set() or self._troubles >= MOST_TROUBLES:
            return False
        return self._captions.lacks(conversation_id, self._left_out)

    def look_at_all(self) -> int:
        """Look at what nobody has looked at yet, titles first; return at how many pictures."""
        looks = 0
        while not self._closing.is_set() and self._troubles < MOST_TROUBLES:
            captions = self._captions
            if (first := captions.next_untitled(self._left_out)) is not None:
                if words := self._words(first, "short"):
                    captions.title(first.of, first.image, words[0].upper() + words[1:].rstrip("."))
                else:
                    self._left_out.add(first.of)
            elif (unseen := captions.next_unseen(self._left_out)) is not None:
                self._let_pass()
                if words := self._words(unseen, "descriptive"):
                    captions.keep(unseen.of, words)
                else:
                    self._left_out.add(unseen.of)
            else:
                return looks
            looks += 1
            self._told()
        return looks

    def _let_pass(self) -> None:
        """Wait while somebody waits for a picture, within reason: some servers are never idle."""
        until = time.monotonic() + LET_PASS_SECONDS
        while self._is_busy() and time.monotonic() < until and not self._closing.wait(0.2):
            pass

    def _words(self, unseen: Unseen, kind: CaptionKind) -> str:
        """Return the words for a picture; "" where there are none."""
        try:
            words = self._describe(self._blobs.read(unseen.image), kind).strip()
        except (AssistantError, CaptionerError) as error:
            LOG.warning("could not look at a picture: %s", error)
            self._troubles += 1
            return ""
        self._troubles = 0
        return words

    def _loop(self) -> None:
        while not self._closing.is_set():
            try:
                self.look_at_all()
            except StoreError as error:  # busy or full; the words come later
                LOG.warning("could not keep what is seen in a picture: %s", error)
            except Exception:  # whatever a model does to one picture, the next one is looked at
                LOG.exception("could not look at a picture")
                self._troubles += 1
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()
