"""Training of the judge: on true renderings of the picture world, blurred, shrunk, noisy and shifted a little.

Its pictures are drawn under seeds that nothing which paints ever sees. Dimensions: B batch, H = W = 128 pixels,
S sides (left, middle, right).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from captioner.packing import save_packed
from captioner.training.loop import (
    RunOptions,
    RunSettings,
    in_bfloat16,
    launched,
    seeded,
    train,
    training_device,
    write_account,
)
from captioner.training.pictures import REHEARSED_PAIRS, PictureCache, draw_pairs
from captioner.world.draw import render
from captioner.world.sample import held_out_scene
from captioner.world.scene import CORE, HELD, WORLD_VERSION, WORN, WorldSetting
from generation.errors import WeightsError
from generation.evaluation.judge import (
    IGNORED,
    SIDE_PIXELS,
    Judge,
    JudgeModel,
    item_presence,
    load_judge,
    scene_heads,
    side_heads,
    split,
    targets_of,
)

HEAD_WEIGHTS = {
    "kind": 3.0, "mood": 1.5, "colour": 1.5, "place": 1.0, "style": 0.5, "time": 0.5, "weather": 0.5,
    "relation": 6.0, "subject": 6.0, "object": 6.0,
}  # fmt: skip
OTHER_WEIGHT = 0.3
PRESENCE_WEIGHT, ITEM_COLOUR_WEIGHT = 1.0, 0.5
"""Of each thing worn or held. One cross-entropy over "none" and the colours, at the weight of the other heads, taught
scarves alone: nine targets in ten are "none", so that an item's colour weighed a fiftieth of a thing's."""
ITEMS = frozenset(WORN + HELD)
ANY_COLOUR = -1
"""The target of an item that is there, in a colour that is not to be learned."""
HELD_OUT_FROM = 10_000
"""The held-out scenes on which the judge's own accuracy is stated begin here, beyond those it is used on."""


@dataclass(frozen=True)
class JudgeData:
    """How much is drawn, under which seeds, and how the judge's pictures are spoilt.

    `width` is that of the first of the model's three stages, which are this, twice and three times as wide.
    `related` is the share of the pictures that are drawn from those with a relation beyond sides.
    `strange_colours` is the share of pictures that swap their colour channels and teach no colour: or else the judge
    knows kinds by the colours it saw them in, and errs on the kinds and colours that are held out.
    """

    pairs: int = 5_000
    picture_seed: int = 71
    batch: int = 48
    largest_shift: int = 6
    largest_noise: float = 0.08
    strange_colours: float = 0.25
    width: int = 48
    related: float = 0.0


OF_SETTING = {"related": JudgeData(pairs=8_000, picture_seed=73, width=40, related=0.75)}
"""What a setting's judge learns from where it is not the usual: one that stands beside another is to be small."""


def train_judge(
    out: Path,
    minutes: float | None = None,
    steps: int | None = None,
    seed: int = 7001,
    threads: int = 1,
    setting: WorldSetting = CORE,
    resume: bool = False,
    warm_start: Path | None = None,
    data: JudgeData | None = None,
    pictures: Path | None = None,
    batch: int | None = None,
    options: RunOptions = RunOptions(),
) -> dict[str, Any]:
    """Train a judge and save it in `out`/judge, in eight bits; returns the run's account, as in `training.json`.

    Args:
        out: the run's folder.
        warm_start: a saved judge to start from.
        data: None takes that of the setting.
        pictures: the judge's own folder of drawn pictures, drawn now if it holds none; None takes `out`/pictures.
        batch: takes the place of that in `data`.

    Raises:
        WeightsError: `warm_start` holds no judge of this setting, or `resume` finds no checkpoint.
    """
    data = data or OF_SETTING.get(setting.name, JudgeData())
    if batch is not None:
        data = dataclasses.replace(data, batch=batch)
    if options.rehearsal:
        data = dataclasses.replace(data, pairs=min(data.pairs, REHEARSED_PAIRS))
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    cache = draw_pairs(pictures or out / "pictures", data.pairs, setting.name, data.picture_seed, SIDE_PIXELS, threads)
    heads = list(scene_heads(setting))
    side_targets, scene_targets = _all_targets(cache, setting)
    related = (scene_targets[:, heads.index("relation")] > 0).nonzero()[:, 0] if "relation" in heads else torch.empty(0)
    model = load_judge(warm_start).model if warm_start else _new_model(data.width, setting)
    if model.config.world_setting != setting.name:
        raise WeightsError(
            f"the judge in {warm_start} reads the {model.config.world_setting} world; {setting.name} was asked for. "
            "Leave out --warm-start, or give the setting it was trained on."
        )
    model = model.to(memory_format=torch.channels_last)
    settings = RunSettings(
        minutes, steps, learning_rate=2e-3, weight_decay=0.02, warmup=60, flat_until=0.6, ema=0.99, seed=seed,
        resume=resume,
    )  # fmt: skip

    def loss_at(step: int) -> Tensor:
        random = seeded(seed, step)
        index = torch.randint(2 * len(cache), (data.batch,), generator=random)
        if len(related):
            chosen = related[torch.randint(len(related), (data.batch,), generator=random)]
            index = torch.where(torch.rand(data.batch, generator=random) < data.related, chosen, index)
        pixels = torch.from_numpy(np.stack([cache.pictures[i] for i in index.tolist()]))
        flip = torch.rand(data.batch, generator=random) < 0.5
        seen = spoilt(pixels.permute(0, 3, 1, 2).float() / 127.5 - 1, flip, data, random)
        strange = torch.rand(data.batch, generator=random) < data.strange_colours
        seen = torch.where(strange[:, None, None, None], seen[:, torch.randperm(3, generator=random)], seen)
        sides = side_targets[index]
        sides = torch.where(flip[:, None, None], sides.flip(1), sides)
        sides = torch.where(strange[:, None, None] & teaches_colour(sides, setting), without_colour(setting), sides)
        whole = torch.where(strange[:, None], IGNORED, scene_targets[index])
        seen, sides, whole = (x.to(training_device()) for x in (seen, sides, whole))
        with in_bfloat16():
            said = model(seen.contiguous(memory_format=torch.channels_last))
        losses = head_losses(said[0].float(), sides, side_heads(setting))
        losses += head_losses(said[1].float(), whole, scene_heads(setting))
        return torch.stack(losses).sum()

    account = {
        "model": "judge", "world_version": WORLD_VERSION, "world_setting": setting.name, "data": vars(data),
        "pictures": cache.about,
    }  # fmt: skip
    account = train(model, loss_at, settings, out, account, options=options, pictures=data.batch)
    if not launched().is_main_process:
        return account
    save_packed(model.to(memory_format=torch.contiguous_format), out / "judge")
    account["accuracy"] = accuracy(load_judge(out / "judge"), 400)
    for folder in (out, out / "judge"):
        write_account(folder, account)
    return account


def _new_model(width: int, setting: WorldSetting) -> JudgeModel:
    widths = (width, 2 * width, 3 * width)
    return JudgeModel(widths, features=3 * width, hidden=4 * width, world_setting=setting.name)


def spoilt(pictures: Tensor, flip: Tensor, data: JudgeData, random: torch.Generator) -> Tensor:
    """Return pictures (B, 3, H, W) in −1 to 1 as a painter might give them: shifted, soft, noisy, a little off in tone.

    Args:
        flip: (B) bool, which to turn left to right.
    """
    count, size = len(pictures), pictures.shape[-1]

    def drawn(*shape: int) -> Tensor:
        return 2 * torch.rand(count, *shape, generator=random) - 1

    reach = data.largest_shift
    padded = F.pad(torch.where(flip[:, None, None, None], pictures.flip(-1), pictures), [reach] * 4, mode="replicate")
    corners = torch.randint(2 * reach + 1, (count, 2), generator=random).tolist()
    shifted = [picture[:, y : y + size, x : x + size] for picture, (y, x) in zip(padded, corners, strict=True)]
    x = torch.stack(shifted)
    small = int(torch.randint(size // 2, size - 8, (1,), generator=random))
    shrunk = F.interpolate(F.interpolate(x, small, mode="bilinear", antialias=True), size, mode="bilinear")
    third = count // 3
    soft = torch.cat((x[:third], shrunk[third : 2 * third], _blurred(x[2 * third :], random)))
    tone = 1 + 0.08 * drawn(1, 1, 1) + 0.03 * drawn(3, 1, 1)
    noise = torch.randn(soft.shape, generator=random) * data.largest_noise * drawn(1, 1, 1).abs()
    return soft * tone + 0.06 * drawn(1, 1, 1) + noise


def teaches_colour(sides: Tensor, setting: WorldSetting) -> Tensor:
    """Return which targets (B, S, side heads) name a colour: of a thing, or of an item that is there."""
    heads = list(side_heads(setting))
    items = torch.tensor([head in setting.worn + setting.held for head in heads])
    return torch.tensor([head == "colour" for head in heads]) | (items & (sides > 0))


def without_colour(setting: WorldSetting) -> Tensor:
    """Return what (side heads) takes the place of targets that name a colour: an item is still there."""
    return torch.tensor([ANY_COLOUR if head in ITEMS else IGNORED for head in side_heads(setting)])


def head_losses(logits: Tensor, targets: Tensor, heads: Mapping[str, int]) -> list[Tensor]:
    """Return each head's weighted cross-entropy, in nats per target that is not `IGNORED`; of items, two apart.

    Args:
        logits: (…, K); targets: (…, heads) int64.
    """
    losses = []
    for column, (name, said) in enumerate(split(logits, heads).items()):
        wanted, rows = targets[..., column].flatten(), said.flatten(0, -2)
        if name in ITEMS:
            losses.append(_item_loss(rows, wanted))
            continue
        total = F.cross_entropy(rows, wanted, ignore_index=IGNORED, reduction="sum")
        losses.append(HEAD_WEIGHTS.get(name, OTHER_WEIGHT) * total / (wanted != IGNORED).sum().clamp(min=1))
    return losses


def _item_loss(logits: Tensor, wanted: Tensor) -> Tensor:
    """Return how ill logits (N, 1 + colours) tell whether an item is there, and, of those that are, which colour."""
    known, there = wanted != IGNORED, (wanted > 0) | (wanted == ANY_COLOUR)
    odds = logits[:, 1:].logsumexp(-1) - logits[:, 0]
    presence = F.binary_cross_entropy_with_logits(odds, there.to(odds.dtype), reduction="none")
    colour = F.cross_entropy(logits[:, 1:], torch.where(wanted > 0, wanted - 1, IGNORED), reduction="none")
    presence = (presence * known).sum() / known.sum().clamp(min=1)
    colour = colour.sum() / (wanted > 0).sum().clamp(min=1)
    return PRESENCE_WEIGHT * presence + ITEM_COLOUR_WEIGHT * colour


@torch.inference_mode()
def accuracy(judge: Judge, scenes: int) -> dict[str, float]:
    """Return how often each head is right on true renderings of held-out scenes, where there is a right answer."""
    setting = judge.setting
    right: dict[str, list[float]] = {}
    for start in range(HELD_OUT_FROM, HELD_OUT_FROM + scenes, 50):
        some = [held_out_scene(index, setting) for index in range(start, min(start + 50, HELD_OUT_FROM + scenes))]
        pixels = torch.from_numpy(np.stack([render(scene, SIDE_PIXELS) for scene in some])).permute(0, 3, 1, 2)
        wanted = zip(*(targets_of(scene, setting) for scene in some), strict=True)
        said = judge.model(pixels.float() / 127.5 - 1)
        for logits, targets, heads in zip(said, wanted, (side_heads(setting), scene_heads(setting)), strict=True):
            truth = torch.from_numpy(np.stack(targets))
            for column, (name, each) in enumerate(split(logits, heads).items()):
                wanted_here = truth[..., column]
                if name in ITEMS:
                    for part, (said_so, known) in _item_answers(each, wanted_here).items():
                        right.setdefault(f"{name} {part}", []).extend(said_so[known].float().tolist())
                    continue
                known = wanted_here != IGNORED
                right.setdefault(name, []).extend((each.argmax(-1) == wanted_here)[known].float().tolist())
    return {name: round(float(np.mean(values)), 4) for name, values in right.items()}


def _item_answers(logits: Tensor, wanted: Tensor) -> dict[str, tuple[Tensor, Tensor]]:
    """Return for items that are there, that are not, and for their colours: what is right, and where that is asked."""
    there = item_presence(logits.softmax(-1)) > 0.5
    colour = logits[..., 1:].argmax(-1) == wanted - 1
    return {
        "seen where it is": (there, wanted > 0), "not seen where it is not": (~there, wanted == 0),
        "colour": (colour, wanted > 0),
    }  # fmt: skip


def _blurred(pictures: Tensor, random: torch.Generator) -> Tensor:
    sigma = 0.3 + 1.1 * float(torch.rand(1, generator=random))
    line = torch.exp(-0.5 * (torch.arange(-3, 4) / sigma) ** 2)
    line = line / line.sum()
    x = F.pad(pictures, (3, 3, 3, 3), mode="replicate")
    for kernel in (line[:, None], line[None]):
        x = F.conv2d(x, kernel.expand(3, 1, *kernel.shape), groups=3)
    return x


def _all_targets(cache: PictureCache, setting: WorldSetting) -> tuple[Tensor, Tensor]:
    """Return (2P, S, side heads) and (2P, scene heads) for every picture of the cache."""
    pairs = [targets_of(cache.scene(picture), setting) for picture in range(2 * len(cache))]
    sides, whole = (torch.from_numpy(np.stack(targets)) for targets in zip(*pairs, strict=True))
    return sides, whole
