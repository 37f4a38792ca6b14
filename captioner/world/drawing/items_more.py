"""More to wear and to hold: crown, bow, umbrella, lantern, flag. Importing it fills `WORN` and `HELD`."""

from __future__ import annotations

from captioner.world.drawing.colours import mix, outline, paler
from captioner.world.drawing.items import HELD, WORN
from captioner.world.drawing.shapes import Canvas, blob, box, oval


def draw_crown(canvas: Canvas, colour: str, top: float, eye_x: float, eye_y: float) -> None:
    y = top + 8
    canvas.solid(f"M-21 {y}l-4 -27l13 11l12 -19l12 19l13 -11l-4 27q-21 5 -42 0z", colour)
    gems = "#fff3c4" if colour != "#fdfaf4" else "#ffd23f"
    canvas.path(oval(-25, y - 28, 3.2) + oval(0, y - 36, 3.4) + oval(25, y - 28, 3.2), gems, outline(colour), 1.6)
    canvas.path(oval(0, y - 7, 3.8) + oval(-12.5, y - 7.6, 2.8) + oval(12.5, y - 7.6, 2.8), gems)


def draw_bow(canvas: Canvas, colour: str, top: float, eye_x: float, eye_y: float) -> None:
    with canvas.moved(-19, top + 9, turn=-20):
        for side in (-1, 1):
            loop = blob([(0, 0), (side * 13, -12), (side * 22, -9), (side * 22, 9), (side * 13, 11)])
            canvas.solid(loop, colour)
            canvas.path(f"M{side * 6} 0h{side * 8}", stroke=outline(colour), width=2)
        canvas.solid(oval(0, 0, 6.4, 7.4), mix(colour, "#ffffff", 0.2))


def draw_umbrella(canvas: Canvas, colour: str, x: float, y: float) -> None:
    side = 1 if x > 0 else -1
    cx, cy = x + side * 3, y - 54
    canvas.path(f"M{x} {y + 12}L{cx} {cy - 26}", stroke="#5b4a3d", width=3.2)
    canvas.solid(f"M{cx - 33} {cy}C{cx - 32} {cy - 38} {cx + 32} {cy - 38} {cx + 33} {cy}q-5.5 -6 -11 0q-5.5 -6 -11 0"
                 f"q-5.5 -6 -11 0t-11 0q-5.5 -6 -11 0q-5.5 -6 -11 0z", colour)  # fmt: skip
    rib = (
        f"M{cx} {cy - 28}Q{cx - 14} {cy - 20} {cx - 11} {cy - 1}M{cx} {cy - 28}Q{cx + 14} {cy - 20} {cx + 11} {cy - 1}"
    )
    canvas.path(rib, stroke=outline(colour), width=1.8)


def draw_lantern(canvas: Canvas, colour: str, x: float, y: float) -> None:
    side = 1 if x > 0 else -1
    cx = x + side * 4
    canvas.path(oval(cx, y + 22, 24), "#ffe27a", opacity=0.45)
    canvas.path(f"M{cx - 8} {y + 8}q8 -15 16 0", stroke="#4b4550", width=2.2)
    canvas.path(box(cx - 9.5, y + 10, 19, 22, 3), "#fff2a6", outline(colour), 2)
    canvas.path(f"M{cx} {y + 13}q8 9 0 15q-8 -6 0 -15z", "#ff9a2e")
    canvas.solid(f"M{cx - 12.5} {y + 11}l4 -7.5h17l4 7.5z", colour)
    canvas.solid(box(cx - 12.5, y + 30, 25, 6.5, 2), colour)
    canvas.path(f"M{cx - 9.5} {y + 11}v19M{cx + 9.5} {y + 11}v19", stroke=colour, width=3)


def draw_flag(canvas: Canvas, colour: str, x: float, y: float) -> None:
    side = 1 if x > 0 else -1
    canvas.path(f"M{x} {y + 26}V{y - 62}", stroke="#7a5a3c", width=3.4)
    canvas.path(oval(x, y - 64, 3.4), "#ffd23f", "#9a7a18", 1.4)
    cloth = f"M{x} {y - 60}q{side * 9} -7 {side * 18} -1t{side * 17} -2v26q{side * -8} 7 {side * -17} 2t{side * -18} 1z"
    canvas.solid(cloth, colour)
    band = f"M{x} {y - 47}q{side * 9} -7 {side * 18} -1t{side * 17} -2"
    canvas.path(band, stroke=paler(colour) if colour != "#fdfaf4" else "#e2403f", width=4.5)


WORN |= {"crown": draw_crown, "bow": draw_bow}
HELD |= {"umbrella": draw_umbrella, "lantern": draw_lantern, "flag": draw_flag}
