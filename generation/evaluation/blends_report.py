"""What came of the better-captions experiment: each arm's share right, its paired lift over alt text, and the plot.

Dimensions: R runs (seeds), N scenes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from captioner.training.loop import surroundings
from captioner.world.alt import LEVELS
from captioner.world.draw import render
from captioner.world.scene import WORLD_VERSION
from generation.evaluation.facts import FACTS, facts_asked, facts_read, facts_said
from generation.evaluation.judge import SIDE_PIXELS, load_judge

if TYPE_CHECKING:
    from generation.evaluation.blends import Job, Prompts

RESAMPLES = 4_000


@dataclass(frozen=True)
class Interval:
    """A mean with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:+.3f} [{self.low:+.3f}, {self.high:+.3f}]"


def ceiling(kind: Prompts) -> np.ndarray:
    """Return the share of what each prompt says that is read off a true rendering, (N,); NaN where it says nothing."""
    true = load_judge().read(np.stack([render(scene, SIDE_PIXELS) for scene in kind.scenes]))
    shares = []
    for text, scene, reading in zip(kind.asked, kind.scenes, true, strict=True):
        asked, read = facts_asked(scene), facts_read(reading, scene)
        keys = [fact if fact == "place" else f"main {fact}" for fact in facts_said(text, scene)]
        shares.append(np.mean([asked[key] == read[key] for key in keys]) if keys else np.nan)
    return np.array(shares)


def following(job: Job, kind: str, fact: str | None = None) -> np.ndarray:
    """Return the share of the said facts, or of one of them, that is right in each picture, (N,); NaN where unsaid."""
    scores = json.loads(job.scores.read_text())["scores"][kind]
    shares = []
    for said, right in zip(scores["said"], scores["right"], strict=True):
        asked = [each for each in said if fact in (None, each)]
        shares.append(np.mean([each in right for each in asked]) if asked else np.nan)
    return np.array(shares)


def paired(differences: np.ndarray, resamples: int = RESAMPLES, seed: int = 0) -> Interval:
    """Return the mean of differences (R, N), NaN where there is none, with the interval over runs and scenes together.

    Runs and scenes are resampled each with replacement (a two-way bootstrap, Owen 2007, doi:10.1214/07-AOAS122): the
    same scenes come back in every run.
    """
    rng = np.random.default_rng(seed)
    runs, scenes = differences.shape
    means = []
    for _ in range(resamples):
        some = differences[rng.integers(runs, size=runs)][:, rng.integers(scenes, size=scenes)]
        means.append(np.nanmean(some))
    low, high = np.percentile(means, (2.5, 97.5))
    return Interval(float(np.nanmean(differences)), float(low), float(high))


def written(jobs: Sequence[Job], about: Mapping[str, Any], command: str) -> str:
    """Return the report of runs that are done: each arm's share right, and its lift over alt text, a kind of prompt."""
    kinds, levels = [kind.name for kind in jobs[0].prompts], list(dict.fromkeys(job.level for job in jobs))
    ceilings = {kind.name: float(np.nanmean(ceiling(kind))) for kind in jobs[0].prompts}
    lines = []
    for level in levels:
        arms = list(dict.fromkeys(job.arm.name for job in jobs if job.level == level))
        of = {arm: [job for job in jobs if (job.arm.name, job.level) == (arm, level)] for arm in arms}
        lines += ["", f"alt text of {level} noise: {LEVELS[level].fair:.0%} of it fair; {len(of[arms[0]])} seeds"]
        lines += [f"{'prompts':<22}{'arm':<12}{'right':>7}{'of true':>9}  {'score':>6}  lift over alt text, paired"]
        for kind in kinds:
            base = _followed(of[arms[0]], kind)
            for arm in arms:
                values = _followed(of[arm], kind)
                lift = "" if arm == arms[0] else str(paired(values - base))
                share, score = float(np.nanmean(values)), _mean_score(of[arm], kind)
                lines.append(
                    f"{kind:<22}{arm:<12}{share:>7.3f}{share / ceilings[kind]:>9.3f}  {score:>6.3f}  {lift}".rstrip()
                )
        for arm in arms[1:]:
            above = paired(_followed(of[arm], "long") - _followed(of[arms[0]], "long")).low > 0
            verdict = "met" if above else "missed"
            lines.append(f"goal: the lift of {arm} on long prompts is above 0 with its whole interval: {verdict}")
        for fact in FACTS:
            shares = {arm: np.nanmean([following(job, "long", fact) for job in of[arm]]) for arm in arms}
            lines.append(f"long, {fact:<16}" + "  ".join(f"{arm} {value:.3f}" for arm, value in shares.items()))
    minutes = [json.loads(job.scores.read_text())["minutes"] for job in jobs]
    lines += [
        "",
        "right: the share of the facts said (main subject, its colour and mood, place) that the judge reads; of true:",
        "as a share of the same on true renderings; lifts with 95 % bootstrap intervals over seeds and scenes",
        "together. Two of the kinds are the paper's two ways: prompts that are the original captions (alt text) and",
        f"descriptive ones (long). score: cosine of picture and prompt, by {_who_scores(about)}",
        f"minutes to train a painter: {np.median(minutes):.1f} (median); one thread each",
    ]  # fmt: skip
    facts = {"command": command, **about, "world version": WORLD_VERSION, **surroundings()}
    return "\n".join([*lines, *(f"{name}: {value}" for name, value in facts.items() if value != "")]).lstrip("\n")


def plot(jobs: Sequence[Job], path: Path) -> None:
    """Draw what share is right for each arm, kind of prompt and level, a dot for each run and a line for their mean."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    kinds, levels = [kind.name for kind in jobs[0].prompts], list(dict.fromkeys(job.level for job in jobs))
    arms = list(dict.fromkeys(job.arm.name for job in jobs))
    figure, axes = pyplot.subplots(1, len(levels), figsize=(1.5 + 4.5 * len(levels), 4), sharey=True, squeeze=False)
    colours = pyplot.get_cmap("viridis")(np.linspace(0.15, 0.8, len(arms)))
    for axis, level in zip(axes[0], levels, strict=True):
        for place, (arm, colour) in enumerate(zip(arms, colours, strict=True)):
            some = [job for job in jobs if (job.arm.name, job.level) == (arm, level)]
            if not some:
                continue
            shares = np.array([[np.nanmean(following(job, kind)) for job in some] for kind in kinds])
            x = np.arange(len(kinds)) + (place - (len(arms) - 1) / 2) * 0.7 / len(arms)
            axis.bar(x, shares.mean(1), 0.65 / len(arms), color=colour, alpha=0.75, label=arm)
            for run_shares in shares.T:
                axis.plot(x, run_shares, ".", color="black", markersize=4, alpha=0.6)
        axis.set_xticks(range(len(kinds)), [kind.replace(", ", ",\n") for kind in kinds])
        axis.set_title(f"alt text of {level} noise, {LEVELS[level].fair:.0%} fair", fontsize=10)
        axis.grid(axis="y", alpha=0.3)
        axis.spines[["top", "right"]].set_visible(False)
    axes[0][0].set_ylabel("facts of the prompt that are right")
    axes[0][0].set_ylim(0, 1)
    axes[0][-1].legend(title="training words", frameon=False)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    pyplot.close(figure)


def _followed(jobs: Sequence[Job], kind: str) -> np.ndarray:
    """Return the share right of each run and scene, (R, N)."""
    return np.stack([following(job, kind) for job in jobs])


def _who_scores(about: Mapping[str, Any]) -> str:
    """Return in words whom the scores are by, and whom they favour."""
    if about["scorer"] in about["captioners"].values():
        return "the very captioner whose captions were learned: it favours those arms."
    return "a captioner whose captions no arm learned from."


def _mean_score(jobs: Sequence[Job], kind: str) -> float:
    scores = [json.loads(job.scores.read_text())["scores"][kind].get("score", [np.nan]) for job in jobs]
    return float(np.mean(scores))
