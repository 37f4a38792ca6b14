"""Captions against scene graphs: the world's own captions are wholly true, and every kind of fault is counted."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch

from captioner.evaluation.captions import Tally, recall_at, truth_of
from captioner.evaluation.cider import cider
from captioner.reading import GROUPS, read_caption, said_by_scene
from captioner.world.captions import descriptive, short
from captioner.world.foremost import foremost
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
    brief = truth_of([short(scene, seed, foremost(scene)) for seed, scene in enumerate(scenes)], scenes)
    assert (brief.hallucinated, brief.unknown, brief.named) == (0, 0, 300)
    assert all(brief.groups[group].said > 100 for group in ("objects", "attributes", "counts"))
    assert brief.groups["objects"].recall < 1


def test_a_caption_that_names_the_thing_beside_the_main_subject_is_counted_apart() -> None:
    alone = dataclasses.replace(SCENE, things=(BUNNY,), relations=())
    told = truth_of(["a white bunny", "a black cat", "a blue cake", "a black cat", ""], [SCENE] * 3 + [alone] * 2)
    assert (told.named, told.named_any, told.alone, told.named_alone) == (1, 2, 2, 0)


def test_the_main_subject_is_who_acts_else_the_taller_one_else_the_left_one() -> None:
    cake = Thing(2, "cake", "blue", side="right")
    for bunny, other, main in (
        (BUNNY, cake, BUNNY),
        (dataclasses.replace(BUNNY, side="right"), dataclasses.replace(cake, side="left"), cake),
        (BUNNY, dataclasses.replace(cake, size="large"), cake),
        (dataclasses.replace(BUNNY, size="small"), cake, cake),
    ):
        for things in ((bunny, other), (other, bunny)):  # which one the scene names first is nothing to the picture
            assert foremost(dataclasses.replace(SCENE, things=things, relations=())).kind == main.kind
    pushed = dataclasses.replace(SCENE, things=(BUNNY, cake), relations=(Relation("pushing", 1, 2),))
    assert foremost(pushed).kind == "bunny"
    alone = (dataclasses.replace(cake, id=1, side="middle"),)
    assert foremost(dataclasses.replace(SCENE, things=alone, relations=())).kind == "cake"


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
    assert recall_at(pictures, texts, (1,)) == {1: (1, 1)}
    texts[2] = torch.tensor([0.0, 0.0, 0.6, 0.8])  # nearer to another's picture, yet the nearest to its own
    assert recall_at(pictures, texts, (1, 2)) == {1: (1, 0.75), 2: (1, 1)}


def test_retrieval_by_rank_is_that_of_sorting_and_features_that_are_all_alike_find_nothing() -> None:
    torch.manual_seed(1)
    pictures, texts = (torch.nn.functional.normalize(torch.randn(60, 4), dim=-1) for _ in range(2))
    found = recall_at(pictures, texts)
    for way, scores in enumerate((pictures @ texts.T, texts @ pictures.T)):
        order = scores.argsort(1, descending=True)
        for rank in (1, 5, 10):
            hits = sum(row in order[row, :rank].tolist() for row in range(60))
            assert found[rank][way] == pytest.approx(hits / 60)
    assert recall_at(torch.ones(50, 2), torch.ones(50, 2)) == {1: (0, 0), 5: (0, 0), 10: (0, 0)}


def plain_cider(captions: list[str], references: list[list[str]]) -> list[float]:
    """CIDEr-D from the paper's equations, one n-gram length and one pair at a time."""

    def grams(text: str, n: int) -> list[tuple[str, ...]]:
        words = text.split()
        return [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]

    scores = []
    for caption, some in zip(captions, references, strict=True):
        total = 0.0
        for reference in some:
            for n in range(1, 5):
                every = sorted({*grams(caption, n), *grams(reference, n)})
                df = [sum(any(g in grams(r, n) for r in group) for group in references) for g in every]
                idf = [math.log(len(captions) / max(1, each)) for each in df]
                one = np.array([grams(caption, n).count(g) * w for g, w in zip(every, idf, strict=True)])
                two = np.array([grams(reference, n).count(g) * w for g, w in zip(every, idf, strict=True)])
                lengths = np.linalg.norm(one) * np.linalg.norm(two)
                apart = len(caption.split()) - len(reference.split())
                total += (np.minimum(one, two) @ two / lengths if lengths else 0) * math.exp(-(apart**2) / 72) / 4
        scores.append(10 * total / len(some))
    return scores


def test_cider_is_that_of_the_papers_equations() -> None:
    references = [[short(random_scene(seed), way) for way in range(3)] for seed in range(12)]
    captions = [short(random_scene(seed), 7) for seed in range(11)] + ["a a a a sad sad cat"]
    assert cider(captions, references) == pytest.approx(plain_cider(captions, references))


def test_cider_is_ten_for_a_lone_reference_said_again_and_nothing_for_other_words() -> None:
    references = [["a sad red cat in a room"], ["two happy blue dogs"], ["the old house stands there"]]
    found = cider(["A sad red cat in a room.", "three tiny green frogs", "the old house stands there"], references)
    assert found == pytest.approx([10, 0, 10])
    with pytest.raises(ValueError, match="references for each of 2"):
        cider(["a", "b"], [["a"]])


def test_the_whole_measurement_runs_on_an_untrained_captioner(tmp_path: Path) -> None:
    from captioner.evaluation.captions import evaluate_captioner
    from tests.test_captioner_embedded import tiny_captioner

    report = evaluate_captioner(tiny_captioner(tmp_path / "weights"), CORE, 6, out=tmp_path / "out")
    figures = json.loads((tmp_path / "out" / "report.json").read_text())
    assert figures == report.figures() and 0 <= figures["descriptive hallucinated"] <= 1
    assert len((tmp_path / "out" / "captions.jsonl").read_text().splitlines()) == 6
    assert "retrieval R@1" in report.table()


def test_generate_of_transformers_says_the_same_words_and_both_are_timed(tmp_path: Path) -> None:
    from captioner.evaluation.captions import picture_of
    from captioner.evaluation.speed import generating, measure_speed, tell_by_transformers
    from captioner.request import Decoding
    from tests.test_captioner_embedded import tiny_captioner

    captioner = tiny_captioner(tmp_path)
    pictures = [picture_of(held_out_scene(index), 64) for index in range(5)]
    ours = captioner.caption(pictures, "short", Decoding(exact=True))
    model = generating(captioner.coca)
    assert tell_by_transformers(model, captioner.tokenizer, captioner.pixels(pictures), "short") == ours
    speed = measure_speed(captioner, pictures, "short", repeats=2)
    assert len(speed.ours) == len(speed.theirs) == 2 and min(*speed.ours, *speed.theirs) > 0
    assert len(speed.ours_worked) == len(speed.theirs_worked) == 2
    assert min(*speed.ours_worked, *speed.theirs_worked) > 0
    assert (
        "by processor time" in speed.table()
        and f"{speed.ratio:.2f} ×" in speed.table()
        and "load before" in speed.table()
    )
