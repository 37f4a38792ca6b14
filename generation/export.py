"""Weights between their homes: a run's folders, the repository's packed ones, anyone's `from_pretrained`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from captioner.packing import load_model, save_packed
from generation.embedded import LATENT_SCALE, PRIOR, STEPS, WEIGHTS, EmbeddedPainter
from generation.enlarge import WEIGHTS as ENLARGER
from generation.enlarge import Enlarger
from generation.finding import WEIGHTS as FINDER
from generation.finding import EmbeddedFinder
from generation.models.autoencoder import PictureAutoencoder
from generation.models.denoiser import Denoiser
from generation.models.enlarger import PictureEnlarger
from generation.models.finder import RegionFinder
from generation.models.words import load_text_encoder, load_tokenizer
from generation.sampling import euler_schedule

ACCOUNT = "training.json"


def publish_painter(painter_run: Path, autoencoder_run: Path | None = None, to: Path = WEIGHTS) -> None:
    """Copy trained models from their runs to where the embedded painter looks, packed (its decoder: halved).

    Args:
        painter_run: a painter's or its distillation's; the account of the painter that was distilled stays.
        autoencoder_run: the run of the autoencoder that the painter learned with; None keeps the one that is there.
    """
    accounts = json.loads((to / ACCOUNT).read_text()) if (to / ACCOUNT).exists() else {}
    account = json.loads((painter_run / ACCOUNT).read_text())
    accounts.pop("distillation", None)
    accounts[account.get("model", "painter")] = account
    denoiser = load_model(Denoiser, painter_run / "denoiser")
    text_encoder = load_text_encoder(painter_run / "text_encoder")
    if autoencoder_run is not None:
        accounts["autoencoder"] = json.loads((autoencoder_run / ACCOUNT).read_text())
        autoencoder = load_model(PictureAutoencoder, autoencoder_run / "autoencoder")
        # Every picture that is seen goes through the decoder, and a person's own alone through the encoder.
        autoencoder.decoder.half()
        shutil.rmtree(to / "autoencoder", ignore_errors=True)
        save_packed(autoencoder, to / "autoencoder", exact=("decoder", *LATENT_SCALE))
    for part in ("denoiser", "text_encoder", "tokenizer"):
        shutil.rmtree(to / part, ignore_errors=True)
    save_packed(denoiser, to / "denoiser", exact=PRIOR)
    save_packed(text_encoder, to / "text_encoder")
    shutil.copytree(painter_run / "tokenizer", to / "tokenizer")
    _forget_origins(to)
    (to / ACCOUNT).write_text(json.dumps(accounts, indent=2) + "\n")


def publish_enlarger(run: Path, to: Path = ENLARGER) -> None:
    """Copy a trained enlarger from its run to where it is looked for, packed."""
    save_packed(load_model(PictureEnlarger, run / "enlarger"), to)
    _forget_origins(to)
    shutil.copyfile(run / ACCOUNT, to / ACCOUNT)


def publish_finder(run: Path, to: Path = FINDER) -> None:
    """Copy a trained finder from its run to where it is looked for, packed."""
    save_packed(load_model(RegionFinder, run / "finder"), to)
    _forget_origins(to)
    shutil.copyfile(run / ACCOUNT, to / ACCOUNT)


def _forget_origins(folder: Path) -> None:
    """Take from configurations where the loaders read a model from, which is nobody's business."""
    for config in folder.rglob("config.json"):
        settings = json.loads(config.read_text())
        settings.pop("_name_or_path", None)
        config.write_text(json.dumps(settings, indent=2, sort_keys=True) + "\n")


def export_enlarger(folder: Path) -> None:
    """Write the enlarger, in single precision, as a folder that `from_pretrained` loads anywhere."""
    Enlarger(device="cpu")  # raises, in a sentence, where it cannot be used
    load_model(PictureEnlarger, ENLARGER).save_pretrained(folder)


def export_finder(folder: Path) -> None:
    """Write the finder, in single precision, as a folder that `from_pretrained` loads anywhere."""
    EmbeddedFinder()  # raises, in a sentence, where it cannot be used
    load_model(RegionFinder, FINDER).save_pretrained(folder)


def export_painter(folder: Path) -> None:
    """Write the embedded painter's parts, in single precision, as folders that `from_pretrained` loads anywhere."""
    EmbeddedPainter(device="cpu")  # raises, in a sentence, where they cannot be used
    load_model(PictureAutoencoder, WEIGHTS / "autoencoder").save_pretrained(folder / "autoencoder")
    load_model(Denoiser, WEIGHTS / "denoiser").save_pretrained(folder / "denoiser")
    load_text_encoder(WEIGHTS / "text_encoder").save_pretrained(folder / "text_encoder")
    load_tokenizer(WEIGHTS / "tokenizer").save_pretrained(folder / "tokenizer")
    euler_schedule(STEPS).save_pretrained(folder / "scheduler")
