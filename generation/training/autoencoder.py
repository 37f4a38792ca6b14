"""Training of an autoencoder, on the picture world or on people's own pictures.

Dimensions: B batch, H = W = 128 pixels.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from captioner.errors import TrainingError
from captioner.packing import load_model
from captioner.pictures import read_square
from captioner.training.captioner import to_pixels
from captioner.training.loop import (
    RunOptions,
    RunSettings,
    in_bfloat16,
    launched,
    seeded,
    train,
    training_device,
    write_account,
)
from captioner.training.own import OwnData
from captioner.training.pictures import REHEARSED_PAIRS, PictureCache, draw_pairs
from captioner.world.scene import CORE, WORLD_VERSION, WorldSetting
from generation.models.autoencoder import CELL, PictureAutoencoder
from generation.models.denoiser import PATCH

FACE_WEIGHT = 4.0
LEAST_SIZE = 32
LATENT_NOISE = 0.5
"""Noise on training latents has a standard deviation from 0 to this, drawn for each picture.

The decoder learns to forgive a denoiser's errors, and the encoder to give what matters most the largest variance."""

EQUIVARIANCE = 0.25
"""Weight of the loss that half-size latents decode to half-size pictures (arXiv:2502.14831, equation 4).

It takes from the latent the fine patterns that stand for nothing at any other size and that a denoiser learns last."""


@dataclass(frozen=True)
class AutoencoderData:
    pairs: int = 13_000
    batch: int = 16
    size: int = 128


def train_autoencoder(
    out: Path,
    minutes: float | None = None,
    steps: int | None = None,
    seed: int = 1,
    threads: int = 2,
    setting: WorldSetting = CORE,
    resume: bool = False,
    warm_start: Path | None = None,
    data: AutoencoderData = AutoencoderData(),
    pictures: Path | None = None,
    batch: int | None = None,
    decoder_only: bool = False,
    own: OwnData | None = None,
    size: int | None = None,
    options: RunOptions = RunOptions(),
) -> dict[str, Any]:
    """Train an autoencoder and save it in `out` as a diffusers folder; returns the run's account.

    Args:
        out: the run's folder.
        warm_start: a saved autoencoder to start from.
        pictures: the folder of drawn pictures, drawn now if it holds none; None takes `out`/pictures.
        batch, size: take the place of those in `data`.
        decoder_only: leave the encoder and the latent as they are, so that a painter trained on it stays valid.
        own: people's own pictures in place of the world's; their words are not needed.

    Raises:
        TrainingError: `size` is no multiple of the cells, or as `captioner.training.loop.train`.
        DataError: `own` cannot be learned from.
    """
    changed = {"batch": batch, "size": size}
    data = dataclasses.replace(data, **{name: value for name, value in changed.items() if value is not None})
    check_size(data.size)
    if options.rehearsal:
        data = dataclasses.replace(data, pairs=min(data.pairs, REHEARSED_PAIRS))
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    cache = stream = None
    if own is None:
        cache = draw_pairs(pictures or out / "pictures", data.pairs, setting.name, seed, data.size, threads)
        fresh = PictureAutoencoder(world_version=WORLD_VERSION, world_setting=setting.name)
    else:
        stream = own.stream(partial(read_square, side=data.size), out / "skipped.log", seed, (), threads)
        fresh = PictureAutoencoder()
    model = load_model(PictureAutoencoder, warm_start).train() if warm_start else fresh
    model = model.to(memory_format=torch.channels_last)
    if decoder_only:
        model.encoder.requires_grad_(False)
    settings = RunSettings(
        minutes, steps, learning_rate=1.5e-3, warmup=100, flat_until=0.55, ema=0.995, seed=seed, resume=resume
    )

    def loss_at(step: int) -> Tensor:
        random = seeded(seed, step)
        if cache is not None:
            index = torch.randint(2 * len(cache), (data.batch,), generator=random).tolist()
            pictures, weights = load_pictures(cache, index), face_weights(cache, index, data.size)
        else:
            assert stream is not None
            pictures = to_pixels(np.stack([example.pixels for example in stream.batch(data.batch)]))
            weights = torch.ones(data.batch, 1, data.size, data.size)
        flip = torch.rand(data.batch, generator=random) < 0.5
        pictures = torch.where(flip[:, None, None, None], pictures.flip(-1), pictures)
        weights = torch.where(flip[:, None, None, None], weights.flip(-1), weights)
        cells = (data.batch, model.config.latent_channels, data.size // 8, data.size // 8)
        noise = torch.randn(cells, generator=random)
        noise *= LATENT_NOISE * torch.rand(data.batch, 1, 1, 1, generator=random)
        pictures, weights, noise = (x.to(training_device()) for x in (pictures, weights, noise))
        if decoder_only:
            model.latent_norm.eval()
        with in_bfloat16():
            latents = model.encode(pictures.contiguous(memory_format=torch.channels_last))
            painted = model.decode(latents + noise)
            coarse = None if decoder_only else model.decode(F.avg_pool2d(latents, 2))
        loss = reconstruction_loss(painted.float(), pictures, weights)
        if coarse is None:
            return loss
        small = F.avg_pool2d(pictures, 2), F.avg_pool2d(weights, 2)
        return loss + EQUIVARIANCE * reconstruction_loss(coarse.float(), *small)

    account = {
        "model": "autoencoder",
        "world_version": model.config.world_version,
        "world_setting": model.config.world_setting,
        "data": vars(data),
    }
    if cache is not None:
        account["pictures"] = cache.about
    account = train(model, loss_at, settings, out, account, options=options, stream=stream, pictures=data.batch)
    if launched().is_main_process:
        if cache is not None:
            account["psnr"] = psnr(model, cache, 256)
        write_account(out, account)
        model.save_pretrained(out / "autoencoder")
    return account


def reconstruction_loss(painted: Tensor, pictures: Tensor, weights: Tensor) -> Tensor:
    """Return a weighted mean of absolute error, squared error and absolute error of the edges.

    Args:
        painted, pictures: (B, 3, H, W), −1 to 1.
        weights: (B, 1, H, W), mean about 1.
    """
    error = painted - pictures
    edges = sum(torch.diff(error, dim=dim).abs().mean() for dim in (2, 3))
    return (weights * (error.abs() + error.square())).mean() + 0.5 * edges


def load_pictures(cache: PictureCache, index: list[int]) -> Tensor:
    """Return pictures (B, 3, H, W), −1 to 1."""
    return to_pixels(np.stack([cache.pictures[i] for i in index]))


def check_size(size: int) -> None:
    """Raises: TrainingError: pictures of this size have no whole number of picture tokens."""
    if size < LEAST_SIZE or size % (CELL * PATCH):
        raise TrainingError(
            f"pictures are learned at a multiple of {CELL * PATCH} pixels, {LEAST_SIZE} or more; {size} was given."
        )


def face_weights(cache: PictureCache, index: list[int], size: int, weight: float = FACE_WEIGHT) -> Tensor:
    """Return (B, 1, size, size) weights that favour faces and have a mean of one over the batch."""
    weights = torch.ones(len(index), 1, size, size)
    for row, picture in enumerate(index):
        for left, top, right, bottom in cache.face_boxes[picture]:
            rows = slice(int(top * size), max(int(top * size) + 1, round(bottom * size)))
            weights[row, 0, rows, int(left * size) : max(int(left * size) + 1, round(right * size))] = weight
    return weights / weights.mean()


@torch.inference_mode()
def psnr(model: PictureAutoencoder, cache: PictureCache, number: int) -> float:
    """Return the mean peak signal-to-noise ratio, in dB, over the last pictures of the cache."""
    values = []
    for start in range(max(0, 2 * len(cache) - number), 2 * len(cache), 32):
        pictures = load_pictures(cache, list(range(start, min(start + 32, 2 * len(cache))))).to(model.device)
        with in_bfloat16():
            painted = model(pictures.contiguous(memory_format=torch.channels_last)).float().clamp(-1, 1)
        error = F.mse_loss(painted, pictures, reduction="none").mean((1, 2, 3)) / 4
        values += (-10 * error.log10()).cpu().tolist()
    return float(np.mean(values))
