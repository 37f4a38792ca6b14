"""What is read off the pictures of a conversation, turn after turn: was the change made, and did all else stay?

Works on pictures, whoever painted them: true renderings and their round trips are scored by the same lines.
Dimensions: N conversations, T turns, H and W pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageFilter

from captioner.world.changes_thing import TOP
from captioner.world.draw import render
from generation.evaluation.conversations import Conversation
from generation.evaluation.facts import Facts, changed_facts, facts_asked, facts_read
from generation.evaluation.judge import SIDE_PIXELS, Judge, Reading
from generation.regions import MARGIN, read_mask

TOUCHED = 12
"""A pixel is touched by an edit if a channel of its true renderings, before and after, differs by more than this."""
READ = ("followed", "kept", "success")
SEEN = ("changed", "drift", "distance")
MEASURES: tuple[str, ...] = (*READ, *SEEN, "seconds")


@dataclass
class Scores:
    """Scores (N,) of every turn so far, by measure.

    `masked` counts the turns that had a region, `differing` those of them in which a pixel outside it was not the
    parent's.
    """

    values: dict[str, list[np.ndarray]] = field(default_factory=lambda: {name: [] for name in MEASURES})
    masked: int = 0
    differing: int = 0

    def of(self, measure: str) -> np.ndarray:
        """Return a measure as (N, T)."""
        return np.stack(self.values[measure], 1)


class TrueRenderings:
    """The true renderings (N, H, W, 3) of conversations by turn, drawn once, and what each turn touches of them."""

    def __init__(self, conversations: Sequence[Conversation], turns: int):
        self.turns = [
            np.stack([render(talk.scene(turn), SIDE_PIXELS) for talk in conversations]) for turn in range(turns + 1)
        ]

    def untouched(self, turn: int) -> np.ndarray:
        """Return (N, H, W) bool: the pixels that a turn leaves alone, with some room about those that it does not.

        A painter has its own shapes, a little beside the true ones; the room is what it may differ by.
        """
        before, after = self.turns[turn - 1], self.turns[turn]
        touched = np.abs(before.astype(np.int16) - after).max(-1) > TOUCHED
        grown = ImageFilter.MaxFilter(2 * MARGIN + 1)
        return np.stack([np.asarray(Image.fromarray(one).convert("L").filter(grown)) == 0 for one in touched])


class Follower:
    """Scores the pictures of conversations in the order of their turns; what they showed before is remembered.

    *followed*: all that the turn was to change reads as asked. *kept*: of all else in the expected scene, the share
    that reads as it did in the picture in which it was last to change, the first one for most, so that what is lost
    stays lost. *success*: followed, and nothing that should stay reads wrong that read right one turn before.
    *changed*: the share of pixels that are not the parent's. *drift*: mean absolute change, of 255, where the turn
    touches nothing of a true rendering; NaN where it touches everything. *distance*: mean absolute difference from the
    true rendering.
    """

    def __init__(self, conversations: Sequence[Conversation], judge: Judge, true: TrueRenderings, first: np.ndarray):
        self.conversations, self.judge, self.true = conversations, judge, true
        self.pictures = first
        self.history: list[list[Facts]] = [self._facts(first, 0)]
        self.remembered = list(self.history[0])
        self.scores = Scores()

    def turn(self, number: int, pictures: np.ndarray, seconds: float = 0.0, masks: Sequence[bytes | None] = ()) -> None:
        """Take the pictures (N, H, W, 3) of a turn, painted in so many seconds each, within masks if there were any."""
        facts, was = self._facts(pictures, number), self.history[-1]
        rows = []
        for index, talk in enumerate(self.conversations):
            edit = talk.edits[number - 1]
            changed, stays = changed_and_staying(facts_asked(edit.before), facts_asked(edit.after))
            rows.append(read_scores(changed, stays, was[index], facts[index], self.remembered[index]))
            self.remembered[index] = {
                name: self.remembered[index][name] if name in stays else facts[index][name] for name in changed | stays
            }
        values = self.scores.values
        for name, column in zip(READ, np.array(rows, float).T, strict=True):
            values[name].append(column)
        values["changed"].append((pictures != self.pictures).any(-1).mean((1, 2)))
        now, before = fitted(pictures), fitted(self.pictures)
        values["drift"].append(_mean_where(np.abs(now - before).mean(-1), self.true.untouched(number)))
        values["distance"].append(np.abs(now - self.true.turns[number]).mean((1, 2, 3)))
        values["seconds"].append(np.full(len(pictures), seconds))
        masked, differing = _outside(self.pictures, pictures, masks)
        self.scores.masked += masked
        self.scores.differing += differing
        self.pictures = pictures
        self.history.append(facts)

    def _facts(self, pictures: np.ndarray, turn: int) -> list[Facts]:
        readings: list[Reading] = self.judge.read(pictures)
        return [
            facts_read(reading, talk.scene(turn)) for reading, talk in zip(readings, self.conversations, strict=True)
        ]


def changed_and_staying(before: Facts, after: Facts) -> tuple[dict[str, object], dict[str, object]]:
    """Return the facts of the scene after an edit that it brings about, and those that it leaves."""
    changed = changed_facts(before, after)
    return (
        {name: value for name, value in after.items() if name in changed},
        {name: value for name, value in after.items() if name not in changed},
    )


def read_scores(changed: Facts, stays: Facts, was: Facts, now: Facts, remembered: Facts) -> tuple[float, float, float]:
    """Return followed, kept and success of one turn, as `Follower` says; kept is 1 where nothing was to stay."""
    followed = all(now[name] == value for name, value in changed.items())
    kept = [now[name] == remembered[name] for name in stays]
    newly_wrong = any(was[name] == value != now[name] for name, value in stays.items())
    return float(followed), float(np.mean(kept)) if kept else 1.0, float(followed and not newly_wrong)


def mood_degrees(history: Sequence[Sequence[Facts]]) -> np.ndarray:
    """Return how happy the main thing reads, (N, T): degrees of mood and, past the top, of joy; −1 for no face.

    Args:
        history: of every turn, the facts of each conversation's picture.
    """
    return np.array([[_degree(facts) for facts in turn] for turn in history]).T


def _degree(facts: Facts) -> int:
    mood, joy = facts["main mood"], facts["main joy"]
    if not isinstance(mood, int) or not isinstance(joy, int):
        return -1
    return mood + joy if mood == TOP else mood


def fitted(pictures: np.ndarray) -> np.ndarray:
    """Return pictures (N, H, W, 3) uint8 at the true renderings' size, as int16."""
    if pictures.shape[1:3] != (SIDE_PIXELS, SIDE_PIXELS):
        small = [np.asarray(Image.fromarray(one).resize((SIDE_PIXELS, SIDE_PIXELS))) for one in pictures]
        pictures = np.stack(small)
    return pictures.astype(np.int16)


def _mean_where(values: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Return the means (N,) of values (N, H, W) over the chosen pixels; NaN where none is."""
    counts = chosen.sum((1, 2))
    sums = (values * chosen).sum((1, 2))
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def _outside(was: np.ndarray, now: np.ndarray, masks: Sequence[bytes | None]) -> tuple[int, int]:
    """Return how many pictures had a mask, and in how many of them a pixel outside it is another."""
    masked = differing = 0
    for before, after, mask in zip(was, now, masks, strict=False):
        if mask:
            size = (after.shape[1], after.shape[0])
            outside = np.asarray(read_mask(mask).resize(size, Image.Resampling.NEAREST)) == 0
            masked += 1
            differing += not np.array_equal(before[outside], after[outside])
    return masked, differing
