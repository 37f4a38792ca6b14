"""Pictures drawn at two sizes, and as the autoencoder gives them back: what the enlarger is trained on.

Dimensions: N pictures, S = 512 pixels a side as people see them, s = 128 pixels a side as the painter paints them.
"""

from __future__ import annotations

import json
import random
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tqdm import tqdm

from captioner.errors import DataError
from captioner.training.loop import launched, seeded
from captioner.world.draw import render
from captioner.world.layout import layout
from captioner.world.sample import random_scene
from captioner.world.scene import CORE, SETTINGS, WORLD_VERSION, Scene
from generation.models.autoencoder import CELL, PictureAutoencoder
from generation.super_resolution import to_pixels, to_tensor

SMALL, FACTOR = 128, 4
"""Pixels a side of what the painter paints, and how many times larger people see it."""
KINDS = ("rendering", "round trip", "noised round trip")
"""The small pictures: drawn at that size; through the autoencoder; through it with noise on the latent."""
NOISE = 0.3
"""Standard deviation of that noise at most, in units of the latent's own: a painter's latents are not quite clean."""
CORE_SHARE = 0.75
"""The share of the scenes that are of the core world, whatever the setting: it is what the painter paints."""
BLOCK = 32


class SizedPictures:
    """A folder of drawn pictures: `large.npy` (N, S, S, 3), `small.npy` (N, kinds, s, s, 3), both uint8, and their
    scenes.

    Raises:
        DataError: the folder holds no such pictures, or those of another world version.
    """

    def __init__(self, folder: Path):
        try:
            self.about: dict[str, Any] = json.loads((folder / "sizes.json").read_text())
            self.large = np.load(folder / "large.npy", mmap_mode="r")
            self.small = np.load(folder / "small.npy", mmap_mode="r")
            scenes = [Scene.from_json(line) for line in (folder / "scenes.jsonl").read_text().splitlines()]
        except (OSError, ValueError) as error:
            raise DataError(f"{folder} holds no pictures at two sizes ({error}); draw them again.") from error
        if self.about["world_version"] != WORLD_VERSION:
            raise DataError(
                f"{folder} was drawn with world version {self.about['world_version']}; this is {WORLD_VERSION}. "
                "Draw it again."
            )
        self.middles = [_middles(scene) for scene in scenes]
        """Where each picture's things are: (x, y) of their upper middles, where a face is, in small pixels."""

    def __len__(self) -> int:
        return len(self.large)


def draw_sizes(
    folder: Path, number: int, setting: str, seed: int, autoencoder: PictureAutoencoder, workers: int
) -> SizedPictures:
    """Draw pictures into a folder, or open the folder if it holds as many of that setting already, of whatever seed.

    Raises:
        DataError: the folder holds other pictures; they took minutes to draw and are not drawn over.
    """
    about = {"number": number, "setting": setting, "seed": seed, "world_version": WORLD_VERSION}
    with launched().main_process_first():
        if not (folder / "sizes.json").exists():
            _draw(folder, about, autoencoder, workers)
    held = json.loads((folder / "sizes.json").read_text())
    if held | {"seed": seed} != about:
        raise DataError(f"{folder} holds pictures drawn with {held}, not {about}; name another folder.")
    return SizedPictures(folder)


def _draw(folder: Path, about: dict[str, Any], autoencoder: PictureAutoencoder, workers: int) -> None:
    number, sides = about["number"], (SMALL * FACTOR, SMALL)
    folder.mkdir(parents=True, exist_ok=True)
    large = np.lib.format.open_memmap(folder / "large.npy", "w+", np.uint8, (number, sides[0], sides[0], 3))
    small = np.lib.format.open_memmap(folder / "small.npy", "w+", np.uint8, (number, len(KINDS), SMALL, SMALL, 3))
    jobs = [(about["seed"] * 10_000_000 + index, about["setting"]) for index in range(number)]
    bar = tqdm(total=number, desc="drawing", unit="picture", mininterval=5)
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool, (folder / "scenes.jsonl").open("w") as lines:
        # In this very process where there is one worker: a pool of one would only cost memory.
        drawn = pool.map(_draw_scene, jobs, chunksize=BLOCK) if workers > 1 else map(_draw_scene, jobs)
        for index, (line, pixels, pixels_small) in enumerate(drawn):
            lines.write(line + "\n")
            large[index], small[index, 0] = pixels, pixels_small
            bar.update()
    bar.close()
    for start in range(0, number, BLOCK):
        block = slice(start, start + BLOCK)
        small[block, 1:] = round_trips(autoencoder, small[block, 0], seeded(about["seed"], start))
    large.flush()
    small.flush()
    (folder / "sizes.json").write_text(json.dumps(about))


@torch.inference_mode()
def round_trips(autoencoder: PictureAutoencoder, pixels: np.ndarray, random: torch.Generator) -> np.ndarray:
    """Return (B, 2, s, s, 3) uint8: pictures (B, s, s, 3) through the autoencoder, and so with noise on the latent."""
    latents = autoencoder.encode(to_tensor(pixels))
    shape = (len(latents), latents.shape[1], pixels.shape[1] // CELL, pixels.shape[2] // CELL)
    levels = NOISE * torch.rand(len(latents), 1, 1, 1, generator=random)
    noised = latents + levels * torch.randn(shape, generator=random)
    return np.stack([to_pixels(autoencoder.decode(values)) for values in (latents, noised)], axis=1)


def _draw_scene(job: tuple[int, str]) -> tuple[str, np.ndarray, np.ndarray]:
    seed, setting = job
    of_core = random.Random(f"limner-sizes-{seed}").random() < CORE_SHARE
    scene = random_scene(seed, CORE if of_core else SETTINGS[setting])
    return scene.to_json(), render(scene, SMALL * FACTOR), render(scene, SMALL)


def _middles(scene: Scene) -> list[tuple[float, float]]:
    return [(stand.x, stand.feet - 0.7 * stand.height) for stand in layout(scene)]
