"""How well a painter edits: what was asked to change, did it; did the rest stay as it was.

Each picture is painted from its description, then edited from its own clean latent, as in a conversation. The judge
reads both. Beside every figure stands the same one for the true renderings before and after: the judge's ceiling.
"""

from __future__ import annotations

import dataclasses
import io
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from captioner.errors import WorldError
from captioner.training.loop import surroundings
from captioner.world.captions import descriptive
from captioner.world.draw import render
from captioner.world.edits import Edit, random_edit
from captioner.world.sample import held_out_scene
from captioner.world.scene import CORE, WORLD_VERSION, WorldSetting
from generation.evaluation import one_of_two
from generation.evaluation.facts import changed_facts, facts_asked, facts_read
from generation.evaluation.judge import SIDE_PIXELS, Judge, Reading
from generation.evaluation.one_of_two import OneRow
from generation.evaluation.painter import KeptBlobs, NoBlobs, beside, paint_all, picture_of
from generation.evaluation.turns import TOUCHED
from generation.regions import read_mask, weight_of
from generation.request import Painter, Recipe, RegionFinder, RenderFinished, RenderRequest

SHEET_EDITS = 50
FIRST_PAIR = 50_000
AT_ONCE = (
    "recolour", "set_mood", "add_worn", "remove_worn", "add_held", "bigger", "smaller", "time", "place",
    "weather", "style",
)  # fmt: skip
"""Kinds of which two are asked for at once."""
FAMILIES: Mapping[str, tuple[str, ...]] = {
    "mood": ("mood_up", "mood_up_lots", "mood_down", "set_mood"),
    "colour": ("recolour",),
    "worn or held": (
        "add_worn", "remove_worn", "recolour_worn", "add_held", "remove_held", "replace_held", "recolour_held",
    ),
    "place": ("place",),
    "time and weather": ("time", "weather", "weather_clear"),
    "style": ("style",),
    "size and view": ("bigger", "smaller", "closer", "wider"),
    "pose and position": ("pose_jump", "pose_wave", "pose_stand", "move"),
    "what there is": (
        "replace_subject", "add_thing", "remove_thing", "add_extra", "remove_extra", "count_up", "count_down",
        "count_set", "just_one",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class EditRow:
    """One family of edits: shares of edits followed and of other facts kept, mean absolute pixel change (of 255).

    `region` is the mean share of the picture in which an edit may change it, `true_region` the share that it should;
    `covered` is how much of the latter the former holds. All three are taken on true renderings.
    """

    name: str
    edits: int
    followed: float
    true_followed: float
    kept: float
    true_kept: float
    pixel_change: float
    true_pixel_change: float
    region: float
    true_region: float
    covered: float


@dataclass(frozen=True)
class EditReport:
    """All edits by family and, where these were made, edits of one of two things."""

    rows: tuple[EditRow, ...]
    about: dict[str, Any]
    of_one: tuple[OneRow, ...] = ()

    def row(self, name: str) -> EditRow:
        return next(row for row in self.rows if row.name == name)

    def table(self) -> str:
        """Return the report as text."""
        titles = f"{'followed':>10}{'(true)':>8}{'kept':>8}{'(true)':>8}{'pixels':>8}{'(true)':>8}"
        titles += f"{'region':>8}{'(true)':>8}{'covered':>9}"
        head = f"{'edits of':<20}{'edits':>6}{titles}"
        lines = [head, "-" * len(head)]
        lines += [
            f"{row.name:<20}{row.edits:>6}{row.followed:>10.3f}{row.true_followed:>8.3f}{row.kept:>8.3f}"
            f"{row.true_kept:>8.3f}{row.pixel_change:>8.1f}{row.true_pixel_change:>8.1f}"
            f"{row.region:>8.2f}{row.true_region:>8.2f}{row.covered:>9.2f}"
            for row in self.rows
        ]
        lines += [
            "",
            "followed: all that was to change reads as asked; kept: the share of all other facts that read as before;",
            "pixels: mean absolute change, of 255; (true): the same for true renderings before and after;",
            "region: the share of a true rendering that the edit was found to touch; (true): that it touches; covered:",
            "how much of the second lies in the first. Outside a region no pixel changes.",
        ]
        if self.of_one:
            lines += ["", one_of_two.table(self.of_one), ""]
        return "\n".join([*lines, *(f"{name}: {value}" for name, value in self.about.items())])

    def to_json(self) -> str:
        return json.dumps(dataclasses.asdict(self), indent=2) + "\n"


def held_out_edits(count: int, setting: WorldSetting = CORE) -> list[Edit]:
    """Return one edit of each of the first held-out scenes."""
    return [
        random_edit(held_out_scene(index, setting), random.Random(f"limner-eval-edit-{index}"), setting, held_out=True)
        for index in range(count)
    ]


def edits_at_once(count: int, setting: WorldSetting = CORE) -> list[Edit]:
    """Return edits of two clauses of held-out scenes, the second about another attribute of what the first leaves."""
    found: list[Edit] = []
    for index in range(FIRST_PAIR, FIRST_PAIR + 100 * count):
        if len(found) == count:
            break
        rng, scene = random.Random(f"limner-eval-pair-{index}"), held_out_scene(index, setting)
        one, two = rng.sample(AT_ONCE, 2)
        try:
            first = random_edit(scene, rng, setting, [one], held_out=True)
            second = random_edit(first.after, rng, setting, [two], held_out=True)
        except WorldError:
            continue
        both = replace(first, after=second.after, change=f"{first.change} and {second.change}", kind="several")
        named = {thing.kind for thing in scene.things}
        if len(named) == len(scene.things) and changed_facts(facts_asked(scene), facts_asked(both.after)):
            found.append(both)
    return found


def evaluate_edits(
    painter: Painter,
    judge: Judge,
    count: int = 100,
    batch: int = 8,
    out: Path | None = None,
    seed: int = 0,
    setting: WorldSetting = CORE,
    command: str = "limner eval single-edits",
    of_one: int = 0,
    of_two: int = 0,
) -> EditReport:
    """Paint held-out scenes, edit each picture once, and compare before and after.

    Args:
        of_one: so many edits of one of two things beside these.
        of_two: so many edits of two clauses beside these.
        out: a folder for edits.json, edits.txt, edits.png and one-of-two.png (before above after); None writes none.

    Raises:
        PaintingError: a picture was not finished.
    """
    edits = held_out_edits(count, setting)
    made = _made(painter, judge, edits, batch, seed)
    painted_scores = _scores(edits, *made.read_painted, _change(*made.pictures))
    true_scores = _scores(edits, *made.read_true, _change(*made.true))
    regions = _shares(*made.true, made.regions)
    rows = [_row("all", slice(None), painted_scores, true_scores, regions)]
    for family, kinds in FAMILIES.items():
        if chosen := [index for index, edit in enumerate(edits) if edit.kind in kinds]:
            rows.append(_row(family, chosen, painted_scores, true_scores, regions))
    if of_two:
        pairs = edits_at_once(of_two, setting)
        two = _made(painter, judge, pairs, batch, seed, "two")
        painted, true = (
            _scores(pairs, *read, _change(*of))
            for read, of in ((two.read_painted, two.pictures), (two.read_true, two.true))
        )
        rows.append(_row("two changes at once", slice(None), painted, true, _shares(*two.true, two.regions)))
    ones = one_of_two.edits_of_one(of_one, setting)
    of_ones = _made(painter, judge, ones, batch, seed, "one") if ones else None
    recipe = made.recipe
    about = {
        "command": command, "painter": recipe.painter, "weights": recipe.weights[:16], "steps": recipe.steps,
        "guidance": recipe.guidance, "batch": batch, "edits": count, "seed": seed, "world version": WORLD_VERSION,
        "setting": setting.name, **surroundings(),
    }  # fmt: skip
    if of_ones:
        of_one_rows = one_of_two.rows_of(
            ones, of_ones.regions, of_ones.pictures, of_ones.read_painted, of_ones.read_true
        )
    report = EditReport(tuple(rows), about, of_one_rows if of_ones else ())
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "edits.json").write_text(report.to_json())
        listed = [f"{index}: {edit.kind}: {edit.change}" for index, edit in enumerate(edits)]
        (out / "edits.txt").write_text("\n".join([report.table(), "", *listed]) + "\n")
        for name, each in (("edits", made), ("one-of-two", of_ones)):
            if each is not None:
                before, after = each.pictures
                beside(before[:SHEET_EDITS], after[:SHEET_EDITS]).save(out / f"{name}.png")
    return report


@dataclass(frozen=True)
class _Made:
    """What edits made: painted and true pictures (N, H, W, 3) before and after, what is read in them, and the regions
    (H, W) bool that were found on the true ones.
    """

    pictures: tuple[np.ndarray, np.ndarray]
    true: tuple[np.ndarray, np.ndarray]
    read_painted: tuple[list[Reading], list[Reading]]
    read_true: tuple[list[Reading], list[Reading]]
    regions: list[np.ndarray]
    recipe: Recipe


def _made(painter: Painter, judge: Judge, edits: Sequence[Edit], batch: int, seed: int, name: str = "") -> _Made:
    before, after = _paint(painter, edits, batch, seed, name)
    first, second = (np.stack([picture_of(event.image) for event in events]) for events in (before, after))
    was, now = (
        np.stack([render(scene, SIDE_PIXELS) for scene in scenes])
        for scenes in ([edit.before for edit in edits], [edit.after for edit in edits])
    )
    return _Made(
        (first, second), (was, now), (judge.read(first), judge.read(second)), (judge.read(was), judge.read(now)),
        _regions(painter, edits, was, seed), after[0].recipe,
    )  # fmt: skip


def _paint(
    painter: Painter, edits: Sequence[Edit], batch: int, seed: int, name: str
) -> tuple[list[RenderFinished], list[RenderFinished]]:
    """Return the pictures before and after each edit; the same seed words and paints both."""
    seeds = [seed * len(edits) + index for index in range(len(edits))]
    first = [
        RenderRequest(f"{name}before-{s}", "create", descriptive(e.before, s), s)
        for s, e in zip(seeds, edits, strict=True)
    ]
    before = paint_all(painter, first, NoBlobs(), batch)
    blobs = KeptBlobs()
    second = []
    for s, edit, parent in zip(seeds, edits, before, strict=True):
        request = RenderRequest(
            f"{name}after-{s}", "edit", descriptive(edit.after, s), s, edit.change,
            parent_latent=blobs.keep(parent.latent) if parent.latent else None, parent_image=blobs.keep(parent.image),
        )  # fmt: skip
        region = painter.find_region(request, blobs) if isinstance(painter, RegionFinder) else None
        second.append(replace(request, mask=blobs.keep(region.mask)) if region else request)
    return before, paint_all(painter, second, blobs, batch)


def _regions(painter: Painter, edits: Sequence[Edit], before: np.ndarray, seed: int) -> list[np.ndarray]:
    """Return where each edit is found to change a true picture, (H, W) bool.

    A painter that finds no regions takes the whole picture for each.
    """
    found = []
    for index, (edit, first) in enumerate(zip(edits, before, strict=True)):
        inside = np.ones(first.shape[:2], bool)
        if isinstance(painter, RegionFinder):
            s, blobs, buffer = seed * len(edits) + index, KeptBlobs(), io.BytesIO()
            Image.fromarray(first).save(buffer, "PNG")
            parent = blobs.keep(buffer.getvalue())
            request = RenderRequest("r", "edit", descriptive(edit.after, s), s, edit.change, parent_image=parent)
            if region := painter.find_region(request, blobs):
                inside = weight_of(read_mask(region.mask), inside.shape[::-1]) >= 0.5
        found.append(inside)
    return found


def _shares(before: np.ndarray, after: np.ndarray, regions: Sequence[np.ndarray]) -> np.ndarray:
    """Return (N, 3): the share of a true picture that is found to be the edit's, that is so, and of it the share
    found.
    """
    touched = np.abs(before.astype(np.int16) - after).max(-1) > TOUCHED
    rows = [
        (inside.mean(), true.mean(), (true & inside).sum() / max(1, true.sum()))
        for inside, true in zip(regions, touched, strict=True)
    ]
    return np.array(rows, float)


def _scores(edits: Sequence[Edit], before: list[Reading], after: list[Reading], change: np.ndarray) -> np.ndarray:
    """Return (N, 3): followed (0 or 1), the share of the other facts that were kept, and the pixel change."""
    rows = []
    for edit, first, second, pixels in zip(edits, before, after, change, strict=True):
        asked, wanted = facts_asked(edit.before), facts_asked(edit.after)
        was, now = facts_read(first, edit.before), facts_read(second, edit.after)
        changed = changed_facts(asked, wanted)
        stays = [name for name in wanted if name in asked and name not in changed]
        followed = all(now[name] == wanted[name] for name in changed)
        rows.append((float(followed), np.mean([now[name] == was[name] for name in stays]), pixels))
    return np.array(rows, float)


def _change(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    return np.abs(before.astype(np.int16) - after).mean((1, 2, 3))


def _row(name: str, chosen: slice | list[int], painted: np.ndarray, true: np.ndarray, regions: np.ndarray) -> EditRow:
    values = [
        round(float(mean), 4)
        for pair in zip(painted[chosen].mean(0), true[chosen].mean(0), strict=True)
        for mean in pair
    ]
    values += [round(float(mean), 4) for mean in regions[chosen].mean(0)]
    return EditRow(name, len(painted[chosen]), *values)
