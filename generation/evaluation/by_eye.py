"""The judge against a person's eyes: sheets of painted pictures to be read, and how often the judge reads the same.

Whoever reads sees the pictures alone, neither what was asked nor what the judge says, and writes a JSON object a line:

    {"picture": 0, "things": [{"side": "left", "kind": "cat", "colour": "red", "mood": 3, "count": 1,
     "items": {"hat": "blue"}}], "place": "room", "time": "day", "weather": "clear", "style": "flat"}

`mood` is a degree from 0 (heartbroken) to 4, null for what has no face. What cannot be told is left out and not
compared. Dimensions: N pictures, H = W pixels.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from captioner.world.captions import descriptive
from captioner.world.sample import held_out_scene
from captioner.world.scene import SIDES, Scene, Thing, WorldSetting
from generation.errors import PictureError
from generation.evaluation.judge import Judge, Reading, ThingReading, side_of
from generation.evaluation.painter import NoBlobs, paint_all, picture_of
from generation.request import Painter, RenderRequest

FIRST = 20_000
"""The held-out scenes of these sheets begin here, beyond those that any other figure stands on."""
A_SHEET, COLUMNS, SHOWN = 20, 5, 256
WHOLE = ("place", "time", "weather", "style")
OF_THING = ("kind", "colour", "mood", "count", "items")


def paint_sheets(painter: Painter, count: int, setting: WorldSetting, out: Path, batch: int = 8) -> None:
    """Paint `count` held-out scenes, and write pictures/NNN.png, prompts.jsonl and sheet-N.png with 20 of them each.

    Raises:
        PaintingError: a picture was not finished.
    """
    scenes = [held_out_scene(FIRST + index, setting) for index in range(count)]
    prompts = [descriptive(scene, FIRST + index) for index, scene in enumerate(scenes)]
    requests = [RenderRequest(f"{index}", "create", prompt, index) for index, prompt in enumerate(prompts)]
    pictures = [picture_of(event.image) for event in paint_all(painter, requests, NoBlobs(), batch)]
    (out / "pictures").mkdir(parents=True, exist_ok=True)
    for index, picture in enumerate(pictures):
        Image.fromarray(picture).save(out / "pictures" / f"{index:03}.png")
    for start in range(0, count, A_SHEET):
        _sheet(pictures[start : start + A_SHEET], start).save(out / f"sheet-{start // A_SHEET}.png")
    rows = [{"picture": i, "prompt": text, "scene": json.loads(scenes[i].to_json())} for i, text in enumerate(prompts)]
    (out / "prompts.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


def _sheet(pictures: Sequence[np.ndarray], first: int) -> Image.Image:
    rows = -(-len(pictures) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (SHOWN + 6), rows * (SHOWN + 22)), "white")
    draw = ImageDraw.Draw(sheet)
    for index, picture in enumerate(pictures):
        x, y = index % COLUMNS * (SHOWN + 6), index // COLUMNS * (SHOWN + 22)
        sheet.paste(Image.fromarray(picture).resize((SHOWN, SHOWN), Image.Resampling.BICUBIC), (x, y + 16))
        draw.text((x + 4, y + 2), f"{first + index}", fill="black")
    return sheet


@dataclass(frozen=True)
class Agreement:
    """One attribute: how often eyes and judge read the same, and how often each reads what was asked.

    `verdicts` is the share of what was asked on which both say the same: as asked, or not.
    """

    name: str
    read: int
    same: float
    interval: tuple[float, float]
    asked: int
    by_eye: float
    by_judge: float
    verdicts: float


def read_eyes(path: Path) -> dict[int, dict[str, Any]]:
    """Return what eyes read, by the picture's number.

    Raises:
        PictureError: the file cannot be read, or a line of it is not in the form that the module's head shows.
    """
    read: dict[int, dict[str, Any]] = {}
    number = 0
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            number += 1
            if line.strip():
                row = json.loads(line)
                if any(thing["side"] not in SIDES for thing in row["things"]):
                    raise ValueError(f"a side is none of {', '.join(SIDES)}")
                read[int(row["picture"])] = row
    except OSError as error:
        raise PictureError(f"{path} cannot be read ({error.strerror}); name the file of readings.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise PictureError(
            f"line {number} of {path} is no reading of a picture ({error}); it needs picture, things and their sides."
        ) from error
    return read


def agreements(judge: Judge, eyes: Path, sheets: Path) -> list[Agreement]:
    """Return how the judge agrees with eyes on the pictures that `paint_sheets` left in a folder.

    Raises:
        PictureError: the readings or a picture that they name cannot be read.
    """
    read = read_eyes(eyes)
    try:
        rows = [json.loads(line) for line in (sheets / "prompts.jsonl").read_text().splitlines()]
        scenes = {row["picture"]: Scene.from_json(json.dumps(row["scene"])) for row in rows}
        pictures = np.stack([np.asarray(Image.open(sheets / "pictures" / f"{index:03}.png")) for index in read])
    except OSError as error:
        raise PictureError(
            f"{sheets} does not hold the pictures that were read ({error}); paint them again."
        ) from error
    if unknown := sorted(set(read) - set(scenes)):
        raise PictureError(f"{eyes} reads picture {unknown[0]}, which {sheets} does not have.")
    pairs: dict[str, list[tuple[bool, bool | None, bool | None]]] = {name: [] for name in (*OF_THING, *WHOLE)}
    for (index, row), reading in zip(read.items(), judge.read(pictures), strict=True):
        for name, eye, said, asked in _compared(row, reading, scenes[index]):
            known = asked is not UNASKED
            pairs[name].append((eye == said, eye == asked if known else None, said == asked if known else None))
    return [_agreement(name, some) for name, some in pairs.items() if some]


def table(found: Sequence[Agreement]) -> str:
    """Return the agreements as text."""
    head = (
        f"{'read off the picture':<22}{'n':>5}{'same':>8}  {'':<16}{'asked':>6}{'by eye':>9}{'by judge':>10}"
        f"{'verdicts':>10}"
    )
    lines = [head, "-" * len(head)]
    for each in found:
        low, high = each.interval
        lines.append(
            f"{each.name:<22}{each.read:>5}{each.same:>8.3f}  [{low:.3f}, {high:.3f}]  {each.asked:>6}"
            f"{each.by_eye:>9.3f}{each.by_judge:>10.3f}{each.verdicts:>10.3f}"
        )
    lines += [
        "",
        "same: eyes and judge read alike, with 95 % Wilson intervals; by eye, by judge: read as the prompt asked;",
    ]
    return "\n".join([*lines, "verdicts: the share of what was asked on which both say alike whether it is there."])


def wilson(right: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927, doi:10.1080/01621459.1927.10502953)."""
    share, room = right / of, z * z / of
    middle, half = share + room / 2, z * (share * (1 - share) / of + room / (4 * of)) ** 0.5
    return (middle - half) / (1 + room), (middle + half) / (1 + room)


UNASKED = object()
"""Stands for what the prompt says nothing of."""


def _compared(row: Mapping[str, Any], reading: Reading, scene: Scene) -> Iterator[tuple[str, Any, Any, Any]]:
    """Yield attribute, what eyes read, what the judge reads, and what was asked."""
    asked = {side_of(scene, thing): thing for thing in scene.things}
    for name in WHOLE:
        if name in row:
            yield name, row[name], getattr(reading, name), getattr(scene, name)
    alone = len(row["things"]) == 1
    for seen in row["things"]:
        found = reading.sides[seen["side"]]
        if alone and found.kind is None:  # a thing a little aside may be read on the side next to it
            found = reading.sides[reading.clearest]
        wanted = asked.get(seen["side"]) or (scene.main if alone and len(scene.things) == 1 else None)
        for name in OF_THING:
            if name in seen:
                eye = frozenset(seen["items"]) if name == "items" else seen[name]
                yield name, eye, _judged(found, name), _asked(wanted, name)


def _judged(found: ThingReading, name: str) -> Any:
    if found.kind is None:
        return None if name != "mood" else UNSEEN
    return frozenset(found.items) if name == "items" else getattr(found, name)


UNSEEN = object()
"""Stands for the mood of what the judge does not see; None is that of what has no face."""


def _asked(thing: Thing | None, name: str) -> Any:
    if thing is None:
        return UNASKED
    if name == "items":
        return frozenset(item.kind for item in (*thing.worn, thing.held) if item)
    return getattr(thing, name)


def _agreement(name: str, pairs: Sequence[tuple[bool, bool | None, bool | None]]) -> Agreement:
    same = sum(alike for alike, _, _ in pairs)
    verdicts = [(eye, judge) for _, eye, judge in pairs if eye is not None]
    by_eye, by_judge = (float(np.mean([pair[which] for pair in verdicts])) for which in (0, 1))
    agreed = float(np.mean([eye == judge for eye, judge in verdicts]))
    return Agreement(
        name, len(pairs), same / len(pairs), wilson(same, len(pairs)), len(verdicts), by_eye, by_judge, agreed
    )
