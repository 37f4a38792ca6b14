"""What changes on the page, and nothing else: sheets of HTML in pieces by key, and patches between their states.

A conversation of hundreds of turns is sent whole once, when it is opened; from then on only the pieces that differ.
page.js lays them out (`receive`). What a tab has is remembered here; a tab that missed something says so and gets all.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

Sheets = Mapping[str, Mapping[str, str]]
"""For each sheet by name its pieces of HTML by key, in order; a piece is one element."""
Patch = dict[str, Any]

KEPT_TABS = 1_000
AGAIN_SECONDS = 2.0
"""gradio draws once a frame and keeps the last of several values: a patch this young is sent with the next, too."""


class Sent:
    """What each tab has been sent."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._lock = threading.Lock()
        self._tabs: OrderedDict[str, _Tab] = OrderedDict()

    def news(
        self, tab: str, sheets: Sheets, *place: str, is_part: bool = False, still: Callable[[], bool] = lambda: True
    ) -> dict[str, Any]:
        """Return the patches that bring a tab to these sheets, the newest last, and which conversation they show.

        Sheets that are not given stay as they are.

        Args:
            place: what is shown: a conversation, and the turn whose branch it is. A part may leave the turn away.
            is_part: it only goes with what the tab shows already: where that is another place by now, it comes too
                late, and nothing is sent.
            still: whether it is to be sent at all, asked where no other news can come in between.

        Returns:
            An empty dict where nothing is to be sent.
        """
        with self._lock:
            has = self._tabs.get(tab, _Tab())
            if not still() or (is_part and has.place[: len(place)] not in (place, ())):
                return {}
            self._tabs[tab] = has
            if not is_part:
                has.place = place
            self._tabs.move_to_end(tab)
            while len(self._tabs) > KEPT_TABS:
                self._tabs.popitem(last=False)
            patch = patch_of(has.prints, sheets) | {"from": has.state}
            for name, pieces in sheets.items():
                has.prints[name] = {key: hash(piece) for key, piece in pieces.items()}
            has.state = patch["to"] = secrets.token_hex(6)
            now = self._clock()
            has.recent = [(when, one) for when, one in has.recent if now - when < AGAIN_SECONDS] + [(now, patch)]
            return {"patches": [one for _, one in has.recent], "conversation": place[0] if place else ""}

    def forget(self, tab: str) -> None:
        """Send this tab everything the next time."""
        with self._lock:
            self._tabs.pop(tab, None)


class _Tab:
    """What one tab has: which place it shows, a name for its state ("" for nothing), and of every piece its hash."""

    def __init__(self) -> None:
        self.place: tuple[str, ...] = ()
        self.state = ""
        self.prints: dict[str, dict[str, int]] = {}
        self.recent: list[tuple[float, Patch]] = []


def patch_of(prints: Mapping[str, Mapping[str, int]], sheets: Sheets) -> Patch:
    """Return what makes the sheets of what has these hashes.

    For each sheet that differs: `drop`, keys; `put`, triples of a key, the key before it ("" for none) and the piece;
    `order`, all keys, only where pieces that stay change places.
    """
    changed: dict[str, Patch] = {}
    for name, pieces in sheets.items():
        old = prints.get(name, {})
        patch: Patch = {}
        if dropped := [key for key in old if key not in pieces]:
            patch["drop"] = dropped
        keys = list(pieces)
        before = dict(zip(keys, ["", *keys], strict=False))
        if put := [[key, before[key], piece] for key, piece in pieces.items() if old.get(key) != hash(piece)]:
            patch["put"] = put
        if [key for key in old if key in pieces] != [key for key in keys if key in old]:
            patch["order"] = keys
        if patch:
            changed[name] = patch
    return {"sheets": changed}
