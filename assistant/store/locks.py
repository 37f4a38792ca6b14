"""Which phrases of whose prompts are locked: rows. What a lock means is in `assistant.locks`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from assistant.errors import MessageError
from assistant.locks import MAX_LOCKS, locked_at, phrase_in
from assistant.store.store import ConversationStore
from assistant.store.tables import LockRow, ParentRow, VersionRow


class LockStore:
    """The locks of a store's versions. Every method raises UnknownTurn and UnknownVersion for what is not there."""

    def __init__(self, store: ConversationStore):
        self.store = store

    def at(self, conversation_id: str, label: str, owner: str) -> tuple[str, ...]:
        """Return the phrases that hold at a version, those of what it descends from included, in their order."""
        version = self.store.version(conversation_id, label, owner)
        with self.store.database.reading() as session:
            return _locked(session, conversation_id, version.number)

    def mark(
        self, conversation_id: str, label: str, phrase: str, locked: bool, owner: str, now: datetime
    ) -> tuple[str, ...]:
        """Lock or unlock a phrase from a version on, and return the phrases that then hold there.

        Raises:
            MessageError: the phrase does not stand in the version's prompt, is not locked, or there are too many.
        """
        version = self.store.version(conversation_id, label, owner)
        with self.store.database.writing() as session:
            held = _locked(session, conversation_id, version.number)
            same = {name.casefold(): name for name in held}.get(" ".join(phrase.split()).casefold())
            if locked and same is not None:
                return held
            if locked and len(held) >= MAX_LOCKS:
                raise MessageError(f"{label} has {MAX_LOCKS} locked phrases already; unlock one, or lock longer ones.")
            if not locked and same is None:
                said = f"it has “{'”, “'.join(held)}”" if held else "it has none"
                raise MessageError(f"{label} has no locked phrase “{phrase.strip()[:80]}”; {said}.")
            phrase = same or phrase_in(phrase, version.prompt, label)
            session.execute(delete(LockRow).where(LockRow.version_id == version.id, LockRow.phrase == phrase))
            session.add(LockRow(version_id=version.id, phrase=phrase, locked=locked, created=now.isoformat()))
            session.flush()
            return _locked(session, conversation_id, version.number)


def _locked(session: Session, conversation_id: str, number: int) -> tuple[str, ...]:
    here = select(VersionRow).where(VersionRow.conversation_id == conversation_id)
    numbers = {row.id: row.number for row in session.scalars(here)}
    links = select(ParentRow.version_id, ParentRow.parent_id).where(ParentRow.version_id.in_(numbers))
    parents: dict[int, list[int]] = {}
    for child, parent in session.execute(links.order_by(ParentRow.version_id, ParentRow.position)):
        parents.setdefault(numbers[child], []).append(numbers[parent])
    marks: dict[int, dict[str, bool]] = {}
    rows = select(LockRow).where(LockRow.version_id.in_(numbers)).order_by(LockRow.created)
    for row in session.scalars(rows):
        marks.setdefault(numbers[row.version_id], {})[row.phrase] = row.locked
    return locked_at(number, parents, marks)
