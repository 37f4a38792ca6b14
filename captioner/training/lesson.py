"""What a captioner is given to learn in one step, whichever pictures it is from.

Dimensions: B batch, H = W pixels, h = w cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch

from captioner.tokenizer import Task
from captioner.training.loop import Resumable


@dataclass(frozen=True)
class Lesson:
    """Pictures (B, H, W, 3) uint8, a caption of each and its kind; where it is known, what each cell shows
    (B, 4, h, w) int, as `captioner.training.segments` asks it."""

    pictures: np.ndarray
    texts: list[str]
    tasks: list[Task]
    cells: np.ndarray | None = None


class Lessons(Protocol):
    """Gives a captioner its lessons."""

    @property
    def stream(self) -> Resumable | None: ...

    def lesson(self, generator: torch.Generator) -> Lesson:
        """Return the next lesson; the generator is all the randomness there is beside the stream."""
        ...

    def shown(self) -> tuple[np.ndarray, list[dict[Task, str]]]:
        """Return pictures (N, H, W, 3) to show captions of, and what is true of each, by the kinds that are learned."""
        ...

    def about(self) -> dict[str, Any]:
        """Return what an account says of the pictures."""
        ...
