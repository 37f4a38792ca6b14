"""Things to say, as data: wishes for an empty page, and what one might say next. Suggestions only, never plans.

What is pressed is sent in English, for the embedded rewriter reads English; the button, and then the message, say it in
the language of whoever reads it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from captioner.naming import things_in
from ui.web.retelling import told
from ui.web.sentences import MESSAGES
from ui.web.texts import N_, _


@dataclass(frozen=True)
class Starter:
    """A first wish; `picture` is a file in `examples/`, painted by the embedded models from these very words."""

    wish: str
    picture: str
    alt: str


STARTERS = (
    Starter(N_("draw an adorable white bunny in a meadow"), "bunny.webp", N_("A white bunny in a green meadow")),
    Starter(N_("a robot in a meadow at sunset"), "robot.webp", N_("A grey robot in a meadow at sunset")),
    Starter(N_("a happy penguin on a beach"), "penguin.webp", N_("A penguin on a beach with a palm tree")),
    Starter(N_("a wizard in the city at night, watercolour"), "wizard.webp", N_("A wizard in a city at night")),
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
    """What one might say next; `has` finds it in prompts that show it already.

    `of` is how it is said of one `{thing}` among several, where it is of a thing. `faced`: it is for what has a face.
    """

    wish: str
    has: str
    of: str = ""
    faced: bool = False


NEXT = (
    Next(
        N_("make it happier"), "overjoyed|delighted|beaming|thrilled|ecstatic", N_("make the {thing} happier"),
        faced=True,
    ),
    Next(N_("make it night"), "night"),
    Next(N_("put it on a beach"), "beach", N_("put the {thing} on a beach")),
    Next(N_("let it snow"), "snow"),
    Next(N_("as a watercolour"), "watercolour"),
    Next(N_("give it a red hat"), "hat", N_("give the {thing} a red hat"), faced=True),
    Next(N_("in the evening, at sunset"), "sunset|evening"),
    Next(N_("as a pencil drawing"), "pencil"),
    Next(N_("add a rainbow"), "rainbow"),
    Next(N_("put it in a forest"), "forest", N_("put the {thing} in a forest")),
    Next(N_("give it glasses"), "glasses", N_("give the {thing} glasses"), faced=True),
    Next(N_("add some butterflies"), "butterfl"),
    Next(N_("give it a yellow balloon"), "balloon", N_("give the {thing} a yellow balloon"), faced=True),
    Next(N_("put it in the mountains"), "mountain", N_("put the {thing} in the mountains")),
)  # fmt: skip
WISHES = (*(one.wish for one in STARTERS), *(wish for one in NEXT for wish in (one.wish, one.of) if wish))


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
        _said(next, named, faces if next.faced else [name for name, _ in named])
        for next in NEXT
        if not re.search(rf"\b(?:{next.has})", prompt, re.IGNORECASE) and (faces or not next.faced or not named)
    ]
    return tuple(sorted(fitting, key=lambda wish: hashlib.sha256(f"{salt}{wish}".encode()).digest())[:count])


def _said(next: Next, named: Sequence[tuple[str, bool]], fitting: Sequence[str]) -> str:
    return next.of.format(thing=fitting[0]) if next.of and len(named) > 1 and fitting else next.wish


def called(message: str) -> str:
    """Return what a button says in a person's place, as HTML in the language that is spoken."""
    for name, words in STYLES:
        if words and message.endswith(f", {words}"):
            return f"{called(message.removesuffix(f', {words}'))}, {_(name)}"
    return told(message, MESSAGES + WISHES)
