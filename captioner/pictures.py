"""From a picture's file to what captioners look at. Knows no models: pictures are decoded wherever there is room.

Every file that people or the web may have is either read as it is meant or refused in words.
"""

from __future__ import annotations

import hashlib
import io

import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from captioner.errors import DataError, first_line
from captioner.likeness import look_of
from captioner.request import Picture

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM")
"""Others that Pillow knows run programs (EPS) or are hardly tested."""
SUFFIXES = frozenset({"png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff", "ppm", "pgm"})
LARGEST_FILE = 256 * 2**20
LARGEST_PIXELS = 80_000_000
"""Also below where Pillow itself begins to warn."""
SIDEWAYS = (5, 6, 7, 8)
"""The orientations that swap width and height; Exif 2.32, table 6."""


def read_picture(data: bytes, side: int) -> Picture:
    """Return a picture, squeezed into `side` × `side` pixels as SigLIP's is, from the bytes of its file.

    Of several frames the first counts; what is transparent lies on white; sixteen bits become eight; the camera's
    rotation is undone.

    Raises:
        DataError: it is no whole picture of a kind that is read here, or it is too large; the sentence says which.
    """
    image, width, height = _opened(data, side)
    small = image.resize((side, side), Image.Resampling.BICUBIC)
    return Picture(hashlib.sha256(data).hexdigest(), small.tobytes(), side, width, height, look_of(image))


def read_square(data: bytes, side: int) -> np.ndarray:
    """Return the middle of a picture, as large a square as it has, resized to (side, side, 3) uint8 with antialiasing.

    Read as `read_picture` reads it, but not squeezed: what a painter learns keeps its proportions.

    Raises:
        DataError: as `read_picture`.
    """
    image, _, _ = _opened(data, side)
    return np.asarray(ImageOps.fit(image, (side, side), Image.Resampling.LANCZOS))


def _opened(data: bytes, side: int) -> tuple[Image.Image, int, int]:
    """Return a picture, no smaller than twice `side` if the file has as much, and the file's width and height."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            width, height = opened.size
            if width * height > LARGEST_PIXELS:
                raise DataError(f"it has {width} × {height} pixels, more than {LARGEST_PIXELS // 1_000_000} million")
            opened.draft("RGB", (2 * side, 2 * side))  # a JPEG is decoded no larger than need be
            if opened.getexif().get(ExifTags.Base.Orientation) in SIDEWAYS:
                width, height = height, width
            return _in_eight_bits(ImageOps.exif_transpose(opened)), width, height
    except DataError:
        raise
    except UnidentifiedImageError as error:
        why = f"it is no picture of a kind that is read here ({', '.join(FORMATS)})" if data else "it is empty"
        raise DataError(why) from error
    except Image.DecompressionBombError as error:
        raise DataError(f"it is too large ({error})") from error
    except Exception as error:  # decoders raise a dozen types on bytes that lie; each means the same to a person
        raise DataError(f"it is no whole picture ({first_line(error, 120)})") from error


def _in_eight_bits(image: Image.Image) -> Image.Image:
    if image.mode.startswith(("I", "F")):
        return Image.fromarray(_scaled(np.asarray(image).astype(np.float64))).convert("RGB")
    if image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info:
        clear = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("RGB")
    return image.convert("RGB")


def _scaled(values: np.ndarray) -> np.ndarray:
    """Return deep greys (H, W) as uint8: of 16 bits by their range, of more, or fractions, by what there is."""
    if not np.isfinite(values).all():
        raise DataError("it has pixels that are not numbers")
    low, high = values.min(), values.max()
    if low < 0 or high > 65_535 or (high <= 1 and high > low):
        return np.round((values - low) / max(high - low, 1e-12) * 255).astype(np.uint8)
    return np.round(values / 257 if high > 255 else values).astype(np.uint8)
