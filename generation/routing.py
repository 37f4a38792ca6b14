"""What a pipeline of diffusers is handed for a request: its route, the picture to start from, a mask, how far to go.

Knows presets and pixels, no pipelines; what these take is asked of the caller.

Dimensions: H, W pixels of what is painted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image

from generation.errors import RequestError
from generation.pixels import opened
from generation.presets import PATTERNS, SEVERAL, TAKING, Preset, Route
from generation.regions import joined_to, pasted, read_mask
from generation.request import BlobReader, PaintAct, RenderRequest, Taken

REFINING = 0.3
"""How far an enlarged picture is painted over (the "hires fix" of AUTOMATIC1111's web UI): it gets sharp edges, and no
things that it had not."""
LEAST = 64
"""The shorter side in pixels below which FLUX.2 looks at no picture."""
Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Given:
    """What a pipeline is handed.

    Attributes:
        picture: what painting starts from; None for a new picture.
        others: further pictures, for pipelines that take several.
        mask: white where the picture may change.
        strength: how far toward noise painting begins, 0 to 1; None where the pipeline has no such thing.
        original: (H, W, 3), what stays outside the mask or, on an extension, inside `box`.
        words: what the pipeline is told, in place of what the request says; "" for that.
    """

    route: Route
    strength: float | None
    picture: Image.Image | None = None
    others: tuple[Image.Image, ...] = ()
    mask: Image.Image | None = None
    original: np.ndarray | None = None
    box: Box | None = None
    words: str = ""

    def finished(self, painted: np.ndarray) -> tuple[np.ndarray, float | None]:
        """Return what was painted with what stays, and the share of the original's pixels that changed."""
        if self.original is None:
            return painted, None
        if self.box is not None:
            return joined_to(painted, self.original, self.box), None
        picture = painted if self.mask is None else pasted(painted, self.original, self.mask)
        return picture, float((picture != self.original).any(-1).mean())


def acts_of(preset: Preset, takes_mask: Callable[[Route], bool], one_size: bool) -> tuple[PaintAct, ...]:
    """Return what a preset's routes can be asked for."""
    acts: list[PaintAct] = ["create", "vary"] if preset.create else []
    if preset.edit or preset.masked:
        acts.append("edit")
    if preset.masked and takes_mask(preset.masked) and not one_size:
        acts.append("extend")
    if preset.edit or preset.masked:
        acts.append("merge")
    if _from_picture(preset) and not one_size:
        acts.append("upscale")
    return tuple(acts)


def patterns_of(preset: Preset) -> tuple[Taken, ...]:
    """Return what a new picture of a preset can take of one that the pipeline is shown."""
    return ("subject", "style") if preset.edit is not None and preset.edit.pipeline in PATTERNS else ()


def given_to(
    request: RenderRequest, preset: Preset, name: str, blobs: BlobReader, size: tuple[int, int],
    takes_mask: Callable[[Route], bool],
) -> Given:  # fmt: skip
    """Return what a pipeline is handed for a request that is painted in `size` (width, height).

    Raises:
        RequestError: this painter cannot do it, or the request lacks a picture.
        PictureError: a picture or mask cannot be read.
    """
    if request.act == "create" and request.source_image:
        return _patterned(request, preset, name, blobs, size)
    if request.act == "create" or (request.act == "vary" and request.strength == 1):
        if preset.create is None:
            raise RequestError(f"{name} only changes pictures; bring one of your own, and say what to change.")
        return Given(preset.create, preset.create.strength)
    if not request.parent_image:
        raise RequestError(f"{_an(request.act)} needs the picture that it starts from; none was given.")
    if request.act == "extend":
        return _extension(request, preset, name, blobs, size, takes_mask)
    parent = opened(blobs.read(request.parent_image), size)
    if request.act in ("vary", "upscale"):
        route = _from_picture(preset)
        if route is None:
            if request.act == "vary":
                raise RequestError(f"{name} cannot vary pictures a little; ask for a new try.")
            raise RequestError(f"{name} cannot enlarge pictures; ask for a new one in a larger size.")
        return Given(route, request.strength if request.act == "vary" else REFINING, parent)
    return _changed(request, preset, name, blobs, parent)


def _patterned(request: RenderRequest, preset: Preset, name: str, blobs: BlobReader, size: tuple[int, int]) -> Given:
    """Return the pattern in its own shape, no larger than what is painted, and words that say what to take."""
    if preset.edit is None or request.change not in patterns_of(preset):
        raise RequestError(f"{name} takes no picture as a pattern; say in words what the new one shall show.")
    pattern = opened(blobs.read(request.source_image or ""), None)
    scale = max(min(1.0, max(size) / max(pattern.size)), LEAST / min(pattern.size))
    pattern = pattern.resize((round(scale * pattern.width), round(scale * pattern.height)), Image.Resampling.LANCZOS)
    return Given(preset.edit, None, pattern, words=TAKING[request.change].format(prompt=request.prompt))


def _changed(request: RenderRequest, preset: Preset, name: str, blobs: BlobReader, parent: Image.Image) -> Given:
    """Return what is handed over for an edit or a merge: with a mask its own route, and what is taken pasted in."""
    mask = read_mask(blobs.read(request.mask)) if request.mask else None
    original = np.asarray(parent)
    source = opened(blobs.read(request.source_image), parent.size) if request.source_image else None
    if mask is None:
        if preset.edit is None:
            if preset.masked:
                raise RequestError(f"{name} only paints inside masks; paint one where the picture shall change.")
            raise RequestError(f"{name} cannot edit pictures; ask for a new one.")
        others = (source,) if source is not None and preset.edit.pipeline in SEVERAL else ()
        return Given(preset.edit, _times(preset.edit, request.strength), parent, others, None, original)
    if preset.masked is None:
        raise RequestError(f"{name} cannot keep to a mask; leave the mask out and say where in words.")
    if source is not None and request.source_mask:
        taken = read_mask(blobs.read(request.source_mask)).resize(parent.size, Image.Resampling.NEAREST)
        parent = Image.composite(source, parent, taken.point(lambda value: 255 * (value > 0)))
    return Given(preset.masked, _times(preset.masked, request.strength), parent, (), mask, original)


def _extension(
    request: RenderRequest, preset: Preset, name: str, blobs: BlobReader, size: tuple[int, int],
    takes_mask: Callable[[Route], bool],
) -> Given:  # fmt: skip
    """Return the picture on its larger canvas, its edges drawn out over the new ground, which is to be painted."""
    if preset.masked is None or not takes_mask(preset.masked):
        raise RequestError(f"{name} cannot extend pictures, since it paints inside no mask; use another painter.")
    if request.place is None:
        raise RequestError("an extension needs the place of its picture on the canvas; none was given.")
    parent = np.asarray(opened(blobs.read(request.parent_image or ""), None))
    (left, top), (high, wide) = request.place, parent.shape[:2]
    right, bottom = size[0] - left - wide, size[1] - top - high
    if min(left, top, right, bottom) < 0:
        raise RequestError(
            f"a picture of {wide}x{high} pixels at {left}, {top} is not on a canvas of {size[0]}x{size[1]}; ask for a "
            "larger one."
        )
    canvas = np.pad(parent, ((top, bottom), (left, right), (0, 0)), "edge")
    mask = Image.new("L", size, 255)
    mask.paste(0, (left, top, left + wide, top + high))
    strength = _times(preset.masked, request.strength)
    return Given(
        preset.masked, strength, Image.fromarray(canvas), (), mask, canvas, box=(left, top, wide, high)
    )  # fmt: skip


def _from_picture(preset: Preset) -> Route | None:
    """Return the route that starts from a picture at any strength, and reads the whole prompt."""
    route = preset.edit
    return route if route and route.strength is not None and route.words == "prompt" else None


def _times(route: Route, strength: float) -> float | None:
    return None if route.strength is None else min(route.strength * strength, 1.0)


def _an(act: PaintAct) -> str:
    return {
        "edit": "an edit", "extend": "an extension", "merge": "a merge", "vary": "a subtle variation",
        "upscale": "an enlargement", "create": "a new picture",
    }[act]  # fmt: skip
