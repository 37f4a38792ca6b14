"""Pairs of pictures, before and after an edit, drawn once from the picture world and kept on disk for training.

Dimensions: P pairs; picture 2p is before the edit of pair p and picture 2p + 1 after it; H = W = `size` pixels.
"""

from __future__ import annotations

import dataclasses
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
from captioner.world.edits import Edit, edit_of, random_edit
from captioner.world.layout import layout
from captioner.world.sample import HELD_OUT_SEED, random_scene
from captioner.world.scene import SETTINGS, WORLD_VERSION, Scene, WorldSetting, is_held_out
from captioner.world.terse import light_of

TWO_THINGS = 0.35
"""The share of the pairs whose scene is drawn until it has two things: whose colour is whose is learned last."""
OF_ONE = 0.8
"""In pairs for edits, the share of two-thing scenes whose edit changes one thing alone, either as often as the other;
else it is nearly always the main one that changes, and a painter learns to look for that."""
SAME_KIND = 0.2
"""The share of these whose things are of one kind, told apart by their colour or side."""
UNLIT = 0.2
"""In pairs for edits, the share of skies with a sun or a moon that are drawn without it."""
UNLIT_BY_EDIT = 0.4
"""The share of these that lose it by the edit."""
LIGHT_INSTRUCTIONS = (
    "remove the {}",
    "no {}",
    "without the {}",
    "take the {} away",
    "get rid of the {}",
    "hide the {}",
)
REHEARSED_PAIRS = 32
"""Pairs that are drawn for a rehearsal."""
FACE_SHARE = 0.52
"""The top share of a figure's height that its face is in."""


@dataclass(frozen=True)
class Pair:
    """The scenes of a pair and the words for the change between them.

    `unlit` says of each picture whether it was drawn without the sun or moon that its sky would have.
    """

    before: Scene
    after: Scene
    change: str
    instruction: str
    unlit: tuple[bool, bool] = (False, False)


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

    def is_unlit(self, picture: int) -> bool:
        return self.pairs[picture // 2].unlit[picture % 2]


def draw_pairs(
    folder: Path, pairs: int, setting: str, seed: int, size: int, workers: int, for_edits: bool = False
) -> PictureCache:
    """Draw pairs into a folder, or open the folder if it holds so many already, of whatever seed, for edits or not.

    Args:
        for_edits: more edits are of one of two things, two things of one kind side by side among them, and some skies
            are without their sun or moon.

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
    edits = {"of_one": OF_ONE, "same_kind": SAME_KIND, "unlit": UNLIT}
    with launched().main_process_first():
        if not (folder / "cache.json").exists():
            _draw(folder, about | edits if for_edits else about, workers)
    held = json.loads((folder / "cache.json").read_text())
    if {name: value for name, value in held.items() if name not in edits} | {"seed": seed} != about:
        raise DataError(f"{folder} holds pictures drawn with {held}, not {about}; name another folder.")
    return PictureCache(folder)


def _draw(folder: Path, about: dict[str, Any], workers: int) -> None:
    pairs, size = about["pairs"], about["size"]
    folder.mkdir(parents=True, exist_ok=True)
    pictures = np.lib.format.open_memmap(folder / "pictures.npy", "w+", np.uint8, (2 * pairs, size, size, 3))
    seed, for_edits = about["seed"] * 10_000_000, "of_one" in about
    jobs = [(seed + index, about["setting"], size, for_edits) for index in range(pairs)]
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


def _draw_pair(job: tuple[int, str, int, bool]) -> tuple[str, np.ndarray]:
    seed, name, size, for_edits = job
    setting, words = SETTINGS[name], random.Random(f"limner-pair-{seed}")
    before = random_scene(seed, setting)
    if words.random() < TWO_THINGS:
        while len(before.things) < 2:
            before = random_scene(words.randrange(HELD_OUT_SEED), setting)
    edit, unlit = (_edit_among(before, words, setting) if for_edits else None), (False, False)
    edit = edit or random_edit(before, words, setting)
    if for_edits and words.random() < UNLIT:
        edit, unlit = _without_light(edit, words)
    row = {
        "before": json.loads(edit.before.to_json()),
        "after": json.loads(edit.after.to_json()),
        "change": edit.change,
        "instruction": edit.instruction,
    }
    if any(unlit):
        row["unlit"] = unlit
    drawn = [
        render(scene, size, frozenset(filter(None, [light_of(scene)])) if dark else frozenset())
        for scene, dark in zip((edit.before, edit.after), unlit, strict=True)
    ]
    return json.dumps(row), np.stack(drawn)


def _edit_among(scene: Scene, words: random.Random, setting: WorldSetting) -> Edit | None:
    """Return an edit of one of two things, which may have become of one kind; None where there are not two."""
    if len(scene.things) != 2 or words.random() >= OF_ONE:
        return None
    main, other = scene.things
    if words.random() < SAME_KIND and main.has_face == other.has_face and not main.words and not other.words:
        alike = scene.with_thing(dataclasses.replace(other, kind=main.kind))
        scene = scene if is_held_out(alike) else alike
    return edit_of(scene, words.choice(scene.things).id, words, setting)


def _without_light(edit: Edit, words: random.Random) -> tuple[Edit, tuple[bool, bool]]:
    """Return the edit with pictures that lack their sun or moon, or an edit that removes it; and which do lack it."""
    light = light_of(edit.before)
    if light and words.random() < UNLIT_BY_EDIT:
        instruction = words.choice(LIGHT_INSTRUCTIONS).format(light)
        return (
            dataclasses.replace(
                edit, after=edit.before, change=f"remove the {light}", instruction=instruction, target=None
            ),
            (False, True),
        )
    # An edit of the time puts a moon in the place of a sun: of neither is it said that it goes.
    dark = light is not None and light == light_of(edit.after)
    return edit, (dark, dark)


def _pair_of(row: dict[str, Any]) -> Pair:
    before, after = (Scene.from_json(json.dumps(row[name])) for name in ("before", "after"))
    first, second = row.get("unlit", (False, False))
    return Pair(before, after, str(row["change"]), str(row["instruction"]), (bool(first), bool(second)))
