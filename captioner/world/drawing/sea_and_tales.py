"""The animals of the water, two that carry their house with them, and the dragon."""

from __future__ import annotations

import math

from captioner.world.drawing.colours import mix
from captioner.world.drawing.faces import Face
from captioner.world.drawing.farm_animals import mouth_patch, nostrils
from captioner.world.drawing.figures import FIGURES, Actor, Figure, nothing
from captioner.world.drawing.shapes import Canvas, blob, oval, polygon

HORN = "#f4e4c2"
WATER = "#8fdcff"


def turtle_shell(canvas: Canvas, actor: Actor) -> None:
    shell = _shell(actor)
    canvas.solid(oval(0, -33, 43, 35), shell, 3)
    plates = ""
    for side in (-1, 1):
        for points in (
            [(41, -36), (33, -46), (27, -36), (30, -24), (40, -23)],
            [(37, -18), (30, -19), (25, -8), (31, -6)],
        ):
            plates += polygon([(side * x, float(y)) for x, y in points])
    canvas.path(plates, mix(shell, "#fff0c8", 0.4))


def _shell(actor: Actor) -> str:
    return mix(actor.colour, "#6e4522", 0.62) if actor.thing.colour != "brown" else "#5d8a4e"


def turtle_body(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.solid(oval(side * 15, -5, 11, 6.5), actor.colour)
    plastron = mix(actor.pale, "#ffe3a0", 0.55)
    canvas.solid(oval(0, -26, 21, 23), plastron)
    line = mix(plastron, "#8a5a2c", 0.45)
    canvas.path("M0 -44V-5M-19 -31H19M-19.5 -18H19.5", stroke=line, width=2)


def fish_tail(canvas: Canvas, actor: Actor) -> None:
    canvas.solid(blob([(24, -44), (40, -58), (56, -62), (51, -44), (55, -24), (39, -30)]), actor.deep)
    canvas.path("M38 -47l11 -6M39 -43h9M38 -39l10 5", stroke=mix(actor.deep, "#fff6e6", 0.4), width=2)
    for side in (-1, 1):
        canvas.solid(blob([(side * 6, -16), (side * 20, -10), (side * 24, 0), (side * 8, 0)]), actor.deep)


def fish_fin(canvas: Canvas, actor: Actor) -> None:
    canvas.solid(blob([(-20, -82), (-16, -102), (0, -110), (18, -104), (22, -82)]), actor.deep)
    canvas.path("M-9 -98l3 9M1 -103v12M11 -99l-2 9", stroke=mix(actor.deep, "#fff6e6", 0.4), width=2)


def fish_head(canvas: Canvas, actor: Actor) -> None:
    canvas.solid(oval(0, -52, 38, 42), actor.colour)
    canvas.path(blob([(-27, -32), (0, -42), (27, -32), (16, -16), (0, -11.5), (-16, -16)]), actor.pale)
    scales = "".join(f"M{x - 4} {y}q4 5 8 0" for x, y in ((-10, -29), (0, -29), (10, -29), (-5, -22), (5, -22)))
    canvas.path(scales, stroke=actor.colour, width=2.2)


def whale_tail(canvas: Canvas, actor: Actor) -> None:
    canvas.limb("M20 -15Q45 -10 46 -42", actor.colour, 11)
    canvas.solid("M46 -38Q32 -42 28 -63Q41 -65 46 -54Q51 -65 64 -63Q60 -42 46 -38z", actor.colour)


def whale_spout(canvas: Canvas, actor: Actor) -> None:
    if actor.wears("hat") or actor.wears("crown"):
        return
    for side in (-1, 1):
        d = f"M0 -90Q{side * 1} -108 {side * 9} -110T{side * 18} -100"
        canvas.path(d, stroke="#3f9fd8", width=8.5)
        canvas.path(d, stroke=WATER, width=5.5)


def whale_head(canvas: Canvas, actor: Actor) -> None:
    points = [(0, -92), (24, -85), (35, -63), (35, -32), (25, -9), (0, -2)]
    canvas.solid(blob(points + [(-x, y) for x, y in reversed(points[1:-1])]), actor.colour)
    belly = [(-31, -32), (0, -38), (31, -32), (23, -13), (0, -5), (-23, -13)]
    canvas.path(blob([(float(x), float(y)) for x, y in belly]), actor.pale)
    lines = "M-18 -33q1 14 6 23M0 -35v28M18 -33q-1 14 -6 23"
    canvas.path(lines, stroke=mix(actor.pale, actor.colour, 0.5), width=2)


def octopus_arms(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.limb(f"M{side * 14} -26C{side * 34} -22 {side * 30} -6 {side * 44} -10Q{side * 51} -14 {side * 46} -21",
                    actor.colour, 8.5)  # fmt: skip


def octopus_body(canvas: Canvas, actor: Actor) -> None:
    sucker = mix(actor.pale, "#ffffff", 0.2)
    for side in (-1, 1):
        canvas.limb(f"M{side * 12} -30C{side * 24} -18 {side * 18} -2 {side * 30} -3Q{side * 36} -4 {side * 34} -9",
                    actor.colour, 8.5)  # fmt: skip
        canvas.limb(f"M{side * 5} -30C{side * 9} -16 {side * 5} -2 {side * 14} -2.5", actor.colour, 8.5)
        canvas.path(oval(side * 12, -9, 1.9) + oval(side * 23, -8, 1.9) + oval(side * 34, -11.5, 1.9), sucker)
        canvas.path(oval(side * 8.5, -17, 1.9) + oval(side * 19, -17, 1.9), sucker)
    canvas.path(oval(0, -34, 17, 9), actor.colour)


def octopus_head(canvas: Canvas, actor: Actor) -> None:
    points = [(0, -104), (24, -98), (36, -76), (33, -52), (22, -38), (0, -34)]
    canvas.solid(blob(points + [(-x, y) for x, y in reversed(points[1:-1])]), actor.colour)
    canvas.path(oval(-17, -90, 5, 3.6) + oval(-24, -82, 2.6) + oval(15, -94, 3.4, 2.6), actor.pale)


def snail_shell(canvas: Canvas, actor: Actor) -> None:
    canvas.solid(blob([(-22, -4), (-46, 0), (-50, -3), (-30, -16)]), _snail_skin(actor))
    canvas.solid(oval(18, -50, 41, 42), actor.colour, 3)
    turns = [
        (21 + r * 0.94 * math.cos(a), -49 + r * math.sin(a))
        for r, a in ((33 - 2.2 * k, k * math.pi / 4.5 - 0.6) for k in range(13))
    ]
    canvas.path(blob(turns, closed=False), stroke=mix(actor.colour, "#241c38", 0.5), width=3.4)


def _snail_skin(actor: Actor) -> str:
    return mix(actor.colour, "#ffecc8", 0.42)


def snail_body(canvas: Canvas, actor: Actor) -> None:
    skin = _snail_skin(actor)
    points = [(-26, -46), (4, -44), (10, -18), (30, -10), (50, -3), (46, 0), (-28, 0), (-34, -12)]
    canvas.solid(blob([(float(x), float(y)) for x, y in points]), skin)
    canvas.path("M-28 -4H40", stroke=mix(skin, "#8a6a4a", 0.35), width=2)


def snail_feelers(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.limb(f"M{-8 + side * 11} -82Q{-8 + side * 13} -98 {-8 + side * 19} -106", _snail_skin(actor), 4)
        canvas.solid(oval(-8 + side * 19.5, -108, 6), actor.colour)


def snail_head(canvas: Canvas, actor: Actor) -> None:
    canvas.solid(oval(-1, -64, 31, 26), _snail_skin(actor))


def dragon_wings(canvas: Canvas, actor: Actor) -> None:
    canvas.limb("M-12 -10C-30 2 -44 -4 -42 -18", actor.colour, 7)
    canvas.solid(polygon([(-42, -36), (-34, -18), (-50, -18)]), mix(actor.colour, "#fff6e6", 0.45))
    for side in (-1, 1):
        points = [(12, -36), (26, -54), (52, -68), (56, -44), (46, -46), (43, -32), (33, -37), (28, -24)]
        canvas.solid(polygon([(side * x, y) for x, y in points]), mix(actor.colour, "#fff6e6", 0.45), 3.2)
        canvas.path(f"M{side * 18} -38L{side * 50} -64M{side * 20} -37L{side * 45} -46", stroke=actor.colour, width=2.4)


def dragon_body(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.solid(oval(side * 12, -5, 11, 6), actor.deep)
        canvas.path("".join(oval(side * 12 + step, -2, 2, 2.2) for step in (-6, 0, 6)), HORN)
    canvas.solid(oval(0, -26, 22, 23), actor.colour)
    belly = mix(actor.pale, "#ffe08a", 0.45)
    canvas.path(oval(0, -22, 14, 17), belly)
    canvas.path("M-12 -29h24M-14 -21h28M-12 -13h24", stroke=mix(belly, "#b0702c", 0.4), width=2)


def dragon_horns(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.solid(
            blob([(side * 10, -86), (side * 15, -104), (side * 27, -116), (side * 27, -100), (side * 24, -82)]), HORN
        )
        fins = [(side * 27, -76), (side * 46, -82), (side * 39, -70), (side * 46, -61), (side * 27, -58)]
        canvas.solid(polygon(fins), actor.deep, 3)
    spikes = [(-9, -90), (-5, -104), (0, -95), (0, -110), (7, -96), (10, -103), (11, -89)]
    canvas.solid(polygon([(float(x), float(y)) for x, y in spikes]), mix(actor.colour, "#fff6e6", 0.45), 2.6)


def dragon_head(canvas: Canvas, actor: Actor) -> None:
    canvas.solid(oval(0, -65, 31, 27.5), actor.colour)


def dragon_muzzle(canvas: Canvas, actor: Actor) -> None:
    canvas.path(oval(0, -50.5, 23, 12), actor.pale)


def dragon_nose(canvas: Canvas, actor: Actor) -> None:
    nostrils(canvas, 5.5, -60, 1.9)
    for side in (-1, 1):
        canvas.path(polygon([(side * 15, -48), (side * 19, -49), (side * 17, -42)]), "#ffffff", "#7b6b70", 1)


def round_mouth(canvas: Canvas, actor: Actor) -> None:
    mouth_patch(canvas, actor, -50)


WIDE_NECK = (4.0, 1.36)
FIGURES |= {
    "turtle": Figure(behind=turtle_shell, body=turtle_body, muzzle=round_mouth, face=Face(mouth_y=-51)),
    "fish": Figure(
        behind=fish_tail,
        body=nothing,
        ears=fish_fin,
        head=fish_head,
        muzzle=round_mouth,
        face=Face(eye_x=16, eye_y=-67, eye=8, blush_x=26, mouth_y=-50, mouth=9),
        arm=lambda actor: actor.deep,
        top=-96,
        neck=WIDE_NECK,
    ),
    "whale": Figure(
        behind=whale_tail,
        body=nothing,
        ears=whale_spout,
        head=whale_head,
        muzzle=round_mouth,
        face=Face(eye_x=17, eye_y=-66, mouth_y=-49.5, blush_x=26),
        neck=(5.0, 1.35),
    ),
    "octopus": Figure(
        behind=octopus_arms,
        body=octopus_body,
        head=octopus_head,
        muzzle=round_mouth,
        face=Face(eye_x=14, eye_y=-69, eye=7.8, mouth_y=-50),
        top=-104,
    ),
    "snail": Figure(
        behind=snail_shell,
        body=snail_body,
        ears=snail_feelers,
        head=snail_head,
        face=Face(eye_x=12.5, mouth_y=-51),
        skin=_snail_skin,
        arm=_snail_skin,
        top=-89,
    ),
    "dragon": Figure(
        behind=dragon_wings,
        body=dragon_body,
        ears=dragon_horns,
        head=dragon_head,
        muzzle=dragon_muzzle,
        nose=dragon_nose,
        face=Face(eye_x=13.5, eye_y=-70, mouth_y=-50, blush_x=23),
    ),
}
