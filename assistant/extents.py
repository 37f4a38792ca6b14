"""How large a picture becomes that is made from another, and where the other lies on it; pictures laid in a size."""

from __future__ import annotations

import io
import math
from fractions import Fraction

from PIL import Image

from assistant.messages import ExtendPlan
from generation.errors import RequestError
from generation.request import Capabilities, check_canvas

OUTWARD = Fraction(3, 2)
"""What zooming out makes of each side."""
ASIDE = Fraction(1, 2)
"""How much of its side a picture gains in one direction."""
ENLARGED = 2

Size = tuple[int, int]


def extended(
    own: Size, plan: ExtendPlan, asked: Size | None, can: Capabilities, label: str, place: Size | None = None
) -> tuple[Size, Size]:
    """Return the size of an extension, and where the upper left corner of its picture lies on it, all in pixels.

    Args:
        own: width and height of the picture.
        asked: the size that was asked for outright, in place of the plan's direction or shape.
        label: what the picture is called.
        place: where its upper left corner shall lie, in place of where the plan would have it.

    Raises:
        RequestError: it has that shape already, the painter cannot paint that much, or it would not lie on the canvas.
    """
    width, height = asked or _wished(own, plan)
    size = (_up(max(width, own[0]), can), _up(max(height, own[1]), can))
    if asked and (asked[0] < own[0] or asked[1] < own[1]):
        raise RequestError(
            f"An extension holds its whole picture, and {label} is {own[0]}x{own[1]}, more than {asked[0]}x{asked[1]}; "
            "ask for a larger size."
        )
    if size == own:
        raise RequestError(
            f"{label} is {own[0]}x{own[1]} pixels and has {plan.shape or 'this'} already as its shape; ask for another "
            "shape, or to zoom out."
        )
    check_canvas(size, can)
    if place is not None:
        if any(not 0 <= at <= size[axis] - own[axis] for axis, at in enumerate(place)):
            raise RequestError(
                f"{label} is {own[0]}x{own[1]} pixels and does not lie on a canvas of {size[0]}x{size[1]} at "
                f"{place[0]}, {place[1]}; give a place where all of it does."
            )
        return size, place
    step = max(1, can.size_multiple // 2)
    across, down = ((size[axis] - own[axis]) // 2 // step * step for axis in (0, 1))
    if not plan.shape and not asked:
        across = {"left": size[0] - own[0], "right": 0}.get(plan.direction, across)
        down = {"up": size[1] - own[1], "down": 0}.get(plan.direction, down)
    return size, (across, down)


def _wished(own: Size, plan: ExtendPlan) -> Size:
    width, height = own
    if plan.shape:
        wide, high = (int(number) for number in plan.shape.split(":"))
        shape = Fraction(wide, high)
        return max(width, math.ceil(height * shape)), max(height, math.ceil(width / shape))
    if plan.direction == "out":
        return math.ceil(width * OUTWARD), math.ceil(height * OUTWARD)
    if plan.direction in ("left", "right"):
        return math.ceil(width * (1 + ASIDE)), height
    return width, math.ceil(height * (1 + ASIDE))


def _up(side: int, can: Capabilities) -> int:
    return max(-(-side // can.size_multiple) * can.size_multiple, can.min_size)


def fitting(own: Size, can: Capabilities) -> Size:
    """Return the size in which a person's own picture is extended: its own if the painter can go on from it, else the
    largest of about its shape that leaves room for half as much again.
    """
    most = (can.max_canvas or can.max_size) * Fraction(2, 3)
    multiple = can.size_multiple
    if all(side % multiple == 0 and can.min_size <= side <= most for side in own):
        return own
    scale = min(Fraction(1), most / max(own))
    scale = max(scale, Fraction(can.min_size, min(own)))
    width, height = (
        min(max(round(side * scale / multiple) * multiple, can.min_size), int(most) // multiple * multiple)
        for side in own
    )
    return width, height


def resized(png: bytes, size: Size) -> bytes:
    """Return a picture as a PNG of another size."""
    with Image.open(io.BytesIO(png)) as picture:
        return _png(picture.convert("RGB").resize(size, Image.Resampling.LANCZOS))


def cut_out(png: bytes, mask: bytes, size: Size) -> tuple[bytes, bytes]:
    """Return a picture and the mask of a part of it as PNGs of another size, the part as near the middle as can be.

    Things keep their size: what sticks out is cut off, and what is missing is filled from the edge.

    Args:
        png, mask: of one size; white in the mask is the part.
    """
    import numpy as np  # here, since whatever only asks for sizes shall start without it

    with Image.open(io.BytesIO(png)) as picture, Image.open(io.BytesIO(mask)) as marked:
        marks = np.asarray(marked.convert("L"))
        left, top, right, bottom = Image.fromarray(marks).getbbox() or (0, 0, *marked.size)
        rows, columns = (
            _window(own, wanted, middle)
            for own, wanted, middle in (
                (marks.shape[0], size[1], (top + bottom) // 2),
                (marks.shape[1], size[0], (left + right) // 2),
            )
        )
        places = [np.asarray(rows), np.asarray(columns)]
        within = [np.clip(shown, 0, own - 1) for shown, own in zip(places, marks.shape, strict=True)]
        beyond = np.logical_or.outer(*(shown != kept for shown, kept in zip(places, within, strict=True)))
        inside = np.ix_(*within)
        laid = np.where(beyond, 0, marks[inside]).astype(np.uint8)
        taken = np.asarray(picture.convert("RGB"))[inside]
    return _png(Image.fromarray(taken)), _png(Image.fromarray(laid))


def _window(own: int, wanted: int, middle: int) -> range:
    """Return which rows (or columns) of a side of `own` pixels a side of `wanted` shows; some are beyond its ends."""
    start = min(max(middle - wanted // 2, 0), own - wanted) if own > wanted else (own - wanted) // 2
    return range(start, start + wanted)


def _png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()
