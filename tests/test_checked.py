"""Conversations painted as turns paint them: looked at, painted again in the same region, and the best try kept."""

from __future__ import annotations

import dataclasses
import hashlib
import io
from collections.abc import Iterator, Sequence
from typing import Any

from PIL import Image

from captioner.request import FakeChecker
from generation.evaluation.ways import Step, Version, another_seed
from generation.request import FakePainter, RenderEvent, RenderRequest
from tests.test_multi_turn import HalfFinder
from ui.commands.checked import Checked


def version(colour: str = "white") -> Version:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(buffer, "PNG")
    return Version(buffer.getvalue(), b"latent")


def step(parent: Version, turn: int = 1) -> Step:
    return Step(f"s-{turn}", parent, "bunny hat", "give it a hat", 5, turn, before="bunny")


def seen_in(painter: FakePainter, tries: set[int]) -> FakeChecker:
    """Return a checker that sees the hat in those tries alone, counted by the painter's pictures."""
    order: list[str] = []

    def sees(image: bytes, word: str) -> bool:
        digest = hashlib.sha256(image).hexdigest()
        if digest not in order:
            order.append(digest)
        return word == "bunny" or order.index(digest) in tries

    return FakeChecker(sees)


def test_a_picture_that_lacks_nothing_is_painted_once_from_the_conversations_own_seed() -> None:
    painter = HalfFinder(steps=1)
    ended = Checked(painter, seen_in(painter, set(range(9))), 4).paint([step(version())], 8)
    assert [request.seed for request in painter.painted] == [5] and len(ended) == 1


def test_what_is_missing_is_painted_again_with_other_seeds_in_the_same_region_until_it_is_there() -> None:
    painter = HalfFinder(steps=1)
    flickering = iter(range(99))
    checker = FakeChecker(lambda image, word: word != "hat" or next(flickering) >= 1)
    (ended,) = Checked(painter, checker, 4).paint([step(version())], 8)
    assert [request.seed for request in painter.painted] == [5, another_seed(step(version()), 2)]
    assert len({request.mask for request in painter.painted}) == 1 and painter.painted[0].mask
    assert ended.mask == HalfFinder().find_region(painter.painted[0], None).mask


def test_what_the_version_before_lacked_is_no_reason_to_paint_again() -> None:
    painter = HalfFinder(steps=1)
    way = Checked(painter, FakeChecker(lambda image, word: word != "bunny"), 4)
    (first,) = way.paint([step(version())], 8)  # the root had no bunny either
    way.paint([step(first, 2)], 8)
    assert len(painter.painted) == 2


class Noting(HalfFinder):
    """Notes which seeds it is asked for together."""

    def __init__(self) -> None:
        super().__init__(steps=1)
        self.batches: list[list[int]] = []

    def paint(self, requests: Sequence[RenderRequest], *more: Any) -> Iterator[RenderEvent]:
        self.batches.append([request.seed for request in requests])
        return super().paint(requests, *more)


def test_tries_of_many_turns_are_painted_together_and_each_goes_on_for_itself() -> None:
    painter = Noting()
    steps = [
        dataclasses.replace(step(version(name)), id=name, seed=n) for n, name in enumerate(("red", "blue", "gray"))
    ]
    seen: list[int] = []
    looks: dict[str, int] = {}

    def sees(image: bytes, word: str) -> bool:
        """See a hat in the first's first try, in the second's second and in none of the third's."""
        if word != "hat":
            return True
        place = looks.setdefault(hashlib.sha256(image).hexdigest(), len(looks))
        return painter.painted[place].seed in (steps[0].seed, another_seed(steps[1], 2))

    ended = Checked(painter, FakeChecker(sees), 3, lambda images: seen.append(len(images))).paint(steps, 8)
    again = [another_seed(one, 2) for one in steps]
    assert painter.batches == [[0, 1, 2], again[1:]]
    assert seen == [3, 3, 2] and len(ended) == 3
