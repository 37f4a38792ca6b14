"""A batch that is being painted, and what of it is kept as it was. Knows tensors; no models, no requests' files.

Dimensions: B requests painted together, C latent channels, h and w latent cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageChops
from torch import Tensor

from generation.canvases import Box, Corner
from generation.request import RenderRequest
from generation.windows import Windows

ALIKE = 0.1
"""A cell of an edit whose latent is nearer to its parent's than this, in the mean square over its channels, and has no
other beside it, is the parent's: repainted much as it was, it would only lose detail turn after turn."""

Text = list[tuple[Tensor, Tensor, Tensor]]
"""Each block's keys, values and bias of what is read."""


@dataclass
class Painting:
    """A batch under way: `latents` (B, C, h, w) at the time of `step`.

    `texts` hold the unconditional half last where guidance takes two passes (`by_two`).

    `noise` and `origin` (B, C, h, w) are what `latents` began as and the clean cells that are given; outside `mask` the
    latents go straight from one to the other; `given` is what `origin` was before the first stage. `parent` is what the
    denoiser is shown where `known` is 1. `originals` are the pictures (H, W, 3) of parents, `held` the masks of edits
    that have one, `boxes` where extensions have their parents, `homes` the corners of what was painted first.

    What is painted is painted in stages, each in all its steps: `mask` is that of the present stage, `later` those that
    follow, and `windows` hold what the present one paints. `steps` are those of all stages together.
    """

    requests: tuple[RenderRequest, ...]
    latents: Tensor
    noise: Tensor
    origin: Tensor
    given: Tensor
    originals: tuple[np.ndarray | None, ...]
    held: tuple[Image.Image | None, ...]
    parent: Tensor
    known: Tensor
    mask: Tensor
    boxes: tuple[Box | None, ...]
    homes: tuple[Corner | None, ...]
    later: list[Tensor]
    windows: Windows
    texts: list[Text]
    scheduler: Any
    steps: int
    each: int
    guidance: float
    by_two: bool
    step: int = 0

    @property
    def text(self) -> Text:
        """What is read by the denoiser now; the last of the texts serves all later stages."""
        return self.texts[0]


def settled(painting: Painting) -> Tensor:
    """Return the latents (B, C, h, w) that a stage ends with: those of the stage's parent where they came out alike."""
    differs = differing(painting.latents, painting.origin, painting.known)
    return torch.where(differs, painting.latents, painting.origin)


def differing(latents: Tensor, origin: Tensor, known: Tensor) -> Tensor:
    """Return (B, 1, h, w) bool: the cells that came out as something else than the parent's, and those beside them."""
    difference = (latents - origin).square().mean(1, keepdim=True)
    near = F.max_pool2d((difference > ALIKE).float(), 3, 1, 1) > 0
    return near | (known == 0)


def narrowed(mask: Image.Image | None, differs: Tensor, size: tuple[int, int]) -> Image.Image:
    """Return the part of a mask (None for the whole picture) of (H, W) pixels in which cells (h, w) differ."""
    cells = Image.fromarray(differs.cpu().numpy().astype(np.uint8) * 255).resize(size[::-1], Image.Resampling.NEAREST)
    if mask is None:
        return cells
    return ImageChops.multiply(mask.resize(cells.size, Image.Resampling.NEAREST).point(lambda v: 255 * (v > 0)), cells)
