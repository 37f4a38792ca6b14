"""Colours by name, and how they are mixed. Colours are "#rrggbb" strings."""

from __future__ import annotations

from functools import lru_cache

PAINT = {
    "red": "#e2403f",
    "orange": "#f58a2a",
    "yellow": "#fad23c",
    "green": "#56b04c",
    "teal": "#1fb0a6",
    "blue": "#3f7fe6",
    "purple": "#8f58d4",
    "pink": "#f78fbb",
    "brown": "#93613a",
    "black": "#3a3945",
    "white": "#fdfaf4",
    "grey": "#a2a7b1",
}
CREAM = "#fff6e6"
INK = "#2b2435"


@lru_cache(maxsize=65536)
def mix(first: str, second: str, share: float) -> str:
    """Return `first` with a share (0 to 1) of `second` mixed in."""
    a, b = channels(first), channels(second)
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in zip(a, b, strict=True))


@lru_cache(maxsize=65536)
def channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def lightness(colour: str) -> float:
    """Return perceived lightness, 0 to 1."""
    red, green, blue = channels(colour)
    return (0.3 * red + 0.59 * green + 0.11 * blue) / 255


@lru_cache(maxsize=4096)
def outline(colour: str) -> str:
    """Return the darker tone that outlines a shape of this colour."""
    return mix(colour, "#241c38", 0.42 if lightness(colour) > 0.85 else 0.55)


@lru_cache(maxsize=4096)
def paler(colour: str) -> str:
    """Return the tone of the belly and muzzle of an animal of this colour."""
    return mix(colour, CREAM, 0.72 if lightness(colour) > 0.3 else 0.62)
