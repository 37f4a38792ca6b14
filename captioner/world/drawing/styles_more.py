"""More styles: ink, pixel art, oil, paper cut, pastel. Importing it fills `STYLES`.

None uses an SVG filter: each is a palette, a way to write shapes, and one array pass with textures made once a size.
"""

from __future__ import annotations

import random
from functools import lru_cache

import numpy as np

from captioner.world.drawing.colours import channels, lightness, mix
from captioner.world.drawing.shapes import Shape
from captioner.world.drawing.styles import STYLES, Style, element, repainted

FLAT_LAYERS = ("sky", "stars", "snow", "rain", "fog")
"""Owners that get no line or shadow of their own."""


def _texture(noise: np.ndarray, size: int) -> np.ndarray:
    """Return noise on a square grid as (size, size) float32, smoothly grown."""
    at = (np.arange(size) + 0.5) / size * noise.shape[0] - 0.5
    low = np.floor(at).astype(int)
    part = (at - low).astype(np.float32)
    a, b = low.clip(0, noise.shape[0] - 1), (low + 1).clip(0, noise.shape[0] - 1)
    rows = noise[a] * (1 - part)[:, None] + noise[b] * part[:, None]
    grown: np.ndarray = (rows[:, a] * (1 - part) + rows[:, b] * part).astype(np.float32)
    return grown


INK_PAPER = "#fbf8ef"


@lru_cache(maxsize=8192)
def _ink_wash(colour: str) -> str:
    return mix(colour, INK_PAPER, 0.34)


@lru_cache(maxsize=8192)
def _ink_scenery(colour: str) -> str:
    """Scenery keeps a breath of its colour; things keep more, for their colours are theirs to be known by."""
    grey = round(255 * lightness(colour))
    return mix(mix(colour, f"#{grey:02x}{grey:02x}{grey:02x}", 0.72), INK_PAPER, 0.42)


def ink_mark(shape: Shape, rng: random.Random) -> str:
    thing = bool(shape.part)
    fill = repainted(shape.fill, _ink_wash if thing else _ink_scenery)
    if shape.part in ("face", "rim") or shape.soft or shape.owner in FLAT_LAYERS:
        stroke = (
            shape.stroke if shape.part == "face" else _ink_scenery(shape.stroke) if shape.stroke != "none" else "none"
        )
        return element(shape, fill, "#15131a" if shape.part == "face" and shape.width > 2 and shape.fill != "none"
                       else stroke, shape.width, shape.opacity)  # fmt: skip
    if shape.fill == "none":
        dark = thing and shape.width > 10
        return element(shape, "none", "#15131a" if dark or shape.width < 2.4 else _ink_wash(shape.stroke), shape.width)
    width = rng.uniform(2.6, 4.2) if thing and shape.width else 0.9 if not shape.transform else 1.4
    return element(shape, fill, "#15131a", width)


@lru_cache(maxsize=16)
def _hatch_levels(size: int) -> np.ndarray:
    """Return (size, size) float32: how light a pixel must be to stay free of hatching; 0 between the lines."""
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) * (128 / size)
    wobble = 1.6 * _texture(np.random.default_rng(3).random((16, 16)), size)
    falling = ((x + y + wobble) % 4.0) < 1.15
    rising = ((x - y - wobble) % 4.0) < 1.15
    return np.maximum(np.where(falling, 118.0, 0.0), np.where(rising, 74.0, 0.0)).astype(np.float32)


def ink_finish(pixels: np.ndarray) -> np.ndarray:
    light = pixels @ np.array([0.3, 0.59, 0.11], np.float32)
    lines = light < _hatch_levels(pixels.shape[0])
    drawn = pixels.copy()
    drawn[lines] = drawn[lines] // 3
    return drawn


def pixel_mark(shape: Shape, rng: random.Random) -> str:
    return element(shape, shape.fill, shape.stroke, shape.width * 1.15 if shape.part else shape.width, shape.opacity)


@lru_cache(maxsize=4)
def _bayer(size: int) -> np.ndarray:
    """Return (size, size, 1) float32: the ordered dither that old machines mixed colours with."""
    base = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32) / 16 - 0.47
    return np.tile(base, (size // 4 + 1, size // 4 + 1))[:size, :size, None]


def pixel_finish(pixels: np.ndarray) -> np.ndarray:
    step = 36.5
    levels = np.rint(pixels / step + 0.16 * _bayer(pixels.shape[0]))
    old: np.ndarray = (levels * step).clip(0, 255).astype(np.uint8)
    return old


@lru_cache(maxsize=8192)
def _oily(colour: str) -> str:
    return mix(colour, "#6b4a1c", 0.10)


def oil_mark(shape: Shape, rng: random.Random) -> str:
    fill = repainted(shape.fill, _oily)
    stroke = shape.stroke if shape.stroke == "none" else _oily(shape.stroke)
    return element(shape, fill, stroke, shape.width * (1.0 if shape.fill == "none" else 0.7), shape.opacity)


@lru_cache(maxsize=16)
def _brush(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return where each pixel takes its paint from, (size·size) int, and the strokes' relief, (size, size, 1)."""
    rng = np.random.default_rng(5)
    turn = _texture(rng.random((6, 6)), 128) * 2.6
    rows, columns = np.mgrid[0:128, 0:128].astype(np.float32)
    from_y, from_x = rows.copy(), columns.copy()
    height = np.zeros((128, 128), np.float32)
    for cy, cx in rng.uniform(-2, 130, (5600, 2)).astype(np.float32):
        top, left = max(int(cy) - 5, 0), max(int(cx) - 5, 0)
        part = slice(top, int(cy) + 6), slice(left, int(cx) + 6)
        angle = turn[min(max(int(cy), 0), 127), min(max(int(cx), 0), 127)]
        dy, dx = rows[part] - cy, columns[part] - cx
        along, across = dx * np.cos(angle) + dy * np.sin(angle), dy * np.cos(angle) - dx * np.sin(angle)
        inside = (along / 4.2) ** 2 + (across / 1.6) ** 2 < 1
        from_y[part] = np.where(inside, rows[part] - 0.5 * along * np.sin(angle), from_y[part])
        from_x[part] = np.where(inside, columns[part] - 0.5 * along * np.cos(angle), from_x[part])
        bristle = 1 - np.abs(across) / 1.6 + 0.2 * np.sin(across * 5)
        height[part] = np.where(inside, bristle + rng.uniform(-0.25, 0.25), height[part])
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    shift_y, shift_x = (_texture(a, size) * size / 128 for a in (from_y - rows, from_x - columns))
    source_y = np.rint(y + shift_y).clip(0, size - 1).astype(np.intp)
    source_x = np.rint(x + shift_x).clip(0, size - 1).astype(np.intp)
    slope = np.roll(height, 1, 0) - height + np.roll(height, 1, 1) - height
    relief = (1 - 0.075 * _texture(slope.clip(-1.6, 1.6), size))[..., None].astype(np.float32)
    return (source_y * size + source_x).ravel(), relief


def oil_finish(pixels: np.ndarray) -> np.ndarray:
    source, relief = _brush(pixels.shape[0])
    dabbed = pixels.reshape(-1, 3)[source].reshape(pixels.shape)
    thick: np.ndarray = ((0.55 * dabbed + 0.45 * pixels) * relief).clip(0, 255).astype(np.uint8)
    return thick


def paper_cut_mark(shape: Shape, rng: random.Random) -> str:
    top, bottom = (shape.fill.split("|") * 2)[:2]
    fill = top if top == bottom else mix(top, bottom, 0.35)
    if shape.part == "face" or shape.soft or shape.owner in FLAT_LAYERS:
        keep = shape.stroke if shape.part == "face" or shape.fill == "none" else "none"
        return element(shape, fill, keep, shape.width, shape.opacity)
    if shape.part == "rim":
        return element(shape, fill, "#ffffff", shape.width)
    if shape.fill == "none":
        return element(shape, "none", shape.stroke, shape.width)
    nudge = "translate(1.6 2.6)" if shape.transform else "translate(0.9 1.5)"
    shade = element(shape._replace(pattern=""), "#1d1530", "none", 0, 0.30, nudge)
    return shade + element(shape, fill, mix(fill, "#ffffff", 0.42), 0.9 if shape.transform else 0.6)


@lru_cache(maxsize=16)
def _card(size: int) -> np.ndarray:
    rng = np.random.default_rng(13)
    fibre = _texture(rng.random((128, 44)).repeat(3, axis=1)[:, :128], size)
    return (1 + 0.07 * (fibre - 0.5))[..., None].astype(np.float32)


def paper_cut_finish(pixels: np.ndarray) -> np.ndarray:
    cut: np.ndarray = (pixels * _card(pixels.shape[0])).clip(0, 255).astype(np.uint8)
    return cut


PASTEL_PAPER = "#f1e6dc"


@lru_cache(maxsize=8192)
def _chalk(colour: str) -> str:
    return mix(colour, "#fff4f0", 0.36)


def pastel_mark(shape: Shape, rng: random.Random) -> str:
    fill = repainted(shape.fill, _chalk)
    stroke = (
        shape.stroke if shape.stroke == "none" else mix(shape.stroke, "#fff4f0", 0.10 if shape.part == "face" else 0.3)
    )
    if shape.part == "face" or shape.soft or shape.fill == "none" or shape.owner in FLAT_LAYERS:
        return element(shape, fill, stroke, shape.width, shape.opacity)
    return element(shape, fill, stroke, shape.width * 0.75)


@lru_cache(maxsize=16)
def _chalk_grain(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return where chalk crumbles to, (size·size) int, and how much pigment holds, (size, size, 1) from 0 to 1."""
    rng = np.random.default_rng(17)
    y, x = np.mgrid[0:size, 0:size]
    reach = size / 128
    shift = [np.rint((_texture(rng.random((96, 96)), size) - 0.5) * 2.0 * reach).astype(np.intp) for _ in range(2)]
    source = (y + shift[0]).clip(0, size - 1) * size + (x + shift[1]).clip(0, size - 1)
    tooth = _texture(rng.random((128, 128)), size)
    line, column = np.mgrid[0:128, 0:128]
    strokes = _texture(rng.random(64)[((2 * line - column) // 5) % 64], size)
    hold = 0.70 + 0.22 * (tooth > 0.27) + 0.24 * (strokes - 0.4)
    return source.ravel(), hold.clip(0.3, 1).astype(np.float32)[..., None]


def pastel_finish(pixels: np.ndarray) -> np.ndarray:
    source, hold = _chalk_grain(pixels.shape[0])
    paper = np.array(channels(PASTEL_PAPER), np.float32)
    chalk = 0.5 * pixels + 0.5 * pixels.reshape(-1, 3)[source].reshape(pixels.shape)
    drawn: np.ndarray = (paper + (chalk - paper) * hold).clip(0, 255).astype(np.uint8)
    return drawn


STYLES |= {
    "ink": Style(ink_mark, ink_finish, INK_PAPER),
    "pixel art": Style(pixel_mark, pixel_finish, grid=64),
    "oil": Style(oil_mark, oil_finish, "#efe2c6"),
    "paper cut": Style(paper_cut_mark, paper_cut_finish),
    "pastel": Style(pastel_mark, pastel_finish, PASTEL_PAPER),
}
