"""Figures that are people, by what they wear."""

from __future__ import annotations

from captioner.world.drawing.colours import INK, lightness, mix, outline
from captioner.world.drawing.faces import Face
from captioner.world.drawing.figures import FIGURES, Actor, Figure
from captioner.world.drawing.shapes import Canvas, blob, box, heart, oval, polygon
from captioner.world.drawing.subjects import SKIN, wizard_nose

STEEL = "#aab2c2"
GOLD = "#ffd34e"


def human_head(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.solid(oval(side * 29, -64, 5, 6), SKIN, 2.2)
    canvas.solid(oval(0, -66, 29, 26), SKIN)


def boots(canvas: Canvas, colour: str) -> None:
    for side in (-1, 1):
        canvas.solid(oval(side * 11, -5, 10.5, 6), colour)


def suit(canvas: Canvas, colour: str) -> None:
    canvas.solid(blob([(-16, -46), (0, -48), (16, -46), (22, -26), (18, -9), (0, -6), (-18, -9), (-22, -26)]), colour)


def has_own_hat(actor: Actor) -> bool:
    """Tell whether a figure's own headgear shows: not under a hat or crown that it was given."""
    return not (actor.wears("hat") or actor.wears("crown"))


def astronaut_pack(canvas: Canvas, actor: Actor) -> None:
    canvas.solid(box(-29, -46, 58, 34, 8), actor.deep)


def astronaut_body(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.solid(box(side * 12 - 10, -14, 20, 14, 5), actor.colour)
        canvas.path(box(side * 12 - 10, -5, 20, 5, 2.5), actor.deep)
    suit(canvas, actor.colour)
    canvas.solid(box(-12, -33, 24, 16, 4), "#e9edf4", 2)
    canvas.path(oval(-6, -28, 2.4), "#ef5350")
    canvas.path(oval(1, -28, 2.4), "#43c46b")
    canvas.path("M-8 -22h16", stroke="#5aa9f0", width=3)


def astronaut_helmet(canvas: Canvas, actor: Actor) -> None:
    canvas.path("M27 -92L33 -108", stroke=outline(actor.colour), width=3)
    canvas.solid(oval(33, -110, 4.4), "#ef5350", 2)
    for side in (-1, 1):
        canvas.solid(box(side * 39 - 5, -76, 10, 20, 4), actor.deep)
    canvas.solid(oval(0, -67, 39, 34), actor.colour, 3)


def astronaut_head(canvas: Canvas, actor: Actor) -> None:
    canvas.solid(oval(0, -66, 31, 27), "#bfe6f7", 3)
    canvas.path(oval(0, -65, 28.5, 24.5), SKIN)
    canvas.path(blob([(-26, -72), (-16, -88), (0, -90), (16, -88), (26, -72), (10, -82), (-8, -83)]), "#6b4426")


def astronaut_glass(canvas: Canvas, actor: Actor) -> None:
    canvas.path("M-25 -77Q-21 -86 -12 -89", stroke="#ffffff", width=4)


def pirate_body(canvas: Canvas, actor: Actor) -> None:
    boots(canvas, "#4a3328")
    suit(canvas, actor.colour)
    canvas.path(polygon([(-9, -46), (9, -46), (6, -12), (-6, -12)]), "#fff6e6")
    canvas.path("M-7.4 -38h14.8M-7 -31h14M-6.6 -24h13", stroke="#3f66b0", width=3)
    canvas.path("M-21 -19Q0 -13 21 -19", stroke="#4a3328", width=5)
    canvas.solid(box(-5, -21, 10, 8, 2), GOLD, 2)


def pirate_patch(canvas: Canvas, actor: Actor) -> None:
    wizard_nose(canvas, actor)
    canvas.path("M-28 -77L-4 -76", stroke=INK, width=2.6)
    canvas.path(blob([(-20, -75), (-12, -77), (-4, -75), (-5, -65), (-12, -60.5), (-19, -65)]), INK)


def pirate_hat(canvas: Canvas, actor: Actor) -> None:
    if not has_own_hat(actor):
        canvas.path(blob([(-28, -77), (-17, -91), (0, -94), (17, -91), (28, -77), (0, -83)]), "#5b3a24")
        return
    points = [(-45, -84), (-30, -99), (-14, -112), (0, -117), (14, -112), (30, -99), (45, -84), (22, -80), (0, -78.5)]
    canvas.solid(blob([(float(x), float(y)) for x, y in [*points, (-22, -80)]]), actor.colour, 3)
    canvas.path("M-41 -86Q0 -79 41 -86", stroke=GOLD, width=3.2)
    bone = "#fffaf0" if actor.thing.colour != "white" else "#4a4650"
    canvas.path("M-11 -91L11 -99M-11 -99L11 -91", stroke=bone, width=3.6)
    canvas.path(oval(0, -99, 7.4, 6.6) + box(-4, -96, 8, 6.4, 2), bone)
    hollow = INK if bone != "#4a4650" else "#fffaf0"
    canvas.path(oval(-2.8, -99, 1.9) + oval(2.8, -99, 1.9), hollow)


def knight_body(canvas: Canvas, actor: Actor) -> None:
    boots(canvas, STEEL)
    suit(canvas, actor.colour)
    for side in (-1, 1):
        canvas.solid(oval(side * 19, -39, 9, 7.5), STEEL)
    shield = "M-12 -38Q0 -34 12 -38Q14 -20 0 -11Q-14 -20 -12 -38z"
    canvas.solid(shield, mix(actor.pale, "#ffffff", 0.4), 2)
    canvas.path("M0 -34V-16M-8 -28H8", stroke=actor.colour if lightness(actor.colour) < 0.8 else STEEL, width=4.4)


def knight_helmet(canvas: Canvas, actor: Actor) -> None:
    if has_own_hat(actor):
        plume = "#e2403f" if actor.thing.colour not in ("red", "pink", "orange") else "#3f7fe6"
        canvas.solid(blob([(-2, -96), (4, -112), (20, -118), (36, -108), (39, -92), (28, -98), (14, -98)]), plume)
    canvas.solid("M-36 -68Q-36 -101 0 -101Q36 -101 36 -68L33 -44Q18 -36 0 -36Q-18 -36 -33 -44z", actor.colour, 3)


def knight_head(canvas: Canvas, actor: Actor) -> None:
    canvas.solid("M-29 -78Q0 -87 29 -78L29 -58Q26 -40 0 -39.5Q-26 -40 -29 -58z", SKIN, 3)


def knight_visor(canvas: Canvas, actor: Actor) -> None:
    visor = mix(actor.colour, STEEL, 0.5)
    canvas.solid("M-38 -78Q-34 -95 0 -97Q34 -95 38 -78Q18 -86 0 -86Q-18 -86 -38 -78z", visor)
    canvas.path("M-16 -93v5M-5.5 -94.5v5M5.5 -94.5v5M16 -93v5", stroke=outline(visor), width=2.6)
    for side in (-1, 1):
        canvas.solid(oval(side * 36, -77, 4.6), GOLD, 2)


def _hair(actor: Actor) -> str:
    tones = ("#f3c04c", "#7a4a2a", "#c9642f")
    return tones[actor.thing.look % 3]


def princess_hair(canvas: Canvas, actor: Actor) -> None:
    points = [(0, -98), (26, -92), (38, -70), (38, -46), (45, -26), (30, -20), (0, -30)]
    canvas.solid(blob(points + [(-x, y) for x, y in reversed(points[1:-1])]), _hair(actor))


def princess_body(canvas: Canvas, actor: Actor) -> None:
    canvas.solid("M-13 -46H13L17 -32Q36 -20 39 -5Q0 4 -39 -5Q-36 -20 -17 -32z", actor.colour)
    canvas.path("M-36.5 -8Q-27 -14 -18 -5.5Q-9 -12 0 -4Q9 -12 18 -5.5Q27 -14 36.5 -8L38 -5Q0 3 -38 -5z", actor.pale)
    canvas.path("M-16 -32Q0 -27 16 -32", stroke=actor.deep, width=3)
    canvas.path(heart(0, -39, 4), GOLD)
    for side in (-1, 1):
        canvas.solid(oval(side * 16, -41, 8, 7), actor.colour)


def princess_fringe(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.solid(
            blob([(0, -95), (side * 20, -93), (side * 32, -76), (side * 29, -64), (side * 18, -79)]), _hair(actor), 2
        )
    if has_own_hat(actor):
        tiara = [(-19, -88), (-23, -106), (-11, -98), (0, -113), (11, -98), (23, -106), (19, -88)]
        canvas.solid("M" + "L".join(f"{x} {y}" for x, y in tiara) + "Q0 -94 -19 -88z", GOLD)
        canvas.path(heart(0, -98, 4.2), actor.colour, outline(actor.colour), 1.2)


def chef_body(canvas: Canvas, actor: Actor) -> None:
    boots(canvas, "#3c3846")
    suit(canvas, actor.colour)
    canvas.solid("M-13 -30H13L16 -9Q0 -5 -16 -9z", "#fffdf8" if actor.thing.colour != "white" else "#dfe6f2", 2)
    canvas.path("M-13 -30L-17 -46M13 -30L17 -46", stroke=outline(actor.pale), width=2)
    canvas.path(box(-7, -23, 14, 9, 3), actor.pale, outline(actor.pale), 1.6)
    tie = "#e2403f" if actor.thing.colour not in ("red", "pink", "orange") else "#3f7fe6"
    canvas.solid(polygon([(0, -37), (-11, -42), (-10, -32)]) + polygon([(0, -37), (11, -42), (10, -32)]), tie, 2)


def chef_hat(canvas: Canvas, actor: Actor) -> None:
    hair = "#6b4426"
    for side in (-1, 1):
        canvas.path(blob([(side * 28, -78), (side * 30, -68), (side * 25, -64), (side * 24, -76)]), hair, hair, 1.5)
    canvas.path(blob([(-28, -75), (-19, -90), (0, -93.5), (19, -90), (28, -75), (14, -83), (-14, -83)]), hair)
    if has_own_hat(actor):
        tops = ((-19, -108, 12), (19, -108, 12), (0, -112, 15))
        d = "".join(oval(x, y, r) for x, y, r in tops)
        canvas.solid(d, actor.colour, 5)
        canvas.path(d, actor.colour)
        canvas.solid(box(-23, -103, 46, 19, 3), actor.colour)
        canvas.path("M-12 -101v8M0 -101v10M12 -101v8", stroke=mix(actor.colour, outline(actor.colour), 0.5), width=2)


HUMAN = Face(eye_x=12, eye_y=-68, eye=6.8, blush_x=20.5, blush_y=-58)
FIGURES |= {
    "astronaut": Figure(
        behind=astronaut_pack,
        body=astronaut_body,
        ears=astronaut_helmet,
        head=astronaut_head,
        nose=wizard_nose,
        front=astronaut_glass,
        face=HUMAN,
        skin=lambda actor: SKIN,
        top=-100,
    ),
    "pirate": Figure(
        body=pirate_body, head=human_head, nose=pirate_patch, front=pirate_hat, face=HUMAN, skin=lambda actor: SKIN
    ),
    "knight": Figure(
        body=knight_body,
        ears=knight_helmet,
        head=knight_head,
        nose=wizard_nose,
        front=knight_visor,
        face=Face(eye_x=12, eye_y=-67, eye=6.6, mouth_y=-50, blush_x=20.5, blush_y=-57, brow=1.5),
        skin=lambda actor: SKIN,
        arm=lambda actor: STEEL,
        top=-100,
    ),
    "princess": Figure(
        behind=princess_hair,
        body=princess_body,
        head=human_head,
        nose=wizard_nose,
        front=princess_fringe,
        face=HUMAN,
        skin=lambda actor: SKIN,
        arm=lambda actor: SKIN,
    ),
    "chef": Figure(
        body=chef_body, head=human_head, nose=wizard_nose, front=chef_hat, face=HUMAN, skin=lambda actor: SKIN
    ),
}
