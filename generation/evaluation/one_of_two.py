"""Whether an edit of one of two things leaves the other one alone: what a region takes of it, and what changes on it.

Where the other thing is, is known exactly, from the picture world. Dimensions: N edits, H and W pixels.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from captioner.world.draw import render
from captioner.world.edits import Edit, edit_of
from captioner.world.sample import held_out_scene
from captioner.world.scene import CORE, Scene, Thing, WorldSetting
from captioner.world.truth import ground_truth
from generation.evaluation.facts import ROLES, changed_facts, facts_asked, facts_read
from generation.evaluation.judge import SIDE_PIXELS, Reading, side_of
from generation.evaluation.turns import TOUCHED

FIRST = 50_000
"""The held-out scenes of these edits begin here."""
SPILLED = 0.25
"""A region that holds more than this share of the other thing's own pixels reaches onto it."""
REPAINTED = 0.1
"""The other thing counts as repainted if more than this share of its own pixels differs."""
OF_ITS_OWN = ("kind", "colour", "mood", "joy", "size", "pose", "items")
"""What is read of the other thing; where it stands says the side that it is read on."""
KINDS: Mapping[str, tuple[str, ...]] = {
    "worn or held": (
        "add_worn", "remove_worn", "recolour_worn", "add_held", "remove_held", "replace_held", "recolour_held",
    ),
    "mood": ("mood_up", "mood_up_lots", "mood_down", "set_mood"),
    "colour": ("recolour",),
    "replaced or removed": ("replace_subject", "remove_thing"),
    "size and pose": ("bigger", "smaller", "pose_jump", "pose_wave", "pose_stand"),
}  # fmt: skip


@dataclass(frozen=True)
class OneRow:
    """A kind of edit: shares of edits, 0 to 1.

    Of true renderings: `taken` is the mean share of the other thing's pixels that the region holds, `spilled` the share
    of edits where that is more than `SPILLED`, `covered` how much the region holds of what the edit touches. Of painted
    pictures: `repainted` is the share of edits after which the other thing differs (`REPAINTED`), `kept` the share
    after which all that is read of it reads as before, `followed` that in which the change reads as asked; the true
    ones are the judge's own, on true renderings.
    """

    name: str
    edits: int
    taken: float
    spilled: float
    covered: float
    repainted: float
    kept: float
    true_kept: float
    followed: float
    true_followed: float


def edits_of_one(count: int, setting: WorldSetting = CORE) -> list[Edit]:
    """Return held-out edits of one thing of two that stand apart: of the main one and of the other, by turns."""
    edits: list[Edit] = []
    index = FIRST
    while len(edits) < count:
        scene = held_out_scene(index, setting)
        index += 1
        if len(scene.things) != 2 or side_of(scene, scene.main) == side_of(scene, scene.things[1]):
            continue
        rng = random.Random(f"limner-eval-one-{index}")
        if edit := edit_of(scene, scene.things[len(edits) % 2].id, rng, setting, held_out=True):
            edits.append(edit)
    return edits


def other_of(edit: Edit) -> Thing:
    """Return the thing that an edit of one of two is not about."""
    return next(thing for thing in edit.before.things if thing.id != edit.target)


def own_pixels(edit: Edit) -> np.ndarray:
    """Return (H, W) bool: where the other thing is to be seen, less what a true edit touches."""
    first, second = (render(scene, SIDE_PIXELS).astype(np.int16) for scene in (edit.before, edit.after))
    own: np.ndarray = ground_truth(edit.before, SIDE_PIXELS).masks[str(other_of(edit).id)]
    return own & (np.abs(first - second).max(-1) <= TOUCHED)


def share_taken(inside: np.ndarray, own: np.ndarray) -> float:
    """Return the share of the other thing's pixels (H, W) that a region (H, W) holds."""
    return float((inside & own).sum() / max(1, own.sum()))


def rows_of(
    edits: Sequence[Edit],
    regions: Sequence[np.ndarray],
    pictures: tuple[np.ndarray, np.ndarray],
    painted: tuple[Sequence[Reading], Sequence[Reading]],
    true: tuple[Sequence[Reading], Sequence[Reading]],
) -> tuple[OneRow, ...]:
    """Return all edits and each kind of them.

    Args:
        regions: of each edit, found on its true rendering, (H, W) bool.
        pictures: painted ones before and after, (N, H, W, 3) uint8.
        painted, true: what the judge reads in these, and in true renderings, before and after.
    """
    own = [own_pixels(edit) for edit in edits]
    taken = np.array([share_taken(region, mine) for region, mine in zip(regions, own, strict=True)])
    covered = np.array([_covered(edit, region) for edit, region in zip(edits, regions, strict=True)])
    differs = np.abs(pictures[0].astype(np.int16) - pictures[1]).max(-1) > TOUCHED
    repainted = np.array([share_taken(d, mine) > REPAINTED for d, mine in zip(differs, own, strict=True)])
    values = np.column_stack(
        (taken, taken > SPILLED, covered, repainted, _read(edits, *painted), _read(edits, *true))
    ).astype(float)
    rows = [_row("all", values)]
    for name, kinds in KINDS.items():
        if chosen := [index for index, edit in enumerate(edits) if edit.kind in kinds]:
            rows.append(_row(name, values[chosen]))
    return tuple(rows)


def table(rows: Sequence[OneRow]) -> str:
    """Return the rows as text."""
    head = (
        f"{'edits of one of two':<22}{'edits':>6}{'taken':>8}{'spilled':>9}{'covered':>9}{'repainted':>11}{'kept':>7}"
        f"{'(true)':>8}{'followed':>10}{'(true)':>8}"
    )
    lines = [head, "-" * len(head)]
    lines += [
        f"{row.name:<22}{row.edits:>6}{row.taken:>8.2f}{row.spilled:>9.2f}{row.covered:>9.2f}{row.repainted:>11.2f}"
        f"{row.kept:>7.2f}{row.true_kept:>8.2f}{row.followed:>10.2f}{row.true_followed:>8.2f}"
        for row in rows
    ]
    lines += [
        "",
        "taken: the share of the other thing that the region holds, on true renderings; spilled: edits where that is",
        f"more than {SPILLED}; covered: how much of what is to change the region holds; repainted: painted edits after",
        f"which more than {REPAINTED} of the other thing differs; kept: after which all that is read of it reads as",
        "before; followed: the change reads as asked.",
    ]
    return "\n".join(lines)


def _covered(edit: Edit, region: np.ndarray) -> float:
    first, second = (render(scene, SIDE_PIXELS).astype(np.int16) for scene in (edit.before, edit.after))
    return share_taken(region, np.abs(first - second).max(-1) > TOUCHED)


def _read(edits: Sequence[Edit], before: Sequence[Reading], after: Sequence[Reading]) -> np.ndarray:
    """Return (N, 2): whether the other thing reads as before, and whether the change reads as asked."""
    rows = []
    for edit, first, second in zip(edits, before, after, strict=True):
        was, now = facts_read(first, edit.before), facts_read(second, edit.after)
        old, new = _role(edit.before, other_of(edit)), _role(edit.after, other_of(edit))
        kept = all(was[f"{old} {name}"] == now[f"{new} {name}"] for name in OF_ITS_OWN)
        wanted = facts_asked(edit.after)
        changed = changed_facts(facts_asked(edit.before), wanted)
        if len(edit.after.things) < len(edit.before.things):
            changed = {"things"}  # the other one's facts have but come under another name
        rows.append((kept, all(now[name] == wanted[name] for name in changed)))
    return np.array(rows, float)


def _role(scene: Scene, thing: Thing) -> str:
    return ROLES[[each.id for each in scene.things].index(thing.id)]


def _row(name: str, values: np.ndarray) -> OneRow:
    means = [round(float(mean), 4) for mean in values.mean(0)]
    taken, spilled, covered, repainted, kept, followed, true_kept, true_followed = means
    return OneRow(name, len(values), taken, spilled, covered, repainted, kept, true_kept, followed, true_followed)
