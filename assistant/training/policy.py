"""Trains the policy's small model (`assistant.policy_model`) on prompts written by us, in a minute on a CPU.

Thresholds are set on words and phrases that training never saw: each rule's is the lowest at which next to nothing
harmless of them, and none of the picture world's own wishes, is refused.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import save_file
from torch import Tensor, nn

from assistant.policy import for_model
from assistant.policy_model import BUCKETS, NOTIONS, RULES, WINDOW, Features, SmallModel, features_of, words_of
from assistant.training.policy_prompts import UNSAID, Example, examples
from assistant.training.samples import random_samples
from captioner.world.scene import CORE

COUNT, WORLD = 13_000, 3_000
STEPS, BATCH, LEARNING_RATE = 1_000, 256, 0.02
WORN = 0.3
"""Of a text's features, what is left out at every step: none alone is all that is learned."""
HARMLESS = 2.0
"""To see what is not there costs twice as much as to overlook what is."""
DECAY = 0.02
ALARMS, SUREST = 0.001, 0.5
"""What share of near, harmless prompts a rule may refuse at most; and how sure it must be at least."""


class Scales(nn.Module):
    """What `SmallModel` computes, to be trained: all weights begin at 0, and what is never seen stays there.

    In training a feature weighs the mean of its two buckets, for what two zeros agree on has no gradient.
    """

    def __init__(self) -> None:
        super().__init__()
        self.weights = nn.EmbeddingBag(BUCKETS, len(NOTIONS), mode="sum")
        self.biases = nn.Parameter(torch.full((len(NOTIONS),), -2.0))
        nn.init.zeros_(self.weights.weight)

    def forward(self, texts: Sequence[Features]) -> Tensor:
        """Return the logits (B, C) of texts."""
        buckets = torch.from_numpy(np.concatenate([found for found, _ in texts]))
        counts = torch.from_numpy(np.concatenate([found for _, found in texts]))
        counts = nn.functional.dropout(counts, WORN, self.training)
        lengths = [len(found) for found, _ in texts]
        if not self.training:
            one, other = self.weights.weight[buckets].unbind(1)
            least = one.sign() * torch.minimum(one.abs(), other.abs()) * (one * other > 0)
            said = [part.sum(0) for part in (counts[:, None] * least).split(lengths)]
            return torch.stack(said) + self.biases
        starts = torch.from_numpy(np.cumsum([0, *(2 * length for length in lengths[:-1])]))
        logits: Tensor = self.weights(buckets.flatten(), starts, counts.repeat_interleave(2) / 2) + self.biases
        return logits


def train_policy(
    out: Path, minutes: float | None = None, steps: int | None = None, seed: int = 0, threads: int | None = None,
    setting: Any = None, count: int = COUNT, world: int = WORLD,
) -> dict[str, Any]:  # fmt: skip
    """Train into a folder, and return what it came to.

    Args:
        minutes, steps: the budget; whichever is reached first.
        count, world: how many prompts are made of our lists, and how many turns of the picture world are taken.
    """
    torch.manual_seed(seed)
    if threads:
        torch.set_num_threads(threads)
    chance, begun = random.Random(seed), time.monotonic()
    ours = examples(seed, count)
    fine = (UNSAID, *(0.0 for _ in NOTIONS[1:]))
    ordinary = [Example(words, "", fine, chance.random() < 0.5) for words in _world(seed, setting or CORE, world)]
    learned = [example for example in (*ours, *ordinary) if not example.develops]
    read = [(features_of(words_of(example.words)[:WINDOW]), example.notions) for example in learned]
    model = Scales()
    most = steps or (STEPS if minutes is None else 1_000_000)
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=DECAY)
    step, loss = 0, torch.zeros(())
    while step < most and (minutes is None or time.monotonic() - begun < 60 * minutes):
        batch = chance.choices(read, k=BATCH)
        loss = _loss(model([features for features, _ in batch]), torch.tensor([notions for _, notions in batch]))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        step += 1
    out.mkdir(parents=True, exist_ok=True)
    _save(model, out, dict.fromkeys(RULES, 1.0))
    develops = [example for example in (*ours, *ordinary) if example.develops]
    thresholds = _thresholds(SmallModel(out), develops)
    _save(model, out, thresholds)
    account: dict[str, Any] = {
        "steps": step, "seconds": time.monotonic() - begun, "loss": loss.item(), "seed": seed, "learned": len(read),
        "develops": len(develops), **{f"threshold {rule}": value for rule, value in thresholds.items()},
        **{f"unseen words caught, {rule}": value for rule, value in _caught(SmallModel(out), develops).items()},
    }  # fmt: skip
    (out / "training.json").write_text(json.dumps(account, indent=1) + "\n")
    return account


def _loss(logits: Tensor, notions: Tensor) -> Tensor:
    """Return the binary cross-entropy of what was said, a notion that is not there weighing more."""
    weights = torch.where(notions == UNSAID, 0.0, torch.where(notions == 0.0, HARMLESS, 1.0))
    return nn.functional.binary_cross_entropy_with_logits(logits, notions.clamp(min=0.0), weights)


def _world(seed: int, setting: Any, number: int) -> list[str]:
    """Return what people say to Limner of the picture world, and the prompts that come of it; all of it is harmless."""
    said: list[str] = []
    for sample in random_samples(seed, number, setting):
        plan = json.loads(sample.plan)
        if plan["act"] != "refuse":
            said += [sample.path.message, *([plan["prompt"]] if "prompt" in plan else [])]
    return list(dict.fromkeys(said))


def _thresholds(model: SmallModel, develops: Sequence[Example]) -> dict[str, float]:
    harmless = [model.sure(*for_model(example.words)) for example in develops if not example.rule]
    surest = {rule: float(np.quantile([found[rule] for found in harmless], 1 - ALARMS)) for rule in RULES}
    return {rule: max(value, SUREST) for rule, value in surest.items()}


def _caught(model: SmallModel, develops: Sequence[Example]) -> dict[str, float]:
    """Return the share of each rule's development prompts that is refused, by whichever rule."""
    found: dict[str, list[bool]] = {rule: [] for rule in RULES}
    for example in develops:
        if example.rule in found:
            found[example.rule].append(bool(model.refused(*for_model(example.words))))
    return {rule: sum(hits) / max(len(hits), 1) for rule, hits in found.items()}


def _save(model: Scales, out: Path, thresholds: dict[str, float]) -> None:
    """Write the weights in eight bits, with a scale for each notion."""
    rows = model.weights.weight.detach().numpy()
    scales = np.maximum(np.abs(rows).max(0) / 127, 1e-8).astype(np.float32)
    tensors = {
        "weights": np.round(rows / scales).astype(np.int8), "scales": scales, "biases": model.biases.detach().numpy(),
    }  # fmt: skip
    save_file(tensors, out / "model.safetensors")
    (out / "config.json").write_text(json.dumps({"notions": NOTIONS, "thresholds": thresholds}, indent=1) + "\n")
