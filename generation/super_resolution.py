"""Enlarging by diffusion: Euler steps from noise to the detail that a small picture lacks, whole or in tiles.

Dimensions: B batch, H and W pixels of the small picture, C = 48 values of the 4 × 4 large pixels under each small one.
"""

from __future__ import annotations

import itertools

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from generation.models.enlarger import DETAIL, FACTOR, STRIDE, PictureEnlarger

STEPS = 2
SHIFT = 5.0
"""Times are crowded towards noise (arXiv:2403.03206, section 5.3.2), where it is decided on which side of a line a
pixel lies: most of the detail is lines, many times higher than its mean, which show through much noise."""
SEED = 4
"""Of the noise, the same for every picture: a place that an edit leaves alone is enlarged the same again."""
TILE = 256
"""Small pixels along the side of a tile, without what it sees beyond its edges."""


@torch.inference_mode()
def enlarge(model: PictureEnlarger, small: Tensor, steps: int = STEPS, seed: int = SEED, tile: int = TILE) -> Tensor:
    """Return pictures (B, 3, 4H, 4W) float32, −1 to 1, of small ones (B, 3, H, W), −1 to 1; any H and W.

    Tiles see as far beyond their edges as the model looks in all its steps, so that they equal the whole.
    """
    height, width = small.shape[-2:]
    padded = F.pad(small, (0, -width % STRIDE, 0, -height % STRIDE), mode="replicate")
    noise = standard_noise(padded, seed)
    margin = -(-steps * (model.reach + 2) // STRIDE) * STRIDE
    large = torch.empty(len(small), 3, FACTOR * padded.shape[-2], FACTOR * padded.shape[-1])
    for top in range(0, padded.shape[-2], tile):
        for left in range(0, padded.shape[-1], tile):
            rows = slice(max(0, top - margin), top + tile + margin)
            columns = slice(max(0, left - margin), left + tile + margin)
            part = sample(model, padded[..., rows, columns], noise[..., rows, columns], steps)
            inner = part[..., FACTOR * (top - rows.start) :, FACTOR * (left - columns.start) :]
            inner = inner[..., : FACTOR * tile, : FACTOR * tile]
            into = large[..., FACTOR * top : FACTOR * (top + tile), FACTOR * left : FACTOR * (left + tile)]
            into.copy_(inner)
    return large[..., : FACTOR * height, : FACTOR * width].clamp(-1, 1)


def standard_noise(small: Tensor, seed: int) -> Tensor:
    """Return noise (B, C, H, W) float32, the same for every picture of a batch."""
    noise = torch.randn(1, DETAIL, *small.shape[-2:], generator=torch.Generator().manual_seed(seed))
    return noise.to(small.device).expand(len(small), -1, -1, -1)


def shifted(times: Tensor) -> Tensor:
    """Return times (0 clean, 1 noise) crowded towards noise: s t / (1 + (s − 1) t)."""
    return SHIFT * times / (1 + (SHIFT - 1) * times)


def sample(model: PictureEnlarger, small: Tensor, noise: Tensor, steps: int) -> Tensor:
    """Return pictures (B, 3, 4H, 4W) float32 after Euler steps from t = 1 to t = 0.

    The velocity at x_t is (x_t − x₀) / t for the clean detail x₀ that the model predicts there.
    """
    kind = model.dtype
    given = small.to(kind).contiguous(memory_format=torch.channels_last)
    x = noise.float()
    times = shifted(torch.linspace(1, 0, steps + 1, dtype=torch.float64)).tolist()
    for now, then in itertools.pairwise(times):
        time = torch.full((len(small),), now, device=small.device)
        clean = model(x.to(kind).contiguous(memory_format=torch.channels_last), time, given).float()
        x = clean + then / now * (x - clean)
    return model.with_detail(x, small.float())


def to_tensor(pixels: np.ndarray) -> Tensor:
    """(B, H, W, 3) uint8 → (B, 3, H, W) float32, −1 to 1."""
    return torch.from_numpy(np.array(pixels)).permute(0, 3, 1, 2).float() / 127.5 - 1


def to_pixels(pictures: Tensor) -> np.ndarray:
    """(B, 3, H, W), about −1 to 1 → (B, H, W, 3) uint8."""
    scaled = (pictures.float().clamp(-1, 1) + 1) * 127.5
    pixels: np.ndarray = scaled.round().to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()
    return pixels
