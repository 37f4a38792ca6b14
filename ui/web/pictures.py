"""The pictures that the server hands out and takes in: finished ones, small ones, previews, and a person's own.

Every route asks the store first whose a picture is; another's is as unknown as one that never was.
"""

from __future__ import annotations

import io
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, JSONResponse, PlainTextResponse
from PIL import Image

from assistant.errors import AssistantError, UploadError
from assistant.messages import Version
from assistant.uploads import read_mask, read_upload
from captioner.errors import CaptionerError
from generation.errors import GenerationError
from ui.web.signing_in import owner_of
from ui.web.views import WIDTHS
from ui.wiring import App

DIGEST = re.compile(r"[0-9a-f]{64}")
LABEL = re.compile(r"v[0-9]{1,7}")
LABELS = Query(pattern=r"^v[0-9]{1,7}$")
EXAMPLES = Path(__file__).with_name("examples")
FOR_GOOD = "private, max-age=31536000, immutable"
KEPT_SMALL = 1024
LOSSLESS_PIXELS = 256 * 256
"""Pictures of no more than this are kept as they are, pixel for pixel; larger ones lose what nobody sees."""
KEPT_TOLD = 64
LARGEST_MEGABYTES = 20
RAW = "application/octet-stream"
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

    def forget(self, names: Iterable[str]) -> None:
        with self._lock:
            for name in names:
                self._kept.pop(name, None)

    def made(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Return what is kept under a name, made now where it is not."""
        data = self.get(name)
        if data is None:
            data = make()
            self.put(name, data)
        return data


class Kept:
    """What is kept of pictures beside the store, to be handed out quickly: previews, small ones, ones with their story,
    and what the captioner sees in them.

    Small ones are named by what they show and how wide, so they are the same for good.
    """

    def __init__(self) -> None:
        self.previews = Recent(KEPT_PREVIEWS)
        self.small = Recent(KEPT_SMALL)
        self.told = Recent(KEPT_TOLD)
        self.captions = Recent(KEPT_SMALL)

    def forget(self, versions: Iterable[Version]) -> None:
        """Let go of pictures that are deleted; what somebody else has, too, is made again."""
        for version in versions:
            self.small.forget(f"{version.image} {width}" for width in WIDTHS)
            self.told.forget([version.id])
            self.captions.forget([version.image])
            self.previews.forget([version.turn_id])


def add_pictures(server: FastAPI, app: App, kept: Kept) -> None:
    """Add the routes `/pictures/<sha256>`, `/previews/<turn>` and `/examples/<name>`.

    They are plain functions, which FastAPI calls in threads: no picture is made on the event loop.
    """

    @server.get("/pictures/{digest}")
    def picture(
        request: Request,
        digest: str,
        save: Annotated[str, Query(max_length=20)] = "",
        w: Annotated[int, Query()] = 0,
    ) -> Response:
        owner = owner_of(request)
        if w and w not in WIDTHS:
            return PlainTextResponse(f"Pictures are {', '.join(map(str, WIDTHS))} wide; {w} is none of these.", 404)
        try:
            version = app.store.version_of(digest, owner) if DIGEST.fullmatch(digest) else None
            if version is None:
                return PlainTextResponse("There is no such picture.", 404)
            etag = f'"{digest}{f"-w{w}" if w else ""}"'
            headers = {"Cache-Control": FOR_GOOD, "ETag": etag, "Vary": "Cookie", "X-Content-Type-Options": "nosniff"}
            if request.headers.get("if-none-match") == etag:
                return Response(status_code=304, headers=headers)
            if w:
                data = kept.small.made(f"{digest} {w}", lambda: thumbnail(app.blobs.read(digest), w))
                return Response(data, media_type="image/webp", headers=headers)
            # The same bytes each time, as its address is for good.
            data = kept.told.made(version.id, lambda: told(app, version, owner))
        except AssistantError as error:
            return PlainTextResponse(str(error), 410)
        if LABEL.fullmatch(save):
            headers["Content-Disposition"] = f'attachment; filename="limner-{save}.png"'
        return Response(data, media_type="image/png", headers=headers)

    @server.get("/captions/{digest}")
    def caption(request: Request, digest: str) -> Response:
        """Say what a picture shows, as the captioner sees it, for who does not; null where it could not tell.

        A captioner is asked of its own world alone: it is the one that checks what is painted. A person's own picture
        has its words from it already.
        """
        headers = {"Cache-Control": "no-store"}
        captioner = app.captioner
        if captioner is None or app.turns.checker is None:
            return JSONResponse({"caption": None}, headers=headers)
        try:
            version = app.store.version_of(digest, owner_of(request)) if DIGEST.fullmatch(digest) else None
            if version is None:
                return PlainTextResponse("There is no such picture.", 404)
            if version.recipe is None:
                return JSONResponse({"caption": version.prompt}, headers=headers)
            if version.caption:
                return JSONResponse({"caption": version.caption}, headers=headers)
            said = kept.captions.made(digest, lambda: captioner.describe(app.blobs.read(digest)).encode())
        except (AssistantError, CaptionerError) as error:
            return PlainTextResponse(str(error), 410)
        return JSONResponse({"caption": said.decode()}, headers=headers)

    @server.post("/pictures")
    async def bring(request: Request, c: Annotated[str, Query(max_length=80)] = "") -> Response:
        """Keep a person's own picture, in the conversation `c` or a new one, and say which.

        The body is the file. Its type must be one that a form on someone else's page cannot send.
        """
        return await _taken_in(request, lambda data: {"conversation": brought(app, data, c, owner_of(request))})

    @server.post("/masks")
    async def mask(request: Request, c: Annotated[str, Query(max_length=80)], v: Annotated[str, LABELS]) -> Response:
        """Keep a mask for the version `v` of the conversation `c`, transparent where it may change; say its name."""
        return await _taken_in(request, lambda data: {"mask": kept_mask(app, data, c, v, owner_of(request))})

    @server.get("/previews/{turn}")
    def preview(request: Request, turn: str) -> Response:
        try:
            found = app.store.turn(turn, owner_of(request))
        except AssistantError:
            return PlainTextResponse("There is no such picture.", 404)
        if found.plan and found.plan.act == "refuse":  # what was seen of it while it was painted is gone, too
            kept.previews.forget([turn])
        data = kept.previews.get(turn)
        if data is None:
            return PlainTextResponse("There is no preview of it now.", 404)
        headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        return Response(data, media_type=media_type(data), headers=headers)

    @server.get("/examples/{name}")
    def example(name: str) -> Response:
        if not re.fullmatch(r"[a-z]+\.webp", name) or not (EXAMPLES / name).is_file():
            return PlainTextResponse("There is no such picture.", 404)
        return FileResponse(EXAMPLES / name, media_type="image/webp", headers={"Cache-Control": "max-age=86400"})


def told(app: App, version: Version, owner: str) -> bytes:
    """Return a picture with its story. Raises: AssistantError."""
    versions = {other.label: other for other in app.store.versions(version.conversation_id, owner)}
    return app.teller.picture(version, versions)


async def _taken_in(request: Request, keep: Callable[[bytes], dict[str, str]]) -> Response:
    """Read a file that is the request's body and answer what keeping it gave, or the sentence why it was not kept."""
    if request.headers.get("content-type") != RAW:
        return PlainTextResponse(f"Send the file itself, as {RAW}.", 415)
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > LARGEST_MEGABYTES * 2**20:
            return PlainTextResponse(f"The file is larger than {LARGEST_MEGABYTES} MB; send a smaller one.", 413)
    try:
        return JSONResponse(await run_in_threadpool(keep, bytes(data)))
    except (AssistantError, CaptionerError, GenerationError) as error:
        return PlainTextResponse(str(error), 400)


def kept_mask(app: App, data: bytes, conversation: str, label: str, owner: str) -> str:
    """Keep a mask of a version's size, and return its SHA-256. Raises: AssistantError."""
    version = app.store.version(conversation, label, owner)
    return app.turns.keep_mask(read_mask(data, (version.width, version.height)))


def brought(app: App, data: bytes, conversation: str, owner: str) -> str:
    """Keep a picture as the newest version of a conversation, or of a new one, and return the conversation's id.

    Raises:
        AssistantError: it cannot be read or kept, or a picture is being painted in that conversation.
        CaptionerError, GenerationError: who looks at pictures could not look at it.
    """
    upload = read_upload(data)
    turns = app.turns
    if conversation and any(not turn.status.ended for turn in turns.history(conversation, owner)):
        raise UploadError("A picture is still being painted; press Stop, or wait for it, and bring yours again.")
    into = conversation or turns.new_conversation(owner).id
    try:
        turns.bring(into, upload, owner=owner)
    except (AssistantError, CaptionerError, GenerationError):
        if not conversation:  # an empty one is nothing to find among one's own
            turns.delete_conversation(into, owner)
        raise
    return into


def thumbnail(data: bytes, width: int) -> bytes:
    """Return a picture as WebP, at most so many pixels wide; one that is no wider keeps its size."""
    with Image.open(io.BytesIO(data)) as picture:
        height = max(1, round(picture.height * width / picture.width))
        small = picture.convert("RGB")
    if small.width > width:
        small = small.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
    buffer = io.BytesIO()
    small.save(buffer, "WEBP", quality=88, method=3, lossless=small.width * small.height <= LOSSLESS_PIXELS)
    return buffer.getvalue()


def media_type(image: bytes) -> str:
    return "image/jpeg" if image[:2] == b"\xff\xd8" else "image/webp" if image[:4] == b"RIFF" else "image/png"
