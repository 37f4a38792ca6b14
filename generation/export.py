"""Weights between their two homes: a run's folders, the repository's half precision, anyone's `from_pretrained`.

All are ordinary diffusers and transformers folders; they differ in precision, shards and what stands beside them.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import torch

from generation.embedded import STEPS, WEIGHTS, EmbeddedPainter
from generation.models.autoencoder import PictureAutoencoder
from generation.models.denoiser import Denoiser
from generation.sampling import euler_schedule

SHARD = "12MB"


def publish_painter(autoencoder_run: Path, painter_run: Path, to: Path = WEIGHTS) -> None:
    """Copy trained models from their runs to where the embedded painter looks, in half precision."""
    from transformers import SiglipTextModel

    shutil.rmtree(to, ignore_errors=True)
    half = torch.float16
    autoencoder = PictureAutoencoder.from_pretrained(autoencoder_run / "autoencoder")
    # bfloat16 and float16 both lose the statistics' last digits, which scale every kept latent.
    statistics = autoencoder.latent_norm.state_dict()
    autoencoder.to(half).latent_norm.float().load_state_dict(statistics)
    autoencoder.save_pretrained(to / "autoencoder")
    Denoiser.from_pretrained(painter_run / "denoiser").to(half).save_pretrained(to / "denoiser", max_shard_size=SHARD)
    SiglipTextModel.from_pretrained(painter_run / "text_encoder").to(half).save_pretrained(to / "text_encoder")
    shutil.copytree(painter_run / "tokenizer", to / "tokenizer")
    for config in to.rglob(
        "config.json"
    ):  # diffusers notes where it read a model from; that place is nobody's business
        settings = json.loads(config.read_text())
        settings.pop("_name_or_path", None)
        config.write_text(json.dumps(settings, indent=2, sort_keys=True) + "\n")
    accounts = {
        name: json.loads((run / "training.json").read_text())
        for name, run in (("autoencoder", autoencoder_run), ("painter", painter_run))
    }
    (to / "training.json").write_text(json.dumps(accounts, indent=2) + "\n")


def export_painter(folder: Path) -> None:
    """Write the embedded painter's parts, in single precision, as folders that `from_pretrained` loads anywhere."""
    painter = EmbeddedPainter(device="cpu")
    painter.autoencoder.float().save_pretrained(folder / "autoencoder")
    painter.denoiser.float().save_pretrained(folder / "denoiser")
    painter.text_encoder.float().save_pretrained(folder / "text_encoder")
    painter.tokenizer.save_pretrained(folder / "tokenizer")
    euler_schedule(STEPS).save_pretrained(folder / "scheduler")
