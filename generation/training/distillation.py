"""Guidance distillation: a painter learns to say in one pass what classifier-free guidance says in two.

Meng et al. 2023 (arXiv:2210.03142), section 3.1: the student gets the scale of the guidance as an input and learns the
teacher's guided velocity. It begins as the teacher, and only the denoiser learns; new pictures, edits and masked
painting are learned together, as `generation.training.painter` mixes them.

Dimensions: B batch, C latent channels, h = w latent cells.
"""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from captioner.packing import load_model
from captioner.training.checkpoints import writing
from captioner.training.loop import RunOptions, RunSettings, in_bfloat16, launched, seeded, train, training_device
from captioner.training.pictures import REHEARSED_PAIRS, draw_pairs
from captioner.world.scene import CORE, WORLD_VERSION, WorldSetting
from generation.models.autoencoder import PictureAutoencoder
from generation.models.denoiser import MOST_GUIDANCE, Denoiser
from generation.models.words import load_text_encoder, load_tokenizer, text_states, tokenize
from generation.sampling import guide
from generation.training.painter import (
    MUON_RATE,
    PainterData,
    cached_latents,
    make_batch,
    velocity_loss,
    weights_folder,
)

EARLIEST = 0.02
"""The least noise that is learned at: no schedule's last step begins nearer to the picture."""
UNGUIDED = 0.1
"""The share that is learned at scale 1: what a painter goes on from that is trained further (`Denoiser.unguided`)."""
WARM_UP = 50


def train_distillation(
    out: Path,
    minutes: float | None = None,
    steps: int | None = None,
    seed: int = 1,
    threads: int = 2,
    setting: WorldSetting = CORE,
    resume: bool = False,
    warm_start: Path | None = None,
    data: PainterData = PainterData(),
    pictures: Path | None = None,
    autoencoder: Path | None = None,
    batch: int | None = None,
    rate: float = 3e-4,
    flat_until: float = 0.4,
    compiled: bool = False,
    options: RunOptions = RunOptions(),
) -> dict[str, Any]:
    """Distil the guidance of a painter and save it in `out`, as `train_painter` does; returns the run's account.

    Args:
        out: the run's folder.
        warm_start: a folder with the teacher's `denoiser`, `text_encoder` and `tokenizer`; None takes the embedded one.
            A teacher that is itself a student teaches by what it says at scale 1.
        data: what a batch is made of; `answers`, `regions` and `binding` are nothing to a student.
        pictures: the folder of drawn pictures, drawn now if it holds none; None takes `out`/pictures.
        autoencoder: a saved autoencoder; None takes the embedded one.
        batch: takes the place of that in `data`.
        rate, flat_until, compiled: as `train_painter`.
    """
    data = dataclasses.replace(data, batch=batch or data.batch)
    if options.rehearsal:
        data = dataclasses.replace(data, pairs=min(data.pairs, REHEARSED_PAIRS))
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    device = training_device()
    source = warm_start or weights_folder("denoiser").parent
    teacher = load_model(Denoiser, source / "denoiser").unguided()
    encoder, tokenizer = load_text_encoder(source / "text_encoder"), load_tokenizer(source / "tokenizer")
    pixels = load_model(PictureAutoencoder, autoencoder or weights_folder("autoencoder")).to(device)
    folder = pictures or out / "pictures"
    cache = draw_pairs(folder, data.pairs, setting.name, seed, data.size, threads)
    with launched().main_process_first():
        latents = cached_latents(cache, pixels, folder)
    student = student_of(teacher)
    for part in (teacher, encoder):
        part.to(device).eval().requires_grad_(False)
    if compiled:
        for block in (*teacher.blocks, *student.blocks):
            block.compile(dynamic=True)
    settings = RunSettings(
        minutes, steps, learning_rate=rate, warmup=WARM_UP, flat_until=flat_until, ema=0.995, seed=seed, resume=resume,
        muon=("blocks.",), muon_rate=MUON_RATE,
    )  # fmt: skip

    def loss_at(step: int) -> Tensor:
        generator = seeded(seed, step)
        drawn = make_batch(cache, latents, data, generator, None, setting)
        number = len(drawn.prompts)
        empty = [""] * number
        tokens, is_real = tokenize(tokenizer, [*drawn.prompts, *empty], [*drawn.changes, *empty])
        time = 1 - (1 - EARLIEST) * torch.rand(number, generator=generator)
        scale = 1 + (MOST_GUIDANCE - 1) * torch.rand(number, generator=generator)
        scale[torch.rand(number, generator=generator) < UNGUIDED] = 1.0
        noise = torch.randn(drawn.clean.shape, generator=generator)
        drawn = drawn.to(device)
        tokens, is_real, time, scale, noise = (x.to(device) for x in (tokens, is_real, time, scale, noise))
        noisy = torch.lerp(drawn.clean, noise, time[:, None, None, None])
        maps = (drawn.parent, drawn.known, drawn.mask)
        with in_bfloat16():
            with torch.no_grad():
                states = text_states(encoder, tokens, is_real)
                target = guided_velocity(teacher, noisy, time, states, is_real, maps, scale)
            text = student.prepare_text(states[:number], is_real[:number])
            velocity = student(noisy, time, text, *maps, guidance=scale)
        return velocity_loss(velocity.float(), target, drawn.weights)

    account: dict[str, Any] = {
        "model": "distillation",
        "world_version": WORLD_VERSION,
        "world_setting": setting.name,
        "data": dataclasses.asdict(data),
        "pictures": cache.about,
    }
    account = train(student, loss_at, settings, out, account, options=options, pictures=data.batch)
    if launched().is_main_process:
        with writing(out):
            student.save_pretrained(out / "denoiser")
            for part in ("text_encoder", "tokenizer"):
                shutil.copytree(source / part, out / part, dirs_exist_ok=True)
    return account


def student_of(teacher: Denoiser) -> Denoiser:
    """Return a denoiser that says what the teacher says without guidance, at whatever scale, and can learn better."""
    settings = {name: value for name, value in teacher.config.items() if not name.startswith("_")}
    student = Denoiser(**{**settings, "guidance_embeds": True})
    _, unknown = student.load_state_dict(teacher.state_dict(), strict=False)
    assert not unknown
    return student


def guided_velocity(
    teacher: Denoiser, noisy: Tensor, time: Tensor, states: Tensor, is_real: Tensor,
    maps: tuple[Tensor, Tensor, Tensor], scale: Tensor,
) -> Tensor:  # fmt: skip
    """Return the teacher's velocities (B, C, h, w) under classifier-free guidance.

    Args:
        noisy: (B, C, h, w).
        time, scale: (B,).
        states, is_real: (2B, L, D) and (2B, L) of the texts, the empty ones last.
        maps: the parents, what is known of them, and the masks, as the denoiser takes them.
    """
    text = teacher.prepare_text(states, is_real)
    rows = [x.repeat(2, *[1] * (x.ndim - 1)) for x in (noisy, time, *maps)]
    conditional, unconditional = teacher(rows[0], rows[1], text, *rows[2:]).float().chunk(2)
    return guide(unconditional, conditional, scale[:, None, None, None])
