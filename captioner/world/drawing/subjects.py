"""The core animals and figures."""

from __future__ import annotations

from captioner.world.drawing.colours import INK, mix, outline
from captioner.world.drawing.faces import Face
from captioner.world.drawing.figures import FIGURES, Actor, Figure
from captioner.world.drawing.shapes import Canvas, blob, box, oval, polygon, star

BEAK = "#f7a12c"


def muzzle(canvas: Canvas, actor: Actor) -> None:
    canvas.path(oval(0, -52, 17, 11.5), actor.pale)


def button_nose(canvas: Canvas, actor: Actor) -> None:
    canvas.path(oval(0, -60.5, 4.2, 3.0), INK)


def pink_nose(canvas: Canvas, actor: Actor) -> None:
    canvas.path("M-3.6 -62h7.2l-3.6 4.4z", "#e8607f", "#e8607f", 1.4)


def bunny_ears(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        with canvas.moved(side * 13, -84, turn=side * (9 + 4 * actor.vary)):
            canvas.solid(oval(0, -18, 8.6, 23), actor.colour)
            canvas.path(oval(0, -17, 4.4, 16), "#ffb3c4")


def bunny_tail(canvas: Canvas, actor: Actor) -> None:
    canvas.solid(oval(-22, -12, 8), actor.pale)


def pointed_ears(canvas: Canvas, actor: Actor) -> None:
    lean = 2 * actor.vary
    for side in (-1, 1):
        canvas.solid(polygon([(side * 29, -70), (side * (25 + lean), -108), (side * 5, -88)]), actor.colour, 3.2)
        canvas.path(polygon([(side * 24.5, -82), (side * (23 + lean), -99), (side * 12, -88)]), "#ffb3c4")


def cat_tail(canvas: Canvas, actor: Actor) -> None:
    canvas.limb("M-14 -10C-36 -2 -42 -16 -36 -34", actor.colour, 7.5)


def whiskers(canvas: Canvas, actor: Actor) -> None:
    pink_nose(canvas, actor)
    tone = outline(actor.colour)
    for side in (-1, 1):
        lines = f"M{side * 19} -54l{side * 9.5} -2.5M{side * 19} -50l{side * 8} 1"
        canvas.path(lines, stroke=tone, width=1.7)


def floppy_ears(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        points = [
            (side * 17, -91),
            (side * 32, -84),
            (side * 39, -62),
            (side * 34, -47),
            (side * 27, -56),
            (side * 25, -74),
        ]
        canvas.solid(blob(points), actor.deep)


def dog_muzzle(canvas: Canvas, actor: Actor) -> None:
    canvas.path(oval(13, -69, 11, 12), actor.pale)
    canvas.path(oval(0, -51, 18, 12), actor.pale)


def dog_nose(canvas: Canvas, actor: Actor) -> None:
    canvas.path(oval(0, -60, 5.8, 4.0), INK)


def dog_tail(canvas: Canvas, actor: Actor) -> None:
    canvas.limb("M-16 -16Q-32 -18 -35 -34", actor.colour, 6.5)


def bear_ears(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.solid(oval(side * 23, -88, 11.5), actor.colour)
        canvas.path(oval(side * 23, -87, 6), actor.pale)


def fox_ears(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.solid(polygon([(side * 31, -72), (side * 29, -117), (side * 3, -87)]), actor.colour, 3.2)
        canvas.path(polygon([(side * 29.4, -104), (side * 29, -117), (side * 21, -108)]), "#3b3040", "#3b3040", 2)


def fox_head(canvas: Canvas, actor: Actor) -> None:
    points = [
        (0, -92),
        (22, -86),
        (30, -68),
        (37, -52),
        (18, -43),
        (0, -38),
        (-18, -43),
        (-37, -52),
        (-30, -68),
        (-22, -86),
    ]
    canvas.solid(blob(points), actor.colour)


def fox_cheeks(canvas: Canvas, actor: Actor) -> None:
    white = mix(actor.pale, "#ffffff", 0.55)
    for side in (-1, 1):
        points = [(0, -60), (side * 17, -59), (side * 34, -52.5), (side * 18, -45), (0, -40)]
        canvas.path(blob(points), white)


def fox_tail(canvas: Canvas, actor: Actor) -> None:
    canvas.solid(blob([(-10, -10), (-30, -4), (-46, -20), (-45, -46), (-34, -34), (-22, -26)]), actor.colour)
    canvas.path(blob([(-46, -28), (-45, -46), (-37, -37), (-39, -28)]), "#fffaf0")


def owl_tufts(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.solid(blob([(side * 29, -74), (side * 33, -104), (side * 20, -94), (side * 8, -86)]), actor.deep)


def owl_discs(canvas: Canvas, actor: Actor) -> None:
    pale = mix(actor.pale, "#ffffff", 0.3)
    canvas.path(oval(-13.5, -67, 15.5, 16) + oval(13.5, -67, 15.5, 16), actor.deep)
    canvas.path(oval(-13.5, -67, 13.6, 14), pale)
    canvas.path(oval(13.5, -67, 13.6, 14), pale)
    canvas.path(oval(0, -49, 14, 9), pale)


def owl_beak(canvas: Canvas, actor: Actor) -> None:
    canvas.path("M-5 -64.5h10l-5 9.5z", BEAK, outline(BEAK), 1.4)


def owl_body(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.solid(oval(side * 9, -3, 7, 4), BEAK)
    canvas.solid(oval(0, -27, 25, 24), actor.colour)
    canvas.path(oval(0, -22, 16, 17), actor.pale)
    scallops = "".join(f"M{x - 4} {y}q4 5 8 0" for x, y in ((-6, -26), (6, -26), (0, -18), (-6, -11), (6, -11)))
    canvas.path(scallops, stroke=actor.colour, width=2.4)


def frog_head(canvas: Canvas, actor: Actor) -> None:
    canvas.solid(oval(-16, -82, 13.5, 13), actor.colour)
    canvas.solid(oval(16, -82, 13.5, 13), actor.colour)
    canvas.solid(oval(0, -62, 34, 23), actor.colour)
    canvas.path(oval(-16, -79, 11.6, 13) + oval(16, -79, 11.6, 13), actor.colour)


def frog_muzzle(canvas: Canvas, actor: Actor) -> None:
    canvas.path(oval(0, -54, 26, 12.5), actor.pale)


def frog_body(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.solid(oval(side * 21, -14, 10, 13), actor.colour)
        canvas.solid(blob([(side * 8, -6), (side * 34, -6), (side * 37, 0), (side * 8, 0)]), actor.colour)
    canvas.solid(oval(0, -24, 20, 22), actor.colour)
    canvas.path(oval(0, -20, 13.5, 16), actor.pale)


def penguin_body(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.solid(oval(side * 11, -3, 10, 4.6), BEAK)
    canvas.solid(oval(0, -28, 25, 26), actor.colour)
    canvas.path(oval(0, -24, 17.5, 21), _belly(actor))


def _belly(actor: Actor) -> str:
    return "#fffdf8" if actor.thing.colour != "white" else "#dfe6f2"


def penguin_mask(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.path(oval(side * 11.5, -66, 14, 16), _belly(actor))
    canvas.path(oval(0, -54, 22, 13), _belly(actor))


def penguin_beak(canvas: Canvas, actor: Actor) -> None:
    canvas.path("M-7.5 -61.5q7.5 -6.5 15 0l-7.5 6z", BEAK, outline(BEAK), 1.4)


def robot_antenna(canvas: Canvas, actor: Actor) -> None:
    canvas.path("M0 -90V-106", stroke="#5d6474", width=4)
    canvas.solid(oval(0, -109, 6), "#ffcf3f")
    for side in (-1, 1):
        canvas.solid(box(side * 34 - 5, -74, 10, 17, 3), "#8f97a8")


def robot_head(canvas: Canvas, actor: Actor) -> None:
    canvas.solid(box(-32, -93, 64, 53, 9), actor.colour)


def robot_screen(canvas: Canvas, actor: Actor) -> None:
    canvas.path(box(-26, -87, 52, 43, 7), mix(actor.pale, "#dff4ff", 0.6), actor.deep, 1.6)


def robot_body(canvas: Canvas, actor: Actor) -> None:
    for side in (-1, 1):
        canvas.solid(box(side * 11 - 8, -10, 16, 10, 3), "#8f97a8")
    canvas.solid(box(-21, -44, 42, 36, 5), actor.colour)
    canvas.path(box(-14, -36, 28, 20, 4), actor.pale)
    for x, tone in ((-8, "#ef5350"), (0, "#ffca3a"), (8, "#43c46b")):
        canvas.path(oval(x, -26, 3.2), tone)


SKIN = "#ffd9b8"


def wizard_body(canvas: Canvas, actor: Actor) -> None:
    canvas.solid("M-17 -44h34l14 42q-31 5 -62 0z", actor.colour)
    canvas.path("M-30 -7q30 5 60 0l1 5q-31 5 -62 0z", "#ffd75a")


def wizard_head(canvas: Canvas, actor: Actor) -> None:
    beard = [(-30, -64), (-31, -48), (-20, -31), (0, -21), (20, -31), (31, -48), (30, -64), (0, -78)]
    canvas.solid(blob(beard), "#f7f3ee")
    canvas.solid(oval(0, -69, 28, 22), SKIN)
    canvas.path(
        blob([(-31, -56), (-16, -57), (0, -60), (16, -57), (31, -56), (20, -34), (0, -24), (-20, -34)]), "#f7f3ee"
    )


def wizard_hat(canvas: Canvas, actor: Actor) -> None:
    if actor.wears("hat"):
        return
    canvas.solid(blob([(-25, -84), (-9, -112), (7 + 3 * actor.vary, -126), (9, -112), (25, -84)]), actor.colour)
    canvas.path(star(0, -98, 7.5), "#ffd75a")
    canvas.solid(oval(0, -84, 36, 5.6), actor.colour)


def wizard_nose(canvas: Canvas, actor: Actor) -> None:
    canvas.path(oval(0, -59.5, 4.4, 3.4), "#f2a98a")


FIGURES |= {
    "bunny": Figure(behind=bunny_tail, ears=bunny_ears, muzzle=muzzle, nose=pink_nose),
    "cat": Figure(behind=cat_tail, ears=pointed_ears, muzzle=muzzle, nose=whiskers),
    "dog": Figure(behind=dog_tail, front=floppy_ears, muzzle=dog_muzzle, nose=dog_nose, face=Face(eye_x=12)),
    "bear": Figure(ears=bear_ears, muzzle=muzzle, nose=button_nose),
    "fox": Figure(behind=fox_tail, ears=fox_ears, head=fox_head, muzzle=fox_cheeks, nose=button_nose),
    "owl": Figure(
        body=owl_body,
        ears=owl_tufts,
        muzzle=owl_discs,
        nose=owl_beak,
        face=Face(eye_x=13.5, eye_y=-68, eye=8.4, mouth_y=-48, mouth=8, blush_x=21, tears=13),
        skin=lambda actor: actor.pale,
        arm=lambda actor: actor.deep,
    ),
    "frog": Figure(
        body=frog_body,
        head=frog_head,
        muzzle=frog_muzzle,
        face=Face(eye_x=16, eye_y=-79, eye=8.4, mouth_y=-54, mouth=14, blush_x=25, blush_y=-62, brow=1.3),
    ),
    "penguin": Figure(
        body=penguin_body,
        muzzle=penguin_mask,
        nose=penguin_beak,
        face=Face(eye_x=12.5, mouth_y=-49, mouth=8.5),
        skin=_belly,
    ),
    "robot": Figure(
        ears=robot_antenna,
        head=robot_head,
        muzzle=robot_screen,
        body=robot_body,
        face=Face(eye_y=-70, mouth_y=-53, blush_x=19.5),
        skin=lambda actor: "#dff4ff",
        arm=lambda actor: "#8f97a8",
    ),
    "wizard": Figure(
        body=wizard_body,
        head=wizard_head,
        nose=wizard_nose,
        front=wizard_hat,
        face=Face(eye_x=12, eye_y=-68, eye=6.6, blush_x=21, blush_y=-60),
        skin=lambda actor: SKIN,
    ),
}
