"""What arms, legs, ropes and small marks do in a relation. Local units: 100 to a figure's height."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from captioner.world.drawing.shapes import Canvas, Point, heart, oval, star
from captioner.world.relating import NECK
from captioner.world.scene import Scene
from captioner.world.stands import Stand

ROPE, ROPE_EDGE = "#d9a860", "#6b4a26"
SIGNS = ("opening", "rope", "speed", "impact", "ticks", "heart", "stop")
"""What is drawn beside the two things of a relation, as `captioner.world.truth` names it."""


@dataclass(frozen=True)
class Gesture:
    """`towards` is the side of the object, -1 or 1; hands (by side) and a foot are given for an object at 1."""

    towards: int
    hands: Mapping[int, Point]
    foot: Point | None = None

    def hand(self, side: int) -> Point | None:
        """Return where the hand at a side of the body (-1 or 1) is, if it has something to do."""
        point = self.hands.get(side * self.towards)
        return point and (point[0] * self.towards, point[1])


HANDS: dict[str, tuple[dict[int, Point], Point | None]] = {
    "pushing": ({1: (49, -44), -1: (47, -25)}, None),
    "pulling": ({1: (45, -35), -1: (38, -27)}, None),
    "touching": ({1: (50, -36)}, None),
    "hitting": ({1: (50, -58), -1: (-38, -26)}, None),
    "kicking": ({1: (36, -44), -1: (-41, -50)}, (50, -20)),
    "helping": ({1: (47, -33), -1: (44, -15)}, None),
    "hindering": ({1: (50, -46), -1: (-44, -46)}, None),
    "covering": ({1: (47, -42), -1: (-47, -42)}, None),
    "hanging over": ({1: (20, -97), -1: (-20, -97)}, None),
}


def at(stand: Stand, x: float, y: float) -> Point:
    """Return where a point of a thing, in its local units, is on the canvas."""
    a, k = math.radians(stand.turn), stand.height / 100
    return (stand.x + k * (x * math.cos(a) - y * math.sin(a)), stand.feet + k * (x * math.sin(a) + y * math.cos(a)))


def pairs(scene: Scene, stands: Sequence[Stand]) -> list[tuple[str, Stand, Stand, int]]:
    """Return kind, subject's stand, object's stand and the side that the object is at, for every relation."""
    found = []
    for relation in scene.relations:
        subject = next(s for s in stands if s.thing_id == relation.subject)
        obj = next(s for s in stands if s.thing_id == relation.obj)
        found.append((relation.kind, subject, obj, 1 if obj.x >= subject.x else -1))
    return found


def gestures(scene: Scene, stands: Sequence[Stand]) -> dict[int, Gesture]:
    """Return by thing what its limbs do; nothing for things that do nothing."""
    return {
        subject.thing_id: Gesture(towards, *HANDS[kind])
        for kind, subject, _, towards in pairs(scene, stands)
        if kind in HANDS
    }


def draw_before(canvas: Canvas, scene: Scene, stands: Sequence[Stand]) -> None:
    """Draw what lies behind all things: openings, ropes from above, signs of speed."""
    for kind, subject, obj, towards in pairs(scene, stands):
        if kind == "in" and subject.layer < 0:
            with canvas.tagged("", "opening"):
                y = subject.feet - NECK * subject.height
                canvas.path(oval(obj.x, y + 1, 0.34 * obj.height, 0.09 * obj.height), "#2f2536")
        elif kind == "hanging over":
            x, y = at(subject, 0, -88)
            _rope(canvas, f"M{x:.2f} -4L{x:.2f} {y:.2f}")
        elif kind == "pushing":
            _speed_lines(canvas, subject, -towards)
        elif kind == "pulling":
            _speed_lines(canvas, obj, towards)


def draw_after(canvas: Canvas, scene: Scene, stands: Sequence[Stand]) -> None:
    """Draw what lies before all things: ropes round them, stars, hearts and the like."""
    for kind, subject, obj, towards in pairs(scene, stands):
        size = (subject.height + obj.height) / 2
        if kind == "tied to":
            _tie(canvas, subject, obj, towards)
        elif kind == "pulling":
            hand, far = at(subject, 45 * towards, -35), at(obj, -24 * towards, -26)
            _rope(canvas, f"M{hand[0]:.2f} {hand[1]:.2f}L{far[0]:.2f} {far[1]:.2f}")
            _ring(canvas, obj)
        elif kind == "touching":
            _ticks(canvas, at(subject, 50 * towards, -38), 0.13 * size)
        elif kind == "hitting":
            _impact(canvas, at(subject, 56 * towards, -62), 0.17 * size, "#ffd23f", "#ef5a2a")
        elif kind == "kicking":
            _impact(canvas, at(subject, 58 * towards, -22), 0.17 * size, "#ffd23f", "#ef5a2a")
        elif kind == "helping":
            x, y = (subject.x + obj.x) / 2, min(subject.feet - subject.height, obj.feet - obj.height)
            with canvas.tagged("", "heart"):
                canvas.path(heart(x, max(y + 0.10 * size, 14), 0.10 * size), "#ff4f7d", "#a51f4c", 1.3)
        elif kind == "hindering":
            x, y = (subject.x + obj.x) / 2, min(subject.feet - subject.height, obj.feet - obj.height)
            _stop(canvas, x, max(y + 0.04 * size, 14), 0.13 * size)


def _rope(canvas: Canvas, d: str) -> None:
    with canvas.tagged("", "rope"):
        canvas.path(d, stroke=ROPE_EDGE, width=3.8)
        canvas.path(d, stroke=ROPE, width=2.2)


def _ring(canvas: Canvas, stand: Stand) -> None:
    """Draw a rope round the middle of a thing: the half of it that is in front."""
    (ax, ay), (bx, by), (cx, cy) = at(stand, -26, -30), at(stand, 0, -17), at(stand, 26, -30)
    _rope(canvas, f"M{ax:.2f} {ay:.2f}Q{bx:.2f} {by:.2f} {cx:.2f} {cy:.2f}")


def _tie(canvas: Canvas, subject: Stand, obj: Stand, towards: int) -> None:
    (ax, ay), (bx, by) = at(subject, 24 * towards, -27), at(obj, -24 * towards, -27)
    low = max(ay, by) + 0.20 * min(subject.height, obj.height)
    _rope(canvas, f"M{ax:.2f} {ay:.2f}Q{(ax + bx) / 2:.2f} {low:.2f} {bx:.2f} {by:.2f}")
    for stand in (subject, obj):
        _ring(canvas, stand)
    with canvas.tagged("", "rope"):
        for x, y in ((ax, ay), (bx, by)):
            canvas.path(oval(x, y, 3.0), ROPE, ROPE_EDGE, 1)


def _speed_lines(canvas: Canvas, stand: Stand, side: int) -> None:
    with canvas.tagged("", "speed"):
        lines = ""
        for y, start, length in ((-66, 38, 16), (-44, 34, 24), (-22, 32, 18)):
            x = stand.x + side * start * stand.height / 100
            lines += f"M{x:.2f} {stand.feet + y * stand.height / 100:.2f}h{side * length * stand.height / 100:.2f}"
        canvas.path(lines, stroke="#5a5468", width=4.2)
        canvas.path(lines, stroke="#ffffff", width=2.6)
        x, k = stand.x + side * 0.36 * stand.height, stand.height / 100
        puffs = oval(x, stand.ground - 2, 7 * k) + oval(x + side * 9 * k, stand.ground - 4, 5 * k)
        canvas.path(puffs, "#fff8ea", "#b9ab98", 0.9)


def _impact(canvas: Canvas, centre: Point, r: float, inner: str, outer: str) -> None:
    with canvas.tagged("", "impact"):
        canvas.path(star(*centre, 1.35 * r, 9, 0.58), outer, "#7d1f18", 1.2)
        canvas.path(star(*centre, 0.85 * r, 9, 0.58), inner)


def _ticks(canvas: Canvas, centre: Point, r: float) -> None:
    with canvas.tagged("", "ticks"):
        x, y = centre
        rays = "".join(
            f"M{x + 0.75 * r * math.cos(a):.2f} {y + 0.75 * r * math.sin(a):.2f}"
            f"L{x + 1.5 * r * math.cos(a):.2f} {y + 1.5 * r * math.sin(a):.2f}"
            for a in (-2.36, -1.57, -0.78)
        )
        canvas.path(rays, stroke="#6b5310", width=3.6)
        canvas.path(rays, stroke="#ffd83d", width=2.2)


def _stop(canvas: Canvas, x: float, y: float, r: float) -> None:
    with canvas.tagged("", "stop"):
        d = 0.68 * r
        canvas.path(oval(x, y, r), "#ffffff", "#d8222e", 0.42 * r)
        canvas.path(f"M{x - d:.2f} {y - d:.2f}l{2 * d:.2f} {2 * d:.2f}", stroke="#d8222e", width=0.42 * r)
