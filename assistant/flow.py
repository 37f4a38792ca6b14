"""What happens in one turn: policy, rewriter, painter, bytes, rows, in that order, each part given from outside.

Nothing here waits for or knows whoever watches. Whatever fails, the turn ends with one sentence, on the version that it
was on, and the message stays.
"""

from __future__ import annotations

import dataclasses
import errno
import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from assistant.errors import AssistantError, PlanError, UnknownVersion
from assistant.images import LATENT, PNG, BlobStore
from assistant.jobs import Stopped, StopSign
from assistant.messages import (
    ConversationPath,
    CreatePlan,
    EditPlan,
    EventKind,
    PaintingPlan,
    Plan,
    ReturnPlan,
    TurnOptions,
    TurnStatus,
    VaryPlan,
    Version,
    WordsPlan,
)
from assistant.policy import Policy, Refused
from assistant.rendering import Finished, PaintProgress, paint_all, requests_of, signed
from assistant.rewriter import Rewriter, statement_of
from assistant.store.paths import conversation_path
from assistant.store.queue import Ending, Job, LeaseLost, NewVersion, TurnQueue
from assistant.store.store import ConversationStore, unknown_version
from captioner.errors import CaptionerError
from generation.errors import GenerationError, PictureError, RequestError
from generation.request import Painter, RegionFinder, RenderRequest

LOG = logging.getLogger(__name__)
BY_REQUEST = (RequestError, PictureError, PlanError, UnknownVersion)
"""Failures that another request, in other words, would not meet."""
NO_PICTURE_YET = 'There is no picture to change yet. Describe one first, for example "a bunny in a meadow".'
NOT_BUILT = {
    "extend": "Extending a picture past its edges is not built yet; ask for a new picture with a wider view instead.",
    "merge": "Merging pictures is not built yet; describe one new picture with what both should give it.",
    "upscale": "Enlarging a picture is not built yet; ask for a new picture in a larger size instead.",
}
NOBODY_TO_DESCRIBE = "Nothing here can describe pictures; the prompt that painted this one is shown beside it."
NO_PICTURE_TO_DESCRIBE = "There is no picture to look at yet. Ask for one first, or bring your own."


class Flow:
    """Runs turns; one instance serves them all."""

    def __init__(
        self, store: ConversationStore, queue: TurnQueue, blobs: BlobStore, painter: Painter, rewriter: Rewriter,
        policy: Policy, clock: Callable[[], datetime], seeds: Callable[[], int],
        announce: Callable[[str, int, bytes], None], regions: RegionFinder | None = None,
        describe: Callable[[bytes], str] | None = None,
    ):  # fmt: skip
        """`announce(turn id, event number, preview bytes)` is told of every event once it is written.

        Without `regions` an edit may change its whole picture. `describe` says in words what a picture's file shows.
        """
        self.store = store
        self.queue = queue
        self.blobs = blobs
        self.painter = painter
        self.rewriter = rewriter
        self.policy = policy
        self.clock = clock
        self.seeds = seeds
        self.announce = announce
        self.regions = regions
        self.describe = describe

    def run(self, job: Job, stop: StopSign) -> None:
        """Run the turn to its end and write that end.

        Raises:
            StoreError: not even a failure could be written; the turn is still held and will be taken up again.
        """
        begun = time.monotonic()
        path = ConversationPath(job.message)
        try:
            path = conversation_path(self.store.database, job)
            ending = self._turn(job, path, stop)
        except Stopped:
            if stop.why == "closing":
                self.queue.release(job)
            if stop.why != "cancel":
                return
            ending = Ending(TurnStatus.CANCELLED)
        except LeaseLost:
            return
        except Exception as error:  # whatever a model or a disk does, the turn ends aloud and the next one works
            ending = Ending(TurnStatus.FAILED, error=sentence(error), by_request=isinstance(error, BY_REQUEST))
        self._finish(job, ending, path.current, begun)

    def _finish(self, job: Job, ending: Ending, current: str | None, begun: float) -> None:
        def write(ending: Ending) -> None:
            fields = {**vars(ending), "seconds": time.monotonic() - begun, "ends_on": ending.ends_on or current}
            self.queue.finish(job, Ending(**fields), self.clock())

        try:
            try:
                write(ending)
            except LeaseLost:
                return
            except Exception as error:  # what was painted cannot be kept; say so instead
                write(Ending(TurnStatus.FAILED, error=sentence(error)))
        except LeaseLost:
            return
        self.announce(job.turn_id, 0, b"")

    def _turn(self, job: Job, path: ConversationPath, stop: StopSign) -> Ending:
        self.announce(job.turn_id, 0, b"")
        stop.check()
        if job.message.strip() or job.given_plan is None:
            decision = self.policy.check_message(job.message)
            if isinstance(decision, Refused):
                return self._refuse(job, path, decision.reason)
        plan, planned_by = job.given_plan, "person"
        if plan is None:
            plan, planned_by = self._ask_rewriter(job, path, stop), self.rewriter.name
        plan = held_to(plan, job.options.act, job.message)
        if isinstance(plan, PaintingPlan):
            decision = self.policy.check_prompt(f"{plan.prompt}\n{getattr(plan, 'change', '')}")
            if isinstance(decision, Refused):
                return self._refuse(job, path, decision.reason)
        self._set_plan(job, path, plan, planned_by)
        stop.check()
        return self._carry_out(job, path, plan, stop)

    def _ask_rewriter(self, job: Job, path: ConversationPath, stop: StopSign) -> Plan:
        def on_statement(line: str) -> None:
            stop.check()
            self._event(job, "plan", {"line": line})

        return stoppable(lambda: self.rewriter.plan(path, on_statement), stop)

    def _carry_out(self, job: Job, path: ConversationPath, plan: Plan, stop: StopSign) -> Ending:
        targets = self._targets(job, plan, path)
        match plan:
            case CreatePlan():
                return self._paint(job, plan, None, stop)
            case EditPlan() | VaryPlan():
                if not targets:
                    return Ending(TurnStatus.DONE, reply=NO_PICTURE_YET)
                return self._paint(job, plan, targets[0], stop)
            case ReturnPlan():
                return Ending(TurnStatus.DONE, reply=plan.reply, ends_on=targets[0].label)
            case WordsPlan() if plan.act == "describe":
                return self._describe(targets)
            case WordsPlan():
                return Ending(TurnStatus.DONE, reply=plan.reply)
            case _:
                return Ending(TurnStatus.DONE, reply=NOT_BUILT[plan.act])

    def _targets(self, job: Job, plan: Plan, path: ConversationPath) -> tuple[Version, ...]:
        """Return the versions that the plan means; an edit or a description without labels means the current one.

        Raises:
            UnknownVersion: the conversation lacks one of them.
        """
        labels: tuple[str, ...] = getattr(plan, "targets", ())
        needs_one = isinstance(plan, EditPlan | VaryPlan) or plan.act == "describe"
        if not labels and needs_one and path.current:
            labels = (path.current,)
        if not labels:
            return ()
        known = {version.label: version for version in self.store.versions(job.conversation_id, job.owner)}
        for label in labels:
            if label not in known:
                raise UnknownVersion(unknown_version(label, list(known)))
        return tuple(known[label] for label in labels)

    def _describe(self, versions: tuple[Version, ...]) -> Ending:
        """Look at the pictures themselves: a prompt says what was asked for, not what came of it."""
        if not versions:
            return Ending(TurnStatus.DONE, reply=NO_PICTURE_TO_DESCRIBE)
        if self.describe is None:
            return Ending(TurnStatus.DONE, reply=NOBODY_TO_DESCRIBE)
        seen = [f"{version.label}: {self.describe(self.blobs.read(version.image))}" for version in versions]
        return Ending(TurnStatus.DONE, reply="\n".join(["What I see in it.", *seen]))

    def _paint(
        self, job: Job, plan: CreatePlan | EditPlan | VaryPlan, parent: Version | None, stop: StopSign
    ) -> Ending:
        requests = requests_of(job.turn_id, plan, job.options, parent, self.painter.capabilities(), self.seeds)

        def on_progress(progress: PaintProgress) -> None:
            if progress.preview:
                self._event(job, "preview", progress.data, progress.preview)
            else:
                self._event(job, "progress", progress.data)

        begun = time.monotonic()
        if isinstance(plan, EditPlan):
            requests = self._within_region(requests, job.options)
        finished = paint_all(self.painter, requests, self.blobs, stop, on_progress)
        each = (time.monotonic() - begun) / len(finished)
        finished = signed(finished, "person" if job.given_plan else self.rewriter.name)
        versions = [self._durable(plan, parent, picture, each) for picture in finished]
        stop.check()
        return Ending(TurnStatus.DONE, reply=plan.reply, versions=versions)

    def _within_region(self, requests: tuple[RenderRequest, ...], options: TurnOptions) -> tuple[RenderRequest, ...]:
        """Return the requests with the mask of the edit's region, the same for all candidates.

        A mask that a person painted wins over any that could be found.

        Raises:
            RequestError: a person painted a mask and the painter cannot keep to one.
        """
        can = self.painter.capabilities()
        mask = options.mask
        if mask is not None and not can.masks:
            raise RequestError(f"{can.name} cannot keep to a mask; leave the mask out and say where in words.")
        if mask is None and can.masks and not options.whole and self.regions is not None:
            region = self.regions.find_region(requests[0], self.blobs)
            mask = self.blobs.put(region.mask, PNG) if region else None
        if mask is None:
            return requests
        return tuple(dataclasses.replace(request, mask=mask) for request in requests)

    def _durable(
        self, plan: CreatePlan | EditPlan | VaryPlan, parent: Version | None, picture: Finished, seconds: float
    ) -> NewVersion:
        """Write the picture's bytes, to outlive anything, and return the version that will name them."""
        recipe = picture.recipe
        return NewVersion(
            image=self.blobs.put(picture.image, PNG),
            latent=self.blobs.put(picture.latent, LATENT) if picture.latent else None,
            width=recipe.width, height=recipe.height, prompt=plan.prompt,
            change=plan.change if isinstance(plan, EditPlan) else "",
            region=plan.region if isinstance(plan, EditPlan) else "",
            parents=(parent.label,) if parent else (), recipe=recipe, seconds=seconds,
            changed=picture.changed,
        )  # fmt: skip

    def _refuse(self, job: Job, path: ConversationPath, reason: str) -> Ending:
        self._set_plan(job, path, WordsPlan(act="refuse", reply=reason), "policy")
        return Ending(TurnStatus.DONE, reply=reason)

    def _set_plan(self, job: Job, path: ConversationPath, plan: Plan, planned_by: str) -> None:
        self.queue.set_plan(job, plan, planned_by, statement_of(plan, path), self.clock())
        self.announce(job.turn_id, 0, b"")

    def _event(self, job: Job, kind: EventKind, data: dict[str, Any], preview: bytes = b"") -> None:
        number = self.queue.add_event(job, kind, data, self.clock())
        self.announce(job.turn_id, number, preview)


def held_to(plan: Plan, act: Literal["create", "edit"] | None, message: str) -> Plan:
    """Return a plan that paints as a plan of the act that was asked for; its words stay those of the rewriter."""
    if act is None or not isinstance(plan, PaintingPlan) or plan.act == act:  # type: ignore[attr-defined]
        return plan
    same = {name: getattr(plan, name) for name in PaintingPlan.model_fields}
    if act == "create":
        return CreatePlan(**same)
    return EditPlan(**same, change=message.strip() or plan.prompt, targets=getattr(plan, "targets", ()))


def stoppable(ask: Callable[[], Plan], stop: StopSign) -> Plan:
    """Return what `ask` returns; when the turn is stopped meanwhile, leave it to itself, for it may hang on a network.

    Raises:
        Stopped: the turn was stopped first.
    """
    answer: list[Plan] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            answer.append(ask())
        except BaseException as error:  # carried over to the turn's own thread
            failure.append(error)
        finally:
            stop.notify()

    thread = threading.Thread(target=run, name="limner-rewriter", daemon=True)
    thread.start()
    stop.wait_for(lambda: bool(answer or failure))
    stop.check()
    if failure:
        raise failure[0]
    return answer[0]


def sentence(error: Exception) -> str:
    """Return one sentence for a person about why a turn failed; what is not for persons goes to the log."""
    if isinstance(error, AssistantError | GenerationError | CaptionerError):
        return str(error)
    LOG.error("a turn failed", exc_info=error)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full; make room and send the message again."
    if isinstance(error, MemoryError):
        return "There was not enough memory for this picture; ask for a smaller one, or close other programs."
    line = " ".join(str(error).split())[:300]
    return f"Something in Limner broke ({type(error).__name__}{': ' + line if line else ''}); send the message again."
