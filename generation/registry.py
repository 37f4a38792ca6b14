"""Painters by name. The heavy libraries come in only when a painter is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from generation.errors import RequestError
from generation.loras import Lora
from generation.placement import Wishes
from generation.request import Painter
from generation.sharing import SharedDevice


def load_painter(
    name: str = "embedded", weights: Path | None = None, wishes: Wishes | None = None, loras: Sequence[Lora] = (),
    shared: SharedDevice | None = None,
) -> Painter:  # fmt: skip
    """Return the painter of a name: "embedded", the folder of a painter that `limner train painter` made, a diffusers
    pipeline's folder, or its name on the hub (OWNER/NAME).

    `wishes`, `loras` and `shared` are for pipelines; the embedded painter has none of them.

    Raises:
        RequestError: there is no such painter.
        WeightsError: its weights cannot be used.
    """
    from diffusers.utils import logging as diffusers_logging
    from huggingface_hub.utils import are_progress_bars_disabled, enable_progress_bars
    from transformers.utils import logging as transformers_logging

    if name == "embedded":
        from generation.embedded import WEIGHTS, EmbeddedPainter

        still = are_progress_bars_disabled()
        for library in (diffusers_logging, transformers_logging):  # a second's loading needs no bar
            library.disable_progress_bar()
        if not still:  # transformers' switch stills downloads, too
            enable_progress_bars()
        return EmbeddedPainter(weights or WEIGHTS)
    if (Path(name) / "denoiser" / "config.json").is_file():
        from generation.embedded import EmbeddedPainter

        return EmbeddedPainter(Path(name))
    if is_pipeline(name):
        for library in (diffusers_logging, transformers_logging):  # advice for programmers; progress is still shown
            library.set_verbosity_error()
        from generation.diffusers_painter import DiffusersPainter

        return DiffusersPainter(name, wishes, loras, shared=shared)
    raise RequestError(
        f"there is no painter {name!r}: it is neither a folder with a model_index.json nor OWNER/NAME on the hub; "
        "leave --painter out to paint with the embedded one."
    )


def is_pipeline(source: str) -> bool:
    """Say whether a painter's name may be a pipeline: a folder with a model_index.json, or OWNER/NAME on the hub."""
    return (Path(source) / "model_index.json").is_file() or (source.count("/") == 1 and not Path(source).exists())
