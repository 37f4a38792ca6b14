"""The report of `limner eval edits`: scores of all ways, turn by turn, beside ceilings and goals. Arithmetic and text.

Dimensions: N conversations, T turns, P ways of peers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from captioner.world.changes_thing import TOP
from captioner.world.edits import EDITS
from generation.evaluation.conversations import Conversation
from generation.evaluation.edits import FAMILIES
from generation.evaluation.painter import RESAMPLES, Share, share
from generation.evaluation.turns import MEASURES, READ, Follower, Scores, mood_degrees

TRUE, TRIPS = "true", "round trips"
TITLES = {TRUE: "true renderings", TRIPS: "their round trips"}
HEADINGS = {
    "followed": "instruction followed: all that the turn was to change reads as asked",
    "kept": "kept: the share of all else in the expected scene that reads as it did when it was last to change",
    "success": "success: followed, and nothing that should stay reads newly wrong",
    "changed": "changed: the share of pixels that are not the version's before",
    "drift": "drift: mean absolute change, of 255, where the turn touches nothing of a true rendering",
    "distance": "distance: mean absolute difference, of 255, from the true rendering of the expected scene",
    "seconds": "seconds a picture, finding the region included, painted in batches",
}
GOALS: tuple[tuple[str, int, float], ...] = (
    ("followed", 1, 0.92), ("followed", 5, 0.88), ("followed", 10, 0.85),
    ("kept", 1, 0.98), ("kept", 5, 0.95), ("kept", 10, 0.92),
    ("success", 1, 0.88), ("success", 5, 0.80), ("success", 10, 0.72),
)  # fmt: skip
"""Measures at turns, as shares of the ceiling."""
MOOD_GOALS = {"never falls": 0.95, "ends at the top or past it": 0.90}


@dataclass(frozen=True)
class Family:
    """One family of edits, over all turns: the means of every measure for true renderings and for Limner's pictures."""

    name: str
    edits: int
    true: dict[str, float]
    painted: dict[str, float]


@dataclass(frozen=True)
class MultiTurnReport:
    """Everything that `limner eval edits` prints; `about` says how it came to be.

    `means` are by way and measure, one for each turn; `of_true` and `of_trips` Limner's shares of the two ceilings, by
    measure and turn; `ahead` is Limner's success less the best peer's, by turn; `mood` the shares of
    conversations of "happier" by what is asked and whose pictures they are.
    """

    titles: dict[str, str]
    means: dict[str, dict[str, list[float]]]
    of_true: dict[str, list[Share | None]]
    of_trips: dict[str, list[Share | None]]
    ahead: list[Share]
    families: list[Family]
    mood: dict[str, dict[str, float]]
    masked: int
    differing: int
    about: dict[str, Any]

    @property
    def limner(self) -> str:
        return next(name for name in self.titles if name not in TITLES)

    def table(self) -> str:
        """Return the report as text."""
        turns = len(self.means[self.limner]["success"])
        numbers = range(1, turns + 1)
        lines: list[str] = []
        for measure in MEASURES:
            lines += [HEADINGS[measure], f"{'turn':<28}" + "".join(f"{turn:>7}" for turn in numbers) + "    all"]
            for name, means in self.means.items():
                if np.any(means[measure]) or name not in TITLES:
                    lines.append(f"{self.titles[name]:<28}" + _numbers(means[measure], measure))
            if measure in READ:
                lines += _share_lines("of true renderings", self.of_true[measure])
                lines += _share_lines("of their round trips", self.of_trips[measure])
            lines.append("")
        if self.ahead:
            lines += [
                "success, Limner less the best of its peers at that turn, with paired 95 % bootstrap intervals",
                *(f"{turn:>4}  {_signed(each)}" for turn, each in enumerate(self.ahead, 1)),
                "",
            ]
        lines += [*self._goal_lines(turns), "", *self._family_lines(), ""]
        lines += [f"{name}: {value}" for name, value in self.about.items()]
        return "\n".join(lines)

    def _goal_lines(self, turns: int) -> list[str]:
        lines = [f"{'goals, as shares of a ceiling':<36}{'goal':>7}  {'of true':<20}{'of round trips':<20}"]
        for measure, turn, goal in GOALS:
            if turn <= turns:
                true, trip = self.of_true[measure][turn - 1], self.of_trips[measure][turn - 1]
                met = "" if true is None else "met" if true.value >= goal else f"missed by {goal - true.value:.2f}"
                lines.append(
                    f"{f'{measure}, turn {turn}':<36}{goal:>7.2f}  {true or '–'!s:<20}{trip or '–'!s:<20}{met}"
                )
        if self.ahead:
            behind = [turn for turn, each in enumerate(self.ahead, 1) if each.low <= 0]
            said = f"not told apart at turns {behind}" if behind else "met"
            lines.append(f"{'success ahead of every peer, each turn':<43}  {said}")
        for name, goal in MOOD_GOALS.items() if self.mood else ():
            mood = {whose: values[name] for whose, values in self.mood.items()}
            value = mood[self.limner] / mood[TRUE] if mood[TRUE] else 0.0
            met = "met" if value >= goal else f"missed by {goal - value:.2f}"
            lines.append(
                f"{'happier five times: ' + name:<46}{goal:>5.2f}  {value:.3f} of true ({mood[self.limner]:.3f} of "
                f"{mood[TRUE]:.3f}, round trips {mood[TRIPS]:.3f})  {met}"
            )
        identical = "identical in all" if not self.differing else f"changed in {self.differing}"
        return [*lines, f"pixels outside the region, of {self.masked} turns that had one: {identical}"]

    def _family_lines(self) -> list[str]:
        names = (*READ, "changed", "drift")
        titles = "".join(f"{name:>11}{'(true)':>8}" for name in names)
        lines = [f"{'Limner, all turns, edits of':<28}{'edits':>7}{titles}"]
        for family in self.families:
            digits = {name: 2 if name == "drift" else 3 for name in names}
            cells = (f"{family.painted[n]:>11.{digits[n]}f}{family.true[n]:>8.{digits[n]}f}" for n in names)
            lines.append(f"{family.name:<28}{family.edits:>7}" + "".join(cells))
        return lines

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2) + "\n"


def report_of(
    talks: Sequence[Conversation],
    scores: Mapping[str, Scores],
    titles: Mapping[str, str],
    peers: Sequence[str],
    mood: Mapping[str, Mapping[str, float]],
    about: dict[str, Any],
) -> MultiTurnReport:
    """Return the report of scores by way, among them those of the two ceilings; `titles` begin with Limner's.

    `peers` are the names of the ways that Limner's is held against.
    """
    limner = next(iter(titles))
    turns = range(len(talks[0].edits))
    arrays = {name: {measure: each.of(measure) for measure in MEASURES} for name, each in scores.items()}
    means = {
        name: {measure: [_mean(column) for column in values.T] for measure, values in measures.items()}
        for name, measures in arrays.items()
    }

    def shares(ceiling: str) -> dict[str, list[Share | None]]:
        return {m: [share(arrays[limner][m][:, t], arrays[ceiling][m][:, t]) for t in turns] for m in READ}

    ours, theirs = arrays[limner]["success"], [arrays[name]["success"] for name in peers]
    ahead = [ahead_of(ours[:, t], np.stack(theirs)[..., t]) for t in turns if theirs]
    return MultiTurnReport(
        titles=TITLES | dict(titles), means=means, of_true=shares(TRUE), of_trips=shares(TRIPS), ahead=ahead,
        families=_families(talks, arrays[TRUE], arrays[limner]), mood={name: dict(v) for name, v in mood.items()},
        masked=scores[limner].masked, differing=scores[limner].differing, about=about,
    )  # fmt: skip


def ahead_of(ours: np.ndarray, peers: np.ndarray, resamples: int = RESAMPLES, seed: int = 0) -> Share:
    """Return the mean of ours (N) less the best of the peers' means (P, N), with its paired 95 % bootstrap interval.

    Conversations are drawn with all that every way scored on them; which peer is best is asked anew in each draw, so
    that Limner has to beat whichever it is.
    """
    rows = np.random.default_rng(seed).integers(len(ours), size=(resamples, len(ours)))
    differences = ours[rows].mean(1) - peers[:, rows].mean(2).max(0)
    low, high = np.percentile(differences, (2.5, 97.5))
    value = ours.mean() - peers.mean(1).max()
    return Share(round(float(value), 4), round(float(low), 4), round(float(high), 4))


def happier(follower: Follower) -> dict[str, float]:
    """Return in what share of conversations the mood never fell, and in what share it ended at the top or past it."""
    degrees = mood_degrees(follower.history)
    never = (degrees >= 0).all(1) & (np.diff(degrees) >= 0).all(1)
    names = list(MOOD_GOALS)
    return {names[0]: round(float(never.mean()), 4), names[1]: round(float((degrees[:, -1] >= TOP).mean()), 4)}


def _families(
    talks: Sequence[Conversation], true: Mapping[str, np.ndarray], painted: Mapping[str, np.ndarray]
) -> list[Family]:
    kinds = np.array([[edit.slots.get("direction", edit.kind) for edit in talk.edits] for talk in talks])
    found = []
    for family, names in {"all": tuple(EDITS), **FAMILIES}.items():
        chosen = np.isin(kinds, names)
        if chosen.any():
            each = ({m: _mean(values[m][chosen]) for m in MEASURES} for values in (true, painted))
            found.append(Family(family, int(chosen.sum()), *each))
    return found


def _mean(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    return round(float(known.mean()), 4) if len(known) else 0.0


def _numbers(values: Sequence[float], measure: str) -> str:
    digits = {"drift": 2, "distance": 1}.get(measure, 3)
    return "".join(f"{value:>7.{digits}f}" for value in [*values, float(np.mean(values))])


def _share_lines(title: str, shares: Sequence[Share | None]) -> list[str]:
    rows = {f"  {title}": "value", "    from (95 % interval)": "low", "    to": "high"}
    return [
        f"{name:<28}" + "".join("      –" if each is None else f"{getattr(each, bound):>7.3f}" for each in shares)
        for name, bound in rows.items()
    ]


def _signed(each: Share) -> str:
    return f"{each.value:+.3f} [{each.low:+.3f}, {each.high:+.3f}]"
