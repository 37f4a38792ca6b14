"""Patterns on a thing's own colour, as paint that SVG clips to the shape by itself: gradients and one small tile.

Local units, as everything on a thing: 100 to its height.
"""

from __future__ import annotations

from functools import lru_cache

from captioner.world.drawing.colours import lightness, mix

STRIPE, DOT, CHECK = 13.0, 15.0, 19.0
"""Units from one stripe, dot or check to the next."""


@lru_cache(maxsize=4096)
def contrast(colour: str) -> str:
    """Return the second colour of a pattern: clearly another tone of the same paint."""
    return mix(colour, "#fffaf0", 0.62) if lightness(colour) < 0.62 else mix(colour, "#54364e", 0.50)


def paint(pattern: str, colour: str) -> tuple[str, str]:
    """Return the SVG definition of a pattern over a colour, and its name."""
    other, name = contrast(colour), f"{pattern}{colour[1:]}"
    return _DEFINITIONS[pattern](name, colour, other), name


def _striped(name: str, colour: str, other: str) -> str:
    return (
        f'<linearGradient id="{name}" gradientUnits="userSpaceOnUse" spreadMethod="repeat" x1="0" y1="0" x2="2" '
        f'y2="{STRIPE:g}"><stop stop-color="{colour}"/><stop offset=".56" stop-color="{colour}"/>'
        f'<stop offset=".6" stop-color="{other}"/><stop offset=".96" stop-color="{other}"/>'
        f'<stop offset="1" stop-color="{colour}"/></linearGradient>'
    )


def _tile(name: str, size: float, colour: str, marks: str) -> str:
    return (
        f'<pattern id="{name}" patternUnits="userSpaceOnUse" width="{size:g}" height="{size:g}">'
        f'<path d="M-1 -1h{size + 2:g}v{size + 2:g}h{-size - 2:g}z" fill="{colour}"/>{marks}</pattern>'
    )


def _spotted(name: str, colour: str, other: str) -> str:
    r, h = 3.5, DOT / 2
    spots = "".join(f"M{x - r:g} {y:g}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z"
                    for x, y in ((h / 2, h / 2), (1.5 * h, 1.5 * h)))  # fmt: skip
    return _tile(name, DOT, colour, f'<path d="{spots}" fill="{other}"/>')


def _checked(name: str, colour: str, other: str) -> str:
    h = CHECK / 2
    squares = f"M0 0h{h:g}v{h:g}h{-h:g}zM{h:g} {h:g}h{h:g}v{h:g}h{-h:g}z"
    return _tile(name, CHECK, colour, f'<path d="{squares}" fill="{other}"/>')


_DEFINITIONS = {"striped": _striped, "spotted": _spotted, "checked": _checked}
PATTERNS = ("plain", *_DEFINITIONS)
