"""Which words a painter learns a picture by: the text that came with it, or what a captioner says of it.

The better-captions recipe (Betker et al. 2023, sections 2 and 3): each sample is drawn anew, a synthetic caption with
a stated probability, else the original text. The paper's own painter learned from 95 % descriptive captions.
"""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Blend:
    """The shares of words.

    Attributes:
        synthetic: the share of samples whose words are the captioner's.
        descriptive: the share of these that are descriptive (DSC); the others are short (SSC).
    """

    synthetic: float
    descriptive: float = 1.0

    def __post_init__(self) -> None:
        if not (0 <= self.synthetic <= 1 and 0 <= self.descriptive <= 1):
            raise ValueError(f"a blend is made of shares from 0 to 1; got {self}")


@dataclass(frozen=True)
class Told:
    """What a captioner said of a set of pictures, by their places in it; None where it was not asked."""

    short: tuple[str, ...] | None
    descriptive: tuple[str, ...] | None


def blended(original: str, told: Told, picture: int, blend: Blend, rng: random.Random) -> str:
    """Return the words that one sample of a picture is learned by.

    Args:
        original: the text that came with the picture.
        picture: its place in `told`.
        rng: draws the same numbers whatever the blend, so that runs of two blends differ in nothing but the words.

    Raises:
        ValueError: the blend asks for captions that were not told.
    """
    is_synthetic, is_descriptive = rng.random() < blend.synthetic, rng.random() < blend.descriptive
    if not is_synthetic:
        return original
    captions = told.descriptive if is_descriptive else told.short
    if captions is None:
        raise ValueError(f"the blend wants {'descriptive' if is_descriptive else 'short'} captions; none were told")
    return captions[picture]
