"""Sampling of a rectified flow: noise by seed, times, and guidance. Pure functions; no files, no prompts.

Dimensions: B batch, C latent channels, h and w latent cells.
"""

from __future__ import annotations

import hashlib

import torch
from diffusers import FlowMatchEulerDiscreteScheduler
from torch import Tensor


def noise_for(seed: int, candidate: int, shape: tuple[int, int, int]) -> Tensor:
    """Return the noise (C, h, w) that a seed and a candidate's index stand for, the same on every machine."""
    digest = hashlib.sha256(f"limner-noise-{seed}-{candidate}".encode()).digest()
    generator = torch.Generator("cpu").manual_seed(int.from_bytes(digest[:8], "big") >> 1)
    return torch.randn(shape, generator=generator)


def euler_schedule(steps: int, start: float = 1.0) -> FlowMatchEulerDiscreteScheduler:
    """Return an Euler scheduler with times evenly from `start` down to start/steps, then 0."""
    scheduler = FlowMatchEulerDiscreteScheduler(shift=1.0)
    scheduler.set_timesteps(sigmas=[start * (1 - step / steps) for step in range(steps)])
    return scheduler


def guide(unconditional: Tensor, conditional: Tensor, scale: float | Tensor) -> Tensor:
    """Return classifier-free guidance (arXiv:2207.12598, equation 6): u + scale · (c − u)."""
    return torch.lerp(unconditional, conditional, scale)


def clean_estimate(noisy: Tensor, velocity: Tensor, time: float) -> Tensor:
    """Return the x₀ that a velocity ε − x₀ at x_t = (1 − t) x₀ + t ε points to."""
    return noisy - time * velocity
