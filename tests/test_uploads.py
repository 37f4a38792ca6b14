"""Pictures of a person's own, against the values that were written into them."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image

from assistant.errors import UploadError
from assistant.uploads import read_mask, read_upload

GREYS = np.linspace(0, 65535, 7 * 9).round().astype(np.uint16).reshape(7, 9)
CLEAR = int(GREYS[3, 4])


def png(values: np.ndarray, **more: Any) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(values).save(buffer, "PNG", **more)
    return buffer.getvalue()


def with_clear_grey(data: bytes, grey: int) -> bytes:
    """Return a PNG in which a 16-bit grey is said to be transparent; Pillow does not write that chunk for them."""
    chunk = b"tRNS" + struct.pack(">H", grey)
    head = 8 + 25  # the signature and the header come first
    return data[:head] + struct.pack(">I", 2) + chunk + struct.pack(">I", zlib.crc32(chunk)) + data[head:]


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)))


def test_a_picture_of_16_bit_greys_keeps_its_greys():
    upload = read_upload(png(GREYS))
    true = np.round(GREYS / 257)
    assert (upload.width, upload.height, upload.hole) == (9, 7, None)
    assert np.array_equal(pixels(upload.png), np.stack([true] * 3, axis=-1))
    assert len(np.unique(pixels(upload.png))) == GREYS.size


def test_a_picture_of_16_bit_greys_that_lies_on_its_side_is_put_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    upload = read_upload(png(GREYS, exif=exif.tobytes()))
    assert np.array_equal(pixels(upload.png)[..., 0], np.rot90(np.round(GREYS / 257), -1))


def test_the_one_clear_grey_of_16_bits_is_a_hole_in_picture_and_mask():
    data = with_clear_grey(png(GREYS), CLEAR)
    hole = np.where(GREYS == CLEAR, 255, 0)
    upload = read_upload(data)
    assert upload.hole
    assert np.array_equal(pixels(upload.hole), hole)
    assert np.array_equal(pixels(upload.png)[..., 0], np.where(hole == 255, 255, np.round(GREYS / 257)))
    assert np.array_equal(pixels(read_mask(data, (9, 7))), hole)


def test_a_mask_of_16_bit_greys_without_a_clear_one_is_refused():
    with pytest.raises(UploadError, match="no transparent part"):
        read_mask(png(GREYS), (9, 7))
