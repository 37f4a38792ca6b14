"""The core places: sky, ground and two to four big shapes each, drawn on 128 units with a given horizon."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from captioner.world.drawing.colours import mix, outline
from captioner.world.drawing.shapes import Canvas, blob, blossom, box, oval, polygon


@dataclass(frozen=True)
class View:
    """Where the ground begins, how near everything is (1 is medium), the light, and incidental variation."""

    horizon: float
    near: float
    time: str
    weather: str
    rng: random.Random


@dataclass(frozen=True)
class Place:
    sky: tuple[str, str]
    draw: Callable[[Canvas, View], None]
    indoors: bool = False


LEFT, WIDTH = -40.0, 208.0
"""Places are drawn past both edges of the picture, for the wide view."""


def ground(canvas: Canvas, view: View, colour: str, name: str = "ground", rise: float = 0.0) -> None:
    y = view.horizon
    with canvas.tagged("", name):
        canvas.path(f"M{LEFT} {y}Q64 {y - rise} {LEFT + WIDTH} {y}V190H{LEFT}z", mix(colour, "#ffffff", 0.10))
        canvas.path(
            f"M{LEFT} {y + 26}Q64 {y + 20 - rise} {LEFT + WIDTH} {y + 28}V190H{LEFT}z", mix(colour, "#1d2440", 0.05)
        )


def hill(canvas: Canvas, x: float, width: float, y: float, height: float, colour: str) -> None:
    peak = y - height * 1.3
    canvas.path(
        f"M{x - width} {y}C{x - width * 0.5} {peak} {x + width * 0.5} {peak} {x + width} {y}V190H{x - width}z",
        colour,
    )


def meadow(canvas: Canvas, view: View) -> None:
    h = view.horizon
    with canvas.tagged("", "hills"):
        hill(canvas, 20, 70, h + 4, 24, "#9ad07a")
        hill(canvas, 112, 66, h + 4, 18, "#86c46c")
    ground(canvas, view, "#7cc05a", rise=5)
    with canvas.tagged("", "flowers"):
        for x in (8, 27, 47, 82, 101, 120):
            colour = view.rng.choice(("#ff8fb0", "#ffffff", "#ffd84a", "#c79bf2"))
            y = h + view.rng.uniform(9, 40)
            canvas.path(f"M{x} {y}v5", stroke="#4c9440", width=1.2)
            blossom(canvas, x, y, 1.9, colour)


def beach(canvas: Canvas, view: View) -> None:
    h = view.horizon
    with canvas.tagged("", "sea"):
        canvas.path(box(LEFT, h - 16, WIDTH, 40), "#3fb0d4")
        for x, y in ((-8, -10), (24, -6), (70, -11), (104, -5)):
            canvas.path(f"M{x} {h + y}q4 -2.5 8 0t8 0", stroke="#d6f4fa", width=1.3)
    with canvas.tagged("", "ground"):
        shore = f"M{LEFT} {h + 6}q26 -7 52 0t52 0t52 0t52 0V190H{LEFT}z"
        canvas.path(shore, "#f3d48f", "#ffffff", 3)
    side = view.rng.choice((-1, 1))
    with canvas.tagged("", "palm"), canvas.moved(64 + side * 56, h + 10, flip=side > 0):
        canvas.path("M-5 0Q0 -30 8 -48", stroke="#8d6238", width=6)
        for dx, dy in ((24, 6), (20, -12), (2, -18), (-17, -9), (-16, 9)):
            tip = f"{8 + dx} {-48 + dy + 5}"
            leaf = f"M8 -48Q{8 + dx * 0.5 - dy * 0.25} {-48 + dy - 9} {tip}Q{8 + dx * 0.5} {-46 + dy} 8 -48z"
            canvas.path(leaf, "#3d9d5c", "#2b7747", 0.8)


def forest(canvas: Canvas, view: View) -> None:
    h = view.horizon
    with canvas.tagged("", "trees"):
        canvas.path(
            blob(
                [
                    (LEFT, h - 30),
                    (-20, h - 46),
                    (4, h - 36),
                    (30, h - 50),
                    (62, h - 38),
                    (92, h - 52),
                    (124, h - 38),
                    (150, h - 48),
                    (170, h - 30),
                    (170, h + 20),
                    (LEFT, h + 20),
                ]
            ),
            "#6fa377",
        )
        for x in (-30, -9, 13, 38, 89, 113, 136, 158):
            tall = view.rng.uniform(52, 66) * (1 if abs(x - 64) > 30 else 0.72)
            _pine(canvas, x, h + 7, tall, "#2f7350" if x % 2 else "#3a855b")
    ground(canvas, view, "#5d8f4b", rise=3)


def _pine(canvas: Canvas, x: float, y: float, tall: float, colour: str, snowy: bool = False) -> None:
    wide = tall * 0.27
    canvas.path(f"M{x} {y}v{-tall * 0.3}", stroke="#75513a", width=tall * 0.09)
    for step in range(3):
        base, w = y - tall * (0.16 + 0.24 * step), wide * (1 - 0.22 * step)
        canvas.path(polygon([(x - w, base), (x, base - tall * 0.38), (x + w, base)]), colour, outline(colour), 0.7)
        if snowy:
            peak = base - tall * 0.38
            canvas.path(
                polygon([(x - w * 0.45, peak + tall * 0.17), (x, peak), (x + w * 0.45, peak + tall * 0.17)]), "#ffffff"
            )


def desert(canvas: Canvas, view: View) -> None:
    h = view.horizon
    with canvas.tagged("", "dunes"):
        hill(canvas, 18, 76, h + 4, 24, "#e8a862")
        hill(canvas, 118, 72, h + 4, 32, "#dc9450")
    ground(canvas, view, "#efb86c", rise=4)
    with canvas.tagged("", "cactus"):
        first = view.rng.choice((-1, 1))
        for side, size in ((first, 1.0), (-first, 0.65)):
            with canvas.moved(64 + side * 52, h + 12, size):
                d = "M0 0V-40M0 -16H-11V-28M0 -21H11V-34"
                canvas.path(d, stroke="#2e7a50", width=9.5)
                canvas.path(d, stroke="#4aa368", width=7)


def mountains(canvas: Canvas, view: View) -> None:
    h = view.horizon
    with canvas.tagged("", "mountains"):
        for x, tall, wide, colour in ((64, 44, 50, "#9aa3cf"), (8, 62, 54, "#7681b8"), (120, 57, 52, "#6973ab")):
            canvas.path(polygon([(x - wide, h + 8), (x, h - tall), (x + wide, h + 8)]), colour, outline(colour), 0.7)
            cap = tall * 0.34
            w = wide * cap / (tall + 8)
            snow = [
                (x - w, h - tall + cap),
                (x, h - tall),
                (x + w, h - tall + cap),
                (x + w * 0.4, h - tall + cap * 0.75),
                (x, h - tall + cap * 1.15),
                (x - w * 0.4, h - tall + cap * 0.75),
            ]
            canvas.path(polygon(snow), "#ffffff")
    ground(canvas, view, "#86a886", rise=5)


def city(canvas: Canvas, view: View) -> None:
    h = view.horizon
    lit = "#ffe27a" if view.time in ("evening", "night") else "#dff1fb"
    with canvas.tagged("", "buildings"):
        x = LEFT
        tones = ["#c98873", "#7f93b8", "#d9b07c", "#8c86a8", "#b86f6a", "#6f9aa3"]
        first = view.rng.randrange(6)
        index = 0
        while x < LEFT + WIDTH:
            wide = 22.0 + 4 * (index % 2)
            tall = (46, 66, 38, 58, 50, 70)[(index + first) % 6]
            colour = tones[(index + first) % 6]
            canvas.path(box(x, h - tall, wide, tall + 6), colour, outline(colour), 0.7)
            panes = "".join(
                box(x + 4 + column * (wide - 14.5), h - tall + 6 + row * 12, 6.5, 7)
                for row in range(int((tall - 8) // 12))
                for column in (0, 1)
            )
            canvas.path(panes, lit)
            x, index = x + wide, index + 1
    with canvas.tagged("", "ground"):
        canvas.path(box(LEFT, h, WIDTH, 120), "#a9adb8")
        canvas.path(box(LEFT, h, WIDTH, 5), "#d8d9df")
    with canvas.tagged("", "road"):
        canvas.path(box(LEFT, h + 12, WIDTH, 16), "#71757f")
        canvas.path("".join(box(x, h + 19, 12, 2) for x in range(-36, 168, 22)), "#fff3c4")


def snowfield(canvas: Canvas, view: View) -> None:
    h = view.horizon
    with canvas.tagged("", "hills"):
        hill(canvas, 24, 74, h + 4, 28, "#c9dcf2")
        hill(canvas, 114, 70, h + 4, 20, "#d8e7f7")
    with canvas.tagged("", "trees"):
        for x, tall in ((-22, 40), (6, 44), (24, 30), (108, 34), (126, 46), (150, 40)):
            _pine(canvas, x, h + 6, tall + view.rng.uniform(-3, 3), "#4d8580", snowy=True)
    ground(canvas, view, "#e9f2fb", rise=6)


def room(canvas: Canvas, view: View) -> None:
    h = view.horizon + 8
    with canvas.tagged("", "wall"):
        canvas.path(box(LEFT, -60, WIDTH, h + 62), "#f7d8b8")
        canvas.path("".join(box(x, -60, 7, h + 60) for x in range(-36, 168, 22)), "#f5d3b2")
    with canvas.tagged("", "ground"):
        canvas.path(box(LEFT, h, WIDTH, 120), "#b8824f")
        canvas.path("".join(f"M{LEFT} {h + y}h{WIDTH}" for y in (10, 22, 36)), stroke="#95633c", width=0.9)
        canvas.path(box(LEFT, h - 3.5, WIDTH, 4.5), "#fff3e2")
    glass = {"morning": "#f7b7c4|#ffe7b8", "day": "#a9dcf7|#dff3fb", "evening": "#7d5aa6|#ff9d6b"}.get(
        view.time, "#141b45|#2b3878"
    )
    tint, canvas.tint = canvas.tint, None
    with canvas.tagged("", "window"):
        canvas.path(box(4, 16, 36, 40), glass, "#fff8ee", 4.5)
        if view.time == "night":
            canvas.path(oval(29, 27, 5), "#fff0b8")
        canvas.path("M22 16v40M4 36h36", stroke="#fff8ee", width=2.4)
    canvas.tint = tint
    with canvas.tagged("", "picture"):
        canvas.path(box(92, 20, 28, 24), "#8fc7a8", "#8a5a3b", 3.2)
        canvas.path(polygon([(94, 42), (103, 28), (111, 42)]), "#5f9f86")
    with canvas.tagged("", "rug"):
        canvas.path(oval(64, h + 26, 54, 11), "#d9788a", "#b65570", 2)
        canvas.path(oval(64, h + 26, 44, 7.5), "none", "#f6c6cc", 1.6)


PLACES: dict[str, Place] = {
    "meadow": Place(("#8fd0f5", "#e3f5fb"), meadow),
    "beach": Place(("#6ec6f2", "#d9f3fb"), beach),
    "forest": Place(("#a8d8c4", "#e4f3d9"), forest),
    "desert": Place(("#f7c877", "#fdeec4"), desert),
    "mountains": Place(("#a9bdf0", "#efe6f4"), mountains),
    "city": Place(("#9cc6ea", "#eef0ee"), city),
    "snowfield": Place(("#a8cdf0", "#eef6fd"), snowfield),
    "room": Place(("#f9ddc0", "#f3cda8"), room, indoors=True),
}
