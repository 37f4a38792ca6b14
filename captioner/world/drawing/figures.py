"""The frame that every figure with a face shares: the order of its parts, arms, worn and held items.

A kind registers a `Figure` in `FIGURES`: what lies behind the body, the body, the head, what lies before the head.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from captioner.world.drawing.colours import PAINT, mix, outline, paler
from captioner.world.drawing.faces import Face, draw_face
from captioner.world.drawing.gestures import Gesture
from captioner.world.drawing.items import HELD, WORN
from captioner.world.drawing.shapes import Canvas, box, oval
from captioner.world.scene import Thing


@dataclass(frozen=True)
class Actor:
    """A thing about to be drawn: its colours and its incidental variation (`vary`, -1 to 1)."""

    thing: Thing
    colour: str
    pale: str
    deep: str
    vary: float

    def wears(self, kind: str) -> bool:
        return any(item.kind == kind for item in self.thing.worn)


def actor_of(thing: Thing) -> Actor:
    colour = PAINT[thing.colour]
    vary = random.Random(f"{thing.kind}-{thing.look}").uniform(-1, 1)
    return Actor(thing, colour, paler(colour), mix(colour, "#241c38", 0.25), vary)


Draw = Callable[[Canvas, Actor], None]


def nothing(canvas: Canvas, actor: Actor) -> None:
    pass


def round_head(canvas: Canvas, actor: Actor) -> None:
    canvas.solid(oval(0, -66, 31, 27), actor.colour)


def plump_body(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.solid(oval(side * 12, -4.5, 10, 5.5), actor.deep)
    canvas.solid(oval(0, -26, 22, 23), actor.colour)
    canvas.path(oval(0, -21, 13, 15), actor.pale)


@dataclass(frozen=True)
class Figure:
    behind: Draw = nothing
    """Tail and whatever else lies behind the body (part "body")."""
    body: Draw = plump_body
    ears: Draw = nothing
    """Behind the head (part "ears")."""
    head: Draw = round_head
    muzzle: Draw = nothing
    """On the head, under the eyes (part "face")."""
    nose: Draw = nothing
    """On the head, over eyes and mouth (part "face")."""
    front: Draw = nothing
    """Over the head: forelocks, horns, a hat of its own (part "ears")."""
    face: Face = field(default_factory=Face)
    skin: Callable[[Actor], str] = lambda actor: actor.colour
    arm: Callable[[Actor], str] = lambda actor: actor.colour
    top: float = -92.0
    """Where a hat rests."""
    neck: tuple[float, float] | None = None
    """How far a scarf lies below its usual place and how many times wider it is, where that is not as usual."""


FIGURES: dict[str, Figure] = {}


def draw_figure(canvas: Canvas, thing: Thing, gesture: Gesture | None = None) -> None:
    """Draw a figure standing on (0, 0), 100 high."""
    figure, actor = FIGURES[thing.kind], actor_of(thing)
    assert thing.mood is not None
    with canvas.tagged("body"):
        figure.behind(canvas, actor)
    hand = _draw_arms(canvas, figure, actor, gesture)
    with canvas.tagged("body"):
        figure.body(canvas, actor)
    with canvas.tagged("ears"):
        figure.ears(canvas, actor)
    with canvas.tagged("face"):
        figure.head(canvas, actor)
        figure.muzzle(canvas, actor)
        draw_face(canvas, figure.face, thing.mood, figure.skin(actor))
        figure.nose(canvas, actor)
    with canvas.tagged("ears"):
        figure.front(canvas, actor)
    for item in sorted(thing.worn, key=lambda item: item.kind == "hat"):
        with canvas.tagged(item.kind), _neck_of(canvas, figure, item.kind):
            WORN[item.kind](canvas, PAINT[item.colour], figure.top, figure.face.eye_x, figure.face.eye_y)
    if thing.held:
        with canvas.tagged(thing.held.kind):
            HELD[thing.held.kind](canvas, PAINT[thing.held.colour], *hand)
        with canvas.tagged("body"):
            paw = figure.arm(actor)
            canvas.path(oval(*hand, 5.4), paw, outline(paw), 2.2)


def _neck_of(canvas: Canvas, figure: Figure, item: str) -> AbstractContextManager[None]:
    """Return where a scarf is drawn; everything else is drawn where it is."""
    if item != "scarf" or not figure.neck:
        return nullcontext()
    down, wider = figure.neck
    return canvas.moved(0, down + 34 * (wider - 1), wider)


def _draw_arms(canvas: Canvas, figure: Figure, actor: Actor, gesture: Gesture | None) -> tuple[float, float]:
    """Draw both arms behind the body and return where the holding hand is."""
    thing = actor.thing
    holding = -gesture.towards if gesture else -1 if thing.side == "right" else 1
    hand = (holding * 38.0, -34.0)
    raised = {-1, 1} if thing.pose == "jumping" or thing.joy else {-holding} if thing.pose == "waving" else set()
    with canvas.tagged("body"):
        for side in (-1, 1):
            if thing.held and side == holding:
                end = f"{hand[0]} {hand[1]}"
            elif gesture and (doing := gesture.hand(side)):
                _reach(canvas, figure.arm(actor), side, doing)
                continue
            elif side in raised:
                end = f"{side * 41} -55"
            else:
                end = f"{side * 29} -17"
            canvas.limb(f"M{side * 15} -34Q{side * 27} -32 {end}", figure.arm(actor), 9.5)
        if gesture and gesture.foot:
            x, y = gesture.foot[0] * gesture.towards, gesture.foot[1]
            canvas.limb(f"M{gesture.towards * 8} -12L{x} {y}", figure.arm(actor), 10.5)
            canvas.solid(oval(x, y - 3, 6, 9), figure.arm(actor))
    return hand


def _reach(canvas: Canvas, colour: str, side: int, hand: tuple[float, float]) -> None:
    """Draw an arm to a hand that does something; the far arm reaches across before the body's edge."""
    x, y = hand
    start = side * 15 if side * x > 0 else -side * 8
    canvas.limb(f"M{start} -33L{x} {y}", colour, 9.5)


def panel(canvas: Canvas, x: float, y: float, width: float, height: float, fill: str) -> None:
    canvas.solid(box(x, y, width, height, 5), fill)
