"""What a model remembers of the tokens that it has told: keys and values of all its layers, row by row.

Dimensions: R rows, A heads, L tokens, D width.
"""

from __future__ import annotations

import torch
from torch import Tensor
from transformers import DynamicCache

Context = list[tuple[Tensor, ...]]
"""What a model needs of the pictures at every token: for each layer that looks at them, or before the first word."""


class RoomyCache:
    """Keys and values of all layers in tensors that have room for the whole caption from the start."""

    def __init__(
        self, layers: int, batch: int, heads: int, room: int, head_width: int, dtype: torch.dtype,
        device: torch.device | None = None,
    ):  # fmt: skip
        shape = (2, layers, batch, heads, room, head_width)
        self.kept = torch.zeros(shape, dtype=dtype, device=device)
        self.length = 0

    def update(self, key: Tensor, value: Tensor, layer: int) -> tuple[Tensor, Tensor]:
        end = self.length + key.shape[2]
        self.kept[0, layer, :, :, self.length : end] = key
        self.kept[1, layer, :, :, self.length : end] = value
        return self.kept[0, layer, :, :, :end], self.kept[1, layer, :, :, :end]

    def select(self, rows: Tensor) -> None:
        """Keep these rows (R) int64 of the batch, in this order; one may come up more than once."""
        taken = torch.empty_like(self.kept[:, :, :1]).expand(-1, -1, len(rows), -1, -1, -1).clone()
        taken[..., : self.length, :] = self.kept[:, :, rows, :, : self.length]
        self.kept = taken


class LanguageCache:
    """The cache of a language model of transformers, which counts its own tokens; `length` is the caption's."""

    def __init__(self) -> None:
        self.kept = DynamicCache()
        self.length = 0

    def select(self, rows: Tensor) -> None:
        """Keep these rows, as `RoomyCache.select`."""
        self.kept.batch_select_indices(rows)
