"""From a stored version to the bytes that an answer holds: as large as the person knows it, fitted, encoded."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping

import numpy as np
from PIL import Image, ImageOps

from assistant.messages import Version
from generation.regions import pasted, read_mask


def full_size(version: Version, versions: Mapping[str, Version], read: Callable[[str], bytes]) -> Image.Image:
    """Return a version as large as the picture that it began as: an edit is enlarged, and pasted within its mask.

    So what an edit left alone in a person's own picture comes back pixel for pixel, however small the painter paints.

    Args:
        versions: the conversation's, by label.
        read: gives the bytes with a digest.
    """
    line = [version]
    while _is_edit(line[0]) and line[0].parents and line[0].parents[0] in versions:
        line.insert(0, versions[line[0].parents[0]])
    picture = decoded(read(line[0].image))
    for edit in line[1:]:
        painted = decoded(read(edit.image))
        if painted.size != picture.size:
            painted = painted.resize(picture.size, Image.Resampling.LANCZOS)
            if edit.recipe and edit.recipe.mask:
                mask = read_mask(read(edit.recipe.mask))
                painted = Image.fromarray(pasted(np.asarray(painted), np.asarray(picture), mask))
        picture = painted
    return picture


def fitted(picture: Image.Image, size: tuple[int, int] | None) -> Image.Image:
    """Return the picture in exactly this size: enlarged or shrunk, cropped to its middle where the shape differs."""
    if size is None or size == picture.size:
        return picture
    return ImageOps.fit(picture, size, Image.Resampling.LANCZOS)


def encoded(picture: Image.Image, kind: str = "png", compression: int = 100, **beside: bytes) -> bytes:
    """Return the bytes of a "png", "jpeg" or "webp"; `compression` is the quality of the latter two, 0 to 100.

    `beside` is what Pillow saves beside their pixels: "exif", "xmp".
    """
    buffer = io.BytesIO()
    if kind == "png":
        picture.save(buffer, "PNG")
    elif kind == "jpeg":
        picture.save(buffer, "JPEG", quality=max(1, compression), subsampling=0, **beside)
    else:
        picture.save(buffer, "WEBP", quality=compression, **beside)
    return buffer.getvalue()


def decoded(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP"))
    return picture.convert("RGB")


def _is_edit(version: Version) -> bool:
    return version.recipe is not None and version.recipe.act == "edit"
