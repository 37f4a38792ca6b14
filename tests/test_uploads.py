"""Pictures of a person's own, against the values that were written into them."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

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


def with_red_and_blue_swapped() -> bytes:
    """Return a colour profile by which the first channel is blue and the third one red."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for at in range(132, 132 + 12 * struct.unpack_from(">I", profile, 128)[0], 12):
        other = {b"rXYZ": b"bXYZ", b"bXYZ": b"rXYZ"}.get(bytes(profile[at : at + 4]))
        profile[at : at + 4] = other or profile[at : at + 4]
    return bytes(profile)


def test_colours_are_those_that_the_files_profile_means():
    red = np.zeros((4, 4, 4), np.uint8)
    red[..., 0], red[..., 3] = 255, np.arange(4) * 85
    profile = with_red_and_blue_swapped()
    upload = read_upload(png(red[..., :3].copy(), icc_profile=profile))
    assert np.abs(pixels(upload.png).astype(int) - (0, 0, 255)).max() <= 2
    upload = read_upload(png(red, icc_profile=profile))
    assert upload.hole is not None
    assert np.array_equal(pixels(upload.hole), np.where(red[..., 3] == 0, 255, 0))


@pytest.mark.parametrize("profile", [b"no profile at all", with_red_and_blue_swapped()[:200]])
def test_a_damaged_profile_is_left_out(profile: bytes):
    red = np.zeros((4, 4, 3), np.uint8) + np.array([255, 0, 0], np.uint8)
    assert np.array_equal(pixels(read_upload(png(red, icc_profile=profile)).png), red)
