"""What people see is enlarged, and of an edit only what changed; all other pixels stay as they were, bit for bit."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from generation.embedded import EmbeddedPainter
from generation.enlarge import BORDER, LARGEST, EnlargedPainter, Enlarger
from generation.errors import PictureError, RequestError, WeightsError
from generation.models.enlarger import PictureEnlarger
from generation.request import (
    BlobReader,
    Capabilities,
    Recipe,
    Region,
    RegionFinder,
    RenderEvent,
    RenderFinished,
    RenderPreview,
    RenderProgress,
    RenderRequest,
)
from tests.test_painter import Blobs, create, finished, painter, weights  # noqa: F401  (fixtures)
from tests.test_regions import pixels, png, square


class Kept(Blobs):
    def keep(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        self.kept[digest] = content
        return digest


class Square:
    """A painter that paints a square of a seed's colour on the parent, or a plain picture; small and exact."""

    def __init__(self) -> None:
        self.asked: list[RenderRequest] = []

    def capabilities(self) -> Capabilities:
        return Capabilities("square", ("create", "edit", "extend", "merge"), (32, 32), 32, 32, 16, 4, 9, 8, True)

    def paint(
        self, requests: Sequence[RenderRequest], blobs: BlobReader, stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[RenderEvent]:
        for request in requests:
            self.asked.append(request)
            canvas = np.full((request.height or 32, request.width or 32, 3), 200, np.uint8)
            if request.parent_image:
                parent = np.asarray(Image.open(io.BytesIO(blobs.read(request.parent_image))))
                x, y = request.place or (0, 0)
                canvas[y : y + len(parent), x : x + parent.shape[1]] = parent
                canvas[12:20, 12:20] = (request.seed * 37 % 256, 30, 90)
            recipe = Recipe(
                "square", "w", request.act, request.prompt, request.change, request.seed, 0, 1, 4, 1.0, "none",
                canvas.shape[1], canvas.shape[0], f"pixels:{request.parent_image}", request.mask, request.parent_image,
                place=request.place, source=f"pixels:{request.source_image}", source_mask=request.source_mask,
            )  # fmt: skip
            yield RenderFinished(request.id, png(canvas), b"latent", recipe, 0.5)


@pytest.fixture(scope="module")
def enlarger(tmp_path_factory: pytest.TempPathFactory) -> Enlarger:
    folder = tmp_path_factory.mktemp("enlarger")
    torch.manual_seed(2)
    model = PictureEnlarger((8, 8), (2, 1))
    torch.nn.init.normal_(model.last.weight, std=0.05)
    model.save_pretrained(folder)
    return Enlarger(folder, device="cpu")


@pytest.fixture(scope="module")
def seen(painter: EmbeddedPainter, enlarger: Enlarger) -> EnlargedPainter:  # noqa: F811
    return EnlargedPainter(painter, enlarger)


def painted(by: EnlargedPainter, request: RenderRequest, blobs: Blobs) -> RenderFinished:
    (event,) = (event for event in by.paint([request], blobs) if isinstance(event, RenderFinished))
    return event


def test_pictures_are_four_times_as_large_as_painted_and_previews_stay_small(
    seen: EnlargedPainter,
    painter: EmbeddedPainter,  # noqa: F811
) -> None:
    request = create(4, width=384, height=256)
    events = list(seen.paint([request], Blobs()))
    within = finished(painter, create(4, width=96, height=64))[0]
    assert [event.step for event in events if isinstance(event, RenderProgress)] == [1, 2, 3]
    preview = next(event for event in events if isinstance(event, RenderPreview))
    assert Image.open(io.BytesIO(preview.image)).size == (96, 64)
    last = events[-1]
    assert isinstance(last, RenderFinished) and last.latent == within.latent
    assert np.array_equal(pixels(last.image), seen.enlarger.enlarged(pixels(within.image)))
    assert (last.recipe.width, last.recipe.height, last.recipe.enlarger) == (384, 256, seen.enlarger.digest)
    assert last.recipe.weights == painter.weights_digest


def test_it_can_what_the_painter_can_four_times_as_large_and_upscale(
    seen: EnlargedPainter,
    painter: EmbeddedPainter,  # noqa: F811
) -> None:
    can, within = seen.capabilities(), painter.capabilities()
    assert can.acts == (*within.acts, "upscale")
    assert (can.default_size, can.min_size, can.max_size) == ((512, 512), 256, 1024)
    assert can.size_multiple == 4 * within.size_multiple and can.weights != within.weights
    with pytest.raises(RequestError, match="multiples of 64 from 256 to 1024 pixels; 300x512"):
        painted(seen, create(1, width=300, height=512), Blobs())


@pytest.mark.parametrize("with_mask", [True, False])
def test_over_several_edits_every_pixel_outside_what_changed_stays_bit_for_bit(
    seen: EnlargedPainter, with_mask: bool
) -> None:
    blobs = Kept()
    version = painted(seen, create(3), blobs)
    for number in range(3):
        mask = square(512, 130 + number, 300) if with_mask else np.full((512, 512), 255, np.uint8)
        edit = dataclasses.replace(
            create(20 + number), act="edit", change=f"happier {number}", parent_image=blobs.keep(version.image),
            parent_latent=blobs.keep(version.latent), mask=blobs.keep(png(mask)) if with_mask else None,
        )  # fmt: skip
        after = painted(seen, edit, blobs)
        was, now = pixels(version.image), pixels(after.image)
        assert was.shape == now.shape == (512, 512, 3)
        assert np.array_equal(was[mask == 0], now[mask == 0]) and not np.array_equal(was, now)
        assert after.changed == pytest.approx((was != now).any(-1).mean()) and after.changed > 0
        assert (after.recipe.parent_image, after.recipe.mask) == (edit.parent_image, edit.mask)
        assert after.recipe.start == f"latent:{edit.parent_latent}"
        version = after


def test_without_a_mask_nothing_further_off_than_the_border_changes(enlarger: Enlarger) -> None:
    blobs, by = Kept(), EnlargedPainter(Square(), enlarger)
    rng = np.random.default_rng(1)
    parent = rng.integers(0, 256, (128, 128, 3), dtype=np.uint8)
    edit = RenderRequest("e", "edit", "", 5, parent_image=blobs.keep(png(parent)))
    now = pixels(painted(by, edit, blobs).image)
    near = slice(4 * (12 - BORDER), 4 * (20 + BORDER))
    outside = np.ones((128, 128), bool)
    outside[near, near] = False
    assert np.array_equal(now[outside], parent[outside])
    assert (now[48:80, 48:80] != parent[48:80, 48:80]).any(-1).mean() > 0.9
    drawn = np.array(Image.fromarray(parent).resize((32, 32), Image.Resampling.BOX))
    drawn[12:20, 12:20] = (5 * 37, 30, 90)
    assert np.array_equal(now[48:80, 48:80], enlarger.enlarged(drawn)[48:80, 48:80])


def test_an_edit_that_changes_nothing_gives_the_parent_back(enlarger: Enlarger) -> None:
    class Nothing(Square):
        def paint(self, requests, blobs, stopped=lambda: False):  # type: ignore[no-untyped-def]
            for event in super().paint(requests, blobs, stopped):
                yield dataclasses.replace(event, image=blobs.read(requests[0].parent_image))

    blobs = Kept()
    parent = np.random.default_rng(2).integers(0, 256, (128, 128, 3), dtype=np.uint8)
    after = painted(
        EnlargedPainter(Nothing(), enlarger),
        RenderRequest("e", "edit", "", 5, parent_image=blobs.keep(png(parent))),
        blobs,
    )
    assert np.array_equal(pixels(after.image), parent) and after.changed == 0


def test_a_picture_of_an_older_conversation_grows_and_an_upload_keeps_its_pixels(seen: EnlargedPainter) -> None:
    blobs = Kept()
    old = finished(seen.painter, create(3))[0]  # type: ignore[arg-type]
    edit = dataclasses.replace(
        create(3), act="edit", change="happier", parent_image=blobs.keep(old.image), width=128, height=128,
        parent_latent=blobs.keep(old.latent), mask=blobs.keep(png(square())),
    )  # fmt: skip
    now = pixels(painted(seen, edit, blobs).image)
    mask = np.asarray(Image.fromarray(square()).resize((512, 512), Image.Resampling.NEAREST))
    assert np.array_equal(now[mask == 0], seen.enlarger.enlarged(pixels(old.image))[mask == 0])
    upload = Image.fromarray(np.random.default_rng(3).integers(0, 256, (300, 500, 3), dtype=np.uint8))
    mask = square(512, 100, 400)
    brought = RenderRequest(
        "u", "edit", "a bunny", 3, "happier", width=512, height=512, steps=3,
        parent_image=blobs.keep(png(np.asarray(upload))), mask=blobs.keep(png(mask)),
    )  # fmt: skip
    now = pixels(painted(seen, brought, blobs).image)
    fitted = np.asarray(upload.resize((512, 512), Image.Resampling.LANCZOS))
    assert np.array_equal(now[mask == 0], fitted[mask == 0])


def test_a_version_is_painted_again_from_its_recipe_pixel_for_pixel(seen: EnlargedPainter) -> None:
    blobs = Kept()
    first = painted(seen, create(3), blobs)
    edit = dataclasses.replace(
        create(3), act="edit", change="happier", parent_image=blobs.keep(first.image),
        parent_latent=blobs.keep(first.latent), mask=blobs.keep(png(square(512, 100, 300))),
    )  # fmt: skip
    for request in (create(3), edit):
        event = painted(seen, request, blobs)
        recipe = event.recipe
        again = RenderRequest(
            "again", recipe.act, recipe.prompt, recipe.seed, recipe.change, recipe.candidate, recipe.width,
            recipe.height, recipe.steps, recipe.guidance, recipe.start.removeprefix("latent:") if "latent" in
            recipe.start else None, recipe.parent_image, recipe.mask, recipe.strength,
        )  # fmt: skip
        repeated = painted(seen, again, blobs)
        assert (repeated.image, repeated.latent, repeated.recipe) == (event.image, event.latent, recipe)


def test_regions_are_found_in_the_size_that_people_see(seen: EnlargedPainter, enlarger: Enlarger) -> None:
    class Finding(Square):
        def find_region(self, request: RenderRequest, blobs: BlobReader) -> Region | None:
            self.asked.append(request)
            return Region(png(square(32, 8, 24))) if request.seed else None

    blobs, by = Kept(), EnlargedPainter(Finding(), enlarger)
    assert isinstance(by, RegionFinder)
    parent = blobs.keep(png(np.zeros((128, 128, 3), np.uint8)))
    region = by.find_region(RenderRequest("e", "edit", "", 1, width=128, height=128, parent_image=parent), blobs)
    assert region is not None and np.array_equal(pixels(region.mask), square(128, 32, 96))
    assert (by.painter.asked[0].width, by.painter.asked[0].height) == (32, 32)  # type: ignore[attr-defined]
    assert by.find_region(RenderRequest("e", "edit", "", 0, parent_image=parent), blobs) is None
    assert EnlargedPainter(Square(), enlarger).find_region(RenderRequest("e", "edit", "", 1), blobs) is None


def test_an_extension_keeps_its_parent_bit_for_bit_where_it_was_placed(enlarger: Enlarger) -> None:
    blobs, by = Kept(), EnlargedPainter(Square(), enlarger)
    parent = np.random.default_rng(4).integers(0, 256, (128, 128, 3), dtype=np.uint8)
    wider = RenderRequest(
        "x", "extend", "wider", 1, width=256, height=192, place=(64, 32), parent_image=blobs.keep(png(parent))
    )
    after = painted(by, wider, blobs)
    now = pixels(after.image)
    (within,) = by.painter.asked  # type: ignore[attr-defined]
    assert (within.width, within.height, within.place) == (64, 48, (16, 8))
    assert now.shape == (192, 256, 3) and after.recipe.place == (64, 32)
    kept = np.zeros((192, 256), bool)
    kept[32:160, 64:192] = True
    near = slice(4 * (12 - BORDER), 4 * (20 + BORDER))  # the square that the painter laid over it
    kept[near, near] = False
    assert np.array_equal(now[kept], np.pad(parent, ((32, 32), (64, 64), (0, 0)))[kept])
    assert np.abs(now[:16].astype(int) - 200).mean() < 60


def test_a_merge_gets_its_source_and_masks_small_and_names_them_large(enlarger: Enlarger) -> None:
    blobs, by = Kept(), EnlargedPainter(Square(), enlarger)
    one, two = (blobs.keep(png(np.full((128, 128, 3), level, np.uint8))) for level in (10, 250))
    mask = blobs.keep(png(square(128, 33, 63)))
    request = RenderRequest(
        "m", "merge", "", 2, parent_image=one, source_image=two, mask=mask, source_mask=mask, width=128, height=128
    )
    recipe = painted(by, request, blobs).recipe
    assert (recipe.source, recipe.source_mask, recipe.mask) == (f"pixels:{two}", mask, mask)
    (within,) = by.painter.asked  # type: ignore[attr-defined]
    assert within.source_image not in (None, two) and within.mask not in (None, mask)


def test_upscaling_doubles_what_is_seen_and_can_be_repeated(seen: EnlargedPainter) -> None:
    blobs = Kept()
    first = painted(seen, create(3, width=256, height=256), blobs)
    larger = RenderRequest(
        "l", "upscale", first.recipe.prompt, 3, parent_image=blobs.keep(first.image)
    )  # fmt: skip
    event = painted(seen, larger, blobs)
    assert pixels(event.image).shape == (512, 512, 3) and event.latent == b""
    assert (event.recipe.width, event.recipe.act, event.recipe.start) == (
        512, "upscale", f"pixels:{larger.parent_image}"
    )  # fmt: skip
    back = np.asarray(Image.fromarray(pixels(event.image)).reduce(2), int)
    assert np.abs(back - pixels(first.image)).mean() < 40
    assert painted(seen, larger, blobs).image == event.image
    asked = painted(seen, dataclasses.replace(larger, width=640, height=640), blobs)
    assert pixels(asked.image).shape == (640, 640, 3)
    long = dataclasses.replace(larger, parent_image=blobs.keep(png(np.zeros((4, 1200, 3), np.uint8))))
    assert pixels(painted(seen, long, blobs).image).shape == (7, LARGEST, 3)


def test_what_was_upscaled_can_be_edited_in_its_own_size(enlarger: Enlarger) -> None:
    blobs, by = Kept(), EnlargedPainter(Square(), enlarger)
    parent = np.random.default_rng(5).integers(0, 256, (256, 256, 3), dtype=np.uint8)
    mask = square(256, 90, 150)
    edit = RenderRequest(
        "e", "edit", "", 3, width=256, height=256, parent_image=blobs.keep(png(parent)), mask=blobs.keep(png(mask))
    )
    now = pixels(painted(by, edit, blobs).image)
    assert by.painter.asked[0].width == 32  # type: ignore[attr-defined]
    assert np.array_equal(now[mask == 0], parent[mask == 0])
    assert (now[100:140, 100:140] != parent[100:140, 100:140]).any(-1).mean() > 0.9
    with pytest.raises(RequestError, match="128x128 pixels only; 256x192"):
        painted(by, dataclasses.replace(edit, height=192), blobs)


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({}, "none was given"), ({"parent_image": "p", "width": 32, "height": 32}, "64x64 would become 32x32"),
        ({"parent_image": "large"}, f"up to {LARGEST} pixels a side, and one of 2048x8 would become 2048x8"),
        ({"parent_image": "bad"}, "cannot be read"),
    ],
)  # fmt: skip
def test_what_cannot_be_upscaled_is_refused_in_a_sentence(
    enlarger: Enlarger, request_: dict[str, object], words: str
) -> None:
    blobs = Blobs()
    blobs.kept = {"p": png(np.zeros((64, 64, 3), np.uint8)), "bad": b"no picture"}
    blobs.kept["large"] = png(np.zeros((8, 2048, 3), np.uint8))
    request = RenderRequest("l", "upscale", "", 1, **request_)  # type: ignore[arg-type]
    with pytest.raises((RequestError, PictureError), match=words):
        painted(EnlargedPainter(Square(), enlarger), request, blobs)


def test_stopping_ends_without_a_picture_and_without_enlarging(
    seen: EnlargedPainter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seen.enlarger, "enlarged", lambda picture: pytest.fail("enlarged after the stop"))
    stop = threading.Event()
    events = []
    for event in seen.paint([create()], Blobs(), stop.is_set):
        events.append(event)
        if isinstance(event, RenderProgress) and event.step == 3:
            stop.set()
    assert events and not any(isinstance(event, RenderFinished) for event in events)


def test_missing_weights_get_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"the enlarger's weights in .* are missing or damaged"):
        Enlarger(tmp_path)
