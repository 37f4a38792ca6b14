"""Layers that the captioner and the denoiser are built of: attention and its positional helpers.

Dimensions: B batch, N tokens asked, L tokens of the context, D width, A heads.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

FARTHEST = 8
"""Offsets between tokens are told apart up to this many rows or columns."""


class Attention(nn.Module):
    """Attention with normalised queries and keys (QK-norm, arXiv:2302.05442), over itself or over a context."""

    def __init__(self, width: int, heads: int, context_width: int | None = None):
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key_value = nn.Linear(context_width or width, 2 * width)
        self.out = nn.Linear(width, width)
        self.query_norm = nn.RMSNorm(width // heads, eps=1e-6)
        self.key_norm = nn.RMSNorm(width // heads, eps=1e-6)

    def keys_values(self, context: Tensor) -> tuple[Tensor, Tensor]:
        """Return keys and values, each (B, A, L, D/A), of a context (B, L, D)."""
        key, value = self.key_value(context).chunk(2, -1)
        key, value = (x.unflatten(-1, (self.heads, -1)).transpose(1, 2) for x in (key, value))
        return normed(key, self.key_norm), value

    def forward(self, x: Tensor, keys_values: tuple[Tensor, Tensor], bias: Tensor | None = None) -> Tensor:
        """Return (B, N, D); `bias` is added to the scores (B, A, N, L) and broadcasts to them."""
        query = self.query(x).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        key, value = keys_values
        query = normed(query, self.query_norm)
        # Plain products: at 64 tokens the fused kernel's backward pass takes a third of a training step on a CPU.
        scores = query @ key.transpose(-1, -2) * query.shape[-1] ** -0.5
        if bias is not None:
            scores = scores + bias
        attended = scores.softmax(-1).to(value.dtype) @ value
        return self.out(attended.transpose(1, 2).flatten(2))


def feed_forward(width: int, inner: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, inner), nn.GELU(approximate="tanh"), nn.Linear(inner, width))


def normed(x: Tensor, norm: nn.RMSNorm) -> Tensor:
    """Apply a norm in the precision of x, whatever that of its weights (under autocast they differ)."""
    return F.rms_norm(x, norm.normalized_shape, norm.weight.to(x.dtype), norm.eps)


def locality(heads: int) -> Tensor:
    """Return what heads add at first for each offset: minus the distance, times a slope a head; the last, nothing."""
    axis = torch.arange(-FARTHEST, FARTHEST + 1, dtype=torch.float32)
    distances = torch.cartesian_prod(axis, axis).norm(dim=-1)
    slopes = torch.tensor([2.0**-head for head in range(heads - 1)] + [0.0])
    return -slopes[:, None] * distances


def offset_entries(rows: int, columns: int, device: torch.device) -> Tensor:
    """Return for each pair of tokens (N, N) which entry of an offset table it has."""
    places = torch.cartesian_prod(torch.arange(rows, device=device), torch.arange(columns, device=device))
    apart = (places[:, None] - places).clamp(-FARTHEST, FARTHEST) + FARTHEST
    return apart[..., 0] * (2 * FARTHEST + 1) + apart[..., 1]


def positions(rows: int, columns: int, width: int, device: torch.device) -> Tensor:
    """Return fixed two-dimensional sine positions (rows · columns, width); MAE, arXiv:2111.06377."""
    quarter = width // 4
    frequencies = 1 / 100 ** (torch.arange(quarter, device=device) / quarter)
    y, x = torch.meshgrid(torch.arange(rows, device=device), torch.arange(columns, device=device), indexing="ij")
    angles = [axis.flatten()[:, None] * frequencies for axis in (y, x)]
    return torch.cat([function(angle) for angle in angles for function in (torch.sin, torch.cos)], -1)
