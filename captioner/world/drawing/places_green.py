"""More green places: garden, lake, farm, jungle, park and volcano. Importing it fills `PLACES`."""

from __future__ import annotations

from captioner.world.drawing.colours import mix, outline
from captioner.world.drawing.places import LEFT, PLACES, WIDTH, Place, View, ground, hill
from captioner.world.drawing.shapes import Canvas, blob, box, oval, polygon

PETALS = ("#f2557a", "#ffd23f", "#b77bef", "#ff8a3c")


def round_tree(canvas: Canvas, x: float, y: float, size: float, colour: str) -> None:
    canvas.path(f"M{x} {y}v{-24 * size}", stroke="#80593c", width=6 * size)
    crown = oval(x, y - 33 * size, 16 * size, 17 * size)
    canvas.path(crown, colour, outline(colour), 1)
    canvas.path(oval(x - 5 * size, y - 38 * size, 6 * size, 5 * size), mix(colour, "#ffffff", 0.18))


def waves(canvas: Canvas, spots: tuple[tuple[float, float], ...], colour: str = "#cfeefa") -> None:
    canvas.path("".join(f"M{x} {y}q3.5 -2.4 7 0t7 0" for x, y in spots), stroke=colour, width=1.3)


def garden(canvas: Canvas, view: View) -> None:
    h = view.horizon
    with canvas.tagged("", "hedge"):
        bumps = "".join("q7 -9 14 0" for _ in range(15))
        hedge = f"M{LEFT} {h - 24}{bumps}V{h + 8}H{LEFT}z"
        canvas.path(hedge, "#3f8a46", outline("#3f8a46"), 1)
        leaves = "".join(f"M{x} {h - 14 + 9 * (x % 2)}q2.5 -4 5 0" for x in range(-37, 168, 9))
        canvas.path(leaves, stroke="#5fae59", width=1.6)
    ground(canvas, view, "#8ccb62")
    first = view.rng.randrange(4)
    for row, y in enumerate((h + 13, h + 33)):
        with canvas.tagged("", "flowers"):
            canvas.path(box(LEFT, y - 1, WIDTH, 8, 3), "#8a5f40")
            xs = [x + 6.5 * row for x in range(-34, 168, 13)]
            canvas.path("".join(f"M{x} {y + 2}v-9" for x in xs), stroke="#3d8a3f", width=1.8)
            for turn in (0, 1):
                colour = PETALS[(first + 2 * row + turn) % 4]
                cups = "".join(
                    f"M{x - 4} {y - 13}l2.4 3l1.6 -3.6l1.6 3.6l2.4 -3q1 8.5 -4 8.5t-4 -8.5z" for x in xs[turn::2]
                )
                canvas.path(cups, colour, outline(colour), 0.6)


def lake(canvas: Canvas, view: View) -> None:
    h = view.horizon
    with canvas.tagged("", "hills"):
        hill(canvas, 30, 70, h - 14, 16, "#7fb98b")
        hill(canvas, 108, 60, h - 14, 20, "#6ca97e")
    with canvas.tagged("", "water"):
        canvas.path(box(LEFT, h - 18, WIDTH, 60), "#4aa5d8")
        canvas.path(box(LEFT, h - 18, WIDTH, 5), "#8fd0ea")
        waves(canvas, ((-20, h - 1), (8, h + 4), (34, h - 8), (90, h - 5), (108, h + 3), (134, h - 9)))
    with canvas.tagged("", "ground"):
        shore = f"M{LEFT} {h + 20}Q-4 {h + 8} 24 {h + 17}T76 {h + 16}T120 {h + 14}T170 {h + 18}V190H{LEFT}z"
        canvas.path(shore, "#83c266", "#d9c98c", 3)
    with canvas.tagged("", "water"):
        for x, y, size in ((16, h + 10, 1.0), (112, h + 8, 0.85)):
            canvas.path(oval(x, y, 9 * size, 3 * size), "#4f9f54", "#37753f", 0.8)
            canvas.path(oval(x + 2, y - 2, 2.6 * size, 2 * size), "#ff9fc4")
    side = view.rng.choice((-1, 1))
    with canvas.tagged("", "reeds"), canvas.moved(64 + side * 50, h + 26, flip=side < 0):
        canvas.path("M-9 0Q-8 -20 -12 -38M-3 0V-46M4 0Q4 -22 8 -40M10 0q1 -14 6 -24", stroke="#4d8a3e", width=2.2)
        canvas.path("M-12 -38v-9M-3 -46v-10M8 -40v-9", stroke="#7b4b2c", width=4.6)


def farm(canvas: Canvas, view: View) -> None:
    h = view.horizon
    with canvas.tagged("", "hills"):
        hill(canvas, 64, 120, h + 2, 14, "#a8d27c")
    side = view.rng.choice((-1, 1))
    with canvas.tagged("", "barn"), canvas.moved(64 + side * 40, h + 3, flip=side < 0):
        canvas.path(box(21, -58, 14, 58), "#b9c0c9", "#5d6570", 1)
        canvas.path("M21 -58a7 8 0 0 1 14 0z", "#8a93a0", "#5d6570", 1)
        canvas.path(
            polygon([(-20, 0), (-20, -32), (-12, -48), (0, -56), (12, -48), (20, -32), (20, 0)]),
            "#cf3f38",
            "#7a2427",
            1.2,
        )
        canvas.path("M-23 -30L-13.5 -50L0 -59L13.5 -50L23 -30", stroke="#fff6ea", width=3)
        canvas.path(box(-10, -22, 20, 22), "#a92f2e", "#fff6ea", 2)
        canvas.path("M-10 -22L10 0M10 -22L-10 0", stroke="#fff6ea", width=2)
        canvas.path(box(-4, -42, 8, 9), "#5b2326", "#fff6ea", 1.4)
    with canvas.tagged("", "field"):
        canvas.path(box(LEFT, h, WIDTH, 120), "#a8743f")
        rows = "".join(f"M{64 + x * 0.5} {h}L{64 + x * 1.7} {h + 60}" for x in range(-190, 191, 20))
        canvas.path(rows, stroke="#7d5029", width=2.6)
        sprouts = "".join(
            f"M{64 + x * (0.5 + 0.02 * dy)} {h + dy}l-3 -5M{64 + x * (0.5 + 0.02 * dy)} {h + dy}l3 -5"
            for dy in (9, 24, 42)
            for x in range(-180, 191, 20)
        )
        canvas.path(sprouts, stroke="#69b548", width=1.9)


def jungle(canvas: Canvas, view: View) -> None:
    h = view.horizon
    with canvas.tagged("", "trees"):
        canvas.path(box(LEFT, h - 34, WIDTH, 44), "#3f8f5c")
        trunks = "".join(f"M{x} {h + 6}Q{x + 4} {h - 40} {x - 2} -40" for x in (-24, 2, 40, 92, 124, 152))
        canvas.path(trunks, stroke="#5a4a34", width=8)
        crown = [(LEFT, -30)] + [(x, 14 + 11 * ((x // 14) % 2)) for x in range(-40, 170, 14)] + [(170, -30)]
        canvas.path(blob(crown), "#2d7a48", "#1f5a37", 1)
    with canvas.tagged("", "vines"):
        drops = ((-8, 40), (22, 56), (50, 26), (80, 30), (104, 60), (128, 44))
        vines = "".join(f"M{x} 8q{view.rng.uniform(-5, 5):.1f} {d / 2} 0 {d}" for x, d in drops)
        canvas.path(vines, stroke="#5fb04a", width=2.4)
        ends = "".join(
            oval(x + 3.2 * s, 8 + d * k, 3.6, 1.8) for x, d in drops for k, s in ((0.45, 1), (0.72, -1), (1.0, 1))
        )
        canvas.path(ends, "#79c957")
    ground(canvas, view, "#4c9a4b", rise=3)
    with canvas.tagged("", "leaves"):
        for side in (-1, 1):
            for dx, turn, size in ((66, -64, 1.15), (60, -30, 1.3), (70, 0, 1.1)):
                with canvas.moved(64 + side * dx, h + 36, size, turn=side * turn, flip=side < 0):
                    canvas.path("M0 0C-17 -12 -15 -36 0 -50C15 -36 17 -12 0 0z", "#37a05a", "#1d6a3b", 1.2)
                    canvas.path("M0 0V-42M0 -12l-8 -8M0 -12l8 -8M0 -24l-8 -8M0 -24l8 -8", stroke="#8ddb7a", width=1.3)


def park(canvas: Canvas, view: View) -> None:
    h = view.horizon
    with canvas.tagged("", "trees"):
        hill(canvas, 64, 130, h + 2, 10, "#96cc74")
        for x, size in ((-26, 1.1), (6, 1.25), (38, 0.8), (92, 0.85), (124, 1.3), (154, 1.0)):
            round_tree(canvas, x, h + 4, size + view.rng.uniform(-0.06, 0.06), "#5aa84e" if size > 1 else "#75ba5c")
    ground(canvas, view, "#7fc65c")
    with canvas.tagged("", "path"):
        d = f"M74 {h + 1}C92 {h + 8} 50 {h + 14} 44 {h + 24}C34 {h + 40} 22 {h + 60} 10 190H118C112 {h + 60}"
        canvas.path(f"{d} 92 {h + 36} 86 {h + 24}C78 {h + 14} 100 {h + 8} 82 {h + 1}z", "#ecd7a6", "#c7ab74", 1.2)
    side = view.rng.choice((-1, 1))
    with canvas.tagged("", "bench"), canvas.moved(64 + side * 46, h + 15):
        canvas.path("M-14 0v-9M14 0v-9M-14 -9v-11M14 -9v-11", stroke="#4b4f5a", width=2.6)
        canvas.path("M-17 -8h34M-17 -14h34M-17 -19h34", stroke="#a8683a", width=3.6)
    with canvas.tagged("", "lamp"), canvas.moved(64 - side * 44, h + 10):
        canvas.path("M0 0V-44", stroke="#3d4653", width=2.8)
        canvas.path(oval(0, -49, 5.4), "#fff1b0" if view.time in ("night", "evening") else "#eef4f8", "#3d4653", 1.4)


def volcano(canvas: Canvas, view: View) -> None:
    h = view.horizon
    with canvas.tagged("", "smoke"):
        puffs = ((66, 8, 13), (52, 0, 14), (82, -2, 15), (66, 17, 8))
        canvas.path("".join(oval(x, h - 78 + y, r) for x, y, r in puffs), "#8d7f88")
    with canvas.tagged("", "volcano"):
        canvas.path(f"M-16 {h + 6}Q32 {h - 14} 47 {h - 60}H85Q98 {h - 14} 146 {h + 6}z", "#5e4a50", "#38282f", 1.2)
    canvas_tint, canvas.tint = canvas.tint, None
    with canvas.tagged("", "lava"):
        canvas.path(oval(66, h - 60, 19, 4.6), "#ffb52e", "#e2471e", 1.6)
        flow = (
            f"M48 {h - 60}q4 6 1 16q-4 10 -12 22q-3 6 2 6q6 -2 10 -14q2 -8 7 -14q3 10 4 24q2 8 6 0q2 -14 0 -24"
            f"q6 4 10 18q4 18 12 26q6 3 5 -4q-6 -14 -9 -26q-3 -16 1 -30z"
        )
        canvas.path(flow, "#ff6a1f", "#ffc23a", 1.2)
    canvas.tint = canvas_tint
    ground(canvas, view, "#6a5757", rise=3)
    with canvas.tagged("", "rocks"):
        for x, y, r in ((4, 6, 11), (24, 3, 7), (108, 4, 8), (127, 8, 12)):
            rock = [(x - r, h + y + 4), (x - r * 0.5, h + y - r * 0.8), (x + r * 0.4, h + y - r), (x + r, h + y + 4)]
            canvas.path(polygon(rock), "#4a3c42", "#2c2228", 1)
    canvas.tint = None
    with canvas.tagged("", "lava"):
        cracks = f"M-6 {h + 26}l12 4l6 -3l10 6M96 {h + 20}l10 5l12 -4l14 6M112 {h + 25}l4 10M16 {h + 41}l12 -3l8 5"
        canvas.path(cracks, stroke="#ff7a22", width=2.4)
    canvas.tint = canvas_tint


PLACES |= {
    "garden": Place(("#8ed4f2", "#e9f7ea"), garden),
    "lake": Place(("#8cc8ef", "#e2f2fa"), lake),
    "farm": Place(("#92d0f3", "#fdf3d3"), farm),
    "jungle": Place(("#7fcf9b", "#d3f0b4"), jungle),
    "park": Place(("#95d6f6", "#eef9ee"), park),
    "volcano": Place(("#b56a6a", "#f7bd86"), volcano),
}
