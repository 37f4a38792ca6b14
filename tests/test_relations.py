"""Prompts that set two things in relation: what they say, what is right, and a judge that learns to read it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from captioner.reading import read_caption
from captioner.world.captions import descriptive
from captioner.world.draw import render
from captioner.world.roles import as_seen, beyond_sides
from captioner.world.sample import random_scene
from captioner.world.scene import AGENTIVE, CORE, FULL, RELATED, Relation, Scene
from generation.evaluation import relations
from generation.evaluation.judge import (
    IGNORED,
    RELATIONS_FOLDER,
    Judge,
    JudgeModel,
    Reading,
    load_judge,
    scene_heads,
    targets_of,
)
from generation.evaluation.relations import evaluate_relations, scenes_of, short_relation
from generation.models.autoencoder import PictureAutoencoder
from tests.test_evaluation import DrawingPainter, true_reading

COUNT = 2


class KnowingJudge:
    """Reads true renderings of related things rightly, by knowing them."""

    setting = RELATED

    def __init__(self, scenes: list[Scene]):
        self.known = {render(scene).tobytes(): self._reading(scene) for scene in scenes}

    def _reading(self, scene: Scene) -> Reading:
        (relation,) = scene.relations
        between = scene.thing(relation.subject).kind, scene.thing(relation.obj).kind
        bare = dataclasses.replace(scene, relations=())
        return dataclasses.replace(true_reading(bare), relation=as_seen(relation.kind, *between))

    def read(self, pictures: np.ndarray) -> list[Reading]:
        return [self.known[picture.tobytes()] for picture in pictures]


@pytest.fixture(autouse=True)
def no_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relations, "round_trip", lambda autoencoder, pictures: pictures)


def evaluated(painted_as=lambda scene: scene):
    scenes = [scene for of in scenes_of(COUNT).values() for scene in of]
    shown = {}
    for index, scene in enumerate(scenes):
        # The same few words may stand for two scenes; either is as right as the other.
        shown[short_relation(scene)] = shown[descriptive(scene, index)] = painted_as(scene)
    judge = KnowingJudge([*scenes, *shown.values()])
    return evaluate_relations(DrawingPainter(shown), judge, PictureAutoencoder(), COUNT)


def test_the_world_of_relations_is_the_core_world_with_all_fifteen() -> None:
    assert len(beyond_sides(RELATED)) == 15 and beyond_sides(CORE) == ()
    assert set(beyond_sides(RELATED)) | {"behind"} == set(beyond_sides(FULL))
    names = {field.name for field in dataclasses.fields(CORE)} - {"name", "relations", "relation_share"}
    assert all(getattr(RELATED, name) == getattr(CORE, name) for name in names)


def test_more_of_its_pairs_are_related_than_of_the_full_world() -> None:
    def share(setting):
        scenes = [random_scene(seed, setting) for seed in range(1500)]
        pairs = [scene for scene in scenes if len(scene.things) == 2]
        return sum(scene.relations[0].kind in beyond_sides(setting) for scene in pairs) / len(pairs)

    assert 0.4 < share(RELATED) < 0.68  # what has no face does nothing to anything
    assert share(CORE) == 0


def test_a_painter_of_true_renderings_follows_every_relation() -> None:
    report = evaluated()
    assert {row.relation for row in report.rows} == set(beyond_sides(RELATED))
    assert {(row.prompts, row.painted, row.true, row.round_trip) for row in report.rows} == {(COUNT, 1.0, 1.0, 1.0)}
    assert all(share is not None and share.value == 1 for share in report.of_true.values())
    assert report.table().count("  met") == 2


def test_the_object_in_the_subjects_place_is_wrong() -> None:
    def turned(scene: Scene) -> Scene:
        (relation,) = scene.relations
        return dataclasses.replace(scene, relations=(Relation(relation.kind, relation.obj, relation.subject),))

    report = evaluated(turned)
    assert {row.relation for row in report.rows if row.painted} == {"near", "tied to"}  # which look the same
    assert report.table().count("  missed") == 2


def test_another_relation_between_the_same_two_is_wrong() -> None:
    def other(scene: Scene) -> Scene:
        (relation,) = scene.relations
        kind = "near" if relation.kind in ("on", "under") else "on"
        return dataclasses.replace(scene, relations=(dataclasses.replace(relation, kind=kind),))

    assert {row.painted for row in evaluated(other).rows} == {0.0}


def test_short_prompts_name_the_two_and_the_relation_alone() -> None:
    for kind, scenes in scenes_of(COUNT).items():
        for scene in scenes:
            said = read_caption(short_relation(scene))
            assert {thing.kind for thing in said.things} == {thing.kind for thing in scene.things}
            assert kind not in AGENTIVE or kind in short_relation(scene)


def test_a_judge_of_relations_is_taught_the_relation_and_both_kinds() -> None:
    heads = list(scene_heads(RELATED))
    for kind, (scene, *_) in scenes_of(1).items():
        relation, subject, obj = targets_of(scene, RELATED)[1][-3:]
        assert heads[-3:] == ["relation", "subject", "object"]
        seen = as_seen(kind, *(thing.kind for thing in scene.things))
        assert (beyond_sides(RELATED)[relation - 1], RELATED.subjects[subject], RELATED.subjects[obj]) == seen
    alone = dataclasses.replace(scene, things=scene.things[:1], relations=())
    assert targets_of(alone, RELATED)[1][-3:].tolist() == [0, IGNORED, IGNORED]
    assert len(targets_of(alone, CORE)[1]) == len(scene_heads(CORE))


def test_what_is_under_another_has_it_on_top_and_of_two_that_are_near_neither_comes_first() -> None:
    assert as_seen("under", "cat", "dog") == as_seen("on", "dog", "cat") != as_seen("on", "cat", "dog")
    assert as_seen("near", "cat", "dog") == as_seen("near", "dog", "cat")
    assert as_seen("kicking", "dog", "cat") == ("kicking", "dog", "cat")


def test_a_judge_says_no_relation_where_it_reads_none() -> None:
    torch.manual_seed(0)
    model = JudgeModel((8, 8, 8), 8, 1, 8, world_setting="related")
    last = model.scene_heads[-1]
    with torch.no_grad():
        last.weight.zero_()
        last.bias.zero_()
    at = sum(list(scene_heads(RELATED).values())[:-3])
    pictures = np.zeros((1, 128, 128, 3), np.uint8)
    assert Judge(model).read(pictures)[0].relation is None
    with torch.no_grad():
        last.bias[at + 1 + beyond_sides(RELATED).index("on")] = 1
    assert Judge(model).read(pictures)[0].relation == ("on", "bunny", "bunny")


def test_the_embedded_judge_of_relations_reads_true_renderings() -> None:
    judge = load_judge(RELATIONS_FOLDER)
    scenes = [scene for of in scenes_of(4).values() for scene in of]
    readings = judge.read(np.stack([render(scene) for scene in scenes]))
    asked = [as_seen(scene.relations[0].kind, "", "")[0] for scene in scenes]
    read = [reading.relation[0] if reading.relation else "" for reading in readings]
    assert np.mean([one == other for one, other in zip(asked, read, strict=True)]) > 0.8
