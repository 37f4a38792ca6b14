"""What is set under the message, and what it asks of a turn. Knows no gradio."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.messages import TurnOptions
from generation.request import Taken
from ui.web.views import Shown
from ui.web.wishes import STYLES

COUNTS = ("1", "2", "3", "4", "6", "8")
DIGEST = re.compile(r"[0-9a-f]{64}")
NEW = "new"


@dataclass(frozen=True)
class Wanted:
    """Whose press it was and what was set there: the conversation, its turn looked at, and the options."""

    owner: str
    conversation: str
    tip: str = ""
    search: str = ""
    count: str = "1"
    keep_seed: bool = False
    exact: bool = False
    shape: str = ""
    style: str = ""
    check: bool = True
    painter: str | None = None
    """Who shall paint, of those that can be chosen; None for the usual one."""
    mask: str = ""
    """What the message is held to: the SHA-256 of a mask, "layout:v2", "subject:v2", "style:v2", "new", or ""."""

    @property
    def several(self) -> int:
        return int(self.count) if self.count in COUNTS else 1

    def styled(self, message: str) -> str:
        """Return a message with the words of the style that is set."""
        return (
            f"{message.rstrip(' .,;!')}, {self.style}"
            if self.style in dict(STYLES).values() and self.style
            else message
        )

    def options(self, shown: Shown) -> TurnOptions:
        """Return what is asked of a turn. A shape is for first pictures only, for an edit keeps its parent's."""
        current = shown.versions.get(shown.current or "")
        seed = current.recipe.seed if self.keep_seed and current and current.recipe else None
        width, _, height = self.shape.partition("x") if self.shape and not shown.versions else ("", "", "")
        size = (int(width), int(height)) if width.isdigit() and height.isdigit() else None
        several = self.several if self.several > 1 else None
        if DIGEST.fullmatch(self.mask) and current:
            return TurnOptions(count=several, seed=seed, act="edit", mask=self.mask)
        held, _, label = self.mask.partition(":")
        if held == "layout" and label in shown.versions:
            return TurnOptions(count=several, seed=seed, layout=label)
        if held in ("subject", "style") and label in shown.versions:
            takes: Taken = "subject" if held == "subject" else "style"
            return TurnOptions(count=several, seed=seed, act="create", pattern=label, takes=takes)
        if self.mask == NEW:
            return TurnOptions(count=several, seed=seed, act="create")
        return TurnOptions(count=several, seed=seed, size=size)
