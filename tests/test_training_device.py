"""Every model trains on whatever device is there; `tests.other_device` stands for a GPU.

All in a process of its own: torch learns of a device only before it first computes a gradient.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from captioner.training.loop import RunSettings, in_bfloat16, train, training_device
from tests.other_device import training_on_other_device

CAPTIONER = {"near_width": 32, "near_layers": 1, "image_width": 64, "image_layers": 1, "width": 64, "heads": 2}
Elsewhere = Callable[..., Any]


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Elsewhere]:
    """Run a function of this module in another process, always the same, and return what it returns."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        yield lambda function, *given: process.submit(function, *given).result(timeout=600)


def test_a_loss_that_leaves_its_batch_on_the_cpu_is_found_out(elsewhere: Elsewhere, tmp_path: Path) -> None:
    assert "devices other and cpu" in elsewhere(_batch_left_behind, tmp_path)


def test_a_run_on_another_device_learns_what_it_learns_on_the_cpu(elsewhere: Elsewhere, tmp_path: Path) -> None:
    expected, found, resumed = elsewhere(_both_ways, tmp_path)
    torch.testing.assert_close(torch.tensor(found), torch.tensor(expected))
    assert resumed == found


def test_mixed_precision_is_that_of_the_device_that_trains(elsewhere: Elsewhere) -> None:
    assert elsewhere(_autocast_device) == "other"


def test_every_model_of_ours_trains_on_another_device(elsewhere: Elsewhere, tmp_path: Path) -> None:
    elsewhere(_all_models, tmp_path)
    for name in "apqcjr":
        assert torch.load(tmp_path / name / "checkpoint.pt", weights_only=True)["step"] == 1
    assert next((tmp_path / "p").glob("sheet-*.png"))


def _batch_left_behind(folder: Path) -> str:
    with training_on_other_device():
        model = nn.Linear(4, 1)
        try:
            train(model, lambda step: model(torch.ones(2, 4)).mean(), RunSettings(steps=1), folder, {})
        except RuntimeError as error:
            return str(error)
    return ""


def _both_ways(folder: Path) -> tuple[list[Any], list[Any], list[Any]]:
    def run(name: str, steps: int, resume: bool = False) -> list[Any]:
        torch.manual_seed(1)
        model = nn.Linear(4, 1)
        x = torch.linspace(-1, 1, 12).view(3, 4)
        settings = RunSettings(steps=steps, warmup=1, flat_until=1.0, muon=("weight",), resume=resume)
        train(model, lambda step: model(x.to(training_device())).square().mean(), settings, folder / name, {})
        return list(model.weight.detach().tolist())

    # The other device first: torch learns of it before the first gradient.
    with training_on_other_device():
        found = run("other", 8)
        run("parts", 4)
        resumed = run("parts", 8, resume=True)
    return run("cpu", 8), found, resumed


def _autocast_device() -> str:
    with training_on_other_device():
        return str(in_bfloat16().device)


def _all_models(folder: Path) -> None:
    from assistant.training.train import Hyperparameters, train_rewriter
    from captioner.training import captioner
    from captioner.training.pictures import draw_pairs
    from generation.models.autoencoder import PictureAutoencoder
    from generation.training import judge, painter, sizes
    from generation.training.autoencoder import AutoencoderData, train_autoencoder
    from generation.training.distillation import train_distillation
    from generation.training.enlarger import EnlargerData, train_enlarger

    painter.TOKENIZER_SCENES = captioner.TOKENIZER_SCENES = 40
    judge.accuracy = lambda judge, scenes: {}  # made on the CPU, slowly
    drawn = draw_pairs(folder / "pictures", 12, "core", 1, 64, 1).folder
    enlarged = folder / "sizes"  # made on the CPU
    sizes.draw_sizes(enlarged, 4, "full", 1, PictureAutoencoder(latent_channels=4, widths=(8, 16)).eval(), 1)
    with training_on_other_device():
        train_autoencoder(folder / "a", steps=1, threads=1, data=AutoencoderData(12, 4, 64), pictures=drawn)
        for name, start in (("p", None), ("q", folder / "p")):
            painter.train_painter(
                folder / name, steps=1, threads=1, data=painter.PainterData(pairs=12, batch=4, size=64),
                pictures=drawn, autoencoder=folder / "a" / "autoencoder", width=64, layers=1, prior_rank=8, lessons=1,
                warm_start=start,
            )  # fmt: skip
        train_distillation(
            folder / "d", steps=1, threads=1, data=painter.PainterData(pairs=12, batch=4, size=64), pictures=drawn,
            autoencoder=folder / "a" / "autoencoder", warm_start=folder / "p",
        )  # fmt: skip
        captioner.train_captioner(
            folder / "c", steps=1, threads=1, data=captioner.CaptionerData(pairs=12, batch=4, size=64), pictures=drawn,
            stage="both", truth=0.5, shape=CAPTIONER,
        )  # fmt: skip
        train_enlarger(
            folder / "e", steps=1, threads=1, data=EnlargerData(4, 4, 16), pictures=enlarged, width=16, layers=2,
            save_minutes=0.0,
        )  # fmt: skip
        judge.train_judge(folder / "j", steps=1, data=judge.JudgeData(pairs=4, batch=4))
        rewriter = Hyperparameters(width=32, layers=1, heads=2, inner=32, tokens_a_batch=1024, samples=40)
        train_rewriter(folder / "r", steps=1, threads=1, settings=rewriter)
