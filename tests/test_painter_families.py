"""Every family of pipelines, at tiny sizes: loaded, recognised, painting, editing, and keeping to a mask."""

from __future__ import annotations

import functools
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from generation.diffusers_painter import DiffusersPainter
from generation.errors import RequestError
from generation.long_prompts import embeddings_of, is_long
from generation.placement import GB, Machine
from generation.request import RenderFinished, RenderProgress, RenderRequest
from tests.pictures import Blobs, png
from tests.test_cli import run as run
from tests.tiny_pipelines import BUILDERS, SIDE, saved
from ui.wiring import build

CPU = Machine("cpu", "CPU", 100 * GB, 100 * GB)
ONLY_EDITS = {"instruct-pix2pix", "sdxl-instruct-pix2pix", "kandinsky5-edit"}
ONLY_MASKS = {"sd15-inpaint", "sdxl-inpaint", "flux1-fill", "kandinsky22-inpaint"}


def side_of(family: str) -> int:
    """Return the pixels a side that a family is tried with; Kandinsky 5 paints only at sizes of its own."""
    return 1024 if family.startswith("kandinsky5") else SIDE


@pytest.fixture(autouse=True)
def small_references(monkeypatch: pytest.MonkeyPatch) -> None:
    """Qwen's editing pipelines see their parent at a megapixel, whatever is asked; here at the size of the test."""
    from diffusers.pipelines.qwenimage import (
        pipeline_qwenimage_edit,
        pipeline_qwenimage_edit_inpaint,
        pipeline_qwenimage_edit_plus,
    )  # fmt: skip

    for module in (pipeline_qwenimage_edit, pipeline_qwenimage_edit_inpaint):
        exact = module.calculate_dimensions
        monkeypatch.setattr(module, "calculate_dimensions", lambda area, ratio, exact=exact: exact(SIDE * SIDE, ratio))
    for name in ("VAE_IMAGE_SIZE", "CONDITION_IMAGE_SIZE"):
        monkeypatch.setattr(pipeline_qwenimage_edit_plus, name, SIDE * SIDE)


def painted(painter: DiffusersPainter, request: RenderRequest, blobs: Blobs) -> RenderFinished:
    *progress, finished = painter.paint([request], blobs)
    assert isinstance(finished, RenderFinished)
    steps = [event.step for event in progress if isinstance(event, RenderProgress)]
    assert steps and steps == list(range(1, len(steps) + 1))
    return finished


def pixels(finished: RenderFinished) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(finished.image)))


VARIANTS = {
    "sd15-inpaint", "sdxl-turbo", "sdxl-lightning", "sdxl-inpaint", "sdxl-instruct-pix2pix", "flux1-schnell",
    "flux2-klein", "flux2-klein-base", "kandinsky3", "qwen-image-edit-plus", "sana-sprint", "pixart-alpha",
    "kandinsky22-inpaint", "sd-lcm", "sdxl-lcm", "kandinsky21", "kandinsky5", "kandinsky5-edit",
}  # fmt: skip
"""Of a family whose other member is tried each time; these take their turn in the long tests."""


@pytest.mark.parametrize(
    "family", [pytest.param(name, marks=pytest.mark.long if name in VARIANTS else ()) for name in BUILDERS]
)
def test_a_family_loads_paints_edits_and_keeps_to_a_mask(family: str, tmp_path: Path) -> None:
    painter = DiffusersPainter(str(saved(family, tmp_path)), machine=CPU)
    assert painter.preset.name == family
    can, side = painter.capabilities(), side_of(family)
    parent = np.random.default_rng(0).integers(0, 255, (side, side, 3), dtype=np.uint8)
    mask = Image.new("L", (side, side), 0)
    mask.paste(255, (side // 2, 0, side, side))
    blobs = Blobs(parent=png(Image.fromarray(parent)), mask=png(mask))
    new = RenderRequest("a", "create", "a cat", seed=3, steps=2, width=side, height=side)
    edit = RenderRequest(
        "b", "edit", "a dog", 3, "make it a dog", steps=2, width=side, height=side, parent_image="parent"
    )
    if family in ONLY_EDITS:
        assert "create" not in can.acts and can.acts[0] == "edit"
        with pytest.raises(RequestError, match="only changes pictures"):
            painted(painter, new, blobs)
    else:
        assert can.acts[:3] == ("create", "vary", "edit")
        first = painted(painter, new, blobs)
        assert pixels(first).shape == (side, side, 3) and first.recipe.start == "noise" and first.recipe.steps == 2
    if family in ONLY_MASKS:
        with pytest.raises(RequestError, match="only paints inside masks"):
            painted(painter, edit, blobs)
    else:
        free = painted(painter, edit, blobs)
        assert pixels(free).shape == (side, side, 3) and free.changed and free.changed > 0.5
    held = painted(painter, RenderRequest(**{**vars(edit), "id": "c", "mask": "mask"}), blobs)
    assert (pixels(held)[:, : side // 2 - 1] == parent[:, : side // 2 - 1]).all()
    assert held.changed is not None and 0.3 < held.changed <= 0.52 and held.recipe.mask == "mask"
    if "extend" in can.acts:
        place = {"width": 2 * side, "place": (side, 0)}
        wide = painted(painter, RenderRequest(**{**vars(edit), "id": "d", "act": "extend", **place}), blobs)
        assert (pixels(wide)[:, side:] == parent).all()


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("family", BUILDERS)
def test_the_commands_draw_and_edit_with_a_family(family: str, tmp_path: Path, run: Any) -> None:
    """`limner draw --painter DIR`, then `limner chat`, as a person types them; the embedded rewriter plans."""
    out = tmp_path / "out.png"
    common = ("--painter", saved(family, tmp_path), "--data", tmp_path / "data", "--tries", 0)
    size = f"{side_of(family)}x{side_of(family)}"
    drawn, _, said = run("draw", "a white bunny", "-o", out, "--size", size, "--steps", 2, *common, build=build)
    if family in ONLY_EDITS:
        assert drawn == 1 and "cannot create pictures, only edit" in said and not out.exists()
        return
    assert drawn == 0, said
    with Image.open(out) as picture:
        assert f"{picture.width}x{picture.height}" == size
    edited, told, said = run("chat", "--json", *common, stdin=b"make it happier\n", build=build)
    turn = json.loads(told)
    assert turn["act"] == "edit"
    if family in ONLY_MASKS:
        assert edited == 1 and "only paints inside masks" in turn["error"] and turn["versions"] == []
    else:
        assert edited == 0, said
        assert (turn["versions"], turn["parents"], turn["changed"] > 0.1) == (["v2"], ["v1"], True)


def test_a_turbo_has_a_step_left_at_any_strength(tmp_path: Path) -> None:
    painter = DiffusersPainter(str(saved("sdxl-turbo", tmp_path)), machine=CPU)
    can = painter.capabilities()
    assert (can.default_steps, can.default_guidance) == (4, 0.0)
    blobs = Blobs(parent=png(Image.new("RGB", (SIDE, SIDE), "red")))
    request = RenderRequest("a", "edit", "a dog", 3, steps=1, parent_image="parent", strength=0.2)
    assert painted(painter, request, blobs).recipe.steps >= 9


def test_an_instruction_follower_is_told_the_change_and_shown_the_parent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    painter = DiffusersPainter(str(saved("flux1-kontext", tmp_path)), machine=CPU)
    told: list[dict[str, Any]] = []
    kind = type(painter.loaded.pipeline)
    paints = kind.__call__

    @functools.wraps(paints)
    def listening(self: object, **given: object) -> object:
        told.append(given)
        return paints(self, **given)

    monkeypatch.setattr(kind, "__call__", listening)
    blobs = Blobs(parent=png(Image.new("RGB", (SIDE, SIDE), "red")))
    whole = "A happy white bunny sits in a meadow."
    request = RenderRequest(
        "a", "edit", whole, 3, "make it happier", steps=1, width=SIDE, height=SIDE, parent_image="parent"
    )
    painted(painter, request, blobs)
    painted(painter, RenderRequest("b", "create", whole, 3, steps=1, width=SIDE, height=SIDE), blobs)
    assert [given["prompt"] for given in told] == ["make it happier", whole]
    assert told[0]["image"].size == (SIDE, SIDE) and "image" not in told[1]


@pytest.mark.parametrize(
    "family", ["flux1-kontext", "flux2-dev", "flux2-klein", "qwen-image-edit", "qwen-image-edit-plus"]
)
def test_a_painter_that_reads_pictures_is_shown_the_pattern_of_a_new_one(
    family: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    painter = DiffusersPainter(str(saved(family, tmp_path)), machine=CPU)
    assert painter.capabilities().patterns == ("subject", "style")
    assert painter.preset.edit is not None
    kind, told = type(painter._pipeline(painter.preset.edit)), []
    paints = kind.__call__

    @functools.wraps(paints)
    def listening(self: object, **given: Any) -> object:
        told.append(given)
        return paints(self, **given)

    monkeypatch.setattr(kind, "__call__", listening)
    photo = Image.effect_noise((4 * SIDE, 2 * SIDE), 90).convert("RGB")
    blobs = Blobs(photo=png(photo), other=png(Image.new("RGB", (SIDE, SIDE), "red")))
    new = RenderRequest(
        "a", "create", "a cat on a beach", 3, "subject", steps=1, width=SIDE, height=SIDE, source_image="photo"
    )
    first = painted(painter, new, blobs)
    assert told[-1]["image"].size == (2 * SIDE, SIDE)  # in its own shape, and as small as it may be
    assert "subject of the given picture" in told[-1]["prompt"] and told[-1]["prompt"].endswith("a cat on a beach")
    assert pixels(first).shape == (SIDE, SIDE, 3) and first.changed is None
    recipe = first.recipe
    assert (recipe.act, recipe.start, recipe.source, recipe.change) == ("create", "noise", "pixels:photo", "subject")
    style = painted(painter, replace(new, id="b", change="style"), blobs)
    assert "style of the given picture" in told[-1]["prompt"]
    other = painted(painter, replace(new, id="c", source_image="other"), blobs)
    assert (pixels(first) != pixels(other)).any() and (pixels(first) != pixels(style)).any()


@pytest.mark.parametrize("family", ["sd15", "instruct-pix2pix"])
def test_a_painter_that_reads_no_patterns_says_so(family: str, tmp_path: Path) -> None:
    painter = DiffusersPainter(str(saved(family, tmp_path)), machine=CPU)
    assert painter.capabilities().patterns == ()
    asked = RenderRequest("a", "create", "a cat", 3, "style", width=SIDE, height=SIDE, source_image="photo")
    with pytest.raises(RequestError, match="takes no picture as a pattern"):
        painted(painter, asked, Blobs(photo=png(Image.new("RGB", (SIDE, SIDE), "red"))))


def test_a_listener_that_goes_away_ends_the_painting(tmp_path: Path) -> None:
    painter = DiffusersPainter(str(saved("sdxl", tmp_path)), machine=CPU)
    events = painter.paint([RenderRequest("a", "create", "a cat", seed=3, steps=200)], Blobs())
    next(events)
    events.close()  # type: ignore[attr-defined]
    assert painter._lock.acquire(timeout=5)


@pytest.mark.parametrize("family", ["sdxl", "qwen-image"])
def test_a_conversation_goes_on_over_a_pipeline(family: str, tmp_path: Path) -> None:
    """From words to a picture to a change of it, through the turns that every face uses."""
    from assistant.messages import CreatePlan, EditPlan, TurnOptions, TurnStatus
    from assistant.rewriter import FakeRewriter
    from ui.settings import Settings

    painter = DiffusersPainter(str(saved(family, tmp_path)), machine=CPU)
    plans = iter(
        [CreatePlan(prompt="a bunny", reply=""), EditPlan(prompt="a happy bunny", change="make it happier", reply="")]
    )
    app = build(Settings(data=tmp_path / "data", captioner="none"), painter, FakeRewriter(lambda path: next(plans)))
    try:
        app.start()
        conversation = app.turns.new_conversation(app.owner)
        sizes = (TurnOptions(size=(SIDE, SIDE), steps=2), TurnOptions(steps=2))
        for message, options in zip(("a bunny", "make it happier"), sizes, strict=True):
            turn = app.turns.submit(conversation.id, message, options=options, owner=app.owner)
            list(app.turns.events(turn, owner=app.owner))
            assert app.turns.result(turn, app.owner).status is TurnStatus.DONE
        first, second = app.store.versions(conversation.id, app.owner)
        assert second.parents == (first.label,) and second.recipe is not None
        assert second.recipe.start == f"pixels:{first.image}" and second.recipe.precision == "float32"
    finally:
        app.close()


@pytest.mark.parametrize("family", ["sd15", "sdxl"])
def test_a_long_description_is_read_to_its_end(family: str, tmp_path: Path) -> None:
    painter = DiffusersPainter(str(saved(family, tmp_path)), machine=CPU)
    pipeline = painter.loaded.pipeline
    short, long = "a cat", "a cat and a dog " * 20
    assert not is_long(pipeline, short) and is_long(pipeline, long + "sleep")
    # What fits is read as the pipeline itself reads it; so is the first piece of what does not.
    own = pipeline.encode_prompt(short, device="cpu", num_images_per_prompt=1, do_classifier_free_guidance=True)
    names = ("prompt_embeds", "negative_prompt_embeds", "pooled_prompt_embeds", "negative_pooled_prompt_embeds")
    found = embeddings_of(pipeline, short)
    for name, expected in zip(names, own, strict=False):
        torch.testing.assert_close(found[name], expected)
    one, other = (painted(painter, RenderRequest("a", "create", long + end, 3, steps=2), Blobs()) for end in ("x", "y"))
    assert one.image != other.image, "the last word tells"
