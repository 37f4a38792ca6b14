"""Pairs of pictures, before and after an edit, drawn once from the picture world and kept on disk for training.

Dimensions: P pairs; picture 2p is before the edit of pair p and picture 2p + 1 after it; H = W = `size` pixels.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from captioner.errors import DataError
from captioner.training.loop import launched
from captioner.world.draw import render
from captioner.world.edits import random_edit
from captioner.world.layout import layout
from captioner.world.sample import HELD_OUT_SEED, random_scene
from captioner.world.scene import SETTINGS, WORLD_VERSION, Scene

TWO_THINGS = 0.35
"""The share of the pairs whose scene is drawn until it has two things: whose colour is whose is learned last."""
REHEARSED_PAIRS = 32
"""Pairs that are drawn for a rehearsal."""
FACE_SHARE = 0.52
"""The top share of a figure's height that its face is in."""


@dataclass(frozen=True)
class Pair:
    """The scenes of a pair and the words for the change between them."""

    before: Scene
    after: Scene
    change: str
    instruction: str


class PictureCache:
    """A folder of drawn pairs: `pictures.npy` (2P, H, W, 3) uint8, `pairs.jsonl`, and `cache.json` about them."""

    def __init__(self, folder: Path):
        self.folder = folder
        try:
            self.about = json.loads((folder / "cache.json").read_text())
            self.pictures = np.load(folder / "pictures.npy", mmap_mode="r")
            lines = (folder / "pairs.jsonl").read_text().splitlines()
        except (OSError, ValueError) as error:
            raise DataError(f"{folder} holds no drawn pictures ({error}); draw them again.") from error
        if self.about["world_version"] != WORLD_VERSION:
            raise DataError(
                f"{folder} was drawn with world version {self.about['world_version']}; this is {WORLD_VERSION}. "
                "Draw it again."
            )
        self.pairs = [_pair_of(json.loads(line)) for line in lines]
        self.face_boxes = [
            [face_box(*place) for place in faces_of(scene)]
            for pair in self.pairs
            for scene in (pair.before, pair.after)
        ]

    def __len__(self) -> int:
        return len(self.pairs)

    def scene(self, picture: int) -> Scene:
        pair = self.pairs[picture // 2]
        return pair.after if picture % 2 else pair.before


def draw_pairs(folder: Path, pairs: int, setting: str, seed: int, size: int, workers: int) -> PictureCache:
    """Draw pairs into a folder, or open the folder if it holds such pairs already, of whatever seed.

    Raises:
        DataError: the folder holds other pictures; they took minutes to draw and are not drawn over.
    """
    about = {
        "pairs": pairs,
        "two_things": TWO_THINGS,
        "setting": setting,
        "seed": seed,
        "size": size,
        "world_version": WORLD_VERSION,
    }
    with launched().main_process_first():
        if not (folder / "cache.json").exists():
            _draw(folder, about, workers)
    held = json.loads((folder / "cache.json").read_text())
    if held | {"seed": seed} != about:
        raise DataError(f"{folder} holds pictures drawn with {held}, not {about}; name another folder.")
    return PictureCache(folder)


def _draw(folder: Path, about: dict[str, Any], workers: int) -> None:
    pairs, size = about["pairs"], about["size"]
    folder.mkdir(parents=True, exist_ok=True)
    pictures = np.lib.format.open_memmap(folder / "pictures.npy", "w+", np.uint8, (2 * pairs, size, size, 3))
    jobs = [(about["seed"] * 10_000_000 + index, about["setting"], size) for index in range(pairs)]
    with multiprocessing.get_context("spawn").Pool(workers) as pool, (folder / "pairs.jsonl").open("w") as lines:
        drawn = pool.imap(_draw_pair, jobs, chunksize=32)
        for index, (line, two) in enumerate(tqdm(drawn, total=pairs, desc="drawing", unit="pair", mininterval=5)):
            lines.write(line + "\n")
            pictures[2 * index : 2 * index + 2] = two
    pictures.flush()
    (folder / "cache.json").write_text(json.dumps(about))


def few_pairs(cache: PictureCache, to: Path, pairs: int) -> None:
    """Copy the first pairs of a cache into another folder, for a look at them that leaves no trace in the first."""
    to.mkdir(parents=True, exist_ok=True)
    np.save(to / "pictures.npy", cache.pictures[: 2 * pairs])
    lines = (cache.folder / "pairs.jsonl").read_text().splitlines(keepends=True)
    (to / "pairs.jsonl").write_text("".join(lines[:pairs]))
    (to / "cache.json").write_text(json.dumps({**cache.about, "pairs": min(pairs, len(cache))}))


def save_whole(path: Path, values: np.ndarray) -> None:
    """Save an array under its name only once all of it is written, whoever else saves it at the same time."""
    partial = path.with_suffix(f".partial-{os.getpid()}.npy")
    np.save(partial, values)
    partial.replace(path)


def faces_of(scene: Scene) -> list[tuple[float, float, float]]:
    """Return middle, feet and height of every figure that has a face, in units of 128 a side."""
    return [
        (stand.x, stand.feet, stand.height) for stand in layout(scene) if scene.thing(stand.thing_id).mood is not None
    ]


def face_box(x: float, feet: float, height: float) -> tuple[float, float, float, float]:
    """Return about where the face is: left, top, right, bottom, each as a share of the picture's side."""
    half = 0.3 * height
    box = (x - half, feet - height, x + half, feet - (1 - FACE_SHARE) * height)
    left, top, right, bottom = (min(1.0, max(0.0, edge / 128)) for edge in box)
    return left, top, right, bottom


def _draw_pair(job: tuple[int, str, int]) -> tuple[str, np.ndarray]:
    seed, setting, size = job
    words = random.Random(f"limner-pair-{seed}")
    before = random_scene(seed, SETTINGS[setting])
    if words.random() < TWO_THINGS:
        while len(before.things) < 2:
            before = random_scene(words.randrange(HELD_OUT_SEED), SETTINGS[setting])
    edit = random_edit(before, words, SETTINGS[setting])
    row = {
        "before": json.loads(before.to_json()),
        "after": json.loads(edit.after.to_json()),
        "change": edit.change,
        "instruction": edit.instruction,
    }
    return json.dumps(row), np.stack([render(before, size), render(edit.after, size)])


def _pair_of(row: dict[str, object]) -> Pair:
    before, after = (Scene.from_json(json.dumps(row[name])) for name in ("before", "after"))
    return Pair(before, after, str(row["change"]), str(row["instruction"]))
