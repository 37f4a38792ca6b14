"""Where in a picture an instruction changes it: the embedded finder, on the embedded captioner's eyes.

Dimensions: B pictures, H = W pixels, N picture tokens, L text tokens, D the captioner's widths, h and w cells.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import torch
from torch import Tensor

from captioner.errors import first_line
from captioner.models.coca import CocaModel
from captioner.packing import load_model
from captioner.places import WEIGHTS as CAPTIONER
from captioner.saved import load_coca
from captioner.tokenizer import load_tokenizer, tokenize
from captioner.world.scene import WORLD_VERSION
from generation.clauses import clauses_of
from generation.errors import WeightsError
from generation.models.finder import RegionFinder

WEIGHTS = Path(__file__).parent / "weights" / "finder"
LONGEST = 64
"""Tokens of an instruction that are read; a clause has about ten."""


class Eyes:
    """The embedded captioner's image encoder and unimodal text half: what the finder sees and reads with.

    Raises:
        WeightsError: the captioner's weights are missing, damaged or of another build.
    """

    def __init__(self, weights: Path = CAPTIONER, device: str = "cpu", dtype: torch.dtype = torch.bfloat16):
        try:
            coca = load_coca(weights, dtype)
            self.tokenizer = load_tokenizer(weights)
        except Exception as error:  # the loaders raise a dozen types; each means the same to a person
            raise WeightsError(
                f"the captioner's weights in {weights} are missing or damaged ({first_line(error)}); reinstall Limner "
                "or train them with `limner train captioner`."
            ) from error
        if not isinstance(coca, CocaModel):
            raise WeightsError(f"the captioner in {weights} is of another build; regions are found with our own.")
        self.coca = coca.to(device).eval().requires_grad_(False)
        self.device = torch.device(device)
        self.weights = weights

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the captioner's weight files, in the order of their names."""
        digest = hashlib.sha256()
        for path in sorted(self.weights.glob("*.safetensors")):
            digest.update(path.read_bytes())
        return digest.hexdigest()

    @property
    def side(self) -> int:
        """Pixels along a side of the pictures that it sees."""
        return int(self.coca.config.image_size)

    @property
    def text_width(self) -> int:
        return int(self.coca.config.width)

    @torch.no_grad()
    def see(self, pictures: Tensor) -> Tensor:
        """Return states (B, N, D) of pictures (B, 3, H, W), −1 to 1."""
        return self.coca.encode_pictures(pictures.to(self.device, self.coca.dtype)).float()

    @torch.no_grad()
    def read(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Return states (B, L, D) of texts, and which of them are real (B, L) bool."""
        tokens, is_real = tokenize(self.tokenizer, texts, ["descriptive"] * len(texts), LONGEST)
        tokens, is_real = tokens[:, :-1].to(self.device), is_real[:, :-1].to(self.device)
        return self.coca.encode_text(tokens, is_real)[0].float(), is_real


class EmbeddedFinder:
    """Finds what an instruction changes, with the weights in a folder.

    Raises:
        WeightsError: the weights are missing or damaged, or were trained with another captioner or picture world.
    """

    def __init__(self, weights: Path = WEIGHTS, device: str = "cpu"):
        self.eyes = Eyes(device=device)
        try:
            self.model = load_model(RegionFinder, weights).to(device).requires_grad_(False)
        except Exception as error:  # the loaders raise a dozen types; each means the same to a person
            raise WeightsError(
                f"the finder's weights in {weights} are missing or damaged ({first_line(error)}); reinstall Limner or "
                "train them with `limner train finder`."
            ) from error
        config = self.model.config
        if config.world_version != WORLD_VERSION or config.captioner != self.eyes.digest:
            raise WeightsError(
                f"the finder in {weights} learned on another captioner's states, or another picture world; train it "
                "again with `limner train finder`."
            )

    @torch.inference_mode()
    def likely(self, pictures: Tensor, instruction: str) -> Tensor:
        """Return how likely (B, 1, h, w) the instruction changes each cell of pictures (B, 3, H, W), −1 to 1.

        Of an instruction of several clauses each is asked for by itself, as it learned them.
        """
        seen, count = self.eyes.see(pictures), len(pictures)
        found = []
        for clause in clauses_of(instruction):
            text, is_real = self.eyes.read([clause])
            logits: Tensor = self.model(seen, text.expand(count, -1, -1), is_real.expand(count, -1))
            found.append(logits.sigmoid())
        return torch.stack(found).amax(0)
