"""Trains the policy's small model (`assistant.policy_model`) on prompts written by us, in seconds on a CPU.

Thresholds are set on words and phrases that training never saw: each rule's is the lowest at which nearly nothing harmless
of them, and none of the picture world's own wishes, is refused.
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
from numpy.typing import NDArray
from safetensors.numpy import save_file
from torch import Tensor, nn

from assistant.policy_model import BUCKETS, SmallModel, tokens_of
from assistant.training.policy_prompts import RULES, Example, examples
from assistant.training.samples import random_samples
from captioner.world.scene import CORE

WIDTH, HIDDEN = 16, 32
COUNT, STEPS, BATCH = 12_000, 1_500, 128
LEARNING_RATE = 6e-3
HARMLESS_WEIGHT = 3.0
"""To refuse what is harmless costs three times as much as to let pass what is not."""
DECAY, BEGIN = 0.3, 0.01
"""Strong and small: what was never seen says nothing, so that words which nobody taught it are harmless."""
WORLD = 3_000
WORN = 0.3
"""Of each word's pieces, what is left out at every step: none alone is all that is learned."""
ALARMS, SUREST = 0.003, 0.8
"""What share of near, harmless prompts a threshold may refuse at most; and what it is at least."""


Read = tuple[NDArray[np.int64], NDArray[np.int64]]
"""A text: the buckets of all its words, and how many each word has."""


def _read(tokens: list[list[int]]) -> Read:
    return np.array([bucket for word in tokens for bucket in word]), np.array([len(word) for word in tokens])


class Reader(nn.Module):
    """What `SmallModel` computes, to be trained."""

    def __init__(self) -> None:
        super().__init__()
        self.embeddings = nn.EmbeddingBag(BUCKETS, WIDTH, mode="sum")
        self.first, self.second = nn.Linear(2 * WIDTH, HIDDEN), nn.Linear(HIDDEN, len(RULES))
        nn.init.normal_(self.embeddings.weight, std=BEGIN)

    def forward(self, texts: Sequence[Read]) -> Tensor:
        """Return the logits (B, C) of texts."""
        flat = torch.from_numpy(np.concatenate([buckets for buckets, _ in texts]))
        lengths = np.concatenate([lengths for _, lengths in texts])
        shares = np.repeat(1 / np.maximum(lengths, 1), lengths).astype(np.float32)
        weights = nn.functional.dropout(torch.from_numpy(shares), WORN, self.training)
        starts = torch.from_numpy(np.concatenate([[0], np.cumsum(lengths)[:-1]]))
        embedded = self.embeddings(flat, starts, weights)  # (all words, D)
        parts = embedded.split([len(lengths) for _, lengths in texts])
        text = torch.stack([torch.cat([part.amax(0), part.mean(0)]) for part in parts])
        logits: Tensor = self.second(self.first(text).relu())
        return logits


def train_policy(
    out: Path, minutes: float | None = None, steps: int | None = None, seed: int = 0, threads: int | None = None,
    setting: Any = None, count: int = COUNT, world: int = WORLD,
) -> dict[str, Any]:  # fmt: skip
    """Train into a folder, and return what it came to.

    Args:
        minutes, steps: the budget; whichever is reached first.
        count, world: how many prompts are made of our lists, and how many messages of the picture world are taken.
    """
    torch.manual_seed(seed)
    if threads:
        torch.set_num_threads(threads)
    found = examples(seed, count)
    chance = random.Random(seed)
    ordinary = [Example(words, "", chance.random() < 0.5) for words in _world(seed, setting or CORE, world)]
    learned = [example for example in (*found, *ordinary) if not example.develops]
    tokens = [(tokens_of(example.words), RULES.index(example.rule)) for example in learned]
    read = [(_read(text), rule) for text, rule in tokens if text]
    model, begun = Reader(), time.monotonic()
    most = steps or (STEPS if minutes is None else 100_000)
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=most)
    loss_of = nn.CrossEntropyLoss(weight=torch.tensor([HARMLESS_WEIGHT] + [1.0] * (len(RULES) - 1)), label_smoothing=0.01)
    step, loss = 0, torch.zeros(())
    while step < most and (minutes is None or time.monotonic() - begun < 60 * minutes):
        batch = chance.choices(read, k=BATCH)
        loss = loss_of(model([text for text, _ in batch]), torch.tensor([rule for _, rule in batch]))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        step += 1
    out.mkdir(parents=True, exist_ok=True)
    _save(model, out, dict.fromkeys(RULES[1:], 1.0))
    develops = [example for example in (*found, *ordinary) if example.develops]
    thresholds = _thresholds(SmallModel(out), develops)
    _save(model, out, thresholds)
    caught = _caught(SmallModel(out), develops)
    account = {
        "steps": step, "seconds": time.monotonic() - begun, "loss": loss.item(), "seed": seed, "learned": len(read),
        "develops": len(develops), **{f"threshold {rule}": value for rule, value in thresholds.items()},
        **{f"caught {rule}": value for rule, value in caught.items()},
    }  # fmt: skip
    (out / "training.json").write_text(json.dumps(account, indent=1) + "\n")
    return account


def _world(seed: int, setting: Any, number: int) -> list[str]:
    """Return what people say to Limner of the picture world, and the prompts that come of it; all of it is harmless."""
    said: list[str] = []
    for sample in random_samples(seed, number, setting):
        plan = json.loads(sample.plan)
        if plan["act"] != "refuse":
            said += [sample.path.message, *([plan["prompt"]] if "prompt" in plan else [])]
    return list(dict.fromkeys(said))


def _thresholds(model: SmallModel, develops: Sequence[Example]) -> dict[str, float]:
    harmless = [model.probabilities(example.words) for example in develops if not example.rule]
    surest = {rule: np.quantile([found[rule] for found in harmless], 1 - ALARMS / (len(RULES) - 1)) for rule in RULES[1:]}
    return {rule: min(max(float(value), SUREST), 0.999) for rule, value in surest.items()}


def _caught(model: SmallModel, develops: Sequence[Example]) -> dict[str, float]:
    """Return the share of each rule's development prompts that is refused, by whichever rule."""
    found: dict[str, list[bool]] = {}
    for example in develops:
        if example.rule:
            found.setdefault(example.rule, []).append(bool(model.refused(example.words)))
    return {rule: sum(hits) / len(hits) for rule, hits in found.items()}


def _save(model: Reader, out: Path, thresholds: dict[str, float]) -> None:
    """Write the weights, embeddings in eight bits with a scale a row."""
    rows = model.embeddings.weight.detach().numpy()
    scales = np.maximum(np.abs(rows).max(1) / 127, 1e-8)
    save_file(
        {
            "embeddings": np.round(rows / scales[:, None]).astype(np.int8), "scales": scales.astype(np.float16),
            **{
                name: part.detach().numpy().astype(np.float32)
                for name, part in (
                    ("first", model.first.weight), ("first_bias", model.first.bias), ("second", model.second.weight),
                    ("second_bias", model.second.bias),
                )
            },
        },
        out / "model.safetensors",
    )  # fmt: skip
    (out / "config.json").write_text(json.dumps({"rules": list(RULES), "thresholds": thresholds}, indent=1) + "\n")
