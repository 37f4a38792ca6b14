"""Training of the embedded enlarger on the picture world, at two sizes and through the autoencoder.

Dimensions: B batch, s = 32 pixels along a small crop, 4s along the large one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from captioner.packing import load_model
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
from captioner.training.pictures import REHEARSED_PAIRS
from captioner.world.scene import FULL, WORLD_VERSION, WorldSetting
from generation.models.autoencoder import PictureAutoencoder
from generation.models.enlarger import FACTOR, PictureEnlarger
from generation.super_resolution import enlarge, shifted, to_pixels, to_tensor
from generation.training.sizes import SMALL, SizedPictures, draw_sizes

SHARES = (0.12, 0.13, 0.4, 0.35)
"""How often a small picture is the large one's averages, a rendering, a round trip and a noised round trip.

Mostly round trips: what people see are decoded latents, and the autoencoder's blur is the enlarger's to mend."""
ALL_NOISE = 0.3
"""The share of samples at t = 1, where sampling starts; the others' are crowded towards it as the sampler's are."""
NEAR_A_THING = 0.6
"""The share of crops round a thing's upper middle, where its face is; the others lie anywhere."""
SOFT = 0.1
"""Errors smaller than this, in units of the detail's spread, count by their squares, larger ones by themselves."""
EDGES = 0.5
PUBLISHED = Path(__file__).parents[1] / "weights" / "painter" / "autoencoder"


@dataclass(frozen=True)
class EnlargerData:
    number: int = 6_000
    batch: int = 16
    crop: int = 32


def train_enlarger(
    out: Path,
    minutes: float | None = None,
    steps: int | None = None,
    seed: int = 1,
    threads: int = 2,
    setting: WorldSetting = FULL,
    resume: bool = False,
    warm_start: Path | None = None,
    data: EnlargerData = EnlargerData(),
    pictures: Path | None = None,
    autoencoder: Path | None = None,
    batch: int | None = None,
    width: int = 64,
    layers: int = 4,
    learning_rate: float = 1e-3,
    save_minutes: float = 3.0,
    options: RunOptions = RunOptions(),
) -> dict[str, Any]:
    """Train an enlarger and save it in `out` as a diffusers folder; returns the run's account.

    Args:
        out: the run's folder.
        warm_start: a saved enlarger to start from; its width and layers take the place of those given.
        pictures: the folder of drawn pictures, drawn now if it holds none; None takes `out`/pictures.
        autoencoder: a saved autoencoder for the round trips; None takes the repository's.
        batch: takes the place of that in `data`.
        width: channels of the finest level; the coarser ones have 1.5 and 2.5 times as many.
        layers: blocks of the finest level; the coarser ones have one less each, three at most.
    """
    if batch is not None:
        data = replace(data, batch=batch)
    if options.rehearsal:
        data = replace(data, number=min(data.number, REHEARSED_PAIRS))
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    given = load_model(PictureAutoencoder, autoencoder or PUBLISHED)
    cache = draw_sizes(pictures or out / "pictures", data.number, setting.name, seed, given, threads)
    if warm_start:
        model = PictureEnlarger.from_pretrained(warm_start)
    else:
        coarse = min(layers, 3)
        model = PictureEnlarger(
            (width, width * 3 // 2, width * 5 // 2), (layers, coarse, coarse), world_version=WORLD_VERSION,
            world_setting=setting.name, detail_scale=spread(cache, data, seed),
        )  # fmt: skip
    model = model.to(memory_format=torch.channels_last)
    settings = RunSettings(
        minutes, steps, learning_rate=learning_rate, warmup=100, flat_until=0.65, ema=0.998, seed=seed, resume=resume,
        save_minutes=save_minutes,
    )  # fmt: skip

    def loss_at(step: int) -> Tensor:
        random = seeded(seed, step)
        large, small = (x.to(training_device()) for x in crops(cache, data, random))
        time = shifted(torch.rand(data.batch, generator=random))
        time = torch.where(torch.rand(data.batch, generator=random) < ALL_NOISE, 1.0, time).to(training_device())
        clean = model.detail_of(large, small)
        noise = torch.randn(clean.shape, generator=random).to(training_device())
        t = time[:, None, None, None]
        noisy = ((1 - t) * clean + t * noise).contiguous(memory_format=torch.channels_last)
        with in_bfloat16():
            drawn = model(noisy, time, small.contiguous(memory_format=torch.channels_last))
        return detail_loss(drawn.float(), clean)

    def on_save(step: int) -> None:
        sheet(model, cache, seed).save(out / f"sheet-{step:06d}.png")

    account = {
        "model": "enlarger",
        "world_version": WORLD_VERSION,
        "world_setting": setting.name,
        "data": vars(data),
        "pictures": cache.about,
    }
    account = train(model, loss_at, settings, out, account, on_save, options=options, pictures=data.batch)
    if launched().is_main_process:
        write_account(out, account)
        model.save_pretrained(out / "enlarger")
    return account


def detail_loss(drawn: Tensor, clean: Tensor) -> Tensor:
    """Return the pseudo-Huber loss of the detail (arXiv:2310.14189, equation 8) and of its differences in the picture.

    Near an absolute error, it takes the middle of what is likely and not the mean, which would be a blurred outline.

    Args:
        drawn, clean: (B, C, s, s), in units of the detail's spread.
    """
    error = F.pixel_shuffle(drawn - clean, FACTOR)
    edges = sum(torch.diff(error, dim=dim).abs().mean() for dim in (2, 3))
    return ((error.square() + SOFT**2).sqrt() - SOFT).mean() + EDGES * edges


def crops(cache: SizedPictures, data: EnlargerData, random: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return large crops (B, 3, 4s, 4s) and the small pictures of them (B, 3, s, s), −1 to 1."""
    kinds = torch.multinomial(torch.tensor(SHARES), data.batch, True, generator=random).tolist()
    index = torch.randint(len(cache), (data.batch,), generator=random).tolist()
    places = torch.rand(data.batch, 4, generator=random).tolist()
    flips = (torch.rand(data.batch, generator=random) < 0.5).tolist()
    large, small = [], []
    for kind, picture, place, flip in zip(kinds, index, places, flips, strict=True):
        left, top = _corner(cache.middles[picture], data.crop, place)
        rows = slice(FACTOR * top, FACTOR * (top + data.crop))
        columns = slice(FACTOR * left, FACTOR * (left + data.crop))
        pixels = cache.large[picture, rows, columns]
        if kind:
            shrunk = cache.small[picture, kind - 1, top : top + data.crop, left : left + data.crop]
        else:
            cells = pixels.reshape(data.crop, FACTOR, data.crop, FACTOR, 3)
            shrunk = cells.mean((1, 3), dtype=np.float32).round().astype(np.uint8)
        large.append(pixels[:, ::-1] if flip else pixels)
        small.append(shrunk[:, ::-1] if flip else shrunk)
    return to_tensor(np.stack(large)), to_tensor(np.stack(small))


def _corner(middles: list[tuple[float, float]], crop: int, place: list[float]) -> tuple[int, int]:
    """Return left and top of a crop, in small pixels, from four uniform numbers."""
    room = SMALL - crop
    if not middles or place[0] > NEAR_A_THING:
        return round(place[2] * room), round(place[3] * room)
    x, y = middles[int(place[1] * len(middles))]
    corner = (x - crop / 2 + (place[2] - 0.5) * crop, y - crop / 2 + (place[3] - 0.5) * crop)
    left, top = (min(room, max(0, round(value))) for value in corner)
    return left, top


def spread(cache: SizedPictures, data: EnlargerData, seed: int) -> float:
    """Return the standard deviation of what bicubic enlarging lacks, so that the model's target has one of 1."""
    large, small = crops(cache, replace(data, batch=256), seeded(seed, 1 << 40))
    plain = PictureEnlarger((8, 8), (2, 1), detail_scale=1.0)
    return round(float(plain.detail_of(large, small).std()), 4)


@torch.no_grad()
def sheet(model: PictureEnlarger, cache: SizedPictures, seed: int) -> Image.Image:
    """Return rows of small, bicubic, drawn in 1, 3 and 5 steps, and true, for a few training pictures' round trips."""
    model.eval()
    random = np.random.default_rng(seed)
    rows = []
    for picture in random.choice(len(cache), min(6, len(cache)), replace=False):
        pixels = cache.small[picture, 1]
        seen = [Image.fromarray(pixels).resize((SMALL * FACTOR,) * 2, Image.Resampling.BICUBIC)]
        small = to_tensor(pixels[None]).to(model.device)
        with in_bfloat16():
            seen += [Image.fromarray(to_pixels(enlarge(model, small, steps))[0]) for steps in (1, 3, 5)]
        rows.append(np.concatenate([*map(np.asarray, seen), cache.large[picture]], axis=1))
    model.train()
    return Image.fromarray(np.concatenate(rows))
