"""Eyes, brows and mouths for the five moods, bold enough to read on a face 24 pixels wide.

Everything here stays inside the head it is drawn on: a change of mood changes nothing but the face.
"""

from __future__ import annotations

from dataclasses import dataclass

from captioner.world.drawing.colours import INK, lightness
from captioner.world.drawing.shapes import Canvas, oval

HEARTBROKEN, SAD, CALM, HAPPY, OVERJOYED = range(5)
TEAR = "#5cc3f5"


@dataclass(frozen=True)
class Face:
    """Where the features of a head are; `eye` is half the height of an open eye."""

    eye_x: float = 13.0
    eye_y: float = -68.0
    eye: float = 7.2
    mouth_y: float = -50.0
    mouth: float = 10.0
    blush_x: float = 20.5
    blush_y: float = -57.0
    brow: float = 1.75
    """How far the brows are above the eyes, in eyes."""
    tears: float = 17.0


def draw_face(canvas: Canvas, face: Face, mood: int, skin: str) -> None:
    """Draw a mood's features; `skin` is the colour behind the eyes, against which lines must show."""
    line = INK if lightness(skin) > 0.42 else "#fff3df"
    if mood in (HAPPY, OVERJOYED):
        for side in (-1, 1):
            blush = oval(side * face.blush_x, face.blush_y, 5.6 if mood == OVERJOYED else 4.6, 3.6)
            canvas.path(blush, "#ff6f91", opacity=0.9 if mood == OVERJOYED else 0.75)
    for side in (-1, 1):
        _EYES[mood](canvas, face, side, line)
    _MOUTHS[mood](canvas, 0.0, face.mouth_y, face.mouth)


def _crying_eye(canvas: Canvas, face: Face, side: int, line: str) -> None:
    x, y, r = side * face.eye_x, face.eye_y + 1, face.eye
    canvas.path(f"M{x - r} {y - 1}q{r} {1.25 * r} {2 * r} 0", stroke=line, width=3.6)
    canvas.path(
        f"M{x - side * r * 0.9} {y - face.brow * r}L{x + side * r * 0.9} {y - (face.brow - 0.8) * r}",
        stroke=line,
        width=3.6,
    )
    top, length = y + 3.5, face.tears
    canvas.path(f"M{x - 3.4} {top}h6.8l1.2 {length}q-4.6 4.5 -9.2 0z", TEAR, "#2c8fd0", 1.2)


def _sad_eye(canvas: Canvas, face: Face, side: int, line: str) -> None:
    x, y, r = side * face.eye_x, face.eye_y + 1, face.eye
    _open_eye(canvas, x, y, r, look_down=1.6)
    canvas.path(
        f"M{x - side * r} {y - face.brow * r}L{x + side * r} {y - (face.brow - 0.6) * r}", stroke=line, width=3.4
    )
    if side == 1:
        tx, ty = x + 2, y + r + 4.5
        canvas.path(f"M{tx} {ty - 5.5}q5.6 7 0 9.5q-5.6 -2.5 0 -9.5z", TEAR, "#2c8fd0", 1.0)


def _calm_eye(canvas: Canvas, face: Face, side: int, line: str) -> None:
    x, y, r = side * face.eye_x, face.eye_y, face.eye
    _open_eye(canvas, x, y, r * 0.92)


def _happy_eye(canvas: Canvas, face: Face, side: int, line: str) -> None:
    _open_eye(canvas, side * face.eye_x, face.eye_y, face.eye * 1.12)


def _joyful_eye(canvas: Canvas, face: Face, side: int, line: str) -> None:
    x, y, r = side * face.eye_x, face.eye_y + 2, face.eye
    canvas.path(f"M{x - r} {y + 1.5}q{r} {-2.1 * r} {2 * r} 0", stroke=line, width=4.2)


def _open_eye(canvas: Canvas, x: float, y: float, r: float, look_down: float = 0.0) -> None:
    canvas.path(oval(x, y, 0.92 * r, r), "#ffffff", "#4b4358", 1.0)
    canvas.path(oval(x, y + 0.4 + look_down, 0.68 * r, 0.76 * r), INK)
    canvas.path(oval(x + 0.24 * r, y - 0.3 * r + look_down, 0.28 * r), "#ffffff")


def _wail(canvas: Canvas, x: float, y: float, w: float) -> None:
    canvas.path(f"M{x - w} {y + 5.5}q0 {-13} {w} -13q{w} 0 {w} 13q{-w} -5 {-2 * w} 0z", "#7a2036", INK, 1.8)


def _frown(canvas: Canvas, x: float, y: float, w: float) -> None:
    canvas.path(f"M{x - 0.9 * w} {y + 4}q{0.9 * w} -11 {1.8 * w} 0", stroke=INK, width=3.4)


def _straight(canvas: Canvas, x: float, y: float, w: float) -> None:
    canvas.path(f"M{x - 0.65 * w} {y}h{1.3 * w}", stroke=INK, width=3.2)


def _smile(canvas: Canvas, x: float, y: float, w: float) -> None:
    canvas.path(f"M{x - w} {y - 3}q{w} 13 {2 * w} 0", stroke=INK, width=3.6)


def _laugh(canvas: Canvas, x: float, y: float, w: float) -> None:
    w *= 1.12
    canvas.path(f"M{x - w} {y - 4.5}h{2 * w}q-0.5 14.5 {-w} 14.5q{-w + 0.5} 0 {-w} -14.5z", "#8c1f38", INK, 1.8)
    canvas.path(oval(x, y + 5.6, 0.5 * w, 3.2), "#ff7f96")


_EYES = (_crying_eye, _sad_eye, _calm_eye, _happy_eye, _joyful_eye)
_MOUTHS = (_wail, _frown, _straight, _smile, _laugh)
