"""What turns pictures, and texts, into features for measuring: our own captioner, or a vision model that a person has.

Own is the captioner's picture tower with its pooler: it learned from true renderings beside their captions, and nothing
that paints is trained by it. A vision model is any of transformers' (CLIP, SigLIP, DINO …), from a folder or the hub,
as safetensors and without code of its own; only one with a text half can score pictures against texts.

Dimensions: N pictures, H, W pixels, D features.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from captioner.errors import first_line
from captioner.evaluation.captions import Matcher
from captioner.training.told import picture_for
from generation.errors import WeightsError

BATCH = 32


class Encoder(Protocol):
    """Tells pictures as features; `name` is how figures by it are called, `scores_text` whether it reads texts too."""

    name: str
    scores_text: bool

    def features(self, pictures: np.ndarray) -> np.ndarray:
        """Return (N, D) of pictures (N, H, W, 3) uint8."""
        ...

    def cosines(self, pictures: np.ndarray, texts: Sequence[str]) -> np.ndarray:
        """Return (N) the cosine of each picture's feature and its text's.

        Raises:
            WeightsError: the model reads no texts.
        """
        ...


class OwnEncoder:
    """The captioner, by whose side pictures are squeezed."""

    name = "own encoder"
    scores_text = True

    def __init__(self, captioner: Matcher):
        self.captioner = captioner

    def features(self, pictures: np.ndarray) -> np.ndarray:
        return self._seen(pictures).numpy()

    def cosines(self, pictures: np.ndarray, texts: Sequence[str]) -> np.ndarray:
        told = self.captioner.text_features(list(texts), "descriptive").float().cpu()
        return (self._seen(pictures) * told).sum(-1).numpy()

    def _seen(self, pictures: np.ndarray) -> Tensor:
        side = self.captioner.abilities().side
        small = [picture_for(_squeezed(picture, side)) for picture in pictures]
        return self.captioner.picture_features(small).float().cpu()


class HubEncoder:
    """A vision model of transformers, from a folder or by its name on the hub.

    Raises:
        WeightsError: there is none, it is no vision model, its weights are no safetensors, or it needs code of its own.
    """

    def __init__(self, source: str):
        from transformers import AutoImageProcessor, AutoModel, AutoTokenizer

        self.name = Path(source).name if Path(source).exists() else source
        given: dict[str, Any] = {"trust_remote_code": False, "local_files_only": Path(source).exists()}
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self.prepared = AutoImageProcessor.from_pretrained(source, backend="pil", **given)
                self.model = AutoModel.from_pretrained(source, use_safetensors=True, **given).eval()
                self.scores_text = hasattr(self.model, "get_text_features")
                self.tokenizer = AutoTokenizer.from_pretrained(source, **given) if self.scores_text else None
        except Exception as error:  # the loaders raise a dozen types; each means the same to a person
            raise WeightsError(
                f"{source} cannot be used as an encoder ({first_line(error)}); give the folder or hub name of a "
                "transformers vision model, such as CLIP, SigLIP or DINO, with safetensors."
            ) from error
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model.to(self.device)

    @torch.inference_mode()
    def features(self, pictures: np.ndarray) -> np.ndarray:
        parts = []
        for start in range(0, len(pictures), BATCH):
            some = [Image.fromarray(picture) for picture in pictures[start : start + BATCH]]
            pixels = self.prepared(images=some, return_tensors="pt")["pixel_values"].to(self.device)
            if hasattr(self.model, "get_image_features"):
                parts.append(_pooled(self.model.get_image_features(pixel_values=pixels)))
            else:
                parts.append(_pooled(self.model(pixel_values=pixels)))
        return torch.cat(parts).float().cpu().numpy()

    @torch.inference_mode()
    def cosines(self, pictures: np.ndarray, texts: Sequence[str]) -> np.ndarray:
        if not self.scores_text or self.tokenizer is None:
            raise WeightsError(
                f"{self.name} reads no texts; give a CLIP or a SigLIP to score pictures against prompts."
            )
        told = []
        longest = getattr(self.model.config.text_config, "max_position_embeddings", 77)
        for start in range(0, len(texts), BATCH):
            some = list(texts[start : start + BATCH])
            # SigLIP was trained on texts padded to the full length; for CLIP the padding is masked.
            tokens = self.tokenizer(
                some, padding="max_length", max_length=longest, truncation=True, return_tensors="pt"
            )
            told.append(_pooled(self.model.get_text_features(**tokens.to(self.device))))
        seen, read = torch.from_numpy(self.features(pictures)), torch.cat(told).float().cpu()
        return torch.cosine_similarity(seen, read).numpy()


def _pooled(said: Any) -> Tensor:
    """Return (N, D) of what a model says: its pooled output, or the mean over its places where it pools nothing."""
    if isinstance(said, Tensor):
        return said
    pooled = getattr(said, "pooler_output", None)
    if pooled is None:
        pooled = said.last_hidden_state.mean(1)
    return pooled.flatten(1)


def _squeezed(picture: np.ndarray, side: int) -> np.ndarray:
    if picture.shape[:2] == (side, side):
        return picture
    return np.asarray(Image.fromarray(picture).resize((side, side), Image.Resampling.BICUBIC))
