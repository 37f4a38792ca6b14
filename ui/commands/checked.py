"""Conversations painted as a turn of the product paints them: looked at, and painted again where something is missing.

Limner's way in `limner eval edits`; the one try that others have stands beside it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence

from assistant.checking import Looked, look, search
from assistant.messages import EditPlan
from captioner.request import Checker, Checklist
from generation.evaluation.painter import KeptBlobs, paint_all
from generation.evaluation.ways import Limner, Step, Version, another_seed, version_of
from generation.request import Painter, RenderRequest


class Checked:
    """Limner with the check and the tries of a turn, from the checklist of the version before.

    How many tries there are is counted and not timed, so that a figure does not hang on the load of a machine. The
    second tries of all turns are painted together, then the third ones.
    """

    name = "limner checked"
    is_peer = False

    def __init__(
        self, painter: Painter, checker: Checker, tries: int,
        see: Callable[[Sequence[bytes]], object] = lambda images: None,
    ):  # fmt: skip
        """`see` is given pictures before the checker is asked about them one by one, to look at them together."""
        self.painter, self.checker, self.tries, self.see = painter, checker, tries, see
        self.title = f"Limner, {tries} tries"
        self.first = Limner(painter)
        self.checks: dict[bytes, Checklist] = {}

    def paint(self, steps: Sequence[Step], batch: int) -> list[Version]:
        blobs = KeptBlobs()
        asked = self.first.requests(steps, blobs)

        def painted(numbers: Mapping[int, int]) -> dict[int, Looked]:
            """Paint and look at these tries, told by the places of their turns."""
            requests = [_another(asked[place][0], steps[place], number) for place, number in numbers.items()]
            finished = paint_all(self.painter, requests, blobs, batch, quiet=True)
            self._see([event.image for event in finished], batch)
            tries: dict[int, Looked] = {}
            for (place, number), event in zip(numbers.items(), finished, strict=True):
                plan = EditPlan(prompt=steps[place].prompt, change=steps[place].change)
                tries[place] = Looked(event, look(self.checker, [event], plan)[0], number)
            return tries

        before = self._before(steps, batch)
        firsts = painted(dict.fromkeys(range(len(steps)), 1))
        searches = {place: search(first, self.tries, before[place]) for place, first in firsts.items()}
        found: Mapping[int, Looked | None] = dict.fromkeys(searches)
        best: dict[int, Looked] = {}
        while searches:
            wanted: dict[int, int] = {}
            for place, trying in [*searches.items()]:
                try:
                    wanted[place], _ = trying.send(found[place])
                except StopIteration as end:
                    best[place] = end.value
                    del searches[place]
            found = painted(wanted)
        self.checks |= {looked.picture.image: looked.checks or () for looked in best.values()}
        return [version_of(best[place].picture, mask) for place, (_, mask) in enumerate(asked)]

    def _before(self, steps: Sequence[Step], batch: int) -> list[Checklist]:
        """Return what was seen in the versions that turns start from."""
        self._see([step.parent.image for step in steps if step.parent.image not in self.checks], batch)
        checks: list[Checklist] = []
        for step in steps:
            known = self.checks.pop(step.parent.image, None)
            checks.append(self.checker.check([step.parent.image], step.before)[0] if known is None else known)
        return checks

    def _see(self, images: Sequence[bytes], batch: int) -> None:
        for start in range(0, len(images), batch):
            self.see(images[start : start + batch])


def _another(request: RenderRequest, step: Step, number: int) -> RenderRequest:
    """Return the request of a turn for a try: the first one's is the turn's own."""
    if number == 1:
        return request
    return dataclasses.replace(request, id=f"{request.id}-{number}", seed=another_seed(step, number))
