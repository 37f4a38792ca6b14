"""Canvases larger than a denoiser's own size, painted through overlapping windows whose velocities are averaged.

MultiDiffusion (Bar-Tal et al. 2023, arXiv:2302.08113, section 3): at every step each window is denoised as a picture of
its own, and each cell of the canvas takes the mean of all windows that hold it, which is the closed-form answer to the
least-squares problem of equation 5. Velocities are linear in what they predict, so their mean is the same thing.

Dimensions: B batch, N windows, C channels, h and w cells of the canvas, s and z of a window.
Knows no models, prompts or pixels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Windows:
    """Rectangles of one size (height, width) on a canvas; `corners` are their upper left cells: top, left."""

    size: tuple[int, int]
    corners: tuple[tuple[int, int], ...]

    def __len__(self) -> int:
        return len(self.corners)

    def cut(self, canvas: Tensor) -> Tensor:
        """Return the windows (B·N, C, s, z) of canvases (B, C, h, w), those of one canvas side by side."""
        s, z = self.size
        cut = [canvas[..., top : top + s, left : left + z] for top, left in self.corners]
        return torch.stack(cut, 1).flatten(0, 1)

    def joined(self, pieces: Tensor, height: int, width: int) -> Tensor:
        """Return canvases (B, C, h, w) whose cells are the means of the windows (B·N, C, s, z) that hold them.

        A cell that no window holds is 0.
        """
        (s, z), each = self.size, pieces.unflatten(0, (-1, len(self)))
        total = pieces.new_zeros(each.shape[0], each.shape[2], height, width)
        count = pieces.new_zeros(height, width)
        for index, (top, left) in enumerate(self.corners):
            total[..., top : top + s, left : left + z] += each[:, index]
            count[top : top + s, left : left + z] += 1
        return total / count.clamp(min=1)


def windows_over(mask: Tensor, side: int, stride: int, home: tuple[int, int] | None = None) -> Windows:
    """Return windows that hold every cell which may change, and none that holds no such cell.

    They are `side` cells high and wide, or as much as the canvas has. Where what changes fits into one window, there is
    one, with what changes in its middle as far as the canvas allows.

    Args:
        mask: (h, w), positive where a cell may change; nowhere is taken for everywhere.
        stride: cells from one window to the next, at most.
        home: top and left of the window that is taken alone where it holds all that may change.
    """
    if not mask.any():
        mask = torch.ones_like(mask)
    size = (min(side, mask.shape[0]), min(side, mask.shape[1]))
    if home is not None:
        top, left = home
        inside = mask[top : top + size[0], left : left + size[1]]
        if tuple(inside.shape) == size and inside.count_nonzero() == mask.count_nonzero():
            return Windows(size, (home,))
    rows, columns = (torch.nonzero(mask.amax(axis) > 0).flatten() for axis in (1, 0))
    tops = _starts(int(rows[0]), int(rows[-1]) + 1, mask.shape[0], size[0], stride)
    lefts = _starts(int(columns[0]), int(columns[-1]) + 1, mask.shape[1], size[1], stride)
    corners = ((top, left) for top in tops for left in lefts)
    return Windows(size, tuple(c for c in corners if mask[c[0] : c[0] + size[0], c[1] : c[1] + size[1]].any()))


def _starts(low: int, high: int, length: int, side: int, stride: int) -> Sequence[int]:
    """Return where windows start that cover low to high (exclusive) of a canvas of `length` cells, evenly spread."""
    if high - low <= side:
        return (min(max((low + high - side) // 2, 0), length - side),)
    last = high - side
    steps = math.ceil((last - low) / stride)
    return tuple(low + round(step * (last - low) / steps) for step in range(steps + 1))
