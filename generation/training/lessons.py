"""The text encoder's lessons before its first picture: which words belong to which thing, from words alone.

A picture teaches this slowly and a whole caption hardly at all: on captions of 128 tokens the side of a thing stayed at
chance for 300 steps, on single sentences it was told right in 99.8 of 100 after 150. So the lessons begin with
sentences and go on with whole captions; after them a painter learns from an encoder that already tells two things
apart. No picture is needed, and a thousand steps take a quarter of an hour of one core.

Dimensions: B batch, L text tokens, D text width, M naming words in a batch.
"""

from __future__ import annotations

import copy
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import SiglipTextModel

from captioner.training.loop import RunSettings, in_bfloat16, train, training_device
from captioner.world import words
from captioner.world.captions import descriptive
from captioner.world.sample import random_scene
from captioner.world.scene import SIDES, Scene, WorldSetting
from generation.models.words import sentence_ids, text_states, tokenize
from generation.training.binding import binding_loss, fact_sizes, named, naming_tokens


@dataclass(frozen=True)
class LessonData:
    """What a batch is made of: captions of `scenes` scenes, a share `lonely` of the one-thing ones kept.

    For the first `sentences` of the steps a batch is `sentence_batch` single sentences that name a thing; in these
    nothing but the own sentence can mislead. `together` weighs the words of a sentence that names two things, `side`
    the question of the side beside the others, and `keep` the squared distance to the states that the encoder had
    before, from which a painter knows how to paint.
    """

    scenes: int = 64
    lonely: float = 0.2
    sentences: float = 0.4
    sentence_batch: int = 144
    together: float = 0.3
    side: float = 2.0
    keep: float = 0.3


class Lessons(nn.Module):
    """The encoder with the head that is asked, which nobody needs once a painter is trained."""

    def __init__(self, encoder: SiglipTextModel, setting: WorldSetting):
        super().__init__()
        self.text_encoder = encoder
        self.facts = nn.Linear(int(encoder.config.hidden_size), sum(fact_sizes(setting)))

    def forward(self, tokens: Tensor, is_real: Tensor) -> tuple[Tensor, Tensor]:
        """Return the states (B, L, D) and every token's answers (B, L, K)."""
        states = text_states(self.text_encoder, tokens, is_real)
        return states, self.facts(states)


def teach_binding(
    model: Lessons,
    tokenizer: Any,
    setting: WorldSetting,
    out: Path,
    steps: int,
    seed: int = 1,
    resume: bool = False,
    data: LessonData = LessonData(),
    keep_as: SiglipTextModel | None = None,
) -> dict[str, Any]:
    """Train a text encoder in place on the words alone; returns the run's account.

    Args:
        out: the run's folder.
        keep_as: an encoder whose states are to be kept, as far as the lessons allow.

    Raises:
        TrainingError, WeightsError: as `captioner.training.loop.train`.
    """
    names = naming_tokens(tokenizer, setting)
    device = training_device()
    before = copy.deepcopy(keep_as).eval().requires_grad_(False).to(device) if keep_as is not None else None
    noted: dict[str, list[float]] = {"binding": [], "side": [], "colour": []}

    def loss_at(step: int) -> Tensor:
        texts, scenes = lesson(random.Random(f"{seed}-{step}"), setting, data, step < steps * data.sentences)
        tokens, is_real = tokenize(tokenizer, texts, [""] * len(texts))
        places, facts = named(tokens, scenes, names, setting)
        alone = said_alone(tokens, places, model.text_encoder.config.sentence_ends)
        tokens, is_real, places, facts, alone = (x.to(device) for x in (tokens, is_real, places, facts, alone))
        with in_bfloat16():
            states, logits = model(tokens, is_real)
        asked = logits[places[:, 0], places[:, 1]].float()
        loss = asked.new_zeros(())
        for these, weight in ((alone, 1.0), (~alone, data.together)):
            loss = loss + weight * binding_loss(asked[these], facts[these], setting)
            side = F.cross_entropy(asked[these, : len(SIDES)], facts[these, 0], reduction="sum") / max(
                1, int(these.sum())
            )
            loss = loss + weight * data.side * side
        noted["binding"].append(loss.item())
        noted["side"].append(_right(asked[:, : len(SIDES)], facts[:, 0]))
        noted["colour"].append(_right(asked[:, len(SIDES) : len(SIDES) + len(setting.colours)], facts[:, 1]))
        if before is not None:
            with torch.no_grad(), in_bfloat16():
                kept = text_states(before, tokens, is_real)
            loss = loss + data.keep * (states - kept).float()[is_real].square().mean()
        return loss

    settings = RunSettings(
        None, steps, learning_rate=1e-3, warmup=50, flat_until=0.7, ema=0.99, seed=seed, resume=resume,
        muon=(".layers.",), muon_rate=2.5,
    )  # fmt: skip
    account = {"model": "text encoder", "world_setting": setting.name, "data": vars(data)}
    return train(model, loss_at, settings, out, account, noted=noted)


def lesson(
    rng: random.Random, setting: WorldSetting, data: LessonData, sentences: bool
) -> tuple[list[str], list[Scene]]:
    """Return texts and the scenes that they are about: whole captions, or sentences that name a thing."""
    scenes: list[Scene] = []
    while len(scenes) < data.scenes:
        scene = random_scene(rng.randrange(1_000_000_000), setting)
        if len(scene.things) > 1 or rng.random() < data.lonely:
            scenes.append(scene)
    texts = [descriptive(scene, rng.randrange(1 << 30)) for scene in scenes]
    if not sentences:
        return texts, scenes
    parts = [
        (f"{part.strip()}.", scene)
        for text, scene in zip(texts, scenes, strict=True)
        for part in text.split(".")
        if any(name in part for thing in scene.things for name in _names(thing.kind))
    ]
    rng.shuffle(parts)
    parts = parts[: data.sentence_batch]
    return [text for text, _ in parts], [scene for _, scene in parts]


def said_alone(tokens: Tensor, places: Tensor, ends: list[int]) -> Tensor:
    """Return for each naming word (M,) whether its sentence names nothing else.

    Args:
        tokens: (B, L).
        places: (M, 2), rows and columns.
        ends: the tokens that end a sentence.
    """
    sentence = sentence_ids(tokens, ends)[places[:, 0], places[:, 1]]
    own = places[:, 0] * tokens.shape[1] + sentence
    return (own[:, None] == own[None]).sum(1) == 1


def _names(kind: str) -> tuple[str, ...]:
    return (kind, *words.KIND_SYNONYMS.get(kind, ()))


def _right(logits: Tensor, answers: Tensor) -> float:
    return (logits.argmax(-1) == answers).float().mean().item()
