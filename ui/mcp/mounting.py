"""The MCP server at /mcp of a web application, behind the same keys as the API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from mcp.server.transport_security import TransportSecuritySettings
from starlette.datastructures import Headers
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.api.errors import ApiError, rendered
from ui.api.serving import Service
from ui.mcp.server import make_mcp

PATH = "/mcp"


def mount_mcp(server: FastAPI, service: Service) -> None:
    """Add /mcp: streamable HTTP, without sessions, so that nothing is kept for clients that never come back."""
    tools = make_mcp(service)
    # The server's own guard knows which names and which pages are let in; see ui.server and ui.api.access.
    security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    inner = tools.streamable_http_app(streamable_http_path=PATH, stateless_http=True, transport_security=security)
    server.router.routes.append(Route(PATH, _Gated(inner, service), methods=["GET", "POST", "DELETE"]))
    before = server.router.lifespan_context

    @asynccontextmanager
    async def lifespan(server: FastAPI) -> AsyncIterator[Any]:
        async with before(server) as state, tools.session_manager.run():
            yield state

    server.router.lifespan_context = lifespan


class _Gated:
    """Lets requests in as the API does."""

    def __init__(self, app: ASGIApp, service: Service):
        self.app = app
        self.service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.service.owner_of(Headers(scope=scope))
        except ApiError as error:
            await rendered(error)(scope, receive, send)
            return
        await self.app(scope, receive, send)
