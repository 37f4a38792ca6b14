"""Things to say, as data: wishes for an empty page, and what one might say next. Suggestions only, never plans."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Starter:
    """A first wish; `picture` is a file in `examples/`, painted by the embedded models from these very words."""

    wish: str
    picture: str
    alt: str


STARTERS = (
    Starter("draw an adorable white bunny in a meadow", "bunny.webp", "A white bunny in a green meadow"),
    Starter("a robot in a meadow at sunset", "robot.webp", "A grey robot in a meadow at sunset"),
    Starter("a happy penguin on a beach", "penguin.webp", "A penguin on a beach with a palm tree"),
    Starter("a wizard in the city at night, watercolour", "wizard.webp", "A wizard in a city at night"),
)

STYLES = (
    ("As it comes", ""),
    ("Flat", "as a flat illustration"),
    ("Watercolour", "as a watercolour"),
    ("Pencil", "as a pencil drawing"),
    ("Ink", "as an ink drawing"),
    ("Pixel art", "as pixel art"),
    ("Oil", "as an oil painting"),
    ("Paper cut", "as a paper cut"),
    ("Pastel", "as a pastel drawing"),
)
"""Styles to choose from, and the words that ask for them."""
EMBEDDED_STYLES = STYLES[:4]
"""Those that the embedded painter has learned."""

NEXT: tuple[tuple[str, str], ...] = (
    ("make it happier", "overjoyed|delighted|beaming|thrilled|ecstatic"),
    ("make it night", "night"),
    ("put it on a beach", "beach"),
    ("let it snow", "snow"),
    ("as a watercolour", "watercolour"),
    ("give it a red hat", "hat"),
    ("in the evening, at sunset", "sunset|evening"),
    ("as a pencil drawing", "pencil"),
    ("add a rainbow", "rainbow"),
    ("put it in a forest", "forest"),
    ("give it glasses", "glasses"),
    ("add some butterflies", "butterfl"),
    ("give it a yellow balloon", "balloon"),
    ("put it in the mountains", "mountain"),
)
"""What one might say next, and the words of a prompt that already has it."""


def styles_of(painter: str) -> tuple[tuple[str, str], ...]:
    """Return the styles to offer with a painter of this name."""
    return EMBEDDED_STYLES if "embedded" in painter else STYLES


def next_wishes(prompt: str, salt: str, count: int = 3) -> tuple[str, ...]:
    """Return a few things to say about a picture that it does not show yet; the same for the same picture."""
    fitting = [wish for wish, has in NEXT if not re.search(rf"\b(?:{has})", prompt, re.IGNORECASE)]
    return tuple(sorted(fitting, key=lambda wish: hashlib.sha256(f"{salt}{wish}".encode()).digest())[:count])
