"""Captions against scene graphs: the world's own captions are wholly true, and every kind of fault is counted."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
import torch

from captioner.evaluation.captions import Tally, recall_at_1, truth_of
from captioner.reading import GROUPS, read_caption, said_by_scene
from captioner.world.captions import descriptive, short
from captioner.world.sample import held_out_scene, random_scene
from captioner.world.scene import CORE, FULL, Item, Relation, Scene, Thing, WorldSetting

BUNNY = Thing(1, "bunny", "white", mood=3, side="left", worn=(Item("hat", "red"),))
CAT = Thing(2, "cat", "black", mood=1, side="right", size="small")
SCENE = Scene((BUNNY, CAT), "meadow", "night", "rain", relations=(Relation("left of", 1, 2),), extras=("tree",))


@pytest.mark.parametrize("setting", [CORE, FULL], ids=lambda setting: setting.name)
def test_the_worlds_own_captions_say_exactly_what_is_true(setting: WorldSetting) -> None:
    scenes = [random_scene(seed, setting) for seed in range(200)] + [held_out_scene(i, setting) for i in range(100)]
    told = truth_of([descriptive(scene, seed) for seed, scene in enumerate(scenes)], scenes)
    for group in GROUPS:
        tally = told.groups[group]
        assert (tally.precision, tally.recall, tally.f1) == (1, 1, 1) and tally.true > 90
    assert (told.hallucinated, told.unknown) == (0, 0)
    brief = truth_of([short(scene, seed) for seed, scene in enumerate(scenes)], scenes)
    assert (brief.hallucinated, brief.unknown, brief.named) == (0, 0, 300)
    assert all(brief.groups[group].said > 100 for group in ("objects", "attributes", "counts"))
    assert brief.groups["objects"].recall < 1


def test_the_facts_of_a_scene_are_those_that_can_be_told() -> None:
    assert set(said_by_scene(SCENE).facts()) == {
        ("objects", "place", "meadow"), ("objects", "extra", "tree"), ("objects", "bunny"), ("objects", "cat"),
        ("objects", "bunny", "hat"), ("counts", "bunny", "1"), ("counts", "cat", "1"),
        ("attributes", "time", "night"), ("attributes", "weather", "rain"), ("attributes", "style", "flat"),
        ("attributes", "framing", "medium"), ("attributes", "bunny", "colour", "white"),
        ("attributes", "bunny", "mood", "3"), ("attributes", "bunny", "side", "left"),
        ("attributes", "bunny", "hat", "red"), ("attributes", "cat", "colour", "black"),
        ("attributes", "cat", "mood", "1"), ("attributes", "cat", "side", "right"),
        ("attributes", "cat", "size", "small"),
        ("relations", "bunny", "left of", "cat"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("right", "wrong", "group"),
    [
        ("white bunny", "white dog", "objects"),
        ("white bunny", "pink bunny", "attributes"),
        ("red hat", "blue hat", "attributes"),
        ("red hat", "red scarf", "objects"),
        ("to the left of", "behind", "relations"),
        ("A small sad black cat", "Three small sad black cats", "counts"),
        ("small flowers", "glowing lava", "objects"),
        ("The time is night", "It is early morning", "attributes"),
    ],
)
def test_one_wrong_word_is_one_hallucination_in_its_group(right: str, wrong: str, group: str) -> None:
    text = (
        "This is a flat illustration in a medium view. A happy white bunny is on the left, wearing a red hat. A small "
        "sad black cat is on the right. The bunny is to the left of the cat. The place is a meadow with small flowers. "
        "The time is night and rain is falling. The picture also shows a tree."
    )
    true = truth_of([text], [SCENE])
    assert (true.hallucinated, true.unknown, true.named) == (0, 0, 1)
    assert all(true.groups[name].recall == 1 for name in GROUPS)
    assert right in text
    false = truth_of([text.replace(right, wrong)], [SCENE])
    assert false.hallucinated > 0 and false.groups[group].precision < 1
    if group in ("attributes", "counts"):
        assert false.together(*GROUPS).said - false.together(*GROUPS).right == 1


def test_what_is_left_out_lowers_recall_alone() -> None:
    told = truth_of(["A white bunny is on the left."], [SCENE])
    assert told.hallucinated == 0 and told.groups["attributes"].recall < 0.3 and told.groups["relations"].recall == 0


def test_two_of_a_kind_are_told_apart_by_their_colours() -> None:
    twins = dataclasses.replace(SCENE, things=(BUNNY, dataclasses.replace(CAT, kind="bunny")))
    said = read_caption(
        "A white bunny is on the left. A black bunny is on the right. The white bunny is left of the black bunny."
    )
    assert said.facts()["relations", "white bunny", "left of", "black bunny"] == 1
    assert said_by_scene(twins).facts()["relations", "white bunny", "left of", "black bunny"] == 1


@pytest.mark.parametrize(
    "text", ["", "...", "zzz bunnyish 猫 \x00", "the the is is in in", '"', "red red red", "hat", "a " * 5000]
)
def test_any_text_can_be_read(text: str) -> None:
    truth = truth_of([text], [SCENE])
    assert truth.captions == 1 and truth.together(*GROUPS).told == 0


def test_words_without_meaning_are_counted() -> None:
    assert read_caption("A frobnicated bunny with zeal").unknown == ["frobnicated", "zeal"]


def test_nothing_said_is_nothing_wrong_and_nothing_right() -> None:
    assert (Tally().precision, Tally().recall) == (1, 1) and Tally(said=2, true=3).f1 == 0


def test_retrieval_counts_both_ways() -> None:
    pictures, texts = torch.eye(4), torch.eye(4)
    assert recall_at_1(pictures, texts) == (1, 1)
    texts[2] = torch.tensor([0.0, 0.0, 0.6, 0.8])  # nearer to another's picture, yet the nearest to its own
    assert recall_at_1(pictures, texts) == (1, 0.75)


def test_the_whole_measurement_runs_on_an_untrained_captioner(tmp_path: Path) -> None:
    from captioner.evaluation.captions import evaluate_captioner
    from tests.test_captioner_embedded import tiny_captioner

    report = evaluate_captioner(tiny_captioner(tmp_path / "weights"), CORE, 6, out=tmp_path / "out")
    figures = json.loads((tmp_path / "out" / "report.json").read_text())
    assert figures == report.figures() and 0 <= figures["descriptive hallucinated"] <= 1
    assert len((tmp_path / "out" / "captions.jsonl").read_text().splitlines()) == 6
    assert "retrieval R@1" in report.table()
