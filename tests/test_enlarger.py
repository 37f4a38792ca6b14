"""The enlarger's model, its sampling and its training in miniature."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image

from captioner.errors import DataError
from captioner.training.loop import seeded
from captioner.world.draw import render
from captioner.world.sample import random_scene
from captioner.world.scene import FULL
from generation.evaluation.enlarger import measures, overshoot, sharpness
from generation.models.autoencoder import PictureAutoencoder
from generation.models.enlarger import FACTOR, PictureEnlarger, bicubic
from generation.super_resolution import enlarge, sample, standard_noise, to_pixels, to_tensor
from generation.training.enlarger import EnlargerData, crops, detail_loss, train_enlarger
from generation.training.sizes import SizedPictures, draw_sizes

DATA = EnlargerData(number=6, batch=4, crop=16)


def tiny(std: float = 0.1) -> PictureEnlarger:
    """Return an enlarger whose every part does something."""
    torch.manual_seed(0)
    model = PictureEnlarger((8, 8, 16), (2, 2, 2)).eval()
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=std)
    return model


def noise_picture(height: int, width: int, count: int = 1) -> torch.Tensor:
    return 2 * torch.rand(count, 3, height, width, generator=seeded(height, width)) - 1


@pytest.fixture(scope="module")
def autoencoder() -> PictureAutoencoder:
    torch.manual_seed(5)
    return PictureAutoencoder(latent_channels=4, widths=(8, 16), world_version=1).eval()


@pytest.fixture(scope="module")
def drawn(autoencoder: PictureAutoencoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sizes")
    draw_sizes(folder, DATA.number, "full", 1, autoencoder, 1)
    return folder


def test_detail_is_what_bicubic_enlarging_lacks_and_comes_back_exactly() -> None:
    model, small, large = tiny(), noise_picture(8, 12), noise_picture(32, 48)
    detail = model.detail_of(large, small)
    assert detail.shape == (1, 48, 8, 12)
    assert torch.allclose(model.with_detail(detail, small), large, atol=1e-6)
    assert torch.equal(model.detail_of(bicubic(small), small), torch.zeros_like(detail))
    first = (large - bicubic(small))[0, :, :FACTOR, :FACTOR].flatten() / model.config.detail_scale
    assert torch.allclose(detail[0, :, 0, 0], first)


def test_bicubic_is_pillows_but_for_rounding() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (9, 7, 3), dtype=np.uint8)
    theirs = np.asarray(Image.fromarray(pixels).resize((28, 36), Image.Resampling.BICUBIC), np.int16)
    ours = to_pixels(bicubic(to_tensor(pixels[None])))[0]
    inner = (slice(8, -8), slice(8, -8))
    # torch takes −0.75 for the cubic's slope and Pillow −0.5, so that they differ a little where much changes.
    assert np.abs(ours - theirs)[inner].mean() < 6


def test_pixels_become_tensors_and_pixels_again() -> None:
    pixels = np.arange(256, dtype=np.uint8).repeat(3).reshape(1, 16, 16, 3)
    assert np.array_equal(to_pixels(to_tensor(pixels)), pixels)


@pytest.mark.parametrize("size", [(150, 70), (64, 64), (33, 5)])
@pytest.mark.parametrize("steps", [1, 3])
def test_tiles_equal_the_whole_at_any_size(size: tuple[int, int], steps: int) -> None:
    model, small = tiny(), noise_picture(*size)
    whole = enlarge(model, small, steps, tile=256)
    assert whole.shape == (1, 3, 4 * size[0], 4 * size[1])
    assert torch.allclose(enlarge(model, small, steps, tile=32), whole, atol=1e-5)
    assert whole.std() > 0.1


def test_nothing_beyond_the_models_reach_matters_and_something_within_it_does() -> None:
    model, small = tiny(), torch.zeros(1, 3, 120, 120)
    other = small.clone()
    other[..., 60, 60] = 1
    noise, time = torch.zeros(1, 48, 120, 120), torch.ones(1)
    with torch.inference_mode():
        differs = (model(noise, time, small) != model(noise, time, other)).any(1)[0]
    rows = differs.any(1).nonzero()
    far = int((rows - 60).abs().max())
    assert model.reach / 2 < far <= model.reach


def test_a_sample_that_is_told_the_truth_arrives_at_it() -> None:
    model, small, large = tiny(), noise_picture(8, 8), noise_picture(32, 32)
    truth = model.detail_of(large, small)

    class Knowing:
        dtype = torch.float32
        with_detail = staticmethod(model.with_detail)

        def __call__(self, noisy: torch.Tensor, time: torch.Tensor, given: torch.Tensor) -> torch.Tensor:
            # What it is given lies on the straight line from the noise to the truth.
            line = (1 - time) * truth + time * standard_noise(small, 7)
            assert torch.allclose(noisy, line, atol=1e-5)
            return truth

    for steps in (1, 2, 5):
        drawn = sample(Knowing(), small, standard_noise(small, 7), steps)  # type: ignore[arg-type]
        assert torch.allclose(drawn, large, atol=1e-5)


def test_the_same_picture_is_enlarged_the_same_alone_and_beside_others() -> None:
    model, small = tiny(), noise_picture(24, 24, 3)
    together = enlarge(model, small)
    for index in range(3):
        assert torch.allclose(enlarge(model, small[index : index + 1]), together[index : index + 1], atol=1e-5)


def test_pictures_at_two_sizes_are_of_one_scene_and_kept(drawn: Path, autoencoder: PictureAutoencoder) -> None:
    pictures = SizedPictures(drawn)
    assert pictures.large.shape == (6, 512, 512, 3) and pictures.small.shape == (6, 3, 128, 128, 3)
    means = pictures.large.reshape(6, 128, 4, 128, 4, 3).mean((2, 4))
    assert np.abs(means - pictures.small[:, 0]).mean() < 8
    trips = to_pixels(autoencoder(to_tensor(pictures.small[:2, 0])).detach())
    assert np.abs(trips.astype(int) - pictures.small[:2, 1]).max() <= 1
    assert (pictures.small[:, 1] != pictures.small[:, 2]).any()
    before = (drawn / "large.npy").stat().st_mtime_ns
    draw_sizes(drawn, 6, "full", 1, autoencoder, 1)
    assert (drawn / "large.npy").stat().st_mtime_ns == before
    with pytest.raises(DataError, match="name another folder"):
        draw_sizes(drawn, 7, "full", 1, autoencoder, 1)


def test_a_folder_of_another_world_is_refused(drawn: Path, tmp_path: Path) -> None:
    for part in drawn.iterdir():
        (tmp_path / part.name).symlink_to(part)
    (tmp_path / "sizes.json").unlink()
    about = json.loads((drawn / "sizes.json").read_text()) | {"world_version": 99}
    (tmp_path / "sizes.json").write_text(json.dumps(about))
    with pytest.raises(DataError, match="drawn with world version 99"):
        SizedPictures(tmp_path)
    with pytest.raises(DataError, match="draw them again"):
        SizedPictures(tmp_path / "nothing")


def test_crops_of_both_sizes_lie_on_each_other(drawn: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = SizedPictures(drawn)
    monkeypatch.setattr("generation.training.enlarger.SHARES", (1.0, 0.0, 0.0, 0.0))
    large, small = crops(pictures, DATA, seeded(3))
    assert large.shape == (4, 3, 64, 64) and small.shape == (4, 3, 16, 16)
    assert torch.allclose(F.avg_pool2d(large, FACTOR), small, atol=1 / 127)
    monkeypatch.setattr("generation.training.enlarger.SHARES", (0.0, 1.0, 0.0, 0.0))
    again, rendered = crops(pictures, DATA, seeded(3))
    assert torch.equal(again, large)
    assert (rendered - small).abs().mean() < 0.1
    assert not torch.equal(crops(pictures, DATA, seeded(4))[0], large)


def test_the_loss_is_nothing_for_the_truth_and_counts_edges_beside_values() -> None:
    truth = torch.randn(2, 48, 4, 4, generator=seeded(1))
    assert detail_loss(truth, truth) == 0
    by_one = detail_loss(truth + 1, truth)  # the same everywhere: no edge is wrong
    assert by_one == pytest.approx((1 + 0.1**2) ** 0.5 - 0.1, rel=1e-4)
    flipped = truth + torch.tensor([1.0, -1.0]).repeat(24)[None, :, None, None]
    assert detail_loss(flipped, truth) > by_one


def test_the_recipe_in_miniature_learns_and_the_same_seed_trains_the_same(
    drawn: Path, autoencoder: PictureAutoencoder, tmp_path: Path
) -> None:
    autoencoder.save_pretrained(tmp_path / "autoencoder")
    given = {
        "threads": 1, "setting": FULL, "data": DATA, "pictures": drawn, "autoencoder": tmp_path / "autoencoder",
        "width": 8, "layers": 2, "save_minutes": 60.0,
    }  # fmt: skip
    account = train_enlarger(tmp_path / "whole", steps=60, **given)  # type: ignore[arg-type]
    rows = [json.loads(line) for line in (tmp_path / "whole" / "losses.jsonl").read_text().splitlines()]
    model = PictureEnlarger.from_pretrained(tmp_path / "whole" / "enlarger").eval()
    assert account["steps"] == 60 and len(rows) == 1
    large, small = crops(SizedPictures(drawn), dataclasses.replace(DATA, batch=16), seeded(9))
    clean, noise = model.detail_of(large, small), torch.randn(16, 48, 16, 16, generator=seeded(8))
    with torch.no_grad():
        assert detail_loss(model(noise, torch.ones(16), small), clean) < detail_loss(torch.zeros_like(clean), clean)
    train_enlarger(tmp_path / "again", steps=60, **given)  # type: ignore[arg-type]
    again = PictureEnlarger.from_pretrained(tmp_path / "again" / "enlarger")
    for one, other in zip(model.parameters(), again.parameters(), strict=True):
        assert torch.equal(one, other)


def test_the_measures_tell_the_truth_from_what_is_blurred_or_ringing() -> None:
    true = render(random_scene(3), 256)
    small = to_pixels(F.avg_pool2d(to_tensor(true[None]), FACTOR))[0]
    same = measures(true, true, small)
    assert (
        same["psnr"] > 60
        and same["ssim"] == pytest.approx(1, abs=1e-4)
        and same["sharpness"] == 1
        and same["overshoot"] == 0
    )
    assert same["consistency"] < 0.5
    bicubics = to_pixels(bicubic(to_tensor(small[None])).clamp(-1, 1))[0]
    found = measures(bicubics, true, small)
    assert found["psnr"] < 40 and found["ssim"] < 0.99 and found["sharpness"] < 0.8
    error = (bicubics.astype(float) - true).__pow__(2).mean()
    assert found["psnr"] == pytest.approx(10 * np.log10(255**2 / error), rel=1e-4)


def test_an_edge_that_moved_is_still_sharp_and_one_beyond_the_truth_is_a_halo() -> None:
    step = torch.zeros(1, 3, 32, 32)
    step[..., 16:] = 200.0
    assert sharpness(step.roll(1, -1)[..., 2:], step[..., 2:]) == 1
    ramp = torch.linspace(0, 200, 32).expand(1, 3, 32, 32)
    assert sharpness(ramp, step) == pytest.approx(200 / 31 / 200, rel=1e-3)
    ringing = step.clone()
    ringing[..., 17] = 232.0
    assert overshoot(step, step) == 0
    assert overshoot(ringing, step) == pytest.approx(32 / 32)
