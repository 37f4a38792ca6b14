"""The embedded captioner: Limner's own CoCa, on any machine, offline. One model tells both kinds, by its first token.

Dimensions: B pictures, H = W pixels, E feature width.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from captioner.decode import tell
from captioner.errors import DataError, WeightsError, first_line
from captioner.places import WEIGHTS
from captioner.request import KINDS, CaptionerAbilities, CaptionKind, Decoding, Picture
from captioner.saved import load_coca
from captioner.tokenizer import Task, load_tokenizer, tokenize
from captioner.world.scene import SETTINGS, WORLD_VERSION, WorldSetting

BATCH = 64
NO_WORLD = 0
"""The world version of captioners that learned from people's own pictures."""


class EmbeddedCaptioner:
    """Captions with the weights and the tokenizer in a folder, packed or as `limner train captioner` saves them.

    Raises:
        WeightsError: the weights are missing, damaged or of another world version.
    """

    def __init__(self, weights: Path = WEIGHTS, device: str | None = None, dtype: torch.dtype = torch.bfloat16):
        self.device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        if weights == WEIGHTS and not weights.exists():
            raise WeightsError(
                "This version of Limner carries no trained captioner yet; train one with `limner train captioner` and "
                "give its folder with --weights."
            )
        try:
            self.coca = load_coca(weights, dtype).to(self.device).requires_grad_(False)
            self.tokenizer = load_tokenizer(weights)
        except WeightsError:
            raise
        except Exception as error:  # the loaders raise a dozen types; each means the same to a person
            raise WeightsError(
                f"The captioner's weights in {weights} are missing or damaged ({first_line(error)}); train them again "
                "with `limner train captioner`, and name the folder inside the run that holds config.json."
            ) from error
        made_for = self.coca.config.world_version
        if made_for not in (NO_WORLD, WORLD_VERSION):
            raise WeightsError(
                f"The captioner's weights in {weights} were trained on world version {made_for}; this Limner has "
                f"{WORLD_VERSION}. Train them again with `limner train captioner`."
            )
        self.weights = weights

    @property
    def world_setting(self) -> WorldSetting:
        """The part of the picture world that it learned. Raises: WeightsError: this Limner knows none of that name."""
        name = self.coca.config.world_setting
        if name not in SETTINGS:
            raise WeightsError(
                f"The captioner's weights in {self.weights} are of world setting {name!r}, which is none."
            )
        return SETTINGS[name]

    @cached_property
    def weights_digest(self) -> str:
        """SHA-256 over all weight files, in the order of their names."""
        digest = hashlib.sha256()
        for path in sorted(self.weights.glob("*.safetensors")):
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def abilities(self) -> CaptionerAbilities:
        config = self.coca.config
        return CaptionerAbilities(
            "the embedded captioner", self.weights_digest, KINDS, config.image_size, BATCH, config.max_tokens
        )

    def caption(
        self, pictures: Sequence[Picture], kind: CaptionKind, decoding: Decoding = Decoding(), seed: int = 0
    ) -> list[str]:
        """Return a caption of each picture, as `Captioner.caption`."""
        said: list[str] = []
        for batch in _batches(pictures):
            seeds = [seed ^ int(picture.sha256[:15], 16) for picture in batch]
            said += tell(self.coca, self.tokenizer, self.pixels(batch), kind, decoding, seeds)
        return said

    def score(self, pictures: Sequence[Picture], texts: Sequence[str]) -> list[float]:
        """Return the cosine of each picture's feature and its text's, at least 0 (CLIPScore, arXiv:2104.08718)."""
        if len(pictures) != len(texts):
            raise ValueError(f"score needs a text for each picture; got {len(pictures)} and {len(texts)}")
        cosines = (self.picture_features(pictures) * self.text_features(texts, "descriptive")).sum(-1)
        return [float(cosine) for cosine in cosines.clamp(0, 1)]

    @torch.inference_mode()
    def picture_features(self, pictures: Sequence[Picture]) -> Tensor:
        """Return (B, E) of length 1."""
        found = [
            self.coca.picture_features(self.coca.encode_pictures(self.pixels(batch))) for batch in _batches(pictures)
        ]
        return torch.cat(found) if found else torch.zeros(0, self.coca.config.feature_width)

    @torch.inference_mode()
    def text_features(self, texts: Sequence[str], task: Task) -> Tensor:
        """Return (B, E) of length 1 of texts, told to the model as captions of one kind."""
        found = []
        for start in range(0, len(texts), BATCH):
            part = texts[start : start + BATCH]
            tokens, is_real = tokenize(self.tokenizer, part, [task] * len(part), self.coca.config.max_tokens)
            found.append(self.coca.encode_text(tokens[:, :-1].to(self.device), is_real[:, :-1].to(self.device))[1])
        return torch.cat(found) if found else torch.zeros(0, self.coca.config.feature_width)

    def pixels(self, pictures: Sequence[Picture]) -> Tensor:
        """Return (B, 3, H, W), −1 to 1. Raises: DataError: a picture has another side than this captioner's."""
        side = self.coca.config.image_size
        if wrong := [picture.side for picture in pictures if picture.side != side]:
            raise DataError(f"The captioner looks at pictures of {side} pixels a side; one of {wrong[0]} came.")
        bytes_of = [np.frombuffer(picture.pixels, np.uint8).reshape(side, side, 3) for picture in pictures]
        pixels = torch.from_numpy(np.stack(bytes_of)).permute(0, 3, 1, 2)
        return (pixels.float() / 127.5 - 1).to(self.device, self.coca.dtype)


def _batches(pictures: Sequence[Picture]) -> Iterator[Sequence[Picture]]:
    for start in range(0, len(pictures), BATCH):
        yield pictures[start : start + BATCH]
