"""What the page asks of a picture while it is touched: which part lies at a point, and which phrases are locked.

Every route asks the store first whose a version is, as those of `ui.web.pictures` do.
"""

from __future__ import annotations

import base64
import threading
from collections import OrderedDict
from typing import Annotated

from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from pydantic import BaseModel, ConfigDict, Field

from assistant.errors import AssistantError
from assistant.messages import Version
from assistant.pointing import Part, parts_at, parts_of
from captioner.naming import wishes_by_name
from generation.errors import GenerationError
from generation.request import Painter, RegionFinder
from ui.web import retelling
from ui.web.pictures import LABELS
from ui.web.signing_in import owner_of
from ui.wiring import App, LazyPainter

CONVERSATIONS = Query(max_length=80)
PIXELS = Query(ge=0, lt=100_000)
KEPT_PARTS = 32


class Lock(BaseModel):
    """What is asked of a phrase of a version's prompt."""

    model_config = ConfigDict(extra="forbid")

    phrase: str = Field(max_length=8_000)
    locked: bool


class Parts:
    """The parts of the last few pictures that somebody pointed at; a picture never changes, and nor do its parts."""

    def __init__(self, app: App):
        self.app = app
        self._kept: OrderedDict[str, tuple[Part, ...]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, version: Version) -> tuple[Part, ...]:
        """Return a version's parts. Raises: AssistantError, GenerationError."""
        with self._lock:
            if version.id not in self._kept:
                self._kept[version.id] = self._found(version)
                while len(self._kept) > KEPT_PARTS:
                    self._kept.popitem(last=False)
            return self._kept[version.id]

    def _found(self, version: Version) -> tuple[Part, ...]:
        """Return them as the first finds them that can: who painted it, the usual painter, or the embedded one."""
        turns = self.app.turns
        for name in dict.fromkeys((version.recipe.painter if version.recipe else "", turns.name, "embedded")):
            painter = turns.painters.get(name)
            finder = finder_of(painter) if painter else None
            if painter and finder:
                wishes = wishes_by_name(version.prompt)
                return parts_of(version, wishes, finder, painter.capabilities(), self.app.blobs)
        return ()


def finder_of(painter: Painter) -> RegionFinder | None:
    """Return the painter as a finder of regions, if it is one; it is loaded for that."""
    loaded = painter.load() if isinstance(painter, LazyPainter) else painter
    return loaded if isinstance(loaded, RegionFinder) else None


def _said(error: Exception) -> str:
    return retelling.known(str(error)) or str(error)


def add_touching(server: FastAPI, app: App) -> None:
    """Add the routes `/parts` and `/locks`."""
    known = Parts(app)

    @server.get("/parts")
    def parts(
        request: Request, c: Annotated[str, CONVERSATIONS], v: Annotated[str, LABELS], x: Annotated[int, PIXELS],
        y: Annotated[int, PIXELS],
    ) -> Response:  # fmt: skip
        """Return the parts of the version `v` of the conversation `c` at a pixel, the smallest first, as masks."""
        try:
            version = app.store.version(c, v, owner_of(request))
            here = parts_at(known.of(version), (x, y))
        except (AssistantError, GenerationError) as error:
            return PlainTextResponse(_said(error), 400)
        found = [{"name": part.name, "mask": base64.b64encode(part.mask).decode()} for part in here]
        return JSONResponse({"parts": found}, headers={"Cache-Control": "no-store"})

    @server.get("/locks")
    def locks(request: Request, c: Annotated[str, CONVERSATIONS], v: Annotated[str, LABELS]) -> Response:
        """Return the phrases that are locked at the version `v` of the conversation `c`."""
        try:
            return _locked(app.turns.locked(c, v, owner_of(request)))
        except AssistantError as error:
            return PlainTextResponse(_said(error), 400)

    @server.post("/locks")
    def lock(request: Request, c: Annotated[str, CONVERSATIONS], v: Annotated[str, LABELS], asked: Lock) -> Response:
        """Lock or unlock a phrase from the version `v` on, and return those that then hold there.

        The body is JSON, which a form on someone else's page cannot send.
        """
        change = app.turns.lock if asked.locked else app.turns.unlock
        try:
            return _locked(change(c, v, asked.phrase, owner_of(request)))
        except AssistantError as error:
            return PlainTextResponse(_said(error), 400)


def _locked(phrases: tuple[str, ...]) -> Response:
    return JSONResponse({"locked": list(phrases)}, headers={"Cache-Control": "no-store"})
