"""The animals of the farm but for the horse, and what other animals share with them."""

from __future__ import annotations

from captioner.world.drawing.colours import lightness, mix, outline
from captioner.world.drawing.faces import Face
from captioner.world.drawing.figures import FIGURES, Actor, Figure, plump_body
from captioner.world.drawing.shapes import Canvas, Point, blob, oval
from captioner.world.drawing.subjects import BEAK

HORN = "#f4e4c2"
PINK = "#ff9fb2"
SHELL = "#fff4dc"


def tall_head(canvas: Canvas, actor: Actor) -> None:
    canvas.solid(oval(0, -64.5, 32, 28.5), actor.colour)


def nostrils(canvas: Canvas, x: float, y: float, size: float = 2.2) -> None:
    canvas.path(oval(-x, y, size, 1.3 * size) + oval(x, y, size, 1.3 * size), "#7d3f4e")


def puffs(canvas: Canvas, centres: list[Point], radius: float, colour: str) -> None:
    """Draw a cloud: round puffs with one outline about them all."""
    d = "".join(oval(x, y, radius) for x, y in centres)
    canvas.solid(d, colour, 5.0)
    canvas.path(d, colour)


def mouth_patch(canvas: Canvas, actor: Actor, y: float, always: bool = False) -> None:
    """Draw a pale patch for a mouth that would not show on a dark face."""
    if always or lightness(actor.colour) < 0.4:
        canvas.path(oval(0, y, 18, 10.5), actor.pale)


def pig_chin(canvas: Canvas, actor: Actor) -> None:
    mouth_patch(canvas, actor, -48)


def pig_ears(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.solid(blob([(side * 31, -70), (side * 36, -94), (side * 30, -106), (side * 8, -90)]), actor.colour)
        canvas.path(blob([(side * 28, -79), (side * 31, -93), (side * 27, -98), (side * 14, -89)]), PINK)


def pig_tail(canvas: Canvas, actor: Actor) -> None:
    canvas.limb("M-18 -16c-16 6 -24 -8 -15 -12s15 14 -13 11", actor.colour, 4)


def pig_snout(canvas: Canvas, actor: Actor) -> None:
    canvas.solid(oval(0, -60, 11.5, 8), mix(actor.pale, PINK, 0.5), 2)
    nostrils(canvas, 4.4, -60)


def cow_ears(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        points = [(side * 12, -86), (side * 20, -100), (side * 22, -113), (side * 31, -102), (side * 26, -84)]
        canvas.solid(blob(points), HORN)
        with canvas.moved(side * 34, -76, turn=side * 18):
            canvas.solid(oval(0, 0, 13, 8), actor.colour)
            canvas.path(oval(0, 1, 8, 4.4), PINK)


def _cow_patch(actor: Actor) -> str:
    return "#4a4650" if actor.thing.colour == "white" else "#fffaf0"


def cow_body(canvas: Canvas, actor: Actor) -> None:
    plump_body(canvas, actor)
    canvas.path(blob([(13, -43), (20.5, -34), (20, -25), (12, -28), (9, -36)]), _cow_patch(actor))
    canvas.path(blob([(-20, -28), (-14, -25), (-13, -15), (-18, -12), (-20.5, -20)]), _cow_patch(actor))


def cow_muzzle(canvas: Canvas, actor: Actor) -> None:
    canvas.path(blob([(1, -92), (14, -90), (26, -81), (20, -78.5), (6, -83)]), _cow_patch(actor))
    canvas.path(blob([(-31, -66), (-25, -77), (-22, -66), (-29, -56)]), _cow_patch(actor))
    canvas.solid(oval(0, -50, 23, 12.5), mix(actor.pale, "#ffb9b4", 0.6), 1.6)


def cow_nose(canvas: Canvas, actor: Actor) -> None:
    nostrils(canvas, 14.5, -54, 2.0)


def cow_tail(canvas: Canvas, actor: Actor) -> None:
    canvas.limb("M-16 -16Q-34 -18 -36 -34", actor.colour, 4)
    canvas.solid(blob([(-36, -31), (-43, -38), (-37, -50), (-30, -38)]), actor.deep)


def sheep_body(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.solid(oval(side * 11, -4.5, 8.5, 5.5), _sheep_skin(actor))
    ring = [(-17.0, -14.0), (17.0, -14.0), (-20.0, -27.0), (20.0, -27.0), (-13.0, -38.0), (13.0, -38.0), (0.0, -10.0)]
    puffs(canvas, ring, 8.5, actor.colour)
    canvas.path(oval(0, -26, 20, 17), actor.colour)
    _curls(canvas, actor, ((-9, -20), (8, -16), (10, -29), (-2, -30)))


def _curls(canvas: Canvas, actor: Actor, places: tuple[Point, ...]) -> None:
    curls = "".join(f"M{x - 4} {y}q4 5.5 8 0" for x, y in places)
    canvas.path(curls, stroke=mix(actor.colour, outline(actor.colour), 0.55), width=2)


def _sheep_skin(actor: Actor) -> str:
    return mix(actor.pale, "#ffd0ae", 0.7)


def sheep_ears(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        with canvas.moved(side * 38, -63, turn=side * 32):
            canvas.solid(oval(0, 0, 12, 7), _sheep_skin(actor))
            canvas.path(oval(0, 1, 7, 3.6), PINK)


def sheep_head(canvas: Canvas, actor: Actor) -> None:
    ring = [(-27.0, -58.0), (27.0, -58.0), (-27.0, -72.0), (27.0, -72.0), (-19.0, -84.0), (19.0, -84.0)]
    puffs(canvas, [*ring, (0.0, -87.0), (-22.0, -47.0), (22.0, -47.0)], 9.5, actor.colour)
    canvas.solid(oval(0, -60.5, 26, 22.5), _sheep_skin(actor), 2)


def sheep_fringe(canvas: Canvas, actor: Actor) -> None:
    puffs(canvas, [(-13.0, -85.0), (0.0, -82.5), (13.0, -85.0)], 8.0, actor.colour)
    canvas.path(oval(0, -91, 23, 8), actor.colour)
    _curls(canvas, actor, ((-10, -90), (10, -90), (0, -86)))


def sheep_nose(canvas: Canvas, actor: Actor) -> None:
    canvas.path("M-3.4 -58.5h6.8l-3.4 4z", "#b3576a", "#b3576a", 1.4)


def _bill(actor: Actor) -> str:
    return "#ffcf33" if actor.thing.colour in ("orange", "red") else BEAK


def bird_feet(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.solid(oval(side * 11, -3, 10, 4.6), _bill(actor))


def duck_body(canvas: Canvas, actor: Actor) -> None:
    bird_feet(canvas, actor)
    canvas.solid(oval(0, -27, 25, 24), actor.colour)
    canvas.path(oval(0, -20, 16, 15), actor.pale)


def duck_tail(canvas: Canvas, actor: Actor) -> None:
    canvas.solid(blob([(-12, -8), (-32, -14), (-46, -32), (-34, -31), (-18, -30)]), actor.colour)


def duck_tuft(canvas: Canvas, actor: Actor) -> None:
    canvas.limb("M0 -91C-2 -104 10 -106 11 -98", actor.colour, 5)
    canvas.limb("M-3 -91Q-8 -98 -14 -98", actor.colour, 4)


def duck_bill(canvas: Canvas, actor: Actor) -> None:
    canvas.solid(blob([(0, -62), (14, -58), (27, -53), (24, -43), (0, -39.5), (-24, -43), (-27, -53), (-14, -58)]),
                 _bill(actor), 2.2)  # fmt: skip


def duck_nose(canvas: Canvas, actor: Actor) -> None:
    canvas.path(oval(-4.5, -59, 1.5, 1.1) + oval(4.5, -59, 1.5, 1.1), outline(_bill(actor)))


def chick_body(canvas: Canvas, actor: Actor) -> None:
    canvas.solid(oval(0, -28, 25, 24), actor.colour)


def chick_shell(canvas: Canvas, actor: Actor) -> None:
    shell = SHELL if actor.thing.colour != "white" else "#cfe3ee"
    edge = "".join(f"L{x} {y}" for x, y in ((-20, -20), (-12, -29), (-4, -20), (4, -29), (12, -20), (20, -29)))
    with canvas.tagged("shell"):
        canvas.solid(f"M-29 -29{edge}L29 -23Q28 -1 0 -1Q-29 -1 -29 -29z", shell)
        canvas.path(oval(-14, -10, 2.6) + oval(15, -13, 2.2) + oval(3, -8, 1.8), mix(shell, "#c98f5a", 0.5))


def chick_tuft(canvas: Canvas, actor: Actor) -> None:
    for turn, length in ((-30, 12), (0, 17), (30, 12)):
        with canvas.moved(0, -90, turn=turn + 5 * actor.vary):
            canvas.solid(oval(0, -length / 2, 4.4, length / 2 + 2), actor.colour)


def chick_head(canvas: Canvas, actor: Actor) -> None:
    canvas.solid(oval(0, -64, 32, 29), actor.colour)


def chick_beak(canvas: Canvas, actor: Actor) -> None:
    canvas.solid("M-6.5 -60.5q6.5 -6 13 0l-6.5 6.5z", _bill(actor), 1.6)


_COW_FACE = Face(mouth_y=-49.5, mouth=9, blush_x=24.5, blush_y=-60)
FIGURES |= {
    "pig": Figure(
        behind=pig_tail,
        ears=pig_ears,
        head=tall_head,
        muzzle=pig_chin,
        nose=pig_snout,
        face=Face(eye_x=15.5, eye_y=-70, mouth_y=-47, mouth=9, blush_x=22.5),
    ),
    "cow": Figure(
        behind=cow_tail, body=cow_body, ears=cow_ears, head=tall_head, muzzle=cow_muzzle, nose=cow_nose, face=_COW_FACE
    ),
    "sheep": Figure(
        body=sheep_body,
        ears=sheep_ears,
        head=sheep_head,
        nose=sheep_nose,
        front=sheep_fringe,
        face=Face(eye_x=12, eye_y=-65, eye=6.8, mouth_y=-49, mouth=8.5, blush_x=18.5, blush_y=-54, brow=1.5, tears=15),
        skin=_sheep_skin,
        top=-96,
    ),
    "duck": Figure(
        behind=duck_tail,
        body=duck_body,
        ears=duck_tuft,
        muzzle=duck_bill,
        nose=duck_nose,
        face=Face(eye_y=-70, mouth_y=-50.5, mouth=9, blush_x=23.5, blush_y=-61.5, brow=1.6, tears=14),
    ),
    "chick": Figure(
        body=chick_body,
        ears=chick_tuft,
        head=chick_head,
        muzzle=pig_chin,
        nose=chick_beak,
        front=chick_shell,
        face=Face(mouth_y=-47.5, mouth=8),
    ),
}
