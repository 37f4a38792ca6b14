"""A pipeline of diffusers as the painter: a real Stable Diffusion of tiny size, with weights of its own making."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from PIL import Image
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer
from transformers.convert_slow_tokenizer import bytes_to_unicode

from generation.diffusers_painter import DiffusersPainter
from generation.errors import RequestError, WeightsError
from generation.presets import MASKED, Preset, Route
from generation.registry import load_painter
from generation.request import RenderFinished, RenderProgress, RenderRequest
from generation.routing import REFINING, acts_of, given_to
from tests.pictures import Blobs, png

SIDE = 64


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("pipeline")
    letters = [*bytes_to_unicode().values()]
    entries = [*letters, *(letter + "</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    (folder / "vocab.json").write_text(json.dumps({entry: place for place, entry in enumerate(entries)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    tokenizer = CLIPTokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=32)
    text = CLIPTextConfig(
        vocab_size=len(entries), hidden_size=32, intermediate_size=64, num_hidden_layers=1, num_attention_heads=2,
        max_position_embeddings=32, bos_token_id=len(entries) - 2, eos_token_id=len(entries) - 1,
    )  # fmt: skip
    unet = UNet2DConditionModel(
        sample_size=SIDE // 2, block_out_channels=(32, 32), layers_per_block=1, norm_num_groups=8,
        cross_attention_dim=32, down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        attention_head_dim=8,
    )  # fmt: skip
    autoencoder = AutoencoderKL(
        block_out_channels=(32, 32), norm_num_groups=8, down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2,
    )  # fmt: skip
    pipeline = StableDiffusionPipeline(
        vae=autoencoder, text_encoder=CLIPTextModel(text), tokenizer=tokenizer, unet=unet, scheduler=DDIMScheduler(),
        safety_checker=None, feature_extractor=None, requires_safety_checker=False,
    )  # fmt: skip
    pipeline.save_pretrained(folder / "model")
    return folder / "model"


@pytest.fixture(scope="module")
def painter(folder: Path) -> DiffusersPainter:
    return DiffusersPainter(str(folder))


def painted(painter: DiffusersPainter, request: RenderRequest, blobs: Blobs) -> RenderFinished:
    *progress, finished = painter.paint([request], blobs)
    assert isinstance(finished, RenderFinished)
    steps = [event.step for event in progress if isinstance(event, RenderProgress)]
    assert steps == list(range(1, len(steps) + 1)) and steps
    return finished


def pixels(finished: RenderFinished) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(finished.image)))


def test_it_says_what_the_pipeline_can_do(painter: DiffusersPainter) -> None:
    can = painter.capabilities()
    assert can.default_size == (SIDE, SIDE) and can.masks
    assert can.acts == ("create", "vary", "edit", "extend", "merge", "upscale")
    assert (can.default_steps, can.default_guidance, can.max_batch) == (50, 7.5, 1)


def test_a_picture_is_a_function_of_its_recipe(painter: DiffusersPainter) -> None:
    request = RenderRequest("a", "create", "a cat", seed=3, steps=3)
    first, again = painted(painter, request, Blobs()), painted(painter, request, Blobs())
    other = painted(painter, RenderRequest("b", "create", "a cat", seed=4, steps=3), Blobs())
    assert first.image == again.image != other.image
    assert pixels(first).shape == (SIDE, SIDE, 3)
    recipe = first.recipe
    assert (recipe.steps, recipe.seed, recipe.start, recipe.scheduler) == (3, 3, "noise", "DDIMScheduler")
    assert len(recipe.weights) == 64 and recipe.painter == painter.name


def test_an_edit_starts_from_its_parent_and_a_mask_is_kept_to_bit_for_bit(painter: DiffusersPainter) -> None:
    rng = np.random.default_rng(0)
    parent = rng.integers(0, 255, (SIDE, SIDE, 3), dtype=np.uint8)
    mask = Image.new("L", (SIDE, SIDE), 0)
    mask.paste(255, (SIDE // 2, 0, SIDE, SIDE))
    blobs = Blobs(parent=png(Image.fromarray(parent)), mask=png(mask))
    whole = RenderRequest("a", "edit", "a dog", seed=1, change="make it a dog", steps=10, parent_image="parent")
    free = painted(painter, whole, blobs)
    assert free.recipe.start == "pixels:parent" and free.changed and free.changed > 0.9
    held = painted(painter, RenderRequest(**{**vars(whole), "id": "b", "mask": "mask"}), blobs)
    assert (pixels(held)[:, : SIDE // 2 - 1] == parent[:, : SIDE // 2 - 1]).all()
    assert held.changed is not None and 0.3 < held.changed <= 0.52 and held.recipe.mask == "mask"


def test_an_extension_keeps_its_picture_bit_for_bit_and_paints_the_rest(painter: DiffusersPainter) -> None:
    parent = np.random.default_rng(1).integers(0, 255, (SIDE, SIDE, 3), dtype=np.uint8)
    blobs = Blobs(parent=png(Image.fromarray(parent)))
    wide = RenderRequest(
        "a", "extend", "a cat", 1, steps=4, parent_image="parent", width=2 * SIDE, height=SIDE, place=(SIDE, 0)
    )
    finished = painted(painter, wide, blobs)
    assert (pixels(finished)[:, SIDE:] == parent).all() and pixels(finished)[:, :SIDE].std() > 0
    assert finished.recipe.place == (SIDE, 0) and finished.recipe.start == "pixels:parent"
    assert painted(painter, wide, blobs).image == finished.image
    with pytest.raises(RequestError, match="is not on a canvas of"):
        painted(painter, replace(wide, place=(SIDE + 8, 0)), blobs)


def test_a_merge_pastes_what_is_taken_and_keeps_the_first_outside(painter: DiffusersPainter) -> None:
    mask = Image.new("L", (SIDE, SIDE), 0)
    mask.paste(255, (SIDE // 2, 0, SIDE, SIDE))
    blobs = Blobs(
        parent=png(Image.new("RGB", (SIDE, SIDE), "red")), source=png(Image.new("RGB", (SIDE, SIDE), "blue")),
        mask=png(mask),
    )  # fmt: skip
    taken = RenderRequest(
        "a", "merge", "a cat", 1, steps=4, parent_image="parent", source_image="source", source_mask="mask",
        mask="mask", strength=0.5,
    )  # fmt: skip
    given = given_to(taken, painter.preset, painter.name, blobs, (SIDE, SIDE), painter._takes_mask)
    assert given.picture and given.picture.getpixel((SIDE - 1, 0)) == (0, 0, 255)
    assert given.picture.getpixel((0, 0)) == (255, 0, 0) and given.strength == pytest.approx(MASKED / 2)
    finished = painted(painter, taken, blobs)
    assert (pixels(finished)[:, : SIDE // 2 - 1] == (255, 0, 0)).all()
    assert (finished.recipe.source, finished.recipe.source_mask) == ("pixels:source", "mask")


def test_a_subtle_variation_and_an_enlargement_start_from_their_picture(painter: DiffusersPainter) -> None:
    parent = np.random.default_rng(2).integers(0, 255, (SIDE, SIDE, 3), dtype=np.uint8)
    blobs = Blobs(parent=png(Image.fromarray(parent)))
    near = painted(painter, RenderRequest("a", "vary", "a cat", 1, strength=0.5, steps=4, parent_image="parent"), blobs)
    assert near.recipe.start == "pixels:parent" and near.changed is None
    large = RenderRequest("b", "upscale", "a cat", 1, steps=4, parent_image="parent", width=2 * SIDE, height=2 * SIDE)
    finished = painted(painter, large, blobs)
    assert pixels(finished).shape == (2 * SIDE, 2 * SIDE, 3)
    given = given_to(large, painter.preset, painter.name, blobs, (2 * SIDE, 2 * SIDE), painter._takes_mask)
    assert given.strength == REFINING and given.picture and given.picture.size == (2 * SIDE, 2 * SIDE)
    with pytest.raises(RequestError, match="to 2048 pixels, and this would be 4096x4096"):
        painted(painter, replace(large, width=4096, height=4096), blobs)


def test_a_painter_without_masks_or_pictures_says_so() -> None:
    blobs = Blobs(parent=png(Image.new("RGB", (SIDE, SIDE))))
    request = RenderRequest("a", "extend", "a cat", 1, parent_image="parent", place=(0, 0))
    instructed = Preset("x", (), Route("a"), Route("a", "picture", "change"), None, ((64, 64),), 8, 4, 1.0, 77, "", 0.0)
    for act, problem in {
        "extend": "x cannot extend pictures, since it paints inside no mask; use another painter",
        "upscale": "x cannot enlarge pictures; ask for a new one in a larger size",
        "vary": "x cannot vary pictures a little; ask for a new try",
    }.items():
        with pytest.raises(RequestError, match=problem):
            given_to(replace(request, act=act, strength=0.5), instructed, "x", blobs, (SIDE, SIDE), lambda route: False)
    assert acts_of(instructed, lambda route: False, False) == ("create", "vary", "edit", "merge")


def test_it_stops_between_steps(painter: DiffusersPainter) -> None:
    seen: list[object] = []
    request = RenderRequest("a", "create", "a cat", seed=3, steps=40)
    for event in painter.paint([request], Blobs(), lambda: len(seen) >= 2):
        seen.append(event)
    assert len(seen) < 40 and not any(isinstance(event, RenderFinished) for event in seen)


def test_what_cannot_be_painted_is_refused_in_a_sentence(painter: DiffusersPainter, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="multiples of"):
        painted(painter, RenderRequest("a", "create", "a cat", seed=1, width=65, height=65), Blobs())
    with pytest.raises(RequestError, match="needs the picture"):
        painted(painter, RenderRequest("a", "edit", "a cat", seed=1), Blobs())
    with pytest.raises(RequestError, match="neither a folder with a model_index"):
        load_painter("nothing-like-that")
    (tmp_path / "model_index.json").write_text("{}")
    with pytest.raises(WeightsError, match="is no pipeline of diffusers"):
        load_painter(str(tmp_path))


def test_the_command_paints_with_it_from_words_to_a_file(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from ui.cli import main

    out = tmp_path / "x.png"
    arguments = [
        "draw",
        "a white bunny",
        "-o",
        str(out),
        "--painter",
        str(folder),
        "--steps",
        "2",
        "--data",
        str(tmp_path),
    ]
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert not ended.value.code, capsys.readouterr().err
    with Image.open(out) as picture:
        assert picture.size == (SIDE, SIDE)
