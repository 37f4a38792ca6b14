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
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Literal

from assistant import direct, locks
from assistant.checking import Looked, Tries, absent, best_of, has_own_seed, look, tries_of
from assistant.drift import Drift, drift_of
from assistant.errors import AssistantError, BlobError, PlanError, RefusedResult, UnknownVersion
from assistant.extents import cut_out, fitting, resized
from assistant.images import LATENT, PNG, BlobStore
from assistant.jobs import Stopped, StopSign
from assistant.messages import (
    ConversationPath,
    CreatePlan,
    EditPlan,
    EventKind,
    ExtendPlan,
    MergePlan,
    PaintingPlan,
    PicturePlan,
    Plan,
    ReturnPlan,
    TurnOptions,
    TurnStatus,
    UpscalePlan,
    VaryPlan,
    Version,
    WordsPlan,
)
from assistant.people import varied
from assistant.policy import Altered, Decision, Policy, Refused, Stage
from assistant.references import labelled
from assistant.rendering import (
    Finished,
    PaintProgress,
    key_of,
    paint_all,
    painted_size,
    requests_of,
    takes_part,
)
from assistant.rewriter import Rewriter, statement_of
from assistant.store.decisions import DecisionStore
from assistant.store.locks import LockStore
from assistant.store.paths import conversation_path
from assistant.store.queue import Ending, Job, LeaseLost, NewVersion, TurnQueue
from assistant.store.store import ConversationStore
from captioner.errors import CaptionerError
from captioner.request import Checker, missing
from generation.errors import GenerationError, PictureError, RequestError
from generation.request import Capabilities, Painter, RegionFinder, RenderRequest

LOG = logging.getLogger(__name__)
BY_REQUEST = (RequestError, PictureError, PlanError, UnknownVersion)
"""Failures that another request, in other words, would not meet."""
NO_PICTURE_YET = 'There is no picture to change yet. Describe one first, for example "a bunny in a meadow".'
FOLD_BEYOND = 0.34
"""How much of what should have stayed may be lost before a chain of edits is painted at once beside its end."""
COLOURS_TO_ASK = ("green", "purple", "red")
NOBODY_TO_DESCRIBE = "Nothing here can describe pictures; the prompt that painted this one is shown beside it."
NO_PICTURE_TO_DESCRIBE = "There is no picture to look at yet. Ask for one first, or bring your own."


class Flow:
    """Runs turns; one instance serves them all."""

    def __init__(
        self, store: ConversationStore, queue: TurnQueue, blobs: BlobStore, painter: Painter, rewriter: Rewriter,
        policy: Policy, clock: Callable[[], datetime], seeds: Callable[[], int],
        announce: Callable[[str, int, bytes], None], regions: RegionFinder | None = None,
        describe: Callable[[bytes], str] | None = None, checker: Checker | None = None, tries: Tries = Tries(),
        fold_beyond: float = FOLD_BEYOND, name: str = "",
    ):  # fmt: skip
        """`announce(turn id, event number, preview bytes)` is told of every event once it is written.

        Without `regions` an edit may change its whole picture. `describe` says in words what a picture's file shows.
        `checker` looks at what was painted; where something is missing, it is painted again as `tries` allows.
        An edit whose drift is above `fold_beyond` gets what its chain came to painted at once beside it. `name` is what
        the painter is called by turns that ask for it.
        """
        self.store = store
        self.queue = queue
        self.blobs = blobs
        self.painter = painter
        self.rewriter = rewriter
        self.policy = policy
        self.decisions = DecisionStore(store.database)
        self.locks = LockStore(store)
        self.clock = clock
        self.seeds = seeds
        self.announce = announce
        self.regions = regions
        self.describe = describe
        self.checker = checker
        self.tries = tries
        self.fold_beyond = fold_beyond
        self.name = name

    def run(self, job: Job, stop: StopSign) -> None:
        """Run the turn to its end and write that end.

        Raises:
            StoreError: not even a failure could be written; the turn is still held and will be taken up again.
        """
        begun = time.monotonic()
        path = ConversationPath(job.message)
        try:
            path = self._path(job)
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

    def _path(self, job: Job) -> ConversationPath:
        path = conversation_path(self.store.database, job)
        if path.version(path.current or "") is None:
            return path
        return dataclasses.replace(path, locked=self.locks.at(job.conversation_id, path.current or "", job.owner))

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
        if job.options.painter not in (None, self.name):
            raise RequestError(f"There is no painter {job.options.painter} here; choose another one.")
        altered: list[str] = []
        if job.message.strip() or job.given_plan is None:
            decision = self._kept(job, "message", self.policy.check_message(job.message, job.options.moderation))
            if isinstance(decision, Refused):
                return self._refuse(job, path, decision.reason)
            if isinstance(decision, Altered):
                path = dataclasses.replace(path, message=decision.text)
                altered.append(decision.reason)
        plan, planned_by = job.given_plan, "person"
        if plan is None:
            plan, planned_by = self._ask_rewriter(job, path, stop), self.rewriter.name
        current = path.version(path.current or "")
        plan = held_to(plan, job.options.act, path.message, current.prompt if current else "")
        plan = laid_out(plan, job.options.layout, path.message)
        plan = of_both(plan, path.current, job.options.beside)
        if isinstance(plan, PaintingPlan) and not isinstance(plan, CreatePlan) and planned_by != "person":
            shown = [version.prompt for label in _goes_on_from(plan, path) if (version := path.version(label))]
            plan = locks.held_to(plan, self._locked(job, plan, path), shown)
        if isinstance(plan, PaintingPlan):
            words = "\n".join([plan.prompt, getattr(plan, "change", ""), getattr(plan, "title", "")])
            decision = self._kept(job, "prompt", self.policy.check_prompt(words, job.options.moderation))
            if isinstance(decision, Refused):
                return self._refuse(job, path, decision.reason)
            if isinstance(decision, Altered):
                altered.append(decision.reason)
            plan = self._in_other_words(plan, list(dict.fromkeys(altered)), job.options)
        if isinstance(plan, CreatePlan) and planned_by != "person":
            seed = job.turn_id if job.options.seed is None else str(job.options.seed)
            plan = plan.model_copy(update={"prompt": varied(plan.prompt, seed)})
        self._set_plan(job, path, plan, planned_by)
        stop.check()
        try:
            return self._carry_out(job, path, plan, stop)
        except RefusedResult as refusal:
            return self._refuse(job, path, str(refusal))

    def _locked(self, job: Job, plan: PaintingPlan, path: ConversationPath) -> tuple[str, ...]:
        """Return the phrases that are locked at any of the versions that a plan goes on from, those that are there."""
        held: dict[str, None] = {}
        for label in _goes_on_from(plan, path):
            with suppress(UnknownVersion):  # which is said when the plan is carried out
                held |= dict.fromkeys(self.locks.at(job.conversation_id, label, job.owner))
        return tuple(held)

    def _kept(self, job: Job, stage: Stage, decision: Decision) -> Decision:
        """Return the decision, written down."""
        level, now = job.options.moderation, self.clock()
        self.decisions.add(job.owner, job.turn_id, stage, self.policy.name, level, decision, now)
        return decision

    def _in_other_words(self, plan: PaintingPlan, reasons: list[str], options: TurnOptions) -> Plan:
        """Return a plan whose words are the policy's where it changed them, and which says so."""
        changed: dict[str, str] = {"reply": " ".join(filter(None, [plan.reply, *reasons]))} if reasons else {}
        for name in ("prompt", "change", "title"):
            decision = self.policy.check_prompt(getattr(plan, name, ""), options.moderation) if reasons else None
            if isinstance(decision, Altered):
                changed[name] = decision.text
        return plan.model_copy(update=changed)  # type: ignore[return-value]

    def _ask_rewriter(self, job: Job, path: ConversationPath, stop: StopSign) -> Plan:
        def on_statement(line: str) -> None:
            stop.check()
            self._event(job, "plan", {"line": line})

        path = dataclasses.replace(path, message=labelled(path))
        return stoppable(lambda: self.rewriter.plan(path, on_statement), stop)

    def _carry_out(self, job: Job, path: ConversationPath, plan: Plan, stop: StopSign) -> Ending:
        targets = self._targets(job, plan, path)
        match plan:
            case CreatePlan():
                return self._paint(job, plan, (), stop)
            case EditPlan() | VaryPlan() | ExtendPlan() | MergePlan() | UpscalePlan():
                if not targets:
                    return Ending(TurnStatus.DONE, reply=NO_PICTURE_YET)
                return self._paint(job, plan, targets, stop)
            case ReturnPlan():
                return Ending(TurnStatus.DONE, reply=plan.reply, ends_on=targets[0].label)
            case WordsPlan():
                if plan.act == "describe":
                    return self._describe(targets)
                return Ending(TurnStatus.DONE, reply=plan.reply)

    def _targets(self, job: Job, plan: Plan, path: ConversationPath) -> tuple[Version, ...]:
        """Return the versions that the plan means; an edit or a description without labels means the current one.

        Raises:
            UnknownVersion: the conversation lacks one of them.
        """
        labels: tuple[str, ...] = getattr(plan, "targets", ())
        needs_one = not isinstance(plan, CreatePlan | WordsPlan) or plan.act == "describe"
        if not labels and needs_one and path.current:
            labels = (path.current,)
        if not labels:
            return ()
        return tuple(self.store.version(job.conversation_id, label, job.owner) for label in labels)

    def _describe(self, versions: tuple[Version, ...]) -> Ending:
        """Look at the pictures themselves: a prompt says what was asked for, not what came of it."""
        if not versions:
            return Ending(TurnStatus.DONE, reply=NO_PICTURE_TO_DESCRIBE)
        if self.describe is None:
            return Ending(TurnStatus.DONE, reply=NOBODY_TO_DESCRIBE)
        seen = [f"{version.label}: {self.describe(self.blobs.read(version.image))}" for version in versions]
        return Ending(TurnStatus.DONE, reply="\n".join(["What I see in it.", *seen]))

    def _paint(self, job: Job, plan: PicturePlan, parents: Sequence[Version], stop: StopSign) -> Ending:
        tries = tries_of(job.options, self.tries)
        can = self.painter.capabilities()
        parents = tuple(self._fitted(parent, plan, can) for parent in parents)
        requests = requests_of(job.turn_id, plan, job.options, parents, can, self.seeds)

        def on_progress(progress: PaintProgress) -> None:
            if progress.preview:
                may_show = self.policy.may_show(progress.preview, job.options.moderation)
                self._event(job, "preview", progress.data, progress.preview if may_show else b"")
            else:
                self._event(job, "progress", progress.data)

        begun = time.monotonic()
        origins = parents
        if isinstance(plan, EditPlan):
            requests = self._within_region(requests, job.options)
        elif isinstance(plan, MergePlan) and takes_part(plan):
            requests = self._taking(requests, plan, parents, can)
        elif isinstance(plan, CreatePlan) and (pattern := self._pattern(job, can)):
            requests = tuple(
                dataclasses.replace(request, source_image=pattern.image, change=job.options.takes or "")
                for request in requests
            )
            origins = (pattern,)
        keys = {request.id: key_of(requests, index, can) for index, request in enumerate(requests)}
        finished = self._painted_before(job, keys)
        finished = finished or paint_all(self.painter, requests, self.blobs, stop, on_progress)
        each = (time.monotonic() - begun) / len(finished)
        self._check_results(job, finished)
        looked = self._look(job, plan, parents, requests, finished, each, tries, keys, stop)
        planned_by = "person" if job.given_plan else self.rewriter.name
        drifts = [self._drift(job, plan, parents, one) for one in looked]
        versions = [
            self._durable(plan, origins, one, drift, each, keys[one.picture.request_id], planned_by)
            for one, drift in zip(looked, drifts, strict=True)
        ]
        reply = plan.reply
        if isinstance(plan, EditPlan) and len(looked) == 1 and self._drifted(job, drifts[0]):
            beside = self._folded(job, plan, parents[0], looked[0], stop)
            versions += beside
            reply = " ".join(filter(None, [reply, _told_of(drifts[0]) if beside else ""]))
        if stop.why != "cancel":  # what is there and can be seen already is kept, whenever Stop was pressed
            stop.check()
        title = plan.title if isinstance(plan, CreatePlan) else ""
        return Ending(TurnStatus.DONE, reply=reply, versions=versions, is_whole=True, title=title)

    def _drift(self, job: Job, plan: PicturePlan, parents: Sequence[Version], looked: Looked) -> Drift | None:
        """Return what an edit and those before it have lost of what should have stayed."""
        if not isinstance(plan, EditPlan) or looked.checks is None:
            return None
        chain = direct.chain_of(parents[0], self._versions(job))
        return drift_of(looked.checks, [version.checks for version in chain])

    def _versions(self, job: Job) -> dict[str, Version]:
        return {version.label: version for version in self.store.versions(job.conversation_id, job.owner)}

    def _drifted(self, job: Job, drift: Drift | None) -> bool:
        return job.options.fold and drift is not None and drift.share > self.fold_beyond

    def _folded(self, job: Job, plan: EditPlan, parent: Version, end: Looked, stop: StopSign) -> list[NewVersion]:
        """Return what a chain of edits came to, painted at once from the chain's first noise; none where that is no
        better by its checklist, or cannot be painted.
        """
        root, edits = direct.edited_from(parent, self._versions(job))
        found = direct.folding(root, edits + 1, plan.prompt, "the picture")
        can = self.painter.capabilities()
        if found is None or root is None or self.checker is None or "vary" not in can.acts:
            return []
        fold, options = found
        fold = fold.model_copy(update={"removed": plan.removed})
        begun = time.monotonic()
        try:
            requests = requests_of(f"{job.turn_id}-fold", fold, options, (root,), can, self.seeds)
            key = key_of(requests, 0, can)
            painted = self._painted_before(job, {requests[0].id: key})
            painted = painted or paint_all(self.painter, requests, self.blobs, stop, lambda progress: None)
            self._check_results(job, painted)
        except Stopped:  # the edit itself is there
            return []
        except (GenerationError, RefusedResult) as error:
            LOG.warning("could not paint a chain of edits at once: %s", error)
            return []
        looked = Looked(painted[0], look(self.checker, painted, fold)[0])
        if looked.checks is None or absent(looked) > absent(end):
            return []
        return [self._durable(fold, (root,), looked, None, time.monotonic() - begun, key, self.rewriter.name)]

    def _painted_before(self, job: Job, keys: Mapping[str, str]) -> tuple[Finished, ...]:
        """Return the person's own pictures that were painted from these very requests; none unless there are all."""
        known = self.store.painted(tuple(keys.values()), job.owner)
        if set(known) != set(keys.values()):
            return ()
        found = []
        for request_id, key in keys.items():
            version = known[key]
            if version.recipe is None:
                return ()
            try:
                image = self.blobs.read(version.image)
                latent = self.blobs.read(version.latent) if version.latent else b""
            except BlobError:  # what is lost is painted again
                return ()
            found.append(Finished(request_id, image, latent, version.recipe, version.changed))
        return tuple(found)

    def _look(
        self, job: Job, plan: PicturePlan, parents: Sequence[Version],
        requests: Sequence[RenderRequest], finished: Sequence[Finished], seconds: float, tries: Tries,
        keys: dict[str, str], stop: StopSign,
    ) -> list[Looked]:  # fmt: skip
        """Return the pictures with what is seen in them; one that was asked for alone may be painted again.

        Whoever asked for several has them to choose from, and whoever asked for a seed gets that one. `keys` gets the
        hashes of what else was asked of the painter.
        """
        unseen = isinstance(plan, EditPlan) and plan.prompt == plan.change  # nobody knows the whole picture
        if self.checker is None or not tries.most or unseen or isinstance(plan, ExtendPlan | UpscalePlan):
            return [Looked(picture) for picture in finished]
        self._event(job, "preview", {"finished": True}, finished[0].image)
        if len(finished) > 1 or tries.most == 1 or has_own_seed(plan, job.options):
            checks = look(self.checker, finished, plan)
            return [Looked(picture, found) for picture, found in zip(finished, checks, strict=True)]

        def paint_another(number: int) -> Finished:
            again = dataclasses.replace(requests[0], id=f"{requests[0].id}-{number}", seed=self.seeds())
            keys[again.id] = key_of([again], 0, self.painter.capabilities())
            painted = paint_all(self.painter, [again], self.blobs, stop, lambda progress: None)
            self._check_results(job, painted)
            return painted[0]

        def on_look(looked: Looked) -> None:
            stop.check()
            self._event(job, "checked", {"try": looked.tries, "missing": missing(looked.checks or ())})

        before = (parents[0].checks if parents else None) or ()
        best = best_of(finished[0], plan, self.checker, tries, paint_another, seconds, on_look, before)
        return [best]

    def _check_results(self, job: Job, pictures: Sequence[Finished]) -> None:
        """Let pass what may be shown. Raises: RefusedResult."""
        images = [picture.image for picture in pictures]
        decisions = self.policy.check_pictures(images, "result", job.options.moderation)
        for decision in decisions:
            self._kept(job, "result", decision)
        for decision in decisions:
            if isinstance(decision, Refused):
                raise RefusedResult(decision.reason)

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

    def _pattern(self, job: Job, can: Capabilities) -> Version | None:
        """Return the version that the painter is shown, for a new picture to take something of it; None for none.

        Raises:
            RequestError: the painter takes no picture so.
            UnknownVersion: the conversation lacks it.
        """
        label = job.options.pattern
        if label is None:
            return None
        if job.options.takes not in can.patterns:
            raise RequestError(f"{can.name} takes no picture as a pattern; say in words what the new one shall show.")
        return self.store.version(job.conversation_id, label, job.owner)

    def _fitted(self, parent: Version, plan: PicturePlan, can: Capabilities) -> Version:
        """Return the version that is gone on from; of what another painter painted only the pixels count, as of a
        person's own picture, and an extension goes on from those in a size that it can be.

        The picture in that size is what stays bit for bit, so it is kept like any other that a recipe names.
        """
        by = parent.recipe.painter if parent.recipe else can.signs_as
        if can.signs_as and by != can.signs_as:  # its latent is of another space, its size of other multiples
            parent = dataclasses.replace(parent, origin="uploaded", latent=None)
        own = (parent.width, parent.height)
        if not isinstance(plan, ExtendPlan) or parent.origin != "uploaded" or fitting(own, can) == own:
            return parent
        width, height = fitting(own, can)
        image = self.blobs.put(resized(self.blobs.read(parent.image), (width, height)), PNG)
        return dataclasses.replace(parent, image=image, width=width, height=height)

    def _taking(
        self, requests: tuple[RenderRequest, ...], plan: MergePlan, parents: Sequence[Version], can: Capabilities
    ) -> tuple[RenderRequest, ...]:
        """Return the requests of a merge with the mask of what is taken from its second version.

        Of a second version of another size, what is taken is laid on a picture of the first one's size.

        Raises:
            RequestError: it is not to be seen there, or nobody can look.
        """
        source = parents[1]
        size, own = (painted_size(version, can) for version in parents)
        if self.regions is None or not can.masks:
            raise RequestError(
                f"{can.name} cannot take a part of a picture; say what {source.label} gives without naming a part, or "
                "ask for the change in words."
            )
        # A change of colour touches the whole of a thing and nothing else.
        colour = next((colour for colour in COLOURS_TO_ASK if colour not in source.prompt.lower()), COLOURS_TO_ASK[0])
        asked = dataclasses.replace(
            requests[0], act="edit", prompt=source.prompt, change=f"make {plan.region} {colour}", strength=1.0,
            parent_latent=source.latent, parent_image=source.image, source_latent=None, source_image=None,
            width=own[0], height=own[1],
        )  # fmt: skip
        region = self.regions.find_region(asked, self.blobs)
        if region is None:
            raise RequestError(
                f"“{plan.region}” was not found in {source.label}; name a part that can be seen there, or ask for the "
                "change in words."
            )
        latent, image = source.latent, source.image
        if size != own:
            laid, marks = cut_out(resized(self.blobs.read(source.image), own), region.mask, size)
            region = dataclasses.replace(region, mask=marks)
            latent, image = None, self.blobs.put(laid, PNG)
        mask = self.blobs.put(region.mask, PNG)
        return tuple(
            dataclasses.replace(request, mask=mask, source_mask=mask, source_latent=latent, source_image=image)
            for request in requests
        )

    def _durable(
        self, plan: PicturePlan, parents: Sequence[Version], looked: Looked, drift: Drift | None, seconds: float,
        request: str, planned_by: str,
    ) -> NewVersion:  # fmt: skip
        """Write the picture's bytes, to outlive anything, and return the version that will name them."""
        picture = looked.picture
        recipe = dataclasses.replace(picture.recipe, planned_by=planned_by)
        return NewVersion(
            image=self.blobs.put(picture.image, PNG),
            latent=self.blobs.put(picture.latent, LATENT) if picture.latent else None,
            width=recipe.width, height=recipe.height, prompt=getattr(plan, "prompt", "") or parents[0].prompt,
            change=getattr(plan, "change", ""), region=getattr(plan, "region", ""),
            parents=tuple(dict.fromkeys(parent.label for parent in parents)), recipe=recipe, seconds=seconds,
            changed=picture.changed, checks=looked.checks, request=request,
            drift=drift.share if drift else None,
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


def _told_of(drift: Drift | None) -> str:
    """Return the sentence about a chain that was painted at once beside its end."""
    lost = ", ".join(drift.lost[:3]) if drift else ""
    return (
        f"Not seen any more, though it should have stayed: {lost}. So all of it was also painted at once, from where "
        "these edits began, as the second picture; go on with either."
    )


def _goes_on_from(plan: PaintingPlan, path: ConversationPath) -> Sequence[str]:
    """Return the labels of the versions that a plan is about: the current one where it names none."""
    return getattr(plan, "targets", ()) or tuple(filter(None, [path.current]))


def held_to(plan: Plan, act: Literal["create", "edit"] | None, message: str, prompt: str = "") -> Plan:
    """Return a plan that paints as a plan of the act that was asked for; its words stay those of the rewriter.

    To extend or merge a picture is to change it. `prompt` is the current version's, for a plan that has none.
    """
    if act is None or not isinstance(plan, PaintingPlan) or plan.act == act:  # type: ignore[attr-defined]
        return plan
    if act == "edit" and isinstance(plan, ExtendPlan | MergePlan):
        return plan
    same = _same(plan, prompt or message)
    if act == "create":
        return CreatePlan(**same)
    return EditPlan(**same, change=message.strip() or plan.prompt, targets=getattr(plan, "targets", ())[:1])


def _same(plan: PaintingPlan, prompt: str) -> dict[str, Any]:
    """Return what plans of all acts that paint have; the prompt where the plan has none."""
    return {name: getattr(plan, name) for name in PaintingPlan.model_fields} | {"prompt": plan.prompt or prompt}


def laid_out(plan: Plan, label: str | None, message: str) -> Plan:
    """Return a plan that paints as one of a new picture near to a version, whose layout it thereby keeps."""
    if label is None or not isinstance(plan, PaintingPlan):
        return plan
    return VaryPlan(**_same(plan, message), targets=(label,), strength="subtle")


def of_both(plan: Plan, first: str | None, second: str | None) -> Plan:
    """Return a plan that heeds a second picture: an edit takes from it what its words say, a look is at both."""
    if first is None or second is None:
        return plan
    if isinstance(plan, EditPlan):
        first = plan.targets[0] if plan.targets else first
        return MergePlan(**_same(plan, plan.prompt), change=plan.change, targets=(first, second))
    if isinstance(plan, WordsPlan) and plan.act == "describe":
        return plan.model_copy(update={"targets": (first, second)})
    return plan


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
