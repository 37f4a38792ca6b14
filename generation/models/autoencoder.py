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


class LatentScale(nn.Module):
    """Centres every channel and divides all by one number, so that the whole latent has unit mean square.

    Unlike batch normalisation it leaves the channels their own variances: with noise on training latents the encoder
    then gives large variances to what matters most and small ones to detail, a spectrum that a denoiser learns more
    easily than a flat one (compare arXiv:2502.14831 and arXiv:2507.15856). In training the batch's statistics are
    used, otherwise their running averages.
    """

    mean: Tensor
    mean_square: Tensor

    def __init__(self, channels: int, momentum: float = 0.02):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(1, channels, 1, 1))
        self.register_buffer("mean_square", torch.ones(()))

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return (x - self.mean) * self.mean_square.rsqrt()
        mean = x.mean((0, 2, 3), keepdim=True)
        mean_square = (x - mean).square().mean()
        with torch.no_grad():
            self.mean.lerp_(mean, self.momentum)
            self.mean_square.lerp_(mean_square, self.momentum)
        return (x - mean) * mean_square.rsqrt()


class PictureAutoencoder(ModelMixin, ConfigMixin):  # type: ignore[misc]
    """A convolutional autoencoder whose latent has zero mean in every channel and unit mean square over all.

    Pixel unshuffling does the coarse down-sampling (as in DC-AE, arXiv:2410.10733, section 3.1), so that all
    convolutions run at a quarter of the picture's side or less. The statistics that the latent is scaled by
    (`LatentScale`) are part of the weights.
    """

    @register_to_config
    def __init__(
        self,
        latent_channels: int = 8,
        widths: tuple[int, int] = (64, 192),
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
        self.latent_norm = LatentScale(latent_channels)
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
