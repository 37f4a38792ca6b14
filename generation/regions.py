"""Where an edit may change a picture, and how what was painted there joins the rest. Pixels and masks; no models.

Dimensions: H, W pixels; h, w latent cells.
"""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageFilter

from generation.errors import PictureError
from generation.request import Region

LIKELY = 0.3
"""How likely it must be that an edit changes a pixel for the pixel to be in its region. Low: what is left out of a
region cannot change at all, while what is in it needlessly is mostly painted as it was."""
WHOLE = 0.9
"""A region that covers more than this share of a picture is the whole picture."""
FEATHER = 4
"""Pixels inside a region's border over which the new picture takes over from the old."""
IN_ONE = 0.7
"""The share of what is likely to change that one window must hold, for an edit of a larger picture to keep to it."""
MARGIN = 2 * FEATHER
"""Pixels by which a region reaches past what is likely to change, so that the feather takes none of that."""


def region_of(likely: np.ndarray, size: tuple[int, int], box: tuple[int, int, int, int] | None = None) -> Region | None:
    """Return the region that probabilities (h, w) mean for a picture of (W, H) pixels; None for the whole picture.

    A region that would be empty is no region either: the model does not know, so the picture is left free.

    Args:
        box: left, top, width and height in pixels, which the region shall not reach past.
    """
    soft = Image.fromarray(likely.astype(np.float32)).resize(size, Image.Resampling.BILINEAR)
    inside = Image.fromarray((np.asarray(soft) >= LIKELY).astype(np.uint8) * 255)
    inside = inside.filter(ImageFilter.MaxFilter(2 * MARGIN + 1))
    if box is not None:
        left, top, wide, high = box
        within = Image.new("L", size)
        within.paste(inside.crop((left, top, left + wide, top + high)), (left, top))
        inside = within
    share = np.asarray(inside).mean() / 255
    if not 0 < share <= WHOLE:
        return None
    buffer = io.BytesIO()
    inside.save(buffer, "PNG")
    return Region(buffer.getvalue())


def window_of(likely: np.ndarray, side: int) -> tuple[int, int] | None:
    """Return the upper left cell (top, left) of the window of `side` cells that holds nearly all that is likely to
    change among cells (h, w); None where that is too little of it.

    A thing that is painted in one window stays one thing; in several, each paints it where it expects it.
    """
    sure = np.where(likely >= LIKELY, likely, 0)
    sums = np.pad(sure, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    high, wide = (min(side, length) for length in likely.shape)
    held = sums[high:, wide:] - sums[:-high, wide:] - sums[high:, :-wide] + sums[:-high, :-wide]
    if not sure.any() or held.max() < IN_ONE * sure.sum():
        return None
    # Of equal windows the middle one: what changes then stands in its middle.
    best = np.argwhere(held >= held.max() - 1e-6)
    top, left = best[len(best) // 2]
    return int(top), int(left)


def read_mask(data: bytes) -> Image.Image:
    """Return a mask as a picture of one channel.

    Raises:
        PictureError: it cannot be read.
    """
    try:
        return Image.open(io.BytesIO(data), formats=("PNG",)).convert("L")
    except OSError as error:
        raise PictureError(
            f"the mask cannot be read ({error}); use a PNG, white where the picture may change."
        ) from error


def weight_of(mask: Image.Image, size: tuple[int, int]) -> np.ndarray:
    """Return how much of a new picture shows at each pixel (H, W) under a mask, in a picture of (W, H) pixels.

    It is 0 outside the mask, exactly, and rises to 1 over the feather inside its border.
    """
    mask = mask.resize(size, Image.Resampling.NEAREST).point(lambda value: 255 * (value > 0))
    core = mask.filter(ImageFilter.MinFilter(2 * FEATHER + 1)).filter(ImageFilter.GaussianBlur(FEATHER / 2))
    weight: np.ndarray = np.asarray(core, np.float32) / 255 * (np.asarray(mask) > 0)
    return weight


def pasted(painted: np.ndarray, original: np.ndarray, mask: Image.Image) -> np.ndarray:
    """Return the painted picture inside the mask and the original outside it, there bit for bit.

    Args:
        painted, original: (H, W, 3) uint8.
        mask: white where the picture may change.
    """
    weight = weight_of(mask, (original.shape[1], original.shape[0]))[..., None]
    mixed = weight * painted + (1 - weight) * original
    return np.where(weight > 0, mixed.round(), original).astype(np.uint8)


def joined_to(painted: np.ndarray, original: np.ndarray, box: tuple[int, int, int, int]) -> np.ndarray:
    """Return the painted canvas with the original's pixels in a box, bit for bit.

    What was painted differs a little from the original along the box's edge; that difference is added to what lies
    next to the edge, less and less over twice the feather, so that no edge is seen.

    Args:
        painted, original: (H, W, 3) uint8.
        box: left, top, width and height.
    """
    left, top, wide, high = box
    inside = np.s_[top : top + high, left : left + wide]
    height, width = painted.shape[:2]
    gap = original[inside].astype(np.float32) - painted[inside]
    gap = np.pad(gap, ((top, height - top - high), (left, width - left - wide), (0, 0)), "edge")
    rows, columns = np.arange(height), np.arange(width)
    down = np.maximum(np.maximum(top - rows, rows - (top + high - 1)), 0)
    across = np.maximum(np.maximum(left - columns, columns - (left + wide - 1)), 0)
    distance = np.maximum(down[:, None], across[None])
    weight = np.clip(1 - distance / MARGIN, 0, 1)[..., None]
    joined = (painted + weight * gap).round().clip(0, 255).astype(np.uint8)
    joined[inside] = original[inside]
    return joined
