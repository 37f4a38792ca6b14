"""What a person may count on in a turn, with the public fakes and the real store."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from assistant.errors import BlobError, MessageError, ModelError, PlanError, StoreError, UnknownTurn
from assistant.images import BlobStore
from assistant.messages import ConversationPath, CreatePlan, EditPlan, Plan, ReturnPlan, TurnOptions, TurnStatus
from assistant.rewriter import FakeRewriter
from assistant.store.queue import Waiting, in_order
from assistant.turns import YOU, Turns
from captioner.errors import WeightsError
from generation.errors import PaintingError
from generation.request import FakePainter, RenderEvent, RenderPreview
from tests.conversing import decoded, plan_of, said, talking


@pytest.fixture
def turns(tmp_path: Path) -> Iterator[Turns]:
    with talking(tmp_path) as turns:
        yield turns


class StallingPainter(FakePainter):
    """Takes many short steps, so that a test can come in between."""

    def __init__(self):
        self.began = threading.Event()
        super().__init__(steps=500, before_step=self._step)

    def _step(self, step: int) -> None:
        self.began.set()
        time.sleep(0.02)


class BrokenPainter(FakePainter):
    def __init__(self, errors: list[BaseException]):
        super().__init__(steps=2)
        self.errors = errors

    def paint(self, *args, **more) -> Iterator[RenderEvent]:
        if self.errors:
            raise self.errors.pop(0)
        yield from super().paint(*args, **more)


def test_the_message_is_stored_before_the_rewriter_is_asked(tmp_path: Path):
    seen = []

    def plans(path: ConversationPath) -> Plan:
        with talking(tmp_path) as other:
            seen.extend(turn.message for turn in other.history(conversation))
        raise ModelError("The language model is away; start it and try again.")

    with talking(tmp_path, rewriter=FakeRewriter(plans)) as turns:
        conversation = turns.new_conversation().id
        result = said(turns, conversation, "a bunny")
    assert seen == ["a bunny"]
    assert (result.status, result.error) == (
        TurnStatus.FAILED, "The language model is away; start it and try again.",
    )  # fmt: skip


def test_the_bytes_are_durable_before_the_row_that_names_them(turns: Turns, monkeypatch: pytest.MonkeyPatch):
    order = []
    put, finish = BlobStore.put, type(turns._queue).finish
    monkeypatch.setattr(BlobStore, "put", lambda *a: (put(*a), order.append("bytes"))[0])
    monkeypatch.setattr(type(turns._queue), "finish", lambda *a: (order.append("row"), finish(*a))[1])
    said(turns, turns.new_conversation().id, "a bunny")
    assert order == ["bytes", "bytes", "row"]


def test_a_conversation_of_five_turns_has_the_right_parents_and_is_found_again_as_it_was(tmp_path: Path):
    with talking(tmp_path) as turns:
        talk = turns.new_conversation()
        for message in ("a bunny", "edit happier", "edit bluer", "edit v2: redder", "back to v1"):
            assert said(turns, talk.id, message).status is TurnStatus.DONE
        before = (turns.history(talk.id), turns.versions(talk.id), turns.list_conversations())
        pictures = [turns.picture(version.image) for version in turns.versions(talk.id)]
    with talking(tmp_path) as turns:
        assert (turns.history(talk.id), turns.versions(talk.id), turns.list_conversations()) == before
        history, versions, conversations = before
        assert [v.parents for v in versions] == [(), ("v1",), ("v2",), ("v2",)]
        assert [t.ends_on for t in history] == ["v1", "v2", "v3", "v4", "v1"]
        assert conversations[0].title == "a bunny"
        assert [turns.picture(v.image) for v in versions] == pictures
        assert all(decoded(png).size == (64, 64) for png in pictures)
        assert said(turns, talk.id, "edit greener").parents == ("v1",)


def test_an_edit_starts_from_its_parents_latent_and_seed_with_the_prompt_and_the_change(tmp_path: Path):
    painter = FakePainter(steps=1)
    seeds = iter([11, 12, 13])
    with talking(tmp_path, painter=painter, seeds=lambda: next(seeds)) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, "a bunny", options=TurnOptions(size=(128, 64)))
        said(turns, talk, "edit happier")
        said(turns, talk, "edit bluer", options=TurnOptions(seed=99))
        said(turns, talk, "again")
        parent = turns.versions(talk)[0]
    create, edit, reseeded, vary = painter.painted
    assert (create.seed, create.parent_latent, create.width, create.height) == (11, None, 128, 64)
    assert (edit.seed, edit.parent_latent, edit.parent_image) == (11, parent.latent, parent.image)
    assert (edit.prompt, edit.change, edit.width, edit.height) == ("a bunny, happier", "happier", 128, 64)
    assert (reseeded.seed, vary.seed, vary.parent_latent) == (99, 12, None)


def test_a_flat_result_says_what_a_terminal_needs(turns: Turns):
    talk = turns.new_conversation().id
    said(turns, talk, "a bunny")
    result = said(turns, talk, "edit happier")
    assert (result.conversation, result.number, result.act, result.version) == (talk, 2, "edit", "v2")
    assert (result.versions, result.parents, result.region, result.seed) == (("v2",), ("v1",), "the face", 7)
    assert result.image
    assert turns.picture_path(result.image).suffix == ".png"
    assert result.seconds > 0


def test_the_same_key_is_the_same_turn_and_paints_once(tmp_path: Path):
    with talking(tmp_path) as one, talking(tmp_path) as two:
        talk = one.new_conversation().id
        ids = {turns.submit(talk, "a bunny", "key") for turns in (one, two, one)}
        one.run_pending()
        two.run_pending()
        assert len(ids) == len(one.history(talk)) == len(one.versions(talk)) == 1
        assert one.submit(talk, "a bunny", "another key") not in ids


def test_an_unknown_version_is_named_and_the_turn_stays_where_it_was(turns: Turns):
    talk = turns.new_conversation().id
    assert said(turns, talk, "back to v3").error == (
        "There is no v3 in this conversation; it has no picture yet, so describe one first."
    )
    for message in ("a bunny", "edit happier", "edit happier", "edit happier"):
        said(turns, talk, message)
    result = said(turns, talk, "edit v99: bluer")
    assert (result.status, result.version) == (TurnStatus.FAILED, "v4")
    assert result.error == "There is no v99 in this conversation; it has v1 to v4."


def test_an_edit_before_the_first_picture_gets_an_answer(turns: Turns):
    result = said(turns, turns.new_conversation().id, "edit happier")
    assert (result.status, result.version) == (TurnStatus.DONE, None)
    assert "no picture to change yet" in result.reply


def test_describing_looks_at_the_picture_that_was_meant(tmp_path: Path):
    def describe(data: bytes) -> str:
        return f"A picture of {len(data)} bytes."

    with talking(tmp_path, describe=describe) as turns:
        talk = turns.new_conversation().id
        assert "no picture to look at yet" in said(turns, talk, "describe").reply
        first = said(turns, talk, "a bunny")
        said(turns, talk, "a far longer wish, for a whale")
        sizes = [len(turns.picture(version.image)) for version in turns.versions(talk)]
        now, older = said(turns, talk, "describe"), said(turns, talk, f"describe {first.version}")
        assert now.reply == f"What I see in it.\nv2: A picture of {sizes[1]} bytes."
        assert older.reply == f"What I see in it.\nv1: A picture of {sizes[0]} bytes."
        assert (older.status, older.version, older.versions) == (TurnStatus.DONE, "v2", ())
        assert said(turns, talk, "describe v9").status is TurnStatus.FAILED


def test_without_a_captioner_describing_is_refused_in_words_and_its_errors_end_a_turn_aloud(tmp_path: Path):
    with talking(tmp_path / "none") as turns:
        talk = turns.new_conversation().id
        said(turns, talk, "a bunny")
        assert "Nothing here can describe pictures" in said(turns, talk, "describe").reply

    def broken(data: bytes) -> str:
        raise WeightsError("The captioner's weights are missing; train them again.")

    with talking(tmp_path / "broken", describe=broken) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, "a bunny")
        result = said(turns, talk, "describe")
        assert (result.status, result.version) == (TurnStatus.FAILED, "v1")
        assert result.error == "The captioner's weights are missing; train them again."


def test_a_refused_message_is_a_turn_that_says_why(tmp_path: Path):
    rewriter = FakeRewriter(plan_of)
    with talking(tmp_path, rewriter=rewriter) as turns:
        talk = turns.new_conversation().id
        long = said(turns, talk, "x" * 50_000)
        assert (long.status, long.act) == (TurnStatus.DONE, "refuse")
        assert "50,000 letters" in long.reply
        assert turns.history(talk)[0].message == "x" * 50_000
        assert said(turns, talk, "a swastika on a hill").act == "refuse"
        assert rewriter.asked == []
        assert said(turns, talk, "a hill").version == "v1"


def test_a_prompt_is_checked_after_the_rewriter_too(tmp_path: Path):
    rewriter = FakeRewriter(lambda path: CreatePlan(prompt="a gory battlefield"))
    with talking(tmp_path, rewriter=rewriter) as turns:
        result = said(turns, turns.new_conversation().id, "something dreadful")
        assert (result.act, result.versions) == ("refuse", ())


@pytest.mark.parametrize("message", ["half a letter \ud83d", "a \0 byte", "x" * 1_000_001])
def test_what_is_no_text_is_not_taken(turns: Turns, message: str):
    talk = turns.new_conversation().id
    with pytest.raises(MessageError, match="send"):
        turns.submit(talk, message)
    assert turns.history(talk) == ()


def test_every_failure_ends_the_turn_with_a_sentence_and_the_next_one_works(tmp_path: Path):
    errors = [PaintingError("The picture came out as not-a-number; try another seed."), RuntimeError("CUDA\nbroke"),
              MemoryError(), OSError(28, "No space left on device")]  # fmt: skip
    with talking(tmp_path, painter=BrokenPainter(errors)) as turns:
        talk = turns.new_conversation().id
        results = [said(turns, talk, f"bunny {i}") for i in range(5)]
        assert [r.error for r in results] == [
            "The picture came out as not-a-number; try another seed.",
            "Something in Limner broke (RuntimeError: CUDA broke); send the message again.",
            "There was not enough memory for this picture; ask for a smaller one, or close other programs.",
            "The disk is full; make room and send the message again.",
            "",
        ]
        assert [r.version for r in results] == [None, None, None, None, "v1"]
        assert [t.message for t in turns.history(talk)] == [f"bunny {i}" for i in range(5)]


def test_a_plan_that_cannot_be_made_is_reported(tmp_path: Path):
    def plans(path: ConversationPath) -> Plan:
        raise PlanError("The rewriter gave no valid plan in two tries; say it in other words.")

    with talking(tmp_path, rewriter=FakeRewriter(plans)) as turns:
        result = said(turns, turns.new_conversation().id, "qwerty")
        assert result.error == "The rewriter gave no valid plan in two tries; say it in other words."


def test_options_out_of_bounds_fail_with_what_is_possible(turns: Turns):
    talk = turns.new_conversation().id
    said(turns, talk, "a bunny")
    cases = {
        "64 to 1024": TurnOptions(size=(63, 64)), "1 to 10 pictures": TurnOptions(count=11),
        "1 to 100 steps": TurnOptions(steps=0), "A seed is": TurnOptions(seed=-1),
    }  # fmt: skip
    for words, options in cases.items():
        result = said(turns, talk, "a cat", options=options)
        assert result.status is TurnStatus.FAILED
        assert words in result.error
    assert "keeps the size" in said(turns, talk, "edit bigger", options=TurnOptions(size=(128, 128))).error


def test_several_candidates_become_several_versions_of_one_turn(tmp_path: Path):
    painter = FakePainter(steps=1)
    with talking(tmp_path, painter=painter) as turns:
        result = said(turns, turns.new_conversation().id, "a bunny", options=TurnOptions(count=3))
        assert (result.version, result.versions) == ("v1", ("v1", "v2", "v3"))
        assert [(r.seed, r.candidate) for r in painter.painted] == [(7, 0), (7, 1), (7, 2)]
        images = {version.image for version in turns.versions(result.conversation)}
        assert len(images) == 3


def test_a_button_gives_the_plan_itself(tmp_path: Path):
    rewriter = FakeRewriter(plan_of)
    with talking(tmp_path, rewriter=rewriter) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, "a bunny")
        said(turns, talk, "edit happier")
        result = said(turns, talk, "", plan=ReturnPlan(targets=("v1",)))
        assert (result.act, result.version, len(rewriter.asked)) == ("return", "v1", 2)
        edited = said(turns, talk, "", plan=EditPlan(prompt="a red bunny", change="redder", targets=("v2",)))
        assert (edited.version, edited.parents) == ("v3", ("v2",))


def test_an_edited_message_is_a_sibling_and_the_rewriter_reads_its_own_branch(tmp_path: Path):
    rewriter = FakeRewriter(plan_of)
    with talking(tmp_path, rewriter=rewriter) as turns:
        talk = turns.new_conversation().id
        first = said(turns, talk, "a bunny")
        second = said(turns, talk, "edit happier")
        other = said(turns, talk, "edit sadder", sibling_of=second.turn)
        assert other.parents == ("v1",)
        path = rewriter.asked[-1]
        assert [(turn.message, turn.act, turn.ended_on) for turn in path.turns] == [("a bunny", "create", "v1")]
        assert (path.current, [v.label for v in path.versions]) == ("v1", ["v1"])
        tree = {turn.number: turn.parent_id for turn in turns.history(talk)}
        assert tree == {1: None, 2: first.turn, 3: first.turn}
        root = said(turns, talk, "a cat", sibling_of=first.turn)
        assert rewriter.asked[-1].turns == ()
        assert turns.history(talk)[3].parent_id is None
        assert said(turns, talk, "edit happier", parent_turn=second.turn).parents == ("v2",)
        assert root.version == "v4"


def test_events_are_numbered_without_gaps_and_read_on_from_anywhere(tmp_path: Path):
    with talking(tmp_path) as turns, talking(tmp_path) as other:
        talk = turns.new_conversation().id
        turn = turns.submit(talk, "a bunny")
        turns.run_pending()
        events = list(turns.events(turn))
        assert [event.number for event in events] == list(range(1, len(events) + 1))
        kinds = [event.kind for event in events]
        assert kinds == ["queued", "planning", "plan", "plan", "progress", "progress", "version", "reply", "done"]
        assert events[2].data == {"line": "Painting a new picture"}
        assert events[3].data["plan"]["prompt"] == "a bunny"
        assert list(other.events(turn, after=4)) == events[4:]
        assert list(turns.events(turn, after=99)) == []


def test_a_reader_sees_events_as_they_come_with_the_newest_preview(tmp_path: Path):
    class PreviewingPainter(FakePainter):
        def paint(self, requests, blobs, stopped=lambda: False):
            for event in super().paint(requests, blobs, stopped):
                if getattr(event, "step", 0) == 1:
                    yield RenderPreview(event.request_id, 1, b"rough")
                    assert read.wait(30)
                yield event

    read = threading.Event()
    with talking(tmp_path, painter=PreviewingPainter(steps=2)) as turns:
        turns.start()
        previews = []
        for event in turns.events(turns.submit(turns.new_conversation().id, "a bunny")):
            if event.kind == "preview":
                previews.append(event.image)
                read.set()
        assert previews == [b"rough"]
        again = turns.events(event.turn_id)
        assert [e.image for e in again if e.kind == "preview"] == [b""]


def test_stop_ends_a_painting_turn_within_two_seconds_and_makes_no_version(tmp_path: Path):
    painter = StallingPainter()
    with talking(tmp_path, painter=painter) as turns, talking(tmp_path) as elsewhere:
        turns.start()
        talk = turns.new_conversation().id
        for stopper in (turns, elsewhere):
            painter.began.clear()
            turn = turns.submit(talk, "a bunny")
            queued = turns.submit(talk, "a cat")
            assert painter.began.wait(30)
            begun = time.monotonic()
            stopper.cancel(queued)
            stopper.cancel(turn)
            assert turns.wait(turn, 30).status is TurnStatus.CANCELLED
            assert time.monotonic() - begun < 2
            assert turns.result(queued).status is TurnStatus.CANCELLED
        assert turns.versions(talk) == ()
        turns.cancel(turn)
        assert [event.kind for event in turns.events(turn)][-1] == "cancelled"


def test_stop_does_not_wait_for_a_rewriter_that_hangs(tmp_path: Path):
    asked, let_go = threading.Event(), threading.Event()

    def plans(path: ConversationPath) -> Plan:
        if path.message == "hang":
            asked.set()
            let_go.wait(60)
        return plan_of(path)

    with talking(tmp_path, rewriter=FakeRewriter(plans)) as turns:
        turns.start()
        talk = turns.new_conversation().id
        turn = turns.submit(talk, "hang")
        assert asked.wait(30)
        turns.cancel(turn)
        assert turns.wait(turn, 30).status is TurnStatus.CANCELLED and not let_go.is_set()
        assert turns.wait(turns.submit(talk, "a bunny"), 30).version == "v1"
        let_go.set()


def test_a_listener_leaves_when_its_reader_has_gone_while_the_turn_goes_on(tmp_path: Path):
    painter = StallingPainter()
    with talking(tmp_path, painter=painter) as turns:
        turns.start()
        turn = turns.submit(turns.new_conversation().id, "a bunny")
        assert painter.began.wait(30)
        gone = threading.Event()
        listener = threading.Thread(target=lambda: list(turns.events(turn, stopped=gone.is_set)))
        listener.start()
        gone.set()
        listener.join(2)
        assert not listener.is_alive()
        assert turns.result(turn).status is TurnStatus.PAINTING
        turns.cancel(turn)
        turns.wait(turn, 30)


def test_closing_midway_gives_the_turn_back_to_whoever_comes_next(tmp_path: Path):
    painter = StallingPainter()
    with talking(tmp_path, painter=painter) as turns:
        turns.start()
        turn = turns.submit(turns.new_conversation().id, "a bunny")
        assert painter.began.wait(30)
    with talking(tmp_path) as turns:
        turns.start()
        assert turns.wait(turn, 30).version == "v1"
        events = list(turns.events(turn))
        assert [event.number for event in events] == list(range(1, len(events) + 1))


def test_nobody_sees_anothers_conversation_turn_or_picture(turns: Turns):
    talk = turns.new_conversation("ann")
    mine = said_by_ann = turns.submit(talk.id, "a bunny", owner="ann")
    turns.run_pending()
    image = turns.result(mine, "ann").image or ""
    for ask in (
        lambda: turns.conversation(talk.id, "bob"), lambda: turns.history(talk.id, "bob"),
        lambda: turns.versions(talk.id, "bob"), lambda: turns.submit(talk.id, "hi", owner="bob"),
        lambda: turns.events(said_by_ann, owner="bob"), lambda: turns.cancel(said_by_ann, "bob"),
        lambda: turns.result(said_by_ann, "bob"), lambda: turns.delete_conversation(talk.id, "bob"),
        lambda: turns.store.version(talk.id, "v1", "bob"), lambda: turns.conversation(talk.id),
    ):  # fmt: skip
        with pytest.raises(UnknownTurn, match="of yours"):
            ask()
    for look in (turns.picture, turns.picture_path):
        with pytest.raises(BlobError, match="of yours"):
            look(image, "bob")
    assert turns.list_conversations("bob") == ()
    theirs = turns.new_conversation("bob")
    with pytest.raises(UnknownTurn):
        turns.submit(theirs.id, "hi", parent_turn=said_by_ann, owner="bob")


def test_a_deleted_conversation_leaves_no_row_and_no_file(turns: Turns):
    kept, gone = turns.new_conversation().id, turns.new_conversation().id
    said(turns, kept, "a bunny")
    said(turns, gone, "a bunny")
    said(turns, gone, "edit happier")
    images = [version.image for version in turns.versions(gone)]
    turns.delete_conversation(gone)
    assert turns.blobs.sweep(turns.store.named_digests, age=0) == 2
    assert turns.picture(images[0])
    with pytest.raises(BlobError):
        turns.blobs.read(images[1])


def test_the_files_of_a_deleted_conversation_go_at_once_but_for_the_newest_and_what_another_names(turns: Turns):
    kept, gone = turns.new_conversation().id, turns.new_conversation().id
    said(turns, kept, "a bunny")
    said(turns, gone, "a bunny")
    said(turns, gone, "edit happier")
    shared, old = [version.image for version in turns.versions(gone)]
    said(turns, gone, "edit bluer")
    young = turns.versions(gone)[-1].image
    for digest in (shared, old):
        os.utime(turns.blobs.path(digest), (1, 1))
    turns.delete_conversation(gone)
    assert turns.picture(shared)
    assert turns.blobs.read(young)
    with pytest.raises(BlobError):
        turns.blobs.read(old)


def test_conversations_are_found_by_title_message_and_prompt_and_only_ones_own(turns: Turns):
    bunny, fox, theirs = (turns.new_conversation(owner).id for owner in (YOU, YOU, "bob"))
    for conversation, owner in ((bunny, YOU), (fox, YOU), (theirs, "bob")):
        turns.submit(conversation, "a fox" if conversation == fox else "draw a Bunny 100%", owner=owner)
    turns.run_pending()
    said(turns, fox, "edit with a balloon")
    turns.rename_conversation(fox, "  Reynard \n the red ")

    def found(words: str) -> list[str]:
        return [conversation.id for conversation in turns.list_conversations(containing=words)]

    assert found("BUNNY draw") == [bunny]
    assert found("reynard balloon") == [fox]
    assert found("100%") == [bunny]
    assert found("reynard bunny") == []
    assert sorted(found(" ")) == sorted([bunny, fox])
    assert turns.conversation(fox).title == "Reynard the red"
    with pytest.raises(UnknownTurn):
        turns.rename_conversation(theirs, "mine")
    with pytest.raises(MessageError):
        turns.rename_conversation(fox, "a\0b")


def test_a_conversation_deleted_while_it_paints_leaves_nothing_and_the_worker_goes_on(tmp_path: Path):
    painter = StallingPainter()
    with talking(tmp_path, painter=painter) as turns:
        turns.start()
        talk = turns.new_conversation().id
        turn = turns.submit(talk, "a bunny")
        assert painter.began.wait(30)
        listening = turns.events(turn)
        turns.delete_conversation(talk)
        assert list(listening) == []
        painter.steps = 1
        assert turns.wait(turns.submit(turns.new_conversation().id, "a cat"), 30).version == "v1"
        assert turns.store.named_digests() == {
            version.image for version in turns.versions(turns.list_conversations()[0].id)
        } | {version.latent for version in turns.versions(turns.list_conversations()[0].id)}


def test_the_assistant_brings_in_neither_torch_nor_web():
    code = (
        "import sys, assistant.turns, assistant.store.store, assistant.store.folder, assistant.images, "
        "assistant.rewriter, assistant.policy\n"
        "print([name for name in ('torch', 'gradio', 'fastapi', 'diffusers', 'transformers', 'alembic', 'numpy', "
        "'captioner.world') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_refused_turns_are_no_part_of_what_the_rewriter_reads(tmp_path: Path):
    rewriter = FakeRewriter(plan_of)
    with talking(tmp_path, rewriter=rewriter) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, "a bunny")
        assert said(turns, talk, "x" * 50_000).act == "refuse"
        said(turns, talk, "edit happier")
        assert [turn.message for turn in rewriter.asked[-1].turns] == ["a bunny"]


def test_a_terminal_gives_up_on_turns_that_cannot_be_written_and_they_go_on_when_they_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    from ui.commands import following

    monkeypatch.setattr(following, "PATIENCE_SECONDS", 0.3)
    with talking(tmp_path) as turns:
        talk = turns.new_conversation().id
        turn = turns.submit(talk, "a bunny")

        def full(*_: object) -> None:
            raise StoreError("The disk is full; make room and try again.")

        with monkeypatch.context() as broken:
            broken.setattr(turns._queue, "finish", full)
            turns.start()
            app = SimpleNamespace(turns=turns, owner=YOU)
            with pytest.raises(StoreError, match="make room"):
                following.follow(app, turn)  # type: ignore[arg-type]
            assert sum("cannot go on" in record.message for record in caplog.records) == 1
        assert turns.wait(turn, 20).version == "v1"
        deadline = time.monotonic() + 10
        while turns.trouble and time.monotonic() < deadline:
            time.sleep(0.02)
        assert turns.trouble is None


def test_people_take_turns_and_each_hears_how_many_come_before(tmp_path: Path):
    with talking(tmp_path) as turns:
        for owner, count in (("ada", 3), ("bob", 1), ("cy", 2)):
            for number in range(count):
                turns.submit(turns.new_conversation(owner).id, f"draw {owner} {number}", owner=owner)
        every = {
            turn.message: (turn.id, owner)
            for owner in ("ada", "bob", "cy")
            for talk in turns.list_conversations(owner)
            for turn in turns.history(talk.id, owner)
        }

        def places() -> dict[str, int]:
            found = {words: next(turns.waiting(turn, owner=owner), None) for words, (turn, owner) in every.items()}
            return {words: place for words, place in found.items() if place is not None}

        order = sorted(places(), key=places().__getitem__)
        assert order == ["draw ada 0", "draw bob 0", "draw cy 0", "draw ada 1", "draw cy 1", "draw ada 2"]
        assert [places()[words] for words in order] == [0, 1, 2, 3, 4, 5]
        turns.cancel(every["draw bob 0"][0], "bob")
        assert places()["draw cy 0"] == 1
        turns.run_pending()
        assert places() == {}


def test_whoever_was_served_longest_ago_is_next():
    waiting = [Waiting("a2", "ada"), Waiting("a3", "ada"), Waiting("b1", "bob"), Waiting("c1", "cy")]
    assert in_order(waiting, {"ada": 9.0, "bob": 4.0}) == ["c1", "b1", "a2", "a3"]
