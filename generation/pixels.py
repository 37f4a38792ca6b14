"""Pictures between bytes and pixels, as every painter needs them."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from generation.errors import PictureError


def opened(data: bytes, size: tuple[int, int] | None = None) -> Image.Image:
    """Return the picture that an edit starts from, in the size (width, height) that is painted; None leaves its own.

    Raises:
        PictureError: it is no PNG, JPEG or WebP, or is damaged.
    """
    try:
        picture = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")).convert("RGB")
    except OSError as error:
        raise PictureError(f"the picture to edit cannot be read ({error}); use a PNG, JPEG or WebP.") from error
    return picture if size in (None, picture.size) else picture.resize(size, Image.Resampling.LANCZOS)


def png(picture: np.ndarray, fast: bool = False) -> bytes:
    """Return a picture (H, W, 3) uint8 as a PNG."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG", compress_level=1 if fast else 6)
    return buffer.getvalue()
