"""The pictures that the server hands out: finished ones, small ones, and the newest preview of a running turn.

Every route asks the store first whose a picture is; another's is as unknown as one that never was.
"""

from __future__ import annotations

import io
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import FileResponse, PlainTextResponse
from PIL import Image

from assistant.errors import AssistantError
from ui.wiring import App

DIGEST = re.compile(r"[0-9a-f]{64}")
LABEL = re.compile(r"v[0-9]{1,7}")
EXAMPLES = Path(__file__).with_name("examples")
FOR_GOOD = "private, max-age=31536000, immutable"
SMALL_SIDE = 112
"""Thumbnails are shown at half of this, for screens with two dots a pixel."""
KEPT_SMALL = 512
KEPT_PREVIEWS = 64


class Recent:
    """Bytes by name, the last few; in memory only, so that nothing of a deleted picture stays on a disk."""

    def __init__(self, limit: int):
        self.limit = limit
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, name: str, data: bytes) -> None:
        with self._lock:
            self._kept[name] = data
            self._kept.move_to_end(name)
            while len(self._kept) > self.limit:
                self._kept.popitem(last=False)

    def get(self, name: str) -> bytes | None:
        with self._lock:
            return self._kept.get(name)

    def made(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Return what is kept under a name, made now where it is not."""
        data = self.get(name)
        if data is None:
            data = make()
            self.put(name, data)
        return data


def add_pictures(server: FastAPI, app: App, previews: Recent) -> None:
    """Add the routes `/pictures/<sha256>`, `/previews/<turn>` and `/examples/<name>`."""
    small_ones = Recent(KEPT_SMALL)

    @server.get("/pictures/{digest}")
    def picture(
        request: Request, digest: str, save: Annotated[str, Query(max_length=20)] = "", small: bool = False
    ) -> Response:
        try:
            if not DIGEST.fullmatch(digest) or not app.store.may_read(digest, app.owner):
                return PlainTextResponse("There is no such picture.", 404)
            path = app.turns.picture_path(digest, app.owner)
            etag = f'"{digest}{"-small" if small else ""}"'
            headers = {"Cache-Control": FOR_GOOD, "ETag": etag, "X-Content-Type-Options": "nosniff"}
            if request.headers.get("if-none-match") == etag:
                return Response(status_code=304, headers=headers)
            if small:
                data = small_ones.made(digest, lambda: thumbnail(app.turns.picture(digest, app.owner)))
                return Response(data, media_type="image/webp", headers=headers)
        except AssistantError as error:
            return PlainTextResponse(str(error), 410)
        name = f"limner-{save}.png" if LABEL.fullmatch(save) else None
        return FileResponse(path, media_type="image/png", filename=name, headers=headers)

    @server.get("/previews/{turn}")
    def preview(turn: str) -> Response:
        try:
            app.store.turn(turn, app.owner)
        except AssistantError:
            return PlainTextResponse("There is no such picture.", 404)
        data = previews.get(turn)
        if data is None:
            return PlainTextResponse("There is no preview of it now.", 404)
        headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        return Response(data, media_type=media_type(data), headers=headers)

    @server.get("/examples/{name}")
    def example(name: str) -> Response:
        if not re.fullmatch(r"[a-z]+\.webp", name) or not (EXAMPLES / name).is_file():
            return PlainTextResponse("There is no such picture.", 404)
        return FileResponse(EXAMPLES / name, media_type="image/webp", headers={"Cache-Control": "max-age=86400"})


def thumbnail(data: bytes) -> bytes:
    """Return a picture made small, as WebP."""
    with Image.open(io.BytesIO(data)) as picture:
        small = picture.convert("RGB")
    small.thumbnail((SMALL_SIDE, SMALL_SIDE), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    small.save(buffer, "WEBP", quality=85)
    return buffer.getvalue()


def media_type(image: bytes) -> str:
    return "image/jpeg" if image[:2] == b"\xff\xd8" else "image/webp" if image[:4] == b"RIFF" else "image/png"
