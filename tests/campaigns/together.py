"""Several processes at one data folder at once, all forked from one that has its imports behind it.

python -m tests.campaigns.together open  FOLDER ""     one two three   # all make the folder's database
python -m tests.campaigns.together fifty FOLDER SHARED one two         # all say fifty things
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from assistant.store.store import ConversationStore
from tests.conversing import talking

EACH = 25
PICTURE_EVERY = 5


def words(name: str, number: int) -> str:
    """Return a message; most of them ask for no picture, which is quicker."""
    return f"{'draw' if number % PICTURE_EVERY == 0 else 'say'} {name} {number}"


def open_database(folder: Path, shared: str, name: str) -> None:
    ConversationStore(f"sqlite:///{folder}/limner.db").close()


def say_fifty(folder: Path, shared: str, name: str) -> None:
    """Say half of them in the shared conversation, half in an own one, and now and then what the others say too."""
    with talking(folder) as turns:
        own = turns.new_conversation().id
        turns.start()
        for number in range(EACH):
            for conversation in (shared, own):
                turns.submit(conversation, words(name, number), idempotency_key=f"{name} {number}")
            if number % PICTURE_EVERY == 0:
                turns.submit(shared, f"both {number}", idempotency_key=f"both {number}")
        # Nobody leaves before all is done: who leaves in the middle of a turn gives it back, to be planned again.
        while len(turns.history(shared)) < 2 * EACH + EACH // PICTURE_EVERY:
            time.sleep(0.05)
        for turn in (*turns.history(own), *turns.history(shared)):
            turns.wait(turn.id, 60)


def forked(work: Callable[[Path, str, str], None], folder: Path, shared: str, name: str) -> int:
    child = os.fork()
    if child == 0:
        try:
            work(folder, shared, name)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return child


def main(what: str, folder: str, shared: str, *names: str) -> None:
    with tempfile.TemporaryDirectory() as warm_up:
        open_database(Path(warm_up), "", "")
    work = {"open": open_database, "fifty": say_fifty}[what]
    children = [forked(work, Path(folder), shared, name) for name in names]
    sys.exit(max(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children))


if __name__ == "__main__":
    main(*sys.argv[1:])
