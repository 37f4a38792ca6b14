"""How well a painter follows its prompts: on held-out scenes, read by the judge, beside the judge's own ceilings.

The ceilings are how often the judge is right about true renderings of the same scenes, and about round trips of those
through the painter's autoencoder; a painter cannot be seen to do better. Figures are shares of them, with bootstrap
intervals over the scenes. Dimensions: N scenes.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from tqdm import tqdm

from captioner.training.loop import surroundings
from captioner.world.captions import descriptive
from captioner.world.draw import render
from captioner.world.sample import held_out_scene
from captioner.world.scene import CORE, WORLD_VERSION, WorldSetting
from generation.errors import PaintingError, PictureError
from generation.evaluation.distances import NEIGHBOURS, frechet_distance, precision_recall
from generation.evaluation.encoders import Encoder
from generation.evaluation.facts import MEASURES, facts_asked, facts_read
from generation.evaluation.judge import SIDE_PIXELS, Judge
from generation.models.autoencoder import PictureAutoencoder
from generation.request import BlobReader, Painter, RenderFinished, RenderRequest

RESAMPLES = 2000
SHEET_SCENES = 50
SHEET_GAP = 4


class NoBlobs:
    """A blob reader for requests that start from noise."""

    def read(self, digest: str) -> bytes:
        raise PictureError(f"nothing is kept here, and {digest[:12]} was asked for.")


class KeptBlobs:
    """Bytes by their SHA-256, in memory."""

    def __init__(self) -> None:
        self._bytes: dict[str, bytes] = {}

    def keep(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        self._bytes[digest] = content
        return digest

    def read(self, digest: str) -> bytes:
        if digest not in self._bytes:
            raise PictureError(f"nothing is kept under {digest[:12]}.")
        return self._bytes[digest]


@dataclass(frozen=True)
class Share:
    """A ratio of two means over the same scenes, with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}]"


@dataclass(frozen=True)
class Row:
    """One measure: how often it was as asked, in painted pictures, in true ones and in round trips of these."""

    name: str
    scenes: int
    painted: float
    true: float
    round_trip: float
    of_round_trip: Share | None
    of_true: Share | None


@dataclass(frozen=True)
class Likeness:
    """A measure of whole pictures by an encoder: of painted ones, true renderings, and round trips of these."""

    name: str
    painted: float
    true: float
    round_trip: float


@dataclass(frozen=True)
class PainterReport:
    """Everything that `limner eval painter` prints; `about` says how it came to be."""

    rows: tuple[Row, ...]
    about: dict[str, Any]
    likeness: tuple[Likeness, ...] = ()

    def row(self, name: str) -> Row:
        return next(row for row in self.rows if row.name == name)

    def table(self) -> str:
        """Return the report as text."""
        head = f"{'as asked':<36}{'scenes':>7}{'painted':>9}{'true':>7}{'trip':>7}  {'of trip':<20}{'of true':<20}"
        lines = [head, "-" * len(head)]
        lines += [
            f"{row.name:<36}{row.scenes:>7}{row.painted:>9.3f}{row.true:>7.3f}{row.round_trip:>7.3f}"
            f"  {row.of_round_trip or '–'!s:<20}{row.of_true or '–'!s:<20}"
            for row in self.rows
        ]
        lines += [
            "",
            "true, trip: the judge on true renderings of the same scenes, and on their autoencoder round trips;",
        ]
        lines += ["of trip, of true: painted as a share of these, with 95 % bootstrap intervals over the scenes."]
        if self.likeness:
            lines += ["", f"{'whole pictures':<43}{'painted':>9}{'true':>7}{'trip':>7}"]
            lines += [
                f"{each.name:<43}{each.painted:>9.3f}{each.true:>7.3f}{each.round_trip:>7.3f}" for each in self.likeness
            ]
            lines += [
                "against true renderings of as many other held-out scenes; a picture is like another within the",
                f"distance of that one's {NEIGHBOURS}th neighbour; FD with this encoder is no FID.",
                "",
            ]
        return "\n".join([*lines, *(f"{name}: {value}" for name, value in self.about.items())])

    def to_json(self) -> str:
        rows, likeness = [asdict(row) for row in self.rows], [asdict(each) for each in self.likeness]
        return json.dumps({"rows": rows, "likeness": likeness, "about": self.about}, indent=2) + "\n"


def evaluate_painter(
    painter: Painter,
    judge: Judge,
    autoencoder: PictureAutoencoder,
    scenes: int = 200,
    batch: int = 8,
    out: Path | None = None,
    seed: int = 0,
    setting: WorldSetting = CORE,
    command: str = "",
    encoder: Encoder | None = None,
) -> PainterReport:
    """Paint held-out scenes from their descriptive captions and compare what the judge reads with what was asked.

    Args:
        scenes: how many held-out scenes, from the first.
        seed: decides the wording of the prompts and the noise of the pictures.
        command: how the report was asked for, to be printed with it; "" is as the command line asks for it.
        encoder: by what whole pictures are held against their prompts and against other true renderings.
        out: a folder for report.json, report.txt and sheet.png (true renderings above painted ones); None writes none.

    Raises:
        PaintingError: a picture was not finished.
    """
    asked = [held_out_scene(index, setting) for index in range(scenes)]
    prompts = [descriptive(scene, seed * scenes + index) for index, scene in enumerate(asked)]
    requests = [RenderRequest(f"scene-{i}", "create", prompt, seed * scenes + i) for i, prompt in enumerate(prompts)]
    began = time.monotonic()
    finished = paint_all(painter, requests, NoBlobs(), batch)
    seconds = time.monotonic() - began
    painted = np.stack([picture_of(event.image) for event in finished])
    true = np.stack([render(scene, SIDE_PIXELS) for scene in asked])
    pictures = {"painted": painted, "true": true, "round_trip": round_trip(autoencoder, true)}
    read = {name: judge.read(some) for name, some in pictures.items()}
    rows = []
    for measure in MEASURES:
        chosen = [index for index, scene in enumerate(asked) if measure.applies(scene)]
        if not chosen:
            continue
        right = {
            name: np.array(
                [measure.is_right(facts_asked(asked[i]), facts_read(readings[i], asked[i])) for i in chosen], float
            )
            for name, readings in read.items()
        }
        rows.append(_row(measure.name, right))
    recipe = finished[0].recipe
    about = {
        "command": command or f"limner eval painter --count {scenes} --seed {seed}",
        "painter": recipe.painter, "weights": recipe.weights[:16], "steps": recipe.steps,
        "guidance": recipe.guidance, "batch": batch, "scenes": scenes, "seed": seed, "world version": WORLD_VERSION,
        "setting": setting.name, "seconds a picture": round(seconds / scenes, 3),
        "painted size": f"{painted.shape[2]}x{painted.shape[1]}", **surroundings(),
    }  # fmt: skip
    likeness: tuple[Likeness, ...] = ()
    if encoder is not None and scenes > NEIGHBOURS:
        others = np.stack([render(held_out_scene(scenes + i, setting), SIDE_PIXELS) for i in range(scenes)])
        likeness = likeness_of(pictures, prompts, others, encoder)
    report = PainterReport(tuple(rows), about, likeness)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "report.json").write_text(report.to_json())
        (out / "report.txt").write_text(report.table() + "\n")
        beside(true[:SHEET_SCENES], painted[:SHEET_SCENES]).save(out / "sheet.png")
        (out / "prompts.txt").write_text("\n".join(prompts) + "\n")
    return report


def likeness_of(
    pictures: dict[str, np.ndarray], prompts: Sequence[str], others: np.ndarray, encoder: Encoder
) -> tuple[Likeness, ...]:
    """Return how well pictures fit their prompts, and how near they are, as a set, to other pictures.

    Args:
        pictures: painted, true and round_trip, each (N, H, W, 3); `others` (M, H, W, 3).
    """
    known = encoder.features(others)
    seen = {name: encoder.features(some) for name, some in pictures.items()}
    shares = {name: precision_recall(known, some) for name, some in seen.items()}
    rows = [
        Likeness(f"FD ({encoder.name})", **{name: frechet_distance(known, some) for name, some in seen.items()}),
        Likeness(f"precision ({encoder.name})", **{name: each[0] for name, each in shares.items()}),
        Likeness(f"recall ({encoder.name})", **{name: each[1] for name, each in shares.items()}),
    ]
    if encoder.scores_text:
        beside = [*prompts[1:], prompts[0]]
        for title, texts in (("its prompt", prompts), ("another's prompt", beside)):
            cosines = {name: float(encoder.cosines(some, texts).mean()) for name, some in pictures.items()}
            rows.insert(len(rows) - 3, Likeness(f"cosine with {title} ({encoder.name})", **cosines))
    return tuple(rows)


def paint_all(
    painter: Painter, requests: Sequence[RenderRequest], blobs: BlobReader, batch: int, quiet: bool = False
) -> list[RenderFinished]:
    """Return the finished pictures of all requests, in their order, painted in batches; `quiet` shows no progress.

    Raises:
        PaintingError: a picture was not finished.
    """
    finished: dict[str, RenderFinished] = {}
    starts = range(0, len(requests), batch)
    for start in tqdm(starts, desc="painting", unit="batch", mininterval=5, disable=quiet or not sys.stderr.isatty()):
        for event in painter.paint(requests[start : start + batch], blobs):
            if isinstance(event, RenderFinished):
                finished[event.request_id] = event
    if missing := [request.id for request in requests if request.id not in finished]:
        raise PaintingError(f"{len(missing)} of {len(requests)} pictures were not finished, {missing[0]} the first.")
    return [finished[request.id] for request in requests]


def picture_of(image: bytes) -> np.ndarray:
    """Return (H, W, 3) uint8 of an encoded picture."""
    return np.asarray(Image.open(io.BytesIO(image)).convert("RGB"))


@torch.inference_mode()
def round_trip(autoencoder: PictureAutoencoder, pictures: np.ndarray, batch: int = 16) -> np.ndarray:
    """Return pictures (N, H, W, 3) uint8 encoded and decoded again."""
    trips = []
    for start in range(0, len(pictures), batch):
        pixels = torch.from_numpy(pictures[start : start + batch]).permute(0, 3, 1, 2).float() / 127.5 - 1
        latents = autoencoder.encode(pixels.to(autoencoder.device, autoencoder.dtype))
        decoded = autoencoder.decode(latents.to(autoencoder.dtype)).float().clamp(-1, 1)
        trips.append(((decoded + 1) * 127.5).round().byte().permute(0, 2, 3, 1).cpu().numpy())
    return np.concatenate(trips)


def share(painted: np.ndarray, ceiling: np.ndarray, resamples: int = RESAMPLES, seed: int = 0) -> Share | None:
    """Return mean(painted) / mean(ceiling) over the same scenes (N), resampled together for the interval.

    None where the ceiling is nothing: a judge that is never right can say nothing of a painter.
    """
    if not ceiling.any():
        return None
    rows = np.random.default_rng(seed).integers(len(painted), size=(resamples, len(painted)))
    means = ceiling[rows].mean(1)
    ratios = painted[rows].mean(1)[means > 0] / means[means > 0]
    low, high = np.percentile(ratios, (2.5, 97.5))
    return Share(round(float(painted.mean() / ceiling.mean()), 4), round(float(low), 4), round(float(high), 4))


def beside(true: np.ndarray, painted: np.ndarray, columns: int = 10) -> Image.Image:
    """Return a sheet with each true rendering (N, 128, 128, 3) above what was painted for its description."""
    cell = SIDE_PIXELS + SHEET_GAP
    rows = -(-len(true) // columns)
    sheet = np.full((rows * (2 * cell + 2 * SHEET_GAP), columns * cell, 3), 255, np.uint8)
    for index, pair in enumerate(zip(true, painted, strict=True)):
        row, column = divmod(index, columns)
        for below, pixels in enumerate(pair):
            small = np.asarray(Image.fromarray(pixels).resize((SIDE_PIXELS, SIDE_PIXELS)))
            y = row * (2 * cell + 2 * SHEET_GAP) + below * (SIDE_PIXELS + 1)
            sheet[y : y + SIDE_PIXELS, column * cell : column * cell + SIDE_PIXELS] = small
    return Image.fromarray(sheet)


def _row(name: str, right: dict[str, np.ndarray]) -> Row:
    return Row(
        name,
        len(right["painted"]),
        **{which: round(float(values.mean()), 4) for which, values in right.items()},
        of_round_trip=share(right["painted"], right["round_trip"]),
        of_true=share(right["painted"], right["true"]),
    )
