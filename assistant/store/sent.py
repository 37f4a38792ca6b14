"""What came over the API and outlives its request: idempotency keys and files."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from assistant.errors import KeyReused, UnknownFile
from assistant.store.engine import Database
from assistant.store.store import OURS, add_conversation, add_person
from assistant.store.tables import FileRow, RequestRow

PREFIX = "file-"


@dataclass(frozen=True)
class KeyedRequest:
    """Where a request with an idempotency key is carried out, and when it first came (ISO 8601, UTC)."""

    conversation_id: str
    created: str


@dataclass(frozen=True)
class SentFile:
    """A file by its content's SHA-256; times in seconds since 1970."""

    id: str
    digest: str
    bytes: int
    filename: str
    purpose: str
    created: int
    expires: int | None


class SentStore:
    """Keyed requests and files of a database."""

    def __init__(self, database: Database):
        self.database = database

    def claim(self, owner: str, key: str, body: str, now: datetime, conversation_id: str | None = None) -> KeyedRequest:
        """Return where the request with this key is carried out: the first time a new conversation, or this one.

        Raises:
            KeyReused: the key came before with another body.
        """
        with self.database.writing() as session:
            add_person(session, owner, now)
            row = session.get(RequestRow, (owner, key), with_for_update=True)
            if row is None:
                conversation_id = conversation_id or add_conversation(session, owner, now).id
                row = RequestRow(
                    owner=owner, key=key, body=body, conversation_id=conversation_id, created=now.isoformat()
                )
                session.add(row)
            elif row.body != body:
                raise KeyReused(
                    f"The idempotency key {key[:80]!r} came before with another request; use a new key for each one."
                )
            return KeyedRequest(row.conversation_id, row.created)

    def add_file(
        self, owner: str, digest: str, size: int, filename: str, purpose: str, expires: int | None, now: datetime
    ) -> SentFile:
        """Keep that a person has sent the blob of this digest; forget what has expired of everyone's."""
        with self.database.writing() as session:
            add_person(session, owner, now)
            session.execute(delete(FileRow).where(FileRow.expires <= now.timestamp()))
            row = FileRow(
                id=f"{PREFIX}{secrets.token_hex(12)}", owner=owner, digest=digest, bytes=size, filename=filename,
                purpose=purpose, created=int(now.timestamp()), expires=expires,
            )  # fmt: skip
            session.add(row)
            return _value(row)

    def files(self, owner: str, now: datetime) -> tuple[SentFile, ...]:
        """Return the person's files, the newest first; those that have expired are left out."""
        query = select(FileRow).where(FileRow.owner == owner).order_by(FileRow.created.desc(), FileRow.id)
        with self.database.reading() as session:
            return tuple(_value(row) for row in session.scalars(query) if not _expired(row, now))

    def file(self, file_id: str, owner: str, now: datetime) -> SentFile:
        """Raises: UnknownFile: this person has no such file."""
        with self.database.reading() as session:
            return _value(_found(session, file_id, owner, now))

    def delete_file(self, file_id: str, owner: str, now: datetime) -> None:
        """Forget a file; a sweep of the blobs then removes its bytes. Raises: UnknownFile."""
        with self.database.writing() as session:
            session.delete(_found(session, file_id, owner, now))


def _found(session: Session, file_id: str, owner: str, now: datetime) -> FileRow:
    row = session.get(FileRow, file_id) if OURS.fullmatch(file_id.removeprefix(PREFIX)) else None
    if row is None or row.owner != owner or _expired(row, now):
        raise UnknownFile(f"There is no file {file_id[:80]!r} of yours; send it to /v1/files first.")
    return row


def _expired(row: FileRow, now: datetime) -> bool:
    return row.expires is not None and row.expires <= now.timestamp()


def _value(row: FileRow) -> SentFile:
    return SentFile(row.id, row.digest, row.bytes, row.filename, row.purpose, row.created, row.expires)
