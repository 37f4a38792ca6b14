"""A running server for tests: the API, the page or both, over HTTP, with the public fakes behind it unless told."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from openai import OpenAI

from tests.fakes import SlowPainter, build_with_fakes
from ui.commands.serve import listen
from ui.server import address_of, believes_proxies, make_api_server
from ui.settings import Settings
from ui.wiring import App


@dataclass(frozen=True)
class Site:
    app: App
    address: str

    def client(self, key: str = "none", **more: Any) -> OpenAI:
        """Return the real client, which does not try again by itself."""
        return OpenAI(base_url=f"{self.address}/v1", api_key=key, max_retries=0, **more)


@contextmanager
def serving(
    folder: Path,
    build: Callable[[Settings], App] = lambda settings: build_with_fakes(settings, SlowPainter(0.0)),
    make: Callable[[App], FastAPI] = make_api_server,
    **given: Any,
) -> Iterator[Site]:
    settings = Settings(data=folder, **{"port": 0, **given})
    app = build(settings)
    app.start()
    listener = listen(settings, exactly=True)
    with without_leftovers():
        application = make(app)
    config = uvicorn.Config(
        application, log_level="error", ws="none", timeout_graceful_shutdown=1, proxy_headers=believes_proxies(settings)
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield Site(app, address_of(listener))
    finally:
        server.should_exit = True
        thread.join(10)
        app.close()
        listener.close()
        with without_leftovers():
            del application, config, server


@contextmanager
def without_leftovers() -> Iterator[None]:
    """Clear away what gradio leaves behind: it makes event loops for the thread that mounts a page, and closes none.

    Left to itself, Python would find them in the middle of some later test, which would then fail for it.
    """
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with suppress(RuntimeError):  # there is none
            loop = asyncio.get_event_loop()
            if not loop.is_running():
                asyncio.set_event_loop(None)
                loop.close()
        gc.collect()
