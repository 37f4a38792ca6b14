"""Conversations painted from their messages: a rewriter plans each turn, and Limner paints what it plans.

One more way for `limner eval edits`: its figures hold the rewriter's errors as well as the painter's.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from assistant.errors import AssistantError
from assistant.messages import ConversationPath, CreatePlan, EditPlan, PathTurn, PathVersion
from assistant.rewriter import Rewriter
from generation.evaluation.conversations import Conversation
from generation.evaluation.ways import Limner, NewPicture, Step, Version
from generation.request import Painter


class Planned:
    """Paints what a rewriter plans for each message, on the path that led there.

    A turn whose plan is neither an edit nor a new picture (an answer, a question back, an error, a way back) ends on
    the version that it began with.
    """

    name = "from messages"
    title = "Limner, from the messages"
    is_peer = False

    def __init__(self, rewriter: Rewriter, painter: Painter, talks: Sequence[Conversation]):
        self.rewriter, self.talks = rewriter, talks
        self.edits, self.creates = Limner(painter), NewPicture(painter, same_seed=False)
        self.paths = [
            ConversationPath(
                "", (PathTurn(talk.wish, "create", "v1"),),
                (PathVersion("v1", (), talk.prompt(0), ""),), "v1",
            )
            for talk in talks
        ]  # fmt: skip

    def paint(self, steps: Sequence[Step], batch: int) -> list[Version]:
        ended = [dataclasses.replace(step.parent, mask=None) for step in steps]
        planned = [self._planned(index, step) for index, step in enumerate(steps)]
        for act, way in (("edit", self.edits), ("create", self.creates)):
            chosen = [index for index, (each, _) in enumerate(planned) if each == act]
            for index, version in zip(chosen, way.paint([planned[i][1] for i in chosen], batch), strict=True):
                ended[index] = version
        return ended

    def _planned(self, index: int, step: Step) -> tuple[str, Step]:
        """Return the act of the turn's plan and the step as it is planned; the path goes on from there."""
        path = self.paths[index]
        message = self.talks[index].edits[step.turn - 1].instruction
        act, version = "reply", path.current
        try:
            plan = self.rewriter.plan(dataclasses.replace(path, message=message))
        except AssistantError:
            plan = None  # the person gets a sentence, and the picture stays
        versions = path.versions
        if isinstance(plan, CreatePlan | EditPlan):
            act, parents = plan.act, (path.current or "",) if isinstance(plan, EditPlan) else ()
            version = f"v{len(versions) + 1}"
            change = plan.change if isinstance(plan, EditPlan) else ""
            versions = (*versions, PathVersion(version, parents, plan.prompt, change))
            step = dataclasses.replace(step, prompt=plan.prompt, change=change)
        turns = (*path.turns, PathTurn(message, act, version))
        self.paths[index] = ConversationPath("", turns, versions, version)
        return act, step
