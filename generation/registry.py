"""Painters by name. The heavy libraries come in only when a painter is asked for."""

from __future__ import annotations

from pathlib import Path

from generation.errors import RequestError
from generation.request import Painter


def load_painter(name: str = "embedded", weights: Path | None = None) -> Painter:
    """Return the painter of a name: "embedded", a diffusers pipeline's folder, or its name on the hub (OWNER/NAME).

    Raises:
        RequestError: there is no such painter.
        WeightsError: its weights cannot be used.
    """
    from diffusers.utils import logging as diffusers_logging
    from transformers.utils import logging as transformers_logging

    if name == "embedded":
        from generation.embedded import WEIGHTS, EmbeddedPainter

        for library in (diffusers_logging, transformers_logging):  # a second's loading needs no bar
            library.disable_progress_bar()
        return EmbeddedPainter(weights or WEIGHTS)
    from generation.diffusers_painter import DiffusersPainter, is_pipeline

    if is_pipeline(name):
        return DiffusersPainter(name)
    raise RequestError(
        f"there is no painter {name!r}: it is neither a folder with a model_index.json nor OWNER/NAME on the hub; "
        "leave --painter out to paint with the embedded one."
    )
