"""From a scene to a picture: compose the shapes, mark them in the scene's style, let resvg paint them.

Deterministic: equal scenes give equal pixels. Knows no words and no random numbers but those seeded by looks.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterable

import numpy as np
import resvg
from PIL import Image

from captioner.errors import WorldError
from captioner.world.drawing import air
from captioner.world.drawing import full as _full_world  # noqa: F401  (importing it fills the registries)
from captioner.world.drawing import more_subjects as _more_subjects  # noqa: F401  (and this the rest of it)
from captioner.world.drawing import subjects as _core_subjects  # noqa: F401  (importing it fills FIGURES)
from captioner.world.drawing.colours import PAINT
from captioner.world.drawing.figures import FIGURES, draw_figure
from captioner.world.drawing.gestures import Gesture, draw_after, draw_before, gestures
from captioner.world.drawing.items import HELD, WORN
from captioner.world.drawing.patterns import PATTERNS
from captioner.world.drawing.places import PLACES, View
from captioner.world.drawing.shapes import Canvas, Shape, oval
from captioner.world.drawing.styles import STYLES
from captioner.world.drawing.things import THINGS
from captioner.world.layout import CANVAS, HORIZON, Stand, layout
from captioner.world.scene import Scene, Thing

SMALLEST, LARGEST = 64, 1024
PLAIN = resvg.usvg.Options.default()
AS_IT_IS = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
"""The identity, row by row."""
NEAR = {"close": 1.22, "medium": 1.0, "wide": 0.82}


def render(scene: Scene, size: int = 128, without: frozenset[str] = frozenset()) -> np.ndarray:
    """Return the picture of a scene, (size, size, 3) uint8.

    Args:
        without: owners whose shapes are left out, such as the "sun".

    Raises:
        WorldError: `size` is out of range, or the scene has something that is not drawn yet.
    """
    markup = svg(scene, without)
    style = STYLES[scene.style]
    if style.grid is None:
        pixels = rasterise(markup, size)
        return style.finish(pixels) if style.finish else pixels
    _require_in_range(size)
    coarse = rasterise(markup, style.grid)
    near = np.arange(size) * style.grid // size
    return (style.finish(coarse) if style.finish else coarse)[near][:, near]


def svg(scene: Scene, without: frozenset[str] = frozenset()) -> str:
    """Return a scene as SVG, without the style's pass over the pixels and without the shapes of some owners."""
    shapes = compose(scene)
    if PLACES[scene.place].indoors:
        shapes = shapes[1:]  # walls hide the sky, and its gradient is the dearest paint of all
    shapes = [shape for shape in shapes if shape.owner not in without]
    style = STYLES[scene.style]
    marks = []
    rngs: dict[str, random.Random] = {}
    for shape in shapes:
        if shape.owner not in rngs:
            rngs[shape.owner] = random.Random(f"{shape.owner}-{scene.look}")
        marks.append(style.mark(shape, rngs[shape.owner]))
    return document(marks, style.paper)


def document(marks: Iterable[str], paper: str, crisp: bool = False) -> str:
    edges = ' shape-rendering="crispEdges"' if crisp else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {CANVAS:g} {CANVAS:g}" stroke-linecap="round" '
        f'stroke-linejoin="round"{edges}><path d="M0 0h{CANVAS:g}v{CANVAS:g}h{-CANVAS:g}z" fill="{paper}"/>'
        + "".join(marks)
        + "</svg>"
    )


def rasterise(markup: str, size: int) -> np.ndarray:
    """Return (size, size, 3) uint8."""
    _require_in_range(size)
    sized = markup.replace("<svg ", f'<svg width="{size}" height="{size}" ', 1)
    png = resvg.render(resvg.usvg.Tree.from_str(sized, PLAIN), AS_IT_IS)
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def _require_in_range(size: int) -> None:
    if not SMALLEST <= size <= LARGEST:
        raise WorldError(f"pictures are {SMALLEST} to {LARGEST} pixels a side; got {size}")


def compose(scene: Scene) -> list[Shape]:
    """Return all shapes of a scene, back to front, in full colour and without any style."""
    require_drawn(scene)
    canvas, place, near = Canvas(), PLACES[scene.place], NEAR[scene.framing]
    horizon = HORIZON[scene.framing]

    def view(part: str) -> View:
        return View(horizon, near, scene.time, scene.weather, random.Random(f"{part}-{scene.look}"))

    canvas.path(f"M-1 -1h130v{horizon + 20}h-130z", air.sky_colours(place.sky, scene.time, scene.weather))
    if not place.indoors:
        air.draw_lights(canvas, view("lights"))
    canvas.tint = air.tint_of(scene.time, scene.weather)
    if not place.indoors and "rainbow" in scene.extras:
        air.EXTRAS["rainbow"](canvas, view("rainbow"))
    with canvas.moved(64 * (1 - near), horizon * (1 - near), near):
        place.draw(canvas, view(scene.place))
        for extra in scene.extras:
            if extra in air.GROUNDED:
                air.EXTRAS[extra](canvas, view(extra))
    canvas.tint = None
    if not place.indoors:
        air.draw_weather(canvas, view("weather"))
    stands = layout(scene)
    for stand in stands:
        if scene.thing(stand.thing_id).joy >= 2:
            air.draw_sunbeams(canvas, stand.x, stand.feet - 0.6 * stand.height)
    for extra in scene.extras:
        if extra not in ("rainbow", *air.GROUNDED):
            air.EXTRAS[extra](canvas, view(extra))
    canvas.tint = air.subject_tint(scene.time)
    draw_before(canvas, scene, stands)
    acts = gestures(scene, stands)
    for stand in stands:
        _draw_thing(canvas, scene.thing(stand.thing_id), stand, air.RIMS[scene.time], acts.get(stand.thing_id))
    draw_after(canvas, scene, stands)
    canvas.tint = None
    for stand in stands:
        thing = scene.thing(stand.thing_id)
        if thing.joy >= 3:
            rng = random.Random(f"joy-{thing.look}")
            air.draw_hearts_and_flowers(canvas, stand.x, stand.ground - 0.58 * stand.height, stand.height, rng)
    return canvas.shapes


def _draw_thing(canvas: Canvas, thing: Thing, stand: Stand, rim: str, gesture: Gesture | None) -> None:
    shrink = max(1 - 1.2 * stand.lift / stand.height, 0.3)
    with canvas.tagged("", "shadow"):
        ellipse = oval(stand.x, stand.ground, 0.34 * stand.height * shrink, 0.055 * stand.height * shrink)
        canvas.path(ellipse, "#1c2338", opacity=0.28, soft=True)
    first = len(canvas.shapes)
    with canvas.tagged("", str(thing.id)), canvas.moved(stand.x, stand.feet, stand.height / 100, stand.turn):
        if thing.kind in FIGURES:
            draw_figure(canvas, thing, gesture)
        else:
            THINGS[thing.kind](canvas, thing)
    if thing.pattern != "plain":
        _lay_pattern(canvas, thing, first)
    own = canvas.shapes[first:]
    rims: dict[tuple[str, float], list[Shape]] = {}
    for shape in own:
        if _is_big(shape):
            rims.setdefault((shape.transform, shape.width), []).append(shape)
    canvas.shapes[first:first] = [_rim(same, rim) for same in rims.values()]


def _lay_pattern(canvas: Canvas, thing: Thing, first: int) -> None:
    """Lay a thing's pattern on every filled shape of its own colour, but on nothing that it wears or holds."""
    own = PAINT[thing.colour] if canvas.tint is None else canvas.tint(PAINT[thing.colour])
    for index, shape in enumerate(canvas.shapes[first:], first):
        if shape.fill == own and shape.part not in WORN and shape.part not in HELD:
            canvas.shapes[index] = shape._replace(pattern=thing.pattern)


def _is_big(shape: Shape) -> bool:
    """Tell whether a shape makes part of the silhouette: filled and outlined, or a limb's outer line."""
    return not shape.soft and ((shape.width >= 2 and shape.fill != "none") or shape.width > 9)


def _rim(same: list[Shape], colour: str) -> Shape:
    """Return one wide line round shapes that share a transform and a width (one is faster than many)."""
    first = same[0]
    return first._replace(
        d="".join(shape.d for shape in same),
        fill="none",
        stroke=colour,
        width=first.width + 5.0,
        part="rim",
        soft=True,
        owner=f"{first.owner} rim",
    )


def require_drawn(scene: Scene) -> None:
    """Raise WorldError naming everything in the scene that the world lists but cannot draw yet."""
    wanted: list[tuple[str, str, Iterable[str]]] = [
        ("place", scene.place, PLACES),
        ("style", scene.style, STYLES),
        ("time", scene.time, air.SKIES),
        ("weather", scene.weather, air.GREYS),
    ]
    wanted += [("extra", extra, air.EXTRAS) for extra in scene.extras]
    for thing in scene.things:
        wanted.append(("subject", thing.kind, [*FIGURES, *THINGS]))
        wanted.append(("pattern", thing.pattern, PATTERNS))
        wanted += [("worn item", item.kind, WORN) for item in thing.worn]
        if thing.held:
            wanted.append(("held item", thing.held.kind, HELD))
    missing = [f"{what} {name!r}" for what, name, known in wanted if name not in known]
    if missing:
        raise WorldError(f"the picture world does not draw {', '.join(missing)} yet; draw a core scene instead")
