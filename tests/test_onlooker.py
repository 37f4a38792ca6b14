"""What is seen in pictures in the background: conversations found by it, and titled by what they are about."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from assistant.messages import CreatePlan
from assistant.onlooker import MOST_TROUBLES, Onlooker
from assistant.rewriter import FakeRewriter
from assistant.turns import Turns
from assistant.uploads import read_upload
from captioner.errors import DataError
from captioner.request import CaptionKind, FakeChecker
from tests.conversing import said, talking
from tests.test_tending import everything
from tests.test_web import encoded
from ui.settings import Settings
from ui.wiring import build

SEEN = "A brown puppy is standing on a snowfield. The sky is gloomy."
BRIEFLY = "a brown puppy on a snowfield."


class Eyes:
    """Sees the same in every picture, and remembers of which kinds it was asked."""

    def __init__(self, before: Callable[[CaptionKind], None] = lambda kind: None):
        self.asked: list[CaptionKind] = []
        self.before = before

    def __call__(self, data: bytes, kind: CaptionKind = "descriptive") -> str:
        assert data.startswith(b"\x89PNG")
        self.asked.append(kind)
        self.before(kind)
        return BRIEFLY if kind == "short" else SEEN


@contextmanager
def looking(folder: Path, eyes: Eyes, painted: bool = True, **more: Any) -> Iterator[tuple[Turns, Onlooker]]:
    """Turns whose pictures are looked at when the test says so."""
    checker = FakeChecker() if painted else None
    with talking(folder, looks=eyes, checker=checker, **more) as turns:
        assert turns._onlooker is not None
        yield turns, turns._onlooker


def titles(turns: Turns, search: str = "") -> list[str]:
    return [talk.title for talk in turns.list_conversations(containing=search)]


def test_a_conversation_is_titled_by_its_message_and_then_by_what_its_first_picture_shows(tmp_path: Path) -> None:
    eyes = Eyes()
    with looking(tmp_path, eyes) as (turns, onlooker):
        talk = turns.new_conversation().id
        assert titles(turns) == ["New conversation"]
        said(turns, talk, "please  draw the one I told you about")
        assert titles(turns) == ["please draw the one I told you about"]
        assert onlooker.look_at_all() == 2
        assert titles(turns) == ["A brown puppy on a snowfield"]
        assert [version.caption for version in turns.versions(talk)] == [SEEN]
        said(turns, talk, "edit: happier")
        onlooker.look_at_all()
        assert eyes.asked == ["short", "descriptive", "descriptive"]  # one title for a conversation
        assert onlooker.look_at_all() == 0


def test_a_title_that_a_person_gave_stays(tmp_path: Path) -> None:
    with looking(tmp_path, Eyes()) as (turns, onlooker):
        talk = turns.new_conversation().id
        turns.rename_conversation(talk, "Mine")
        said(turns, talk, "a bunny")
        onlooker.look_at_all()
        assert titles(turns) == ["Mine"]

    def rename(kind: CaptionKind) -> None:
        if kind == "short":
            turns.rename_conversation(talk, "Named while it looked")

    with looking(tmp_path, Eyes(rename)) as (turns, onlooker):
        talk = turns.new_conversation().id
        said(turns, talk, "a bunny")
        onlooker.look_at_all()
        assert titles(turns)[0] == "Named while it looked"
        said(turns, talk, "another bunny")
        onlooker.look_at_all()
        assert titles(turns)[0] == "Named while it looked"


def test_a_rewriter_that_says_what_it_is_about_titles_it_with_the_first_picture(tmp_path: Path) -> None:
    def plan(path: Any) -> CreatePlan:
        return CreatePlan(prompt=path.message, title=f"Ein  Titel\nfür {path.message} " + "x" * 90)

    eyes = Eyes()
    with looking(tmp_path, eyes, rewriter=FakeRewriter(plan)) as (turns, onlooker):
        talk = turns.new_conversation().id
        said(turns, talk, "one")
        said(turns, talk, "two")
        onlooker.look_at_all()
        assert titles(turns)[0].startswith("Ein Titel für one xxx") and len(titles(turns)[0]) == 60
        assert "short" not in eyes.asked
        mine = turns.new_conversation().id
        turns.rename_conversation(mine, "Mine")
        said(turns, mine, "three")
        assert titles(turns)[0] == "Mine"


def test_the_policy_reads_a_title_as_it_reads_the_prompt(tmp_path: Path) -> None:
    def plan(path: Any) -> CreatePlan:
        return CreatePlan(prompt="A woman on a stage.", title="Taylor Swift on a stage")

    with talking(tmp_path, rewriter=FakeRewriter(plan)) as turns:
        said(turns, turns.new_conversation().id, "a singer")
        assert titles(turns) and "Swift" not in titles(turns)[0]


def test_search_finds_what_is_in_a_picture_though_nobody_said_it(tmp_path: Path) -> None:
    with looking(tmp_path, Eyes()) as (turns, onlooker):
        talk, other = turns.new_conversation().id, turns.new_conversation().id
        said(turns, talk, "draw my friend")
        turns.rename_conversation(talk, "x")
        turns.rename_conversation(other, "y: a bottom card to share")
        assert titles(turns, "puppy") == titles(turns, "dog in the snow") == []
        onlooker.look_at_all()
        for words in ("puppy", "dog", "Dogs in the SNOW", "hound on a snowfield", "gloomy", "frien"):
            assert titles(turns, words) == ["x"], words
        for words in ("cat", "dog in the sun", "the snow of a cat", "%", "_"):
            assert titles(turns, words) == [], words
        assert titles(turns, "android") == titles(turns, "rabbit") == titles(turns, "automobile") == []  # inside words
        assert titles(turns, "dog " * 5_000) == ["x"] and titles(turns, " ".join(f"dog{n}" for n in range(500))) == []
        turns.rename_version(talk, "v1", "Waldi the great")
        assert titles(turns, "waldi") == ["x"]
        turns.delete_version(talk, "v1")
        assert titles(turns, "dog") == titles(turns, "waldi") == []
        assert "puppy" not in everything(turns)


def test_a_small_word_is_looked_for_where_there_is_no_other(tmp_path: Path) -> None:
    with talking(tmp_path) as turns:
        for message in ("a bunny", "zebra"):
            said(turns, turns.new_conversation().id, message)
        assert titles(turns, "the bunny") == ["a bunny"]
        assert len(titles(turns, "a")) == 2 and titles(turns, "with") == []


def test_what_people_brought_is_looked_at_though_the_captioner_does_not_know_what_is_painted(tmp_path: Path) -> None:
    eyes = Eyes()
    with looking(tmp_path, eyes, painted=False) as (turns, onlooker):
        painted, brought = turns.new_conversation().id, turns.new_conversation().id
        said(turns, painted, "a bunny")
        turns.bring(brought, read_upload(encoded(Image.new("RGB", (64, 64), "red"))))
        assert onlooker.look_at_all() == 2 and eyes.asked == ["short", "descriptive"]
        assert titles(turns) == ["A brown puppy on a snowfield", "a bunny"]
        assert titles(turns, "dog") == ["A brown puppy on a snowfield"]


def test_a_title_goes_with_the_picture_that_it_came_from(tmp_path: Path) -> None:
    with looking(tmp_path, Eyes()) as (turns, onlooker):
        talk = turns.new_conversation().id
        said(turns, talk, "a bunny")
        said(turns, talk, "a fox")
        onlooker.look_at_all()
        turns.delete_version(talk, "v1")
        assert titles(turns) == ["a bunny"]
        assert onlooker.look_at_all() == 1  # by the first that is left
        assert titles(turns) == ["A brown puppy on a snowfield"]
        turns.delete_version(talk, "v2")
        assert titles(turns) == ["a bunny"] and onlooker.look_at_all() == 0


def test_a_picture_deleted_while_it_was_looked_at_leaves_no_words(tmp_path: Path) -> None:
    def delete(kind: CaptionKind) -> None:
        if kind == "descriptive":
            turns.delete_version(talk, "v1")

    with looking(tmp_path, Eyes(delete)) as (turns, onlooker):
        talk = turns.new_conversation().id
        said(turns, talk, "a bunny")
        onlooker.look_at_all()
        assert "puppy" not in everything(turns)
        assert titles(turns) == ["a bunny"]


def test_a_picture_that_cannot_be_looked_at_is_passed_over_and_many_in_a_row_end_it(tmp_path: Path) -> None:
    broken: set[str] = set()

    class HalfBlind(Eyes):
        def __call__(self, data: bytes, kind: CaptionKind = "descriptive") -> str:
            if hashlib.sha256(data).hexdigest() in broken:
                raise DataError("The picture cannot be read; send another.")
            return super().__call__(data, kind)

    eyes = HalfBlind()
    with looking(tmp_path, eyes) as (turns, onlooker):
        talks = [turns.new_conversation().id for _ in range(8)]
        for number, talk in enumerate(talks):
            said(turns, talk, f"picture {number}")
        images = [turns.versions(talk)[0].image for talk in talks]
        broken.add(images[3])
        onlooker.look_at_all()
        assert [bool(turns.versions(talk)[0].caption) for talk in talks] == [number != 3 for number in range(8)]
        for number in range(8, 16):
            said(turns, talks[0], f"picture {number}")
        broken.update(version.image for version in turns.versions(talks[0])[1:])
        assert onlooker.look_at_all() == MOST_TROUBLES
        assert onlooker.look_at_all() == 0


def test_it_looks_by_itself_while_limner_runs_and_at_what_older_ones_left(tmp_path: Path) -> None:
    with talking(tmp_path) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, "a bunny")
    with looking(tmp_path, Eyes()) as (turns, _onlooker):
        assert not turns.is_looked_at(talk)  # not begun
        turns.start()
        assert turns.wait_for_words(talk, timeout=30)
        assert not turns.is_looked_at(talk) and titles(turns) == ["A brown puppy on a snowfield"]
        assert turns.wait(turns.submit(talk, "edit: happier"), 30).version == "v2"
        deadline = time.monotonic() + 30
        while not turns.versions(talk)[1].caption:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert not turns.wait_for_words(talk, timeout=0.2)


def test_a_picture_is_there_before_it_is_looked_at(tmp_path: Path) -> None:
    import threading

    may_look = threading.Event()

    def wait(kind: CaptionKind) -> None:
        assert may_look.wait(30)

    with looking(tmp_path, Eyes(wait)) as (turns, _onlooker):
        turns.start()
        talk = turns.new_conversation().id
        results = [turns.wait(turns.submit(talk, message), 30) for message in ("a bunny", "edit: happier")]
        assert [result.version for result in results] == ["v1", "v2"]
        assert titles(turns) == ["a bunny"] and turns.is_looked_at(talk)
        may_look.set()
        assert turns.wait_for_words(talk, timeout=30)
        assert titles(turns) == ["A brown puppy on a snowfield"]


def test_descriptions_let_a_turn_pass_and_come_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.onlooker.LET_PASS_SECONDS", 0.6)
    with looking(tmp_path, Eyes()) as (turns, _):
        said(turns, turns.new_conversation().id, "a bunny")
        database, blobs = turns.store.database, turns.blobs
        begun = time.monotonic()
        Onlooker(database, blobs, Eyes(), painted=True, is_busy=lambda: True).look_at_all()
        assert time.monotonic() - begun >= 0.6
        assert titles(turns, "puppy")


def test_the_embedded_captioner_titles_and_finds_what_was_painted(tmp_path: Path) -> None:
    app = build(Settings(data=tmp_path, threads=1, enlarge=False))
    try:
        turns, talk = app.turns, app.turns.new_conversation().id
        turns.start()
        message = "draw a small barking friend in winter"
        plan = CreatePlan(prompt="A brown puppy is standing in the snow. It looks happy. It is day. A flat cartoon.")
        turns.wait(turns.submit(talk, message, plan=plan), 200)
        assert turns.wait_for_words(talk, timeout=200)
        version = turns.versions(talk)[0]
        assert version.caption and version.caption == app.captioner.describe(app.blobs.read(version.image))  # type: ignore[union-attr]
        assert turns.conversation(talk).title not in (message, "New conversation")
        assert "dog" not in message + plan.prompt
        assert [one.id for one in turns.list_conversations(containing="dog")] == [talk]
    finally:
        app.close()
