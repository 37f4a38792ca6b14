"""Conversations painted from their messages: a rewriter plans each turn, and Limner paints what it plans.

One more way for `limner eval edits`: its figures hold the rewriter's errors as well as the painter's.
"""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Sequence
from contextlib import suppress

from PIL import Image

from assistant.errors import AssistantError
from assistant.extents import extended, resized
from assistant.messages import (
    ConversationPath,
    CreatePlan,
    EditPlan,
    ExtendPlan,
    PathTurn,
    PathVersion,
    Plan,
    ReturnPlan,
    VaryPlan,
)
from assistant.rendering import added
from assistant.rewriter import Rewriter
from generation.errors import RequestError
from generation.evaluation.conversations import Conversation
from generation.evaluation.painter import KeptBlobs, paint_all
from generation.evaluation.ways import Limner, NewPicture, Step, Version
from generation.request import Painter, RenderRequest


class Planned:
    """Paints what a rewriter plans for each message, on the path that led there.

    A turn that goes back ends on that version. One whose plan paints nothing else (an answer, a question back, an
    error), or takes what these conversations have no picture for (a merge, an enlargement), ends on the version that it
    began with. An extended picture is gone on from as it is, and looked at in the size of the first one, as all are.
    """

    name = "from messages"
    title = "Limner, from the messages"
    is_peer = False

    def __init__(self, rewriter: Rewriter, painter: Painter, talks: Sequence[Conversation]):
        self.rewriter, self.painter, self.talks = rewriter, painter, talks
        self.edits, self.creates = Limner(painter), NewPicture(painter, same_seed=False)
        self.made: list[dict[str, Version]] = [{} for _ in talks]
        self.paths = [
            ConversationPath(
                "", (PathTurn(talk.wish, "create", "v1"),),
                (PathVersion("v1", (), talk.prompt(0), ""),), "v1",
            )
            for talk in talks
        ]  # fmt: skip

    def paint(self, steps: Sequence[Step], batch: int) -> list[Version]:
        own = [_size(step.parent) for step in steps]
        for made, step in zip(self.made, steps, strict=True):
            made.setdefault("v1", step.parent)
        began = [self.made[index][self.paths[index].current or "v1"] for index in range(len(steps))]
        planned = [
            self._planned(index, dataclasses.replace(step, parent=began[index])) for index, step in enumerate(steps)
        ]
        for act in ("edit", "create", "extend"):
            chosen = [index for index, (plan, _) in enumerate(planned) if _painted_as(plan) == act]
            painted = self._painted(act, [planned[index] for index in chosen], batch)
            for index, version in zip(chosen, painted, strict=True):
                self.made[index][self.paths[index].current or ""] = version
        ended = [made[path.current or ""] for made, path in zip(self.made, self.paths, strict=True)]
        still = [_painted_as(plan) is None for plan, _ in planned]
        return [
            _looked_at(dataclasses.replace(version, mask=None) if is_still else version, size)
            for version, size, is_still in zip(ended, own, still, strict=True)
        ]

    def _painted(self, act: str, planned: Sequence[tuple[Plan | None, Step]], batch: int) -> list[Version]:
        steps = [step for _, step in planned]
        if act == "edit":
            return self.edits.paint(steps, batch)
        if act == "create":
            return self.creates.paint(steps, batch)
        return [self._extended(plan, step) for plan, step in planned if isinstance(plan, ExtendPlan)]

    def _extended(self, plan: ExtendPlan, step: Step) -> Version:
        """Return a version with more round it; itself where the painter cannot paint that much."""
        blobs, can = KeptBlobs(), self.painter.capabilities()
        try:
            size, place = extended(_size(step.parent), plan, plan.size, can, "this picture")
            request = RenderRequest(
                step.id, "extend", step.prompt, step.seed, step.change, width=size[0], height=size[1], place=place,
                parent_latent=blobs.keep(step.parent.latent) if step.parent.latent else None,
                parent_image=blobs.keep(step.parent.image),
            )  # fmt: skip
            (event,) = paint_all(self.painter, [request], blobs, 1, quiet=True)
        except RequestError:  # the person gets a sentence, and the picture stays
            return dataclasses.replace(step.parent, mask=None)
        return Version(event.image, event.latent)

    def _planned(self, index: int, step: Step) -> tuple[Plan | None, Step]:
        """Return the turn's plan and the step as it is planned; the path goes on from there."""
        path = self.paths[index]
        message = self.talks[index].edits[step.turn - 1].instruction
        act, version, plan = "reply", path.current, None
        with suppress(AssistantError):  # the person gets a sentence, and the picture stays
            plan = self.rewriter.plan(dataclasses.replace(path, message=message))
        versions = path.versions
        if isinstance(plan, CreatePlan | EditPlan | ExtendPlan | VaryPlan):
            act, parents = plan.act, () if isinstance(plan, CreatePlan) else (path.current or "",)
            before = path.version(path.current or "")
            prompt, whole = plan.prompt, before.prompt if before else ""
            change = plan.change if isinstance(plan, EditPlan) else ""
            if isinstance(plan, ExtendPlan):
                prompt, change = prompt or whole, added(prompt, whole)
            version = f"v{len(versions) + 1}"
            versions = (*versions, PathVersion(version, parents, prompt, change))
            step = dataclasses.replace(step, prompt=prompt, change=change)
        elif isinstance(plan, ReturnPlan) and plan.targets[0] in self.made[index]:
            act, version = plan.act, plan.targets[0]
        turns = (*path.turns, PathTurn(message, act, version))
        self.paths[index] = ConversationPath("", turns, versions, version)
        return plan, step


def _painted_as(plan: Plan | None) -> str | None:
    """Return how a plan is painted; None for what paints nothing here."""
    if isinstance(plan, EditPlan | ExtendPlan):
        return plan.act
    return "create" if isinstance(plan, CreatePlan | VaryPlan) else None


def _size(version: Version) -> tuple[int, int]:
    with Image.open(io.BytesIO(version.image)) as picture:
        return picture.size


def _looked_at(version: Version, size: tuple[int, int]) -> Version:
    """Return a version in the size that all of a conversation are looked at in."""
    return version if _size(version) == size else Version(resized(version.image, size), b"")
