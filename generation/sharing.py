"""One GPU for a painter and a language model that may not fit on it together: then they take turns.

`share` is a pure function of what is needed and what is free. `SharedDevice` lets one of them on the device at a time
where it must: who comes moves the other out, into main memory, and only once that is not at work. Torch-free.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Literal, get_args

from generation.errors import RequestError, WeightsError
from generation.placement import GB, Machine

Share = Literal["together", "turns"]


@dataclass(frozen=True)
class Sharing:
    """How two models share a device, and what it was decided by."""

    share: Share
    needed: int
    free: int
    device: str

    def __str__(self) -> str:
        sizes = f"{self.needed / GB:.1f} GB needed together, {self.free / GB:.1f} GB free on {self.device}"
        if self.share == "together":
            return f"painter and rewriter stay loaded side by side ({sizes})"
        return f"painter and rewriter take turns, each moved out while the other works ({sizes})"


def share(painter: int, rewriter: int, machine: Machine, wish: str = "auto") -> Sharing:
    """Return how a painter and a rewriter share a device; where it works in main memory, moving makes no room.

    Args:
        painter, rewriter: bytes that each needs there while it works.
        wish: "together" or "turns"; "auto" lets them be there together if they fit.

    Raises:
        RequestError: there is no such wish.
    """
    if wish not in ("auto", *get_args(Share)):
        raise RequestError(f"The setting 'sharing' cannot be {wish[:40]!r}; use 'auto', 'together' or 'turns'.")
    fit = painter + rewriter <= machine.free or not machine.has_own_memory
    found: Share = "turns" if wish == "turns" or (wish == "auto" and not fit) else "together"
    return Sharing(found, painter + rewriter, machine.free, machine.name)


@dataclass
class _Guest:
    needed: int
    come: Callable[[], object]
    leave: Callable[[], object]


class SharedDevice:
    """Lets models work on one device, those that do not fit together one after the other, in the order they asked.

    Args:
        look: finds the device and what is free on it; called once, before anything of ours is there.
        wish: as for `share`.
        emptied: called after a model was moved out, to give its memory back to the device.
    """

    def __init__(self, look: Callable[[], Machine], wish: str = "auto", emptied: Callable[[], object] = lambda: None):
        share(0, 0, Machine("", "", 0, 0), wish)
        self._look, self._wish, self._emptied = look, wish, emptied
        self._machine: Machine | None = None
        self._guests: dict[str, _Guest] = {}
        self._working: Counter[str] = Counter()
        self._there: set[str] = set()
        self._waiting: deque[object] = deque()
        self._changed = threading.Condition()

    @property
    def machine(self) -> Machine:
        """The device as it was found, with all that was free before any of the models came."""
        with self._changed:
            if self._machine is None:
                self._machine = self._look()
            return self._machine

    def room(self) -> Machine:
        """Return the device with what is free for one that comes: all, unless it must stay beside the others."""
        taken = sum(guest.needed for guest in self._guests.values()) if self._wish == "together" else 0
        return replace(self.machine, free=max(self.machine.free - taken, 0))

    def join(self, name: str, needed: int, come: Callable[[], object], leave: Callable[[], object]) -> None:
        """Take in a model that lies in main memory.

        Args:
            needed: bytes that it needs on the device while it works.
            come, leave: move it to the device, and back.

        Raises:
            WeightsError: it does not fit, even alone.
        """
        room = self.room()
        if room.has_own_memory and needed > room.free:
            raise WeightsError(
                f"There is too little memory for {name}: it needs about {needed / GB:.1f} GB of {room.name}, and "
                f"{room.free / GB:.1f} GB are free; choose a smaller model, or LIMNER_SHARING=auto."
            )
        with self._changed:
            self._guests[name] = _Guest(needed, come, leave)

    @contextmanager
    def working(self, name: str) -> Iterator[None]:
        """Have a model on the device while this is open; waits until those that it does not fit beside are done."""
        with self._changed:
            ticket = object()
            self._waiting.append(ticket)
            try:
                self._changed.wait_for(
                    lambda: self._waiting[0] is ticket and not self._rivals(name) & set(self._working)
                )
                self._seat(name)
                self._working[name] += 1
            finally:
                self._waiting.remove(ticket)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._working[name] -= 1
                self._working += Counter()  # forget those at zero
                self._changed.notify_all()

    def _seat(self, name: str) -> None:
        for rival in self._there & self._rivals(name):
            self._guests[rival].leave()
            self._there.discard(rival)
            self._emptied()
        if name not in self._there:
            try:
                self._guests[name].come()
            except BaseException:
                self._guests[name].leave()  # what has come so far
                self._emptied()
                raise
            self._there.add(name)

    def _rivals(self, name: str) -> set[str]:
        """Return those that cannot be on the device beside this one."""
        own = self._guests[name].needed
        machine = self._machine or Machine("", "", 0, 0)
        return {
            other
            for other, guest in self._guests.items()
            if other != name and share(guest.needed, own, machine, self._wish).share == "turns"
        }
