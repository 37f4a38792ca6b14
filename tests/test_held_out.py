"""The held-out messages load, and their checker tells right plans from wrong ones."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from assistant.messages import (
    ConversationPath,
    CreatePlan,
    EditPlan,
    ExtendPlan,
    PathTurn,
    PathVersion,
    ReturnPlan,
    VaryPlan,
    WordsPlan,
)
from assistant.training.held_out_schema import (
    HELD_OUT_PICTURES,
    Expectation,
    HeldOutMessage,
    check,
    dump_message,
    load_messages,
)
from assistant.training.prompt_facts import check_phrase, holds, main_kind, mood_of
from captioner.world.captions import descriptive
from captioner.world.sample import HELD_OUT_SEED, held_out_scene
from captioner.world.scene import CORE

BEFORE = "This is a pencil drawing in a wide view. A sad white bunny is on the left, wearing a blue scarf. It is night."
AFTER = BEFORE.replace("sad", "merry").replace("a blue scarf", "a blue scarf and a red hat")
PATH = ConversationPath(
    message="cheer him up and give him a red hat",
    turns=(PathTurn("a rabbit", "create", "v1"), PathTurn("at night", "edit", "v2")),
    versions=(PathVersion("v1", (), "A white bunny.", ""), PathVersion("v2", ("v1",), BEFORE, "at night")),
    current="v2",
)
MESSAGE = HeldOutMessage(
    id="edit-1",
    group="edit",
    path=PATH,
    expect=Expectation(
        acts=("edit",),
        targets=("v2",),
        has=(("@mood>before",), ("@colour:red hat",)),
        lacks=("@item:balloon",),
        kept=(("@subject:bunny",), ("@colour:blue scarf",), ("@style:pencil",), ("@time:night",)),
    ),
)
SIZE = {"new": 90, "edit": 130, "return": 30, "vary": 10, "talk": 15, "outside": 10, "language": 10, "refuse": 5}


def edit(prompt: str, *targets: str) -> EditPlan:
    return EditPlan.model_validate({"prompt": prompt, "change": "a red hat", "targets": targets})


def test_all_300_messages_load_and_name_versions_that_they_have():
    messages = load_messages()
    groups = [message.group for message in messages]
    assert {group: groups.count(group) for group in groups} == SIZE
    for message in messages:
        path = message.path
        labels = {version.label for version in path.versions}
        assert path.current is None or path.current in labels, message.id
        assert {turn.ended_on for turn in path.turns if turn.ended_on} <= labels, message.id
        unknown = set(message.expect.targets or ()) - labels
        assert not unknown or {"ask", "reply"} <= set(message.expect.acts), message.id


def test_the_second_file_asks_of_whole_pictures_and_of_versions_that_are_there():
    messages = load_messages(HELD_OUT_PICTURES)
    groups = [message.group for message in messages]
    assert {group: groups.count(group) for group in groups} == {
        "extend": 20, "merge": 18, "upscale": 11, "vary": 10, "refer": 33,
    }  # fmt: skip
    for message in messages:
        labels = {version.label for version in message.path.versions}
        assert message.path.current in labels, message.id
        assert set(message.expect.targets or ()) <= labels, message.id
    assert sum(message.expect.calls_older(message.path.current) for message in messages) > 40


def test_an_extension_keeps_its_versions_prompt_and_must_go_where_it_was_asked_to():
    expect = Expectation(("extend",), ("v2",), kept=(("@subject:bunny",),), fields={"direction": ("left",)})
    message = HeldOutMessage("extend", "extend", PATH, expect)
    assert check(ExtendPlan(direction="left"), message) == []
    assert check(ExtendPlan(targets=("v2",), direction="up"), message) == ["direction is 'up', not 'left'"]
    assert check(ExtendPlan(prompt="A cat.", direction="left"), message) == ["lost @subject:bunny"]


def test_another_try_must_stay_as_near_as_was_asked():
    message = HeldOutMessage("vary", "vary", PATH, Expectation(("vary",), fields={"strength": ("subtle",)}))
    assert check(VaryPlan(prompt=BEFORE, strength="subtle"), message) == []
    assert check(VaryPlan(prompt=BEFORE), message) == ["strength is 'strong', not 'subtle'"]


def test_a_plan_that_changes_nothing_fails_every_edit():
    for message in load_messages():
        if message.expect.acts == ("edit",):
            label = (message.expect.targets or (message.path.current,))[0]
            version = message.path.version(label or "")
            assert version is not None
            assert check(edit(version.prompt, version.label), message), message.id


def test_a_right_plan_passes_with_its_target_named_or_left_out():
    assert check(edit(AFTER, "v2"), MESSAGE) == []
    assert check(edit(AFTER), MESSAGE) == []


def test_synonyms_and_another_order_of_words_pass():
    prompt = "At night a delighted white rabbit in a blue scarf stands there. Its hat is red. Drawn in PENCIL."
    assert check(edit(prompt), MESSAGE) == []


@pytest.mark.parametrize(
    ("plan", "wrong"),
    [
        (CreatePlan(prompt=AFTER), "act is create, not edit"),
        (edit(AFTER, "v1"), "targets are v1, not v2"),
        (edit(AFTER.replace("red hat", "green hat")), "misses @colour:red hat"),
        (edit(AFTER.replace("merry", "glum")), "misses @mood>before"),
        (edit(AFTER.replace("merry ", "")), "misses @mood>before"),
        (edit(AFTER + " It holds a teal balloon."), "still has @item:balloon"),
        (edit(AFTER.replace("bunny", "cat")), "lost @subject:bunny"),
        (edit(AFTER.replace("night", "evening")), "lost @time:night"),
    ],
)
def test_what_is_wrong_is_said_in_words(plan: EditPlan, wrong: str):
    assert wrong in check(plan, MESSAGE)


def test_a_return_needs_its_target_and_a_question_needs_none():
    expect = Expectation(acts=("return", "ask"), targets=("v99",))
    message = dataclasses.replace(MESSAGE, expect=expect)
    assert check(ReturnPlan(targets=("v99",)), message) == []
    assert check(ReturnPlan(targets=("v1",)), message) == ["targets are v1, not v99"]
    assert check(WordsPlan(act="ask", reply="Which one?"), message) == []


def test_a_reply_must_say_what_is_asked_of_it():
    message = dataclasses.replace(MESSAGE, expect=Expectation(acts=("create",), reply_has=(("can't", "bigger model"),)))
    assert check(CreatePlan(prompt="A fox.", reply="I can’t paint that."), message) == []
    assert check(CreatePlan(prompt="A fox.", reply="Here it is."), message) == ["reply misses can't / bigger model"]


def test_a_mood_is_read_of_the_subject_it_is_said_of():
    prompt = "A sad cat is on the left. On the right stands a big robot, looking merry. It is night. It is beaming."
    assert main_kind(prompt) == "cat"
    assert mood_of(prompt) == (1, 1)
    assert mood_of(prompt, "robot") == (3, 4)
    assert mood_of("An ecstatic owl is jumping for joy with sunbeams.") == (6, 6)
    assert mood_of("A house and an owl.") is None


@pytest.mark.parametrize("index", range(80))
def test_the_facts_of_a_held_out_scene_are_read_from_its_caption(index: int):
    scene = held_out_scene(index, CORE)
    prompt = descriptive(scene, HELD_OUT_SEED + index)
    facts = [f"@place:{scene.place}", f"@time:{scene.time}", f"@style:{scene.style}", f"@framing:{scene.framing}"]
    wrong = [f"@place:{place}" for place in CORE.places if place != scene.place]
    wrong += [f"@time:{time}" for time in CORE.times if time != scene.time]
    wrong += [f"@weather:{weather}" for weather in ("rain", "snow") if weather != scene.weather]
    kinds = [thing.kind for thing in scene.things]
    wrong += [f"@subject:{kind}" for kind in CORE.subjects if kind not in kinds]
    if scene.weather != "clear":
        facts.append(f"@weather:{scene.weather}")
    for thing in scene.things:
        facts += [f"@subject:{thing.kind}", f"@colour:{thing.colour} {thing.kind}"]
        if thing.count > 1:
            facts.append(f"@count:{thing.count} {thing.kind}")
        if thing.mood is not None and len(set(kinds)) == len(kinds):
            degree = thing.mood + thing.joy
            facts += [f"@mood:{thing.kind}>={degree}", f"@mood:{thing.kind}<={degree}"]
        facts += [f"@colour:{item.colour} {item.kind}" for item in (*thing.worn, *filter(None, [thing.held]))]
    assert [fact for fact in facts if not holds(fact, prompt, "")] == []
    assert [fact for fact in wrong if holds(fact, prompt, "")] == []


@pytest.mark.parametrize(
    "macro", ["@place:moon", "@mood", "@colour:red", "@colour:red moon", "@hat", "@place>1", "@mood:cake>1"]
)
def test_a_macro_that_cannot_be_read_is_refused(macro: str):
    with pytest.raises(ValueError, match=r"is no macro|does not have"):
        check_phrase(macro)


def test_a_damaged_line_is_named(tmp_path: Path):
    file = tmp_path / "messages.jsonl"
    file.write_text(dump_message(MESSAGE) + "\n" + dump_message(MESSAGE)[:-9] + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 2"):
        load_messages(file)
