"""How well pictures are enlarged four times, held against true renderings at that size, beside plain filters.

Small pictures are of two kinds: drawn at 128 pixels, and so through the autoencoder, as people's pictures come out of
it. Dimensions: N scenes, H = W = 512 pixels.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor
from tqdm import tqdm

from captioner.training.loop import surroundings
from captioner.world.draw import render
from captioner.world.sample import held_out_scene
from captioner.world.scene import CORE, FULL, WORLD_VERSION
from generation.enlarge import Enlarger
from generation.evaluation.painter import Share, round_trip, share
from generation.models.autoencoder import PictureAutoencoder
from generation.models.enlarger import FACTOR
from generation.super_resolution import STEPS, to_tensor

SMALL = 128
SETTINGS = (CORE, FULL)
KINDS = ("rendering", "round trip")
STEPS_TRIED = (1, 2, 4)
EDGE = 24.0
"""A pixel is on an edge where the true picture changes by this much, of 255, from it to the next."""
NEAR = 5
"""Pixels along the side of the window in which an edge may have moved."""
SHEET_SCENES = 8
MEASURES = ("psnr", "ssim", "sharpness", "overshoot", "consistency")
Enlarge = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class EnlargedRow:
    """One way to enlarge one kind of small pictures, means over the scenes with 95 % bootstrap intervals.

    Attributes:
        psnr: in dB, and `ssim` (Wang et al. 2004), both against the true rendering.
        sharpness: the steepest change near each of the true picture's edges as a share of the true one; 1 is as crisp.
        overshoot: how far pixels go beyond all that the true picture has near them, of 255: halos and invented marks.
        consistency: mean absolute difference of the 4 × 4 averages from the small picture, of 255.
        seconds: to enlarge one picture.
    """

    setting: str
    kind: str
    way: str
    psnr: Share
    ssim: Share
    sharpness: Share
    overshoot: Share
    consistency: Share
    seconds: float


@dataclass(frozen=True)
class EnlargerReport:
    """Everything that `limner eval enlarger` prints; `about` says how it came to be."""

    rows: tuple[EnlargedRow, ...]
    about: dict[str, Any]

    def row(self, setting: str, kind: str, way: str) -> EnlargedRow:
        return next(row for row in self.rows if (row.setting, row.kind, row.way) == (setting, kind, way))

    def table(self) -> str:
        """Return the report as text."""
        head = f"{'world':<6}{'small picture':<15}{'enlarged by':<15}"
        head += f"{'PSNR, dB':<22}{'SSIM':<24}{'sharpness':<20}{'overshoot':<20}{'consistency':<20}{'seconds':>8}"
        lines = [head, "-" * len(head)]
        for row in self.rows:
            line = f"{row.setting:<6}{row.kind:<15}{row.way:<15}"
            line += f"{row.psnr!s:<22}{_fine(row.ssim):<24}{row.sharpness!s:<20}{row.overshoot!s:<20}"
            lines.append(f"{line}{row.consistency!s:<20}{row.seconds:>8.3f}")
        lines += [
            "",
            "sharpness: the steepest change near each true edge, as a share of the true one; overshoot: how far pixels",
            "go beyond all that is near them in the true picture, of 255; consistency: mean difference of the 4x4",
            "averages from the small picture, of 255. 95 % bootstrap intervals over the scenes.",
        ]
        return "\n".join([*lines, *(f"{name}: {value}" for name, value in self.about.items())])

    def to_json(self) -> str:
        return json.dumps({"rows": [asdict(row) for row in self.rows], "about": self.about}, indent=2) + "\n"


def evaluate_enlarger(
    enlarger: Enlarger, autoencoder: PictureAutoencoder, scenes: int = 50, out: Path | None = None, command: str = ""
) -> EnlargerReport:
    """Enlarge held-out scenes of the core and of the full world in every way and compare with the truth.

    Args:
        scenes: how many held-out scenes of each world, from the first.
        out: a folder for report.json, report.txt and sheet.png; None writes none.
    """
    ways: dict[str, Enlarge] = {
        "Lanczos": lambda small: _resized(small, Image.Resampling.LANCZOS),
        "bicubic": lambda small: _resized(small, Image.Resampling.BICUBIC),
    }
    for steps in STEPS_TRIED:
        ways[f"ours, {steps} step{'s' * (steps > 1)}"] = partial(enlarger.enlarged, steps=steps)
    rows: list[EnlargedRow] = []
    shown: list[np.ndarray] = []
    for setting in SETTINGS:
        asked = [held_out_scene(index, setting) for index in range(scenes)]
        true = [render(scene, FACTOR * SMALL) for scene in asked]
        small = np.stack([render(scene, SMALL) for scene in asked])
        given = dict(zip(KINDS, (small, round_trip(autoencoder, small)), strict=True))
        for kind, pictures in given.items():
            found, seconds = _measured(ways, pictures, true, f"{setting.name}, {kind}")
            for way, values in found.items():
                means = {name: share(each, np.ones(len(each))) for name, each in values.items()}
                rows.append(EnlargedRow(setting.name, kind, way, seconds=round(seconds[way], 4), **means))  # type: ignore[arg-type]
        for index in range(min(scenes, SHEET_SCENES // 2)):
            trip = given["round trip"][index]
            row = [
                ways["bicubic"](trip),
                ways[f"ours, {STEPS} steps"](trip),
                ways[f"ours, {STEPS} steps"](small[index]),
            ]
            shown.append(np.concatenate([*row, true[index]], axis=1))
    about = {
        "command": command or f"limner eval enlarger --count {scenes}", "weights": enlarger.digest[:16],
        "steps as a rule": STEPS, "scenes": f"{scenes} of each world", "world version": WORLD_VERSION, **surroundings(),
    }  # fmt: skip
    report = EnlargerReport(tuple(rows), about)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "report.json").write_text(report.to_json())
        (out / "report.txt").write_text(report.table() + "\n")
        Image.fromarray(np.concatenate(shown)).save(out / "sheet.png")
    return report


def _measured(
    ways: Mapping[str, Enlarge], pictures: np.ndarray, true: list[np.ndarray], name: str
) -> tuple[dict[str, dict[str, np.ndarray]], dict[str, float]]:
    """Return every measure (N) of every way, and the mean seconds that each took."""
    found: dict[str, dict[str, list[float]]] = {way: {measure: [] for measure in MEASURES} for way in ways}
    spent = dict.fromkeys(ways, 0.0)
    for small, truth in tqdm(list(zip(pictures, true, strict=True)), desc=name, mininterval=5):
        for way, enlarge in ways.items():
            began = time.perf_counter()
            large = enlarge(small)
            spent[way] += time.perf_counter() - began
            for measure, value in measures(large, truth, small).items():
                found[way][measure].append(value)
    arrays = {way: {measure: np.array(each) for measure, each in values.items()} for way, values in found.items()}
    return arrays, {way: seconds / len(true) for way, seconds in spent.items()}


def measures(large: np.ndarray, true: np.ndarray, small: np.ndarray) -> dict[str, float]:
    """Return the measures of `EnlargedRow` for one picture: (H, W, 3), (H, W, 3) and (h, w, 3) uint8."""
    from torchmetrics.functional.image import peak_signal_noise_ratio, structural_similarity_index_measure

    ours, truth = (to_tensor(picture[None]) * 127.5 + 127.5 for picture in (large, true))
    likeness = structural_similarity_index_measure(ours, truth, data_range=255.0)
    assert isinstance(likeness, Tensor)  # a pair only where more than the mean is asked for
    return {
        "psnr": float(peak_signal_noise_ratio(ours, truth, data_range=255.0)),
        "ssim": float(likeness),
        "sharpness": sharpness(ours, truth),
        "overshoot": overshoot(ours, truth),
        "consistency": float((F.avg_pool2d(ours, FACTOR) - to_tensor(small[None]) * 127.5 - 127.5).abs().mean()),
    }


def sharpness(ours: Tensor, truth: Tensor) -> float:
    """Return how steep our picture is where the true one has edges, as a share of how steep that is.

    The steepest change in a window of `NEAR` pixels counts in both, so that an edge that moved a little is not a
    blurred one, and what is steeper than the truth counts as steep as it.
    """
    mine, own = (_steepness(picture) for picture in (ours, truth))
    on_edge = own >= EDGE
    if not on_edge.any():
        return 1.0
    mine, own = (_highest(steep, NEAR)[on_edge] for steep in (mine, own))
    return float(torch.minimum(mine, own).sum() / own.sum())


def overshoot(ours: Tensor, truth: Tensor) -> float:
    """Return the mean of how far pixels lie outside the range of the true picture's within `NEAR` of them, of 255."""
    high, low = _highest(truth, 2 * NEAR + 1), -_highest(-truth, 2 * NEAR + 1)
    return float(((ours - high).clamp(min=0) + (low - ours).clamp(min=0)).mean())


def _highest(values: Tensor, window: int) -> Tensor:
    """Return the highest value in the window round each pixel; across, then down, which is a window's side faster."""
    across = F.max_pool2d(values, (1, window), 1, (0, window // 2))
    return F.max_pool2d(across, (window, 1), 1, (window // 2, 0))


def _steepness(pictures: Tensor) -> Tensor:
    """Return the largest change to the next pixel, over channels and both directions: (1, 1, H, W) of (1, 3, H, W)."""
    across = F.pad(torch.diff(pictures, dim=3).abs(), (0, 1, 0, 0))
    down = F.pad(torch.diff(pictures, dim=2).abs(), (0, 0, 0, 1))
    return torch.maximum(across, down).amax(1, keepdim=True)


def _resized(small: np.ndarray, how: Image.Resampling) -> np.ndarray:
    height, width = small.shape[:2]
    return np.asarray(Image.fromarray(small).resize((FACTOR * width, FACTOR * height), how))


def _fine(value: Share) -> str:
    return f"{value.value:.3f} [{value.low:.3f}, {value.high:.3f}]"
