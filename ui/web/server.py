"""The page's web server: gradio mounted on FastAPI beside the API and the routes for pictures. No models."""

from __future__ import annotations

from pathlib import Path

import gradio as gr
import matplotlib  # noqa: F401  (gradio imports it in the first event, for which somebody would wait)
from fastapi import FastAPI

from ui.server import add_faces
from ui.web.looks import STYLES, make_head, make_theme
from ui.web.page import make_page
from ui.web.pictures import Kept, add_pictures
from ui.web.signing_in import add_signing_in, owner_of
from ui.web.touching import add_touching
from ui.web.wording import add_wording
from ui.wiring import App


def make_server(app: App) -> FastAPI:
    """Return the web application: `/` is the page, `/v1` the API; what else there is, `ui.web.pictures` and
    `ui.web.touching` say.
    """
    server = FastAPI(title="Limner", docs_url=None, redoc_url=None, openapi_url=None)
    add_faces(server, app)
    kept = Kept()
    add_pictures(server, app, kept)
    add_touching(server, app)
    add_wording(server)
    add_signing_in(server, app)
    mounted: FastAPI = gr.mount_gradio_app(
        server,
        make_page(app, kept),
        path="/",
        theme=make_theme(),
        css_paths=list(STYLES),
        head=make_head(),
        auth_dependency=owner_of,
        favicon_path=str(Path(__file__).with_name("icon.svg")),
        footer_links=[],
        ssr_mode=False,
        show_error=True,
        enable_monitoring=False,
        max_file_size="20mb",
    )
    return mounted
