"""What a request paints on: what is given there, what may change, and in which order the rest is painted.

Dimensions: C latent channels, h and w latent cells, H and W pixels. Knows no models: who has some hands in what turns
pictures into latents and back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from torch import Tensor

from generation.errors import PictureError, RequestError
from generation.models.autoencoder import CELL
from generation.pixels import opened
from generation.regions import read_mask
from generation.request import BlobReader, RenderRequest

Cells = tuple[int, int, int]
"""C, h and w of a latent."""

Box = tuple[int, int, int, int]
"""Left, top, width and height, in pixels."""

Corner = tuple[int, int]
"""Top and left, in cells."""

HOME = "home"
"""The name, in a latent's file, of the corner of what was painted first."""


@dataclass(frozen=True)
class Codec:
    """An autoencoder as functions: `encode` gives the latent (C, h, w) of a picture, `decode` the picture (H, W, 3)."""

    encode: Callable[[Image.Image], Tensor]
    decode: Callable[[Tensor], np.ndarray]


@dataclass(frozen=True)
class Canvas:
    """What one request paints on.

    Attributes:
        origin: (C, h, w), the clean latent of what is given; 0 where nothing is.
        begun: (C, h, w), what painting begins from where it does not begin at noise alone; it is what the denoiser
            is shown where something is known.
        known: (1, h, w), 1 where the denoiser is shown what is given.
        stages: masks (1, h, w) of what is painted, one after another; what an earlier one painted is known to the next.
        original: the picture (H, W, 3) that is given, on the canvas of an extension at its place; None if none is.
        held: the mask of an edit that has one.
        box: where an extension has its parent.
        home: the corner of what was painted first, before anything was extended, in the size that the denoiser knows:
            its things stand there where it expects them. None where that is not known.
    """

    origin: Tensor
    begun: Tensor
    known: Tensor
    stages: tuple[Tensor, ...]
    original: np.ndarray | None = None
    held: Image.Image | None = None
    box: Box | None = None
    home: Corner | None = None


def _home(request: RenderRequest, latent: Tensor, blobs: BlobReader, side: int) -> Corner | None:
    """Return the corner of what was painted first on the canvas of a parent's latent; see `Canvas`."""
    if latent.shape[1:] == (side, side):
        return 0, 0
    kept = load_tensors(blobs.read(request.parent_latent)) if request.parent_latent else {}
    if HOME not in kept:
        return None
    top, left = kept[HOME].tolist()
    return top, left


def canvas_of(request: RenderRequest, blobs: BlobReader, cells: Cells, codec: Codec, side: int) -> Canvas:
    """Return the canvas of a request.

    Args:
        cells: its size.
        side: cells along the side of what the denoiser sees at once.

    Raises:
        RequestError: something that the act needs is missing, or of a size that does not fit.
        PictureError: a latent, picture or mask cannot be read.
    """
    if request.act == "extend":
        return _extension(request, blobs, cells, codec, side)
    if request.act in ("edit", "merge"):
        return _changed(request, blobs, cells, codec, side)
    blank, nowhere = torch.zeros(cells), torch.zeros(1, *cells[1:])
    if request.act == "vary" and request.strength < 1:
        begun = _same_size(_parent(request, blobs, codec, cells), cells, "a variation")
        return Canvas(blank, begun, nowhere, (nowhere + 1,), home=_home(request, begun, blobs, side))
    middle = nowhere.clone()
    top, left = ((length - min(length, side)) // 2 for length in cells[1:])
    middle[:, top : top + side, left : left + side] = 1
    if request.mask:
        return Canvas(blank, blank, nowhere, (mask_cells(read_mask(blobs.read(request.mask)), cells),))
    return Canvas(blank, blank, nowhere, (middle, *_outward(middle, side)), home=(top, left))


def _changed(request: RenderRequest, blobs: BlobReader, cells: Cells, codec: Codec, side: int) -> Canvas:
    """Return the canvas of an edit, or of a merge: what is taken is laid onto the latent that painting begins from."""
    origin = _same_size(_parent(request, blobs, codec, cells), cells, "an edit" if request.act == "edit" else "a merge")
    begun = origin
    if request.act == "merge" and request.source_mask:
        what = "the picture to take something from"
        source = _latent(request.source_latent, request.source_image, blobs, codec, cells, what)
        taken = mask_cells(read_mask(blobs.read(request.source_mask)), cells)
        begun = torch.where(taken > 0, _same_size(source, cells, "a merge"), origin)
    held = read_mask(blobs.read(request.mask)) if request.mask else None
    mask = torch.ones(1, *cells[1:]) if held is None else mask_cells(held, cells)
    original = _pixels(request, origin, blobs, codec)
    home = _home(request, origin, blobs, side)
    return Canvas(origin, begun, torch.ones(1, *cells[1:]), (mask,), original, held, home=home)


def _extension(request: RenderRequest, blobs: BlobReader, cells: Cells, codec: Codec, side: int) -> Canvas:
    if request.place is None:
        raise RequestError("an extension needs the place of its picture on the canvas; none was given.")
    latent = _parent(request, blobs, codec, None)
    (x, y), (high, wide) = request.place, latent.shape[1:]
    if x % CELL or y % CELL:
        raise RequestError(f"a picture lies on its canvas at multiples of {CELL} pixels; {x}, {y} was asked.")
    left, top = x // CELL, y // CELL
    if min(left, top) < 0 or top + high > cells[1] or left + wide > cells[2]:
        raise RequestError(
            f"a picture of {wide * CELL}x{high * CELL} pixels at {x}, {y} is not on a canvas of "
            f"{cells[2] * CELL}x{cells[1] * CELL}; ask for a larger one."
        )
    origin, known = torch.zeros(cells), torch.zeros(1, *cells[1:])
    origin[:, top : top + high, left : left + wide] = latent
    known[:, top : top + high, left : left + wide] = 1
    picture = _pixels(request, latent, blobs, codec)
    original = np.zeros((cells[1] * CELL, cells[2] * CELL, 3), np.uint8)
    original[y : y + high * CELL, x : x + wide * CELL] = picture
    box = (x, y, wide * CELL, high * CELL)
    own = _home(request, latent, blobs, side)
    home = own and (top + own[0], left + own[1])
    return Canvas(origin, origin, known, _outward(known, side), original, box=box, home=home)


def _outward(known: Tensor, side: int) -> tuple[Tensor, ...]:
    """Return the masks (1, h, w) of what lies round a known rectangle, in the order in which it is painted.

    First what lies to the left and right, band by band, in windows as high as the picture: it goes on along its own
    horizon, which a denoiser expects at its place. Then what lies above and below, and beside a picture that is higher
    than a window, in narrower bands, so that most of every window is known. All sides at once, or all rows at once,
    gave a second horizon above the first; a window of which half was empty grass got another animal.
    """
    stages = []
    high = int(known.amax(-1).sum())
    for axis, band in ((-1, side // 2 if high <= side else side // 4), (-2, side // 4)):
        goal = known.amax(axis, keepdim=True).expand_as(known)
        while (rest := goal - known).any():
            reach = (2 * band + 1, 1) if axis == -2 else (1, 2 * band + 1)
            grown = F.max_pool2d(known, reach, 1, (reach[0] // 2, reach[1] // 2))
            stages.append(rest * grown)
            known = torch.maximum(known, stages[-1])
    return tuple(stages)


def mask_cells(mask: Image.Image, cells: Cells) -> Tensor:
    """Return the cells (1, h, w) that a mask touches: 1 where any of their pixels is not black."""
    small = mask.resize((cells[2], cells[1]), Image.Resampling.BOX)
    return (torch.from_numpy(np.array(small))[None] > 0).float()


def _parent(request: RenderRequest, blobs: BlobReader, codec: Codec, cells: Cells | None) -> Tensor:
    return _latent(request.parent_latent, request.parent_image, blobs, codec, cells, "the picture to start from")


def _latent(
    latent: str | None, image: str | None, blobs: BlobReader, codec: Codec, cells: Cells | None, what: str
) -> Tensor:
    """Return the latent (C, h, w) of a picture; one that has none is encoded, in the size of `cells` or its own."""
    if latent:
        try:
            return load_tensors(blobs.read(latent))["latent"]
        except (SafetensorError, KeyError) as error:
            raise PictureError(f"the latent of {what} is damaged ({error}); use another one.") from error
    if not image:
        raise RequestError(f"{what} is missing: neither its latent nor its pixels were given.")
    picture = opened(blobs.read(image), (cells[2] * CELL, cells[1] * CELL) if cells else None)
    if picture.width % CELL or picture.height % CELL:
        raise RequestError(
            f"{what} is {picture.width}x{picture.height} pixels and both must be multiples of {CELL}; resize it."
        )
    return codec.encode(picture)


def _pixels(request: RenderRequest, latent: Tensor, blobs: BlobReader, codec: Codec) -> np.ndarray:
    """Return the picture (H, W, 3) that a request starts from: what the person saw, where that was kept."""
    if not request.parent_image:
        return codec.decode(latent)
    high, wide = latent.shape[1:]
    return np.asarray(opened(blobs.read(request.parent_image), (wide * CELL, high * CELL)))


def _same_size(latent: Tensor, cells: Cells, what: str) -> Tensor:
    if latent.shape != cells:
        raise RequestError(
            f"{what} keeps its picture's size, {latent.shape[2] * CELL}x{latent.shape[1] * CELL}; "
            f"{cells[2] * CELL}x{cells[1] * CELL} was asked. Leave the size out."
        )
    return latent
