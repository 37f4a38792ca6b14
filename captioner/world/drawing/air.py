"""Light, weather and scenery that belongs to no place, and the signs of great joy round a thing."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from captioner.world.drawing.colours import mix, outline
from captioner.world.drawing.places import View
from captioner.world.drawing.shapes import Canvas, blossom, heart, oval, star

SKIES: dict[str, tuple[str, str, float]] = {
    "morning": ("#f4a6c0", "#ffe9b0", 0.84),
    "day": ("#ffffff", "#ffffff", 0.0),
    "evening": ("#6a4c9c", "#ffa05e", 0.86),
    "night": ("#111a44", "#36438a", 0.93),
}
"""time → the sky's top and bottom, and how far they replace the place's own."""
TINTS = {
    "morning": ("#ffc9a8", 0.26),
    "day": ("#ffffff", 0.0),
    "evening": ("#a5446a", 0.30),
    "night": ("#151d4e", 0.62),
}
SUBJECT_TINTS = {
    "morning": ("#ffd9a0", 0.07),
    "day": ("#ffffff", 0.0),
    "evening": ("#e0784a", 0.07),
    "night": ("#1d2660", 0.10),
}
RIMS = {"morning": "#fff0cf", "day": "#fffaf0", "evening": "#ffe0b0", "night": "#8f9ce0"}
"""The light round a thing's edge that sets it off from the place."""
GREYS = {"clear": 0.0, "rain": 0.45, "snow": 0.35, "cloudy": 0.28, "fog": 0.42}


def tint_of(time: str, weather: str) -> Callable[[str], str]:
    """Return how light and weather change the colours of a place."""
    tone, share = TINTS[time]
    grey = GREYS[weather] * (1.0 if weather == "fog" else 0.45)
    haze = {"morning": "#a89aa6", "day": "#8b9bab", "evening": "#7a6480", "night": "#1b2344"}[time]
    haze = mix(haze, "#ffffff", 0.5 if time != "night" else 0.2) if weather == "fog" else haze
    return lambda colour: mix(mix(colour, tone, share), haze, grey)


def subject_tint(time: str) -> Callable[[str], str]:
    tone, share = SUBJECT_TINTS[time]
    return lambda colour: mix(colour, tone, share)


def sky_colours(own: tuple[str, str], time: str, weather: str) -> str:
    top, bottom, share = SKIES[time]
    haze = {"morning": "#ab9bb0", "day": "#8fa0b4", "evening": "#6d5b7c", "night": "#1c2340"}[time]
    haze = mix(haze, "#ffffff", 0.5 if time != "night" else 0.2) if weather == "fog" else haze
    grey = GREYS[weather] * 1.5
    return "|".join(mix(mix(a, b, share), haze, grey) for a, b in zip(own, (top, bottom), strict=True))


def draw_lights(canvas: Canvas, view: View) -> None:
    """Draw sun, or moon and stars, unless clouds hide them."""
    if view.weather != "clear":
        return
    if view.time == "day":
        with canvas.tagged("", "sun"):
            canvas.path(oval(108, 19, 17), "#fff3b8", opacity=0.5)
            canvas.path(oval(108, 19, 11), "#ffdc4f")
        _cloud(canvas, 26 + view.rng.uniform(-8, 8), 20, 1.0, "#ffffff")
        _cloud(canvas, 72 + view.rng.uniform(-6, 6), 12, 0.7, "#ffffff")
    elif view.time == "morning":
        with canvas.tagged("", "sun"):
            canvas.path(oval(24, view.horizon - 24, 24), "#fff0a8", opacity=0.5)
            canvas.path(oval(24, view.horizon - 24, 14), "#ffcf5a")
        _cloud(canvas, 78 + view.rng.uniform(-8, 8), 18, 0.9, "#ffe3e3")
        _cloud(canvas, 110 + view.rng.uniform(-6, 6), 32, 0.6, "#ffd9d0")
    elif view.time == "evening":
        with canvas.tagged("", "sun"):
            canvas.path(oval(100, view.horizon - 26, 20), "#ffd27a", opacity=0.5)
            canvas.path(oval(100, view.horizon - 26, 13), "#ffe08a")
        _cloud(canvas, 30 + view.rng.uniform(-8, 8), 24, 0.9, "#f3a0a0")
    else:
        with canvas.tagged("", "stars"):
            canvas.path(
                "".join(
                    star(x, y, 2.6)
                    for x, y in ((12, 14), (34, 26), (52, 9), (74, 20), (88, 8), (22, 44), (119, 40), (6, 60))
                ),
                "#fff3c0",
            )
        with canvas.tagged("", "moon"):
            canvas.path(oval(106, 20, 16), "#5a68b0", opacity=0.5)
            canvas.path("M110 8a12.5 12.5 0 1 0 8 18a10.5 10.5 0 0 1 -8 -18z", "#fff0b0")


def draw_weather(canvas: Canvas, view: View) -> None:
    if view.weather == "clear":
        return
    tone = {"morning": "#9c93a8", "day": "#8694a8", "evening": "#7d6a8c", "night": "#454f7c"}[view.time]
    if view.weather == "fog":
        _draw_fog(canvas, view)
        return
    if view.weather == "snow":
        tone = mix(tone, "#ffffff", 0.35)
    if view.weather == "cloudy":
        _draw_overcast(canvas, view, tone)
        return
    for x, size in ((16, 1.25), (62, 1.45), (108, 1.25)):
        _cloud(canvas, x + view.rng.uniform(-5, 5), 13, size, tone)
    with canvas.tagged("", view.weather):
        spots = [
            (x + view.rng.uniform(-5, 5), y + view.rng.uniform(-6, 6))
            for x in range(6, 128, 15)
            for y in range(28, 128, 19)
        ]
        if view.weather == "rain":
            drops = "".join(f"M{x:.1f} {y:.1f}l-3 9" for x, y in spots)
            canvas.path(drops, stroke="#bfe3fa" if view.time != "day" else "#e4f4ff", width=1.7)
        else:
            flakes = "".join(oval(x, y, 2.0 if index % 3 else 2.8) for index, (x, y) in enumerate(spots))
            canvas.path(flakes, "#ffffff")


def _draw_overcast(canvas: Canvas, view: View, tone: str) -> None:
    """Draw two banks of cloud, the nearer one paler, and no rain."""
    pale = mix(tone, "#ffffff", 0.5 if view.time != "night" else 0.12)
    for x, y, size in ((2, 10, 1.5), (44, 6, 1.6), (88, 8, 1.6), (128, 12, 1.4)):
        _cloud(canvas, x + view.rng.uniform(-4, 4), y, size, tone)
    for x, y, size in ((22, 24, 1.15), (70, 20, 1.2), (112, 28, 1.1)):
        _cloud(canvas, x + view.rng.uniform(-5, 5), y, size, pale)


def _draw_fog(canvas: Canvas, view: View) -> None:
    """Draw long pale banks across the place; the nearer, the thinner."""
    tone = {"morning": "#f6e9e6", "evening": "#c9b3c4", "night": "#6b749c"}.get(view.time, "#eef1f4")
    for index, y in enumerate((-22, -4, 13, 30)):
        x = view.rng.uniform(-30, 10)
        with canvas.tagged("", "fog"):
            top, deep = view.horizon + y, 10 + 2 * index
            bank = f"M{x} {top}h{118 - 8 * index}q9 0 9 {deep / 2}t-9 {deep / 2}H{x}q-9 0 -9 -{deep / 2}t9 -{deep / 2}z"
            canvas.path(bank, tone, opacity=0.78 - 0.04 * index)
            other = f"M{x + 56} {top - 7}H170v{deep}H{x + 56}q-9 0 -9 -{deep / 2}t9 -{deep / 2}z"
            canvas.path(other, tone, opacity=0.66)


def _cloud(canvas: Canvas, x: float, y: float, size: float, colour: str) -> None:
    with canvas.tagged("", "clouds"), canvas.moved(x, y, size):
        canvas.path("M-17 6a7 7 0 0 1 1 -13a10 10 0 0 1 18 -3a8 8 0 0 1 13 6a5.5 5.5 0 0 1 1 10z", colour)


def draw_rainbow(canvas: Canvas, view: View) -> None:
    with canvas.tagged("", "rainbow"):
        for index, colour in enumerate(("#f0605d", "#f9a03f", "#fbdc4e", "#63c06a", "#5a9cf0", "#a274de")):
            r = 66 - 4.2 * index
            canvas.path(f"M{64 - r} {view.horizon + 6}a{r} {r} 0 0 1 {2 * r} 0", stroke=colour, width=4.5)


def draw_tree(canvas: Canvas, view: View) -> None:
    side = view.rng.choice((-1, 1))
    with canvas.tagged("", "tree"), canvas.moved(64 + side * 52, view.horizon + 14):
        canvas.path("M-5 0Q-3 -14 -4 -34H4Q3 -14 6 0z", "#8a5c3a", "#5f3d28", 1)
        crown = "M-20 -34a14 14 0 0 1 2 -25a18 18 0 0 1 35 -2a14 14 0 0 1 4 27q-20 8 -41 0z"
        canvas.path(crown, "#4f9f4a", outline("#4f9f4a"), 1.2)
        for x, y in ((-10, -42), (8, -54), (11, -39)):
            canvas.path(oval(x, y, 2.6), "#e8574f")


def draw_butterflies(canvas: Canvas, view: View) -> None:
    with canvas.tagged("", "butterflies"):
        for (x, y), colour in zip(((15, 46), (112, 52), (32, 20)), ("#ff8a3c", "#e56bd0", "#ffd23f"), strict=True):
            with canvas.moved(
                x + view.rng.uniform(-4, 4), y + view.rng.uniform(-5, 5), 1.25, turn=view.rng.uniform(-20, 20)
            ):
                canvas.path(
                    oval(-4, -2.4, 4, 3.8) + oval(4, -2.4, 4, 3.8) + oval(-3, 3, 2.8) + oval(3, 3, 2.8),
                    colour,
                    outline(colour),
                    0.9,
                )
                canvas.path("M0 -5v10", stroke="#33263d", width=1.6)


GROUNDED = ("tree", "mushrooms", "fence")
"""Extras that stand on the ground of the place, in its light."""
EXTRAS: dict[str, Callable[[Canvas, View], None]] = {
    "rainbow": draw_rainbow,
    "tree": draw_tree,
    "butterflies": draw_butterflies,
}


def draw_sunbeams(canvas: Canvas, x: float, y: float) -> None:
    with canvas.tagged("", "sunbeams"):
        canvas.path(oval(x, y, 50), "#fff2a0", opacity=0.4)
        rays = ""
        for k in range(12):
            a = 2 * math.pi * k / 12 + 0.13
            ends = [(x + 120 * math.cos(a + d), y + 120 * math.sin(a + d)) for d in (-0.11, 0.11)]
            rays += f"M{x:.1f} {y:.1f}L{ends[0][0]:.1f} {ends[0][1]:.1f}L{ends[1][0]:.1f} {ends[1][1]:.1f}z"
        canvas.path(rays, "#ffe873", opacity=0.58)


def draw_hearts_and_flowers(canvas: Canvas, x: float, y: float, height: float, rng: random.Random) -> None:
    """Draw them on a ring about a thing, clear of its face."""
    with canvas.tagged("", "joy"):
        for a in (-2.75, -2.3, -0.85, -0.4, 0.35, 2.8):
            px, py = x + 0.60 * height * math.cos(a), y + 0.56 * height * math.sin(a)
            canvas.path(heart(px, py, 0.06 * height), "#ff5a86", "#c42c5c", 0.9)
        for k in range(5):
            px = x + (k - 2) * 0.27 * height
            blossom(
                canvas,
                px,
                y + 0.54 * height + (k % 2) * 2,
                0.045 * height,
                rng.choice(("#ff8fb0", "#fff6ff", "#ffb347", "#c79bf2")),
            )
