"""What a captioner and a picture–text scorer are asked and answer. Torch-free: callers import this and nothing heavier.

Pictures come decoded (`captioner.pictures`), so that whoever decodes them need not be where the model is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

CaptionKind = Literal["short", "descriptive"]
KINDS: tuple[CaptionKind, ...] = ("short", "descriptive")


@dataclass(frozen=True)
class Picture:
    """A decoded picture, as small as captioners look at it.

    Attributes:
        sha256: of the bytes that it was decoded from.
        pixels: side · side · 3 bytes: rows from the top, red, green, blue.
        width, height: pixels of the picture that it was decoded from.
        look: a perceptual hash (`captioner.likeness`).
    """

    sha256: str
    pixels: bytes
    side: int
    width: int
    height: int
    look: str = ""


@dataclass(frozen=True)
class Decoding:
    """How captions are put into words.

    Attributes:
        way: the likeliest word each time, a draw from the likeliest, or a search among several beginnings.
        max_tokens: how long a caption gets at most; a captioner may have less room.
        top_p, temperature: of nucleus decoding: the probability that the words drawn from have together; what the
            logits are divided by.
        beams, length_power: of beam search: how many beginnings are kept; a log-probability counts after division by
            its caption's length to this power.
        exact: compute in the precision of the weights, also where half of it is faster.
    """

    way: Literal["greedy", "nucleus", "beam"] = "greedy"
    max_tokens: int = 128
    top_p: float = 0.9
    temperature: float = 1.0
    beams: int = 4
    length_power: float = 1.0
    exact: bool = False

    def __post_init__(self) -> None:
        if self.way not in ("greedy", "nucleus", "beam"):
            raise ValueError(f"decoding is greedy, nucleus or beam; got {self.way!r}")
        if min(self.max_tokens, self.beams) < 1 or not 0 < self.top_p <= 1 or self.temperature <= 0:
            raise ValueError(
                f"decoding needs tokens and beams from 1, top_p in (0, 1] and a temperature above 0: {self}"
            )


@dataclass(frozen=True)
class CaptionerAbilities:
    """What a captioner can do. `weights` tells two captioners apart; `side` is the pixels that it looks at, squared."""

    name: str
    weights: str
    kinds: tuple[CaptionKind, ...]
    side: int
    max_batch: int
    max_tokens: int


class Captioner(Protocol):
    """Says in words what is in a picture."""

    def abilities(self) -> CaptionerAbilities: ...

    def caption(
        self, pictures: Sequence[Picture], kind: CaptionKind, decoding: Decoding = Decoding(), seed: int = 0
    ) -> list[str]:
        """Return a caption of each picture, whatever else is in the batch.

        Args:
            pictures: of this captioner's side.
            seed: with the picture's SHA-256, all the randomness there is.

        Raises:
            DataError: a picture has another side.
        """
        ...


NOT_THERE = "no "
"""How a check begins that demands of something not to be there."""


@dataclass(frozen=True)
class Check:
    """One thing that a prompt demands, and whether a picture shows it.

    Attributes:
        what: as a person says it: "red bunny", "blue hat on the bunny", "no tree".
        found: whether it was seen.
        of: what it is said of, where that is a thing that is checked itself; "" otherwise.
    """

    what: str
    found: bool
    of: str = ""


Checklist = tuple[Check, ...]


def missing(checks: Checklist) -> list[str]:
    """Return what is missing, in few words: of a thing that is not there at all, no more than that."""
    absent = {check.what for check in checks if not check.found and not check.of}
    return [check.what for check in checks if not check.found and check.of not in absent]


def parted(amiss: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return of what is amiss (`missing`) first what is not there, and then what is there and should not be."""
    too_much = [what.removeprefix(NOT_THERE) for what in amiss if what.startswith(NOT_THERE)]
    return [what for what in amiss if not what.startswith(NOT_THERE)], too_much


class Checker(Protocol):
    """Tells which of the things that a prompt demands a picture shows."""

    def check(self, images: Sequence[bytes], prompt: str, removed: Sequence[str] = ()) -> list[Checklist]:
        """Return a checklist for each picture, of the same things in the same order; that there are too many of one is
        a check more, where it is so.

        Args:
            images: the bytes of the pictures' files.
            prompt: what they were painted from; what cannot be read in it is not on the list.
            removed: names of things that must not be there.

        Raises:
            CaptionerError: a picture cannot be read, or the model cannot be used.
        """
        ...


@runtime_checkable
class Scorer(Protocol):
    """Tells how well a picture and a text fit; a captioner may be one."""

    def score(self, pictures: Sequence[Picture], texts: Sequence[str]) -> list[float]:
        """Return a score from 0 to 1 for each pair."""
        ...


class FakeCaptioner:
    """A captioner for tests: its captions are a function of the pixels and the kind. No model.

    Attributes:
        captioned: the SHA-256 and kind of every picture that it was asked for, in order.
    """

    def __init__(self, before_batch: Callable[[], None] = lambda: None, side: int = 16, weights: str = "fake"):
        self.before_batch = before_batch
        self.side = side
        self.weights = weights
        self.captioned: list[tuple[str, CaptionKind]] = []

    def abilities(self) -> CaptionerAbilities:
        return CaptionerAbilities("the fake captioner", self.weights, KINDS, self.side, 8, 128)

    def caption(
        self, pictures: Sequence[Picture], kind: CaptionKind, decoding: Decoding = Decoding(), seed: int = 0
    ) -> list[str]:
        self.before_batch()
        self.captioned += [(picture.sha256, kind) for picture in pictures]
        return [f"a {kind} caption of {hashlib.sha256(picture.pixels).hexdigest()[:8]}" for picture in pictures]

    def score(self, pictures: Sequence[Picture], texts: Sequence[str]) -> list[float]:
        digests = [hashlib.sha256(picture.pixels).hexdigest()[:8] for picture in pictures]
        return [float(digest in text) for digest, text in zip(digests, texts, strict=True)]


class FakeChecker:
    """A checker for tests: it demands every word of the prompt, and `sees` says which of them a picture shows.

    Attributes:
        checked: how many pictures each call looked at.
    """

    def __init__(self, sees: Callable[[bytes, str], bool] = lambda image, word: True):
        self.sees = sees
        self.checked: list[int] = []

    def check(self, images: Sequence[bytes], prompt: str, removed: Sequence[str] = ()) -> list[Checklist]:
        self.checked.append(len(images))
        demanded = [word.strip(".,!?") for word in prompt.split()]
        gone = [Check(f"no {word}", True) for word in removed]
        return [tuple([Check(word, self.sees(image, word)) for word in demanded] + gone) for image in images]
