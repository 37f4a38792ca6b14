"""Single versions renamed and deleted: rows. What becomes of their files is said in `assistant.turns`.

A deleted version leaves a tombstone: its number, its turn, its parents and its origin, so that what was made from it
and what was said stay where they are. Nothing of what it showed is kept: not its words, its recipe, its digests.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from assistant.errors import MessageError
from assistant.store.queue import ENDED, OPEN, title_of
from assistant.store.rows import nearest, tombstones
from assistant.store.store import UNTITLED, ConversationStore, conversation_row
from assistant.store.tables import ConversationRow, EventRow, FeedbackRow, RecipeRow, TurnRow, VersionRow


class VersionStore:
    """Versions by their conversation and label. Every method raises UnknownTurn, UnknownVersion: it is not there."""

    def __init__(self, store: ConversationStore):
        self.store = store

    def rename(self, conversation_id: str, label: str, owner: str, name: str) -> None:
        """Call a version by a name, cut to a title's length, beside its label; "" takes its name away."""
        version = self.store.version(conversation_id, label, owner)
        with self.store.database.writing() as session:
            conversation_row(session, conversation_id, owner)
            session.get_one(VersionRow, version.id).name = title_of(name)

    def delete(self, conversation_id: str, label: str, owner: str, now: datetime, held_own: bool) -> set[str]:
        """Make a tombstone of a version, and move turns that ended on it to the version that then comes next.

        Args:
            held_own: it is, or holds something of, a picture that a person brought; pictures made from it tell so.

        Returns:
            The digests that its conversation named until now.

        Raises:
            MessageError: a turn of the conversation has not ended, which might be at work on it.
        """
        version = self.store.version(conversation_id, label, owner)
        named = self.store.digests_of(conversation_id, owner)
        with self.store.database.writing() as session:
            conversation = conversation_row(session, conversation_id, owner, lock=True)
            at_work = select(TurnRow.id).where(TurnRow.conversation_id == conversation_id, TurnRow.status.not_in(ENDED))
            if session.scalar(at_work.limit(1)) is not None:
                raise MessageError(
                    f"A picture is still being painted in this conversation; press Stop, or wait for it, and delete "
                    f"{label} again."
                )
            row = session.get_one(VersionRow, version.id)
            _bury(session, row, now, held_own)
            _move_on(session, row)
            if conversation.titled == "picture" and not _has_older(session, row):
                _untitle(session, conversation)
        return named


def _bury(session: Session, row: VersionRow, now: datetime, held_own: bool) -> None:
    row.deleted = now.isoformat()
    row.image = row.prompt = row.change = row.region = row.name = ""
    row.latent = row.request = row.caption = row.checks = row.drift = row.changed = None
    row.seconds = 0.0
    row.origin = "uploaded" if held_own else row.origin
    for table in (RecipeRow, FeedbackRow):
        session.execute(delete(table).where(table.version_id == row.id))
    told = select(EventRow).where(EventRow.turn_id == row.turn_id, EventRow.kind == "version")
    for event in session.scalars(told):
        if event.data.get("id") == row.id:
            event.data = {"version": f"v{row.number}", "id": row.id, "deleted": row.deleted}
    session.flush()


def _move_on(session: Session, row: VersionRow) -> None:
    """Let the turns that ended on a buried version end on another: one made in the same turn, or the nearest that it
    descends from, or what the turn before ended on; at the end of a branch, at the worst, on the newest that there is.
    """
    here, living = VersionRow.conversation_id == row.conversation_id, VersionRow.deleted.is_(None)
    sibling = session.scalar(select(func.min(VersionRow.number)).where(VersionRow.turn_id == row.turn_id, living))
    gone = tombstones(session, row.conversation_id)
    older = nearest(gone[f"v{row.number}"].parents, gone)
    instead = sibling or (int(older[1:]) if older else None)
    ended = select(TurnRow).where(TurnRow.conversation_id == row.conversation_id, TurnRow.ends_on == row.number)
    for turn in session.scalars(ended.order_by(TurnRow.number)).all():
        turn.ends_on = instead
        if instead is None and turn.parent_id:
            turn.ends_on = session.get_one(TurnRow, turn.parent_id).ends_on
        if turn.ends_on is None and not session.scalar(select(exists().where(TurnRow.parent_id == turn.id))):
            turn.ends_on = session.scalar(select(func.max(VersionRow.number)).where(here, living))
        session.flush()


def _has_older(session: Session, row: VersionRow) -> bool:
    older = VersionRow.conversation_id == row.conversation_id, VersionRow.number < row.number
    return session.scalar(select(VersionRow.id).where(*older, VersionRow.deleted.is_(None)).limit(1)) is not None


def _untitle(session: Session, conversation: ConversationRow) -> None:
    """Take back the title that the first picture gave, which is deleted; the first that is left gives another."""
    said = select(TurnRow.message).where(TurnRow.conversation_id == conversation.id, TurnRow.message != "")
    message = session.scalar(said.order_by(TurnRow.number).limit(1))
    conversation.title, conversation.titled = title_of(message or "") or UNTITLED, OPEN[1] if message else OPEN[0]
