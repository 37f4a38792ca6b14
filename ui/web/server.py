"""The page's web server: gradio mounted on FastAPI beside the API, and the route that serves the page's pictures.

Knows the store only to ask whose a picture is. No models.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import gradio as gr
from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import FileResponse, PlainTextResponse

from assistant.errors import AssistantError
from ui.server import add_faces
from ui.web.page import HEAD, make_page, make_theme
from ui.wiring import App

DIGEST = re.compile(r"[0-9a-f]{64}")
LABEL = re.compile(r"v[0-9]{1,7}")
FOR_GOOD = "private, max-age=31536000, immutable"


def make_server(app: App) -> FastAPI:
    """Return the web application: `/` is the page, `/pictures/<sha256>` a picture, `/v1` the API."""
    server = FastAPI(title="Limner", docs_url=None, redoc_url=None, openapi_url=None)
    add_faces(server, app)
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
