"""Weights in eight bits: bounded errors, nothing lost that must be exact, and models that load as they were."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import SiglipTextModel

from captioner.errors import WeightsError
from captioner.packing import NUMBERS, PACKED, SMALLEST, load_model, packed, save_packed, unpacked
from generation.embedded import EmbeddedPainter
from generation.export import publish_painter
from generation.models.denoiser import Denoiser
from generation.models.words import load_text_encoder, new_text_encoder
from tests.test_painter import weights  # noqa: F401  (a fixture)


def state() -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    return {
        "matrix": torch.randn(64, SMALLEST // 64, generator=generator) * torch.logspace(-6, 3, 64)[:, None],
        "kernel": torch.randn(32, 16, 3, 3, generator=generator),
        "bias": torch.randn(64, generator=generator),
        "exact": torch.randn(64, SMALLEST // 64, generator=generator),
        "counts": torch.arange(5),
    }


def test_no_entry_is_off_by_more_than_half_its_rows_scale() -> None:
    before = state()
    after = unpacked(packed(before))
    assert after.keys() == before.keys()
    for name in ("matrix", "kernel"):
        rows = before[name].flatten(1)
        bound = rows.abs().amax(1, keepdim=True) / 127 / 2
        assert torch.all((after[name].flatten(1) - rows).abs() <= bound * 1.0001)


def test_small_tensors_are_halved_whole_numbers_kept_and_what_must_be_exact_is() -> None:
    before = state()
    stored = packed(before, exact=("exact",))
    assert torch.equal(stored["bias"], before["bias"].half())
    assert torch.equal(stored["counts"], before["counts"])
    assert torch.equal(unpacked(stored)["exact"], before["exact"])
    assert stored["matrix" + NUMBERS].dtype == torch.int8


def test_packing_again_what_was_unpacked_changes_nothing() -> None:
    once = packed(state())
    twice = packed(unpacked(once))
    assert all(torch.equal(once[name], twice[name]) for name in once if name.endswith(NUMBERS))


def test_a_row_of_zeros_stays_zero() -> None:
    assert torch.equal(unpacked(packed({"w": torch.zeros(64, 64)}))["w"], torch.zeros(64, 64))


def test_a_packed_denoiser_loads_with_the_same_configuration_and_nearly_the_same_weights(tmp_path: Path) -> None:
    torch.manual_seed(1)
    model = Denoiser(latent_channels=4, width=64, layers=2, heads=1, text_width=64, cells=4, prior_rank=8)
    model.set_prior(torch.randn(100, 4, 4, 4))
    save_packed(model, tmp_path, exact=("prior_",))
    loaded = load_model(Denoiser, tmp_path)
    assert loaded.config.prior_rank == 8
    half = load_model(Denoiser, tmp_path, torch.bfloat16, ("prior_",))
    assert half.out.weight.dtype == torch.bfloat16
    for name in ("prior_mean", "prior_basis", "prior_variances"):
        assert torch.equal(getattr(loaded, name), getattr(model, name))
        assert torch.equal(getattr(half, name), getattr(model, name))
    for name, value in model.state_dict().items():
        assert torch.allclose(loaded.state_dict()[name], value, atol=float(value.abs().max()) / 100)


def test_a_text_encoder_loads_from_a_packed_folder_as_from_an_ordinary_one(tmp_path: Path) -> None:
    torch.manual_seed(1)
    encoder = new_text_encoder(300, width=64, layers=1).eval()
    encoder.save_pretrained(tmp_path / "ordinary")
    save_packed(encoder, tmp_path / "packed")
    tokens = torch.tensor([[1, 5, 7, 3]])
    states = [load_text_encoder(tmp_path / name)(input_ids=tokens).last_hidden_state for name in ("ordinary", "packed")]
    assert torch.equal(states[0], encoder(input_ids=tokens).last_hidden_state)
    assert torch.allclose(states[0], states[1], atol=0.05) and not torch.equal(states[0], states[1])


@pytest.mark.parametrize("kind", ["packed", "ordinary"])
def test_a_folder_that_lacks_a_weight_is_refused_and_never_filled_up(tmp_path: Path, kind: str) -> None:
    model = Denoiser(latent_channels=4, width=64, layers=1, heads=1, text_width=64)
    if kind == "packed":
        save_packed(model, tmp_path)
    else:
        model.save_pretrained(tmp_path)
    file = tmp_path / (PACKED if kind == "packed" else "diffusion_pytorch_model.safetensors")
    kept = {name: value for name, value in load_file(file).items() if not name.startswith("region_out")}
    save_file(kept, file, metadata={"format": "pt"})
    with pytest.raises((WeightsError, RuntimeError), match="region_out"):
        load_model(Denoiser, tmp_path)


def test_an_ordinary_folder_of_the_other_family_loads_too(tmp_path: Path) -> None:
    new_text_encoder(300, width=64, layers=1).save_pretrained(tmp_path)
    assert load_model(SiglipTextModel, tmp_path, attn_implementation="eager").config.hidden_size == 64


def test_publishing_a_painter_keeps_the_autoencoder_and_the_card_that_are_there(tmp_path: Path, weights: Path) -> None:  # noqa: F811
    home, run = tmp_path / "home", tmp_path / "run"
    shutil.copytree(weights, run)
    (run / "training.json").write_text('{"steps": 7}')
    shutil.copytree(weights / "autoencoder", home / "autoencoder")
    (home / "README.md").write_text("the card")
    (home / "training.json").write_text('{"autoencoder": {"steps": 3}}')
    publish_painter(run, to=home)
    assert json.loads((home / "training.json").read_text()) == {"autoencoder": {"steps": 3}, "painter": {"steps": 7}}
    assert (home / "README.md").read_text() == "the card"
    (run / "training.json").write_text('{"model": "distillation", "steps": 5}')
    publish_painter(run, to=home)
    accounts = json.loads((home / "training.json").read_text())
    assert accounts["painter"] == {"steps": 7} and accounts["distillation"]["steps"] == 5
    published, before = EmbeddedPainter(home, device="cpu"), EmbeddedPainter(weights, device="cpu")
    for name, value in before.denoiser.state_dict().items():
        assert torch.allclose(published.denoiser.state_dict()[name], value, atol=float(value.abs().max()) / 60)


def test_a_run_that_cannot_be_published_leaves_everything_as_it_was(tmp_path: Path, weights: Path) -> None:  # noqa: F811
    home, run = tmp_path / "home", tmp_path / "run"
    shutil.copytree(weights, home)
    shutil.copytree(weights, run)
    (run / "training.json").write_text("{}")
    next((run / "text_encoder").glob("*.safetensors")).write_bytes(b"damaged")
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    with pytest.raises(Exception, match=r"(?i)header|safetensors"):
        publish_painter(run, run, to=home)
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before
