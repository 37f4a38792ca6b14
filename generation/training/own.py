"""Training of a painter on people's own pictures: as on the picture world, without what only a drawn world knows.

Pictures come as a stream (`captioner.training.stream`), the middle square of each; they are encoded as they come, since
a cache of latents would hold a whole picture set. New pictures and masked painting are learned; instruction edits need
pairs of pictures and are not.

Dimensions: B batch, C latent channels, h = w latent cells.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from transformers import SiglipTextModel

from captioner.blend import Blend, Told, blended
from captioner.errors import TrainingError
from captioner.packing import load_model
from captioner.pictures import read_square
from captioner.training.captioner import to_pixels
from captioner.training.checkpoints import writing
from captioner.training.loop import (
    RunOptions,
    RunSettings,
    in_bfloat16,
    launched,
    seeded,
    train,
    training_device,
)
from captioner.training.own import OwnData
from captioner.training.stream import Example, Words
from generation.models.autoencoder import CELL, PictureAutoencoder
from generation.models.denoiser import Denoiser
from generation.models.words import (
    deepened,
    load_text_encoder,
    load_tokenizer,
    new_text_encoder,
    sentence_ends,
    text_states,
    tokenize,
    train_tokenizer,
)
from generation.training.autoencoder import check_size
from generation.training.painter import (
    HIDING,
    MUON_RATE,
    SHEET,
    PainterData,
    hidden,
    random_mask,
    sheet_writer,
    velocity_loss,
    weights_folder,
)

PRIOR_PICTURES = 2_048
"""How many of the pictures the denoiser's linear prior is taken from; they are encoded before the first step."""
ENTRIES = 8_192
"""Of a tokenizer that is learned from people's captions, at most."""


class PainterInTraining(nn.Module):
    """The text encoder and the denoiser as one module to train."""

    def __init__(self, text_encoder: SiglipTextModel, denoiser: Denoiser):
        super().__init__()
        self.text_encoder, self.denoiser = text_encoder, denoiser

    def forward(
        self, noisy: Tensor, time: Tensor, tokens: Tensor, is_real: Tensor, parent: Tensor, known: Tensor, mask: Tensor
    ) -> Tensor:
        """Return velocities (B, C, h, w)."""
        text = self.denoiser.prepare_text(text_states(self.text_encoder, tokens, is_real), is_real)
        velocity: Tensor = self.denoiser(noisy, time, text, parent, known, mask)
        return velocity


def train_own_painter(
    out: Path,
    own: OwnData,
    minutes: float | None = None,
    steps: int | None = None,
    seed: int = 1,
    threads: int = 2,
    resume: bool = False,
    warm_start: Path | None = None,
    data: PainterData = PainterData(),
    autoencoder: Path | None = None,
    width: int = 256,
    layers: int = 7,
    text_layers: int = 4,
    prior_rank: int = 192,
    batch: int | None = None,
    size: int | None = None,
    synthetic: float | None = None,
    flat_until: float = 0.6,
    compiled: bool = False,
    options: RunOptions = RunOptions(),
) -> dict[str, Any]:
    """Train a painter on people's own pictures and save it in `out`, ready for `--painter`; returns the run's account.

    Args:
        out: the run's folder.
        own: the pictures; with captions of `limner recaption` if `synthetic` is to be more than 0.
        warm_start: a folder with `denoiser`, `text_encoder` and `tokenizer` to start from.
        data: its shares of masks and hidden words hold here too.
        autoencoder: a saved autoencoder, best one that was trained on such pictures; None takes the embedded one, or
            that of `warm_start`.
        prior_rank, width, layers, text_layers, flat_until, compiled: as `train_painter`.
        batch, size: take the place of those in `data`.
        synthetic: the share of samples that are learned by the captioner's descriptive words, else by their own. A
            picture that has no words of its own is learned by the captioner's alone.

    Raises:
        TrainingError: `size` cannot be painted, or `synthetic` has no captions; or as `captioner.training.loop.train`.
        DataError: the pictures cannot be learned from.
        WeightsError: `resume` finds no checkpoint.
    """
    data = dataclasses.replace(data, batch=batch or data.batch, size=size or data.size)
    blend = Blend(synthetic or 0.0)
    if (own.captions is None) != (synthetic is None):
        raise TrainingError(
            "--synthetic says how often pictures of your own are learned by the words in --captions, which `limner "
            "recaption` writes; give both or neither."
        )
    check_size(data.size)
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    device = training_device()
    kept = out / "autoencoder"
    place = autoencoder or next(
        (each for each in (warm_start and warm_start / "autoencoder", resume and kept) if each and each.exists()),
        weights_folder("autoencoder"),
    )
    pixels = load_model(PictureAutoencoder, place).requires_grad_(False).to(device)
    needs: tuple[Words, ...] = ("text",) if own.captions is None else ("descriptive",)
    read = partial(read_square, side=data.size)
    source = warm_start or (out if resume and (out / "tokenizer").exists() else None)
    tokenizer = load_tokenizer(source / "tokenizer") if source else train_tokenizer(own.texts(), ENTRIES)
    cells = data.size // CELL
    if warm_start:
        encoder = deepened(load_text_encoder(warm_start / "text_encoder"), text_layers, sentence_ends(tokenizer))
        denoiser = load_model(Denoiser, warm_start / "denoiser").unguided()
        if denoiser.config.cells != cells:
            raise TrainingError(
                f"the painter in {warm_start} paints {denoiser.config.cells * CELL} pixels a side; give --size "
                f"{denoiser.config.cells * CELL}, or leave out --warm-start."
            )
    else:
        encoder = new_text_encoder(len(tokenizer), sentence_ends(tokenizer), layers=text_layers)
        denoiser = Denoiser(
            int(pixels.config.latent_channels), width, layers, width // 64, cells=cells, prior_rank=prior_rank
        )
        if prior_rank and not resume:  # else it is in the checkpoint
            number = 2 * data.batch if options.rehearsal else PRIOR_PICTURES
            examples = own.first(read, seed + 1, needs, number)
            denoiser.set_prior(torch.cat([encoded(pixels, examples[i : i + 64]) for i in range(0, number, 64)]).cpu())
    if compiled:
        for block in (*denoiser.blocks, *encoder.encoder.layers):
            block.compile(dynamic=True)
    model = PainterInTraining(encoder, denoiser)
    stream = own.stream(read, out / "skipped.log", seed, needs, threads)
    settings = RunSettings(
        minutes, steps, learning_rate=1e-3, warmup=200, flat_until=flat_until, ema=0.998, seed=seed, resume=resume,
        muon=(".blocks.", ".layers."), muon_rate=MUON_RATE,
    )  # fmt: skip

    def loss_at(step: int) -> Tensor:
        generator = seeded(seed, step)
        words = random.Random(int(torch.randint(1 << 40, (1,), generator=generator)))
        examples = stream.batch(data.batch)
        prompts = [prompt_of(example, blend, data.text_dropout, words) for example in examples]
        tokens, is_real = tokenize(tokenizer, prompts, [""] * len(prompts))
        is_real, _ = hidden(is_real, data, seeded(seed, step, HIDING))
        clean = encoded(pixels, examples).float()
        mask = torch.ones(data.batch, 1, cells, cells)
        for row in range(data.batch):
            if words.random() < data.masks:
                mask[row] = random_mask(words, cells)
        time = torch.sigmoid(data.time_shift + torch.randn(data.batch, generator=generator))
        noise = torch.randn(clean.shape, generator=generator)
        jitter = torch.rand(data.batch, 1, 1, 1, generator=generator) * torch.randn(clean.shape, generator=generator)
        tokens, is_real, mask, time, noise, jitter = (
            x.to(device) for x in (tokens, is_real, mask, time, noise, jitter)
        )
        known = 1 - mask
        parent = known * (clean + data.parent_noise * jitter)
        weights = torch.where(mask.mean((1, 2, 3), keepdim=True) < 1, 0.2 + mask, mask)
        noisy = torch.lerp(clean, noise, time[:, None, None, None])
        with in_bfloat16():
            velocity = model(noisy, time, tokens, is_real, parent, known, mask)
        return velocity_loss(velocity.float(), noise - clean, weights / weights.mean())

    if launched().is_main_process:
        with writing(out):
            tokenizer.save_pretrained(out / "tokenizer")
            pixels.save_pretrained(kept)
    shown = own.first(read, seed + 2, needs, SHEET)
    prompts = [prompt_of(example, blend, 0.0, random.Random(index)) for index, example in enumerate(shown)]
    sheet = sheet_writer(out, model, pixels, tokenizer, prompts)

    def save(step: int) -> None:
        sheet(step)
        (out / f"samples-{step:06d}.txt").write_text("\n".join(prompts), "utf-8")

    account: dict[str, Any] = {
        "model": "painter",
        "world_version": 0,
        "data": {name: getattr(data, name) for name in ("batch", "size", "masks", "text_dropout", "time_shift")},
        "crop": "the middle square",
        "synthetic": synthetic,
        "captions": own.captions.name if own.captions else None,
    }
    account = train(model, loss_at, settings, out, account, save, None, options, stream, data.batch)
    if launched().is_main_process:
        with writing(out):
            save(account["steps"])
            encoder.save_pretrained(out / "text_encoder")
            denoiser.save_pretrained(out / "denoiser")
    return account


def prompt_of(example: Example, blend: Blend, dropout: float, words: random.Random) -> str:
    """Return the words that a picture is learned by this time; none in a share `dropout` of the times."""
    original = example.text or example.descriptive
    text = blended(original, Told((example.short,), (example.descriptive,)), 0, blend, words)
    return "" if words.random() < dropout else text


@torch.no_grad()
def encoded(autoencoder: PictureAutoencoder, examples: Sequence[Example]) -> Tensor:
    """Return the clean latents (B, C, h, w) of pictures."""
    pictures = to_pixels(np.stack([example.pixels for example in examples])).to(autoencoder.device)
    with in_bfloat16():
        latents: Tensor = autoencoder.encode(pictures.contiguous(memory_format=torch.channels_last))
    return latents
