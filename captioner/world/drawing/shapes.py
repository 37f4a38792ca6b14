"""Shapes and the canvas that collects them. Each shape is tagged with whose it is and which part of it.

A shape is geometry with paint; how the paint looks on paper is the style's business (`styles.py`).
Local units: a character is 100 high, stands on (0, 0), and y grows downwards.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from captioner.world.drawing.colours import outline

Point = tuple[float, float]


class Shape(NamedTuple):
    """One painted path. `fill` may be "#top|#bottom" for a vertical gradient; soft shapes own no pixels."""

    d: str
    fill: str
    stroke: str
    width: float
    opacity: float
    owner: str
    part: str
    transform: str
    soft: bool
    pattern: str = ""
    """What `patterns.py` lays over the fill; empty for plain paint."""


class Canvas:
    """Collects shapes in painting order. `tint` changes every colour that is put on it (light, weather)."""

    def __init__(self) -> None:
        self.shapes: list[Shape] = []
        self.owner = "sky"
        self.part = ""
        self.transform = ""
        self.tint: Callable[[str], str] | None = None

    @contextmanager
    def tagged(self, part: str, owner: str | None = None) -> Iterator[None]:
        before = self.owner, self.part
        self.owner, self.part = owner if owner is not None else self.owner, part
        yield
        self.owner, self.part = before

    @contextmanager
    def moved(self, x: float, y: float, scale: float = 1.0, turn: float = 0.0, flip: bool = False) -> Iterator[None]:
        before = self.transform
        step = f"translate({x:.2f} {y:.2f})"
        if turn:
            step += f"rotate({turn:.1f})"
        if scale != 1.0 or flip:
            step += f"scale({-scale if flip else scale:.4f} {scale:.4f})"
        self.transform = before + step
        yield
        self.transform = before

    def path(
        self,
        d: str,
        fill: str = "none",
        stroke: str = "none",
        width: float = 0.0,
        opacity: float = 1.0,
        soft: bool = False,
    ) -> None:
        if self.tint is not None:
            fill = "|".join(self.tint(part) for part in fill.split("|")) if fill != "none" else fill
            stroke = self.tint(stroke) if stroke != "none" else stroke
        soft = soft or opacity < 0.6
        self.shapes.append(Shape(d, fill, stroke, width, opacity, self.owner, self.part, self.transform, soft))

    def solid(self, d: str, fill: str, width: float = 2.6) -> None:
        """Fill a path and outline it in a darker tone of its own colour."""
        self.path(d, fill, outline(fill), width)

    def limb(self, d: str, colour: str, width: float) -> None:
        """Draw an outlined thick line with round ends."""
        self.path(d, stroke=outline(colour), width=width + 4.4)
        self.path(d, stroke=colour, width=width)


def oval(x: float, y: float, rx: float, ry: float | None = None) -> str:
    ry = rx if ry is None else ry
    return f"M{x - rx:.2f} {y:.2f}a{rx:.2f} {ry:.2f} 0 1 0 {2 * rx:.2f} 0a{rx:.2f} {ry:.2f} 0 1 0 {-2 * rx:.2f} 0z"


def box(x: float, y: float, width: float, height: float, corner: float = 0.0) -> str:
    """Return a rectangle by its top left corner."""
    if not corner:
        return f"M{x:.2f} {y:.2f}h{width:.2f}v{height:.2f}h{-width:.2f}z"
    c, w, h = corner, width - 2 * corner, height - 2 * corner
    return (
        f"M{x + c:.2f} {y:.2f}h{w:.2f}q{c} 0 {c} {c}v{h:.2f}q0 {c} {-c} {c}"
        f"h{-w:.2f}q{-c} 0 {-c} {-c}v{-h:.2f}q0 {-c} {c} {-c}z"
    )


def polygon(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points) + "z"


def blob(points: Sequence[Point], closed: bool = True) -> str:
    """Return a smooth curve through the points (Catmull–Rom as Béziers)."""
    n = len(points)

    def at(i: int) -> Point:
        return points[i % n] if closed else points[min(max(i, 0), n - 1)]

    d = f"M{points[0][0]:.2f} {points[0][1]:.2f}"
    for i in range(n if closed else n - 1):
        (ax, ay), (bx, by), (cx, cy), (ex, ey) = at(i - 1), at(i), at(i + 1), at(i + 2)
        d += (
            f"C{bx + (cx - ax) / 6:.2f} {by + (cy - ay) / 6:.2f} {cx - (ex - bx) / 6:.2f} "
            f"{cy - (ey - by) / 6:.2f} {cx:.2f} {cy:.2f}"
        )
    return d + ("z" if closed else "")


def star(x: float, y: float, radius: float, points: int = 5, inner: float = 0.45) -> str:
    corners = []
    for i in range(2 * points):
        r = radius if i % 2 == 0 else radius * inner
        angle = math.pi * i / points - math.pi / 2
        corners.append((x + r * math.cos(angle), y + r * math.sin(angle)))
    return polygon(corners)


def heart(x: float, y: float, r: float) -> str:
    return (
        f"M{x:.2f} {y + r:.2f}"
        f"C{x - 1.7 * r:.2f} {y - 0.1 * r:.2f} {x - r:.2f} {y - 1.3 * r:.2f} {x:.2f} {y - 0.4 * r:.2f}"
        f"C{x + r:.2f} {y - 1.3 * r:.2f} {x + 1.7 * r:.2f} {y - 0.1 * r:.2f} {x:.2f} {y + r:.2f}z"
    )


def blossom(canvas: Canvas, x: float, y: float, r: float, colour: str, heart_colour: str = "#ffd84a") -> None:
    """Draw a five-petalled flower head of radius about 2r."""
    petals = "".join(
        oval(x + 1.05 * r * math.cos(a), y + 1.05 * r * math.sin(a), 0.95 * r)
        for a in (k * 2 * math.pi / 5 - math.pi / 2 for k in range(5))
    )
    canvas.path(petals, colour, outline(colour), 0.28 * r)
    canvas.path(petals, colour)
    canvas.path(oval(x, y, 0.75 * r), heart_colour)
