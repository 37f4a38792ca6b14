"""Figures that are nearly people: snowman, ghost and alien."""

from __future__ import annotations

from captioner.world.drawing.colours import INK, lightness, mix
from captioner.world.drawing.faces import Face
from captioner.world.drawing.farm_animals import mouth_patch
from captioner.world.drawing.figures import FIGURES, Actor, Figure, nothing
from captioner.world.drawing.shapes import Canvas, blob, oval, star


def snowman_body(canvas: Canvas, actor: Actor) -> None:
    canvas.solid(oval(0, -23, 25.5, 23), actor.colour)
    canvas.path(oval(-11, -32, 8, 6), mix(actor.colour, "#ffffff", 0.45))
    coal = INK if lightness(actor.colour) > 0.3 else "#fff3df"
    canvas.path(oval(0, -32, 3.2) + oval(0, -22, 3.2) + oval(0, -12, 3.2), coal)


def snowman_shine(canvas: Canvas, actor: Actor) -> None:
    canvas.path(blob([(-24, -74), (-17, -86), (-4, -91), (-13, -82)]), mix(actor.colour, "#ffffff", 0.45))
    mouth_patch(canvas, actor, -49)


def snowman_head(canvas: Canvas, actor: Actor) -> None:
    canvas.solid(oval(0, -66.5, 30, 28), actor.colour)


def carrot(canvas: Canvas, actor: Actor) -> None:
    tone = "#ff8a1f" if actor.thing.colour not in ("orange", "red") else "#ffc229"
    canvas.solid("M-2 -66Q6 -65.5 20 -60.5Q5 -56 -3 -58.5Q-6 -62 -2 -66z", tone, 2)


def snowman_tuft(canvas: Canvas, actor: Actor) -> None:
    """Draw three twigs for hair."""
    canvas.path("M0 -93V-108M0 -97L-9 -106M0 -99L8 -107", stroke="#5f3d24", width=4)


def ghost_sheet(canvas: Canvas, actor: Actor) -> None:
    canvas.solid(
        "M-35 -60Q-37 -98 0 -98Q37 -98 35 -60L38 -10Q33 1 25 -7Q18 -15 12 -5Q6 5 0 -6Q-6 5 -12 -5Q-18 -15 -25 -7"
        "Q-33 1 -38 -10z",
        actor.colour,
    )
    canvas.path("M-24 -76Q-22 -88 -11 -91", stroke=mix(actor.colour, "#ffffff", 0.6), width=4)


def ghost_mouth(canvas: Canvas, actor: Actor) -> None:
    mouth_patch(canvas, actor, -47)


def ghost_hem(canvas: Canvas, actor: Actor) -> None:
    canvas.path("M-25 -26Q-24 -17 -25 -12M0 -27Q1 -18 0 -13M25 -26Q24 -17 25 -12", stroke=actor.deep, width=2.4)


def alien_feelers(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.limb(f"M{side * 12} -92Q{side * 14} -108 {side * 24} -114", actor.colour, 4)
        canvas.solid(oval(side * 26, -115, 6.4), mix(actor.pale, "#d9ff6b", 0.6))


def alien_head(canvas: Canvas, actor: Actor) -> None:
    points = [(0, -101), (25, -95), (39, -76), (34, -56), (19, -42), (0, -36.5)]
    canvas.solid(blob(points + [(-x, y) for x, y in reversed(points[1:-1])]), actor.colour)


def alien_third_eye(canvas: Canvas, actor: Actor) -> None:
    mouth_patch(canvas, actor, -49)
    canvas.path(oval(0, -86, 7.6, 8), "#ffffff", "#4b4358", 1.0)
    canvas.path(oval(0, -85.4, 5.4, 6), INK)
    canvas.path(oval(2, -88, 2.2), "#ffffff")
    canvas.path(oval(-27, -86, 3.2, 2.6) + oval(28, -85, 2.4) + oval(24, -91, 1.8), actor.deep)


def alien_body(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.solid(oval(side * 11, -4.5, 11, 5.5), actor.colour)
    canvas.solid(blob([(-12, -42), (12, -42), (19, -22), (15, -6), (0, -4), (-15, -6), (-19, -22)]), actor.colour)
    canvas.path(oval(0, -21, 11, 13), actor.pale)
    canvas.path(star(0, -21, 7), mix(actor.pale, "#d9ff6b", 0.7), actor.deep, 1.4)


FIGURES |= {
    "snowman": Figure(
        body=snowman_body,
        ears=snowman_tuft,
        head=snowman_head,
        muzzle=snowman_shine,
        nose=carrot,
        face=Face(eye_x=12, eye_y=-71, eye=6.8, mouth_y=-48, mouth=9, blush_x=21, blush_y=-59),
        arm=lambda actor: "#7a5030",
    ),
    "ghost": Figure(
        body=nothing,
        head=ghost_sheet,
        muzzle=ghost_mouth,
        front=ghost_hem,
        face=Face(eye_x=14, eye_y=-69, eye=8.4, mouth_y=-47, blush_x=24, blush_y=-56),
        top=-97,
        neck=(3.0, 1.35),
    ),
    "alien": Figure(
        body=alien_body,
        ears=alien_feelers,
        head=alien_head,
        muzzle=alien_third_eye,
        face=Face(eye_x=16, eye_y=-69, eye=8.4, mouth_y=-49, mouth=8.5, blush_x=25, blush_y=-57, brow=1.4, tears=14),
        top=-100,
    ),
}
