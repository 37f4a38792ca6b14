"""From a plan to render requests, and from a painter's events to finished pictures. Sees only the painter protocol."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from assistant.jobs import StopSign
from assistant.messages import CreatePlan, EditPlan, TurnOptions, VaryPlan, Version
from generation.errors import PaintingError, RequestError
from generation.request import (
    BlobReader,
    Capabilities,
    Painter,
    RenderFinished,
    RenderPreview,
    RenderProgress,
    RenderRequest,
    check_size,
    nearest_size,
)

Finished = RenderFinished
MAX_COUNT = 10
LOOK_SECONDS = 0.1
"""Progress and previews come at most this often, each; every one of them is written before it is seen."""


@dataclass(frozen=True)
class PaintProgress:
    """How far the painting is; `preview` is encoded bytes or b""."""

    data: dict[str, Any] = field(default_factory=dict)
    preview: bytes = b""


def requests_of(
    turn_id: str, plan: CreatePlan | EditPlan | VaryPlan, options: TurnOptions, parent: Version | None,
    can: Capabilities, seeds: Callable[[], int],
) -> tuple[RenderRequest, ...]:  # fmt: skip
    """Return the requests of a plan, one for each picture asked.

    Options go before the plan. An edit keeps its parent's size, and its seed unless another is asked; a picture that
    a person brought is edited in the painter's size that is nearest in shape.

    Raises:
        RequestError: the painter cannot do this, or a number is out of bounds.
    """
    if plan.act not in can.acts:
        raise RequestError(
            f"The painter {can.name} cannot {plan.act} pictures, only {', '.join(can.acts)}; ask for that."
        )
    count = plan.count if options.count is None else options.count
    if not 1 <= count <= MAX_COUNT:
        raise RequestError(f"One message paints 1 to {MAX_COUNT} pictures and {count} were asked; ask for fewer.")
    if options.steps is not None and not 1 <= options.steps <= can.max_steps:
        raise RequestError(
            f"{can.name} paints in 1 to {can.max_steps} steps and {options.steps} were asked; ask for fewer."
        )
    size = _size(plan, options, parent, can)
    seed = _seed(plan, options, parent, seeds)
    edits = isinstance(plan, EditPlan) and parent is not None
    return tuple(
        RenderRequest(
            id=f"{turn_id}-{candidate}", act=plan.act, prompt=plan.prompt, seed=seed,
            change=plan.change if isinstance(plan, EditPlan) else "", candidate=candidate,
            width=size[0] if size else None, height=size[1] if size else None, steps=options.steps,
            guidance=options.guidance, parent_latent=parent.latent if edits and parent else None,
            parent_image=parent.image if edits and parent else None,
            strength=plan.strength if isinstance(plan, EditPlan) else 1.0,
        )
        for candidate in range(options.candidate, options.candidate + count)
    )  # fmt: skip


def key_of(requests: Sequence[RenderRequest], index: int, can: Capabilities) -> str:
    """Return a hash of all that decides a picture: the painter and its usual values, and what is painted beside it."""
    asked = [{**asdict(request), "id": ""} for request in requests]
    return hashlib.sha256(json.dumps([asdict(can), asked, index]).encode()).hexdigest()


def paint_all(
    painter: Painter, requests: Sequence[RenderRequest], blobs: BlobReader, stop: StopSign,
    on_progress: Callable[[PaintProgress], None],
) -> tuple[Finished, ...]:  # fmt: skip
    """Paint the requests in batches of the painter's size and return the pictures in the order of the requests.

    Raises:
        Stopped: the turn was stopped between steps.
        GenerationError: the painter could not.
    """
    batch = max(1, painter.capabilities().max_batch)
    finished: dict[str, Finished] = {}
    for start in range(0, len(requests), batch):
        stop.check()
        chunk = requests[start : start + batch]
        pace = _Pace()
        where = {"picture": start + 1, "pictures": len(requests)}
        for event in painter.paint(chunk, blobs, stop):
            stop.check()
            if isinstance(event, RenderFinished):
                finished[event.request_id] = event
            elif event.request_id == chunk[0].id and pace.now(event):
                if isinstance(event, RenderPreview):
                    on_progress(PaintProgress({"step": event.step, **where}, event.image))
                else:
                    on_progress(PaintProgress({"step": event.step, "steps": event.steps, **where}))
        stop.check()
    if missing := [request.id for request in requests if request.id not in finished]:
        raise PaintingError(
            f"The painter stopped with {len(missing)} of {len(requests)} pictures unpainted; try again."
        )
    return tuple(finished[request.id] for request in requests)


class _Pace:
    """Lets the first of each kind through, the last step, and between them one now and then."""

    def __init__(self) -> None:
        self.last: dict[type, float] = {}

    def now(self, event: RenderProgress | RenderPreview) -> bool:
        time_now = time.monotonic()
        ends = isinstance(event, RenderProgress) and event.step == event.steps
        if ends or time_now - self.last.get(type(event), -1e9) >= LOOK_SECONDS:
            self.last[type(event)] = time_now
            return True
        return False


def _size(
    plan: CreatePlan | EditPlan | VaryPlan, options: TurnOptions, parent: Version | None, can: Capabilities
) -> tuple[int, int] | None:
    asked = options.size or plan.size
    if parent is None:
        return check_size(asked, can) if asked else None
    own = (parent.width, parent.height)
    if parent.origin == "uploaded":
        return check_size(asked, can) if asked else nearest_size(own, can)
    if isinstance(plan, EditPlan):
        if asked and asked != own:
            raise RequestError(
                f"An edit keeps the size of its picture, and {parent.label} is {own[0]}x{own[1]}; leave the size out, "
                "or ask for a new picture."
            )
        return own
    return check_size(asked, can) if asked else own


def _seed(
    plan: CreatePlan | EditPlan | VaryPlan, options: TurnOptions, parent: Version | None, seeds: Callable[[], int]
) -> int:
    for seed in (options.seed, plan.seed):
        if seed is not None:
            if not 0 <= seed < 2**63:
                raise RequestError(f"A seed is a whole number from 0 to 2^63 - 1 and {seed} was asked; give another.")
            return seed
    inherits = isinstance(plan, EditPlan) and not options.another
    if inherits and parent is not None and parent.recipe is not None:
        return parent.recipe.seed
    return seeds()
