"""The picture world draws what a scene says, and an edit changes only what it should."""

import dataclasses

import numpy as np
import pytest

from captioner.errors import WorldError
from captioner.world.draw import render
from captioner.world.drawing.places import PLACES
from captioner.world.layout import layout
from captioner.world.sample import random_scene
from captioner.world.scene import CORE, FACED, MOODS, Item, Relation, Scene, Thing
from captioner.world.truth import ground_truth


def scene_of(kind: str, place: str = "meadow", **changes: object) -> Scene:
    thing = Thing(1, kind, "orange", mood=3 if kind in FACED else None)
    return Scene((dataclasses.replace(thing, **changes),), place)


def grown(mask: np.ndarray) -> np.ndarray:
    padded = np.pad(mask, 1)
    return padded[1:-1, 1:-1] | padded[:-2, 1:-1] | padded[2:, 1:-1] | padded[1:-1, :-2] | padded[1:-1, 2:]


def changed(first: Scene, second: Scene) -> np.ndarray:
    return (render(first) != render(second)).any(axis=2)


def test_the_same_scene_gives_the_same_pixels():
    for seed in range(6):
        assert np.array_equal(render(random_scene(seed)), render(random_scene(seed)))


@pytest.mark.parametrize("kind", sorted(set(CORE.subjects) & FACED))
def test_a_change_of_mood_stays_within_the_face_and_its_antialiased_edge(kind):
    before = scene_of(kind, mood=0)
    face = ground_truth(before).masks["1/face"]
    for mood in range(1, len(MOODS)):
        difference = changed(before, scene_of(kind, mood=mood))
        assert difference.sum() > 30
        assert not (difference & ~grown(face)).any()


@pytest.mark.parametrize("kind", CORE.subjects)
def test_a_change_of_colour_stays_within_the_thing_and_its_antialiased_edge(kind):
    before = scene_of(kind)
    difference = changed(before, scene_of(kind, colour="teal"))
    assert difference.sum() > 200
    assert not (difference & ~grown(ground_truth(before).masks["1"])).any()


def test_masks_of_things_and_place_cover_every_pixel_once():
    for seed in range(8):
        masks = ground_truth(random_scene(seed)).masks
        cover = np.sum([mask for name, mask in masks.items() if "/" not in name], axis=0)
        assert (cover == 1).all()


def test_every_single_face_is_at_least_24_pixels_wide():
    singles = [scene for seed in range(200) if len((scene := random_scene(seed)).things) == 1]
    faced = [scene for scene in singles if scene.main.has_face and scene.main.count == 1][:50]
    for scene in faced:
        columns = ground_truth(scene).masks["1/face"].any(axis=0)
        assert columns.sum() >= 24, scene


def test_of_two_things_both_can_be_seen():
    pairs = [scene for seed in range(150) if len((scene := random_scene(seed)).things) == 2][:25]
    for scene in pairs:
        masks = ground_truth(scene).masks
        assert min(masks["1"].sum(), masks["2"].sum()) > 600, scene


@pytest.mark.parametrize("place", CORE.places)
def test_every_subject_can_be_drawn_in_every_place(place):
    for kind in CORE.subjects:
        assert render(scene_of(kind, place)).shape == (128, 128, 3)


def test_what_is_worn_held_or_felt_moves_nothing():
    before = scene_of("cat")
    after = scene_of("cat", mood=0, colour="blue", worn=(Item("hat", "red"),), held=Item("balloon", "pink"))
    assert layout(before) == layout(dataclasses.replace(after, time="night", weather="snow", style="pencil"))


def test_a_second_thing_at_the_other_side_does_not_move_the_first():
    one = Thing(1, "cat", "red", mood=2, side="left")
    two = Thing(2, "house", "blue", side="right")
    alone, both = Scene((one,), "beach"), Scene((one, two), "beach", relations=(Relation("left of", 1, 2),))
    assert layout(alone)[0] in layout(both)


@pytest.mark.parametrize("size", [0, 63, 1025])
def test_a_size_out_of_range_is_refused(size):
    with pytest.raises(WorldError, match="64 to 1024"):
        render(scene_of("cat"), size)


def test_what_is_not_drawn_yet_is_named(monkeypatch):
    monkeypatch.delitem(PLACES, "beach")
    with pytest.raises(WorldError, match="beach"):
        render(scene_of("cat", "beach"))
