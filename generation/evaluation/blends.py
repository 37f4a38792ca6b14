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
import hashlib
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
from captioner.training.pictures import draw_pairs
from captioner.training.told import picture_for, told_by
from captioner.world.alt import LEVELS
from captioner.world.captions import alt_text, descriptive, short
from captioner.world.requests import random_request
from captioner.world.sample import held_out_scene
from captioner.world.scene import CORE, SETTINGS, Scene, WorldSetting
from generation.embedded import EmbeddedPainter
from generation.evaluation.blends_report import plot, written
from generation.evaluation.facts import facts_asked, facts_read, facts_said
from generation.evaluation.judge import JUDGE_FOLDER, SIDE_PIXELS, load_judge
from generation.evaluation.painter import NoBlobs, paint_all, picture_of
from generation.request import RenderRequest
from generation.training.painter import PainterData, train_painter, weights_folder


@dataclass(frozen=True)
class Arm:
    """One kind of training words."""

    name: str
    blend: Blend


ALT = Arm("alt text", Blend(0.0))
DSC_95 = Arm("95 % DSC", Blend(0.95))
PAIR = (ALT, DSC_95)


def arms_of(shares: Sequence[float]) -> tuple[Arm, ...]:
    """Return alt text, which every arm is held against, and an arm for each share of descriptive captions."""
    return ALT, *(Arm(f"{share:g} % DSC", Blend(share / 100)) for share in shares if share)


CURVE = (*arms_of((65, 80, 90, 95, 100)), Arm("95 % SSC", Blend(0.95, 0.0)))


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

    Painters that `out` holds already are taken as they are: the same command goes on where it was broken off. What they
    paint is scored again, without training, where the judge, the scorer or the prompts are no longer those that they
    were scored by.

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
    about = dataclasses.asdict(settings) | {
        "captioners": {kind: each.weights_digest for kind, each in said_by.items()},
        "autoencoder": _digest(weights_folder("autoencoder")),
    }
    _agree(out / "settings.json", about)
    cache = draw_pairs(
        out / "pictures", settings.pairs, setting.name, settings.picture_seed, SIDE_PIXELS, max(1, workers)
    )
    told_by(cache, said_by, cache.folder)  # once, before the runs ask for it together
    kinds = prompts_for(settings.scenes, setting, settings.picture_seed, rewrite)
    scorer = scorer or captioners.get("descriptive")
    by = {
        "judge": _digest(JUDGE_FOLDER), "scorer": _digest(scorer) if scorer else "",
        "prompts": hashlib.sha256(json.dumps([kind.painted for kind in kinds]).encode()).hexdigest(),
    }  # fmt: skip
    # Seed by seed, so that an experiment that is broken off has whole pairs.
    jobs = [
        Job(out, dict(captioners), arm, level, seed, settings, tuple(kinds), by, compiled, scorer)
        for level in levels
        for seed in range(seeds)
        for arm in arms
    ]
    left = [job for job in jobs if not job.is_scored]
    if workers == 1:
        for job in left:
            run(job)
    else:
        with multiprocessing.get_context("spawn").Pool(workers) as pool:
            pool.map(run, left, chunksize=1)
    report = written(jobs, about | by, command)
    (out / "report.txt").write_text(report + "\n")
    plot(jobs, out / "blends.png")
    return report


@dataclass(frozen=True)
class Job:
    """One run: what `run` needs to train and measure a painter in a process of its own.

    `by` names what scores it, by the hashes of weights and prompts.
    """

    out: Path
    captioners: dict[CaptionKind, Path]
    arm: Arm
    level: str
    seed: int
    settings: Settings
    prompts: tuple[Prompts, ...]
    by: Mapping[str, str]
    compiled: bool = False
    scorer: Path | None = None

    @property
    def folder(self) -> Path:
        return self.out / f"{self.arm.name.replace(' ', '-').replace('%', 'percent')}-{self.level}-{self.seed}"

    @property
    def scores(self) -> Path:
        return self.folder / "scores.json"

    @property
    def trained(self) -> Path:
        """What training came to; written when the painter is whole."""
        return self.folder / "trained.json"

    @property
    def is_scored(self) -> bool:
        return self.scores.exists() and json.loads(self.scores.read_text()).get("by") == self.by


def run(job: Job) -> None:
    """Train one painter, unless it is there; paint every kind of prompt with it, and write what came of it."""
    if not job.trained.exists() and not job.scores.exists():
        _train(job)
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
    # Before there was a file of its own for it, what training came to stood with the scores.
    trained = json.loads((job.trained if job.trained.exists() else job.scores).read_text())
    done = {name: trained[name] for name in ("minutes", "loss")} | {"by": dict(job.by), "scores": scores}
    job.scores.write_text(json.dumps(done))


def _train(job: Job) -> None:
    settings, began = job.settings, time.monotonic()
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
    (job.folder / "checkpoint.pt").unlink()
    minutes = round((time.monotonic() - began) / 60, 1)
    job.trained.write_text(json.dumps({"minutes": minutes, "loss": account["last_loss"]}))


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.safetensors")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _agree(path: Path, about: Mapping[str, Any]) -> None:
    """Write down what an experiment is, or find that the folder holds the same one, as far as it says."""
    if not path.exists():
        path.write_text(json.dumps(about, indent=2) + "\n")
        return
    held, wanted = json.loads(path.read_text()), json.loads(json.dumps(about))
    if different := [name for name in sorted(about) if name in held and held[name] != wanted[name]]:
        raise DataError(
            f"{path.parent} holds an experiment with another {different[0]} ({held[different[0]]}, and now "
            f"{about[different[0]]}); name another folder with --out."
        )
