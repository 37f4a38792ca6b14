"""Who is asking, and who may: API keys, pages elsewhere, and addresses of pictures that carry their own permission.

On this machine's own address a key is needed only once there is one; on any other, and where people sign in, always.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from ui.api.errors import ApiError
from ui.wiring import App

MAX_WAITING = 32
"""Requests of one person that may wait for pictures at once."""
RETRY_SECONDS = 5
ADDRESS_SECONDS = 3600
"""How long an address of a picture can be read without a key, as with OpenAI."""


class Gate:
    """Lets people in, and counts how many of their requests are waiting."""

    def __init__(self, app: App):
        self.app = app
        self._waiting: dict[str, int] = {}

    def owner_of(self, headers: Headers) -> str:
        """Return whose request this is.

        Raises:
            ApiError: a key is needed and there is none, or not this one; or a page elsewhere sent it.
        """
        _check_origin(headers)
        keys = self.app.keys
        if not self.app.settings.needs_sign_in and not keys.any():
            return self.app.owner
        kind, _, secret = headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not secret.strip():
            raise ApiError(
                "You didn't provide an API key. Send one that `limner keys add` made, as 'Authorization: Bearer KEY'.",
                status=401, headers={"www-authenticate": "Bearer"},
            )  # fmt: skip
        owner = keys.owner_of(secret.strip())
        if owner is None:
            raise ApiError(
                f"Incorrect API key provided: {secret.strip()[:7]}***. `limner keys list` names those that are valid.",
                status=401, code="invalid_api_key", headers={"www-authenticate": "Bearer"},
            )  # fmt: skip
        return owner

    @contextmanager
    def place(self, owner: str) -> Iterator[None]:
        """Hold a place among the requests that wait for pictures. Used from the event loop alone.

        Raises:
            ApiError: this person has too many waiting.
        """
        if self._waiting.get(owner, 0) >= MAX_WAITING:
            raise ApiError(
                f"Rate limit reached: {MAX_WAITING} requests of yours are waiting for pictures; try again in "
                f"{RETRY_SECONDS} s.",
                status=429, type="requests", code="rate_limit_exceeded",
                headers={"retry-after": str(RETRY_SECONDS)},
            )  # fmt: skip
        self._waiting[owner] = self._waiting.get(owner, 0) + 1
        try:
            yield
        finally:
            self._waiting[owner] -= 1


@dataclass(frozen=True)
class Shown:
    """A picture as it was answered: which version, and how it is made from it."""

    owner: str
    conversation: str
    label: str
    format: str
    compression: int
    size: tuple[int, int] | None = None
    expires: int = 0


class Signer:
    """Makes addresses that permit to read one picture for a while; they are void once the server has ended."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def sign(self, shown: Shown) -> str:
        """Return a token that stands for the picture."""
        told = json.dumps({**asdict(shown), "expires": int(time.time()) + ADDRESS_SECONDS}).encode()
        return f"{_text(told)}.{_text(self._mac(told))}"

    def read(self, token: str) -> Shown:
        """Raises: ApiError: the token is not ours, or its time is over."""
        told, _, mac = token.partition(".")
        try:
            data = _bytes(told)
            good = hmac.compare_digest(_bytes(mac), self._mac(data))
        except (ValueError, binascii.Error):
            good = False
        if not good:
            raise ApiError("There is no such picture.", status=404, code="not_found")
        fields: dict[str, Any] = json.loads(data)
        if fields["expires"] < time.time():
            raise ApiError("The address of this picture has expired; ask for it again.", status=403, code="expired")
        return Shown(**{**fields, "size": tuple(fields["size"]) if fields["size"] else None})

    def _mac(self, data: bytes) -> bytes:
        return hmac.new(self._key, data, hashlib.sha256).digest()


def _check_origin(headers: Headers) -> None:
    """Raises: ApiError: a browser sent the request for a page of another address."""
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != headers.get("host"):
        raise ApiError(
            "Pages of other addresses may not use this API; send the request from a program.", status=403,
            code="forbidden_origin",
        )  # fmt: skip


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
