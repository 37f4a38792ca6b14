"""Ways to paint the next turn of a conversation: Limner's own, and those of its peers on the same models and seeds.

A way gets the versions that a turn starts from and returns the versions that it ends on. Limner's own asks its painter
for what a turn of the product asks, in the same calls: first the region, then the painting.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import torch

from generation.embedded import STEPS, EmbeddedPainter
from generation.evaluation.painter import KeptBlobs, NoBlobs, paint_all
from generation.painting import Painting
from generation.request import Painter, RegionFinder, RenderFinished, RenderRequest

IMAGE_TO_IMAGE_STRENGTH = 0.8
"""Limner's edits go all the way from noise, at which strength image to image is a new picture. On development scenes
0.8 does better by this peer than 0.7, and it is the default of diffusers' Stable Diffusion."""


@dataclass(frozen=True)
class Version:
    """A finished picture and what a later turn needs of it; `mask` is that of the region it was painted in."""

    image: bytes
    latent: bytes
    mask: bytes | None = None


@dataclass(frozen=True)
class Step:
    """One turn of one conversation: where it starts, what the picture shall be, and what is to change.

    `before` is what the parent was to be.
    """

    id: str
    parent: Version
    prompt: str
    change: str
    seed: int
    turn: int
    before: str = ""


class Way(Protocol):
    """Paints the same turn of many conversations, in their order; `is_peer` says that Limner is held against it."""

    name: str
    title: str
    is_peer: bool

    def paint(self, steps: Sequence[Step], batch: int) -> list[Version]:
        """Return the versions that the turns end on, in their order.

        Raises:
            PaintingError: a picture was not finished.
        """
        ...


class Limner:
    """An edit as a turn paints it: in the region that is found, from the parent's clean latent, with its seed."""

    name = "limner"
    title = "Limner"
    is_peer = False

    def __init__(self, painter: Painter):
        self.painter = painter

    def paint(self, steps: Sequence[Step], batch: int) -> list[Version]:
        blobs = KeptBlobs()
        asked = self.requests(steps, blobs)
        finished = paint_all(self.painter, [request for request, _ in asked], blobs, batch, quiet=True)
        return [version_of(event, mask) for event, (_, mask) in zip(finished, asked, strict=True)]

    def requests(self, steps: Sequence[Step], blobs: KeptBlobs) -> list[tuple[RenderRequest, bytes | None]]:
        """Return what is asked of the painter for each turn, and the mask of its region; None: the whole picture."""
        requests = [
            RenderRequest(
                step.id, "edit", step.prompt, step.seed, step.change,
                parent_latent=blobs.keep(step.parent.latent) if step.parent.latent else None,
                parent_image=blobs.keep(step.parent.image),
            )
            for step in steps
        ]  # fmt: skip
        masks = [within_region(self.painter, request, blobs) for request in requests]
        return [
            (replace(request, mask=blobs.keep(mask)) if mask else request, mask)
            for request, mask in zip(requests, masks, strict=True)
        ]


class NewPicture:
    """Every turn is a new picture from the new prompt, with a new seed or with the same one."""

    def __init__(self, painter: Painter, same_seed: bool):
        self.painter, self.same_seed = painter, same_seed
        self.name = "same seed" if same_seed else "new seed"
        self.title = f"({'b' if same_seed else 'a'}) new picture, {self.name}"
        self.is_peer = True

    def paint(self, steps: Sequence[Step], batch: int) -> list[Version]:
        requests = [
            RenderRequest(step.id, "create", step.prompt, step.seed if self.same_seed else another_seed(step))
            for step in steps
        ]
        return [version_of(event) for event in paint_all(self.painter, requests, NoBlobs(), batch, quiet=True)]


class ImageToImage:
    """The parent's pixels, encoded again, noised to `strength` and painted on from there (SDEdit, arXiv:2108.01073)."""

    name = "image to image"
    is_peer = True

    def __init__(self, painter: EmbeddedPainter, strength: float = IMAGE_TO_IMAGE_STRENGTH):
        self.painter, self.strength = painter, strength
        self.title = f"(c) image to image, {strength:g}"

    def paint(self, steps: Sequence[Step], batch: int) -> list[Version]:
        return _paint_from_pixels(self.painter, steps, batch, self._start)

    def _start(self, painting: Painting) -> None:
        painting.step = round(painting.steps * (1 - self.strength))
        time = float(painting.scheduler.sigmas[painting.step])
        painting.latents = torch.lerp(painting.origin, painting.noise, time)
        painting.parent, painting.known = torch.zeros_like(painting.parent), torch.zeros_like(painting.known)


class MaskedPainting:
    """The parent's pixels, encoded again, painted anew from the prompt alone inside the region that Limner would find.

    What lies inside is hidden from the model; the result is pasted as Limner's is. Where the region is the whole
    picture, nothing of the parent is left.
    """

    name = "masked"
    title = "(d) masked painting"
    is_peer = True

    def __init__(self, painter: EmbeddedPainter):
        self.painter = painter

    def paint(self, steps: Sequence[Step], batch: int) -> list[Version]:
        return _paint_from_pixels(self.painter, steps, batch, self._start, masked=True)

    def _start(self, painting: Painting) -> None:
        painting.known = 1 - painting.mask
        painting.parent = painting.parent * painting.known


def ways_of(painter: Painter) -> list[Way]:
    """Return Limner's way and its peers'. Two of these reach into a painting, which only the embedded painter lets."""
    ways: list[Way] = [Limner(painter), NewPicture(painter, same_seed=False), NewPicture(painter, same_seed=True)]
    if isinstance(painter, EmbeddedPainter):
        ways += [ImageToImage(painter), MaskedPainting(painter)]
    return ways


def another_seed(step: Step, number: int = 1) -> int:
    """Return a seed for one turn that is no conversation's own; `number` tells several of them apart."""
    return number * (1 << 40) + step.seed * 1_000 + step.turn


def within_region(painter: Painter, request: RenderRequest, blobs: KeptBlobs) -> bytes | None:
    """Return the mask of an edit's region, or None for the whole picture."""
    region = painter.find_region(request, blobs) if isinstance(painter, RegionFinder) else None
    return region.mask if region else None


def _paint_from_pixels(
    painter: EmbeddedPainter, steps: Sequence[Step], batch: int, start: Callable[[Painting], None], masked: bool = False
) -> list[Version]:
    """Paint edits that know their parents' pixels and no latents; `start` says from where, in place of Limner's way."""
    blobs = KeptBlobs()
    finished: list[Version] = []
    for begin in range(0, len(steps), batch):
        requests, masks = [], []
        for step in steps[begin : begin + batch]:
            asked = RenderRequest(
                step.id, "edit", step.prompt, step.seed, step.change,
                parent_image=blobs.keep(step.parent.image), steps=STEPS,
            )  # fmt: skip
            mask = within_region(painter, asked, blobs) if masked else None
            requests.append(replace(asked, change="", mask=blobs.keep(mask) if mask else None))
            masks.append(mask)
        painting = painter.prepare(requests, blobs)
        start(painting)
        while painting.step < painting.steps:
            painter.step(painting)
        finished += [version_of(event, mask) for event, mask in zip(painter.finish(painting), masks, strict=True)]
    return finished


def version_of(event: RenderFinished, mask: bytes | None = None) -> Version:
    """Return a finished picture as a version, with the mask of the region that it was painted in."""
    return Version(event.image, event.latent, mask)
