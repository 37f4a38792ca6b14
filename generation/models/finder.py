"""The embedded finder: where in a picture an instruction changes it, told from what the captioner sees and reads.

Dimensions: B batch, N picture tokens = (side of the picture in `CELLS`-cell tokens)², L text tokens, D width.
Knows nothing of files, painters or pixels.
"""

from __future__ import annotations

import torch
from diffusers import ConfigMixin, ModelMixin
from diffusers.configuration_utils import register_to_config
from torch import Tensor, nn

from captioner.models.layers import Attention, FeedForward, locality, offset_entries, positions

CELLS = 2
"""Cells along the side of a picture token; a cell is eight pixels a side."""


class ReadingBlock(nn.Module):
    """Self-attention among the words, and a feed-forward layer."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.norm = nn.LayerNorm(width, eps=1e-6)
        self.attention = Attention(width, heads)
        self.feed_norm = nn.LayerNorm(width, eps=1e-6)
        self.feed_forward = FeedForward(width, 2 * width)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        y = self.norm(x)
        x = x + self.attention(y, self.attention.keys_values(y), bias)
        return x + self.feed_forward(self.feed_norm(x))


class LookingBlock(nn.Module):
    """Self-attention among the picture's tokens, attention to the words, and a feed-forward layer.

    A bias learned for each offset between two tokens starts near (as in `captioner.models.tower`).
    """

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.norm = nn.LayerNorm(width, eps=1e-6)
        self.attention = Attention(width, heads)
        self.offset_table = nn.Parameter(locality(heads))
        self.cross_norm = nn.LayerNorm(width, eps=1e-6)
        self.cross_attention = Attention(width, heads)
        self.feed_norm = nn.LayerNorm(width, eps=1e-6)
        self.feed_forward = FeedForward(width, 2 * width)

    def forward(self, x: Tensor, text: Tensor, bias: Tensor, offsets: Tensor) -> Tensor:
        y = self.norm(x)
        near = self.offset_table.to(x.dtype)[:, offsets]
        x = x + self.attention(y, self.attention.keys_values(y), near)
        x = x + self.cross_attention(self.cross_norm(x), self.cross_attention.keys_values(text), bias)
        return x + self.feed_forward(self.feed_norm(x))


class RegionFinder(ModelMixin, ConfigMixin):  # type: ignore[misc]
    """Tells of each cell how likely an instruction changes it.

    The image and text states are those of a frozen captioner, which knows the things, their parts and their colours;
    this model learns only to put the two together, as a referring segmentation does on CLIP's states (CLIPSeg,
    arXiv:2112.10003).
    """

    @register_to_config
    def __init__(
        self,
        image_width: int = 256,
        text_width: int = 192,
        width: int = 96,
        heads: int = 4,
        layers: int = 2,
        captioner: str = "",
        world_version: int = 0,
        world_setting: str = "",
    ):
        """`captioner` is the SHA-256 of the weights whose states it learned on; others mean other things."""
        super().__init__()
        self.image_in = nn.Linear(image_width, width)
        self.text_in = nn.Linear(text_width, width)
        self.reading = ReadingBlock(width, heads)
        self.blocks = nn.ModuleList([LookingBlock(width, heads) for _ in range(layers)])
        self.norm = nn.LayerNorm(width, eps=1e-6)
        self.out = nn.Linear(width, CELLS**2)

    def forward(self, picture: Tensor, text: Tensor, is_real: Tensor) -> Tensor:
        """Return logits (B, 1, h, w) that the instruction changes a cell.

        Args:
            picture: (B, N, image width) states of square pictures.
            text: (B, L, text width) states of the instructions.
            is_real: (B, L) bool, False on padding; at least one True a row.
        """
        x = self.image_in(picture)
        side = round(x.shape[1] ** 0.5)
        x = x + positions(side, side, x.shape[-1], x.device).to(x.dtype)
        bias = torch.zeros(is_real.shape, dtype=x.dtype, device=x.device)
        bias = bias.masked_fill(~is_real, torch.finfo(torch.bfloat16).min)[:, None, None]
        words = self.reading(self.text_in(text), bias)
        offsets = offset_entries(side, side, x.device)
        for block in self.blocks:
            x = block(x, words, bias, offsets)
        logits: Tensor = self.out(self.norm(x))
        return (
            logits.unflatten(1, (side, side))
            .unflatten(3, (CELLS, CELLS))
            .transpose(2, 3)
            .flatten(3, 4)
            .flatten(1, 2)[:, None]
        )
