"""Whether a rewriter's description of an edited picture says just what is true of it, in held-out scenes of one and two.

The message is a person's, in words that are trained on: what is asked here is not whether it is understood, but whether
what it is not about survives the rewriting. Both descriptions are read with the world's own words.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.errors import AssistantError
from assistant.messages import ConversationPath, EditPlan, PathVersion
from assistant.rewriter import Rewriter
from captioner.errors import WorldError
from captioner.reading import read_caption
from captioner.world.captions import descriptive
from captioner.world.edits import Edit, random_edit
from captioner.world.sample import held_out_scene
from captioner.world.scene import CORE

FIRST = 30_000
"""The held-out scenes of these edits begin here."""
OF_A_THING = (
    "mood_up", "mood_down", "set_mood", "recolour", "add_worn", "remove_worn", "recolour_worn", "add_held", "remove_held",
    "recolour_held", "replace_subject",
)  # fmt: skip
GROUPS = ("the only thing", "the first of two", "the second of two")


@dataclass(frozen=True)
class Described:
    """Of so many edits of a group the shares whose change, and whose description to the last fact, are right."""

    group: str
    edits: int
    change: float
    description: float
    both: float
    seconds: float


def evaluate_descriptions(rewriter: Rewriter, each: int) -> tuple[Described, ...]:
    """Let a rewriter plan edits of one thing, so many in each group, and hold its descriptions against the truth."""
    rows = []
    for group in GROUPS:
        found, seconds = [], []
        for seed, edit in held_out_edits(group, each):
            before = descriptive(edit.before, seed)
            path = ConversationPath(edit.instruction, (), (PathVersion("v1", (), before, ""),), "v1")
            begun = time.perf_counter()
            try:
                plan = rewriter.plan(path)
            except AssistantError:
                plan = None
            seconds.append(time.perf_counter() - begun)
            told = isinstance(plan, EditPlan) and facts(plan.prompt) == facts(descriptive(edit.after, seed))
            found.append((isinstance(plan, EditPlan) and plan.change == edit.change, told))
        change, description = (sum(right) / each for right in zip(*found, strict=True))
        both = sum(all(one) for one in found) / each
        rows.append(Described(group, each, change, description, both, statistics.median(seconds)))
    return tuple(rows)


def held_out_edits(group: str, number: int) -> Iterator[tuple[int, Edit]]:
    """Yield a group's edits, each with the seed of its descriptions' wording."""
    seed = FIRST
    while number:
        seed += 1
        scene = held_out_scene(seed)
        kinds = [thing.kind for thing in scene.things]
        if len(kinds) != (1 if group == GROUPS[0] else 2) or len(set(kinds)) < len(kinds):
            continue
        if any(thing.count > 1 for thing in scene.things):
            continue
        try:
            edit = random_edit(scene, random.Random(f"limner-described-{seed}"), CORE, OF_A_THING)
        except WorldError:
            continue
        if (edit.target == scene.main.id) == (group == GROUPS[2]):
            continue
        number -= 1
        yield seed, edit


def facts(prompt: str) -> frozenset[tuple[tuple[str, ...], int]]:
    """Return all that a description says, but for the details of its place, which it may choose among."""
    return frozenset(read_caption(prompt).facts().items())


def table(rows: tuple[Described, ...]) -> str:
    head = f"{'edits of':<20}{'n':>5}{'change right':>14}{'description right':>19}{'both':>7}{'seconds':>9}"
    lines = [head, "-" * len(head)]
    lines += [
        f"{row.group:<20}{row.edits:>5}{row.change:>14.3f}{row.description:>19.3f}{row.both:>7.3f}{row.seconds:>9.2f}"
        for row in rows
    ]
    return "\n".join(
        [*lines, "", "right: the canonical clause; every fact that the world has words for, and no other."]
    )


def as_json(rows: tuple[Described, ...]) -> str:
    return json.dumps([vars(row) for row in rows], indent=2) + "\n"
