"""What is to be seen in each latent cell of a training picture, from the picture world's exact truth.

The denoiser learns to tell it from its middle layer, beside its velocity, as REPA has it tell a vision model's
features (arXiv:2410.06940). A velocity's error says little about whether the thing at a cell is a bunny or a bear; a
class says it at once, and at a noisy moment only the text knows it. Used in training alone: nothing of it is kept with
the weights.

Dimensions: P pairs, 2P pictures, B batch, h = w latent cells, K classes of all questions together.
"""

from __future__ import annotations

import hashlib
import multiprocessing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch.nn.functional as F
from torch import Tensor
from tqdm import tqdm

from captioner.training.loop import launched
from captioner.training.pictures import PictureCache, save_whole
from captioner.world.drawing.gestures import SIGNS
from captioner.world.roles import role_of, roles_of
from captioner.world.scene import MOODS, WORLD_VERSION, Scene, Thing, WorldSetting
from captioner.world.truth import ground_truth

UNASKED = -1
"""The class of a cell at which a question has no answer (the colour of a meadow)."""
THING_SHARE = 0.3
"""A cell is a thing's if the thing covers this share of it, else its place's."""
PART_SHARE = 0.2
"""A part names a cell if it covers this share; what is worn or held goes before face and ears, they before the body."""
SIGN_SHARE = 0.12
"""A rope or a spark, which tells what one thing does to the other, names a cell before all parts, and covers less."""


@dataclass(frozen=True)
class Questions:
    """The classes of each question: what it is, which colour and which mood the thing has, which part it is, and the
    thing's role in a relation, where the setting has relations beyond sides.
    """

    what: tuple[str, ...]
    colour: tuple[str, ...]
    mood: tuple[str, ...]
    part: tuple[str, ...]
    role: tuple[str, ...]

    @classmethod
    def of(cls, setting: WorldSetting) -> Questions:
        roles = roles_of(setting)
        parts = ("body", "face", "ears", *setting.worn, *setting.held, *(SIGNS if roles else ()))
        return cls(setting.subjects + setting.places, setting.colours, (*MOODS, "past the top"), parts, roles)

    @property
    def sizes(self) -> list[int]:
        return [len(classes) for classes in (self.what, self.colour, self.mood, self.part, self.role) if classes]

    def are_signs(self, parts: np.ndarray) -> np.ndarray:
        """Return which classes of the fourth question are signs of a relation."""
        return parts >= self.part.index(SIGNS[0]) if self.role else np.zeros(parts.shape, bool)


def answers(scene: Scene, questions: Questions, cells: int, size: int = 128) -> np.ndarray:
    """Return the classes (questions, cells, cells) int8 of a scene's cells, `UNASKED` where there is none."""
    shares = {name: _shares(mask, cells) for name, mask in ground_truth(scene, size).masks.items()}
    found = np.full((len(questions.sizes), cells, cells), UNASKED, np.int8)
    found[0] = questions.what.index(scene.place)
    covered = np.full((cells, cells), THING_SHARE)
    for thing in scene.things:
        share = shares.get(str(thing.id))
        if share is None:
            continue
        here = share >= covered
        covered = np.where(here, share, covered)
        found[:, here] = _of_thing(thing, shares, questions, cells)[:, here]
        if questions.role:
            found[4][here] = questions.role.index(role_of(thing, scene))
    if questions.role:
        for sign in SIGNS:
            if (share := shares.get(sign)) is not None:
                found[3][share >= SIGN_SHARE] = questions.part.index(sign)
    return found


def _of_thing(thing: Thing, shares: dict[str, np.ndarray], questions: Questions, cells: int) -> np.ndarray:
    found = np.full((len(questions.sizes), cells, cells), UNASKED, np.int8)
    found[0] = questions.what.index(thing.kind)
    found[1] = questions.colour.index(thing.colour)
    for index, part in enumerate(questions.part):
        share = shares.get(f"{thing.id}/{part}")
        if share is None:
            continue
        found[3][share >= PART_SHARE] = index
        if part == "face" and thing.mood is not None:
            found[2][share >= PART_SHARE] = thing.mood + (thing.joy > 0)
    return found


def _shares(mask: np.ndarray, cells: int) -> np.ndarray:
    each = len(mask) // cells
    shares: np.ndarray = mask.reshape(cells, each, cells, each).mean((1, 3))
    return shares


def cached_answers(cache: PictureCache, setting: WorldSetting, cells: int, folder: Path, workers: int) -> np.ndarray:
    """Return the classes (2P, questions, cells, cells) int8 of all pictures of a cache; found once and kept."""
    meant = repr((Questions.of(setting), THING_SHARE, PART_SHARE, SIGN_SHARE, WORLD_VERSION, cells))
    path = folder / f"answers-{hashlib.sha256(meant.encode()).hexdigest()[:12]}.npy"
    with launched().main_process_first():
        if not path.exists():
            scenes = [(cache.scene(index), Questions.of(setting), cells) for index in range(2 * len(cache))]
            with multiprocessing.get_context("spawn").Pool(workers) as pool:
                rows = pool.imap(_answers_of, scenes, chunksize=64)
                save_whole(path, np.stack(list(tqdm(rows, total=len(scenes), desc="truth", mininterval=5))))
    kept: np.ndarray = np.load(path)
    return kept


def _answers_of(job: tuple[Scene, Questions, int]) -> np.ndarray:
    return answers(*job)


def answer_loss(logits: Tensor, found: Tensor, questions: Questions) -> Tensor:
    """Return the sum over the questions of the mean cross-entropy of the cells that have an answer, in nats.

    Args:
        logits: (B, K, h, w).
        found: (B, questions, h, w) classes, `UNASKED` where there is none.
    """
    total = logits.new_zeros(())
    for part, classes in zip(logits.split(questions.sizes, 1), found.long().unbind(1), strict=True):
        asked = (classes != UNASKED).sum().clamp(min=1)
        total = total + F.cross_entropy(part, classes, ignore_index=UNASKED, reduction="sum") / asked
    return total
