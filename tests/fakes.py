"""The `limner` command with the public fakes in place of the models: `python -m tests.fakes chat --json …`.

The real command has no way to get here: a picture that a person sees comes from a diffusion model.
"""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from PIL import Image, ImageDraw

from assistant.messages import ConversationPath, CreatePlan, EditPlan, ExtendPlan, Plan, ReturnPlan
from assistant.rewriter import FakeRewriter
from generation.request import BlobReader, FakePainter, RenderEvent, RenderPreview, RenderProgress, RenderRequest
from ui.settings import Settings
from ui.wiring import App, build


def fake_plan(path: ConversationPath) -> Plan:
    """Return a plan that tests can foresee: go back, change what there is, or draw something new."""
    message = path.message.strip()
    if label := re.search(r"\bv[0-9]+\b", message):
        return ReturnPlan(targets=(label.group(),), reply=f"Back at {label.group()}.")
    current = path.version(path.current) if path.current else None
    if current and message.startswith("extend"):
        return ExtendPlan(reply="There is more of it now.")
    if current and not message.startswith("draw"):
        return EditPlan(prompt=f"{current.prompt} Now: {message}.", change=message, reply="Changed it as you said.")
    return CreatePlan(prompt=f"A full description of this: {message}.", reply="Here it is.")


class SlowPainter(FakePainter):
    """A fake painter that takes its time and shows previews, to look at the page with."""

    def __init__(self, seconds: float):
        super().__init__(steps=8, before_step=lambda step: time.sleep(seconds / 8))

    def paint(
        self, requests: Sequence[RenderRequest], blobs: BlobReader, stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[RenderEvent]:
        for event in super().paint(requests, blobs, stopped):
            yield event
            if isinstance(event, RenderProgress):
                yield RenderPreview(event.request_id, event.step, _rings(event.step, event.steps))


def _rings(step: int, steps: int) -> bytes:
    image = Image.new("RGB", (128, 128), (225, 215, 200))
    radius = 60 * step // steps
    ImageDraw.Draw(image).ellipse((64 - radius, 64 - radius, 64 + radius, 64 + radius), fill=(168, 69, 42))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def build_with_fakes(settings: Settings, painter: Any = None, captioner: Any = None, checker: Any = None) -> App:
    settings = settings.model_copy(update={"captioner": "none"})
    return build(settings, painter or FakePainter(), FakeRewriter(fake_plan), captioner, checker)


def main(arguments: Sequence[str] | None = None, seconds: float = 0.0) -> None:
    from ui.cli import main

    main(arguments, lambda settings: build_with_fakes(settings, SlowPainter(seconds) if seconds else None))


if __name__ == "__main__":
    import os

    main(seconds=float(os.environ.get("FAKE_SECONDS", "0")))
