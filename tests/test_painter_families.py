"""Every family of pipelines, at tiny sizes: loaded, recognised, painting, editing, and keeping to a mask."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generation.diffusers_painter import DiffusersPainter
from generation.errors import RequestError
from generation.placement import GB, Machine
from generation.request import RenderFinished, RenderProgress, RenderRequest
from tests.tiny_pipelines import BUILDERS, SIDE, saved

CPU = Machine("cpu", "CPU", 100 * GB, 100 * GB)
ONLY_EDITS = {"instruct-pix2pix", "sdxl-instruct-pix2pix"}
ONLY_MASKS = {"sd15-inpaint", "sdxl-inpaint", "flux1-fill", "kandinsky22-inpaint"}


@pytest.fixture(autouse=True)
def small_references(monkeypatch: pytest.MonkeyPatch) -> None:
    """Qwen's editing pipelines see their parent at a megapixel, whatever is asked; here at the size of the test."""
    from diffusers.pipelines.qwenimage import (
        pipeline_qwenimage_edit, pipeline_qwenimage_edit_inpaint, pipeline_qwenimage_edit_plus,
    )  # fmt: skip

    for module in (pipeline_qwenimage_edit, pipeline_qwenimage_edit_inpaint):
        exact = module.calculate_dimensions
        monkeypatch.setattr(module, "calculate_dimensions", lambda area, ratio, exact=exact: exact(SIDE * SIDE, ratio))
    for name in ("VAE_IMAGE_SIZE", "CONDITION_IMAGE_SIZE"):
        monkeypatch.setattr(pipeline_qwenimage_edit_plus, name, SIDE * SIDE)


class Blobs(dict[str, bytes]):
    def read(self, digest: str) -> bytes:
        return self[digest]


def png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def painted(painter: DiffusersPainter, request: RenderRequest, blobs: Blobs) -> RenderFinished:
    *progress, finished = painter.paint([request], blobs)
    assert isinstance(finished, RenderFinished)
    steps = [event.step for event in progress if isinstance(event, RenderProgress)]
    assert steps and steps == list(range(1, len(steps) + 1))
    return finished


def pixels(finished: RenderFinished) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(finished.image)))


@pytest.mark.parametrize("family", BUILDERS)
def test_a_family_loads_paints_edits_and_keeps_to_a_mask(family: str, tmp_path: Path) -> None:
    painter = DiffusersPainter(str(saved(family, tmp_path)), machine=CPU)
    assert painter.preset.name == family
    can = painter.capabilities()
    parent = np.random.default_rng(0).integers(0, 255, (SIDE, SIDE, 3), dtype=np.uint8)
    mask = Image.new("L", (SIDE, SIDE), 0)
    mask.paste(255, (SIDE // 2, 0, SIDE, SIDE))
    blobs = Blobs(parent=png(Image.fromarray(parent)), mask=png(mask))
    new = RenderRequest("a", "create", "a cat", seed=3, steps=2, width=SIDE, height=SIDE)
    edit = RenderRequest(
        "b", "edit", "a dog", 3, "make it a dog", steps=2, width=SIDE, height=SIDE, parent_image="parent"
    )
    if family in ONLY_EDITS:
        assert can.acts == ("edit",)
        with pytest.raises(RequestError, match="only changes pictures"):
            painted(painter, new, blobs)
    else:
        assert set(can.acts) == {"create", "vary", "edit"}
        first = painted(painter, new, blobs)
        assert pixels(first).shape == (SIDE, SIDE, 3) and first.recipe.start == "noise" and first.recipe.steps == 2
        assert painted(painter, new, blobs).image == first.image
    if family in ONLY_MASKS:
        with pytest.raises(RequestError, match="only paints inside masks"):
            painted(painter, edit, blobs)
    else:
        free = painted(painter, edit, blobs)
        assert pixels(free).shape == (SIDE, SIDE, 3) and free.changed and free.changed > 0.5
    held = painted(painter, RenderRequest(**{**vars(edit), "id": "c", "mask": "mask"}), blobs)
    assert (pixels(held)[:, : SIDE // 2 - 1] == parent[:, : SIDE // 2 - 1]).all()
    assert held.changed is not None and 0.3 < held.changed <= 0.52 and held.recipe.mask == "mask"
