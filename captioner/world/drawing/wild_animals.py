"""The animals of field, forest and savanna that are not in the core."""

from __future__ import annotations

import math

from captioner.world.drawing.colours import INK, lightness, mix
from captioner.world.drawing.faces import Face
from captioner.world.drawing.farm_animals import puffs
from captioner.world.drawing.figures import FIGURES, Actor, Figure, plump_body
from captioner.world.drawing.shapes import Canvas, blob, oval, polygon, star
from captioner.world.drawing.subjects import button_nose, muzzle, whiskers

EAR_PINK = "#ffb3c4"


def mouse_ears(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.solid(oval(side * 27, -91, 19), actor.colour)
        canvas.path(oval(side * 27, -90, 12.5), EAR_PINK)


def mouse_tail(canvas: Canvas, actor: Actor) -> None:
    canvas.limb("M-12 -8C-30 2 -46 -6 -40 -20S-26 -30 -38 -40", mix(actor.pale, EAR_PINK, 0.6), 3.4)


def mouse_muzzle(canvas: Canvas, actor: Actor) -> None:
    canvas.path(oval(0, -51, 19, 11.5), actor.pale)


def _lion_mane(actor: Actor) -> str:
    return mix(actor.colour, "#7a3210", 0.4) if lightness(actor.colour) > 0.3 else "#8a5a34"


def lion_ears(canvas: Canvas, actor: Actor) -> None:
    ring = [(37 * math.cos(a), -66 + 33 * math.sin(a)) for a in (k * math.tau / 14 for k in range(14))]
    puffs(canvas, ring, 10.5, _lion_mane(actor))
    canvas.path(oval(0, -66, 36, 33), _lion_mane(actor))
    for side in (-1, 1):
        canvas.solid(oval(side * 23, -91, 9), actor.colour)
        canvas.path(oval(side * 23, -90, 4.6), EAR_PINK)


def lion_tail(canvas: Canvas, actor: Actor) -> None:
    canvas.limb("M-14 -10C-34 0 -44 -10 -41 -24", actor.colour, 4.6)
    canvas.solid(blob([(-41, -20), (-49, -29), (-41, -42), (-34, -29)]), _lion_mane(actor))


def lion_nose(canvas: Canvas, actor: Actor) -> None:
    canvas.path("M-5.6 -63h11.2l-5.6 6.4z", "#5b2f2a", "#5b2f2a", 1.8)


def _stripe(actor: Actor) -> str:
    return mix(actor.colour, "#231a30", 0.82) if lightness(actor.colour) > 0.3 else "#a5a3b2"


def tiger_ears(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.solid(oval(side * 24, -88, 11), actor.colour)
        canvas.path(oval(side * 24, -87, 5.6), EAR_PINK)
        canvas.path(f"M{side * 20} -98l{side * 8} 0", stroke=_stripe(actor), width=4)


def tiger_body(canvas: Canvas, actor: Actor) -> None:
    plump_body(canvas, actor)
    for side in (-1, 1):
        d = "".join(f"M{side * 21.5} {y}l{side * -9} 1.5" for y in (-34, -26, -18))
        canvas.path(d, stroke=_stripe(actor), width=4)


def tiger_tail(canvas: Canvas, actor: Actor) -> None:
    canvas.limb("M-14 -10C-34 0 -46 -12 -37 -24S-34 -38 -40 -42", actor.colour, 7)
    canvas.path("M-30 -9l1 7M-42 -18l8 2M-34 -32l7 -3", stroke=_stripe(actor), width=3.6)


def tiger_muzzle(canvas: Canvas, actor: Actor) -> None:
    stripes = polygon([(-3, -92.5), (3, -92.5), (0, -78)])
    for side in (-1, 1):
        stripes += polygon([(side * 8, -91.5), (side * 14, -90), (side * 8.5, -82.5)])
        stripes += polygon([(side * 31, -72), (side * 31, -66), (side * 22.5, -68)])
        stripes += polygon([(side * 30, -58), (side * 28, -52.5), (side * 20.5, -56)])
    canvas.path(stripes, _stripe(actor))
    muzzle(canvas, actor)


def monkey_tail(canvas: Canvas, actor: Actor) -> None:
    canvas.limb("M-12 -8C-32 2 -48 -12 -42 -28S-26 -34 -28 -24S-37 -20 -36 -26", actor.colour, 4.6)


def monkey_ears(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.solid(oval(side * 35, -66, 12.5), actor.colour)
        canvas.path(oval(side * 35.5, -66, 7.6), _monkey_skin(actor))
    canvas.solid(blob([(-9, -88), (-9, -102), (-1, -97), (4, -107), (8, -97), (13, -98), (9, -88)]), actor.colour)


def _monkey_skin(actor: Actor) -> str:
    return mix(actor.pale, "#ffd3a8", 0.6)


def monkey_mask(canvas: Canvas, actor: Actor) -> None:
    skin = _monkey_skin(actor)
    canvas.path(oval(-12.5, -69, 14.5, 16) + oval(12.5, -69, 14.5, 16) + oval(0, -51.5, 25, 11.5), skin)


def monkey_nose(canvas: Canvas, actor: Actor) -> None:
    canvas.path(oval(-2.6, -59.5, 1.5, 1.9) + oval(2.6, -59.5, 1.5, 1.9), "#6b4630")


def _panda_dark(actor: Actor) -> str:
    return "#c4c7d3" if actor.thing.colour == "white" else actor.colour


def _panda_pale(actor: Actor) -> str:
    return "#fffdf8" if lightness(actor.colour) < 0.9 else actor.colour


def panda_ears(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.solid(oval(side * 24, -89, 11.5), _panda_dark(actor))


def panda_body(canvas: Canvas, actor: Actor) -> None:
    dark = _panda_dark(actor)
    for side in (-1, 1):
        canvas.solid(oval(side * 13, -5.5, 11, 6.5), dark)
        canvas.path(oval(side * 13, -4.5, 5, 3.4), mix(dark, "#fff6e6", 0.5))
    canvas.solid(oval(0, -26, 23, 23), dark)
    canvas.path(oval(0, -18, 16, 13.5), _panda_pale(actor))


def panda_head(canvas: Canvas, actor: Actor) -> None:
    canvas.solid(oval(0, -66, 32, 27), _panda_pale(actor))


def panda_patches(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        with canvas.moved(side * 14, -67, turn=side * 24):
            canvas.path(oval(0, 0, 11.5, 14.5), _panda_dark(actor))


def koala_ears(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        fur = [(side * x, y) for x, y in ((28.0, -88.0), (38.0, -90.0), (43.0, -80.0), (41.0, -69.0), (33.0, -65.0))]
        puffs(canvas, fur, 8.5, actor.colour)
        canvas.path(oval(side * 35, -79, 10), actor.colour)
        canvas.path(star(side * 37, -78, 11, 9, 0.7), mix(actor.pale, "#ffffff", 0.4))


def koala_nose(canvas: Canvas, actor: Actor) -> None:
    canvas.path(oval(0, -63.5, 6.4, 9), INK)
    canvas.path(oval(-2, -67.5, 1.7, 2.4), "#8d8798")


def hedgehog_spikes(canvas: Canvas, actor: Actor) -> None:
    canvas.solid(star(0, -30, 36, 18, 0.8), actor.colour)


def hedgehog_crest(canvas: Canvas, actor: Actor) -> None:
    canvas.solid(star(0, -66, 46, 22, 0.82), actor.colour)
    ticks = "".join(
        f"M{36 * math.cos(a):.2f} {-66 + 36 * math.sin(a):.2f}l{4 * math.cos(a):.2f} {4 * math.sin(a):.2f}"
        for a in (k * math.tau / 22 + 0.3 for k in range(22))
    )
    canvas.path(ticks, stroke=actor.deep, width=2.4)


def _hedgehog_skin(actor: Actor) -> str:
    return mix(actor.pale, "#ffe2c0", 0.6)


def hedgehog_body(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.solid(oval(side * 11, -4.5, 9, 5.5), _hedgehog_skin(actor))
    canvas.solid(oval(0, -25, 20, 21), _hedgehog_skin(actor))


def hedgehog_head(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.solid(oval(side * 25, -82, 7), _hedgehog_skin(actor), 2)
    points = [(0, -78), (12, -84), (24, -80), (29, -66), (28, -52), (18, -42), (0, -38.5)]
    canvas.solid(blob(points + [(-x, y) for x, y in reversed(points[1:-1])]), _hedgehog_skin(actor), 2)


FIGURES |= {
    "mouse": Figure(behind=mouse_tail, ears=mouse_ears, muzzle=mouse_muzzle, nose=whiskers),
    "lion": Figure(behind=lion_tail, ears=lion_ears, muzzle=muzzle, nose=lion_nose, top=-98),
    "tiger": Figure(behind=tiger_tail, body=tiger_body, ears=tiger_ears, muzzle=tiger_muzzle, nose=whiskers),
    "monkey": Figure(behind=monkey_tail, ears=monkey_ears, muzzle=monkey_mask, nose=monkey_nose, skin=_monkey_skin),
    "panda": Figure(
        body=panda_body,
        ears=panda_ears,
        head=panda_head,
        muzzle=panda_patches,
        nose=button_nose,
        face=Face(blush_x=24.5, blush_y=-54, brow=1.6),
        skin=_panda_dark,
        arm=_panda_dark,
    ),
    "koala": Figure(ears=koala_ears, muzzle=muzzle, nose=koala_nose, face=Face(eye_x=15, mouth_y=-48.5)),
    "hedgehog": Figure(
        behind=hedgehog_spikes,
        body=hedgehog_body,
        ears=hedgehog_crest,
        head=hedgehog_head,
        nose=button_nose,
        face=Face(eye_x=12, eye_y=-67, eye=7, blush_x=20, brow=1.5),
        skin=_hedgehog_skin,
        arm=_hedgehog_skin,
        top=-102,
    ),
}
