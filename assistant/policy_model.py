"""The policy's own small model: it reads words and says what they hold that a rule refuses. numpy alone, no torch.

Each word, each two and three neighbours, and the pieces of longer words (letters in fours and fives, as fastText's,
arXiv:1607.04606) weigh for or against four notions: someone young, something sexual, something grim, something hateful.
Each lies in two buckets by its hash and weighs what both agree on (the least, as in a count-min sketch, Cormode and
Muthukrishnan, Journal of Algorithms 55, 2005): so what was never seen in training weighs nothing, even where it shares
one of them. A rule refuses what holds all its notions. Trained by `assistant.training.policy`.

Dimensions: F features of a text, C notions.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from assistant.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WEIGHTS = Path(__file__).parent / "policy_weights"
NOTIONS = ("young", "sexual", "grim", "hateful")
RULES: dict[str, tuple[str, ...]] = {"children": ("young", "sexual"), "gore": ("grim",), "hate": ("hateful",)}
BUCKETS = 32_768
PIECES = (4, 5)
WINDOW, STRIDE = 24, 12
"""Words that are read at once, so that the length of a text weighs nothing."""
WORD = re.compile(r"[^\W_]+", re.UNICODE)
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
"""Japanese and Chinese, which put no spaces between words: each sign is a word there."""
Features: TypeAlias = "tuple[NDArray[np.int64], NDArray[np.float32]]"
"""The two buckets of each feature (F, 2) of a text, and how much it counts (F)."""


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


def features_of(words: Sequence[str]) -> Features:
    """Return what weighs in these words; the pieces of a word count as much as itself, together."""
    import numpy as np

    weights: dict[str, float] = {}
    for size in (1, 2, 3):
        weights |= {" ".join(words[at : at + size]): 1.0 for at in range(len(words) - size + 1)}
    for word in set(words):
        whole = f"<{word}>"
        pieces = [whole[at : at + size] for size in PIECES for at in range(len(whole) - size + 1)]
        for piece in pieces:
            weights[f"~{piece}"] = max(weights.get(f"~{piece}", 0.0), 1 / len(pieces))
    hashes = b"".join(hashlib.blake2b(feature.encode(), digest_size=8).digest() for feature in weights)
    buckets = np.frombuffer(hashes, "<u4").reshape(-1, 2).astype(np.int64) % BUCKETS
    return buckets, np.array([*weights.values()], dtype=np.float32)


def agreed(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what two weights agree on: the smaller of them where both are for or both against, else 0."""
    import numpy as np

    least: NDArray[np.float32] = np.sign(one) * np.minimum(abs(one), abs(other)) * (one * other > 0)
    return least


class SmallModel:
    """The model in a folder; its weights are read when it is first asked."""

    def __init__(self, folder: Path = WEIGHTS):
        self.folder = Path(folder)

    @cached_property
    def _read(self) -> tuple[NDArray[np.float32], NDArray[np.float32], dict[str, float]]:
        """The weights (BUCKETS, C), the biases (C), and how sure each rule must be."""
        import numpy as np
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        try:
            found: dict[str, Any] = load_file(self.folder / "model.safetensors")
            config = json.loads((self.folder / "config.json").read_text("utf-8"))
            weights = found["weights"].astype(np.float32) * found["scales"]
            thresholds = {rule: float(config["thresholds"][rule]) for rule in RULES}
            if weights.shape != (BUCKETS, len(NOTIONS)) or found["biases"].shape != (len(NOTIONS),):
                raise ValueError("its shapes do not fit together")
        except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
            raise ModelError(
                f"The policy's small model in {self.folder} cannot be used ({error}); install Limner again, or set "
                "LIMNER_POLICY_MODEL=off."
            ) from error
        return weights, found["biases"], thresholds

    def notions(self, text: str) -> dict[str, float]:
        """Return how likely a text holds each notion, 0 to 1. Raises: ModelError: the weights cannot be used."""
        import numpy as np

        weights, biases, _ = self._read
        words = words_of(text)
        says = np.full_like(biases, -np.inf)
        for at in range(0, max(len(words) - WINDOW + STRIDE, 1), STRIDE):
            buckets, counts = features_of(words[at : at + WINDOW])
            says = np.maximum(says, biases + counts @ agreed(weights[buckets[:, 0]], weights[buckets[:, 1]]))
        return dict(zip(NOTIONS, (1 / (1 + np.exp(-says))).tolist(), strict=True))

    def sure(self, text: str, known: Mapping[str, bool] | None = None) -> dict[str, float]:
        """Return how sure each rule is of a text: as sure as of the notion that it is least sure of.

        Args:
            known: notions that are there for certain.
        """
        found = self.notions(text)
        found |= {notion: 1.0 for notion, is_there in (known or {}).items() if is_there}
        return {rule: min(found[notion] for notion in notions) for rule, notions in RULES.items()}

    def refused(self, text: str, known: Mapping[str, bool] | None = None, but: Sequence[str] = ()) -> str:
        """Return the rule that is sure enough to refuse the text, or ""; of the rules in `but`, none.

        Raises:
            ModelError: the weights cannot be used.
        """
        thresholds = self._read[2]
        found = {rule: sure for rule, sure in self.sure(text, known).items() if rule not in but}
        enough = {rule: sure for rule, sure in found.items() if sure >= thresholds[rule]}
        return max(enough, key=lambda rule: enough[rule]) if enough else ""
