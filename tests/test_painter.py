"""The embedded painter at tiny sizes: real classes, random weights, exact expectations."""

from __future__ import annotations

import dataclasses
import io
import random
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from captioner.models.layers import locality, offset_entries
from captioner.packing import load_model
from generation.embedded import EmbeddedPainter
from generation.errors import PaintingError, PictureError, RequestError, WeightsError
from generation.models.autoencoder import LatentScale, PictureAutoencoder
from generation.models.denoiser import MOST_GUIDANCE, Denoiser
from generation.models.words import CHANGE, MAX_TOKENS, new_text_encoder, text_states, tokenize, train_tokenizer
from generation.request import (
    FakePainter,
    RenderFinished,
    RenderPreview,
    RenderProgress,
    RenderRequest,
    check_size,
)
from generation.sampling import euler_schedule, guide, noise_for
from generation.training.distillation import student_of

TEXTS = ["a white bunny is standing in a meadow", "make the bunny happier", "it is night with a red hat"] * 20


class Blobs:
    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def read(self, digest: str) -> bytes:
        return self.kept[digest]


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    torch.manual_seed(3)
    tokenizer = train_tokenizer(TEXTS, 400)
    denoiser = Denoiser(latent_channels=4, width=64, layers=2, heads=1, text_width=64, world_version=1)
    torch.nn.init.normal_(denoiser.out.weight, std=0.1)
    torch.nn.init.normal_(denoiser.condition_in.weight, std=0.1)
    PictureAutoencoder(latent_channels=4, widths=(8, 16), world_version=1).save_pretrained(folder / "autoencoder")
    denoiser.save_pretrained(folder / "denoiser")
    new_text_encoder(len(tokenizer), width=64, layers=1).save_pretrained(folder / "text_encoder")
    tokenizer.save_pretrained(folder / "tokenizer")
    return folder


@pytest.fixture(scope="module")
def painter(weights: Path) -> EmbeddedPainter:
    return EmbeddedPainter(weights, device="cpu")


def finished(painter: EmbeddedPainter, *requests: RenderRequest, blobs: Blobs | None = None) -> list[RenderFinished]:
    events = painter.paint(requests, blobs or Blobs())
    return [event for event in events if isinstance(event, RenderFinished)]


def create(seed: int = 1, **others: object) -> RenderRequest:
    return RenderRequest(f"r{seed}", "create", "a white bunny in a meadow", seed, steps=3, **others)  # type: ignore[arg-type]


def test_the_same_recipe_paints_the_same_pixels(painter: EmbeddedPainter) -> None:
    first, second = finished(painter, create())[0], finished(painter, create())[0]
    assert first.image == second.image and first.latent == second.latent


def test_a_freshly_loaded_painter_paints_the_same_pixels(painter: EmbeddedPainter, weights: Path) -> None:
    assert finished(EmbeddedPainter(weights, device="cpu"), create())[0].image == finished(painter, create())[0].image


def test_another_seed_paints_another_picture(painter: EmbeddedPainter) -> None:
    assert finished(painter, create(1))[0].image != finished(painter, create(2))[0].image


def test_painting_reports_every_step_then_previews_then_a_picture_of_the_size_asked(painter: EmbeddedPainter) -> None:
    events = list(painter.paint([create(width=96, height=64)], Blobs()))
    assert [event.step for event in events if isinstance(event, RenderProgress)] == [1, 2, 3]
    assert any(isinstance(event, RenderPreview) for event in events)
    assert Image.open(io.BytesIO(events[-1].image)).size == (96, 64)  # type: ignore[union-attr]
    assert events[-1].recipe.width == 96 and events[-1].recipe.start == "noise"  # type: ignore[union-attr]


def test_an_edit_depends_on_its_parent_and_names_it_in_the_recipe(painter: EmbeddedPainter) -> None:
    blobs = Blobs()
    blobs.kept = {str(seed): finished(painter, create(seed))[0].latent for seed in (1, 2)}
    edits = [
        finished(painter, dataclasses.replace(create(7), act="edit", change="happier", parent_latent=name), blobs=blobs)
        for name in ("1", "2")
    ]
    assert edits[0][0].image != edits[1][0].image
    assert edits[0][0].recipe.start == "latent:1"


def test_an_uploaded_picture_can_be_edited(painter: EmbeddedPainter) -> None:
    blobs, buffer = Blobs(), io.BytesIO()
    Image.new("RGB", (300, 200), "red").save(buffer, "PNG")
    blobs.kept["p"] = buffer.getvalue()
    request = dataclasses.replace(create(), act="edit", change="make it blue", parent_image="p")
    assert len(finished(painter, request, blobs=blobs)) == 1


def test_stopping_ends_painting_without_a_picture(painter: EmbeddedPainter) -> None:
    stop = threading.Event()
    events = []
    for event in painter.paint([create()], Blobs(), stop.is_set):
        events.append(event)
        stop.set()
    assert not any(isinstance(event, RenderFinished) for event in events)


@pytest.mark.parametrize("size", [(100, 128), (0, 128), (128, 4096), (-16, 64)])
def test_a_size_that_cannot_be_painted_is_refused_with_the_sizes_that_can(
    painter: EmbeddedPainter, size: tuple[int, int]
) -> None:
    with pytest.raises(RequestError, match="multiples of 16 from 64 to 256"):
        finished(painter, create(width=size[0] or 8, height=size[1]))


def test_a_painter_of_one_size_says_which() -> None:
    can = dataclasses.replace(FakePainter().capabilities(), min_size=128, max_size=128, default_size=(128, 128))
    assert check_size((128, 128), can) == (128, 128)
    with pytest.raises(RequestError, match="128x128 pixels only; 256x256 was asked"):
        check_size((256, 256), can)


def test_a_damaged_parent_or_mask_gets_a_sentence(painter: EmbeddedPainter) -> None:
    blobs = Blobs()
    blobs.kept = {"bad": b"not a latent", "mask": b"not a mask"}
    with pytest.raises(PictureError, match="latent"):
        finished(painter, dataclasses.replace(create(), act="edit", parent_latent="bad"), blobs=blobs)
    with pytest.raises(PictureError, match="mask"):
        finished(painter, create(mask="mask"), blobs=blobs)


@pytest.mark.parametrize("part", ["denoiser", "autoencoder", "text_encoder", "tokenizer"])
def test_missing_weights_get_a_sentence(weights: Path, tmp_path: Path, part: str) -> None:
    for other in ("denoiser", "autoencoder", "text_encoder", "tokenizer"):
        if other != part:
            (tmp_path / other).symlink_to(weights / other)
    with pytest.raises(WeightsError, match="missing or damaged"):
        EmbeddedPainter(tmp_path)


def test_damaged_weights_get_a_sentence(weights: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(weights, tmp_path / "w")
    file = next((tmp_path / "w" / "denoiser").glob("*.safetensors"))
    file.write_bytes(file.read_bytes()[:1000])
    with pytest.raises(WeightsError, match="missing or damaged"):
        EmbeddedPainter(tmp_path / "w")


def test_weights_of_another_world_version_get_a_sentence(weights: Path, tmp_path: Path) -> None:
    for part in ("autoencoder", "text_encoder", "tokenizer"):
        (tmp_path / part).symlink_to(weights / part)
    model = Denoiser(latent_channels=4, width=64, layers=2, heads=1, text_width=64, world_version=999)
    model.save_pretrained(tmp_path / "denoiser")
    with pytest.raises(WeightsError, match="world version 999"):
        EmbeddedPainter(tmp_path)


def test_numbers_that_are_no_picture_are_never_shown(weights: Path) -> None:
    broken = EmbeddedPainter(weights, device="cpu")
    broken.denoiser.out.bias.fill_(float("nan"))
    with pytest.raises(PaintingError, match="another seed"):
        finished(broken, create())


def test_a_clean_latent_has_no_mean_in_any_channel_and_unit_mean_square_over_all() -> None:
    model = PictureAutoencoder(latent_channels=4, widths=(8, 16)).train()
    latents = model.encode(torch.rand(16, 3, 64, 64) * 2 - 1)
    assert torch.allclose(latents.mean((0, 2, 3)), torch.zeros(4), atol=1e-5)
    assert latents.square().mean().item() == pytest.approx(1.0, abs=1e-4)


def test_the_latents_scale_outside_training_is_the_average_of_that_in_training() -> None:
    scale, generator = LatentScale(3, momentum=0.1), torch.Generator().manual_seed(0)
    spread, middle = torch.tensor([1.0, 2.0, 3.0]).view(1, 3, 1, 1), torch.tensor([5.0, 0.0, -2.0]).view(1, 3, 1, 1)
    for _ in range(200):
        scale(torch.randn(64, 3, 8, 8, generator=generator) * spread + middle)
    scale.eval()
    latents = scale(torch.randn(4000, 3, 8, 8, generator=generator) * spread + middle)
    assert torch.allclose(latents.mean((0, 2, 3)), torch.zeros(3), atol=0.03)
    # variances 1, 4 and 9 keep their ratios; their mean becomes one
    assert torch.allclose(latents.var((0, 2, 3)), torch.tensor([3 / 14, 12 / 14, 27 / 14]), rtol=0.05)


def test_tokens_the_same_way_apart_share_a_bias_and_far_ones_the_farthest() -> None:
    offsets = offset_entries(12, 12, torch.device("cpu"))
    at = lambda row, column: row * 12 + column  # noqa: E731
    assert offsets[at(0, 0), at(1, 2)] == offsets[at(5, 5), at(6, 7)] != offsets[at(1, 2), at(0, 0)]
    assert offsets[at(0, 0), at(11, 0)] == offsets[at(0, 0), at(9, 0)] != offsets[at(0, 0), at(7, 0)]
    table = locality(3)
    near, far = table[:, offsets[at(5, 5), at(5, 6)]], table[:, offsets[at(5, 5), at(5, 9)]]
    assert near.tolist() == [-1.0, -0.5, 0.0] and far.tolist() == [-4.0, -2.0, 0.0]


def test_the_denoiser_ignores_the_parent_until_it_has_learnt_to_look_at_it() -> None:
    model = Denoiser(latent_channels=4, width=64, layers=1, heads=1, text_width=64)
    torch.nn.init.normal_(model.out.weight)
    text = model.prepare_text(torch.randn(1, 16, 64), torch.ones(1, 16, dtype=torch.bool))
    noisy, one = torch.randn(1, 4, 8, 8), torch.ones(1, 1, 8, 8)
    plain = model(noisy, torch.rand(1), text, torch.zeros_like(noisy), 0 * one, one)
    assert plain.shape == noisy.shape
    torch.manual_seed(0)
    time = torch.tensor([0.4])
    without = model(noisy, time, text, torch.zeros_like(noisy), 0 * one, one)
    assert torch.equal(without, model(noisy, time, text, torch.randn_like(noisy), one, one))


def test_the_linear_prior_is_the_exact_answer_for_gaussian_latents() -> None:
    generator = torch.Generator().manual_seed(0)
    mixing = torch.randn(64, 64, generator=generator) / 8
    latents = (torch.randn(4000, 64, generator=generator) @ mixing + 0.5).view(-1, 4, 4, 4)
    model = Denoiser(latent_channels=4, width=64, layers=1, heads=1, text_width=64, cells=4, prior_rank=63)
    model.set_prior(latents)
    noise, t = torch.randn(latents.shape, generator=generator), 0.6
    noisy, velocity = (1 - t) * latents + t * noise, (noise - latents).flatten(1)
    answer = model.linear_velocity(noisy, torch.full((4000,), t)).flatten(1)
    design = torch.cat((noisy.flatten(1), torch.ones(4000, 1)), 1)
    regression = design @ torch.linalg.lstsq(design, velocity).solution
    assert (answer - regression).square().mean() < 0.03 * velocity.var()
    assert (answer - velocity).square().mean() < 1.06 * (regression - velocity).square().mean()


def test_an_untrained_denoiser_with_a_prior_answers_with_the_prior() -> None:
    model = Denoiser(latent_channels=4, width=64, layers=1, heads=1, text_width=64, cells=4, prior_rank=8)
    model.set_prior(torch.randn(200, 4, 4, 4))
    noisy, time, one = torch.randn(2, 4, 4, 4), torch.tensor([0.3, 0.9]), torch.ones(2, 1, 4, 4)
    text = model.prepare_text(torch.randn(2, 16, 64), torch.ones(2, 16, dtype=torch.bool))
    answer = model(noisy, time, text, torch.zeros_like(noisy), 0 * one, one)
    assert torch.allclose(answer, model.linear_velocity(noisy, time), atol=1e-5)


def test_padding_has_no_say_in_what_is_painted() -> None:
    torch.manual_seed(1)
    model = Denoiser(latent_channels=4, width=64, layers=2, heads=1, text_width=64).eval()
    torch.nn.init.normal_(model.out.weight)
    encoder = new_text_encoder(300, width=64, layers=1).eval()
    tokens = torch.randint(4, 300, (1, 16))
    longer = torch.cat((tokens, torch.zeros(1, 16, dtype=torch.int64)), 1)
    noisy, one, time = torch.randn(1, 4, 8, 8), torch.ones(1, 1, 8, 8), torch.tensor([0.5])
    outs = []
    for row in (tokens, longer):
        is_real = torch.arange(row.shape[1])[None] < 16
        text = model.prepare_text(text_states(encoder, row, is_real), is_real)
        outs.append(model(noisy, time, text, torch.zeros_like(noisy), one, one))
    assert torch.allclose(outs[0], outs[1], atol=1e-4)


def test_the_scheduler_ends_on_the_clean_latent_of_a_perfect_velocity() -> None:
    clean, noise = torch.randn(1, 4, 8, 8), noise_for(5, 0, (4, 8, 8))[None]
    scheduler, latents = euler_schedule(4), noise
    for moment in scheduler.timesteps:
        latents = scheduler.step(noise - clean, moment, latents).prev_sample
    assert torch.allclose(latents, clean, atol=1e-5)


def test_guidance_of_one_is_the_conditional_answer() -> None:
    unconditional, conditional = torch.randn(2, 3), torch.randn(2, 3)
    assert torch.allclose(guide(unconditional, conditional, 1.0), conditional)
    expected = unconditional + 3 * (conditional - unconditional)
    assert torch.allclose(guide(unconditional, conditional, 3.0), expected, atol=1e-5)


def test_a_student_starts_as_its_teacher_and_paints_in_one_pass_at_the_scales_that_it_learns(
    weights: Path, tmp_path: Path, painter: EmbeddedPainter, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(weights, tmp_path / "student")
    student_of(load_model(Denoiser, weights / "denoiser")).save_pretrained(tmp_path / "student" / "denoiser")
    student = EmbeddedPainter(tmp_path / "student", device="cpu")
    rows: list[int] = []
    predict = student.denoiser.forward

    def counted(noisy: torch.Tensor, *others: object, **more: object) -> torch.Tensor:
        rows.append(len(noisy))
        return predict(noisy, *others, **more)

    monkeypatch.setattr(student.denoiser, "forward", counted)
    beyond = MOST_GUIDANCE + 1
    for scale, teachers in ((1.0, 1.0), (3.5, 1.0), (MOST_GUIDANCE, 1.0), (beyond, beyond)):
        (one,) = finished(student, create(guidance=scale))
        (other,) = finished(painter, create(guidance=teachers))
        assert one.image == other.image and one.recipe.guidance == scale
    assert rows == [1] * 9 + [2] * 3


def test_a_long_prompt_loses_its_end_but_never_the_change() -> None:
    tokenizer = train_tokenizer(TEXTS, 400)
    tokens, is_real = tokenize(tokenizer, ["bunny " * 500], ["make the bunny happier"])
    assert tokens.shape == (1, MAX_TOKENS) and bool(is_real.all())
    assert tokenizer.convert_tokens_to_ids(CHANGE) in tokens[0].tolist()
    assert "happier" in tokenizer.decode(tokens[0])


@pytest.mark.parametrize("text", ["", "兎を描いて", "🐰", "مرحبا", "\x00\x01"])
def test_any_text_can_be_tokenised(text: str) -> None:
    tokens, is_real = tokenize(train_tokenizer(TEXTS, 400), [text], [""])
    assert bool(is_real[0, 0]) and tokens.shape[1] % 16 == 0


def test_noise_is_a_function_of_seed_and_candidate() -> None:
    shape = (4, 8, 8)
    assert torch.equal(noise_for(1, 0, shape), noise_for(1, 0, shape))
    rng = random.Random(0)
    seeds = [rng.randrange(1 << 62) for _ in range(4)]
    different = [noise_for(seed, candidate, shape) for seed in seeds for candidate in (0, 1)]
    assert len({noise.numpy().tobytes() for noise in different}) == 8
    assert abs(float(np.mean([noise.mean() for noise in different]))) < 0.1
