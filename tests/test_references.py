"""Which older versions a message may mean, and how people call them in the simulated conversations."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest

from assistant.messages import PLAN, ConversationPath, PathTurn, PathVersion
from assistant.references import meant
from assistant.rewriter import render_path
from assistant.training.referring import described, shown, which
from assistant.training.reframing import merged, strength_of
from assistant.training.samples import random_samples
from assistant.training.simulated import Sample, State
from captioner.world.scene import CORE, Item, Scene, Thing

BUNNY = PathVersion("v1", (), "A sad white bunny is standing in a meadow. It is full daylight.", "")
HAT = PathVersion("v2", ("v1",), "A sad white bunny in a red hat is standing in a meadow.", "give the bunny a red hat")
NIGHT = PathVersion(
    "v3", ("v2",), "A sad white bunny in a red hat is standing in a meadow. It is night.", "make it night"
)
BARE = PathVersion("v4", ("v3",), "A sad white bunny is standing in a meadow. It is night.", "take off the bunny's hat")
FOUR = tuple(PathVersion(f"v{n}", (), "A fox is in a forest.", "") for n in (5, 6, 7, 8))
PATH = ConversationPath("", (PathTurn("no hat", "edit", "v4"),), (BUNNY, HAT, NIGHT, BARE), "v4")


@pytest.mark.parametrize(
    ("message", "labels"),
    [
        ("make it happier", ()),
        ("in version 2, make it blue", ("v2",)),
        ("merge picture #1 with no. 3", ("v1", "v3")),
        ("combine v1 and 3", ("v1", "v3")),
        ("Undo", ("v3",)),
        ("undo twice", ("v2",)),
        ("back to the one with the red hat, but at night", ("v2",)),
        ("the one with the red hat at night", ("v3",)),
        ("the first one", ("v1",)),
        ("go back to the original and add a tree", ("v1",)),
        ("a new picture: a dragon in a castle", ()),
        ("go back to v77", ()),
        ("the hundredth one", ()),
        ("the 2nd one but blue", ("v2",)),
        ("version two please", ("v2",)),
        ("the one before last", ("v3",)),
        ("two versions ago", ("v2",)),
        ("undo the last two changes", ("v2",)),
        ("the last but one", ("v3",)),
        ("make it without the hat", ()),
        ("merge the first two", ("v1", "v2")),
    ],
)
def test_a_version_is_meant_by_label_by_place_by_the_way_back_and_by_what_came_in_with_it(message, labels):
    assert meant(replace(PATH, message=message)) == labels


@pytest.mark.parametrize("said", ["the one before the hat", "back to before it had a hat", "the one without the hat"])
def test_a_version_is_called_by_what_came_in_after_it(said):
    assert "v1" in meant(replace(PATH, message=said))


def test_both_are_the_newest_two_and_things_of_two_versions_call_each_of_them():
    cat = PathVersion("v2", (), "A cheerful cat is on a beach.", "")
    bird = PathVersion("v3", (), "A calm owl is in a room.", "")
    path = ConversationPath("merge both", (), (BUNNY, cat, bird), "v3")
    assert meant(path) == ("v1", "v2")
    assert meant(replace(path, message="combine the bunny with the beach")) == ("v1", "v2")


def test_of_those_counts_among_the_versions_that_were_painted_together():
    path = ConversationPath("the second of those four", (), (*PATH.versions, *FOUR), "v5")
    assert meant(path) == ("v6",)
    assert meant(replace(path, message="the second one")) == ("v2",)
    assert meant(replace(path, message="the last of these")) == ("v8",)


def test_the_names_of_a_kind_and_a_mood_are_one_word_to_a_reference():
    cat = PathVersion("v5", (), "A cheerful cat is in a room.", "")
    path = ConversationPath("the happy kitten one please", (), (*PATH.versions, cat), "v4")
    assert meant(path) == ("v5",)


def test_what_is_meant_is_shown_whole_and_the_current_version_once():
    text = render_path(replace(PATH, message="v4 was fine, like v3"))
    assert f"whole v3: {NIGHT.prompt}" in text and "whole v4" not in text and text.count(BARE.prompt) == 1


def scene(kind: str = "bunny", **of_thing: object) -> Scene:
    return Scene((Thing(1, kind, "white", mood=3, **of_thing),), "meadow")  # type: ignore[arg-type]


def conversation(*scenes: tuple[Scene, tuple[str, ...]]) -> State:
    state = State()
    for each, parents in scenes:
        state.new(each, 11, parents)
    return state


HATTED = scene(worn=(Item("hat", "red"),))


def test_what_several_versions_show_means_the_one_in_which_it_came_in():
    state = conversation(
        (scene(), ()), (HATTED, ("v1",)), (replace(HATTED, place="beach"), ("v2",)), (scene("cat"), ())
    )
    for seed in range(60):
        said, pictures = described(state, random.Random(seed)) or ("", ())
        if " hat" in said:
            assert [picture.label for picture in pictures] == ["v2"]


def test_what_came_in_twice_is_asked_about_with_both_labels():
    state = conversation((HATTED, ()), (scene("cat", worn=(Item("hat", "red"),)), ()), (scene("frog"), ()))
    found = [described(state, random.Random(seed)) for seed in range(80)]
    hats = [pictures for said, pictures in found if " hat" in said]
    assert hats and all(len(pictures) == 2 for pictures in hats)
    _, plan, _ = which("the one with the hat", hats[0])
    assert json.loads(plan) == {"act": "ask", "targets": ["v1", "v2"], "reply": "Do you mean v1 or v2? Both fit."}


def test_nothing_that_the_current_version_shows_calls_another():
    state = conversation((HATTED, ()), (replace(HATTED, place="beach"), ("v1",)))
    said = {(described(state, random.Random(seed)) or ("",))[0] for seed in range(60)}
    assert not any(" hat" in text for text in said) and any("meadow" in text or "grass" in text for text in said)


def test_snow_that_lies_and_snow_that_falls_are_called_alike():
    falling, lying = replace(scene(), weather="snow"), replace(scene(), place="snowfield")
    assert "in the snow" in shown(falling)["snow"] and "in the snow" in shown(lying)["snow"]


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    return random_samples(5, 1_000, CORE)


def test_all_acts_are_simulated_and_only_what_can_be_read_whole_is_changed(samples: list[Sample]):
    plans = [(sample, json.loads(sample.plan)) for sample in samples]
    assert {plan["act"] for _, plan in plans} == {
        "create", "edit", "vary", "extend", "merge", "upscale", "return", "describe", "ask", "refuse", "reply",
    }  # fmt: skip
    merges = [(sample, plan) for sample, plan in plans if plan["act"] == "merge"]
    for sample, plan in merges:
        older = set(plan["targets"]) - {sample.path.current}
        assert all(f"whole {label}: " in sample.context for label in older), sample.context
    assert len(merges) > 10


def test_an_extension_has_a_prompt_only_where_something_new_shall_be_seen(samples: list[Sample]):
    extensions = [(s, PLAN.validate_json(s.plan)) for s in samples if '"act":"extend"' in s.plan]
    wished = [plan for _, plan in extensions if plan.prompt]
    assert 0 < len(wished) < len(extensions) / 2
    for sample, plan in extensions:
        version = sample.path.version(plan.targets[0])
        assert version is not None and plan.prompt != version.prompt
        assert not (plan.shape and plan.direction != "out")


@pytest.mark.parametrize(
    ("said", "strength"),
    [("something similar", "subtle"), ("another one like this", "subtle"), ("try again", ""), ("vary it a lot", "")],
)
def test_another_try_is_near_only_where_it_is_asked_to_be(said: str, strength: str):
    assert strength_of(said) == strength


def test_two_versions_merge_into_the_first_with_what_was_named_of_the_second():
    cat = Scene((Thing(1, "cat", "grey", mood=1),), "beach", "night", style="pencil")
    state = conversation((scene(), ()), (cat, ()))
    seen = set()
    for seed in range(120):
        said = merged(state, random.Random(seed), CORE, dev=False)
        if said is None:
            continue
        plan = json.loads(said[1])
        base, giver = (state.find(label) for label in plan["targets"])
        assert base is not None and giver is not None
        seen.add(plan.get("region", ""))
        if plan.get("region") == "the background":
            assert ("beach" in plan["prompt"]) == (giver.scene is cat) and base.scene.main.kind in plan["prompt"]
        elif plan.get("region") == "the style":
            assert ("pencil" in plan["prompt"]) == (giver.scene is cat)
        elif not plan.get("region"):
            assert "cat" in plan["prompt"] and "bunny" in plan["prompt"]
    assert {"", "the background", "the style", "the face"} <= seen
