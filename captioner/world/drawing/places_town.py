"""More built places outdoors: harbour, rooftop, playground, bridge, fairground, castle yard. Fills `PLACES`."""

from __future__ import annotations

import math

from captioner.world.drawing.colours import outline
from captioner.world.drawing.places import LEFT, PLACES, WIDTH, Place, View, ground, hill
from captioner.world.drawing.places_green import round_tree, waves
from captioner.world.drawing.shapes import Canvas, box, oval, polygon

STONE = "#b3acb0"


def harbour(canvas: Canvas, view: View) -> None:
    h = view.horizon
    with canvas.tagged("", "water"):
        canvas.path(box(LEFT, h - 14, WIDTH, 60), "#3f9fcc")
        waves(canvas, ((-24, h - 7), (4, h - 2), (40, h - 8), (60, h), (88, h - 6), (118, h - 1), (140, h - 8)))
    side = view.rng.choice((-1, 1))
    with canvas.tagged("", "lighthouse"), canvas.moved(64 + side * 49, h - 8):
        canvas.path("M-17 6q4 -9 17 -9t17 9z", "#7d7a80", "#4d4a52", 1)
        canvas.path("M-9 0L-6 -48H6L9 0z", "#fbf5ee", "#75545a", 1)
        canvas.path("M-8.5 -8L-7.7 -20H7.7L8.5 -8zM-6.9 -31L-6.2 -43H6.2L6.9 -31z", "#e0453f")
        canvas.path(box(-5, -57, 10, 9), "#ffe27a", "#4d4a52", 1.2)
        canvas.path("M-8 -57L0 -66L8 -57z", "#c23834", "#75282a", 1)
    for x, colour in ((64 - side * 48, "#2f6fb8"), (64 - side * 20, "#d8563f")):
        with canvas.tagged("", "boats"), canvas.moved(x, h - 3, flip=side > 0):
            canvas.path("M-15 -6H15l-5 9H-10z", colour, outline(colour), 1)
            canvas.path("M0 -6V-44", stroke="#6f4c33", width=2)
            canvas.path("M2 -42L14 -11H2zM-2 -37L-11 -11H-2z", "#fff8ec", "#b9a58c", 0.8)
    with canvas.tagged("", "pier"):
        canvas.path(box(LEFT, h + 9, WIDTH, 110), "#b98a58")
        canvas.path(
            "".join(f"M{64 + x * 0.62} {h + 9}L{64 + x * 1.35} {h + 60}" for x in range(-170, 171, 17)),
            stroke="#8a5f38",
            width=1.3,
        )
        canvas.path(box(LEFT, h + 7, WIDTH, 4.5), "#8f6238")
        for x in (6, 122):
            canvas.path(box(x - 4.5, h - 3, 9, 19, 2), "#6f4a2d", "#452d1b", 1)
            canvas.path(f"M{x - 5} {h + 4}h10M{x - 5} {h + 7.5}h10", stroke="#e9dcb8", width=2)


def rooftop(canvas: Canvas, view: View) -> None:
    h = view.horizon
    lit = "#ffe27a" if view.time in ("evening", "night") else "#cfe2ee"
    first = view.rng.randrange(4)
    with canvas.tagged("", "buildings"):
        for index, x in enumerate(range(-38, 168, 19)):
            tall = (18, 34, 24, 40)[(index + first) % 4]
            colour = ("#9a8fb5", "#7f93b8", "#b59aa8", "#8aa0b0")[(index + first) % 4]
            canvas.path(box(x, h - tall, 17, tall + 8), colour, outline(colour), 0.6)
            panes = "".join(
                box(x + 3 + c * 6.5, h - tall + 4 + r * 8, 4, 4.5) for r in range(tall // 9) for c in (0, 1)
            )
            canvas.path(panes, lit)
    with canvas.tagged("", "ground"):
        canvas.path(box(LEFT, h + 2, WIDTH, 120), "#c27a5a")
        canvas.path("".join(f"M{LEFT} {h + y}h{WIDTH}" for y in (16, 28, 42)), stroke="#a3603f", width=1.2)
        joints = "".join(
            f"M{x + 8 * (i % 2)} {h + y}v{d}"
            for i, (y, d) in enumerate(((7, 9), (16, 12), (28, 14)))
            for x in range(-38, 168, 17)
        )
        canvas.path(joints, stroke="#a3603f", width=1.0)
        canvas.path(box(LEFT, h - 5, WIDTH, 11), "#e6d3bf", "#8d7563", 1)
    side = view.rng.choice((-1, 1))
    with canvas.tagged("", "water tower"), canvas.moved(64 + side * 47, h + 12):
        canvas.path("M-11 0L-8 -30M11 0L8 -30M-10 -13L10 -13M-10 -13L9 -28M10 -13L-9 -28", stroke="#5a4a44", width=2.2)
        canvas.path(box(-13, -58, 26, 28), "#a56a42", "#5a3826", 1.2)
        canvas.path("M-13 -50h26M-13 -38h26", stroke="#5a3826", width=1.2)
        canvas.path("M-16 -57L0 -71L16 -57z", "#6f7480", "#3e424b", 1.2)
    with canvas.tagged("", "chimney"), canvas.moved(64 - side * 49, h + 14):
        canvas.path(box(-9, -34, 18, 34), "#b3543f", "#6b2f26", 1.2)
        canvas.path(box(-11, -38, 22, 6), "#d7c3ae", "#6b5a4c", 1)
        canvas.path("M9 -20h9V-58M10 -56h16M12 -50h12M14 -44h8", stroke="#4d5260", width=1.6)


def playground(canvas: Canvas, view: View) -> None:
    h = view.horizon
    with canvas.tagged("", "trees"):
        for x in (-30, -4, 22, 46, 82, 104, 134, 158):
            round_tree(canvas, x, h + 3, 0.62 + view.rng.uniform(-0.06, 0.06), "#6fb65a")
    ground(canvas, view, "#86c765")
    with canvas.tagged("", "sand"):
        canvas.path(oval(64, h + 34, 74, 22), "#f0d493", "#cfae69", 1.4)
    side = view.rng.choice((-1, 1))
    with canvas.tagged("", "slide"), canvas.moved(64 + side * 41, h + 20, flip=side < 0):
        canvas.path("M10 0V-52M20 0V-52M10 -8h10M10 -18h10M10 -28h10M10 -38h10", stroke="#3f6fc4", width=2.6)
        canvas.path("M9 -46Q-2 -40 -8 -18T-27 0l-3 -6Q-20 -10 -15 -24T7 -53z", "#f0473f", "#93272b", 1.2)
        canvas.path("M6 -66L15 -76L25 -66z", "#ffc933", "#a87a18", 1)
        canvas.path("M8 -50v-16M22 -50v-16", stroke="#3f6fc4", width=2.6)
    with canvas.tagged("", "swing"), canvas.moved(64 - side * 45, h + 18):
        canvas.path("M-22 0L-13 -56H13L22 0M-5 0L-13 -56M5 0L13 -56", stroke="#f2a628", width=3.2)
        canvas.path("M-6 -55L-8 -17M7 -55L5 -17", stroke="#5a5560", width=1.4)
        canvas.path(box(-11, -19, 19, 4.5, 1), "#d64545", "#7d2428", 1)


def bridge(canvas: Canvas, view: View) -> None:
    h = view.horizon
    with canvas.tagged("", "hills"):
        hill(canvas, 4, 62, h - 10, 18, "#8fc091")
        hill(canvas, 126, 62, h - 10, 22, "#7db184")
    with canvas.tagged("", "river"):
        canvas.path(box(LEFT, h - 14, WIDTH, 50), "#4fa8d6")
        waves(canvas, ((-22, h - 5), (2, h + 3), (34, h - 6), (58, h + 4), (84, h - 4), (110, h + 3), (138, h - 6)))
    with canvas.tagged("", "towers"):
        for x in (14, 114):
            canvas.path(box(x - 6, h - 74, 12, 96), "#d1603f", "#7d3425", 1.2)
            canvas.path(box(x - 8.5, h - 78, 17, 7), "#e27a54", "#7d3425", 1)
        cable = f"M{LEFT} {h - 20}Q-6 {h - 34} 14 {h - 72}Q64 {h + 8} 114 {h - 72}Q134 {h - 34} 168 {h - 20}"
        canvas.path(cable, stroke="#7d3425", width=2.4)
        drops = "".join(f"M{x} {h - 33 - 0.0157 * (x - 64) ** 2:.1f}V{h + 10}" for x in range(24, 106, 10))
        canvas.path(drops, stroke="#8f4a36", width=1.2)
    with canvas.tagged("", "ground"):
        canvas.path(box(LEFT, h + 12, WIDTH, 110), "#a9a3a6")
        planks = "".join(f"M{64 + x * 0.8} {h + 18}L{64 + x * 1.6} {h + 60}" for x in range(-140, 141, 20))
        canvas.path(planks, stroke="#8a8388", width=1.2)
        canvas.path(box(LEFT, h + 12, WIDTH, 6), "#cf6644", "#7d3425", 1)
    with canvas.tagged("", "railing"):
        canvas.path("".join(f"M{x} {h + 13}V{h - 6}" for x in range(-38, 168, 9)), stroke="#cf6644", width=2)
        canvas.path(f"M{LEFT} {h - 6}h{WIDTH}", stroke="#b04e33", width=3.4)


def fairground(canvas: Canvas, view: View) -> None:
    h = view.horizon
    side = view.rng.choice((-1, 1))
    with canvas.tagged("", "big wheel"), canvas.moved(64 + side * 37, h - 37):
        canvas.path("M0 0L-17 44M0 0L17 44", stroke="#5b5f8c", width=3.4)
        canvas.path(oval(0, 0, 30) + oval(0, 0, 24), stroke="#e8506a", width=2.4)
        spokes = [(30 * math.cos(k * math.pi / 4 + 0.2), 30 * math.sin(k * math.pi / 4 + 0.2)) for k in range(8)]
        canvas.path("".join(f"M0 0L{x:.1f} {y:.1f}" for x, y in spokes), stroke="#e8506a", width=1.2)
        for tone in range(4):
            colour = ("#ffd23f", "#4fb7e8", "#7ed05e", "#ff8fc0")[tone]
            cabs = "".join(box(x - 4.5, y - 1, 9, 8, 2) for x, y in spokes[tone::4])
            canvas.path(cabs, colour, outline(colour), 0.9)
        canvas.path(oval(0, 0, 4), "#ffd23f", "#9a7a18", 1)
    ground(canvas, view, "#d8bd84")
    for x, size, colour in (
        (64 - side * 42, 1.15, "#e2403f"),
        (64 - side * 84, 1.0, "#4a7fe0"),
        (64 + side * 82, 1, "#f2a628"),
    ):
        with canvas.tagged("", "tents"), canvas.moved(x, h + 9, size):
            canvas.path("M-22 0V-24H22V0z", "#fffaf0", outline(colour), 1.1)
            canvas.path("M-22 0V-24h8.8V0zM-4.4 0V-24h8.8V0zM13.2 0V-24H22V0z", colour)
            canvas.path("M-26 -23Q-8 -34 0 -52Q8 -34 26 -23z", "#fffaf0", outline(colour), 1.1)
            canvas.path(
                "M-26 -23Q-8 -34 0 -52Q-6 -34 -13 -23zM-4.5 -23L0 -52L4.5 -23zM13 -23Q6 -34 0 -52Q8 -34 26 -23z", colour
            )
            canvas.path("M0 -52v-10l9 3.5l-9 3.5", "#ffd23f", "#9a7a18", 1)
    with canvas.tagged("", "bunting"):
        tops = [(x, 5 + 5 * (1 - ((x % 42) - 21) ** 2 / 441)) for x in range(-42, 172, 14)]
        canvas.path("M" + "L".join(f"{x} {y:.1f}" for x, y in tops), stroke="#6d5b7c", width=1.2)
        for tone, colour in enumerate(("#f0473f", "#ffd23f", "#4fb7e8")):
            canvas.path("".join(f"M{x - 5} {y:.1f}h10l-5 10z" for x, y in tops[tone::3]), colour)


def castle_yard(canvas: Canvas, view: View) -> None:
    h = view.horizon
    with canvas.tagged("", "wall"):
        canvas.path(box(LEFT, h - 36, WIDTH, 46), STONE, outline(STONE), 1)
        canvas.path("".join(box(x, h - 43, 8, 9) for x in range(-38, 168, 15)), STONE, outline(STONE), 1)
        canvas.path(box(LEFT, h - 35, WIDTH, 3), STONE)
        bricks = "".join(f"M{x + 7 * (y % 2)} {h - y}h7" for y in (26, 19, 11, 4) for x in range(-38, 168, 18))
        canvas.path(bricks, stroke="#8d868c", width=1.4)
    with canvas.tagged("", "towers"):
        for x, colour in ((10, "#4a6fc4"), (118, "#c4453f")):
            canvas.path(box(x - 15, h - 62, 30, 72), "#c3bcbe", outline(STONE), 1.2)
            canvas.path(polygon([(x - 19, h - 61), (x, h - 90), (x + 19, h - 61)]), colour, outline(colour), 1.2)
            canvas.path(f"M{x} {h - 90}v-12", stroke="#4d4650", width=1.6)
            canvas.path(f"M{x} {h - 102}h11l-3.5 3.5l3.5 3.5h-11z", "#ffd23f")
            slit = f"M{x - 4} {h - 34}v-9a4 4.5 0 0 1 8 0v9z"
            canvas.path(slit, "#ffe27a" if view.time in ("evening", "night") else "#4d4650")
            canvas.path(
                f"M{x - 12} {h - 50}h6M{x + 5} {h - 53}h7M{x + 5} {h - 18}h6M{x - 11} {h - 15}h7",
                stroke="#958d93",
                width=1.4,
            )
    with canvas.tagged("", "gate"):
        canvas.path(f"M52 {h + 8}v-24a12 13 0 0 1 24 0v24z", "#6b4630", "#3d2a20", 2)
        canvas.path(f"M58 {h + 8}v-34M64 {h + 8}v-36M70 {h + 8}v-34", stroke="#3d2a20", width=1.2)
    ground(canvas, view, "#bfae92")
    with canvas.tagged("", "cobbles"):
        stones = "".join(
            oval(x + 9 * (row % 2) + view.rng.uniform(-1.5, 1.5), h + y, 5.4, 2.3)
            for row, y in enumerate((10, 19, 29, 40))
            for x in range(-36, 168, 18)
        )
        canvas.path(stones, "#a5957d")


PLACES |= {
    "harbour": Place(("#86c7ec", "#e4f2f6"), harbour),
    "rooftop": Place(("#93b8ea", "#f7ead8"), rooftop),
    "playground": Place(("#8fd3f5", "#eaf8ef"), playground),
    "bridge": Place(("#9cc3ea", "#f3efe6"), bridge),
    "fairground": Place(("#9bbcf2", "#fbe6ef"), fairground),
    "castle yard": Place(("#90c0ee", "#eef1ec"), castle_yard),
}
