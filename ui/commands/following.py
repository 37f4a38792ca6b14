"""Following a turn from a terminal: a line that says how far it is, and Ctrl-C to stop it."""

from __future__ import annotations

import sys
import time
from typing import TextIO

from assistant.messages import Event, TurnResult
from ui.wiring import App

CLEAR = "\r\x1b[K"
BAR = 16
PATIENCE_SECONDS = 3.0


class ProgressLine:
    """One line on a terminal that is written over and over; nothing where there is no terminal."""

    def __init__(self, stream: TextIO):
        self.stream = stream if stream.isatty() else None

    def show(self, text: str) -> None:
        if self.stream:
            self.stream.write(CLEAR + text)
            self.stream.flush()

    def clear(self) -> None:
        if self.stream:
            self.stream.write(CLEAR)
            self.stream.flush()


def describe(event: Event) -> str:
    """Return what an event means to a person who waits, or ""."""
    data = event.data
    if event.kind == "planning":
        return "thinking …"
    if event.kind == "plan":
        return str(data.get("line", ""))[:100]
    if event.kind == "checked":
        return f"painting again, not as asked: {', '.join(map(str, data['missing']))}"[:100]
    if event.kind == "progress" and data.get("steps"):
        step, steps = int(data["step"]), int(data["steps"])
        done = BAR * step // steps
        return f"painting {'█' * done}{'░' * (BAR - done)} {step}/{steps}"
    return ""


class _Patience:
    """How long a terminal waits for a turn that cannot go on."""

    def __init__(self, app: App):
        self.app = app
        self.since: float | None = None

    def is_over(self) -> bool:
        if self.app.turns.trouble is None:
            self.since = None
            return False
        self.since = self.since or time.monotonic()
        return time.monotonic() - self.since > PATIENCE_SECONDS


def follow(app: App, turn: str) -> TurnResult:
    """Show how a turn goes on until it has ended, and return what became of it; Ctrl-C stops it.

    Raises:
        StoreError: the turn cannot go on; it stays stored, and the next start takes it up.
    """
    line = ProgressLine(sys.stderr)
    after, patience = 0, _Patience(app)
    while True:
        try:
            for event in app.turns.events(turn, after, owner=app.owner, stopped=patience.is_over):
                after = event.number
                if text := describe(event):
                    line.show(text)
            line.clear()
            result = app.turns.result(turn, app.owner)
            if not result.status.ended and app.turns.trouble:
                raise app.turns.trouble
            return result
        except KeyboardInterrupt:
            line.show("stopping …")
            app.turns.cancel(turn, app.owner)
