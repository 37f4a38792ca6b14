"""Pictures and masks that people bring: from bytes of anyone's making to PNGs with nothing in them but pixels.

What a file tells of itself is read apart, as `Upload.story`. Knows no conversations. Only PNG, JPEG and WebP are
opened, and only after their size is known.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps

from assistant.errors import UploadError
from assistant.story import Story, read_story

FORMATS = ("PNG", "JPEG", "WEBP")
MAX_PIXELS = 40_000_000


@dataclass(frozen=True)
class Upload:
    """A picture as PNG bytes, upright, without metadata; `hole` is a mask of its transparent part, if it has one.

    `story` is what its file told of how it was painted, if it did.
    """

    png: bytes
    width: int
    height: int
    hole: bytes | None = None
    story: Story | None = None


def read_upload(data: bytes) -> Upload:
    """Return a person's picture; what is transparent in it is white in the picture and in its `hole`.

    Raises:
        UploadError: it is no PNG, JPEG or WebP, it is damaged, it is animated, or it has too many pixels.
    """
    picture = _opened(data, "picture")
    hole = None
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        hole = _hole_of(picture)
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture)
    return Upload(_png(picture.convert("RGB")), picture.width, picture.height, hole, read_story(data))


def read_mask(data: bytes, size: tuple[int, int]) -> bytes:
    """Return a mask as a PNG, white where the picture of (width, height) may change: where its alpha is 0.

    Raises:
        UploadError: it cannot be read, is of another size, or has no transparent part.
    """
    mask = _opened(data, "mask")
    if mask.size != size:
        raise UploadError(
            f"The mask is {mask.width}x{mask.height} pixels and its picture {size[0]}x{size[1]}; "
            "make the mask as large as the picture."
        )
    hole = _hole_of(mask.convert("RGBA")) if mask.has_transparency_data else None
    if hole is None:
        raise UploadError(
            "The mask has no transparent part, so nothing could change; make it transparent (alpha 0) where the "
            "picture shall be painted anew."
        )
    return hole


def _opened(data: bytes, what: str) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as found:
            width, height = found.size
            if width * height > MAX_PIXELS:
                raise UploadError(
                    f"The {what} has {width}x{height} pixels and at most {MAX_PIXELS / 1e6:.0f} megapixels can be "
                    "taken; send a smaller one."
                )
            frames = getattr(found, "n_frames", 1) if found.format in ("PNG", "WEBP") else 1
            if frames > 1:  # a phone's JPEG may carry smaller copies of itself; those are no frames
                raise UploadError(f"The {what} moves: it has {frames} frames. Send one still picture.")
            found.load()
            return _in_8_bits(_in_srgb(ImageOps.exif_transpose(found)))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        most = f"{MAX_PIXELS / 1e6:.0f} megapixels"
        raise UploadError(f"The {what} has more than {most}, which is the most that can be taken.") from error
    except UploadError:
        raise
    except Exception as error:  # a hostile file can break any decoder in its own way; each means the same to a person
        raise UploadError(f"The {what} cannot be read; send a PNG, JPEG or WebP file.") from error


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Return a picture as it is meant to be seen: phones' colours are Display P3's, printers' CMYK.

    A profile that is damaged, or meant for other colours than the picture has, is left out.
    """
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA", "CMYK") or "transparency" in picture.info:
        return picture
    mode = "RGB" if picture.mode == "CMYK" else picture.mode
    try:
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, io.BytesIO(profile), srgb, outputMode=mode) or picture
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture


def _in_8_bits(picture: Image.Image) -> Image.Image:
    """Return a picture of 16-bit greys in 8 bits; Pillow's own conversion makes white of all greys but the darkest."""
    if picture.mode != "I;16":
        return picture
    values, clear = picture.convert("I"), picture.info.get("transparency")
    grey = values.point([(value + 128) // 257 for value in range(65536)], "L")
    if clear is None:
        return grey
    alpha = values.point([0 if value == clear else 255 for value in range(65536)], "L")
    return Image.merge("LA", (grey, alpha))


def _hole_of(picture: Image.Image) -> bytes | None:
    """Return a mask, white where the alpha of a picture in RGBA is 0; None where it is 0 nowhere."""
    hole = picture.getchannel("A").point(lambda alpha: 255 * (alpha == 0))
    return _png(hole) if hole.getbbox() else None


def _png(picture: Image.Image) -> bytes:
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    buffer = io.BytesIO()
    clean.save(buffer, "PNG")
    return buffer.getvalue()
