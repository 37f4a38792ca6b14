"""The embedded enlarger: a small diffusion model that draws a picture four times as wide and as high.

Dimensions: B batch, H and W pixels of the small picture, C = 48 values of the 4 × 4 large pixels under each small one.
Knows nothing of files, styles or how a small picture came about.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from diffusers import ConfigMixin, ModelMixin
from diffusers.configuration_utils import register_to_config
from torch import Tensor, nn

FACTOR = 4
"""How many times wider and higher the enlarged picture is."""
DETAIL = 3 * FACTOR**2
STRIDE = 4
"""The small picture's sides are brought to multiples of this, the pixels to a cell of the coarsest level."""


class TimedBlock(nn.Module):
    """Two 3 × 3 convolutions round a skip, scaled and shifted by the time; (B, width, ·, ·) to the same shape.

    Without a norm over positions: what it makes of one place depends on nothing further off than its convolutions
    reach, so that tiles equal the whole (EDSR, arXiv:1707.02921, section 3.1, leaves the norms out as well).
    """

    def __init__(self, width: int, time_width: int):
        super().__init__()
        self.conv1 = nn.Conv2d(width, width, 3, padding=1)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1)
        self.modulation = nn.Linear(time_width, 2 * width)
        for parameter in (*self.conv2.parameters(), *self.modulation.parameters()):
            nn.init.zeros_(parameter)

    def forward(self, x: Tensor, moment: Tensor) -> Tensor:
        scale, shift = self.modulation(moment)[:, :, None, None].to(x.dtype).chunk(2, 1)
        return x + self.conv2(F.silu(self.conv1(x) * (1 + scale) + shift))


class PictureEnlarger(ModelMixin, ConfigMixin):  # type: ignore[misc]
    """Predicts the clean detail x₀ of a rectified flow (arXiv:2209.03003) at x_t = (1 − t) x₀ + t ε.

    The detail is the large picture less the bicubic enlargement of the small one, in units of `detail_scale`, its
    4 × 4 pixels as channels (SR3's residual form of super-resolution by diffusion, arXiv:2104.07636, at an eighth of
    its cost, since all convolutions run on the small picture's grid or coarser). A U-Net of three levels.
    """

    @register_to_config
    def __init__(
        self,
        widths: Sequence[int] = (64, 96, 160),
        blocks: Sequence[int] = (4, 3, 3),
        time_width: int = 128,
        detail_scale: float = 0.15,
        world_version: int = 0,
        world_setting: str = "",
    ):
        super().__init__()
        self.time_in = nn.Sequential(nn.Linear(64, time_width), nn.SiLU(), nn.Linear(time_width, time_width), nn.SiLU())
        self.first = nn.Conv2d(DETAIL + 3, widths[0], 3, padding=1)

        def level(width: int, number: int) -> nn.ModuleList:
            return nn.ModuleList([TimedBlock(width, time_width) for _ in range(number)])

        # Half of a level's blocks before the coarser ones, half after them; the coarsest has all of its own together.
        halves = [(count // 2, count - count // 2) for count in blocks[:-1]]
        self.before = nn.ModuleList([level(w, half[0]) for w, half in zip(widths, halves, strict=False)])
        self.coarsest = level(widths[-1], blocks[-1])
        self.after = nn.ModuleList([level(w, half[1]) for w, half in zip(widths, halves, strict=False)])
        steps = list(itertools.pairwise(widths))
        self.down = nn.ModuleList([nn.Conv2d(4 * fine, coarse, 1) for fine, coarse in steps])
        self.up = nn.ModuleList([nn.Conv2d(coarse, 4 * fine, 1) for fine, coarse in steps])
        self.last = nn.Conv2d(widths[0], DETAIL, 3, padding=1)
        for parameter in self.last.parameters():
            nn.init.zeros_(parameter)

    @property
    def reach(self) -> int:
        """How many small pixels off a pixel may lie and still matter, at most."""
        convolutions = [2 * count for count in self.config.blocks]
        # Each convolution looks one cell of its level further; a change of level, to the far side of the cell.
        return 2 + sum(count * 2**level for level, count in enumerate(convolutions)) + 2 * (2 ** len(self.down) - 1)

    def forward(self, noisy: Tensor, time: Tensor, small: Tensor) -> Tensor:
        """Return the clean detail (B, C, H, W), in units of `detail_scale`.

        Args:
            noisy: (B, C, H, W), H and W multiples of 4.
            time: (B,), 0 (clean) to 1 (noise).
            small: (B, 3, H, W), −1 to 1.
        """
        moment = self.time_in(_time_features(time, 64).to(noisy.dtype))
        x = self.first(torch.cat((noisy, small), 1))
        kept = []
        for blocks, down in zip(self.before, self.down, strict=True):
            for block in blocks:  # type: ignore[attr-defined]
                x = block(x, moment)
            kept.append(x)
            x = down(F.pixel_unshuffle(x, 2))
        for block in self.coarsest:
            x = block(x, moment)
        for blocks, up in zip(reversed(self.after), reversed(self.up), strict=True):
            x = kept.pop() + F.pixel_shuffle(up(x), 2)
            for block in blocks:  # type: ignore[attr-defined]
                x = block(x, moment)
        return self.last(F.silu(x))

    def detail_of(self, large: Tensor, small: Tensor) -> Tensor:
        """Return what the model learns to draw: (B, C, H, W) of large (B, 3, 4H, 4W) and small (B, 3, H, W)."""
        return F.pixel_unshuffle(large - bicubic(small), FACTOR) / self.config.detail_scale

    def with_detail(self, detail: Tensor, small: Tensor) -> Tensor:
        """Return the large pictures (B, 3, 4H, 4W): the inverse of `detail_of`."""
        return bicubic(small) + F.pixel_shuffle(detail * self.config.detail_scale, FACTOR)


def bicubic(small: Tensor) -> Tensor:
    return F.interpolate(small, scale_factor=FACTOR, mode="bicubic", align_corners=False)


def _time_features(time: Tensor, width: int) -> Tensor:
    """Return sines and cosines (B, width) of times (B,)."""
    frequencies = torch.exp(-math.log(10_000) * torch.arange(width // 2, device=time.device) / (width // 2))
    angles = 1000 * time.float()[:, None] * frequencies
    return torch.cat((angles.cos(), angles.sin()), -1)
