"""Who may sign in: names with hashed passwords, and the browsers they have signed in with."""

from __future__ import annotations

import hashlib
import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import delete, select

from assistant.errors import UnknownUser
from assistant.store.engine import Database
from assistant.store.store import add_person
from assistant.store.tables import SignInRow, UserRow

LASTS = timedelta(days=30)
"""How long a browser stays signed in."""


@dataclass(frozen=True)
class User:
    """Somebody who may sign in as `name` and sees what is `owner`'s; `created` is ISO 8601, UTC."""

    name: str
    owner: str
    created: str


class UserStore:
    """The users of a database."""

    def __init__(self, database: Database):
        self.database = database
        self._hasher = PasswordHasher()  # Argon2id with the costs of RFC 9106, second choice
        self._one_by_one = threading.Lock()
        """Each look at a password takes 64 MiB of memory, and anybody may ask for one."""
        self._nobodys = ""

    def set(self, name: str, password: str, owner: str, now: datetime) -> User:
        """Add somebody, or give them another password, which ends all that they were signed in with."""
        hashed = self._hasher.hash(password)
        with self.database.writing() as session:
            add_person(session, owner, now)
            row = session.get(UserRow, name)
            if row is None:
                row = UserRow(name=name, owner=owner, password=hashed, created=now.isoformat())
                session.add(row)
            else:
                row.password, row.owner = hashed, owner
                session.execute(delete(SignInRow).where(SignInRow.user == name))
            return _value(row)

    def all(self) -> tuple[User, ...]:
        with self.database.reading() as session:
            return tuple(_value(row) for row in session.scalars(select(UserRow).order_by(UserRow.name)))

    def any(self) -> bool:
        """Say whether there is anybody who could sign in."""
        with self.database.reading() as session:
            return session.scalar(select(UserRow.name).limit(1)) is not None

    def remove(self, name: str) -> None:
        """Let somebody sign in no more; what is theirs stays. Raises: UnknownUser."""
        with self.database.writing() as session:
            row = session.get(UserRow, name)
            if row is None:
                raise UnknownUser(f"There is nobody named {name[:80]!r}; `limner users list` names those there are.")
            session.delete(row)

    def sign_in(self, name: str, password: str, now: datetime) -> str | None:
        """Return what a browser is to send from now on; None where the name or the password is wrong.

        It takes as long for a name that nobody has, so that names cannot be found out.
        """
        with self.database.reading() as session:
            known = session.scalar(select(UserRow.password).where(UserRow.name == name))
        with self._one_by_one:
            if known is None:
                self._nobodys = self._nobodys or self._hasher.hash(secrets.token_hex(8))
            try:
                self._hasher.verify(known or self._nobodys, password)
            except (VerifyMismatchError, InvalidHashError):
                return None
        if known is None:
            return None
        token = secrets.token_urlsafe(32)
        with self.database.writing() as session:
            session.execute(delete(SignInRow).where(SignInRow.until < now.timestamp()))
            if session.get(UserRow, name) is None:
                return None  # removed this instant
            session.add(SignInRow(hash=_hash(token), user=name, until=(now + LASTS).timestamp()))
        return token

    def signed_in(self, token: str, now: datetime) -> User | None:
        """Return who a browser was signed in as; None where it is nobody, or was too long ago."""
        query = select(UserRow).join(SignInRow, SignInRow.user == UserRow.name)
        with self.database.reading() as session:
            row = session.scalar(query.where(SignInRow.hash == _hash(token), SignInRow.until >= now.timestamp()))
            return _value(row) if row else None

    def sign_out(self, token: str) -> None:
        with self.database.writing() as session:
            session.execute(delete(SignInRow).where(SignInRow.hash == _hash(token)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _value(row: UserRow) -> User:
    return User(row.name, row.owner, row.created)
