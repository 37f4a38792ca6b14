"""Picture sets as people have them, made by hand for tests: every form, few pictures, each with words of its own."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pyarrow.parquet
from PIL import Image

COLOURS = {"red": (220, 30, 30), "green": (30, 180, 60), "blue": (40, 60, 220), "yellow": (230, 220, 40)}
KINDS = ("square", "bar", "stripe")


def drawn(number: int, size: tuple[int, int] = (40, 32)) -> tuple[Image.Image, str]:
    """Return a simple picture, never the same for two numbers, and what is to be seen in it."""
    colour, kind = list(COLOURS)[number % 4], KINDS[number % 3]
    pixels = np.full((size[1], size[0], 3), 240, np.uint8)
    box = {"square": (8, 24, 8, 24), "bar": (4, 28, 14, 20), "stripe": (12, 18, 0, 40)}[kind]
    pixels[box[0] : box[1], box[2] : box[3]] = COLOURS[colour]
    pixels[0, 0] = (number % 256, number // 256, 7)
    return Image.fromarray(pixels), f"a {colour} {kind}, number {number}"


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def as_folder(place: Path, numbers: Iterable[int]) -> Path:
    """Pictures with kohya's sidecars."""
    place.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        image, text = drawn(number)
        (place / f"{number:04}.png").write_bytes(encoded(image))
        (place / f"{number:04}.txt").write_text(text)
    return place


def as_tar(place: Path, numbers: Iterable[int]) -> Path:
    """A WebDataset tar."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(place, "w") as tar:
        for number in numbers:
            image, text = drawn(number)
            for name, data in ((f"{number:04}.png", encoded(image)), (f"{number:04}.txt", text.encode())):
                info = tarfile.TarInfo(name)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
    return place


def as_parquet(place: Path, numbers: Iterable[int]) -> Path:
    """A parquet file as the hub writes it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    found = [drawn(number) for number in numbers]
    images = [{"bytes": encoded(image), "path": None} for image, _ in found]
    pyarrow.parquet.write_table(pyarrow.table({"image": images, "text": [text for _, text in found]}), place)
    return place


def captions_of(place: Path, digests: Sequence[str], said: Sequence[tuple[str | None, str | None, str | None]]) -> Path:
    """A file as `limner recaption` writes it, as far as it is read: short, descriptive, original."""
    columns = dict(zip(("short", "descriptive", "original"), map(list, zip(*said, strict=True)), strict=True))
    text = pyarrow.string()
    schema = pyarrow.schema(dict.fromkeys(("sha256", "short", "descriptive", "original"), text))
    pyarrow.parquet.write_table(pyarrow.table({"sha256": list(digests), **columns}, schema), place, row_group_size=2)
    return place
