"""The policy's own small model: it reads words and says how likely each rule refuses them. numpy alone, no torch.

A word is the mean of the embeddings of its pieces (letters in threes to fives, fastText, arXiv:1607.04606), two
neighbouring words are one more; the text is the largest value of each dimension over them and their mean, so that what
stands together only in part counts as well. Two layers say the rest. Trained by `assistant.training.policy`.

Dimensions: L words, D width of an embedding, H hidden width, C rules.
"""

from __future__ import annotations

import json
import re
import unicodedata
import zlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelError

WEIGHTS = Path(__file__).parent / "policy_weights"
BUCKETS = 16_384
PIECES = (3, 4, 5)
MOST_WORDS = 400
"""What is read of a text at once; longer ones are read in parts."""
WORD = re.compile(r"[^\W_]+", re.UNICODE)
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
"""Japanese and Chinese, which put no spaces between words: each sign is a word there."""


def plain(text: str) -> str:
    """Return the text in small letters without accents, invisible letters and double spaces."""
    letters = (x for x in unicodedata.normalize("NFKD", text.casefold()) if unicodedata.category(x) not in ("Mn", "Cf"))
    return " ".join("".join(letters).split())


def words_of(text: str) -> list[str]:
    """Return the words of a text as the model reads them."""
    found: list[str] = []
    for word in WORD.findall(plain(text)):
        found += list(word) if UNSPACED.search(word) else [word]
    return found


def tokens_of(text: str) -> list[list[int]]:
    """Return the buckets of each word, and of each two neighbours, of a text."""
    words = words_of(text)
    alone = [[_bucket(piece) for piece in _pieces(word)] for word in words]
    return alone + [[_bucket(f"{first} {second}")] for first, second in zip(words, words[1:], strict=False)]


def _pieces(word: str) -> list[str]:
    whole = f"<{word}>"
    parts = [whole[start : start + size] for size in PIECES for start in range(len(whole) - size + 1)]
    return [whole, *(part for part in parts if part != whole)]


def _bucket(piece: str) -> int:
    return zlib.crc32(piece.encode()) % BUCKETS


class SmallModel:
    """The model in a folder; its weights are read when it is first asked."""

    def __init__(self, folder: Path = WEIGHTS):
        self.folder = Path(folder)

    @cached_property
    def thresholds(self) -> dict[str, float]:
        """How sure it must be of each rule."""
        return {rule: float(value) for rule, value in self._read[1]["thresholds"].items()}

    @cached_property
    def _read(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        try:
            weights = load_file(self.folder / "model.safetensors")
            config = json.loads((self.folder / "config.json").read_text("utf-8"))
            embeddings = weights["embeddings"].astype(np.float32) * weights["scales"].astype(np.float32)[:, None]
            if embeddings.shape[0] != BUCKETS or len(config["rules"]) != weights["second_bias"].shape[0]:
                raise ValueError("its shapes do not fit together")
        except (OSError, ValueError, KeyError, SafetensorError) as error:
            raise ModelError(
                f"The policy's small model in {self.folder} cannot be used ({error}); install Limner again, or set "
                "LIMNER_POLICY_MODEL=off."
            ) from error
        return {**weights, "embeddings": embeddings}, config

    def load(self) -> None:
        """Read the weights now. Raises: ModelError: they are missing or damaged."""
        _ = self._read

    def probabilities(self, text: str) -> dict[str, float]:
        """Return how likely each rule refuses the text, 0 to 1. Raises: ModelError: the weights cannot be used."""
        weights, config = self._read
        tokens = tokens_of(text)
        rules: Sequence[str] = config["rules"]
        if not tokens:
            return dict.fromkeys(rules[1:], 0.0)
        parts = [tokens[start : start + MOST_WORDS] for start in range(0, len(tokens), MOST_WORDS)]
        found = np.max([_read_part(part, weights) for part in parts], axis=0)
        return {rule: float(value) for rule, value in zip(rules[1:], found[1:], strict=True)}

    def refused(self, text: str, but: Sequence[str] = ()) -> str:
        """Return the rule that it is sure refuses the text, or ""; of the rules in `but`, none. Raises: ModelError."""
        found = self.probabilities(text)
        sure = {rule: value for rule, value in found.items() if rule not in but and value >= self.thresholds[rule]}
        return max(sure, key=lambda rule: sure[rule]) if sure else ""


def _read_part(tokens: list[list[int]], weights: dict[str, NDArray[Any]]) -> NDArray[Any]:
    embedded = np.stack([weights["embeddings"][buckets].mean(0) for buckets in tokens])  # (L, D)
    text = np.concatenate([embedded.max(0), embedded.mean(0)])  # (2 D)
    hidden = np.maximum(weights["first"].astype(np.float32) @ text + weights["first_bias"], 0)  # (H)
    says = weights["second"].astype(np.float32) @ hidden + weights["second_bias"]  # (C)
    raised = np.exp(says - says.max())
    return np.asarray(raised / raised.sum())
