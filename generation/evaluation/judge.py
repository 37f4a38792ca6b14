"""The judge: a small classifier that reads off a picture what an evaluation then compares with what was asked.

It is never asked by anything that paints, and is trained apart: its own architecture, pictures and seeds, on true
renderings only. Dimensions: B batch, H and W pixels, S sides (left, middle, right), C channels, K classes of all heads.

A picture is read by sides: on each there is nothing or one kind of thing (a group counts as one), with its attributes.
So "the subject as asked" is well defined however many things there are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import ConfigMixin, ModelMixin
from diffusers.configuration_utils import register_to_config
from torch import Tensor, nn

from captioner.errors import first_line
from captioner.packing import load_model
from captioner.world.captions import MOVING
from captioner.world.roles import as_seen, beyond_sides
from captioner.world.scene import (
    FRAMINGS,
    MAX_JOY,
    MOODS,
    POSES,
    SETTINGS,
    SIDES,
    SIZES,
    WORLD_VERSION,
    Scene,
    Thing,
    WorldSetting,
)
from generation.errors import WeightsError

JUDGE_FOLDER = Path(__file__).parents[1] / "weights" / "judge"
RELATIONS_FOLDER = Path(__file__).parents[1] / "weights" / "judge_of_relations"
"""A judge of its own: the other's ceilings, on which all else stands, stay what they were."""
SIDE_PIXELS = 128
IGNORED = -100
"""The target of what cannot be told: the colour of nothing, or which of two things on one side is meant."""
NO_FACE = len(MOODS)


def side_heads(setting: WorldSetting) -> dict[str, int]:
    """Return the heads that read each side, and their classes; class 0 of `kind` and of items is "none"."""
    heads = {
        "kind": 1 + len(setting.subjects), "colour": len(setting.colours), "mood": len(MOODS) + 1, "joy": MAX_JOY + 1,
        "size": len(SIZES), "pose": len(POSES), "count": setting.max_count,
    }  # fmt: skip
    return heads | {item: 1 + len(setting.colours) for item in setting.worn + setting.held}


def scene_heads(setting: WorldSetting) -> dict[str, int]:
    """Return the heads that read the whole picture, and their classes; class 0 of `relation` is "none"."""
    heads = {
        "place": len(setting.places), "time": len(setting.times), "weather": len(setting.weathers),
        "style": len(setting.styles), "framing": len(FRAMINGS),
    }  # fmt: skip
    heads |= dict.fromkeys(setting.extras, 2)
    if beyond := beyond_sides(setting):
        heads |= {"relation": 1 + len(beyond), "subject": len(setting.subjects), "object": len(setting.subjects)}
    return heads


def targets_of(scene: Scene, setting: WorldSetting) -> tuple[np.ndarray, np.ndarray]:
    """Return what a true rendering's heads should say: (S, side heads) and (scene heads), int64, with `IGNORED`."""
    heads = list(side_heads(setting))
    sides = np.full((len(SIDES), len(heads)), IGNORED, np.int64)
    standing = {side: [thing for thing in scene.things if side_of(scene, thing) == side] for side in SIDES}
    for row, side in enumerate(SIDES):
        if not standing[side]:
            sides[row, heads.index("kind")] = 0
        elif len(standing[side]) == 1:
            sides[row] = _thing_targets(standing[side][0], setting)
    whole = [
        setting.places.index(scene.place), setting.times.index(scene.time), setting.weathers.index(scene.weather),
        setting.styles.index(scene.style), FRAMINGS.index(scene.framing),
    ]  # fmt: skip
    whole += [int(extra in scene.extras) for extra in setting.extras]
    return sides, np.array([*whole, *_relation_targets(scene, setting)], np.int64)


def _relation_targets(scene: Scene, setting: WorldSetting) -> list[int]:
    """Return the first relation beyond sides and the kinds that it is between; nothing where such are not read."""
    beyond = beyond_sides(setting)
    if not beyond:
        return []
    relation = next((relation for relation in scene.relations if relation.kind in beyond), None)
    if relation is None:
        return [0, IGNORED, IGNORED]
    between = (scene.thing(thing).kind for thing in (relation.subject, relation.obj))
    kind, *kinds = as_seen(relation.kind, *between)
    return [1 + beyond.index(kind), *(setting.subjects.index(each) for each in kinds)]


def side_of(scene: Scene, thing: Thing) -> str:
    """Return where the thing stands; a relation such as "on" takes it to the other thing's side."""
    for relation in scene.relations:
        if relation.subject == thing.id and relation.kind in MOVING:
            return scene.thing(relation.obj).side
    return thing.side


def _thing_targets(thing: Thing, setting: WorldSetting) -> list[int]:
    items = {item.kind: item.colour for item in thing.worn + ((thing.held,) if thing.held else ())}
    return [
        1 + setting.subjects.index(thing.kind),
        setting.colours.index(thing.colour),
        NO_FACE if thing.mood is None else thing.mood,
        thing.joy,
        SIZES.index(thing.size),
        IGNORED if thing.joy else POSES.index(thing.pose),  # joy takes over the pose in the drawing
        thing.count - 1,
        *[1 + setting.colours.index(items[k]) if k in items else 0 for k in setting.worn + setting.held],
    ]


class ResidualBlock(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.inner = nn.Sequential(_convolution(width, width), nn.Conv2d(width, width, 3, padding=1, bias=False))
        self.norm = nn.BatchNorm2d(width)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x + self.norm(self.inner(x)))


class JudgeModel(ModelMixin, ConfigMixin):  # type: ignore[misc]
    """A residual convnet; each side and the whole scene attend to its feature map with queries of their own."""

    @register_to_config
    def __init__(
        self,
        widths: tuple[int, int, int] = (48, 96, 144),
        features: int = 144,
        looks: int = 4,
        hidden: int = 192,
        world_version: int = WORLD_VERSION,
        world_setting: str = "core",
    ):
        super().__init__()
        setting, cells = SETTINGS[world_setting], (SIDE_PIXELS // 8) ** 2
        fine, middle, coarse = widths
        self.fine = nn.Sequential(
            nn.PixelUnshuffle(4),
            _convolution(48, fine),
            ResidualBlock(fine),
            _convolution(fine, middle, stride=2),
            ResidualBlock(middle),
            ResidualBlock(middle),
        )
        self.coarse = nn.Sequential(_convolution(middle, coarse, stride=2), ResidualBlock(coarse))
        self.join = nn.Sequential(
            nn.Conv2d(middle + coarse, features, 1, bias=False), nn.BatchNorm2d(features), nn.ReLU()
        )
        self.looks = looks
        self.attention = nn.Conv2d(features, (len(SIDES) + 1) * looks, 1)
        self.where = nn.Parameter(torch.zeros((len(SIDES) + 1) * looks, cells))
        self.side_heads = _readout(looks * features, hidden, sum(side_heads(setting).values()))
        self.scene_heads = _readout(looks * features, hidden, sum(scene_heads(setting).values()))

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits (B, S, K of a side) and (B, K of the scene) of pictures (B, 3, 128, 128) in −1 to 1."""
        fine = self.fine(pictures)
        coarse = F.interpolate(self.coarse(fine), scale_factor=2.0)
        x = self.join(torch.cat((fine, coarse), 1))
        attention = (self.attention(x).flatten(2) + self.where).softmax(-1)  # (B, (S + 1) looks, cells)
        seen = attention @ x.flatten(2).transpose(1, 2)
        seen = seen.unflatten(1, (len(SIDES) + 1, self.looks)).flatten(2)  # (B, S + 1, looks · C)
        return self.side_heads(seen[:, :-1]), self.scene_heads(seen[:, -1])


@dataclass(frozen=True)
class ThingReading:
    """What is read on one side. `presence` is how likely there is anything; `items` maps kinds of items to colours."""

    presence: float
    kind: str | None
    colour: str
    mood: int | None
    joy: int
    size: str
    pose: str
    count: int
    items: Mapping[str, str]


@dataclass(frozen=True)
class Reading:
    """What is read off one picture."""

    sides: Mapping[str, ThingReading]
    place: str
    time: str
    weather: str
    style: str
    framing: str
    extras: tuple[str, ...]
    relation: tuple[str, str, str] | None = None
    """The relation beyond sides, its subject's kind and its object's (`as_seen`), if there is one and such are read."""

    @property
    def clearest(self) -> str:
        """The side on which there is most surely something."""
        return max(self.sides, key=lambda side: self.sides[side].presence)


class Judge:
    """Reads pictures with a trained `JudgeModel`."""

    def __init__(self, model: JudgeModel):
        self.model = model.eval()
        self.setting = SETTINGS[model.config.world_setting]

    @torch.inference_mode()
    def read(self, pictures: np.ndarray, batch: int = 32) -> list[Reading]:
        """Return what is on pictures (B, H, W, 3) uint8 of any one size."""
        readings = []
        for start in range(0, len(pictures), batch):
            pixels = torch.from_numpy(np.array(pictures[start : start + batch])).permute(0, 3, 1, 2).float() / 127.5 - 1
            if pixels.shape[-2:] != (SIDE_PIXELS, SIDE_PIXELS):
                pixels = F.interpolate(pixels, (SIDE_PIXELS, SIDE_PIXELS), mode="bilinear", antialias=True)
            sides, whole = self.model(pixels)
            side_odds = {name: x.softmax(-1).numpy() for name, x in split(sides, side_heads(self.setting)).items()}
            scene_odds = {name: x.softmax(-1).numpy() for name, x in split(whole, scene_heads(self.setting)).items()}
            readings += [self._reading(side_odds, scene_odds, row) for row in range(len(pixels))]
        return readings

    def _reading(self, side_odds: dict[str, np.ndarray], scene_odds: dict[str, np.ndarray], row: int) -> Reading:
        best = {name: int(odds[row].argmax()) for name, odds in scene_odds.items()}
        relation = None
        if at := best.get("relation"):
            kinds = self.setting.subjects
            relation = beyond_sides(self.setting)[at - 1], kinds[best["subject"]], kinds[best["object"]]
        return Reading(
            sides={
                side: self._thing({name: odds[row, i] for name, odds in side_odds.items()})
                for i, side in enumerate(SIDES)
            },
            place=self.setting.places[best["place"]],
            time=self.setting.times[best["time"]],
            weather=self.setting.weathers[best["weather"]],
            style=self.setting.styles[best["style"]],
            framing=FRAMINGS[best["framing"]],
            extras=tuple(extra for extra in self.setting.extras if best[extra]),
            relation=relation,
        )

    def _thing(self, odds: dict[str, np.ndarray]) -> ThingReading:
        best = {name: int(each.argmax()) for name, each in odds.items()}
        items = {
            kind: self.setting.colours[int(odds[kind][1:].argmax())]
            for kind in self.setting.worn + self.setting.held
            if item_presence(odds[kind]) > 0.5
        }
        return ThingReading(
            presence=float(1 - odds["kind"][0]),
            kind=self.setting.subjects[best["kind"] - 1] if best["kind"] else None,
            colour=self.setting.colours[best["colour"]],
            mood=None if best["mood"] == NO_FACE else best["mood"],
            joy=best["joy"],
            size=SIZES[best["size"]],
            pose=POSES[best["pose"]],
            count=best["count"] + 1,
            items=items,
        )


def item_presence(odds: Any) -> Any:
    """Return how likely an item is there (…), from the odds (…, 1 + colours) of its head: whatever its colour."""
    return 1 - odds[..., 0]


def split(logits: Tensor, heads: Mapping[str, int]) -> dict[str, Tensor]:
    """Return each head's logits (…, classes) out of those of all heads (…, K)."""
    return dict(zip(heads, logits.split(list(heads.values()), -1), strict=True))


def load_judge(folder: Path = JUDGE_FOLDER) -> Judge:
    """Return the judge that is saved in a folder.

    Raises:
        WeightsError: there is none, it is damaged, or it was trained on another version of the picture world.
    """
    again = "Train one with `limner train judge`."
    config: dict[str, Any]
    try:
        config = json.loads((folder / "config.json").read_text())
    except OSError as error:
        raise WeightsError(f"there is no judge in {folder} ({error.strerror}). {again}") from error
    except ValueError as error:
        raise WeightsError(f"the judge's {folder / 'config.json'} is damaged ({error}). {again}") from error
    if config.get("world_version") != WORLD_VERSION or config.get("world_setting") not in SETTINGS:
        raise WeightsError(
            f"the judge in {folder} reads version {config.get('world_version')} of the picture world "
            f"({config.get('world_setting')}); this is version {WORLD_VERSION}. {again}"
        )
    try:
        model = load_model(JudgeModel, folder)
    except Exception as error:  # whatever safetensors, diffusers or torch raise about a bad file
        raise WeightsError(f"the judge's weights in {folder} are damaged ({first_line(error)}). {again}") from error
    return Judge(model)


def _convolution(inner: int, outer: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inner, outer, 3, stride, 1, bias=False), nn.BatchNorm2d(outer), nn.ReLU())


def _readout(seen: int, hidden: int, classes: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(seen, hidden), nn.ReLU(), nn.Linear(hidden, classes))
