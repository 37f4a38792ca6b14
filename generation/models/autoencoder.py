"""The embedded autoencoder: pictures to clean latents and back, eight pixels to a cell.

Dimensions: B batch, C latent channels, H and W pixels, h = H / 8 and w = W / 8 cells.
Knows nothing of prompts, noise schedules or the picture world.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from diffusers import ConfigMixin, ModelMixin
from diffusers.configuration_utils import register_to_config
from torch import Tensor, nn

CELL = 8
"""Pixels along the side of a latent cell."""


class ResidualBlock(nn.Module):
    """Two 3 × 3 convolutions round a skip; (B, width, ·, ·) to the same shape."""

    def __init__(self, width: int):
        super().__init__()
        self.norm = nn.GroupNorm(8, width)
        self.conv1 = nn.Conv2d(width, width, 3, padding=1)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1)
        nn.init.zeros_(self.conv2.weight)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv2(F.silu(self.conv1(F.silu(self.norm(x)))))


class PictureAutoencoder(ModelMixin, ConfigMixin):  # type: ignore[misc]
    """A convolutional autoencoder whose latent has unit variance in every channel.

    Pixel unshuffling does the coarse down-sampling (as in DC-AE, arXiv:2410.10733, section 3.1), so that all
    convolutions run at a quarter of the picture's side or less. Batch normalisation without affine parameters
    holds the latent at zero mean and unit variance; its running statistics are part of the weights.
    """

    @register_to_config
    def __init__(
        self,
        latent_channels: int = 6,
        widths: tuple[int, int] = (64, 128),
        encoder_blocks: tuple[int, int] = (1, 2),
        decoder_blocks: tuple[int, int] = (2, 3),
        world_version: int = 0,
        world_setting: str = "",
    ):
        super().__init__()
        narrow, wide = widths
        self.encoder = nn.Sequential(
            nn.PixelUnshuffle(4),
            nn.Conv2d(48, narrow, 3, padding=1),
            *[ResidualBlock(narrow) for _ in range(encoder_blocks[0])],
            nn.PixelUnshuffle(2),
            nn.Conv2d(4 * narrow, wide, 1),
            *[ResidualBlock(wide) for _ in range(encoder_blocks[1])],
            nn.GroupNorm(8, wide),
            nn.SiLU(),
            nn.Conv2d(wide, latent_channels, 3, padding=1),
        )
        self.latent_norm = nn.BatchNorm2d(latent_channels, affine=False, momentum=0.02)
        self.decoder = nn.Sequential(
            nn.Conv2d(latent_channels, wide, 3, padding=1),
            *[ResidualBlock(wide) for _ in range(decoder_blocks[1])],
            nn.Conv2d(wide, 4 * narrow, 1),
            nn.PixelShuffle(2),
            *[ResidualBlock(narrow) for _ in range(decoder_blocks[0])],
            nn.GroupNorm(8, narrow),
            nn.SiLU(),
            nn.Conv2d(narrow, 64, 3, padding=1),
            nn.PixelShuffle(2),
            nn.Conv2d(16, 12, 3, padding=1),
            nn.PixelShuffle(2),
        )

    def encode(self, pictures: Tensor) -> Tensor:
        """Return clean latents (B, C, h, w) of pictures (B, 3, H, W) in −1 to 1; H and W are multiples of 8."""
        latent = self.encoder(pictures)
        with torch.autocast(pictures.device.type, enabled=False):
            return self.latent_norm(latent.float())

    def decode(self, latents: Tensor) -> Tensor:
        """Return pictures (B, 3, H, W), about −1 to 1, of latents (B, C, h, w)."""
        return self.decoder(latents)

    def forward(self, pictures: Tensor, noise: Tensor | None = None) -> Tensor:
        latents = self.encode(pictures)
        return self.decode(latents if noise is None else latents + noise)
