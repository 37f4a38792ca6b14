"""Layers that the captioner, the denoiser and the finder are built of: attention, its positional helpers, and the fused
kernels that some of them take where nothing is learned.

Dimensions: B batch, N tokens asked, L tokens of the context, D width, A heads.
"""

from __future__ import annotations

from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

FARTHEST = 8
"""Offsets between tokens are told apart up to this many rows or columns."""


def is_fusible(x: Tensor) -> bool:
    """Return whether oneDNN's fused linear layers take x: bfloat16 on a CPU that computes in it, without gradients.

    They are the kernels that `torch.compile` takes for inference on a CPU (`torch._inductor`), called by name.
    """
    return (
        not torch.is_grad_enabled()
        and x.dtype == torch.bfloat16
        and x.device.type == "cpu"
        and hasattr(torch.ops.mkldnn, "_linear_pointwise")
        and bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    )


def fused_linear(x: Tensor, weight: Tensor, bias: Tensor | None, gelu: bool = False) -> Tensor:
    """Return x (…, D) through a linear layer and, with `gelu`, through GELU (tanh), in one kernel, rounded once.

    Args:
        weight: (E, D), or what `torch.ops.mkldnn._reorder_linear_weight` made of it.

    A plain layer of torch first writes the bias to every row, and GELU is twice as slow as the product before it.
    """
    way, kind = ("gelu", "tanh") if gelu else ("none", "")
    return cast(Tensor, torch.ops.mkldnn._linear_pointwise(x, weight, bias, way, [], kind))


def linear(layer: nn.Linear, x: Tensor) -> Tensor:
    """Return what a layer makes of x (…, D), by the fused kernel where it can be."""
    if is_fusible(x) and layer.weight.dtype == x.dtype:
        return fused_linear(x, layer.weight, layer.bias)
    return cast(Tensor, layer(x))


class FeedForward(nn.Sequential):
    """Two linear layers with GELU between."""

    def __init__(self, width: int, inner: int):
        super().__init__(nn.Linear(width, inner), nn.GELU(approximate="tanh"), nn.Linear(inner, width))

    def layers(self) -> tuple[nn.Linear, nn.Linear]:
        return cast(nn.Linear, self[0]), cast(nn.Linear, self[2])

    def forward(self, x: Tensor) -> Tensor:
        first, second = self.layers()
        if is_fusible(x) and first.weight.dtype == x.dtype:
            return fused_linear(fused_linear(x, first.weight, first.bias, gelu=True), second.weight, second.bias)
        return cast(Tensor, super().forward(x))


class Attention(nn.Module):
    """Attention with normalised queries and keys (QK-norm, arXiv:2302.05442), over itself or over a context.

    Args:
        quick: where no gradient is asked for, by torch's fused kernels; they round otherwise than training does, and
            mostly less.
    """

    def __init__(self, width: int, heads: int, context_width: int | None = None, quick: bool = False):
        super().__init__()
        self.heads = heads
        self.quick = quick
        self.query = nn.Linear(width, width)
        self.key_value = nn.Linear(context_width or width, 2 * width)
        self.out = nn.Linear(width, width)
        self.query_norm = nn.RMSNorm(width // heads, eps=1e-6)
        self.key_norm = nn.RMSNorm(width // heads, eps=1e-6)

    def keys_values(self, context: Tensor) -> tuple[Tensor, Tensor]:
        """Return keys and values, each (B, A, L, D/A), of a context (B, L, D)."""
        told = linear(self.key_value, context) if self._is_quick else self.key_value(context)
        key, value = (x.unflatten(-1, (self.heads, -1)) for x in told.chunk(2, -1))
        if self._is_quick:
            key = quickly_normed(key, doubled(self.key_norm, key.dtype), self.key_norm)
            return key.transpose(1, 2), value.transpose(1, 2)
        return normed(key.transpose(1, 2), self.key_norm), value.transpose(1, 2)

    def forward(self, x: Tensor, keys_values: tuple[Tensor, Tensor], bias: Tensor | None = None) -> Tensor:
        """Return (B, N, D); `bias` is added to the scores (B, A, N, L) and broadcasts to them."""
        key, value = keys_values
        if self._is_quick:
            query = linear(self.query, x).unflatten(-1, (self.heads, -1))
            query = quickly_normed(query, doubled(self.query_norm, query.dtype), self.query_norm)
            return linear(self.out, attended(query.transpose(1, 2), key, value, bias).transpose(1, 2).flatten(2))
        query = normed(self.query(x).unflatten(-1, (self.heads, -1)).transpose(1, 2), self.query_norm)
        # Plain products: at 64 tokens the fused kernel's backward pass takes a third of a training step on a CPU.
        scores = query @ key.transpose(-1, -2) * query.shape[-1] ** -0.5
        if bias is not None:
            scores = scores + bias
        found = scores.softmax(-1).to(value.dtype) @ value
        return self.out(found.transpose(1, 2).flatten(2))

    @property
    def _is_quick(self) -> bool:
        return self.quick and not torch.is_grad_enabled()


def attended(query: Tensor, key: Tensor, value: Tensor, bias: Tensor | None = None) -> Tensor:
    """Return (B, A, N, D/A): what queries find, in the precision of the values, by torch's fused attention."""
    if bias is not None:
        bias = bias.to(value.dtype)
        bias = bias[None] if bias.ndim == 3 else bias  # the fused kernel knows biases of two and of four dimensions
    return F.scaled_dot_product_attention(query.to(value.dtype), key.to(value.dtype), value, bias)


def doubled(norm: nn.RMSNorm, dtype: torch.dtype) -> Tensor:
    """Return the norm's weight (2 · D), twice, as `quickly_normed` takes it."""
    return norm.weight.to(dtype).repeat(2)


def quickly_normed(x: Tensor, weight: Tensor, norm: nn.RMSNorm) -> Tensor:
    """Return what `normed` does of x (…, D), several times as fast on a CPU; `weight` is `doubled`.

    There RMSNorm is eight passes over the numbers and LayerNorm one; and of x and −x together the mean is 0, and so
    their LayerNorm is the RMSNorm.
    """
    mirrored = torch.cat((x, -x), -1)
    return F.layer_norm(mirrored, mirrored.shape[-1:], weight, None, cast(float, norm.eps))[..., : x.shape[-1]]


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
