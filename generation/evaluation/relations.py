"""Prompts that set two things in relation: the fifteen relations of Conwell and Ullman 2022 (arXiv:2208.00005).

A picture is right where the judge of relations reads the relation that was asked, its subject and its object: of "a cat
on a dog" neither a dog on a cat nor a cat beside a dog, but a dog under a cat, which looks the same.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from captioner.world import words
from captioner.world.captions import descriptive
from captioner.world.draw import render
from captioner.world.roles import as_seen, beyond_sides
from captioner.world.sample import held_out_scene
from captioner.world.scene import RELATED, Scene, WorldSetting
from generation.evaluation.judge import SIDE_PIXELS, Judge, Reading
from generation.evaluation.painter import NoBlobs, Share, paint_all, picture_of, round_trip, share
from generation.models.autoencoder import PictureAutoencoder
from generation.request import Painter, RenderRequest

FIRST = 50_000
"""The held-out scenes of these prompts begin here, beyond those of all other evaluations."""
GOAL = 0.35
"""The goal for models that two cores trained, as a share of what the judge reads in true renderings."""
FORMS = ("short", "long")


@dataclass(frozen=True)
class RelationRow:
    """How often a relation was as asked: in painted pictures, in true renderings and in round trips of these."""

    relation: str
    form: str
    prompts: int
    painted: float
    true: float
    round_trip: float


@dataclass(frozen=True)
class RelationsReport:
    """Each relation's rows; and over all, as shares of the true renderings, `of_true` for each form."""

    rows: tuple[RelationRow, ...]
    of_true: dict[str, Share | None]

    def table(self) -> str:
        head = f"{'relation':<20}" + "".join(f"{form + ' painted':>15}{'true':>7}{'trip':>7}" for form in FORMS)
        lines = [head, "-" * len(head)]
        for relation in dict.fromkeys(row.relation for row in self.rows):
            of = [row for row in self.rows if row.relation == relation]
            figures = "".join(f"{row.painted:>15.2f}{row.true:>7.2f}{row.round_trip:>7.2f}" for row in of)
            lines.append(f"{relation:<20}{figures}")
        for form, of_all in self.of_true.items():
            met = of_all is not None and of_all.value >= GOAL
            lines.append(f"all, {form}: {of_all or '–'} of true; goal {GOAL:.2f}  {'met' if met else 'missed'}")
        number = self.rows[0].prompts
        lines.append(f"{number} prompts of each relation and form; right are relation, subject and object together.")
        return "\n".join(lines)

    def as_dict(self) -> dict[str, Any]:
        return dataclasses.asdict(self) | {"goal": GOAL}


def scenes_of(count: int, setting: WorldSetting = RELATED) -> dict[str, list[Scene]]:
    """Return the first `count` held-out scenes of every relation beyond sides, of two things of different kinds."""
    found: dict[str, list[Scene]] = {relation: [] for relation in beyond_sides(setting)}
    index = FIRST
    while any(len(scenes) < count for scenes in found.values()):
        scene = held_out_scene(index, setting)
        kinds = {thing.kind for thing in scene.things}
        for relation in scene.relations:
            if len(kinds) == 2 and len(found.get(relation.kind, found)) < count:
                found[relation.kind].append(scene)
        index += 1
    return found


def short_relation(scene: Scene) -> str:
    """Return a prompt that says a scene's relation and nothing else: "a cat on a dog"."""
    (relation,) = scene.relations
    subject, obj = (words.article(scene.thing(thing).kind) for thing in (relation.subject, relation.obj))
    return f"{subject} {words.RELATION_WORDS[relation.kind][0]} {obj}"


def evaluate_relations(
    painter: Painter, judge: Judge, autoencoder: PictureAutoencoder, count: int = 14, batch: int = 8, seed: int = 0
) -> RelationsReport:
    """Paint prompts of all relations and return how often they were followed.

    Args:
        judge: one that reads relations (`RELATIONS_FOLDER`).
        count: prompts of each relation and form.
        seed: decides noise and wording.

    Raises:
        PaintingError: a picture was not finished.
    """
    scenes = [scene for of in scenes_of(count, judge.setting).values() for scene in of]
    true = np.stack([render(scene, SIDE_PIXELS) for scene in scenes])
    ceilings = [_right(judge.read(pictures), scenes) for pictures in (true, round_trip(autoencoder, true))]
    rows, of_true = [], {}
    for at, form in enumerate(FORMS):
        prompts = [
            short_relation(scene) if form == "short" else descriptive(scene, seed + index)
            for index, scene in enumerate(scenes)
        ]
        first = (seed * len(FORMS) + at) * len(scenes)
        requests = [RenderRequest(f"{form}{i}", "create", text, first + i) for i, text in enumerate(prompts)]
        painted = np.stack([picture_of(event.image) for event in paint_all(painter, requests, NoBlobs(), batch)])
        right = [_right(judge.read(painted), scenes), *ceilings]
        of_true[form] = share(right[0], right[1])
        for kind in beyond_sides(judge.setting):
            here = np.array([scene.relations[0].kind == kind for scene in scenes])
            means = (round(float(values[here].mean()), 4) for values in right)
            rows.append(RelationRow(kind, form, int(here.sum()), *means))
    return RelationsReport(tuple(rows), of_true)


def _right(readings: Sequence[Reading], scenes: Sequence[Scene]) -> np.ndarray:
    asked = [
        as_seen(relation.kind, scene.thing(relation.subject).kind, scene.thing(relation.obj).kind)
        for scene in scenes
        for relation in scene.relations
    ]
    return np.array([float(reading.relation == one) for reading, one in zip(readings, asked, strict=True)])
