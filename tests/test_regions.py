"""Regions of edits: what lies outside stays bit for bit, in pixels and in latents, whatever is painted inside."""

from __future__ import annotations

import dataclasses
import hashlib
import io
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load as load_tensors

from assistant.images import BlobStore
from assistant.rewriter import FakeRewriter
from assistant.store.folder import open_data_folder
from assistant.store.store import ConversationStore
from assistant.turns import Turns
from generation.embedded import EmbeddedPainter
from generation.errors import PictureError, RequestError
from generation.painting import ALIKE
from generation.regions import FEATHER, LIKELY, pasted, read_mask, region_of, weight_of
from generation.request import (
    BlobReader,
    FakePainter,
    FakeRegionFinder,
    Region,
    RegionFinder,
    RenderFinished,
    RenderRequest,
)
from generation.training.painter import UNASKED, grown, region_loss
from tests.conversing import plan_of, said
from tests.test_painter import Blobs, create, finished, painter, weights  # noqa: F401  (fixtures)


def png(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, "PNG")
    return buffer.getvalue()


def square(size: int = 128, low: int = 32, high: int = 96) -> np.ndarray:
    mask = np.zeros((size, size), np.uint8)
    mask[low:high, low:high] = 255
    return mask


def masked_edit(painter: EmbeddedPainter) -> tuple[RenderFinished, Blobs, RenderRequest]:  # noqa: F811
    """Return a painted parent, where its bytes are kept, and a request to edit it inside a square."""
    parent, blobs = finished(painter, create(3))[0], Blobs()
    blobs.kept = {"image": parent.image, "latent": parent.latent, "mask": png(square())}
    edit = dataclasses.replace(
        create(3), act="edit", change="happier", parent_image="image", parent_latent="latent", mask="mask"
    )
    return parent, blobs, edit


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)))


def test_pasting_keeps_the_outside_bit_for_bit_and_the_core_as_painted() -> None:
    rng = np.random.default_rng(0)
    painted, original = rng.integers(0, 256, (2, 128, 128, 3), dtype=np.uint8)
    mask = square()
    joined = pasted(painted, original, read_mask(png(mask)))
    assert np.array_equal(joined[mask == 0], original[mask == 0])
    core = slice(32 + 3 * FEATHER, 96 - 3 * FEATHER)
    assert np.array_equal(joined[core, core], painted[core, core])


def test_the_feather_goes_from_the_old_picture_to_the_new_without_a_step() -> None:
    black, white = np.zeros((128, 128, 3), np.uint8), np.full((128, 128, 3), 255, np.uint8)
    line = pasted(white, black, read_mask(png(square())))[64, 20:64, 0].astype(int)
    assert line[0] == 0 and line[-1] == 255 and np.all(np.diff(line) >= 0)
    assert np.diff(line).max() < 128


def test_a_region_is_where_a_change_is_likely() -> None:
    likely = np.zeros((16, 16))
    likely[4:8, 4:8] = 1
    region = region_of(likely, (128, 128))
    assert region is not None
    inside = np.asarray(read_mask(region.mask)) > 0
    assert inside.shape == (128, 128)
    assert inside[32:64, 32:64].all() and not inside[:16].any() and not inside[80:].any()


@pytest.mark.parametrize("cells", [1, 2])
def test_the_feather_takes_nothing_of_what_is_likely_to_change(cells: int) -> None:
    likely = np.zeros((16, 16))
    likely[5 : 5 + cells, 6 : 6 + cells] = 1
    region = region_of(likely, (128, 128))
    assert region is not None
    weight = weight_of(read_mask(region.mask), (128, 128))
    assert weight[40 : 40 + 8 * cells, 48 : 48 + 8 * cells].min() > 0.9


@pytest.mark.parametrize("likely", [0.0, LIKELY - 0.1, 1.0])
def test_nothing_and_nearly_everything_are_no_region(likely: float) -> None:
    assert region_of(np.full((16, 16), likely), (128, 128)) is None


def test_a_masked_edit_leaves_pixels_and_latents_outside_its_region_exactly_as_they_were(
    painter: EmbeddedPainter,  # noqa: F811
) -> None:
    parent, blobs, edit = masked_edit(painter)
    result = finished(painter, edit, blobs=blobs)[0]
    outside = square() == 0
    assert np.array_equal(pixels(result.image)[outside], pixels(parent.image)[outside])
    assert not np.array_equal(pixels(result.image)[~outside], pixels(parent.image)[~outside])
    cells = torch.from_numpy(square(16, 4, 12) == 0)
    before, after = (load_tensors(event.latent)["latent"] for event in (parent, result))
    assert torch.equal(before[:, cells], after[:, cells])
    assert result.recipe.mask == "mask"
    different = (pixels(result.image) != pixels(parent.image)).any(-1)
    assert result.changed == pytest.approx(different.mean()) and 0 < different.mean() <= (~outside).mean()


def test_edits_with_and_without_a_region_can_be_painted_together(painter: EmbeddedPainter) -> None:  # noqa: F811
    parent, blobs, held = masked_edit(painter)
    held, free = dataclasses.replace(held, id="held"), dataclasses.replace(held, id="free", mask=None)
    results = {event.request_id: pixels(event.image) for event in finished(painter, free, held, blobs=blobs)}
    outside = square() == 0
    assert np.array_equal(results["held"][outside], pixels(parent.image)[outside])
    assert not np.array_equal(results["free"][outside], pixels(parent.image)[outside])


def test_the_embedded_painter_finds_the_same_region_again_and_none_of_a_new_picture(
    painter: EmbeddedPainter,  # noqa: F811
) -> None:
    assert isinstance(painter, RegionFinder)
    blobs = Blobs()
    blobs.kept = {"latent": finished(painter, create(3))[0].latent}
    edit = dataclasses.replace(create(3), act="edit", change="happier", parent_latent="latent")
    assert painter.find_region(edit, blobs) == painter.find_region(edit, blobs)
    with pytest.raises(RequestError, match="only an edit"):
        painter.find_region(create(), blobs)


def test_a_mask_that_is_no_picture_gets_a_sentence() -> None:
    with pytest.raises(PictureError, match="white where the picture may change"):
        read_mask(b"not a mask")


def test_the_region_loss_is_over_the_cells_that_are_asked_alone() -> None:
    logits = torch.tensor([2.0, -1.0, 5.0]).view(1, 1, 1, 3)
    changed = torch.tensor([1.0, 0.0, UNASKED]).view(1, 1, 1, 3)
    expected = -(torch.tensor(2.0).sigmoid().log() + (1 - torch.tensor(-1.0).sigmoid()).log()) / 2
    assert region_loss(logits, changed).item() == pytest.approx(expected.item(), rel=1e-5)
    assert region_loss(logits, torch.full_like(logits, UNASKED)).item() == 0


def test_a_mask_grows_by_cells_on_every_side() -> None:
    mask = torch.zeros(1, 7, 7)
    mask[0, 3, 3] = 1
    assert grown(mask, 0) is mask
    assert grown(mask, 2).sum() == 25


class NothingFound:
    def find_region(self, request: RenderRequest, blobs: BlobReader) -> Region | None:
        return None


@pytest.mark.parametrize("knows", [True, False])
def test_an_edit_is_painted_within_the_region_that_was_found_and_its_mask_is_kept(tmp_path: Path, knows: bool) -> None:
    data, drawn = open_data_folder(tmp_path), FakePainter(steps=1)
    store = ConversationStore(data.url)
    finder = FakeRegionFinder() if knows else NothingFound()
    with Turns(store, BlobStore(data.blobs), drawn, FakeRewriter(plan_of), regions=finder) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, "a bunny")
        result = said(turns, talk, "edit happier")
        assert result.version == "v2" and not result.error
        created, edited = drawn.painted
        assert created.mask is None
        found = finder.find_region(edited, turns.blobs)
        expected = hashlib.sha256(found.mask).hexdigest() if found else None
        assert edited.mask == expected
        assert result.changed == (0.5 if knows else 1.0)
        recipe = turns.versions(talk)[1].recipe
        assert recipe is not None and recipe.mask == expected
        turns.blobs.sweep(turns.store.named_digests, age=0)
        if expected and found:
            assert turns.blobs.read(expected) == found.mask
            before, after = (pixels(turns.blobs.read(version.image)) for version in turns.versions(talk))
            assert np.array_equal(before[32:], after[32:]) and not np.array_equal(before[:32], after[:32])
        assert said(turns, talk, "back to v1").changed is None
        assert said(turns, talk, "back to v2").changed == result.changed
    store.close()


def test_a_version_can_be_painted_again_from_its_recipe_after_several_edits(painter: EmbeddedPainter) -> None:  # noqa: F811
    blobs = Blobs()
    event = finished(painter, create(3))[0]
    for number, change in enumerate(("happier", "with a red hat")):
        names = {kind: f"{kind} {number}" for kind in ("image", "latent", "mask")}
        blobs.kept |= {names["image"]: event.image, names["latent"]: event.latent}
        blobs.kept[names["mask"]] = png(square(128, 16, 80 + number))
        edit = dataclasses.replace(
            create(3), act="edit", change=change, parent_image=names["image"], parent_latent=names["latent"],
            mask=names["mask"],
        )  # fmt: skip
        event = finished(painter, edit, blobs=blobs)[0]
    recipe = event.recipe
    again = RenderRequest(
        "again", recipe.act, recipe.prompt, recipe.seed, recipe.change, recipe.candidate, recipe.width, recipe.height,
        recipe.steps, recipe.guidance, recipe.start.removeprefix("latent:"), recipe.parent_image, recipe.mask,
        recipe.strength,
    )  # fmt: skip
    repeated = finished(painter, again, blobs=blobs)[0]
    assert (repeated.image, repeated.latent) == (event.image, event.latent)


@pytest.mark.parametrize("within_a_mask", [True, False])
def test_what_an_edit_repaints_much_as_it_was_stays_exactly_as_it_was(
    painter: EmbeddedPainter,  # noqa: F811
    within_a_mask: bool,
) -> None:
    parent, blobs, edit = masked_edit(painter)
    painting = painter.prepare([edit if within_a_mask else dataclasses.replace(edit, mask=None)], blobs)
    nearly = torch.full_like(painting.origin, (0.9 * ALIKE) ** 0.5)
    nearly[0, :, 6, 7] = (2 * ALIKE) ** 0.5
    painting.latents = painting.origin + nearly
    result = next(painter.finish(painting))
    near = np.zeros((128, 128), bool)
    near[8 * 5 : 8 * 8, 8 * 6 : 8 * 9] = True
    before, after = pixels(parent.image), pixels(result.image)
    assert np.array_equal(before[~near], after[~near]) and not np.array_equal(before[near], after[near])
    before, after = (load_tensors(event.latent)["latent"].numpy() for event in (parent, result))
    cells = near[::8, ::8]
    assert np.array_equal(before[:, ~cells], after[:, ~cells]) and (before[:, cells] != after[:, cells]).all()
    assert result.changed is not None and 0 < result.changed <= near.mean()


def test_a_new_picture_has_nothing_that_could_stay(painter: EmbeddedPainter) -> None:  # noqa: F811
    painting = painter.prepare([create(3)], Blobs())
    painting.latents = torch.full_like(painting.latents, ALIKE / 2)
    assert (load_tensors(next(painter.finish(painting)).latent)["latent"] == ALIKE / 2).all()


def test_a_preview_of_an_edit_shows_its_parent_outside_the_region(painter: EmbeddedPainter) -> None:  # noqa: F811
    parent, blobs, edit = masked_edit(painter)
    painting = painter.prepare([edit], blobs)
    estimate = painter.step(painting)
    cells = torch.from_numpy(square(16, 4, 12) == 0)
    assert torch.equal(estimate[0][:, cells], load_tensors(parent.latent)["latent"][:, cells])
