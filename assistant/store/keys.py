"""API keys: made once, shown once, kept only as hashes."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from assistant.errors import UnknownKey
from assistant.store.engine import Database
from assistant.store.store import add_person
from assistant.store.tables import KeyRow

PREFIX = "sk-limner-"


@dataclass(frozen=True)
class ApiKey:
    """A key as it may be shown; times are ISO 8601, UTC."""

    id: str
    owner: str
    name: str
    created: str
    revoked: str | None


class KeyStore:
    """The keys of a database."""

    def __init__(self, database: Database):
        self.database = database

    def make(self, owner: str, name: str, now: datetime) -> tuple[ApiKey, str]:
        """Return a new key and its secret, which cannot be had again."""
        secret = PREFIX + secrets.token_urlsafe(32)
        with self.database.writing() as session:
            add_person(session, owner, now)
            row = KeyRow(
                id=secrets.token_hex(4), owner=owner, name=name, hash=_hash(secret), created=now.isoformat(),
                revoked=None,
            )  # fmt: skip
            session.add(row)
            return _value(row), secret

    def all(self) -> tuple[ApiKey, ...]:
        """Return all keys that were ever made, the oldest first."""
        with self.database.reading() as session:
            return tuple(_value(row) for row in session.scalars(select(KeyRow).order_by(KeyRow.created, KeyRow.id)))

    def any(self) -> bool:
        """Say whether there is a key that can be used."""
        with self.database.reading() as session:
            return session.scalar(select(KeyRow.id).where(KeyRow.revoked.is_(None)).limit(1)) is not None

    def owner_of(self, secret: str) -> str | None:
        """Return whose key this is; None if it is nobody's or was revoked."""
        query = select(KeyRow.owner).where(KeyRow.hash == _hash(secret), KeyRow.revoked.is_(None))
        with self.database.reading() as session:
            return session.scalar(query)

    def revoke(self, key_id: str, now: datetime) -> ApiKey:
        """Make a key useless for good. Raises: UnknownKey."""
        with self.database.writing() as session:
            row = session.get(KeyRow, key_id)
            if row is None:
                raise UnknownKey(f"There is no key {key_id[:80]!r}; `limner keys list` names them.")
            row.revoked = row.revoked or now.isoformat()
            return _value(row)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _value(row: KeyRow) -> ApiKey:
    return ApiKey(row.id, row.owner, row.name, row.created, row.revoked)
