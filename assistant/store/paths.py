"""The path of a conversation from its root to a turn, as a rewriter reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from assistant.messages import ConversationPath, PathTurn, PathVersion, TurnStatus
from assistant.store.engine import Database
from assistant.store.queue import Job
from assistant.store.rows import Tombstone, nearest, tombstones
from assistant.store.tables import ParentRow, PlanRow, TurnRow, VersionRow


class _PathRow(NamedTuple):
    id: str
    parent_id: str | None
    message: str
    status: str
    ends_on: int | None
    act: str | None


def conversation_path(database: Database, job: Job) -> ConversationPath:
    """Return the finished turns from the root to the job's parent, the versions they made or ended on, the message.

    Turns that failed, were cancelled or refused changed nothing and are left out: what is in them may be no language at
    all, and must not confuse the turns after.
    """
    with database.reading() as session:
        path = _turns_to_root(session, job)
        ids = {row.id for row in path}
        ended_on = {row.ends_on for row in path}
        of_each = (VersionRow.id, VersionRow.turn_id, VersionRow.number, VersionRow.prompt, VersionRow.change)
        versions = select(*of_each, VersionRow.image, VersionRow.name)
        here = VersionRow.conversation_id == job.conversation_id
        found = session.execute(versions.where(here, VersionRow.deleted.is_(None)).order_by(VersionRow.number)).all()
        parents = _parents(session, job)
        gone = tombstones(session, job.conversation_id)
    return ConversationPath(
        message=job.message,
        turns=tuple(
            PathTurn(row.message, row.act, _label(row.ends_on))
            for row in path
            if row.status == TurnStatus.DONE and row.act not in (None, "refuse")
        ),
        versions=tuple(
            PathVersion(
                f"v{row.number}", _living(parents.get(row.id, ()), gone), row.prompt, row.change, row.image, row.name
            )
            for row in found
            if row.turn_id in ids or row.number in ended_on
        ),
        current=_label(path[-1].ends_on) if path else None,
    )


def _turns_to_root(session: Session, job: Job) -> list[_PathRow]:
    columns = select(TurnRow.id, TurnRow.parent_id, TurnRow.message, TurnRow.status, TurnRow.ends_on, PlanRow.act)
    joined = columns.outerjoin(PlanRow, PlanRow.turn_id == TurnRow.id)
    turns = {
        row.id: _PathRow(*row) for row in session.execute(joined.where(TurnRow.conversation_id == job.conversation_id))
    }
    path: list[_PathRow] = []
    turn_id = job.parent_id
    while turn_id is not None:
        path.append(turns[turn_id])
        turn_id = turns[turn_id].parent_id
    return path[::-1]


def _parents(session: Session, job: Job) -> dict[str, list[str]]:
    parent = aliased(VersionRow)
    links = select(ParentRow.version_id, parent.number).join(parent, parent.id == ParentRow.parent_id)
    parents: dict[str, list[str]] = {}
    ordered = links.order_by(ParentRow.version_id, ParentRow.position)
    for version_id, number in session.execute(ordered.where(parent.conversation_id == job.conversation_id)):
        parents.setdefault(version_id, []).append(f"v{number}")
    return parents


def _living(parents: Sequence[str], gone: Mapping[str, Tombstone]) -> tuple[str, ...]:
    """Return for each parent the version that it is, or that it descended from where it was deleted."""
    found = (nearest((label,), gone) for label in parents)
    return tuple(dict.fromkeys(label for label in found if label is not None))


def _label(number: int | None) -> str | None:
    return f"v{number}" if number else None
