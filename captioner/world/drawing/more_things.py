"""Things of the house and the yard, a castle, and the sign that says up to eight letters."""

from __future__ import annotations

from captioner.world.drawing.colours import INK, lightness, mix, outline
from captioner.world.drawing.figures import actor_of
from captioner.world.drawing.letters import HEIGHT, line_width, strokes_of
from captioner.world.drawing.shapes import Canvas, blob, blossom, box, oval, polygon, star
from captioner.world.drawing.things import THINGS
from captioner.world.scene import Thing

WOOD = "#9a6a41"
GOLD = "#ffd34e"


def draw_teapot(canvas: Canvas, thing: Thing) -> None:
    pot = actor_of(thing)
    with canvas.tagged("handle"):
        canvas.limb("M-30 -62C-58 -64 -56 -22 -30 -24", pot.colour, 7)
    with canvas.tagged("spout"):
        canvas.solid(
            blob([(24, -24), (38, -34), (42, -56), (54, -66), (58, -60), (50, -50), (48, -30), (28, -12)]), pot.colour
        )
    with canvas.tagged("pot"):
        canvas.solid(oval(0, -4.5, 22, 4.5), pot.deep)
        canvas.solid(oval(0, -39, 38, 35), pot.colour)
        canvas.path(blob([(-27, -48), (-21, -60), (-12, -65), (-19, -54)]), mix(pot.colour, "#ffffff", 0.55))
        heart_colour = GOLD if thing.colour != "yellow" else "#b5652a"
        blossom(canvas, 2, -33, 6.4, mix(pot.pale, "#ffffff", 0.5), heart_colour)
    with canvas.tagged("lid"):
        canvas.solid("M-25 -68Q-20 -82 0 -83Q20 -82 25 -68Q0 -62 -25 -68z", pot.colour)
        canvas.path("M-24 -68Q0 -62 24 -68", stroke=pot.pale, width=3.4)
        canvas.solid(oval(0, -88, 7), pot.pale)


def draw_ball(canvas: Canvas, thing: Thing) -> None:
    """Draw a bouncing ball with a pale belt and a star on it."""
    ball = actor_of(thing)
    pale = mix(ball.pale, "#ffffff", 0.6) if thing.colour != "white" else "#cfd6e6"
    with canvas.tagged("ball"):
        canvas.solid(oval(0, -42, 42), ball.colour, 3)
        with canvas.moved(0, -42, turn=-18 + 6 * ball.vary):
            belt = "M-38.7 -12Q0 5 38.7 -12Q41 -2 40 8Q0 27 -40 8Q-41 -2 -38.7 -12z"
            canvas.path(belt, pale, outline(ball.colour), 1.8)
            canvas.path(star(0, 7, 10.5), GOLD if thing.colour != "yellow" else "#e2403f", "#8a5a1c", 1.6)
        canvas.path(blob([(-28, -60), (-21, -71), (-9, -76), (-18, -66)]), mix(ball.colour, "#ffffff", 0.6))


def draw_box(canvas: Canvas, thing: Thing) -> None:
    """Draw an open cardboard box; its flaps tell it from a gift."""
    carton = actor_of(thing)
    with canvas.tagged("flaps"):
        canvas.solid(polygon([(-38, -58), (-24, -72), (24, -72), (38, -58)]), mix(carton.colour, "#241c38", 0.42))
        for side in (-1, 1):
            flap = [(side * 38, -58), (side * 24, -72), (side * 42, -86), (side * 56, -70)]
            canvas.solid(polygon(flap), carton.deep)
    with canvas.tagged("box"):
        canvas.solid(box(-38, -58, 76, 57), carton.colour, 3)
        canvas.path(polygon([(-7, -57), (7, -57), (7, -38), (4, -41), (0, -38), (-4, -41), (-7, -38)]), carton.pale)
        for x in (14, 26):
            canvas.path(f"M{x} -9V-22M{x - 4} -17.5L{x} -22.5L{x + 4} -17.5", stroke=outline(carton.colour), width=2.4)
    with canvas.tagged("flaps"):
        canvas.solid(polygon([(-38, -58), (38, -58), (44, -46), (-44, -46)]), mix(carton.colour, carton.pale, 0.35))


def draw_gift(canvas: Canvas, thing: Thing) -> None:
    gift = actor_of(thing)
    ribbon = GOLD if thing.colour not in ("yellow", "orange", "brown") else "#e2403f"
    if thing.colour in ("red", "white", "orange"):
        ribbon = {"red": GOLD, "white": "#e2403f", "orange": "#8f58d4"}[thing.colour]
    with canvas.tagged("box"):
        canvas.solid(box(-33, -54, 66, 53, 3), gift.colour)
        canvas.path(box(-7, -54, 14, 52), ribbon, outline(ribbon), 1.6)
        canvas.solid(box(-39, -66, 78, 18, 3), gift.colour)
        canvas.path(box(-7, -65, 14, 16), ribbon, outline(ribbon), 1.6)
    with canvas.tagged("bow"):
        for side in (-1, 1):
            points = [(0, -68), (side * 12, -90), (side * 31, -94), (side * 33, -78), (side * 16, -67)]
            canvas.solid(blob(points), ribbon)
            canvas.path(blob([(side * 9, -74), (side * 17, -84), (side * 25, -85), (side * 19, -76)]), outline(ribbon))
        canvas.solid(oval(0, -72, 8, 7), ribbon)


def draw_lamp(canvas: Canvas, thing: Thing) -> None:
    lamp = actor_of(thing)
    with canvas.tagged("light"):
        canvas.path(oval(0, -62, 52, 46), "#fff3a8", opacity=0.3)
    with canvas.tagged("stand"):
        canvas.solid(oval(0, -6, 24, 6), lamp.deep)
        canvas.solid(
            blob([(-5, -48), (5, -48), (6, -36), (14, -22), (9, -9), (-9, -9), (-14, -22), (-6, -36)]), lamp.colour
        )
        canvas.path(oval(-5, -22, 2.6, 5), mix(lamp.colour, "#ffffff", 0.5))
    with canvas.tagged("bulb"):
        canvas.solid(oval(0, -49, 13, 8), "#ffe77a", 2)
    with canvas.tagged("shade"):
        canvas.solid("M-20 -98Q0 -102 20 -98L41 -52Q0 -44 -41 -52z", lamp.colour)
        canvas.path("M-40 -54Q0 -46 40 -54", stroke=lamp.pale, width=4.4)
        canvas.path("M-19.5 -96Q0 -100 19.5 -96", stroke=lamp.pale, width=3)
    with canvas.tagged("stand"):
        canvas.path("M23 -46V-33", stroke="#8a7a5a", width=2)
        canvas.solid(oval(23, -31, 3), GOLD, 1.6)


def draw_chair(canvas: Canvas, thing: Thing) -> None:
    """Draw a wooden chair, painted, with a cushion."""
    chair = actor_of(thing)
    with canvas.tagged("legs"):
        for x in (-21, 21):
            canvas.limb(f"M{x} -38L{x * 1.02} -9", chair.deep, 6)
    with canvas.tagged("back"):
        for side in (-1, 1):
            canvas.limb(f"M{side * 28} -96L{side * 30} -40", chair.colour, 8)
        for x in (-14, 0, 14):
            canvas.limb(f"M{x} -86V-46", chair.colour, 5)
        canvas.solid("M-33 -86Q-35 -104 -22 -104H22Q35 -104 33 -86Q0 -80 -33 -86z", chair.colour)
    with canvas.tagged("seat"):
        canvas.solid("M-31 -50H31L40 -36Q40 -29 35 -29H-35Q-40 -29 -40 -36z", chair.colour)
        cushion = mix(chair.pale, "#ffffff", 0.3)
        canvas.solid("M-27 -54Q0 -58 27 -54Q35 -42 31 -39Q0 -35 -31 -39Q-35 -42 -27 -54z", cushion)
    with canvas.tagged("legs"):
        for side in (-1, 1):
            canvas.limb(f"M{side * 34} -29V-4", chair.colour, 8)
        canvas.limb("M-30 -16H30", chair.colour, 4)


def _battlements(x: float, y: float, teeth: int, size: float) -> str:
    """Return a row of battlements on a wall, by its bottom left corner."""
    top = "".join(f"v{-size:.2f}h{size:.2f}v{size:.2f}h{0.7 * size:.2f}" for _ in range(teeth - 1))
    width = teeth * size + (teeth - 1) * 0.7 * size
    return f"M{x} {y}v{-size:.2f}{top}v{-size:.2f}h{size:.2f}v{2 * size:.2f}h{-width:.2f}z"


def draw_castle(canvas: Canvas, thing: Thing) -> None:
    castle = actor_of(thing)
    roof = "#8f58d4" if thing.colour not in ("purple", "blue", "pink") else "#f2a23c"
    window = "#5b4a6b" if lightness(castle.colour) > 0.3 else "#ffe58a"
    with canvas.tagged("keep"):
        canvas.path("M0 -98V-116", stroke="#6b5646", width=3)
        canvas.solid(polygon([(0, -117), (18, -111), (0, -105)]), "#ef5350" if thing.colour != "red" else GOLD, 2)
        canvas.solid(_battlements(-18, -80, 3, 8.2), castle.colour)
        canvas.solid(box(-18, -82, 36, 60), castle.colour)
        canvas.path(box(-16.5, -83, 33, 5), castle.colour)
        canvas.path("M-4.5 -62v-8q0 -5 4.5 -5t4.5 5v8z", window)
    with canvas.tagged("wall"):
        canvas.solid(_battlements(-26, -46, 4, 8.5), castle.colour)
        canvas.solid(box(-34, -46, 68, 45), castle.colour)
        canvas.path(box(-25, -48, 50, 5), castle.colour)
        bricks = "M-18 -36h8M10 -39h8M-16 -14h-6M17 -20h6"
        canvas.path(bricks, stroke=castle.deep, width=2.4)
    with canvas.tagged("towers"):
        for side in (-1, 1):
            canvas.solid(box(side * 36 - 11, -66, 22, 65), castle.colour)
            canvas.path(f"M{side * 36 - 3.6} -44v-7q0 -4.4 3.6 -4.4t3.6 4.4v7z", window)
            canvas.path(f"M{side * 36 - 6} -28h6M{side * 36 + 1} -16h6", stroke=castle.deep, width=2.4)
    with canvas.tagged("roof"):
        for side in (-1, 1):
            canvas.solid(polygon([(side * 36 - 15, -64), (side * 36, -95), (side * 36 + 15, -64)]), roof)
    with canvas.tagged("gate"):
        canvas.solid("M-12 -1v-18q0 -13 12 -13t12 13v18z", "#7d5233")
        canvas.path("M-4 -3v-27M4 -3v-27M-11 -17h22", stroke="#55361f", width=2)


def draw_sign(canvas: Canvas, thing: Thing) -> None:
    """Draw a board on two posts; its words fill it, in one line or, from six letters on, in smaller ones."""
    board = actor_of(thing)
    with canvas.tagged("posts"):
        for x in (-27, 27):
            canvas.solid(box(x - 4.5, -44, 9, 43, 2), WOOD)
        for x, turn in ((-35, -20), (-20, 18), (20, -14), (35, 22)):
            with canvas.moved(x, -1, turn=turn):
                canvas.path("M0 0Q-2 -7 0 -12Q3 -6 0 0z", "#3f9142")
    with canvas.tagged("board"):
        canvas.solid(box(-52, -94, 104, 54, 7), board.colour, 3)
        canvas.path(box(-47.5, -89.5, 95, 45, 5), stroke=board.pale, width=2.4)
        canvas.path(oval(-43, -85, 1.6) + oval(43, -85, 1.6) + oval(-43, -49, 1.6) + oval(43, -49, 1.6), board.deep)
    if not thing.words:
        return
    ink = INK if lightness(board.colour) > 0.5 else "#fffaf0"
    scale = min(2.9, 84 / max(line_width(thing.words), 1.0))
    with canvas.tagged("words"):
        left = -line_width(thing.words) * scale / 2
        for step, strokes in strokes_of(thing.words):
            with canvas.moved(left + step * scale, -67 - HEIGHT * scale / 2, scale):
                canvas.path(strokes, stroke=ink, width=2.6 if scale < 2 else 1.9)


THINGS |= {
    "teapot": draw_teapot,
    "ball": draw_ball,
    "box": draw_box,
    "gift": draw_gift,
    "lamp": draw_lamp,
    "chair": draw_chair,
    "castle": draw_castle,
    "sign": draw_sign,
}
