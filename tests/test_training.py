"""The training loop and the recipes in miniature: exact resume, falling loss, honest accounts."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from captioner.errors import DataError, TrainingError, WeightsError
from captioner.packing import load_model
from captioner.training.checkpoints import CHECKPOINT
from captioner.training.loop import Average, RunSettings, learning_rate_at, optimizers_for, seeded, train
from captioner.training.pictures import PictureCache, draw_pairs
from captioner.world.sample import random_scene
from captioner.world.scene import CORE
from captioner.world.terse import terse
from generation.models.autoencoder import PictureAutoencoder
from generation.models.denoiser import Denoiser
from generation.models.words import new_text_encoder, text_states, tokenize, train_tokenizer
from generation.training.autoencoder import AutoencoderData, reconstruction_loss, train_autoencoder
from generation.training.distillation import guided_velocity, student_of, train_distillation
from generation.training.painter import (
    PainterData,
    cached_latents,
    make_batch,
    train_painter,
    velocity_loss,
)

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> PictureCache:
    return draw_pairs(tmp_path_factory.mktemp("pictures"), pairs=24, setting="core", seed=1, size=64, workers=1)


def regression(folder: Path, settings: RunSettings) -> tuple[nn.Module, dict[str, object]]:
    torch.manual_seed(0)
    model = nn.Linear(4, 1)

    def loss_at(step: int) -> Tensor:
        x = torch.randn(8, 4, generator=seeded(settings.seed, step))
        return (model(x) - x.sum(1, keepdim=True)).square().mean()

    return model, train(model, loss_at, settings, folder, {"model": "test"})


def test_a_resumed_run_matches_an_unbroken_one_bit_for_bit(tmp_path: Path) -> None:
    whole, _ = regression(tmp_path / "whole", RunSettings(steps=40, warmup=5, flat_until=1.0))
    half = RunSettings(steps=20, warmup=5, flat_until=1.0)
    regression(tmp_path / "broken", half)
    resumed, account = regression(tmp_path / "broken", dataclasses.replace(half, steps=40, resume=True))
    assert account["steps"] == 40
    for left, right in zip(whole.parameters(), resumed.parameters(), strict=True):
        assert torch.equal(left, right)


def test_tensorboard_shows_the_losses_and_the_samples_that_a_run_leaves(tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    model = nn.Linear(2, 1)
    noted: dict[str, list[float]] = {"part": []}

    def loss_at(step: int) -> Tensor:
        noted["part"].append(float(step))
        return model(torch.ones(1, 2)).square().mean()

    def on_save(step: int) -> None:
        Image.new("RGB", (4, 2), "red").save(tmp_path / f"sheet-{step:06d}.png")
        (tmp_path / f"samples-{step:06d}.txt").write_text("a red square")

    train(model, loss_at, RunSettings(steps=100, warmup=1, save_minutes=0.0), tmp_path, {}, on_save, noted)
    shown = EventAccumulator(str(tmp_path / "tensorboard"), size_guidance={"images": 0}).Reload()
    assert {"loss", "part", "learning rate", "seconds"} <= set(shown.Tags()["scalars"])
    assert [(event.step, event.value) for event in shown.Scalars("part")] == [(50, 24.5), (100, 74.5)]
    (image, *_) = shown.Images("samples")
    assert (image.width, image.height) == (4, 2)
    assert b"a red square" in shown.Tensors("samples/text_summary")[0].tensor_proto.string_val[0]


def test_muon_takes_the_named_matrices_and_its_runs_resume_bit_for_bit_too(tmp_path: Path) -> None:
    def run(folder: Path, settings: RunSettings) -> nn.Module:
        torch.manual_seed(0)
        model = nn.Sequential(nn.Linear(4, 8), nn.Linear(8, 1))
        kinds = [type(optimizer).__name__ for optimizer in optimizers_for(model, settings)]
        assert kinds == ["AdamW", "Muon"]
        train(
            model, lambda step: model(torch.randn(8, 4, generator=seeded(step))).square().mean(), settings, folder, {}
        )
        return model

    half = RunSettings(steps=10, flat_until=1.0, muon=("0.",))
    whole = run(tmp_path / "whole", dataclasses.replace(half, steps=20))
    run(tmp_path / "broken", half)
    resumed = run(tmp_path / "broken", dataclasses.replace(half, steps=20, resume=True))
    for left, right in zip(whole.parameters(), resumed.parameters(), strict=True):
        assert torch.equal(left, right)


def test_minutes_become_steps_once_and_are_written_down(tmp_path: Path) -> None:
    _, account = regression(tmp_path, RunSettings(minutes=0.002))
    assert account["steps"] > 12
    assert json.loads((tmp_path / "training.json").read_text())["steps"] == account["steps"]
    assert {"commit", "hardware", "settings", "minutes"} <= set(account)


def test_a_loss_that_is_not_a_number_stops_the_run_and_says_where(tmp_path: Path) -> None:
    model = nn.Linear(1, 1)
    with pytest.raises(TrainingError, match="at step 3"):
        train(
            model,
            lambda step: model(torch.ones(1, 1)).sum() * (float("nan") if step == 3 else 1),
            RunSettings(steps=9),
            tmp_path,
            {},
        )


def test_a_resumed_run_without_a_budget_goes_on_to_the_end_it_had(tmp_path: Path) -> None:
    regression(tmp_path, RunSettings(steps=12, warmup=5))
    _, account = regression(tmp_path, RunSettings(resume=True, warmup=5))
    assert account["steps"] == 12
    with pytest.raises(ValueError, match="either minutes or steps"):
        RunSettings(minutes=1, steps=1, resume=True)


def test_resuming_without_a_checkpoint_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no checkpoint"):
        regression(tmp_path, RunSettings(steps=5, resume=True))


def test_a_checkpoint_of_another_architecture_or_one_that_is_damaged_gets_a_sentence(tmp_path: Path) -> None:
    regression(tmp_path, RunSettings(steps=3, warmup=1))
    wider = nn.Linear(64, 2)
    with pytest.raises(WeightsError, match=r"no checkpoint .* that fits this run .*; start anew, or resume with"):
        train(wider, lambda step: wider.weight.sum(), RunSettings(steps=5, resume=True), tmp_path, {})
    whole = (tmp_path / CHECKPOINT).read_bytes()
    for damaged in (whole[: len(whole) // 2], b"", b"no checkpoint at all"):
        (tmp_path / CHECKPOINT).write_bytes(damaged)
        with pytest.raises(WeightsError, match="that fits this run"):
            regression(tmp_path, RunSettings(steps=5, resume=True))
        assert (tmp_path / CHECKPOINT).read_bytes() == damaged, "nothing is written over"


def test_the_learning_rate_warms_up_stays_and_decays_to_nearly_nothing() -> None:
    settings = RunSettings(steps=100, warmup=10, flat_until=0.8, learning_rate=1.0)
    rates = [learning_rate_at(step, 100, settings) for step in range(100)]
    assert rates[0] == pytest.approx(0.1) and rates[10:80] == [1.0] * 70
    assert rates[80:] == sorted(rates[80:], reverse=True) and rates[-1] == pytest.approx(0.05)


def test_the_average_follows_a_constant_exactly() -> None:
    model = nn.Linear(2, 2)
    average = Average(model, 0.9)
    for step in range(10):
        average.update(model, step)
    assert torch.allclose(average.state["weight"], model.weight)


TOGETHER = """
import sys
from pathlib import Path
import torch
from captioner.training.loop import RunSettings, launched, seeded, train

def loss_of(module, number):
    inputs = torch.randn(8, 4, generator=seeded(5, number))
    return (module(inputs) - inputs.sum(1, keepdim=True)).square().mean()

torch.manual_seed(0)
module, settings = torch.nn.Linear(4, 1), RunSettings(steps=6, warmup=1)
if launched().num_processes == 2:
    loss_at = lambda number: loss_of(module, number)
else:
    loss_at = lambda step: (loss_of(module, 2 * step) + loss_of(module, 2 * step + 1)) / 2
train(module, loss_at, settings, Path(sys.argv[1]), {})
if launched().is_main_process:
    torch.save(module.state_dict(), Path(sys.argv[1]) / "end.pt")
"""


def test_two_processes_take_the_mean_of_their_gradients(tmp_path: Path) -> None:
    script = tmp_path / "together.py"
    script.write_text(TOGETHER)
    # port 0: runs beside this one do not meet
    together = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2"]
    together += ["--rdzv-backend", "c10d", "--rdzv-endpoint", "localhost:0"]
    for name, command in (("two", together), ("one", [sys.executable])):
        ran = subprocess.run([*command, script, tmp_path / name], capture_output=True, text=True, timeout=240, cwd=ROOT)
        assert ran.returncode == 0, ran.stderr
    two, one = (torch.load(tmp_path / name / "end.pt") for name in ("two", "one"))
    assert json.loads((tmp_path / "two" / "training.json").read_text())["processes"] == 2
    assert all(torch.allclose(two[name], one[name], atol=1e-6) for name in one)


def test_minutes_and_steps_together_are_refused() -> None:
    with pytest.raises(ValueError, match="either minutes or steps"):
        RunSettings(minutes=1, steps=1)


def test_reconstruction_loss_matches_a_plain_derivation() -> None:
    painted, pictures, weights = torch.rand(2, 3, 4, 4), torch.rand(2, 3, 4, 4), torch.rand(2, 1, 4, 4)
    e = (painted - pictures).numpy()
    expected = (weights.numpy() * (np.abs(e) + e**2)).mean()
    expected += 0.5 * (np.abs(np.diff(e, axis=2)).mean() + np.abs(np.diff(e, axis=3)).mean())
    assert reconstruction_loss(painted, pictures, weights).item() == pytest.approx(expected, rel=1e-5)


def test_velocity_loss_is_zero_for_the_true_velocity_only() -> None:
    velocity, weights = torch.randn(2, 4, 8, 8), torch.ones(2, 1, 8, 8)
    assert velocity_loss(velocity, velocity, weights) == 0
    assert velocity_loss(velocity + 1, velocity, weights) == pytest.approx(1.0)


def test_a_batch_is_a_function_of_its_generator_and_masks_hide_what_is_painted(cache: PictureCache) -> None:
    latents = np.random.default_rng(0).normal(size=(48, 4, 8, 8)).astype(np.float16)
    data = PainterData(batch=32, size=64, edits=0.4, masks=0.4, parent_noise=0.0)
    one, two = (make_batch(cache, latents, data, seeded(1, 5)) for _ in range(2))
    assert one.prompts == two.prompts and torch.equal(one.clean, two.clean) and torch.equal(one.mask, two.mask)
    assert torch.all(one.parent[(one.known == 0).expand_as(one.parent)] == 0)
    assert one.weights.mean().item() == pytest.approx(1.0, abs=1e-5)
    assert any(one.changes) and any(not change for change in one.changes)


def test_latents_are_kept_for_each_autoencoder_apart(cache: PictureCache, tmp_path: Path) -> None:
    first, second = (PictureAutoencoder(latent_channels=4, widths=(8, 16)).eval() for _ in range(2))
    torch.nn.init.normal_(second.encoder[-1].weight)
    latents = [cached_latents(cache, model, tmp_path) for model in (first, second, first)]
    assert not np.array_equal(latents[0], latents[1]) and np.array_equal(latents[0], latents[2])
    assert len(list(tmp_path.glob("latents-*.npy"))) == 2


def test_drawn_pictures_are_never_drawn_over(cache: PictureCache) -> None:
    about = cache.about
    before = (cache.folder / "pictures.npy").read_bytes()
    with pytest.raises(DataError, match="name another folder"):
        draw_pairs(cache.folder, about["pairs"] + 1, about["setting"], about["seed"], about["size"], 1)
    assert (cache.folder / "pictures.npy").read_bytes() == before


def test_drawn_pictures_serve_runs_of_other_seeds(cache: PictureCache) -> None:
    about = cache.about
    opened = draw_pairs(cache.folder, about["pairs"], about["setting"], about["seed"] + 1, about["size"], 1)
    assert opened.about == about


def test_pictures_of_another_world_version_are_refused(cache: PictureCache, tmp_path: Path) -> None:
    for name in ("pictures.npy", "pairs.jsonl"):
        (tmp_path / name).symlink_to(cache.folder / name)
    (tmp_path / "cache.json").write_text(json.dumps({**cache.about, "world_version": 0}))
    with pytest.raises(DataError, match="world version 0"):
        PictureCache(tmp_path)


def test_the_recipes_run_in_miniature_and_their_losses_fall(cache: PictureCache, tmp_path: Path) -> None:
    small = AutoencoderData(pairs=24, batch=8, size=64)
    account = train_autoencoder(tmp_path / "ae", steps=50, threads=1, data=small, pictures=cache.folder)
    assert account["psnr"] > 8
    train_painter(
        tmp_path / "painter", steps=50, threads=1, data=PainterData(pairs=24, batch=8, size=64), pictures=cache.folder,
        autoencoder=tmp_path / "ae" / "autoencoder", width=64, layers=1, prior_rank=16, lessons=2,
    )  # fmt: skip
    for run in ("ae", "painter"):
        first_step_loss = {"ae": 1.3, "painter": 3.2}[run]
        last = json.loads((tmp_path / run / "losses.jsonl").read_text().splitlines()[-1])
        assert last["step"] == 50 and last["loss"] < first_step_loss
    assert (tmp_path / "painter" / "denoiser" / "config.json").exists()
    assert json.loads((tmp_path / "painter" / "training.json").read_text())["lessons"]["steps"] == 2


def test_a_student_learns_in_miniature_what_guidance_gives_its_teacher_and_can_teach_in_its_turn(
    cache: PictureCache, tmp_path: Path
) -> None:
    tokenizer, cells = train_tokenizer([terse(random_scene(seed, CORE), seed, CORE) for seed in range(40)], 300), 8
    torch.manual_seed(1)
    encoder, teacher = new_text_encoder(len(tokenizer), width=64, layers=1), Denoiser(4, 64, 2, 1, 64, cells)
    for layer in (teacher.out, teacher.condition_in, *(block.cross_attention.out for block in teacher.blocks)):
        torch.nn.init.normal_(layer.weight, std=0.3)
    for name, part in (("tokenizer", tokenizer), ("text_encoder", encoder), ("denoiser", teacher)):
        part.save_pretrained(tmp_path / "teacher" / name)
    PictureAutoencoder(latent_channels=4, widths=(8, 16)).save_pretrained(tmp_path / "ae")
    given: dict[str, Any] = {
        "threads": 1, "data": PainterData(pairs=24, batch=8, size=64), "pictures": cache.folder,
        "autoencoder": tmp_path / "ae",
    }  # fmt: skip
    train_distillation(tmp_path / "run", steps=80, warm_start=tmp_path / "teacher", rate=3e-3, **given)
    student = load_model(Denoiser, tmp_path / "run" / "denoiser")

    noisy, parent = torch.randn(32, 4, cells, cells), torch.zeros(32, 4, cells, cells)
    maps = (parent, parent[:, :1], parent[:, :1] + 1)
    prompts = [terse(random_scene(seed, CORE), seed, CORE) for seed in range(100, 132)]
    tokens, is_real = tokenize(tokenizer, [*prompts, *[""] * 32], [""] * 64)
    time, scale = torch.rand(32), 1 + 5 * torch.rand(32)
    with torch.no_grad():
        states = text_states(encoder, tokens, is_real)
        target = guided_velocity(teacher, noisy, time, states, is_real, maps, scale)
        errors = [
            (each(noisy, time, each.prepare_text(states[:32], is_real[:32]), *maps, guidance=scale) - target)
            for each in (student_of(teacher), student)
        ]
    before, after = (error.square().mean().item() for error in errors)
    assert after < 0.5 * before, (before, after)
    with torch.no_grad():
        text = student.prepare_text(states[:32], is_real[:32])
        assert torch.allclose(
            student.unguided()(noisy, time, text, *maps), student(noisy, time, text, *maps), atol=1e-5
        )
