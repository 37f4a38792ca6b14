"""Canvases larger than the denoiser's own: windows, their means, and what an extension keeps."""

from __future__ import annotations

import dataclasses
import hashlib
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load

from captioner.surroundings import surroundings
from generation.embedded import EmbeddedPainter
from generation.errors import RequestError
from generation.models.denoiser import Denoiser
from generation.regions import joined_to, region_of, window_of
from generation.request import RenderFinished, RenderRequest, check_canvas
from generation.sampling import guide, noise_for
from generation.windows import Windows, windows_over
from tests.test_painter import weights  # noqa: F401 - a fixture


class Blobs:
    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        self.kept[digest] = data
        return digest

    def read(self, digest: str) -> bytes:
        return self.kept[digest]


@pytest.fixture(scope="module")
def painter(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> EmbeddedPainter:  # noqa: F811
    """A painter of one size, 128 pixels, as the embedded one is."""
    folder = tmp_path_factory.mktemp("one-size")
    for part in ("autoencoder", "text_encoder", "tokenizer"):
        (folder / part).symlink_to(weights / part)
    torch.manual_seed(4)
    denoiser = Denoiser(4, 64, 2, 1, 64, prior_rank=2, world_version=1)
    torch.nn.init.normal_(denoiser.out.weight, std=0.1)
    torch.nn.init.normal_(denoiser.condition_in.weight, std=0.1)
    denoiser.save_pretrained(folder / "denoiser")
    return EmbeddedPainter(folder, device="cpu")


def painted(painter: EmbeddedPainter, blobs: Blobs, *requests: RenderRequest) -> list[RenderFinished]:
    return [event for event in painter.paint(requests, blobs) if isinstance(event, RenderFinished)]


def pixels(event: RenderFinished) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(event.image)))


def kept(blobs: Blobs, event: RenderFinished) -> dict[str, Any]:
    return {"parent_latent": blobs.put(event.latent), "parent_image": blobs.put(event.image)}


@pytest.fixture(scope="module")
def first(painter: EmbeddedPainter) -> RenderFinished:
    (event,) = painted(painter, Blobs(), RenderRequest("a", "create", "a white bunny is in a meadow", 3, steps=2))
    return event


def extension(blobs: Blobs, event: RenderFinished, size: tuple[int, int], place: tuple[int, int]) -> RenderRequest:
    return RenderRequest(
        "x", "extend", "a white bunny is in a meadow", 5, width=size[0], height=size[1], steps=2, place=place,
        **kept(blobs, event),
    )  # fmt: skip


@pytest.mark.parametrize(("size", "place"), [((192, 192), (32, 32)), ((192, 128), (64, 0)), ((128, 256), (0, 64))])
def test_an_extension_keeps_pixels_and_latent_at_its_place_bit_for_bit(
    painter: EmbeddedPainter, first: RenderFinished, size: tuple[int, int], place: tuple[int, int]
):
    blobs = Blobs()
    (wider,) = painted(painter, blobs, extension(blobs, first, size, place))
    x, y = place
    assert np.array_equal(pixels(wider)[y : y + 128, x : x + 128], pixels(first))
    inside = load(wider.latent)["latent"][:, y // 8 : y // 8 + 16, x // 8 : x // 8 + 16]
    assert torch.equal(inside, load(first.latent)["latent"])
    assert (wider.recipe.place, wider.recipe.steps) == (place, 2) and wider.recipe.start.startswith("latent:")
    (again,) = painted(painter, blobs, extension(blobs, first, size, place))
    assert again.image == wider.image
    (other,) = painted(painter, blobs, dataclasses.replace(extension(blobs, first, size, place), seed=6))
    assert other.image != wider.image


def test_one_window_over_the_whole_canvas_is_the_plain_denoiser(painter: EmbeddedPainter):
    request = RenderRequest("a", "create", "a white bunny", 3, steps=2)
    painting = painter.prepare([request], Blobs())
    assert painting.windows == Windows((16, 16), ((0, 0),))
    twice = [x.repeat(2, 1, 1, 1) for x in (painting.latents.to(painter.dtype), painting.parent)]
    maps = [x.repeat(2, 1, 1, 1) for x in (painting.known, painting.mask)]
    with torch.inference_mode():
        plain = painter.denoiser(twice[0], torch.ones(2), painting.text, twice[1], *maps).float()
    conditional, unconditional = plain.chunk(2)
    assert torch.equal(painter._velocity(painting, 1.0), guide(unconditional, conditional, painting.guidance))


def test_windows_hold_all_that_changes_and_a_cell_is_the_mean_of_its_windows():
    torch.manual_seed(1)
    canvas = torch.randn(2, 3, 20, 28)
    for mask in (torch.ones(20, 28), torch.zeros(20, 28).index_fill(1, torch.tensor([2, 25]), 1)):
        windows = windows_over(mask, 8, 3)
        held = windows.joined(torch.ones_like(windows.cut(canvas)), 20, 28)[0, 0]
        assert (held[mask > 0] == 1).all()
        assert all(mask[top : top + 8, left : left + 8].any() for top, left in windows.corners)
        joined = windows.joined(windows.cut(canvas), 20, 28)
        torch.testing.assert_close(joined[..., held > 0], canvas[..., held > 0])
    two = Windows((2, 2), ((0, 0), (0, 1)))
    pieces = torch.stack([torch.full((1, 2, 2), value) for value in (1.0, 4.0)])
    assert two.joined(pieces, 3, 4)[0, 0].tolist() == [[1, 2.5, 4, 0], [1, 2.5, 4, 0], [0, 0, 0, 0]]


def test_what_fits_into_one_window_gets_one_round_its_middle():
    mask = torch.zeros(32, 32)
    mask[10:14, 28:31] = 1
    assert windows_over(mask, 16, 4).corners == ((4, 16),)
    assert windows_over(torch.zeros(16, 16), 16, 4).corners == ((0, 0),)
    assert windows_over(torch.ones(8, 24), 16, 4) == Windows((8, 16), ((0, 0), (0, 4), (0, 8)))


def test_an_edit_of_a_larger_picture_keeps_what_is_outside_its_mask(painter: EmbeddedPainter, first: RenderFinished):
    blobs = Blobs()
    (wider,) = painted(painter, blobs, extension(blobs, first, (192, 192), (32, 32)))
    mask = Image.new("L", (192, 192))
    mask.paste(255, (100, 20, 180, 90))
    buffer = io.BytesIO()
    mask.save(buffer, "PNG")
    request = RenderRequest(
        "e", "edit", "a red bunny", 5, "make it red", width=192, height=192, mask=blobs.put(buffer.getvalue()), steps=2,
        **kept(blobs, wider),
    )  # fmt: skip
    (edited,) = painted(painter, blobs, request)
    outside = np.asarray(mask) == 0
    assert np.array_equal(pixels(edited)[outside], pixels(wider)[outside])
    assert edited.changed and edited.changed > 0
    assert len(painter.prepare([request], blobs).windows) == 1
    whole = dataclasses.replace(request, mask=None)
    assert len(painter.prepare([whole], blobs).windows) == 9
    painter.find_region(whole, blobs)


def test_what_was_painted_first_is_found_and_edited_in_a_window_of_its_own(
    painter: EmbeddedPainter, first: RenderFinished, monkeypatch: pytest.MonkeyPatch
):
    blobs = Blobs()
    (wider,) = painted(painter, blobs, extension(blobs, first, (192, 192), (32, 16)))
    (widest,) = painted(painter, blobs, extension(blobs, wider, (224, 192), (32, 0)))
    assert "home" not in load(first.latent)
    assert [load(event.latent)["home"].tolist() for event in (wider, widest)] == [[2, 4], [2, 8]]
    whole = RenderRequest(
        "e", "edit", "a red bunny", 5, "make it red", width=224, height=192, steps=2, **kept(blobs, widest)
    )

    def seen_at_its_corner(pictures: torch.Tensor, instruction: str) -> torch.Tensor:
        likely = torch.zeros(len(pictures), 1, pictures.shape[-2] // 8, pictures.shape[-1] // 8)
        likely[..., :4, :4] = 1.0
        return likely

    monkeypatch.setattr(painter.finder, "likely", seen_at_its_corner)
    region = painter.find_region(whole, blobs)
    assert region is not None
    found = np.asarray(Image.open(io.BytesIO(region.mask))) > 0
    assert found.shape == (192, 224) and found[16:48, 64:96].all()
    assert not found[:16].any() and not found[:, :64].any() and not found[:, 160:].any()
    mask = Image.new("L", (224, 192))
    mask.paste(255, (64, 16, 192, 144))
    buffer = io.BytesIO()
    mask.save(buffer, "PNG")
    request = dataclasses.replace(whole, mask=blobs.put(buffer.getvalue()))
    assert painter.prepare([request], blobs).windows == Windows((16, 16), ((2, 8),))
    (edited,) = painted(painter, blobs, request)
    assert load(edited.latent)["home"].tolist() == [2, 8]


def test_a_subtle_variation_begins_at_its_versions_latent_noised_to_its_strength(
    painter: EmbeddedPainter, first: RenderFinished
):
    blobs = Blobs()
    request = RenderRequest("v", "vary", "a white bunny", 9, strength=0.25, steps=2, **kept(blobs, first))
    painting = painter.prepare([request], blobs)
    clean, noise = load(first.latent)["latent"], noise_for(9, 0, (4, 16, 16))
    torch.testing.assert_close(painting.latents[0], 0.75 * clean + 0.25 * noise)
    assert painting.scheduler.sigmas.tolist() == [0.25, 0.125, 0.0]
    assert not painting.known.any() and not painting.parent.any()
    (near,) = painted(painter, blobs, request)
    (far,) = painted(painter, blobs, dataclasses.replace(request, strength=1.0))
    assert near.recipe.start == f"latent:{request.parent_latent}" and far.recipe.start == "noise"
    plain = RenderRequest("v", "vary", "a white bunny", 9, steps=2)
    assert painted(painter, blobs, plain)[0].image == far.image


def test_a_merge_begins_at_both_latents_laid_together_and_keeps_the_first_outside(
    painter: EmbeddedPainter, first: RenderFinished
):
    blobs = Blobs()
    (second,) = painted(painter, blobs, RenderRequest("b", "create", "a red hat", 8, steps=2))
    mask = Image.new("L", (128, 128))
    mask.paste(255, (0, 0, 128, 64))
    buffer = io.BytesIO()
    mask.save(buffer, "PNG")
    name = blobs.put(buffer.getvalue())
    request = RenderRequest(
        "m", "merge", "a bunny in a red hat", 5, "take the hat", strength=0.5, steps=2, mask=name, source_mask=name,
        source_latent=blobs.put(second.latent), **kept(blobs, first),
    )  # fmt: skip
    one, two = (load(event.latent)["latent"] for event in (first, second))
    laid = torch.cat((two[:, :8], one[:, 8:]), 1)
    painting = painter.prepare([request], blobs)
    torch.testing.assert_close(painting.latents[0], torch.lerp(laid, noise_for(5, 0, (4, 16, 16)), 0.5))
    assert torch.equal(painting.parent[0], laid.to(painter.dtype))
    (merged,) = painted(painter, blobs, request)
    assert np.array_equal(pixels(merged)[64:], pixels(first)[64:])
    assert (merged.recipe.source, merged.recipe.source_mask) == (f"latent:{request.source_latent}", name)


def test_a_canvas_that_cannot_be_gets_one_sentence(painter: EmbeddedPainter, first: RenderFinished):
    blobs, can = Blobs(), painter.capabilities()
    assert (can.min_size, can.max_size, can.max_canvas) == (128, 128, 512)
    with pytest.raises(RequestError, match="multiples of 16 from 128 to 512 pixels, and this would be 520x128"):
        check_canvas((520, 128), can)
    for place, problem in (
        (None, "needs the place"), ((3, 0), "multiples of 8 pixels; 3, 0"), ((80, 0), "at 80, 0 is not on a canvas"),
    ):  # fmt: skip
        with pytest.raises(RequestError, match=problem):
            painted(painter, blobs, dataclasses.replace(extension(blobs, first, (192, 128), (0, 0)), place=place))
    with pytest.raises(RequestError, match="128x128 pixels only"):
        painted(painter, blobs, RenderRequest("a", "create", "a bunny", 1, width=192, height=192))


def test_a_region_of_a_larger_picture_keeps_to_the_window_that_holds_nearly_all_of_it():
    likely = np.zeros((24, 32))
    likely[4:18, 10:22] = 0.9
    likely[0, 31] = 0.4
    corner = window_of(likely, 16)
    assert corner and all(low <= at <= high for at, (low, high) in zip(corner, ((2, 4), (6, 10)), strict=True))
    region = region_of(likely, (256, 192), (corner[1] * 8, corner[0] * 8, 128, 128))
    assert region
    box = Image.open(io.BytesIO(region.mask)).getbbox()
    assert box and box[2] - box[0] <= 128 and box[3] - box[1] <= 128
    spread = np.full((24, 32), 0.5)
    assert window_of(spread, 16) is window_of(np.zeros((24, 32)), 16) is None


def test_a_gap_along_the_edge_of_what_is_kept_fades_out():
    original, grey = np.zeros((32, 32, 3), np.uint8), np.full((32, 32, 3), 100, np.uint8)
    original[8:24, 8:24] = 140
    joined = joined_to(grey, original, (8, 8, 16, 16))[..., 0].astype(int)
    assert (joined[8:24, 8:24] == 140).all() and (joined[0] == 100).all()
    line = joined[16, :9]
    assert (np.diff(line) >= 0).all() and line[0] == 100 and line[7] > 130


def test_new_ground_reads_of_the_surroundings_and_of_no_thing():
    prompt = (
        "This is a flat cartoon illustration in a medium view. A happy white bunny in a red hat is standing in the "
        "middle. The place is a meadow with green grass. It is late at night with grey clouds."
    )
    told = surroundings(prompt)
    assert "bunny" not in told and "hat" not in told
    for words in ("flat cartoon illustration", "a meadow with green grass", "night", "cloudy"):
        assert words in told
    assert surroundings("a bunny") == ""


def test_new_ground_under_a_clear_sky_is_said_to_have_no_sun_or_moon_of_its_own():
    assert surroundings("A cat in a forest. It is night.").endswith("in clear weather. There is no moon in the sky.")
    assert surroundings("A cat on a beach at day. It is day.").endswith("There is no sun in the sky.")
    for prompt in ("A cat in a forest. It is night with grey clouds.", "A cat in a room. It is night.", "A cat."):
        assert "There is no" not in surroundings(prompt)
