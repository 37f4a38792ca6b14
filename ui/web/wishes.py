"""Things to say, as data: wishes for an empty page, and what one might say next. Suggestions only, never plans.

They are English in every language: what is pressed is what is sent, and the embedded rewriter reads English.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from captioner.naming import things_in
from ui.web.texts import N_, _


@dataclass(frozen=True)
class Starter:
    """A first wish; `picture` is a file in `examples/`, painted by the embedded models from these very words."""

    wish: str
    picture: str
    alt: str


STARTERS = (
    Starter("draw an adorable white bunny in a meadow", "bunny.webp", N_("A white bunny in a green meadow")),
    Starter("a robot in a meadow at sunset", "robot.webp", N_("A grey robot in a meadow at sunset")),
    Starter("a happy penguin on a beach", "penguin.webp", N_("A penguin on a beach with a palm tree")),
    Starter("a wizard in the city at night, watercolour", "wizard.webp", N_("A wizard in a city at night")),
)

STYLES = (
    (N_("As it comes"), ""),
    (N_("Flat"), "as a flat illustration"),
    (N_("Watercolour"), "as a watercolour"),
    (N_("Pencil"), "as a pencil drawing"),
    (N_("Ink"), "as an ink drawing"),
    (N_("Pixel art"), "as pixel art"),
    (N_("Oil"), "as an oil painting"),
    (N_("Paper cut"), "as a paper cut"),
    (N_("Pastel"), "as a pastel drawing"),
)
"""Styles to choose from, and the words that ask for them."""
EMBEDDED_STYLES = STYLES[:4]
"""Those that the embedded painter has learned."""


@dataclass(frozen=True)
class Next:
    """What one might say next, of a thing called `{it}`; `has` finds it in prompts that show it already.

    `faced`: it is for what has a face.
    """

    wish: str
    has: str
    faced: bool = False


NEXT = (
    Next("make {it} happier", "overjoyed|delighted|beaming|thrilled|ecstatic", faced=True),
    Next("make it night", "night"),
    Next("put {it} on a beach", "beach"),
    Next("let it snow", "snow"),
    Next("as a watercolour", "watercolour"),
    Next("give {it} a red hat", "hat", faced=True),
    Next("in the evening, at sunset", "sunset|evening"),
    Next("as a pencil drawing", "pencil"),
    Next("add a rainbow", "rainbow"),
    Next("put {it} in a forest", "forest"),
    Next("give {it} glasses", "glasses", faced=True),
    Next("add some butterflies", "butterfl"),
    Next("give {it} a yellow balloon", "balloon", faced=True),
    Next("put {it} in the mountains", "mountain"),
)


def styles_of(painter: str) -> tuple[tuple[str, str], ...]:
    """Return the styles to offer with a painter of this name."""
    return EMBEDDED_STYLES if "embedded" in painter else STYLES


def styles(offered: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return styles to choose from, named in the language that is spoken."""
    return [(_(name), words) for name, words in offered]


def next_wishes(prompt: str, salt: str, count: int = 3) -> tuple[str, ...]:
    """Return a few things to say about a picture that it does not show yet; the same for the same picture.

    Of several things a wish names the one that it means; where none has a face, none is to smile.
    """
    named = things_in(prompt)
    faces = [name for name, has_face in named if has_face]
    fitting = [
        next.wish.format(it=_it(named, faces if next.faced else [name for name, _ in named]))
        for next in NEXT
        if not re.search(rf"\b(?:{next.has})", prompt, re.IGNORECASE) and (faces or not next.faced or not named)
    ]
    return tuple(sorted(fitting, key=lambda wish: hashlib.sha256(f"{salt}{wish}".encode()).digest())[:count])


def _it(named: Sequence[tuple[str, bool]], fitting: Sequence[str]) -> str:
    return f"the {fitting[0]}" if len(named) > 1 and fitting else "it"
