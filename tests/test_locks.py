"""Locked phrases: whatever a rewriter says, they stay in the prompts of all that descends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import MessageError, UnknownTurn, UnknownVersion
from assistant.llm.chat import ChatMessage
from assistant.locks import MAX_LOCKS, held_to, locked_at, stands_in
from assistant.messages import ConversationPath, CreatePlan, EditPlan, PathVersion, Plan
from assistant.rewriter import FakeRewriter, ModelRewriter, render_path
from tests.conversing import plan_of, said, talking
from tests.test_cli import run, turns_of  # noqa: F401 - a fixture

SCARF = "A white bunny with a red scarf. It is day."


def forgetful(path: ConversationPath) -> Plan:
    """Plan as `plan_of` does, with a prompt that has forgotten all that was said before."""
    plan = plan_of(path)
    if isinstance(plan, EditPlan):
        return plan.model_copy(update={"prompt": "A bunny, changed.", "removed": ("scarf", "hat")})
    return plan


def test_a_locked_phrase_stays_whatever_the_rewriter_says_until_it_is_unlocked(tmp_path: Path):
    with talking(tmp_path, rewriter=FakeRewriter(forgetful)) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, SCARF)
        assert turns.lock(talk, "v1", "A  RED scarf") == ("a red scarf",) == turns.lock(talk, "v1", "a red scarf")
        first = said(turns, talk, "edit remove the scarf")
        assert first.prompt == "A bunny, changed. A red scarf." and "locked: “a red scarf”" in first.reply
        plan = turns.history(talk)[-1].plan
        assert isinstance(plan, EditPlan) and (plan.locked, plan.removed) == (("a red scarf",), ("hat",))
        assert "A red scarf." in said(turns, talk, "edit happier").prompt
        assert turns.unlock(talk, "v3", "a red scarf") == () and turns.locked(talk, "v2") == ("a red scarf",)
        assert said(turns, talk, "edit happier").prompt == "A bunny, changed."
        said(turns, talk, "back to v2")
        assert "A red scarf." in said(turns, talk, "edit happier").prompt
        assert said(turns, talk, "a new picture").prompt == "a new picture"


def test_a_persons_own_words_are_painted_untouched(tmp_path: Path):
    with talking(tmp_path) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, SCARF)
        turns.lock(talk, "v1", "a red scarf")
        own = EditPlan(prompt="only this", change="only this")
        assert said(turns, talk, "", plan=own).prompt == "only this"


def test_locks_of_both_parents_hold_and_the_nearest_mark_decides():
    parents = {2: (1,), 3: (1,), 4: (2, 3), 5: (4,)}
    marks = {1: {"a": True}, 2: {"b": True}, 3: {"a": False, "c": True}, 5: {"b": False}}
    held = {number: locked_at(number, parents, marks) for number in range(1, 6)}
    assert held == {1: ("a",), 2: ("a", "b"), 3: ("c",), 4: ("a", "b", "c"), 5: ("a", "c")}


def test_a_phrase_is_whole_words_in_any_case_and_spacing():
    assert stands_in("red  hat", "A Red\nHat.") and not stands_in("red hat", "a red hatter")
    plan = CreatePlan(prompt="A bunny", removed=("sun",))
    assert held_to(plan, ()) is plan
    assert held_to(plan, ("a hat?", "A bunny")).prompt == "A bunny. A hat?"


BUNNY = "A calm red bunny in a blue hat stands in a meadow. It wears grey glasses. It is day."


@pytest.mark.parametrize(
    ("phrase", "without", "prompt"),
    [
        ("grey glasses", BUNNY.replace(" It wears grey glasses.", ""), BUNNY),
        ("grey glasses", BUNNY.replace("grey", "pink").replace("day", "night"), BUNNY.replace("day", "night")),
        ("blue hat", BUNNY.replace(" in a blue hat", "").replace("calm", "happy"), BUNNY.replace("calm", "happy")),
        ("red bunny", BUNNY.replace("calm red", "sad blue"), BUNNY.replace("calm", "sad")),
        ("red bunny", BUNNY.replace("calm red bunny", "tiny fox"), BUNNY),
        ("red bunny", "An owl. It is day.", f"An owl. {BUNNY.split(' It ')[0]} It is day."),
        ("a blue hat", BUNNY.replace("a blue", "a big blue"), BUNNY),
        ("blue hat", "It is day. A sad red bunny stands.", "It is day. A sad red bunny in a blue hat stands."),
        ("It is day.", BUNNY.replace(" It is day.", ""), BUNNY),
        ("day", "An owl.", "An owl. Day."),
    ],
)  # fmt: skip
def test_what_was_dropped_comes_back_where_it_stood(phrase: str, without: str, prompt: str):
    plan = EditPlan(prompt=without, change="something else")
    assert held_to(plan, (phrase,), (BUNNY,)).prompt == prompt


def test_what_is_put_back_takes_nobody_elses_sentence():
    cat, dog = "A small red cat stands on the left.", "A small blue dog stands on the right."
    plan = EditPlan(prompt=f"{dog.replace('small', 'happy small')} It is night.", change="remove the cat")
    assert (
        held_to(plan, ("red cat",), (f"{cat} {dog} It is night.",)).prompt
        == f"{plan.prompt.partition(' It')[0]} {cat} It is night."
    )


def test_a_change_of_nothing_but_what_is_locked_paints_nothing_and_says_why(tmp_path: Path):
    def undressing(path: ConversationPath) -> Plan:
        plan = plan_of(path)
        prompt = "A white bunny. It is day."
        return plan.model_copy(update={"prompt": prompt}) if isinstance(plan, EditPlan) else plan

    with talking(tmp_path, rewriter=FakeRewriter(undressing)) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, SCARF)
        turns.lock(talk, "v1", "red scarf")
        answer = said(turns, talk, "edit take the scarf off")
        assert answer.reply == "Kept, because it is locked: “red scarf”. Unlock it to change it."
        assert turns.history(talk)[-1].made == ()


def test_what_cannot_be_locked_gets_one_sentence(tmp_path: Path):
    with talking(tmp_path) as turns:
        talk = turns.new_conversation().id
        said(turns, talk, " ".join(f"word{number}" for number in range(MAX_LOCKS + 1)))
        for phrase, problem in {
            "blue scarf": r"v1's prompt does not say “blue scarf”; lock words that stand in it",
            "  ": "1 to 200 letters and this has 0; lock a few words",
            "x" * 300: "1 to 200 letters and this has 300; lock a few words",
        }.items():
            with pytest.raises(MessageError, match=problem):
                turns.lock(talk, "v1", phrase)
        with pytest.raises(MessageError, match="v1 has no locked phrase “word1”; it has none"):
            turns.unlock(talk, "v1", "word1")
        with pytest.raises(UnknownVersion, match="There is no v7"):
            turns.lock(talk, "v7", "word1")
        with pytest.raises(UnknownTurn):
            turns.lock(talk, "v1", "word1", owner="somebody else")
        for number in range(MAX_LOCKS):
            turns.lock(talk, "v1", f"word{number}")
        with pytest.raises(MessageError, match=f"v1 has {MAX_LOCKS} locked phrases already; unlock one"):
            turns.lock(talk, "v1", f"word{MAX_LOCKS}")


def test_a_chat_model_is_told_of_locks_and_the_embedded_one_reads_what_it_was_trained_on():
    path = ConversationPath("remove it", versions=(PathVersion("v1", (), SCARF, ""),), current="v1")
    locked = ConversationPath("remove it", versions=path.versions, current="v1", locked=("a red scarf", "day"))
    asked: list[str] = []

    class Listening:
        name = "listening"

        def stream(self, messages: list[ChatMessage], **given: object):
            asked.append(messages[-1].content)
            yield '{"act":"reply","reply":"Yes."}'

    ModelRewriter(Listening()).plan(locked)
    ModelRewriter(Listening(), "You plan.").plan(locked)
    assert asked[0] == render_path(path)
    assert asked[1].splitlines()[-2:] == ["locked: “a red scarf”; “day”", "say: remove it"]


def test_the_terminal_locks_words_of_the_present_prompt(run: Any, tmp_path: Path):  # noqa: F811
    code, _, err = run("chat", "--lock", "bunny", "--data", tmp_path)
    assert code == 1 and "there is no picture here yet" in err
    run("chat", "--data", tmp_path, stdin=b"draw a bunny\n")
    code, out, _ = run("chat", "--lock", "A BUNNY", "--json", "--data", tmp_path)
    assert code == 0 and json.loads(out)["locked"] == ["a bunny"] and json.loads(out)["version"] == "v1"
    _, out, _ = run("chat", "--json", "--data", tmp_path, stdin=b"happier\n")
    assert turns_of(out)[0]["locked"] == ["a bunny"]
    assert run("chat", "--unlock", "a bunny", "--data", tmp_path)[1] == "v2: no locks\n"
    code, _, err = run("chat", "--unlock", "a bunny", "--data", tmp_path)
    assert code == 1 and "v2 has no locked phrase “a bunny”; it has none" in err
