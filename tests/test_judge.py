"""The judge: what its heads are told to say, what it reads, and how its weights are kept."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
import torch

from captioner.training.loop import seeded
from captioner.world.sample import random_scene
from captioner.world.scene import CORE, MOODS, WORLD_VERSION, Item, Relation, Scene, Thing
from generation.errors import WeightsError
from generation.evaluation.judge import (
    IGNORED,
    NO_FACE,
    Judge,
    JudgeModel,
    load_judge,
    scene_heads,
    side_heads,
    split,
    targets_of,
)
from generation.training import judge as judge_training
from generation.training.judge import JudgeData, head_losses, spoilt, teaches_colour, train_judge, without_colour

FOX = Thing(1, "fox", "teal", mood=3, side="left", worn=(Item("hat", "red"),), held=Item("balloon", "pink"))
CAKE = Thing(2, "cake", "white", side="right")
SCENE = Scene((FOX, CAKE), "beach", time="night", relations=(Relation("left of", 1, 2),), extras=("tree",))
TINY = {"widths": (8, 8, 8), "features": 8, "looks": 1, "hidden": 8}


def told(scene: Scene, side: int) -> dict[str, int]:
    return dict(zip(side_heads(CORE), targets_of(scene, CORE)[0][side].tolist(), strict=True))


def tiny_judge() -> Judge:
    torch.manual_seed(3)
    return Judge(JudgeModel(**TINY))


def test_each_side_is_told_what_stands_on_it():
    left, middle, right = (told(SCENE, side) for side in range(3))
    assert CORE.subjects[left["kind"] - 1] == "fox"
    assert CORE.colours[left["colour"]] == "teal"
    assert MOODS[left["mood"]] == "happy"
    assert CORE.colours[left["hat"] - 1] == "red"
    assert CORE.colours[left["balloon"] - 1] == "pink"
    assert (left["scarf"], left["glasses"], left["flower"]) == (0, 0, 0)
    assert (CORE.subjects[right["kind"] - 1], right["mood"]) == ("cake", NO_FACE)
    assert middle == {"kind": 0} | {name: IGNORED for name in middle if name != "kind"}


def test_the_whole_picture_is_told_its_place_and_air():
    whole = dict(zip(scene_heads(CORE), targets_of(SCENE, CORE)[1].tolist(), strict=True))
    assert CORE.places[whole["place"]] == "beach"
    assert CORE.times[whole["time"]] == "night"
    assert (whole["tree"], whole["rainbow"]) == (1, 0)


def test_a_side_with_two_things_on_it_is_not_told_anything():
    both_left = Scene((FOX, dataclasses.replace(CAKE, side="left")), "beach")
    assert set(told(both_left, 0).values()) == {IGNORED}
    on = Scene((FOX, CAKE), "beach", relations=(Relation("on", 1, 2),))
    assert set(told(on, 2).values()) == {IGNORED}
    assert told(on, 0)["kind"] == 0


def test_a_pose_that_joy_hides_is_not_told():
    joyful = dataclasses.replace(FOX, mood=len(MOODS) - 1, joy=2, pose="waving")
    assert told(Scene((joyful,), "room"), 0)["pose"] == IGNORED


def test_every_target_is_a_class_of_its_head():
    classes = np.array(list(side_heads(CORE).values()))
    for seed in range(100):
        sides, whole = targets_of(random_scene(seed), CORE)
        assert ((sides == IGNORED) | ((sides >= 0) & (sides < classes))).all()
        assert ((whole >= 0) & (whole < np.array(list(scene_heads(CORE).values())))).all()


def test_the_loss_is_small_only_for_the_truth_and_blind_to_what_is_ignored():
    targets = torch.from_numpy(targets_of(SCENE, CORE)[0])[None]
    logits = torch.zeros(1, 3, sum(side_heads(CORE).values()))
    for column, said in enumerate(split(logits, side_heads(CORE)).values()):
        wanted = targets[..., column].clamp(min=0)[..., None]
        said.scatter_(-1, wanted, 20.0)
    assert sum(head_losses(logits, targets, side_heads(CORE))) < 1e-3
    middle = logits.clone()
    split(middle, side_heads(CORE))["colour"][0, 1] = torch.randn(len(CORE.colours), generator=seeded(1))
    assert sum(head_losses(middle, targets, side_heads(CORE))) < 1e-3
    left = logits.clone()
    split(left, side_heads(CORE))["colour"][0, 0] = 0.0
    assert sum(head_losses(left, targets, side_heads(CORE))) > 1.0


def test_an_item_counts_as_there_or_not_and_then_as_coloured() -> None:
    logits = torch.randn(200, 1 + len(CORE.colours), generator=seeded(4))
    wanted = torch.arange(200) % (2 + len(CORE.colours)) - 1  # -1: there, in whatever colour
    targets = torch.full((200, len(side_heads(CORE))), IGNORED)
    targets[:, list(side_heads(CORE)).index("hat")] = wanted
    rows = torch.zeros(200, sum(side_heads(CORE).values()))
    split(rows, side_heads(CORE))["hat"].copy_(logits)
    odds = logits.softmax(-1)
    there = 1 - odds[:, 0]
    presence = -torch.where(wanted != 0, there.log(), odds[:, 0].log()).mean()
    coloured = wanted > 0
    colour = -(odds[coloured, wanted[coloured]] / there[coloured]).log().mean()
    expected = judge_training.PRESENCE_WEIGHT * presence + judge_training.ITEM_COLOUR_WEIGHT * colour
    assert float(sum(head_losses(rows, targets, side_heads(CORE)))) == pytest.approx(float(expected), rel=1e-4)


def test_an_item_of_uncertain_colour_is_still_read() -> None:
    judge = tiny_judge()
    odds = {name: np.full(classes, 1 / classes) for name, classes in side_heads(CORE).items()}
    odds["hat"] = np.array([0.3, *[0.7 / 12] * 12])  # likelier none than any one colour, and likelier there than not
    odds["hat"][4] += 0.01
    odds |= {item: np.eye(13)[0] for item in ("scarf", "glasses", "balloon", "flower")}
    assert judge._thing(odds).items == {"hat": CORE.colours[3]}


def test_in_strange_colours_a_picture_teaches_everything_but_colour():
    sides = torch.from_numpy(targets_of(SCENE, CORE)[0])[None]
    named = teaches_colour(sides, CORE)[0, 0].tolist()
    assert {head for head, is_colour in zip(side_heads(CORE), named, strict=True) if is_colour} == {
        "colour", "hat", "balloon",
    }  # fmt: skip
    instead = dict(zip(side_heads(CORE), without_colour(CORE).tolist(), strict=True))
    assert instead["colour"] == IGNORED and instead["hat"] == instead["flower"] == judge_training.ANY_COLOUR


def test_spoilt_pictures_are_the_same_for_the_same_step_and_turn_round_when_asked():
    pictures = torch.rand(6, 3, 128, 128, generator=seeded(5)) * 2 - 1
    mild = JudgeData(largest_shift=0, largest_noise=0.0)
    flip = torch.tensor([True] * 6)
    first, again = (spoilt(pictures, flip, mild, seeded(1, 2)) for _ in range(2))
    assert torch.equal(first, again)
    likeness = [
        torch.corrcoef(torch.stack((first[0].flatten(), x.flatten())))[0, 1]
        for x in (pictures[0].flip(-1), pictures[0])
    ]
    assert likeness[0] > 0.99
    assert likeness[1] < 0.1


def test_reading_gives_words_of_the_world_at_any_size_of_picture():
    readings = tiny_judge().read(np.zeros((2, 96, 160, 3), np.uint8))
    assert [list(reading.sides) for reading in readings] == [["left", "middle", "right"]] * 2
    assert readings[0].place in CORE.places
    found = readings[0].sides[readings[0].clearest]
    assert found.presence == max(side.presence for side in readings[0].sides.values())
    assert found.kind is None or found.kind in CORE.subjects
    assert set(found.items) <= set(CORE.worn + CORE.held)


def test_a_saved_judge_reads_as_before(tmp_path):
    judge = tiny_judge()
    judge.model.save_pretrained(tmp_path)
    picture = np.arange(128 * 128 * 3, dtype=np.uint8).reshape(1, 128, 128, 3)
    assert load_judge(tmp_path).read(picture) == judge.read(picture)


@pytest.mark.parametrize("what", ["missing", "damaged", "config", "version"])
def test_weights_that_cannot_be_used_are_named_in_one_sentence(tmp_path, what):
    if what != "missing":
        tiny_judge().model.save_pretrained(tmp_path)
    config = tmp_path / "config.json"
    if what == "damaged":
        weights = next(tmp_path.glob("*.safetensors"))
        weights.write_bytes(weights.read_bytes()[:200])
    if what == "config":
        config.write_text("{")
    if what == "version":
        config.write_text(json.dumps(json.loads(config.read_text()) | {"world_version": WORLD_VERSION + 1}))
    said = {"missing": "no judge", "damaged": "damaged", "config": "damaged", "version": f"version {WORLD_VERSION + 1}"}
    with pytest.raises(WeightsError, match=said[what]) as caught:
        load_judge(tmp_path)
    assert "limner train judge" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_training_writes_a_judge_and_an_account_of_the_run(tmp_path, monkeypatch):
    monkeypatch.setattr("generation.training.judge.accuracy", lambda judge, scenes: {"kind": 0.5})
    data = JudgeData(pairs=3, batch=4)
    account = train_judge(tmp_path, steps=2, data=data)
    assert json.loads((tmp_path / "judge" / "training.json").read_text())["accuracy"] == account["accuracy"]
    assert account["world_version"] == WORLD_VERSION
    assert load_judge(tmp_path / "judge").setting == CORE
