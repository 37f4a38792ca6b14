"""Opens a database and brings it to the newest schema: SQLite (write-ahead log, full sync) or PostgreSQL by URL.

Knows connections, transactions and migrations, and nothing of conversations. Whoever writes takes SQLite's write lock
at once (BEGIN IMMEDIATE), so that no transaction has to be promoted midway and "database is locked" cannot come up.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import Session

from assistant.errors import StoreError

HEAD = "0008"
"""The newest migration; a test compares it with the scripts."""
MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 30.0
MIGRATION_LOCK = 0x6C696D6E  # "limn": PostgreSQL's advisory lock for migrations


class Database:
    """A database at the newest schema, and transactions on it."""

    def __init__(self, url: str):
        """
        Raises:
            StoreError: the URL or the database cannot be used.
        """
        try:
            self.url = make_url(url)
            self.engine = _engine(self.url)
        except (ArgumentError, NoSuchModuleError, ImportError) as error:
            raise StoreError(
                f"The database address {_without_password(url)} cannot be used ({_line(error)}); give one like "
                "sqlite:////home/me/limner/limner.db."
            ) from error
        self._writer = self.engine.execution_options(limner_writes=True)
        with self._plain_errors():
            self._migrate()

    @property
    def folder(self) -> Path | None:
        """Where the SQLite file lies; None for a server."""
        return Path(self.url.database or "").parent if self.url.get_backend_name() == "sqlite" else None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give one transaction that reads; all that it reads is from one instant."""
        with self._plain_errors(), Session(self.engine, autoflush=False) as session, session.begin():
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give one transaction that writes: all of it is kept, or, on any error, none."""
        with self._plain_errors(), Session(self._writer, autoflush=True) as session, session.begin():
            yield session

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise StoreError(_sentence(error, self.url)) from error
        except (UnicodeEncodeError, OverflowError) as error:
            raise StoreError(
                f"A value cannot be stored ({_line(error)}); send plain text and smaller numbers."
            ) from error

    def _migrate(self) -> None:
        with self.engine.connect() as connection:
            found = _revision(connection)
        if found == HEAD:
            return
        with self._writer.begin() as connection:
            if self.engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
            if _revision(connection) != HEAD:
                upgrade(connection, self.url)


def upgrade(connection: Connection, url: URL | str, revision: str = "head") -> None:
    """Run the migrations up to a revision inside the connection's transaction.

    Raises:
        StoreError: the database was written by a newer Limner.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError as error:
        raise StoreError(
            f"The database {_place(url)} was written by a newer Limner; update Limner, or give another data folder."
        ) from error


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise ArgumentError("a database in memory forgets everything")
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, pool_size=8, max_overflow=24)
    engine = create_engine(url, pool_size=8, max_overflow=24, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, by name
        connection.execute(f"PRAGMA busy_timeout = {round(BUSY_SECONDS * 1000)}")
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get("limner_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn the write-ahead log on; two processes that do so at once do not wait for each other by themselves."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _sentence(error: SQLAlchemyError, url: URL) -> str:
    line, place = _line(error), _place(url)
    if "disk is full" in line:
        return f"The disk is full, so the database {place} could not be written; make room and try again."
    if "not a database" in line or "malformed" in line:
        return f"The file {place} is damaged or no Limner database; move it away, or give another data folder."
    if "readonly" in line or "unable to open" in line:
        return f"The database {place} cannot be opened for writing; check the folder, or give another data folder."
    if "locked" in line:
        return f"The database {place} was busy for {BUSY_SECONDS:.0f} s; see what else uses it and try again."
    return f"The database {place} failed ({line}); try again."


def _line(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return " ".join(str(cause).split())[:300]


def _place(url: URL | str) -> str:
    url = make_url(url)
    return url.database or "in memory" if url.get_backend_name() == "sqlite" else url.render_as_string(True)


def _without_password(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "given"
