"""Training of the embedded finder on the picture world: which cells of a picture an instruction changes.

The truth is exact: a cell changes if its pixels do between the renderings before and after an edit. Pictures are seen
as painters leave them, through the autoencoder, and a few as they were drawn; the captioner that sees and reads them
is frozen, so that what it says of each picture is told once, before the first step.

Dimensions: P pairs, B batch, N picture tokens, D the captioner's width, h = w cells.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor
from tqdm import tqdm

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
from captioner.training.pictures import REHEARSED_PAIRS, PictureCache, draw_pairs, save_whole
from captioner.world.scene import CORE, WORLD_VERSION, WorldSetting
from generation.finding import Eyes
from generation.models.autoencoder import CELL, PictureAutoencoder
from generation.models.finder import RegionFinder
from generation.regions import LIKELY

TOUCHED = 12
"""A pixel changes if a channel of it, 0 to 255, differs by more than this."""
PIXELS = 3
"""A cell changes if so many of its 64 pixels do."""
DRAWN = 4
"""One picture in so many is seen as it was drawn, the others through the autoencoder."""
CLAUSES = 0.6
"""The share of instructions that are a plan's clause ("make the bunny happier"); the others are in people's words."""
BATCH = 64
"""Pictures that are seen at once before training."""
PUBLISHED = Path(__file__).parents[1] / "weights" / "painter" / "autoencoder"


@dataclass(frozen=True)
class FinderData:
    pairs: int = 32_000
    batch: int = 128


def train_finder(
    out: Path,
    minutes: float | None = None,
    steps: int | None = None,
    seed: int = 1,
    threads: int = 2,
    setting: WorldSetting = CORE,
    resume: bool = False,
    warm_start: Path | None = None,
    data: FinderData = FinderData(),
    pictures: Path | None = None,
    autoencoder: Path | None = None,
    batch: int | None = None,
    width: int = 96,
    layers: int = 2,
    learning_rate: float = 2e-3,
    save_minutes: float = 3.0,
    options: RunOptions = RunOptions(),
) -> dict[str, Any]:
    """Train a finder on the embedded captioner's states and save it in `out` as a diffusers folder.

    Args:
        out: the run's folder.
        warm_start: a saved finder to start from; its width and layers take the place of those given.
        pictures: the folder of drawn pairs, drawn now if it holds none; None takes `out`/pictures.
        autoencoder: a saved autoencoder that pictures are seen through; None takes the repository's.
        batch: takes the place of that in `data`.
        width: of the finder's tokens, a multiple of 64.
        layers: of its blocks that look at the picture.

    Returns:
        the run's account.
    """
    if batch is not None:
        data = replace(data, batch=batch)
    if options.rehearsal:
        data = replace(data, pairs=min(data.pairs, REHEARSED_PAIRS))
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    eyes = Eyes()
    cache = draw_pairs(pictures or out / "pictures", data.pairs, setting.name, seed, eyes.side, threads)
    given = load_model(PictureAutoencoder, autoencoder or PUBLISHED)
    states = told_states(cache, eyes, given, out)
    changed = changed_cells(cache)
    if warm_start:
        model = RegionFinder.from_pretrained(warm_start)
    else:
        model = RegionFinder(
            states.shape[-1], eyes.text_width, width, layers=layers, captioner=eyes.digest,
            world_version=WORLD_VERSION, world_setting=setting.name,
        )  # fmt: skip
    settings = RunSettings(
        minutes, steps, learning_rate=learning_rate, warmup=100, flat_until=0.5, ema=0.998, seed=seed, resume=resume,
        save_minutes=save_minutes,
    )  # fmt: skip
    device = training_device()

    def loss_at(step: int) -> Tensor:
        random = seeded(seed, step)
        index = torch.randint(len(cache), (data.batch,), generator=random).numpy()
        clauses = (torch.rand(data.batch, generator=random) < CLAUSES).tolist()
        wanted = torch.from_numpy(changed[index]).float().to(device)
        text, is_real = eyes.read(asked(cache, index, clauses))
        with in_bfloat16():
            logits = model(torch.from_numpy(states[index]).to(device), text.to(device), is_real.to(device))
        return F.binary_cross_entropy_with_logits(logits[:, 0].float(), wanted)

    def on_save(step: int) -> None:
        sheet(model, eyes, cache, states, changed).save(out / f"sheet-{step:06d}.png")

    account = {
        "model": "finder",
        "world_version": WORLD_VERSION,
        "world_setting": setting.name,
        "data": vars(data),
        "pictures": cache.about,
        "captioner": eyes.digest,
    }
    account = train(model, loss_at, settings, out, account, on_save, options=options, pictures=data.batch)
    if launched().is_main_process:
        write_account(out, account)
        model.save_pretrained(out / "finder")
    return account


def asked(cache: PictureCache, index: Sequence[int] | np.ndarray, clauses: Sequence[bool]) -> list[str]:
    """Return the instruction of each pair, as a plan's clause or in a person's words."""
    pairs = [cache.pairs[one] for one in index]
    return [pair.change if clause else pair.instruction for pair, clause in zip(pairs, clauses, strict=True)]


def changed_cells(cache: PictureCache) -> np.ndarray:
    """Return (P, h, w) bool: the cells that each pair's edit changes."""
    rows = []
    for start in range(0, len(cache), BATCH):
        stop = min(start + BATCH, len(cache))
        two = cache.pictures[2 * start : 2 * stop].astype(np.int16)
        differs = np.abs(two[::2] - two[1::2]).max(-1) > TOUCHED
        cells = differs.shape[1] // CELL
        rows.append(differs.reshape(-1, cells, CELL, cells, CELL).sum((2, 4)) >= PIXELS)
    return np.concatenate(rows)


def told_states(cache: PictureCache, eyes: Eyes, autoencoder: PictureAutoencoder, folder: Path) -> np.ndarray:
    """Return the captioner's states (P, N, D) float16 of each pair's picture before the edit, told once and kept."""
    weights = hashlib.sha256(eyes.digest.encode())
    for value in autoencoder.state_dict().values():
        weights.update(value.float().numpy().tobytes())
    path = folder / f"states-{weights.hexdigest()[:12]}.npy"
    with launched().main_process_first():
        if not path.exists():
            rows = []
            for start in tqdm(range(0, len(cache), BATCH), desc="seeing", mininterval=5):
                drawn = cache.pictures[2 * start : 2 * min(start + BATCH, len(cache)) : 2]
                rows.append(eyes.see(_as_painted(drawn, autoencoder, start)).half().numpy())
            folder.mkdir(parents=True, exist_ok=True)
            save_whole(path, np.concatenate(rows))
    kept: np.ndarray = np.load(path, mmap_mode="r")
    return kept


@torch.inference_mode()
def _as_painted(drawn: np.ndarray, autoencoder: PictureAutoencoder, first: int) -> Tensor:
    """Return pictures (B, 3, H, W), −1 to 1, of which most have been through the autoencoder."""
    pixels = torch.from_numpy(np.array(drawn)).permute(0, 3, 1, 2).float() / 127.5 - 1
    through = torch.tensor([(first + place) % DRAWN != 0 for place in range(len(pixels))])
    if through.any():
        with in_bfloat16():
            seen = autoencoder.decode(autoencoder.encode(pixels[through])).float()
        pixels[through] = seen.clamp(-1, 1)
    return pixels


@torch.no_grad()
def sheet(model: RegionFinder, eyes: Eyes, cache: PictureCache, states: np.ndarray, changed: np.ndarray) -> Image.Image:
    """Return rows of a picture, what its edit changes and what was found, for a few training pairs."""
    model.eval()
    index = np.arange(min(8, len(cache)))
    text, is_real = eyes.read(asked(cache, index, [True] * len(index)))
    device = training_device()
    likely = model(torch.from_numpy(states[index]).float().to(device), text.to(device), is_real.to(device)).sigmoid()
    model.train()
    rows = []
    for place in index:
        picture = cache.pictures[2 * place]
        found = likely[place, 0].cpu().numpy()
        rows.append(np.concatenate([picture, _lit(picture, changed[place]), _lit(picture, found >= LIKELY)], axis=1))
    return Image.fromarray(np.concatenate(rows))


def _lit(picture: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """Return the picture dark outside of the cells."""
    each = len(picture) // len(cells)
    inside = np.kron(cells, np.ones((each, each), bool))[..., None]
    lit: np.ndarray = np.where(inside, picture, picture // 4)
    return lit
