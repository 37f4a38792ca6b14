"""The API as an application of its own under /v1, alone or beside the page, and the running of either."""

from __future__ import annotations

import contextlib
import socket
import threading
import webbrowser
from collections.abc import Callable
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from ui.api import describing
from ui.api.chat import add_chat
from ui.api.errors import add_handlers
from ui.api.files import add_files
from ui.api.images import add_images
from ui.api.models import NAMES, described, model_name
from ui.api.responses import add_responses
from ui.api.serving import Service, Wrapped
from ui.mcp.mounting import mount_mcp
from ui.settings import is_loopback
from ui.wiring import App

LOCAL_NAMES = ("localhost", "127.0.0.1", "::1", "[::1]")
STOP_SECONDS = 2
MODEL = {
    "type": "object",
    "required": ["id", "object", "created", "owned_by"],
    "properties": {
        "id": {"type": "string"}, "object": {"const": "model"}, "created": {"type": "integer"},
        "owned_by": {"type": "string"},
    },
}  # fmt: skip
MODELS = {
    "type": "object",
    "required": ["object", "data"],
    "properties": {"object": {"const": "list"}, "data": {"type": "array", "items": MODEL}},
}


def make_api(app: App) -> FastAPI:
    """Return the API, to be mounted at /v1."""
    api = FastAPI(
        title="Limner", description="Pictures by OpenAI's protocol, painted on this machine.", docs_url=None,
        redoc_url=None, openapi_url="/openapi.json", middleware=[Middleware(Wrapped)],
        responses=describing.ERROR_STATUSES, redirect_slashes=False,
    )  # fmt: skip
    add_handlers(api)
    service = Service(app)
    _add_models(api, service)
    add_images(api, service)
    add_responses(api, service)
    add_chat(api, service)
    add_files(api, service)
    return api


def make_api_server(app: App) -> FastAPI:
    """Return the web application of `limner serve --api-only`."""
    server = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    add_faces(server, app)
    return server


def add_faces(server: FastAPI, app: App) -> None:
    """Mount what programs use: /v1 and /mcp. Refuse other names for this machine where no key is needed."""
    if is_loopback(app.settings.host):
        # A page elsewhere that points its own name at this machine must not get in.
        server.add_middleware(TrustedHostMiddleware, allowed_hosts=[*LOCAL_NAMES, app.settings.host])
    server.mount("/v1", make_api(app))
    mount_mcp(server, app)


def _add_models(api: FastAPI, service: Service) -> None:
    @api.get("/models", **describing.answers(MODELS))
    async def models(request: Request) -> dict[str, Any]:
        """List the names that tools call models by; all are the local painter."""
        await service.owner_of(request)
        return {"object": "list", "data": [described(name) for name in NAMES.values()]}

    @api.get("/models/{model}", **describing.answers(MODEL))
    async def model(request: Request, model: str) -> dict[str, Any]:
        """Describe one of them."""
        await service.owner_of(request)
        return dict(described(model_name(model)))


def run(app: App, make: Callable[[App], FastAPI], listener: socket.socket, browse: bool = False) -> None:
    """Serve on a listening socket until stopped; the models load meanwhile."""
    config = uvicorn.Config(
        make(app), log_level="warning", access_log=False, timeout_graceful_shutdown=STOP_SECONDS, ws="none"
    )
    server = _Server(config, app, address_of(listener), browse)
    app.start()
    try:
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listener])
    finally:
        app.close()


def address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


class _Server(uvicorn.Server):
    """Says where it is once it can be reached, and only then begins to load models."""

    def __init__(self, config: uvicorn.Config, app: App, address: str, browse: bool):
        super().__init__(config)
        self.app = app
        self.address = address
        self.browse = browse

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.should_exit:
            return
        print(
            f"Limner is at {self.address}  (Ctrl-C stops it; everything is kept in {self.app.settings.data})",
            flush=True,
        )
        self.app.warm_up()
        if self.browse:
            threading.Thread(target=webbrowser.open, args=(self.address,), daemon=True).start()
