"""Everything beyond the core is drawn, can be told apart, and has changed no pixel of the core."""

import dataclasses
import hashlib

import numpy as np
import pytest

from captioner.world.draw import render
from captioner.world.drawing.letters import STROKES, strokes_of
from captioner.world.sample import random_scene
from captioner.world.scene import CORE, FACED, MOODS, SUBJECTS, Item, Scene, Thing
from captioner.world.truth import ground_truth

MORE = tuple(kind for kind in SUBJECTS if kind not in CORE.subjects)
FACES = tuple(kind for kind in MORE if kind in FACED)
CORE_DIGEST = "289bdf0b4b1ff2f4e5b1f16d52e8663910560dead6d98e1ac172c31043caa53c"
"""Of WORLD_VERSION 1, which released models are trained on. A new digest needs a new version and new models."""


def scene_of(kind: str, **changes: object) -> Scene:
    thing = Thing(1, kind, "orange", mood=3 if kind in FACED else None, words="OPEN" if kind == "sign" else "")
    return Scene((dataclasses.replace(thing, **changes),), "meadow")


def changed(first: Scene, second: Scene) -> np.ndarray:
    return (render(first) != render(second)).any(axis=2)


def grown(mask: np.ndarray) -> np.ndarray:
    padded = np.pad(mask, 1)
    return padded[1:-1, 1:-1] | padded[:-2, 1:-1] | padded[2:, 1:-1] | padded[1:-1, :-2] | padded[1:-1, 2:]


def test_no_core_picture_has_changed():
    digest = hashlib.sha256()
    for seed in range(12):
        digest.update(render(random_scene(seed)).tobytes())
    assert digest.hexdigest() == CORE_DIGEST


@pytest.mark.parametrize("kind", MORE)
def test_a_subject_can_be_seen_and_its_colour_is_on_it_alone(kind):
    before = scene_of(kind)
    masks = ground_truth(before).masks
    assert masks["1"].sum() >= 300
    if kind in FACED:
        assert masks["1/face"].any(axis=0).sum() >= 24
    difference = changed(before, scene_of(kind, colour="teal"))
    assert difference.sum() > 0.3 * masks["1"].sum()
    assert not (difference & ~grown(masks["1"])).any()


@pytest.mark.parametrize("kind", FACES)
def test_each_mood_looks_different_and_stays_within_the_face(kind):
    faces = grown(ground_truth(scene_of(kind, mood=0)).masks["1/face"])
    pictures = [render(scene_of(kind, mood=mood)) for mood in range(len(MOODS))]
    for mood, picture in enumerate(pictures):
        for other in pictures[:mood]:
            difference = (picture != other).any(axis=2)
            assert difference.sum() > 30
            assert not (difference & ~faces).any()


@pytest.mark.parametrize("kind", FACES)
def test_what_is_worn_and_held_can_be_seen(kind):
    worn = (Item("hat", "blue"), Item("scarf", "red"))
    masks = ground_truth(scene_of(kind, worn=worn, held=Item("balloon", "green"))).masks
    assert min(masks[f"1/{part}"].sum() for part in ("hat", "scarf", "balloon")) > 60


def test_a_sign_shows_each_letter_differently_and_inside_its_board():
    board = grown(ground_truth(scene_of("sign", words="")).masks["1"])
    pictures = [render(scene_of("sign", words=letter)) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"]
    blank = render(scene_of("sign", words=""))
    for index, picture in enumerate(pictures):
        for other in [blank, *pictures[:index]]:
            assert (picture != other).any(axis=2).sum() >= 12
    longest = (render(scene_of("sign", words="WWWWWWWW")) != blank).any(axis=2)
    assert longest.any()
    assert not (longest & ~board).any()


def test_the_alphabet_has_no_two_equal_letters_and_leaves_gaps_for_what_it_lacks():
    assert len(set(STROKES.values())) == len(STROKES)
    assert [x for x, _ in strokes_of("a b")] == [0.0, 17.2]
    assert strokes_of("§") == []
