"""How often the check of a picture is right, and how much the best of several tries gains.

Right: on true renderings of held-out scenes, where the truth is known, every detail of the scene's own prompt (all are
there) and of the prompt after a few edits (some are not). Gained: pictures painted for held-out scenes with several
seeds, of which the check keeps one; what the prompt asked for is then read by the judge, which the check never sees.
Dimensions: N scenes, T tries.
"""

from __future__ import annotations

import dataclasses
import io
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from captioner.checking import CaptionChecker, checklist, demands
from captioner.reading import labels_in, said_by_scene
from captioner.request import Check, Checklist, missing
from captioner.training.loop import surroundings
from captioner.world.captions import descriptive
from captioner.world.draw import render
from captioner.world.edits import random_edit
from captioner.world.sample import held_out_scene
from captioner.world.scene import CORE, Scene, WorldSetting
from generation.errors import RequestError
from generation.evaluation.facts import Facts, facts_asked, facts_read
from generation.evaluation.judge import SIDE_PIXELS, Judge
from generation.evaluation.multi_turn_report import ahead_of
from generation.evaluation.painter import NoBlobs, Share, paint_all, picture_of
from generation.request import Painter, RenderRequest

EDITS = 3
"""How many edits lie between a picture and the prompt that asks for what it does not show."""
TRIES = (1, 2, 4, 8)
ALWAYS = ("main kind", "main colour", "main mood", "place", "time", "weather", "style", "other kind", "other colour")
"""What the judge reads well; of pictures of two things both."""
GAINS: dict[str, tuple[str, ...]] = {
    "all of these": ALWAYS, "main subject": ("main kind",), "its colour": ("main colour",), "its mood": ("main mood",),
    "the other subject": ("other kind",), "its colour too": ("other colour",), "place": ("place",),
    "time, weather and style": ("time", "weather", "style"),
}  # fmt: skip


@dataclass
class Group:
    """Details of one kind: those missing, of these the ones said to be; those there, of these the ones said missing."""

    missing: int = 0
    caught: int = 0
    there: int = 0
    false_alarms: int = 0

    def add(self, is_there: bool, said_there: bool) -> None:
        self.there += is_there
        self.missing += not is_there
        self.caught += not is_there and not said_there
        self.false_alarms += is_there and not said_there


@dataclass(frozen=True)
class Gain:
    """How often something was as asked: in the first picture (`shares[0]`), in the best of more tries, and truly.

    `gained` is the last of the shares less the first, over the same scenes, with its 95 % bootstrap interval.
    """

    name: str
    scenes: int
    shares: tuple[float, ...]
    true: float
    gained: Share


@dataclass(frozen=True)
class Kept:
    """The picture that is kept of the first 1, 2 … of a scene, whether it lacks nothing, and the seconds to check."""

    pictures: list[np.ndarray]
    complete: list[bool]
    seconds: float


@dataclass(frozen=True)
class ChecksReport:
    """Everything that `limner eval checks` prints."""

    groups: dict[str, Group]
    complete: float
    gains: tuple[Gain, ...]
    by_check: tuple[float, ...]
    tries: tuple[int, ...]
    about: dict[str, Any]

    def table(self) -> str:
        head = f"{'details':<26}{'missing':>9}{'caught':>9}{'there':>8}{'false alarms':>14}"
        lines = [head, "-" * len(head)]
        for name, group in self.groups.items():
            caught = f"{group.caught / group.missing:.3f}" if group.missing else "–"
            false = f"{group.false_alarms / group.there:.3f}" if group.there else "–"
            lines.append(f"{name:<26}{group.missing:>9}{caught:>9}{group.there:>8}{false:>14}")
        lines += [
            "",
            f"of pictures in which all is there, said to be complete: {self.complete:.3f}",
            "on true renderings of held-out scenes; caught, false alarms: shares of those that were missing, or there.",
            "",
        ]
        head = f"{'as asked, by the judge':<26}{'scenes':>7}" + "".join(f"{f'{n} tries':>9}" for n in self.tries)
        head = head.replace(" 1 tries", " 1 try  ") + f"{'true':>8}  gained"
        lines += [head, "-" * (len(head) + 16)]
        scenes = self.gains[0].scenes if self.gains else 0
        shares = "".join(f"{share:>9.3f}" for share in self.by_check)
        lines.append(f"{'nothing missing, by check':<26}{scenes:>7}{shares}")
        for gain in self.gains:
            shares = "".join(f"{share:>9.3f}" for share in gain.shares)
            lines.append(f"{gain.name:<26}{gain.scenes:>7}{shares}{gain.true:>8.3f}  {gain.gained}")
        lines += [
            "",
            "of so many pictures of a scene the one in which least is missing; true: the judge on true renderings;",
            "gained: the most tries against one, with a 95 % bootstrap interval over the scenes.",
        ]
        lines += [f"{name}: {value}" for name, value in self.about.items()]
        return "\n".join(lines)


def evaluate_checks(
    painter: Painter, checker: CaptionChecker, judge: Judge, scenes: int = 200, seed: int = 0,
    tries: Sequence[int] = TRIES, setting: WorldSetting = CORE, out: Path | None = None, command: str = "",
) -> ChecksReport:  # fmt: skip
    """Measure the check on held-out scenes; half as many are painted, each as often as there are tries.

    Args:
        seed: decides which held-out scenes come first, the wording of the prompts, the edits and the noise.
        tries: of how many pictures the best is taken, rising, from 1.
        out: a folder for report.json and report.txt; None writes none.

    Raises:
        RequestError: the tries do not rise from 1, or are more than the painter paints at once.
        PaintingError: a picture was not finished.
    """
    most = painter.capabilities().max_batch
    if list(tries) != sorted(set(tries)) or tries[0] != 1 or tries[-1] > most:
        raise RequestError(f"tries rise from 1 to at most {most}, which {painter.capabilities().name} paints at once.")
    shown = [held_out_scene(1_000_003 * seed + index, setting) for index in range(scenes)]
    groups, complete = check_true_renderings(checker, shown, seed, setting)
    painted = shown[: max(1, scenes // 2)]
    began = time.monotonic()
    kept = [_painted(painter, checker, scene, seed * scenes + i, tries) for i, scene in enumerate(painted)]
    painting = time.monotonic() - began
    gains = gains_of(judge, painted, [one.pictures for one in kept], list(tries))
    by_check = tuple(float(share) for share in np.mean([one.complete for one in kept], 0).round(4))
    about = {
        "command": command, "scenes": scenes, "painted scenes": len(painted), "seed": seed, "setting": setting.name,
        "painter": painter.capabilities().name, "seconds to check eight pictures": _checking_seconds(checker, shown),
        "checking, share of painting and checking": round(sum(one.seconds for one in kept) / painting, 3),
        **surroundings(),
    }  # fmt: skip
    report = ChecksReport(groups, complete, gains, by_check, tuple(tries), about)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "report.json").write_text(json.dumps(asdict(report), indent=2) + "\n")
        (out / "report.txt").write_text(report.table() + "\n")
    return report


def check_true_renderings(
    checker: CaptionChecker, scenes: Sequence[Scene], seed: int, setting: WorldSetting = CORE
) -> tuple[dict[str, Group], float]:
    """Return how often the check is right by kind of detail, and how many complete pictures it calls complete."""
    groups: dict[str, Group] = {"all": Group()}
    complete = 0
    seen = checker.see([_png(scene) for scene in scenes])
    for index, scene in enumerate(scenes):
        rng, other = random.Random(f"checks/{seed}/{index}"), scene
        for _ in range(EDITS):
            other = random_edit(other, rng, setting, held_out=True).after
        own, edited = descriptive(scene, seed + index), descriptive(other, seed + index)
        for prompt in (own, edited):
            asked = demands(prompt)
            found = checklist(*asked, seen[index])
            for check, is_there in _beside_truth(found, checklist(*asked, said_by_scene(scene))):
                for name in ("all", group_of(check)):
                    groups.setdefault(name, Group()).add(is_there, check.found)
            complete += prompt is own and not missing(found)
    ordered = sorted(groups, key=lambda name: (name != "all", -groups[name].there))
    return {name: groups[name] for name in ordered}, complete / len(scenes)


def _beside_truth(found: Checklist, true: Checklist) -> Iterator[tuple[Check, bool]]:
    """Yield each check and whether what it names is truly there.

    That there are too many of a thing is on a list only where it is seen, so one list may have it and the other not.
    """
    rest = list(true)
    for check in found:
        at = next((at for at, other in enumerate(rest) if other.what == check.what), None)
        yield check, at is None or rest.pop(at).found
    for other in rest:
        yield dataclasses.replace(other, found=True), other.found


def group_of(check: Check) -> str:
    """Return what kind of detail it is: what its words name beside the thing they are said of."""
    names = [name for name, _ in labels_in(check.what)]
    if "item" in names:
        return "worn or held"
    return next((name for name in names if name != "kind"), "kind" if len(names) == 1 else "relation")


def gains_of(
    judge: Judge, scenes: Sequence[Scene], kept: Sequence[Sequence[np.ndarray]], tries: Sequence[int]
) -> tuple[Gain, ...]:
    """Return how often the kept pictures are as asked.

    Args:
        kept: for each of N scenes the picture (H, W, 3) kept of the first 1, 2 … pictures, as `tries` has it.
    """
    read = [judge.read(np.stack([pictures[column] for pictures in kept])) for column in range(len(tries))]
    read.append(judge.read(np.stack([render(scene, SIDE_PIXELS) for scene in scenes])))
    gains = []
    for name, facts in GAINS.items():
        asked = [facts_asked(scene) for scene in scenes]
        chosen = [index for index, each in enumerate(asked) if any(fact in each for fact in facts)]
        if not chosen:
            continue
        right = np.array(
            [[_same(facts, asked[i], facts_read(readings[i], scenes[i])) for i in chosen] for readings in read], float
        )
        shares = tuple(round(float(row.mean()), 4) for row in right[:-1])
        gained = ahead_of(right[-2], right[0][None])
        gains.append(Gain(name, len(chosen), shares, round(float(right[-1].mean()), 4), gained))
    return tuple(gains)


def _painted(painter: Painter, checker: CaptionChecker, scene: Scene, number: int, tries: Sequence[int]) -> Kept:
    prompt = descriptive(scene, number)
    requests = [RenderRequest(f"{number}-{n}", "create", prompt, number, candidate=n) for n in range(tries[-1])]
    images = [finished.image for finished in paint_all(painter, requests, NoBlobs(), len(requests))]
    began = time.monotonic()
    absent = [sum(not check.found for check in checks) for checks in checker.check(images, prompt)]
    seconds = time.monotonic() - began
    best = [int(np.argmin(absent[:n])) for n in tries]
    return Kept([picture_of(images[at]) for at in best], [absent[at] == 0 for at in best], seconds)


def _same(facts: Sequence[str], asked: Facts, read: Facts) -> bool:
    return all(asked[fact] == read[fact] for fact in facts if fact in asked)


def _checking_seconds(checker: CaptionChecker, scenes: Sequence[Scene]) -> float:
    images = [_png(scene) for scene in (list(scenes) * 8)[:8]]
    began = time.monotonic()
    checker.check(images, descriptive(scenes[0], 0))
    return round(time.monotonic() - began, 2)


def _png(scene: Scene) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(render(scene, SIDE_PIXELS))).save(buffer, "PNG")
    return buffer.getvalue()
