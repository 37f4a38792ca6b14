"""Ground truth of a picture: whose each pixel is. One more rendering, in flat identity colours without antialiasing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from captioner.world.draw import compose, document, rasterise
from captioner.world.drawing.shapes import Shape
from captioner.world.drawing.styles import element
from captioner.world.scene import Scene


@dataclass(frozen=True)
class GroundTruth:
    """What can be seen of everything. Arrays are (size, size) bool.

    `masks` has one for each thing by id ("1"), one for each of its parts ("1/face", "1/body", "1/hat"), and one for
    each thing of the place ("sky", "ground", "sea"); things and place together cover every pixel exactly once.
    `outlines` are the masks' inner borders, one pixel wide. `depth` names the owners, back to front.
    """

    masks: dict[str, np.ndarray]
    outlines: dict[str, np.ndarray]
    depth: tuple[str, ...]


def ground_truth(scene: Scene, size: int = 128) -> GroundTruth:
    """Return the ground truth of `render(scene, size)`; the style plays no part in it.

    Raises:
        WorldError: as `render`.
    """
    shapes = [shape for shape in compose(scene) if not shape.soft]
    tags = list(dict.fromkeys((shape.owner, shape.part) for shape in shapes))
    colours = {tag: f"#{index + 1:06x}" for index, tag in enumerate(tags)}
    marks = [_identity(shape, colours[shape.owner, shape.part]) for shape in shapes]
    pixels = rasterise(document(marks, "#000000", crisp=True), size).astype(np.int32)
    index_of = pixels[..., 0] * 65536 + pixels[..., 1] * 256 + pixels[..., 2]
    masks: dict[str, np.ndarray] = {}
    for index, (owner, part) in enumerate(tags):
        mask = index_of == index + 1
        masks[owner] = masks.get(owner, np.zeros_like(mask)) | mask
        if part:
            masks[f"{owner}/{part}"] = mask
    owners = tuple(dict.fromkeys(shape.owner for shape in reversed(shapes)))[::-1]
    return GroundTruth(masks, {name: inner_border(mask) for name, mask in masks.items()}, owners)


def _identity(shape: Shape, colour: str) -> str:
    fill = "none" if shape.fill == "none" else colour
    stroke = "none" if shape.stroke == "none" else colour
    return element(shape._replace(pattern=""), fill, stroke, shape.width)


def inner_border(mask: np.ndarray) -> np.ndarray:
    """Return the pixels of a mask that have a neighbour outside it."""
    padded = np.pad(mask, 1, mode="edge")
    inside = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    border: np.ndarray = mask & ~inside
    return border
