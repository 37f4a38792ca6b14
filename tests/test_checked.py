"""Conversations painted as turns paint them: looked at, painted again in the same region, and the best try kept."""

from __future__ import annotations

import hashlib
import io

from PIL import Image

from captioner.request import FakeChecker
from generation.evaluation.ways import Step, Version, another_seed
from generation.request import FakePainter
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
