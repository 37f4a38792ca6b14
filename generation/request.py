"""What a painter is asked and what it answers. Torch-free: callers import this and nothing heavier.

Events carry words, numbers, hashes and encoded bytes, never PIL pictures or tensors, so that they cross processes.
"""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

from PIL import Image

PaintAct = Literal["create", "edit", "vary", "extend", "merge", "upscale"]
Taken = Literal["subject", "style"]
"""What a new picture takes of its pattern: what that shows, or how it is painted."""


@dataclass(frozen=True)
class RenderRequest:
    """One picture to paint.

    Attributes:
        id: the caller's name for the request; every event carries it.
        prompt: the whole description of the picture as it shall be.
        change: for edits and merges, the instruction alone ("make the bunny happier"); for extensions, what the new
            part shall show beyond what is round the picture; for a new picture with a pattern, what it takes of that,
            "subject" or "style"; "" otherwise.
        seed: with `candidate`, all the randomness there is.
        width, height: pixels; None takes the painter's own size.
        steps, guidance: None takes the painter's own.
        parent_latent: SHA-256 of the clean latent that an edit starts from.
        parent_image: SHA-256 of the parent's picture: what an edit keeps outside its mask and is compared with, and
            what it starts from where there is no latent.
        mask: SHA-256 of a PNG, white where the picture may change; of an edit, the rest stays bit for bit.
        strength: how far an edit or a variation may go from its parent, 0 to 1; a variation at 1 ignores it.
        place: of an extension, where the parent's upper left corner lies on the new canvas: x and y in pixels.
        source_latent, source_image: of a merge, the SHA-256 of the version that it takes something from; of a new
            picture, `source_image` is its pattern, of whatever size.
        source_mask: SHA-256 of a PNG of that version's size, white where what is taken lies; None for all of it.
    """

    id: str
    act: PaintAct
    prompt: str
    seed: int
    change: str = ""
    candidate: int = 0
    width: int | None = None
    height: int | None = None
    steps: int | None = None
    guidance: float | None = None
    parent_latent: str | None = None
    parent_image: str | None = None
    mask: str | None = None
    strength: float = 1.0
    place: tuple[int, int] | None = None
    source_latent: str | None = None
    source_image: str | None = None
    source_mask: str | None = None


@dataclass(frozen=True)
class Recipe:
    """All that is needed to paint a version again; see design, "The words"."""

    painter: str
    weights: str
    act: PaintAct
    prompt: str
    change: str
    seed: int
    candidate: int
    batch: int
    steps: int
    guidance: float
    scheduler: str
    width: int
    height: int
    start: str
    """"noise", "latent:<sha256>" or "pixels:<sha256>"."""
    mask: str | None = None
    parent_image: str | None = None
    """SHA-256 of the picture whose pixels an edit keeps outside its mask."""
    strength: float = 1.0
    world_version: int | None = None
    libraries: Mapping[str, str] = field(default_factory=dict)
    loras: Mapping[str, float] = field(default_factory=dict)
    """Name and strength of each LoRA that was laid over the weights."""
    precision: str = ""
    """The type of number that the weights were used in, where the painter can be told another."""
    place: tuple[int, int] | None = None
    """Where the parent's upper left corner lies on the canvas of an extension: x and y in pixels."""
    source: str | None = None
    """Of a merge, what it takes something from, and of a new picture its pattern: "latent:<sha256>" or
    "pixels:<sha256>".
    """
    source_mask: str | None = None
    enlarger: str = ""
    """SHA-256 of the weights that enlarged what was painted to the width and height; "" where nothing did."""
    planned_by: str = ""
    """The language model and the version of its system prompt; "person" for a plan of a person's own making."""


@dataclass(frozen=True)
class RenderProgress:
    request_id: str
    step: int
    steps: int


@dataclass(frozen=True)
class RenderPreview:
    """A rough look at what is being painted, as an encoded picture."""

    request_id: str
    step: int
    image: bytes


@dataclass(frozen=True)
class RenderFinished:
    """A finished picture (PNG bytes), its clean latent (safetensors bytes; b"" if there is none) and its recipe.

    `changed` is the share of the parent's pixels that an edit changed, 0 to 1; None if it is not known.
    """

    request_id: str
    image: bytes
    latent: bytes
    recipe: Recipe
    changed: float | None = None


RenderEvent = RenderProgress | RenderPreview | RenderFinished


@dataclass(frozen=True)
class Capabilities:
    """What a painter can do, for callers to check before they ask.

    `size_multiple`, `min_size` and `max_size` hold for width and height each; `max_batch` is how many requests
    one call paints together. `weights` tells two painters of one name apart.
    """

    name: str
    acts: tuple[PaintAct, ...]
    default_size: tuple[int, int]
    min_size: int
    max_size: int
    size_multiple: int
    default_steps: int
    max_steps: int
    max_batch: int
    masks: bool
    default_guidance: float = 1.0
    weights: str = ""
    sizes: tuple[tuple[int, int], ...] = ()
    """Width and height that the model was trained on, where others come out worse; () for any within the bounds."""
    max_canvas: int = 0
    """The longest side of a picture that is made from another, as an extension is; 0 where that is `max_size`."""
    patterns: tuple[Taken, ...] = ()
    """What a new picture can take of one that the painter is shown; where it is nothing, words must do."""
    signs_as: str = ""
    """What its recipes call it; "" where pictures of others are no trouble to it."""


@dataclass(frozen=True)
class Region:
    """Where an edit may change its parent: a PNG of the parent's size, white inside."""

    mask: bytes


class BlobReader(Protocol):
    """Where painters read parents' bytes from; `assistant.images` is one."""

    def read(self, digest: str) -> bytes:
        """Return the bytes with this SHA-256."""
        ...


class Painter(Protocol):
    """Turns requests into pictures."""

    def capabilities(self) -> Capabilities: ...

    def paint(
        self, requests: Sequence[RenderRequest], blobs: BlobReader, stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[RenderEvent]:
        """Paint all requests in one batch and yield events as they come.

        `stopped` is asked between steps; once it says yes the iterator ends without `RenderFinished`.

        Raises:
            RequestError: a request cannot be honoured; nothing was painted.
            PaintingError: painting failed midway.
        """
        ...


@runtime_checkable
class RegionFinder(Protocol):
    """Finds where an edit changes its parent; a painter may be one."""

    def find_region(self, request: RenderRequest, blobs: BlobReader) -> Region | None:
        """Return the region of an edit, None for the whole picture.

        Raises:
            RequestError, PictureError: as `Painter.paint`.
        """
        ...


def check_size(size: tuple[int, int], can: Capabilities) -> tuple[int, int]:
    """Return the size if the painter can paint it.

    Raises:
        RequestError: it cannot; the sentence names the sizes that it can.
    """
    from generation.errors import RequestError

    width, height = size
    if can.min_size == can.max_size and size != can.default_size:
        raise RequestError(
            f"{can.name} paints pictures of {can.min_size}x{can.max_size} pixels only; {width}x{height} was asked. "
            "Leave the size out."
        )
    for side in size:
        if side % can.size_multiple or not can.min_size <= side <= can.max_size:
            raise RequestError(
                f"{can.name} paints pictures whose sides are multiples of {can.size_multiple} from {can.min_size} to "
                f"{can.max_size} pixels; {width}x{height} was asked. Ask for {can.default_size[0]}x"
                f"{can.default_size[1]}, for example."
            )
    return size


def check_canvas(size: tuple[int, int], can: Capabilities) -> tuple[int, int]:
    """Return the size of a picture that is made from another, if the painter can paint it.

    Raises:
        RequestError: it cannot; the sentence names the sizes that it can.
    """
    from generation.errors import RequestError

    largest = can.max_canvas or can.max_size
    if any(side % can.size_multiple or not can.min_size <= side <= largest for side in size):
        raise RequestError(
            f"{can.name} paints on from a picture in sizes whose sides are multiples of {can.size_multiple} from "
            f"{can.min_size} to {largest} pixels, and this would be {size[0]}x{size[1]}; go on from a smaller picture, "
            "or ask for less."
        )
    return size


def start_of(latent: str | None, image: str | None) -> str:
    """Return what a recipe says that something starts from: a picture's latent, or where it has none its pixels."""
    return f"latent:{latent}" if latent else f"pixels:{image}"


def nearest_size(size: tuple[int, int], can: Capabilities) -> tuple[int, int]:
    """Return the size that the painter can paint whose shape is nearest to this one: one of those that it was trained
    on, where it says which, else as large as this one if it can.
    """
    if can.min_size == can.max_size:
        return can.default_size
    if can.sizes:
        shape = math.log(size[0] / size[1])
        return min(can.sizes, key=lambda known: abs(math.log(known[0] / known[1]) - shape))
    scale = max(min(1.0, can.max_size / max(size)), can.min_size / min(size))
    width, height = (
        min(max(round(side * scale / can.size_multiple) * can.size_multiple, can.min_size), can.max_size)
        for side in size
    )
    return width, height


class FakeRegionFinder:
    """A region finder for tests: always the upper half of the picture. Same protocol, no model."""

    def find_region(self, request: RenderRequest, blobs: BlobReader) -> Region | None:
        mask = Image.new("L", (request.width or 64, request.height or 64))
        mask.paste(255, (0, 0, mask.width, mask.height // 2))
        buffer = io.BytesIO()
        mask.save(buffer, "PNG")
        return Region(buffer.getvalue())


class FakePainter:
    """A painter for tests: a flat colour that is a function of the request, round what it keeps. No model."""

    def __init__(self, steps: int = 4, before_step: Callable[[int], None] = lambda step: None):
        self.steps = steps
        self.before_step = before_step
        self.painted: list[RenderRequest] = []

    def capabilities(self) -> Capabilities:
        acts: tuple[PaintAct, ...] = ("create", "edit", "vary", "extend", "merge", "upscale")
        return Capabilities("fake", acts, (64, 64), 64, 1024, 16, self.steps, 100, 8, True)

    def paint(
        self, requests: Sequence[RenderRequest], blobs: BlobReader, stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[RenderEvent]:
        can = self.capabilities()
        sizes = [check_size((r.width or can.default_size[0], r.height or can.default_size[1]), can) for r in requests]
        for request in requests:
            for given in filter(None, (request.parent_latent, request.source_latent, request.source_mask)):
                blobs.read(given)
        for step in range(self.steps):
            if stopped():
                return
            self.before_step(step)
            for request in requests:
                yield RenderProgress(request.id, step + 1, self.steps)
        for request, size in zip(requests, sizes, strict=True):
            self.painted.append(request)
            key = f"{request.prompt}|{request.change}|{request.seed}|{request.candidate}|{request.parent_latent}"
            if request.act in ("extend", "merge"):
                key += f"|{request.place}|{request.source_latent}"
            digest = hashlib.sha256(key.encode()).digest()
            picture, changed = _fake_picture(request, blobs, Image.new("RGB", size, tuple(digest[:3])))
            buffer = io.BytesIO()
            picture.save(buffer, "PNG")
            starts_new = request.act == "create" or not (request.parent_latent or request.parent_image)
            recipe = Recipe(
                painter="fake", weights="", act=request.act, prompt=request.prompt, change=request.change,
                seed=request.seed, candidate=request.candidate, batch=len(requests), steps=self.steps, guidance=1.0,
                scheduler="none", width=size[0], height=size[1],
                start="noise" if starts_new else start_of(request.parent_latent, request.parent_image),
                mask=request.mask, parent_image=request.parent_image, strength=request.strength, place=request.place,
                source=start_of(request.source_latent, request.source_image) if request.act == "merge" else None,
                source_mask=request.source_mask,
            )  # fmt: skip
            yield RenderFinished(request.id, buffer.getvalue(), digest, recipe, changed)


def _fake_picture(request: RenderRequest, blobs: BlobReader, picture: Image.Image) -> tuple[Image.Image, float | None]:
    """Return a flat picture with what its request keeps laid over it, and the share of the parent that changed."""
    if not request.parent_image or request.act in ("create", "vary"):
        return picture, None
    parent = Image.open(io.BytesIO(blobs.read(request.parent_image))).convert("RGB")
    if request.act == "extend":
        picture.paste(parent, request.place or (0, 0))
        return picture, None
    parent = parent.resize(picture.size)
    if request.act == "upscale":
        return parent, None
    if request.mask:
        mask = Image.open(io.BytesIO(blobs.read(request.mask))).convert("L").resize(picture.size)
        picture = Image.composite(picture, parent, mask.point(lambda value: 255 * (value > 0)))
    now, was = picture.tobytes(), parent.tobytes()
    starts = range(0, len(now), 3)
    return picture, sum(now[at : at + 3] != was[at : at + 3] for at in starts) / len(starts)
