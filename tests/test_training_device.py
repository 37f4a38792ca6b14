"""Every model trains on whatever device is there; `tests.other_device` stands for a GPU."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch import nn

from assistant.training.train import Hyperparameters, train_rewriter
from captioner.training.captioner import CaptionerData, train_captioner
from captioner.training.loop import RunSettings, in_bfloat16, train, training_device
from captioner.training.pictures import draw_pairs
from generation.training.autoencoder import AutoencoderData, train_autoencoder
from generation.training.judge import JudgeData, train_judge
from generation.training.painter import PainterData, train_painter
from tests.other_device import training_on_other_device

CAPTIONER = {"near_width": 32, "near_layers": 1, "image_width": 64, "image_layers": 1, "width": 64, "heads": 2}


@pytest.fixture
def other() -> Iterator[torch.device]:
    with training_on_other_device() as device:
        yield device


def test_a_loss_that_leaves_its_batch_on_the_cpu_is_found_out(other: torch.device, tmp_path: Path) -> None:
    model = nn.Linear(4, 1)
    with pytest.raises(RuntimeError, match="devices other and cpu"):
        train(model, lambda step: model(torch.ones(2, 4)).mean(), RunSettings(steps=1), tmp_path, {})


def test_a_run_on_another_device_learns_what_it_learns_on_the_cpu(tmp_path: Path) -> None:
    def run(folder: Path, steps: int, resume: bool = False) -> torch.Tensor:
        torch.manual_seed(1)
        model = nn.Linear(4, 1)
        x = torch.linspace(-1, 1, 12).view(3, 4)
        settings = RunSettings(steps=steps, warmup=1, flat_until=1.0, muon=("weight",), resume=resume)
        train(model, lambda step: model(x.to(training_device())).square().mean(), settings, folder, {})
        return model.weight.detach().cpu()

    expected = run(tmp_path / "cpu", 8)
    with training_on_other_device():
        found = run(tmp_path / "other", 8)
        run(tmp_path / "parts", 4)
        resumed = run(tmp_path / "parts", 8, resume=True)
    torch.testing.assert_close(found, expected)
    assert torch.equal(resumed, found)


def test_mixed_precision_is_that_of_the_device_that_trains(other: torch.device) -> None:
    assert in_bfloat16().device == "other"


def test_every_model_of_ours_trains_on_another_device(
    other: torch.device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generation.training.painter.TOKENIZER_SCENES", 40)
    monkeypatch.setattr("captioner.training.captioner.TOKENIZER_SCENES", 40)
    monkeypatch.setattr("generation.training.judge.accuracy", lambda judge, scenes: {})  # made on the CPU, slowly
    drawn = draw_pairs(tmp_path / "pictures", 12, "core", 1, 64, 1).folder
    train_autoencoder(tmp_path / "a", steps=1, threads=1, data=AutoencoderData(12, 4, 64), pictures=drawn)
    for name, start in (("p", None), ("q", tmp_path / "p")):
        train_painter(
            tmp_path / name, steps=1, threads=1, data=PainterData(pairs=12, batch=4, size=64), pictures=drawn,
            autoencoder=tmp_path / "a" / "autoencoder", width=64, layers=1, prior_rank=8, lessons=1, warm_start=start,
        )  # fmt: skip
    train_captioner(
        tmp_path / "c", steps=1, threads=1, data=CaptionerData(pairs=12, batch=4, size=64), pictures=drawn,
        stage="both", truth=0.5, shape=CAPTIONER,
    )  # fmt: skip
    train_judge(tmp_path / "j", steps=1, data=JudgeData(pairs=4, batch=4))
    rewriter = Hyperparameters(width=32, layers=1, heads=2, inner=32, tokens_a_batch=1024, samples=40)
    train_rewriter(tmp_path / "r", steps=1, threads=1, settings=rewriter)
    for name in "apqcjr":
        kept = torch.load(tmp_path / name / "checkpoint.pt", weights_only=True)
        assert kept["step"] == 1
    assert next((tmp_path / "p").glob("sheet-*.png"))
