"""How true captions are, and how complete: precision, recall and F1 of what they say against the scene graph.

Measures of agreement between words (CIDEr and the like) follow the wording; here the facts are known instead. CIDEr is
given for short captions, where the field expects it.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from PIL import Image
from torch import Tensor

from captioner.errors import DataError
from captioner.evaluation.cider import cider
from captioner.pictures import read_picture
from captioner.reading import GROUPS, read_caption, said_by_scene
from captioner.request import KINDS, Captioner, CaptionKind, Picture
from captioner.tokenizer import Task
from captioner.world.captions import descriptive, short
from captioner.world.draw import render
from captioner.world.foremost import foremost
from captioner.world.sample import held_out_scene
from captioner.world.scene import CORE, Scene, WorldSetting

RANKS = (1, 5, 10)
WORDINGS = 5
"""Short captions of a scene that one is held against by CIDEr."""


class Matcher(Captioner, Protocol):
    """A captioner that also tells pictures and texts as features; the embedded one is such."""

    def picture_features(self, pictures: Sequence[Picture]) -> Tensor: ...

    def text_features(self, texts: Sequence[str], task: Task) -> Tensor: ...


@dataclass
class Tally:
    """Facts of one group over many captions: said, said rightly, true, and true and said."""

    said: int = 0
    right: int = 0
    true: int = 0
    told: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.said if self.said else 1.0

    @property
    def recall(self) -> float:
        return self.told / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def add(self, other: Tally) -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


@dataclass
class Truth:
    """What many captions say against what is so.

    A detail of the place ("small flowers") counts among the objects where it is said; to leave it out is no fault.
    `unknown` counts words that mean nothing in the world, `captions` all captions, `named` those that name the main
    subject (`captioner.world.foremost`) before anything else, `named_any` those that so name it or the thing beside it;
    `alone` and `named_alone` are as `captions` and `named`, of pictures with one kind of thing.
    """

    groups: dict[str, Tally] = field(default_factory=lambda: {group: Tally() for group in GROUPS})
    captions: int = 0
    named: int = 0
    named_any: int = 0
    alone: int = 0
    named_alone: int = 0
    unknown: int = 0

    @property
    def hallucinated(self) -> float:
        """The share of all that is said that is not so."""
        every = self.together(*GROUPS)
        return 1 - every.precision

    def together(self, *groups: str) -> Tally:
        total = Tally()
        for group in groups:
            total.add(self.groups[group])
        return total

    def add(self, caption: str, scene: Scene) -> None:
        said, truth = read_caption(caption), said_by_scene(scene)
        facts, true = said.facts(), truth.facts()
        shared = facts & true
        for group, tally in self.groups.items():
            counts = [sum(n for fact, n in some.items() if fact[0] == group) for some in (facts, shared, true)]
            tally.add(Tally(counts[0], counts[1], counts[2], counts[1]))
        self.groups["objects"].add(Tally(len(said.details), len(said.details & truth.details)))
        self.captions += 1
        kinds = {thing.kind for thing in scene.things}
        first = said.things[0].kind if said.things else None
        self.named += first == foremost(scene).kind
        self.named_any += first in kinds
        self.alone += len(kinds) == 1
        self.named_alone += kinds == {first}
        self.unknown += len(said.unknown)


def truth_of(captions: Sequence[str], scenes: Sequence[Scene]) -> Truth:
    """Return how true captions are, each of its scene."""
    truth = Truth()
    for caption, scene in zip(captions, scenes, strict=True):
        truth.add(caption, scene)
    return truth


def recall_at(pictures: Tensor, texts: Tensor, ranks: Sequence[int] = RANKS) -> dict[int, tuple[float, float]]:
    """Return for each rank how often a picture's own text is among so many nearest, and a text's own picture.

    Args:
        pictures, texts: (N, E) of length 1; row i of the one belongs to row i of the other, and no two texts are equal.
    """
    scores = pictures.float() @ texts.float().T
    own = scores.diagonal()
    # The place of one's own is how many others are nearer; of equally near ones all go before it.
    places = [(scores >= own[:, None]).sum(1), (scores >= own[None]).sum(0)]
    return {rank: (_share(places[0] <= rank), _share(places[1] <= rank)) for rank in ranks}


def _share(which: Tensor) -> float:
    return which.float().mean().item()


@dataclass(frozen=True)
class Report:
    """A captioner's figures on held-out scenes; shares are from 0 to 1."""

    kinds: dict[CaptionKind, Truth]
    retrieval: dict[int, tuple[float, float]]
    cider: float
    scenes: int
    setting: str
    command: str

    def figures(self) -> dict[str, Any]:
        figures: dict[str, Any] = {"scenes": self.scenes, "setting": self.setting, "command": self.command}
        for kind, truth in self.kinds.items():
            figures[f"{kind} hallucinated"] = truth.hallucinated
            figures[f"{kind} unknown words a caption"] = truth.unknown / truth.captions
            figures[f"{kind} names the main subject"] = truth.named / truth.captions
            figures[f"{kind} names it, one kind of thing pictured"] = truth.named_alone / max(1, truth.alone)
            figures[f"{kind} names it or the thing beside it"] = truth.named_any / truth.captions
            for group in (*GROUPS, "objects and attributes"):
                tally = truth.together(*(GROUPS[:2] if " and " in group else (group,)))
                figures[f"{kind} {group} precision"] = tally.precision
                if kind == "descriptive":  # a short caption is not meant to tell everything
                    figures |= {f"{kind} {group} recall": tally.recall, f"{kind} {group} F1": tally.f1}
        figures["short CIDEr-D"] = self.cider
        for rank, (texts, pictures) in self.retrieval.items():
            figures[f"retrieval R@{rank}, texts of pictures"] = texts
            figures[f"retrieval R@{rank}, pictures of texts"] = pictures
        return figures

    def goals(self) -> list[tuple[str, float, str, bool]]:
        """Return each goal of two cores: its name, the figure, the bound, and whether it is met."""
        dsc, ssc = self.kinds["descriptive"], self.kinds["short"]
        f1, named = dsc.together("objects", "attributes").f1, ssc.named / ssc.captions
        found, either = min(self.retrieval[1]), ssc.named_any / ssc.captions
        return [
            ("descriptive: F1 of objects and attributes", f1, "≥ 0.88", f1 >= 0.88),
            ("descriptive: hallucinated share", dsc.hallucinated, "≤ 0.06", dsc.hallucinated <= 0.06),
            ("short: names the main subject", named, "≥ 0.95", named >= 0.95),
            ("short: names it or the thing beside it", either, "≥ 0.95", either >= 0.95),
            (f"retrieval R@1 of {self.scenes:,}, the worse way", found, "≥ 0.75", found >= 0.75),
        ]

    def table(self) -> str:
        lines = []
        for name, value in self.figures().items():
            lines.append(f"{name:<52} {value:.3f}" if isinstance(value, float) else f"{name:<52} {value}")
        lines += ["", "goals with two cores"]
        lines += [
            f"{name:<52} {value:.3f}  {bound}  {'met' if met else 'missed'}" for name, value, bound, met in self.goals()
        ]
        return "\n".join(lines)


def evaluate_captioner(
    captioner: Matcher, setting: WorldSetting = CORE, scenes: int = 1000, seed: int = 0, out: Path | None = None,
    command: str = "",
) -> Report:  # fmt: skip
    """Measure a captioner on held-out scenes, no two of which have the same descriptive caption.

    Args:
        seed: which held-out scenes come first, and how their true captions are worded.
        out: a folder for `report.json` and `captions.jsonl`.

    Raises:
        DataError: `out` cannot be written.
    """
    shown: dict[str, Scene] = {}
    index = 1_000_003 * seed
    while len(shown) < scenes:
        scene = held_out_scene(index, setting)
        shown.setdefault(descriptive(scene, seed), scene)
        index += 1
    side = captioner.abilities().side
    pictures = [picture_of(scene, side) for scene in shown.values()]
    said = {kind: captioner.caption(pictures, kind) for kind in KINDS}
    truths = {kind: truth_of(said[kind], list(shown.values())) for kind in KINDS}
    features = captioner.picture_features(pictures), captioner.text_features(list(shown), "descriptive")
    worded = [[short(scene, seed + way, foremost(scene)) for way in range(WORDINGS)] for scene in shown.values()]
    near = float(np.mean(cider(said["short"], worded)))
    report = Report(truths, recall_at(*features), near, scenes, setting.name, command)
    if out is not None:
        rows = [
            {"true": text, **{kind: said[kind][row] for kind in KINDS}, "scene": json.loads(scene.to_json())}
            for row, (text, scene) in enumerate(shown.items())
        ]
        try:
            out.mkdir(parents=True, exist_ok=True)
            (out / "report.json").write_text(json.dumps(report.figures(), indent=2) + "\n")
            (out / "captions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        except OSError as error:
            raise DataError(f"{out} cannot be written ({error.strerror}); choose another --out.") from error
    return report


def held_out_pictures(captioner: Captioner, count: int, setting: WorldSetting = CORE) -> list[Picture]:
    """Return the first held-out scenes, drawn for a captioner's side."""
    side = captioner.abilities().side
    return [picture_of(held_out_scene(index, setting), side) for index in range(count)]


def picture_of(scene: Scene, side: int) -> Picture:
    """Return the drawing as captioners get any picture: through a file's bytes."""
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(render(scene, side))).save(buffer, "PNG")
    return read_picture(buffer.getvalue(), side)
