"""The embedded denoiser: one transformer for new pictures, instruction edits and masked painting.

Dimensions: B batch, C latent channels, h and w latent cells, N picture tokens = (h/2)·(w/2), L text tokens,
D width, A heads. Knows nothing of schedules, guidance or files.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from diffusers import ConfigMixin, ModelMixin
from diffusers.configuration_utils import register_to_config
from torch import Tensor, nn

from captioner.models.layers import Attention, locality, offset_entries, positions

PATCH = 2
"""Latent cells along the side of a picture token."""
MOST_GUIDANCE = 6.0
"""The strongest guidance that a distilled denoiser learns to follow in one pass; the weakest is 1."""


class Block(nn.Module):
    """Self-attention, cross-attention to the text and a feed-forward layer, with adaptive norms shared across blocks.

    The six modulation vectors come from one projection of the time for all blocks plus a table per block
    (adaLN-single, PixArt-α, arXiv:2310.00426, section 2.3). A bias learned for each offset between two tokens (Swin,
    arXiv:2103.14030, section 3.2) starts with some heads looking near and some far, which saves a small model
    from learning what a neighbour is.
    """

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.norm = nn.LayerNorm(width, elementwise_affine=False, eps=1e-6)
        self.offset_table = nn.Parameter(locality(heads))
        self.cross_norm = nn.LayerNorm(width, eps=1e-6)
        self.self_attention = Attention(width, heads)
        self.cross_attention = Attention(width, heads)
        self.feed_forward = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(approximate="tanh"), nn.Linear(4 * width, width)
        )
        self.table = nn.Parameter(torch.zeros(6, width))

    def forward(
        self, x: Tensor, modulation: Tensor, text: tuple[Tensor, Tensor], text_bias: Tensor | None, offsets: Tensor
    ) -> Tensor:
        shift1, scale1, gate1, shift2, scale2, gate2 = (modulation + self.table).to(x.dtype)[:, None].unbind(2)
        y = self.norm(x) * (1 + scale1) + shift1
        near = self.offset_table.to(x.dtype)[:, offsets]
        x = x + gate1 * self.self_attention(y, self.self_attention.keys_values(y), near)
        x = x + self.cross_attention(self.cross_norm(x), text, text_bias)
        y = self.norm(x) * (1 + scale2) + shift2
        return x + gate2 * self.feed_forward(y)


class Denoiser(ModelMixin, ConfigMixin):  # type: ignore[misc]
    """Predicts the velocity ε − x₀ of a rectified flow (arXiv:2209.03003) at x_t = (1 − t) x₀ + t ε.

    With `prior_rank` > 0 the transformer predicts what is left after the best linear prediction: the one that is exact
    if latents were Gaussian with the training set's mean and covariance (`set_prior`). This is EDM's preconditioning
    (arXiv:2206.00364, section 5) with a covariance matrix in place of one variance; it saves a small model the
    first thousand steps, in which it would learn just that. Such a model paints one size, `cells` a side.

    The parent's latent and two maps join the noisy latent by channel, through a projection that starts at zero
    (as InstructPix2Pix does, arXiv:2211.09800, section 3.2): `parent` (zeros where unknown), `known` (1 where the
    parent is shown) and `mask` (1 where the picture may change).

    With `guidance_embeds`, named as in diffusers' FLUX, it has learned to predict a guided velocity in one pass, for
    any scale from 1 to `MOST_GUIDANCE` (guidance distillation, arXiv:2210.03142, section 3.1). The scale joins the
    time.
    """

    @register_to_config
    def __init__(
        self,
        latent_channels: int = 6,
        width: int = 256,
        layers: int = 8,
        heads: int = 4,
        text_width: int = 256,
        cells: int = 16,
        prior_rank: int = 0,
        world_version: int = 0,
        world_setting: str = "",
        guidance_embeds: bool = False,
    ):
        super().__init__()
        self.noisy_in = nn.Linear(PATCH**2 * latent_channels, width)
        self.condition_in = nn.Linear(PATCH**2 * (latent_channels + 2), width)
        nn.init.zeros_(self.condition_in.weight)
        nn.init.zeros_(self.condition_in.bias)
        self.text_in = nn.Sequential(nn.Linear(text_width, width), nn.GELU(approximate="tanh"), nn.Linear(width, width))
        self.time_in = nn.Sequential(nn.Linear(256, width), nn.SiLU(), nn.Linear(width, width))
        modulate = nn.Linear(width, 6 * width)
        nn.init.zeros_(modulate.weight)
        self.modulation = nn.Sequential(nn.SiLU(), modulate)
        if guidance_embeds:
            scaled = nn.Linear(width, width)
            nn.init.zeros_(scaled.weight)
            nn.init.zeros_(scaled.bias)
            self.guidance_in = nn.Sequential(nn.Linear(256, width), nn.SiLU(), scaled)
        if prior_rank:
            size = latent_channels * cells**2
            self.prior_in = nn.Linear(PATCH**2 * latent_channels, width)
            nn.init.zeros_(self.prior_in.weight)
            nn.init.zeros_(self.prior_in.bias)
            self.register_buffer("prior_mean", torch.zeros(size))
            self.register_buffer("prior_basis", torch.zeros(size, prior_rank))
            self.register_buffer("prior_variances", torch.ones(prior_rank + 1))
        self.blocks = nn.ModuleList([Block(width, heads) for _ in range(layers)])
        # From the first half's blocks to the second's, last to first (U-ViT, arXiv:2209.12152, section 3.1).
        skips = [nn.Linear(width, width, bias=False) for _ in range(layers // 2)]
        for skip in skips:
            nn.init.zeros_(skip.weight)
        self.skips = nn.ModuleList(skips)
        self.final_table = nn.Parameter(torch.zeros(2, width))
        self.norm = nn.LayerNorm(width, elementwise_affine=False, eps=1e-6)
        self.out = nn.Linear(width, PATCH**2 * latent_channels)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)
        self.region_out = nn.Linear(width, PATCH**2)

    @torch.no_grad()
    def unguided(self) -> Denoiser:
        """Return a denoiser that takes no scale and says what this one says at scale 1; this one if it takes none."""
        if not self.config.guidance_embeds:
            return self
        settings = {name: value for name, value in self.config.items() if not name.startswith("_")}
        plain = Denoiser(**{**settings, "guidance_embeds": False})
        plain.load_state_dict(self.state_dict(), strict=False)
        scale = torch.ones(1, device=self.device)
        plain.time_in[2].bias.add_(self.guidance_in(_time_features(scale / MOST_GUIDANCE, 256).to(self.dtype))[0])
        return plain.to(self.device, self.dtype)

    def set_prior(self, latents: Tensor) -> None:
        """Take the Gaussian prior from clean latents (number, C, h, w): mean, leading directions, variances.

        The last of `prior_variances` is the mean variance of all directions that are not in the basis.
        """
        flat = latents.flatten(1).float()
        mean = flat.mean(0)
        variances, directions = torch.linalg.eigh((flat - mean).T @ (flat - mean) / len(flat))
        rank = self.prior_basis.shape[1]
        self.prior_mean.copy_(mean)
        self.prior_basis.copy_(directions[:, -rank:])
        self.prior_variances.copy_(torch.cat((variances[-rank:], variances[:-rank].mean()[None])))

    def linear_velocity(self, noisy: Tensor, time: Tensor) -> Tensor:
        """Return E[ε − x₀ | x_t] (B, C, h, w) for latents that are Gaussian as the prior says.

        In a direction of variance λ it is (t − (1 − t) λ) / ((1 − t)² λ + t²) times x_t − (1 − t) μ, less μ.
        """
        mean, basis, variances = self.prior_mean.float(), self.prior_basis.float(), self.prior_variances.float()
        t = time.float()[:, None]
        gains = (t - (1 - t) * variances) / ((1 - t).square() * variances + t.square())
        rest = gains[:, -1:]
        centred = noisy.flatten(1).float() - (1 - t) * mean
        velocity = rest * centred + ((gains[:, :-1] - rest) * (centred @ basis)) @ basis.T - mean
        return velocity.view_as(noisy)

    def prepare_text(self, text: Tensor, is_real: Tensor) -> list[tuple[Tensor, Tensor, Tensor]]:
        """Return each block's keys, values and bias of the text, which are the same at every step.

        Args:
            text: (B, L, text width) states of the text encoder.
            is_real: (B, L) bool, False on padding; at least one True a row.
        """
        context = self.text_in(text)
        bias = torch.zeros(is_real.shape, dtype=context.dtype, device=context.device)
        bias = bias.masked_fill(~is_real, torch.finfo(torch.bfloat16).min)[:, None, None]
        prepared = []
        for block in self.blocks:
            assert isinstance(block, Block)
            key, value = block.cross_attention.keys_values(context)
            prepared.append((key, value, bias.to(value.dtype)))
        return prepared

    def regions(self, middle: Tensor, height: int, width: int) -> Tensor:
        """Return logits (B, 1, h, w) that an edit changes a cell, from the middle block's tokens (B, N, D).

        They hold where `forward` was given the parent, and a mask that leaves it free to change anywhere.
        """
        return to_cells(self.region_out(middle), height, width)

    def forward(
        self,
        noisy: Tensor,
        time: Tensor,
        text: list[tuple[Tensor, Tensor, Tensor]],
        parent: Tensor,
        known: Tensor,
        mask: Tensor,
        middle: list[Tensor] | None = None,
        guidance: Tensor | None = None,
    ) -> Tensor:
        """Return velocities (B, C, h, w).

        Args:
            noisy, parent: (B, C, h, w).
            known, mask: (B, 1, h, w), 0 to 1.
            time: (B,), 0 (clean) to 1 (noise).
            text: from `prepare_text`.
            middle: a list that takes the tokens (B, N, D) after the middle block, for `regions`.
            guidance: (B,), 1 to `MOST_GUIDANCE`, with `guidance_embeds` alone; None is 1, the velocity unguided.
        """
        height, width = noisy.shape[-2:]
        x = self.noisy_in(_to_tokens(noisy)) + self.condition_in(_to_tokens(torch.cat((parent, known, mask), 1)))
        x = x + positions(height // PATCH, width // PATCH, x.shape[-1], x.device).to(x.dtype)
        guess = None
        if self.config.prior_rank:
            with torch.autocast(noisy.device.type, enabled=False):
                guess = self.linear_velocity(noisy, time)
            x = x + self.prior_in(_to_tokens(guess.to(noisy.dtype)))
        moment = self.time_in(_time_features(time, 256).to(x.dtype))
        if self.config.guidance_embeds:
            scale = torch.ones_like(time) if guidance is None else guidance
            moment = moment + self.guidance_in(_time_features(scale / MOST_GUIDANCE, 256).to(x.dtype))
        modulation = self.modulation(moment).unflatten(-1, (6, -1))
        offsets = offset_entries(height // PATCH, width // PATCH, x.device)
        kept: list[Tensor] = []
        for index, (block, (key, value, bias)) in enumerate(zip(self.blocks, text, strict=True)):
            if index >= len(self.blocks) - len(self.skips):
                x = x + self.skips[len(kept) - 1](kept.pop())
            x = block(x, modulation, (key, value), bias, offsets)
            if index < len(self.skips):
                kept.append(x)
            if middle is not None and index == len(self.blocks) // 2:
                middle.append(x)
        shift, scaling = (moment[:, None] + self.final_table).to(x.dtype)[:, None].unbind(2)
        velocity = to_cells(self.out(self.norm(x) * (1 + scaling) + shift), height, width)
        return velocity if guess is None else velocity + guess


def _to_tokens(cells: Tensor) -> Tensor:
    """(B, C, h, w) → (B, N, 4C)."""
    return F.pixel_unshuffle(cells, PATCH).flatten(2).transpose(1, 2)


def to_cells(tokens: Tensor, height: int, width: int) -> Tensor:
    """(B, N, 4C) → (B, C, h, w)."""
    return F.pixel_shuffle(tokens.transpose(1, 2).unflatten(2, (height // PATCH, width // PATCH)), PATCH)


def _time_features(time: Tensor, width: int) -> Tensor:
    """Return sines and cosines (B, width) of times (B,); the frequencies of DDPM, for times up to 1,000."""
    frequencies = torch.exp(-math.log(10_000) * torch.arange(width // 2, device=time.device) / (width // 2))
    angles = 1000 * time.float()[:, None] * frequencies
    return torch.cat((angles.cos(), angles.sin()), -1)
