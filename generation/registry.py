"""Painters by name. The heavy libraries come in only when a painter is asked for."""

from __future__ import annotations

from pathlib import Path

from generation.errors import RequestError
from generation.request import Painter


def load_painter(name: str = "embedded", weights: Path | None = None) -> Painter:
    """Return the painter of a name.

    Raises:
        RequestError: there is no such painter.
        WeightsError: its weights cannot be used.
    """
    if name != "embedded":
        raise RequestError(f"there is no painter {name!r} yet; leave --painter out to paint with the embedded one.")
    from diffusers.utils import logging as diffusers_logging
    from transformers.utils import logging as transformers_logging

    from generation.embedded import WEIGHTS, EmbeddedPainter

    for library in (diffusers_logging, transformers_logging):  # a second's loading needs no bar
        library.disable_progress_bar()

    return EmbeddedPainter(weights or WEIGHTS)
