"""The web server: what programs use, /v1 and /mcp, alone or beside the page, and the running of either."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import webbrowser
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Mount

from ui.api.server import make_api
from ui.api.serving import Service
from ui.mcp.mounting import mount_mcp
from ui.settings import Settings
from ui.wiring import App

LOCAL_NAMES = ("localhost", "127.0.0.1", "::1", "[::1]")
STOP_SECONDS = 2
UNSEEN_SECONDS = 10.0
"""How long models wait, at most, for the first person to have the page before them.

Whoever opens it as soon as the server is up would share two cores with the loading and wait twice as long for it.
"""


def make_api_server(app: App) -> FastAPI:
    """Return the web application of `limner serve --api-only`."""
    server = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    add_faces(server, app)
    return server


def add_faces(server: FastAPI, app: App) -> None:
    """Mount what programs use: /v1 and /mcp. Refuse other names for this machine where nobody has to sign in."""
    if not app.settings.needs_sign_in:
        # A page elsewhere that points its own name at this machine must not get in.
        server.add_middleware(TrustedHostMiddleware, allowed_hosts=[*LOCAL_NAMES, app.settings.host])
    service = Service(app)  # one for both, so that what waits of a person is bounded over both together
    api = Mount("/v1", make_api(service))
    api.path_regex = re.compile(api.path_regex.pattern, re.DOTALL)  # an address with a line feed in it is the API's too
    server.router.routes.append(api)
    mount_mcp(server, service)


def run(app: App, make: Callable[[App], FastAPI], listener: socket.socket, browse: bool = False) -> None:
    """Serve on a listening socket until stopped; the models load meanwhile, where there is a page once it is seen."""
    config = uvicorn.Config(
        make(app), log_level="warning", access_log=False, timeout_graceful_shutdown=STOP_SECONDS, ws="none",
        proxy_headers=believes_proxies(app.settings),
    )  # fmt: skip
    unseen = 0.0 if make is make_api_server else UNSEEN_SECONDS
    server = _Server(config, app, address_of(listener), browse, unseen)
    app.start()
    try:
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listener])
    finally:
        app.close()


def believes_proxies(settings: Settings) -> bool:
    """Say whether a proxy may tell whose address it speaks for; where it names people, its own must be seen."""
    return not settings.proxy_header


def address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


class _Server(uvicorn.Server):
    """Says where it is once it can be reached, and only then begins to load models."""

    def __init__(self, config: uvicorn.Config, app: App, address: str, browse: bool, unseen: float):
        super().__init__(config)
        self.app = app
        self.address = address
        self.browse = browse
        self.unseen = unseen

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.should_exit:
            return
        print(
            f"Limner is at {self.address}  (Ctrl-C stops it; everything is kept in {self.app.settings.data})",
            flush=True,
        )
        self.app.warm_up(unseen=self.unseen)
        if self.browse:
            threading.Thread(target=webbrowser.open, args=(self.address,), daemon=True).start()
