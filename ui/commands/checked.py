"""Conversations painted as a turn of the product paints them: looked at, and painted again where something is missing.

Limner's way in `limner eval edits`; the one try that others have stands beside it.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Sequence

from assistant.checking import Tries, best_of
from assistant.messages import EditPlan
from captioner.request import Checker, Checklist
from generation.evaluation.painter import KeptBlobs, paint_all
from generation.evaluation.ways import Limner, Step, Version, another_seed, version_of
from generation.request import Painter, RenderFinished, RenderRequest


class Checked:
    """Limner with the check and the tries of a turn, from the checklist of the version before.

    How many tries there are is counted and not timed, so that a figure does not hang on the load of a machine.
    """

    name = "limner checked"
    is_peer = False

    def __init__(self, painter: Painter, checker: Checker, tries: int):
        self.painter, self.checker, self.tries = painter, checker, tries
        self.title = f"Limner, {tries} tries"
        self.first = Limner(painter)
        self.checks: dict[bytes, Checklist] = {}

    def paint(self, steps: Sequence[Step], batch: int) -> list[Version]:
        blobs = KeptBlobs()
        asked = self.first.requests(steps, blobs)
        finished = paint_all(self.painter, [request for request, _ in asked], blobs, batch, quiet=True)
        return [
            version_of(self._best(step, request, event, blobs), mask)
            for step, (request, mask), event in zip(steps, asked, finished, strict=True)
        ]

    def _best(self, step: Step, request: RenderRequest, event: RenderFinished, blobs: KeptBlobs) -> RenderFinished:
        """Return the best of the tries of one turn, as the product keeps it."""
        began = time.monotonic()

        def paint_another(number: int) -> RenderFinished:
            again = dataclasses.replace(request, id=f"{request.id}-{number}", seed=another_seed(step, number))
            return paint_all(self.painter, [again], blobs, 1, quiet=True)[0]

        before = self.checks.pop(step.parent.image, None)
        if before is None:
            before = self._checklist(step.parent.image, step.before)
        best = best_of(
            event, EditPlan(prompt=step.prompt, change=step.change), self.checker, Tries(self.tries, float("inf")),
            paint_another, time.monotonic() - began, lambda looked: None, before,
        )  # fmt: skip
        self.checks[best.picture.image] = best.checks or ()
        return best.picture

    def _checklist(self, image: bytes, prompt: str) -> Checklist:
        return self.checker.check([image], prompt)[0]
