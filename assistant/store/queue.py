"""Turns as stored jobs: who runs which, for how long, and what is written while one runs and when it ends.

A worker holds a turn by a lease and says so again and again; whoever lost the lease can write nothing more, so that no
turn ends twice. Every write here is one transaction. Knows nothing of painting.
"""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, aliased

from assistant.messages import PLAN, EventKind, Plan, TurnOptions, TurnStatus
from assistant.store.engine import Database
from assistant.store.rows import add_event, checks_row, options_value, plan_row, recipe_row
from assistant.store.tables import ConversationRow, ParentRow, PlanRow, TurnRow, VersionRow
from captioner.request import Checklist, missing
from generation.request import Recipe

LEASE_SECONDS = 30.0
MAX_ATTEMPTS = 2
REMEMBERED_SECONDS = 600.0
"""Who said nothing for so long comes before whoever did."""
RUNNING = (TurnStatus.PLANNING, TurnStatus.PAINTING)
ENDED = tuple(status for status in TurnStatus if status.ended)
TITLE_LETTERS = 60
OPEN = ("", "message")
"""Titles that give way to what the first picture turns out to show."""
BROKEN = "Limner was stopped twice while it worked on this message, so it gave up; nothing is lost, send it again."


class LeaseLost(Exception):
    """The turn is no longer this worker's: another took it over, or its conversation was deleted."""


@dataclass(frozen=True)
class Job:
    """A turn that a worker holds."""

    turn_id: str
    conversation_id: str
    owner: str
    parent_id: str | None
    message: str
    given_plan: Plan | None
    options: TurnOptions
    worker: str
    attempt: int


@dataclass(frozen=True)
class NewVersion:
    """A finished picture whose bytes are already durable; `parents` are labels."""

    image: str
    latent: str | None
    width: int
    height: int
    prompt: str
    change: str = ""
    region: str = ""
    parents: tuple[str, ...] = ()
    recipe: Recipe | None = None
    seconds: float = 0.0
    changed: float | None = None
    checks: Checklist | None = None
    drift: float | None = None
    request: str | None = None
    origin: Literal["painted", "uploaded"] = "painted"


@dataclass(frozen=True)
class Ending:
    """How a turn ends. `ends_on` is the label of a version; where versions were made it is the first of them.

    `by_request` says of a failure that what was asked for cannot be done, and nothing in Limner broke. `is_whole`: what
    was asked for is there, so it is kept though Stop was pressed meanwhile. `title` is what the rewriter says the
    conversation is about; it counts with the first picture.
    """

    status: TurnStatus
    reply: str = ""
    error: str = ""
    ends_on: str | None = None
    versions: Sequence[NewVersion] = ()
    seconds: float = 0.0
    by_request: bool = False
    is_whole: bool = False
    title: str = ""


class TurnQueue:
    """The queue of turns in a database; safe for many processes."""

    def __init__(self, database: Database):
        self.database = database

    def waiting(self) -> bool:
        """Say whether a turn could be claimed now; only reads."""
        with self.database.reading() as session:
            return session.scalar(_claimable().limit(1)) is not None

    def is_waiting(self, turn_id: str) -> bool:
        """Say whether nobody has begun this turn yet."""
        with self.database.reading() as session:
            return session.scalar(select(TurnRow.status).where(TurnRow.id == turn_id)) == TurnStatus.QUEUED

    def before(self, turn_id: str, now: datetime) -> int | None:
        """Return how many turns come before one, those being run among them; None for one that does not wait."""
        with self.database.reading() as session:
            order = in_order(_waiting(session), _served(session, now))
            if turn_id not in order:
                return None
            running = session.scalar(select(func.count()).where(TurnRow.status.in_(RUNNING)))
            return order.index(turn_id) + (running or 0)

    def running(self) -> tuple[tuple[str, str, float], ...]:
        """Return the turns held by workers: turn id, worker, lease."""
        query = select(TurnRow.id, TurnRow.worker, TurnRow.lease_until).where(TurnRow.status.in_(RUNNING))
        with self.database.reading() as session:
            return tuple((turn, worker or "", lease) for turn, worker, lease in session.execute(query))

    def claim(self, worker: str, now: datetime) -> Job | None:
        """Take the queued turn that is next (`in_order`) and whose parent has ended; None if there is none."""
        with self.database.writing() as session:
            row = self._next(session, now)
            if row is None:
                return None
            row.status, row.worker = TurnStatus.PLANNING, worker
            row.lease_until = now.timestamp() + LEASE_SECONDS
            row.attempts += 1
            add_event(session, row, "planning", {"attempt": row.attempts}, now)
            owner = session.get_one(ConversationRow, row.conversation_id).owner
            return Job(
                row.id, row.conversation_id, owner, row.parent_id, row.message,
                PLAN.validate_python(row.given_plan) if row.given_plan else None, options_value(row.options), worker,
                row.attempts,
            )  # fmt: skip

    def _next(self, session: Session, now: datetime) -> TurnRow | None:
        ready = set(session.scalars(_claimable().with_only_columns(TurnRow.id)))
        for turn in in_order([one for one in _waiting(session) if one.turn in ready], _served(session, now)):
            query = select(TurnRow).where(TurnRow.id == turn, TurnRow.status == TurnStatus.QUEUED)
            row: TurnRow | None = session.scalar(query.with_for_update(skip_locked=True))
            if row is not None:
                return row
        return None

    def recover(self, dead: Collection[str], me: str, now: datetime) -> tuple[str, ...]:
        """Take turns from dead workers and others' run-out leases: queued again, or failed the second time.

        A turn that was running has made no version, for versions and the turn's end are one transaction.
        """
        query = select(TurnRow).where(TurnRow.status.in_(RUNNING))
        late = (TurnRow.lease_until < now.timestamp()) & (TurnRow.worker != me)
        lost = query.where(TurnRow.worker.in_(dead) | late)
        with self.database.writing() as session:
            rows = session.scalars(lost.order_by(TurnRow.submitted).with_for_update()).all()
            for row in rows:
                row.worker = None
                if row.cancel_asked or row.attempts >= MAX_ATTEMPTS:
                    status = TurnStatus.CANCELLED if row.cancel_asked else TurnStatus.FAILED
                    error = "" if row.cancel_asked else BROKEN
                    end_turn(session, row, Ending(status, error=error, ends_on=_label(_parent_end(session, row))), now)
                else:
                    row.status = TurnStatus.QUEUED
            return tuple(row.id for row in rows)

    def ask_cancel(self, turn_id: str, now: datetime) -> None:
        """Ask that a turn be cancelled; one that nobody runs yet is cancelled at once, an ended one stays as it is."""
        with self.database.writing() as session:
            row = session.scalar(select(TurnRow).where(TurnRow.id == turn_id).with_for_update())
            if row is None or TurnStatus(row.status).ended:
                return
            row.cancel_asked = True
            if row.status == TurnStatus.QUEUED:
                end_turn(session, row, Ending(TurnStatus.CANCELLED, ends_on=_label(_parent_end(session, row))), now)

    def cancel_asked(self, job: Job) -> bool:
        """Say whether someone asked to cancel the job. Raises: LeaseLost."""
        with self.database.reading() as session:
            row = session.get(TurnRow, job.turn_id)
            if row is None or not _holds(row, job):
                raise LeaseLost
            return row.cancel_asked

    def renew(self, job: Job, now: datetime) -> None:
        """Hold the job for another while. Raises: LeaseLost."""
        with self.database.writing() as session:
            _held(session, job).lease_until = now.timestamp() + LEASE_SECONDS

    def release(self, job: Job) -> None:
        """Give the job back to the queue as if it had not been begun."""
        values = {"status": TurnStatus.QUEUED, "worker": None, "attempts": TurnRow.attempts - 1}
        mine = (TurnRow.id == job.turn_id, TurnRow.worker == job.worker, TurnRow.attempts == job.attempt)
        with self.database.writing() as session:
            session.execute(update(TurnRow).where(*mine, TurnRow.status.in_(RUNNING)).values(values))

    def add_event(self, job: Job, kind: EventKind, data: dict[str, Any], now: datetime) -> int:
        """Write an event of a running turn and return its number. Raises: LeaseLost."""
        with self.database.writing() as session:
            return add_event(session, _held(session, job), kind, data, now)

    def set_plan(self, job: Job, plan: Plan, planned_by: str, line: str, now: datetime) -> None:
        """Write the whole plan and its event; the turn is then painting. Raises: LeaseLost."""
        with self.database.writing() as session:
            row = _held(session, job)
            if old := session.get(PlanRow, job.turn_id):
                session.delete(old)
                session.flush()
            added = plan_row(job.turn_id, plan, planned_by)
            session.add(added)
            row.status = TurnStatus.PAINTING
            add_event(session, row, "plan", {"line": line, "plan": added.plan}, now)

    def finish(self, job: Job, ending: Ending, now: datetime) -> None:
        """End the turn and write its versions, all in one transaction; a cancelled turn makes none, unless it is whole.

        Raises:
            LeaseLost: the turn is no longer this worker's; nothing was written.
        """
        with self.database.writing() as session:
            row = _held(session, job)
            if row.cancel_asked and ending.status is TurnStatus.DONE and not ending.is_whole:
                before = _label(_parent_end(session, row))
                ending = replace(ending, status=TurnStatus.CANCELLED, versions=(), reply="", ends_on=before)
            end_turn(session, row, ending, now)


def _claimable() -> Any:
    parent = aliased(TurnRow)
    return (
        select(TurnRow)
        .outerjoin(parent, parent.id == TurnRow.parent_id)
        .where(TurnRow.status == TurnStatus.QUEUED)
        .where(TurnRow.parent_id.is_(None) | parent.status.in_(ENDED))
    )


@dataclass(frozen=True)
class Waiting:
    """A turn that nobody runs yet, and whose it is."""

    turn: str
    owner: str


def in_order(waiting: Sequence[Waiting], served: Mapping[str, float]) -> list[str]:
    """Return the turns as they will be run: people take turns, whoever was served longest ago first.

    Args:
        waiting: the oldest first.
        served: when each owner was last served; who is not named was not served lately.
    """
    lines: dict[str, list[str]] = {}
    for one in waiting:
        lines.setdefault(one.owner, []).append(one.turn)
    owners = sorted(lines, key=lambda owner: served.get(owner, 0.0))  # stable: else who came first
    rounds = itertools.zip_longest(*(lines[owner] for owner in owners))
    return [turn for one_of_each in rounds for turn in one_of_each if turn is not None]


def _waiting(session: Session) -> list[Waiting]:
    query = select(TurnRow.id, ConversationRow.owner).join(ConversationRow).where(TurnRow.status == TurnStatus.QUEUED)
    return [Waiting(*row) for row in session.execute(query.order_by(TurnRow.submitted, TurnRow.id))]


def _served(session: Session, now: datetime) -> dict[str, float]:
    """Return when each owner's turns were last held by a worker, as their leases tell; of the last while only."""
    lately = round((now.timestamp() - REMEMBERED_SECONDS) * 1e9)
    query = (
        select(ConversationRow.owner, func.max(TurnRow.lease_until).label("held"))
        .join(ConversationRow)
        .where(TurnRow.status.in_([*TurnStatus]), TurnRow.submitted > lately)
        .group_by(ConversationRow.owner)
    )
    return {row.owner: row.held for row in session.execute(query)}


def _holds(row: TurnRow, job: Job) -> bool:
    return row.worker == job.worker and row.attempts == job.attempt and row.status in RUNNING


def _held(session: Session, job: Job) -> TurnRow:
    row = session.scalar(select(TurnRow).where(TurnRow.id == job.turn_id).with_for_update())
    if row is None or not _holds(row, job):
        raise LeaseLost
    return row


def _parent_end(session: Session, row: TurnRow) -> int | None:
    return session.scalar(select(TurnRow.ends_on).where(TurnRow.id == row.parent_id)) if row.parent_id else None


def _label(number: int | None) -> str | None:
    return f"v{number}" if number else None


def end_turn(session: Session, row: TurnRow, ending: Ending, now: datetime) -> None:
    """End a turn and write its versions, inside the transaction that holds the turn's row."""
    same = ConversationRow.id == row.conversation_id
    conversation = session.scalars(select(ConversationRow).where(same).with_for_update()).one()
    conversation.updated = now.isoformat()
    made = [_add_version(session, row, conversation, version, now) for version in ending.versions]
    ends_on = made[0] if made else ending.ends_on
    if made and ending.title and conversation.titled in OPEN:
        conversation.title, conversation.titled = title_of(_kept(ending.title)), "rewriter"
    row.status, row.worker = ending.status, None
    row.reply, row.error, row.seconds = _kept(ending.reply), _kept(ending.error), ending.seconds
    row.ends_on = int(ends_on[1:]) if ends_on else None
    end: dict[str, Any] = {"version": ends_on, "seconds": round(ending.seconds, 3)}
    if ending.status is TurnStatus.DONE:
        if row.reply:
            add_event(session, row, "reply", {"text": row.reply}, now)
        add_event(session, row, "done", {**end, "versions": made}, now)
    elif ending.status is TurnStatus.FAILED:
        add_event(session, row, "failed", {**end, "error": row.error, "by_request": ending.by_request}, now)
    else:
        add_event(session, row, "cancelled", end, now)


def _add_version(
    session: Session, row: TurnRow, conversation: ConversationRow, version: NewVersion, now: datetime
) -> str:
    conversation.versions += 1
    number, version_id = conversation.versions, secrets.token_hex(8)
    session.add(
        VersionRow(
            id=version_id, conversation_id=conversation.id, turn_id=row.id, number=number, prompt=version.prompt,
            change=version.change, region=version.region, image=version.image, latent=version.latent,
            width=version.width, height=version.height, origin=version.origin, seconds=version.seconds,
            created=now.isoformat(), deleted=None, changed=version.changed, checks=checks_row(version.checks),
            drift=version.drift, request=version.request, name="", caption=None,
        )
    )  # fmt: skip
    session.flush()
    for position, label in enumerate(version.parents):
        named = (VersionRow.conversation_id == conversation.id, VersionRow.number == int(label[1:]))
        parent = session.scalars(select(VersionRow.id).where(*named)).one()
        session.add(ParentRow(version_id=version_id, position=position, parent_id=parent))
    if version.recipe:
        session.add(recipe_row(version_id, version.recipe))
    data = {
        "version": f"v{number}", "id": version_id, "image": version.image, "parents": list(version.parents),
        "prompt": version.prompt, "change": version.change, "region": version.region, "width": version.width,
        "height": version.height, "seed": version.recipe.seed if version.recipe else None,
        "seconds": round(version.seconds, 3), "changed": version.changed, "drift": version.drift,
        "missing": None if version.checks is None else missing(version.checks),
    }  # fmt: skip
    add_event(session, row, "version", data, now)
    return f"v{number}"


def title_of(text: str) -> str:
    """Return a text on one line, no longer than a title is."""
    line = " ".join(text.split())
    return line if len(line) <= TITLE_LETTERS else line[: TITLE_LETTERS - 1].rstrip() + "…"


def _kept(text: str) -> str:
    """Return the text with what no database can hold written out."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")
