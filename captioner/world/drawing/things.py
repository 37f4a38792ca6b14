"""The core things without a face: each stands on (0, 0) and is about 100 high."""

from __future__ import annotations

from collections.abc import Callable

from captioner.world.drawing.figures import actor_of
from captioner.world.drawing.shapes import Canvas, box, oval, polygon
from captioner.world.scene import Thing


def draw_house(canvas: Canvas, thing: Thing) -> None:
    house = actor_of(thing)
    roof = "#4d4a66" if thing.colour not in ("black", "purple", "blue") else "#b8573f"
    with canvas.tagged("roof"):
        canvas.solid(box(16, -100, 11, 28), "#a0644a")
    with canvas.tagged("walls"):
        canvas.solid(box(-35, -58, 70, 57), house.colour)
    with canvas.tagged("roof"):
        canvas.solid(polygon([(-45, -54), (-1, -97), (1, -97), (45, -54)]), roof, 3.6)
    with canvas.tagged("window"):
        for x in (-28, 9):
            canvas.solid(box(x, -46, 19, 18, 2), "#ffe58a")
            canvas.path(f"M{x + 9.5} -46v18M{x} -37h19", stroke="#6b5646", width=2)
    with canvas.tagged("door"):
        canvas.solid("M-9 -1v-20q0 -9 9 -9q9 0 9 9v20z", "#8a5a3b")
        canvas.path(oval(4.5, -14, 1.8), "#ffd75a")


def draw_cake(canvas: Canvas, thing: Thing) -> None:
    cake = actor_of(thing)
    cream = cake.pale
    with canvas.tagged("plate"):
        canvas.solid(oval(0, -4, 44, 6.5), "#e9eef6")
    with canvas.tagged("cake"):
        canvas.solid("M-36 -34v27q36 11 72 0v-27z", cake.colour)
        canvas.solid(
            "M-36 -36q0 -8 36 -8t36 8v6q-5 9 -10 1"
            "q-5 9 -11 2q-5 9 -10 1q-6 9 -11 0q-6 8 -11 -1q-6 7 -11 -2q-5 6 -8 -1z",
            cream,
            2,
        )
        canvas.solid("M-24 -64v26q24 8 48 0v-26z", cake.colour)
        canvas.solid("M-24 -66q0 -7 24 -7t24 7v6q-5 8 -10 1q-4 8 -9 1q-5 8 -10 0q-6 8 -10 -1q-5 7 -9 -1z", cream, 2)
    with canvas.tagged("candle"):
        for x, tone in ((-11, "#5aa9f0"), (11, "#f08ab4")):
            canvas.path(f"M{x} -70v-14", stroke=tone, width=5)
            canvas.path(f"M{x} -99q7 9 0 13q-7 -4 0 -13z", "#ffb02e", "#e8781e", 1.4)
    with canvas.tagged("cherry"):
        canvas.path("M0 -78q1 -9 6 -12", stroke="#5a7d3a", width=2)
        canvas.solid(oval(0, -74, 7), "#d92b3f")


THINGS: dict[str, Callable[[Canvas, Thing], None]] = {"house": draw_house, "cake": draw_cake}
