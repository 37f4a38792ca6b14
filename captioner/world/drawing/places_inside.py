"""More places indoors: kitchen, library, cave and stage. Importing it fills `PLACES`."""

from __future__ import annotations

from captioner.world.drawing.colours import mix, outline
from captioner.world.drawing.places import LEFT, PLACES, WIDTH, Place, View
from captioner.world.drawing.shapes import Canvas, blob, box, oval, polygon

GLASS = {
    "morning": "#f7b7c4|#ffe7b8",
    "day": "#a9dcf7|#dff3fb",
    "evening": "#7d5aa6|#ff9d6b",
    "night": "#141b45|#2b3878",
}
"""What is seen of the sky through a window."""


def window(canvas: Canvas, view: View, x: float, y: float, width: float, height: float, frame: str) -> None:
    tint, canvas.tint = canvas.tint, None
    with canvas.tagged("", "window"):
        canvas.path(box(x, y, width, height), GLASS[view.time], frame, 3.6)
        if view.time == "night":
            canvas.path(oval(x + 0.68 * width, y + 0.3 * height, 0.12 * width), "#fff0b8")
        canvas.path(f"M{x + width / 2} {y}v{height}M{x} {y + height / 2}h{width}", stroke=frame, width=2)
    canvas.tint = tint


def kitchen(canvas: Canvas, view: View) -> None:
    h = view.horizon + 8
    with canvas.tagged("", "wall"):
        canvas.path(box(LEFT, -60, WIDTH, h + 62), "#d5efe6")
        lines = "".join(f"M{LEFT} {y}h{WIDTH}" for y in range(-56, int(h), 14))
        lines += "".join(f"M{x} -60V{h}" for x in range(-34, 168, 14))
        canvas.path(lines, stroke="#bfe0d6", width=1)
    with canvas.tagged("", "ground"):
        canvas.path(box(LEFT, h, WIDTH, 120), "#f6ead6")
        tiles = ""
        for row, (top, bottom) in enumerate(((0.0, 9.0), (9.0, 21.0), (21.0, 37.0), (37.0, 60.0))):
            for k in range(-9 + row % 2, 10, 2):
                a, b = 1 + top * 0.022, 1 + bottom * 0.022
                corners = [(k * a, top), ((k + 1) * a, top), ((k + 1) * b, bottom), (k * b, bottom)]
                tiles += polygon([(64 + 15 * x, h + y) for x, y in corners])
        canvas.path(tiles, "#e08a5c")
    side = view.rng.choice((-1, 1))
    with canvas.tagged("", "stove"), canvas.moved(64 + side * 46, h + 9):
        canvas.path(box(-19, -40, 38, 40, 2), "#f4f5f7", "#6d7480", 1.4)
        canvas.path(box(-14, -26, 28, 20, 2), "#3c4350", "#6d7480", 1.2)
        canvas.path(box(-10, -22, 20, 11, 2), "#ff9d45")
        for x in (-12, -4, 4, 12):
            canvas.path(oval(x, -33, 2.2), "#e2453f")
        canvas.path(box(-20, -43, 40, 4.5), "#59606d")
        canvas.path("M-10 -43v-12h20v12zM10 -51h9", "#d8453f", "#7d2428", 1.6)
        canvas.path("M-12 -55h24M0 -55v-4", stroke="#7d2428", width=2.2)
    with canvas.tagged("", "cupboard"), canvas.moved(64 - side * 46, h + 9):
        canvas.path(box(-22, -38, 44, 38), "#63a6a0", "#35645f", 1.4)
        canvas.path("M0 -34V0", stroke="#35645f", width=1.4)
        canvas.path(oval(-4, -18, 1.7) + oval(4, -18, 1.7), "#ffe9a8")
        canvas.path(box(-24, -42, 48, 5), "#a8713f", "#6b4526", 1)
        canvas.path("M-12 -42v-10q0 -3 3 -3h6q3 0 3 3v10z", "#f2c84b", "#9a7a20", 1)
        canvas.path(oval(9, -47, 5.4), "#e2453f", "#7d2428", 1)
    with canvas.tagged("", "shelf"):
        x = 64 + side * 46
        canvas.path(f"M{x - 18} {h - 54}h36", stroke="#8a5a35", width=3)
        canvas.path(
            "".join(f"M{x + k} {h - 54}v4M{x + k} {h - 44}v-6" for k in (-12, 0, 12)), stroke="#59606d", width=1.6
        )
    window(canvas, view, 64 - side * 46 - 17, h - 76, 34, 30, "#fffaf0")


def library(canvas: Canvas, view: View) -> None:
    h = view.horizon + 6
    with canvas.tagged("", "shelves"):
        canvas.path(box(LEFT, -60, WIDTH, h + 62), "#6b4329")
        tones = ("#c8473f", "#3f74b8", "#e0a83a", "#4f9a5a", "#8a5aa8", "#e6dcc4")
        spines: dict[str, str] = dict.fromkeys(tones, "")
        for row, bottom in enumerate(range(int(h) - 4, -40, -21)):
            x = LEFT + row * 3
            while x < LEFT + WIDTH:
                wide, tall = view.rng.uniform(4.4, 7.0), view.rng.uniform(12, 16.5)
                spines[view.rng.choice(tones)] += box(x, bottom - tall, wide - 0.7, tall)
                x += wide
        for colour, d in spines.items():
            canvas.path(d, colour)
        boards = "".join(f"M{LEFT} {y + 1.5}h{WIDTH}" for y in range(int(h) - 4, -40, -21))
        canvas.path(boards, stroke="#8d5c38", width=3.4)
        canvas.path("".join(f"M{x} -60V{h}" for x in (-14, 38, 90, 142)), stroke="#8d5c38", width=4)
    with canvas.tagged("", "ground"):
        canvas.path(box(LEFT, h, WIDTH, 120), "#7d4a4f")
        canvas.path(box(LEFT, h, WIDTH, 4), "#4b2d20")
        canvas.path(f"M{LEFT} {h + 12}h{WIDTH}M{LEFT} {h + 34}h{WIDTH}", stroke="#d9b25c", width=1.6)
    side = view.rng.choice((-1, 1))
    with canvas.tagged("", "ladder"), canvas.moved(64 + side * 38, h + 7, flip=side < 0):
        canvas.path("M-2 0L10 -88M12 0L24 -88", stroke="#d9a05e", width=3)
        canvas.path("".join(f"M{-2 - y * 0.136:.1f} {y}h14" for y in range(-10, -88, -11)), stroke="#d9a05e", width=2.2)
    with canvas.tagged("", "books"), canvas.moved(64 - side * 50, h + 14):
        for y, x, colour in ((0, 0, "#3f74b8"), (-6, 2, "#e0a83a"), (-12, -1, "#c8473f")):
            canvas.path(box(x - 13, y - 6, 26, 6, 1.5), colour, outline(colour), 1)
            canvas.path(box(x + 8, y - 4.8, 5, 3.6), "#fff6e2")


def cave(canvas: Canvas, view: View) -> None:
    h = view.horizon + 2
    with canvas.tagged("", "wall"):
        canvas.path(box(LEFT, -60, WIDTH, h + 62), "#5d5568")
        bumps = [(8, 26, 22), (44, 58, 15), (110, 64, 18), (-16, 60, 18), (146, 34, 18)]
        canvas.path("".join(oval(x, y, r, r * 0.8) for x, y, r in bumps), "#686074")
    tint, canvas.tint = canvas.tint, None
    with canvas.tagged("", "opening"):
        mouth = [(84, h + 4), (80, h - 26), (88, h - 50), (104, h - 58), (119, h - 46), (122, h - 18), (118, h + 4)]
        canvas.path(blob(mouth), GLASS[view.time], "#3c3548", 3)
    canvas.tint = tint
    with canvas.tagged("", "ground"):
        canvas.path(f"M{LEFT} {h}Q10 {h - 6} 64 {h + 1}T168 {h}V190H{LEFT}z", "#7b7183")
        canvas.path(f"M{LEFT} {h + 26}Q64 {h + 20} 168 {h + 28}V190H{LEFT}z", "#71677a")
    with canvas.tagged("", "stalactites"):
        hanging = "".join(
            f"M{x - w} -50V4Q{x - w * 0.3} {d * 0.5} {x} {d}Q{x + w * 0.3} {d * 0.5} {x + w} 4V-50z"
            for x, d, w in ((-24, 34, 10), (-4, 46, 11), (16, 28, 9), (34, 40, 9), (54, 18, 9), (74, 22, 10),
                            (92, 16, 8), (112, 30, 10), (130, 48, 11), (150, 30, 10))
        )  # fmt: skip
        canvas.path(hanging, "#463f52", "#322b3d", 1)
        standing = "".join(
            f"M{x - w} {h + y}Q{x - 2} {h + y - t * 0.5} {x} {h + y - t}Q{x + 2} {h + y - t * 0.5} {x + w} {h + y}z"
            for x, y, t, w in ((-10, 8, 26, 8), (30, 3, 16, 6), (132, 9, 28, 9))
        )
        canvas.path(standing, "#544c60", "#322b3d", 1)
    canvas.tint = None
    with canvas.tagged("", "crystals"):
        for x, y, colour in ((12, 16, "#5fe0e6"), (120, 20, "#c98bf5")):
            canvas.path(oval(x, h + y - 10, 20, 17), colour, opacity=0.28)
            for dx, tall, lean in ((-8, 17, -5), (6, 20, 5), (-1, 30, 0)):
                gem = [(x + dx - 4.5, h + y), (x + dx - 4 + lean, h + y - tall * 0.75), (x + dx + lean, h + y - tall),
                       (x + dx + 4 + lean, h + y - tall * 0.75), (x + dx + 4.5, h + y)]  # fmt: skip
                canvas.path(polygon(gem), mix(colour, "#ffffff", 0.25 if dx == -1 else 0.0), outline(colour), 1)
    canvas.tint = tint


def stage(canvas: Canvas, view: View) -> None:
    h = view.horizon + 6
    with canvas.tagged("", "backdrop"):
        canvas.path(box(LEFT, -60, WIDTH, h + 62), "#35406f")
        stars = ((38, 30), (52, 50), (76, 28), (90, 46), (64, 18), (84, 66), (44, 70))
        canvas.path("".join(oval(x, y, 1.6) for x, y in stars), "#ffe9a0")
    with canvas.tagged("", "ground"):
        canvas.path(box(LEFT, h, WIDTH, 120), "#c98e55")
        canvas.path(
            "".join(f"M{64 + x * 0.75} {h}L{64 + x * 1.4} {h + 46}" for x in range(-150, 151, 16)),
            stroke="#a56e3c",
            width=1.2,
        )
    with canvas.tagged("", "spotlights"):
        canvas.path(f"M22 -8L36 {h + 30}H96L30 -8zM106 -8L32 {h + 30}H92L98 -8z", "#fff3b0", opacity=0.30)
        canvas.path(oval(64, h + 26, 42, 9), "#fff3b0", opacity=0.45)
    red = "#c42f3b"
    with canvas.tagged("", "curtains"):
        for side in (-1, 1):
            with canvas.moved(64, 0, flip=side < 0):
                canvas.path(f"M36 -40Q34 40 46 {h - 22}Q40 {h} 38 {h + 12}H110V-40z", red, outline(red), 1.2)
                folds = f"M46 -30Q46 40 54 {h - 22}M58 -30V{h + 10}M70 -30V{h + 10}M82 -30V{h + 10}"
                canvas.path(folds, stroke="#8f1f2d", width=2)
                canvas.path(f"M45 {h - 22}h60", stroke="#ffcf4a", width=3.4)
        swags = "M-41 -40V12" + "q11 14 21 0" * 10 + "V-40z"
        canvas.path(swags, "#d63a45", outline(red), 1.2)
        canvas.path("M-41 12" + "q11 14 21 0" * 10, stroke="#ffcf4a", width=2.4)
    with canvas.tagged("", "footlights"):
        canvas.path(box(LEFT, h + 43, WIDTH, 80), "#6b4529", "#432a18", 1)
        canvas.path("".join(oval(x, h + 43, 4.2, 3.2) for x in range(-32, 168, 16)), "#fff0a8", "#a8842c", 0.9)


PLACES |= {
    "kitchen": Place(("#d5efe6", "#d5efe6"), kitchen, indoors=True),
    "library": Place(("#6b4329", "#6b4329"), library, indoors=True),
    "cave": Place(("#5d5568", "#5d5568"), cave, indoors=True),
    "stage": Place(("#35406f", "#35406f"), stage, indoors=True),
}
