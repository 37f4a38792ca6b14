"""The full world: its places, styles, weather, patterns, things to wear and hold, and what relations do."""

import dataclasses

import numpy as np
import pytest

from captioner.world.draw import compose, render
from captioner.world.drawing.shapes import Shape
from captioner.world.layout import layout
from captioner.world.relating import TOPS, USUAL_TOP
from captioner.world.scene import (
    EXTRAS,
    HELD,
    PATTERNS,
    PLACES,
    RELATIONS,
    STYLES,
    TIMES,
    WEATHERS,
    WORN,
    Item,
    Relation,
    Scene,
    Thing,
)  # fmt: skip
from captioner.world.stands import Stand
from captioner.world.truth import ground_truth

CAT = Thing(1, "cat", "orange", mood=3)
SIZE = 64
"""Small pictures: these tests look at what is where, not at detail."""


def pair(relation: str, **scene: object) -> Scene:
    cat, house = dataclasses.replace(CAT, side="left"), Thing(2, "house", "blue", side="right")
    return Scene((cat, house), "meadow", relations=(Relation(relation, 1, 2),), **scene)


def two_stands(relation: str) -> tuple[Stand, Stand]:
    stands = {stand.thing_id: stand for stand in layout(pair(relation))}
    return stands[1], stands[2]


def grown(mask: np.ndarray) -> np.ndarray:
    padded = np.pad(mask, 1)
    return padded[1:-1, 1:-1] | padded[:-2, 1:-1] | padded[2:, 1:-1] | padded[1:-1, :-2] | padded[1:-1, 2:]


@pytest.mark.parametrize("place", PLACES)
def test_every_place_looks_its_own_at_every_time(place):
    pictures = [render(Scene((CAT,), place, time=time), SIZE).astype(int) for time in TIMES]
    for index, picture in enumerate(pictures):
        assert picture.shape == (SIZE, SIZE, 3)
        assert all(np.abs(picture - other).mean() > 2 for other in pictures[:index])


def test_no_two_places_look_alike():
    pictures = [render(Scene((CAT,), place), SIZE).astype(int) for place in PLACES]
    for index, picture in enumerate(pictures):
        assert all(np.abs(picture - other).mean() > 8 for other in pictures[:index])


def test_no_two_styles_look_alike():
    pictures = [render(Scene((CAT,), "farm", style=style)).astype(int) for style in STYLES]
    for index, picture in enumerate(pictures):
        assert all(np.abs(picture - other).mean() > 3 for other in pictures[:index])


@pytest.mark.parametrize("size", [64, 100, 256])
def test_pixel_art_has_64_pixels_a_side_whatever_the_size(size):
    scene = Scene((CAT,), "beach", style="pixel art")
    coarse, picture = render(scene, 64), render(scene, size)
    at = np.arange(size) * 64 // size
    assert np.array_equal(picture, coarse[at][:, at])


def test_no_two_weathers_look_alike():
    pictures = [render(Scene((CAT,), "lake", weather=weather), SIZE).astype(int) for weather in WEATHERS]
    for index, picture in enumerate(pictures):
        assert all(np.abs(picture - other).mean() > 3 for other in pictures[:index])


@pytest.mark.parametrize("extra", EXTRAS)
def test_every_extra_can_be_seen(extra):
    assert ground_truth(Scene((CAT,), "park", extras=(extra,))).masks[extra].sum() > 60


@pytest.mark.parametrize("kind", WORN)
def test_what_is_worn_has_a_mask_and_covers_no_mouth(kind):
    before, after = (Scene((dataclasses.replace(CAT, worn=worn),), "room") for worn in ((), (Item(kind, "red"),)))
    masks = ground_truth(after).masks
    assert masks[f"1/{kind}"].sum() > 60
    if kind != "glasses":
        assert masks["1/face"].sum() > 0.6 * ground_truth(before).masks["1/face"].sum()


@pytest.mark.parametrize("kind", HELD)
def test_what_is_held_has_a_mask(kind):
    masks = ground_truth(Scene((dataclasses.replace(CAT, held=Item(kind, "blue")),), "room")).masks
    assert masks[f"1/{kind}"].sum() > 90


@pytest.mark.parametrize("kind", ["cat", "house"])
@pytest.mark.parametrize("pattern", PATTERNS[1:])
def test_a_pattern_changes_only_the_thing(pattern, kind):
    thing = Thing(1, kind, "red", mood=3 if kind == "cat" else None)
    plain = Scene((thing,), "meadow")
    patterned = Scene((dataclasses.replace(thing, pattern=pattern),), "meadow")
    difference = (render(plain) != render(patterned)).any(axis=2)
    assert difference.sum() > 150
    assert not (difference & ~grown(ground_truth(plain).masks["1"])).any()
    first, second = ground_truth(plain).masks, ground_truth(patterned).masks
    assert all(np.array_equal(first[name], second[name]) for name in first)


def test_a_hat_of_the_same_colour_keeps_out_of_the_pattern():
    hat = (Item("hat", "orange"),)
    shapes = compose(Scene((dataclasses.replace(CAT, pattern="striped", worn=hat),), "meadow"))
    assert {shape.part for shape in shapes if shape.pattern} >= {"body", "face"}
    assert not [shape for shape in shapes if shape.pattern and shape.part == "hat"]


def test_plain_shapes_carry_no_pattern():
    assert Shape._field_defaults["pattern"] == ""
    assert not [shape for shape in compose(Scene((CAT,), "meadow")) if shape.pattern]


@pytest.mark.parametrize("relation", RELATIONS)
def test_in_every_relation_both_can_be_seen_and_the_order_makes_a_difference(relation):
    masks = ground_truth(pair(relation)).masks
    assert min(masks["1"].sum(), masks["2"].sum()) > 250
    swapped = pair(relation)
    swapped = dataclasses.replace(swapped, relations=(Relation(relation, 2, 1),))
    if relation not in ("left of", "right of", "near", "touching", "tied to", "covering"):
        assert layout(pair(relation)) != layout(swapped)


def test_no_two_relations_look_alike():
    pictures = {r: render(pair(r), SIZE).astype(int) for r in RELATIONS if r not in ("left of", "right of")}
    for name, picture in pictures.items():
        for other, second in pictures.items():
            assert name == other or (np.abs(picture - second).max(axis=2) > 40).mean() > 0.01, (name, other)


def test_on_puts_the_feet_on_the_top_of_the_object():
    cat, house = two_stands("on")
    assert cat.feet == pytest.approx(house.feet - TOPS["house"] * house.height)
    assert cat.x == house.x


def test_under_puts_the_object_on_top_of_the_subject():
    cat, house = two_stands("under")
    assert house.feet == pytest.approx(cat.feet - TOPS.get("cat", USUAL_TOP) * cat.height)
    assert cat.x == house.x


def test_hanging_over_leaves_a_gap_and_a_rope_from_above():
    cat, house = two_stands("hanging over")
    masks = ground_truth(pair("hanging over")).masks
    assert cat.feet < house.feet - TOPS["house"] * house.height
    assert masks["rope"][0].any()


def test_in_and_behind_and_occluded_by_draw_the_subject_first_and_covering_last():
    for relation, first in (("in", 1), ("behind", 1), ("occluded by", 1), ("covering", 2)):
        assert layout(pair(relation))[0].thing_id == first, relation


def test_a_thing_is_more_hidden_when_occluded_than_when_behind():
    shown = {}
    for relation in ("behind", "occluded by"):
        scene = pair(relation)
        stand = next(s for s in layout(scene) if s.thing_id == 1)
        shown[relation] = ground_truth(scene).masks["1"].sum() / stand.height**2
    assert shown["occluded by"] < shown["behind"]


def test_pushing_leans_towards_and_pulling_away_and_kicking_uses_a_leg():
    pushing, pulling = two_stands("pushing")[0], two_stands("pulling")[0]
    assert pushing.turn > 0 > pulling.turn
    assert {"impact"} <= set(ground_truth(pair("kicking")).masks)
    assert {"rope"} <= set(ground_truth(pair("pulling")).masks)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_every_member_of_a_group_can_be_seen(count):
    scene = Scene((dataclasses.replace(CAT, count=count, size="small"),), "park")
    boxes = [stand.box for stand in layout(scene)]
    assert len(boxes) == count
    assert all(left >= 0 and right <= 128 for left, _, right, _ in boxes)
    assert len({(round(left), round(bottom)) for left, _, _, bottom in boxes}) == count
