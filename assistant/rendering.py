"""From a plan to render requests, and from a painter's events to finished pictures. Sees only the painter protocol."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from assistant.extents import ENLARGED, extended
from assistant.jobs import StopSign
from assistant.messages import (
    CreatePlan,
    EditPlan,
    ExtendPlan,
    MergePlan,
    PicturePlan,
    TurnOptions,
    UpscalePlan,
    VaryPlan,
    Version,
)
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
SUBTLE = 0.5
"""How far a subtle variation goes from its version, as painters count strength."""
MERGED = 0.7
"""How far painting goes from what is laid together in a merge: at 0.6 a hat may keep the beach behind it, at 0.8 a dog
gets another face."""
ALL_ROUND = re.compile(
    r"\b(background|backdrop|surroundings?|setting|scenery|scene|place|sky|light|lighting|weather|time|style|picture)\b",
    re.IGNORECASE,
)
"""Regions that are no part to be cut out: such a merge changes the whole of the first picture by its prompt."""
FIRST_ACTS = ("create", "edit", "vary")
LATER = ("place", "source_latent", "source_image", "source_mask")
SENTENCE = re.compile(r"(?<=[.!?])\s+")
LOOK_SECONDS = 0.1
"""Progress and previews come at most this often, each; every one of them is written before it is seen."""


@dataclass(frozen=True)
class PaintProgress:
    """How far the painting is; `preview` is encoded bytes or b""."""

    data: dict[str, Any] = field(default_factory=dict)
    preview: bytes = b""


def requests_of(
    turn_id: str, plan: PicturePlan, options: TurnOptions, parents: Sequence[Version], can: Capabilities,
    seeds: Callable[[], int],
) -> tuple[RenderRequest, ...]:  # fmt: skip
    """Return the requests of a plan, one for each picture asked.

    Options go before the plan. An edit keeps its parent's size, and its seed unless another is asked; a picture that
    a person brought is edited in the painter's size that is nearest in shape.

    Args:
        parents: the version that is changed and, of a merge, the one that something is taken from.

    Raises:
        RequestError: the painter cannot do this, or a number is out of bounds.
    """
    if plan.act not in can.acts:
        raise RequestError(
            f"The painter {can.name} cannot {plan.act} pictures, only {', '.join(can.acts)}; ask for that."
        )
    parent = parents[0] if parents else None
    if isinstance(plan, UpscalePlan):
        return (_enlargement(turn_id, _known(parent), seeds),)
    count = plan.count if options.count is None else options.count
    if not 1 <= count <= MAX_COUNT:
        raise RequestError(f"One message paints 1 to {MAX_COUNT} pictures and {count} were asked; ask for fewer.")
    if options.steps is not None and not 1 <= options.steps <= can.max_steps:
        raise RequestError(
            f"{can.name} paints in 1 to {can.max_steps} steps and {options.steps} were asked; ask for fewer."
        )
    given: dict[str, Any] = {"strength": 1.0, "change": getattr(plan, "change", "")}
    size = None if isinstance(plan, ExtendPlan) else _size(plan, options, parent, can)
    prompt = plan.prompt
    if isinstance(plan, ExtendPlan):
        parent = _known(parent)
        own, asked = (parent.width, parent.height), options.size or plan.size
        size, given["place"] = extended(own, plan, asked, can, parent.label, options.place)
        prompt, given["change"] = prompt or parent.prompt, added(prompt, parent.prompt)
    elif isinstance(plan, EditPlan):
        given["strength"] = plan.strength
    elif isinstance(plan, MergePlan):
        strength = MERGED if takes_part(plan) else 1.0
        given |= {"source_latent": parents[1].latent, "source_image": parents[1].image, "strength": strength}
    elif isinstance(plan, VaryPlan) and plan.strength == "subtle":
        given["strength"] = SUBTLE
    if parent is not None and (not isinstance(plan, VaryPlan) or plan.strength == "subtle"):
        given |= {"parent_latent": parent.latent, "parent_image": parent.image}
    seed = _seed(plan, options, parent, seeds)
    return tuple(
        RenderRequest(
            id=f"{turn_id}-{candidate}", act=plan.act, prompt=prompt, seed=seed, candidate=candidate,
            width=size[0] if size else None, height=size[1] if size else None, steps=options.steps,
            guidance=options.guidance, **given,
        )
        for candidate in range(options.candidate, options.candidate + count)
    )  # fmt: skip


def _known(parent: Version | None) -> Version:
    if parent is None:
        raise ValueError("this act needs the version that it starts from")
    return parent


def _enlargement(turn_id: str, parent: Version, seeds: Callable[[], int]) -> RenderRequest:
    seed = parent.recipe.seed if parent.recipe else seeds()
    return RenderRequest(
        id=f"{turn_id}-0", act="upscale", prompt=parent.prompt, seed=seed, parent_image=parent.image,
        width=ENLARGED * parent.width, height=ENLARGED * parent.height,
    )  # fmt: skip


def takes_part(plan: MergePlan) -> bool:
    """Tell whether a merge takes a part that can be cut out."""
    return bool(plan.region) and not ALL_ROUND.search(plan.region)


def added(prompt: str, before: str) -> str:
    """Return the sentences of a prompt that another lacks: what an extension shall show beyond what is there."""
    known = {" ".join(sentence.lower().split()) for sentence in SENTENCE.split(before)}
    fresh = [sentence for sentence in SENTENCE.split(prompt) if " ".join(sentence.lower().split()) not in known]
    return " ".join(filter(None, fresh)) if before else ""


def painted_size(version: Version, can: Capabilities) -> tuple[int, int]:
    """Return the size in which a version is painted on: a person's own picture takes one of the painter's."""
    own = (version.width, version.height)
    return nearest_size(own, can) if version.origin == "uploaded" else own


def key_of(requests: Sequence[RenderRequest], index: int, can: Capabilities) -> str:
    """Return a hash of all that decides a picture: the painter and its usual values, and what is painted beside it.

    What requests could not ask for when the first pictures were kept counts only where it is asked for, and what a
    painter has learned to do since changes no picture: so pictures kept before are found.
    """
    asked = [
        {name: value for name, value in {**asdict(request), "id": ""}.items() if name not in LATER or value is not None}
        for request in requests
    ]
    able = asdict(can)
    del able["max_canvas"], able["patterns"], able["signs_as"]
    able["acts"] = [act for act in can.acts if act in FIRST_ACTS]
    return hashlib.sha256(json.dumps([able, asked, index]).encode()).hexdigest()


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
    plan: CreatePlan | EditPlan | VaryPlan | MergePlan, options: TurnOptions, parent: Version | None, can: Capabilities
) -> tuple[int, int] | None:
    asked = options.size or plan.size
    if parent is None:
        return check_size(asked, can) if asked else None
    if parent.origin == "uploaded":
        return check_size(asked, can) if asked else painted_size(parent, can)
    own = (parent.width, parent.height)
    if isinstance(plan, EditPlan | MergePlan) or (isinstance(plan, VaryPlan) and plan.strength == "subtle"):
        if asked and asked != own:
            what = {"edit": "An edit", "merge": "A merge", "vary": "A subtle variation"}[plan.act]
            raise RequestError(
                f"{what} keeps the size of its picture, and {parent.label} is {own[0]}x{own[1]}; leave the size out, "
                "or ask for a new picture."
            )
        return own
    if asked:
        return check_size(asked, can)
    try:
        return check_size(own, can)
    except RequestError:  # as of a picture that was extended
        return nearest_size(own, can)


def _seed(
    plan: CreatePlan | EditPlan | VaryPlan | ExtendPlan | MergePlan, options: TurnOptions, parent: Version | None,
    seeds: Callable[[], int],
) -> int:  # fmt: skip
    for seed in (options.seed, plan.seed):
        if seed is not None:
            if not 0 <= seed < 2**63:
                raise RequestError(f"A seed is a whole number from 0 to 2^63 - 1 and {seed} was asked; give another.")
            return seed
    inherits = not isinstance(plan, CreatePlan | VaryPlan) and not options.another
    if inherits and parent is not None and parent.recipe is not None:
        return parent.recipe.seed
    return seeds()
