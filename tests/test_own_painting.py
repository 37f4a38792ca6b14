"""Painters and autoencoders of people's own pictures: they learn, resume bit for bit, and paint."""

from __future__ import annotations

import hashlib
import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from captioner.blend import Blend
from captioner.errors import TrainingError
from captioner.packing import load_model
from captioner.training.loop import seeded
from captioner.training.own import OwnData
from captioner.training.stream import Example, Source
from generation.models.autoencoder import PictureAutoencoder
from generation.models.denoiser import Denoiser
from generation.registry import load_painter
from generation.request import RenderFinished, RenderRequest
from generation.training import own as own_training
from generation.training.autoencoder import AutoencoderData, train_autoencoder
from generation.training.own import prompt_of, train_own_painter
from generation.training.painter import PainterData, hidden
from tests.pictures import Blobs
from tests.sets import as_folder, as_parquet, captions_of

DATA = PainterData(batch=8, size=32)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sets, and a small autoencoder of random weights."""
    folder = tmp_path_factory.mktemp("own")
    as_folder(folder / "f", range(16))
    as_parquet(folder / "p.parquet", range(16, 28))
    torch.manual_seed(0)
    small = PictureAutoencoder(latent_channels=4, widths=(8, 16), encoder_blocks=(1, 1), decoder_blocks=(1, 1))
    small.save_pretrained(folder / "autoencoder")
    return folder


@pytest.fixture(autouse=True)
def _few_for_the_prior(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_training, "PRIOR_PICTURES", 32)


def painted(place: Path, out: Path, steps: int, data: OwnData | None = None, **more: Any) -> dict[str, Any]:
    data = data or OwnData((Source(place / "f"), Source(place / "p.parquet", 2.0)))
    return train_own_painter(
        out, data, steps=steps, threads=1, data=DATA, autoencoder=place / "autoencoder", width=64, layers=1,
        text_layers=1, flat_until=1.0, **{"prior_rank": 8, **more},
    )  # fmt: skip


def test_an_autoencoder_learns_peoples_own_pictures_without_words(place: Path, tmp_path: Path) -> None:
    for path in as_folder(tmp_path / "mute", range(6)).glob("*.txt"):
        path.unlink()
    account = train_autoencoder(
        tmp_path / "run", steps=3, threads=1, data=AutoencoderData(batch=2, size=32),
        own=OwnData((Source(tmp_path / "mute"),)), warm_start=place / "autoencoder",
    )  # fmt: skip
    assert account["sources"][0]["pictures"] == 6 and account["sources"][0]["skipped"] == 0
    assert PictureAutoencoder.from_pretrained(tmp_path / "run" / "autoencoder").config.world_version == 0


def test_a_painter_learns_peoples_own_pictures_resumes_bit_for_bit_and_paints(place: Path, tmp_path: Path) -> None:
    account = painted(place, tmp_path / "whole", 60, prior_rank=0)
    first = json.loads((tmp_path / "whole" / "losses.jsonl").read_text().splitlines()[0])
    assert account["last_loss"] < first["loss"] and account["crop"] == "the middle square"
    folder, table = account["sources"]
    assert folder["used"] + table["used"] == 480 and (folder["pictures"], table["pictures"]) == (16, 12)
    painted(place, tmp_path / "broken", 20, prior_rank=0)
    painted(place, tmp_path / "broken", 60, prior_rank=0, resume=True)
    whole, broken = (load_model(Denoiser, tmp_path / name / "denoiser").state_dict() for name in ("whole", "broken"))
    assert all(torch.equal(value, broken[name]) for name, value in whole.items())
    painter = load_painter(str(tmp_path / "whole"))
    request = RenderRequest("one", "create", "a red square", 1, width=64, height=64, steps=2)
    (last,) = [event for event in painter.paint([request], Blobs()) if isinstance(event, RenderFinished)]
    assert last.image.startswith(b"\x89PNG")


def test_a_painter_learns_by_a_captioners_words_as_often_as_the_share_says() -> None:
    pixels, rng = np.zeros((8, 8, 3), np.uint8), random.Random(3)
    example = Example("a", "0", pixels, "own", "short", "descriptive")
    drawn = [prompt_of(example, Blend(0.95), 0.1, rng) for _ in range(4_000)]
    shares = [drawn.count(text) / len(drawn) for text in ("descriptive", "own", "")]
    assert shares == pytest.approx([0.9 * 0.95, 0.9 * 0.05, 0.1], abs=4 * 0.5 / 4_000**0.5)
    mute = Example("a", "0", pixels, "", "short", "descriptive")
    assert {prompt_of(mute, Blend(0.5), 0.0, rng) for _ in range(50)} == {"descriptive"}


def test_captions_and_their_share_are_given_together(place: Path, tmp_path: Path) -> None:
    files = sorted((place / "f").glob("*.png"))
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
    captions = captions_of(tmp_path / "c.parquet", digests, [("s", f"long {n}", None) for n in range(len(files))])
    data = OwnData((Source(place / "f"),), captions)
    account = painted(place, tmp_path / "run", 2, data, synthetic=1.0)
    assert account["synthetic"] == 1.0 and account["captions"] == "c.parquet"
    assert (tmp_path / "run" / "samples-000002.txt").read_text().startswith("long ")
    can = load_painter(str(tmp_path / "run")).capabilities()
    assert can.default_size == (32, 32) == (can.min_size, can.max_size) and "edit" not in can.acts
    with pytest.raises(TrainingError, match="give both or neither"):
        painted(place, tmp_path / "other", 2, data)
    with pytest.raises(TrainingError, match="multiple of 16"):
        painted(place, tmp_path / "other", 2, size=100)


def test_what_is_hidden_of_a_prompt_does_not_depend_on_what_else_is_drawn() -> None:
    long, short = torch.ones(4, 32, dtype=torch.bool), torch.ones(4, 16, dtype=torch.bool)
    data = PainterData(hidden_rows=0.5, hidden_tokens=0.5)
    times = []
    for is_real in (long, short):
        generator = seeded(1, 2)
        hidden(is_real, data, seeded(1, 2, own_training.HIDING))
        times.append(torch.randn(4, generator=generator))
    assert torch.equal(*times)
