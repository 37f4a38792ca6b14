"""The better-captions experiment: one painter trained on several blends of alt text and a captioner's captions.

Betker et al. 2023, section 3.3, on the picture world. Runs of one seed begin with the same weights, see the same
pictures in the same order and differ in their words: each picture's one alt text, at a stated noise, or what a
captioner says of it. (Noise and times are drawn alike but are not the same numbers: they come after draws of which
there are as many as tokens.) Nothing else of a scene reaches these painters. Each then paints held-out scenes, from
short prompts, long ones and such as people type; a fact counts where the prompt says it, and is right where the judge
reads it so.

Dimensions: R runs (seeds), N scenes.
"""

from __future__ import annotations

import dataclasses
import json
import multiprocessing
import random
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from captioner.blend import Blend
from captioner.embedded import EmbeddedCaptioner
from captioner.errors import DataError
from captioner.request import CaptionKind
from captioner.training.loop import surroundings
from captioner.training.pictures import draw_pairs
from captioner.training.told import picture_for, told_by
from captioner.world.alt import ALT_HIGH, ALT_LOW, ALT_MEDIUM
from captioner.world.captions import alt_text, descriptive, short
from captioner.world.draw import render
from captioner.world.requests import random_request
from captioner.world.sample import held_out_scene
from captioner.world.scene import CORE, SETTINGS, WORLD_VERSION, Scene, WorldSetting
from generation.embedded import EmbeddedPainter
from generation.evaluation.facts import FACTS, facts_asked, facts_read, facts_said
from generation.evaluation.judge import SIDE_PIXELS, load_judge
from generation.evaluation.painter import NoBlobs, paint_all, picture_of
from generation.request import RenderRequest
from generation.training.painter import PainterData, train_painter, weights_folder

LEVELS = {"low": ALT_LOW, "medium": ALT_MEDIUM, "high": ALT_HIGH}
"""How noisy the alt text is; the rates are written in `captioner.world.alt`."""
RESAMPLES = 4_000


@dataclass(frozen=True)
class Arm:
    """One kind of training words."""

    name: str
    blend: Blend


ALT = Arm("alt text", Blend(0.0))
DSC_95 = Arm("95 % DSC", Blend(0.95))
PAIR = (ALT, DSC_95)
CURVE = (
    ALT, *(Arm(f"{share} % DSC", Blend(share / 100)) for share in (65, 80, 90, 95, 100)),
    Arm("95 % SSC", Blend(0.95, 0.0)),
)  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """What all runs of an experiment share.

    Attributes:
        steps, batch: of each run; `pairs` pairs of pictures are drawn for all of them.
        width, layers, text_layers: the painter's size.
        scenes: held-out scenes painted for each kind of prompt.
        picture_seed: decides the pictures and the wording of prompts.
    """

    steps: int = 800
    batch: int = 24
    pairs: int = 8_000
    width: int = 192
    layers: int = 6
    text_layers: int = 3
    scenes: int = 100
    picture_seed: int = 21
    world: str = CORE.name


@dataclass(frozen=True)
class Prompts:
    """A kind of prompt for every held-out scene: the words to paint, and the words that say what counts."""

    name: str
    painted: tuple[str, ...]
    asked: tuple[str, ...]
    scenes: tuple[Scene, ...]


@dataclass(frozen=True)
class Interval:
    """A mean with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:+.3f} [{self.low:+.3f}, {self.high:+.3f}]"


def prompts_for(
    scenes: int, setting: WorldSetting, seed: int, rewrite: Callable[[str], str] | None = None
) -> list[Prompts]:
    """Return every kind of prompt for the first held-out scenes.

    Args:
        seed: decides their wording.
        rewrite: a rewriter, from what a person types to a whole prompt; without one that kind is left out.
    """
    held_out = tuple(held_out_scene(index, setting) for index in range(scenes))
    brief = tuple(short(scene, seed + i) for i, scene in enumerate(held_out))
    long = tuple(descriptive(scene, seed + i) for i, scene in enumerate(held_out))
    requests = [
        random_request(scene, random.Random(f"limner-blends-{seed}-{i}"), held_out=True)
        for i, scene in enumerate(held_out)
    ]
    typed, wanted = tuple(text for text, _ in requests), tuple(scene for _, scene in requests)
    alt = tuple(alt_text(scene, seed + i) for i, scene in enumerate(held_out))
    kinds = [
        Prompts("long", long, long, held_out), Prompts("short", brief, brief, held_out),
        Prompts("as typed", typed, typed, wanted), Prompts("alt text", alt, alt, held_out),
    ]  # fmt: skip
    if rewrite is not None:
        kinds.insert(3, Prompts("as typed, rewritten", tuple(rewrite(text) for text in typed), typed, wanted))
    return kinds


def evaluate_blends(
    out: Path,
    captioners: Mapping[CaptionKind, Path],
    arms: Sequence[Arm] = PAIR,
    levels: Sequence[str] = ("medium",),
    seeds: int = 5,
    workers: int = 1,
    settings: Settings = Settings(),
    rewrite: Callable[[str], str] | None = None,
    compiled: bool = False,
    command: str = "",
    scorer: Path | None = None,
) -> str:
    """Train and measure every arm at every level with every seed; return the report, also written into `out`.

    Runs that `out` holds already are taken as they are: the same command goes on where it was broken off.

    Args:
        captioners: folders of captioners' weights, for the kinds that the arms ask for.
        levels: names from `LEVELS`.
        workers: how many runs go on at once, each with one thread.
        rewrite: as in `prompts_for`.
        compiled: as in `train_painter`.
        scorer: the captioner by which pictures and prompts are scored; None takes the one of the descriptive captions,
            which favours the arms that learned from it.

    Raises:
        WeightsError: a captioner cannot be loaded.
        DataError: `out` holds an experiment with other settings.
    """
    setting = SETTINGS[settings.world]
    out.mkdir(parents=True, exist_ok=True)
    said_by = {kind: EmbeddedCaptioner(folder) for kind, folder in captioners.items()}
    about = dataclasses.asdict(settings) | {"captioners": {kind: each.weights_digest for kind, each in said_by.items()}}
    scorer = scorer or captioners.get("descriptive")
    about["scorer"] = EmbeddedCaptioner(scorer).weights_digest if scorer else ""
    _agree(out / "settings.json", about)
    cache = draw_pairs(
        out / "pictures", settings.pairs, setting.name, settings.picture_seed, SIDE_PIXELS, max(1, workers)
    )
    told_by(cache, said_by, cache.folder)  # once, before the runs ask for it together
    kinds = prompts_for(settings.scenes, setting, settings.picture_seed, rewrite)
    # Seed by seed, so that an experiment that is broken off has whole pairs.
    jobs = [
        Job(out, dict(captioners), arm, level, seed, settings, tuple(kinds), compiled, scorer)
        for level in levels
        for seed in range(seeds)
        for arm in arms
    ]
    left = [job for job in jobs if not job.scores.exists()]
    if workers == 1:
        for job in left:
            run(job)
    else:
        with multiprocessing.get_context("spawn").Pool(workers) as pool:
            pool.map(run, left, chunksize=1)
    report = written(jobs, about, command)
    (out / "report.txt").write_text(report + "\n")
    plot(jobs, out / "blends.png")
    return report


@dataclass(frozen=True)
class Job:
    """One run: what `run` needs to train and measure a painter in a process of its own."""

    out: Path
    captioners: dict[CaptionKind, Path]
    arm: Arm
    level: str
    seed: int
    settings: Settings
    prompts: tuple[Prompts, ...]
    compiled: bool = False
    scorer: Path | None = None

    @property
    def folder(self) -> Path:
        return self.out / f"{self.arm.name.replace(' ', '-').replace('%', 'percent')}-{self.level}-{self.seed}"

    @property
    def scores(self) -> Path:
        return self.folder / "scores.json"


def run(job: Job) -> None:
    """Train one painter, paint every kind of prompt with it, and write what came of it into `scores.json`."""
    began = time.monotonic()
    settings = job.settings
    captioners = {kind: EmbeddedCaptioner(folder) for kind, folder in job.captioners.items()}
    shutil.rmtree(job.folder, ignore_errors=True)
    data = PainterData(
        pairs=settings.pairs, batch=settings.batch, size=SIDE_PIXELS, edits=0.0, masks=0.0, face_weight=1.0,
        answers=0.0, regions=0.0, binding=0.0, hidden_rows=0.0, blend=job.arm.blend, alt_rates=LEVELS[job.level],
    )  # fmt: skip
    account = train_painter(
        job.folder, steps=settings.steps, seed=job.seed, threads=1, setting=SETTINGS[settings.world], data=data,
        pictures=job.out / "pictures", width=settings.width, layers=settings.layers,
        text_layers=settings.text_layers, lessons=0, captioners=captioners, flat_until=0.5,
        compiled=job.compiled,
    )  # fmt: skip
    painter = EmbeddedPainter(job.folder, autoencoder=weights_folder("autoencoder"))
    judge, scorer = load_judge(), EmbeddedCaptioner(job.scorer) if job.scorer else None
    scores: dict[str, dict[str, list[Any]]] = {}
    for kind in job.prompts:
        requests = [RenderRequest(f"{i}", "create", text, i) for i, text in enumerate(kind.painted)]
        painted = np.stack([picture_of(event.image) for event in paint_all(painter, requests, NoBlobs(), 8)])
        scores[kind.name] = {"right": [], "said": []}
        for text, scene, reading in zip(kind.asked, kind.scenes, judge.read(painted), strict=True):
            said, asked, read = facts_said(text, scene), facts_asked(scene), facts_read(reading, scene)
            keys = {fact: fact if fact == "place" else f"main {fact}" for fact in said}
            scores[kind.name]["said"].append(said)
            scores[kind.name]["right"].append([fact for fact, key in keys.items() if asked[key] == read[key]])
        if scorer is not None:
            pictures = [picture_for(each) for each in painted]
            scores[kind.name]["score"] = scorer.score(pictures, kind.painted)
    (job.folder / "checkpoint.pt").unlink()
    done = {"scores": scores, "minutes": round((time.monotonic() - began) / 60, 1), "loss": account["last_loss"]}
    job.scores.write_text(json.dumps(done))


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
        f"minutes a run: {np.median(minutes):.1f} (median); one thread each",
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


def _agree(path: Path, about: Mapping[str, Any]) -> None:
    """Write down what an experiment is, or find that the folder holds the same one."""
    if not path.exists():
        path.write_text(json.dumps(about, indent=2) + "\n")
        return
    held = json.loads(path.read_text())
    if different := sorted(name for name in about if held.get(name) != json.loads(json.dumps(about[name]))):
        raise DataError(
            f"{path.parent} holds an experiment with another {different[0]} ({held.get(different[0])}, and now "
            f"{about[different[0]]}); name another folder with --out."
        )
