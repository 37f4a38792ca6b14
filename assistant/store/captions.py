"""What a captioner sees in pictures, kept beside them, and the titles that come of it: rows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from assistant.store.engine import Database
from assistant.store.queue import OPEN, title_of
from assistant.store.tables import ConversationRow, VersionRow


@dataclass(frozen=True)
class Unseen:
    """A picture that nobody has put in words yet; `image` is its SHA-256, `of` the row that the words are for."""

    of: str
    image: str


class CaptionStore:
    """The captions of all people's versions; safe for many processes."""

    def __init__(self, database: Database, painted: bool):
        """`painted`: what was painted here is looked at, too, not only what people brought."""
        self.database = database
        self._which: tuple[ColumnElement[bool], ...] = (VersionRow.deleted.is_(None),)
        if not painted:
            self._which += (VersionRow.origin == "uploaded",)

    def next_untitled(self, but: Collection[str]) -> Unseen | None:
        """Return the first picture of the last used conversation whose title says nothing of its pictures yet.

        Args:
            but: conversations that are left out.
        """
        open_ones = ConversationRow.titled.in_(OPEN), ConversationRow.id.not_in(but)
        query = select(ConversationRow.id, VersionRow.image).join(VersionRow).where(*open_ones, *self._which)
        with self.database.reading() as session:
            order = ConversationRow.updated.desc(), ConversationRow.id, VersionRow.number
            found = session.execute(query.order_by(*order).limit(1)).first()
            return Unseen(*found) if found else None

    def next_unseen(self, but: Collection[str]) -> Unseen | None:
        """Return the newest version without a caption.

        Args:
            but: versions that are left out.
        """
        query = select(VersionRow.id, VersionRow.image).where(VersionRow.caption.is_(None), *self._which)
        with self.database.reading() as session:
            found = session.execute(
                query.where(VersionRow.id.not_in(but)).order_by(VersionRow.created.desc(), VersionRow.id).limit(1)
            ).first()
            return Unseen(*found) if found else None

    def lacks(self, conversation_id: str, but: Collection[str]) -> bool:
        """Say whether a conversation still has versions without a caption, or no title, though it has pictures."""
        here = VersionRow.conversation_id == conversation_id
        unseen = select(VersionRow.id).where(here, VersionRow.caption.is_(None), VersionRow.id.not_in(but))
        untitled = select(VersionRow.id).join(ConversationRow).where(here, ConversationRow.titled.in_(OPEN))
        untitled = untitled.where(ConversationRow.id.not_in(but))
        with self.database.reading() as session:
            return any(session.scalar(query.where(*self._which).limit(1)) for query in (unseen, untitled))

    def title(self, conversation_id: str, image: str, words: str) -> None:
        """Title a conversation by the words for its picture, unless it has another title or lost that picture."""
        pictured = VersionRow.conversation_id == conversation_id, VersionRow.image == image, *self._which
        with self.database.writing() as session:
            query = select(ConversationRow).where(ConversationRow.id == conversation_id).with_for_update()
            row = session.scalar(query)
            if row is None or row.titled not in OPEN or session.scalar(select(VersionRow.id).where(*pictured)) is None:
                return
            row.title, row.titled = title_of(words), "picture"

    def keep(self, version_id: str, caption: str) -> None:
        """Keep what is seen in a version; nothing where it is deleted by now."""
        with self.database.writing() as session:
            row = session.get(VersionRow, version_id)
            if row is not None and row.deleted is None:
                row.caption = caption
