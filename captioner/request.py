"""What a captioner and a picture–text scorer are asked and answer. Torch-free."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

CaptionStyle = Literal["short", "descriptive"]


class Captioner(Protocol):
    """Says in words what is in a picture."""

    def caption(self, images: Sequence[bytes], style: CaptionStyle) -> list[str]:
        """Return one caption for each encoded picture."""
        ...


class Scorer(Protocol):
    """Tells how well a picture and a text fit."""

    def score(self, images: Sequence[bytes], texts: Sequence[str]) -> list[float]:
        """Return a score from 0 to 1 for each pair."""
        ...


class FakeCaptioner:
    """A captioner for tests that always says the same."""

    def __init__(self, answer: str = "a picture"):
        self.answer = answer

    def caption(self, images: Sequence[bytes], style: CaptionStyle) -> list[str]:
        return [self.answer for _ in images]
