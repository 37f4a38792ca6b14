"""Training messages about what no picture shows, and about parts that cannot be painted apart: true, and told so."""

from __future__ import annotations

import json
import random
import re

import pytest

from assistant.llm.reading import KIN, denies_what_is_there
from assistant.messages import PathTurn
from assistant.training import lexicon as lx
from assistant.training.absent import OTHERWISE, about_a_part, about_nobody, called_otherwise, denied
from assistant.training.asks import random_ask
from assistant.training.samples import random_samples
from assistant.training.simulated import Picture, State
from captioner.world.captions import descriptive
from captioner.world.sample import random_scene
from captioner.world.scene import CORE
from captioner.world.words import plural


def state_of(seed: int) -> State:
    state = State()
    state.new(random_scene(seed), seed)
    return state


def names_of(kind: str) -> set[str]:
    names = {kind, *lx.SAME_KINDS.get(kind, ())}
    return names | {plural(name) for name in names}


@pytest.mark.parametrize("dev", [False, True])
def test_a_message_about_nobody_names_what_no_picture_shows_and_the_answer_names_it_too(dev: bool) -> None:
    rng = random.Random(3)
    found = 0
    for seed in range(300):
        state = state_of(seed)
        assert state.current is not None
        ask = about_nobody(state.current, state, rng, CORE, dev)
        if ask is None:
            continue
        found += 1
        what = denied(ask.reply)
        assert ask.edit is None and what is not None and re.search(rf"\b{re.escape(what)}", ask.message), ask
        shown = {name for thing in state.current.scene.things for name in names_of(thing.kind)}
        assert what not in shown, (ask, state.current.scene)
        assert not denies_what_is_there(f'"reply":"{ask.reply}"', f"now v1: {descriptive(state.current.scene, seed)}")
    assert found > 200


def test_one_whom_a_message_asked_for_is_not_denied() -> None:
    rng = random.Random(9)
    for seed in range(60):
        state = state_of(seed)
        state.turns += [PathTurn(text, "create", "v1") for text in ("draw a giraffe", "now an elephant")]
        assert state.current is not None
        for _ in range(20):
            ask = about_nobody(state.current, state, rng, CORE)
            assert ask is None or denied(ask.reply) not in ("giraffe", "elephant")


def test_a_message_about_a_part_names_one_of_the_picture_and_nothing_that_can_be_changed() -> None:
    rng = random.Random(5)
    for seed in range(300):
        scene = random_scene(seed)
        ask = about_a_part(scene, rng, CORE)
        what = denied(ask.reply)
        assert ask.edit is None and what is not None and what in ask.message, ask
        assert "alone yet" in ask.reply
        changeable = {
            *scene.extras,
            *(item.kind for thing in scene.things for item in (*thing.worn, thing.held) if item),
        }
        assert what.removesuffix("s") not in changeable and what not in changeable


def test_what_stands_for_a_giraffe_may_be_called_the_giraffe() -> None:
    scene = next(
        scene for seed in range(99) if len((scene := random_scene(seed)).things) == 1 and scene.main.count == 1
    )
    kind = scene.main.kind
    picture = Picture("v1", scene, 1, (), "", descriptive(scene, 1), called="giraffe")
    said = {called_otherwise(f"make the {kind} bigger", picture, random.Random(seed)) for seed in range(40)}
    assert {"make the giraffe bigger", f"make the {kind} bigger"} <= said
    assert called_otherwise("make it bigger", picture, random.Random(0)) == "make it bigger"


def test_what_has_a_face_may_be_called_a_creature() -> None:
    scene = next(
        scene
        for seed in range(99)
        if len((scene := random_scene(seed)).things) == 1 and scene.main.mood is not None and scene.main.count == 1
    )
    picture = Picture("v1", scene, 1, (), "", descriptive(scene, 1))
    said = {called_otherwise(f"make the {scene.main.kind} bigger", picture, random.Random(seed)) for seed in range(400)}
    assert (
        said
        <= {
            f"make {name} bigger"
            for name in (*OTHERWISE, *(f"the {name}" for name in KIN[scene.main.kind]), f"the {scene.main.kind}")
        }
        and len(said) > 4
    )


def test_conversations_have_both_and_the_typed_message_still_names_what_is_denied() -> None:
    samples = random_samples(7, 4000, CORE)
    told = [(sample, json.loads(sample.plan)) for sample in samples]
    denials = [(sample, denied(plan["reply"])) for sample, plan in told if plan["act"] == "reply" and plan.get("reply")]
    denials = [(sample, what) for sample, what in denials if what]
    assert sum("alone yet" in sample.plan for sample, _ in denials) > 30
    assert sum("There is no" in sample.plan for sample, _ in denials) > 80
    for sample, what in denials:
        if what not in (*CORE.worn, *CORE.held, *CORE.extras):  # of these the answer knows how they are spelt
            assert what in sample.path.message.lower(), sample.path.message


def test_other_changes_come_as_before() -> None:
    rng = random.Random(11)
    asks = [random_ask(random_scene(seed), rng, CORE) for seed in range(200)]
    assert sum(ask.edit is not None for ask in asks) > 160
