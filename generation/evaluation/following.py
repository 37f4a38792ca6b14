"""Prompt following by groups: GenEval's six (arXiv:2310.11513), mood, negation; short prompts and long ones.

Prompts are of held-out scenes, of which half have a kind in a colour that training never saw. A short prompt says just
what its group asks, in GenEval's form ("a red cat and a blue dog"); a long one is the whole description of the scene,
as the rewriter writes them. What counts in both is the same. A share is of how often the judge finds the same in true
renderings. The pictures are of the picture world: no row stands for GenEval's own figures, which are of photographs.

Dimensions: N prompts.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from captioner.world import words
from captioner.world.captions import descriptive, short
from captioner.world.draw import render
from captioner.world.sample import held_out_scene
from captioner.world.scene import CORE, FACED, INDOORS, Item, Scene, Thing, WorldSetting
from generation.evaluation.clauses import Asked, Clause, follows
from generation.evaluation.facts import facts_asked, facts_read, facts_said
from generation.evaluation.judge import SIDE_PIXELS, Judge, Reading, side_of
from generation.evaluation.painter import NoBlobs, Share, paint_all, picture_of, round_trip, share
from generation.models.autoencoder import PictureAutoencoder
from generation.request import Painter, RenderRequest

FIRST = 30_000
"""The held-out scenes of these prompts begin here, beyond those that the judge's own accuracy stands on."""
GROUPS = {
    "single": "single_object", "two": "two_object", "counting": "counting", "colour": "colors",
    "position": "position", "colour binding": "color_attr",
}  # fmt: skip
"""The six groups, and GenEval's tags for them."""
TWO_CORES = {
    "single": 0.90, "two": 0.65, "counting": 0.55, "colour": 0.85, "position": 0.60, "colour binding": 0.55,
    "mood within one degree": 0.90, "mood exact": 0.65,
}  # fmt: skip
"""The goals for models that two cores trained."""
Right = Callable[[Sequence[Reading]], float]
"""From what was read off a task's pictures to how far it is right, 0 to 1; NaN where there is nothing to say."""


@dataclass(frozen=True)
class Task:
    """Prompts that are judged together (one, or two that differ in one thing), their scenes, and what is right."""

    group: str
    form: str
    prompts: tuple[str, ...]
    scenes: tuple[Scene, ...]
    right: Right

    @property
    def pairs(self) -> list[tuple[str, Scene]]:
        return list(zip(self.prompts, self.scenes, strict=True))


@dataclass(frozen=True)
class GroupRow:
    """A group of prompts in one form: how far painted, true and round-tripped pictures are right, 0 to 1."""

    group: str
    form: str
    prompts: int
    painted: float
    true: float
    round_trip: float
    of_true: Share | None
    of_round_trip: Share | None

    @property
    def goal(self) -> float | None:
        return TWO_CORES.get(self.group)

    @property
    def verdict(self) -> str:
        if self.goal is None or self.of_true is None:
            return ""
        return "met" if self.of_true.value >= self.goal else "missed"


@dataclass(frozen=True)
class FollowingReport:
    """The rows of all groups and forms."""

    rows: tuple[GroupRow, ...]

    def row(self, group: str, form: str) -> GroupRow:
        return next(row for row in self.rows if (row.group, row.form) == (group, form))

    def table(self) -> str:
        head = (
            f"{'prompts':<35}{'form':<6}{'n':>5}{'painted':>9}{'true':>7}{'trip':>7}  {'of true':<20}{'of trip':<20}"
            f"{'goal':>5}"
        )
        lines = [head, "-" * len(head)]
        for row in self.rows:
            goal = f"{row.goal:>5.2f}  {row.verdict}" if row.goal is not None else ""
            lines.append(
                f"{row.group:<35}{row.form:<6}{row.prompts:>5}{row.painted:>9.3f}{row.true:>7.3f}{row.round_trip:>7.3f}"
                f"  {row.of_true or '–'!s:<20}{row.of_round_trip or '–'!s:<20}{goal}".rstrip()
            )
        lines += [
            "",
            "painted, true, trip: how far painted pictures, true renderings of the same scenes and autoencoder round",
            "trips of these are right by the judge; of true, of trip: painted as a share of them, with 95 % bootstrap",
            "intervals over the prompts. Goals are those of two cores, on the share of true. Short prompts say only",
            "what is asked; long ones are whole descriptions. Told apart: with and without, each as the prompt says.",
        ]
        return "\n".join(lines)

    def as_dict(self) -> dict[str, Any]:
        rows = [dataclasses.asdict(row) | {"goal": row.goal, "verdict": row.verdict} for row in self.rows]
        return {"rows": rows}


def tasks_for(count: int, setting: WorldSetting = CORE, seed: int = 0) -> list[Task]:
    """Return `count` tasks of every group and form; `seed` decides the wording of long prompts and of denials."""
    pools = _pools(count, setting)
    tasks: list[Task] = []
    for group in GROUPS:
        scenes = pools["two" if group in ("two", "position", "colour binding") else group]
        for index, scene in enumerate(scenes):
            asked = asked_for(group, scene)
            right = _clauses_right(asked)
            tasks.append(Task(group, "short", (said(asked),), (scene,), right))
            tasks.append(Task(group, "long", (descriptive(scene, seed + index),), (scene,), right))
    for index, scene in enumerate(pools["faced"]):
        for form, prompt in (("short", short_mood(scene)), ("long", descriptive(scene, seed + index))):
            tasks.append(Task("mood exact", form, (prompt,), (scene,), _mood_right(scene, 0)))
            tasks.append(Task("mood within one degree", form, (prompt,), (scene,), _mood_right(scene, 1)))
    for index, scene in enumerate(pools["any"]):
        brief = short(scene, seed + index)
        tasks.append(Task("facts said", "short", (brief,), (scene,), _facts_right(brief, scene)))
        tasks.append(
            Task("facts of the scene", "long", (descriptive(scene, seed + index),), (scene,), _all_facts(scene))
        )
    for name, denied in (("scenery", _scenery), ("worn or held", _items)):
        for index, scene in enumerate(pools["outdoors" if name == "scenery" else "faced"]):
            with_it, without, thing = denied(scene, index, setting)
            prompts = _denial(with_it, without, thing, name, index + seed)
            pair = (with_it, without)
            tasks.append(Task(f"negation: {name}, absent", "short", prompts[1:], pair[1:], _absent(thing)))
            tasks.append(Task(f"negation: {name}, told apart", "short", prompts, pair, _told_apart(thing)))
    return tasks


def evaluate_following(
    painter: Painter,
    judge: Judge,
    autoencoder: PictureAutoencoder,
    count: int = 100,
    batch: int = 8,
    seed: int = 0,
    setting: WorldSetting = CORE,
) -> FollowingReport:
    """Paint the prompts of all groups, each once for each of its scenes, and return how far they were followed.

    Args:
        count: prompts of each group and form.
        seed: decides noise and wording.

    Raises:
        PaintingError: a picture was not finished.
    """
    tasks = tasks_for(count, setting, seed)
    # The same few words for two scenes ("a cat") are two pictures, of seeds of their own.
    wanted = list(dict.fromkeys(pair for task in tasks for pair in task.pairs))
    requests = [RenderRequest(f"{i}", "create", text, seed * len(wanted) + i) for i, (text, _) in enumerate(wanted)]
    painted = [picture_of(event.image) for event in paint_all(painter, requests, NoBlobs(), batch)]
    scenes = list(dict.fromkeys(scene for _, scene in wanted))
    true = np.stack([render(scene, SIDE_PIXELS) for scene in scenes])
    read_painted = dict(zip(wanted, judge.read(np.stack(painted)), strict=True))
    read_true = dict(zip(scenes, judge.read(true), strict=True))
    read_trip = dict(zip(scenes, judge.read(round_trip(autoencoder, true)), strict=True))
    rows = []
    for group, form in dict.fromkeys((task.group, task.form) for task in tasks):
        of = [task for task in tasks if (task.group, task.form) == (group, form)]
        right = {
            "painted": np.array([task.right([read_painted[each] for each in task.pairs]) for task in of]),
            "true": np.array([task.right([read_true[each] for each in task.scenes]) for task in of]),
            "round_trip": np.array([task.right([read_trip[each] for each in task.scenes]) for task in of]),
        }
        known = ~np.isnan(right["true"])
        right = {name: values[known] for name, values in right.items()}
        painted_mean, true_mean, trip_mean = (round(float(values.mean()), 4) for values in right.values())
        of_true, of_trip = (share(right["painted"], right[ceiling]) for ceiling in ("true", "round_trip"))
        number = int(known.sum())
        rows.append(GroupRow(group, form, number, painted_mean, true_mean, trip_mean, of_true, of_trip))
    return FollowingReport(tuple(rows))


def asked_for(group: str, scene: Scene) -> Asked:
    """Return what a group asks of a scene, in GenEval's clauses."""
    main = scene.main
    tag = GROUPS[group]
    if group in ("single", "colour"):
        return Asked(tag, (Clause(main.kind, 1, main.colour if group == "colour" else None),))
    if group == "counting":
        return Asked(tag, (Clause(main.kind, main.count),), (Clause(main.kind, main.count + 1),))
    other = scene.things[1]
    if group == "position":
        relation = "left of" if side_of(scene, main) == "left" else "right of"
        return Asked(tag, (Clause(other.kind), Clause(main.kind, position=(relation, 0))))
    coloured = group == "colour binding"
    return Asked(tag, tuple(Clause(thing.kind, 1, thing.colour if coloured else None) for thing in (main, other)))


def said(asked: Asked) -> str:
    """Return clauses as a prompt in GenEval's words, less "a photo of"."""
    phrases = []
    for clause in asked.include:
        if clause.count > 1:
            phrases.append(f"{words.NUMBERS[clause.count]} {words.plural(clause.kind)}")
        else:
            phrases.append(words.article(f"{clause.colour or ''} {clause.kind}".strip()))
    last = asked.include[-1]
    if last.position:
        return f"{phrases[-1]} {last.position[0]} {phrases[last.position[1]]}"
    return " and ".join(phrases)


def short_mood(scene: Scene) -> str:
    """Return a prompt that says the main thing, its colour and its mood: "a sad red cat"."""
    thing = scene.main
    assert thing.mood is not None
    return words.article(f"{words.MOOD_WORDS[thing.mood][0]} {thing.colour} {thing.kind}")


def _pools(count: int, setting: WorldSetting) -> dict[str, list[Scene]]:
    """Return the first `count` held-out scenes that fit each group."""

    def alone(scene: Scene) -> bool:
        return len(scene.things) == 1 and scene.main.count == 1

    fits: dict[str, Callable[[Scene], bool]] = {
        "single": alone,
        "colour": alone,
        "two": lambda scene: len(scene.things) == 2 and scene.main.kind != scene.things[1].kind and _beside(scene),
        "counting": lambda scene: scene.main.count > 1,
        "faced": lambda scene: alone(scene) and scene.main.kind in FACED and not scene.main.joy,
        "outdoors": lambda scene: alone(scene) and scene.place not in INDOORS,
        "any": lambda scene: True,
    }
    pools: dict[str, list[Scene]] = {name: [] for name in fits}
    index = FIRST
    while any(len(pool) < count for pool in pools.values()):
        scene = held_out_scene(index, setting)
        for name, fit in fits.items():
            if len(pools[name]) < count and fit(scene):
                pools[name].append(scene)
        index += 1
    return pools


def _beside(scene: Scene) -> bool:
    """Tell whether the two stand on sides of their own, as the judge reads them."""
    return side_of(scene, scene.main) != side_of(scene, scene.things[1])


def _clauses_right(asked: Asked) -> Right:
    return lambda readings: float(follows(readings[0], asked))


def _mood_right(scene: Scene, degrees: int) -> Right:
    wanted = scene.main.mood
    assert wanted is not None

    def right(readings: Sequence[Reading]) -> float:
        got = facts_read(readings[0], scene)["main mood"]
        return float(isinstance(got, int) and abs(wanted - got) <= degrees)

    return right


def _facts_right(text: str, scene: Scene) -> Right:
    keys = [fact if fact == "place" else f"main {fact}" for fact in facts_said(text, scene)]
    wanted = facts_asked(scene)

    def right(readings: Sequence[Reading]) -> float:
        read = facts_read(readings[0], scene)
        return float(np.mean([wanted[key] == read[key] for key in keys])) if keys else float("nan")

    return right


def _all_facts(scene: Scene) -> Right:
    wanted = facts_asked(scene)

    def right(readings: Sequence[Reading]) -> float:
        read = facts_read(readings[0], scene)
        return float(np.mean([read.get(name) == value for name, value in wanted.items()]))

    return right


def _scenery(scene: Scene, index: int, setting: WorldSetting) -> tuple[Scene, Scene, str]:
    thing = setting.extras[index % len(setting.extras)]
    return dataclasses.replace(scene, extras=(thing,)), dataclasses.replace(scene, extras=()), thing


def _items(scene: Scene, index: int, setting: WorldSetting) -> tuple[Scene, Scene, str]:
    kinds = setting.worn + setting.held
    kind, colour = kinds[index % len(kinds)], setting.colours[index // len(kinds) % len(setting.colours)]
    bare = dataclasses.replace(scene.main, worn=(), held=None)
    item = Item(kind, colour)
    clad: Thing = (
        dataclasses.replace(bare, held=item) if kind in setting.held else dataclasses.replace(bare, worn=(item,))
    )
    return scene.with_thing(clad), scene.with_thing(bare), kind


def _denial(with_it: Scene, without: Scene, thing: str, name: str, index: int) -> tuple[str, str]:
    """Return a prompt that asks for a thing and one that denies it, in words that people type."""
    main = without.main
    subject = words.article(f"{main.colour} {main.kind}")
    preposition, place = words.PLACE_NAMES[without.place]
    bare = thing if thing in ("butterflies", "glasses") else words.article(thing)
    if name == "scenery":
        denied = (f"without {bare}", f"with no {thing}", f"and no {thing}")[index % 3]
        return f"{subject} {preposition} {place} with {bare}", f"{subject} {preposition} {place} {denied}"
    item = next(item for item in (*with_it.main.worn, with_it.main.held) if item)
    verb = "holding" if with_it.main.held else "wearing"
    denied = (f"without {bare}", f"with no {thing}", f"not {verb} {bare}")[index % 3]
    return (
        f"{subject} {verb} {words.item_words(item.kind, item.colour)} {preposition} {place}",
        f"{subject} {denied} {preposition} {place}",
    )


def _shows(reading: Reading, thing: str) -> bool:
    return thing in reading.extras or any(found.kind and thing in found.items for found in reading.sides.values())


def _absent(thing: str) -> Right:
    return lambda readings: float(not _shows(readings[-1], thing))


def _told_apart(thing: str) -> Right:
    return lambda readings: float(_shows(readings[0], thing) and not _shows(readings[1], thing))
