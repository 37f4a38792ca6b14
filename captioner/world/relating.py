"""How a relation moves its two things: stands in, stands out. Pure; knows no scene and no drawing.

Every move takes the subject's and the object's stands (a group has several) and how high up, in shares of its
height, each of the two can carry something, and returns both. The object stays where it is as far as it can.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from captioner.world.stands import CANVAS, Stand

Group = list[Stand]
Move = Callable[[Group, Group, float, float], tuple[Group, Group]]

SMALLEST = 40.0
"""Stacked things shrink to no less than this: faces must stay 24 pixels wide."""
ROOM_ABOVE = 6.0
FRONT = 30.0
TOPS = {
    "house": 0.94, "cake": 0.70, "boat": 0.36, "car": 0.74, "train": 0.78, "box": 0.73, "ball": 0.85, "gift": 0.74,
    "teapot": 0.80, "chair": 0.46, "castle": 0.92, "giraffe": 1.16, "wizard": 1.18, "chef": 1.24, "robot": 1.10,
    "horse": 1.02, "lion": 1.06, "monkey": 1.0, "hedgehog": 1.04, "duck": 1.0, "chick": 1.0, "fish": 1.06,
    "whale": 1.08, "octopus": 1.04, "dragon": 1.0, "unicorn": 1.0, "pirate": 1.12, "knight": 1.06, "princess": 1.04,
    "snowman": 1.04, "alien": 1.0, "rocket": 1.06,
}  # fmt: skip
"""kind → how high above its feet another thing stands on it, in shares of its height."""
USUAL_TOP = 0.94
OPEN = 0.5
"""Things whose top is lower than this have something behind it: a mast, a back."""
NECK = 0.40
"""How high a figure's chin is, in shares of its height."""


def middle(group: Sequence[Stand]) -> float:
    return sum(stand.x for stand in group) / len(group)


def _resized(group: Group, share: float) -> Group:
    height = group[0].height
    new = max(share * height, min(height, SMALLEST))
    x, k = middle(group), new / height
    return [dataclasses.replace(s, x=x + (s.x - x) * k, height=new, lift=s.lift * k) for s in group]


def _at(group: Group, x: float, ground: float | None = None, lift: float | None = None, layer: float = 0.0) -> Group:
    """Return the group about another middle, and on another ground and at another lift if those are given."""
    shift = x - middle(group)
    return [
        dataclasses.replace(
            s,
            x=s.x + shift,
            ground=s.ground if ground is None else ground,
            lift=s.lift if lift is None else lift,
            layer=layer,
        )
        for s in group
    ]


def _leaning(group: Group, turn: float) -> Group:
    return [dataclasses.replace(s, turn=turn) for s in group]


def _side(subject: Group, obj: Group) -> int:
    """Return on which side of the object the subject is, -1 or 1; where there is more room if on neither."""
    apart = middle(subject) - middle(obj)
    if abs(apart) > 1:
        return 1 if apart > 0 else -1
    return 1 if middle(obj) < CANVAS / 2 else -1


def _stacked(upper: Group, lower: Group, top: float) -> tuple[Group, Group]:
    upper, lower = _resized(upper, 0.72), _resized(lower, 0.72)
    feet = lower[0].feet - top * lower[0].height
    if upper[0].height > feet - ROOM_ABOVE:
        upper = _resized(upper, (feet - ROOM_ABOVE) / upper[0].height)
    return _at(upper, middle(lower), ground=feet, lift=0.0, layer=CANVAS), lower


def _on(subject: Group, obj: Group, subject_top: float, obj_top: float) -> tuple[Group, Group]:
    return _stacked(subject, obj, obj_top)


def _under(subject: Group, obj: Group, subject_top: float, obj_top: float) -> tuple[Group, Group]:
    upper, lower = _stacked(obj, _at(subject, middle(obj)), subject_top)
    return lower, upper


def _in(subject: Group, obj: Group, subject_top: float, obj_top: float) -> tuple[Group, Group]:
    """The subject's head looks out of the object's top, behind its front; in a boat or a chair it sits down."""
    if obj_top < OPEN:
        return _stacked(subject, obj, obj_top - 0.12)
    subject, obj = _resized(subject, 0.78), _resized(obj, 0.9)
    feet = obj[0].feet - obj_top * obj[0].height + NECK * subject[0].height
    if subject[0].height > feet - ROOM_ABOVE:
        subject = _resized(subject, (feet - ROOM_ABOVE) / subject[0].height)
    ground = obj[0].ground - 1
    return _at(subject, middle(obj), ground=ground, lift=ground - feet, layer=-FRONT), obj


def _hanging_over(subject: Group, obj: Group, subject_top: float, obj_top: float) -> tuple[Group, Group]:
    subject, obj = _resized(subject, 0.6), _resized(obj, 0.66)
    ground = obj[0].ground
    feet = min(obj[0].feet - (obj_top + 0.14) * obj[0].height, 0.62 * CANVAS)
    if subject[0].height > feet - ROOM_ABOVE:
        subject = _resized(subject, (feet - ROOM_ABOVE) / subject[0].height)
    return _at(subject, middle(obj), ground=ground, lift=ground - feet, layer=FRONT), obj


def _behind(subject: Group, obj: Group, subject_top: float, obj_top: float) -> tuple[Group, Group]:
    x = middle(obj) + 0.46 * obj[0].height * _side(subject, obj)
    subject = _resized(subject, 0.85)
    return [dataclasses.replace(s, ground=min(s.ground, obj[0].ground) - 14) for s in _at(subject, x)], obj


def _occluded(subject: Group, obj: Group, subject_top: float, obj_top: float) -> tuple[Group, Group]:
    x = middle(obj) + 0.30 * obj[0].height * _side(subject, obj)
    return [dataclasses.replace(s, ground=min(s.ground, obj[0].ground) - 4) for s in _at(subject, x)], obj


def _covering(subject: Group, obj: Group, subject_top: float, obj_top: float) -> tuple[Group, Group]:
    subject = _resized(subject, 0.86)
    return _at(subject, middle(obj), ground=obj[0].ground + 4, layer=FRONT), _resized(obj, 1.08)


def _apart(subject: Group, obj: Group, distance: float) -> tuple[Group, Group]:
    """Set the two a distance apart, in shares of their mean height, about the middle between them."""
    side = _side(subject, obj)
    wanted = distance * (subject[0].height + obj[0].height) / 2
    edges = 0.36 * (subject[0].height + obj[0].height)
    if wanted + edges > CANVAS:
        share = CANVAS / (wanted + edges)
        subject, obj, wanted = _resized(subject, share), _resized(obj, share), wanted * share
    left, right = (subject, obj) if side < 0 else (obj, subject)
    low, high = 0.36 * left[0].height, CANVAS - wanted - 0.36 * right[0].height
    x = min(max((middle(subject) + middle(obj) - wanted) / 2, low), max(high, low))
    left, right = _at(left, x), _at(right, x + wanted)
    return (left, right) if side < 0 else (right, left)


def _near(subject: Group, obj: Group, subject_top: float, obj_top: float) -> tuple[Group, Group]:
    return _apart(subject, obj, 0.72)


def _tied(subject: Group, obj: Group, subject_top: float, obj_top: float) -> tuple[Group, Group]:
    return _apart(subject, obj, 0.92)


def _acting(distance: float, subject_turn: float, obj_turn: float, obj_lift: float = 0.0) -> Move:
    """Return a move for doing something to the object; turns are towards the object's side."""

    def move(subject: Group, obj: Group, subject_top: float, obj_top: float) -> tuple[Group, Group]:
        subject, obj = _apart(subject, obj, distance)
        towards = -_side(subject, obj)
        subject = [dataclasses.replace(s, turn=towards * subject_turn, layer=FRONT) for s in subject]
        raised = [dataclasses.replace(s, lift=s.lift + obj_lift * s.height) for s in obj]
        return subject, _leaning(raised, towards * obj_turn)

    return move


MOVES: dict[str, Move] = {
    "in": _in,
    "on": _on,
    "under": _under,
    "covering": _covering,
    "near": _near,
    "occluded by": _occluded,
    "hanging over": _hanging_over,
    "tied to": _tied,
    "behind": _behind,
    "pushing": _acting(0.78, 10, 8),
    "pulling": _acting(1.0, -10, -7),
    "touching": _acting(0.80, 0, 0),
    "hitting": _acting(0.82, 7, 9),
    "kicking": _acting(0.84, -9, 9),
    "helping": _acting(0.74, 3, -3, obj_lift=0.07),
    "hindering": _acting(0.60, 0, -9),
}
