"""Following a turn in progress: how far it is, as its events tell, and which tab still looks at it."""

from __future__ import annotations

import time
from dataclasses import replace

from assistant.messages import Event
from ui.web.retelling import english
from ui.web.texts import _, _n
from ui.web.views import Live


class Look:
    """One thing that one tab looks at."""

    def __init__(self, tab: str):
        self.tab = tab


class Looks:
    """What each tab looks at now, remembered only to stop following for it what it left."""

    def __init__(self) -> None:
        self._now: dict[str, Look] = {}

    def begin(self, tab: str) -> Look:
        """Note that the tab now looks at something else; who followed for it before stops."""
        self._now[tab] = look = Look(tab)
        return look

    def now(self, tab: str) -> Look | None:
        return self._now.get(tab)

    def still(self, look: Look) -> bool:
        return self._now.get(look.tab) is look

    def leave(self, tab: str) -> None:
        self._now.pop(tab, None)


class Watch:
    """How far a turn is, as its events tell; the time that is left is guessed from the steps so far."""

    def __init__(self, turn_id: str):
        self.turn_id = turn_id
        self.live = Live(doing=_("Thinking"))
        self._first: tuple[float, int] | None = None

    def behind(self, before: int) -> Live:
        """Say how many turns come before this one."""
        return replace(self.live, doing=_n("Waiting: {count} before you", "Waiting: {count} before you", before))

    def after(self, event: Event) -> Live:
        data = event.data
        match event.kind:
            case "plan":
                self.live = replace(self.live, plan=str(data.get("line", "")), doing=_("Getting ready to paint"))
            case "progress":
                step, steps = int(data.get("step", 0)), int(data.get("steps", 0))
                self.live = replace(self.live, step=step, steps=steps, left=self._left(step, steps))
            case "checked":
                gone = ", ".join(str(name) for name in data.get("missing", []))
                self.live = replace(
                    self.live, doing=_("Painting again, not as asked: {things}", things=english(gone)), step=0, steps=0
                )
            case "preview" if event.image:
                self.live = replace(self.live, preview=f"/previews/{self.turn_id}?n={event.number}")
        return self.live

    def _left(self, step: int, steps: int) -> float | None:
        now = time.monotonic()
        if self._first is None or step < self._first[1]:
            self._first = (now, step)
            return None
        since, begun = self._first
        return (now - since) / (step - begun) * (steps - step) if step > begun else None
