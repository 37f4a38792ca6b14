"""Kill a process that runs turns, at a random instant, again and again, and look whether anything was lost.

    python -m tests.campaigns.kills --kills 200
    python -m tests.campaigns.kills --kills 10 --embedded     # the real models, as the command wires them

After each kill: every message that was acknowledged is there, every row's bytes are there and whole, every PNG decodes,
what was announced as done still is, and whoever comes next finishes the interrupted turns or names them broken.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from assistant.images import BlobStore
from assistant.messages import ConversationPath, Plan, TurnStatus
from assistant.rewriter import FakeRewriter
from assistant.store.queue import BROKEN
from assistant.turns import Turns
from generation.request import FakePainter
from tests.conversing import decoded, plan_of, talking

KILLS_PER_FOLDER = 5
LONGEST_SECONDS = 0.4
EMBEDDED_SECONDS = 20.0
MESSAGES = ("a bunny", "edit happier", "edit bluer", "back to v1", "again", "edit v99: odd", "say hello", "a hill")
REAL_MESSAGES = ("a bunny in a meadow", "make it happier", "a red balloon at night", "go back to v1", "make it blue")


@dataclass
class Tally:
    kills: int = 0
    acknowledged: int = 0
    announced: int = 0
    versions: int = 0
    interrupted: int = 0
    broken: int = 0
    orphan_files: int = 0


@dataclass
class Heard:
    """What the killed processes said on their pipe before they died."""

    messages: dict[str, str] = field(default_factory=dict)
    results: dict[str, str] = field(default_factory=dict)

    def take(self, text: str) -> None:
        for line in text.splitlines(keepends=True):
            word, _, rest = line.rstrip("\n").partition(" ")
            turn, _, rest = rest.partition(" ")
            if line.endswith("\n") and word == "stored":
                self.messages[turn] = rest
            elif line.endswith("\n") and word == "ended":
                self.results[turn] = rest


@contextmanager
def opened(folder: Path, embedded: bool) -> Iterator[Turns]:
    if embedded:
        from ui.settings import Settings
        from ui.wiring import build

        app = build(Settings(data=folder))
        try:
            yield app.turns
        finally:
            app.close()
        return

    def rewrite(path: ConversationPath) -> Plan:
        time.sleep(0.002)
        return plan_of(path)

    painter = FakePainter(steps=4, before_step=lambda step: time.sleep(0.002))
    with talking(folder, painter=painter, rewriter=FakeRewriter(rewrite), ready_made=False) as turns:
        yield turns


def converse(folder: Path, seed: int, pipe: int, embedded: bool) -> None:
    """Talk until killed, saying on the pipe what is stored and what has ended."""
    rng = random.Random(seed)
    with opened(folder, embedded) as turns:
        os.write(pipe, b"open\n")
        turns.recover()
        if seed % 2:
            turns.start()
        talk = turns.new_conversation().id
        while True:
            waiting = []
            for _ in range(rng.randint(1, 3)):
                message = rng.choice(REAL_MESSAGES if embedded else MESSAGES)
                waiting.append(turns.submit(talk, message))
                os.write(pipe, f"stored {waiting[-1]} {message}\n".encode())
            if not seed % 2:
                turns.run_pending()
            for turn in waiting:
                result = turns.wait(turn)
                os.write(pipe, f"ended {turn} {result.status} {result.version} {result.image}\n".encode())


def killed(folder: Path, seed: int, embedded: bool) -> str:
    """Start a process that converses, kill it at a random instant, and return what it had said."""
    rng = random.Random(f"kill {seed}")
    heard, said = os.pipe()
    if embedded:  # a process with threads of torch cannot be forked
        command = [sys.executable, "-m", "tests.campaigns.kills", "--child", str(folder), str(seed), str(said)]
        process = subprocess.Popen([*command, "--embedded"], pass_fds=(said,))
        child = process.pid
    else:
        child = os.fork()
        if child == 0:
            try:
                os.close(heard)
                converse(folder, seed, said, embedded)
            finally:
                os._exit(1)
    os.close(said)
    text = b""
    if seed % KILLS_PER_FOLDER:  # otherwise it may die while it makes the folder
        text = os.read(heard, 1 << 16)
    time.sleep(rng.uniform(0, EMBEDDED_SECONDS if embedded else LONGEST_SECONDS))
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the process ended before it was killed"
    while piece := os.read(heard, 1 << 16):
        text += piece
    os.close(heard)
    return text.decode()


def check(folder: Path, heard: Heard, tally: Tally, finish: bool, embedded: bool) -> None:
    """Look at what the killed process left, then let the next one take it up if `finish`."""
    with opened(folder, embedded) as turns:
        statuses = look(turns, heard)
        running = (TurnStatus.PLANNING, TurnStatus.PAINTING)
        tally.interrupted += sum(status in running for status in statuses.values())
        if finish:
            taken = turns.recover()
            turns.run_pending()
            statuses = look(turns, heard)
            assert all(status.ended for status in statuses.values()), "a turn hangs"
            tally.broken += sum(turns.result(turn).error == BROKEN for turn in taken)
        tally.versions += sum(len(turns.versions(talk.id)) for talk in turns.list_conversations())
        blobs = turns.blobs
        assert isinstance(blobs, BlobStore)
        names = {path.name.split(".")[0] for path in blobs.folder.glob("??/*")}
        tally.orphan_files += len(names - turns.store.named_digests())


def look(turns: Turns, heard: Heard) -> dict[str, TurnStatus]:
    """Assert that nothing was lost or half kept; return how each turn stands."""
    statuses = {}
    for talk in turns.list_conversations():
        versions = turns.versions(talk.id)
        assert [version.number for version in versions] == list(range(1, len(versions) + 1)), "version numbers"
        for version in versions:
            assert decoded(turns.picture(version.image)).size == (version.width, version.height)
            assert version.latent is None or turns.blobs.read(version.latent)
        history = turns.history(talk.id)
        made = [label for turn in history for label in turn.made]
        assert sorted(made) == sorted(version.label for version in versions), "versions without their turn"
        for turn in history:
            statuses[turn.id] = turn.status
            assert turn.status is not TurnStatus.FAILED or turn.error, "a turn failed without a word"
            assert not turn.made or turn.status is TurnStatus.DONE, "a version of a turn that did not end"
            events, _ = turns.store.events(turn.id, "you")
            assert [event.number for event in events] == list(range(1, len(events) + 1)), "event numbers"
            ends = [event.kind for event in events if event.kind in ("done", "failed", "cancelled")]
            assert len(ends) == turn.status.ended, "an ended turn says so once"
    for turn_id, message in heard.messages.items():
        assert turns.store.turn(turn_id, "you").message == message, "a message was lost"
    for turn_id, line in heard.results.items():
        result = turns.result(turn_id)
        assert f"{result.status} {result.version} {result.image}" == line, "what was done is no longer"
    return statuses


def campaign(kills: int, seed: int, embedded: bool) -> Tally:
    tally, heard = Tally(), Heard()
    with tempfile.TemporaryDirectory(prefix="limner-kills-") as root:
        with opened(Path(root) / "warm-up", embedded=False):
            pass  # imports what every forked process will need
        for number in range(kills):
            if number % KILLS_PER_FOLDER == 0:
                tally.acknowledged += len(heard.messages)
                tally.announced += len(heard.results)
                folder, heard = Path(root) / str(number), Heard()
            heard.take(killed(folder, seed * 1_000_000 + number, embedded))
            tally.kills += 1
            last = number % KILLS_PER_FOLDER == KILLS_PER_FOLDER - 1 or number == kills - 1
            check(folder, heard, tally, last or random.Random(number).random() < 0.3, embedded)
        tally.acknowledged += len(heard.messages)
        tally.announced += len(heard.results)
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--embedded", action="store_true", help="the real models, wired as the command wires them")
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        folder, seed, pipe = asked.child
        converse(Path(folder), int(seed), int(pipe), asked.embedded)
    begun = time.monotonic()
    tally = campaign(asked.kills, asked.seed, asked.embedded)
    print(
        f"{tally.kills} kills in {time.monotonic() - begun:.0f} s: {tally.acknowledged} messages acknowledged, 0 lost; "
        f"{tally.announced} results announced, 0 changed; {tally.versions} looks at a version, 0 incomplete; "
        f"{tally.interrupted} turns found interrupted, {tally.broken} of them named broken, the others finished; "
        f"{tally.orphan_files} files that nothing names"
    )


if __name__ == "__main__":
    main()
