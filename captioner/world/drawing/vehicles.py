"""Things that go: boat, car, train and rocket."""

from __future__ import annotations

from captioner.world.drawing.colours import lightness, mix
from captioner.world.drawing.figures import actor_of
from captioner.world.drawing.shapes import Canvas, blob, box, oval, polygon
from captioner.world.drawing.things import THINGS
from captioner.world.scene import Thing

GLASS = "#c9ecfb"
TYRE = "#3a3745"
GOLD = "#ffd34e"


def wheel(canvas: Canvas, x: float, y: float, radius: float) -> None:
    canvas.solid(oval(x, y, radius), TYRE)
    canvas.path(oval(x, y, 0.56 * radius), "#d9dde6")
    canvas.path(oval(x, y, 0.2 * radius), TYRE)


def draw_boat(canvas: Canvas, thing: Thing) -> None:
    boat = actor_of(thing)
    with canvas.tagged("mast"):
        canvas.path("M2 -30V-100", stroke="#7a5030", width=4.4)
        canvas.solid(polygon([(2, -102), (2, -90), (20, -96)]), "#ef5350" if thing.colour != "red" else GOLD, 2)
    with canvas.tagged("sail"):
        canvas.solid("M7 -87Q38 -62 40 -37H7z", boat.colour)
        canvas.solid("M-3 -82Q-27 -60 -31 -37H-3z", boat.pale)
    with canvas.tagged("hull"):
        canvas.solid("M-47 -31H47Q42 -8 28 -5H-28Q-42 -8 -47 -31z", boat.colour)
        canvas.path("M-44 -24H44", stroke=boat.pale, width=4)
        for x in (-18, 0, 18):
            canvas.path(oval(x, -15, 3.8), GLASS, boat.deep, 1.6)
    with canvas.tagged("water"):
        canvas.solid(
            "M-52 -5" + "q6.5 -7 13 0q6.5 7 13 0" * 4 + "v6h-104z",
            "#7fcdf2",
            1.6,
        )


def draw_car(canvas: Canvas, thing: Thing) -> None:
    car = actor_of(thing)
    with canvas.moved(0, 0, 1.12):
        with canvas.tagged("cabin"):
            canvas.solid("M-27 -38Q-23 -66 -11 -67H9Q20 -66 29 -38z", car.colour)
        with canvas.tagged("window"):
            canvas.path("M-20 -40Q-17 -59 -9 -60H-3V-40z", GLASS, car.deep, 1.6)
            canvas.path("M3 -60H8Q15 -59 21 -40H3z", GLASS, car.deep, 1.6)
        with canvas.tagged("body"):
            canvas.solid("M-46 -14Q-48 -36 -36 -39H32Q47 -36 46 -14Q46 -10 42 -10H-42Q-46 -10 -46 -14z", car.colour)
            canvas.path("M-40 -21H40", stroke=car.pale, width=3.4)
            canvas.path("M0 -36V-15", stroke=car.deep, width=2)
            canvas.path("M5 -29h6", stroke=car.deep, width=3)
        with canvas.tagged("lights"):
            canvas.solid(oval(41, -28, 5, 5.6), "#fff0a0", 2)
            canvas.solid(oval(-43, -28, 3, 5), "#ff6b5e", 2)
        with canvas.tagged("wheels"):
            for x in (-24, 24):
                wheel(canvas, x, -11, 11)


def draw_train(canvas: Canvas, thing: Thing) -> None:
    train = actor_of(thing)
    trim = "#e2403f" if thing.colour not in ("red", "pink", "orange") else "#3f7fe6"
    with canvas.tagged("smoke"):
        for x, y, r in ((16, -108, 6), (5, -114, 8), (-9, -115, 6.5)):
            canvas.solid(oval(x, y, r), "#f4f1f6", 2)
    with canvas.tagged("chimney"):
        canvas.solid(polygon([(17, -58), (31, -58), (34, -88), (14, -88)]), TYRE)
        canvas.solid(box(11, -93, 26, 8, 3), trim)
    with canvas.tagged("boiler"):
        canvas.solid(box(-16, -62, 58, 38, 12), train.colour)
        canvas.path("M6 -61V-25M22 -61V-25", stroke=GOLD, width=3.4)
        canvas.solid(oval(-3, -64, 8, 7), GOLD)
    with canvas.tagged("cab"):
        canvas.solid(box(-42, -86, 34, 64, 4), train.colour)
        canvas.solid(box(-35, -77, 20, 21, 4), GLASS, 2)
        canvas.solid(box(-47, -93, 44, 10, 4), trim)
    with canvas.tagged("body"):
        canvas.solid(box(-44, -30, 88, 13, 4), train.deep)
        canvas.solid(polygon([(40, -26), (55, -3), (36, -3)]), trim)
        canvas.solid(oval(43, -44, 5, 6), "#fff0a0", 2)
    with canvas.tagged("wheels"):
        wheel(canvas, -25, -16, 15)
        wheel(canvas, 8, -11.5, 10.5)
        wheel(canvas, 30, -11.5, 10.5)
        canvas.path("M-25 -14H30", stroke="#8f97a8", width=4)


def draw_rocket(canvas: Canvas, thing: Thing) -> None:
    rocket = actor_of(thing)
    trim = "#e2403f" if thing.colour not in ("red", "pink", "orange") else "#3f7fe6"
    with canvas.tagged("flame"):
        canvas.solid(blob([(-13, -18), (13, -18), (11, -7), (0, 1), (-11, -7)]), "#ff9a2e", 2)
        canvas.path(blob([(-7, -18), (7, -18), (5, -10), (0, -5), (-5, -10)]), "#fff0a0")
    with canvas.tagged("fins"):
        for side in (-1, 1):
            points = [(side * 18, -52), (side * 34, -38), (side * 40, -12), (side * 28, -18), (side * 14, -22)]
            canvas.solid(blob(points), trim)
    with canvas.tagged("hull"):
        canvas.solid(box(-11, -24, 22, 9, 3), "#5d6474")
        canvas.solid("M0 -114Q29 -86 26 -48Q25 -32 18 -21H-18Q-25 -32 -26 -48Q-29 -86 0 -114z", rocket.colour)
        canvas.path("M-25 -43Q0 -37 25 -43L23 -35Q0 -29 -23 -35z", rocket.pale)
    with canvas.tagged("nose"):
        canvas.solid("M0 -114Q15 -100 21 -85Q0 -79 -21 -85Q-15 -100 0 -114z", trim)
    with canvas.tagged("window"):
        canvas.solid(oval(0, -61, 13), "#e9edf4")
        canvas.path(oval(0, -61, 9), GLASS if lightness(rocket.colour) < 0.9 else "#9fd8f2", "#4e6b80", 1.6)
        canvas.path("M-5 -63Q-4 -67 0 -68", stroke="#ffffff", width=2.6)
        canvas.path(oval(-9.2, -61, 1.2) + oval(9.2, -61, 1.2), mix("#5d6474", "#ffffff", 0.2))


THINGS |= {"boat": draw_boat, "car": draw_car, "train": draw_train, "rocket": draw_rocket}
