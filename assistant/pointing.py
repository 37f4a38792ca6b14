"""Which parts of a picture lie where: found by asking the painter where it would carry out a wish about each of them.

The names and the wishes come from outside. Pixels and masks; knows no models.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PIL import Image, ImageChops

from assistant.messages import EditPlan, TurnOptions, Version
from assistant.rendering import requests_of
from generation.request import BlobReader, Capabilities, RegionFinder

BACKGROUND = "the background"
LEAST_SHARE = 0.02
"""What is left between things that covers less of a picture than this is no background."""


@dataclass(frozen=True)
class Part:
    """A named part of a picture: a PNG of its size, white where the part lies, and the share of it that this is."""

    name: str
    mask: bytes
    share: float


def parts_of(
    version: Version, wishes: Mapping[str, str], finder: RegionFinder, can: Capabilities, blobs: BlobReader
) -> tuple[Part, ...]:
    """Return the parts of a version, the smallest first, and what is left of it as its background.

    Args:
        wishes: for each part's name a wish that would change it and nothing else.

    Raises:
        RequestError: the painter cannot edit.
        PictureError, BlobError: the version's files cannot be read.
    """
    size = (version.width, version.height)
    parts, covered = [], Image.new("L", size)
    for name, wish in wishes.items():
        plan = EditPlan(prompt=version.prompt or wish, change=wish)
        (request,) = requests_of("part", plan, TurnOptions(seed=0, count=1), (version,), can, lambda: 0)
        region = finder.find_region(request, blobs)
        if region is None:  # the wish would change the whole picture, or the painter does not know
            continue
        with Image.open(io.BytesIO(region.mask)) as found:
            mask = found.convert("L").resize(size, Image.Resampling.NEAREST)
        covered = ImageChops.lighter(covered, mask)
        parts.append(_part(name, mask))
    rest = _part(BACKGROUND, ImageChops.invert(covered))
    parts.sort(key=lambda part: part.share)
    return tuple([*parts, rest] if parts and rest.share >= LEAST_SHARE else parts)


def parts_at(parts: Sequence[Part], point: tuple[int, int]) -> tuple[Part, ...]:
    """Return the parts that hold a point (x, y), in their order; none where it lies outside the picture."""
    return tuple(part for part in parts if _holds(part, point))


def _holds(part: Part, point: tuple[int, int]) -> bool:
    with Image.open(io.BytesIO(part.mask)) as mask:
        inside = 0 <= point[0] < mask.width and 0 <= point[1] < mask.height
        return inside and bool(mask.getpixel(point))


def _part(name: str, mask: Image.Image) -> Part:
    buffer = io.BytesIO()
    mask.save(buffer, "PNG")
    return Part(name, buffer.getvalue(), mask.histogram()[255] / (mask.width * mask.height))
