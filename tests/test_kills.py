"""What a person typed and every finished picture survive a kill at any instant: a short campaign, and single cases."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.errors import StoreError
from assistant.messages import TurnStatus
from assistant.store.queue import BROKEN, LEASE_SECONDS, Ending, LeaseLost
from tests.conversing import said, talking

ROOT = Path(__file__).parent.parent


def kills(count: int, *more: str) -> str:
    command = [sys.executable, "-m", "tests.campaigns.kills", "--kills", str(count), *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_nothing_is_lost_in_25_kills():
    summary = kills(25)
    assert re.match(r"25 kills in \d+ s: [1-9]\d* messages acknowledged, 0 lost; ", summary)


@pytest.mark.long
def test_nothing_is_lost_in_200_kills():
    assert kills(200, "--seed", "1").startswith("200 kills")


def test_a_killed_workers_turn_is_run_again_and_the_second_time_named_broken(tmp_path: Path):
    with talking(tmp_path) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, "a bunny")
        turn = turns.submit(talk, "edit happier")
        queue = turns._queue
        for _ in range(2):
            assert queue.claim("killed", datetime.now(UTC))
            assert turns.recover() == (turn,)
        result = turns.result(turn)
        assert (result.status, result.error, result.version) == (TurnStatus.FAILED, BROKEN, "v1")
        assert said(turns, talk, "edit bluer").parents == ("v1",)
        assert [event.kind for event in turns.events(turn)] == ["queued", "planning", "planning", "failed"]


def test_a_frozen_workers_turn_is_taken_after_its_lease_and_it_can_write_nothing_more(tmp_path: Path):
    with talking(tmp_path) as frozen, talking(tmp_path) as turns:
        turn = frozen.submit(frozen.new_conversation().id, "a bunny")
        job = frozen._queue.claim(frozen._worker.presence.name, datetime.now(UTC))
        assert job is not None
        assert turns.recover() == ()
        turns._worker.clock = lambda: datetime.now(UTC) + timedelta(seconds=LEASE_SECONDS + 1)
        assert turns.recover() == (turn,)
        assert turns.run_pending() == 1
        for write in (
            lambda: frozen._queue.add_event(job, "progress", {}, datetime.now(UTC)),
            lambda: frozen._queue.finish(job, Ending(TurnStatus.DONE), datetime.now(UTC)),
            lambda: frozen._queue.renew(job, datetime.now(UTC)),
        ):
            with pytest.raises(LeaseLost):
                write()
        assert turns.result(turn).version == "v1"


def test_an_end_that_could_not_be_written_is_made_up_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with talking(tmp_path) as turns:
        full, finish = [True, True], turns._queue.finish

        def finish_on_a_full_disk(*args):
            if full:
                full.pop()
                raise StoreError("The disk is full.")
            finish(*args)

        monkeypatch.setattr(turns._queue, "finish", finish_on_a_full_disk)
        turns.start()
        turn = turns.submit(turns.new_conversation().id, "a bunny")
        assert turns.wait(turn, 30).version == "v1"
        assert [event.kind for event in turns.events(turn)].count("planning") == 2


def test_a_cancelled_turn_of_a_killed_worker_is_cancelled_and_not_run_again(tmp_path: Path):
    with talking(tmp_path) as turns:
        turn = turns.submit(turns.new_conversation().id, "a bunny")
        turns._queue.claim("killed", datetime.now(UTC))
        turns.cancel(turn)
        assert turns.recover() == (turn,)
        assert turns.result(turn).status is TurnStatus.CANCELLED
        assert turns.run_pending() == 0
