"""The web server: gradio's page mounted on FastAPI, beside the routes for pictures. No models."""

from __future__ import annotations

import contextlib
import socket
import threading
import webbrowser
from pathlib import Path

import gradio as gr
import uvicorn
from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from ui.web.page import make_head, make_page, make_theme
from ui.web.pictures import KEPT_PREVIEWS, Recent, add_pictures
from ui.wiring import App

LOCAL_NAMES = ("localhost", "127.0.0.1", "::1", "[::1]")
STOP_SECONDS = 2


def make_server(app: App) -> FastAPI:
    """Return the web application: `/` is the page; what else there is, `ui.web.pictures` says."""
    server = FastAPI(title="Limner", docs_url=None, redoc_url=None, openapi_url=None)
    # A page elsewhere that points its own name at this machine must not get in.
    server.add_middleware(TrustedHostMiddleware, allowed_hosts=[*LOCAL_NAMES, app.settings.host])
    previews = Recent(KEPT_PREVIEWS)
    add_pictures(server, app, previews)
    mounted: FastAPI = gr.mount_gradio_app(
        server,
        make_page(app, previews),
        path="/",
        theme=make_theme(),
        css_paths=[Path(__file__).with_name("style.css")],
        head=make_head(),
        favicon_path=str(Path(__file__).with_name("icon.svg")),
        footer_links=[],
        ssr_mode=False,
        show_error=True,
        enable_monitoring=False,
        max_file_size="20mb",
    )
    return mounted


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
