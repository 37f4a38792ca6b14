"""The elephant and the giraffe."""

from __future__ import annotations

from captioner.world.drawing.colours import INK, lightness, mix
from captioner.world.drawing.faces import Face
from captioner.world.drawing.farm_animals import mouth_patch, nostrils
from captioner.world.drawing.figures import FIGURES, Actor, Figure
from captioner.world.drawing.shapes import Canvas, blob, oval
from captioner.world.drawing.wild_animals import EAR_PINK


def elephant_ears(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        points = [
            (side * 22, -86),
            (side * 40, -95),
            (side * 54, -80),
            (side * 50, -56),
            (side * 36, -44),
            (side * 24, -54),
        ]
        canvas.solid(blob(points), actor.colour)
        canvas.path(blob([(side * 33, -84), (side * 43, -87), (side * 48, -77), (side * 45, -60), (side * 35, -53)]),
                    EAR_PINK)  # fmt: skip


def elephant_body(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.solid(oval(side * 13, -6, 11, 7), actor.colour)
        toes = "".join(oval(side * 13 + step, -2.5, 2.4, 2.2) for step in (-5.5, 0, 5.5))
        canvas.path(toes, "#fff6e6")
    canvas.solid(oval(0, -27, 23, 23), actor.colour)
    canvas.path(oval(0, -22, 14, 15), actor.pale)


def elephant_head(canvas: Canvas, actor: Actor) -> None:
    canvas.solid(oval(0, -63.5, 32.5, 29.5), actor.colour)


def elephant_mouth(canvas: Canvas, actor: Actor) -> None:
    mouth_patch(canvas, actor, -45.5, always=True)


def elephant_trunk(canvas: Canvas, actor: Actor) -> None:
    canvas.limb("M2 -61C-10 -55 -26 -51 -38 -55Q-50 -60 -46 -73", actor.colour, 10)
    canvas.path(oval(3, -64, 8, 7), actor.colour)
    canvas.path("M-14 -60l-2 8M-24 -60l-0.8 9M-34 -60l-2.4 8", stroke=actor.deep, width=1.8)


def _giraffe_spot(actor: Actor) -> str:
    return mix(actor.colour, "#6b3a16", 0.5) if lightness(actor.colour) > 0.35 else mix(actor.colour, "#fff1d8", 0.4)


def giraffe_body(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.solid(oval(side * 11, -4.5, 9, 5.5), _giraffe_spot(actor))
    canvas.solid(
        blob([(-11, -70), (-12, -44), (-22, -22), (-15, -4), (0, -2), (15, -4), (22, -22), (12, -44), (11, -70)]),
        actor.colour,
    )
    canvas.path(oval(0, -16, 12, 11.5), actor.pale)
    for x, y, size in ((-6, -54, 4.4), (6, -46, 4.6), (-7, -38, 4.6), (8, -33, 4), (-15, -23, 4), (17, -20, 3.6)):
        canvas.path(oval(x, y, size, 0.86 * size), _giraffe_spot(actor))


def giraffe_tail(canvas: Canvas, actor: Actor) -> None:
    canvas.limb("M-14 -14Q-30 -14 -33 -26", actor.colour, 3.6)
    canvas.solid(blob([(-33, -23), (-38, -32), (-33, -40), (-28, -31)]), _giraffe_spot(actor))


def giraffe_ears(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.path(f"M{side * 9} -102L{side * 12} -118", stroke=mix(actor.colour, INK, 0.45), width=8)
        canvas.path(f"M{side * 9} -102L{side * 12} -118", stroke=actor.colour, width=4)
        canvas.solid(oval(side * 12.5, -120, 5.4), _giraffe_spot(actor))
        with canvas.moved(side * 33, -95, turn=side * -22):
            canvas.solid(oval(0, 0, 11, 6.5), actor.colour)
            canvas.path(oval(0, 0.6, 6.6, 3.4), EAR_PINK)


def giraffe_head(canvas: Canvas, actor: Actor) -> None:
    canvas.solid(oval(0, -85, 29, 25.5), actor.colour)


def giraffe_muzzle(canvas: Canvas, actor: Actor) -> None:
    spot = _giraffe_spot(actor)
    canvas.path(oval(0, -104, 5, 3.4) + oval(-11, -101.5, 3, 2.4) + oval(11, -101.5, 3, 2.4), spot)
    canvas.path(oval(-25.5, -84, 2.4, 4) + oval(25.5, -84, 2.4, 4), spot)
    canvas.path(oval(0, -71.5, 22, 11), actor.pale)


def giraffe_nose(canvas: Canvas, actor: Actor) -> None:
    nostrils(canvas, 13.5, -75.5, 1.8)


FIGURES |= {
    "elephant": Figure(
        body=elephant_body,
        ears=elephant_ears,
        head=elephant_head,
        muzzle=elephant_mouth,
        nose=elephant_trunk,
        face=Face(eye_x=14, eye_y=-74, eye=7, mouth_y=-45, mouth=9, blush_x=23, blush_y=-58, brow=1.6),
    ),
    "giraffe": Figure(
        behind=giraffe_tail,
        body=giraffe_body,
        ears=giraffe_ears,
        head=giraffe_head,
        muzzle=giraffe_muzzle,
        nose=giraffe_nose,
        face=Face(eye_x=12.5, eye_y=-87, eye=6.8, mouth_y=-71, mouth=8.5, blush_x=22, blush_y=-79, brow=1.6, tears=14),
        top=-109,
    ),
}
