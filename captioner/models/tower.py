"""Image encoders: the embedded captioner's, a Vision Transformer (arXiv:2010.11929) of patches of 8 pixels, and those
of CLIP and SigLIP, which others have trained.

Dimensions: B batch, H = W pixels, side = H / 8 patches, N = (side / 2)² tokens that come out, D width, A heads.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from captioner.models.layers import Attention, FeedForward, linear, locality, offset_entries, positions

PATCH = 8
MERGE = 2
"""Patches along the side of a token that comes out."""
WINDOW = 8
"""Tokens along the side of what a windowed layer looks into."""


class PictureTower(nn.Module):
    """Tells pictures (B, 3, H, W), −1 to 1, as tokens (B, N, D).

    Two convolutions in place of one linear map of each patch: a small transformer then learns much faster
    (arXiv:2106.14881). A few narrow layers see every patch; then each 2 × 2 patches become one token (Swin,
    arXiv:2103.14030, section 3.1): a step takes a third of the time of a plain ViT of as many parameters on a CPU. A
    bias learnt for each offset between two tokens starts near.
    """

    def __init__(self, near_width: int, near_layers: int, width: int, layers: int, head_width: int = 64):
        super().__init__()
        self.stem = nn.ModuleList(
            [
                nn.Conv2d(3 * (PATCH // 2) ** 2, near_width // 2, 3, padding=1),
                nn.Conv2d(near_width // 2, near_width, 3, stride=2, padding=1),
            ]
        )
        # Every second layer, from the first, looks into windows only (arXiv:2203.16527, section 3).
        near = [
            TowerBlock(near_width, max(1, 2 * near_width // head_width), windowed=index % 2 == 0)
            for index in range(near_layers)
        ]
        self.near_blocks = nn.ModuleList(near)
        self.merge = nn.Linear(MERGE**2 * near_width, width)
        far = [TowerBlock(width, max(1, width // head_width), windowed=True) for _ in range(layers)]
        self.blocks = nn.ModuleList(far)
        self.norm = nn.LayerNorm(width, eps=1e-6)

    def forward(self, pictures: Tensor) -> Tensor:
        x = F.pixel_unshuffle(pictures, PATCH // 2).contiguous(memory_format=torch.channels_last)
        x = self.stem[1](F.gelu(self.stem[0](x), approximate="tanh"))
        side = x.shape[-1]
        x = x.permute(0, 2, 3, 1).flatten(1, 2)
        x = x + positions(side, side, x.shape[-1], x.device).to(x.dtype)
        for block in self.near_blocks:
            x = block(x)
        side //= MERGE
        x = linear(self.merge, _windows(x, side, MERGE).flatten(2))
        x = x + positions(side, side, x.shape[-1], x.device).to(x.dtype)
        for block in self.blocks:
            x = block(x)
        return self.norm(x)


class PretrainedTower(nn.Module):
    """The image encoder of CLIP or SigLIP, as transformers has it, and a norm of our own on its last states.

    Args:
        config: its configuration, `model_type` included.
        mean, std: a red, a green and a blue, by which its own processor centres and scales pictures of 0 to 1.
    """

    def __init__(self, config: dict[str, Any], mean: Sequence[float], std: Sequence[float]):
        from transformers import AutoConfig, AutoModel  # a tenth of a second, for those that have one

        super().__init__()
        self.model = AutoModel.from_config(AutoConfig.for_model(**config))
        self.norm = nn.LayerNorm(int(config["hidden_size"]), eps=1e-6)
        self.mean, self.std = tuple(mean), tuple(std)

    def train(self, mode: bool = True) -> Self:
        """Leave the model without dropout, whose draws no checkpoint keeps."""
        super().train(mode)
        self.model.eval()
        return self

    def forward(self, pictures: Tensor) -> Tensor:
        """Return states (B, N, D) of pictures (B, 3, H, W), −1 to 1."""
        mean, std = (torch.tensor(each, device=pictures.device)[:, None, None] for each in (self.mean, self.std))
        seen = (((pictures.float() + 1) / 2 - mean) / std).to(pictures.dtype)
        states = self.model(pixel_values=seen).last_hidden_state
        return F.layer_norm(
            states, self.norm.normalized_shape, self.norm.weight.to(states.dtype), self.norm.bias.to(states.dtype),
            self.norm.eps,
        )  # fmt: skip


class TowerBlock(nn.Module):
    """Self-attention, everywhere or inside windows, and a feed-forward layer."""

    def __init__(self, width: int, heads: int, windowed: bool):
        super().__init__()
        self.norm = nn.LayerNorm(width, eps=1e-6)
        self.attention = Attention(width, heads, quick=True)
        self.feed_norm = nn.LayerNorm(width, eps=1e-6)
        self.feed_forward = FeedForward(width, 4 * width)
        self.offset_table = nn.Parameter(locality(heads)) if windowed else None

    def forward(self, x: Tensor) -> Tensor:
        y = self.norm(x)
        if self.offset_table is None:
            x = x + self.attention(y, self.attention.keys_values(y))
        else:
            side = round(y.shape[1] ** 0.5)
            window = min(WINDOW, side)
            near = self.offset_table[:, offset_entries(window, window, x.device)].to(y.dtype)
            count = side // window
            y = _windows(y, count, window).flatten(0, 1)
            y = self.attention(y, self.attention.keys_values(y), near)
            y = y.view(-1, count, count, window, window, y.shape[-1]).transpose(2, 3)
            x = x + y.reshape(x.shape)
        return x + self.feed_forward(self.feed_norm(x))


def _windows(tokens: Tensor, count: int, window: int) -> Tensor:
    """(B, (count · window)², D) → (B, count², window², D)."""
    x = tokens.unflatten(1, (count, window, count, window)).transpose(2, 3)
    return x.reshape(len(tokens), count**2, window**2, tokens.shape[-1])
