"""What tests look at in pictures."""

from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image


def pixels(picture: bytes | str) -> bytes:
    """Return a picture's shape and pixels: files of one picture differ, since a signature is made anew each time."""
    data = base64.b64decode(picture) if isinstance(picture, str) else picture
    values = np.asarray(Image.open(io.BytesIO(data)))
    return f"{values.shape}".encode() + values.tobytes()


def png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


class Blobs(dict[str, bytes]):
    """A blob reader over what a test puts in."""

    def read(self, digest: str) -> bytes:
        return self[digest]
