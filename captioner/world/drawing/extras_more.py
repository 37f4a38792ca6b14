"""More scenery for any place outdoors: mushrooms, kite, fence. Importing it fills `EXTRAS`."""

from __future__ import annotations

from captioner.world.drawing.air import EXTRAS
from captioner.world.drawing.places import LEFT, View
from captioner.world.drawing.shapes import Canvas, oval


def draw_mushrooms(canvas: Canvas, view: View) -> None:
    side = view.rng.choice((-1, 1))
    with canvas.tagged("", "mushrooms"):
        for dx, dy, size in ((-49, 14, 0.95), (-38, 21, 0.7), (48, 22, 1.15), (35, 13, 0.6)):
            with canvas.moved(64 + side * dx, view.horizon + dy, size):
                canvas.path("M-5 0q2 -10 0 -16h10q-2 6 0 16q-5 2.5 -10 0z", "#fbf1de", "#a8906c", 1.2)
                canvas.path("M-16 -13q1 -19 16 -19t16 19q-16 5 -32 0z", "#e0403c", "#8a2428", 1.4)
                canvas.path(oval(-8, -18, 2.8) + oval(1, -25, 3.2) + oval(9, -17, 2.6), "#fffaf2")


def draw_kite(canvas: Canvas, view: View) -> None:
    x, y = 24 + view.rng.uniform(-4, 4), 34 + view.rng.uniform(-3, 3)
    with canvas.tagged("", "kite"), canvas.moved(x, y, turn=18):
        canvas.path("M0 17q10 8 1 17t3 17t-3 16", stroke="#6a5a7c", width=1.4)
        for dy, colour in ((27, "#ffd23f"), (42, "#4fb7e8"), (57, "#f2557a")):
            canvas.path(f"M1 {dy}l-6 -4v8zM1 {dy}l6 -4v8z", colour)
        canvas.path("M0 -19L13 -3L0 17L-13 -3z", "#f0473f", "#8a2428", 1.4)
        canvas.path("M0 -19L13 -3H0zM0 17V-3H-13z", "#ffd23f")
        canvas.path("M0 -19V17M-13 -3H13", stroke="#8a2428", width=1)


def draw_fence(canvas: Canvas, view: View) -> None:
    y = view.horizon + 10
    with canvas.tagged("", "fence"):
        canvas.path(f"M{LEFT} {y - 13}h208v4h-208zM{LEFT} {y - 5}h208v4h-208z", "#f3e6d2", "#97795a", 0.8)
        posts = "".join(f"M{x} {y + 2}v-19l3.5 -5l3.5 5v19z" for x in range(-36, 168, 12))
        canvas.path(posts, "#fffaf0", "#97795a", 0.9)


EXTRAS |= {"mushrooms": draw_mushrooms, "kite": draw_kite, "fence": draw_fence}
