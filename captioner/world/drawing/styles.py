"""How shapes become marks on paper: a palette, a way to write a shape as SVG, and a fast pass over the pixels."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image

from captioner.world.drawing.colours import channels, mix
from captioner.world.drawing.patterns import paint
from captioner.world.drawing.shapes import Shape

Mark = Callable[[Shape, random.Random], str]
Finish = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Style:
    mark: Mark
    finish: Finish | None = None
    paper: str = "#ffffff"
    grid: int | None = None
    """The side of the coarse picture that is painted and then enlarged, for styles with visible pixels."""


def element(shape: Shape, fill: str, stroke: str, width: float, opacity: float = 1.0, nudge: str = "") -> str:
    """Write one SVG path; a gradient fill brings its own definition."""
    head = ""
    if "|" in fill:
        top, bottom = fill.split("|")
        name = f"g{top[1:]}{bottom[1:]}"
        head = (
            f'<linearGradient id="{name}" x1="0" y1="0" x2="0" y2="1"><stop stop-color="{top}"/>'
            f'<stop offset="1" stop-color="{bottom}"/></linearGradient>'
        )
        fill = f"url(#{name})"
    elif shape.pattern and fill != "none":
        head, name = paint(shape.pattern, fill)
        fill = f"url(#{name})"
    move = shape.transform + nudge
    out = f'{head}<path d="{shape.d}" fill="{fill}"'
    if stroke != "none":
        out += f' stroke="{stroke}" stroke-width="{width:.2f}"'
        if opacity < 1.0:
            out += f' stroke-opacity="{opacity:.2f}"'
    if opacity < 1.0 and fill != "none":  # never `opacity`: it makes resvg paint a layer, which is slow
        out += f' fill-opacity="{opacity:.2f}"'
    return f'{out} transform="{move}"/>' if move else out + "/>"


def repainted(fill: str, change: Callable[[str], str]) -> str:
    return fill if fill == "none" else "|".join(change(part) for part in fill.split("|"))


def flat_mark(shape: Shape, rng: random.Random) -> str:
    return element(shape, shape.fill, shape.stroke, shape.width, shape.opacity)


WATER_PAPER = "#fbf6ea"


@lru_cache(maxsize=8192)
def _washed(colour: str) -> str:
    return mix(colour, WATER_PAPER, 0.09)


@lru_cache(maxsize=8192)
def _pooled(colour: str) -> str:
    return mix(colour, "#2a2550", 0.30)


def watercolour_mark(shape: Shape, rng: random.Random) -> str:
    fill = repainted(shape.fill, _washed)
    stroke = shape.stroke if shape.stroke == "none" else _washed(shape.stroke)
    if shape.part == "face" or shape.soft or shape.owner in ("snow", "sky", "stars"):
        return element(shape, fill, stroke, shape.width * 0.85, shape.opacity)
    first = element(shape, fill, stroke, shape.width * 0.55, 0.96 * shape.opacity)
    if shape.fill == "none":
        return first
    pool = _pooled(shape.fill.split("|")[-1])
    nudge = f"translate({rng.uniform(-1.2, 1.2):.2f} {rng.uniform(-0.2, 1.4):.2f})"
    return first + element(shape, "none" if "|" in fill else fill, pool, 1.1, 0.30, nudge)


PENCIL_PAPER = "#fdfbf5"


@lru_cache(maxsize=8192)
def _crayon(colour: str) -> str:
    red, green, blue = channels(colour)
    grey = round(0.3 * red + 0.59 * green + 0.11 * blue)
    return mix(mix(colour, f"#{grey:02x}{grey:02x}{grey:02x}", 0.18), PENCIL_PAPER, 0.10)


def pencil_mark(shape: Shape, rng: random.Random) -> str:
    fill = repainted(shape.fill, _crayon)
    graphite = "#4a4550"
    if shape.soft:
        return element(shape, fill, shape.stroke, shape.width, shape.opacity)
    if shape.fill == "none":
        return element(shape, "none", _crayon(shape.stroke), shape.width)
    first = element(shape, fill, "none", 0)
    if shape.part == "rim" or shape.owner in ("sky", "ground", "snow"):
        return first
    width = 0.8 if not shape.transform else 1.3
    jitter = (rng.uniform(-0.7, 0.7), rng.uniform(-0.7, 0.7), rng.uniform(-0.7, 0.7))
    line = element(shape, "none", graphite, width, 0.85)
    again = element(shape, "none", graphite, width * 0.8, 0.55, f"translate({jitter[0]:.2f} {jitter[1]:.2f})")
    return first + line + (again if shape.transform and shape.part and shape.part != "face" else "")


@lru_cache(maxsize=16)
def _paper_grain(size: int) -> np.ndarray:
    """Return (size, size, 1) float32 about 1: blotches of pigment and the tooth of the paper."""
    rng = np.random.default_rng(7)
    blotch = _grown(rng.random((12, 12)), size)
    tooth = _grown(rng.random((128, 128)), size)
    return (1 + 0.15 * (blotch - 0.5) + 0.06 * (tooth - 0.5)).astype(np.float32)[..., None]


@lru_cache(maxsize=16)
def _hatching(size: int) -> np.ndarray:
    """Return (size, size, 1) float32 from 0 (bare paper) to 1 (full pigment): slanted strokes."""
    rng = np.random.default_rng(11)
    lines, tooth = rng.random(128), rng.random((128, 128))
    y, x = np.mgrid[0:128, 0:128]
    strokes = lines[((x + y) // 2) % 128] * 0.65 + 0.35 * tooth
    return (0.84 + 0.22 * _grown(strokes, size)).clip(0, 1).astype(np.float32)[..., None]


def _grown(noise: np.ndarray, size: int) -> np.ndarray:
    picture = Image.fromarray((noise * 255).astype(np.uint8)).resize((size, size), Image.Resampling.BICUBIC)
    return np.asarray(picture, dtype=np.float32) / 255


def watercolour_finish(pixels: np.ndarray) -> np.ndarray:
    paper = np.array(channels(WATER_PAPER), dtype=np.float32)
    ink = (paper - pixels) * _paper_grain(pixels.shape[0]) * 0.96
    painted: np.ndarray = (paper - ink).clip(0, 255).astype(np.uint8)
    return painted


def pencil_finish(pixels: np.ndarray) -> np.ndarray:
    paper = np.array(channels(PENCIL_PAPER), dtype=np.float32)
    drawn: np.ndarray = (paper - (paper - pixels) * _hatching(pixels.shape[0])).clip(0, 255).astype(np.uint8)
    return drawn


STYLES: dict[str, Style] = {
    "flat": Style(flat_mark),
    "watercolour": Style(watercolour_mark, watercolour_finish, WATER_PAPER),
    "pencil": Style(pencil_mark, pencil_finish, PENCIL_PAPER),
}
