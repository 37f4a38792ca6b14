"""What a painter paints, enlarged to what people see; and pictures enlarged for their own sake (the act "upscale").

Dimensions: H, W pixels of the large picture that people see; h, w of the small one that is painted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageFilter

from captioner.errors import first_line
from captioner.packing import load_model
from generation.embedded import SCHEDULER
from generation.errors import RequestError, WeightsError
from generation.models.enlarger import FACTOR, PictureEnlarger
from generation.pixels import opened, png
from generation.regions import read_mask
from generation.request import (
    BlobReader,
    Capabilities,
    Painter,
    Recipe,
    Region,
    RegionFinder,
    RenderEvent,
    RenderFinished,
    RenderRequest,
    check_size,
    nearest_size,
)
from generation.super_resolution import STEPS, enlarge, to_pixels, to_tensor

WEIGHTS = Path(__file__).parent / "weights" / "enlarger"
LARGEST = 2048
"""Pixels a side of the largest picture that is made larger on request."""
BORDER = 4
"""Small pixels round a change over which its enlargement takes over from the parent's own pixels: a small pixel shows
in the large ones of its neighbours."""


class Enlarger:
    """Enlarges pictures with the weights in a folder.

    Raises:
        WeightsError: the weights are missing or damaged.
    """

    def __init__(self, weights: Path = WEIGHTS, device: str | None = None):
        self.device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        try:
            self.model: PictureEnlarger = load_model(PictureEnlarger, weights, torch.bfloat16)
        except Exception as error:  # the loaders raise a dozen types; each means the same to a person
            raise WeightsError(
                f"the enlarger's weights in {weights} are missing or damaged ({first_line(error)}); reinstall Limner, "
                "train them with `limner train enlarger`, or go on with --no-enlarge."
            ) from error
        self.model.to(self.device, memory_format=torch.channels_last).requires_grad_(False)
        self.weights = weights

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the weights' file."""
        (path,) = self.weights.glob("*.safetensors")
        return hashlib.sha256(path.read_bytes()).hexdigest()

    def enlarged(self, picture: np.ndarray, steps: int = STEPS) -> np.ndarray:
        """Return (4h, 4w, 3) uint8 of a picture (h, w, 3) uint8."""
        return to_pixels(enlarge(self.model, to_tensor(picture[None]).to(self.device), steps))[0]

    def to_size(self, picture: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        """Return a picture in a size (W, H): enlarged as often as it takes, then brought down to it."""
        while picture.shape[1] < size[0] or picture.shape[0] < size[1]:
            picture = self.enlarged(picture)
        if picture.shape[1::-1] == size:
            return picture
        return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS))


class EnlargedPainter:
    """A painter whose pictures are four times as wide and as high as those that the painter within paints.

    Sizes, places, masks and parents are scaled down for it, and what it finishes is enlarged. Of an edit, only what it
    changed is; all other pixels of the parent that people see stay as they were, bit for bit. Previews stay small.
    """

    def __init__(self, painter: Painter, enlarger: Enlarger):
        self.painter = painter
        self.enlarger = enlarger

    def capabilities(self) -> Capabilities:
        can = self.painter.capabilities()
        both = hashlib.sha256(f"{can.weights}{self.enlarger.digest}".encode()).hexdigest()
        return replace(
            can,
            acts=tuple(dict.fromkeys((*can.acts, "upscale"))),
            default_size=_times(can.default_size),
            min_size=FACTOR * can.min_size,
            max_size=FACTOR * can.max_size,
            size_multiple=FACTOR * can.size_multiple,
            sizes=tuple(_times(size) for size in can.sizes),
            max_canvas=FACTOR * can.max_canvas,
            weights=both,
        )

    def paint(
        self, requests: Sequence[RenderRequest], blobs: BlobReader, stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[RenderEvent]:
        wanted = {request.id: request for request in requests}
        larger = [(request, *_larger(request, blobs)) for request in requests if request.act == "upscale"]
        scaled = _Scaled(blobs)
        within = [self._within(request, scaled) for request in requests if request.act != "upscale"]
        for event in self.painter.paint(within, scaled, stopped) if within else ():
            if not isinstance(event, RenderFinished):
                yield event
            elif not stopped():
                yield self._enlarged(wanted[event.request_id], event, scaled)
        for request, picture, size in larger:
            if stopped():
                return
            yield self._upscaled(request, picture, size)

    def find_region(self, request: RenderRequest, blobs: BlobReader) -> Region | None:
        if not isinstance(self.painter, RegionFinder):
            return None
        scaled = _Scaled(blobs)
        region = self.painter.find_region(self._within(request, scaled), scaled)
        if region is None:
            return None
        size, _ = self._sizes(request)
        return Region(png(np.asarray(read_mask(region.mask).resize(size, Image.Resampling.NEAREST))))

    def _sizes(self, request: RenderRequest) -> tuple[tuple[int, int], tuple[int, int]]:
        """Return the sizes that people see and that is painted, (W, H) and (w, h).

        A picture of an older conversation, as small as what is painted, grows; one that was upscaled, and so has no
        latent, keeps its size and is painted in the usual one.

        Raises:
            RequestError: it is no size that the painter paints, enlarged.
        """
        can = self.painter.capabilities()
        asked = (request.width, request.height)
        if asked[0] is None or asked[1] is None:
            return _times(can.default_size), can.default_size
        seen = (asked[0], asked[1])
        small = _down(seen)
        if _times(small) == seen and _paints(small, can):
            return seen, small
        if _paints(seen, can):
            return _times(seen), seen
        if request.act == "extend" or request.parent_latent:  # a canvas: the painter within knows its bounds
            if _times(small) == seen:
                return seen, small
        elif request.parent_image and max(seen) <= LARGEST:
            near = nearest_size(seen, can)
            if near[0] * seen[1] == near[1] * seen[0]:
                return seen, near
        return check_size(seen, self.capabilities()), small

    def _within(self, request: RenderRequest, scaled: _Scaled) -> RenderRequest:
        """Return the request as the painter within gets it.

        Raises:
            RequestError, PictureError: as `Painter.paint`.
        """
        _, size = self._sizes(request)
        place = tuple(side // FACTOR for side in request.place) if request.place else None
        parent_size = size
        if request.act == "extend" and request.parent_image:
            parent_size = _down(scaled.picture(request.parent_image).size)
        return replace(
            request,
            width=size[0] if request.width else None,
            height=size[1] if request.height else None,
            place=(place[0], place[1]) if place else None,
            parent_image=scaled.smaller(request.parent_image, parent_size),
            mask=scaled.smaller_mask(request.mask, size),
            source_image=scaled.smaller(request.source_image, size),
            source_mask=scaled.smaller_mask(request.source_mask, size),
        )

    def _enlarged(self, request: RenderRequest, event: RenderFinished, scaled: _Scaled) -> RenderFinished:
        """Return what was painted as people see it."""
        size, _ = self._sizes(request)
        small = np.asarray(opened(event.image))
        large, changed = self.enlarger.to_size(small, size), event.changed
        if event.recipe.parent_image is not None and request.parent_image is not None:
            large, changed = self._on_parent(request, small, large, scaled)
        recipe = replace(_as_given(event.recipe, request), width=size[0], height=size[1], enlarger=self.enlarger.digest)
        return RenderFinished(event.request_id, png(large), event.latent, recipe, changed)

    def _on_parent(
        self, request: RenderRequest, small: np.ndarray, large: np.ndarray, scaled: _Scaled
    ) -> tuple[np.ndarray, float]:
        """Return the parent with what was changed of it, enlarged, and the share of its pixels that this is."""
        size, small_size = (large.shape[1], large.shape[0]), (small.shape[1], small.shape[0])
        parent = scaled.picture(request.parent_image or "")
        left, top = request.place or (0, 0)
        known = Image.new("L", size)
        before = Image.new("RGB", size)
        if request.act != "extend":
            parent = self._seen(parent, size)
        before.paste(parent, (left, top))
        known.paste(255, (left, top, left + parent.width, top + parent.height))
        was = np.asarray(before.resize(small_size, Image.Resampling.BOX))
        if request.act != "extend":
            was = np.asarray(scaled.small_picture(request.parent_image or "", small_size))
        # What an extension adds does not reach into its parent, or there would be less left of it than was promised.
        differs = (small != was).any(-1) & (np.asarray(known.resize(small_size, Image.Resampling.BOX)) == 255)
        weight = _weight(differs, size)
        if request.mask and request.act != "extend":
            mask = scaled.mask(request.mask).resize(size, Image.Resampling.NEAREST)
            weight = weight * (np.asarray(mask) > 0)
        weight = np.maximum(weight, np.asarray(known) == 0)[..., None]
        base = np.asarray(before)
        mixed = np.where(weight > 0, (weight * large + (1 - weight) * base).round(), base).astype(np.uint8)
        return mixed, float((mixed != base).any(-1).mean())

    def _seen(self, picture: Image.Image, size: tuple[int, int]) -> Image.Image:
        """Return a parent as it is kept outside a change, in the size that people see; a small one is enlarged."""
        if picture.size == size:
            return picture
        if FACTOR * picture.width <= size[0] and FACTOR * picture.height <= size[1]:
            return Image.fromarray(self.enlarger.to_size(np.asarray(picture), size))
        return picture.resize(size, Image.Resampling.LANCZOS)

    def _upscaled(self, request: RenderRequest, picture: Image.Image, size: tuple[int, int]) -> RenderFinished:
        large = self.enlarger.to_size(np.asarray(picture), size)
        recipe = Recipe(
            painter="enlarger", weights=self.enlarger.digest, act=request.act, prompt=request.prompt,
            change=request.change, seed=request.seed, candidate=request.candidate, batch=1, steps=STEPS, guidance=1.0,
            scheduler=SCHEDULER, width=size[0], height=size[1], start=f"pixels:{request.parent_image}",
            enlarger=self.enlarger.digest,
        )  # fmt: skip
        return RenderFinished(request.id, png(large), b"", recipe)


class _Scaled:
    """A blob reader that has pictures and masks of another in smaller sizes beside its own, under their digests."""

    def __init__(self, blobs: BlobReader):
        self.blobs = blobs
        self.made: dict[str, bytes] = {}

    def read(self, digest: str) -> bytes:
        return self.made[digest] if digest in self.made else self.blobs.read(digest)

    def picture(self, digest: str) -> Image.Image:
        """Raises: PictureError: it cannot be read."""
        return opened(self.blobs.read(digest))

    def small_picture(self, digest: str, size: tuple[int, int]) -> Image.Image:
        picture = self.picture(digest)
        if picture.size == size:
            return picture
        exact = not any(side % small for side, small in zip(picture.size, size, strict=True))
        return picture.resize(size, Image.Resampling.BOX if exact else Image.Resampling.LANCZOS)

    def mask(self, digest: str) -> Image.Image:
        """Return a mask, 255 wherever anything may change."""
        return read_mask(self.blobs.read(digest)).point(lambda value: 255 * (value > 0))

    def smaller(self, digest: str | None, size: tuple[int, int]) -> str | None:
        """Return the digest of a picture in a size (w, h), from now on to be read here."""
        if digest is None:
            return None
        return self._keep(png(np.asarray(self.small_picture(digest, size)), fast=True))

    def smaller_mask(self, digest: str | None, size: tuple[int, int]) -> str | None:
        """Return the digest of a mask in a size (w, h): free wherever any of the larger pixels is."""
        if digest is None:
            return None
        mask = self.mask(digest).resize(size, Image.Resampling.BOX).point(lambda value: 255 * (value > 0))
        return self._keep(png(np.asarray(mask), fast=True))

    def _keep(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        self.made[digest] = content
        return digest


def _as_given(recipe: Recipe, request: RenderRequest) -> Recipe:
    """Return a recipe that names what the caller gave in place of what was made smaller of it."""
    start, source = recipe.start, recipe.source
    return replace(
        recipe,
        start=f"pixels:{request.parent_image}" if start.startswith("pixels:") else start,
        parent_image=recipe.parent_image and request.parent_image,
        mask=recipe.mask and request.mask,
        place=recipe.place and request.place,
        source=f"pixels:{request.source_image}" if source and source.startswith("pixels:") else source,
        source_mask=recipe.source_mask and request.source_mask,
    )


def _weight(differs: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Return how much of the enlarged picture shows (H, W) where small pixels (h, w) changed: all of it there, less and
    less over the border round them, nothing further off.
    """
    changed = Image.fromarray(differs.astype(np.uint8) * 255)
    reached = changed.filter(ImageFilter.MaxFilter(2 * BORDER + 1))
    soft = changed.filter(ImageFilter.MaxFilter(BORDER + 1)).filter(ImageFilter.BoxBlur(BORDER / 2))
    rising = np.asarray(soft.resize(size, Image.Resampling.BILINEAR), np.float32) / 255
    within, wholly = (np.asarray(part.resize(size, Image.Resampling.NEAREST)) > 0 for part in (reached, changed))
    weight: np.ndarray = np.where(wholly, 1.0, rising * within).astype(np.float32)
    return weight


def _larger(request: RenderRequest, blobs: BlobReader) -> tuple[Image.Image, tuple[int, int]]:
    """Return the picture that an "upscale" makes larger, and how large.

    Raises:
        RequestError: there is no picture, or the size is none that can be made of it.
        PictureError: it cannot be read.
    """
    if not request.parent_image:
        raise RequestError("enlarging needs the picture that it enlarges; none was given.")
    picture = opened(blobs.read(request.parent_image))
    size = (request.width or 2 * picture.width, request.height or 2 * picture.height)
    most = min(1.0, LARGEST / max(size))
    size = (round(most * size[0]), round(most * size[1]))
    if size[0] <= picture.width or size[1] <= picture.height:
        raise RequestError(
            f"pictures are enlarged up to {LARGEST} pixels a side, and one of {picture.width}x{picture.height} would "
            f"become {size[0]}x{size[1]}; enlarge a smaller one."
        )
    return picture, size


def _times(size: tuple[int, int]) -> tuple[int, int]:
    return FACTOR * size[0], FACTOR * size[1]


def _down(size: tuple[int, int]) -> tuple[int, int]:
    return max(1, size[0] // FACTOR), max(1, size[1] // FACTOR)


def _paints(size: tuple[int, int], can: Capabilities) -> bool:
    try:
        check_size(size, can)
    except RequestError:
        return False
    return True
