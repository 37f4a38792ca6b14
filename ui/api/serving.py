"""What every address shares: its threads, its gate, streams of events, request ids, and a bound on bodies."""

from __future__ import annotations

import json
import logging
import secrets
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, TypeVar

import anyio
import anyio.to_thread
from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.api.access import Gate, Signer
from ui.api.errors import ApiError, from_failure, rendered, server_error
from ui.api.models import Models
from ui.api.painting import Ask, Begun, begin, follow
from ui.wiring import App

LOG = logging.getLogger(__name__)
MAX_BODY_BYTES = 120_000_000
THREADS = 256
"""Requests wait in threads; most of them sleep."""
KEY_LETTERS = 190

T = TypeVar("T")
Events = Callable[[Begun, Callable[[], bool]], Iterator[dict[str, Any]]]
"""From a turn, and what says whether nobody listens any more, to the turn's events."""


class Service:
    """What the addresses work with."""

    def __init__(self, app: App):
        self.app = app
        self.models = Models(app.turns.painters)
        self.gate = Gate(app)
        self.signer = Signer()
        self._threads: anyio.CapacityLimiter | None = None

    async def owner_of(self, headers: Headers) -> str:
        """Return whose request has these headers. Raises: ApiError: they may not."""
        return await self.in_thread(lambda: self.gate.owner_of(headers))

    async def in_thread(self, work: Callable[[], T], abandon: bool = False) -> T:
        """Return what blocking work returns; a caller that is cancelled waits for its end, or else abandons it."""
        if self._threads is None:  # belongs to the running event loop
            self._threads = anyio.CapacityLimiter(THREADS)
        return await anyio.to_thread.run_sync(work, abandon_on_cancel=abandon, limiter=self._threads)

    async def waiting(self, owner: str, work: Callable[[], T]) -> T:
        """Return what work returns that waits for pictures. Raises: ApiError: too many of this person's do."""
        with self.gate.place(owner):
            return await self.in_thread(work)


async def turn_response(
    service: Service, owner: str, ask: Callable[[], Ask], answer: Callable[[Begun], Response],
    events: Events | None = None, last: str = "",
) -> Response:  # fmt: skip
    """Take the turn that was asked for, and return its answer, or its events as they come where they are given.

    Everything given is called in threads. `last` is the line after the last event.
    """
    if events is not None:
        return await _events_response(service, owner, ask, events, last)

    def whole() -> Response:
        turn = begin(service.app, ask())
        for _ in follow(service.app, turn):
            pass
        return answer(turn)

    return await service.waiting(owner, whole)


async def _events_response(
    service: Service, owner: str, ask: Callable[[], Ask], events: Events, last: str
) -> StreamingResponse:
    """Begin a turn, and return its events as they come; whoever leaves stops the stream and not the turn.

    What fails before the turn has begun is an ordinary error; what fails after is the last event.
    """
    place = service.gate.place(owner)
    place.__enter__()
    try:
        turn = await service.in_thread(lambda: begin(service.app, ask()))
    except BaseException:
        place.__exit__(None, None, None)
        raise
    gone = threading.Event()

    async def stream() -> AsyncIterator[bytes]:
        iterator = events(turn, gone.is_set)
        while (event := await service.in_thread(lambda: _next(iterator), abandon=True)) is not None:
            yield _line(event)
        if last:
            yield f"data: {last}\n\n".encode()

    def ended() -> None:
        gone.set()
        place.__exit__(None, None, None)

    return _Stream(stream(), ended)


class _Stream(StreamingResponse):
    """A stream of events; `ended` is called when nobody listens any more, also where its first line was never sent."""

    def __init__(self, lines: AsyncIterator[bytes], ended: Callable[[], None]):
        super().__init__(lines, media_type="text/event-stream", headers={"cache-control": "no-cache"})
        self._ended = ended

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._ended()


def idempotency_key(request: Request) -> str | None:
    """Return the request's idempotency key, if it has one. Raises: ApiError: it is too long, or empty."""
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not 1 <= len(key) <= KEY_LETTERS or not key.isascii() or not key.isprintable():
        raise ApiError(
            f"An idempotency key has 1 to {KEY_LETTERS} printable letters; send another.",
            param="Idempotency-Key", code="invalid_value",
        )  # fmt: skip
    return key


class Wrapped:
    """Gives every answer a request id, bounds what a request may send, and answers what nobody foresaw."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number = f"req_{secrets.token_hex(16)}"
        begun, taken = False, 0

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > MAX_BODY_BYTES:
                raise ApiError(
                    f"The request is larger than {MAX_BODY_BYTES:,} bytes; send less.", status=413,
                    code="request_too_large",
                )  # fmt: skip
            return message

        async def marked(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                MutableHeaders(scope=message)["x-request-id"] = number
            await send(message)

        try:
            await self.app(scope, bounded, marked)
        except Exception as error:
            known = from_failure(error)
            if known is None:
                LOG.exception("request %s broke", number)
                known = server_error(
                    f"Something in Limner broke ({type(error).__name__}); its log says more: {number}."
                )
            if begun:
                raise
            await rendered(known)(scope, receive, marked)


def _next(iterator: Iterator[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the next event, an error's as the last one, or None."""
    try:
        return next(iterator, None)
    except Exception as error:
        known = from_failure(error)
        if known is None:
            LOG.exception("a stream broke")
            known = server_error(f"Something in Limner broke ({type(error).__name__}); send the request again.")
        return {"type": "error", **known.body}


def _line(event: dict[str, Any]) -> bytes:
    name = f"event: {event['type']}\n" if "type" in event else ""
    return f"{name}data: {json.dumps(event)}\n\n".encode()
