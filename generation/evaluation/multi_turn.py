"""How faithful edits stay over the turns of a conversation: Limner, and its peers' ways on the same models and seeds.

`limner eval edits`. All conversations are painted in step with one another, so that each turn of all of them is a few
batches. Prompts are the descriptive captions of the expected scenes and changes are the clauses that a right plan
has, so that the rewriter's errors stay out of the painter's figures. Dimensions: N conversations, T turns.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from tqdm import tqdm

from captioner.training.loop import surroundings
from captioner.world.scene import CORE, WORLD_VERSION, WorldSetting
from generation.evaluation.conversations import (
    HAPPIER_TURNS,
    Conversation,
    happier_conversations,
    held_out_conversations,
)
from generation.evaluation.judge import Judge
from generation.evaluation.multi_turn_report import TRIPS, TRUE, MultiTurnReport, happier, report_of
from generation.evaluation.painter import NoBlobs, paint_all, picture_of, round_trip
from generation.evaluation.turns import Follower, TrueRenderings
from generation.evaluation.ways import Step, Version, Way, ways_of
from generation.models.autoencoder import PictureAutoencoder
from generation.request import Painter, RenderFinished, RenderRequest

SHOWN = 6
"""Conversations whose pictures are kept, for people to look at."""


@dataclass(frozen=True)
class Shown:
    """The pictures of a few conversations, (turns + 1, conversations, H, W, 3), by the name of the way."""

    conversations: Sequence[Conversation]
    pictures: dict[str, np.ndarray]


def evaluate_conversations(
    painter: Painter,
    judge: Judge,
    autoencoder: PictureAutoencoder,
    count: int = 200,
    turns: int = 10,
    moods: int = 200,
    seed: int = 0,
    batch: int = 8,
    setting: WorldSetting = CORE,
    development: bool = False,
    ways: Sequence[Way] | None = None,
    another: Callable[[Sequence[Conversation]], Way] | None = None,
    command: str = "limner eval edits",
) -> tuple[MultiTurnReport, Shown]:
    """Paint held-out conversations turn by turn, in every way, and score each turn beside its ceilings.

    Args:
        count, turns: how many conversations, and how long.
        moods: how many conversations of "happier" five times; 0 for none.
        development: take the scenes that are for choosing, and not the held-out ones.
        ways: Limner's comes first; None takes all that the painter can be asked for.
        another: makes one more way for these conversations.
        command: how the report was asked for, to be printed with it.

    Raises:
        PaintingError: a picture was not finished.
    """
    began = time.monotonic()
    talks = held_out_conversations(count, turns, setting, seed, development)
    ways = [*(ways_of(painter) if ways is None else ways), *([another(talks)] if another else [])]
    true = TrueRenderings(talks, turns)
    trips = [round_trip(autoencoder, pictures) for pictures in true.turns]
    followers = {TRUE: followed(talks, judge, true, true.turns), TRIPS: followed(talks, judge, true, trips)}
    shown = {TRUE: np.stack([pictures[:SHOWN] for pictures in true.turns])}
    roots = paint_roots(painter, talks, batch)
    with tqdm(total=len(ways) * turns, desc="turns", mininterval=5, disable=not sys.stderr.isatty()) as progress:
        for way in ways:
            followers[way.name], shown[way.name] = converse(way, talks, judge, true, roots, batch, progress)
    recipe = roots[0].recipe
    degrees = {}
    if moods:
        talks_of_mood = happier_conversations(moods, setting, seed, development)
        true_moods = TrueRenderings(talks_of_mood, HAPPIER_TURNS)
        trips = [round_trip(autoencoder, pictures) for pictures in true_moods.turns]
        mood_roots = paint_roots(painter, talks_of_mood, batch)
        degrees = {
            TRUE: happier(followed(talks_of_mood, judge, true_moods, true_moods.turns)),
            TRIPS: happier(followed(talks_of_mood, judge, true_moods, trips)),
            ways[0].name: happier(converse(ways[0], talks_of_mood, judge, true_moods, mood_roots, batch)[0]),
        }
    about: dict[str, Any] = {
        "command": command, "conversations": count, "turns": turns,
        "scenes": "development" if development else "held out", "seed": seed, "batch": batch,
        "painter": recipe.painter, "weights": recipe.weights[:16], "steps of a new picture": recipe.steps,
        "guidance": recipe.guidance, "world version": WORLD_VERSION,
        "setting": setting.name, "minutes": round((time.monotonic() - began) / 60, 1), **surroundings(),
    }  # fmt: skip
    scores = {name: follower.scores for name, follower in followers.items()}
    peers = [way.name for way in ways if way.is_peer]
    report = report_of(talks, scores, {way.name: way.title for way in ways}, peers, degrees, about)
    return report, Shown(talks[:SHOWN], shown)


def paint_roots(painter: Painter, talks: Sequence[Conversation], batch: int) -> list[RenderFinished]:
    """Return the first picture of each conversation, from its prompt."""
    requests = [RenderRequest(f"root-{index}", "create", talk.prompt(0), talk.seed) for index, talk in enumerate(talks)]
    return paint_all(painter, requests, NoBlobs(), batch, quiet=True)


def converse(
    way: Way,
    talks: Sequence[Conversation],
    judge: Judge,
    true: TrueRenderings,
    roots: Sequence[RenderFinished],
    batch: int,
    progress: Any = None,
) -> tuple[Follower, np.ndarray]:
    """Paint all turns in one way, from the same first pictures; returns the scores and the pictures to be shown."""
    versions = [Version(root.image, root.latent) for root in roots]
    pictures = np.stack([picture_of(version.image) for version in versions])
    follower, shown = Follower(talks, judge, true, pictures), [pictures[:SHOWN]]
    for turn in range(1, len(talks[0].edits) + 1):
        steps = [
            Step(
                f"{way.name}-{index}-{turn}", parent, talk.prompt(turn), talk.edits[turn - 1].change, talk.seed, turn,
                talk.prompt(turn - 1),
            )
            for index, (talk, parent) in enumerate(zip(talks, versions, strict=True))
        ]  # fmt: skip
        began = time.monotonic()
        versions = way.paint(steps, batch)
        seconds = (time.monotonic() - began) / len(steps)
        pictures = np.stack([picture_of(version.image) for version in versions])
        follower.turn(turn, pictures, seconds, [version.mask for version in versions])
        shown.append(pictures[:SHOWN])
        if progress is not None:
            progress.update()
    return follower, np.stack(shown)


def followed(
    talks: Sequence[Conversation], judge: Judge, true: TrueRenderings, pictures: Sequence[np.ndarray]
) -> Follower:
    """Return the scores of pictures that are there already, (N, H, W, 3) of every turn from the first picture on."""
    follower = Follower(talks, judge, true, pictures[0])
    for turn, each in enumerate(pictures[1:], 1):
        follower.turn(turn, each)
    return follower
