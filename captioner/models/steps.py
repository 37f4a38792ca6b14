"""The captioner's text halves one token at a time, in as few and as large products as the weights allow.

The same model as `CocaModel.decode`, for captions under way. Knows no words.

Dimensions: R rows, A heads, L tokens told, D width.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from captioner.models.layers import attended, doubled, fused_linear, is_fusible, quickly_normed

if TYPE_CHECKING:
    from captioner.models.caches import Context
    from captioner.models.coca import CocaModel, TextBlock


class CaptionSteps:
    """What the rows have told, as keys and values of all layers in a tensor with room for the whole caption.

    Query, key and value are one product, weights lie as the processor reads them, and new keys and values are written
    where they stay: to join them to the old ones, as caches of any length do, moves all of them at every token. On a
    CPU keys and values are kept in single precision (`_kept_as`). Made for one batch: it does not see weights that
    change afterwards.
    """

    @torch.no_grad()
    def __init__(self, coca: CocaModel, context: Context, room: int):
        first = context[0][0]
        rows, heads = len(first), coca.config.heads
        self._coca = coca
        blocks = [cast("TextBlock", block) for block in (*coca.unimodal_blocks, *coca.multimodal_blocks)]
        self._layers = [_Layer(block, rows, first.dtype) for block in blocks]
        shape = (len(blocks), 2, rows, heads, room, coca.config.width // heads)
        self.kept = torch.empty(shape, dtype=_kept_as(first), device=first.device)
        self.length = 0
        self._context: Context = []
        self._seen: Context = []

    @torch.no_grad()
    def next_states(self, tokens: Tensor, place: int, context: Context) -> Tensor:
        """Return the last states (R, 1, D) behind the rows' tokens (R, 1) at a place, and remember these.

        Args:
            context: of the rows' pictures, from `CocaModel.prepare_context`.
        """
        coca = self._coca
        if context is not self._context:
            looked = [tuple(each.to(self.kept.dtype) for each in layer) for layer in context]
            self._context, self._seen = context, [()] * (len(self._layers) - len(context)) + looked
        x = coca.tokens(tokens[:, 0]) * coca.config.width**0.5 + coca.places.weight[place]
        # The first layers read words alone.
        for layer, kept, pictures in zip(self._layers, self.kept, self._seen, strict=True):
            x = layer.next_states(x, kept[..., : place + 1, :], pictures)
        return cast(Tensor, coca.norm(x))[:, None]

    @torch.no_grad()
    def select(self, rows: Tensor) -> None:
        """Keep these rows (R) int64 of the batch, in this order; one may come up more than once."""
        taken = self.kept[:, :, rows, :, : self.length]
        if len(rows) > self.kept.shape[2]:
            self.kept = self.kept.new_empty((*self.kept.shape[:2], len(rows), *self.kept.shape[3:]))
        self.kept = self.kept[:, :, : len(rows)]
        self.kept[..., : self.length, :] = taken


class _Layer:
    """A `TextBlock` as it tells one token of each row."""

    def __init__(self, block: TextBlock, rows: int, dtype: torch.dtype):
        own = block.attention
        self.norm, self.query_norm, self.key_norm = block.norm, _Norm(own.query_norm, dtype), _Norm(own.key_norm, dtype)
        self.ask = _Linear((own.query, own.key_value), rows)
        self.out = _Linear((own.out,), rows)
        if hasattr(block, "cross_attention"):
            self.cross_norm, self.cross_query_norm = block.cross_norm, _Norm(block.cross_attention.query_norm, dtype)
            self.cross_query = _Linear((block.cross_attention.query,), rows)
            self.cross_out = _Linear((block.cross_attention.out,), rows)
        self.feed_norm = block.feed_norm
        first, second = block.feed_forward.layers()
        self.inner, self.outer = _Linear((first,), rows, gelu=True), _Linear((second,), rows)

    def next_states(self, x: Tensor, kept: Tensor, context: tuple[Tensor, ...]) -> Tensor:
        """Return the next layer's states (R, D).

        Args:
            x: (R, D).
            kept: keys and values (2, R, A, L, D/A) of what was told, with a place for the newest at the end.
            context: keys and values (R, A, N, D/A) of the pictures, for a layer that looks at them.
        """
        query, key, value = self.ask(self.norm(x)).view(len(x), 3, kept.shape[2], -1).unbind(1)
        keys, values = kept.unbind()
        keys[..., -1, :] = self.key_norm(key)
        values[..., -1, :] = value
        x = x + self.out(_found(self.query_norm(query), keys, values))
        if context:
            query = self.cross_query_norm(self.cross_query(self.cross_norm(x)).view(query.shape))
            x = x + self.cross_out(_found(query, *context))
        return x + self.outer(self.inner(self.feed_norm(x)))


class _Norm:
    """`quickly_normed` with its weight made ready once."""

    def __init__(self, norm: nn.RMSNorm, dtype: torch.dtype):
        self.norm, self.weight = norm, doubled(norm, dtype)

    def __call__(self, x: Tensor) -> Tensor:
        return quickly_normed(x, self.weight, self.norm)


class _Linear:
    """Linear layers of the same input as one, followed by GELU or not, packed for so many rows where they can be."""

    def __init__(self, layers: Sequence[nn.Linear], rows: int, gelu: bool = False):
        self.weight = torch.cat([layer.weight for layer in layers])
        self.bias = torch.cat([layer.bias for layer in layers])
        self.gelu = gelu
        self.is_packed = not torch.is_autocast_enabled(self.weight.device.type) and is_fusible(self.weight)
        if self.is_packed:
            self.weight = torch.ops.mkldnn._reorder_linear_weight(self.weight, rows)

    def __call__(self, x: Tensor) -> Tensor:
        if self.is_packed:
            return fused_linear(x, self.weight, self.bias, self.gelu)
        x = F.linear(x, self.weight, self.bias)
        return F.gelu(x, approximate="tanh") if self.gelu else x


def _kept_as(x: Tensor) -> torch.dtype:
    """Return the precision in which keys and values are kept for one query at a time.

    The fused attention of a CPU computes a block of queries whether one or 32 are asked, and its products of bfloat16
    have no kernel for a single row: plain products in single precision take an eighth of the time.
    """
    return torch.float32 if x.device.type == "cpu" else x.dtype


def _found(query: Tensor, keys: Tensor, values: Tensor) -> Tensor:
    """Return what queries (R, A, D/A) find among keys and values (R, A, L, D/A), as (R, D), in their own precision."""
    if keys.device.type != "cpu":
        return attended(query[:, :, None], keys, values).flatten(1)
    with torch.autocast("cpu", enabled=False):
        scores = (query.to(keys.dtype) * query.shape[-1] ** -0.5)[:, :, None] @ keys.transpose(-1, -2)
        return (scores.softmax(-1) @ values).flatten(1).to(query.dtype)
