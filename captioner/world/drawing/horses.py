"""The horse, and the unicorn, which is a horse at heart."""

from __future__ import annotations

from captioner.world.drawing.colours import lightness, mix
from captioner.world.drawing.faces import Face
from captioner.world.drawing.farm_animals import PINK, nostrils
from captioner.world.drawing.figures import FIGURES, Actor, Figure
from captioner.world.drawing.shapes import Canvas, blob, oval, polygon


def _mane(actor: Actor) -> str:
    return mix(actor.colour, "#fff6e6", 0.55) if lightness(actor.colour) < 0.45 else mix(actor.colour, "#4a2a1c", 0.6)


def horse_tail(canvas: Canvas, actor: Actor) -> None:
    _tail_of(canvas, _mane(actor))


def _tail_of(canvas: Canvas, colour: str) -> None:
    canvas.solid(blob([(-14, -20), (-32, -32), (-45, -22), (-41, -4), (-33, -12), (-24, -10)]), colour)


def horse_ears(canvas: Canvas, actor: Actor) -> None:
    _mane_of(canvas, (_mane(actor),))
    _ears_of(canvas, actor)


def _mane_of(canvas: Canvas, colours: tuple[str, ...]) -> None:
    """Draw a mane that falls over one side of the neck, outermost lock first."""
    locks = (
        [(4, -97), (-24, -99), (-43, -80), (-46, -56), (-55, -34), (-38, -36), (-24, -52)],
        [(6, -97), (-20, -96), (-37, -78), (-37, -56), (-43, -30), (-28, -34), (-18, -52)],
        [(8, -97), (-14, -96), (-31, -80), (-28, -56), (-31, -24), (-18, -32), (-10, -52)],
    )
    for index, lock in enumerate(locks):
        canvas.solid(blob([(float(x), float(y)) for x, y in lock]), colours[index % len(colours)])


def _ears_of(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        points = [(side * 25, -80), (side * 28, -102), (side * 23, -117), (side * 10, -100), (side * 7, -88)]
        canvas.solid(blob(points), actor.colour)
        canvas.path(blob([(side * 22, -86), (side * 24, -100), (side * 22, -109), (side * 14, -97)]), PINK)


def horse_head(canvas: Canvas, actor: Actor) -> None:
    points = [(0, -95), (18, -90), (27, -76), (26, -64), (29, -52), (26, -40), (14, -33.5), (0, -32.5)]
    canvas.solid(blob(points + [(-x, y) for x, y in reversed(points[1:-1])]), actor.colour)


def horse_muzzle(canvas: Canvas, actor: Actor) -> None:
    canvas.path(blob([(0, -92), (5, -80), (3, -64), (-3, -64), (-5, -80)]), actor.pale)
    canvas.path(oval(0, -47, 27, 13.5), actor.pale)


def horse_nose(canvas: Canvas, actor: Actor) -> None:
    nostrils(canvas, 15, -52, 2.3)


def horse_forelock(canvas: Canvas, actor: Actor) -> None:
    _forelock_of(canvas, (_mane(actor),))


def _forelock_of(canvas: Canvas, colours: tuple[str, ...]) -> None:
    canvas.solid(blob([(-10, -94), (0, -98), (1, -90), (-5, -79), (-13, -78)]), colours[0])
    canvas.solid(blob([(-2, -96), (11, -95), (14, -80), (6, -78), (1, -86)]), colours[-1])


UNICORN_MANE = ("#ff8fc4", "#b48cf2", "#6fd3ee")


def unicorn_tail(canvas: Canvas, actor: Actor) -> None:
    _tail_of(canvas, UNICORN_MANE[1])
    canvas.path("M-18 -20Q-34 -28 -40 -10", stroke=UNICORN_MANE[0], width=4)
    canvas.path("M-18 -14Q-30 -20 -36 -10", stroke=UNICORN_MANE[2], width=3.4)


def unicorn_ears(canvas: Canvas, actor: Actor) -> None:
    _mane_of(canvas, UNICORN_MANE)
    _ears_of(canvas, actor)


def unicorn_horn(canvas: Canvas, actor: Actor) -> None:
    canvas.solid(polygon([(-7, -87), (2 * actor.vary, -126), (7, -87)]), "#ffd34e")
    canvas.path("M-6 -94l10 -4M-4.6 -103l8 -4M-2.6 -112l5 -3", stroke="#c98a1e", width=2)
    _forelock_of(canvas, (UNICORN_MANE[0], UNICORN_MANE[2]))


_HORSE_FACE = Face(eye_x=12.5, eye_y=-71, eye=7, mouth_y=-46, mouth=9, blush_x=20.5, blush_y=-61, brow=1.6)


FIGURES |= {
    "horse": Figure(
        behind=horse_tail,
        ears=horse_ears,
        head=horse_head,
        muzzle=horse_muzzle,
        nose=horse_nose,
        front=horse_forelock,
        face=_HORSE_FACE,
    ),
    "unicorn": Figure(
        behind=unicorn_tail,
        ears=unicorn_ears,
        head=horse_head,
        muzzle=horse_muzzle,
        nose=horse_nose,
        front=unicorn_horn,
        face=_HORSE_FACE,
    ),
}
