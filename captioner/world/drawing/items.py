"""What is worn and what is held. Worn items are placed for a head of 62 × 54 about (0, -66) unless told otherwise."""

from __future__ import annotations

from collections.abc import Callable

from captioner.world.drawing.colours import mix, outline, paler
from captioner.world.drawing.shapes import Canvas, blob, blossom, oval


def draw_hat(canvas: Canvas, colour: str, top: float, eye_x: float, eye_y: float) -> None:
    y = top + 7
    canvas.solid(f"M-19 {y}q-1 -27 9 -28h20q10 1 9 28z", colour)
    canvas.path(f"M-18.6 {y - 8}q18.6 5 37.2 0l0.8 8h-38.8z", paler(colour) if colour != "#fdfaf4" else "#e2403f")
    canvas.solid(oval(0, y + 0.5, 28, 4.6), colour)


def draw_scarf(canvas: Canvas, colour: str, top: float, eye_x: float, eye_y: float) -> None:
    canvas.solid("M9 -38l11 -1l5 25l-12 3z", colour)
    canvas.path("M12.6 -18l11.4 -2.6", stroke=paler(colour), width=3)
    canvas.solid(blob([(-25, -42), (0, -36), (25, -42), (26, -33), (0, -26), (-26, -33)]), colour)


def draw_glasses(canvas: Canvas, colour: str, top: float, eye_x: float, eye_y: float) -> None:
    rings = oval(-eye_x, eye_y, 10.6) + oval(eye_x, eye_y, 10.6) + f"M-3 {eye_y - 1}h6"
    rim = outline(colour)
    canvas.path(rings, stroke=rim, width=5.6)
    canvas.path(rings, stroke=colour, width=3.4)


def draw_balloon(canvas: Canvas, colour: str, x: float, y: float) -> None:
    side = 1 if x > 0 else -1
    canvas.path(f"M{x} {y}Q{x + side * 9} {y - 28} {x + side * 5} {y - 48}", stroke="#5b5468", width=1.8)
    cx, cy = x + side * 5, y - 64
    canvas.solid(f"M{cx - 4} {cy + 20}h8l-4 -6z", colour)
    canvas.solid(oval(cx, cy, 14.5, 17), colour)
    canvas.path(oval(cx - 5, cy - 6.5, 3.4, 4.8), mix(colour, "#ffffff", 0.65))


def draw_flower(canvas: Canvas, colour: str, x: float, y: float) -> None:
    side = 1 if x > 0 else -1
    canvas.path(f"M{x} {y + 6}L{x + side * 5} {y - 24}", stroke="#3f9142", width=3.2)
    canvas.path(oval(x - side * 1, y - 9, 4.4, 2.4), "#3f9142")
    blossom(canvas, x + side * 6, y - 30, 6.6, colour, "#ffd84a" if colour != "#fad23c" else "#b5652a")


WORN: dict[str, Callable[[Canvas, str, float, float, float], None]] = {
    "hat": draw_hat,
    "scarf": draw_scarf,
    "glasses": draw_glasses,
}
"""kind → draw(canvas, colour, top of the head, eye x, eye y)"""
HELD: dict[str, Callable[[Canvas, str, float, float], None]] = {"balloon": draw_balloon, "flower": draw_flower}
"""kind → draw(canvas, colour, hand x, hand y)"""
