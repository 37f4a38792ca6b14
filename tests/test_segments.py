"""What the denoiser is asked of each cell, against the picture world's exact truth and a plain derivation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from captioner.training.pictures import PictureCache, draw_pairs
from captioner.training.segments import UNASKED, Questions, answer_loss, answers, cached_answers
from captioner.world.roles import NO_ROLE, as_seen, beyond_sides, role_of, roles_of
from captioner.world.sample import random_scene
from captioner.world.scene import CORE, RELATED, Item, Relation, Scene, Thing
from captioner.world.truth import ground_truth

QUESTIONS = Questions.of(CORE)


def scene_of(*things: Thing) -> Scene:
    return Scene(things=things, place="meadow")


def test_a_cell_that_a_thing_fills_has_its_kind_colour_mood_and_part() -> None:
    bear = Thing(1, "bear", "red", mood=3, worn=(Item("hat", "blue"),), size="large")
    found = answers(scene_of(bear), QUESTIONS, 16)
    face = ground_truth(scene_of(bear)).masks["1/face"].reshape(16, 8, 16, 8).mean((1, 3)) == 1
    assert face.any()
    assert set(found[0][face]) == {QUESTIONS.what.index("bear")}
    assert set(found[1][face]) == {QUESTIONS.colour.index("red")}
    assert set(found[2][face]) == {3}
    assert set(found[3][face]) == {QUESTIONS.part.index("face")}
    assert QUESTIONS.part.index("hat") in found[3]


def test_a_cell_without_a_thing_is_its_place_and_nothing_else_is_asked_of_it() -> None:
    scene = scene_of(Thing(1, "cake", "pink", side="left"))
    found = answers(scene, QUESTIONS, 16)
    empty = ~ground_truth(scene).masks["1"].reshape(16, 8, 16, 8).any((1, 3))
    assert empty.any()
    assert set(found[0][empty]) == {QUESTIONS.what.index("meadow")}
    assert np.all(found[1:, empty] == UNASKED)


def test_of_two_things_the_one_that_covers_more_of_a_cell_names_it() -> None:
    scenes = [scene for scene in (random_scene(seed, CORE) for seed in range(60)) if len(scene.things) == 2]
    assert scenes
    for scene in scenes:
        shares = {
            thing.kind: ground_truth(scene).masks[str(thing.id)].reshape(16, 8, 16, 8).mean((1, 3))
            for thing in scene.things
        }
        found = answers(scene, QUESTIONS, 16)
        if len(shares) == 2:
            (left, of_left), (right, of_right) = shares.items()
            assert np.all(found[0][(of_left > 0.5) & (of_left > of_right)] == QUESTIONS.what.index(left))
            assert np.all(found[0][(of_right > 0.5) & (of_right > of_left)] == QUESTIONS.what.index(right))


def test_joy_past_the_top_is_a_mood_of_its_own() -> None:
    found = answers(scene_of(Thing(1, "bunny", "white", mood=4, joy=1)), QUESTIONS, 16)
    assert set(found[2][found[2] != UNASKED]) == {5}


def test_the_loss_is_the_sum_of_each_questions_mean_cross_entropy_over_the_cells_asked() -> None:
    logits = torch.randn(2, sum(QUESTIONS.sizes), 4, 4, generator=torch.Generator().manual_seed(0))
    found = torch.full((2, 4, 4, 4), UNASKED, dtype=torch.int8)
    found[:, 0] = 5
    found[0, 1, 2, 3] = 7
    expected = -logits[:, : len(QUESTIONS.what)].log_softmax(1)[:, 5].mean()
    start = len(QUESTIONS.what)
    expected -= logits[0, start : start + len(QUESTIONS.colour), 2, 3].log_softmax(0)[7]
    assert answer_loss(logits, found, QUESTIONS).item() == pytest.approx(expected.item(), rel=1e-5)


def test_answers_are_found_once_and_kept_beside_the_pictures(tmp_path: Path) -> None:
    cache = draw_pairs(tmp_path, pairs=2, setting="core", seed=5, size=64, workers=1)
    first = cached_answers(cache, CORE, 8, tmp_path, 1)
    assert first.shape == (4, len(QUESTIONS.sizes), 8, 8)
    assert np.array_equal(first[3], answers(PictureCache(tmp_path).scene(3), QUESTIONS, 8))
    kept = next(tmp_path.glob("answers-*.npy"))
    before = kept.stat().st_mtime_ns
    assert np.array_equal(cached_answers(cache, CORE, 8, tmp_path, 1), first)
    assert kept.stat().st_mtime_ns == before


def related(kind: str) -> Scene:
    cat, dog = Thing(1, "cat", "red", mood=2, side="left"), Thing(2, "dog", "blue", mood=2, side="right")
    return Scene(things=(cat, dog), place="meadow", relations=(Relation(kind, 1, 2),))


def test_a_world_of_sides_alone_asks_for_no_role() -> None:
    assert roles_of(CORE) == QUESTIONS.role == ()
    assert len(QUESTIONS.sizes) == 4 and not QUESTIONS.are_signs(np.arange(9)).any()


def test_two_things_have_one_role_where_a_picture_cannot_tell_which_is_which_and_two_elsewhere() -> None:
    for kind in beyond_sides(RELATED):
        scene = related(kind)
        first, second = (role_of(thing, scene) for thing in scene.things)
        assert {first, second} <= set(roles_of(RELATED)) - {NO_ROLE}
        assert (first == second) == (as_seen(kind, "cat", "dog") == as_seen(kind, "dog", "cat"))
    assert {role_of(thing, related("left of")) for thing in related("left of").things} == {NO_ROLE}
    under, on = related("under"), related("on")
    assert [role_of(thing, under) for thing in under.things] == [role_of(thing, on) for thing in reversed(on.things)]


def test_the_cells_of_things_in_a_relation_have_their_roles_and_a_rope_or_a_spark_is_a_part() -> None:
    questions = Questions.of(RELATED)
    signed = set()
    for kind in beyond_sides(RELATED):
        scene = related(kind)
        found = answers(scene, questions, 16)
        assert found.shape[0] == len(questions.sizes) == 5
        for thing in scene.things:
            own = found[0] == questions.what.index(thing.kind)
            assert own.any() and set(found[4][own]) == {questions.role.index(role_of(thing, scene))}
        assert np.all(found[4][found[0] == questions.what.index("meadow")] == UNASKED)
        if questions.are_signs(found[3]).any():
            signed.add(kind)
    assert signed == {
        "in", "hanging over", "tied to", "pushing", "pulling", "touching", "hitting", "kicking", "helping", "hindering"
    }  # fmt: skip
