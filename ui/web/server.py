"""The web server: gradio's page mounted on FastAPI, and the route that serves pictures to those who may see them.

Knows the store only to ask whose a picture is. No models.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import webbrowser
from pathlib import Path
from typing import Annotated

import gradio as gr
import uvicorn
from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import FileResponse, PlainTextResponse
from starlette.middleware.trustedhost import TrustedHostMiddleware

from assistant.errors import AssistantError
from ui.web.page import HEAD, make_page, make_theme
from ui.wiring import App

DIGEST = re.compile(r"[0-9a-f]{64}")
LABEL = re.compile(r"v[0-9]{1,7}")
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1", "[::1]")
FOR_GOOD = "private, max-age=31536000, immutable"
STOP_SECONDS = 2


def make_server(app: App) -> FastAPI:
    """Return the web application: `/` is the page, `/pictures/<sha256>` a picture."""
    server = FastAPI(title="Limner", docs_url=None, redoc_url=None, openapi_url=None)
    # A page elsewhere that points its own name at this machine must not get in.
    server.add_middleware(TrustedHostMiddleware, allowed_hosts=[*LOCAL_NAMES, app.settings.host])
    _add_pictures(server, app)
    mounted: FastAPI = gr.mount_gradio_app(
        server,
        make_page(app),
        path="/",
        theme=make_theme(),
        css_paths=[Path(__file__).with_name("style.css")],
        head=HEAD,
        favicon_path=str(Path(__file__).with_name("icon.svg")),
        footer_links=[],
        ssr_mode=False,
        show_error=True,
        enable_monitoring=False,
        max_file_size="20mb",
    )
    return mounted


def _add_pictures(server: FastAPI, app: App) -> None:
    @server.get("/pictures/{digest}")
    def picture(request: Request, digest: str, save: Annotated[str, Query(max_length=20)] = "") -> Response:
        """A finished picture, to its owner only; another's is as unknown as one that never was."""
        try:
            if not DIGEST.fullmatch(digest) or not app.store.may_read(digest, app.owner):
                return PlainTextResponse("There is no such picture.", 404)
            path = app.turns.picture_path(digest, app.owner)
        except AssistantError as error:
            return PlainTextResponse(str(error), 410)
        headers = {"Cache-Control": FOR_GOOD, "ETag": f'"{digest}"', "X-Content-Type-Options": "nosniff"}
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        name = f"limner-{save}.png" if LABEL.fullmatch(save) else None
        return FileResponse(path, media_type="image/png", filename=name, headers=headers)


def run(app: App, listener: socket.socket, browse: bool = False) -> None:
    """Serve on a listening socket until stopped; the models load meanwhile."""
    config = uvicorn.Config(
        make_server(app), log_level="warning", access_log=False, timeout_graceful_shutdown=STOP_SECONDS, ws="none"
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
